from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount

from ..base.number_fields import Float, Monetary

OPEN_ORDERS = [("state", "in", ("draft", "sent"))]
OPEN_LEADS = [("type", "=", "opportunity"), ("active", "=", True), ("won_status", "=", "pending")]


class CustomerValue(models.Model):
    """What is open with a customer: all that a prospect has, as far as the user may see it."""

    _inherit = "customer.value"

    open_quotation_amount = Monetary(
        "Open Quotations",
        compute="_compute_open",
        help="Untaxed, of the quotations that you may see. Empty without any.",
        optional=True,
    )
    open_opportunity_amount = Monetary(
        "Open Opportunities",
        compute="_compute_open",
        help="Expected revenue of the open opportunities that you may see. Empty without any.",
        optional=True,
    )
    open_expected_amount = Monetary(
        "Open, by Probability",
        compute="_compute_open",
        help="Expected revenue of the open opportunities times their probability.",
        optional=True,
    )
    open_probability = Float(
        "Probability of Open Opportunities (%)",
        digits=(16, 0),
        compute="_compute_open",
        help="Average probability of the open opportunities, weighted by their amounts.",
        optional=True,
    )
    open_with_others = fields.Boolean(
        "Open With Colleagues",
        compute="_compute_open",
        help="There are quotations or opportunities that only colleagues may see.",
    )
    open_business = fields.Char(
        compute="_compute_open_business",
        help="For customers who never bought: open opportunities or, without any, open quotations that you may see. "
        "If only colleagues can see them, it says so.",
    )
    open_elsewhere = fields.Boolean(
        "Open With Colleagues Only",
        compute="_compute_open_business",
        help="For customers who never bought: only colleagues may see the open quotations or opportunities.",
    )

    @api.depends("company_id", "partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open(self):
        orders, leads = self._open_orders(), self._open_leads()
        # sudo: how many there are in all says whether colleagues have some, and nothing else of them.
        every = self.sudo()
        all_orders, all_leads = every._open_orders(), every._open_leads()
        for value in self:
            key = value.company_id, value.partner_id
            order_count, quoted = orders[key]
            lead_count, wished, expected = leads[key]
            value.open_quotation_amount = quoted if order_count else False
            value.open_opportunity_amount = wished if lead_count else False
            value.open_expected_amount = expected if lead_count else False
            value.open_probability = 100 * expected / wished if wished else False
            value.open_with_others = order_count + lead_count < all_orders[key][0] + all_leads[key][0]

    @api.depends("company_id", "partner_id", "last_purchase_date")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_open_business(self):
        prospects = self.filtered(lambda value: not value.last_purchase_date)
        orders, leads = prospects._open_orders(), prospects._open_leads()
        self.open_elsewhere = False
        for value in self:
            key = value.company_id, value.partner_id
            value.open_business = value in prospects and value._open_business_text(orders[key], leads[key])
        hidden = prospects.filtered(lambda value: not value.open_business)
        # sudo: it says only that colleagues have something, not what.
        every = hidden.sudo()
        orders, leads = every._open_orders(), every._open_leads()
        for value in hidden:
            key = value.company_id, value.partner_id
            if key in orders or key in leads:
                value.open_business = self.env._("Open with a colleague")
                value.open_elsewhere = True

    def _open_business_text(self, orders, leads):
        """Return what is open with this customer, as short as a card needs it, or False.

        :param orders: of :meth:`_open_orders`, leads: of :meth:`_open_leads`
        """
        number, amount, expected = leads
        if not number:
            number, amount = orders
            texts = self.env._("Quotation: %(amount)s"), self.env._("%(number)s quotations: %(amount)s")
        elif expected:
            texts = (
                self.env._("Open: %(amount)s, %(percent)s %% likely"),
                self.env._("%(number)s opportunities: %(amount)s"),
            )
        else:
            texts = self.env._("Open: %(amount)s"), self.env._("%(number)s opportunities: %(amount)s")
        return bool(number) and texts[number > 1] % {
            "number": number,
            "amount": format_amount(self.env, amount, self.currency_id, trailing_zeroes=False),
            "percent": round(100 * expected / amount) if amount else 0,
        }

    def _open_domain(self, companies):
        return [
            ("company_id", "in", companies), ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
        ]

    def _open_orders(self):
        """Return {(company, customer): (number, untaxed amount)} of the open quotations that may be read."""
        found = defaultdict(lambda: (0, 0.0))
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return found
        for company, contact, currency, number, amount in orders._read_group(
            [*OPEN_ORDERS, *self._open_domain(self.company_id.ids)],
            ["company_id", "partner_id", "currency_id"], ["__count", "amount_untaxed:sum"],
        ):
            key = company, contact.commercial_partner_id
            known, total = found[key]
            today = fields.Date.context_today(self)
            found[key] = known + number, total + currency._convert(amount, company.currency_id, company, today)
        return found

    def _open_leads(self):
        """Return {(company, customer): (number, expected revenue, the same by probability)}.

        An opportunity of no company is one of each.
        """
        found = defaultdict(lambda: (0, 0.0, 0.0))
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return found
        for company, contact, *sums in leads._read_group(
            [*OPEN_LEADS, *self._open_domain([*self.company_id.ids, False])],
            ["company_id", "partner_id"], ["__count", "expected_revenue:sum", "prorated_revenue:sum"],
        ):
            for one in company or self.company_id:
                key = one, contact.commercial_partner_id
                found[key] = tuple(map(sum, zip(found[key], sums, strict=True)))
        return found

    def action_view_open_quotations(self):
        """Open the customer's quotation, or the list of them."""
        return self._action_open_documents(
            "sale.action_quotations_with_onboarding", [*OPEN_ORDERS, *self._open_domain(self.company_id.ids)],
            default_partner_id=self.partner_id.id,
        )

    def action_view_open_opportunities(self):
        """Open the customer's opportunity, or the list of them."""
        return self._action_open_documents(
            "crm.crm_lead_opportunities", [*OPEN_LEADS, *self._open_domain([self.company_id.id, False])],
            default_partner_id=self.partner_id.id, default_type="opportunity",
        )

    def action_view_open_business(self):
        """Open what :attr:`open_business` tells of."""
        self.ensure_one()
        if self._open_leads():
            return self.action_view_open_opportunities()
        return self.action_view_open_quotations()

    def _action_open_documents(self, xmlid, domain, **context):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid) | {"domain": domain, "context": context}
        records = self.env[action["res_model"]].search(domain, limit=2)
        if len(records) == 1:
            action |= {"res_id": records.id, "views": [(False, "form")]}
        return action
