from odoo import models
from odoo.fields import Domain


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _customer_message_domain(self):
        """Return the domain of the messages of these records that their customers may read."""
        share = self.env["mail.message"]._get_search_domain_share()
        return share & Domain("model", "=", self._name) & Domain("res_id", "in", self.ids)
