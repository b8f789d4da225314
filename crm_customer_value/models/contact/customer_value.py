"""How long nobody of us, or nobody of the customer, has been in touch. See engine/contact/silence.py."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.number_fields import Integer

# {what is shown: the dates of which the later one counts}
SINCE = {
    "days_since_contact": ("last_contact_by_us", "last_contact_by_them"),
    "days_since_contact_by_us": ("last_contact_by_us",),
    "days_since_contact_by_them": ("last_contact_by_them",),
}


class CustomerValue(models.Model):
    _inherit = "customer.value"

    last_contact_by_us = fields.Date(
        "We Were Last in Touch", readonly=True,
        help="When one of us last wrote, called, met the customer or logged a contact. Automatic e-mails do not count. "
        "Empty: nothing is known.",
    )
    last_contact_by_them = fields.Date(
        "They Were Last in Touch", readonly=True,
        help="When somebody of the customer last wrote, by e-mail or on the portal, met us, or contacted us as logged. "
        "Empty: nothing is known.",
    )
    # What messages say, so that a night reads only those that have come since.
    last_written_by_us = fields.Date("We Last Wrote", readonly=True)
    last_written_by_them = fields.Date("They Last Wrote", readonly=True)
    is_written_known = fields.Boolean("Messages Were Looked Up", readonly=True)
    last_contact_date = fields.Date(
        "Last in Touch", compute="_compute_days_since_contact", help="Whoever was in touch, we or the customer."
    )
    days_since_contact = Integer(
        "Days Since Last Contact", compute="_compute_days_since_contact", search="_search_days_since_contact",
        aggregator="avg", optional=True, help="Whoever was in touch, we or the customer. Empty: nothing is known.",
    )
    days_since_contact_by_us = Integer(
        "Days Since Contact by Us", compute="_compute_days_since_contact",
        search="_search_days_since_contact_by_us", aggregator="avg", optional=True,
    )
    days_since_contact_by_them = Integer(
        "Days Since Contact by Them", compute="_compute_days_since_contact",
        search="_search_days_since_contact_by_them", aggregator="avg", optional=True,
    )

    @api.depends("last_contact_by_us", "last_contact_by_them")
    def _compute_days_since_contact(self):
        for value in self:
            today = fields.Date.context_today(value)
            value.last_contact_date = max(
                filter(None, (value.last_contact_by_us, value.last_contact_by_them)), default=False
            )
            for name, dates in SINCE.items():
                known = [value[date] for date in dates if value[date]]
                value[name] = max((today - max(known)).days, 0) if known else False

    @api.model
    def _search_days_since_contact(self, operator, value):
        return self._customer_search_days("days_since_contact", operator, value)

    @api.model
    def _search_days_since_contact_by_us(self, operator, value):
        return self._customer_search_days("days_since_contact_by_us", operator, value)

    @api.model
    def _search_days_since_contact_by_them(self, operator, value):
        return self._customer_search_days("days_since_contact_by_them", operator, value)

    @api.model
    def _customer_search_days(self, name, operator, value):
        """Compare days since a contact, row by row; who was never in touch is found by ``= False`` only."""
        comparators = {">": SQL(">"), ">=": SQL(">="), "<": SQL("<"), "<=": SQL("<=")}
        if operator == "in":
            return Domain.OR(
                Domain.AND(Domain(date, "=", False) for date in SINCE[name]) if days is False
                else self._customer_search_days(name, ">=", days) & self._customer_search_days(name, "<=", days)
                for days in value
            )
        if operator not in comparators:
            return NotImplemented
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s %s %s", model._field_to_sql(alias, name, query), comparators[operator], value
        ))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let the database count the days to today, for those who sort, group and filter by them."""
        if field_expr not in SINCE:
            return super()._field_to_sql(alias, field_expr, query)
        to_sql = super()._field_to_sql
        dates = SQL(", ").join(to_sql(alias, date, query) for date in SINCE[field_expr])
        days = SQL("(%s::date - GREATEST(%s))", fields.Date.context_today(self), dates)
        # Not GREATEST, which takes NULL for nothing to compare with.
        return SQL("CASE WHEN %(days)s > 0 THEN %(days)s WHEN %(days)s <= 0 THEN 0 END", days=days)

    def action_view_contact_logs(self):
        """Show what was logged with this customer in this company."""
        self.ensure_one()
        self.check_access("read")
        return self._customer_logs_action([])

    def action_view_contact_costs(self):
        """Show the contacts whose cost counts in the cost to serve this customer."""
        self.ensure_one()
        self.check_access("read")
        # sudo: the period of the policy is no secret.
        scope = self.env["customer.value.run"].sudo()._scope_of_today(self.company_id)
        self.env.cr.execute(SQL("SELECT %s, %s", scope.moment(scope.window_start), scope.end))
        start, end = self.env.cr.fetchone()
        return self._customer_logs_action([("date", ">=", start), ("date", "<", end)])

    def _customer_logs_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_contact_log_action")
        customer = [("commercial_partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
        return action | {"domain": [*customer, *domain], "context": {"default_partner_id": self.partner_id.id}}

    def action_log_contact(self):
        """Log a contact with these customers."""
        self.check_access("read")
        return self.env["customer.contact.wizard"]._action_of(self.partner_id)
