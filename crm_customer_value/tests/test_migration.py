import importlib.util

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestMigration(CustomerValueCase):
    def _migrate(self, version, old):
        path = file_path(f"crm_customer_value/migrations/{version}/post-migrate.py")
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
