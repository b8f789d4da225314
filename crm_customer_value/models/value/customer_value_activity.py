from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.number_fields import Float


class CustomerValue(models.Model):
    """Whom to call, and when: what is planned with a customer, and who is late.

    The activities are the contact's, as everywhere in Odoo.
    """

    _inherit = "customer.value"

    activity_ids = fields.One2many(related="partner_id.activity_ids", groups="base.group_user")
    activity_state = fields.Selection(related="partner_id.activity_state", groups="base.group_user")
    activity_type_id = fields.Many2one(
        related="partner_id.activity_type_id", readonly=True, groups="base.group_user"
    )
    activity_type_icon = fields.Char(related="partner_id.activity_type_icon", groups="base.group_user")
    activity_summary = fields.Char(
        related="partner_id.activity_summary", readonly=True, groups="base.group_user"
    )
    activity_date_deadline = fields.Date(
        related="partner_id.activity_date_deadline", groups="base.group_user"
    )
    my_activity_date_deadline = fields.Date(
        related="partner_id.my_activity_date_deadline", groups="base.group_user"
    )
    activity_exception_decoration = fields.Selection(
        related="partner_id.activity_exception_decoration", groups="base.group_user"
    )
    activity_exception_icon = fields.Char(
        related="partner_id.activity_exception_icon", groups="base.group_user"
    )
    cadence_ratio = Float(search="_search_cadence_ratio")

    def _search_cadence_ratio(self, operator, value):
        """Compare the days since the last purchase with the typical gap, row by row."""
        comparators = {">": SQL(">"), ">=": SQL(">="), "<": SQL("<"), "<=": SQL("<=")}
        if operator == "in":
            unknown = Domain("last_purchase_date", "=", False) | Domain("typical_gap", "in", [False, 0])
            return Domain.OR(
                Domain(self._search_cadence_ratio(">=", ratio)) & Domain(self._search_cadence_ratio("<=", ratio))
                if ratio is not False else unknown
                for ratio in value
            )
        if operator not in comparators:
            return NotImplemented
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s %s %s", model._field_to_sql(alias, "cadence_ratio", query), comparators[operator], value
        ))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let the database count the days to today, for those who sort, group and filter by them."""
        if field_expr not in ("days_since_purchase", "cadence_ratio"):
            return super()._field_to_sql(alias, field_expr, query)
        last = super()._field_to_sql(alias, "last_purchase_date", query)
        days = SQL("(%s::date - %s)", fields.Date.context_today(self), last)
        if field_expr == "days_since_purchase":
            # Not GREATEST, which takes NULL for nothing to compare with.
            return SQL("CASE WHEN %(days)s > 0 THEN %(days)s WHEN %(days)s <= 0 THEN 0 END", days=days)
        return SQL("%s / NULLIF(%s, 0)", days, super()._field_to_sql(alias, "typical_gap", query))
