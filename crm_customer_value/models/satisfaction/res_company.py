from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        """Have customers computed anew when what an hour of handling costs changes."""
        changed = self.browse()
        if "complaint_hour_cost" in vals:
            changed = self.filtered(lambda company: company.complaint_hour_cost != vals["complaint_hour_cost"])
        result = super().write(vals)
        if changed:
            self.env["customer.value.run"]._enqueue(changed)
        return result
