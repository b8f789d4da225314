from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.care import levels
from ..base.number_fields import Float, Integer
from ..complaint.customer_complaint_category import SEVERE
from ..complaint.customer_complaint_stage import OPEN_STATES


class CustomerCareLevel(models.Model):
    """How a group of customers is served: who belongs to it, and what they are promised.

    Levels are checked in their order; the first one whose conditions all hold is the customer's.
    """

    _name = "customer.care.level"
    _description = "Care Level"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    # What decides who is in which level, and when a promise is due.
    _placing_fields = (
        "company_id", "active", "is_on", "sequence", "contact_days", "class_to", "matrix", "stage_ids", "index_from",
        "development_from", "development_to", "bought",
    )

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10, help="Levels are checked from the top of the list down. The first that fits counts.")
    code = fields.Char(
        readonly=True, copy=False, help="Identifies the levels that came with the addon, even if you rename them."
    )
    company_id = fields.Many2one("res.company", index=True, ondelete="cascade", help="Empty: for every company.")
    active = fields.Boolean(default=True)
    is_on = fields.Boolean(
        "Switched On", readonly=True, copy=False,
        help="Customers are placed in the level once somebody has seen the preview and switched it on.",
    )

    # Who
    class_to = fields.Selection(
        [("a", "A"), ("b", "A or B"), ("c", "A, B or C")], "Value Class", help="Empty: does not matter."
    )
    matrix = fields.Selection(
        [("high", "High Value"), ("mid", "Mid Value"), ("potential", "Potential"), ("low", "Low Value")],
        "Value Matrix", help="Empty: does not matter.",
    )
    stage_ids = fields.Many2many(
        "customer.lifecycle.stage", string="Lifecycle Stages", check_company=True, help="Empty: does not matter."
    )
    index_from = Float(
        "Value Index, at Least", digits=(16, 1), optional=True, aggregator=None, help="Empty: does not matter."
    )
    development_from = Float(
        "Development Index, at Least", digits=(16, 1), optional=True, aggregator=None,
        help="50: grows as fast as all your customers together. Empty: does not matter.",
    )
    development_to = Float(
        "Development Index, at Most", digits=(16, 1), optional=True, aggregator=None,
        help="50: grows as fast as all your customers together. Empty: does not matter.",
    )
    bought = fields.Boolean("Bought at Least Once")
    rule_summary = fields.Char("Who", compute="_compute_rule_summary")
    rule_notice = fields.Char("Notice", compute="_compute_rule_notice")

    # What they are promised
    promise = fields.Text(translate=True, help="What customers of this level are promised, in words.")
    contact_days = Integer(
        "In Touch Every (days)", optional=True, aggregator=None,
        help="Somebody of us is in touch at least this often. Empty: no promise.",
    )
    service_flow_id = fields.Many2one(
        "customer.service.flow", "Service Option", check_company=True, ondelete="restrict",
        help="Proposed for the customers of this level. It holds for a customer when somebody accepts it.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist", check_company=True, ondelete="restrict",
        help="Proposed for the customers of this level. It holds for a customer when somebody accepts it.",
    )
    sla_ids = fields.One2many("customer.complaint.sla", "care_level_id", "Deadline Rules")
    sla_count = Integer("Deadlines", compute="_compute_sla_count")

    customer_count = Integer("Customers", compute="_compute_customer_count")
    broken_count = Integer(
        "Broken Promises", compute="_compute_customer_count",
        help="Customers with whom nobody of us was in touch as often as promised.",
    )

    _positive = models.Constraint("CHECK (contact_days > 0)", "The days of a promise must be 1 or more.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "company_id", "active", "class_to", "matrix", "stage_ids", "index_from",
            "development_from", "development_to", "bought", "promise", "contact_days", "service_flow_id",
            "pricelist_id",
        }

    @api.depends("class_to", "matrix", "stage_ids", "index_from", "development_from", "development_to", "bought")
    def _compute_rule_summary(self):
        for level in self:
            level.rule_summary = " · ".join(level._rule_sentences()) or self.env._("all customers")

    def _rule_sentences(self):
        """Return what must hold, condition by condition, in the user's words (one record)."""
        words = {
            name: dict(self._fields[name]._description_selection(self.env)).get(self[name])
            for name in ("class_to", "matrix")
        }
        sentences = []
        if self.bought:
            sentences.append(self.env._("bought at least once"))
        if self.class_to:
            sentences.append(self.env._("class %s", words["class_to"]))
        if self.matrix:
            sentences.append(self.env._("value matrix: %s", words["matrix"]))
        if self.stage_ids:
            sentences.append(self.env._("stage %s", self.env._(" or ").join(self.stage_ids.mapped("name"))))
        if self.index_from is not False:
            sentences.append(self.env._("value index %g or more", self.index_from))
        if self.development_from is not False:
            sentences.append(self.env._("development index %g or more", self.development_from))
        if self.development_to is not False:
            sentences.append(self.env._("development index %g or less", self.development_to))
        return sentences

    @api.depends("sequence", "company_id", "active", "rule_summary")
    def _compute_rule_notice(self):
        """Say which level takes everybody, and which are never reached because of it."""
        everybody = self.search([("active", "=", True)]).filtered(lambda level: not level._rule_sentences())
        for level in self:
            level.rule_notice = False
            before = everybody.filtered(
                lambda other, level=level: other != level
                and other.company_id in (level.company_id, self.env["res.company"])
                and other._place_key() < level._place_key()
            )[:1]
            if before:
                level.rule_notice = self.env._("Never used: %s is checked before and takes all customers.", before.name)

    def _place_key(self):
        """Return what levels are sorted by (one record)."""
        return (self.sequence, self._origin.id or float("inf"))

    def _compute_sla_count(self):
        # sudo: how many rules there are says nothing of complaints.
        counts = dict(self.env["customer.complaint.sla"].sudo()._read_group(
            [("care_level_id", "in", self.ids)], ["care_level_id"], ["__count"]
        ))
        for level in self:
            level.sla_count = counts.get(level._origin, 0)

    @api.depends_context("allowed_company_ids")
    def _compute_customer_count(self):
        values = self.env["customer.value"]
        if not values.has_access("read"):
            self.customer_count = self.broken_count = 0
            return
        domain = Domain("company_id", "in", self.env.companies.ids) & Domain("care_level_id", "in", self.ids)
        counts = dict(values._read_group(domain, ["care_level_id"], ["__count"]))
        broken = dict(values._read_group(
            domain & Domain("care_due_on", "<", fields.Date.context_today(self)), ["care_level_id"], ["__count"]
        ))
        for level in self:
            level.customer_count = counts.get(level._origin, 0)
            level.broken_count = broken.get(level._origin, 0)

    @api.constrains("index_from", "development_from", "development_to")
    def _check_conditions(self):
        for level in self:
            given = [value for value in (level.index_from, level.development_from, level.development_to)
                     if value is not False]
            if any(not 0 <= value <= 100 for value in given):
                raise ValidationError(self.env._(
                    "Value index and development index go from 0 to 100. Correct the level %s.", level.name
                ))
            if level.development_from is not False and level.development_to is not False:
                if level.development_from > level.development_to:
                    raise ValidationError(self.env._(
                        "The development index at least (%(from)g) must not be higher than at most (%(to)g). Correct "
                        "the level %(level)s.",
                        **{"from": level.development_from, "to": level.development_to, "level": level.name},
                    ))

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        created._place_concerned()
        return created

    def write(self, vals):
        if not set(self._placing_fields) & vals.keys():
            return super().write(vals)
        # Before and after: a level that gets a company of its own concerned everybody.
        concerned = self._concerned()
        result = super().write(vals)
        self._place(concerned | self._concerned())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: the question is whether anybody, in any company, is in the level.
        if self.env["customer.value"].sudo().search_count([("care_level_id", "in", self.ids)], limit=1):
            raise UserError(self.env._(
                "Customers are in this level, so it cannot be deleted. Archive it instead: they get the next level "
                "that fits."
            ))

    def _concerned(self):
        """Return the companies whose customers go by these levels."""
        if all(level.company_id for level in self):
            return self.company_id
        # sudo: a level for every company concerns those the user is not in, too.
        return self.env["res.company"].sudo().search([("active", "=", True)])

    def _place_concerned(self):
        self._place(self._concerned())

    @api.model
    def _placement(self, company, as_of=None, all_levels=False):
        """Return the :class:`Placement` of a company.

        :param bool all_levels: those that are not switched on, too
        """
        # sudo: like every recompute; the levels of a company hold for all of its customers.
        found = self.sudo().with_context(active_test=True).search([("company_id", "in", [company.id, False])])
        if not all_levels:
            found = found.filtered("is_on")
        policy = self.env["customer.value.policy"]._get_active(company)
        return levels.Placement(
            company_id=company.id,
            levels=[level._level() for level in found.sorted(lambda level: level._place_key())],
            as_of=as_of or self.env["customer.value.run"]._today(policy),
            tz=policy.tz,
            open_states=OPEN_STATES,
            severe=SEVERE,
        )

    def _level(self):
        """Return the :class:`Level` of this record (one)."""
        return levels.Level(
            level=self.id, contact_days=self.contact_days or None, class_to=self.class_to or None,
            matrix=self.matrix or None, stages=tuple(self.stage_ids.ids), bought=self.bought,
            **{name: None if self[name] is False else self[name]
               for name in ("index_from", "development_from", "development_to")},
        )

    @api.model
    def _place(self, companies, customers=None, as_of=None):
        """Bring the levels of customers up to date, and when their promises are due.

        By SQL, because to be placed is no event in the life of a customer.

        :param companies: whose customers
        :param SQL customers: which of them, as a condition on row ``v`` of ``customer_value``
        """
        self.env["customer.value"].flush_model()
        self.env["customer.contact.log"].flush_model(["company_id", "commercial_partner_id", "date"])
        self.env["customer.complaint"].flush_model([
            "company_id", "commercial_partner_id", "active", "state", "severity", "merged_into_id", "date_received",
        ])
        self.env["res.partner"].flush_model(["relationship_broken_on"])
        changed = []
        for company in companies:
            placement = self._placement(company, as_of)
            self.env.cr.execute(levels.place_sql(placement, customers or SQL("TRUE")))
            changed += [row[0] for row in self.env.cr.fetchall()]
        # The rows came by SQL: what the cache knows of them is old, and must not be written.
        self.env["customer.value"].browse(changed).invalidate_recordset(flush=False)
        for model in self.env["customer.value.mixin"]._customer_value_holders():
            self.env[model].invalidate_model(self.env[model]._customer_value_shown_fields(), flush=False)

    def action_preview(self):
        """Show who would be in which level of the current company."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Would Be in Which Level"),
            "res_model": "customer.care.level.preview",
            "res_id": self.env["customer.care.level.preview"]._make(self.env.company).id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_switch_off(self):
        """Take the customers out of these levels; they get the next one that fits."""
        self.check_access("write")
        # sudo: is_on is written by the program only; who may switch was checked above.
        self.sudo().is_on = False

    def action_view_customers(self):
        """Open the customers who are in this level."""
        return self._action_customers(Domain.TRUE)

    def action_view_broken(self):
        """Open the customers of this level with whom nobody was in touch as promised."""
        return self._action_customers(Domain("care_due_on", "<", fields.Date.context_today(self)))

    def _action_customers(self, domain):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_value_action")
        domain &= Domain("care_level_id", "=", self.id) & Domain("company_id", "in", self.env.companies.ids)
        action["domain"] = list(domain)
        action["view_mode"] = "list,kanban,pivot,graph,form"
        action["views"] = [(False, mode) for mode in action["view_mode"].split(",")]
        action["context"] = {}
        return action

    def action_new_deadline_rule(self):
        """Open a new deadline rule for complaints of this level."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deadline Rule"),
            "res_model": "customer.complaint.sla",
            "views": [(False, "form")],
            "context": {
                "default_care_level_id": self.id,
                "default_name": self.name,
                "default_company_id": self.company_id.id,
            },
        }

    def action_view_deadline_rules(self):
        """Open the deadline rules for complaints of this level."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deadline Rules"),
            "res_model": "customer.complaint.sla",
            "views": [(False, "list"), (False, "form")],
            "domain": [("care_level_id", "=", self.id)],
            "context": {"default_care_level_id": self.id},
        }
