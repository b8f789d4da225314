"""Who is told, when, and that it happens once. Local times of Vienna."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.deadline import customer_deadline_mixin_escalation as escalation
from .complaint_clock_case import ComplaintClockCase, utc

LEVELS = (
    {"deadline": "acknowledge", "hours": 0},
    {"deadline": "resolve", "hours": -4},
    {"deadline": "resolve", "hours": 8, "takes_over": "leader"},
)


@tagged("post_install", "-at_install")
class TestComplaintEscalation(ComplaintClockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(levels=LEVELS)

    def _reached(self, complaint):
        return complaint.escalation_ids.sorted("id").mapped("level")

    def test_levels_in_time(self):
        complaint = self._complaint("2026-01-05 09:00", user_id=self.agent.id)
        self._run("2026-01-05 14:00")
        self.assertEqual(self._reached(complaint), [])
        self._run("2026-01-05 14:00:01")
        self.assertEqual(self._reached(complaint), [1])
        self.assertEqual(complaint.escalation_ids.user_ids, self.leader)
        note = complaint.message_ids[0]
        self.assertEqual(note.notified_partner_ids, self.leader.partner_id)
        self.assertTrue(note.subtype_id.internal)
        self.assertIn("level 1", note.body)
        self.assertEqual(complaint.user_id, self.agent)
        # Four hours before Wednesday 9:00 is Tuesday 14:00.
        self.assertLocal(complaint.clock_check_at, "2026-01-06 14:00")
        self._run("2026-01-06 13:59:59")
        self.assertEqual(self._reached(complaint), [1])
        self._run("2026-01-06 14:00")
        self.assertEqual(self._reached(complaint), [1, 2])
        self.assertIn("is near", complaint.message_ids[0].body)
        # Eight hours after Wednesday 9:00 is Thursday 9:00.
        self._run("2026-01-07 09:00:01")
        self.assertLocal(complaint.clock_check_at, "2026-01-08 09:00")
        self._run("2026-01-08 09:00")
        self.assertEqual(self._reached(complaint), [1, 2, 3])
        self.assertEqual(complaint.user_id, self.leader)
        self.assertEqual(complaint.escalation_level, 3)
        self.assertFalse(complaint.clock_check_at)

    def test_standstill(self):
        """After days without a scheduled action everything is caught up, in order, once."""
        first, second = self._complaint("2026-01-05 09:00"), self._complaint("2026-01-05 08:00")
        self._run("2026-01-09 09:00")
        for complaint in (first, second):
            self.assertEqual(self._reached(complaint), [1, 2, 3])
            dues = complaint.escalation_ids.sorted("id").mapped("due")
            self.assertEqual(dues, sorted(dues))
            self.assertEqual(complaint.user_id, self.leader)
        self.assertLess(second.escalation_ids[-1].id, first.escalation_ids[-1].id, "what was due first comes first")
        messages = len(first.message_ids)
        for _again in range(2):
            self._run("2026-01-09 09:10")
        self.assertEqual(self._reached(first), [1, 2, 3])
        self.assertEqual(len(first.message_ids), messages)

    def test_what_is_done_is_not_escalated(self):
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.acknowledged, "2026-01-05 15:00")
        self._move(complaint, self.waiting, "2026-01-06 10:00")
        self._run("2026-01-12 09:00")
        self.assertEqual(self._reached(complaint), [])
        self._move(complaint, self.investigating, "2026-01-12 09:00")
        # Eight hours used; the deadline is Tuesday 9:00, four hours before it Monday 14:00.
        self._run("2026-01-12 14:00")
        self.assertEqual(self._reached(complaint), [2])
        self._move(complaint, self.answered, "2026-01-12 15:00")
        self._run("2026-01-15 09:00")
        self.assertEqual(self._reached(complaint), [2])

    def test_once_for_each_deadline(self):
        """Another rule does not tell the same again; a reopened complaint has a deadline of its own."""
        self._rule("severe", 1, 8, levels=LEVELS, sequence=1, severity="critical")
        complaint = self._complaint("2026-01-05 09:00")
        self._run("2026-01-05 14:10")
        self.assertEqual(self._reached(complaint), [1])
        with self._at("2026-01-05 14:20"):
            complaint.severity = "critical"
        self._run("2026-01-05 14:30")
        self.assertEqual(self._reached(complaint), [1, 2])
        self._move(complaint, self.answered, "2026-01-05 15:00")
        self._move(complaint, self.investigating, "2026-01-07 08:00")
        # Three of eight hours are left: Wednesday 11:00; level 2 was due four hours before that.
        self._run("2026-01-07 08:00")
        self.assertEqual(self._reached(complaint), [1, 2, 2])
        self.assertEqual(complaint.escalation_ids.sorted("id").mapped("round"), [0, 0, 1])

    def test_who_is_told(self):
        other = self._user("clock_other", "group_service_all")
        gone = self._user("clock_gone", "group_service_all", active=False)
        stranger = self._user("clock_stranger", "group_service_all")
        stranger.write({"company_ids": [Command.set(self.env.ref("base.main_company").ids)],
                        "company_id": self.env.ref("base.main_company").id})
        level = self.rule.level_ids[0]
        complaint = self._complaint("2026-01-05 09:00", user_id=self.agent.id)
        for users, tell_leader, told in [
            (other, False, other),
            (other, True, other | self.leader),
            (gone, False, self.leader),
            (gone | other, False, other),
            (stranger, False, self.leader),
        ]:
            level.write({"user_ids": [Command.set(users.ids)], "tell_leader": tell_leader})
            self.assertEqual(level._get_told_users(complaint), told)
        # Said when it is saved, in words, and nothing is logged as a fault of the program.
        with self.assertRaisesRegex(ValidationError, "Choose the person"), self.assertNoLogs("odoo.sql_db", "ERROR"):
            level.takes_over = "user"
            self.env.flush_all()
        level.write({"takes_over": "user", "user_id": other.id})
        self.assertEqual(level._get_taker(complaint), other)
        other.active = False
        self.assertEqual(level._get_taker(complaint), self.leader)
        level.takes_over = "leader"
        self.leader.active = False
        self.assertFalse(level._get_taker(complaint))
        self.assertEqual(level._get_told_users(complaint), self.agent)
        complaint.user_id = False
        self.assertFalse(level._get_told_users(complaint))
        self._run("2026-01-05 15:00")
        self.assertEqual(self._reached(complaint), [1])

    def test_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self._user("clock_french", "group_service_all", lang="fr_FR")
        self.rule.level_ids[0].user_ids = french
        complaint = self._complaint("2026-01-05 09:00")
        texts = []
        original = type(complaint)._get_escalation_text

        def spy(record, level, taker):
            texts.append(record.env.context["lang"])
            return original(record, level, taker)

        with patch.object(type(complaint), "_get_escalation_text", spy):
            self._run("2026-01-05 15:00")
        self.assertEqual(sorted(texts), ["en_US", "fr_FR"])
        self.assertEqual(complaint.escalation_ids.user_ids, french | self.leader)

    def test_killed_in_the_middle(self):
        """One that fails keeps nobody waiting, and goes on later where it was."""
        bad, good = self._complaint("2026-01-05 08:00"), self._complaint("2026-01-05 09:00")
        original = type(bad)._post_escalation

        def fail(record, *arguments):
            if record == bad:
                raise RuntimeError("no mail today")
            return original(record, *arguments)

        with patch.object(type(bad), "_post_escalation", fail), mute_logger(escalation.__name__):
            self._run("2026-01-05 15:00")
        self.assertEqual(self._reached(good), [1])
        self.assertEqual(self._reached(bad), [])
        self.assertLocal(bad.clock_check_at, "2026-01-05 16:00")
        self._run("2026-01-05 15:30")
        self.assertEqual(self._reached(bad), [])
        self._run("2026-01-05 16:00")
        self.assertEqual(self._reached(bad), [1])

    def test_batches(self):
        """The action does a batch, commits, and goes on; the next run is when the next has something due."""
        complaints = self.env["customer.complaint"]
        for _number in range(5):
            complaints |= self._complaint("2026-01-05 09:00")
        later = self._complaint("2026-01-08 09:00")
        cron = self.env.ref("crm_customer_value.ir_cron_customer_complaint_clock")
        commits = []

        def commit(_cron, processed=0, *, remaining=None):
            commits.append((processed, remaining))
            return 0 if len(commits) == 3 else 60

        with (
            self._at("2026-01-05 14:01"),
            patch.object(escalation, "BATCH", 2),
            patch.object(type(cron), "_commit_progress", commit),
        ):
            complaints._cron_escalate()
            self.assertEqual(commits, [(0, 5), (2, 3), (2, 1)], "out of time")
            self.assertEqual(sum(len(self._reached(complaint)) for complaint in complaints), 4)
            complaints._cron_escalate()
        self.assertEqual(commits[3:], [(0, 1), (1, 0)])
        self.assertEqual([self._reached(complaint) for complaint in complaints], [[1]] * 5)
        self.assertFalse(later.escalation_ids)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).mapped("call_at")
        self.assertIn(utc("2026-01-06 14:00"), triggers)

    def test_wakes_once(self):
        """Only a complaint that is due before all others wakes the action."""
        self.env["customer.complaint"].with_context(active_test=False).search([]).clock_check_at = False
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref("crm_customer_value.ir_cron_customer_complaint_clock")
        cron_triggers = [("cron_id", "=", cron.id)]
        triggers.search(cron_triggers).unlink()
        self._complaint("2026-01-05 09:00")
        self.assertEqual(triggers.search(cron_triggers).mapped("call_at"), [utc("2026-01-05 12:00")])
        self._complaint("2026-01-05 09:30")
        self.assertEqual(len(triggers.search(cron_triggers)), 1)
        self._complaint("2026-01-05 08:30")
        self.assertEqual(len(triggers.search(cron_triggers)), 2)

    def test_rights(self):
        complaint = self._complaint("2026-01-05 09:00", user_id=self.leader.id)
        self._run("2026-01-05 15:00")
        log = complaint.escalation_ids
        self.assertTrue(log.with_user(self.leader).level)
        with self.assertRaises(AccessError):
            log.with_user(self.leader).level = 2
        with self.assertRaises(AccessError):
            log.with_user(self.leader).unlink()
        stranger = self._user("clock_own", "group_service_own")
        self.assertFalse(log.with_user(stranger).search([("id", "in", log.ids)]))
        with self.assertRaises(AccessError):
            log.with_user(stranger).read(["level"])
        with self.assertRaises(AccessError):
            self.rule.level_ids[0].with_user(self.leader).hours = 1

    def test_cost_grows_with_what_is_due(self):
        """The same queries for the same work, however many complaints there are."""
        for _number in range(3):
            self._complaint("2026-01-05 09:00")
        self._run("2026-01-05 12:00")

        def queries(at, due):
            self.env.flush_all()
            self.env.invalidate_all()
            with self._at(at):
                before = self.env.cr.sql_log_count
                self.assertEqual(self.env["customer.complaint"]._process_due_clocks(), due)
                self.env.flush_all()
                return self.env.cr.sql_log_count - before

        few = queries("2026-01-05 14:01", 3)
        later = self.env["customer.complaint"]
        for _number in range(3):
            later |= self._complaint("2026-01-12 09:00")
        for _number in range(20):
            self._complaint("2026-01-13 09:00")
        # The three of last week have their levels behind them.
        self._run("2026-01-12 12:00")
        many = queries("2026-01-12 14:01", 3)
        self.assertLessEqual(many, few + 3)
        with self.assertQueryCount(1), self._at("2026-01-12 14:02"):
            self.assertEqual(self.env["customer.complaint"]._process_due_clocks(), 0)
        with self._at("2026-01-12 14:02"), self.assertQueryCount(12):
            self.env.invalidate_all()
            mine = [("company_id", "=", self.company.id)]
            page = self.env["customer.complaint"].search_fetch(mine, ["deadline", "deadline_state"], limit=80)
            self.assertTrue(all(page.mapped("hours_left")))

    def test_levels_of_another_rule(self):
        """Level 1 of this rule told of the acknowledgement, level 1 of the other of the answer."""
        self._rule("low", 0, 4, sequence=1, severity="low", levels=[{"deadline": "resolve", "hours": 0}])
        complaint = self._complaint("2026-01-05 09:00")
        self._run("2026-01-05 14:00:01")
        self.assertEqual(self._reached(complaint), [1])
        with self._at("2026-01-05 15:00"):
            complaint.severity = "low"
        self._run("2026-01-05 15:00")
        self.assertEqual(complaint.escalation_ids.sorted("id").mapped("deadline_kind"), ["acknowledge", "resolve"])

    @contextmanager
    def _refused(self, text):
        with self.assertRaisesRegex(ValidationError, text), self.env.cr.savepoint():
            yield
        self.env.invalidate_all()

    def test_never_before_the_receipt(self):
        """Four hours before a deadline that is two hours away is before there was anything to tell."""
        for kind in ("acknowledge", "resolve"):
            for hours, text in (
                (-4.0, "before the complaint is received"),
                (-2.01, "before the complaint is received"),
                (float("nan"), "must be a number"),
            ):
                with self._refused(text):
                    self._rule("early", 2, 2, levels=[{"deadline": kind, "hours": hours}])
            levels = [{"deadline": kind, "hours": -2.0}, {"deadline": kind, "hours": 9.0}]
            rule = self._rule("early", 2, 2, levels=levels)
            with self._refused("after 02:00 hours. .* at -03:00 hours .* before the complaint is received"):
                rule.level_ids[0].hours = -3
            with self._refused("before the complaint is received"):
                rule[f"{kind}_hours"] = 1.5
        # Each kind is held against its own promise.
        with self._refused("before the complaint is received"):
            self._rule("short", 1, 16, levels=[{"deadline": "acknowledge", "hours": -4}])
        rule = self._rule("long", 1, 16, levels=[{"deadline": "resolve", "hours": -4}])
        with self._refused("before the complaint is received"):
            rule.level_ids.deadline = "acknowledge"
        rule.write({"resolve_hours": 3, "level_ids": [Command.update(rule.level_ids.id, {"hours": -3})]})

    def test_never_for_what_is_not_promised(self):
        with self._refused("has no deadline"):
            self._rule("none", 0, 8, levels=[{"deadline": "acknowledge", "hours": 0}])
        rule = self._rule("both", 2, 8, levels=[{"deadline": "acknowledge", "hours": 0}])
        with self._refused("has no deadline"):
            rule.acknowledge_hours = 0

    def test_longer_promise_since(self):
        """Promised in two hours; the rule promises eight since, and tells four hours before: not before the receipt."""
        rule = self._rule("grown", 0, 2, sequence=1, severity="low")
        complaint = self._complaint("2026-01-05 09:00", severity="low")
        rule.write({"resolve_hours": 8, "level_ids": [Command.create({"deadline": "resolve", "hours": -4})]})
        self._run("2026-01-05 09:30")
        complaint._sync_clocks()
        self._run("2026-01-05 09:31")
        self.assertEqual(complaint.escalation_ids.mapped("due"), [utc("2026-01-05 09:00")])
