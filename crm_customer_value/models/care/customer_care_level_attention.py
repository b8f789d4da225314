"""What each care level promises, what happened, and what it cost and brought: level by level."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.number_fields import Float, Integer, Monetary

# Contacts and complaints of this time count, like the amounts beside them.
DAYS = 365


class CustomerCareLevelAttention(models.Model):
    """The customers of one level, or of none: attention they got, promises kept, cost and revenue."""

    _name = "customer.care.level.attention"
    _description = "Care by Level"
    _inherit = ["customer.unknown.last.mixin"]
    _auto = False
    _rec_name = "care_level_id"
    _order = "care_level_id, id"
    _depends = {
        "customer.value": ["company_id", "partner_id", "care_level_id", "care_due_on", "revenue_12m", "cost_to_serve"],
        "customer.contact.log": ["company_id", "commercial_partner_id", "date", "minutes"],
        "customer.complaint": [
            "company_id", "commercial_partner_id", "date_received", "resolve_deadline", "resolve_missed",
            "handling_hours", "merged_into_id", "active",
        ],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    care_level_id = fields.Many2one("customer.care.level", readonly=True)
    level_name = fields.Char("Level", compute="_compute_level_name")
    customers = Integer(readonly=True)
    promised = Integer("With a Promise", readonly=True, help="Customers with whom we promised to be in touch.")
    kept = Integer("Promise Kept", readonly=True, help="Customers with whom we were in touch in time.")
    kept_share = Float(
        "Promises Kept (%)", readonly=True, digits=(16, 1), optional=True, aggregator=None,
        help="Promise kept, divided by with a promise. Empty: nothing is promised.",
    )
    contacts = Integer("Contacts (12 months)", readonly=True, help="Contacts with these customers that were logged.")
    contacts_each = Float(
        "Contacts per Customer", readonly=True, digits=(16, 1), optional=True, aggregator=None,
        help="Contacts in 12 months, divided by the customers.",
    )
    deadlines = Integer(
        "Complaints with a Deadline", readonly=True, help="Complaints of the last 12 months that had a deadline."
    )
    in_time = Integer("Answered in Time", readonly=True, help="Those of them whose deadline was not missed.")
    in_time_share = Float(
        "Answered in Time (%)", readonly=True, digits=(16, 1), optional=True, aggregator=None,
        help="Answered in time, divided by complaints with a deadline. Empty: no complaint had one.",
    )
    hours = Float(
        "Hours (12 months)", readonly=True, digits=(16, 1), optional=True,
        help="Logged contacts and the handling of complaints. Empty: nobody noted how long they took.",
    )
    cost = Monetary("Cost to Serve", readonly=True, help="Of these customers, in the period that counts.")
    revenue = Monetary(readonly=True, help="Of these customers, in the period that counts.")
    cost_share = Float(
        "Cost per 100 of Revenue", readonly=True, digits=(16, 1), optional=True, aggregator=None,
        help="Cost to serve, divided by the revenue, times 100. Empty: no revenue.",
    )

    @api.depends("care_level_id.name")
    @api.depends_context("lang")
    def _compute_level_name(self):
        for row in self:
            row.level_name = row.care_level_id.name or self.env._("In no level")

    @property
    def _table_query(self):
        return SQL(
            """WITH contacts AS (
                   SELECT company_id, commercial_partner_id AS partner_id, COUNT(*) AS number, SUM(minutes) AS minutes
                     FROM customer_contact_log
                    WHERE date >= NOW() AT TIME ZONE 'UTC' - MAKE_INTERVAL(days => %(days)s)
                    GROUP BY 1, 2),
               complaints AS (
                   SELECT company_id, commercial_partner_id AS partner_id, SUM(handling_hours) AS hours,
                          COUNT(resolve_deadline) AS deadlines,
                          COUNT(*) FILTER (WHERE resolve_deadline IS NOT NULL AND resolve_missed IS NOT TRUE) AS in_time
                     FROM customer_complaint
                    WHERE active AND merged_into_id IS NULL AND commercial_partner_id IS NOT NULL
                      AND date_received >= NOW() AT TIME ZONE 'UTC' - MAKE_INTERVAL(days => %(days)s)
                    GROUP BY 1, 2),
               levels AS (
                   SELECT MIN(v.id) AS id, v.company_id, v.care_level_id, COUNT(*) AS customers,
                          COUNT(v.care_due_on) AS promised,
                          COUNT(*) FILTER (WHERE v.care_due_on >= CURRENT_DATE) AS kept,
                          COALESCE(SUM(contacts.number), 0) AS contacts,
                          COALESCE(SUM(complaints.deadlines), 0) AS deadlines,
                          COALESCE(SUM(complaints.in_time), 0) AS in_time,
                          CASE WHEN COUNT(contacts.minutes) + COUNT(complaints.hours) > 0
                               THEN COALESCE(SUM(contacts.minutes), 0) / 60.0 + COALESCE(SUM(complaints.hours), 0)
                               END AS hours,
                          COALESCE(SUM(v.cost_to_serve), 0) AS cost, COALESCE(SUM(v.revenue_12m), 0) AS revenue
                     FROM customer_value v
                     LEFT JOIN contacts USING (company_id, partner_id)
                     LEFT JOIN complaints USING (company_id, partner_id)
                    GROUP BY v.company_id, v.care_level_id)
               SELECT levels.*, 100.0 * kept / NULLIF(promised, 0) AS kept_share,
                      contacts / NULLIF(customers, 0)::numeric AS contacts_each,
                      100.0 * in_time / NULLIF(deadlines, 0) AS in_time_share,
                      CASE WHEN revenue > 0 THEN 100.0 * cost / revenue END AS cost_share
                 FROM levels""",
            days=DAYS,
        )

    def action_view_customers(self):
        """Open the customers that a row is made of."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_value_action")
        domain = Domain("care_level_id", "=", self.care_level_id.id) & Domain("company_id", "=", self.company_id.id)
        return {**action, "domain": list(domain), "context": {}, "view_mode": "list,form",
                "views": [(False, "list"), (False, "form")]}
