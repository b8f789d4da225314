"""What customers gained by what is proposed: in the reason, and in the order."""

from odoo import api, models
from odoo.tools import format_amount


class CustomerOffer(models.Model):
    _inherit = "customer.offer"

    @api.model
    def _proposals(self, customers, number, company):
        """Tell what customers gained by what is proposed, and put that first.

        What is proposed stays the same: of the best, those by which customers gain come first, and otherwise the order
        stays as well. A customer who reads their own proposals on the portal is told nothing of it.
        """
        found = super()._proposals(customers, number, company)
        told = self.env["customer.product.gain"]._told(company)
        return {
            customer: sorted(
                (self._with_gain(proposal, told, company) for proposal in proposals),
                key=lambda proposal: not self._is_gain(proposal, told),
            )
            for customer, proposals in found.items()
        } if told else found

    @api.model
    def _is_gain(self, proposal, told):
        """Tell whether customers gain by a proposal: by a better product, more than by the one they have.

        :param dict told: what may be told of products, see ``customer.product.gain._told``
        """
        gain, before = told.get(proposal.product_id), told.get(proposal.because_id)
        return bool(gain and not (proposal.is_better and before and before.mean >= gain.mean))

    @api.model
    def _with_gain(self, proposal, told, company):
        """Return a proposal whose reason tells what customers gained by it, where they did."""
        if not self._is_gain(proposal, told):
            return proposal
        before = told.get(proposal.because_id) if proposal.is_better else None
        # sudo: the customer has this product, whether or not it is sold any longer.
        product = self.env["product.product"].sudo().browse(proposal.because_id if before else ())
        words = self._gain_words(told[proposal.product_id], company, before, product.name)
        return proposal._replace(reason=" ".join(filter(None, (proposal.reason, words))))

    @api.model
    def _gain_words(self, gain, company, before=None, product=""):
        """Return in words what customers gained by a product.

        :param Gain before: by the product that they have, if that is known, with its name ``product``
        """
        names = {
            "gain": self._gain_text(gain, company), "number": gain.customers, "product": product,
            "before": before and self._gain_text(before, company), "others": before and before.customers,
        }
        if before:
            return self.env._(
                "Customers gained about %(gain)s by it in the last 12 months, on average (%(number)s customers), and "
                "%(before)s by “%(product)s” (%(others)s customers).", **names,
            )
        return self.env._(
            "Customers gained about %(gain)s by it in the last 12 months, on average (%(number)s customers).", **names
        )

    @api.model
    def _gain_text(self, gain, company):
        return format_amount(self.env, gain.mean, company.currency_id, trailing_zeroes=False)
