from odoo.tests import tagged

from .acquisition_case import AcquisitionCase


@tagged("post_install", "-at_install")
class TestBest(AcquisitionCase):
    """What the fifth with the highest lifetime value has in common."""

    def test_typical_of_the_best(self):
        """10 of 12 best are of the fair, against 10 of 48 others: 0.8333 / 0.2083 = 4 times as frequent."""
        customers = self._bought([100] * 20, self.fair) | self._bought([100] * 40, self.web)
        self._recompute()
        fair, web = customers[:20], customers[20:]
        for number, customer in enumerate(fair[:10] | web[:2] | fair[10:] | web[2:]):
            self.env.cr.execute(
                "UPDATE customer_value SET lifetime_value = %s WHERE partner_id = %s", (1000 - number, customer.id)
            )
        self.env["customer.value"].invalidate_model()
        estimate = self.estimates._learn(self.company)
        found = {group.key: group for group in estimate.group_ids if group.trait == "source"}
        group = found[self.fair.id]
        self.assertEqual((group.best, group.others, group.lift, group.is_typical), (10, 10, 4, True))
        self.assertEqual((group.best_share, group.others_share), (83.3, 20.8))
        self.assertLess(group.difference_low, 62.5)
        self.assertGreater(group.difference_low, 0)
        self.assertFalse(found[self.web.id].is_typical)
        leads = self._lead(source_id=self.fair.id) | self._lead(source_id=self.web.id)
        self.assertEqual(leads.mapped("best_traits"), [1, 0])
        self.assertEqual(leads.search([("id", "in", leads.ids), ("best_traits", ">", 0)]), leads[0])

    def test_prospects_like_the_best(self):
        """By what is known of a contact: here the country."""
        good, other = self.env.ref("base.de"), self.env.ref("base.fr")
        customers = self._bought([100] * 20, country_id=good.id) | self._bought([100] * 40, country_id=other.id)
        self._recompute()
        for number, customer in enumerate(customers):
            self.env.cr.execute(
                "UPDATE customer_value SET lifetime_value = %s WHERE partner_id = %s", (1000 - number, customer.id)
            )
        self.env["customer.value"].invalidate_model()
        self.estimates._learn(self.company)
        prospects = self.env["customer.value"].create([
            {"company_id": self.company.id, "partner_id": self._partner("Prospect", country_id=country.id).id}
            for country in (good, other)
        ])
        self.assertEqual(prospects.mapped("is_like_best"), [True, False])
        for user in (self.boss, self.seller):
            found = prospects.with_user(user).search([("id", "in", prospects.ids), ("is_like_best", "=", True)])
            self.assertEqual(found, prospects[:1])

    def test_few_customers_have_nothing_in_common(self):
        self._bought([100] * 20, self.fair)
        self._recompute()
        self.assertFalse(self.estimates._learn(self.company).group_ids.filtered("best"))
