"""Who would recommend us is asked whom."""

from datetime import timedelta

from odoo import fields, models

CALL = "crm_customer_value.mail_activity_type_referral"
# Nobody is asked again for so long.
REST_DAYS = 365


class CustomerFeedback(models.Model):
    _inherit = "customer.feedback"

    date_referral = fields.Datetime("Asked for a Recommendation Since", readonly=True)

    def _follow_up(self):
        """Have somebody ask a customer who would recommend us whom they know (one record, as superuser)."""
        result = super()._follow_up()
        if self._asks_for_referral():
            self._ask_for_referral()
        return result

    def _asks_for_referral(self):
        """Tell whether this customer is to be asked: once a year, and in peace with us (one record, as superuser)."""
        if self.scale != "nps" or self.mood != "good" or not self.company_id.referral_asked:
            return False
        if self.commercial_partner_id.is_relationship_broken:
            return False
        return not self.search_count([
            ("company_id", "=", self.company_id.id),
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ("date_referral", ">", fields.Datetime.now() - timedelta(days=REST_DAYS)),
        ], limit=1)

    def _ask_for_referral(self):
        self.date_referral = fields.Datetime.now()
        user = self._owner()
        spoken = self.with_context(lang=user.lang or self.env.lang)
        self.partner_id.with_context(lang=spoken.env.lang).activity_schedule(
            CALL,
            date_deadline=fields.Date.context_today(self.with_context(tz=user.tz)) + timedelta(days=1),
            summary=spoken.env._("Thank them, and ask whom they would recommend us to"),
            note=spoken.env._("Note who it is as a lead, with this contact as “Brought by”."),
            user_id=user.id,
        )
