from odoo import models


class UomUom(models.Model):
    _inherit = "uom.uom"

    def write(self, vals):
        """Compute margins anew where a unit holds more, or less, than before."""
        if not {"factor", "relative_factor", "relative_uom_id"} & vals.keys():
            return super().write(vals)
        before = {unit: unit.factor for unit in self}
        result = super().write(vals)
        if any(unit.factor != factor for unit, factor in before.items()):
            self.env["customer.value.run"]._enqueue_by_source("invoice")
        return result
