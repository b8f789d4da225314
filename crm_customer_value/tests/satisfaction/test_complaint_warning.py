from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..satisfaction_case import SatisfactionCase


@tagged("post_install", "-at_install")
class TestComplaintWarning(SatisfactionCase):
    """Who sells is told of open severe complaints first: at once, of this company, and whom to ask."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        def user(login, groups):
            return new_test_user(
                cls.env, login, name=login, groups=groups, company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )

        cls.seller = user("warned_seller", "sales_team.group_sale_salesman")
        cls.agent = user("warned_agent", "crm_customer_value.group_service_own")
        cls.portal = new_test_user(cls.env, "warned_portal", groups="base.group_portal")
        cls.customer = cls._partner("Waiting", is_company=True)
        cls.contact = cls._partner("Waits", parent_id=cls.customer.id)
        cls.quiet = cls._partner("Quiet")
        cls.team = cls.env["customer.complaint.team"].create({"name": "Desk", "company_id": cls.company.id})

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def test_warned_at_once(self):
        """No recompute, no value: customers who never bought wait for answers, too."""
        order = self._order(self.contact, 0, 10.0, state="draft")
        lead = self.env["crm.lead"].create({"name": "Wish", "partner_id": self.contact.id, "type": "opportunity"})
        records = (self.customer, self.contact, order, lead)
        self.assertEqual([one.open_severe_complaints for one in records], [0, 0, 0, 0])
        self.assertFalse(order.complaint_warning)
        complaint = self._complain(self.contact, severity="critical", user_id=self.agent.id, team_id=self.team.id)
        self._complain(self.customer, severity="low")
        self.assertEqual([one.open_severe_complaints for one in records], [1, 1, 1, 1])
        self.assertEqual(self.quiet.open_severe_complaints, 0)
        text = "This customer has an open severe complaint. Talk to warned_agent before selling."
        self.assertEqual({one.complaint_warning for one in records}, {text})
        self._complain(self.customer, severity="high", user_id=False, team_id=self.team.id)
        self.assertEqual(
            order.complaint_warning,
            "This customer has 2 open severe complaints. Talk to warned_agent, Desk before selling.",
        )
        self._end(complaint)
        self.assertEqual([one.open_severe_complaints for one in records], [1, 1, 1, 1])

    def test_nobody_is_responsible(self):
        self._complain(self.customer, severity="high", user_id=False, team_id=False).write(
            {"user_id": False, "team_id": False}
        )
        self.assertIn("Nobody is responsible", self.customer.complaint_warning)

    def test_nothing_left_to_sell(self):
        """An order that is sold asks nobody to wait with selling."""
        order = self._order(self.contact, 0, 10.0, state="draft")
        complaint = self._complain(self.customer, severity="high", user_id=self.agent.id, team_id=self.team.id)
        self.assertIn("before selling", order.complaint_warning)
        order.state = "sale"
        severe = "This customer has an open severe complaint."
        self.assertEqual(order.complaint_warning, f"{severe} warned_agent can tell you more.")
        complaint.user_id = self.env.user
        self.env.invalidate_all()
        self.assertEqual(order.complaint_warning, f"{severe} You are responsible: take care of it.")

    def test_responsible_oneself(self):
        self._complain(self.customer, severity="high", user_id=self.seller.id)
        warning = self._as(self.seller, self.customer).complaint_warning
        self.assertIn("You are responsible: take care", warning)
        self.assertIn("Talk to warned_seller", self.customer.complaint_warning)

    def test_warned_while_choosing_the_customer(self):
        self._complain(self.customer, severity="high")
        with Form(self.env["sale.order"]) as form:
            self.assertFalse(form.open_severe_complaints)
            form.partner_id = self.contact
            self.assertEqual(form.open_severe_complaints, 1)
            self.assertIn("open severe complaint", form.complaint_warning)

    def test_who_may_not_read_is_told_whom_to_ask(self):
        complaint = self._complain(self.customer, severity="high", user_id=self.agent.id)
        partner = self._as(self.seller, self.customer)
        with self.assertRaises(AccessError):
            self._as(self.seller, complaint).read(["name"])
        self.assertEqual((partner.open_severe_complaints, partner.complaints_readable), (1, False))
        self.assertIn("Talk to warned_agent", partner.complaint_warning)
        action = partner.action_view_severe_complaints()
        found = self._as(self.seller, self.env["customer.complaint"]).search(action["domain"])
        self.assertFalse(found)
        complaint.user_id = self.seller
        self.env.invalidate_all()
        self.assertTrue(partner.complaints_readable)
        self.assertEqual(self._as(self.seller, found).search(action["domain"]).ids, complaint.ids)

    def test_not_for_everybody(self):
        self._complain(self.customer, severity="high", user_id=self.agent.id)
        for user in (self.portal, self.agent):
            partner = self.customer.with_user(user)
            for name in partner._customer_value_warnings:
                self.assertNotIn(name, partner.fields_get())
                with self.assertRaises(AccessError):
                    partner.read([name])
            with self.assertRaises(AccessError):
                partner.search([("open_severe_complaints", ">", 0)])
            with self.assertRaises(AccessError):
                partner.action_view_severe_complaints()
        view = self.env["res.partner"].with_user(self.agent).get_view(view_type="form")
        self.assertNotIn("complaint_warning", view["arch"])

    def test_companies_are_apart(self):
        other = self._make_company("Warned Elsewhere")
        self._complain(self.customer, severity="high", company_id=other.id)
        self.assertEqual(self.customer.open_severe_complaints, 0)
        self.assertEqual(self.customer.with_company(other).open_severe_complaints, 1)
        order = self._order(self.customer, 0, 10.0, state="draft", company=other)
        self.assertEqual(order.open_severe_complaints, 1)

    def test_search(self):
        order, silent = (self._order(one, 0, 10.0, state="draft") for one in (self.contact, self.quiet))
        for _number in range(2):
            self._complain(self.customer, severity="high")
        both = self.customer | self.contact | self.quiet
        partners, orders = self.env["res.partner"], self.env["sale.order"]
        for operator, value, loud, calm in (
            (">", 0, True, False), (">", 1, True, False), (">", 2, False, False), ("=", 0, False, True),
            ("=", 2, True, False), ("!=", 2, False, True), ("<", 2, False, True), ("in", [0, 2], True, True),
        ):
            with self.subTest(operator=operator, value=value):
                domain = [("open_severe_complaints", operator, value)]
                expected = partners.union(
                    *((self.customer, self.contact) if loud else ()), *((self.quiet,) if calm else ())
                )
                self.assertEqual(partners.search([("id", "in", both.ids), *domain]), expected.sorted())
                found = orders.search([("id", "in", (order | silent).ids), *domain])
                self.assertEqual(set(found), {*((order,) if loud else ()), *((silent,) if calm else ())})

    def test_queries_of_a_list(self):
        """A page of orders asks once, however many customers it shows."""
        customers = [self._partner(f"Customer {number}") for number in range(20)]
        orders = self.env["sale.order"].union(*(
            self._order(customer, 0, 10.0, state="draft") for customer in customers
        ))
        for customer in customers[::2]:
            self._complain(customer, severity="high", user_id=self.agent.id)
        orders = self._as(self.seller, orders.with_user(self.seller))
        orders.sudo().user_id = self.seller
        orders.mapped("partner_id.commercial_partner_id.name")
        orders.mapped("open_severe_complaints")
        orders.invalidate_recordset(["open_severe_complaints", "complaint_warning", "complaints_readable"])
        with self.assertQueryCount(1):
            self.assertEqual(sum(orders.mapped("open_severe_complaints")), 10)
        few = self._warning_queries(orders[:4])
        self.assertLessEqual(self._warning_queries(orders), few)

    def _warning_queries(self, records):
        records.env["customer.complaint"].invalidate_model()
        records.invalidate_recordset(["complaint_warning", "complaints_readable"])
        start = self.env.cr.sql_log_count
        records.mapped("complaint_warning")
        return self.env.cr.sql_log_count - start

    def test_actions_of_values(self):
        self._order(self.customer, 3, 10.0)
        mine = self._complain(self.contact)
        self._complain(self.quiet)
        self._recompute()
        action = self._value(self.customer).action_view_complaints()
        self.assertEqual(self.env["customer.complaint"].search(action["domain"]), mine)
        values = self.env["customer.value"].search([("open_complaints", ">", 0), ("company_id", "=", self.company.id)])
        self.assertEqual(values, self._value(self.customer))
