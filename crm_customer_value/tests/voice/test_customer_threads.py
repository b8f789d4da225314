from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..portal_case import PortalCase

NOISE = ("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
class TestCustomerThreads(PortalCase):
    """What customers' programs do with conversations about complaints and suggestions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        area = cls.env["customer.suggestion.area"].create({"name": "Lights", "color": 7})
        cls.suggestion = cls.env["customer.suggestion"].create({
            "name": "Brighter", "partner_id": cls.anna.partner_id.id, "company_id": cls.company.id,
            "user_id": cls.employee.id, "area_id": area.id,
        })
        cls.threads = (cls.mine, cls.suggestion)

    def _search(self, words, **kwargs):
        answer = self._call("mail.message", "search_read", [["body", "ilike", words]], ["author_id"], **kwargs)
        return [line["id"] for line in answer["result"]]

    @mute_logger(*NOISE)
    def test_customers_write_to_nobody_else(self):
        """Of what a message may have, the customer's words alone are taken: no address, no name, no type."""
        victim = "victim@evil.example"
        spoofs = {
            "outgoing_email_to": victim, "body_is_html": True, "subject": "Spoofed", "reply_to": victim,
            "email_from": "admin@example.com", "subtype_xmlid": "mail.mt_comment", "message_type": "auto_comment",
        }
        roles = (
            {"partner_ids": self.bob.partner_id.ids}, {"author_id": self.employee.partner_id.id},
            {"subtype_xmlid": "mail.mt_note"},
        )
        self._login(self.anna)
        mails = self.env["mail.mail"].sudo()
        before = mails.search([])
        for thread in self.threads:
            with self.subTest(model=thread._name):
                count = len(thread.message_ids)
                answer = self._call(thread._name, "message_post", thread.ids, body="<b>Mine</b>", **spoofs)
                self.assertNotIn("error", answer)
                thread.invalidate_recordset()
                self.assertEqual(len(thread.message_ids), count + 1)
                message = thread.message_ids[0]
                self.assertEqual(
                    (message.author_id, message.message_type, message.subtype_id),
                    (self.anna.partner_id, "comment", self.env.ref("mail.mt_comment")),
                )
                self.assertIn("anna.alpha@example.com", message.email_from)
                self.assertNotIn("<b>", message.body)
                self.assertFalse(message.subject)
                self.assertFalse(message.outgoing_email_to)
                self.assertNotIn(victim, message.reply_to or "")
                self.assertNotIn(self.bob.partner_id, message.notified_partner_ids | message.partner_ids)
                for role in roles:
                    answer = self._call(thread._name, "message_post", thread.ids, body="Of others", **role)
                    self.assertNotIn("error", answer)
                    message = self.env["mail.message"].browse(answer["result"])
                    self.assertFalse(message.partner_ids | message.author_id - self.anna.partner_id)
                    self.assertFalse(message.subtype_id.internal)
                self._refused(self._call(
                    thread._name, "message_notify", thread.ids, body="x", partner_ids=self.bob.partner_id.ids
                ))
                for method in ("message_post_with_source", "message_mail_with_source"):
                    self._refused(self._call(
                        thread._name, method, thread.ids, "mail.message_origin_link", outgoing_email_to=victim
                    ))
        new = mails.search([]) - before
        self.assertFalse(new.filtered(lambda mail: victim in f"{mail.email_to} {mail.reply_to}"))
        self.assertNotIn(self.bob.partner_id, new.recipient_ids)

    @mute_logger(*NOISE)
    def test_search_finds_what_may_be_read(self):
        """Neither words, counts, groups, limits nor offsets tell what another customer wrote."""
        said = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        shown = self.mine.with_user(self.employee).message_post(body="zebra, we say", **said)
        self.mine.message_subscribe((self.anna | self.bob).partner_id.ids)
        alien = self.mine.message_post(body="zebra, says Bob", author_id=self.bob.partner_id.id, **said)
        aliens = alien + self.colleagues.message_post(body="zebra again", author_id=self.bob.partner_id.id, **said)
        family = self.mine.message_post(body="zebra, says Alex", author_id=self.alex.partner_id.id, **said)
        self._login(self.anna)
        self.assertEqual(self._search("zebra"), [family.id, shown.id])
        self.assertEqual(self._search("zebra", limit=1, offset=1), [shown.id])
        self.assertEqual(self._search("zebra", limit=2, order="id asc"), [shown.id, family.id])
        self.assertEqual(self._search("zebra, says Bob"), [])
        domain = [["body", "ilike", "zebra"]]
        self.assertEqual(self._call("mail.message", "search_count", domain)["result"], 2)
        [group] = self._call("mail.message", "formatted_read_group", domain, [], ["__count"])["result"]
        self.assertEqual(group["__count"], 2)
        groups = self._call("mail.message", "formatted_read_group", domain, ["author_id"], ["__count"])["result"]
        self.assertNotIn("Bob", str(groups))
        messages = self.env["mail.message"].with_user(self.anna)
        for message in aliens:
            with self.assertRaises(AccessError):
                messages.browse(message.id).read(["body"])
        employees = self.env["mail.message"].with_user(self.employee)
        self.assertEqual(employees.search_count(domain), 4)

    @mute_logger(*NOISE)
    def test_search_is_as_quick_with_many_threads(self):
        said = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        messages = self.env["mail.message"].with_user(self.anna)
        counts = []
        for __ in range(2):
            for number in range(5):
                complaint = self._complaint(self.anna.partner_id, f"Lamp {number}")
                complaint.message_post(body="giraffe", **said)
            self.env.flush_all()
            self.env.invalidate_all()
            messages.search([("body", "ilike", "giraffe")])
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            messages.search([("body", "ilike", "giraffe")])
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])

    @mute_logger(*NOISE)
    def test_hidden_related_fields_are_not_grouped(self):
        """A field that leads elsewhere is as hidden as one that is stored."""
        self._login(self.anna)
        for thread in self.threads:
            name = thread._name
            allowed = self.env[name]._portal_readable_fields()
            related = [
                field.name for field in thread._fields.values()
                if field.related and not field.store and field.name not in allowed
            ]
            self.assertTrue(related)
            for field in related:
                self._refused(self._call(name, "formatted_read_group", [], [field], ["__count"]), field)
                for aggregate in ("max", "sum", "count_distinct"):
                    self._refused(
                        self._call(name, "formatted_read_group", [], [], [f"{field}:{aggregate}"]), field
                    )
            groups = self._call(name, "formatted_read_group", [], ["state"], ["__count"])
            self.assertIn("result", groups)
