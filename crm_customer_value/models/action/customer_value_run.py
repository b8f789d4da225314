from odoo import models


class CustomerValueRun(models.Model):
    """Lists follow the values."""

    _inherit = "customer.value.run"

    def _recompute_marked(self, company, ids):
        """What changed about a customer changes what is to be done with them."""
        result = super()._recompute_marked(company, ids)
        self.env["customer.next.action"]._find_again(company, sorted(ids))
        return result
