from odoo.tests import tagged

from .gain_case import GainCase
from .offer_portal_case import OfferPortalCase


@tagged("post_install", "-at_install")
class TestPortalOfferGain(OfferPortalCase, GainCase):
    """Customers read nothing of what others gained."""

    def test_nothing_of_it_on_the_portal(self):
        """Neither a word nor the order: others gained by the chair, and the lamp stays first."""
        self._login(self.anna)
        before = self._page()
        self._measure(self.chair, *[1200] * 11)
        self._measure(self.desk, *[500] * 11)
        self._count_gains()
        panel = self.mill.with_user(self.seller).with_company(self.company).get_offers()["offers"]
        self.assertEqual([line["name"] for line in panel], ["Chair", "Lamp", "Rug"][:len(panel)])
        self.assertIn("gained about $\u00a01,200", panel[0]["reason"])
        html = self._page()
        self.assertEqual(self._names(html), ["Lamp", "Chair"])
        self.assertEqual(self._names(html), self._names(before))
        for secret in ("gained", "1,200", "500", "11 customers", "12 months", "average"):
            self.assertNotIn(secret, html.split("<main", 1)[-1].split("</main", 1)[0])

    def test_nothing_is_told_to_them(self):
        """Not by what the portal is made of, which reads as superuser, either."""
        self._measure(self.chair, *[1200] * 11)
        self._count_gains()
        gains = self.env["customer.product.gain"]
        self.assertEqual(gains.with_user(self.anna).sudo()._told(self.company), {})
        self.assertEqual(gains.with_user(self.anna)._told(self.company), {})
        offers = self.offers.with_user(self.anna).sudo()
        found = offers._proposals(self.mill.with_env(offers.env), 3, self.company.with_env(offers.env))[self.mill.id]
        self.assertEqual([proposal.product_id for proposal in found], [self.lamp.id, self.chair.id])
        self.assertFalse([proposal.reason for proposal in found if "gained" in proposal.reason])
        for line in offers._customer_offers(self.mill.with_env(offers.env), self.company.with_env(offers.env)):
            self.assertNotIn("gained", line["because"])
