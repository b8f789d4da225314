from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...models.base.number_fields import Integer

# More lines are not read; the numbers above count all.
LINES = 2000
AHEAD_DAYS = 30


class CustomerCarePreview(models.TransientModel):
    """Who would be cared for tomorrow, or in the coming weeks, by which rule; who not, and why."""

    _name = "customer.care.preview"
    _description = "Preview of Care"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date("From", readonly=True, copy=False)
    date_to = fields.Date("To", readonly=True, copy=False)
    todo_count = Integer("Cared For", readonly=True, copy=False)
    held_out_count = Integer("Held Out", readonly=True, copy=False)
    skipped_count = Integer("Not Cared For", readonly=True, copy=False)
    notice = fields.Text(readonly=True, copy=False)
    line_ids = fields.One2many("customer.care.preview.line", "preview_id", "Occasions", readonly=True)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"company_id"}

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for preview in self:
            first, last = (format_date(self.env, day) for day in (preview.date_from, preview.date_to))
            preview.display_name = (
                self.env._("Care on %s", first) if first == last
                else self.env._("Care from %(first)s to %(last)s", first=first, last=last)
            )

    def _fill(self, rules=None, days=1):
        """Look ahead with the rules that are switched on and some others.

        :param rules: further rules, which may be switched off
        :param int days: from tomorrow on
        """
        self.ensure_one()
        model = self.env["customer.care.rule"]
        # The list of rules shows those that are switched off, too; they do nothing tomorrow.
        switched_on = model.with_context(active_test=True).search([("company_id", "=", self.company_id.id)])
        rules = (rules or model) | switched_on
        first = model._today(self.company_id) + timedelta(days=1)
        last = first + timedelta(days=days - 1)
        problems = {rule: rule._problem() for rule in rules}
        # sudo: a preview does what the night does; the user sees only customers whom they may read.
        rows = rules.sudo()._preview(first, last)
        partners = self.env["res.partner"].with_context(active_test=False)
        readable = set(partners.browse({row[1] for row in rows})._filtered_access("read").ids)
        rows = [row for row in rows if row[1] in readable]
        states = [row[5] for row in rows]
        # sudo: what comes of it is for the program to note.
        self.sudo().write({
            "date_from": first,
            "date_to": last,
            "todo_count": states.count("todo"),
            "held_out_count": states.count("held_out"),
            "skipped_count": states.count("skipped"),
            "notice": "\n".join(f"{rule.name}: {problem}" for rule, problem in problems.items() if problem),
        })
        self.env["customer.care.preview.line"].sudo().create([
            {
                "preview_id": self.id, "rule_id": rule, "partner_id": partner, "commercial_partner_id": customer,
                "name": name, "date": day, "state": state, "obstacle": obstacle,
            }
            for rule, partner, customer, name, day, state, obstacle in rows[:LINES]
        ])

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of Care"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_coming(self):
        """Open what the rules will do in the coming weeks, as a calendar of its own."""
        self.check_access("create")
        preview = self.create({})
        preview._fill(days=AHEAD_DAYS)
        return preview.action_view_lines() | {
            "view_mode": "calendar,list", "views": [(False, "calendar"), (False, "list")],
        }

    def action_view_lines(self):
        """Open the occasions as a list, to search and group them."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "customer.care.preview.line",
            "view_mode": "list,calendar",
            "views": [(False, "list"), (False, "calendar")],
            "domain": [("preview_id", "=", self.id)],
        }


class CustomerCarePreviewLine(models.TransientModel):
    """One occasion on which a rule would care for somebody, or not."""

    _name = "customer.care.preview.line"
    _description = "Line of a Preview of Care"
    _order = "date, id"

    preview_id = fields.Many2one("customer.care.preview", required=True, ondelete="cascade", index=True)
    rule_id = fields.Many2one("customer.care.rule", required=True, ondelete="cascade", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", required=True, ondelete="cascade", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", "Customer", ondelete="cascade", readonly=True)
    name = fields.Char("Occasion", readonly=True)
    date = fields.Date("Due", readonly=True)
    state = fields.Selection(
        [("todo", "Cared For"), ("held_out", "Held Out"), ("skipped", "Not Cared For")], "What Happens", readonly=True
    )
    obstacle = fields.Selection(
        lambda self: self.env["customer.care.log"]._fields["obstacle"]._description_selection(self.env),
        "Why Not", readonly=True,
    )

    @api.depends("commercial_partner_id", "name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = ": ".join(filter(None, (line.commercial_partner_id.name, line.name)))
