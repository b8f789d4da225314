from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ...engine.story import history
from ...engine.value import pipeline
from .snapshot_case import MovedCase

CRON = "crm_customer_value.ir_cron_customer_value_work"


@tagged("post_install", "-at_install")
class TestSnapshots(MovedCase):
    """What is kept at a month end, and when."""

    def _kept_columns(self):
        """Return the columns of a value that a month end keeps."""
        told = [column for part in self._index_parts().values() for column in part.kept_columns]
        return (*history.SNAPSHOT_COLUMNS, *told)

    def test_by_hand(self):
        """Revenue in the window, first 900, 100, 10, then 1010, 100, 50 and nothing of Leaving.

        First 900 of 1010 is more than 80 % and 1000 more than 95 %: classes a, b, c. Then 1010 of
        1160 is 87 % and 1110 is 95.7 %. Of three customers the least scores 33 and the second 66;
        one purchase makes no loyalty and nothing was due, so 50 and 30 are all the weights:
        50 * 33 / 80 = 20.6 and 50 * 66 / 80 = 41.3. Forecasts, which all of them have, are given no weight here.
        """
        self.policy._renew(weights={"future_value": 0})
        self.assertEqual(self._take_both(), [4, 4])
        first, second = self._kept(self.before), self._kept(self.end)
        self.assertEqual(
            {name: (one.value_class, one.value_index, one.class_movement) for name, one in first.items()},
            {
                "Leaving": ("a", 62.5, False), "Steady": ("b", 41.3, False), "Rising": ("c", 20.6, False),
                "Ancient": (False, 0.0, False),
            },
        )
        self.assertEqual(
            {name: (one.previous_class, one.value_class, one.class_movement) for name, one in second.items()},
            {
                "Leaving": ("a", False, "out"), "Steady": ("b", "b", "same"), "Rising": ("c", "a", "risen"),
                "Fresh": (False, "c", "in"),
            },
        )
        self.assertEqual(
            {name: one.previous_index for name, one in second.items()},
            {"Leaving": 62.5, "Steady": 41.3, "Rising": 20.6, "Fresh": 0.0},
        )
        self.assertEqual((second["Fresh"].value_index, second["Steady"].value_index), (20.6, 41.3))
        self.assertEqual((second["Fresh"].current_value_score, second["Fresh"].current_value_points), (33, 20.6))
        self.assertEqual((second["Rising"].revenue_12m, second["Rising"].margin_12m), (1010, 1010))
        self.assertTrue(all(snapshot.has_prediction for snapshot in second.values()))
        self.assertFalse(any(snapshot.has_payment_score for snapshot in second.values()))

    def test_fallen(self):
        """1160 of 1190 come before the 30 of who was in class a."""
        self._order(self.leaving, self.end, 30.0)
        self._take_both()
        leaving = self._kept()["Leaving"]
        self.assertEqual((leaving.previous_class, leaving.value_class, leaving.class_movement), ("a", "c", "fallen"))

    def test_who_is_left_out(self):
        """Who bought in neither of the last two windows is kept while class or segment change."""
        self._take_both()
        self.assertIn("Ancient", self._kept(self.before), "told once that this customer is lost")
        self.assertNotIn("Ancient", self._kept(self.end))
        # Two windows are 730 days, the month end included.
        self._order(self._partner("Inside"), self.end - timedelta(days=729), 7.0)
        self._order(self._partner("Outside"), self.end - timedelta(days=730), 7.0)
        self._recompute(as_of=self.end)
        self.assertLessEqual({"Inside", "Outside"}, set(self._kept()), "not told before")
        self._recompute(as_of=self.before)
        self._recompute(as_of=self.end)
        self.assertIn("Inside", self._kept())
        self.assertNotIn("Outside", self._kept())

    def test_time_travel(self):
        """Computed again for a day gone by, the values are what the snapshot of that day holds."""
        self._take_both()
        self._order(self.steady, 0, 333.0)
        self._recompute()
        columns = ", ".join(self._kept_columns())
        for day in (self.before, self.end):
            self.assertNotEqual(self._values(columns, day), self._snapshot(columns, day))
            self._recompute(as_of=day)
            self.assertEqual(self._values(columns, day), self._snapshot(columns, day))
            self.assertGreaterEqual(len(self._values(columns, day)), 4)

    def _values(self, columns, day):
        self.env.cr.execute(
            f"SELECT partner_id, ({columns})::text FROM customer_value v WHERE company_id = %(company)s"
            "  AND EXISTS (SELECT 1 FROM customer_value_snapshot s WHERE s.company_id = v.company_id"
            "              AND s.partner_id = v.partner_id AND s.date = %(day)s) ORDER BY 1",
            {"company": self.company.id, "day": day},
        )
        return self.env.cr.fetchall()

    def _snapshot(self, columns, day):
        self.env.cr.execute(
            f"SELECT partner_id, ({columns})::text FROM customer_value_snapshot"
            " WHERE company_id = %s AND date = %s ORDER BY 1",
            [self.company.id, day],
        )
        return self.env.cr.fetchall()

    def test_second_take_changes_nothing(self):
        self._take_both()
        before = self._table("xmin::text, *")
        self.assertEqual(self._take_both(), [0, 0])
        self.assertEqual(before, self._table("xmin::text, *"))

    def test_late_corrections(self):
        """Taken again, a month is put right: its rows, those that go, and what the next month says."""
        self._take_both()
        self._order(self.leaving, self.before, 1.0)
        self._order(self.fresh, self.before, 5000.0)
        self._recompute(as_of=self.before)
        first, second = self._kept(self.before), self._kept(self.end)
        self.assertEqual(first["Fresh"].value_class, "a")
        self.assertEqual(
            (second["Fresh"].previous_class, second["Fresh"].previous_index, second["Fresh"].class_movement),
            ("a", first["Fresh"].value_index, "fallen"),
        )
        self.env["sale.order"].search([("partner_id", "=", self.fresh.id)])._action_cancel()
        self._recompute(as_of=self.end)
        self.assertNotIn("Fresh", self._kept(self.end))
        self.assertIn("Fresh", self._kept(self.before))

    def test_months_out_of_order(self):
        """The older month taken last leaves the same rows as both in order."""
        columns = "partner_id, date, value_class, previous_class, previous_index, class_movement"
        self._recompute(as_of=self.end)
        self.assertEqual(set(self._table("class_movement")), {(None,)})
        self._recompute(as_of=self.before)
        # Ancient had something to tell at the end, where nothing was kept before.
        reverse = [row for row in self._table(columns) if row[0] != self.ancient.id]
        self.snapshots.search([("company_id", "=", self.company.id)]).unlink()
        self._take_both()
        self.assertEqual(reverse, [row for row in self._table(columns) if row[0] != self.ancient.id])

    def test_only_full_runs_of_months_that_are_over(self):
        self.assertEqual(self._recompute(as_of=self.end - timedelta(days=1)).snapshots, 0)
        self.assertEqual(self._recompute(as_of=self.end).snapshots, 5)
        self.snapshots.search([("company_id", "=", self.company.id)]).unlink()
        self.assertEqual(self._recompute(as_of=self.end, partners=self.steady).snapshots, 0)
        # On the last day itself it is not known yet what is bought in the rest of it.
        with freeze_time(datetime.combine(self.end, time(9))):
            self.assertEqual(self._recompute().as_of, self.end)
        self.assertFalse(self._kept())

    # ---- the nightly action ----

    def _queued(self):
        return self.env["customer.value.run"].search([
            ("company_id", "=", self.company.id), ("state", "=", "queued"),
        ], order="id")

    def _work(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env["customer.value.run"].search([
            ("state", "=", "queued"), ("company_id", "!=", self.company.id)
        ]).state = "failed"
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def test_nightly_keeps_the_last_month_end_first(self):
        self._queued().unlink()
        self.env["customer.value.run"]._cron_nightly()
        self.assertEqual(self._queued().mapped("as_of"), [False], "nothing was ever computed")
        self._work()
        self.assertFalse(self._kept())
        runs = self.env["customer.value.run"]
        runs._cron_nightly()
        self.assertEqual(self._queued().mapped("as_of"), [self.end, False])
        runs._cron_nightly()
        self.assertEqual(self._queued().mapped("as_of"), [self.end, False], "each waits once")
        self._work()
        self.assertEqual(len(self._kept()), 5)
        last, first = runs.search([("company_id", "=", self.company.id)], limit=2)
        self.assertEqual((first.as_of, last.as_of), (self.end, self.today))
        self.assertEqual((first.snapshots, last.snapshots, first.state, last.state), (5, 0, "done", "done"))
        runs._cron_nightly()
        self.assertEqual(self._queued().mapped("as_of"), [False], "this month end is kept")

    def test_waiting_run_does_not_end_before_the_month_end(self):
        """What waits since the day is turned into the month end, and tonight's comes after it."""
        self._recompute()
        self._queued().unlink()
        waiting = self.env["customer.value.run"]._enqueue(self.company)
        self.env["customer.value.run"]._cron_nightly()
        queued = self._queued()
        self.assertEqual((queued[0], queued.mapped("as_of")), (waiting, [self.end, False]))

    def test_month_end_without_snapshots_is_not_computed_every_night(self):
        self._recompute(as_of=self.before)
        with patch.object(history, "take", lambda *_args: 0):
            self._recompute(as_of=self.end)
        self._queued().unlink()
        self.env["customer.value.run"]._cron_nightly()
        self.assertEqual(self._queued().mapped("as_of"), [False])

    def test_run_of_the_last_day_does_not_stand_for_the_month_end(self):
        with freeze_time(datetime.combine(self.end, time(1, 30))):
            self._recompute()
        self._queued().unlink()
        self.env["customer.value.run"]._cron_nightly()
        self.assertEqual(self._queued().mapped("as_of"), [self.end, False])

    def test_interrupted_run_goes_on(self):
        """Ended after each batch in turn, a run keeps what an unbroken one keeps."""
        columns = ", ".join(("partner_id", "date", *self._kept_columns(), "class_movement"))
        self._take_both()
        unbroken = self._table(columns)
        self.snapshots.search([("company_id", "=", self.company.id), ("date", "=", self.end)]).unlink()
        self.env.cr.execute("DELETE FROM customer_value WHERE company_id = %s", [self.company.id])
        self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", 2)
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        run = self.env["customer.value.run"]._enqueue(self.company)
        run.as_of = self.end
        phases = []
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            self.patch(type(env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 0)
            while run.with_env(env).state in ("queued", "running"):
                env["customer.value.run"]._cron_work()
                env.invalidate_all()
                phases.append((run.with_env(env).phase, run.with_env(env).progress))
                if phases[-1][0] == "snapshot":
                    # A crash of the server empties the working table, which is not needed any more.
                    pipeline.drop_table(cr, f"customer_value_work_{run.id}")
                self.assertLess(len(phases), 1000)
        self.env.invalidate_all()
        self.assertGreater([phase for phase, _progress in phases].count("snapshot"), 3)
        progress = [percent for _phase, percent in phases]
        self.assertEqual(progress, sorted(progress), "the bar never goes back")
        self.assertEqual((run.state, run.progress, run.snapshots), ("done", 100, 4))
        self.assertEqual(unbroken, self._table(columns))
