from datetime import timedelta

from psycopg2.errors import DivisionByZero

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...engine.outlook import predictions
from ...engine.value import pipeline
from ..common import CustomerValueCase

CRON = "crm_customer_value.ir_cron_customer_value_work"


@tagged("post_install", "-at_install")
class TestRecompute(CustomerValueCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"]
        for number in range(12):
            customer = cls._partner(f"Customer {number}")
            for times in range(number % 4 + 1):
                cls._order(customer, 7 * number + 40 * times, 10.0 + 7 * number, cost=5.0)
            cls.customers |= customer

    def _work(self):
        """Let the scheduled action do what waits, as the scheduler would."""
        self._marks()
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env["customer.value"].invalidate_model()

    def _marks(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        return set(self.env["customer.value.mark"].search([]).mapped("partner_id"))

    def _clear_marks(self):
        self.env.cr.precommit.run()
        self.env["customer.value.mark"].search([]).unlink()

    def test_batch_size_does_not_matter(self):
        """Sizes 1, 7 and 10,000 give identical bytes."""
        results = []
        for size in (1, 7, 10000):
            self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", size)
            self.env.cr.execute("DELETE FROM customer_value WHERE company_id = %s", [self.company.id])
            run = self._recompute()
            self.assertEqual((run.state, run.customers, run.changed), ("done", 12, 12))
            results.append((self._rows(), run.cut_points))
        self.assertEqual(len(results[0][0]), 12)
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0], results[2])

    def test_only_changed_rows_are_written(self):
        self._recompute()
        self.assertEqual(self._recompute().changed, 0)
        before = {value.partner_id: value.write_date for value in self._value_of_all()}
        self._order(self.customers[3], 1, 0.01)
        self.env.cr.execute("UPDATE customer_value SET write_date = write_date - INTERVAL '1 day'")
        run = self._recompute(partners=self.customers)
        self.assertEqual((run.kind, run.changed), ("incremental", 1))
        changed = [v.partner_id for v in self._value_of_all() if v.write_date >= before[v.partner_id]]
        self.assertEqual(changed, [self.customers[3]])

    def _value_of_all(self):
        values = self.env["customer.value"].search([("company_id", "=", self.company.id)])
        values.invalidate_recordset()
        return values

    def test_incremental_equals_full(self):
        """The changed customers alone, or everybody by the same cut-points: the same rows."""
        self._recompute()
        self._order(self.customers[0], 3, 500.0)
        self._order(self.customers[1], 4, -5.0)
        self.customers[2].parent_id = self.customers[3]
        self._order(self._partner("Newcomer"), 2, 77.0)
        marked = self.env["res.partner"].browse(sorted(self._marks()))
        self._recompute(partners=marked)
        incremental = self._rows()
        everybody = self.env["res.partner"].search([])
        self.assertEqual(self._recompute(partners=everybody).changed, 0)
        self.assertEqual(incremental, self._rows())
        # A full run moves the cut-points and nothing else.
        self._recompute()
        sums = ["revenue_total", "order_count", "last_purchase_date"]
        full = {value.partner_id: value.read(sums)[0] for value in self._value_of_all()}
        self._recompute(partners=everybody)
        self.assertEqual(full, {value.partner_id: value.read(sums)[0] for value in self._value_of_all()})

    def test_same_cut_points_give_identical_rows_from_both(self):
        """A change that leaves the cut-points alone: incremental and full agree to the byte."""
        self._recompute()
        top = max(self.customers, key=lambda one: self._value(one).revenue_12m)
        self._order(top, self._value(top).last_purchase_date, 1.0, cost=1.0)
        run = self._recompute(partners=top)
        self.assertEqual((run.kind, run.changed), ("incremental", 1))
        incremental = self._rows()
        full = self._recompute()
        self.assertEqual(full.cut_points["monetary"], run.cut_points["monetary"])
        self.assertEqual(incremental, self._rows())

    def test_future_is_refused(self):
        with self.assertRaisesRegex(UserError, "in the future"):
            self._recompute(as_of=self.today + timedelta(days=1))

    def test_as_of_sees_no_later_facts(self):
        """Time travel: the rows of a past day do not change when facts are added after it."""
        day = self._day(30)
        self._recompute(as_of=day)
        past = self._rows()
        self._order(self.customers[0], 10, 1000.0)
        self._recompute()
        self.assertNotEqual(past, self._rows())
        self._recompute(as_of=day)
        self.assertEqual(past, self._rows())

    def test_second_recompute_leaves(self):
        """While another session holds the company, a recompute says so and changes nothing."""
        with db_connect(self.env.cr.dbname).cursor() as other:
            self.assertTrue(pipeline.try_lock(other, self.company.id))
            runs = self.env["customer.value.run"].search_count([])
            with self.assertRaisesRegex(UserError, "being recomputed at the moment"):
                self._recompute()
            self.assertEqual(self.env["customer.value.run"].search_count([]), runs)
        self.assertEqual(self._recompute().state, "done")

    # ---- what marks a customer ----

    def test_orders_mark_their_customers(self):
        self._recompute()
        self._clear_marks()
        first, second = self.customers[:2]
        order = self._order(first, 1, 10.0, state="draft")
        self.assertEqual(self._marks(), set(first.ids), "A prospect")
        self._clear_marks()
        order.action_confirm()
        self.assertEqual(self._marks(), set(first.ids))
        self._clear_marks()
        order.order_line.price_unit = 20.0
        self.assertEqual(self._marks(), set(first.ids))
        self._clear_marks()
        order.partner_id = second
        self.assertEqual(self._marks(), {first.id, second.id})
        self._clear_marks()
        order._action_cancel()
        self.assertEqual(self._marks(), set(second.ids))
        self._clear_marks()
        order.unlink()
        self.assertFalse(self._marks())

    def test_hierarchy_marks_both_sides(self):
        self._recompute()
        self._clear_marks()
        contact, old, new = self.customers[:3]
        contact.parent_id = old
        self.assertEqual(self._marks(), {contact.id, old.id})
        self._clear_marks()
        contact.parent_id = new
        self.assertEqual(self._marks(), {contact.id, old.id, new.id})
        self._recompute(partners=self.env["res.partner"].browse(self._marks()))
        self.assertFalse(self._value(contact))
        self.assertEqual(
            self._value(new).order_count,
            len(self.env["sale.order"].search([("partner_id", "in", (contact | new).ids)])),
        )

    def test_invoices_and_payments_mark_their_customers(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        customer = self.customers[0]
        self._clear_marks()
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": customer.id, "invoice_date": self._day(9),
            "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 10.0, "tax_ids": False})],
        })
        self.assertFalse(self._marks())
        invoice.action_post()
        self.assertEqual(self._marks(), set(customer.ids))
        self._clear_marks()
        invoice.line_ids.filtered("date_maturity").date_maturity = self._day(2)
        self.assertEqual(self._marks(), set(customer.ids))
        self._clear_marks()
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertEqual(self._marks(), set(customer.ids))
        self._clear_marks()
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self._marks(), set(customer.ids))
        self._clear_marks()
        invoice.button_draft()
        self.assertEqual(self._marks(), set(customer.ids))

    def test_scheduled_action_puts_changed_customers_right(self):
        """Cancel, delete, merge: after the scheduled action the numbers are those of a full run."""
        self._recompute()
        cancelled, deleted, kept, merged = self.customers[:4]
        self.env["sale.order"].search([("partner_id", "=", cancelled.id)])._action_cancel()
        orders = self.env["sale.order"].search([("partner_id", "=", deleted.id)])
        orders[0]._action_cancel()
        orders[0].unlink()
        expected = self._value(kept).order_count + self._value(merged).order_count
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (kept | merged).ids, kept, extra_checks=False
        )
        self.assertTrue(self._marks())
        self._work()
        self.assertFalse(self._marks())
        self.assertFalse(self._value(cancelled))
        self.assertEqual(self._value(kept).order_count, expected)
        self.assertFalse(merged.exists())
        incremental = self._rows()
        self._recompute(partners=self.env["res.partner"].search([]))
        self.assertEqual(incremental, self._rows())

    def test_merges_mark_everybody_concerned(self):
        """Persons, and contacts of two companies: what moves by SQL is recomputed on both sides."""
        self._recompute()
        first, second, company_1, company_2 = self.customers[4:8]
        contact_1, contact_2 = (
            self._partner("Same person", parent_id=company.id) for company in (company_1, company_2)
        )
        self._order(contact_1, 2, 70.0)
        self._order(contact_2, 2, 80.0)
        self._recompute()
        self._clear_marks()
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        both = self._value(first).order_count + self._value(second).order_count
        merge._merge((first | second).ids, first, extra_checks=False)
        merge._merge((contact_1 | contact_2).ids, contact_2, extra_checks=False)
        self.assertLessEqual(set((first | company_1 | company_2).ids), self._marks())
        moved = self._value(company_2).revenue_total + 70
        self._work()
        self.assertEqual(self._value(first).order_count, both)
        self.assertEqual(self._value(company_2).revenue_total, moved)
        rows = self._rows()
        self.assertEqual(self._recompute(partners=self.env["res.partner"].search([])).changed, 0)
        self.assertEqual(rows, self._rows())

    def test_one_company_does_not_keep_others_waiting(self):
        """Two companies have changed customers; one of them fails: the other is right at once."""
        other = self._make_company("Healthy")
        customer = self._partner("Of both")
        self._order(customer, 9, 5.0)
        self._order(customer, 9, 5.0, company=other)
        self._recompute(self.company | other)
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        self._clear_marks()
        self._order(customer, 1, 50.0)
        self._order(customer, 1, 50.0, company=other)
        write_values, broken = pipeline.write_values, self.company.id

        def choosy(cr, scope, *args, **kwargs):
            if scope.company_id == broken:
                raise ValueError("only here")
            return write_values(cr, scope, *args, **kwargs)

        with mute_logger("odoo.addons.crm_customer_value.models.value.customer_value_run"):
            self.patch(pipeline, "write_values", choosy)
            self._work()
        self.assertEqual(self._value(customer, other).revenue_total, 55.0)
        self.assertEqual(self._value(customer).revenue_total, 5.0)
        self.assertEqual(self._marks(), set(customer.ids))
        self.patch(pipeline, "write_values", write_values)
        self._work()
        self.assertEqual(self._value(customer).revenue_total, 55.0)
        self.assertFalse(self._marks())

    def test_company_without_customers_is_left_alone(self):
        """A change of hierarchy does not start full runs where nobody buys; a first order does."""
        idle = self._make_company("Idle")
        self._recompute(self.company | idle)
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        self._clear_marks()
        self.customers[0].parent_id = self.customers[1]
        self._work()
        queued = [("company_id", "=", idle.id), ("state", "=", "queued")]
        self.assertFalse(self.env["customer.value.run"].search(queued))
        self._order(self.customers[2], 1, 10.0, company=idle)
        self._work()
        self._work()
        self.assertEqual(self._value(self.customers[2], idle).revenue_total, 10.0)

    def test_orders_confirm_without_the_scheduled_action(self):
        self.env.ref(CRON).unlink()
        self._order(self.customers[0], 1, 10.0, state="draft").action_confirm()
        self.assertIn(self.customers[0].id, self._marks())

    def test_nonsense_batch_size_means_the_default(self):
        for size in ("0", "abc", "-5"):
            self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", size)
            self.assertEqual(self._recompute().customers, 12, size)

    def test_lines_and_due_dates_mark_their_customers(self):
        first, second = (self._order(customer, 3, 10.0) for customer in self.customers[:2])
        self._clear_marks()
        first.order_line.order_id = second
        self.assertEqual(self._marks(), set(self.customers[:2].ids))

    def test_queue(self):
        """Recompute now: one waiting run a company; the scheduled action works it off in batches."""
        self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", 3)
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        run = self.env["customer.value.run"]._enqueue(self.company)
        self.assertEqual(self.env["customer.value.run"]._enqueue(self.company), run)
        self._work()
        self.assertEqual(
            (run.state, run.customers, run.changed, run.progress, run.error),
            ("done", 12, 12, 100, False),
        )
        rows = self._rows()
        self.assertEqual(self._recompute().changed, 0)
        self.assertEqual(rows, self._rows())
        self.assertIsNone(pipeline.table_rows(self.env.cr, f"customer_value_work_{run.id}"))

    def test_interrupted_run_goes_on(self):
        """Ended after each batch in turn and called again, a run gives the rows of an unbroken one."""
        self._recompute()
        unbroken = self._rows()
        self.env.cr.execute("DELETE FROM customer_value WHERE company_id = %s", [self.company.id])
        self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", 3)
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        run = self.env["customer.value.run"]._enqueue(self.company)
        stops = 0
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            cron = env["ir.cron"]
            self.patch(type(cron), "_commit_progress", lambda *_args, **_kw: 0)
            while run.with_env(env).state in ("queued", "running"):
                env["customer.value.run"]._cron_work()
                env.invalidate_all()
                stops += 1
                self.assertLess(stops, 1000)
        self.assertGreater(stops, 3)
        self.assertEqual(unbroken, self._rows())
        self.assertEqual(run.customers, 12)

    def test_lost_working_table_is_gathered_again(self):
        """After a crash of the server unlogged tables are empty; nobody's value may be lost."""
        self._recompute()
        rows = self._rows()
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        run = self.env["customer.value.run"]._enqueue(self.company)
        run._start()
        points = run.search([("kind", "=", "full"), ("state", "=", "done")], limit=1).cut_points
        run.write({"phase": "score", "customers": 12, "cut_points": points})
        pipeline.create_table(self.env.cr, run._scope(ids=()), f"customer_value_work_{run.id}")
        self._work()
        self.assertEqual((run.state, run.removed), ("done", 0))
        self.assertEqual(rows, self._rows())

    def test_run_without_its_owners_begins_anew(self):
        """Whoever has no row in that table would be taken for a customer with documents of nobody."""
        self._recompute()
        rows = self._rows()
        run = self._queued()
        for stopped in self._stop_after(run, ("gather",)):
            stopped.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(f"customer_value_work_{run.id}_owners")))
        self.assertEqual((run.state, run.error, run.customers), ("done", False, 12))
        self.assertEqual(self._rows(), rows)
        self.assertFalse(self._tables())

    def _tables(self):
        """Return the working tables that there are, temporary ones included."""
        self.env.cr.execute(
            r"SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^customer_value_(work|trial)'"
        )
        return [name for (name,) in self.env.cr.fetchall()]

    def _queued(self):
        """Return a run of everybody that waits, and is all that waits."""
        self._clear_marks()
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        return self.env["customer.value.run"]._enqueue(self.company)

    def _stop_after(self, run, phases):
        """Yield an environment of the scheduled action, which ended after a piece, each time a phase begins."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            self.patch(type(env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 0)
            seen = set()
            for _piece in range(1000):
                if run.with_env(env).state not in ("queued", "running"):
                    break
                env["customer.value.run"]._cron_work()
                env.invalidate_all()
                phase = run.with_env(env).phase
                if phase in phases and phase not in seen:
                    seen.add(phase)
                    yield run.with_env(env)
        self.env.invalidate_all()
        self.assertEqual(seen, set(phases))

    def test_each_step_is_a_phase_that_users_can_read(self):
        run = self._recompute(as_of=self.today.replace(day=1) - timedelta(days=1))
        steps = run._steps()
        self.assertEqual(
            [step.name for step in steps],
            ["gather", "compare", "predict", "join", "score", "snapshot", "contacts", "stakes", "levels"],
        )
        phases = dict(run._fields["phase"]._description_selection(self.env))
        self.assertEqual([step.name for step in steps if step.name not in phases], [])
        self.assertEqual(sum(step.share for step in steps), 100)
        changed = self._recompute(partners=self.customers[0])
        self.assertEqual(
            [step.name for step in changed._steps()],
            ["gather", "predict", "join", "score", "contacts", "stakes", "levels"],
        )

    def test_interrupted_run_does_nothing_twice(self):
        """Whoever goes on finds what the earlier steps left: nothing is read or predicted again."""
        self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", 3)
        done = []

        def counted(module, name):
            function = getattr(module, name)

            def count(*args, **kwargs):
                done.append(name)
                return function(*args, **kwargs)

            self.patch(module, name, count)

        for module, name in ((pipeline, "gather"), (predictions, "create_keys"), (predictions, "join_keys")):
            counted(module, name)
        run = self._queued()
        phases = ("gather", "compare", "predict", "join", "score", "contacts", "stakes", "levels")
        for _stopped in self._stop_after(run, phases):
            pass
        self.assertEqual((run.state, run.customers, run.progress), ("done", 12, 100))
        # Twelve batches of three customers make one piece of gathering.
        self.env.cr.execute("SELECT CEIL(COUNT(*) / 36.0)::integer FROM res_partner")
        gathered = self.env.cr.fetchone()[0]
        self.assertEqual(done, ["gather"] * gathered + ["create_keys", "join_keys"])
        self.assertFalse(self._tables())

    def test_run_of_the_version_before_goes_on_or_begins_anew(self):
        """An update comes in the middle of a run, whatever it is doing: its tables may lack columns by now."""
        self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", 3)
        self._recompute()
        rows = self._rows()
        for phase in ("gather", "compare", "predict", "join", "score"):
            with self.subTest(phase), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(
                    "UPDATE customer_value SET value_index = -1 WHERE company_id = %s", [self.company.id]
                )
                run = self._queued()
                for stopped in self._stop_after(run, (phase,)):
                    cr, work = stopped.env.cr, f"customer_value_work_{run.id}"
                    # As a version left it that wrote nothing on its tables and had no such columns.
                    cr.execute(SQL("COMMENT ON TABLE %s IS NULL", SQL.identifier(work)))
                    cr.execute(SQL("ALTER TABLE %s DROP COLUMN revenue_total", SQL.identifier(work)))
                    if phase in ("join", "score"):
                        table = f"{work}_p" if phase == "score" else f"{work}_p_k"
                        cr.execute(SQL("ALTER TABLE %s DROP COLUMN purchases", SQL.identifier(table)))
                    if phase == "compare":
                        # That version had no name for it.
                        stopped.write({"phase": "gather", "last_partner_id": stopped._last_partner()})
                self.assertEqual((run.state, run.error, run.customers), ("done", False, 12))
                self.assertEqual(self._rows(), rows)
                self.assertFalse(self._tables())
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def test_run_in_a_step_that_is_gone_begins_anew(self):
        """The addon of a step was removed while it was done."""
        self._recompute()
        rows = self._rows()
        run = self._queued()
        for stopped in self._stop_after(run, ("score",)):
            stopped.phase = False
        self.assertEqual((run.state, run.customers), ("done", 12))
        self.assertEqual(self._rows(), rows)

    def test_another_set_of_addons_begins_anew(self):
        """What an addon adds to the tables is not there in those that were made before it came."""
        self._recompute()
        rows = self._rows()
        run = self._queued()
        for stopped in self._stop_after(run, ("score",)):
            work = SQL.identifier(f"customer_value_work_{run.id}")
            stopped.env.cr.execute(SQL("ALTER TABLE %s DROP COLUMN revenue_total", work))
            stopped.env.cr.execute("UPDATE ir_module_module SET latest_version = '19.0.99.0' WHERE name = 'sale'")
        self.assertEqual((run.state, run.error), ("done", False))
        self.assertEqual(self._rows(), rows)

    def test_failure_names_its_step_and_leaves_no_table(self):
        """A part that divides by zero, a source that fails in its second batch: by the scheduled action."""
        self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", 1)
        self._recompute()
        rows = self._rows()
        gather, calls = pipeline.gather, []

        def zero(cr, *_args, **_kwargs):
            cr.execute("SELECT 1 / 0")

        def second(*args, **kwargs):
            calls.append(args)
            if len(calls) > 1:
                raise NotImplementedError
            return gather(*args, **kwargs)

        for name, broken, error in (
            ("write_values", zero, "Scoring customers: division by zero"),
            ("gather", second, "Reading purchases: NotImplementedError"),
        ):
            run, whole = self._queued(), getattr(pipeline, name)
            self.patch(pipeline, name, broken)
            with mute_logger(
                "odoo.addons.crm_customer_value.models.value.customer_value_run_process", "odoo.sql_db"
            ):
                self._work()
            self.patch(pipeline, name, whole)
            self.assertEqual((run.state, run.error.splitlines()[0]), ("failed", error))
            self.assertFalse(self._tables())
            self.assertEqual(self._rows(), rows)

    def test_failure_at_once_leaves_no_table(self):
        """Whoever catches the error, of Python or of PostgreSQL, finds no table, and may try again."""
        self._recompute()
        self._order(self.customers[0], 1, 700.0)
        write_values = pipeline.write_values

        def broken(*_args, **_kwargs):
            raise ValueError("the disk is on fire")

        self.patch(pipeline, "write_values", broken)
        for partners in (None, self.customers):
            # Not assertRaises, which would undo everything by itself.
            try:
                self._recompute(partners=partners)
            except ValueError as error:
                self.assertEqual(str(error), "the disk is on fire")
            else:
                self.fail("no error")
            self.assertEqual(self._tables(), [])
        self.patch(pipeline, "write_values", lambda cr, *_args, **_kwargs: cr.execute("SELECT 1 / 0"))
        with self.assertRaises(DivisionByZero), mute_logger("odoo.sql_db"):
            self._recompute()
        self.assertEqual(self._tables(), [])
        self.patch(pipeline, "write_values", write_values)
        self.assertGreaterEqual(self._recompute().changed, 1)

    def test_failure_is_in_the_log_and_whole_batches_stand(self):
        self._recompute()
        rows = self._rows()
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        run = self.env["customer.value.run"]._enqueue(self.company)

        def broken(*_args, **_kwargs):
            raise ValueError("the disk is on fire")

        self._clear_marks()
        self.patch(pipeline, "write_values", broken)
        with mute_logger("odoo.addons.crm_customer_value.models.value.customer_value_run_process"):
            self._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("the disk is on fire", run.error)
        self.assertEqual(rows, self._rows())
        self.assertIsNone(pipeline.table_rows(self.env.cr, f"customer_value_work_{run.id}"))

    def test_failure_of_changed_customers_keeps_their_marks(self):
        """The failure is in the log, nothing changes, and the next time puts them right."""
        self._recompute()
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        self._clear_marks()
        rows = self._rows()
        self._order(self.customers[0], 1, 1234.0)
        marks = self._marks()

        def broken(*_args, **_kwargs):
            raise ValueError("the disk is on fire")

        with mute_logger("odoo.addons.crm_customer_value.models.value.customer_value_run"):
            self.patch(pipeline, "write_values", broken)
            self._work()
        last = self.env["customer.value.run"].search([], limit=1)
        self.assertEqual((last.kind, last.state), ("incremental", "failed"))
        self.assertIn("the disk is on fire", last.error)
        self.assertEqual((self._rows(), self._marks()), (rows, marks))

    def test_nightly_queues_every_company(self):
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        self.env["customer.value.run"]._cron_nightly()
        waiting = self.env["customer.value.run"].sudo().search([("state", "=", "queued")])
        self.assertEqual(waiting.company_id, self.env["res.company"].sudo().search([]))
