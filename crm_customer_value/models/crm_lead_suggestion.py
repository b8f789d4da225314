from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    suggestion_ids = fields.One2many(
        "customer.suggestion", "lead_id", string="Suggestions", groups="crm_customer_value.group_service_own"
    )

    def action_view_suggestion(self):
        """Open the suggestion this opportunity was made of."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.suggestion",
            "res_id": self.suggestion_ids[:1].id,
            "views": [(False, "form")],
        }
