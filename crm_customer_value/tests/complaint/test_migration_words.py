import importlib.util

from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from ..complaint_mail_case import ComplaintMailCase


@tagged("post_install", "-at_install")
class TestMigrationWords(ComplaintMailCase):
    def _migrate(self, old, version="19.0.1.4.0"):
        path = file_path(f"crm_customer_value/migrations/{version}/post-words.py")
        spec = importlib.util.spec_from_file_location("customer_value_migration_words", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, old)
        self.env.invalidate_all()
        return script

    def _as_before(self, templates):
        """Give templates the words of an older version, as the update found them: nobody wrote them."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """UPDATE mail_template SET create_date = write_date, lang = '{{ object.partner_id.lang }}',
                      subject = '{"en_US": "Old words"}', body_html = '{"en_US": "<p>Two clicks</p>"}'
                WHERE id IN %s""",
            tuple(templates.ids),
        ))
        self.env.invalidate_all()

    def test_new_words_where_nobody_wrote_others(self):
        templates = self.env["mail.template"].with_context(lang="en_US").search([
            ("model", "in", ("customer.complaint", "customer.suggestion", "customer.suggestion.support")),
        ])
        words = {template: (template.subject, template.body_html, template.lang) for template in templates}
        self.assertGreaterEqual(len(words), 7)
        own = self.env.ref("crm_customer_value.mail_template_complaint_closed").with_context(lang="en_US")
        flow = self.env.ref("crm_customer_value.service_flow_steps").with_context(lang="en_US")
        other = self.env.ref("crm_customer_value.service_flow_one_contact").with_context(lang="en_US")
        new = flow.description
        self._as_before(templates)
        self.env.cr.execute(SQL("UPDATE mail_template SET write_date = '2026-01-01' WHERE id = %s", own.id))
        self.env.invalidate_all()
        script = self._migrate("19.0.1.3.0")
        for template in templates - own:
            self.assertEqual((template.subject, template.body_html, template.lang), words[template], template.name)
        self.assertEqual((own.subject, own.body_html), ("Old words", "<p>Two clicks</p>"), "somebody wrote it")
        self.assertEqual(flow.description, new, "the update did not load it again")
        flow.description, _new = script.FLOWS["service_flow_steps"]
        other.description = "Our own words"
        self._migrate("19.0.1.3.0")
        self.assertEqual((flow.description, other.description), (new, "Our own words"))

    def test_fresh_database_needs_none(self):
        template = self.env.ref("crm_customer_value.mail_template_complaint_received")
        self._as_before(template)
        self._migrate(None)
        self.assertEqual(template.subject, "Old words")

    def test_plain_words_of_stages_and_activities(self):
        """The new words are those of a fresh installation, and one's own stay."""
        env = self.env(context={**self.env.context, "lang": "en_US"})
        script = self._migrate(None, "19.0.1.4.1")
        records = {name: env.ref(f"crm_customer_value.{name}") for name in script.TEXTS}
        shipped = {name: record[script.TEXTS[name][0]] for name, record in records.items()}
        for name, (field, old, new) in script.TEXTS.items():
            self.assertEqual(shipped[name], new, "as a fresh installation")
            records[name][field] = old
        own = records["customer_lifecycle_stage_core"]
        own.description = "Our best"
        self._migrate(None, "19.0.1.4.1")
        lost = "customer_lifecycle_stage_lost"
        self.assertNotEqual(records[lost].description, shipped[lost])
        self._migrate("19.0.1.4.0", "19.0.1.4.1")
        shipped["customer_lifecycle_stage_core"] = "Our best"
        for name, (field, _old, _new) in script.TEXTS.items():
            self.assertEqual(records[name][field], shipped[name])
