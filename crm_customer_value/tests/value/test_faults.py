import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...engine.value import pipeline

PARAMETER = "crm_customer_value.batch_size"


@tagged("post_install", "-at_install")
class TestFaults(TransactionCase):
    """The database connection dies in the middle of a run: really, on a connection of its own.

    Works on the main company, whose recompute only brings its values up to date.
    """

    def _real_env(self):
        cr = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {})

    def test_connection_lost_between_batches(self):
        env = self._real_env()
        company = env.ref("base.main_company")
        env["customer.value.run"].search([("state", "in", ("queued", "running"))]).state = "failed"
        order = env["sale.order"].create({
            "partner_id": env["res.partner"].create({"name": "Customer of a lost connection"}).id,
            "company_id": company.id,
        })
        order.write({"state": "sale"})
        customer = order.partner_id
        env["ir.config_parameter"].set_param(PARAMETER, 5)
        env["customer.value.run"]._recompute(company)
        env.cr.commit()
        self.addCleanup(self._tidy, order.id, customer.id)
        rows = self._rows(env, company)
        self.assertTrue(rows)
        # Wrong, but there: rows that are gone would take what is pinned in them along.
        env.cr.execute("UPDATE customer_value SET value_index = -1 WHERE company_id = %s", [company.id])
        run = env["customer.value.run"]._enqueue(company)
        env.cr.commit()

        write_values, killed = pipeline.write_values, []

        def dying(cr, *args, **kwargs):
            # As soon as a batch before this one has written somebody: the first ones may hold no customer.
            cr.execute("SELECT 1 FROM customer_value WHERE company_id = %s AND value_index <> -1 LIMIT 1", [company.id])
            if cr.rowcount and not killed:
                killed.append(True)
                victim = cr.connection.get_backend_pid()
                with db_connect(cr.dbname).cursor() as killer:
                    killer.execute("SELECT PG_TERMINATE_BACKEND(%s, 5000)", (victim,))
            return write_values(cr, *args, **kwargs)

        with self.assertRaises(psycopg2.Error), mute_logger("odoo.sql_db"):
            self.patch(pipeline, "write_values", dying)
            env["customer.value.run"]._cron_work()

        # Whole batches stand, the run knows where it is, and nobody holds its lock.
        env = self._real_env()
        run = env["customer.value.run"].browse(run.id)
        self.assertEqual((run.state, run.phase), ("running", "score"))
        now = self._rows(env, company)
        done = [row for row in rows if row[0] <= run.last_partner_id]
        self.assertTrue(0 < len(done) < len(rows))
        self.assertEqual(now[:len(done)], done)
        self.assertEqual({row[1] for row in now[len(done):]}, {"-1"})
        env["customer.value.run"]._cron_work()
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertEqual(self._rows(env, company), rows)

    def _rows(self, env, company):
        env.cr.execute(
            "SELECT partner_id, value_index::text, revenue_total::text, rfm_segment"
            "  FROM customer_value WHERE company_id = %s ORDER BY 1", [company.id],
        )
        return env.cr.fetchall()

    def _tidy(self, order_id, customer_id):
        env = self._real_env()
        env["ir.config_parameter"].search([("key", "=", PARAMETER)]).unlink()
        order = env["sale.order"].browse(order_id)
        order.write({"state": "cancel"})
        order.unlink()
        env["customer.value"].search([("partner_id", "=", customer_id)]).unlink()
        env["res.partner"].browse(customer_id).unlink()
        env["customer.value.mark"].search([]).unlink()
        env.cr.commit()
