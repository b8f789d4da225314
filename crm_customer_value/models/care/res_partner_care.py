"""When a customer was cared for, and when they will be."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..base.number_fields import Integer
from .customer_care_rule_trigger import DATES

GROUP = "crm_customer_value.group_service_own"
# How far the form of a contact looks ahead.
AHEAD_DAYS = 60


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Whose birthday it is tonight is asked by month and day.
    _birthday_idx = models.Index("(birthday_month, birthday_day) WHERE birthday_day IS NOT NULL")

    care_count = Integer("Acts of Care", compute="_compute_last_care", groups=GROUP)
    last_care_date = fields.Date("Last Care", compute="_compute_last_care", groups=GROUP)
    last_care_name = fields.Char("Occasion of the Last Care", compute="_compute_last_care", groups=GROUP)
    next_care_date = fields.Date("Next Care", compute="_compute_next_care", groups=GROUP)
    next_care_name = fields.Char("Occasion of the Next Care", compute="_compute_next_care", groups=GROUP)

    @api.depends_context("company", "uid")
    def _compute_last_care(self):
        logs = self.env["customer.care.log"]
        logs.flush_model()
        done = logs._search([
            ("commercial_partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "done"),
            ("company_id", "=", self.env.company.id),
        ])
        found = {
            customer: values for customer, *values in self.env.execute_query(SQL(
                """SELECT DISTINCT ON (commercial_partner_id) commercial_partner_id,
                          COUNT(*) OVER (PARTITION BY commercial_partner_id), date, name
                     FROM customer_care_log WHERE id IN %s ORDER BY commercial_partner_id, date DESC, id DESC""",
                done.subselect(),
            ))
        }
        for partner in self:
            number, day, name = found.get(partner.commercial_partner_id.id, (0, False, False))
            partner.care_count = number
            partner.last_care_date = day
            partner.last_care_name = name

    @api.depends_context("company", "uid")
    def _compute_next_care(self):
        found = self._next_cares()
        for partner in self:
            partner.next_care_date, partner.next_care_name = found.get(partner.commercial_partner_id.id, (False, False))

    def _next_cares(self):
        """Return when care is due next for these customers in the coming weeks, as far as that is known.

        :return: {commercial partner id: (day, name of the rule)}
        """
        customers = self.commercial_partner_id.ids
        # sudo: rules of colleagues care for the customer, too; only when and by which rule is shown.
        rules = self.env["customer.care.rule"].sudo().search([
            ("company_id", "=", self.env.company.id), ("trigger", "in", (*DATES, "silence")),
        ])
        if not customers or not rules:
            return {}
        self.env.flush_all()
        first = rules._today(self.env.company) + timedelta(days=1)
        last = first + timedelta(days=AHEAD_DAYS)
        queries = [
            SQL(
                """SELECT o.customer_id, o.due, %s AS rule_id
                     FROM (%s) o JOIN customer_value v ON v.company_id = %s AND v.partner_id = o.customer_id
                    WHERE o.customer_id = ANY(%s) AND o.due BETWEEN %s AND %s AND v.id IN %s""",
                rule.id, rule._occasions_sql(first, last), rule.company_id.id, customers, first, last,
                rule._chosen_sql(),
            )
            for rule in rules if not rule._problem()
        ]
        if not queries:
            return {}
        rows = self.env.execute_query(SQL(
            """SELECT DISTINCT ON (customer_id) customer_id, due, rule_id FROM (%s) found
                ORDER BY customer_id, due, rule_id""",
            SQL(" UNION ALL ").join(queries),
        ))
        return {customer: (due, rules.browse(rule).name) for customer, due, rule in rows}

    def action_view_care(self):
        """Open what was done for this customer, and what not."""
        self.ensure_one()
        self.check_access("read")
        self.env["customer.care.log"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_care_log_action")
        return action | {
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)], "context": {},
        }
