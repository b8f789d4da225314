import random
from decimal import ROUND_HALF_UP, Decimal

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CustomerValueCase

CARD = {
    name: {}
    for name in (
        "partner_id", "value_index", "value_class", "churn_level", "amounts_visible",
        "shown_value_at_risk", "stage_pinned", "stage_decidable", "activity_ids", "activity_state",
        "activity_summary", "activity_type_id", "activity_type_icon", "activity_date_deadline",
        "activity_exception_decoration", "activity_exception_icon", "last_purchase_date", "user_id",
    )
}


@tagged("post_install", "-at_install")
class TestBoard(CustomerValueCase):
    """The board by stage: whom to call, in the order of money at risk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.own = new_test_user(cls.env, "board_own", groups="sales_team.group_sale_salesman", **company)
        cls.manager = new_test_user(cls.env, "board_manager", groups="sales_team.group_sale_manager", **company)
        pick = random.Random(4)
        cls.partners = cls.env["res.partner"].create([
            {"name": f"Board Customer {number}", "is_company": True} for number in range(40)
        ])
        cls.env["customer.purchase.history"].create([
            {
                "company_id": cls.company.id, "partner_id": partner.id, "date": cls._day(day),
                "amount": amount, "has_margin": True, "margin": amount * pick.choice((0.3, 0.2, -0.1)),
            }
            for partner in cls.partners
            for day in range(pick.randrange(200), 800, pick.choice((20, 45, 90)))
            for amount in (pick.choice((33.0, 100.0, 710.0)),)
        ])
        cls._recompute()
        cls.values = cls.env["customer.value"].search([("company_id", "=", cls.company.id)])

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _expected(self, value, basis):
        money = max(Decimal(str(value[f"{basis}_12m"])), Decimal(0))
        return float((Decimal(str(value.churn_risk)) * money).quantize(Decimal("0.01"), ROUND_HALF_UP))

    def test_cadence_ratio_can_be_searched_by_value(self):
        values = self.env["customer.value"]
        some = values.search([("cadence_ratio", ">", 0)], limit=1)
        self.assertTrue(some)
        self.assertFalse(values.search([("cadence_ratio", "=", -1.0)]))
        self.assertFalse(values.search([("cadence_ratio", "=", False), ("id", "=", some.id)]))

    def test_money_at_risk(self):
        """What the customer brought in the window, times the risk; a loss is nothing to lose."""
        self.assertTrue(all(self.values.mapped("has_prediction")))
        self.assertTrue(any(value.margin_12m < 0 for value in self.values))
        self.assertTrue(any(self.values.mapped("value_at_risk")))
        for value in self.values:
            self.assertEqual(value.value_at_risk, self._expected(value, "margin"), value.partner_id.name)
        self.policy._renew({"value_basis": "revenue"})
        self._recompute()
        self.values.invalidate_recordset()
        for value in self.values:
            self.assertEqual(value.value_at_risk, self._expected(value, "revenue"), value.partner_id.name)

    def test_nothing_predicted_is_nothing_at_risk(self):
        company = self._make_company("Board Small Company")
        self._order(self.partners[0], 5, 900.0, company=company)
        self._recompute(company)
        value = self._value(self.partners[0], company)
        self.assertEqual((value.has_prediction, value.value_at_risk), (False, 0.0))

    def test_columns_in_order_with_totals(self):
        """Every stage is a column, also without customers, where there is work first; totals are sums."""
        stages = self.env["customer.lifecycle.stage"].search([]).sorted(lambda stage: stage._board_rank())
        arguments = {
            "auto_unfold": True, "order": "value_at_risk desc",
            "unfold_read_specification": {"partner_id": {}, "value_at_risk": {}},
        }
        board = self._as(self.manager, self.env["customer.value"]).with_context(read_group_expand=True)
        groups = board.web_read_group([], ["lifecycle_stage_id"], ["value_at_risk:sum"], **arguments)["groups"]
        self.assertEqual([group["lifecycle_stage_id"][0] for group in groups], stages.ids)
        self.assertIn(0, [group["__count"] for group in groups])
        for group, stage in zip(groups, stages, strict=True):
            values = self.values.filtered(lambda value, stage=stage: value.lifecycle_stage_id == stage)
            self.assertEqual(group["__count"], len(values))
            self.assertAlmostEqual(group["value_at_risk:sum"] or 0.0, sum(values.mapped("value_at_risk")), 2)
            if records := group.get("__records"):
                amounts = [record["value_at_risk"] for record in records]
                self.assertEqual(amounts, sorted(amounts, reverse=True))

    def test_salespeople_get_no_totals(self):
        """Whoever may not see all amounts gets no sum, no order and no filter by them."""
        board = self._as(self.own, self.env["customer.value"]).with_context(read_group_expand=True)
        self.assertNotIn("value_at_risk", board.fields_get())
        arch = board.get_view(self.env.ref("crm_customer_value.customer_value_view_kanban").id, "kanban")["arch"]
        self.assertNotIn('name="value_at_risk"', arch)
        with self.assertRaises(AccessError):
            board.web_read_group([], ["lifecycle_stage_id"], ["value_at_risk:sum"])
        with self.assertRaises(AccessError):
            board.web_search_read([], {"partner_id": {}}, order="value_at_risk desc")
        groups = board.web_read_group(
            [], ["lifecycle_stage_id"], [], auto_unfold=True, unfold_read_specification=CARD
        )["groups"]
        self.assertEqual(sum(group["__count"] for group in groups), len(self.values))
        bars = board.read_progress_bar(
            [], "lifecycle_stage_id", {"field": "churn_level", "colors": {"high": "danger", "low": "success"}}
        )
        self.assertEqual(len(bars), len(self.values.lifecycle_stage_id))

    def test_card_of_somebody_elses_customer(self):
        """No amount, and no right to decide about the stage."""
        mine, theirs = self.values[:2]
        mine.partner_id.user_id = self.own
        theirs.partner_id.user_id = self.manager
        self._order(theirs.partner_id, 3, 100.0, user_id=self.manager.id)
        cards = self._as(self.own, mine | theirs).web_read(CARD)
        self.assertEqual([card["amounts_visible"] for card in cards], [True, False])
        self.assertEqual([card["stage_decidable"] for card in cards], [True, False])
        self.assertEqual(cards[0]["shown_value_at_risk"], mine.value_at_risk)
        self.assertEqual(cards[1]["shown_value_at_risk"], 0.0)
        with self.assertRaises(AccessError):
            self._as(self.own, theirs).action_pin_stage()
        with self.assertRaises(AccessError):
            self._as(self.own, self.env["customer.value.pin"]).create({
                "value_ids": [Command.set(theirs.ids)], "reason": "Because",
                "stage_id": self.env["customer.lifecycle.stage"].search([], limit=1).id,
            }).action_pin()

    def test_next_activity_is_the_customers(self):
        """Activities of the contact, the next one first; searched by their day."""
        first, second = self.values[:2]
        for value, days in ((first, -2), (second, 3), (second, 9)):
            value.partner_id.activity_schedule(
                "mail.mail_activity_data_call", date_deadline=self._day(-days), summary=f"In {days}"
            )
        card, planned = self._as(self.own, first | second).web_read(CARD)
        self.assertEqual((card["activity_state"], card["activity_summary"]), ("overdue", "In -2"))
        self.assertEqual((planned["activity_state"], planned["activity_summary"]), ("planned", "In 3"))
        self.assertEqual(len(planned["activity_ids"]), 2)
        board = self._as(self.own, self.env["customer.value"])
        self.assertEqual(board.search([("activity_date_deadline", "<", "today")]).sudo(), first)
        self.assertEqual(len(board.search([("activity_ids", "=", False)])), len(self.values) - 2)

    def test_cards_are_read_together(self):
        """As many queries for all cards as for a few."""
        for partner in self.partners:
            partner.activity_schedule("mail.mail_activity_data_call", summary=partner.name)

        def queries(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cards = self._as(self.own, self.values[:number]).web_read(CARD)
            self.assertTrue(all(card["activity_summary"] for card in cards))
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertLessEqual(queries(40), queries(5) + 2)

    def test_later_than_usual(self):
        board = self._as(self.own, self.env["customer.value"])
        for limit in (1, 2.5):
            late = self.values.filtered(lambda value, limit=limit: value.cadence_ratio > limit)
            self.assertTrue(late)
            self.assertEqual(board.search([("cadence_ratio", ">", limit)]).sudo(), late)
            self.assertEqual(board.search([("cadence_ratio", "<=", limit)]).sudo(), self.values - late)
