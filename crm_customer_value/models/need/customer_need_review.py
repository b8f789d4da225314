"""Looking at a need again on a day: an activity reminds whoever is responsible."""

from odoo import api, fields, models

from .customer_need import UNMET_STATES

ACTIVITY_TYPE = "crm_customer_value.mail_activity_type_need_review"


class CustomerNeed(models.Model):
    _inherit = "customer.need"

    date_review = fields.Date("Look Again on", help="An activity reminds the person responsible on this day.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"date_review"}

    @api.model_create_multi
    def create(self, vals_list):
        needs = super().create(vals_list)
        needs.filtered("date_review")._plan_review()
        return needs

    def write(self, vals):
        result = super().write(vals)
        if {"date_review", "state", "user_id", "active"} & vals.keys():
            self._plan_review()
        return result

    def _plan_review(self):
        """Have one activity for each need that is to be looked at again, and none for the others."""
        planned = self.activity_search([ACTIVITY_TYPE]).grouped("res_id")
        for need in self:
            user = need.user_id or self.env.user
            activities = planned.get(need.id, self.env["mail.activity"])
            if not (need.date_review and need.active and need.state in UNMET_STATES):
                activities.unlink()
            elif activities:
                activities.write({"date_deadline": need.date_review, "user_id": user.id})
            else:
                need.activity_schedule(ACTIVITY_TYPE, need.date_review, user_id=user.id)
