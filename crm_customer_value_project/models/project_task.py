from odoo import fields, models


class ProjectTask(models.Model):
    _inherit = "project.task"

    suggestion_ids = fields.One2many(
        "customer.suggestion", "task_id", string="Suggestions", groups="crm_customer_value.group_service_own"
    )

    def action_view_suggestion(self):
        """Open the suggestion this task was made of."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.suggestion",
            "res_id": self.suggestion_ids[:1].id,
            "views": [(False, "form")],
        }
