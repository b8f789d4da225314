"""Mark the record rules of assistants as a fresh installation does: what an administrator changes of them stays.

They came with versions that loaded them anew with each update.
"""


def migrate(cr, version):
    """Protect these record rules from updates."""
    if version:
        cr.execute(
            "UPDATE ir_model_data SET noupdate = TRUE "
            "WHERE module = 'crm_customer_value' AND model = 'ir.rule' AND name LIKE '%rule_own' AND NOT noupdate"
        )
