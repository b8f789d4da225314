from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ...engine.fact import facts
from ..common import CustomerValueCase

# Columns that the database fills when a row is made, and that nobody writes later.
MADE_ONCE = {"id", "create_date", "create_uid"}


@tagged("post_install", "-at_install")
class TestReads(CustomerValueCase):
    """What the SQL of a recompute reads is in the database when it reads it, and marks when it changes."""

    # What is named by their models is read whatever the data.
    addons = frozenset(("crm_customer_value",))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._partner("Customer", is_company=True)

    def _columns_read(self):
        """Return {(table, column)} that the queries over a scope read, as PostgreSQL understands them."""
        run = self.env["customer.value.run"]._new_run(self.company)
        found = set()
        for batch in ({"after": 0, "upto": 10}, {"ids": self.customer.ids}):
            for source in ("order", "invoice"):
                scope = run._scope(**batch)._replace(source=source)
                for query in (
                    facts.documents_sql(scope), facts.prospects_sql(scope),
                    *(measure.query for measure in scope.measures(scope).values()),
                    *(SQL("SELECT 1 FROM customer_value lived WHERE %s", hold) for hold in run._holds()),
                ):
                    found |= self._columns_of(query)
        return found

    def _columns_of(self, query):
        cr = self.env.cr
        cr.execute(SQL("CREATE TEMPORARY VIEW customer_value_probe AS SELECT 1 AS one FROM (%s) probed", query))
        cr.execute(
            """SELECT DISTINCT t.relname, a.attname
                 FROM pg_rewrite r
                 JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                                 AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
                 JOIN pg_class t ON t.oid = d.refobjid
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
                WHERE r.ev_class = 'customer_value_probe'::regclass"""
        )
        found = set(cr.fetchall())
        cr.execute("DROP VIEW customer_value_probe")
        return found

    def _fields_read(self):
        """Return {model: {field}} of the columns that are read, relations of many2many fields included."""
        models = {
            self.env[name]._table: name for name in self.env.registry
            if not self.env[name]._abstract and self.env[name]._auto
        }
        links = {
            field.relation: (name, field.name)
            for name, names in self.env["customer.value.run"]._fields_read().items()
            for field in (self.env[name]._fields[one] for one in names)
            if field.type == "many2many"
        }
        read = {}
        for table, column in self._columns_read():
            if table in links:
                model, column = links[table]
            else:
                model = models[table]
            if column not in MADE_ONCE:
                read.setdefault(model, set()).add(column)
        # All of it is flushed, and only recomputes and pins write it.
        read.pop("customer.value")
        return read

    def _only_of_others(self, model):
        """Return the fields that only addons beside :attr:`addons` name: whether those are read depends on the data."""
        named = {True: set(), False: set()}
        for cls in type(self.env[model]).mro():
            names = {*vars(cls).get("_value_reads", ()), *vars(cls).get("_value_silent", ())}
            named[getattr(cls, "_module", None) in self.addons] |= names
        return named[False] - named[True]

    def test_everything_that_is_read_is_flushed(self):
        """And it marks, unless its model says why not; nothing is named that is not read."""
        flushed, read = self.env["customer.value.run"]._fields_read(), self._fields_read()
        # Only the rows that a recompute writes hold the salesperson, and only weights of industries ask for these.
        read["res.partner"] |= {"user_id", "industry_id"}
        self.assertEqual(
            {
                model: sorted(names & read.get(model, set()) | names - self._only_of_others(model))
                for model, names in flushed.items()
            },
            {model: sorted(names) for model, names in read.items()},
        )
        for model, names in flushed.items():
            self.assertLessEqual(names, set(self.env[model]._fields), model)

    def test_reasons_of_what_marks_nobody(self):
        """A field that is read marks, or there is a reason; not both."""
        runs = self.env["customer.value.run"]
        reasons = dict(runs._value_also_reads())
        sources = [name for name in runs._fields_read() if name not in reasons]
        self.assertLessEqual({"sale.order", "res.partner", "customer.complaint", "rating.rating"}, set(sources))
        for name in sources:
            model = self.env[name]
            reasons[name] = {}
            for cls in type(model).mro():
                reasons[name].update(vars(cls).get("_value_silent", {}))
            marking = model._value_fields("_value_reads", "_value_marks")
            self.assertFalse(marking & reasons[name].keys(), name)
            self.assertLessEqual(marking, set(model._fields), name)
        for name, texts in reasons.items():
            self.assertTrue(all(isinstance(text, str) and text for text in texts.values()), name)

    def test_sources_of_purchases_mark(self):
        """Also those of other addons: who buys is recomputed."""
        run, registry = self.env["customer.value.run"]._new_run(self.company), self.env.registry
        for source in ("order", "invoice"):
            scope = run._scope(ids=self.customer.ids)._replace(source=source)
            for model in scope.sources(scope):
                self.assertTrue(issubclass(registry[model], registry["customer.value.source"]), model)

    def test_recompute_sees_what_is_not_written_yet(self):
        """Each field that was not flushed, written and read in one transaction."""
        prospect = self._partner("Prospect")
        self._order(prospect, 3, 10.0, state="draft")
        self.env.flush_all()
        prospect.active = False
        self._recompute()
        self.assertFalse(self._value(prospect), "archived contacts are no prospects")

    def test_archiving_marks(self):
        self.env.cr.precommit.run()
        marks = self.env["customer.value.mark"]
        marks._take(10000)
        self.customer.action_archive()
        self.env.cr.precommit.run()
        self.assertIn(self.customer.id, set().union(*marks._take(10000).values()))

    def _queued(self):
        return self.env["customer.value.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "queued")]
        )

    def test_account_becomes_receivable(self):
        account = self.env["account.account"].create({
            "name": "Odd", "code": "ODD100", "account_type": "asset_current",
        })
        self._queued().unlink()
        account.name = "Odder"
        self.assertFalse(self._queued())
        account.write({"account_type": "asset_receivable", "reconcile": True})
        self.assertTrue(self._queued())

    def test_units(self):
        """By invoices, the cost of a line is that of its unit: 10 pieces in a pack become 12."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.policy._renew({"revenue_source": "invoice"})
        piece = self.env.ref("uom.product_uom_unit")
        pack = self.env["uom.uom"].create({"name": "Pack", "relative_factor": 10, "relative_uom_id": piece.id})
        self.product.standard_price = 2.0
        self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.customer.id, "invoice_date": self._day(3),
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "product_uom_id": pack.id, "quantity": 1, "price_unit": 50.0,
                "tax_ids": False,
            })],
        }).action_post()
        self._recompute()
        self.assertEqual(self._value(self.customer).margin_total, 30.0)
        self._queued().unlink()
        pack.name = "Package"
        self.assertFalse(self._queued())
        pack.relative_factor = 12
        self.assertTrue(self._queued())
        self._recompute()
        self.assertEqual(self._value(self.customer).margin_total, 26.0)

    def test_documents_that_are_no_numbers_are_left_out(self):
        """One order of NaN must not spoil the numbers of everybody."""
        good, odd = self._order(self.customer, 3, 100.0, cost=60.0), self._order(self.customer, 4, 50.0)
        other = self._partner("Other")
        unknown_margin = self._order(other, 5, 70.0)
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET amount_untaxed = 'NaN' WHERE id = %s", [odd.id])
        self.env.cr.execute("UPDATE sale_order SET margin = 'Infinity' WHERE id = %s", [unknown_margin.id])
        self.env.invalidate_all(flush=False)
        run = self._recompute()
        self.assertEqual(run.state, "done")
        self.assertIn(odd.name, run.warning)
        value = self._value(self.customer)
        self.assertEqual((value.order_count, value.revenue_total, value.margin_total), (1, 100.0, 40.0))
        self.assertIs(self._value(other).margin_total, False)
        self.assertEqual(self._value(other).revenue_total, 70.0)
        self.assertTrue(good)

    def test_complaints_that_are_no_numbers_are_left_out(self):
        self._order(self.customer, 3, 100.0)
        complaint = self.env["customer.complaint"].create({
            "name": "Broken", "description": "It is broken.", "company_id": self.company.id,
            "partner_id": self.customer.id, "compensation": 5.0, "handling_hours": 1.0,
        })
        self.company.complaint_hour_cost = 10.0
        self.env.flush_all()
        # As before the database refused it.
        for column in ("compensation", "handling_hours"):
            self.env.cr.execute(
                f"ALTER TABLE customer_complaint DROP CONSTRAINT customer_complaint_{column}_number"
            )
            self.env.cr.execute(f"UPDATE customer_complaint SET {column} = 'NaN' WHERE id = %s", [complaint.id])
        self.env.invalidate_all(flush=False)
        self._recompute()
        self.assertEqual(self._value(self.customer).cost_to_serve, 0.0)

    def test_holders(self):
        """Every model that shows a value shows the new one after a recompute."""
        holders = self.env["customer.value.mixin"]._customer_value_holders()
        self.assertEqual(
            set(holders),
            {name for name in self.env.registry
             if "_customer_value_shown" in dir(self.env.registry[name]) and not self.env[name]._abstract},
        )
        self.assertLessEqual({"res.partner", "sale.order", "crm.lead", "customer.complaint"}, set(holders))
        complaint = self.env["customer.complaint"].create({
            "name": "Broken", "description": "It is broken.", "company_id": self.company.id,
            "partner_id": self.customer.id,
        })
        self._recompute()
        self.assertFalse(complaint.value_class)
        self._order(self.customer, 3, 100.0)
        self.env["customer.value.run"]._recompute(self.company)
        self.assertEqual(complaint.value_class, "a")
        self.assertEqual(complaint.last_purchase_date, self.today - timedelta(days=3))
