from odoo import api, models
from odoo.exceptions import AccessError

SALES_GROUP = "sales_team.group_sale_salesman"


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.readonly
    def get_offers(self, company_id=None):
        """Return what to offer to the customer behind this contact: see ``customer.offer._panel``.

        :param int company_id: who sells; by default the current company
        """
        customer, company = self._customer_offer_side(company_id)
        return self.env["customer.offer"]._panel(customer, company)

    def _customer_offer_side(self, company_id):
        """Return the customer behind this contact (one) and the company that sells, if the user may offer there."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(SALES_GROUP):
            raise AccessError(self.env._("Only salespeople can see what to offer to a customer."))
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work for this company. Choose one of your own companies."))
        return self.commercial_partner_id, company

    def action_offer_quotation(self, product_id=None):
        """Make a quotation with a product for this customer, and open it."""
        _customer, company = self._customer_offer_side(None)
        return self.env["customer.offer"]._quote(self, self.env["product.product"].browse(product_id or ()), company)

    def action_offer_opportunity(self, product_id=None):
        """Make an opportunity about a product for this customer, and open it."""
        customer, company = self._customer_offer_side(None)
        product = self.env["product.product"].browse(product_id or ())
        lead = self.env["crm.lead"].create({
            "name": ": ".join(filter(None, (self.display_name, product.display_name))),
            "type": "opportunity",
            "partner_id": self.id,
            "company_id": company.id,
            "user_id": self.env.uid,
        })
        self.env["customer.offer"]._note_product(customer, product, company)
        return {
            "type": "ir.actions.act_window", "res_model": "crm.lead", "res_id": lead.id, "views": [(False, "form")],
        }

    def action_offer_refuse(self, product_id=None, company_id=None):
        """Ask why the customer does not want a product that is proposed."""
        customer, company = self._customer_offer_side(company_id)
        product = self.env["product.product"].browse(product_id or ())
        return self.env["customer.offer"]._action_refusal(customer, product, company)

    def action_offer_later(self, product_id=None, company_id=None):
        """Let a product that is proposed rest: it is too early."""
        customer, company = self._customer_offer_side(company_id)
        product = self.env["product.product"].browse(product_id or ())
        self.env["customer.offer"]._note_product(customer, product, company)._rest()
