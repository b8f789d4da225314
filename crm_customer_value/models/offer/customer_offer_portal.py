"""What customers read of products they may also need, and what they say of them, on the portal."""

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, mute_logger, plaintext2html

from ...engine.offer import neighbours

# Key of the context in which only what customers may know of is offered.
ON_PORTAL = "customer_offer_on_portal"
# More than this is a catalogue, and nobody reads it.
MOST_SHOWN = 6


class CustomerOffer(models.Model):
    _inherit = "customer.offer"

    date_asked = fields.Date(
        "Asked For on the Portal", readonly=True, copy=False, help="On this day the customer asked for an offer."
    )

    def _asked_text(self):
        """Return in words that the customer asked for this offer (one) on the portal, or nothing."""
        if not self.date_asked or self.date_asked < self.date:
            # Nobody asked, or it was offered again since.
            return ""
        return self.env._("Asked for on the portal on %(day)s", day=format_date(self.env, self.date_asked))

    # ---- what may be shown ---------------------------------------------------------------------

    @api.model
    def _offerable(self, company):
        offerable = super()._offerable(company)
        if not self.env.context.get(ON_PORTAL):
            return offerable
        products = self.env["product.product"].with_context(active_test=False)
        return products._search(Domain("id", "in", offerable) & self._portal_domain(company))

    @api.model
    def _portal_domain(self, company):
        """Return which products customers may know of: those that were chosen for it, and that many others have.

        What few bought may have been made for them. Extension point.
        """
        # sudo: customers may not read who bought what.
        bought = self.env["customer.product.buyers"].sudo()._search([
            ("company_id", "=", company.id), ("customers", ">=", neighbours.LEAST_IN_COMMON),
        ])
        domain = Domain("product_tmpl_id.is_offered_on_portal", "=", True)
        domain &= Domain("id", "in", bought.subselect("product_id"))
        if "is_published" in self.env["product.template"]._fields:
            # With a shop on the website, what is not published there is nowhere.
            domain &= Domain("product_tmpl_id.is_published", "=", True)
        return domain

    @api.model
    def _customer_best(self, customer, company):
        """Return the proposals that a customer reads, best first; to be called as superuser."""
        shown = self.with_company(company).with_context(allowed_company_ids=company.ids, **{ON_PORTAL: True})
        return shown._best(customer, MOST_SHOWN, company.with_env(shown.env)).get(customer.id, [])

    @api.model
    def _customer_offers(self, customer, company):
        """Return what a customer reads of each product; to be called as superuser.

        Neither how many others have it, nor what it brought them: only what goes with what they bought themselves.
        """
        proposals = self._customer_best(customer, company)
        products = self.env["product.product"].with_context(display_default_code=False)
        shown = products.browse([proposal.product_id for proposal in proposals])
        # Read all at once.
        together = {*shown.ids, *(proposal.because_id for proposal in proposals if proposal.because_id)}
        return [
            {
                "id": product.id,
                "name": product.display_name,
                "text": product.description_sale or "",
                "image": product.image_256,
                "because": self.env._("Often bought together with “%(product)s”, which you have.", product=(
                    products.browse(proposal.because_id).with_prefetch(together) if proposal.because_id
                    else products.product_tmpl_id.browse(proposal.optional_of_id)
                ).display_name),
            }
            for proposal, product in zip(proposals, shown.with_prefetch(together), strict=True)
        ]

    @api.model
    def _customer_asked(self, customer, company):
        """Return what a customer has asked an offer for and has not bought yet, the latest first."""
        return self.search([
            ("company_id", "=", company.id), ("commercial_partner_id", "=", customer.id),
            ("state", "=", "offered"), ("date_asked", "!=", False),
        ])

    @api.model
    def _customer_refusals(self):
        """Return the reasons that a customer chooses from."""
        return {
            "need": self.env._("We do not need it"),
            "supplier": self.env._("We get it from somebody else"),
            "unsuitable": self.env._("It does not suit us"),
            "price": self.env._("It is too expensive for us"),
            "other": self.env._("Another reason"),
        }

    @api.model
    def _category_choice(self, company, own, known, number=1):
        # The names of categories are ours, not made for customers.
        return [] if self.env.context.get(ON_PORTAL) else super()._category_choice(company, own, known, number)

    # ---- what customers say --------------------------------------------------------------------

    @api.model
    def _ask_by_customer(self, partner, product_id, company):
        """Note that a customer wants an offer, and make an opportunity of it; to be called as superuser.

        However often they ask, there is one opportunity: until the product is bought, or refused.

        :param partner: the contact who asks
        :param int product_id: has to be shown to them
        :return: whether they have asked for it, now or before
        """
        customer = partner.commercial_partner_id
        if product_id in self._customer_asked(customer, company).product_id.ids:
            return True
        offer = self._note_answer(partner, product_id, company)
        if not offer:
            return product_id in self._customer_asked(customer, company).product_id.ids
        offer.write({"date_asked": fields.Date.context_today(self)})
        user = offer.user_id
        lang = user.lang or offer.company_id.partner_id.lang
        speaking = self.with_context(lang=lang, mail_create_nosubscribe=True).env
        name = offer.with_env(speaking).product_id.display_name
        speaking["crm.lead"].create({
            "name": speaking._("Offer asked for: %(product)s", product=name),
            "type": "opportunity",
            "partner_id": partner.id,
            "company_id": company.id,
            "user_id": user.id,
            "description": plaintext2html(speaking._(
                "%(contact)s asked on the portal for an offer of %(product)s.", contact=partner.name, product=name
            )),
        })
        return True

    @api.model
    def _refuse_by_customer(self, partner, product_id, company, refusal):
        """Note that a customer does not want a product; to be called as superuser.

        :param int product_id: has to be shown to them
        :param str refusal: of :meth:`_customer_refusals`
        :return: whether it was shown to them
        """
        offer = self._note_answer(partner, product_id, company)
        if not offer:
            return False
        speaking = self.with_context(lang=offer.user_id.lang or offer.company_id.partner_id.lang).env
        offer._refuse(refusal, speaking._("%(contact)s said so on the portal.", contact=partner.name))
        return True

    @api.model
    def _note_answer(self, partner, product_id, company):
        """Return the record of a product that a customer speaks of, or none where it is not shown to them."""
        customer = partner.commercial_partner_id
        proposals = [one for one in self._customer_best(customer, company) if one.product_id == product_id]
        try:
            # Of two clicks at the same moment, the database takes one.
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                offer = self._offer(customer, proposals)
                offer.write({"user_id": self._customer_salesperson(partner, company).id, "date_asked": False})
                return offer
        except UniqueViolation:
            return self.browse()

    @api.model
    def _customer_salesperson(self, partner, company):
        """Return who of us sells to a contact in a company, or nobody."""
        users = partner.user_id | partner.commercial_partner_id.user_id
        return users.filtered(lambda user: user.active and not user.share and company in user.company_ids)[:1]
