import re

from odoo import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user

from .offer_case import OfferCase


class OfferPortalCase(HttpCase, OfferCase):
    """A customer with a desk, and two contacts of theirs on the portal.

    Of the 14 customers who have a desk, 9 have a lamp, 6 a chair and 4 a rug. Lamp, chair and rug may be shown.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk, cls.lamp, cls.chair, cls.rug = cls._products("Desk", "Lamp", "Chair", "Rug")
        cls.others = cls._together(4, cls.desk, cls.lamp, cls.chair, cls.rug)
        cls.others |= cls._together(2, cls.desk, cls.lamp, cls.chair)
        cls.others |= cls._together(3, cls.desk, cls.lamp)
        cls.others |= cls._together(4, cls.desk)
        for number, customer in enumerate(cls.others):
            customer.name = f"Secret Customer {number}"
        cls.mill = cls.env["res.partner"].create({"name": "Mill", "is_company": True, "user_id": cls.seller.id})
        cls._buy(cls.mill, cls.desk)
        cls.shown = cls.lamp | cls.chair | cls.rug
        cls._publish(cls.shown)
        cls.lamp.description_sale = "It lights up a whole desk."
        cls.anna = cls._portal("offer_anna", cls.mill)
        cls.alex = cls._portal("offer_alex", cls.mill)
        cls.rival = cls.env["res.partner"].create({"name": "Rival", "is_company": True})
        cls.bob = cls._portal("offer_bob", cls.rival)
        cls.company.offer_portal = True
        cls._night()
        cls.env.flush_all()

    @classmethod
    def _publish(cls, products):
        products.product_tmpl_id.is_offered_on_portal = True
        if "is_published" in products.product_tmpl_id._fields:
            products.product_tmpl_id.is_published = True

    @classmethod
    def _portal(cls, login, parent):
        partner = cls.env["res.partner"].create({
            "name": login, "parent_id": parent.id, "email": f"{login}@example.com",
        })
        return new_test_user(
            cls.env, login, groups="base.group_portal", partner_id=partner.id, name=login, email=partner.email,
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _page(self, url="/my/offers", status=200):
        self.env.flush_all()
        response = self.url_open(url)
        self.assertEqual(response.status_code, status, url)
        return response.text

    def _names(self, html=None):
        """Return which products are offered on the page."""
        return re.findall(r'id="offer_\d+"[^>]*>([^<]*)<', html or self._page())

    def _post(self, product, way, status=200, **data):
        """Send an answer with the token, and nothing else that is hidden; return the page that follows."""
        self.env.flush_all()
        product_id = product if isinstance(product, int) else product.id
        response = self.url_open(
            f"/my/offers/{product_id}/{way}", data={"csrf_token": Request.csrf_token(self), **data}
        )
        self.env.invalidate_all()
        self.assertEqual(response.status_code, status)
        return response.text

    def _offers(self):
        return self.env["customer.offer"].search([("company_id", "=", self.company.id)])

    def _leads(self):
        return self.env["crm.lead"].search([("company_id", "=", self.company.id)])
