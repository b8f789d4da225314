import importlib.util

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestMigration(CustomerValueCase):
    def _migrate(self, version, old, when="post"):
        path = file_path(f"crm_customer_value/migrations/{version}/{when}-migrate.py")
        spec = importlib.util.spec_from_file_location("customer_value_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, old)
        self.env.invalidate_all()

    def test_new_parts_of_the_index_come_with_a_new_version(self):
        """What was used stays what it was; scoring goes on by a version that knows the new parts."""
        customer = self._partner("Customer")
        self._order(customer, 3, 10.0)
        self._recompute()
        used = self.policy._renew({"weight_loyalty": 31.0})
        interrupted = self.env["customer.value.run"]._new_run(self.company)
        self.assertEqual(interrupted.state, "running")
        self.env.flush_all()
        self._migrate("19.0.1.1.0", "19.0.1.0.0")
        self.assertEqual((used.state, used.weight_development, used.weight_cost_to_serve), ("retired", 0.0, 0.0))
        active = self.env["customer.value.policy"]._get_active(self.company)
        self.assertEqual(active.version, used.version + 1)
        self.assertEqual(
            (active.weight_development, active.weight_cost_to_serve, active.weight_loyalty), (20.0, 10.0, 31.0)
        )
        waiting = self.env["customer.value.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "queued")]
        )
        self.assertEqual(set(waiting.mapped("kind")), {"full"})
        self.assertIn(interrupted, waiting)

    def test_fresh_database_needs_none(self):
        before = self.env["customer.value.policy"]._get_active(self.company)
        self._migrate("19.0.1.1.0", None)
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company), before)
        self.assertEqual(before.weight_development, 20.0)

    def test_satisfaction_comes_with_a_new_version(self):
        """An index of before says what it said; from now on complaints count."""
        customer = self._partner("Customer")
        self._order(customer, 3, 10.0)
        self._recompute()
        before = self._value(customer).value_index
        used = self.policy
        interrupted = self.env["customer.value.run"]._new_run(self.company)
        self.env.flush_all()
        self._migrate("19.0.1.2.0", "19.0.1.1.0")
        self.assertEqual((used.state, used.weight_satisfaction), ("retired", 0.0))
        active = self.env["customer.value.policy"]._get_active(self.company)
        default = active.default_get(["weight_satisfaction"])["weight_satisfaction"]
        self.assertGreater(default, 0.0)
        self.assertEqual((active.version, active.weight_satisfaction), (used.version + 1, default))
        self.assertEqual(interrupted.state, "queued")
        interrupted.unlink()
        self._recompute()
        self.assertEqual(self._value(customer).value_index, before, "who never complained is worth the same")

    def test_new_columns_hold_what_a_recompute_writes(self):
        """After an update, the first night finds nothing to write for who never complained."""
        customer = self._partner("Customer")
        self._order(customer, 3, 10.0)
        self._recompute()
        for column in ("csat", "open_complaints", "has_satisfaction_score", "satisfaction_points"):
            self.env.cr.execute(f"ALTER TABLE customer_value DROP COLUMN {column}")
        self._migrate("19.0.1.2.0", "19.0.1.1.0", when="pre")
        self.env.cr.execute(
            "SELECT csat, open_complaints, has_satisfaction_score, satisfaction_points FROM customer_value"
            " WHERE company_id = %s", [self.company.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(0, 0, False, 0)])
        self.env.cr.execute("SELECT ctid FROM customer_value WHERE company_id = %s", [self.company.id])
        stamps = self.env.cr.fetchall()
        self._recompute()
        self.env.cr.execute("SELECT ctid FROM customer_value WHERE company_id = %s", [self.company.id])
        self.assertEqual(self.env.cr.fetchall(), stamps, "no row was written")
