from odoo.tests import tagged

from odoo.addons.crm_customer_value_loyalty.tests.loyalty_case import LoyaltyCase
from odoo.addons.crm_customer_value_pos.tests.pos_case import PosCase


@tagged("post_install", "-at_install")
class TestPosCards(PosCase, LoyaltyCase):
    """At the register: paying by card is paying, and what is put on a card is no purchase yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._partner("Other")

    @classmethod
    def _product(cls, name, price, **values):
        return super()._product(name, price, available_in_pos=True, **values)

    @classmethod
    def _payment_program(cls, program_type, product, **rule):
        """A shop opens only if it knows how to send and to print gift cards."""
        program = super()._payment_program(program_type, product, **rule)
        program.mail_template_id = cls.env.ref("loyalty.mail_template_gift_card")
        program.pos_report_print_id = cls.env.ref("loyalty.report_gift_card")
        return program

    def _payment(self, card, amount):
        """Return the line by which the register takes a card as payment."""
        return self._reward(card.program_id.reward_ids, card, amount)

    def _reward(self, reward, card, amount):
        return self._line(
            -amount, product=reward.discount_line_product_id, is_reward_line=True, reward_id=reward.id,
            coupon_id=card.id, points_cost=amount, reward_identifier_code=f"code {card.id}",
        )

    def test_half_by_gift_card_and_half_by_wallet(self):
        cards = self._card(self.gift_cards, 50.0), self._card(self.wallets, 50.0, self.customer)
        order = self._sell([self._line(100.0), *(self._payment(card, 50.0) for card in cards)])
        self.assertEqual(order.amount_total, 0.0)
        self._recompute()
        self.assertEqual(self._bought(self.customer), [100.0, 40.0, 1, 1, self._day(3)])

    def test_taxes_are_paid_by_card_too(self):
        """100 and a quarter of taxes, all of it paid by card: the untaxed amount of the order is -25."""
        card = self._card(self.gift_cards, 125.0)
        self._sell([self._line(100.0, tax=self.tax), self._payment(card, 125.0)])
        self._recompute()
        self.assertEqual(self._bought(self.customer), [100.0, 40.0, 1, 1, self._day(3)])

    def test_gift_card_sold_and_used_by_another(self):
        self._sell([self._line(50.0, product=self.gift_product)], self.other)
        self._sell([self._line(100.0), self._payment(self._card(self.gift_cards, 50.0), 50.0)])
        self._recompute()
        self.assertIsNone(self._bought(self.other))
        self.assertEqual(self._bought(self.customer), [100.0, 40.0, 1, 1, self._day(3)])

    def test_return_to_the_wallet(self):
        """Half comes back, and the money goes to the eWallet: revenue 50 is left, and no purchase of a top-up."""
        order = self._sell([self._line(100.0, 2)], day=9)
        [line] = order.lines
        self._sell(
            [
                self._line(100.0, -1, refunded_orderline_id=line.id),
                self._line(100.0, product=self.top_up),
            ],
            day=2,
        )
        self._recompute()
        self.assertEqual(self._bought(self.customer), [100.0, 40.0, 1, 1, self._day(9)])

    def test_rewards_are_a_cost(self):
        points = self._program(
            "loyalty", {"reward_point_mode": "money"},
            {"reward_type": "discount", "discount": 10, "discount_mode": "per_order", "required_points": 1},
            applies_on="both", trigger="auto",
        )
        card = self._card(points, 10.0, self.customer)
        self._sell([self._line(100.0), self._reward(points.reward_ids, card, 10.0)])
        self._recompute()
        self.assertEqual(self._bought(self.customer), [90.0, 30.0, 1, 1, self._day(3)])
        self.assertEqual(self._read(self.customer, "cost_to_serve", "net_contribution_12m"), [10.0, 30.0])

    def test_invoiced_order(self):
        """Where invoices count, the invoice of an order at the register has the same lines."""
        self.policy._renew({"revenue_source": "invoice"})
        card = self._card(self.gift_cards, 30.0)
        self._sell([self._line(100.0), self._payment(card, 30.0)], to_invoice=True, day=0)
        self._recompute()
        self.assertEqual(self._bought(self.customer), [100.0, 40.0, 1, 1, self._day(0)])

    def test_few_and_all_customers_alike(self):
        self._sell([self._line(100.0), self._payment(self._card(self.gift_cards, 30.0), 30.0)])
        self._recompute()
        before = self._rows()
        self._recompute(partners=self.customer)
        self.assertEqual(self._rows(), before)
