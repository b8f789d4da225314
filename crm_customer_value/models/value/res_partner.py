from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.value.mixin", "customer.value.source"]

    # What moves purchases between customers; archived contacts are no prospects.
    _value_reads = frozenset(("active", "commercial_partner_id", "industry_id"))
    _value_marks = frozenset(("parent_id", "is_company"))
    _value_silent = {"user_id": "values follow it by themselves"}
    # Nobody has bought yet who is new, and who is deleted has no documents.
    _value_events = frozenset(("write",))

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

    def _value_customers(self):
        """What moves between customers are the purchases of these contacts, or they are customers themselves."""
        yield self | self.commercial_partner_id, None

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
