from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestPurchaseFacts(CustomerValueCase):
    """The list behind "Purchases": the facts that count, as far as the user may read their documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.own = new_test_user(cls.env, "facts_own", groups="sales_team.group_sale_salesman", **company)
        cls.all = new_test_user(cls.env, "facts_all", groups="sales_team.group_sale_salesman_all_leads", **company)
        cls.customer = cls._partner("Customer", is_company=True, user_id=cls.own.id)
        cls.contact = cls._partner("Contact", parent_id=cls.customer.id)
        cls.other = cls._partner("Other")
        cls.mine = cls._order(cls.customer, 10, 100.0, cost=60.0, user_id=cls.own.id)
        cls.of_contact = cls._order(cls.contact, 400, 50.0, user_id=cls.own.id)
        cls.colleagues = cls._order(cls.customer, 20, 70.0, user_id=cls.all.id)
        cls._order(cls.customer, 5, 999.0, state="draft", user_id=cls.own.id)
        cls._order(cls.customer, 5, 999.0, state="cancel", user_id=cls.own.id)
        cls._order(cls.other, 5, 30.0, user_id=cls.own.id)
        cls.imported, cls.returned = cls.env["customer.purchase.history"].create([
            {
                "company_id": cls.company.id, "partner_id": cls.contact.id, "date": cls._day(900),
                "amount": 20.0, "reference": "OLD-1",
            },
            {
                "company_id": cls.company.id, "partner_id": cls.customer.id, "date": cls._day(890),
                "amount": -5.0, "has_margin": True, "margin": -2.0, "reference": "OLD-2",
            },
        ])
        cls._recompute()
        cls.value = cls._value(cls.customer)

    def _purchases(self, user, *domain):
        purchases = self.env["customer.value.purchase"].with_user(user)
        purchases = purchases.with_context(allowed_company_ids=self.company.ids)
        return purchases.search([("value_id", "=", self.value.id), *domain])

    def test_the_facts_that_count(self):
        rows = [
            (row.date, row.name, row.kind, row.period, row.revenue, row.margin, row.is_purchase)
            for row in self._purchases(self.all)
        ]
        self.assertEqual(rows, [
            (self._day(10), self.mine.name, "order", "current", 100.0, 40.0, True),
            (self._day(20), self.colleagues.name, "order", "current", 70.0, 70.0, True),
            (self._day(400), self.of_contact.name, "order", "previous", 50.0, 50.0, True),
            (self._day(890), "OLD-2", "import", "older", -5.0, -2.0, False),
            (self._day(900), "OLD-1", "import", "older", 20.0, False, True),
        ])

    def test_they_add_up_to_the_value(self):
        """What the list sums up is what the value says."""
        purchases = self.env["customer.value.purchase"].with_user(self.all).with_context(
            allowed_company_ids=self.company.ids
        )
        [(revenue, number)] = purchases._read_group(
            [("value_id", "=", self.value.id)], [], ["revenue:sum", "__count"]
        )
        self.assertEqual((revenue, number), (self.value.revenue_total, 5))
        sums = dict(purchases._read_group([("value_id", "=", self.value.id)], ["period"], ["revenue:sum"]))
        self.assertEqual(sums["current"], self.value.revenue_12m)
        self.assertEqual(sums["previous"], self.value.revenue_previous_12m)

    def test_button_counts_what_it_opens(self):
        for user, number in ((self.all, 4), (self.own, 3)):
            value = self.value.with_user(user).with_context(allowed_company_ids=self.company.ids)
            action = value.action_view_purchases()
            opened = value.env[action["res_model"]].search([*action["domain"], ("is_purchase", "=", True)])
            self.assertEqual((value.purchase_count, len(opened)), (number, number))
        self.assertEqual(self.value.order_count, 4)

    def test_rights_are_those_of_the_documents(self):
        self.assertEqual(
            self._purchases(self.own).mapped("name"),
            [self.mine.name, self.of_contact.name, "OLD-2", "OLD-1"],
        )
        self.customer.user_id = self.all
        self.assertEqual(
            self._purchases(self.own).mapped("name"), [self.mine.name, self.of_contact.name],
            "imported purchases are their customer's salesperson's",
        )
        [hidden] = self._purchases(self.all, ("name", "=", self.colleagues.name))
        purchases = self.env["customer.value.purchase"].with_user(self.own).with_context(
            allowed_company_ids=self.company.ids
        )
        # Neither by its number, nor by what it holds, nor in a sum.
        self.assertFalse(purchases.search([("id", "=", hidden.id)]))
        self.assertFalse(purchases.search([("revenue", "=", 70)]))
        self.assertEqual(
            purchases._read_group([("value_id", "=", self.value.id)], [], ["revenue:sum"]), [(150.0,)]
        )
        self.env.invalidate_all()
        # For them there is no such purchase.
        self.assertFalse(purchases.browse(hidden.id).read(["revenue"]))
        with self.assertRaises(AccessError):
            purchases.browse(hidden.id).action_open_document()
        clerk = new_test_user(self.env, "facts_clerk", groups="base.group_user", company_id=self.company.id,
                              company_ids=[Command.set(self.company.ids)])
        with self.assertRaises(AccessError):
            purchases.with_user(clerk).search([])

    def test_read_by_number(self):
        rows = self._purchases(self.own)
        names = rows.mapped("name")
        rows.invalidate_recordset()
        self.assertEqual([row["name"] for row in rows.read(["name"])], names)
        self.assertEqual(rows.exists(), rows)

    def test_link_to_the_document(self):
        for row, document in zip(
            self._purchases(self.all), (self.mine, self.colleagues, self.of_contact, self.returned, self.imported),
            strict=True,
        ):
            action = row.action_open_document()
            self.assertEqual((action["res_model"], action["res_id"]), (document._name, document.id))

    def test_invoices_where_the_policy_counts_them(self):
        """With invoices as the source: no orders, and a credit note that is no purchase."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)

        def post(kind, amount, ago):
            move = self.env["account.move"].create({
                "move_type": kind, "partner_id": self.contact.id, "invoice_date": self._day(ago),
                "currency_id": self.usd.id,
                "invoice_line_ids": [Command.create({
                    "product_id": self.product.id, "quantity": 1, "price_unit": amount, "tax_ids": False,
                })],
            })
            move.action_post()
            return move

        invoice, credit = post("out_invoice", 80.0, 30), post("out_refund", 10.0, 4)
        self.policy._renew({"revenue_source": "invoice"})
        self._recompute()
        rows = [(row.name, row.kind, row.revenue, row.is_purchase) for row in self._purchases(self.env.user)]
        self.assertEqual(rows, [
            (credit.name, "credit", -10.0, False),
            (invoice.name, "invoice", 80.0, True),
            ("OLD-2", "import", -5.0, False),
            ("OLD-1", "import", 20.0, True),
        ])
        self.assertEqual(self._value(self.customer).purchase_count, 2)

    def test_other_companies(self):
        """A customer of two companies has two lists."""
        other = self._make_company("Facts Other Company")
        there = self._order(self.customer, 7, 11.0, company=other)
        self._recompute(other)
        both = self.env["customer.value.purchase"].with_context(allowed_company_ids=(self.company | other).ids)
        found = both.search([("partner_id", "=", self.customer.id), ("revenue", "in", [11.0, 100.0])])
        self.assertEqual(found.mapped("name"), [there.name, self.mine.name])
        self.assertEqual(found.company_id, self.company | other)
        here = both.with_user(self.own).with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(here.search([("revenue", "=", 11.0)]))

    def test_one_customer_is_looked_up(self):
        """PostgreSQL asks for the documents of the one customer, and not for those of everybody."""
        purchases = self.env["customer.value.purchase"]
        query = purchases._search([("value_id", "=", self.value.id)])
        self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertRegex(plan, rf"customer_value holder .*\n(?:.*Cond.*\n)?.*\(id = {self.value.id}\)", plan)
        # Orders, the two kinds of credit notes that may take orders back, and imported purchases: each by the contacts
        # of the customer.
        self.assertEqual(plan.count("partner_id = ANY ($"), 4, plan)
