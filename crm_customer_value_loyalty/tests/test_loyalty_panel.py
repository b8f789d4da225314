from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .loyalty_case import LoyaltyCase


@tagged("post_install", "-at_install")
class TestLoyaltyPanel(LoyaltyCase):
    """Points, program and last use of a customer's cards, as far as the user may read them; never a code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_values = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.sales = new_test_user(
            cls.env, "loyalty_sales", groups="sales_team.group_sale_salesman", **cls.company_values
        )
        cls.customer = cls._partner("Customer", is_company=True)
        cls.contact = cls._partner("Contact", parent_id=cls.customer.id)
        cls.points = cls._program(
            "loyalty", {"reward_point_mode": "money", "reward_point_amount": 1},
            {"reward_type": "discount", "discount": 5, "discount_mode": "per_order", "required_points": 100,
             "description": "Five off"},
            name="Points", portal_point_name="points", applies_on="both", trigger="auto",
        )
        cls.points.reward_ids = [Command.create({
            "reward_type": "discount", "discount": 20, "discount_mode": "per_order", "required_points": 300,
            "description": "Twenty off",
        })]
        cls._buy(cls.customer, cls.goods)
        cls._recompute()
        cls.value = cls._value(cls.customer)

    def _cards(self, user=None, value=None):
        self.env.flush_all()
        self.env.invalidate_all()
        shown = (value or self.value).with_user(user or self.sales).loyalty_cards
        return shown and shown["cards"]

    def test_points_reward_and_last_use(self):
        card = self.env["loyalty.card"].search([("program_id", "=", self.points.id)])
        self.assertEqual((card.partner_id, card.points), (self.customer, 100.0))
        [shown] = self._cards()
        self.assertEqual(shown, {
            "id": card.id, "program": "Points", "points": "100 points", "last_use": self.today.isoformat(),
            "reward": "Five off", "holder": False,
        })
        card.points = 320
        [shown] = self._cards()
        self.assertEqual((shown["points"], shown["reward"]), ("320 points", "Twenty off"))
        card.points = 7
        [shown] = self._cards()
        self.assertEqual((shown["points"], shown["reward"]), ("7 points", False))

    def test_balance_that_nobody_used(self):
        """Money that staff put on a wallet is no use of it. The contact's wallet is the customer's."""
        self.wallets.portal_point_name = self.usd.symbol
        wallet = self._card(self.wallets, 12.5, self.contact)
        self.env["loyalty.history"].create({"card_id": wallet.id, "description": "Gift", "issued": 12.5})
        [shown] = [card for card in self._cards() if card["id"] == wallet.id]
        self.assertEqual(shown["points"].replace("\N{NO-BREAK SPACE}", " "), "$ 12.50")
        self.assertEqual((shown["last_use"], shown["holder"]), (False, "Contact"))

    def test_which_cards(self):
        """Cards that can be used now: none that expired, ended, ran empty for good, or are somebody else's."""
        kept = self.env["loyalty.card"].search([("partner_id", "=", self.customer.id)])
        empty_wallet = self._card(self.wallets, 0.0, self.customer)
        gift = self._card(self.gift_cards, 20.0, self.customer, expiration_date=self.today)
        self._card(self.gift_cards, 0.0, self.customer)
        self._card(self.gift_cards, 20.0, self.customer, expiration_date=self._day(1))
        self._card(self.gift_cards, 20.0, self.customer, active=False)
        self._card(self.gift_cards, 20.0)
        self._card(self.gift_cards, 20.0, self._partner("Other"))
        self.assertEqual({card["id"] for card in self._cards()}, {*kept.ids, empty_wallet.id, gift.id})
        self.gift_cards.action_archive()
        self.assertEqual({card["id"] for card in self._cards()}, {*kept.ids, empty_wallet.id})

    def test_other_company(self):
        other = self._make_company("Other Shop")
        foreign = self._program("loyalty", {"reward_point_mode": "money"}, company_id=other.id)
        card = self._card(foreign, 50.0, self.customer)
        self.assertNotIn(card.id, [shown["id"] for shown in self._cards()])
        self.assertNotIn(card.id, [shown["id"] for shown in self._cards(self.env.user)])

    def test_nothing_to_show(self):
        """A company with programs says that there is no card; one without says nothing."""
        stranger = self._partner("Stranger")
        self._order(stranger, 5, 10.0)
        other = self._make_company("Other Shop")
        self.env.user.company_ids |= other
        self._order(stranger, 5, 10.0, company=other)
        self.env["loyalty.program"].search([("company_id", "=", False)]).action_archive()
        self._recompute(self.company | other)
        self.assertEqual(self._cards(value=self._value(stranger)), [])
        elsewhere = self._value(stranger, other).with_context(allowed_company_ids=(self.company | other).ids)
        self.assertIs(elsewhere.loyalty_cards, False)

    def test_codes_are_never_shown(self):
        gift = self._card(self.gift_cards, 20.0, self.customer)
        shown = self._cards()
        self.assertNotIn(gift.code, str(shown))
        action = self.value.with_user(self.sales).action_view_loyalty_history(gift.id)
        self.assertNotIn(gift.code, str(action))
        [(view, _kind)] = action["views"]
        arch = self.env["loyalty.history"].with_user(self.sales).get_view(view, "list")["arch"]
        for name in ("card_id", "code", "display_name"):
            self.assertNotIn(f'name="{name}"', arch)

    def test_history_of_a_card(self):
        card = self.env["loyalty.card"].search([("program_id", "=", self.points.id)])
        value = self.value.with_user(self.sales)
        action = value.action_view_loyalty_history(card.id)
        self.assertEqual(action["name"], "Points: 100 points")
        lines = value.env[action["res_model"]].search(action["domain"])
        self.assertEqual([(line.issued, line.used) for line in lines], [(100.0, 0.0)])
        strange = self._card(self.points, 50.0, self._partner("Other"))
        for wrong in (strange.id, 2**31 - 1):
            with self.assertRaisesRegex(UserError, "not in use"):
                value.action_view_loyalty_history(wrong)

    def test_rights(self):
        """Who may not read cards sees none, and the rest of the panel as before."""
        clerk = new_test_user(self.env, "loyalty_clerk", groups="base.group_user", **self.company_values)
        self.assertIs(self._cards(clerk), False)
        with self.assertRaises(AccessError):
            self.value.with_user(clerk).read(["loyalty_cards"])
        card = self.env["loyalty.card"].search([("program_id", "=", self.points.id)])
        self.env["ir.model.access"].search([
            ("model_id.model", "=", "loyalty.history"), ("group_id", "!=", False), ("perm_read", "=", True),
        ]).perm_read = False
        self.assertIs(self._cards(), False)
        with self.assertRaises(AccessError):
            self.value.with_user(self.sales).action_view_loyalty_history(card.id)
