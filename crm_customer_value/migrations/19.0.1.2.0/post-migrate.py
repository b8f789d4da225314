"""Satisfaction counts in the value index from this version on.

The versions of the policy that were used before must go on saying what they did: they did not know of
complaints. Each company gets a new version that does; nobody has complained yet, so no index changes by it.
"""

from odoo import SUPERUSER_ID, api

NEW_PARTS = ("weight_satisfaction",)


def migrate(cr, version):
    """Write what the new column was, and go on by its default."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    policies = env["customer.value.policy"]
    policies.flush_model()
    cr.execute("UPDATE customer_value_policy SET weight_satisfaction = 0")
    policies.invalidate_model()
    # A run that was interrupted gathered rows that lack columns by now: it begins anew.
    cr.execute("UPDATE customer_value_run SET state = 'queued', progress = 0 WHERE state = 'running'")
    defaults = policies.default_get(list(NEW_PARTS))
    for policy in policies.search([("state", "=", "active")]):
        policy._renew(defaults)
