"""Who is held out of care is read only by those who see all customers, from this version on.

A salesperson who knows it cares for the customer by hand, and the comparison compares nothing. Updates leave record
rules as they are; one that an administrator changed stays so.
"""

from odoo import SUPERUSER_ID, api

BEFORE = (
    "['|', '|', ('user_id', '=', user.id), ('commercial_partner_id.user_id', '=', user.id), "
    "('commercial_partner_id.user_id', '=', False)]"
)


def migrate(cr, version):
    """Leave acts of care that were held out away from who sees some customers only."""
    if not version:
        return
    rule = api.Environment(cr, SUPERUSER_ID, {}).ref(
        "crm_customer_value.customer_care_log_rule_personal", raise_if_not_found=False
    )
    if rule and rule.domain_force == BEFORE:
        rule.domain_force = BEFORE.replace("[", "[('state', '!=', 'held_out'), ", 1)
