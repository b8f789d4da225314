from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Count no day twice where both customers were measured: the younger record waits for somebody to look."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        remaining = self.env["res.partner"].browse(partner_ids).exists()
        # sudo: also records of companies that whoever merges contacts does not work for.
        records = self.env["customer.benefit.record"].sudo().search([
            ("commercial_partner_id", "in", remaining.commercial_partner_id.ids), ("overlap_id", "=", False),
        ])
        records._find_overlaps().goal_id._refresh()
        return result

    @api.model
    def _models_of_customers(self):
        return [
            *super()._models_of_customers(), "customer.need", "customer.benefit.goal", "customer.benefit.record",
        ]
