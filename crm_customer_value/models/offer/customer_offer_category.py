"""What to offer by category, where too few customers bought the same products."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.care import effect
from ...engine.offer import categories, choice, neighbours
from .customer_offer_best import Proposal


class CustomerOffer(models.Model):
    _inherit = "customer.offer"

    because_category_id = fields.Many2one(
        "product.category", "Because of the Category", readonly=True, copy=False, ondelete="set null",
        index="btree_not_null", help="The category of this customer that speaks for it most.",
    )

    @api.model
    def _category_choice(self, company, own, known, number=1):
        """Return what to offer by category: [(customer, product, category of the customer, in common, customers)].

        Of a category that a customer has nothing of, and that goes best with those they have, it is the product that
        most customers bought in the last 90 days. By customer, and then the best first.

        :param SQL own: what they have: customer_id, item_id
        :param SQL known: customer_id, item_id: what is not offered to whom, what they have among it
        :param int number: how many for each customer, at the most
        """
        buyers = SQL(
            "SELECT product_id, recent_customers FROM customer_product_buyers WHERE company_id = %s", company.id
        )
        sellers = dict(self.env.execute_query(categories.best_sellers_sql(
            buyers, self._offerable(company).subselect(), neighbours.LEAST_IN_COMMON
        )))
        if not sellers:
            return []
        near = SQL(
            """SELECT category_id AS item_id, other_id, score, in_common, customers
                 FROM customer_category_neighbour
                WHERE company_id = %s AND category_id = ANY(%s) AND in_common >= %s""",
            company.id, list(sellers), company.sudo().offer_least_in_common,  # sudo: it counts for everybody
        )
        chosen = self.env.execute_query(choice.choice_sql(
            categories.in_categories_sql(own), near, categories.in_categories_sql(known), number
        ))
        return [
            (customer_id, sellers[category_id], *because)
            for customer_id, category_id, _points, _place, *because in chosen
        ]

    @api.model
    def _fill_by_category(self, found, company, own, known, number):
        """Add what to offer by category, where there is less to offer to a customer than was asked for.

        :param dict found: {customer id: [:class:`Proposal`]}, to which is added
        """
        if all(len(proposals) >= number for proposals in found.values()):
            return
        for customer_id, product_id, *because in self._category_choice(company, own, known, number):
            proposals = found[customer_id]
            if len(proposals) < number and product_id not in [proposal.product_id for proposal in proposals]:
                proposals.append(self._category_proposal(company, product_id, *because))

    @api.model
    def _category_proposal(self, company, product_id, category_id, in_common, customers):
        """Return the :class:`Proposal` of a product by category.

        Who buys from a category may buy another product of it: what margin to expect is not known.
        """
        category = self.env["product.category"].browse(category_id)
        product = self.env["product.product"].browse(product_id)
        return Proposal(
            company.id, product_id, False, in_common, customers, effect.wilson(in_common, customers)[0], False, False,
            self.env._(
                "%(in_common)s of %(customers)s customers who bought “%(category)s” also bought “%(other)s”. This is "
                "what most customers buy of it at present.",
                in_common=in_common, customers=customers, category=category.name, other=product.categ_id.name,
            ),
            because_category_id=category_id,
        )
