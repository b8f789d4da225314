from odoo.fields import Command
from odoo.tests import tagged

from .loyalty_case import LoyaltyCase


@tagged("post_install", "-at_install")
class TestCardPurchases(LoyaltyCase):
    """Paying with a gift card or eWallet is paying; what is put on a card is kept for later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer, cls.giver = cls._partner("Buyer"), cls._partner("Giver")

    def test_half_by_gift_card_and_half_by_wallet(self):
        """Goods for 100, paid with 50 of a gift card and 50 of an eWallet: nothing is left to pay."""
        cards = self._card(self.gift_cards, 50.0), self._card(self.wallets, 50.0, self.buyer)
        order = self._buy(self.buyer, self.goods, cards=cards)
        self.assertEqual((order.amount_untaxed, order.amount_total, order.margin), (0.0, 0.0, -60.0))
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [100.0, 40.0, 1, 1, self._day(10)])
        [row] = self.env["customer.value.purchase"].search([("value_id", "=", self._value(self.buyer).id)])
        self.assertEqual((row.is_purchase, row.revenue, row.margin), (True, 100.0, 40.0), "the list behind the number")

    def test_partly_by_gift_card(self):
        card = self._card(self.gift_cards, 30.0)
        order = self._buy(self.buyer, self.goods, cards=card)
        self.assertEqual((order.amount_untaxed, card.points), (70.0, 0.0))
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [100.0, 40.0, 1, 1, self._day(10)])

    def test_gift_card_sold_and_used_by_another(self):
        """Who pays the card buys nothing; who pays with it does. Together they bring what was paid, once."""
        sold = self._buy(self.giver, self.gift_product, ago=30)
        [card] = sold.coupon_point_ids.coupon_id
        self.assertEqual(card.points, 50.0)
        self._buy(self.buyer, self.goods, cards=card)
        self._recompute()
        self.assertIsNone(self._bought(self.giver), "an order that only sells a card is no purchase at all")
        self.assertEqual(self._bought(self.buyer), [100.0, 40.0, 1, 1, self._day(10)])

    def test_gift_card_beside_goods(self):
        """One order with goods and a card: the goods are bought."""
        self._buy(self.giver, self.goods, (self.gift_product, {"product_uom_qty": 2}))
        self._recompute()
        self.assertEqual(self._bought(self.giver), [100.0, 40.0, 1, 1, self._day(10)])

    def test_top_up_and_its_use(self):
        """Putting 80 on the wallet on one day and paying goods with it later is one purchase."""
        self._buy(self.buyer, self.top_up, ago=40)
        wallet = self.env["loyalty.card"].search([("program_id", "=", self.wallets.id)])
        self.assertEqual((wallet.partner_id, wallet.points), (self.buyer, 80.0))
        self._recompute()
        self.assertIsNone(self._bought(self.buyer))
        self._buy(self.buyer, self.goods, cards=wallet)
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [100.0, 40.0, 1, 1, self._day(10)])

    def test_top_up_paid_by_gift_card(self):
        """Money moves from one card to the other: nobody bought anything yet."""
        self._buy(self.buyer, self.top_up, cards=self._card(self.gift_cards, 50.0))
        self._recompute()
        self.assertIsNone(self._bought(self.buyer))

    def test_order_that_only_sells_a_card_is_no_day_of_purchase(self):
        self._buy(self.buyer, self.goods, ago=60)
        self._buy(self.buyer, self.gift_product, ago=5)
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [100.0, 40.0, 1, 1, self._day(60)])
        names = self.env["customer.value.purchase"].search([("value_id", "=", self._value(self.buyer).id)])
        self.assertEqual(len(names), 1)

    def test_discounts_stay_discounts(self):
        """A discount code of 10 % lowers the revenue; the gift card that pays the rest does not."""
        promotion = self._program(
            "promo_code", {"mode": "with_code", "code": "LESS10", "minimum_qty": 0},
            {"reward_type": "discount", "discount": 10, "discount_mode": "percent", "discount_applicability": "order"},
            trigger="with_code", applies_on="current",
        )
        order = self._quotation(self.buyer, self.goods)
        claimable = order._try_apply_code("LESS10")
        [(coupon, reward)] = claimable.items()
        self.assertEqual(reward, promotion.reward_ids)
        order._apply_program_reward(reward, coupon)
        self._pay(order, self._card(self.gift_cards, 500.0))
        self._confirm(order, 10)
        self.assertEqual(order.amount_untaxed, 0.0)
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [90.0, 30.0, 1, 1, self._day(10)])

    def test_taxes(self):
        """120 with taxes, paid by card: 100 untaxed, whether the card's own line bears taxes or none."""
        tax = self.env["account.tax"].create({
            "name": "20 %", "amount": 20.0, "company_id": self.company.id,
            "country_id": self.company.account_fiscal_country_id.id or self.env.ref("base.us").id,
            "tax_group_id": self.env["account.tax.group"].create({
                "name": "Twenty", "company_id": self.company.id,
                "country_id": self.company.account_fiscal_country_id.id or self.env.ref("base.us").id,
            }).id,
        })
        self.goods.taxes_id = tax
        half = self._card(self.gift_cards, 60.0), self._card(self.wallets, 60.0, self.buyer)
        order = self._buy(self.buyer, self.goods, cards=half)
        self.assertEqual((order.amount_untaxed, order.amount_tax, order.amount_total), (-20.0, 20.0, 0.0))
        self.gift_cards.reward_ids.discount_line_product_id.taxes_id = tax
        order = self._buy(self.giver, self.goods, cards=[self._card(self.gift_cards, 60.0)])
        self.assertEqual((order.amount_untaxed, order.amount_tax, order.amount_total), (50.0, 10.0, 60.0))
        self._recompute()
        for customer in (self.buyer, self.giver):
            self.assertEqual(self._bought(customer), [100.0, 40.0, 1, 1, self._day(10)])

    def test_other_currency(self):
        """An order in euros, half paid by card, brings to the cent what it brings when paid in cash."""
        self.env["res.currency.rate"].create({
            "currency_id": self.eur.id, "company_id": self.company.id, "name": self._day(3000), "rate": 0.9,
        })
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": self.eur.id})
        self.wallets.currency_id = self.eur
        line = (self.goods, {"price_unit": 100.0, "purchase_price": 60.0})
        wallet = self._card(self.wallets, 33.33, self.buyer)
        order = self._buy(self.buyer, line, cards=wallet, pricelist_id=pricelist.id)
        self.assertEqual((order.currency_id, order.amount_untaxed), (self.eur, 66.67))
        self._buy(self.giver, line, pricelist_id=pricelist.id)
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [111.11, 44.44, 1, 1, self._day(10)])
        self.assertEqual(self._bought(self.buyer), self._bought(self.giver))

    def test_companies_have_their_own_programs(self):
        """The card product of one company is plain goods in another that has no such program."""
        other = self._make_company("Other Shop")
        self.env.user.company_ids |= other
        self.env = self.env(context={**self.env.context, "allowed_company_ids": [self.company.id, other.id]})
        self._buy(self.buyer, self.gift_product, ago=20)
        self._buy(self.buyer, self.gift_product, company=other)
        self._recompute(self.company | other)
        self.assertIsNone(self._bought(self.buyer))
        self.assertEqual(self._bought(self.buyer, other), [50.0, 50.0, 1, 1, self._day(10)])

    def test_archived_program(self):
        """A program that ended leaves the past as it was."""
        card = self._card(self.gift_cards, 100.0)
        self._buy(self.giver, self.gift_product, ago=20)
        self._buy(self.buyer, self.goods, cards=card)
        self.gift_cards.action_archive()
        self._recompute()
        self.assertIsNone(self._bought(self.giver))
        self.assertEqual(self._bought(self.buyer), [100.0, 40.0, 1, 1, self._day(10)])

    def test_cancelled_order(self):
        card = self._card(self.gift_cards, 100.0)
        order = self._buy(self.buyer, self.goods, cards=card)
        order._action_cancel()
        self._recompute()
        self.assertIsNone(self._bought(self.buyer))

    def test_few_and_all_customers_alike(self):
        """One customer after a change, and everybody at night: the same numbers."""
        self._buy(self.buyer, self.goods, cards=[self._card(self.gift_cards, 30.0)])
        self._buy(self.giver, self.goods, self.gift_product)
        self._recompute()
        before = self._rows()
        self._recompute(partners=self.buyer | self.giver)
        self.assertEqual(self._rows(), before)

    def test_paying_by_card_marks_the_customer(self):
        order = self._buy(self.buyer, self.goods)
        marked = [("partner_id", "=", self.buyer.id), ("company_id", "=", self.company.id)]
        self.env["customer.value.mark"].search(marked).unlink()
        wallet = self._card(self.wallets, 10.0, self.buyer)
        order.order_line = [Command.create({
            "product_id": self.wallets.reward_ids.discount_line_product_id.id, "name": "eWallet", "price_unit": -10.0,
            "reward_id": self.wallets.reward_ids.id, "coupon_id": wallet.id, "points_cost": 10.0,
        })]
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertTrue(self.env["customer.value.mark"].search(marked))


