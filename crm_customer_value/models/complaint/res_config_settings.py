"""Settings of customer service, for the current company."""

from odoo import api, fields, models

from ..base.number_fields import Integer, Monetary


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_reopen_days = Integer(related="company_id.complaint_reopen_days", readonly=False)
    complaint_mail_minutes = Integer(related="company_id.complaint_mail_minutes", readonly=False)
    complaint_bad_rating = Integer(related="company_id.complaint_bad_rating", readonly=False)
    complaint_hour_cost = Monetary(
        related="company_id.complaint_hour_cost", readonly=False, currency_field="currency_id"
    )
    complaint_public_form = fields.Boolean(related="company_id.complaint_public_form", readonly=False)
    complaint_public_form_url = fields.Char(
        "Address of the Form", compute="_compute_complaint_public_form_url"
    )

    @api.depends("company_id")
    def _compute_complaint_public_form_url(self):
        for settings in self:
            settings.complaint_public_form_url = (
                f"{settings.get_base_url()}/complaints/new?company={settings.company_id.id}"
            )
