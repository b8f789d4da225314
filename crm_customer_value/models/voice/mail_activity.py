from odoo import models
from odoo.exceptions import AccessError

from .customer_thread_mixin import is_customer_thread


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def write(self, vals):
        """Let nobody move an activity to a customer's document that they may not read: it would show its name."""
        result = super().write(vals)
        if not self.env.su and {"res_id", "res_model_id"} & vals.keys():
            # sudo: where these activities lead now is what is asked.
            for model, activities in self.sudo().grouped("res_model").items():
                if not is_customer_thread(self.env, model):
                    continue
                documents = self.env[model].browse(activities.mapped("res_id"))
                if documents._filtered_access("read") != documents:
                    raise AccessError(self.env._(
                        "You may not see the document to which you move the activity. Choose another one."
                    ))
        return result
