from odoo.tests import TransactionCase, tagged

from ...demo import plan
from ...engine.value import rfm
from .demo_case import DemoCase


@tagged("post_install", "-at_install")
class TestDemoPlan(TransactionCase):
    """What is planned is the same on every machine and within three years."""

    def test_same_every_time(self):
        for behaviour in plan.BEHAVIOURS:
            with self.subTest(behaviour):
                found = plan.purchases("somebody", behaviour, buyers=2)
                self.assertEqual(found, plan.purchases("somebody", behaviour, buyers=2))
                self.assertTrue(all(1 <= purchase.days_ago < 3 * 365 for purchase in found))
                self.assertTrue(all(purchase.lines for purchase in found))
        self.assertFalse(plan.purchases("somebody", "prospect"))

    def test_customers_differ(self):
        self.assertNotEqual(plan.purchases("one", "devoted"), plan.purchases("another", "devoted"))


@tagged("post_install", "-at_install")
class TestDemoData(DemoCase):
    """The demo data shows everything there is to show."""

    def test_all_kinds_of_customers(self):
        buyers = self.values.filtered("order_count")
        self.assertEqual(set(buyers.mapped("rfm_segment")), {row[0] for row in rfm.SEGMENT_TABLE})
        self.assertLessEqual({"a", "b", "c"}, set(buyers.mapped("value_class")))
        self.assertLessEqual({"up", "down", "steady", "new"}, set(self.values.mapped("revenue_trend")))
        self.assertEqual({1, 2, 3, 4, 5}, set(buyers.mapped("recency_score")))

    def test_all_stages(self):
        """Every stage there is, some of them since the day the demo begins with."""
        self.assertEqual(
            {
                "prospect", "new", "developing", "occasional", "core", "weakening", "at_risk", "dormant", "lost",
                "won_back",
            },
            set(self.values.mapped("lifecycle_stage_id.code")),
        )
        self.assertEqual(self._value("heron_press").lifecycle_stage_id.code, "won_back")
        moves = self.env["customer.lifecycle.transition"].search([("company_id", "=", self.company.id)])
        self.assertLess(10, len(moves))
        self.assertEqual(moves.filtered(lambda move: move.reason == "manual").partner_id, self._customer(plan.PINNED))
        pinned = self._value(plan.PINNED)
        self.assertEqual((pinned.stage_pinned, pinned.lifecycle_stage_id.code), (True, "core"))

    def test_customers_about_to_be_lost_stand_first(self):
        """Class A and silent for twice the usual gap: at risk or dormant, with money, in the first columns."""
        silent = self.values.filtered(
            lambda value: value.value_class == "a" and not value.stage_pinned and value.typical_gap
            and (self.loaded - value.last_purchase_date).days >= 2 * value.typical_gap
        )
        self.assertGreaterEqual(len(silent), 2)
        for value in silent:
            self.assertIn(value.lifecycle_stage_id.code, ("at_risk", "dormant"), value.partner_id.name)
            self.assertGreater(value.value_at_risk, 0, value.partner_id.name)
            self.assertNotEqual(value.loss_risk, "low", value.partner_id.name)
        board = self.env["customer.value"].with_context(read_group_expand=True)
        columns = board.web_read_group(
            [("company_id", "=", self.company.id)], ["lifecycle_stage_id"], ["shown_value_at_risk:sum"]
        )["groups"]
        stages = self.env["customer.lifecycle.stage"].browse([column["lifecycle_stage_id"][0] for column in columns])
        self.assertEqual(stages[0].code, "at_risk")
        self.assertGreater(columns[0]["shown_value_at_risk:sum"], 0)
        healthy = [position for position, stage in enumerate(stages) if stage.health in ("good", "neutral")]
        for stage in silent.lifecycle_stage_id:
            self.assertLess(stages.ids.index(stage.id), min(healthy), stage.name)

    def test_payment(self):
        scores = set(self.values.filtered("has_payment_score").mapped("payment_score"))
        self.assertEqual((min(scores), max(scores)), (0, 100))
        self.assertGreater(len(scores), 5, "some pay a part of their invoices in time")
        self.assertTrue(self.values.filtered(lambda value: not value.has_payment_score))

    def test_customers(self):
        self.assertGreaterEqual(len(self.customers), 60)
        self.assertGreaterEqual(len(self.customers.country_id), 15)
        owners = self.customers.user_id
        self.assertIn(self.env.ref("base.user_demo"), owners)
        self.assertIn(self.env.ref("base.user_admin"), owners)
        self.assertTrue(self.customers.filtered(lambda customer: not customer.user_id))

    def test_prospect(self):
        value = self._value("summit_ridge_bank")
        self.assertEqual((value.lifecycle_stage_id.code, value.value_index, value.order_count), ("prospect", 0, 0))

    def test_archived_customer_keeps_value(self):
        self.assertFalse(self._customer("silver_birch_news").active)
        self.assertGreater(self._value("silver_birch_news").revenue_total, 0)

    def test_contacts_who_order(self):
        contacts = self._customer("alder_clinic").child_ids
        orders = self.env["sale.order"].search([("partner_id", "in", contacts.ids), ("state", "=", "sale")])
        self.assertEqual(orders.partner_id, contacts)
        self.assertEqual(self._value("alder_clinic").order_count, len(orders))

    def test_foreign_currency(self):
        customer = self._customer("quarry_software")
        orders = self.env["sale.order"].search([("partner_id", "=", customer.id)])
        self.assertEqual(set(orders.currency_id.mapped("name")), {"GBP"})
        self.assertAlmostEqual(
            self._value("quarry_software").revenue_total,
            sum(round(order.amount_untaxed / order.currency_rate, 2) for order in orders),
            places=2,
        )

    def test_margins_and_credit_notes(self):
        orders = self.env["sale.order"].search([
            ("partner_id", "child_of", self.customers.ids), ("state", "=", "sale"),
        ])
        self.assertGreater(min(orders.mapped("margin")), 0)
        notes = self.env["account.move"].search([
            ("partner_id", "child_of", self.customers.ids), ("move_type", "=", "out_refund"),
        ])
        self.assertTrue(notes)
        self.assertEqual(set(notes.mapped("state")), {"posted"})

    def test_salesperson_sees_only_own_documents(self):
        salesperson = self.env.ref("base.user_demo")
        self.assertTrue(salesperson.has_group("sales_team.group_sale_salesman"))
        self.assertFalse(salesperson.has_group("sales_team.group_sale_salesman_all_leads"))

    def test_months_to_look_back_at(self):
        """The trend has six months at least, and customers rise, fall, come and go."""
        snapshots = self.env["customer.value.snapshot"].search([("company_id", "=", self.company.id)])
        self.assertGreaterEqual(len(set(snapshots.mapped("date"))), 6)
        self.assertLessEqual({"risen", "same", "fallen", "in", "out"}, set(snapshots.mapped("class_movement")))

    def test_what_customers_gain(self):
        """One on the way to the goal, one behind, one who contests; and one who learns from others."""
        goals = self.env["customer.benefit.goal"].search([("company_id", "=", self.company.id)])
        states = {
            key: set(goals.filtered(lambda goal, key=key: goal.partner_id == self._customer(key)).mapped("state"))
            for key in ("nordsky_telecom", "wieslaw_print", "blue_heron_inn")
        }
        self.assertLessEqual(states["nordsky_telecom"], {"on_track", "reached"})
        self.assertEqual(states["wieslaw_print"], {"behind"})
        self.assertEqual(states["blue_heron_inn"], {"proposed"})
        records = self.env["customer.benefit.record"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            records.filtered(lambda record: record.state == "contested").partner_id, self._customer("helvetia_optik")
        )
        telecom = self._value("nordsky_telecom")
        self.assertGreater(telecom.benefit_index, 60)
        self.assertGreater(telecom.benefit_points, 0)
        self.assertLess(self._value("wieslaw_print").benefit_index, 40)
        advice = {one["state"] for one in telecom.get_benefit_side()["advice"]}
        self.assertIn("room", advice)

    def test_loading_again_adds_nothing(self):
        before = self.env["sale.order"].search_count([])
        needs = self.env["customer.need"].search_count([])
        self.env["customer.value"]._load_demo("customer_value_demo")
        self.env["customer.value"]._load_demo("customer_benefit_demo")
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        self.assertEqual(self.env["customer.need"].search_count([]), needs)
