from datetime import datetime, time

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from ..contact_case import ContactCase


@tagged("post_install", "-at_install")
class TestContactCost(ContactCase):
    """What contacts cost is cost to serve the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.complaint_hour_cost = 60.0
        cls.visit = cls.env["customer.contact.channel"]._of("visit").with_company(cls.company)
        cls.phone = cls.env["customer.contact.channel"]._of("phone").with_company(cls.company)
        cls.visit.contact_cost = 40.0

    def _at(self, days):
        return datetime.combine(self._day(days), time(12))

    def test_cost_of_a_contact(self):
        """Minutes at the cost of an hour, and the charge of the channel; what is not known is not zero."""
        call = self._log(self.anna, channel_id=self.phone.id, minutes=10)
        visit = self._log(self.anna, channel_id=self.visit.id, minutes=45)
        unknown = self._log(self.anna, channel_id=self.phone.id)
        charged = self._log(self.anna, channel_id=self.visit.id)
        logs = call | visit | unknown | charged
        self.assertEqual(logs.mapped("cost"), [10.0, 85.0, False, 40.0])
        self.company.complaint_hour_cost = 50.0
        self.assertEqual(logs.mapped("cost"), [8.33, 77.5, False, 40.0])
        self.visit.contact_cost = 0.5
        self.assertEqual(logs.mapped("cost"), [8.33, 38.0, False, 0.5])
        call.minutes = 0
        self.assertEqual(call.cost, 0.0)

    def test_only_managers_see_it(self):
        """Minutes beside it would tell what an hour costs."""
        log = self._log(self.anna, minutes=10, user_id=self.agent.id)
        self.assertNotIn("cost", log.with_user(self.agent).fields_get())
        manager = new_test_user(
            self.env, "contact_manager", groups="crm_customer_value.group_service_manager",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )
        self.assertEqual(log.with_user(manager).cost, 10.0)

    def test_cost_to_serve(self):
        """In the period, of the customer as a whole; the period before counts for the contribution before."""
        self._order(self.bakery, 30, 1000.0, cost=600.0)
        self._order(self.bakery, 400, 500.0, cost=300.0)
        self._order(self.mill, 30, 1000.0)
        self._recompute()
        before = self._value(self.bakery)
        self.assertEqual((before.cost_to_serve, before.net_contribution_12m), (0.0, 400.0))
        index = before.value_index
        for days, minutes in ((0, 30), (364, 20), (365, 15), (729, 5), (730, 1)):
            date = min(self._at(days), fields.Datetime.now())
            self._log(self.anna, channel_id=self.phone.id, minutes=minutes, date=date)
        self._recompute()
        value = self._value(self.bakery)
        self.assertEqual((value.cost_to_serve, value.cost_to_serve_score), (50.0, 5.0))
        self.assertEqual((value.net_contribution_12m, value.net_contribution_previous_12m), (350.0, 180.0))
        self.assertLess(value.value_index, index)
        self.assertEqual(self._value(self.mill).cost_to_serve, 0.0)
        opened = self.logs.search(value.action_view_contact_costs()["domain"])
        self.assertEqual(sorted(opened.mapped("minutes")), [20, 30], "the number opens what it is made of")

    def test_who_left_leaves_the_cost_behind(self):
        for customer in (self.bakery, self.mill):
            self._order(customer, 30, 1000.0)
        self._log(self.anna, channel_id=self.phone.id, minutes=60, date=self._at(10))
        self.anna.parent_id = self.mill
        for partners in (None, self.bakery | self.mill):
            self._recompute(partners=partners)
            self.assertEqual(
                (self._value(self.bakery).cost_to_serve, self._value(self.mill).cost_to_serve), (60.0, 0.0)
            )

    def test_logs_mark_their_customers(self):
        self._order(self.bakery, 30, 1000.0)
        self._recompute()
        marks = self.env["customer.value.mark"]

        def marked():
            self.env.cr.flush()
            self.env.cr.precommit.run()
            return set().union(*marks._take(10000).values())

        marked()
        log = self._log(self.anna, minutes=10)
        self.assertIn(self.bakery.id, marked())
        for values in ({"minutes": 20}, {"date": self._at(400)}, {"channel_id": self.visit.id}, {"direction": "in"}):
            log.write(values)
            self.assertIn(self.bakery.id, marked(), values)
        log.summary = "Other words"
        self.assertFalse(marked())
        log.partner_id = self.mill
        self.assertLessEqual({self.bakery.id, self.mill.id}, marked())
        self.env["customer.value.run"].search([("state", "=", "queued")]).unlink()
        self.visit.contact_cost = 41.0
        queued = self.env["customer.value.run"].search([("state", "=", "queued")])
        self.assertEqual(queued.company_id, self.company)
        self.assertEqual(log.cost, 61.0)

    def test_explanation(self):
        """Why the index is what it is names the contacts, and opens them."""
        self._order(self.bakery, 30, 1000.0)
        self._log(self.anna, channel_id=self.phone.id, minutes=50, date=self._at(10))
        self._recompute()
        value = self._value(self.bakery)
        full, latest = value._story_runs()
        facts, comparison = value._story_of_cost_to_serve(full, latest)
        self.assertEqual([fact[2] for fact in facts], [50.0, 50.0, 5.0])
        self.assertEqual(facts[1][3], {"method": "action_view_contact_costs", "args": []})
        self.assertFalse(comparison)
