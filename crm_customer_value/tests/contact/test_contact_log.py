from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..contact_case import ContactCase

NOW = "2026-03-02 10:00:00"


@tagged("post_install", "-at_install")
class TestContactLog(ContactCase):
    """What a logged contact is, and what is refused."""

    def test_not_in_the_future(self):
        with freeze_time(NOW):
            self._log(self.anna, date=NOW)
            with self.assertRaisesRegex(ValidationError, "still to come"):
                self._log(self.anna, date="2026-03-02 10:00:01")
            log = self._log(self.anna, date="2026-03-01 10:00:00")
            with self.assertRaisesRegex(ValidationError, "still to come"):
                log.date = "2026-03-03 10:00:00"

    def test_minutes_of_a_day(self):
        for minutes in (-1, 1441):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._log(self.anna, minutes=minutes).flush_recordset()
        for minutes in (0, 1440, False):
            self.assertIs(self._log(self.anna, minutes=minutes).minutes is False, minutes is False)

    def test_archived_contact(self):
        self.anna.active = False
        with self.assertRaisesRegex(ValidationError, "Anna is archived"):
            self._log(self.anna)

    def test_no_words(self):
        with self.assertRaisesRegex(ValidationError, "a few words"):
            self._log(self.anna, summary="  \n")

    def test_contact_goes_to_another_company(self):
        """The time was spent on the customer of then; what comes later belongs to the customer of now."""
        log = self._log(self.anna)
        self.assertEqual(log.commercial_partner_id, self.bakery)
        self.anna.parent_id = self.mill
        later = self._log(self.anna)
        self.assertEqual((log.commercial_partner_id, later.commercial_partner_id), (self.bakery, self.mill))
        self.assertEqual((log | later).mapped("partner_id"), self.anna)

    def test_contact_who_was_a_customer_alone(self):
        """Who joins a company takes along what was logged with them alone, as their purchases go along."""
        carl = self._partner("Carl")
        log = self._log(carl)
        carl.parent_id = self.mill
        self.assertEqual(log.commercial_partner_id, self.mill)

    def test_wrong_contact_is_corrected(self):
        log = self._log(self.anna)
        log.partner_id = self.mill
        self.assertEqual(log.commercial_partner_id, self.mill)

    def test_merged_contacts(self):
        """Odoo's merge takes the logs along, with the customers behind them."""
        double = self._partner("Anna B.", email="anna@bakery.example")
        firm = self._partner("Bakery Ltd", is_company=True)
        log, of_firm = self._log(double), self._log(firm)
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((double | self.anna).ids, self.anna)
        self.assertEqual((log.partner_id, log.commercial_partner_id), (self.anna, self.bakery))
        merge._merge((firm | self.bakery).ids, self.bakery)
        self.assertEqual((of_firm.partner_id, of_firm.commercial_partner_id), (self.bakery, self.bakery))

    def test_who_reads_what(self):
        """Their own, those of their customers and of nobody's; those of their team; all."""
        seller, mate, far = self._employee("seller"), self._employee("mate"), self._employee("far")
        leader = self._employee("leader", "crm_customer_value.group_service_team")
        chief = self._employee("chief", "crm_customer_value.group_service_all")
        self.env["customer.complaint.team"].create({
            "name": "Desk", "company_id": self.company.id, "leader_id": leader.id, "member_ids": mate.ids,
        })
        (self.bakery | self.mill).user_id = seller
        of_mate, of_far = self._log(self.anna, user_id=mate.id), self._log(self.mill, user_id=far.id)
        nobody = self._log(self._partner("Nobody's"), user_id=far.id)
        logs = of_mate | of_far | nobody
        for user, expected in (
            (self.agent, nobody), (mate, of_mate | nobody), (seller, logs), (leader, of_mate | nobody), (chief, logs),
        ):
            found = self.logs.with_user(user).search([("id", "in", logs.ids)])
            self.assertEqual(found, expected.with_user(user).sorted(lambda log: (log.date, log.id), reverse=True))
        with self.assertRaises(AccessError):
            of_far.with_user(self.agent).summary = "Other"

    def test_nobody_deletes_what_was_said(self):
        log = self._log(self.anna, user_id=self.agent.id)
        with self.assertRaises(AccessError):
            log.with_user(self.agent).unlink()


