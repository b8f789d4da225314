"""What is worth doing with a customer, in money: the door through which every room feeds the lists of the day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_value_next_step import OVERDUE_DAYS, QUOTATION_DAYS, RHYTHM_PURCHASES, SILENT_RATIO

# The next purchase is "this week" when it is expected within so many days, today included.
EXPECTED_DAYS = 7
# An opportunity that stayed in its stage for so long was left lying.
UNTOUCHED_DAYS = 30


class Asked(NamedTuple):
    """For whom, and for which day, it is asked what is worth doing."""

    company_id: int
    day: date  # in the company
    partners: list | None = None  # ids of commercial partners; None: everybody

    def of(self, customer):
        """Return the SQL condition that a commercial partner is one of those who are asked about."""
        return SQL("TRUE") if self.partners is None else SQL("%s = ANY(%s)", customer, self.partners)

    def values(self, condition, worth, since=None, facts=None):
        """Return the SQL of what is found by rows ``v`` of the values of customers alone.

        :param SQL condition: which of them
        :param SQL worth: what it is worth
        :param SQL since: the day on which it began; None: not known
        :param SQL facts: JSON that the words are made of
        """
        return SQL(
            """SELECT v.partner_id, (%s)::numeric AS worth, (%s)::date AS since, NULL::int AS res_id,
                      (%s)::jsonb AS facts
                 FROM customer_value v WHERE v.company_id = %s AND %s AND (%s)""",
            worth, since or SQL("NULL"), facts or SQL("'{}'"), self.company_id, self.of(SQL("v.partner_id")), condition,
        )


class Words(NamedTuple):
    """What an action says to whoever does it, in their language."""

    why: str
    say: str
    worth: str  # what the amount is made of; no amount of the customer is in any of the three


class NextAction(NamedTuple):
    """One kind of action.

    ``find`` takes values (of nobody) and an :class:`Asked`, and returns the SQL of who it is for: ``partner_id`` (a
    commercial partner, once), ``worth`` (in the currency of the company, NULL: not known), ``since`` (the day on which
    it began, NULL: not known), ``res_id`` (a record of ``model``, or NULL) and ``facts`` (JSON that the words are made
    of, without amounts).
    """

    label: str
    find: Callable
    # Takes values (of nobody) and the facts, and returns Words.
    words: Callable
    # What the button does: "contact" logs a contact, "step" does the next step of the customer's form, "record" opens
    # the record.
    button: str = "contact"
    # What the button says that opens something.
    opens: str = ""
    model: str | None = None
    # It is about leads who have not bought yet: ``res_id`` is the lead, ``partner_id`` is NULL. None is held out.
    of_leads: bool = False
    # The rule of the form's next step that says the same, with the records behind it.
    step: Callable | None = None
    # Comes before everything else, whatever that is worth.
    is_first: bool = False
    # A contact in the last days, or one that is planned, has done it.
    is_talk: bool = True
    # "bought": it worked if the customer bought within ``days`` days, and customers are held out to compare with.
    # "settled": it worked if its reason is gone by then.
    outcome: str = "bought"
    days: int = 90
    # After it was done, it rests for so many days.
    rest: int = 30


# What a customer usually brings with one purchase, and by what that is known.
USUAL_PURCHASE = SQL("""GREATEST(0, CASE WHEN v.purchase_days_12m > 0
    THEN COALESCE(v.margin_12m, v.revenue_12m) / v.purchase_days_12m
    WHEN v.purchase_days > 0 THEN COALESCE(v.margin_total, v.revenue_total) / v.purchase_days END)""")


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _next_actions(self):
        """Return what may be worth doing with customers, as {kind: NextAction}, with names in the user's language.

        Extension point: whoever knows another kind adds it to those of ``super()``. Of each customer, what comes first
        or else what is worth most is put on the list of their salesperson.
        """
        return {
            "invoice": NextAction(
                self.env._("Overdue invoices"), type(self)._invoice_action_sql, type(self)._invoice_words,
                button="step", opens=self.env._("Open Invoices"), step=type(self)._step_of_invoices, is_first=True,
                is_talk=False, outcome="settled", days=30, rest=14,
            ),
            "quotation": NextAction(
                self.env._("Open quotation"), type(self)._quotation_action_sql, type(self)._quotation_words,
                button="step", opens=self.env._("Open Quotation"), model="sale.order",
                step=type(self)._step_of_quotation, days=30, rest=14,
            ),
            "opportunity": NextAction(
                self.env._("Opportunity left lying"), type(self)._opportunity_action_sql,
                type(self)._opportunity_words, button="record", opens=self.env._("Open Opportunity"), model="crm.lead",
            ),
            "silent": NextAction(
                self.env._("Silent"), type(self)._silent_action_sql, type(self)._silent_words,
                step=type(self)._step_of_rhythm,
            ),
            "at_risk": NextAction(
                self.env._("Money at risk"), type(self)._at_risk_action_sql, type(self)._at_risk_words,
            ),
            "due": NextAction(
                self.env._("Next order is due"), type(self)._due_action_sql, type(self)._due_words,
                step=type(self)._step_of_rhythm, days=30, rest=14,
            ),
            "expected": NextAction(
                self.env._("Purchase expected this week"), type(self)._expected_action_sql,
                type(self)._expected_words, days=30, rest=14,
            ),
        }

    # The same conditions as those of the next step, for everybody at once.

    @api.model
    def _invoice_action_sql(self, asked):
        return SQL(
            """SELECT m.commercial_partner_id AS partner_id, SUM(m.amount_residual_signed) AS worth,
                      MIN(m.invoice_date_due) FILTER (WHERE m.amount_residual_signed > 0) AS since, NULL::int AS res_id,
                      jsonb_build_object('number', COUNT(*) FILTER (WHERE m.amount_residual_signed > 0),
                                         'day', MIN(m.invoice_date_due) FILTER (WHERE m.amount_residual_signed > 0))
                          AS facts
                 FROM account_move m
                WHERE m.company_id = %s AND m.state = 'posted'
                  AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                  AND m.payment_state IN ('not_paid', 'partial') AND m.invoice_date_due <= %s AND %s
                GROUP BY m.commercial_partner_id
               HAVING SUM(m.amount_residual_signed) > 0""",
            asked.company_id, asked.day - timedelta(days=OVERDUE_DAYS), asked.of(SQL("m.commercial_partner_id")),
        )

    @api.model
    def _quotation_action_sql(self, asked):
        """Of those that the customer's salesperson may see: their own, and nobody's."""
        first, last = (asked.day - timedelta(days=days) for days in QUOTATION_DAYS)
        return SQL(
            """SELECT DISTINCT ON (customer.id) customer.id AS partner_id,
                      GREATEST(0, COALESCE(o.margin, o.amount_untaxed) / COALESCE(NULLIF(o.currency_rate, 0), 1))
                          AS worth,
                      o.date_order::date AS since, o.id AS res_id,
                      jsonb_build_object('name', o.name, 'day', o.date_order::date) AS facts
                 FROM sale_order o
                 JOIN res_partner contact ON contact.id = o.partner_id
                 JOIN res_partner customer ON customer.id = contact.commercial_partner_id
                WHERE o.company_id = %s AND o.state IN ('draft', 'sent')
                  AND o.date_order::date BETWEEN %s AND %s AND %s
                  AND (o.user_id IS NULL OR o.user_id = customer.user_id)
                ORDER BY customer.id, o.date_order DESC, o.id DESC""",
            asked.company_id, last, first, asked.of(SQL("customer.id")),
        )

    @api.model
    def _opportunity_action_sql(self, asked):
        return SQL(
            """SELECT DISTINCT ON (customer.id) customer.id AS partner_id,
                      GREATEST(0, l.expected_revenue * l.probability / 100) AS worth,
                      l.date_last_stage_update::date AS since, l.id AS res_id,
                      jsonb_build_object('name', l.name, 'day', l.date_last_stage_update::date) AS facts
                 FROM crm_lead l
                 JOIN res_partner contact ON contact.id = l.partner_id
                 JOIN res_partner customer ON customer.id = contact.commercial_partner_id
                WHERE COALESCE(l.company_id, %(company)s) = %(company)s AND l.type = 'opportunity' AND l.active
                  AND l.won_status = 'pending' AND l.date_last_stage_update::date <= %(last)s AND %(customers)s
                  AND (l.user_id IS NULL OR l.user_id = customer.user_id)
                  AND NOT EXISTS (SELECT 1 FROM mail_activity a
                                   WHERE a.res_model = 'crm.lead' AND a.res_id = l.id AND a.active)
                ORDER BY customer.id, 2 DESC, l.id""",
            company=asked.company_id, last=asked.day - timedelta(days=UNTOUCHED_DAYS),
            customers=asked.of(SQL("customer.id")),
        )

    @api.model
    def _rhythm_sql(self, asked, low, high=None):
        """Return the SQL condition that the silence of row ``v`` is longer than ``low`` usual gaps, up to ``high``."""
        silence = SQL("(%s::date - v.last_purchase_date)", asked.day)
        known = SQL("v.purchase_days >= %s AND v.typical_gap > 0", RHYTHM_PURCHASES)
        if high is None:
            return SQL("%s AND %s >= %s * v.typical_gap", known, silence, low)
        return SQL("%s AND %s > %s * v.typical_gap AND %s < %s * v.typical_gap", known, silence, low, silence, high)

    @api.model
    def _rhythm_facts(self, asked):
        return SQL(
            """jsonb_build_object('last', v.last_purchase_date, 'gap', ROUND(v.typical_gap),
                                  'due', v.last_purchase_date + ROUND(v.typical_gap)::int)"""
        )

    @api.model
    def _silent_action_sql(self, asked):
        return asked.values(
            self._rhythm_sql(asked, int(SILENT_RATIO)), SQL("v.value_at_risk"),
            SQL("v.last_purchase_date + CEIL(2 * v.typical_gap)::int"), self._rhythm_facts(asked),
        )

    @api.model
    def _at_risk_action_sql(self, asked):
        """Those whose rhythm alone says no more than that."""
        return asked.values(
            SQL("v.churn_level = 'high' AND v.value_at_risk > 0 AND (%s) IS NOT TRUE",
                self._rhythm_sql(asked, int(SILENT_RATIO))),
            SQL("v.value_at_risk"), facts=SQL("jsonb_build_object('risk', ROUND(v.churn_risk * 100))"),
        )

    @api.model
    def _due_action_sql(self, asked):
        return asked.values(
            self._rhythm_sql(asked, 1, int(SILENT_RATIO)), USUAL_PURCHASE,
            SQL("v.last_purchase_date + ROUND(v.typical_gap)::int"), self._rhythm_facts(asked),
        )

    @api.model
    def _expected_action_sql(self, asked):
        return asked.values(
            SQL(
                "v.purchase_days >= %s AND v.expected_next_purchase_date BETWEEN %s AND %s"
                " AND %s::date - v.last_purchase_date <= v.typical_gap",
                RHYTHM_PURCHASES, asked.day, asked.day + timedelta(days=EXPECTED_DAYS - 1), asked.day,
            ),
            USUAL_PURCHASE, facts=SQL("jsonb_build_object('day', v.expected_next_purchase_date)"),
        )

    @api.model
    def _fact_day(self, facts, name):
        """Return a day of the facts as people say it."""
        return self._short_day(fields.Date.to_date(facts[name]))

    @api.model
    def _invoice_words(self, facts):
        return Words(
            self.env._("Overdue invoices: %(number)s, the oldest since %(day)s.", number=facts["number"],
                       day=self._fact_day(facts, "day")),
            self.env._("Ask whether something is wrong with the invoice, and when it will be paid. Sell afterwards."),
            self.env._("What is overdue, less credit notes."),
        )

    @api.model
    def _quotation_words(self, facts):
        return Words(
            self.env._("Quotation %(name)s has been open since %(day)s.", name=facts["name"],
                       day=self._fact_day(facts, "day")),
            self.env._("Ask what is missing for a decision, and when it will be made."),
            self.env._("Margin of the quotation, or its untaxed amount where no margin is known."),
        )

    @api.model
    def _opportunity_words(self, facts):
        return Words(
            self.env._("“%(name)s” has not moved since %(day)s, and nothing is planned.", name=facts["name"],
                       day=self._fact_day(facts, "day")),
            self.env._("Ask whether it is still wanted, and agree on the next step."),
            self.env._("Expected revenue times its probability."),
        )

    @api.model
    def _silent_words(self, facts):
        return Words(
            self.env._("No purchase since %(last)s, usually every %(gap)s days.", last=self._fact_day(facts, "last"),
                       gap=facts["gap"]),
            self.env._("Ask how they are doing, what has changed, and whether something keeps them from buying."),
            self.env._("Money at risk: what the customer brought in the period, times the risk of loss."),
        )

    @api.model
    def _at_risk_words(self, facts):
        return Words(
            self.env._("Risk of loss: %(risk)s %%. It is the chance that they buy nothing within 12 months.",
                       risk=facts["risk"]),
            self.env._("Ask how content they are, and what they will need in the next months."),
            self.env._("Money at risk: what the customer brought in the period, times the risk of loss."),
        )

    @api.model
    def _due_words(self, facts):
        return Words(
            self.env._("The next order is due since %(due)s. The last one was on %(last)s.",
                       due=self._fact_day(facts, "due"), last=self._fact_day(facts, "last")),
            self.env._("Ask whether the usual order may be prepared."),
            self.env._("What one of their purchases usually brings: margin, or revenue where no margin is known."),
        )

    @api.model
    def _expected_words(self, facts):
        return Words(
            self.env._("The next purchase is expected around %(day)s.", day=self._fact_day(facts, "day")),
            self.env._("Ask what they will need this time, before they ask somebody else."),
            self.env._("What one of their purchases usually brings: margin, or revenue where no margin is known."),
        )
