from datetime import datetime
from unittest.mock import patch

import psycopg2.errors
from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..complaint_common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintClosing(ComplaintCase):
    def test_acknowledge_once(self):
        complaint = self._complaint()
        with freeze_time("2026-04-01 09:00:00"):
            complaint._acknowledge()
        self.assertEqual((complaint.state, complaint.stage_id), ("handling", self._stage("handling")))
        complaint.stage_id = self._stage("answered")
        with freeze_time("2026-04-02 09:00:00"):
            complaint._acknowledge()
        self.assertEqual((complaint.state, complaint.date_acknowledged), ("answered", datetime(2026, 4, 1, 9)))

    def test_severe_ones_say_what_is_missing(self):
        for severity in ("high", "critical"):
            complaint = self._complaint(severity=severity)
            with self._refused("root cause, corrective action"):
                complaint._close()
            complaint.root_cause = "  "
            with self._refused("root cause, corrective action"):
                complaint._close()
            complaint.cause_id = self.cause
            with self._refused(r"fill in: corrective action\."):
                complaint.stage_id = self._stage("closed")
            complaint.corrective_action = "Boxes with corners"
            complaint.action_close()
            self.assertEqual(complaint.state, "closed")
            with self._refused("corrective action"):
                complaint.corrective_action = False

    def test_others_close_without(self):
        complaints = self._complaint(severity="low") | self._complaint(severity="medium")
        complaints.action_close()
        self.assertEqual(complaints.mapped("state"), ["closed", "closed"])

    def test_none_of_many_is_closed_when_one_may_not(self):
        complaints = self._complaint() | self._complaint(severity="high")
        with self._refused("is severe"):
            complaints._close()
        self.assertEqual(complaints.mapped("state"), ["received", "received"])

    def test_closing_asks_for_what_severe_ones_lack(self):
        """The button never fails: it asks, fills in what is missing and leaves alone what is there."""
        bare, caused, light = (
            self._complaint(severity="critical", user_id=self.desk.id),
            self._complaint(severity="high", cause_id=self.cause.id, user_id=self.desk.id),
            self._complaint(user_id=self.desk.id),
        )
        complaints = bare | caused | light
        action = self._as(self.desk, complaints).action_close()
        self.assertEqual((action["res_model"], set(complaints.mapped("state"))), (
            "customer.complaint.reason", {"received"},
        ))
        wizards = self._as(self.desk, self.env["customer.complaint.reason"]).with_context(**action["context"])
        form = Form(wizards)
        self.assertTrue(form.lacks_cause and form.lacks_action)
        form.root_cause = "The box was open"
        form.corrective_action = "Boxes with corners"
        form.save().action_confirm()
        self.assertEqual(complaints.mapped("state"), ["closed"] * 3)
        self.assertEqual(complaints.mapped("root_cause"), ["The box was open", False, False])
        self.assertEqual(complaints.mapped("corrective_action"), ["Boxes with corners", "Boxes with corners", False])
        self.assertEqual(caused.cause_id, self.cause)
        only_action = self._complaint(severity="high", cause_id=self.cause.id)
        context = only_action.action_close()["context"]
        wizard = self.env["customer.complaint.reason"].with_context(**context).new()
        self.assertEqual((wizard.lacks_cause, wizard.lacks_action), (False, True))

    def test_closing_in_the_dialog_takes_the_right(self):
        complaint = self._complaint(severity="high", user_id=self.leader.id)
        with self.assertRaises(AccessError):
            self._as(self.desk, complaint).action_close()
        with self.assertRaises(AccessError):
            self._as(self.desk, self.env["customer.complaint.reason"]).create({
                "complaint_ids": complaint.ids, "purpose": "close", "corrective_action": "None",
            })

    def test_closing_twice_says_so(self):
        complaint = self._complaint()
        self.assertTrue(complaint.action_close())
        closed = complaint.date_closed
        with freeze_time("2030-01-01"):
            answer = complaint.action_close()
        self.assertIn("has already been closed", answer["params"]["message"])
        self.assertEqual(complaint.date_closed, closed)

    def test_reject_needs_a_reason(self):
        complaint = self._complaint()
        for reason in (False, "", "  \n"):
            with self._refused("Enter a reason"):
                complaint._reject(reason)
        action = self._as(self.desk, complaint).action_reject()
        wizard = self._as(self.desk, self.env["customer.complaint.reason"]).with_context(**action["context"])
        wizard.create({"reason": "Out of warranty"}).action_confirm()
        self.assertEqual((complaint.state, complaint.reject_reason), ("rejected", "Out of warranty"))
        self.assertIn("Out of warranty", complaint.message_ids[0].body)
        with self._refused("is already closed"):
            complaint._reject("Again")
        complaint.stage_id = self._stage("handling")
        self.assertFalse(complaint.reject_reason, "dragged back, it may only be rejected for a reason again")
        with self._refused("Enter a reason"):
            complaint.stage_id = self._stage("rejected")

    def test_reopen_by_the_desk(self):
        complaint = self._complaint()
        with self._refused("still open"):
            complaint._reopen("Why not")
        complaint._close()
        with freeze_time("2036-01-01"):
            complaint._reopen("Broken again")
        self.assertEqual(
            (complaint.state, complaint.reopen_count, complaint.date_closed), ("handling", 1, False)
        )

    def test_customer_reopens_until_the_last_minute(self):
        def closed():
            with freeze_time("2026-05-01 10:20:30"):
                complaint = self._complaint()
                complaint._close()
            return complaint

        complaint = closed()
        self.assertEqual(complaint._reopen_until(), datetime(2026, 5, 15, 10, 20, 30))
        with freeze_time("2026-05-15 10:20:59"):
            complaint._reopen("Still broken", by_customer=True)
        self.assertEqual(complaint.state, "handling")
        message = complaint.message_ids[0]
        self.assertEqual((message.author_id, message.subtype_id.internal), (self.customer, False))
        late = closed()
        with freeze_time("2026-05-15 10:21:00"), self._refused("can no longer be reopened"):
            late._reopen("Still broken", by_customer=True)
        self.company.complaint_reopen_days = 0
        with freeze_time("2026-05-01 10:20:31"), self._refused("can no longer be reopened"):
            closed()._reopen("At once", by_customer=True)

    def test_text_of_a_reason_is_text(self):
        complaint = self._complaint()
        complaint._reject("<b>No</b><script>alert(1)</script>")
        self.assertIn("&lt;script&gt;", complaint.message_ids[0].body)

    def test_hook_is_told_of_changes_only(self):
        first, second = self._complaint(), self._complaint()
        second._acknowledge()
        received, handling = first.stage_id, second.stage_id
        told = []
        with patch.object(
            type(first), "_on_stage_changed", lambda complaints, previous: told.append((complaints, previous))
        ):
            (first | second).write({"stage_id": handling.id})
            first.write({"stage_id": handling.id})
            first.write({"name": "Other"})
        self.assertEqual(told[0], (first, {first: received}))
        self.assertFalse(any(complaints for complaints, _previous in told[1:]))

    def test_without_a_stage_to_go_to(self):
        self.env["customer.complaint.stage"].search([("state", "=", "rejected")]).active = False
        with self._refused("no stage with the meaning “Rejected”"):
            self._complaint()._reject("No")

    def test_two_people_close_at_once(self):
        """Who comes while the first works is sent away; who read before and comes after starts anew."""
        dbname = self.env.cr.dbname
        with db_connect(dbname).cursor() as setup:
            env = api.Environment(setup, SUPERUSER_ID, {"tracking_disable": True})
            complaint = env["customer.complaint"].create({"name": "Race", "description": "Two at once"})
            setup.commit()
        try:
            with db_connect(dbname).cursor() as one, db_connect(dbname).cursor() as two:
                first = api.Environment(one, SUPERUSER_ID, {})["customer.complaint"].browse(complaint.id)
                second = api.Environment(two, SUPERUSER_ID, {})["customer.complaint"].browse(complaint.id)
                self.assertEqual((first.state, second.state), ("received", "received"))
                first._close()
                with self.assertRaisesRegex(UserError, "Somebody else is changing"):
                    second.action_close()
                one.commit()
                # Odoo repeats a call that failed like this, and then it finds the complaint closed.
                with (
                    self.assertRaises(psycopg2.errors.SerializationFailure),
                    mute_logger("odoo.sql_db"),
                ):
                    second.action_close()
                two.rollback()
                second.invalidate_recordset()
                self.assertIn("has already been closed", second.action_close()["params"]["message"])
                self.assertEqual(second.reopen_count, 0)
        finally:
            with db_connect(dbname).cursor() as cleanup:
                env = api.Environment(cleanup, SUPERUSER_ID, {})
                env["customer.complaint"].browse(complaint.id).unlink()
                cleanup.commit()

    def test_rights(self):
        complaint = self._complaint(user_id=self.leader.id)
        for action in ("action_acknowledge", "action_close"):
            with self.assertRaises(AccessError):
                getattr(self._as(self.desk, complaint), action)()
        with self.assertRaises(AccessError):
            self._as(self.desk, self.env["customer.complaint.reason"]).create({
                "complaint_ids": complaint.ids, "purpose": "reject", "reason": "Not mine to say",
            })
        self.assertEqual(complaint.state, "received")
        self._as(self.leader, complaint).action_close()
        self.assertEqual(complaint.state, "closed")

    def test_stage_gets_another_meaning(self):
        """Who first used a stage and then said what it means finds everything dated."""
        stage = self.env["customer.complaint.stage"].create({"name": "Done"})
        complaint = self._complaint(severity="low")
        complaint.stage_id = stage
        archived = self._complaint(severity="low", stage_id=stage.id, active=False)
        with freeze_time("2030-05-01"):
            stage.state = "closed"
        self.assertEqual(complaint.date_closed, datetime(2030, 5, 1))
        self.assertEqual(archived.date_closed, datetime(2030, 5, 1))
        self.assertTrue(complaint._can_rate())
        complaint._rate(5)
        stage.state = "handling"
        self.assertFalse(complaint.date_closed)
        self.assertFalse(complaint._current_rating())
        new = self.env["customer.complaint.stage"].create({"name": "New", "state": "received"})
        complaint = self._complaint(stage_id=new.id)
        self.assertFalse(complaint.date_acknowledged)
        new.state = "handling"
        self.assertTrue(complaint.date_acknowledged)

    def test_confirmed_for_this_answer_only(self):
        complaint = self._complaint(severity="critical")
        complaint.stage_id = self._stage("answered")
        complaint._customer_confirm()
        self.assertTrue(complaint.customer_confirmed)
        complaint._move_to("handling")
        complaint.stage_id = self._stage("answered")
        self.assertFalse(complaint.customer_confirmed)

    def test_description_not_given_at_all(self):
        with self._refused("description is empty"):
            self.env["customer.complaint"].create({"name": "Nothing said"})
        with self._refused("description is empty"):
            self.env["customer.complaint"].name_create("Nothing said")
