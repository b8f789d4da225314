from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.value.mixin"]

    # What moves purchases between customers; archived contacts are no prospects.
    _customer_value_fields = frozenset(("active", "parent_id", "is_company", "commercial_partner_id"))

    def _customer_value_partner(self):
        return self.commercial_partner_id

    def _customer_value_company(self):
        # The value for the company one works in: partners are shared between companies.
        return self.env.company

    def _customer_value_partner_path(self):
        return "commercial_partner_id"

    def _customer_value_company_domain(self, company):
        return Domain(company == self.env.company)

    def _customer_value_company_sql(self, alias):
        return SQL("%s", self.env.company.id)

    def write(self, vals):
        """Mark the customers between whom a change of hierarchy moves purchases, or who are archived."""
        if not self._customer_value_fields & vals.keys():
            return super().write(vals)
        marks = self.env["customer.value.mark"]
        marks._mark(self | self.commercial_partner_id)
        result = super().write(vals)
        marks._mark(self.commercial_partner_id)
        return result

    def action_view_customer_value(self):
        """Open the value record of the customer this contact belongs to."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer Value"),
            "res_model": "customer.value",
            "res_id": self.customer_value_id.id,
            "views": [(False, "form")],
        }
