"""Empty what is not known: up to now it was stored as 0, which looks like the worst there is.

Everybody is computed anew as well, because invoices that were taken back in full and payments without an
entry count differently from this version on.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

PREDICTED = ("probability_alive", "probability_active_12m", "churn_risk", "expected_purchases_12m", "clv_12m",
             "value_at_risk", "future_value_score")
# table: [(columns, what they are not known by)]
UNKNOWN = {
    "customer_value": [
        (PREDICTED, "has_prediction IS NOT TRUE"),
        (("development_index",), "has_development IS NOT TRUE"),
        (("payment_score",), "has_payment_score IS NOT TRUE"),
        (("satisfaction_score",), "has_satisfaction_score IS NOT TRUE"),
        (("csat",), "csat_count = 0"),
        (("typical_gap",), "typical_gap = 0"),
        (("recency_score", "frequency_score", "monetary_score", "current_value_score", "loyalty_score"),
         "purchase_days = 0"),
    ],
    "customer_value_snapshot": [
        (("churn_risk", "clv_12m", "future_value_score"), "has_prediction IS NOT TRUE"),
        (("development_index",), "has_development IS NOT TRUE"),
        (("payment_score",), "has_payment_score IS NOT TRUE"),
        (("satisfaction_score",), "has_satisfaction_score IS NOT TRUE"),
        (("current_value_score", "loyalty_score"), "value_index IS NULL"),
    ],
    "customer_complaint": [
        (("effort_score",), "effort_score = 0"),
        (("handling_hours",), "handling_hours = 0"),
        (("amount_at_stake",), "amount_at_stake = 0"),
    ],
    "customer_purchase_history": [
        (("margin",), "has_margin IS NOT TRUE"),
        (("amount_currency",), "amount_currency = 0"),
    ],
}


def migrate(cr, version):
    """Empty the columns, and queue a recompute of every company."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    # What the update has loaded so far is not all in the database yet.
    env.flush_all()
    for table, groups in UNKNOWN.items():
        columns = [(column, condition) for names, condition in groups for column in names]
        cr.execute(SQL(
            "UPDATE %s SET %s WHERE %s",
            SQL.identifier(table),
            SQL(", ").join(
                SQL("%(column)s = CASE WHEN %(unknown)s THEN NULL ELSE %(column)s END",
                    column=SQL.identifier(column), unknown=SQL(condition))
                for column, condition in columns
            ),
            SQL(" OR ").join(
                SQL("%s IS NOT NULL AND %s", SQL.identifier(column), SQL(condition)) for column, condition in columns
            ),
        ))
    env.invalidate_all(flush=False)
    env["customer.value.run"]._enqueue(env["res.company"].search([]))
