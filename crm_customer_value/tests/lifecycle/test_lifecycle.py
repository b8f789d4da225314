from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from odoo.tests import tagged
from odoo.tools import SQL

from ...engine.lifecycle.rules import ease
from ..lifecycle_case import LifecycleCase
from . import slow_rules
from .slow_rules import Facts, Place

# Ten years of one customer, who buys every 30 days, stays away, comes back and leaves: the stage from
# each day on, worked out by hand from the rules that come with the addon.
PURCHASES = (*range(0, 1501, 30), *range(2400, 2701, 30))
YEARS = (
    (0, "new"),  # 90 days from the first purchase
    (91, "core"),
    (1560, "at_risk"),  # 60 days of silence: twice the usual gap
    (1680, "dormant"),  # 180 days
    (1865, "lost"),  # 365 days
    (2400, "won_back"),  # the day of the purchase and 90 more
    (2491, "core"),
    (2760, "at_risk"),
    (2880, "dormant"),
    (3065, "lost"),
)
END = 3650


def expected_on(day):
    return [stage for since, stage in YEARS if since <= day][-1]


@tagged("post_install", "-at_install")
class TestLifecycle(LifecycleCase):
    """Customers go through the stages of their life, and every move is recorded once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._go_by_rhythm()

    def test_ten_years_day_by_day(self):
        """The Python rules, every day of ten years, against the table."""
        rules = self.env["customer.value.run"].new({"company_id": self.company.id})._lifecycle_rules()
        codes = {stage.id: code for code, stage in self.stages.items()}
        start, place, found = date(2016, 1, 1), Place(), []
        for day in range(END + 1):
            before = [purchase for purchase in PURCHASES if purchase <= day]
            facts = Facts(
                len(before), start, start + timedelta(days=before[-1]), Decimal(30), Decimal(60), None
            )
            today = start + timedelta(days=day)
            stage = slow_rules.stage(rules, facts, place, today, ease(10))
            if stage != place.stage:
                place = Place(stage, today)
                found.append((day, codes[stage]))
        self.assertEqual(tuple(found), YEARS)

    def test_ten_years_in_the_database(self):
        """Real orders, computed for the days around each move."""
        customer = self._buyer("Of ten years", [END - day for day in PURCHASES])
        days = sorted({END, 1, 45, 1000, 3000} | {
            day for since, _stage in YEARS for day in (since - 1, since) if day >= 0
        })
        for day in days:
            self._recompute(as_of=self._day(END - day))
            value = self._value(customer)
            self.assertEqual(value.lifecycle_stage_id.code, expected_on(day), day)
            since = max(start for start, _stage in YEARS if start <= day)
            self.assertEqual(value.stage_since, self._day(END - since), day)
        self.assertEqual(self._moves(customer), [
            (END - day, before, stage)
            for (_day, before), (day, stage) in pairwise(YEARS)
        ])
        self.assertEqual(self._recompute(as_of=self._day(0)).changed, 0)

    def test_first_placement_is_no_move_and_a_new_customer_is(self):
        old = self._buyer("Old", (400, 35, 5))
        run = self._recompute()
        self.assertTrue(run.lifecycle["first"])
        self.assertFalse(self.transitions.search([("company_id", "=", self.company.id)]))
        fresh = self._buyer("Fresh", (3,))
        imported = self._buyer("Imported", (900, 870, 840))
        self._recompute()
        self.assertEqual(self._moves(old), [])
        self.assertEqual(self._moves(fresh), [(0, False, "new")])
        self.assertEqual(self._moves(imported), [(0, False, "lost")])
        move = self.transitions.search([("partner_id", "=", fresh.id)])
        self.assertEqual(
            (move.reason, move.run_id, move.revenue_12m, move.value_index, move.entry_state),
            ("rule", self.env["customer.value.run"].search([], limit=1), 100.0,
             self._value(fresh).value_index, "none"),
        )

    def test_same_night_again_writes_nothing(self):
        """Neither rows nor moves, by full and incremental runs alike."""
        customers = self.env["res.partner"].concat(*(
            self._buyer(str(last), (last + 60, last + 30, last)) for last in (1, 20, 59, 60, 200, 400)
        ))
        self._recompute(as_of=self._day(1))
        self._recompute()
        moves = self.transitions.search([("company_id", "=", self.company.id)])
        self.assertEqual(moves.partner_id, customers[3], "60 days of silence are reached today")
        self.assertEqual(self._recompute().changed, 0)
        self.assertEqual(self._recompute(partners=customers).changed, 0)
        self.assertEqual(self.transitions.search([("company_id", "=", self.company.id)]), moves)

    def test_purchase_moves_within_the_hour(self):
        """An incremental run moves who came back, records it, and a full one has nothing to add."""
        customer = self._buyer("Back", (800, 770, 740))
        self._buyer("Other", (40, 10))
        self._recompute(as_of=self._day(3))
        self.assertEqual(self._stage(customer), "lost")
        self._order(customer, 0, 50.0)
        run = self._recompute(partners=customer)
        self.assertEqual((run.kind, self._stage(customer)), ("incremental", "won_back"))
        self.assertEqual(self._moves(customer), [(0, "lost", "won_back")])
        self._recompute()
        self.assertEqual(self._moves(customer), [(0, "lost", "won_back")])

    def test_hysteresis_of_the_policy(self):
        """The stage one is in is left 10 % later; with a hysteresis of 0, at once."""
        customer = self._buyer("On the edge", (180, 150, 120, 90, 60))
        self._recompute(as_of=self._day(1))
        self._recompute()
        self.assertEqual(self._moves(customer), [(0, "core", "at_risk")])
        self.stages["at_risk"].cadence_from = 2.2
        self._recompute()
        self.assertEqual(self._stage(customer), "at_risk")
        self.stages["at_risk"].cadence_from = 2.3
        self._recompute()
        self.assertEqual(self._stage(customer), "core")
        self.stages["at_risk"].cadence_from = 2
        self._recompute()
        self.stages["at_risk"].cadence_from = 2.2
        self.env["customer.value.policy"]._get_active(self.company)._renew({"hysteresis": 0})
        self._recompute()
        self.assertEqual(self._stage(customer), "core")

    def test_held(self):
        """Who is held does not get worse, by day after day; once free, the rule applies."""
        customers = [self._buyer(name, (180, 150, 120, 90, 60)) for name in ("Held", "Free")]
        self._recompute(as_of=self._day(1))
        run = type(self.env["customer.value.run"])
        held = SQL("lived.partner_id IN (SELECT id FROM res_partner WHERE name = 'Held')")
        with self.subTest("held"):
            self.patch(run, "_holds", lambda _self: [held])
            self._recompute()
            self.assertEqual([self._stage(customer) for customer in customers], ["core", "at_risk"])
            self.assertEqual(self._moves(customers[0]), [])
        with self.subTest("not downwards only"):
            for customer in customers:
                self._order(customer, 0, 100.0)
            self._recompute()
            self.assertEqual([self._stage(customer) for customer in customers], ["core", "core"])
        with self.subTest("free again"):
            self.env["sale.order"].search([
                ("partner_id", "in", [customer.id for customer in customers]),
                ("date_order", ">", self._day(1)),
            ])._action_cancel()
            self.patch(run, "_holds", lambda _self: [])
            self._recompute()
            self.assertEqual([self._stage(customer) for customer in customers], ["at_risk", "at_risk"])

    def test_held_dormant_is_not_lost(self):
        """Both are gone; lost lies further along."""
        customer = self._buyer("Held", (465, 435, 405, 365))
        self._recompute(as_of=self._day(1))
        self.assertEqual(self._stage(customer), "dormant")
        self.patch(
            type(self.env["customer.value.run"]), "_holds", lambda _self: [SQL("TRUE")]
        )
        self._recompute()
        self.assertEqual((self._stage(customer), self._moves(customer)), ("dormant", []))

    def test_two_companies(self):
        """Each has its own stages of the same customer, its own moves, and rules of its own if it likes."""
        other = self._make_company("Lifecycle Second")
        customer = self._buyer("Of both", (60, 30, 1))
        for day in (900, 870):
            self._order(customer, day, 10.0, company=other)
        own = self.env["customer.lifecycle.stage"].create({
            "name": "Sleeping", "company_id": other.id, "silence_days_from": 500, "rule_sequence": 1,
        })
        self._recompute(self.company | other)
        self.assertEqual(self._stage(customer), "new")
        self.assertEqual(self._value(customer, other).lifecycle_stage_id, own)
        self._order(customer, 0, 10.0, company=other)
        self._recompute(self.company | other)
        self.assertEqual(self._moves(customer), [])
        self.assertEqual(len(self._moves(customer, other)), 1)
        own.company_id = self.company
        self._recompute(self.company | other)
        self.assertNotEqual(self._value(customer, other).lifecycle_stage_id, own)

    def test_customer_who_disappears_and_comes_back(self):
        """Without a purchase there is no row; with it again, the life goes on where it was."""
        customer = self._buyer("Now and then", (180, 150, 120, 90, 60))
        self._buyer("Other", (50, 20))
        self._recompute(as_of=self._day(1))
        self._recompute()
        orders = self.env["sale.order"].search([("partner_id", "=", customer.id)])
        orders._action_cancel()
        self._recompute()
        self.assertFalse(self._value(customer))
        days = {order: order.date_order for order in orders}
        orders.action_draft()
        for order, day in days.items():
            order.write({"state": "sale", "date_order": day})
        self._recompute()
        value = self._value(customer)
        self.assertEqual((value.lifecycle_stage_id.code, value.stage_since), ("at_risk", self.today))
        self.assertEqual(self._moves(customer), [(0, "core", "at_risk")])

    def test_looking_back_changes_no_history(self):
        """An earlier day shows the stages of that day; the way back to today records nothing again."""
        moving = self._buyer("Moving", [day + 60 for day in range(0, 151, 30)])
        still = self._buyer("Still", [day + 5 for day in range(0, 301, 30)])
        young = self._buyer("Young", (10,))
        stages = {}
        for day in (200, 119, 30, 0):
            self._recompute(as_of=self._day(day))
            stages[day] = [self._stage(partner) for partner in (moving, still, young)]
        history = {partner: self._moves(partner) for partner in (moving, still, young)}
        self.assertEqual(len(history[moving]), 2)
        self.assertEqual(history[moving][-1][::2], (0, "at_risk"))
        today = self._rows_of_life()
        for day in (30, 119, 30):
            run = self._recompute(as_of=self._day(day))
            self.assertTrue(run.lifecycle["retrace"])
            self.assertEqual([self._stage(partner) for partner in history], stages[day])
        self._recompute(partners=moving)
        self._recompute()
        self.assertEqual(self._rows_of_life(), today)
        self.assertEqual(history, {partner: self._moves(partner) for partner in history})
        self.assertFalse(self._recompute().lifecycle["retrace"])

    def test_looking_back_before_the_first_placement(self):
        """What was never recorded is not known: everybody is placed again, and nobody moves."""
        customer = self._buyer("Old", (480, 450, 420, 390))
        self._recompute()
        self._recompute(as_of=self._day(380))
        self.assertEqual((self._stage(customer), self._value(customer).stage_since), ("core", False))
        self._recompute(as_of=self._day(1))
        self._recompute()
        self.assertEqual((self._stage(customer), self._value(customer).stage_since), ("lost", self.today))
        self.assertEqual(self._moves(customer), [])

    def _rows_of_life(self):
        self.env.cr.execute(
            "SELECT partner_id, lifecycle_stage_id, stage_since, stage_pinned FROM customer_value"
            " WHERE company_id = %s ORDER BY 1", [self.company.id],
        )
        return self.env.cr.fetchall()

    def test_month_end_after_midnight(self):
        """Changed customers at midnight, the month end, the night: moves of that night are not lost."""
        customer = self._buyer("Late", (180, 150, 120, 90, 60))
        other = self._buyer("Other", (180, 150, 120, 90, 62))
        self._recompute(as_of=self._day(3))
        self._recompute(as_of=self._day(0), partners=other)
        self._recompute(as_of=self._day(1))
        self._recompute(as_of=self._day(0))
        self.assertEqual(self._moves(customer), [(0, "core", "at_risk")])
        self.assertEqual(self._moves(other), [(0, "core", "at_risk")])
        self.assertEqual(self._value(other).stage_since, self.today)
        self.assertEqual(self._recompute().changed, 0)

    def test_batch_size_does_not_matter(self):
        for last in range(0, 400, 9):
            self._buyer(f"Last {last}", (last + 60, last + 30, last))
        results = []
        for size in (1, 7, 10000):
            self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", size)
            with self.env.cr.savepoint() as savepoint:
                self._recompute(as_of=self._day(60))
                self._recompute()
                results.append((self._rows_of_life(), self._moves_of_all()))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertGreater(len(results[0][1]), 2)
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0], results[2])

    def _moves_of_all(self):
        self.env.cr.execute(
            "SELECT partner_id, from_stage_id, to_stage_id, date FROM customer_lifecycle_transition"
            " WHERE company_id = %s ORDER BY 1, 4, id", [self.company.id],
        )
        return self.env.cr.fetchall()

    def test_killed_between_batches(self):
        """Ended after each batch in turn: the stages and moves of an unbroken run, and none twice.

        A rule that changes meanwhile waits for the next run.
        """
        for last in range(0, 400, 40):
            self._buyer(f"Last {last}", (last + 60, last + 30, last))
        self._recompute(as_of=self._day(5))
        with self.env.cr.savepoint() as savepoint:
            self._recompute()
            unbroken = self._rows_of_life(), self._moves_of_all()
            savepoint.rollback()
        self.env.invalidate_all()
        self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", 2)
        self.env["customer.value.run"].search([("state", "in", ("queued", "running"))]).state = "failed"
        run = self.env["customer.value.run"]._enqueue(self.company)
        stops, changed = 0, False
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            self.patch(type(env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 0)
            while run.with_env(env).state in ("queued", "running"):
                env["customer.value.run"]._cron_work()
                env.invalidate_all()
                if run.with_env(env).phase == "score" and not changed:
                    changed = True
                    self.stages["at_risk"].with_env(env).cadence_from = 9
                stops += 1
                self.assertLess(stops, 1000)
        self.assertGreater(stops, 5)
        self.env.invalidate_all()
        self.assertEqual((self._rows_of_life(), self._moves_of_all()), unbroken)
