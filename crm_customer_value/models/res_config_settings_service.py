"""Settings of customer service, for the current company."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_reopen_days = fields.Integer(related="company_id.complaint_reopen_days", readonly=False)
    complaint_bad_rating = fields.Integer(related="company_id.complaint_bad_rating", readonly=False)
    complaint_hour_cost = fields.Monetary(
        related="company_id.complaint_hour_cost", readonly=False, currency_field="currency_id"
    )
