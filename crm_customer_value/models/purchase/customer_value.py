from odoo import api, models


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _empty_board_actions(self):
        """Offer whoever may to bring purchases along."""
        actions = super()._empty_board_actions()
        if self.env["customer.purchase.import"].has_access("create"):
            actions.insert(0, (self.env._("Import Purchases"), "customer_purchase_import_action"))
        return actions
