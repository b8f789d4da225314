from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Integer


class CustomerValue(models.Model):
    """By which level the customer is served, and what of the promise is kept. Written by recomputes and by hand."""

    _inherit = "customer.value"

    care_level_id = fields.Many2one(
        "customer.care.level", readonly=True, index="btree_not_null", ondelete="restrict",
        group_expand="_group_expand_care_level_id",
    )
    care_promise = fields.Text(related="care_level_id.promise", string="Promise")
    care_level_since = fields.Date("In Level Since", readonly=True)
    care_level_pinned = fields.Boolean(
        "Level by Hand", readonly=True, help="A colleague chose this level for the customer. No condition changes it."
    )
    care_level_reason = fields.Char("Reason for the Level", readonly=True)
    care_level_until = fields.Date(
        "Level by Hand Until", readonly=True,
        help="Last day on which the level is kept. Empty: until a colleague sets it back to automatic.",
    )
    care_level_user_id = fields.Many2one("res.users", "Level Set by", readonly=True)
    care_due_on = fields.Date(
        "Contact Due on", readonly=True, index="btree_not_null",
        help="Day until which somebody of us has to be in touch with the customer, as their care level promises. "
        "Empty: nothing is promised.",
    )
    care_overdue_days = Integer(
        "Promise Broken for (days)", compute="_compute_care_overdue_days", search="_search_care_overdue_days",
        optional=True, aggregator=None,
        help="For how long nobody of us has been in touch although the care level promises it. Empty: nothing is "
        "promised, or the promise is kept.",
    )

    @api.model
    def _group_expand_care_level_id(self, found, _domain):
        """Show every level that is switched on, also those nobody is in."""
        offered = self.env["customer.care.level"].search(
            [("company_id", "in", [False, *self.env.companies.ids]), ("is_on", "=", True)]
        )
        return (found | offered).sorted()

    @api.depends("care_due_on")
    def _compute_care_overdue_days(self):
        today = fields.Date.context_today(self)
        for value in self:
            days = (today - value.care_due_on).days if value.care_due_on else 0
            value.care_overdue_days = days if days > 0 else False

    def _search_care_overdue_days(self, operator, number):
        """Find by the day on which the contact was due.

        Whole days only; that a promise is kept, or nothing promised, is found by False.
        """
        today = fields.Date.context_today(self)
        if operator == "in":
            found = Domain.FALSE
            for one in number:
                if one is False:
                    found |= Domain("care_due_on", "=", False) | Domain("care_due_on", ">=", today)
                elif one > 0:
                    found |= Domain("care_due_on", "=", fields.Date.subtract(today, days=one))
            return found
        if operator in (">", ">=", "<", "<="):
            mirrored = {">": "<", ">=": "<=", "<": ">", "<=": ">="}[operator]
            return Domain("care_due_on", mirrored, fields.Date.subtract(today, days=int(number))) & Domain(
                "care_due_on", "<", today
            )
        return NotImplemented