@tagged("post_install", "-at_install")
class TestCardInvoices(LoyaltyCase):
    """The same where invoices are what counts, and with credit notes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        # The chart of accounts gave all products its tax.
        paid = (cls.gift_cards | cls.wallets).reward_ids.discount_line_product_id
        (cls.goods | cls.gift_product | cls.top_up | paid).taxes_id = False
        cls.buyer, cls.giver = cls._partner("Buyer"), cls._partner("Giver")

    def _bill(self, order, ago=8):
        invoice = order._create_invoices(final=True)
        invoice.invoice_date = self._day(ago)
        invoice.action_post()
        return invoice

    def _count_invoices(self):
        self.policy._renew({"revenue_source": "invoice"})

    def _credit(self, invoice, ago=5, share=1.0):
        """Credit an invoice; with a share, that much of each of its lines."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"journal_id": invoice.journal_id.id, "date": self._day(ago)})
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        for line in note.invoice_line_ids:
            line.quantity *= share
        note.action_post()
        return note

    def test_invoice_paid_by_card(self):
        self._count_invoices()
        cards = self._card(self.gift_cards, 50.0), self._card(self.wallets, 30.0, self.buyer)
        invoice = self._bill(self._buy(self.buyer, self.goods, cards=cards))
        self.assertEqual(invoice.amount_untaxed, 20.0)
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [100.0, 40.0, 1, 1, self._day(8)])

    def test_gift_card_billed_and_used_by_another(self):
        self._count_invoices()
        sold = self._buy(self.giver, self.gift_product, ago=30)
        self._bill(sold, 30)
        self._bill(self._buy(self.buyer, self.goods, cards=sold.coupon_point_ids.coupon_id))
        self._recompute()
        self.assertIsNone(self._bought(self.giver))
        self.assertEqual(self._bought(self.buyer), [100.0, 40.0, 1, 1, self._day(8)])

    def test_part_of_the_goods_come_back(self):
        """A quarter of goods for 100 that were paid by card, 80 of it, is credited: the goods are worth 75 now."""
        self._count_invoices()
        invoice = self._bill(self._buy(self.buyer, self.goods, cards=[self._card(self.gift_cards, 80.0)]))
        note = self._credit(invoice, share=0.25)
        self.assertEqual(note.amount_untaxed, 5.0)
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [75.0, 30.0, 1, 1, self._day(8)])
        self.assertEqual(self._read(self.buyer, "cost_to_serve"), [25.0])

    def test_all_of_it_comes_back(self):
        """Invoice and credit note in full: neither counts, with either source."""
        invoice = self._bill(self._buy(self.buyer, self.goods, cards=[self._card(self.gift_cards, 80.0)]))
        self._credit(invoice)
        self._recompute()
        self.assertIsNone(self._bought(self.buyer))
        self._count_invoices()
        self._recompute()
        self.assertIsNone(self._bought(self.buyer))

    def test_credited_where_orders_count(self):
        """Cost to serve tells what was given back: the goods, however they were paid, and no deposit."""
        invoice = self._bill(self._buy(self.buyer, self.goods, cards=[self._card(self.gift_cards, 80.0)]))
        self._credit(invoice, share=0.25)
        cards = self._bill(self._buy(self.giver, self.goods, self.gift_product))
        self._credit(cards, share=0.5)
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [100.0, 40.0, 1, 1, self._day(10)])
        # A quarter of 100, and of its margin: 40 - 10 are left.
        self.assertEqual(self._read(self.buyer, "cost_to_serve", "net_contribution_12m"), [25.0, 30.0])
        self.assertEqual(self._read(self.giver, "cost_to_serve", "net_contribution_12m"), [50.0, 20.0])


