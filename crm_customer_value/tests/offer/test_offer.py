import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .offer_case import OfferCase


@tagged("post_install", "-at_install")
class TestOffer(OfferCase):
    """What became of offers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk, cls.lamp = cls._products("Desk", "Lamp")
        cls._together(6, cls.desk, cls.lamp)
        cls.customer = cls._customers(1)
        cls._buy(cls.customer, cls.desk)
        cls._night()

    def _offered(self, user=None):
        offers = self.offers.with_user(user or self.seller)
        return offers._offer(self.customer.with_env(offers.env), self._best_of(self.customer))

    def test_offered_once(self):
        offer = self._offered()
        self.assertRecordValues(offer, [{
            "partner_id": self.customer.id, "product_id": self.lamp.id, "because_id": self.desk.id, "in_common": 6,
            "customers": 7, "state": "offered", "user_id": self.seller.id, "date": self.today,
        }])
        self.assertEqual(self._best_products(self.customer), [])

    def test_refused_rests_for_a_year(self):
        offer = self._offered()
        offer._refuse("price", "Has one of ours in mind")
        self.assertEqual((offer.state, offer.rest_until), ("refused", self._day(-365)))
        self.assertEqual(self._best_products(self.customer, as_of=self._day(-364)), [])
        self.assertEqual(self._best_products(self.customer, as_of=self._day(-365)), [self.lamp.id])

    def test_later_rests_for_two_months(self):
        offer = self._offered()
        offer._rest()
        self.assertEqual(self._best_products(self.customer, as_of=self._day(-59)), [])
        self.assertEqual(self._best_products(self.customer, as_of=self._day(-60)), [self.lamp.id])

    def test_offered_anew(self):
        offer = self._offered()
        offer._refuse("need")
        proposals = self._best_of(self.customer, as_of=self._day(-365))
        again = self.offers.with_user(self.seller)._offer(self.customer, proposals)
        self.assertEqual(again, offer)
        self.assertRecordValues(again, [{"state": "offered", "refusal": False, "rest_until": self._day(-180)}])

    def test_what_was_bought_was_taken(self):
        """On the day of the offer or later, also what was to wait; not what was bought before."""
        chair, mat = self._products("Chair", "Mat")
        taken, early, resting = self.offers.create([
            {"partner_id": self.customer.id, "product_id": product.id, "company_id": self.company.id,
             "date": self._day(9), **values}
            for product, values in (
                (self.lamp, {}), (chair, {}),
                # Offered before the others: so purchases of that time are looked at.
                (mat, {"state": "resting", "rest_until": self._day(-9), "date": self._day(20)}),
            )
        ])
        branch = self._partner("Branch", parent_id=self.customer.id)
        self._buy(branch, self.lamp | mat, ago=9)
        self._buy(self.customer, self.lamp, ago=4)
        self._buy(self.customer, chair, ago=10)
        self._buy(self.customer, chair, ago=3, amount=-100.0)
        self.offers._note_taken(self.company)
        self.assertRecordValues(taken | early | resting, [
            {"state": "taken", "date_taken": self._day(9), "rest_until": False},
            {"state": "offered", "date_taken": False, "rest_until": False},
            {"state": "taken", "date_taken": self._day(9), "rest_until": False},
        ])

    def test_refusal_has_a_reason(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._offered().sudo().write({"state": "refused"})
            self.env.flush_all()

    def test_what_happened_is_not_written_by_hand(self):
        """Nobody says that they sold what a colleague offered, or that it was bought."""
        offer = self._offered(self.manager)
        for values in (
            {"in_common": 1000}, {"state": "taken"}, {"user_id": self.seller.id}, {"date": self._day(400)},
            {"product_id": self.desk.id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                offer.with_user(self.seller).write(values)
        with self.assertRaises(AccessError):
            self.offers.with_user(self.seller).create({
                "partner_id": self.customer.id, "product_id": self.desk.id, "state": "taken",
            })
        self.assertRecordValues(offer, [{"state": "offered", "user_id": self.manager.id, "date": self.today}])

    def test_answer_to_what_was_bought(self):
        """Whatever is clicked in a page that is not up to date, what was bought stays bought."""
        offer = self._offered()
        self._buy(self.customer, self.lamp, ago=0)
        self.offers._note_taken(self.company)
        for answer in (offer.action_later, lambda: offer._refuse("price")):
            with self.assertRaises(UserError):
                answer()
        self.assertEqual(offer.state, "taken")

    def test_offers_of_others(self):
        colleague = self._user("offer_colleague", "sales_team.group_sale_salesman")
        offer = self._offered()
        self.assertTrue(offer.with_user(colleague).read(["state"]), "a customer of nobody")
        self.customer.user_id = self.seller
        with self.assertRaises(AccessError):
            offer.with_user(colleague).read(["state"])
        self.assertTrue(offer.with_user(self.manager).read(["state"]))
        with self.assertRaises(AccessError):
            offer.with_user(self.seller).unlink()

    def test_customers_of_colleagues(self):
        """An offer to them would tell, in the next night, whether they ever bought the product."""
        colleague = self._user("offer_colleague", "sales_team.group_sale_salesman")
        offers = self.offers.with_user(colleague)
        self.customer.user_id = self.seller
        values = {"partner_id": self.customer.id, "product_id": self.desk.id, "company_id": self.company.id}
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            offers.create(values)
        nobodys = offers.create({**values, "partner_id": self._customers(1).id})
        with self.assertRaises(AccessError):
            nobodys.partner_id = self.customer.with_env(offers.env)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.env["customer.offer.refusal"].with_user(colleague).create({
                "partner_id": self.customer.id, "product_id": self.desk.id, "company_id": self.company.id,
                "refusal": "need",
            }).action_refuse()
        self.assertFalse(self.offers.search([("commercial_partner_id", "=", self.customer.id)]))

    def test_customer_who_went_to_a_colleague(self):
        """What they buy from then on is nobody else's business."""
        self.customer.user_id = self.seller
        offer = self._offered().with_user(self.manager)
        self.customer.user_id = self._user("offer_colleague", "sales_team.group_sale_salesman")
        self._buy(self.customer, self.lamp, ago=0)
        self.offers._note_taken(self.company)
        self.assertEqual(offer.state, "taken")
        self.assertFalse(self.offers.with_user(self.seller).search([("id", "=", offer.id)]))

    def test_product_of_offers_is_deleted(self):
        """With what was offered of it."""
        chair = self._products("Chair")
        offer = self.offers.create({
            "partner_id": self.customer.id, "product_id": chair.id, "company_id": self.company.id,
        })
        chair.unlink()
        self.assertFalse(offer.exists())

    def test_buyers_are_not_told(self):
        """Equal hashes would tell equal buyers, and a hash can be tried."""
        buyers = self.env["customer.product.buyers"].with_user(self.seller).search([
            ("product_id", "=", self.desk.id), ("company_id", "=", self.company.id),
        ])
        self.assertEqual(buyers.customers, 7)
        with self.assertRaises(AccessError):
            buyers.read(["buyers"])
        with self.assertRaises(AccessError):
            buyers.search([("buyers", "=like", "a%")])

    def test_merged_customers_keep_the_last_word(self):
        """Both heard of the lamp; the later one refused it."""
        other = self._customers(1)
        chair = self._products("Chair")
        first, last, alone = self.offers.create([
            {"partner_id": partner.id, "product_id": product.id, "company_id": self.company.id, "date": self._day(ago),
             **values}
            for partner, product, ago, values in (
                (self.customer, self.lamp, 9, {}), (other, self.lamp, 2, {"state": "refused", "refusal": "need"}),
                (other, chair, 3, {}),
            )
        ])
        self.env["base.partner.merge.automatic.wizard"]._merge((self.customer | other).ids, self.customer)
        self.assertFalse(first.exists())
        self.assertEqual((last | alone).commercial_partner_id, self.customer)
        self.assertEqual((last | alone).partner_id, self.customer)

    def test_privacy(self):
        offer = self._offered()
        wizard = self.env["customer.benefit.privacy"].create({"partner_id": self.customer.id})
        self.assertIn("Products offered: 1", wizard.found)
        wizard.action_erase()
        self.assertFalse(offer.exists())
