"""Development and cost to serve count in the value index from this version on.

The versions of the policy that were used before must go on saying what they did: they did not know
these parts. Each company gets a new version that does, which has all its customers computed anew; the
stages of life are found by the same recompute.
"""

from odoo import SUPERUSER_ID, api

NEW_PARTS = ("development", "cost_to_serve")


def migrate(cr, version):
    """Have what was used before not count the new parts, and go on by the defaults."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    policies = env["customer.value.policy"]
    env.flush_all()
    # A version without a weight for a part does not count it.
    cr.execute("DELETE FROM customer_value_policy_weight WHERE part IN %s", (NEW_PARTS,))
    env.invalidate_all(flush=False)
    # A run that was interrupted gathered rows that lack columns by now: it begins anew.
    cr.execute("UPDATE customer_value_run SET state = 'queued', progress = 0 WHERE state = 'running'")
    shown = env["customer.value"]._shown_parts()
    for policy in policies.search([("state", "=", "active")]):
        policy._renew(weights={name: shown[name].weight for name in NEW_PARTS})
