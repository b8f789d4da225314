"""Up-sell: the better product that customers of the same product moved on to."""

from odoo import api, models
from odoo.tools import SQL


class CustomerOffer(models.Model):
    _inherit = "customer.offer"

    @api.model
    def _proposals(self, customers, number, company):
        """Return what to offer to customers, {commercial partner id: [Proposal]}: what customers moved on to, then the
        rest of :meth:`_best`."""
        better = self._better(customers, company)
        found = {}
        for customer, proposals in self._best(customers, number, company).items():
            first = better.get(customer, [])
            chosen = {proposal.product_id for proposal in first}
            found[customer] = [
                *first, *(proposal for proposal in proposals if proposal.product_id not in chosen)
            ][:number]
        return found

    @api.model
    def _better(self, customers, company):
        """Return the better product that customers of a product of theirs moved on to: {customer id: [Proposal]}.

        Of several, one by which customers gain more than by the one they have, where both is known, comes before one
        that only costs more; of those, the one that most customers moved on to.
        """
        self.env.flush_all()
        customers = self._offered_customers(customers, company)
        if not customers:
            return {}
        rows = self.env.execute_query(SQL(
            """SELECT own.customer_id, up.better_id, up.product_id, up.moved, up.customers
                 FROM (%(bought)s) own
                 JOIN customer_product_upgrade up ON up.product_id = own.item_id AND up.company_id = %(company)s
                WHERE own.is_kept AND up.better_id IN %(offered)s AND up.moved >= %(least)s
                  AND (own.customer_id, up.better_id) NOT IN (SELECT customer_id, item_id FROM (%(known)s) known)
                ORDER BY own.customer_id, up.moved::float8 / up.customers DESC, up.moved DESC, up.better_id""",
            bought=self._bought_sql(company, customers), company=company.id,
            offered=self._offerable(company).subselect(),
            least=company.sudo().offer_least_in_common,  # sudo: it counts for everybody
            known=self._known_sql(company, customers, self._offer_day(company)),
        ))
        told = self.env["customer.product.gain"]._told(company)
        chosen = {}
        for customer, product, *because in rows:
            gain, before = told.get(product), told.get(because[0])
            more = bool(gain and before and gain.mean > before.mean)
            if customer not in chosen or more > chosen[customer][0]:
                chosen[customer] = (more, product, because)
        products = self.env["product.product"].browse([product for _more, product, _because in chosen.values()])
        margins = self._mean_margins(company, products)
        found = {}
        for customer, (_more, product, because) in chosen.items():
            proposal = self._proposal(company, product, because, margins, False)
            found[customer] = [proposal._replace(reason=self._better_reason(*because), is_better=True)]
        return found

    @api.model
    def _better_reason(self, because_id, moved, customers):
        """Return in words why a better product is offered."""
        # sudo: the customer has this product, whether or not it is sold any longer.
        product = self.env["product.product"].sudo().browse(because_id)
        return self.env._(
            "%(moved)s of %(customers)s customers who bought “%(product)s” moved on to this.",
            moved=moved, customers=customers, product=product.name,
        )