@tagged("post_install", "-at_install")
class TestRewardCosts(LoyaltyCase):
    """What customers get for their loyalty is a cost to serve, and nothing is taken off twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._partner("Buyer")
        cls.mug = cls._product("Mug", 8.0, standard_price=3.0)

    def _take(self, order, card, reward, **arguments):
        """Take a reward for an order."""
        self.assertEqual(order._apply_program_reward(reward, card, **arguments), {})
        return order

    def _ten_off(self, program_type, **values):
        return self._program(
            program_type, {"reward_point_mode": "order", "reward_point_amount": 1},
            {"reward_type": "discount", "discount": 10, "discount_mode": "per_order", "required_points": 1},
            trigger="auto", **values,
        )

    def test_points_for_a_discount_and_a_free_product(self):
        """Goods for 100 that cost 60; 10 off and a mug that cost 3, both for points."""
        points = self._ten_off("loyalty", applies_on="both")
        points.reward_ids = [Command.create({
            "reward_type": "product", "reward_product_id": self.mug.id, "reward_product_qty": 1, "required_points": 5,
        })]
        card = self._card(points, 6.0, self.buyer)
        order = self._quotation(self.buyer, self.goods)
        discount, mug = points.reward_ids.sorted("required_points")
        self._take(order, card, discount)
        self._take(order, card, mug)
        self._confirm(order, 10)
        self.assertEqual((order.amount_untaxed, order.margin), (90.0, 27.0))
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [90.0, 27.0, 1, 1, self._day(10)])
        # 13 of 90; the margin is lower by it already.
        self.assertEqual(
            self._read(self.buyer, "cost_to_serve", "net_contribution_12m", "cost_to_serve_score"), [13.0, 27.0, 14.4]
        )

    def test_what_everybody_gets_is_a_price(self):
        """A promotion lowers the revenue and is no cost of serving this customer."""
        promotion = self._ten_off("promotion", applies_on="current")
        order = self._quotation(self.buyer, self.goods)
        order._update_programs_and_rewards()
        [(coupon, reward)] = [
            (card, rewards) for card, rewards in order._get_claimable_rewards().items() if card.program_id == promotion
        ]
        self._confirm(self._take(order, coupon, reward), 10)
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [90.0, 30.0, 1, 1, self._day(10)])
        self.assertEqual(self._read(self.buyer, "cost_to_serve", "net_contribution_12m"), [0.0, 30.0])

    def test_payments_are_no_rewards(self):
        self._buy(self.buyer, self.goods, cards=[self._card(self.gift_cards, 100.0)])
        self._recompute()
        self.assertEqual(self._read(self.buyer, "cost_to_serve", "net_contribution_12m"), [0.0, 40.0])

    def test_only_the_period_counts(self):
        """A reward of the day before the period is history; a quotation and a cancelled order cost nothing."""
        points = self._ten_off("loyalty", applies_on="both")
        for ago, state in ((364, "sale"), (365, "sale"), (5, "draft"), (4, "cancel")):
            order = self._quotation(self.buyer, self.goods)
            self._take(order, self._card(points, 1.0, self.buyer), points.reward_ids)
            if state != "draft":
                self._confirm(order, ago)
            if state == "cancel":
                order._action_cancel()
        self._recompute()
        self.assertEqual(self._read(self.buyer, "order_count", "cost_to_serve"), [2, 10.0])
        before = self._rows()
        self._recompute(partners=self.buyer)
        self.assertEqual(self._rows(), before)

    def test_coupon_of_the_customer(self):
        """A coupon that the customer was sent is for their loyalty, like points."""
        coupons = self._ten_off("coupons", applies_on="current")
        coupons.trigger = "with_code"
        coupon = self._card(coupons, 1.0, self.buyer)
        order = self._quotation(self.buyer, self.goods)
        claimable = order._try_apply_code(coupon.code)
        self._confirm(self._take(order, coupon, claimable[coupon]), 10)
        self._recompute()
        self.assertEqual(self._bought(self.buyer), [90.0, 30.0, 1, 1, self._day(10)])
        self.assertEqual(self._read(self.buyer, "cost_to_serve", "net_contribution_12m"), [10.0, 30.0])

    def test_order_taken_back(self):
        """Of an order that was taken back in full nothing is left, and no reward."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.goods.taxes_id = False
        points = self._ten_off("loyalty", applies_on="both")
        order = self._quotation(self.buyer, self.goods)
        self._take(order, self._card(points, 1.0, self.buyer), points.reward_ids)
        self._confirm(order, 10)
        self._buy(self.buyer, self.goods, ago=20)
        self._recompute()
        self.assertEqual(self._read(self.buyer, "order_count", "cost_to_serve"), [2, 10.0])
        invoice = order._create_invoices()
        invoice.invoice_date = self._day(9)
        invoice.action_post()
        invoice._reverse_moves([{"invoice_date": self._day(8), "date": self._day(8)}], cancel=True)
        for partners in (None, self.buyer):
            self._recompute(partners=partners)
            self.assertEqual(self._read(self.buyer, "order_count", "cost_to_serve"), [1, 0.0])
