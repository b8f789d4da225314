from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.sql_db import db_connect
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ...models.care.customer_care_rule_night import LOCK_CLASS
from .care_case import CareCase, day


class Killed(BaseException):
    """The process ends here."""


@tagged("post_install", "-at_install")
@freeze_time("2027-02-20 12:00:00")
class TestCareCron(CareCase):
    """Nobody twice, nobody forgotten: two at once, one killed, one out of time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = [
            cls._customer(f"Care {number:03}", birthday_day=5, birthday_month="3") for number in range(7)
        ]
        cls.rule = cls._rule("birthday")

    def _everybody_once(self):
        self.assertEqual(sorted(partner.name for partner, _on in self._done(self.rule)), [
            customer.name for customer in self.customers
        ])
        for customer in self.customers:
            self.assertEqual(len(self._calls(customer)), 1, customer.name)

    def test_second_run_does_nothing(self):
        self._night(day("2027-03-05"))
        self._everybody_once()
        last = self.logs.search([], order="id desc", limit=1)
        self._night(day("2027-03-05"))
        self._everybody_once()
        self.assertEqual(self.logs.search([], order="id desc", limit=1), last)

    def test_second_run_of_a_day_does_not_even_look(self):
        with freeze_time("2027-03-05 02:00:00"):
            self._night(None)
            self.assertEqual(self.rule.date_done, day("2027-03-05"))
            with patch.object(type(self.rule), "_note", side_effect=AssertionError):
                self._night(None)
        self._everybody_once()

    def test_killed_in_the_middle(self):
        """Between two batches, and within one: the next run goes on where the last commit was."""
        logs = type(self.logs)
        perform, performed = logs._perform, []

        def killing(records, user, on):
            perform(records, user, on)
            performed.append(len(records))
            if len(performed) == 2:
                raise Killed

        name = "odoo.addons.crm_customer_value.models.care.customer_care_log_act.BATCH"
        with patch(name, 3), patch.object(logs, "_perform", killing):
            try:
                with self.cr.savepoint():
                    # Each commit is one more savepoint here: what was committed before the end would stay.
                    self._kill_after_first_commit(day("2027-03-05"))
            except Killed:
                self.fail("it ended outside")
        self.assertEqual(performed, [3, 3])
        # The second batch was undone with its process; three are done, four wait.
        states = [state for _p, _o, _d, state, _w in self._noted(self.rule)]
        self.assertEqual((states.count("done"), states.count("todo")), (3, 4))
        self._night(day("2027-03-06"))
        self._everybody_once()

    def _kill_after_first_commit(self, on):
        """Run a night whose commits keep what was done, and undo what came after the last one."""
        saved = [self.cr.savepoint(flush=False)]

        def commit(*_args, **_kwargs):
            self.env.flush_all()
            saved[0].close(rollback=False)
            saved[0] = self.cr.savepoint(flush=False)
            return 60

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", commit):
            try:
                self.env["customer.care.rule"]._cron_care(as_of=on)
            except Killed:
                self.env.invalidate_all(flush=False)
                saved[0].close(rollback=True)
            else:
                self.fail("nothing killed it")

    def test_out_of_time(self):
        """The cron has no time left after the first batch: the next call goes on."""
        name = "odoo.addons.crm_customer_value.models.care.customer_care_log_act.BATCH"
        times = iter([60, 0])
        with patch(name, 3), patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: next(times)
        ):
            self.env["customer.care.rule"]._cron_care(as_of=day("2027-03-05"))
        self.assertEqual(len(self._done(self.rule)), 3)
        self._night(day("2027-03-05"))
        self._everybody_once()

    def test_two_at_once(self):
        """Another process is at this company: this one leaves, and the next one finds nobody forgotten."""
        with db_connect(self.cr.dbname).cursor() as other:
            other.execute("SELECT PG_ADVISORY_LOCK(%s, %s)", (LOCK_CLASS, self.company.id))
            self._night(day("2027-03-05"))
            self.assertEqual(self._noted(self.rule), [])
            # The connection goes back to the pool, and would keep the lock.
            other.execute("SELECT PG_ADVISORY_UNLOCK(%s, %s)", (LOCK_CLASS, self.company.id))
        self._night(day("2027-03-05"))
        self._everybody_once()

    def test_the_unique_key_decides(self):
        """Even without any lock, an occasion is noted once."""
        first = self.rule._note(day("2027-03-05"))
        self.assertEqual(len(first), 7)
        self.assertEqual(self.rule._note(day("2027-03-05")), [])
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env.cr.execute(SQL(
                """INSERT INTO customer_care_log (rule_id, company_id, partner_id, occasion, date, state)
                   SELECT rule_id, company_id, partner_id, occasion, date, state FROM customer_care_log
                    WHERE rule_id = %s LIMIT 1""",
                self.rule.id,
            ))

    def test_rows_that_somebody_else_holds_are_left_to_them(self):
        self.rule._note(day("2027-03-05"))
        with patch.object(type(self.logs), "try_lock_for_update", lambda records, **_kw: records.browse()):
            self._night(day("2027-03-05"))
        self.assertEqual(self._done(self.rule), [])
        self._night(day("2027-03-05"))
        self._everybody_once()

    def test_a_rule_that_fails_stops_no_other(self):
        bad = self._rule("birthday", sequence=1)
        self.env.cr.execute(SQL("UPDATE customer_care_rule SET domain = '[(' WHERE id = %s", bad.id))
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.crm_customer_value.models.care", "WARNING"):
            self._night(day("2027-03-05"))
        self._everybody_once()
        self.assertIn("Last night this rule failed", bad.notice)
        bad.with_user(self.owner).domain = "[]"
        self.assertFalse(bad.notice)

    def test_what_waited_too_long_is_left(self):
        self.rule._note(day("2027-03-05"))
        self._night(day("2027-03-20"))
        self.assertEqual(
            {(state, why) for _p, _o, _d, state, why in self._noted(self.rule)}, {("skipped", "late")}
        )
