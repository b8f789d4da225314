from odoo.tests import tagged

from .need_case import NeedCase


@tagged("post_install", "-at_install")
class TestAttackDemand(NeedCase):
    """The order of what is wanted most tells nobody what a colleague's customer buys for."""

    def _place(self, user, category):
        self.env.invalidate_all()
        demands = self._as(user, self.env["customer.need.demand"])
        rows = demands.search([("company_id", "=", self.company.id), ("type_id", "=", self.calm.id)])
        return rows.product_categ_id.ids.index(category.id)

    def test_sums_with_own_customers(self):
        """Own customers in one row with the hidden one: the order changes nowhere near what is missing to a band.

        The kiosk buys for 620. Beside a row of 1000, own customers of 300 and of 400 would make the first of two sums
        stay below and the second one reach it, which tells that the kiosk is between 600 and 700.
        """
        self._order(self.kiosk, 10, 620.0, user_id=self.colleague.id)
        yardstick, probed = self.env["product.category"].create([{"name": "Yardstick"}, {"name": "Probed"}])
        known = self._partner("Known", user_id=self.seller.id)
        self._order(known, 10, 1000.0, user_id=self.seller.id)
        # What is noted first comes first of two that are alike.
        self._need(self.kiosk, self.calm, importance=5, product_categ_id=probed.id)
        self._need(known, self.calm, importance=5, product_categ_id=yardstick.id)
        places = {self.seller: [], self.leader: []}
        for amount in (300.0, 330.0, 360.0, 390.0, 420.0, 600.0):
            mine = self._partner(f"Mine {amount}", user_id=self.seller.id)
            self._order(mine, 10, amount, user_id=self.seller.id)
            self._recompute()
            probe = self._need(mine, self.calm, importance=5, product_categ_id=probed.id)
            for user, found in places.items():
                found.append(self._place(user, probed))
            probe.unlink()
        self.assertEqual(places[self.leader], [1, 1, 1, 0, 0, 0])
        # 316 for the kiosk and as much, or 100, for an own customer: never 1000.
        self.assertEqual(places[self.seller], [1, 1, 1, 1, 1, 1])
