from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

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
