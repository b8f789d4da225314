"""What came of efforts."""

from odoo.tests import tagged

from .rescue_case import RescueCase


@tagged("post_install", "-at_install")
class TestRescue(RescueCase):
    def test_results(self):
        rescues = self.env["customer.rescue"]
        cases = {
            # days since the effort, days since the purchase: result, first purchase
            (91, 1): ("kept", 1),
            (91, 0): ("lost", 0),
            (91, None): ("lost", None),
            (91, 91): ("lost", None),  # the day of the effort does not count
            (90, 1): (False, 1),  # not over yet
            (200, 60): ("lost", 60),
        }
        efforts = {}
        for (ago, bought), _wanted in cases.items():
            customer = self._gone(f"{ago} {bought}")
            efforts[ago, bought] = self._effort(customer, ago)
            if bought is not None:
                self._buys(customer, bought, 100)
        rescues._note_results(self.company)
        for case, (result, bought) in cases.items():
            with self.subTest(case):
                effort = efforts[case]
                self.assertEqual(
                    (effort.result, effort.bought_on), (result, False if bought is None else self._day(bought)),
                )
                # The day of a purchase in time, which is told at once; else the last of the 90 days.
                known = self._day(case[0] - 90) if result == "lost" else effort.bought_on
                self.assertEqual(effort.result_date, known)

    def test_money_of_a_year(self):
        customer = self._gone()
        effort = self._effort(customer, 366)
        self._buys(customer, 300, 100)
        self._buys(customer, 1, 50)
        self._buys(customer, 0, 7000)  # the 366th day
        self.env["customer.rescue"]._note_results(self.company)
        self.assertEqual((effort.margin, effort.revenue), (150, 300))

    def test_no_purchase_counts_for_two_efforts(self):
        """What comes after the next effort counts there, and not for the one before."""
        customer = self._gone()
        first, second = self._effort(customer, 300), self._effort(customer, 100)
        for ago, margin in ((250, 40), (100, 20), (60, 500)):
            self._buys(customer, ago, margin)
        self.env["customer.rescue"]._note_results(self.company)
        self.assertEqual((first.margin, first.result, first.bought_on), (60, "kept", self._day(250)))
        self.assertEqual((second.margin, second.result, second.bought_on), (500, "kept", self._day(60)))

    def test_nothing_bought_is_not_known_as_zero(self):
        effort = self._effort(self._gone(), 100)
        self.env["customer.rescue"]._note_results(self.company)
        self.assertEqual((effort.margin, effort.revenue, effort.result), (False, False, "lost"))

    def test_contacts_of_the_family_count(self):
        customer = self._gone()
        effort = self._effort(customer, 100)
        self._buys(self._partner("Colleague", parent_id=customer.id), 50, 100)
        self.env["customer.rescue"]._note_results(self.company)
        self.assertEqual(effort.result, "kept")

    def test_merged_contacts(self):
        customer, other = self._gone(), self._partner("Same", is_company=True)
        effort = self._effort(customer, 100)
        self.env["base.partner.merge.automatic.wizard"]._merge((customer | other).ids, other)
        self.assertEqual((effort.partner_id, effort.commercial_partner_id), (other, other))

    def test_merged_contacts_with_efforts_of_one_day(self):
        customer, other = self._gone(), self._partner("Same", is_company=True)
        kept, older = self._effort(other, 100), self._effort(customer, 200)
        self._effort(customer, 100)
        self.env["base.partner.merge.automatic.wizard"]._merge((customer | other).ids, other)
        found = self.env["customer.rescue"].search([("company_id", "=", self.company.id)])
        self.assertEqual(found, kept | older)
        self.assertEqual(found.partner_id, other)
