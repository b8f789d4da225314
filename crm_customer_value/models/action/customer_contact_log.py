from odoo import api, models


class CustomerContactLog(models.Model):
    """Whoever logged a contact has done what was on their list about this customer."""

    _inherit = "customer.contact.log"

    @api.model_create_multi
    def create(self, vals_list):
        logs = super().create(vals_list)
        logs._customer_do_actions()
        return logs

    def _customer_do_actions(self):
        """Note as done what is on the lists of those who were in touch, and is done by talking."""
        # sudo: that a contact took place does it, whoever logs it.
        actions = self.env["customer.next.action"].sudo().search([
            ("partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "open"),
        ])
        talked = {(log.company_id, log.commercial_partner_id) for log in self if log.direction != "in"}
        kinds = self.env["customer.value"]._next_actions()
        actions.filtered(
            lambda action: (action.company_id, action.partner_id) in talked
            and action.kind in kinds and kinds[action.kind].button == "contact"
        )._note_done()
