from odoo import models


class CustomerNeedDemand(models.Model):
    _inherit = "customer.need.demand"

    def action_create_task(self):
        """Make a task of these needs, once, by way of the suggestion that they lead to."""
        return self._needs_of_user()._suggest().action_create_task()
