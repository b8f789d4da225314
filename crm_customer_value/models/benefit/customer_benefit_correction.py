from odoo import fields, models


class CustomerBenefitCorrection(models.Model):
    """What a record said before somebody corrected it. The program writes it."""

    _name = "customer.benefit.correction"
    _description = "Correction of a Benefit Record"
    _order = "id desc"
    _rec_name = "create_date"

    record_id = fields.Many2one(
        "customer.benefit.record", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="record_id.company_id")
    field = fields.Selection(
        [
            ("value", "Value"),
            ("baseline", "Baseline"),
            ("unit", "Unit"),
            ("date_from", "First Day"),
            ("date_to", "Last Day"),
            ("metric_id", "Metric"),
            ("partner_id", "Contact"),
        ],
        "What", required=True, readonly=True,
    )
    old = fields.Char("Before", readonly=True)
    new = fields.Char("After", readonly=True)
    reason = fields.Char(readonly=True)
