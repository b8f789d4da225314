from odoo import api, fields, models

from ..value.res_config_settings import MANAGER_GROUP


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_value_entry_activities = fields.Boolean("Calls for Customers at Risk", groups=MANAGER_GROUP)

    @api.model
    def get_values(self):
        """Add whether the stages start their activities, for who may read them."""
        stages = self.env["customer.lifecycle.stage"]
        values = super().get_values()
        if stages.has_access("write"):
            values["customer_value_entry_activities"] = stages._starts_shipped_entries()
        return values

    def set_values(self):
        """Switch the activities of the stages where the switch was moved."""
        result = super().set_values()
        stages = self.env["customer.lifecycle.stage"]
        if stages.has_access("write") and self.customer_value_entry_activities != stages._starts_shipped_entries():
            stages._switch_shipped_entries(self.customer_value_entry_activities)
        return result
