from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    suggestion_ids = fields.One2many(
        "customer.suggestion", "lead_id", string="Suggestions", groups="crm_customer_value.group_service_own"
    )

    suggestion_stage_id = fields.Many2one(
        "customer.suggestion.stage", compute="_compute_suggestion_stage_id",
        groups="crm_customer_value.group_service_own",
    )

    @api.depends("suggestion_ids.stage_id")
    def _compute_suggestion_stage_id(self):
        for lead in self:
            lead.suggestion_stage_id = lead.suggestion_ids[:1].stage_id

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
