import ast
from datetime import timedelta

from lxml import etree

from odoo.tests import tagged

from ...demo import care, homes
from ...engine.care import effect, held_out
from .demo_case import DemoCase


@tagged("post_install", "-at_install")
class TestDemoCare(DemoCase):
    """A year of care: what helped and what did not, who waits for us, and what customers say."""

    def _rule(self, key):
        return self.env.ref(f"__demo_customer_value__.care_rule_{key}")

    def test_a_rule_that_helped_and_one_that_did_not(self):
        self.assertEqual(
            (self._rule("home_call").effect_verdict, self._rule("home_parcel").effect_verdict), ("helps", "unclear")
        )
        for key in ("home_call", "home_parcel"):
            with self.subTest(key):
                self._check_effect(self._rule(key))
        self.assertGreater(self._rule("home_parcel").cost, 1000, "gifts that brought nothing")

    def _check_effect(self, rule):
        """Count again who bought within 90 days, from purchases and acts of care alone."""
        purchases = self.env["customer.purchase.history"].search([("company_id", "=", self.company.id)])
        days = {partner: own.mapped("date") for partner, own in purchases.grouped("partner_id").items()}
        counted = {}
        for state in ("done", "held_out"):
            acts = rule.log_ids.filtered(lambda log, state=state: log.state == state and log.result)
            bought = acts.filtered(lambda log: any(
                log.date < day <= log.date + timedelta(days=90) for day in days[log.partner_id]
            ))
            counted[state] = (len(bought), len(acts))
            self.assertTrue(effect.is_enough(*counted[state]), state)
        self.assertEqual((rule.effect_bought, rule.effect_customers), counted["done"])
        self.assertEqual((rule.effect_held_bought, rule.effect_held_customers), counted["held_out"])
        found = effect.difference(*counted["done"], *counted["held_out"])
        self.assertEqual(
            (rule.effect_difference, rule.effect_low, rule.effect_high), tuple(round(100 * one, 1) for one in found[:3])
        )
        for log in rule.log_ids.filtered(lambda log: log.state in ("done", "held_out")):
            share = held_out.place(self.company.id, log.partner_id.id)
            self.assertEqual(log.state == "held_out", share < homes.HELD_OUT / 100, log.partner_id.name)
        self.assertTrue(rule.effect_index, "value index after 90 days")

    def test_promotion_reaches_those_who_agreed(self):
        acts = self.env["customer.care.log"].search([("rule_id", "=", self._rule("tasting").id)])
        done = acts.filtered(lambda log: log.state in ("done", "held_out"))
        self.assertEqual(set(done.partner_id.mapped("promotion_consent")) or {"given"}, {"given"})
        self.assertTrue(acts.filtered(lambda log: log.obstacle == "no_consent"))

    def test_key_customer_whose_promise_is_broken_stands_on_top(self):
        """Of the list that opens for their salesperson."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_value_promise_action")
        view = self.env["customer.value"].get_view(action["view_id"][0], "list")
        user = self.env.ref("base.user_admin")
        first = self.env["customer.value"].with_user(user).search(
            [*ast.literal_eval(action["domain"]), ("user_id", "=", user.id), ("company_id", "=", self.company.id)],
            order=etree.fromstring(view["arch"]).get("default_order"), limit=1,
        )
        self.assertEqual((first.partner_id, first.care_level_id.code), (self._customer("quarry_software"), "key"))
        self.assertLess(first.care_due_on, self.loaded)

    def test_every_level_has_customers(self):
        levels = self.env["customer.care.level"].search([("code", "!=", False)])
        self.assertEqual(levels.mapped("is_on"), [True] * 4)
        for level in levels:
            self.assertTrue(self.values.filtered(lambda value, level=level: value.care_level_id == level), level.name)
        attention = self.env["customer.care.level.attention"].search([("company_id", "=", self.company.id)])
        key = attention.filtered(lambda row: row.care_level_id.code == "key")
        self.assertGreater(key.contacts, 10)
        self.assertTrue(0 < key.kept < key.promised)

    def test_three_hundred_answers(self):
        """Would they recommend us: with an interval, and by team; who was unhappy lately is to be called."""
        results = self.env["customer.feedback"].get_feedback_results([("company_id", "=", self.company.id)])["results"]
        [recommend] = [one for one in results if one["scale"] == "nps"]
        told = recommend["all"]
        self.assertTrue(250 <= told["count"] <= 400, told["count"])
        self.assertTrue(told["low"] < told["score"] < told["high"])
        self.assertGreater(len(recommend["rows"]), 1, "teams")
        self.assertLessEqual({"csat", "effort", "nps"}, {one["scale"] for one in results})
        unhappy = [self.env.ref("__demo_customer_value__.contact_perron_bart"), self.env.ref(
            "__demo_customer_value__.home_7"
        )]
        for contact in unhappy:
            calls = self.env["mail.activity"].with_context(active_test=False).search([
                ("res_model", "=", "res.partner"), ("res_id", "=", contact.id),
                ("activity_type_id", "=", self.env.ref("crm_customer_value.mail_activity_type_unhappy_answer").id),
            ])
            self.assertEqual(len(calls), 1)
        answers = self.env["customer.feedback"].search([("company_id", "=", self.company.id), ("comment", "!=", False)])
        self.assertEqual(set(answers.mapped("mood")), {"good", "middling", "bad"})

    def test_in_touch(self):
        logs = self.env["customer.contact.log"].search([("company_id", "=", self.company.id)])
        self.assertLessEqual(
            {"phone", "visit", "email", "chat", "event", "website"}, set(logs.channel_id.mapped("code"))
        )
        self.assertEqual(set(logs.mapped("direction")), {"in", "out", "both"})
        self.assertEqual(
            len(logs.filtered(lambda log: log.channel_id.code == "event").commercial_partner_id),
            len(care.ROUND_TABLE[-1]),
        )
        self.assertTrue(self.env["customer.contact.note"].search([("company_id", "=", self.company.id)]))
        self.assertTrue(self.env["customer.life.event"].search([("is_yearly", "=", True)]))

    def test_birthdays(self):
        leap = self.env.ref(f"__demo_customer_value__.contact_{care.LEAP_DAY}")
        self.assertEqual((leap.birthday_day, leap.birthday_month), (29, "2"))

    def test_who_brought_whom(self):
        telecom = self._customer("nordsky_telecom")
        self.assertEqual(telecom.brought_contact_count, 3)
        self.assertGreater(self._value("nordsky_telecom").advocacy_score, 50)
        self.assertEqual(
            set(self.customers.mapped("promotion_consent")), {"given", "withdrawn", False}
        )
        self.assertTrue(self._customer(care.BROKEN[0]).is_relationship_broken)

    def test_loading_again_adds_nothing(self):
        models = ("customer.care.log", "customer.feedback", "customer.contact.log", "customer.purchase.history")
        before = [self.env[model].search_count([]) for model in models]
        self.env["customer.value"]._load_demo("customer_care_demo")
        self.assertEqual([self.env[model].search_count([]) for model in models], before)
