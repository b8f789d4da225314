from datetime import timedelta
from unittest.mock import patch

import psycopg2
from lxml import etree

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...models.lifecycle import customer_lifecycle_transition
from ..lifecycle_case import LifecycleCase

LATE = (180, 150, 120, 90, 60)


@tagged("post_install", "-at_install")
class TestLifecycleEntryLimit(LifecycleCase):
    """The calls that stages start as shipped: ten a day for each salesperson, where most money is at risk first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._go_by_rhythm()
        cls.env["customer.lifecycle.stage"]._switch_shipped_entries(True)
        # Worked around the clock, so that every day is a working day.
        cls.company.resource_calendar_id = False
        cls.ann, cls.bob, cls.leader = (
            new_test_user(
                cls.env, f"limit_{name}", name=name, groups="sales_team.group_sale_salesman",
                company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("Ann", "Bob", "Leader")
        )
        cls.team = cls.env["crm.team"].create({
            "name": "Limit Team", "company_id": cls.company.id, "user_id": cls.leader.id,
            "member_ids": [Command.set((cls.ann | cls.bob).ids)],
        })
        cls.others = cls._bought("Nobody's", 1, False)

    @classmethod
    def _bought(cls, name, number, user, days=LATE):
        """Return customers who bought on these days, as it was known long ago."""
        partners = cls.env["res.partner"].create([
            {"name": f"{name} {position}", "is_company": True, "user_id": user and user.id}
            for position in range(number)
        ])
        purchases = cls.env["customer.purchase.history"].create([
            {"company_id": cls.company.id, "partner_id": partner.id, "date": cls._day(day), "amount": 100.0}
            for partner in partners for day in days
        ])
        cls._imported(purchases, 200)
        return partners

    @classmethod
    def _imported(cls, purchases, days_ago):
        purchases.flush_recordset()
        cls.env.cr.execute(
            "UPDATE customer_purchase_history SET create_date = %s WHERE id = ANY(%s)",
            [fields.Datetime.now() - timedelta(days=days_ago), purchases.ids],
        )
        purchases.invalidate_recordset(["create_date"])

    def _move(self):
        self._recompute(as_of=self._day(1))
        self._recompute()
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"

    def _at_risk(self, partners, amounts):
        for partner, amount in zip(partners, amounts, strict=True):
            self._value(partner).value_at_risk = amount

    def _work(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_customer_value.ir_cron_customer_value_work").method_direct_trigger()
        self.env.invalidate_all()

    def _called(self, partners, user):
        """Return the customers with a call for the user."""
        calls = partners.activity_ids.filtered(lambda activity: activity.user_id == user)
        self.assertEqual(len(calls), len(calls.mapped("res_id")), "one call each")
        return partners.browse(calls.mapped("res_id"))

    def _states(self, partners):
        moves = self.transitions.search([("partner_id", "in", partners.ids)])
        return sorted(moves.mapped("entry_state"))

    def _next_day(self):
        self.transitions.search([("entry_date", "!=", False)]).entry_date = self._day(1)

    def test_ten_a_day_by_money(self):
        """Ann's twelve: ten today, the poorest and the unknown tomorrow; Bob's three all today."""
        anns, bobs = self._bought("Ann's", 12, self.ann), self._bought("Bob's", 3, self.bob)
        self._move()
        self._at_risk(anns, [False, 5.0, *(float(amount) for amount in range(110, 10, -10))])
        self.assertEqual(self._states(anns | bobs), 15 * ["todo"])
        self._work()
        self.assertEqual(self._called(anns, self.ann), anns[2:])
        self.assertEqual(self._called(bobs, self.bob), bobs)
        self.assertEqual(self._states(anns), 10 * ["done"] + 2 * ["todo"])
        self._waits(self.stages["at_risk"], anns[:2])
        call = anns[2].activity_ids
        self.assertEqual(call.summary, "Call about the next order")
        self.assertEqual(call.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
        self.assertIn(call.date_deadline, (self.today, self.today + timedelta(days=1)))
        # A second run on the same day starts no eleventh.
        self._work()
        self.assertEqual(self._called(anns, self.ann), anns[2:])
        self._next_day()
        self._work()
        self.assertEqual(self._called(anns, self.ann), anns)
        self.assertEqual(self._states(anns), 12 * ["done"])
        self._waits(self.stages["at_risk"], anns.browse())

    def _waits(self, stage, partners):
        """The stage says how many wait for their day, and opens them."""
        stage.invalidate_recordset()
        self.assertEqual(stage.waiting_count, len(partners))
        found = self.transitions.search(stage.action_view_waiting()["domain"])
        self.assertEqual(found.partner_id, partners)
        arch = etree.fromstring(stage.get_view(view_type="form")["arch"])
        [line] = arch.xpath("//div[@name='waiting']")
        self.assertEqual(line.get("invisible"), "not waiting_count")
        self.assertTrue(line.xpath("button[@name='action_view_waiting']/field[@name='waiting_count']"))

    def test_unknown_money_comes_last(self):
        anns = self._bought("Ann's", 11, self.ann)
        self._move()
        self._at_risk(anns, [False] + 10 * [0.0])
        self._work()
        self.assertEqual(self._called(anns, self.ann), anns[1:])

    def test_who_left_the_stage_is_called_no_more(self):
        """Of the two who wait, one is put into Core: the next day starts one call."""
        anns = self._bought("Ann's", 12, self.ann)
        self._move()
        self._at_risk(anns, [1.0, 2.0] + 10 * [50.0])
        self._work()
        self._value(anns[1])._pin_stage(self.stages["core"], "Called")
        self._work()
        self._next_day()
        self._work()
        self.assertEqual(self._called(anns, self.ann), anns - anns[1])
        left = self.transitions.search([
            ("partner_id", "=", anns[1].id), ("to_stage_id", "=", self.stages["at_risk"].id),
        ])
        self.assertEqual(
            (left.entry_state, left.entry_error), ("skipped", "The customer is no longer in this stage.")
        )

    def test_the_day_is_the_persons_not_the_stages(self):
        """Six who became dormant and six who became at risk make ten."""
        risky = self._bought("Risky", 6, self.ann)
        dormant = self._bought("Dormant", 6, self.ann, days=(330, 300, 270, 240, 180))
        self._move()
        self.assertEqual({self._stage(partner) for partner in dormant}, {"dormant"})
        self._work()
        self.assertEqual(len(self._called(risky | dormant, self.ann)), 10)

    def test_nobody_responsible(self):
        """Without a salesperson, whoever sold last is asked; where nobody did, it is noted as failed."""
        customer = self._buyer("Sold by Bob", LATE)
        orders = self.env["sale.order"].search([("partner_id", "=", customer.id)], order="date_order")
        orders.user_id = self.ann
        orders[-1].user_id = self.bob
        self._move()
        self._work()
        self.assertEqual(self._called(customer, self.bob), customer)
        self.assertEqual(self._states(self.others), ["failed"])
        self.assertFalse(self.others.activity_ids)

    def test_who_left_the_company(self):
        """The leader of the team is asked, and gets ten a day, too."""
        anns, leaders = self._bought("Ann's", 11, self.ann), self._bought("Leader's", 1, self.leader)
        self._move()
        self.ann.action_archive()
        self._at_risk(anns | leaders, [*map(float, range(11)), 99.0])
        self._work()
        self.assertEqual(self._called(anns | leaders, self.leader), anns[2:] | leaders)

    def test_who_is_away(self):
        """The leader stands in; while both are away it waits, and nothing is lost."""
        customer = self._bought("Ann's", 1, self.ann)
        self._move()
        away = {"out_of_office_from": fields.Datetime.now() - timedelta(days=1), "out_of_office_to": False}
        (self.ann | self.leader).write(away)
        self._work()
        self.assertEqual(self._states(customer), ["todo"])
        self.leader.out_of_office_from = False
        self._work()
        self.assertEqual(self._called(customer, self.leader), customer)

    def test_killed_in_the_middle(self):
        """Four were started when it died: the next call starts six more, and none of the four again."""
        anns = self._bought("Ann's", 12, self.ann)
        self._move()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60)
        # One of them is of nobody, and fails.
        self.patch(customer_lifecycle_transition, "ENTRY_LIMIT", 5)
        self.transitions._work_off_entries()
        self.assertEqual(len(anns.activity_ids), 4)
        perform, calls = type(self.transitions)._perform_entry, []

        def die(transition):
            perform(transition)
            calls.append(transition)
            if len(calls) == 2:
                raise psycopg2.OperationalError("killed")

        with (
            patch.object(type(self.transitions), "_perform_entry", die),
            self.assertRaises(psycopg2.OperationalError), self.env.cr.savepoint(),
        ):
            self.transitions._work_off_entries()
        self.env.invalidate_all(flush=False)
        self.assertEqual((len(calls), len(anns.activity_ids)), (2, 4))
        self.patch(customer_lifecycle_transition, "ENTRY_LIMIT", 500)
        self.transitions._work_off_entries()
        self.assertEqual(len(anns.activity_ids), 10)
        self.assertEqual(len(self._called(anns, self.ann)), 10)

    def test_left_and_came_back(self):
        """What waited from the first time is started once."""
        customer = self._bought("Ann's", 1, self.ann)
        self._move()
        for code in ("core", "at_risk"):
            self._value(customer)._pin_stage(self.stages[code], "Called")
        self._work()
        self.assertEqual(len(customer.activity_ids), 1)
        self.assertEqual(self._states(customer), ["done", "none", "skipped"])

    def test_import_starts_nothing(self):
        """A prospect whose old purchases are imported today is dormant, and nobody has to call because of that."""
        prospect = self._partner("Prospect", user_id=self.ann.id)
        self._order(prospect, 3, 10.0, state="draft")
        late = self._bought("Ann's", 1, self.ann)
        self._move()
        self.assertEqual((self._stage(prospect), self._states(late)), ("prospect", ["todo"]))
        purchases = self.env["customer.purchase.history"].create([
            {"company_id": self.company.id, "partner_id": prospect.id, "date": self._day(day), "amount": 50.0}
            for day in (330, 300, 270, 240)
        ])
        self._recompute()
        self.assertEqual(self._stage(prospect), "dormant")
        move = self.transitions.search([("partner_id", "=", prospect.id)], limit=1)
        self.assertEqual(move.entry_state, "skipped")
        self.assertIn("import of old purchases", move.entry_error)
        # What was known for long is no import.
        self._value(prospect)._pin_stage(self.stages["core"], "Test", until=self.today)
        self._value(prospect).write({"pin_until": self._day(1)})
        self._imported(purchases, 40)
        self._recompute()
        move = self.transitions.search([("partner_id", "=", prospect.id)], limit=1)
        self.assertEqual((move.to_stage_id.code, move.entry_state), ("dormant", "todo"))

    def test_first_placement_starts_nothing(self):
        anns = self._bought("Ann's", 3, self.ann)
        self._recompute()
        self._work()
        self.assertFalse(self.transitions.search([("partner_id", "in", anns.ids)]))
        self.assertFalse(anns.activity_ids)

    def test_switch(self):
        """On for a new database; off empties what was shipped and nothing else."""
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.customer_value_entry_activities)
        own = self.env["mail.activity.plan"].create({
            "name": "Own", "res_model": "res.partner", "company_id": False,
            "template_ids": [Command.create({"summary": "Own", "responsible_type": "on_demand"})],
        })
        self.stages["lost"].entry_plan_id = own
        settings.customer_value_entry_activities = False
        settings.set_values()
        self.assertEqual(
            [self.stages[code].entry_action for code in ("at_risk", "dormant", "lost")], ["none", "none", "plan"]
        )
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.customer_value_entry_activities)
        settings.customer_value_entry_activities = True
        settings.set_values()
        self.assertEqual(self.stages["dormant"].entry_plan_id.name, "Customer dormant")
        self.assertEqual(self.stages["lost"].entry_plan_id, own)

    def test_switched_off_while_calls_wait(self):
        anns = self._bought("Ann's", 2, self.ann)
        self._move()
        self.env["customer.lifecycle.stage"]._switch_shipped_entries(False)
        self._work()
        self.assertEqual(self._states(anns), 2 * ["skipped"])
        self.assertFalse(anns.activity_ids)
