"""Everybody who ever bought has a forecast from this version on, so everybody is computed anew.

What runs of older versions learned is in a form that nothing reads any more; it is learned again each week.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Forget what was learned, begin interrupted runs anew, and have all companies computed."""
    if not version:
        return
    cr.execute("UPDATE customer_value_run SET outlook = NULL WHERE NOT JSONB_EXISTS(outlook, 'choice')")
    # The working table of an interrupted run lacks the columns that this version reads.
    cr.execute("UPDATE customer_value_run SET state = 'queued', progress = 0 WHERE state = 'running'")
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["customer.value.run"]._enqueue(env["res.company"].search([("active", "=", True)]))
