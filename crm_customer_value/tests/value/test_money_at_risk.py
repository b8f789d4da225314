from odoo.tests import tagged

from ..satisfaction_case import SatisfactionCase


@tagged("post_install", "-at_install")
class TestMoneyAtRisk(SatisfactionCase):
    """What is not predicted is no zero: the rhythm says what may be lost, the window what is at stake."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Everybody buys every 20 days: the typical gap is 20, with the company's as without it.
        cls.late, cls.punctual = cls._partner("Late"), cls._partner("Punctual")
        for day in (190, 210, 230):
            cls._order(cls.late, day, 100.0, cost=60.0)
        for day in (10, 30, 50):
            cls._order(cls.punctual, day, 100.0, cost=60.0)
        cls.unknown = cls._partner("Unknown margin")
        cls.env["customer.purchase.history"].create([
            {"company_id": cls.company.id, "partner_id": cls.unknown.id, "date": cls._day(day), "amount": 50.0}
            for day in (40, 60)
        ])
        cls.gone = cls._partner("Bought nothing lately")
        for day in (400, 420):
            cls._order(cls.gone, day, 100.0, cost=60.0)

    def test_estimated_from_rhythm(self):
        """Silent 190 days at a gap of 20: 9.5 times as usual, so 1 - 1 / 9.5 = 0.8947 of a margin of 120."""
        self._recompute()
        for partner, amount, basis in (
            (self.late, 107.36, "rhythm"),
            (self.punctual, 0.0, "rhythm"),
            # Twice the usual silence is half of the revenue of 100.
            (self.unknown, 50.0, "rhythm_revenue"),
            (self.gone, 0.0, "rhythm"),
        ):
            value = self._value(partner)
            self.assertEqual(value.typical_gap, 20.0)
            self.assertEqual((value.value_at_risk, value.value_at_risk_basis), (amount, basis), partner.name)
        self.assertEqual(self._value(self.late).cadence_ratio, 9.5)
        self.assertTrue(self._value(self.late).is_silent)
        self.assertTrue(self._value(self.unknown).is_silent, "from twice the usual gap on")
        self.assertFalse(self._value(self.punctual).is_silent)
        values = self.env["customer.value"]
        of_company = [("company_id", "=", self.company.id)]
        self.assertEqual(
            values.search([*of_company, ("is_silent", "=", True)]).partner_id, self.late | self.unknown | self.gone
        )
        self.assertEqual(values.search([*of_company, ("is_silent", "=", False)]).partner_id, self.punctual)

    def test_nothing_known_is_empty(self):
        """A single customer with a single purchase has no rhythm; a prospect has no money."""
        company = self._make_company("Nothing Known")
        only, prospect = self._partner("Only"), self._partner("Prospect")
        self._order(only, 40, 100.0, company=company)
        self._order(prospect, 4, 100.0, company=company, state="draft")
        self._recompute(company)
        self.assertIs(self._value(prospect, company).value_at_risk, False)
        self.assertFalse(self._value(prospect, company).value_at_risk_basis)
        value = self._value(only, company)
        self.assertTrue(value.has_prediction, "the simple rule takes nobody for late whose rhythm is unknown")
        self.assertIs(value.value_at_risk, False)
        self.assertFalse(value.value_at_risk_basis)

    def test_stake_is_what_is_known(self):
        """Expected; else the margin of the window, or the revenue; else the order; else nothing."""
        self._recompute()
        complaints = {
            name: self._complain(partner, **values)
            for name, partner, values in (
                ("margin", self.late, {}),
                ("revenue", self.unknown, {}),
                ("order", self.gone, {"order_id": self._order(self.gone, 420, 75.0).id}),
                ("nothing", self._partner("Stranger"), {}),
            )
        }
        self.env["customer.value"].search([]).write({"has_prediction": False})
        self.env["customer.complaint"]._refresh_stakes(self.company, {})
        self.assertEqual(
            {name: complaint.amount_at_stake for name, complaint in complaints.items()},
            {"margin": 120.0, "revenue": 100.0, "order": 75.0, "nothing": False},
        )
        self.assertIs(complaints["nothing"].amount_at_stake, False)
        # What is not known comes last within its band of the queue, and is no zero.
        found = self.env["customer.complaint"].search([("company_id", "=", self.company.id)])
        self.assertEqual(found[-1], complaints["nothing"])
        late = self._value(self.late)
        late.write({"has_prediction": True, "clv_12m": 12.5})
        complaints["margin"].partner_id = self.unknown
        complaints["margin"].partner_id = self.late
        self.assertEqual(complaints["margin"].amount_at_stake, 12.5)

    def test_stake_follows_the_order(self):
        self._recompute()
        complaint = self._complain(self._partner("Stranger"))
        self.assertIs(complaint.amount_at_stake, False)
        complaint.order_id = self._order(complaint.partner_id, 3, 80.0, state="draft")
        self.assertEqual(complaint.amount_at_stake, 80.0)
