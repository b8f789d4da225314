from odoo import models


class CustomerContactChannel(models.Model):
    _inherit = "customer.contact.channel"

    def write(self, vals):
        """Count the contacts on a channel, and their customers, anew when what one costs changes in this company."""
        changed = self.browse()
        if "contact_cost" in vals:
            changed = self.filtered(lambda channel: channel.contact_cost != vals["contact_cost"])
        result = super().write(vals)
        if changed:
            # sudo: whoever sets what a channel costs need not read every contact.
            logs = self.env["customer.contact.log"].sudo()
            found = logs.search([("channel_id", "in", changed.ids), ("company_id", "=", self.env.company.id)])
            if found:
                self.env.add_to_compute(logs._fields["cost"], found)
                self.env["customer.value.run"]._enqueue(self.env.company)
        return result
