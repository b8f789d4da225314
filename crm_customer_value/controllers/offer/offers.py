"""Products that customers may also need, on the portal."""

from odoo.http import request, route

from ..benefit.benefit_pages import NOTICE, BenefitPages

HOME = "/my/offers"


class OfferPages(BenefitPages):
    """What a customer may need, by what their own family bought; whatever is sent is looked up among that."""

    def _sees_offers(self):
        """Tell whether there is such a page for whoever is signed in.

        Employees have their own screens. Customers who are held out are offered nothing, to know what others would
        have bought by themselves.
        """
        user, company = request.env.user, request.env.company
        # sudo: customers may not read the settings of a company.
        if user._is_internal() or user._is_public() or not company.sudo().offer_portal:
            return False
        return bool(self._offers()._offered_customers(self._family(), company))

    def _offers(self):
        # sudo: customers have no rights on what offers are made of; what they read is named in _customer_offers.
        return request.env["customer.offer"].sudo().with_context(tz=request.env.user.tz)

    def _open_offers(self):
        """Return offers as superuser.

        :raise NotFound: where there is no such page for whoever is signed in
        """
        if not self._sees_offers():
            raise request.not_found()
        return self._offers()

    def _prepare_portal_layout_values(self):
        return {**super()._prepare_portal_layout_values(), "sees_offers": self._sees_offers()}

    @route(HOME, type="http", auth="user", website=True, sitemap=False, methods=["GET"])
    def portal_my_offers(self, **kw):
        """Show what the customer may need, and what they have asked for."""
        offers, family, company = self._open_offers(), self._family(), request.env.company
        asked = offers._customer_asked(family, company)
        return request.render("crm_customer_value.portal_my_offers", {
            **self._prepare_portal_layout_values(),
            "page_name": "offers",
            "notice": request.session.pop(NOTICE, None),
            "offers": offers._customer_offers(family, company),
            "asked": asked.product_id.with_context(display_default_code=False).mapped("display_name"),
            "refusals": offers._customer_refusals(),
        })

    @route(f"{HOME}/<int:product_id>/ask", type="http", auth="user", website=True, sitemap=False, methods=["POST"])
    def portal_offer_ask(self, product_id, **post):
        """Ask for an offer of a product."""
        offers = self._open_offers()
        if full := self._take_room("account_offer"):
            return self._say(full, "warning", HOME)
        if not offers._ask_by_customer(self._myself(offers.env), product_id, request.env.company):
            return self._say_gone(HOME)
        return self._say(request.env._("Thank you. We will send you an offer."), url=HOME)

    @route(f"{HOME}/<int:product_id>/refuse", type="http", auth="user", website=True, sitemap=False, methods=["POST"])
    def portal_offer_refuse(self, product_id, refusal="", **post):
        """Say that a product is of no interest."""
        offers = self._open_offers()
        if refusal not in offers._customer_refusals():
            return self._say(request.env._("Please choose a reason from the list."), "warning", HOME)
        if full := self._take_room("account_offer"):
            return self._say(full, "warning", HOME)
        if not offers._refuse_by_customer(self._myself(offers.env), product_id, request.env.company, refusal):
            return self._say_gone(HOME)
        return self._say(request.env._("Thank you for telling us. You will not see this product for now."), url=HOME)
