from odoo import api, models


class CustomerBenefitPrivacy(models.TransientModel):
    """What was offered to a contact, and what they said to it."""

    _inherit = "customer.benefit.privacy"

    @api.model
    def _kept_models(self):
        return super()._kept_models() | {"customer.offer": self.env._("Products offered")}
