from odoo import api, models


class CustomerServiceWizard(models.AbstractModel):
    """A wizard about records that its user may read: it must not tell of others."""

    _name = "customer.service.wizard"
    _description = "Customer Service Wizard"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    # The fields that name complaints or suggestions.
    _named_fields = ()

    @api.model
    def _chosen(self, model):
        """Return the records of a model from which the user opened the wizard."""
        is_theirs = self.env.context.get("active_model") == model
        return self.env[model].browse(self.env.context.get("active_ids") if is_theirs else ())

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards._check_named()
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self._check_named()
        return result

    def _check_named(self):
        """Raise when a wizard names records that the user may not read."""
        for name in self._named_fields:
            # sudo: what the user may not read has to be found, to be refused with their own rights.
            self.sudo()[name].sudo(self.env.su).check_access("read")
