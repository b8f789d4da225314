import importlib.util

from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..complaint_mail_case import ComplaintMailCase


@tagged("post_install", "-at_install")
class TestMigrationMail(ComplaintMailCase):
    def _migrate(self, old, script="19.0.1.3.0/post-mail.py"):
        path = file_path(f"crm_customer_value/migrations/{script}")
        spec = importlib.util.spec_from_file_location("customer_value_migration_mail", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, old)
        self.env.invalidate_all()

    def test_stored_texts_and_subjects(self):
        complaint = self._complaint(self.anna)
        told = complaint.message_post(body="Dear Anna", message_type="comment", subtype_xmlid="mail.mt_comment")
        self._receive(self._answer(told))
        message = complaint._emails_received()
        template = self.env.ref("crm_customer_value.mail_template_complaint_received")
        template.with_context(lang="en_US").subject = "Hello, {{ object.number }} is here"
        self.env.flush_all()
        evil = (
            '<p class="position-fixed" style="position:fixed;color:red">Over</p>'
            '<img src="https://evil.example/p.png"><img src="/web/image/7">'
        )
        self.env.cr.execute("UPDATE customer_complaint SET description = %s, name = %s WHERE id = %s", [
            evil, "One\nTwo", complaint.id,
        ])
        self.env.cr.execute("UPDATE mail_message SET body = %s WHERE id = %s", [evil, message.id])
        self._migrate("19.0.1.2.0")
        self.assertEqual(complaint.name, "One Two")
        for body in complaint.description, message.body:
            self.assertIn("color:red", body)
            self.assertIn('<img src="/web/image/7"', body)
            for gone in ("position", '<img src="https', "class="):
                self.assertNotIn(gone, body)
        self.assertEqual(template.subject, "Hello, {{ object._mail_number() }} is here")
        description = complaint.description
        self._migrate("19.0.1.2.0")
        self.assertEqual(complaint.description, description, "a second time changes nothing")

    def test_stored_secrets(self):
        complaint, other = self._complaint(self.anna), self._complaint(self.anna)
        number, plain = complaint._proven_number(), complaint.number
        message = complaint.message_post(body="Hello", subject="Hello")
        foreign = self.anna.message_post(body="Hello", subject="Hello")
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_message SET subject = %s, body = %s WHERE id IN %s", [
            f"About {number}", f"<p>{number.lower()}, {other.number}-0123456789</p>", (message.id, foreign.id),
        ])
        self.env.cr.execute("UPDATE customer_complaint SET name = %s WHERE id = %s", [f"Re: {number}", other.id])
        self._migrate(None, "19.0.1.4.0/post-nine.py")
        self.assertEqual(other.name, f"Re: {number}", "a fresh database needs nothing")
        self._migrate("19.0.1.3.0", "19.0.1.4.0/post-nine.py")
        self.assertEqual(other.name, f"Re: {plain}")
        self.assertEqual(message.subject, f"About {plain}")
        self.assertEqual(message.body, f"<p>{plain}, {other.number}-0123456789</p>")
        self.assertEqual(foreign.subject, f"About {number}", "other conversations are not looked at")

    def test_fresh_database_needs_none(self):
        template = self.env.ref("crm_customer_value.mail_template_complaint_received")
        template.subject = "{{ object.number }}"
        self._migrate(None)
        self.assertEqual(template.subject, "{{ object.number }}")
