"""Mark the record rules as a fresh installation does: what an administrator changes of them stays.

Some came with versions that loaded them anew with each update.
"""


def migrate(cr, version):
    """Protect the record rules of this addon from updates."""
    if version:
        cr.execute(
            "UPDATE ir_model_data SET noupdate = TRUE "
            "WHERE module = 'crm_customer_value' AND model = 'ir.rule' AND NOT noupdate"
        )
