from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import date_utils

from ...engine.benefit import months

MONTHS_SHOWN = 12
ROWS_SHOWN = 20
# Whoever is in one of these reads the needs, goals and measurements of all customers.
SEE_ALL_GROUPS = ("crm_customer_value.group_service_all", "sales_team.group_sale_salesman_all_leads")


class CustomerValue(models.Model):
    """The customer's side of a value: what they need, what was agreed, what they gained, and what they still could."""

    _inherit = "customer.value"

    @api.readonly
    def get_benefit_side(self):
        """Return the tab *Their Side* of a value: see :meth:`_benefit_side`."""
        self.ensure_one()
        self.check_access("read")
        return self._benefit_side(self.company_id, self.partner_id)

    @api.model
    def _benefit_side(self, company, customer):
        """Return the customer's side, as far as the user may see it, for the browser.

        ``colleague`` is the name of whoever looks after the customer, where the user may therefore not see everything.
        ``numbers`` is False where the user may see no values, or there are none yet; so is ``advice`` for the former.

        :param customer: a commercial partner
        """
        self.env["customer.need"].check_access("read")
        sells = self.has_access("read")
        advice, note = self._benefit_advice(company, customer) if sells else ([], False)
        return {
            "partner_id": customer.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "colleague": self._benefit_colleague(customer),
            "numbers": sells and self._benefit_numbers(company, customer),
            "needs": self._benefit_needs(company, customer),
            "goals": self._benefit_goals(company, customer),
            "months": self._benefit_months(company, customer),
            "advice": sells and advice,
            "advice_note": note,
            "rights": {
                name: self.env[f"customer.{name}"].has_access("create")
                for name in ("need", "benefit.goal", "benefit.record")
            },
        }

    @api.model
    def _benefit_colleague(self, customer):
        """Return the name of the salesperson of a customer of whom the user does not see everything, or False."""
        seller = customer.user_id
        if not seller or seller == self.env.user or any(map(self.env.user.has_group, SEE_ALL_GROUPS)):
            return False
        return seller.name

    @api.model
    def _benefit_numbers(self, company, customer):
        """Return the numbers of the customer's side that the user may see, or False without a value."""
        value = self.search([("company_id", "=", company.id), ("partner_id", "=", customer.id)])
        if not value:
            return False
        names = (
            "benefit_index", "value_delivered", "emotional_score", "shown_economic_score", "shown_functional_score",
            "shown_benefit_gain_12m", "shown_benefit_ratio", "benefit_record_count", "benefit_confirmed_share",
            "amounts_visible",
        )
        return {name: value[name] for name in names} | {"id": value.id}

    @api.model
    def _benefit_rows(self, model, company, customer, order):
        """Return the first rows of a customer in a model, and how many there are."""
        domain = [("company_id", "=", company.id), ("commercial_partner_id", "=", customer.id)]
        rows = self.env[model].search(domain, limit=ROWS_SHOWN, order=order)
        return rows, len(rows) if len(rows) < ROWS_SHOWN else self.env[model].search_count(domain)

    @api.model
    def _benefit_needs(self, company, customer):
        """Return {"rows": needs and objections, "count"}, those that are open and important first."""
        needs, count = self._benefit_rows("customer.need", company, customer, "importance desc, date desc, id desc")
        states = dict(needs._fields["state"]._description_selection(self.env))
        objections = {"open": self.env._("Open objection"), "overcome": self.env._("Objection overcome")}
        unmet = {"open": 0, "partly": 1}
        return {"count": count, "rows": [
            {
                "id": need.id,
                "name": need.type_id.display_name,
                "words": need.words,
                "importance": need.importance,
                "is_guess": need.is_guess,
                "state": need.objection_state or need.state,
                "state_text": objections.get(need.objection_state) or states[need.state],
                "product": need.product_id.display_name,
            }
            for need in needs.sorted(
                lambda need: (unmet.get(need.objection_state or need.state, 2), -need.importance)
            )
        ]}

    @api.model
    def _benefit_goals(self, company, customer):
        """Return {"rows": goals, "count"}, the next to be reached first."""
        goals, count = self._benefit_rows("customer.benefit.goal", company, customer, "date_target, id")
        states = dict(goals._fields["state"]._description_selection(self.env))
        number = self._benefit_number
        return {"count": count, "rows": [
            {
                "id": goal.id,
                "name": goal.metric_id.name,
                "unit": goal.unit,
                "baseline": number(goal.baseline),
                "latest": number(goal.latest_value),
                "target": number(goal.target),
                "progress": goal.progress,
                "state": goal.state,
                "state_text": states[goal.state],
                "date_target": fields.Date.to_string(goal.date_target),
                "product": goal.product_id.display_name,
            }
            for goal in goals
        ]}

    @api.model
    def _benefit_months(self, company, customer):
        """Return the gain of each of the last twelve months, by the records that the user may read.

        Empty where there is no such record; ``confirmed`` is the part that the customer confirmed.
        """
        return self._benefit_months_of([
            ("company_id", "=", company.id), ("commercial_partner_id", "=", customer.id),
        ])

    @api.model
    def _benefit_months_of(self, domain):
        """Return the gain of each of the last twelve months: [{"month", "gain", "confirmed"}], or [] without any."""
        records = self.env["customer.benefit.record"]
        last = fields.Date.context_today(self)
        first = date_utils.start_of(last, "month") - relativedelta(months=MONTHS_SHOWN - 1)
        self.env["customer.benefit.metric"].flush_model(["period"])
        query = records._search([*domain, ("counts", "=", True), ("date_to", ">=", first), ("date_from", "<=", last)])
        found = {
            month: (gain, confirmed or 0.0)
            for month, gain, confirmed in self.env.execute_query(months.months_sql(query.select(*(
                records._field_to_sql(records._table, name, query)
                for name in ("metric_id", "date_from", "date_to", "gain", "state")
            )), first, last))
        }
        days = (first + relativedelta(months=number) for number in range(MONTHS_SHOWN))
        return [
            {"month": fields.Date.to_string(day), "gain": gain, "confirmed": confirmed}
            for day in days for gain, confirmed in (found.get(day, (0.0, 0.0)),)
        ] if found else []
