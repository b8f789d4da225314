from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import email_normalize

from ...models.complaint.customer_complaint_telling import MAIL_CRON
from ..common import channel
from ..complaint_mail_case import ComplaintMailCase

DAY = "2026-03-02 "
ANNA = '"Anna" <anna@customer.example>'
LOG = "odoo.addons.crm_customer_value.models.complaint.customer_complaint_telling"


@tagged("post_install", "-at_install")
class TestComplaintTelling(ComplaintMailCase):
    """Whom a step tells is said before, and steps in a row are one e-mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.complaint_mail_minutes = 5
        # A template that the desk has changed since the first of these releases would be another test.
        cls.closed_template = cls.stages["closed"].template_id

    def _at(self, moment, do, *args, **values):
        """Do something at a time of the day, and return the subjects of the e-mails it sends to Anna, in short."""
        with freeze_time(DAY + moment), self.mock_mail_gateway():
            do(*args, **values)
            self._end_request()
        self.assertLessEqual({address for address, _subject in self._sent()}, {ANNA})
        return [self._short(subject) for _address, subject in self._sent()]

    def _short(self, subject):
        starts = {
            "We have received": "received", "We are working": "acknowledged", "Our answer": "answered",
            "How did we": "closed", "About your": "rejected",
        }
        return next(name for start, name in starts.items() if subject.startswith(start))

    def _move(self, complaint, stage, moment, **values):
        return self._at(moment, complaint.with_user(self.agent).write, {"stage_id": self.stages[stage].id, **values})

    def _cron(self, moment):
        return self._at(moment, self.complaints._send_due_mails)

    def _noted(self, moment="10:00:00", **values):
        """Return a complaint that the desk noted during a call, and whose receipt nobody is told."""
        with freeze_time(DAY + moment):
            return self._complaint(self.anna, **{"tells_receipt": False, **values})

    def _body(self):
        (mail,) = self._mails_outside()
        return mail["body"]

    def test_receipt_is_told_where_nobody_talked(self):
        form = Form(self.complaints.with_user(self.agent))
        form.name, form.description, form.partner_id = "Broken", "<p>In two</p>", self.anna
        for code, told in (("phone", False), ("visit", False), ("other", True), ("email", True)):
            form.channel_id = self.env["customer.contact.channel"]._of(code)
            self.assertEqual((form.tells_receipt, form.told_address), (told, "anna@customer.example"))
        form.channel_id = self.env["customer.contact.channel"]._of("phone")
        form.tells_receipt = True
        self.assertEqual(self._at("10:00:00", form.save), [])
        self.assertEqual(self._cron("10:04:59"), [])
        self.assertEqual(self._cron("10:05:00"), ["received"])
        self.assertEqual(self._cron("10:06:00"), [])

    def test_call_without_receipt(self):
        complaint = self._noted()
        self.assertEqual((self._sent(), complaint.mail_due), ([], False))
        self.assertEqual(self._cron("11:00:00"), [])

    def test_what_customers_send_is_confirmed_at_once(self):
        for code in ("portal", "email", "website"):
            complaint = self._complaint(self.anna, channel_id=channel(self.env, code))
            self.assertEqual([self._short(subject) for _address, subject in self._sent()], ["received"], code)
            self.assertEqual((complaint.mail_due, complaint.told_stage_id), (False, self.stages["received"]))

    def test_one_call_is_one_email(self):
        """Noted, acknowledged, answered and closed within three minutes: told once, with the answer and its file."""
        complaint = self._noted(tells_receipt=True)
        self.assertEqual(complaint.mail_due, datetime(2026, 3, 2, 10, 5))
        self.assertEqual(self._move(complaint, "acknowledged", "10:01:00"), [])
        file = self.env["ir.attachment"].with_user(self.agent).create({"name": "label.txt", "raw": b"Label"})
        desk = complaint.with_user(self.agent)
        self.assertEqual(self._at("10:02:00", desk._answer, "Two new screens leave today", file), [])
        self.assertEqual(self._move(complaint, "closed", "10:03:00"), [])
        self.assertEqual(complaint.mail_due, datetime(2026, 3, 2, 10, 5), "no step makes it later")
        self.assertTrue(self.env["ir.cron.trigger"].search_count([
            ("cron_id", "=", self.env.ref(MAIL_CRON).id), ("call_at", "=", complaint.mail_due),
        ]))
        self.assertEqual(self._cron("10:04:59"), [])
        self.assertFalse(complaint.date_rating_asked)
        self.assertEqual(self._cron("10:05:00"), ["closed"])
        self.assertIn("Two new screens leave today", self._body())
        self.assertIn("/rate?", self._body())
        self.assertEqual([name for name, *_rest in self._mails_outside()[0]["attachments"]], ["label.txt"])
        self.assertEqual(complaint.date_rating_asked, datetime(2026, 3, 2, 10, 5))
        self.assertFalse(complaint.mail_due or complaint.mail_stage_id or complaint.unsent_answer_id)
        self.assertEqual(self._cron("10:10:00"), [])

    def test_closed_later(self):
        """What is told of the answer is not told again."""
        complaint = self._noted()
        self._move(complaint, "acknowledged", "10:00:00")
        self.assertEqual(self._cron("10:05:00"), ["acknowledged"])
        self._at("11:00:00", complaint.with_user(self.agent)._answer, "Two new screens")
        self.assertEqual(self._cron("11:05:00"), ["answered"])
        self.assertIn("Two new screens", self._body())
        self._move(complaint, "closed", "12:00:00")
        self.assertEqual(self._cron("12:05:00"), ["closed"])
        self.assertNotIn("Two new screens", self._body())

    def test_answer_is_told_though_the_customer_wrote_meanwhile(self):
        complaint = self._noted(stage_id=self.stages["investigating"].id)
        self._cron("10:05:00")
        self._at("11:00:00", complaint.with_user(self.agent)._answer, "Two new screens")
        complaint.message_post(
            body="Where is it?", message_type="comment", subtype_xmlid="mail.mt_comment", author_id=self.anna.id
        )
        self.assertEqual(self._cron("11:05:00"), ["answered"])
        self.assertIn("Two new screens", self._body())

    def test_closing_that_tells_no_answer(self):
        """A template of one's own that leaves the answer out: the answer goes first, and nothing is lost."""
        self.closed_template.body_html = "<p>It is over.</p>"
        complaint = self._noted(stage_id=self.stages["investigating"].id)
        self._cron("10:05:00")
        self._at("11:00:00", complaint.with_user(self.agent)._answer, "Two new screens")
        self.assertEqual(self._move(complaint, "closed", "11:01:00"), ["answered"])
        self.assertIn("Two new screens", self._body())
        self.assertEqual(self._cron("11:06:00"), ["closed"])
        self.assertFalse(complaint.date_rating_asked, "it leads to no rating")

    def test_closing_after_the_email_was_taken_from_the_stage(self):
        """What waits and has no e-mail any more does not keep anybody from closing."""
        self.closed_template.body_html = "<p>It is over.</p>"
        complaint = self._noted(stage_id=self.stages["investigating"].id)
        self._cron("10:05:00")
        self._at("11:00:00", complaint.with_user(self.agent)._answer, "Two new screens")
        self.stages["answered"].template_id = False
        self.assertEqual(self._move(complaint, "closed", "11:01:00"), [])
        self.assertEqual(self._cron("11:06:00"), ["closed"])

    def test_step_taken_back(self):
        """Whoever closes by mistake and takes it back has told nobody."""
        complaint = self._noted()
        self._move(complaint, "acknowledged", "10:00:00")
        self._cron("10:05:00")
        self._move(complaint, "closed", "11:00:00")
        self._move(complaint, "acknowledged", "11:01:00")
        self.assertEqual(self._cron("11:10:00"), [])
        self._move(complaint, "closed", "12:00:00")
        self._move(complaint, "investigating", "12:01:00")  # a stage without an e-mail
        self.assertEqual(self._cron("12:10:00"), [])
        self.assertFalse(complaint.mail_due)

    def test_stage_without_an_email_loses_none(self):
        complaint = self._noted()
        self._move(complaint, "acknowledged", "10:00:00")
        self._move(complaint, "investigating", "10:01:00")
        self.assertEqual(self._cron("10:05:00"), ["acknowledged"])

    def test_switched_off(self):
        complaint = self._noted()
        self._move(complaint, "acknowledged", "10:00:00")
        self._move(complaint, "answered", "10:01:00", tells_steps=False)
        self.assertEqual(self._cron("10:10:00"), [])
        self._move(complaint, "closed", "11:00:00", tells_steps=True)
        self.assertEqual(self._cron("11:05:00"), ["closed"])

    def test_switch_in_the_dialog(self):
        """The dialog says who is told; what is switched off there stays off on the complaint."""
        complaint = self._noted(stage_id=self.stages["investigating"].id)
        self._cron("10:05:00")
        action = complaint.with_user(self.agent).action_answer()
        form = Form(self.env["customer.complaint.reason"].with_user(self.agent).with_context(**action["context"]))
        self.assertEqual((form.told_addresses, form.tells_steps), ("anna@customer.example", True))
        form.answer = "<p>As we said on the phone</p>"
        form.tells_steps = False
        self._at("11:00:00", form.save().action_confirm)
        self.assertEqual((complaint.state, complaint.tells_steps), ("answered", False))
        self.assertEqual(self._cron("11:10:00"), [])

    # Before it is told

    def _open(self, action):
        """Return the dialog of an action, as the agent sees it."""
        return Form(self.env["customer.complaint.reason"].with_user(self.agent).with_context(**action["context"]))

    def _sends(self, moment):
        """Send what is due by then; return whom that tells what, in short."""
        with freeze_time(DAY + moment), self.mock_mail_gateway():
            self.complaints._send_due_mails()
            self._end_request()
        return sorted((email_normalize(address), self._short(subject)) for address, subject in self._sent())

    def test_screen_shows_at_once_what_waits(self):
        """A card that is dragged is answered within the same request."""
        complaint = self._noted().with_user(self.agent)
        acknowledged = self.stages["acknowledged"]
        specification = {"mail_stage_id": {}, "mail_due": {}, "told_address": {}}
        with freeze_time(DAY + "10:00:00"), self.mock_mail_gateway():
            (card,) = complaint.web_save({"stage_id": acknowledged.id}, specification)
            (new,) = self.complaints.with_user(self.agent).web_save({
                "name": "Noted", "description": "<p>In two</p>", "partner_id": self.anna.id, "tells_receipt": True,
            }, specification)
        self.assertEqual(card, {
            "id": complaint.id, "mail_stage_id": acknowledged.id, "mail_due": datetime(2026, 3, 2, 10, 5),
            "told_address": "anna@customer.example",
        })
        self.assertEqual((new["mail_stage_id"], new["mail_due"]), (
            self.stages["received"].id, datetime(2026, 3, 2, 10, 5),
        ))

    def test_no_button_of_the_list_tells_silently(self):
        """Whatever is done with several complaints at once: nothing waits or is sent before somebody was asked."""
        complaints = self._noted() | self._noted(stage_id=self.stages["investigating"].id)
        self._cron("10:30:00")
        arch = self.complaints.with_user(self.agent).get_view(view_type="list")["arch"]
        buttons = [button.get("name") for button in etree.fromstring(arch).findall("./header/button")]
        self.assertGreater(len(buttons), 2)
        for name in buttons:
            self.assertEqual(self._at("11:00:00", getattr(complaints.with_user(self.agent), name)), [], name)
            self.assertFalse(complaints.filtered("mail_due"), name)

    def test_selected_say_whom_they_tell(self):
        carl = self.env["res.partner"].create({"name": "Carl"})
        with freeze_time(DAY + "10:00:00"):
            told = self._noted() | self._complaint(self.bert, tells_receipt=False)
            silent, unreachable = self._noted(tells_steps=False), self._complaint(carl, tells_receipt=False)
            handled = self._noted(stage_id=self.stages["investigating"].id)
        self._cron("10:10:00")
        received = told | silent | unreachable
        action = (received | handled).with_user(self.agent).action_acknowledge_selected()
        self.assertEqual(set(action["context"]["default_complaint_ids"]), set(received.ids))
        form = self._open(action)
        self.assertEqual(form.told_addresses, "2 customers: anna@customer.example, bert@customer.example")
        self.assertEqual(
            form.untold_note,
            "Complaints without an e-mail address: 1. Tell these customers in another way. "
            "Complaints whose e-mails are switched off: 1.",
        )
        self.assertTrue(form.tells_steps)
        with freeze_time(DAY + "11:00:00"), self.mock_mail_gateway():
            form.save().action_confirm()
            self._end_request()
        self.assertEqual(received.mapped("state"), ["handling"] * 4)
        self.assertEqual(self._sends("11:05:00"), [
            ("anna@customer.example", "acknowledged"), ("bert@customer.example", "acknowledged"),
        ])
        self.assertEqual(self._activities(unreachable), {"Tell Customer": self.agent})
        self.assertEqual((silent.tells_steps, told.mapped("tells_steps")), (False, [True, True]))
        nothing = received.with_user(self.agent).action_acknowledge_selected()
        self.assertIn("Nothing to acknowledge", nothing["params"]["message"])

    def test_acknowledged_without_a_word(self):
        """Not telling this step leaves the next ones alone: the customer has to read the answer."""
        complaint = self._noted()
        form = self._open(complaint.with_user(self.agent).action_acknowledge_selected())
        form.tells_steps = False
        self.assertEqual(self._at("10:00:00", form.save().action_confirm), [])
        self.assertEqual((complaint.state, complaint.tells_steps, complaint.mail_due), ("handling", True, False))
        self._at("11:00:00", complaint.with_user(self.agent)._answer, "Two new screens")
        self.assertEqual(self._cron("11:05:00"), ["answered"])

    def test_selected_ask_before_closing(self):
        """Also where nothing is missing; and whoever switches it on tells those who are told nothing else."""
        complaints = self._noted(tells_steps=False) | self._noted(tells_steps=False)
        action = complaints.with_user(self.agent).action_close_selected()
        self.assertEqual((action["res_model"], set(complaints.mapped("state"))), (
            "customer.complaint.reason", {"received"},
        ))
        form = self._open(action)
        self.assertEqual((form.tells_steps, form.told_addresses), (False, "anna@customer.example"))
        self.assertFalse(form.untold_note or form.lacks_cause or form.lacks_action)
        form.tells_steps = True
        self._at("11:00:00", form.save().action_confirm)
        self.assertEqual(self._sends("11:05:00"), [("anna@customer.example", "closed")] * 2)
        nothing = complaints.with_user(self.agent).action_close_selected()
        self.assertIn("already been closed", nothing["params"]["message"])

    def test_answering_several_keeps_their_switches(self):
        told, silent = self._noted(), self._noted(tells_steps=False)
        (told | silent).write({"stage_id": self.stages["investigating"].id})
        self._cron("10:30:00")
        new = self._noted()
        action = (told | silent | new).with_user(self.agent).action_answer()
        self.assertEqual(action["name"], "Answer 2 of 3 Complaints: the others are not being handled")
        action = (told | silent).with_user(self.agent).action_answer()
        self.assertEqual(action["name"], "Answer")
        form = self._open(action)
        self.assertEqual((form.tells_steps, form.told_addresses), (True, "anna@customer.example"))
        form.answer = "<p>Two new screens</p>"
        with freeze_time(DAY + "11:00:00"), self.mock_mail_gateway():
            form.save().action_confirm()
            self._end_request()
        self.assertEqual((told.tells_steps, silent.tells_steps), (True, False))
        self.assertEqual(self._sends("11:05:00"), [("anna@customer.example", "answered")])

    def test_many_are_counted(self):
        wizard = self.env["customer.complaint.reason"]
        addresses = [f"{name}@customer.example" for name in "edcba"]
        self.assertEqual(
            wizard._name_addresses([*addresses, addresses[0]]),
            "5 customers: a@customer.example, b@customer.example, c@customer.example and 2 more",
        )
        self.assertEqual((wizard._name_addresses([]), wizard._name_addresses(addresses[:1])), ("", addresses[0]))

    def test_step_without_an_email_says_so(self):
        complaint = self._noted()
        self.stages["acknowledged"].template_id = False
        form = self._open(complaint.with_user(self.agent).action_acknowledge_selected())
        self.assertFalse(form.told_addresses)
        self.assertEqual(form.untold_note, "Complaints that get no e-mail about this step: 1.")

    def test_no_delay(self):
        self.company.complaint_mail_minutes = 0
        complaint = self._noted()
        self.assertEqual(self._move(complaint, "acknowledged", "10:00:00"), ["acknowledged"])
        self.assertFalse(complaint.mail_due)

    def test_one_that_fails_keeps_no_other_waiting(self):
        first, second = self._noted(), self._noted()
        self._move(first, "acknowledged", "10:00:00")
        self._move(second, "closed", "10:01:00")
        send = self.complaints._send_to_customer.__func__

        def fail(complaint, *args, **values):
            if complaint == first:
                raise ValueError("a template that an update has broken")
            return send(complaint, *args, **values)

        with patch.object(type(self.complaints), "_send_to_customer", fail), self.assertLogs(LOG, "ERROR"):
            self.assertEqual(self._cron("10:10:00"), ["closed"])
        self.assertEqual((first.mail_due, second.mail_due), (datetime(2026, 3, 2, 11, 10), False))

    def test_merged_or_out_of_reach_meanwhile(self):
        merged, other, unreachable = self._noted(), self._noted(), self._noted()
        self._move(merged | unreachable, "acknowledged", "10:00:00")
        self._at("10:01:00", merged.with_user(self.agent)._merge_into, other)
        unreachable.write({"partner_id": self.env["res.partner"].create({"name": "Carl"}).id, "email_from": False})
        self.assertEqual(self._cron("10:10:00"), [])
        self.assertEqual(self._activities(unreachable), {"Tell Customer": self.agent})
        self.assertFalse((merged | unreachable).filtered("mail_due"))

    def test_now_or_never(self):
        """What waits can be sent at once or left out, by whoever may change the complaint."""
        complaint = self._noted()
        stranger = self._user("stranger", "crm_customer_value.group_service_own")
        for name, sent in (("action_drop_waiting_mail", []), ("action_send_waiting_mail", ["acknowledged"])):
            self._move(complaint, "acknowledged", "10:00:00")
            self.assertEqual(complaint.mail_stage_id, self.stages["acknowledged"])
            with self.assertRaises(AccessError):
                getattr(complaint.with_user(stranger), name)()
            self.assertEqual(self._at("10:01:00", getattr(complaint.with_user(self.agent), name)), sent)
            self.assertFalse(complaint.mail_due)
            self.assertEqual(self._cron("10:10:00"), [])
            self._at("10:11:00", complaint.with_context(tracking_disable=True).write, {
                "stage_id": self.stages["received"].id,
            })
        self.assertIn("no e-mail about “Acknowledged”", "".join(complaint.message_ids.mapped("body")))

    def test_nobody_writes_what_waits(self):
        complaint = self._noted().with_user(self.agent)
        for values in (
            {"mail_due": False}, {"mail_stage_id": False}, {"told_stage_id": False}, {"unsent_answer_id": False},
            {"date_rating_asked": False}, {"date_customer_wrote": False},
        ):
            with self.assertRaises(AccessError):
                complaint.write(values)

    # Ratings

    def _ask(self, complaint, moment):
        """Click on "Ask for a Rating" and return the action."""
        with freeze_time(DAY + moment), self.mock_mail_gateway():
            action = complaint.with_user(self.agent).action_request_rating()
            self._end_request()
        return action

    def test_asked_again_after_a_question(self):
        complaint = self._noted()
        self._move(complaint, "closed", "10:00:00")
        self.assertEqual(self._cron("10:05:00"), ["closed"])
        action = self._ask(complaint, "10:06:00")
        self.assertEqual((action["res_model"], self._sent()), ("customer.complaint.reason", []))
        wizards = self.env["customer.complaint.reason"].with_user(self.agent).with_context(**action["context"])
        with freeze_time(DAY + "10:06:00"):
            wizard = wizards.create({})
            self.assertEqual(wizard.question, "Asked 1 minute ago. Ask again?")
        self.assertEqual(self._at("10:07:00", wizard.action_confirm), ["closed"])
        self.assertEqual(complaint.date_rating_asked, datetime(2026, 3, 2, 10, 7))
        with freeze_time("2026-03-03 10:07:00"), self.mock_mail_gateway():
            action = complaint.with_user(self.agent).action_request_rating()
        self.assertEqual(action["params"]["message"], "Rating request sent to anna@customer.example")

    def test_asked_before_the_closing_was_told(self):
        """One e-mail, not two."""
        complaint = self._noted()
        self._move(complaint, "closed", "10:00:00")
        action = self._ask(complaint, "10:01:00")
        self.assertEqual([self._short(subject) for _address, subject in self._sent()], ["closed"])
        self.assertIn("anna@customer.example", action["params"]["message"])
        self.assertEqual(self._cron("10:10:00"), [])

    # The answer

    def test_answer_with_template_and_preview(self):
        template = self.env["mail.template"].create({
            "name": "New device", "model_id": self.env["ir.model"]._get_id("customer.complaint"),
            "lang": "{{ object.partner_id.lang }}",
            "body_html": '<p>A new device for <t t-out="object.name"/> leaves <b>today</b>.</p>',
        })
        complaint = self._noted(stage_id=self.stages["investigating"].id)
        self._cron("10:05:00")
        action = complaint.with_user(self.agent).action_answer()
        form = Form(self.env["customer.complaint.reason"].with_user(self.agent).with_context(**action["context"]))
        self.assertIn(template, form.answer_template_ids[:])
        self.assertNotIn(self.closed_template, form.answer_template_ids[:])
        form.template_id = template
        self.assertIn("A new device for Broken screen leaves <b>today</b>.", form.answer)
        self.assertIn("leaves <b>today</b>", form.preview)
        self.assertIn("Confirm or Reopen", form.preview)
        self.assertNotIn(complaint.access_token or "no token yet", form.preview)
        self._at("11:00:00", form.save().action_confirm)
        self.assertEqual(self._cron("11:05:00"), ["answered"])
        self.assertIn("leaves <b>today</b>", self._body())

    def test_templates_of_other_models_begin_no_answer(self):
        """They would be filled in with the record that has the number of the complaint in their model."""
        template = self.env["mail.template"].create({
            "name": "Foreign", "model_id": self.env["ir.model"]._get_id("res.lang"), "body_html": "<p>FOREIGN</p>",
        })
        complaint = self._noted(stage_id=self.stages["investigating"].id)
        for chosen in (template, self.closed_template):
            wizard = self.env["customer.complaint.reason"].with_user(self.agent).create({
                "purpose": "answer", "complaint_ids": [Command.set(complaint.ids)], "template_id": chosen.id,
            })
            self.assertFalse(wizard.answer, chosen.name)

    def test_preview_is_no_way_to_answer(self):
        """A context that a client sends changes no e-mail."""
        complaint = self._noted(stage_id=self.stages["investigating"].id)
        self._cron("10:05:00")
        desk = complaint.with_user(self.agent).with_context(complaint_answer_preview="<p>FORGED</p>")
        self._at("11:00:00", desk._answer, "Two new screens")
        self.company.complaint_mail_minutes = 0
        self.assertNotIn("FORGED", desk._mail_answer())
