from datetime import datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.mail.tests.common import MailCase

from ..common import channel
from .service_case import ServiceCase

# Working hours: Sales and Desk Monday to Friday 8-12 and 13-17, Works Monday to Thursday 9-13.
FRIDAY = "2026-11-20 15:00:00"
# 8 hours: Friday 15-17 (2), Monday 8-12 (4) and 13-15 (2).
FIRST_ENDS = datetime(2026, 11, 23, 15)
# 16 hours: Monday nothing any more, Tuesday 4, Wednesday 4, Thursday 4, Monday 4.
SECOND_ENDS = datetime(2026, 11, 30, 13)
# 24 hours: Monday 13-17 (4), Tuesday 8, Wednesday 8, Thursday 8-12 (4).
THIRD_ENDS = datetime(2026, 12, 3, 12)


@tagged("post_install", "-at_install")
class TestServiceHandOver(ServiceCase, MailCase):
    """When the next step takes over, and who is told."""

    def _begin(self, at=FRIDAY, **values):
        self.customer.service_flow_id = self.flow
        with freeze_time(at):
            return self._complain(**values)

    def _cron_at(self, at):
        with freeze_time(at):
            self._cron()

    def _move(self, complaint, stage, at):
        with freeze_time(at):
            complaint.stage_id = stage

    def test_by_the_clock(self):
        complaint = self._begin()
        self.assertEqual(complaint.step_deadline, FIRST_ENDS)
        self._cron_at("2026-11-23 14:59:59")
        self.assertEqual((complaint.step_id, complaint.team_id), (self.first, self.sales))
        self._cron_at("2026-11-23 15:00:00")
        self.assertEqual((complaint.step_id, complaint.team_id), (self.second, self.technical))
        self.assertEqual(complaint.step_deadline, SECOND_ENDS)
        self._cron_at("2026-11-30 13:07:00")
        self.assertEqual((complaint.step_id, complaint.team_id), (self.third, self.desk))
        self.assertEqual(complaint.step_deadline, THIRD_ENDS, "the cron's seven minutes are not given away")
        self._cron_at("2026-12-03 12:00:00")
        self.assertEqual((complaint.step_id, complaint.team_id), (self.third, self.desk))
        self.assertFalse(complaint.step_deadline)
        self.assertEqual(len(self._told(complaint)), 2)
        last = self._notes(complaint)[0]
        self.assertIn("The time of “Third” is up. This is the last step.", html2plaintext(last.body))
        self.assertEqual(last.partner_ids, self.leader.partner_id)
        notes = len(self._notes(complaint))
        self._cron_at("2026-12-10 12:00:00")
        self.assertEqual(len(self._notes(complaint)), notes, "exactly once")

    def test_holiday(self):
        self.env["resource.calendar.leaves"].create({
            "name": "Fair", "calendar_id": self.week.id, "company_id": self.company.id,
            "date_from": "2026-11-23 00:00:00", "date_to": "2026-11-23 23:59:59",
        })
        self.assertEqual(self._begin().step_deadline, datetime(2026, 11, 24, 15))

    def test_after_standstill(self):
        """A week and a half without the scheduled action: two steps are over, each in its own time."""
        complaint = self._begin()
        self._cron_at("2026-12-01 09:00:00")
        self.assertEqual((complaint.step_id, complaint.team_id), (self.third, self.desk))
        self.assertEqual(complaint.step_deadline, THIRD_ENDS)
        self.assertEqual(
            self._told(complaint),
            [
                "Desk now handles your complaint and knows what has been done so far. You do not need to explain it "
                "again."
            ],
        )
        [note] = self._notes(complaint)
        text = html2plaintext(note.body)
        for part in ("“First”, “Second”", "First: The order", "Second: The findings", "Now with: “Third”"):
            self.assertIn(part, text)
        self._cron_at("2026-12-01 09:10:00")
        self.assertEqual((len(self._told(complaint)), len(self._notes(complaint))), (1, 1))

    def test_all_steps_after_standstill(self):
        complaint = self._begin()
        self._cron_at("2027-01-01 09:00:00")
        self.assertEqual((complaint.step_id, complaint.step_deadline), (self.third, False))
        self.assertEqual((len(self._told(complaint)), len(self._notes(complaint))), (1, 2))

    def test_waiting_stops_and_resumes(self):
        complaint = self._begin()
        # One hour and a half are used: 6.5 are left.
        self._move(complaint, self.waiting, "2026-11-20 16:30:00")
        self.assertEqual((complaint.step_deadline, complaint.step_hours_left), (False, 6.5))
        self._cron_at("2026-12-20 12:00:00")
        self.assertEqual(complaint.step_id, self.first)
        # Wednesday 16:00 to 17:00 (1), Thursday 8-12 (4) and 13:00 to 14:30 (1.5).
        self._move(complaint, self.handling, "2026-11-25 16:00:00")
        self.assertEqual(complaint.step_deadline, datetime(2026, 11, 26, 14, 30))
        self.assertFalse(complaint.step_hours_left)

    def test_stop_and_resume_to_the_second(self):
        complaint = self._begin("2026-11-20 15:00:07")
        self.assertEqual(complaint.step_deadline, datetime(2026, 11, 23, 15, 0, 7))
        self._move(complaint, self.waiting, "2026-11-20 15:20:01")
        self._move(complaint, self.handling, "2026-11-20 15:20:01")
        self.assertEqual(complaint.step_deadline, datetime(2026, 11, 23, 15, 0, 7))

    def test_due_before_it_stops(self):
        """The scheduled action was late, so the second team starts to wait, with what it has left."""
        complaint = self._begin()
        self._move(complaint, self.waiting, "2026-11-24 11:00:00")
        self.assertEqual((complaint.step_id, complaint.team_id), (self.second, self.technical))
        # Tuesday 9-11 is used of 16 hours.
        self.assertEqual((complaint.step_deadline, complaint.step_hours_left), (False, 14.0))

    def test_begins_while_waiting(self):
        complaint = self._begin(stage_id=self.waiting.id)
        self.assertEqual((complaint.step_deadline, complaint.step_hours_left), (False, 8.0))
        with freeze_time("2026-11-21 12:00:00"):
            complaint.action_hand_over()
        self.assertEqual((complaint.step_deadline, complaint.step_hours_left), (False, 16.0))

    def test_closing_and_reopening(self):
        complaint = self._begin()
        self._cron_at("2026-11-23 15:00:00")
        self._move(complaint, self.closed, "2026-11-24 10:00:00")
        self.assertEqual((complaint.step_deadline, complaint.step_hours_left), (False, 0.0))
        self._cron_at("2027-01-01 00:00:00")
        self.assertEqual(complaint.step_id, self.second)
        # The step where it was, from its beginning: Tuesday 10-13 (3), 4, 4, Monday 4, Tuesday 9-10 (1).
        self._move(complaint, self.handling, "2026-12-01 10:00:00")
        self.assertEqual(complaint.step_id, self.second)
        self.assertEqual(complaint.step_deadline, datetime(2026, 12, 8, 10))

    def test_reopened_while_the_person_is_away(self):
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        complaint = self._complain()
        complaint.stage_id = self.closed
        self._away(self.person)
        complaint.stage_id = self.handling
        self.assertEqual(complaint.user_id, self.leader)

    def test_next_team_does_not_use_the_stage(self):
        own = self.env["customer.complaint.stage"].create({
            "name": "At the Counter", "sequence": 1, "state": "handling", "team_ids": self.sales.ids,
        })
        complaint = self._begin()
        self._move(complaint, own, FRIDAY)
        self._cron_at("2026-11-23 15:00:00")
        self.assertEqual((complaint.team_id, complaint.state), (self.technical, "handling"))
        self.assertEqual(complaint.stage_id, self.env.ref("crm_customer_value.complaint_stage_acknowledged"))
        self.assertEqual(complaint.step_deadline, SECOND_ENDS)

    def test_step_without_hours_never_ends(self):
        self.first.hours = 0
        complaint = self._begin()
        self.assertFalse(complaint.step_deadline)
        self._cron_at("2027-01-01 00:00:00")
        self.assertEqual(complaint.step_id, self.first)

    def test_calendar_without_hours(self):
        self.sales.calendar_id = self.env["resource.calendar"].create({
            "name": "Never", "company_id": self.company.id, "attendance_ids": [Command.clear()],
        })
        complaint = self._begin()
        self.assertFalse(complaint.step_deadline)
        self._cron_at("2027-01-01 00:00:00")
        self.assertEqual(complaint.step_id, self.first)

    def test_by_hand(self):
        self.technical.member_ids = self.member | self.person
        self.customer.write({"service_user_id": self.person.id, "service_channel_id": channel(self.env, "phone")})
        complaint = self._begin()
        self.assertEqual(complaint.next_step_id, self.second)
        with freeze_time("2026-11-20 16:00:00"):
            complaint.with_user(self.leader).action_hand_over()
        self.assertEqual((complaint.team_id, complaint.user_id), (self.technical, self.person))
        # 16 hours from Friday 16:00: Monday to Thursday, 4 each.
        self.assertEqual(complaint.step_deadline, datetime(2026, 11, 26, 13))
        self.assertIn("Petra Person now handles your complaint", self._told(complaint)[0])
        [note] = self._notes(complaint)
        text = html2plaintext(note.body)
        self.assertIn("Lea Leader handed over from “First”. Now with: “Second”.", text)
        self.assertIn("First: The order", text)
        self.assertIn("The customer prefers: Phone", text)
        self.assertEqual(note.partner_ids, (self.leader | self.person).partner_id)
        complaint.action_hand_over()
        with self.assertRaisesRegex(UserError, "is in its last step"):
            complaint.action_hand_over()
        complaint.stage_id = self.closed
        with self.assertRaisesRegex(UserError, "is closed"):
            complaint.action_hand_over()

    def test_members_are_told_when_nobody_is_responsible(self):
        self.technical.member_ids = self.member | self.person
        self.person.active = False
        complaint = self._begin()
        complaint.action_hand_over()
        self.assertFalse(complaint.user_id)
        self.assertEqual(self._notes(complaint)[0].partner_ids, (self.leader | self.member).partner_id)

    def test_absent_person_is_not_chosen(self):
        self.technical.member_ids = self.person
        self.customer.service_user_id = self.person
        self._away(self.person)
        complaint = self._begin()
        complaint.action_hand_over()
        self.assertEqual((complaint.team_id, complaint.user_id), (self.technical, self.env["res.users"]))

    def test_each_side_in_its_language(self):
        """The customer reads French, the team German: neither is the language of who acts."""
        for code in ("fr_FR", "de_DE"):
            self.env["res.lang"]._activate_lang(code)
        # Not the addon's own translations, which are made later: what decides here is the language asked for.
        asked = []
        translate = type(self.env)._

        def ask(env, source, *args, **kwargs):
            asked.append((env.lang, source))
            return translate(env, source, *args, **kwargs)

        self.patch(type(self.env), "_", ask)
        self.company.email = "service@example.com"
        self.technical.with_context(lang="fr_FR").name = "Les Ouvriers"
        self.second.with_context(lang="de_DE").name = "Zweiter"
        self.leader.lang = "de_DE"
        self.customer.lang = self.contact.lang = "fr_FR"
        complaint = self._begin()
        with self.mock_mail_gateway():
            self._cron_at("2026-11-23 15:00:00")
        mail = self._new_mails.filtered(lambda mail: self.contact in mail.recipient_ids)
        self.assertIn("Les Ouvriers", mail.body_html)
        self.assertEqual(mail.email_from, '"Value Test Company" <service@example.com>')
        self.assertIn("Les Ouvriers", self._told(complaint)[0])
        self.assertIn("Zweiter", html2plaintext(self._notes(complaint)[0].body))
        languages = {source[:20]: lang for lang, source in asked}
        self.assertEqual(languages["%(handler)s now hand"], "fr_FR")
        self.assertEqual(languages["The working time of "], "de_DE")

    def test_one_failure_does_not_stop_the_others(self):
        broken, fine = self._begin(), self._begin()
        advance = type(broken)._advance

        def fail(complaint, start, runs=False):
            if complaint == broken:
                raise ValueError("No way")
            return advance(complaint, start, runs)

        self.patch(type(broken), "_advance", fail)
        with mute_logger("odoo.addons.crm_customer_value.models.flow.customer_flow_mixin_hand_over"):
            self._cron_at("2026-11-23 15:00:00")
        self.assertEqual((broken.step_id, fine.step_id), (self.first, self.second))

    def test_stops_when_time_is_up(self):
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 0)
        self.patch(self.registry["customer.complaint"], "_take_over", lambda _self: self.fail("No time was left"))
        self._away(self.person)
        absent, due = self._begin(user_id=self.leader.id), self._begin()
        absent.user_id = self.person
        with freeze_time("2026-11-23 15:00:00"):
            self.env["customer.complaint"]._cron_hand_over()
        self.assertEqual(due.step_id, self.second)

    def test_cost_grows_with_what_is_due(self):
        self._begin()
        self.env["customer.complaint"].search([]).flush_recordset()
        self._cron_at(FRIDAY)

        def count():
            before = self.env.cr.sql_log_count
            self._cron_at("2026-11-20 15:30:00")
            return self.env.cr.sql_log_count - before

        few = count()
        for _ in range(20):
            self._begin()
        self.env.flush_all()
        self.assertEqual(count(), few)
