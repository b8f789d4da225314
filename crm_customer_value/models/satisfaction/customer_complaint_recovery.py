"""What customers bought after their complaints ended, against before."""

from odoo import fields, models
from odoo.tools import SQL

from ...engine.fact import facts
from ..base.number_fields import Monetary
from ..complaint.customer_complaint_category import SEVERITIES
from ..complaint.customer_complaint_stage import OPEN_STATES
from ..value.customer_value import AMOUNT_GROUP

DAYS = 180


class CustomerComplaintRecovery(models.Model):
    """The revenue of a customer around the day on which one complaint ended.

    As many days after that day as before, the day itself with those before. While the days
    after are not over, nothing is compared.
    """

    _name = "customer.complaint.recovery"
    _description = "Service Recovery"
    _auto = False
    _rec_name = "complaint_id"
    _order = "date_closed desc, id desc"
    _depends = {
        "customer.complaint": [
            "active", "company_id", "commercial_partner_id", "team_id", "user_id", "category_id", "cause_id",
            "product_id", "severity", "state", "date_closed", "merged_into_id", "compensation",
        ],
    }

    complaint_id = fields.Many2one("customer.complaint", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    team_id = fields.Many2one("customer.complaint.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    category_id = fields.Many2one("customer.complaint.category", readonly=True)
    cause_id = fields.Many2one("customer.complaint.cause", string="Root Cause", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    severity = fields.Selection(SEVERITIES, readonly=True)
    ending = fields.Selection([("closed", "Closed"), ("rejected", "Rejected")], readonly=True)
    date_closed = fields.Date("Ended On", readonly=True)
    progress = fields.Selection(
        [("running", "Running"), ("complete", "Complete")],
        readonly=True,
        help=f"Complete: {DAYS} days have passed since the complaint ended.",
    )
    outcome = fields.Selection(
        [("more", "Buys More"), ("same", "Buys the Same"), ("less", "Buys Less"), ("stopped", "Stopped Buying")],
        readonly=True,
        groups=AMOUNT_GROUP,
        help="Empty while it is running.",
    )
    compensation = Monetary(readonly=True)
    revenue_before = Monetary(readonly=True, groups=AMOUNT_GROUP)
    revenue_after = Monetary(readonly=True, groups=AMOUNT_GROUP)
    revenue_change = Monetary(
        "Change of Revenue", readonly=True, groups=AMOUNT_GROUP, help="Empty while it is running.",
        optional=True,
    )

    @property
    def _table_query(self):
        self.env["customer.value.run"]._flush_facts()
        return SQL(" UNION ALL ").join(self._company_sql(company) for company in self.env.companies)

    def _company_sql(self, company):
        """Return the rows of one company, whose days and purchases are those of its value policy."""
        complained = SQL(
            "SELECT commercial_partner_id FROM customer_complaint WHERE company_id = %s AND date_closed IS NOT NULL",
            company.id,
        )
        scope = self.env["customer.value.run"]._scope_of_today(company)._replace(
            partners=lambda customer: SQL("%s IN (%s)", customer, complained), contacts=None,
        )
        return SQL(
            """SELECT done.*,
                      CASE WHEN progress = 'complete' THEN revenue_after - revenue_before END AS revenue_change,
                      CASE WHEN progress = 'running' THEN NULL
                           WHEN revenue_after > revenue_before THEN 'more'
                           WHEN revenue_after = revenue_before THEN 'same'
                           WHEN revenue_after <= 0 THEN 'stopped'
                           ELSE 'less' END AS outcome
                 FROM (%s) done""",
            self._sums_sql(company, scope),
        )

    def _sums_sql(self, company, scope):
        """Return one row for each ended complaint, with the revenue before and after."""
        return SQL(
            """SELECT c.id, c.id AS complaint_id, c.company_id, c.commercial_partner_id AS partner_id, c.team_id,
                      c.user_id, c.category_id, c.cause_id, c.product_id, c.severity, c.state AS ending,
                      c.compensation, c.day AS date_closed,
                      CASE WHEN %(today)s::date - c.day >= %(days)s THEN 'complete' ELSE 'running' END AS progress,
                      COALESCE(SUM(fact.revenue) FILTER (WHERE fact.day <= c.day), 0) AS revenue_before,
                      COALESCE(SUM(fact.revenue) FILTER (WHERE fact.day > c.day), 0) AS revenue_after
                 FROM (SELECT complaint.*,
                              %(day)s AS day
                         FROM customer_complaint complaint
                        WHERE company_id = %(company)s AND active AND merged_into_id IS NULL
                          AND date_closed IS NOT NULL AND state <> ALL(%(open)s)) c
                 LEFT JOIN (%(facts)s) fact
                   ON fact.partner_id = c.commercial_partner_id
                  AND fact.day > c.day - %(days)s AND fact.day <= c.day + %(days)s
                GROUP BY c.id, c.company_id, c.commercial_partner_id, c.team_id, c.user_id, c.category_id,
                         c.cause_id, c.product_id, c.severity, c.state, c.compensation, c.day""",
            company=company.id,
            days=DAYS,
            facts=facts.facts_sql(scope),
            open=list(OPEN_STATES),
            day=scope.day(SQL("date_closed")),
            today=scope.as_of,
        )

    def action_open_complaint(self):
        """Show the complaint."""
        self.ensure_one()
        self.check_access("read")
        return self.complaint_id.get_formview_action()
