from odoo.tests import Form, tagged

from ..common import CustomerValueCase

# What is known of who bought, and not of a prospect.
OF_BUYERS = (
    "value_index", "days_since_purchase", "cadence_ratio", "typical_gap", "recency_score", "frequency_score",
    "monetary_score", "current_value_score", "loyalty_score", "cost_to_serve_score", "value_to_us",
    "current_value_points", "loyalty_points", "bounds_points", "value_at_risk", "shown_value_at_risk",
    "future_value_score", "probability_alive", "probability_active_12m", "churn_risk", "expected_purchases_12m",
    "clv_12m", "shown_clv_12m",
)
# What nobody in this company says anything about.
OF_NOBODY = (
    "payment_score", "satisfaction_score", "csat", "development_index",
)


@tagged("post_install", "-at_install")
class TestUnknownNumbers(CustomerValueCase):
    """What is not known is empty: in the database, in records, lists, exports, means and filters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.complaint.sla"].search([]).active = False
        cls.buyer, cls.small, cls.prospect = (cls._partner(name) for name in ("Buyer", "Small", "Prospect"))
        cls._order(cls.buyer, 3, 100.0, cost=60.0)
        cls._order(cls.buyer, 33, 100.0, cost=60.0)
        cls.small_order = cls._order(cls.small, 200, 10.0)
        cls.quotation = cls._order(cls.prospect, 3, 10.0, state="draft")
        cls.lead = cls.env["crm.lead"].create({
            "name": "Wish", "type": "opportunity", "partner_id": cls.prospect.id, "company_id": cls.company.id,
        })
        cls.complaint = cls.env["customer.complaint"].create({
            "name": "Slow", "description": "It is slow.", "partner_id": cls.prospect.id,
            "company_id": cls.company.id, "severity": "low",
        })
        cls._recompute()
        cls.values = cls.env["customer.value"].search([("company_id", "=", cls.company.id)])
        cls.of_prospect = cls._value(cls.prospect)

    def _column(self, name):
        self.env.flush_all()
        self.env.cr.execute(f"SELECT {name} FROM customer_value WHERE id = %s", [self.of_prospect.id])
        return self.env.cr.fetchone()[0]

    def _holders(self):
        """Return records of each model that shows a value: all of them, the prospect's, their domain."""
        for records, own in (
            (self.buyer | self.small | self.prospect, self.prospect),
            (self.env["sale.order"].search([("company_id", "=", self.company.id)]), self.quotation),
            (self.lead, self.lead),
            (self.complaint, self.complaint),
            (self.values, self.of_prospect),
        ):
            yield records, own, [("id", "in", records.ids)]

    def test_form_of_a_prospect(self):
        """Where nothing was bought there is no number to explain, and no points of 0.0."""
        for value, hidden in ((self.of_prospect, True), (self._value(self.buyer), False)):
            form = Form(value, "crm_customer_value.customer_value_view_form")
            self.assertIs(form._get_modifier("value_index", "invisible"), hidden)

    def test_null_in_the_database_and_false_in_records(self):
        for name in OF_BUYERS + OF_NOBODY[1:]:
            field = self.values._fields[name]
            if name == "satisfaction_score":
                continue  # the prospect complained
            with self.subTest(name):
                if field.store:
                    self.assertIsNone(self._column(name))
                self.assertIs(self.of_prospect[name], False)
                self.assertEqual(self.of_prospect.read([name])[0][name], False)
                self.assertEqual(self.of_prospect.export_data([name])["datas"], [[""]])

    def test_nobody_knows(self):
        """Of a buyer too: nothing fell due, nobody rated, there is no window before to compare with."""
        for name in OF_NOBODY:
            self.assertIs(self._value(self.buyer)[name], False, name)
        self.assertEqual(self._value(self.buyer).days_since_purchase, 3)

    def test_zero_stays_zero(self):
        value = self._value(self.small)
        self.env.cr.execute("UPDATE customer_value SET value_index = 0 WHERE id = %s", [value.id])
        self.env.invalidate_all()
        self.assertIsInstance(value.value_index, float)
        self.assertEqual(value.export_data(["value_index"])["datas"], [[0.0]])
        for records, own, domain in self._holders():
            found = records.search([*domain, ("value_index", "=", 0)])
            self.assertNotIn(own, found)
            self.assertEqual(found, records.filtered_domain([("value_index", "=", 0)]))
            if records in (self.values, self.buyer | self.small | self.prospect):
                self.assertEqual(len(found), 1)
        self.assertEqual(self.values.search_count([("id", "in", self.values.ids), ("value_index", "<=", 0)]), 1)

    def test_no_comparison_finds_the_unknown(self):
        for records, own, domain in self._holders():
            for operator, number in (("<", 50), ("<=", 100), (">=", 0), (">", -1), ("=", 0), ("in", [0, 50])):
                with self.subTest(model=records._name, operator=operator):
                    condition = [("value_index", operator, number)]
                    found = records.search([*domain, *condition])
                    self.assertNotIn(own, found)
                    self.assertEqual(found, records.filtered_domain(condition))
            for condition in (
                [("value_index", "=", False)], [("value_index", "!=", 0)], ["!", ("value_index", "<", 50)],
            ):
                with self.subTest(model=records._name, condition=condition):
                    found = records.search([*domain, *condition])
                    self.assertIn(own, found)
                    self.assertEqual(found, records.filtered_domain(condition))
            self.assertNotIn(own, records.search([*domain, ("value_index", "!=", False)]))

    def test_other_fields_in_filters(self):
        for name, number in (
            ("payment_score", 80), ("csat", 3), ("development_index", 40), ("churn_risk", 0.5), ("recency_score", 3),
            ("typical_gap", 10), ("days_since_purchase", 100), ("cadence_ratio", 2), ("margin_12m", -1),
            ("clv_12m", 10), ("value_at_risk", 10), ("loyalty_score", 10),
        ):
            with self.subTest(name):
                domain = [("id", "in", self.values.ids)]
                for operator in ("<", "<="):
                    self.assertNotIn(self.of_prospect, self.values.search([*domain, (name, operator, number)]))
                if name != "margin_12m":
                    self.assertNotIn(self.of_prospect, self.values.search([*domain, (name, "=", 0)]))
                    self.assertIn(self.of_prospect, self.values.search([*domain, (name, "=", False)]))

    def test_sorts_last(self):
        for order in ("value_index", "value_index desc", "loyalty_score desc", "typical_gap", "typical_gap desc"):
            with self.subTest(order):
                found = self.values.search([("id", "in", self.values.ids)], order=order)
                self.assertEqual(found[-1], self.of_prospect)
        for order in ("value_index", "value_index desc"):
            for records, own, domain in self._holders():
                with self.subTest(model=records._name, order=order):
                    self.assertEqual(records.search(domain, order=order)[-1], own)

    def test_counts_in_no_mean(self):
        domain = [("id", "in", self.values.ids)]
        ((mean, lowest),) = self.values._read_group(domain, [], ["value_index:avg", "value_index:min"])
        known = [self._value(self.buyer).value_index, self._value(self.small).value_index]
        self.assertAlmostEqual(mean, sum(known) / 2)
        self.assertEqual(lowest, min(known))
        ((mean,),) = self.values._read_group(domain, [], ["payment_score:avg"])
        self.assertIs(mean, False)

    def test_unknown_margin(self):
        """Revenue without a known margin has an unknown margin; no revenue has none."""
        customer = self._partner("Imported")
        self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": customer.id, "date": self._day(3), "amount": 50.0,
        })
        self._recompute()
        value = self._value(customer)
        self.assertEqual(value.revenue_12m, 50.0)
        for name in ("margin_12m", "margin_total", "shown_margin_12m"):
            self.assertIs(value[name], False, name)
        self.assertEqual(self.of_prospect.margin_12m, 0.0)
        self.assertIs(self.env["customer.purchase.history"].search([("partner_id", "=", customer.id)]).margin, False)

    def test_hidden_amounts_are_not_zero(self):
        user = self.env["res.users"].create({
            "name": "Salesperson", "login": "unknown_salesperson", "company_id": self.company.id,
            "company_ids": self.company.ids, "group_ids": self.env.ref("sales_team.group_sale_salesman").ids,
        })
        self.env["sale.order"].search([("company_id", "=", self.company.id)]).user_id = self.env.user
        value = self._value(self.buyer).with_user(user)
        self.assertFalse(value.amounts_visible)
        self.assertIs(value.shown_revenue_12m, False)

    def test_complaints(self):
        for name in ("effort_score", "handling_hours", "amount_at_stake", "shown_amount_at_stake", "hours_left"):
            with self.subTest(name):
                self.assertIs(self.complaint[name], False)
        complaints = self.env["customer.complaint"]
        domain = [("id", "=", self.complaint.id)]
        self.assertFalse(complaints.search([*domain, ("effort_score", "<", 3)]))
        self.assertFalse(complaints.search([*domain, ("handling_hours", "=", 0)]))
        self.complaint.handling_hours = 0.0
        self.assertTrue(complaints.search([*domain, ("handling_hours", "=", 0)]), "it took no time")

    def test_follows_the_chosen_customer_at_once(self):
        """On a form that is not saved yet, too."""
        form = Form(self.env["sale.order"])
        self.assertFalse(form.customer_value_id)
        form.partner_id = self.buyer
        self.assertEqual(form.customer_value_id, self._value(self.buyer))
        self.assertEqual(form.value_class, self._value(self.buyer).value_class)
        self.assertEqual(form.value_index, self._value(self.buyer).value_index)
        form.partner_id = self.prospect
        self.assertEqual(form.customer_value_id, self.of_prospect)
        self.assertIs(form.value_index, False)
        form.partner_id = self._partner("Nobody")
        self.assertFalse(form.customer_value_id)
        form.partner_id = self._partner("Contact of Buyer", parent_id=self.buyer.id)
        self.assertEqual(form.customer_value_id, self._value(self.buyer))
        self.assertEqual(form.save().customer_value_id, self._value(self.buyer))

    def test_follows_on_leads_and_complaints(self):
        form = Form(self.env["crm.lead"].with_context(default_type="opportunity"))
        form.partner_id = self.buyer
        self.assertEqual(form.value_class, "a")
        form.partner_id = self.small
        self.assertEqual(form.value_class, self._value(self.small).value_class)
        complaint = self.env["customer.complaint"].new({"company_id": self.company.id})
        self.assertFalse(complaint.value_class)
        complaint.partner_id = self.buyer
        self.assertEqual(complaint.value_class, "a")
        complaint.partner_id = False
        self.assertFalse(complaint.value_class)

    def test_follows_the_company(self):
        sister = self._make_company("Unknown Sister")
        self._order(self.buyer, 3, 10.0, company=sister)
        self._recompute(sister)
        order = self.env["sale.order"].new({"partner_id": self.buyer.id, "company_id": self.company.id})
        self.assertEqual(order.customer_value_id, self._value(self.buyer))
        order.company_id = sister
        self.assertEqual(order.customer_value_id, self._value(self.buyer, sister))

    def test_stored_order_follows_too(self):
        order = self.quotation
        self.assertEqual(order.customer_value_id, self.of_prospect)
        order.partner_id = self.buyer
        self.assertEqual(order.value_class, "a")
        contact = self._partner("Moves")
        order.partner_id = contact
        self.assertFalse(order.value_class)
        contact.parent_id = self.buyer
        self.assertEqual(order.value_class, "a", "without a new reading")
