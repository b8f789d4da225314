from odoo import api, fields, models

from ..base.number_fields import Integer


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contact_retention_months = Integer(related="company_id.contact_retention_months", readonly=False)
    feedback_retention_months = Integer(related="company_id.feedback_retention_months", readonly=False)
    care_retention_months = Integer(related="company_id.care_retention_months", readonly=False)
    contact_retention_text = fields.Char("Contacts Deleted Tonight", compute="_compute_care_retention_texts")
    feedback_retention_text = fields.Char("Feedback Deleted Tonight", compute="_compute_care_retention_texts")
    care_retention_text = fields.Char("Care Deleted Tonight", compute="_compute_care_retention_texts")

    @api.depends("company_id", "contact_retention_months", "feedback_retention_months", "care_retention_months")
    def _compute_care_retention_texts(self):
        for settings in self:
            settings.contact_retention_text = settings._care_retention_text("contact")
            settings.feedback_retention_text = settings._care_retention_text("feedback")
            settings.care_retention_text = settings._care_retention_text("care")

    def _care_retention_text(self, kind):
        """Say what the next night deletes of a kind, with the number of months that is being entered."""
        months = self[f"{kind}_retention_months"]
        if not months:
            return self.env._("Everything is kept.")
        numbers = {
            # sudo: numbers only, for whoever may change settings.
            model: self.env[model].sudo().with_context(active_test=False).search_count(domain)
            for model, domain in self.company_id._care_expired(kind, months).items()
        }
        if kind == "contact":
            return self.env._(
                "The next night deletes %(contacts)s contacts, %(events)s events and %(notes)s archived notes.",
                contacts=numbers["customer.contact.log"], events=numbers["customer.life.event"],
                notes=numbers["customer.contact.note"],
            )
        if kind == "feedback":
            return self.env._("The next night deletes %s questions and answers.", numbers["customer.feedback"])
        return self.env._("The next night deletes %s acts of care.", numbers["customer.care.log"])