@tagged("post_install", "-at_install")
class TestContactWizard(ContactCase):
    """The dialog, from contacts, meetings and calls."""

    def test_from_a_contact(self):
        with freeze_time(NOW):
            form = Form(self.wizards.with_user(self.agent).with_context(default_partner_ids=self.anna.ids))
            self.assertEqual(form.minutes, 10, "what a call usually takes")
            form.channel_id = self.env["customer.contact.channel"]._of("visit")
            self.assertEqual(form.minutes, 60)
            form.minutes = 45
            form.summary = " They open a second shop. "
            form.save().action_log()
        log = self._logged(self.bakery)
        self.assertEqual(
            (log.partner_id, log.commercial_partner_id, log.user_id, log.channel_id.code, log.minutes, log.summary),
            (self.anna, self.bakery, self.agent, "visit", 45, "They open a second shop."),
        )
        self.assertEqual((log.date, log.company_id), (datetime(2026, 3, 2, 10), self.company))
        self.assertFalse(self.anna.activity_ids)

    def test_next_step_is_an_activity(self):
        """Also of who may not change contacts; it is planned, not automatic."""
        self._wizard(
            self.anna, next_step="Send the offer", next_date="2026-03-09",
            next_type_id=self.env.ref("mail.mail_activity_data_todo").id,
        ).action_log()
        activity = self.anna.activity_ids
        self.assertEqual(
            (activity.summary, activity.user_id, str(activity.date_deadline), activity.automated),
            ("Send the offer", self.agent, "2026-03-09", False),
        )

    def test_round_table(self):
        """An hour with seven customers: 60 minutes in all, to the last one; each has a log of its own."""
        others = self.env["res.partner"].union(*(self._partner(f"Guest {number}") for number in range(5)))
        berta = self._partner("Berta", parent_id=self.bakery.id)
        guests = self.anna | berta | self.mill | others
        wizard = self._wizard(guests, minutes=60)
        self.assertEqual(wizard.customer_count, 7)
        wizard.action_log()
        logs = self._logged(guests)
        self.assertEqual(sorted(logs.mapped("minutes")), [8, 8, 8, 9, 9, 9, 9])
        at_bakery = logs.filtered(lambda log: log.commercial_partner_id == self.bakery)
        self.assertEqual((at_bakery.partner_id, at_bakery.summary), (self.bakery, "They grow\nWith Anna and Berta."))
        self._wizard(self.anna | self.mill, minutes=60, is_shared=False).action_log()
        self.assertEqual(self._logged(self.mill).mapped("minutes")[-1], 60)
        self._wizard(self.anna | self.mill, minutes=False).action_log()
        self.assertIs(self._logged(self.mill).mapped("minutes")[-1], False)

    def test_nobody(self):
        with self.assertRaisesRegex(UserError, "Choose whom"):
            self._wizard(self.env["res.partner"]).action_log()

    def test_contact_one_may_not_read(self):
        foreign = self._make_company("Foreign Company")
        theirs = self._partner("Theirs", company_id=foreign.id)
        with self.assertRaises(AccessError):
            self._wizard(theirs)
        with self.assertRaises(AccessError):
            self.wizards.with_user(self.agent).create({
                "partner_ids": [Command.set(theirs.ids)], "summary": "They grow",
            })

    def test_who_does_not_serve_customers(self):
        clerk = self._employee("clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.anna.with_user(clerk).action_log_contact()

    def test_button_on_a_contact(self):
        anna = self.anna.with_user(self.agent).with_company(self.company)
        self._log(self.bakery)
        self.env.invalidate_all()
        self.assertEqual(anna.contact_log_count, 1, "those with the whole company")
        action = anna.action_view_contact_logs()
        self.assertEqual(self.logs.search(action["domain"]), self._logged(self.bakery))

    def _meeting(self, guests, **values):
        return self.env["calendar.event"].create({
            "name": "Round table", "start": "2026-03-02 08:00:00", "stop": "2026-03-02 09:30:00",
            "user_id": self.agent.id, "partner_ids": [Command.set((guests | self.agent.partner_id).ids)], **values,
        })

    def test_from_a_meeting(self):
        """With those from outside who did not decline, once."""
        carl = self._partner("Carl")
        with freeze_time("2026-03-02 09:00:00"):
            event = self._meeting(self.anna | self.mill | carl).with_user(self.agent)
            event.attendee_ids.filtered(lambda guest: guest.partner_id == carl).state = "declined"
            self.assertFalse(event.can_log_contact, "it goes on")
        with freeze_time(NOW):
            event.invalidate_recordset()
            self.assertTrue(event.can_log_contact)
            action = event.action_log_contact()
            wizard = self.wizards.with_user(self.agent).with_context(**action["context"]).create({"summary": "Fine"})
            self.assertEqual(wizard.partner_ids, self.anna | self.mill)
            wizard.action_log()
            logs = self._logged(self.anna | self.mill | carl)
            self.assertEqual(set(logs.mapped("partner_id.name")), {"Anna", "Mill"})
            self.assertEqual(
                {(log.date, log.minutes, log.channel_id.code, log.direction, log.event_id.id) for log in logs},
                {(datetime(2026, 3, 2, 8), 45, "visit", "both", event.id)},
            )
            event.invalidate_recordset()
            self.assertFalse(event.can_log_contact, "it is logged")

    def _call(self, record, user=None):
        user = user or self.agent
        call = record.activity_schedule(
            "mail.mail_activity_data_call", summary="Ask about spring", user_id=user.id
        )
        return call.with_user(user)

    def test_from_a_call_that_was_made(self):
        call = self._call(self.anna)
        call.call_minutes = 12
        call.action_feedback(feedback="They buy in May.")
        log = self._logged(self.bakery)
        self.assertEqual(
            (log.partner_id, log.user_id, log.channel_id.code, log.minutes, log.summary, log.direction),
            (self.anna, self.agent, "phone", 12, "They buy in May.", "out"),
        )
        self.assertLess(log.create_date - log.date, timedelta(minutes=1))
        # Not twice, whoever clicks again.
        call.action_feedback(feedback="They buy in May.")
        self.assertEqual(self._logged(self.bakery), log)

    def test_from_a_call_about_a_document(self):
        """With the contact of a document that whoever called may read."""
        seller = self._employee("seller", "sales_team.group_sale_salesman")
        lead = self.env["crm.lead"].create({
            "name": "Ovens", "type": "opportunity", "partner_id": self.mill.id, "user_id": self.env.uid,
        })
        for user, logged in ((self.env.user, []), (seller, ["Ask about spring"])):
            lead.user_id = user
            call = self._call(lead, seller)
            call.call_minutes = 5
            call.action_done()
            self.assertEqual(self._logged(self.mill).mapped("summary"), logged, "as it was planned")

    def test_call_about_a_document_of_another_company(self):
        """It is logged in the company of the document, whichever one the user works in."""
        other = self._make_company("Contact Sister")
        self.env.user.company_ids |= other
        lead = self.env["crm.lead"].create({
            "name": "Ovens", "type": "opportunity", "partner_id": self.mill.id, "company_id": other.id,
            "user_id": self.env.uid, "team_id": False,
        })
        call = self._call(lead, self.env.user).with_company(self.company)
        call.call_minutes = 5
        call.action_done()
        self.assertEqual(self._logged(self.mill).company_id, other)

    def test_call_without_minutes(self):
        """Odoo's own way of marking it as done stays what it is; so do all other activities."""
        self._call(self.anna).action_feedback(feedback="Nobody there.")
        todo = self.anna.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id)
        todo.call_minutes = 5
        todo.action_done()
        self.assertFalse(self._logged(self.bakery))
        for minutes in (-1, 1441):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                call = self._call(self.anna)
                call.call_minutes = minutes
                call.flush_recordset()
