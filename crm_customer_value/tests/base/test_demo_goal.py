from datetime import timedelta

from odoo.tests import tagged

from ...demo import goals, homes
from ...engine.care import effect, held_out
from .demo_case import DemoCase


@tagged("post_install", "-at_install")
class TestDemoGoal(DemoCase):
    """The six goals: a day for the salesperson, what was offered, who was won back, and what leads may be worth."""

    def test_the_day_of_the_salesperson(self):
        """A day as long as the capacity, of several kinds; what waits for us comes before what brings money."""
        demo = self.env.ref("base.user_demo")
        actions = self.env["customer.next.action"].search([
            ("user_id", "=", demo.id), ("company_id", "=", self.company.id), ("state", "=", "open"),
        ])
        self.assertEqual(len(actions), demo._customer_day_capacities()[demo])
        self.assertGreaterEqual(len(set(actions.mapped("kind"))), 4)
        firsts = actions.sorted("sequence").mapped("is_first")
        self.assertEqual(firsts, sorted(firsts, reverse=True))
        for action in actions:
            self.assertTrue(action.why and action.say, action.partner_id.name)

    def test_offers(self):
        offers = self.env["customer.offer"].search([("company_id", "=", self.company.id), ("state", "!=", "held_out")])
        states = offers.grouped("state")
        self.assertEqual(len(states["refused"]), len(goals.REFUSALS))
        self.assertGreater(len(states["taken"]), 10)
        self.assertEqual(
            states["offered"].partner_id & self.customers,
            self.env["res.partner"].union(*(self._customer(key) for key, _days in goals.OPEN_OFFERS)),
        )
        for offer in states["taken"]:
            bought = self.env["sale.order.line"].search([
                ("order_id.partner_id", "child_of", offer.partner_id.id), ("product_id", "=", offer.product_id.id),
                ("state", "=", "sale"), ("company_id", "=", self.company.id),
            ]).order_id.mapped("date_order")
            self.assertEqual(offer.date_taken, min(day.date() for day in bought if day.date() >= offer.date))

    def test_results_of_actions(self):
        """Count again who bought within 30 days."""
        effects = self.env["customer.next.action.effect"].search([("company_id", "=", self.company.id)])
        due = effects.filtered(lambda row: row.kind == "due")
        actions = self.env["customer.next.action"].search([
            ("company_id", "=", self.company.id), ("kind", "=", "due"), ("result", "!=", False),
        ])
        purchases = self.env["customer.purchase.history"].search([("company_id", "=", self.company.id)])
        days = {partner: own.mapped("date") for partner, own in purchases.grouped("partner_id").items()}
        counted = {}
        for is_held_out in (False, True):
            side = actions.filtered(lambda action, out=is_held_out: action.is_held_out == out)
            bought = side.filtered(lambda action: any(
                action.date_first < day <= action.date_first + timedelta(days=30)
                for day in days.get(action.partner_id, ())
            ))
            counted[is_held_out] = (len(bought), len(side))
            self.assertTrue(effect.is_enough(*counted[is_held_out]), is_held_out)
        self.assertEqual((due.worked, due.customers), counted[False])
        self.assertEqual((due.held_worked, due.held_customers), counted[True])
        for action in actions:
            share = held_out.place(self.company.id, action.partner_id.id)
            self.assertEqual(action.is_held_out, share < homes.HELD_OUT / 100, action.partner_id.name)

    def test_efforts(self):
        rescues = self.env["customer.rescue"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(rescues.mapped("kind")), {"keep", "win_back"})
        done = rescues.filtered(lambda rescue: rescue.state == "done")
        self.assertTrue(done.filtered(lambda rescue: rescue.result == "kept" and rescue.kind == "win_back"))
        self.assertTrue(done.filtered(lambda rescue: rescue.result == "lost"))
        self.assertTrue(all(rescue.cost == 0 for rescue in rescues - done))

    def test_leads(self):
        """A company is worth more than a person at home, and one that a customer recommended the most."""
        lead = {row.key: self.env.ref(f"__demo_customer_value__.lead_{row.key}") for row in goals.LEADS}
        self.assertGreater(lead["harvest_hall"].estimated_value, lead["tram_works"].estimated_value)
        self.assertGreater(lead["tram_works"].estimated_value, 10 * lead["decaf"].estimated_value)

    def test_loading_again_changes_nothing(self):
        counts = {
            model: self.env[model].search_count([])
            for model in ("customer.offer", "customer.next.action", "customer.rescue", "crm.lead")
        }
        self.env["customer.value"]._load_demo("customer_goal_demo")
        for model, count in counts.items():
            self.assertEqual(self.env[model].search_count([]), count, model)
