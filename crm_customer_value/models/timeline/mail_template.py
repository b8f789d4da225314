from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .customer_profile_report import PROFILE_REPORT


class MailTemplate(models.Model):
    _inherit = "mail.template"

    report_template_ids = fields.Many2many(
        domain=f"[('model', '=', model), ('report_name', '!=', {PROFILE_REPORT!r})]"
    )

    @api.constrains("report_template_ids")
    def _check_internal_reports(self):
        """Attach nothing to an e-mail that customers must not read."""
        # sudo: whoever writes a template need not be allowed to print the profile.
        if PROFILE_REPORT in self.sudo().report_template_ids.mapped("report_name"):
            raise ValidationError(self.env._(
                "The profile of a customer is for employees only. Remove it from the reports of this e-mail template."
            ))
