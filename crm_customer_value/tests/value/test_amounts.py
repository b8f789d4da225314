from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...models.value.customer_value import AMOUNTS, RATES
from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestAmounts(CustomerValueCase):
    """Salespeople sort, sum, group and filter by the amounts they may see, and learn nothing of the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.own = new_test_user(cls.env, "amounts_own", groups="sales_team.group_sale_salesman", **company)
        cls.all = new_test_user(cls.env, "amounts_all", groups="sales_team.group_sale_salesman_all_leads", **company)
        cls.small = cls._partner("Small", user_id=cls.own.id)
        cls.big = cls._partner("Big", user_id=cls.own.id)
        cls.nobodys = cls._partner("Nobody's")
        cls.theirs = cls._partner("Theirs", user_id=cls.all.id)
        # Mine by name, but a colleague has sold to them, too.
        cls.mixed = cls._partner("Mixed", user_id=cls.own.id)
        # Mine, with an invoice of a colleague.
        cls.billed = cls._partner("Billed", user_id=cls.own.id)
        # Of a colleague's, with nothing but imported purchases.
        cls.imported = cls._partner("Imported", user_id=cls.all.id)
        for partner, amount, user in (
            (cls.small, 100.0, cls.own), (cls.big, 700.0, cls.own), (cls.nobodys, 300.0, cls.env["res.users"]),
            (cls.theirs, 500.0, cls.all), (cls.mixed, 40.0, cls.own), (cls.mixed, 2000.0, cls.all),
            (cls.billed, 60.0, cls.own),
        ):
            order = cls._order(partner, 5, amount, cost=amount / 2)
            order.user_id = user
        cls.env["customer.purchase.history"].create({
            "company_id": cls.company.id, "partner_id": cls.imported.id, "date": cls._day(8), "amount": 900.0,
        })
        cls._invoice_of_colleague(cls.billed)
        cls._recompute()
        cls.visible = cls.small | cls.big | cls.nobodys
        cls.hidden = cls.theirs | cls.mixed | cls.billed | cls.imported

    @classmethod
    def _invoice_of_colleague(cls, partner):
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": cls._day(3),
            "currency_id": cls.usd.id, "invoice_user_id": cls.all.id,
            "invoice_line_ids": [Command.create({
                "product_id": cls.product.id, "quantity": 1, "price_unit": 25.0, "tax_ids": False,
            })],
        }).action_post()

    def _values(self, user):
        return self.env["customer.value"].with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _names(self, values):
        return values.sudo().partner_id.mapped("name")

    def test_every_amount_has_a_shown_field(self):
        """A new amount is shown, sorted, summed and searched like the others, or not at all."""
        fields = self._values(self.own).fields_get(
            attributes=("searchable", "sortable", "groupable", "aggregator", "type")
        )
        for name in AMOUNTS:
            self.assertNotIn(name, fields)
            self.assertEqual(
                {key: fields[f"shown_{name}"][key] for key in ("searchable", "sortable", "groupable", "aggregator")},
                {"searchable": True, "sortable": True, "groupable": True, "aggregator": "sum"}, name,
            )
        for name in RATES:
            self.assertNotIn(name, fields)
            self.assertEqual(
                {key: fields[f"shown_{name}"][key] for key in ("searchable", "sortable", "aggregator")},
                {"searchable": True, "sortable": True, "aggregator": "avg"}, name,
            )

    def test_margin_rate_is_shown_like_the_margin(self):
        """Half of the revenue is margin, of every order; of customers of others nothing is told, in no mean either."""
        values = self._values(self.own)
        shown = {value.partner_id.sudo().name: value.shown_margin_rate_12m for value in values.search([])}
        self.assertEqual(shown, {
            "Small": 50.0, "Big": 50.0, "Nobody's": 50.0,
            "Theirs": False, "Mixed": False, "Billed": False, "Imported": False,
        })
        self.assertEqual(values.search([("shown_margin_rate_12m", ">", 0)]).sudo().partner_id, self.visible)
        self.assertEqual(values._read_group([], [], ["shown_margin_rate_12m:avg"]), [(50.0,)])

    def test_whose_amounts_are_visible(self):
        values = self._values(self.own)
        shown = {value.partner_id.sudo().name: value.shown_revenue_12m for value in values.search([])}
        self.assertEqual(shown, {
            "Small": 100.0, "Big": 700.0, "Nobody's": 300.0,
            "Theirs": False, "Mixed": False, "Billed": False, "Imported": False,
        })
        self.assertEqual(values.search([("amounts_visible", "=", True)]).sudo().partner_id, self.visible)
        self.assertEqual(values.search([("amounts_visible", "=", False)]).sudo().partner_id, self.hidden)
        self.assertEqual(values.search([("amounts_visible", "!=", True)]).sudo().partner_id, self.hidden)
        everybody = self._values(self.all)
        self.assertEqual(len(everybody.search([("amounts_visible", "=", True)])), 7)
        self.assertFalse(everybody.search([("amounts_visible", "=", False)]))

    def test_one_rule_for_reading_and_for_sets(self):
        """The pairs that other models ask for are those whose amounts are hidden here."""
        values = self.env["customer.value"].search([("company_id", "=", self.company.id)])
        others = self._values(self.own)._customers_of_others(self.company, values.partner_id)
        self.assertEqual({customer.id for _company, customer in others}, set(self.hidden.ids))

    def test_sort(self):
        """What is hidden comes last, in an order that says nothing of it: by its number."""
        values = self._values(self.own)
        hidden = self.env["customer.value"].search([("partner_id", "in", self.hidden.ids)], order="id")
        for order, expected in (
            ("shown_revenue_12m desc, id", ["Big", "Nobody's", "Small"]),
            ("shown_revenue_12m asc, id", ["Small", "Nobody's", "Big"]),
            ("shown_revenue_12m asc nulls last, id", ["Small", "Nobody's", "Big"]),
        ):
            self.assertEqual(
                self._names(values.search([], order=order)), expected + self._names(hidden), order
            )
        first = values.search([], order="shown_revenue_12m desc nulls first, id")
        self.assertEqual(self._names(first), [*self._names(hidden), "Big", "Nobody's", "Small"])
        self.assertEqual(
            self._names(self._values(self.all).search([], order="shown_revenue_12m desc", limit=3)),
            ["Mixed", "Imported", "Big"],
        )

    def test_filter(self):
        """No comparison finds a customer by an amount that is hidden."""
        values = self._values(self.own)
        for domain, expected in (
            ([("shown_revenue_12m", ">", 200)], self.big | self.nobodys),
            ([("shown_revenue_12m", "<=", 300)], self.small | self.nobodys),
            ([("shown_revenue_12m", "=", 100)], self.small),
            ([("shown_revenue_12m", "in", [100, 500, 2040])], self.small),
            ([("shown_revenue_12m", "=", False)], self.hidden),
            ([("shown_revenue_12m", "!=", False)], self.visible),
            # Not a comparison with what is hidden: it is unknown, as for every field.
            ([("shown_revenue_12m", "!=", 500)], self.visible | self.hidden),
            (["!", ("shown_revenue_12m", ">", 200)], self.small | self.hidden),
            ([("shown_revenue_12m", ">", -1)], self.visible),
            ([("shown_margin_12m", "=", 50)], self.small),
        ):
            self.assertEqual(values.search(domain).sudo().partner_id, expected, domain)
            self.assertEqual(values.search_count(domain), len(expected), domain)

    def test_filter_round_the_corner(self):
        """Neither paths, nor followers, nor a search as superuser on somebody's behalf tell an amount."""
        partners = self.env["res.partner"].with_user(self.own).with_context(allowed_company_ids=self.company.ids)
        for amount in (499, 899, 1999):
            found = partners.search([
                ("id", "in", (self.visible | self.hidden).ids), ("customer_value_id.shown_revenue_12m", ">", amount),
            ])
            self.assertEqual(found.sudo(), self.big if amount < 700 else partners.sudo())
        lead = self.env["crm.lead"].create({"name": "Mine", "user_id": self.own.id, "company_id": self.company.id})
        leads = self.env["crm.lead"].with_user(self.own).with_context(allowed_company_ids=self.company.ids)
        domain = [("message_partner_ids.customer_value_id.shown_revenue_12m", ">", 50)]
        lead.message_subscribe(self.theirs.ids)
        self.assertFalse(leads.search(domain))
        lead.message_subscribe(self.small.ids)
        self.assertEqual(leads.search(domain).sudo(), lead)
        self.assertFalse(self._values(self.own).sudo().search([("shown_revenue_12m", "=", 500)]))

    def test_sum_and_group(self):
        values = self._values(self.own)
        aggregates = [f"shown_revenue_12m:{kind}" for kind in ("sum", "avg", "min", "max", "count", "array_agg")]
        [(*numbers, amounts)] = values._read_group([], [], aggregates)
        self.assertEqual(numbers, [1100.0, 1100 / 3, 100.0, 700.0, 3])
        self.assertEqual(sorted(filter(None, amounts)), [100.0, 300.0, 700.0])
        [(total,)] = self._values(self.all)._read_group([], [], ["shown_revenue_12m:sum"])
        self.assertEqual(total, 100 + 700 + 300 + 500 + 2040 + 60 + 900)
        groups = values._read_group([], ["shown_revenue_12m"], ["__count"])
        self.assertEqual(sorted(groups, key=str), sorted([(100.0, 1), (300.0, 1), (700.0, 1), (False, 4)], key=str))
        # A group that holds nothing but what is hidden has no sum, and no amount decides about a group.
        [(nothing,)] = values._read_group([("partner_id", "in", self.hidden.ids)], [], ["shown_revenue_12m:sum"])
        self.assertFalse(nothing)
        self.assertFalse(values._read_group(
            [("partner_id", "in", self.hidden.ids)], ["partner_id"], ["__count"],
            having=[("shown_revenue_12m:sum", ">", 0)],
        ))
        by_user = {
            group["user_id"] and group["user_id"][0]: group["shown_revenue_12m:sum"]
            for group in values.formatted_read_group([], ["user_id"], ["shown_revenue_12m:sum"])
        }
        self.assertEqual(by_user, {self.own.id: 800.0, False: 300.0, self.all.id: False})

    def test_export(self):
        values = self._values(self.own)
        self.own.group_ids |= self.env.ref("base.group_allow_export")
        rows = dict(values.search([]).export_data(["partner_id/name", "shown_revenue_12m"])["datas"])
        self.assertEqual(
            {name: amount for name, amount in rows.items() if amount != ""},
            {"Small": 100.0, "Big": 700.0, "Nobody's": 300.0},
        )

    def test_nobody_without_sales_rights(self):
        """The search asks for the rights of the model first."""
        clerk = new_test_user(
            self.env, "amounts_clerk", groups="base.group_user", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._values(clerk).search([("shown_revenue_12m", ">", 0)])

    def test_visibility_follows_the_documents_at_once(self):
        """No recompute lies between a colleague's order and the lock."""
        values = self._values(self.own)
        self.assertIn("Small", self._names(values.search([("shown_revenue_12m", ">", 0)])))
        self._order(self.small, 1, 5.0, user_id=self.all.id)
        self.assertNotIn("Small", self._names(values.search([("shown_revenue_12m", ">", 0)])))
