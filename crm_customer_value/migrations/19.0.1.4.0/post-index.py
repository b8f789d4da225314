"""Fill what the value index is told with from this version on, and score by a new version of each policy.

The parts of an index count as far as there is evidence behind them. What was scored before counted in full,
and stays what it was. A new version has the first run say that the rules changed, and start nothing of it.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

GROUNDS = ("current_value", "future_value", "development", "loyalty", "payment")
PARTS = (*GROUNDS, "satisfaction", "cost_to_serve")
PRESENCE = {
    "development": "has_development", "payment": "has_payment_score", "satisfaction": "has_satisfaction_score",
}


def migrate(cr, version):
    """Fill the new columns, empty the parts of who has no index, and queue a recompute of every company."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    # What the update has loaded so far is not all in the database yet.
    env.flush_all()
    grounds = SQL(" + ").join(SQL("COALESCE(%s, 0)", SQL.identifier(f"{name}_points")) for name in GROUNDS)
    empty = [
        SQL("%(points)s = CASE WHEN value_index IS NOT NULL THEN %(points)s END",
            points=SQL.identifier(f"{name}_points"))
        for name in PARTS
    ]
    told = [
        SQL("value_to_us = CASE WHEN value_index IS NOT NULL THEN %s END", grounds),
        SQL("bounds_points = CASE WHEN value_index IS NOT NULL THEN 0 END"),
        SQL("cost_to_serve_score = CASE WHEN value_index IS NOT NULL THEN cost_to_serve_score END"),
    ]
    evidence = [
        SQL("%s = CASE WHEN %s THEN 100 ELSE 0 END", SQL.identifier(f"{name}_evidence"), SQL.identifier(present))
        for name, present in PRESENCE.items()
    ]
    cr.execute(SQL("UPDATE customer_value SET %s", SQL(", ").join([*empty, *told, *evidence])))
    cr.execute(SQL("UPDATE customer_value_snapshot SET %s", SQL(", ").join([*empty, *told])))
    # A run that was interrupted gathered rows that lack columns by now: it begins anew.
    cr.execute("UPDATE customer_value_run SET state = 'queued', progress = 0 WHERE state = 'running'")
    env.invalidate_all(flush=False)
    for policy in env["customer.value.policy"].search([("state", "=", "active")]):
        policy.copy()._activate()
    env["customer.value.run"]._enqueue(env["res.company"].search([]))
