from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount


class CustomerValue(models.Model):
    """What is open with a customer, quotations and opportunities: all there is to know of who never bought."""

    _inherit = "customer.value"

    open_business = fields.Char(
        "Open Business",
        compute="_compute_open_business",
        help="Of who never bought: open opportunities or, without any, open quotations that you may see.",
    )

    @api.model
    def _open_business_domains(self, companies, customers):
        """Return what is open, as {model: domain}, in the order of what says most: see engine.facts.prospects_sql."""
        of_customers = Domain("partner_id.commercial_partner_id", "in", customers.ids)
        return {
            "crm.lead": of_customers
            & Domain("company_id", "in", [False, *companies.ids])
            & Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending"),
            "sale.order": of_customers
            & Domain("company_id", "in", companies.ids)
            & Domain("state", "in", ("draft", "sent")),
        }

    def _find_open_business(self):
        """Return what is open with these customers that the user may read, as {value: records of one model}."""
        found = {}
        for model, domain in self._open_business_domains(self.company_id, self.partner_id).items():
            records = self.env[model]
            if not records.has_access("read"):
                continue
            by_customer = defaultdict(records.browse)
            for record in records.search(domain, order="id desc"):
                by_customer[record.partner_id.commercial_partner_id] |= record
            for value in self - self.browse().union(*found):
                of_company = by_customer[value.partner_id].filtered(
                    lambda record, value=value: (record.company_id or value.company_id) == value.company_id
                )
                if of_company:
                    found[value] = of_company
        return found

    @api.depends("last_purchase_date")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_open_business(self):
        prospects = self.filtered(lambda value: not value.last_purchase_date)
        found = prospects._find_open_business()
        for value in self:
            value.open_business = value in found and value._open_business_text(found[value])

    def _open_business_text(self, records):
        """Return the amount of open opportunities or quotations (of this one customer), as short as a card needs it."""
        currency, company = self.currency_id, self.company_id
        if records._name == "crm.lead":
            amount = sum(records.mapped("expected_revenue"))
        else:
            today = fields.Date.context_today(self)
            amount = sum(
                order.currency_id._convert(order.amount_untaxed, currency, company, today) for order in records
            )
        text = {
            "number": len(records),
            "amount": format_amount(self.env, amount, currency, trailing_zeroes=False),
        }
        if records._name == "crm.lead" and len(records) == 1:
            return self.env._("Open: %(amount)s, %(percent)s %%", percent=round(records.probability), **text)
        if len(records) == 1:
            return self.env._("Quotation: %(amount)s", **text)
        if records._name == "crm.lead":
            return self.env._("%(number)s opportunities: %(amount)s", **text)
        return self.env._("%(number)s quotations: %(amount)s", **text)

    def action_view_open_business(self):
        """Open the opportunity or quotation that is open with this customer, or the list of them."""
        self.ensure_one()
        self.check_access("read")
        records = self._find_open_business().get(self, self.env["crm.lead"])
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Open with %s", self.partner_id.display_name),
            "res_model": records._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", records.ids)],
        }
        if len(records) == 1:
            action |= {"res_id": records.id, "views": [(False, "form")]}
        return action
