import random

from ..common import CustomerValueCase


class OutlookCase(CustomerValueCase):
    """Companies with purchases enough, or not, to predict from."""

    @classmethod
    def _buy(cls, purchases, company=None):
        """Import purchases: {partner: [(days ago, amount, margin or None)]}."""
        cls.env["customer.purchase.history"].create([
            {
                "company_id": (company or cls.company).id, "partner_id": partner.id, "date": cls._day(ago),
                "amount": amount, "has_margin": margin is not None, "margin": margin or 0.0,
            }
            for partner, rows in purchases.items() for ago, amount, margin in rows
        ])

    @classmethod
    def _shoppers(cls, number, seed=1, first=(20, 700), gaps=(15, 30, 60, 120), margin=0.5):
        """Return purchases of customers who come at random and leave at random, for :meth:`_buy`."""
        pick = random.Random(seed)
        purchases = {}
        for partner in cls.env["res.partner"].create([{"name": f"Shopper {seed}/{n}"} for n in range(number)]):
            ago, gap, rows = pick.randrange(*first), pick.choice(gaps), []
            while ago >= 0:
                amount = round(pick.uniform(10, 90), 2)
                rows.append((ago, amount, None if margin is None else round(amount * margin, 2)))
                if pick.random() < 0.15:
                    break
                ago -= 1 + int(pick.expovariate(1 / gap))
            purchases[partner] = rows
        return purchases

    def _values(self, company=None):
        """Return the values of a company as {partner: value}."""
        found = self.env["customer.value"].search([("company_id", "=", (company or self.company).id)])
        return {value.partner_id: value for value in found}

    def assert_sane(self, values):
        """No number of any of these predictions is out of its bounds."""
        for value in values:
            for share in (value.probability_alive, value.probability_active_12m, value.churn_risk):
                self.assertTrue(0 <= share <= 1, share)
            for number in (value.expected_purchases_12m, value.clv_12m):
                self.assertTrue(0 <= number < 1e9, number)
            if value.has_prediction:
                self.assertNotEqual(value.clv_method, "none")
                self.assertIn(value.clv_confidence, ("high", "low"))
                self.assertIn(value.churn_level, ("low", "medium", "high"))
                dates = (value.next_purchase_from, value.expected_next_purchase_date, value.next_purchase_to)
                self.assertTrue(not any(dates) or dates == tuple(sorted(dates)), dates)
            else:
                self.assertEqual((value.clv_method, value.clv_confidence), ("none", False))
                self.assertFalse(value.clv_12m or value.churn_level or value.expected_next_purchase_date)
