from odoo import api, fields, models

from ..base.number_fields import Float, Integer, Monetary
from ..value.customer_value import AMOUNT_GROUP


class CustomerOfferProposal(models.Model):
    """What was proposed for a customer, or would have been: the best product of the night.

    One record for a customer and product, from the first night on. By it, customers who could be offered something are
    compared with those who are held out: whoever was talked to was chosen by a salesperson, and is no fair comparison.
    """

    _name = "customer.offer.proposal"
    _description = "Proposal for a Customer"
    _inherit = ["customer.guarded.mixin", "customer.unknown.last.mixin"]
    _order = "date_first desc, id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="cascade")
    because_id = fields.Many2one("product.product", "Because Of", readonly=True, index=True, ondelete="cascade")
    because_category_id = fields.Many2one(
        "product.category", "Because of the Category", readonly=True, index="btree_not_null", ondelete="cascade",
        help="The category of this customer that speaks for it most, where no product does.",
    )
    in_common = Integer("Customers of Both", readonly=True)
    customers = Integer("Customers of That Product", readonly=True)
    confidence = Float(
        digits=(16, 3), readonly=True, aggregator="avg",
        help="Of customers who bought the one product, at least this share buys the other one, from 0 to 1: the lower "
        "end of the 95 % interval.",
    )
    expected_margin = Monetary(
        readonly=True, optional=True, groups=AMOUNT_GROUP, exportable=False,
        help="The mean margin of a line with this product, times the share of customers who buy it. Empty: not known.",
    )
    date_first = fields.Date("First Proposed On", required=True, readonly=True)
    date = fields.Date("Last Proposed On", required=True, readonly=True)
    is_current = fields.Boolean("Best Today", readonly=True, help="It is the best proposal of the last night.")
    is_held_out = fields.Boolean("Held Out", readonly=True, help="It was not shown, so that there is a comparison.")
    is_compared = fields.Boolean(
        "Counts in the Result", readonly=True,
        help="The customer could have been held out. Key customers never are, nor is anybody under 200 customers.",
    )
    result = fields.Selection(
        [("bought", "Bought"), ("not", "Not Bought")], "After 90 Days", readonly=True,
        help="Whether the customer bought the product within 90 days. Empty: they are not over yet.",
    )
    bought_on = fields.Date(readonly=True)

    _product_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id, product_id)", "A product is proposed for a customer once."
    )
    _current_uniq = models.UniqueIndex("(company_id, partner_id) WHERE is_current")
    _due_idx = models.Index("(company_id, date_first) WHERE result IS NULL")

    @api.depends("product_id", "partner_id.name")
    def _compute_display_name(self):
        for proposal in self:
            names = (proposal.partner_id.name, proposal.product_id.display_name)
            proposal.display_name = ": ".join(filter(None, names))
