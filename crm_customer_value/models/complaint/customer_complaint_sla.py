from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..base.number_fields import Float, Integer
from .customer_complaint_category import SEVERITIES


class CustomerComplaintSla(models.Model):
    """A rule that sets the deadlines of the complaints it matches; the first that matches counts."""

    _name = "customer.complaint.sla"
    _description = "Complaint Deadline Rule"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = Integer(
        default=lambda self: self._default_sequence(), help="The first rule that matches a complaint is used."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Empty: used by all companies."
    )

    # Which complaints
    severity = fields.Selection(SEVERITIES, help="Empty: any.")
    value_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C"), ("none", "No Class")],
        string="Customer's Value Class",
        help="Empty: any class, and complaints from people who are not customers.",
    )
    category_id = fields.Many2one(
        "customer.complaint.category",
        ondelete="restrict",
        check_company=True,
        help="Includes its subcategories. Empty: any.",
    )
    team_id = fields.Many2one(
        "customer.complaint.team", ondelete="restrict", check_company=True, help="Empty: any."
    )

    # What is promised
    acknowledge_hours = Float(
        "Acknowledge Within", help="Working hours within which the complaint must be acknowledged. 0: no deadline."
    )
    resolve_hours = Float(
        "Resolve Within", help="Working hours within which the customer must have an answer. 0: no deadline."
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        check_company=True,
        help="Empty: the working hours of the complaint's team, or else of the company.",
    )
    soon_share = Float(
        "Warn When Left (%)",
        default=25.0,
        help="The complaint is shown as due soon when at most this percentage of the time is left. "
        "A reopened complaint gets at least this much time again.",
    )
    level_ids = fields.One2many("customer.complaint.sla.level", "sla_id", string="Escalation", copy=True)
    open_count = Integer("Open Complaints", compute="_compute_open_count")

    _check_hours = models.Constraint(
        "CHECK (acknowledge_hours >= 0 AND resolve_hours >= 0)",
        "Hours cannot be negative. Enter 0 for no deadline.",
    )
    _check_share = models.Constraint(
        "CHECK (soon_share >= 0 AND soon_share <= 100)", "The percentage of time left must be between 0 and 100."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "active", "company_id", "severity", "value_class", "category_id", "team_id",
            "acknowledge_hours", "resolve_hours", "calendar_id", "soon_share", "level_ids",
        }

    @api.model
    def _default_sequence(self):
        """Put a new rule behind the others: it must not take over complaints before somebody says so."""
        last = self.with_context(active_test=False).search([], order="sequence desc", limit=1)
        return last.sequence + 10

    def _compute_open_count(self):
        complaints = self.env["customer.complaint"]
        counts = dict(complaints._read_group(
            complaints._clock_open_domain() & Domain("sla_id", "in", self.ids), ["sla_id"], ["__count"]
        ))
        for rule in self:
            rule.open_count = counts.get(rule, 0)

    @api.constrains("acknowledge_hours", "resolve_hours")
    def _check_promise(self):
        if any(not rule.acknowledge_hours and not rule.resolve_hours for rule in self):
            raise ValidationError(
                self.env._("Enter hours to acknowledge, hours to resolve, or both.")
            )

    @api.constrains("acknowledge_hours", "resolve_hours")
    def _check_levels(self):
        """A shorter promise must not move an escalation to before the receipt."""
        self.level_ids._check_after_receipt()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: complaints count also when whoever deletes the rule may not see them.
        complaints = self.env["customer.complaint"].sudo().with_context(active_test=False)
        used = complaints.search([("sla_id", "in", self.ids)], limit=1).sla_id
        if used:
            raise UserError(
                self.env._(
                    "Complaints use the rule “%(rule)s”, so it cannot be deleted. Archive it instead: these complaints "
                    "keep their deadlines, and new complaints no longer use the rule.",
                    rule=used.name,
                )
            )

    def action_apply_to_open(self):
        """Choose the rules of open complaints again, with the hours as they are now."""
        self.check_access("write")
        companies = self.company_id if all(rule.company_id for rule in self) else self.env.companies
        complaints = self.env["customer.complaint"]
        # sudo: the deadlines of all complaints follow the rules, whoever may see them.
        count = complaints.sudo()._renew_clocks(
            complaints._clock_open_domain() & Domain("company_id", "in", companies.ids), rechoose=True
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Current rules applied. Open complaints updated: %(count)s", count=count
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_view_complaints(self):
        """Open the complaints that have their deadlines from this rule."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_complaint_action")
        domain = self.env["customer.complaint"]._clock_open_domain() & Domain("sla_id", "=", self.id)
        return {**action, "display_name": self.name, "domain": list(domain), "context": {}}

    @api.model
    def _match_complaints(self, complaints):
        """Return {complaint: the first rule that matches it, maybe none}."""
        rules = self.with_context(active_test=True).search(
            [("company_id", "in", [False, *complaints.company_id.ids])]
        )
        classes = self._value_classes(complaints) if any(rule.value_class for rule in rules) else {}
        return {
            complaint: next(
                (
                    rule
                    for rule in rules
                    if rule._matches(
                        complaint, classes.get((complaint.company_id.id, complaint.commercial_partner_id.id), "none")
                    )
                ),
                self.browse(),
            )
            for complaint in complaints
        }

    def _matches(self, complaint, value_class):
        """Tell whether this rule is for a complaint of a customer of ``value_class`` (one record)."""
        path = complaint.category_id.parent_path or ""
        return (
            (not self.company_id or self.company_id == complaint.company_id)
            and (not self.severity or self.severity == complaint.severity)
            and (not self.value_class or self.value_class == value_class)
            and (not self.team_id or self.team_id == complaint.team_id)
            and (not self.category_id or str(self.category_id.id) in path.split("/"))
        )

    @api.model
    def _value_classes(self, complaints):
        """Return {(company id, partner id): value class} of the customers of some complaints."""
        # sudo: the class chooses a rule; nobody is shown anything of the value.
        values = self.env["customer.value"].sudo().search_fetch(
            [
                ("partner_id", "in", complaints.commercial_partner_id.ids),
                ("company_id", "in", complaints.company_id.ids),
            ],
            ["company_id", "partner_id", "value_class"],
        )
        return {(value.company_id.id, value.partner_id.id): value.value_class or "none" for value in values}
