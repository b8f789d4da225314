import importlib.util

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .complaint_mail_case import ComplaintMailCase


@tagged("post_install", "-at_install")
class TestMigrationMail(ComplaintMailCase):
    def _migrate(self, old):
        path = file_path("crm_customer_value/migrations/19.0.1.3.0/post-mail.py")
        spec = importlib.util.spec_from_file_location("customer_value_migration_mail", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, old)
        self.env.invalidate_all()

    def test_stored_texts_and_subjects(self):
        complaint = self._complaint(self.anna)
        told = complaint.message_post(body="Dear Anna", message_type="comment", subtype_xmlid="mail.mt_comment")
        self._receive(self._mail(In_Reply_To=told.message_id))
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

    def test_fresh_database_needs_none(self):
        template = self.env.ref("crm_customer_value.mail_template_complaint_received")
        template.subject = "{{ object.number }}"
        self._migrate(None)
        self.assertEqual(template.subject, "{{ object.number }}")
