from odoo.tests import tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestHolders(CustomerValueCase):
    """Partners, orders and opportunities show, find, sort and group by the customer's value."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls._partner("Big", is_company=True)
        cls.contact = cls._partner("Contact of Big", parent_id=cls.big.id)
        cls.small = cls._partner("Small")
        cls.prospect = cls._partner("Prospect")
        cls.all = cls.big | cls.contact | cls.small | cls.prospect
        cls.big_order = cls._order(cls.contact, 5, 900.0)
        cls.small_order = cls._order(cls.small, 300, 20.0)
        cls.leads = cls.env["crm.lead"].create([
            {"name": partner.name, "partner_id": partner.id, "company_id": company.id}
            for partner, company in (
                (cls.contact, cls.company), (cls.small, cls.env["res.company"]),
                (cls.prospect, cls.company),
            )
        ])
        # Without a customer value at all: a lead that is no opportunity makes nobody a prospect.
        cls.leads[2].type = "lead"
        cls._recompute()

    def test_values(self):
        self.assertEqual(self.all.mapped("value_class"), ["a", "a", "c", False])
        self.assertEqual(self.contact.value_index, self._value(self.big).value_index)
        self.assertEqual(self.big_order.customer_value_id, self._value(self.big))
        self.assertEqual(self.leads.mapped("value_class"), ["a", "c", False])

    def test_search(self):
        partners = self.env["res.partner"]
        within = [("id", "in", self.all.ids)]
        self.assertEqual(partners.search([*within, ("value_class", "=", "a")]), self.big | self.contact)
        self.assertEqual(
            partners.search([*within, ("value_class", "!=", "a")]), self.small | self.prospect
        )
        self.assertEqual(
            partners.search([*within, ("value_class", "in", ["c", False])]), self.small | self.prospect
        )
        self.assertEqual(partners.search([*within, ("value_class", "=", False)]), self.prospect)
        self.assertEqual(partners.search([*within, ("customer_value_id", "=", False)]), self.prospect)
        self.assertEqual(
            partners.search([*within, ("customer_value_id", "!=", False)]),
            self.big | self.contact | self.small,
        )
        self.assertEqual(
            partners.search([*within, ("customer_value_id.order_count", ">", 0)]),
            self.big | self.contact | self.small,
        )
        self.assertEqual(
            self.env["sale.order"].search([
                ("id", "in", (self.big_order | self.small_order).ids), ("value_class", "=", "c"),
            ]),
            self.small_order,
        )
        self.assertEqual(
            self.env["crm.lead"].search([("id", "in", self.leads.ids), ("value_class", "=", "c")]),
            self.leads[1],
        )

    def test_filtered_domain_agrees_with_search(self):
        for domain in ([("value_class", "=", "a")], [("value_class", "!=", "a")],
                       [("value_index", ">", 50)], [("customer_value_id", "=", False)]):
            self.assertEqual(
                self.all.filtered_domain(domain),
                self.env["res.partner"].search([("id", "in", self.all.ids), *domain]), domain,
            )

    def test_sort(self):
        ordered = self.env["res.partner"].search(
            [("id", "in", (self.big | self.small).ids)], order="value_index desc"
        )
        self.assertEqual(ordered.mapped("name"), ["Big", "Small"])
        ordered = self.env["res.partner"].search(
            [("id", "in", (self.big | self.small).ids)], order="value_index asc"
        )
        self.assertEqual(ordered.mapped("name"), ["Small", "Big"])

    def test_group(self):
        groups = self.env["res.partner"]._read_group(
            [("id", "in", self.all.ids)], ["value_class"], ["__count"], order="value_class"
        )
        self.assertEqual(dict(groups), {"a": 2, "c": 1, False: 1})
        groups = self.env["sale.order"]._read_group(
            [("id", "in", (self.big_order | self.small_order).ids)], ["value_class"], ["amount_untaxed:sum"]
        )
        self.assertEqual(dict(groups), {"a": 900.0, "c": 20.0})
        groups = self.env["crm.lead"]._read_group(
            [("id", "in", self.leads.ids)], ["rfm_segment"], ["__count"]
        )
        self.assertEqual(sum(count for _segment, count in groups), 3)

    def test_moving_a_contact_shows_at_once(self):
        """No recompute is needed for a contact to show the value of the company it moves to."""
        self.contact.parent_id = self.small
        self.assertEqual(self.contact.value_class, "c")

    def test_other_company_other_value(self):
        other = self._make_company("Second")
        self._order(self.small, 5, 500.0, company=other)
        self._recompute(other)
        here, there = (
            self.small.with_context(allowed_company_ids=[company.id]) for company in (self.company, other)
        )
        self.assertEqual((here.value_class, there.value_class), ("c", "a"))
        self.assertEqual(
            self.env["res.partner"].with_context(allowed_company_ids=[other.id]).search(
                [("id", "in", self.all.ids), ("value_class", "=", "a")]
            ),
            self.small,
        )

    def test_recompute_never_writes_partners(self):
        self._order(self.prospect, 1, 5000.0)
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin::text FROM res_partner WHERE id = ANY(%s)", [self.all.ids])
        before = self.env.cr.fetchall()
        self._recompute()
        self.env.cr.execute("SELECT xmin::text FROM res_partner WHERE id = ANY(%s)", [self.all.ids])
        self.assertEqual(before, self.env.cr.fetchall())
        self.assertTrue(self.prospect.customer_value_id)

    def test_reading_many_partners_takes_one_query(self):
        self.env.invalidate_all()
        self.all.mapped("commercial_partner_id")
        self.env["customer.value.policy"]._get_active(self.company)
        with self.assertQueryCount(2):
            self.all.mapped("value_class")

    def test_highest_index_comes_first(self):
        customer = self._partner("Buyer", is_company=True)
        prospect = self._partner("Prospect", is_company=True)
        self._order(customer, 5, 100.0)
        self._recompute()
        found = self.env["res.partner"].search(
            [("id", "in", (customer | prospect).ids)], order="value_index desc"
        )
        self.assertEqual(found.ids, [customer.id, prospect.id])
