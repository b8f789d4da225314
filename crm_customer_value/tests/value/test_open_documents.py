from odoo.tests import new_test_user, tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestOpenDocuments(CustomerValueCase):
    """In place of an index, a prospect has what is open: as far as the user may see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_salesman"
        cls.seller, cls.other = (
            new_test_user(cls.env, login, groups=groups, company_id=cls.company.id,
                          company_ids=[(6, 0, cls.company.ids)])
            for login in ("open_seller", "open_other")
        )
        cls.prospect = cls._partner("Prospect", is_company=True)
        cls.contact = cls._partner("Contact", parent_id=cls.prospect.id)
        cls.env["res.currency.rate"].create({
            "name": cls._day(100), "currency_id": cls.eur.id, "rate": 0.5, "company_id": cls.company.id,
        })
        pricelist = cls.env["product.pricelist"].create({
            "name": "EUR", "currency_id": cls.eur.id, "company_id": False,
        })
        cls.order = cls._order(cls.contact, 3, 100.0, state="sent", user_id=cls.seller.id)
        cls._order(cls.prospect, 3, 50.0, state="draft", user_id=cls.seller.id, pricelist_id=pricelist.id)
        cls._order(cls.prospect, 3, 999.0, state="cancel", user_id=cls.seller.id)
        cls.lead = cls.env["crm.lead"].create({
            "name": "Wish", "type": "opportunity", "partner_id": cls.contact.id, "company_id": cls.company.id,
            "expected_revenue": 18500.0, "user_id": cls.seller.id,
        })
        cls.lead.probability = 78
        cls._recompute()

    def _as(self, user):
        return self._value(self.prospect).with_user(user).with_context(allowed_company_ids=self.company.ids)

    def test_amounts(self):
        """100 in dollars and 50 euro at half a euro a dollar; the opportunity by its probability."""
        value = self._as(self.seller)
        self.assertIs(value.value_index, False)
        self.assertEqual((value.open_quotation_amount, value.open_opportunity_amount), (200.0, 18500.0))
        self.assertEqual((value.open_expected_amount, value.open_probability), (14430.0, 78.0))
        self.assertFalse(value.open_with_others)

    def test_of_colleagues_only_that_there_are_some(self):
        value = self._as(self.other)
        for name in ("open_quotation_amount", "open_opportunity_amount", "open_expected_amount", "open_probability"):
            self.assertIs(value[name], False, name)
        self.assertTrue(value.open_with_others)

    def test_buttons_open_what_was_summed(self):
        value = self._as(self.seller)
        orders = value.action_view_open_quotations()
        self.assertEqual(sum(self.env["sale.order"].search(orders["domain"]).mapped("amount_untaxed")), 150.0)
        leads = value.action_view_open_opportunities()
        self.assertEqual(self.env["crm.lead"].search(leads["domain"]), self.lead)

    def test_nothing_open(self):
        buyer = self._partner("Buyer")
        self._order(buyer, 3, 10.0)
        self._recompute()
        value = self._value(buyer)
        for name in ("open_quotation_amount", "open_opportunity_amount", "open_probability"):
            self.assertIs(value[name], False, name)
        self.assertFalse(value.open_with_others)
