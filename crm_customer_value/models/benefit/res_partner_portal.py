"""Whether a customer sees what they gained with us."""

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    benefit_portal = fields.Selection(
        [("yes", "Shown"), ("no", "Not Shown")],
        "Gains on the Portal",
        tracking=True,
        groups="base.group_user",
        help="Whether this customer reads on the portal what they gained with us. Empty: as for all customers of the "
        "company, see the settings. Contacts have the choice of the company they belong to.",
    )

    def _customer_sees_benefit(self, company):
        """Tell whether this customer (one) reads what they gained with a company."""
        # sudo: customers may not read the choice itself.
        choice = self.sudo().commercial_partner_id.benefit_portal
        return choice == "yes" if choice else company.sudo().benefit_portal
