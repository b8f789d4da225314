from odoo import api, fields, models

from ...engine.acquisition import traits
from ..base.number_fields import Float, Integer, Monetary

# Whose records the keys of a trait are; the others are written in words.
MODELS = {
    "source": "utm.source", "industry": "res.partner.industry", "category": "product.category",
    "country": "res.country",
}


class CustomerLeadGroup(models.Model):
    """Customers of one kind: from one source, one country, one industry and so on. Written at night."""

    _name = "customer.lead.group"
    _description = "Group of New Customers"
    _inherit = ["customer.guarded.mixin", "customer.unknown.last.mixin"]
    _order = "trait, customers desc, id"

    estimate_id = fields.Many2one(
        "customer.lead.estimate", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="estimate_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    trait = fields.Selection(
        [
            ("source", "Source"), ("referred", "Recommendation"), ("industry", "Industry"),
            ("category", "First Bought"), ("kind", "Company or Person"), ("country", "Country"),
        ],
        required=True, readonly=True,
    )
    key = Integer("Number of the Group", required=True, readonly=True, aggregator=None)
    name = fields.Char("Group", compute="_compute_name")
    customers = Integer(
        readonly=True, optional=True,
        help="Customers of this group whose first year is over. Empty: fewer than 5.",
    )
    mean = Monetary(
        "Mean of a First Year", readonly=True, optional=True, aggregator="avg",
        help="What a customer of this group brought in the 365 days from the first purchase on.",
    )
    effect = Monetary(
        "Counts on Leads", readonly=True, aggregator=None,
        help="What is added to the mean of all customers for a lead of this group. The fewer customers, and the less "
        "groups differ, the closer to 0. What the groups above explain already does not count again.",
    )
    best = Integer(
        "Best Customers", readonly=True, optional=True,
        help="How many of the fifth of the customers with the highest lifetime value are in this group.",
    )
    others = Integer("Other Customers", readonly=True, optional=True)
    best_share = Float(
        "Best Customers (%)", digits=(16, 1), readonly=True, optional=True, aggregator=None,
        help="Of 100 customers of the best fifth, how many are in this group.",
    )
    others_share = Float(
        "Other Customers (%)", digits=(16, 1), readonly=True, optional=True, aggregator=None,
        help="Of 100 of the other customers, how many are in this group.",
    )
    lift = Float(
        "Times as Frequent", digits=(16, 2), readonly=True, optional=True, aggregator=None,
        help="Share of this group among the best, divided by its share among the others. Empty: none of the others is "
        "in it.",
    )
    difference_low = Float(
        "Difference at Least (points)", digits=(16, 1), readonly=True, optional=True, aggregator=None,
        help="How many more of 100 best customers are in this group than of 100 others: at least, with a certainty "
        "of 95 %.",
    )
    difference_high = Float(
        "Difference at Most (points)", digits=(16, 1), readonly=True, optional=True, aggregator=None,
    )
    is_typical = fields.Boolean(
        "Typical of the Best", readonly=True,
        help="At least 5 of the best are in it, and it is more frequent among them with a certainty of 95 %. With many "
        "groups, one of 40 seems so by chance.",
    )

    _key_uniq = models.Constraint("UNIQUE(estimate_id, trait, key)", "A group is kept once.")

    @api.depends("trait", "key")
    @api.depends_context("lang")
    def _compute_name(self):
        names = {
            ("referred", traits.YES): self.env._("Brought by somebody"),
            ("referred", traits.NO): self.env._("Came by themselves"),
            ("kind", traits.COMPANY): self.env._("Company"),
            ("kind", traits.PERSON): self.env._("Person"),
        }
        for trait, found in self.grouped("trait").items():
            if trait not in MODELS:
                continue
            # sudo: the name of a source or of a product category is no secret.
            records = self.env[MODELS[trait]].sudo().browse(found.mapped("key")).exists()
            names.update({(trait, record.id): record.display_name for record in records})
        for group in self:
            group.name = names.get((group.trait, group.key), self.env._("Deleted"))

    @api.depends("trait", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["trait"]._description_selection(self.env))
        for group in self:
            group.display_name = f"{labels.get(group.trait, '')}: {group.name}"
