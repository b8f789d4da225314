from odoo import models


class ResPartner(models.Model):
    """Lists follow who looks after a customer, and whether there is one still."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if {"active", "user_id"} & vals.keys():
            self._customer_move_actions()
        return result

    def _customer_move_actions(self):
        """Take what is to be done with these customers off the lists, or give it to who looks after them now."""
        # sudo: whoever changes a customer need not see what is to be done with them.
        actions = self.env["customer.next.action"].sudo().search([
            ("partner_id", "in", self.ids), ("is_current", "=", True),
        ])
        for company, found in actions.grouped("company_id").items():
            actions._find_again(company, found.partner_id.ids)
