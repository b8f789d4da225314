"""Give the stage *Prospect* no colour: of who never bought, nothing is known to be good."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Change the shipped stage where it is as it was shipped."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    prospect = env.ref("crm_customer_value.customer_lifecycle_stage_prospect", raise_if_not_found=False)
    if prospect and prospect.health == "good":
        prospect.health = "neutral"
