from datetime import datetime, time

from psycopg2.errors import UndefinedColumn

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...engine.fact import measures
from ...engine.story import changes
from ...engine.value import pipeline
from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestSources(CustomerValueCase):
    """Another addon adds purchases and measures: here, opportunities that were won, and how many were lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._partner("Customer", is_company=True)
        cls.contact = cls._partner("Contact", parent_id=cls.customer.id)
        cls.other = cls._partner("Other")
        cls._order(cls.customer, 20, 100.0, cost=60.0)
        cls._order(cls.other, 30, 30.0)
        cls.won, cls.lost = cls.env["crm.lead"].create([
            {"name": name, "type": "opportunity", "partner_id": cls.contact.id, "company_id": cls.company.id,
             "expected_revenue": 50.0}
            for name in ("Won", "Lost")
        ])
        cls.won.action_set_won()
        cls.won.date_closed = datetime.combine(cls._day(10), time(12))
        cls.lost.action_set_lost()
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self._marked()

    def _query(self, scope, **columns):
        """Return the purchases of who won, each column as it is or as it is given."""
        columns = {
            "partner_id": "lead.partner_id", "document_id": "lead.id", "model": "'crm.lead'",
            "day": scope.day(SQL("lead.date_closed")),
            # Half of what was expected: a double, which sums would not be exact of.
            "revenue": "lead.expected_revenue::float8", "margin": "NULL", "credit": "FALSE", "name": "lead.name",
            "unrated": "FALSE",
        } | columns
        return SQL(
            "SELECT %s FROM crm_lead lead WHERE %s AND lead.won_status = 'won' AND %s",
            SQL(", ").join(
                SQL("%s AS %s", SQL(code) if isinstance(code, str) else code, SQL.identifier(name))
                for name, code in columns.items() if code
            ),
            scope.mine("lead"), scope.until(SQL("lead.date_closed")),
        )

    def _add_source(self, **columns):
        runs = type(self.env["customer.value.run"])
        sources = runs._purchase_sources
        self.patch(runs, "_purchase_sources", lambda run, scope: (
            sources(run, scope) | {"crm.lead": self._query(scope, **columns)}
        ))

    def _add_measure(self, name="chances", columns=None, query=None, **options):
        runs = type(self.env["customer.value.run"])
        known = runs._measures
        counted = """SELECT contact.commercial_partner_id AS partner_id, COUNT(*) AS leads_lost
                       FROM crm_lead lead JOIN res_partner contact ON contact.id = lead.partner_id
                      WHERE %s AND %s AND lead.won_status = 'lost' GROUP BY contact.commercial_partner_id"""
        self.patch(runs, "_measures", lambda run, scope: known(run, scope) | {name: measures.Measure(
            columns or {"leads_lost": "integer"},
            query or SQL(counted, scope.mine("lead"), scope.partners(SQL("contact.commercial_partner_id"))),
            **options,
        )})

    def _gathered(self, column, **batch):
        """Return {customer: what the working table has in a column}, of a run of these customers."""
        run = self.env["customer.value.run"]._new_run(self.company)
        pipeline.create_table(self.env.cr, run._scope(ids=()), "customer_value_work_test", temporary=True)
        for ids in batch.values():
            pipeline.gather(self.env.cr, run._scope(ids=ids), "customer_value_work_test")
        if not batch:
            pipeline.gather(self.env.cr, run._scope(after=0, upto=run._last_partner()), "customer_value_work_test")
        self.env.cr.execute(SQL("SELECT partner_id, %s FROM customer_value_work_test", SQL.identifier(column)))
        return dict(self.env.cr.fetchall())

    # ---- purchases -----------------------------------------------------------------------------

    def test_another_source_counts_everywhere(self):
        self._recompute()
        self.assertEqual(self._value(self.customer).revenue_total, 100.0)
        self._add_source()
        run = self._recompute()
        value = self._value(self.customer)
        self.assertEqual((value.revenue_total, value.margin_total, value.order_count), (150.0, 40.0, 2))
        self.assertEqual(value.last_purchase_date, self._day(10))
        self.assertEqual(self._value(self.other).revenue_total, 30.0)
        rows = self._rows()
        self._recompute(partners=self.customer)
        self.assertEqual(self._rows(), rows, "a few customers are computed like everybody")
        # The story, and who waits for a first recompute.
        found = changes.documents(self.env.cr, run._scope(ids=self.customer.ids), self._day(15), self.today)
        self.assertEqual([(one.name, one.revenue) for one in found], [("Won", 50.0)])
        self.assertTrue(run._has_facts(self.customer.ids))
        self.assertFalse(run._has_facts(self._partner("Nobody").ids))

    def test_another_source_in_the_list_of_purchases(self):
        self._add_source()
        self._recompute()
        purchases = self.env["customer.value.purchase"].search([("value_id", "=", self._value(self.customer).id)])
        self.assertEqual(
            [(one.name, one.kind, one.revenue, one.is_purchase) for one in purchases],
            [("Won", "other", 50.0, True), (purchases[1].name, "order", 100.0, True)],
        )
        action = purchases[0].action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", self.won.id))
        self.env.invalidate_all()
        self.assertEqual(purchases[0].name, "Won", "it is found again by its number")
        self.patch(
            type(purchases), "_document_kinds", lambda _self: {"crm.lead": ("invoice", "credit")}
        )
        self.env.invalidate_all()
        self.assertEqual(purchases.mapped("kind"), ["invoice", "other"])

    def test_what_another_source_takes_back(self):
        """A return lowers revenue and is no purchase; without a rate it is left out, and told."""
        self._add_source(revenue="-lead.expected_revenue", credit="TRUE")
        self._recompute()
        value = self._value(self.customer)
        self.assertEqual((value.revenue_total, value.order_count), (50.0, 1))
        self._add_source(unrated="TRUE")
        run = self._recompute()
        self.assertIn("Won", run.warning)
        self.assertEqual(self._value(self.customer).revenue_total, 100.0)

    def test_a_query_around_another_source(self):
        """A source may be changed: here, half of each order counts."""
        runs = type(self.env["customer.value.run"])
        sources = runs._purchase_sources
        self.patch(runs, "_purchase_sources", lambda run, scope: sources(run, scope) | {"sale.order": SQL(
            """SELECT d.partner_id, d.document_id, d.model, d.day, ROUND(d.revenue / 2, 2) AS revenue, d.margin,
                      d.credit, d.name, d.unrated FROM (%s) d""",
            sources(run, scope)["sale.order"],
        )})
        self._recompute()
        self.assertEqual([self._value(one).revenue_total for one in (self.customer, self.other)], [50.0, 15.0])

    def test_columns_of_a_source_are_taken_by_name(self):
        """Their order does not matter, nor does one too many; one that is missing is told, with the source."""
        self._add_source(credit=None, more="'more'", document_id="lead.id + 0")
        with self.assertRaisesRegex(UndefinedColumn, "source_crm_lead.credit"), mute_logger("odoo.sql_db"):
            self._recompute()

    # ---- measures ------------------------------------------------------------------------------

    def test_another_measure_is_in_the_working_table(self):
        self._add_measure()
        prospect = self._partner("Prospect")
        leads = self.env["crm.lead"].create([
            {"name": name, "type": "opportunity", "partner_id": prospect.id, "company_id": self.company.id}
            for name in ("Open", "Lost", "Lost, too")
        ])
        leads[1:].action_set_lost()
        self.env.flush_all()
        everybody = {self.customer.id: 1, self.other.id: None, prospect.id: 2}
        self.assertEqual(self._gathered("leads_lost"), everybody)
        self.assertEqual(
            self._gathered("leads_lost", one=[self.customer.id], two=[self.other.id, prospect.id]), everybody
        )
        self._recompute()
        self.assertEqual(self._value(self.customer).revenue_total, 100.0)

    def test_a_measure_of_who_bought(self):
        self._add_measure(prospects=False)
        prospect = self._partner("Prospect")
        self.env["crm.lead"].create([
            {"name": name, "type": "opportunity", "partner_id": prospect.id, "company_id": self.company.id}
            for name in ("Open", "Lost")
        ])[1].action_set_lost()
        self.env.flush_all()
        self.assertEqual(
            self._gathered("leads_lost"), {self.customer.id: 1, self.other.id: None, prospect.id: None}
        )

    def test_measures_of_one_column(self):
        self._add_measure("chances", {"amount_due": "numeric"})
        with self.assertRaisesRegex(ValueError, "'chances' has a column 'amount_due', as 'payments' has"):
            self._recompute()

    def test_a_measure_of_a_column_of_purchases(self):
        self._add_measure("chances", {"revenue_total": "numeric"})
        with self.assertRaisesRegex(ValueError, "'chances' has a column 'revenue_total', as 'purchases' has"):
            self._recompute()

    def test_a_measure_without_its_column(self):
        self._add_measure(query=SQL("SELECT id AS partner_id, 1 AS leads_won FROM res_partner"))
        with self.assertRaisesRegex(UndefinedColumn, "measure_chances.leads_lost"), mute_logger("odoo.sql_db"):
            self._recompute()

    def test_a_measure_with_names_of_the_query(self):
        """What the query itself calls its columns is nothing to a measure."""
        self._add_measure(
            columns={"same_day": "integer"},
            query=SQL("SELECT id AS partner_id, 7 AS same_day, 8 AS revenue_total FROM res_partner"),
        )
        self.assertEqual(self._gathered("same_day"), {self.customer.id: 7, self.other.id: 7})

    # ---- marks ---------------------------------------------------------------------------------

    def _marked(self):
        self.env.cr.precommit.run()
        return set().union(*self.env["customer.value.mark"]._take(10000).values())

    def test_an_addon_names_further_fields(self):
        """It names only its own: those of the classes behind it count as before."""
        order = self._order(self.other, 3, 20.0)
        self._marked()
        order.client_order_ref = "A"
        self.assertFalse(self._marked())
        self.patch(type(order), "_value_marks", frozenset(("client_order_ref",)))
        order.client_order_ref = "B"
        self.assertEqual(self._marked(), {self.other.id})
        order.date_order = datetime.combine(self._day(4), time(12))
        self.assertEqual(self._marked(), {self.other.id})
        order.note = "C"
        self.assertFalse(self._marked())

    def test_both_customers_of_a_document_that_moves(self):
        purchase = self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": self.customer.id, "date": self._day(9), "amount": 5.0,
        })
        self.assertEqual(self._marked(), {self.customer.id})
        purchase.partner_id = self.other
        self.assertEqual(self._marked(), {self.customer.id, self.other.id})
        purchase.original_currency_id = self.eur
        self.assertFalse(self._marked(), "no value depends on it")
        purchase.unlink()
        self.assertEqual(self._marked(), {self.other.id})

    def test_new_contacts_mark_nobody(self):
        contact = self._partner("New", parent_id=self.customer.id)
        self.assertFalse(self._marked())
        contact.parent_id = self.other
        self.assertEqual(self._marked(), {contact.id, self.customer.id, self.other.id})
        contact.unlink()
        self.assertFalse(self._marked())
