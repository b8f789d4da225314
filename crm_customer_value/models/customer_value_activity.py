from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .number_fields import Float


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
        names = ("last_purchase_date", "typical_gap")
        today = fields.Date.context_today(self)

        def to_sql(model, alias, query):
            last, gap = (model._field_to_sql(alias, name, query) for name in names)
            ratio = SQL("(%s::date - %s) / NULLIF(%s, 0)", today, last, gap)
            return SQL("%s %s %s", ratio, comparators[operator], value)

        return Domain.custom(to_sql=to_sql)
