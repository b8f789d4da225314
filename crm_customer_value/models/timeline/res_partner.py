from odoo import api, models

from .customer_timeline import PAGE


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.readonly
    def get_timeline(self, kinds=None, after=None, limit=PAGE):
        """Return a page of what happened with the customer behind this contact: see ``customer.timeline._page``."""
        self.ensure_one()
        self.check_access("read")
        return self.env["customer.timeline"]._page(self.commercial_partner_id, kinds, after, limit)
