import random
from decimal import ROUND_HALF_UP, Decimal

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import CustomerValueCase

CARD = {
    name: {}
    for name in (
        "partner_id", "value_index", "value_class", "churn_level", "amounts_visible",
        "shown_value_at_risk", "stage_pinned", "stage_decidable", "activity_ids", "activity_state",
        "activity_summary", "activity_type_id", "activity_type_icon", "activity_date_deadline",
        "activity_exception_decoration", "activity_exception_icon", "last_purchase_date", "user_id", "is_silent",
        "cadence_ratio", "open_business", "open_elsewhere", "has_image", "loss_risk", "risk_note", "revenue_trend",
        "open_severe_complaints", "lifecycle_stage_id", "lifecycle_health", "value_at_risk_basis",
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

    def test_money_at_risk_of_a_company_without_a_model(self):
        """By the simple rule, lateness says what is at risk: unknown until anybody bought twice, and not nothing.

        Then 40 days of silence are four times the usual ten, which is three quarters of a margin of 300.
        """
        company = self._make_company("Board Small Company")
        once, twice = self.partners[:2]
        self._order(once, 40, 900.0, cost=600.0, company=company)
        self._recompute(company)
        value = self._value(once, company)
        self.assertEqual((value.has_prediction, value.clv_method), (True, "rule"))
        self.assertIs(value.value_at_risk, False)
        self.assertFalse(value.value_at_risk_basis)
        for day in (5, 15):
            self._order(twice, day, 900.0, cost=600.0, company=company)
        self._recompute(company)
        self.assertEqual((value.clv_method, value.typical_gap), ("rule", 10.0))
        self.assertEqual((value.value_at_risk, value.value_at_risk_basis), (225.0, "rhythm"))
        self.assertEqual(self._value(twice, company).value_at_risk, 0.0)

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

    def test_salespeople_sum_what_they_may_see(self):
        """The stored amounts are closed; what is shown sums up, sorts and stands on the cards, for one's own only."""
        mine, theirs = self.values.sorted("value_at_risk")[-2:]
        self._order(theirs.partner_id, 3, 1.0, user_id=self.manager.id)
        board = self._as(self.own, self.env["customer.value"]).with_context(read_group_expand=True)
        self.assertNotIn("value_at_risk", board.fields_get())
        arch = board.get_view(self.env.ref("crm_customer_value.customer_value_view_kanban").id, "kanban")["arch"]
        self.assertNotIn('name="value_at_risk"', arch)
        with self.assertRaises(AccessError):
            board.web_read_group([], ["lifecycle_stage_id"], ["value_at_risk:sum"])
        with self.assertRaises(AccessError):
            board.web_search_read([], {"partner_id": {}}, order="value_at_risk desc")
        groups = board.web_read_group(
            [], ["lifecycle_stage_id"], ["shown_value_at_risk:sum"], auto_unfold=True,
            order="shown_value_at_risk desc", unfold_read_specification=CARD,
        )["groups"]
        self.assertEqual(sum(group["__count"] for group in groups), len(self.values))
        self.assertAlmostEqual(
            sum(group["shown_value_at_risk:sum"] or 0.0 for group in groups),
            sum((self.values - theirs).mapped("value_at_risk")), 2,
        )
        cards = {card["id"]: card for group in groups for card in group.get("__records", ())}
        self.assertEqual(cards[mine.id]["shown_value_at_risk"], mine.value_at_risk)
        self.assertIs(cards[theirs.id]["shown_value_at_risk"], False)
        for group in groups:
            amounts = [card["shown_value_at_risk"] for card in group.get("__records", ())]
            known = [amount for amount in amounts if amount is not False]
            self.assertEqual(amounts, sorted(known, reverse=True) + [False] * (len(amounts) - len(known)))
        bars = self._bars(board)
        self.assertEqual(len(bars), len(self.values.lifecycle_stage_id))

    def _bars(self, board):
        """Return {stage: {risk: customers}} as the columns count for their bars."""
        colors = {"high": "danger", "medium": "warning", "doubtful": "warning", "low": "success"}
        found = board.read_progress_bar([], "lifecycle_stage_id", {"field": "loss_risk", "colors": colors})
        return {self.env["customer.lifecycle.stage"].browse(int(stage)): bar for stage, bar in found.items()}

    def test_bars_never_contradict_the_stage(self):
        """Nothing is green in a column of customers who are weakening, at risk or gone; the bar counts every card."""
        stages = self.env["customer.lifecycle.stage"].search([("fold", "=", False)])
        for value, stage in zip(self.values.sorted("id"), list(stages) * 40, strict=False):
            value.lifecycle_stage_id = stage
        self.values.write({"churn_level": "low", "typical_gap": 1000.0, "revenue_trend": "steady"})
        board = self._as(self.own, self.env["customer.value"])
        bars = self._bars(board)
        self.assertEqual(set(bars), set(stages))
        for stage, bar in bars.items():
            number = len(self.values.filtered(lambda value, stage=stage: value.lifecycle_stage_id == stage))
            expected = "doubtful" if stage.health in ("risk", "gone") else "low"
            self.assertEqual({risk: count for risk, count in bar.items() if count}, {expected: number}, stage.name)
        healthy = stages.filtered(lambda stage: stage.health == "good")[0]
        inside = self.values.filtered(lambda value: value.lifecycle_stage_id == healthy)
        inside[0].revenue_trend = "down"
        inside[1].churn_level = "high"
        inside[2].churn_level = False
        self.assertEqual(
            self._bars(board)[healthy], {"high": 1, "medium": 0, "doubtful": 1, "low": len(inside) - 3},
        )

    def _columns(self, user, domain=(), **context):
        """Return {stage: (customers, sum, number of cards or None where folded)}."""
        board = self._as(user, self.env["customer.value"]).with_context(read_group_expand=True, **context)
        return {
            group["lifecycle_stage_id"][0]: (
                group["__count"], group["shown_value_at_risk:sum"],
                len(group["__records"]) if "__records" in group else None,
            )
            for group in board.web_read_group(
                list(domain), ["lifecycle_stage_id"], ["shown_value_at_risk:sum"], auto_unfold=True,
                unfold_read_specification=CARD, unfold_read_default_limit=20,
            )["groups"]
        }

    def test_a_search_opens_what_it_finds(self):
        """Columns without a hit are folded, and those with one are open, also the one that is folded else."""
        folded = self.env["customer.lifecycle.stage"].search([("fold", "=", True)], limit=1)
        self.assertTrue(folded)
        one = self.values[0]
        one.lifecycle_stage_id = folded
        (self.values - one).lifecycle_stage_id = self.env["customer.lifecycle.stage"].search(
            [("fold", "=", False)], limit=1
        )
        domain = [("partner_id", "=", one.partner_id.id)]
        before, found = self._columns(self.own, domain), self._columns(self.own, domain, open_found_groups=True)
        self.assertIsNone(before[folded.id][2])
        self.assertEqual(found[folded.id][::2], (1, 1))
        self.assertEqual({columns[2] for stage, columns in found.items() if stage != folded.id}, {None})
        # Nothing found: every column is folded.
        nobody = self._columns(self.own, [("partner_id", "=", self.company.partner_id.id)], open_found_groups=True)
        self.assertEqual({columns[::2] for columns in nobody.values()}, {(0, None)})

    def test_nothing_known_is_no_zero(self):
        """The sum of a column in which nothing is known is not known; of none it is not either."""
        stage = self.env["customer.lifecycle.stage"].search([("fold", "=", False)], limit=1)
        self.values.write({"lifecycle_stage_id": stage.id, "value_at_risk": False})
        for user in (self.own, self.manager):
            columns = self._columns(user)
            self.assertEqual(columns[stage.id], (len(self.values), False, 20))
            self.assertEqual({amount for _count, amount, _cards in columns.values()}, {False})
        self.values[0].value_at_risk = 0.0
        self.assertEqual(self._columns(self.own)[stage.id][1], 0.0)

    def test_many_cards_in_one_column(self):
        """400 customers in one stage: a page of them, all counted and summed, in as many queries as for 40."""
        stage = self.env["customer.lifecycle.stage"].search([("fold", "=", False)], limit=1)
        self.values.write({"lifecycle_stage_id": stage.id, "value_at_risk": 1.0})

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            columns = self._columns(self.own)
            return self.env.cr.sql_log_count - before, columns[stage.id]

        queries()
        few, column = queries()
        self.assertEqual(column, (40, 40.0, 20))
        self.env["customer.value"].create([
            {
                "company_id": self.company.id, "partner_id": partner.id, "lifecycle_stage_id": stage.id,
                "value_at_risk": 2.0,
            }
            for partner in self.env["res.partner"].create([{"name": f"Many {number}"} for number in range(360)])
        ])
        many, column = queries()
        self.assertEqual(column, (400, 760.0, 20))
        self.assertLessEqual(many, few)

    def test_salesperson_without_any_customer(self):
        """Columns are there, empty, and nothing is summed; with one customer there is one card."""
        self.values.partner_id.user_id = self.manager
        mine = [("user_id", "=", self.own.id)]
        columns = self._columns(self.own, mine)
        self.assertEqual(set(columns), set(self.env["customer.lifecycle.stage"].search([]).ids))
        self.assertEqual({column[:2] for column in columns.values()}, {(0, False)})
        self.values[0].partner_id.user_id = self.own
        columns = self._columns(self.own, mine, open_found_groups=True)
        self.assertEqual([column[::2] for column in columns.values() if column[0]], [(1, 1)])

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

    def test_sorted_by_lateness(self):
        """The database counts to today as the screen does: for orders and means, who never bought last and in none."""
        board = self._as(self.own, self.env["customer.value"])
        domain = [("company_id", "=", self.company.id)]
        self._order(self._partner("Prospect"), 3, 10.0, state="draft")
        self._recompute()
        for name in ("cadence_ratio", "days_since_purchase"):
            self.assertTrue(board.fields_get([name])[name]["sortable"])
            for order, sign in (("asc", 1), ("desc", -1)):
                found = [value[name] for value in board.search(domain, order=f"{name} {order}")]
                self.assertIs(found.pop(), False)
                self.assertEqual(found, sorted(found, key=lambda number, sign=sign: sign * number))
            numbers = [value[name] for value in self.values]
            ((mean, number),) = board._read_group(domain, [], [f"{name}:avg", "__count"])
            self.assertEqual(number, len(numbers) + 1)
            self.assertAlmostEqual(mean, sum(numbers) / len(numbers), delta=0.005)
