from datetime import datetime, time, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ...engine.contact import silence
from ..contact_case import ContactCase


@tagged("post_install", "-at_install")
class TestSilence(ContactCase):
    """When customers and we were last in touch, from what Odoo knows anyway and from what was logged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for customer in (cls.bakery, cls.mill):
            cls._order(customer, 30, 100.0)
        cls.lead = cls.env["crm.lead"].create({
            "name": "Ovens", "type": "opportunity", "partner_id": cls.anna.id, "company_id": cls.company.id,
        })

    def _at(self, days):
        return datetime.combine(self._day(days), time(12))

    def _message(self, days, author, to=None, **values):
        """Make a message of so many days ago, and the notification with which it went to somebody by e-mail."""
        status = values.pop("status", "sent")
        message = self.env["mail.message"].create({
            "message_type": "comment", "model": "crm.lead", "res_id": self.lead.id, "body": "Words",
            "author_id": author.id, "date": self._at(days), "record_company_id": self.company.id, **values,
        })
        if to:
            self.env["mail.notification"].create({
                "mail_message_id": message.id, "res_partner_id": to.id, "notification_type": "email",
                "notification_status": status,
            })
        return message

    def _last(self, customer=None):
        """Return how many days ago we and they were last in touch, by a recompute of everybody and of this customer."""
        customer, found = customer or self.bakery, []
        for partners in (None, customer):
            self._recompute(partners=partners)
            value = self._value(customer)
            found.append(tuple(
                date and (self.today - date).days for date in (value.last_contact_by_us, value.last_contact_by_them)
            ))
            # Each of the two has to find it anew, and so has the next one.
            self.env.cr.execute(
                """UPDATE customer_value SET last_contact_by_us = NULL, last_contact_by_them = NULL,
                          last_written_by_us = NULL, last_written_by_them = NULL, is_written_known = FALSE
                    WHERE id = %s""",
                [value.id],
            )
            value.invalidate_recordset()
        self.assertEqual(found[0], found[1])
        return found[0]

    def test_what_they_write(self):
        self.assertEqual(self._last(), (False, False))
        self._message(9, self.anna, message_type="email")
        self.assertEqual(self._last(), (False, 9))
        self._message(7, self.anna)
        self._message(8, self.bakery)
        self.assertEqual(self._last(), (False, 7), "on the portal, whoever of them")
        for kind in ("notification", "auto_comment", "out_of_office", "user_notification", "email_outgoing"):
            self._message(1, self.anna, message_type=kind)
        self._message(1, self.anna, is_internal=True)
        self._message(1, self.anna, record_company_id=self._make_company("Elsewhere").id)
        self.assertEqual(self._last(), (False, 7), "programs, notes and other companies do not count")
        self.anna.active = False
        self.assertEqual(self._last(), (False, 7), "who left has written nevertheless")
        self.assertEqual(self._last(self.mill), (False, False))

    def test_what_we_write(self):
        us = self.agent.partner_id
        self._message(9, us, to=self.anna)
        self.assertEqual(self._last(), (9, False))
        self._message(6, us, to=self.anna, message_type="email")
        self.assertEqual(self._last(), (6, False), "an answer from one's own mailbox")
        for status in ("bounce", "exception", "canceled"):
            self._message(1, us, to=self.anna, status=status)
        for kind in ("notification", "auto_comment"):
            self._message(1, us, to=self.anna, message_type=kind)
        self._message(1, us)
        self._message(1, self.company.partner_id, to=self.anna)
        self._message(1, self.env.ref("base.partner_root"), to=self.anna)
        self._message(1, self.anna, to=self.bakery, date=self._at(20))
        self.assertEqual(self._last(), (6, 20), "what did not arrive, went to nobody, or is automatic does not count")

    def test_message_that_is_posted(self):
        """By the chatter, as Odoo posts it."""
        self.lead.with_user(self.env.ref("base.user_admin")).sudo().message_post(
            body="How are the ovens?", message_type="comment", subtype_xmlid="mail.mt_comment",
            partner_ids=self.anna.ids, author_id=self.agent.partner_id.id,
        )
        self.lead.message_post(
            body="Fine", message_type="comment", subtype_xmlid="mail.mt_comment", author_id=self.anna.id,
        )
        self.assertEqual(self._last(), (0, 0))

    def test_meetings(self):
        def meet(days, guests, **values):
            start = self._at(days)
            return self.env["calendar.event"].create({
                "name": "Visit", "start": start, "stop": start + timedelta(hours=1), "user_id": self.agent.id,
                "partner_ids": [Command.set((guests | self.agent.partner_id).ids)], **values,
            })

        meet(8, self.anna)
        self.assertEqual(self._last(), (8, 8))
        meet(5, self.anna, allday=True, start_date=self._day(5), stop_date=self._day(5))
        self.assertEqual(self._last(), (5, 5))
        meet(-1, self.anna)
        meet(3, self.anna).active = False
        meet(2, self.anna).attendee_ids.filtered(lambda guest: guest.partner_id == self.anna).state = "declined"
        now = fields.Datetime.now()
        meet(0, self.anna, start=now - timedelta(minutes=5), stop=now + timedelta(days=2))
        self.assertEqual(self._last(), (5, 5), "to come, called off, declined, or going on")

    def test_calls(self):
        def call(record, days, kind="mail.mail_activity_data_call"):
            activity = record.activity_schedule(kind, user_id=self.agent.id)
            activity.action_done()
            activity.date_done = self._day(days)

        self.mill.activity_schedule("mail.mail_activity_data_call", user_id=self.agent.id)
        call(self.mill, 1, "mail.mail_activity_data_todo")
        self.assertEqual(self._last(self.mill), (False, False), "planned, or no call")
        call(self.mill, 9)
        self.assertEqual(self._last(self.mill), (9, False))
        order = self.env["sale.order"].search([("partner_id", "=", self.mill.id)], limit=1)
        call(order, 7)
        self.assertEqual(self._last(self.mill), (7, False))
        complaint = self.env["customer.complaint"].create({
            "name": "Cold", "description": "It is cold.", "partner_id": self.mill.id, "company_id": self.company.id,
        })
        call(complaint, 6)
        self.assertEqual(self._last(self.mill), (6, False))
        call(self.lead, 4)
        self.assertEqual((self._last(), self._last(self.mill)), ((4, False), (6, False)))

    def test_logs(self):
        for days, direction, expected in ((9, "out", (9, False)), (8, "in", (9, 8)), (7, "both", (7, 7))):
            self._log(self.anna, direction=direction, date=self._at(days))
            self.assertEqual(self._last(), expected)
        self.anna.parent_id = self.mill
        self.assertEqual((self._last(), self._last(self.mill)), ((7, 7), (False, False)))

    def test_one_of_us_is_no_customer(self):
        """An employee whose contact is in the family of a customer writes for us."""
        self.agent.partner_id.parent_id = self.bakery
        self._message(3, self.agent.partner_id)
        self.assertEqual(self._last(), (False, False))

    def test_days(self):
        """Counted to today, sorted and searched by the database; who was never in touch is found by itself."""
        self._log(self.anna, direction="in", date=self._at(40))
        self._log(self.anna, direction="out", date=self._at(100))
        self._recompute()
        value, silent = self._value(self.bakery), self._value(self.mill)
        self.assertEqual(
            (value.days_since_contact, value.days_since_contact_by_us, value.days_since_contact_by_them), (40, 100, 40)
        )
        self.assertEqual(value.last_contact_date, self._day(40))
        self.assertEqual(
            (silent.days_since_contact, silent.days_since_contact_by_us, silent.last_contact_date),
            (False, False, False),
        )
        values = self.env["customer.value"]
        both = value | silent
        for domain, expected in (
            ([("days_since_contact", ">", 39)], value), ([("days_since_contact", ">", 40)], values),
            ([("days_since_contact", "<=", 40)], value), ([("days_since_contact", "=", 40)], value),
            ([("days_since_contact", "=", False)], silent), ([("days_since_contact", "!=", False)], value),
            ([("days_since_contact_by_us", ">", 99)], value), ([("days_since_contact_by_them", ">", 99)], values),
        ):
            self.assertEqual(values.search([*domain, ("id", "in", both.ids)]), expected, domain)
        self.assertEqual(values.search([("id", "in", both.ids)], order="days_since_contact desc"), value + silent)
        self.assertEqual(
            values._read_group([("id", "in", both.ids)], [], ["days_since_contact:avg"]), [(40.0,)]
        )
        partner = self.anna.with_user(self.agent).with_company(self.company)
        self.assertEqual((partner.days_since_contact, partner.last_contact_date), (40, self._day(40)))
        found = partner.search([("days_since_contact", ">", 30), ("id", "in", (self.anna | self.mill).ids)])
        self.assertEqual(found, partner)

    def test_second_night_writes_nothing(self):
        self._message(9, self.anna)
        self._log(self.mill, date=self._at(3))
        self._recompute()
        query = "SELECT ctid FROM customer_value WHERE company_id = %s"
        self.env.cr.execute(query, [self.company.id])
        before = self.env.cr.fetchall()
        self._recompute()
        self.env.cr.execute(query, [self.company.id])
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_night_after_night(self):
        """A night reads what has come since; who changes is looked up in full, also what was deleted meanwhile."""
        self.patch(silence, "READ_AGAIN", 0)
        old = self._message(20, self.anna)
        self._message(15, self.agent.partner_id, to=self.anna)
        self._recompute()
        value = self._value(self.bakery)

        def last(**arguments):
            self._recompute(**arguments)
            return tuple((self.today - day).days for day in (value.last_contact_by_us, value.last_contact_by_them))

        self.assertEqual(last(), (15, 20))
        self._message(9, self.anna)
        self.assertEqual(last(), (15, 9))
        self._message(7, self.agent.partner_id, to=self.anna)
        self.assertEqual(last(), (7, 9))
        self.assertEqual(last(), (7, 9))
        # What a run has seen is not read again.
        self.env.cr.execute("UPDATE mail_message SET date = %s WHERE id = %s", [self._at(1), old.id])
        self.assertEqual(last(), (7, 9))
        self.assertEqual(last(partners=self.bakery), (7, 1))
        old.unlink()
        self.assertEqual(last(partners=self.bakery), (7, 9))
        # A run reads again what may have been committed late.
        self.patch(silence, "READ_AGAIN", 10_000)
        self.env.cr.execute("UPDATE mail_message SET date = %s WHERE author_id = %s", [self._at(3), self.anna.id])
        self.assertEqual(last(), (7, 3))

    def test_days_are_those_of_the_company(self):
        """An e-mail of late evening in UTC is of the next day in Tokyo."""
        tokyo = self._make_company("Tokyo Company", tz="Asia/Tokyo")
        self.env.user.company_ids |= tokyo
        self._order(self.mill, 30, 100.0, company=tokyo)
        self._message(0, self.mill, date=datetime.combine(self._day(5), time(20)), record_company_id=False)
        self._recompute(tokyo)
        self._recompute()
        self.assertEqual(self._value(self.mill).last_contact_by_them, self._day(5))
        self.assertEqual(self._value(self.mill, tokyo).last_contact_by_them, self._day(4))

    def test_values_of_an_earlier_day(self):
        """A month end that is computed later says nothing of today's silence."""
        self._log(self.anna, date=self._at(3))
        self._recompute()
        self.assertEqual(self._value(self.bakery).last_contact_by_us, self._day(3))
        self._recompute(as_of=self._day(20))
        self.assertEqual(self._value(self.bakery).last_contact_by_us, self._day(3))
