import importlib.util

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

from ...models.voice.customer_voice_flood import LIMITS


@tagged("post_install", "-at_install")
class TestMigrationFlood(TransactionCase):
    """The limits of what customers send have another name."""

    def _migrate(self, version):
        path = file_path("crm_customer_value/migrations/19.0.1.5.0/pre-flood.py")
        spec = importlib.util.spec_from_file_location("customer_value_migration_flood", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, version)
        self.env.invalidate_all()

    def _left(self):
        """Return how much there is of the table of before: itself, its model, fields, rights and XML ids."""
        self.env.cr.execute("""
            SELECT (SELECT count(*) FROM pg_class WHERE relname = 'customer_complaint_flood'),
                   (SELECT count(*) FROM ir_model WHERE model = 'customer.complaint.flood'),
                   (SELECT count(*) FROM ir_model_fields WHERE model = 'customer.complaint.flood'),
                   (SELECT count(*) FROM ir_model_access WHERE name = 'customer.complaint.flood system'),
                   (SELECT count(*) FROM ir_model_data WHERE name LIKE '%customer\\_complaint\\_flood%')
        """)
        return self.env.cr.fetchone()

    def test_nothing_is_left_of_the_old_name(self):
        self.env.cr.execute("""
            CREATE TABLE customer_complaint_flood (id serial PRIMARY KEY, key varchar, start timestamp, hits int4);
            INSERT INTO customer_complaint_flood (key, start, hits) VALUES ('ip:1', now(), 20);
            WITH model AS (
                INSERT INTO ir_model (model, name, "order", state)
                VALUES ('customer.complaint.flood', '{"en_US": "Use of Forms"}', 'id', 'base') RETURNING id
            ), field AS (
                INSERT INTO ir_model_fields (model_id, model, name, field_description, ttype, state)
                SELECT id, 'customer.complaint.flood', 'hits', '{"en_US": "Hits"}', 'integer', 'base' FROM model
                RETURNING id
            ), access AS (
                INSERT INTO ir_model_access (model_id, name, perm_read)
                SELECT id, 'customer.complaint.flood system', TRUE FROM model RETURNING id
            )
            INSERT INTO ir_model_data (module, model, name, res_id)
            SELECT 'crm_customer_value', 'ir.model', 'model_customer_complaint_flood', id FROM model
            UNION ALL SELECT 'crm_customer_value', 'ir.model.fields', 'field_customer_complaint_flood__hits', id
                        FROM field
            UNION ALL SELECT 'crm_customer_value', 'ir.model.access', 'access_customer_complaint_flood_system', id
                        FROM access
        """)
        self.assertEqual(self._left(), (1, 1, 1, 1, 3))
        self._migrate(None)
        self.assertEqual(self._left(), (1, 1, 1, 1, 3), "a fresh installation has nothing to forget")
        self._migrate("19.0.1.4.1")
        self.assertEqual(self._left(), (0, 0, 0, 0, 0))
        self._migrate("19.0.1.4.1")
        # The limits of the new name stand.
        flood = self.env["customer.voice.flood"]
        self.assertEqual(flood._limit("account_vote"), LIMITS["account_vote"])
        self.assertEqual(self.env.ref("crm_customer_value.model_customer_voice_flood").model, flood._name)
