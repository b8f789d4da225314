from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .pos_case import PosCase


@tagged("post_install", "-at_install")
class TestPosRights(PosCase):
    """Orders of the shop protect the amounts that they are a part of, and give nobody new rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        sales, shop = "sales_team.group_sale_salesman", "base.group_user,point_of_sale.group_pos_user"
        cls.seller = new_test_user(cls.env, "pos_seller", groups=sales, **company)
        cls.all = new_test_user(cls.env, "pos_all", groups=f"{sales}_all_leads", **company)
        cls.cashier = new_test_user(cls.env, "pos_cashier", groups=shop, **company)
        cls.both = new_test_user(cls.env, "pos_both", groups=f"{sales},{shop}", **company)
        cls.shopper = cls._partner("Shopper", user_id=cls.seller.id)
        cls.sale = cls._order(cls.customer, 9, 50.0, user_id=cls.seller.id)
        cls._order(cls.shopper, 9, 50.0, user_id=cls.seller.id)
        cls.receipt = cls._sell([cls._line(100.0)], cls.shopper, user_id=cls.cashier.id)
        cls._recompute()

    def _as(self, user, model="customer.value"):
        return self.env[model].with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _shown(self, user):
        return {
            value.partner_id.sudo().name: value.shown_revenue_total
            for value in self._as(user).search([("company_id", "=", self.company.id)])
        }

    def test_amounts_of_who_bought_in_the_shop(self):
        """Whoever may not read the receipt does not learn what it is about, by a sum either."""
        self.assertEqual(self._shown(self.seller), {"Customer": 50.0, "Shopper": False})
        values = self._as(self.seller)
        self.assertEqual(values._read_group([], [], ["shown_revenue_total:sum"]), [(50.0,)])
        self.assertFalse(values.search([("shown_revenue_total", ">", 100)]))

    def test_amounts_for_who_reads_everything(self):
        self.assertEqual(self._shown(self.all), {"Customer": 50.0, "Shopper": 150.0})

    def test_amounts_for_who_reads_the_receipts(self):
        """The receipt hides nothing from users of the point of sale; a colleague's sales order does."""
        self.sale.user_id = self.both
        self.assertEqual(self._shown(self.both), {"Customer": 50.0, "Shopper": False})
        self.env["sale.order"].search([("partner_id", "=", self.shopper.id)]).user_id = self.both
        self.env.invalidate_all()
        self.assertEqual(self._shown(self.both), {"Customer": 50.0, "Shopper": 150.0})

    def test_list_of_purchases(self):
        def names(user):
            purchases = self._as(user, "customer.value.purchase")
            return set(purchases.search([("partner_id", "=", self.shopper.id)]).mapped("kind"))

        self.assertEqual(names(self.seller), {"order"})
        self.assertEqual(names(self.all), {"order"})
        self.assertEqual(names(self.both), {"pos"})

    def test_the_receipt_is_not_opened_by_its_number(self):
        purchases = self._as(self.seller, "customer.value.purchase")
        number = purchases.sudo()._number(self.receipt)
        self.assertFalse(purchases.search([("id", "=", number)]))
        with self.assertRaises(AccessError):
            purchases.browse(number).action_open_document()

    def test_cashiers_see_no_values(self):
        for model in ("customer.value", "customer.value.purchase", "customer.value.run", "customer.value.mark"):
            with self.assertRaises(AccessError, msg=model):
                self._as(self.cashier, model).search([])

    def test_cashiers_sell(self):
        """A cashier marks customers without any right to do so."""
        self._marked()
        receipt = self._receipt([self._line(100.0)], self.customer)
        self._as(self.cashier, "pos.order").sync_from_ui([receipt])
        order = self.env["pos.order"].search([("uuid", "=", receipt["uuid"])])
        self.assertEqual(order.state, "paid")
        self.assertEqual(self._marked(), {self.customer.id})

    def test_timeline(self):
        """Receipts stand in the timeline of whoever may read them, with the untaxed amount."""
        self._sell([self._line(100.0, tax=self.tax)], self.shopper, user_id=self.cashier.id)
        shopper = self.shopper.with_context(allowed_company_ids=self.company.ids)
        entries = shopper.with_user(self.both).get_timeline(kinds=["pos"])["entries"]
        self.assertEqual([(entry["amount"], entry["text"]) for entry in entries], [("$\u00a0100.00", "Shop")] * 2)
        kinds = shopper.with_user(self.seller).get_timeline()["kinds"]
        self.assertNotIn("pos", [kind["name"] for kind in kinds])
