from odoo import api, models


class CustomerBenefitPrivacy(models.TransientModel):
    """Efforts to keep or win back name customers, too."""

    _inherit = "customer.benefit.privacy"

    @api.model
    def _kept_models(self):
        return super()._kept_models() | {"customer.rescue": self.env._("Efforts to keep or win back")}
