import importlib.util

from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestMigrationForecast(CustomerValueCase):
    """What versions before 19.0.1.4.0 learned is learned anew, and everybody gets a forecast."""

    def _migrate(self, old):
        path = file_path("crm_customer_value/migrations/19.0.1.4.0/post-forecast.py")
        spec = importlib.util.spec_from_file_location("customer_value_migration_forecast", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, old)
        self.env.invalidate_all()

    def test_old_outlook_is_learned_anew(self):
        customer = self._partner("Customer")
        self._order(customer, 30, 10.0)
        run = self._recompute()
        new = run.outlook
        run.outlook = {"anchor": new["anchor"], "basis": new["basis"], "method": "none", "warnings": [], "doubts": {}}
        interrupted = self.env["customer.value.run"]._new_run(self.company)
        self._migrate("19.0.1.3.0")
        self.assertFalse(run.outlook or run.outlook_summary)
        self.assertEqual(interrupted.state, "queued")
        interrupted.unlink()
        # Changed customers alone do not do: nothing is known to forecast them by.
        again = self._recompute(partners=customer)
        self.assertEqual((again.kind, again.outlook["choice"]["in_use"]), ("full", "rule"))
        self.assertTrue(self._value(customer).has_prediction)
        self._migrate("19.0.1.3.0")
        self.assertEqual(again.outlook["choice"]["in_use"], "rule", "a second time forgets nothing")

    def test_fresh_database_needs_none(self):
        self._order(self._partner("Customer"), 30, 10.0)
        run = self._recompute()
        waiting = self.env["customer.value.run"].search([("state", "=", "queued")])
        self._migrate(None)
        self.assertTrue(run.outlook)
        self.assertEqual(self.env["customer.value.run"].search([("state", "=", "queued")]), waiting)
