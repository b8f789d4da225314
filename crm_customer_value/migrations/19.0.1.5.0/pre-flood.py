"""Forget what customers sent within the last hour: the limits serve all that they tell, and have a new name."""

OLD = "customer.complaint.flood"


def migrate(cr, version):
    """Drop the table of the old name, what Odoo knows of it, and its XML ids; the new one is made empty."""
    if not version:
        return
    cr.execute("DROP TABLE IF EXISTS customer_complaint_flood")
    # What Odoo knows of its fields, rights and indexes goes with the model.
    cr.execute("DELETE FROM ir_model WHERE model = %s", [OLD])
    cr.execute(
        r"DELETE FROM ir_model_data WHERE module = 'crm_customer_value' AND name LIKE '%customer\_complaint\_flood%'"
    )
