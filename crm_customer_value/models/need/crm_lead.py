from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.need.count"]

    def _customer_need_field(self):
        return "lead_id"

    def _merge_dependences(self, opportunities):
        """Keep what customers need and objected to when opportunities become one."""
        result = super()._merge_dependences(opportunities)
        # sudo: needs go with their opportunity, whoever may read them.
        self.env["customer.need"].sudo().with_context(active_test=False).search(
            [("lead_id", "in", opportunities.ids)]
        ).lead_id = self
        return result
