from odoo.fields import Command
from odoo.tests import tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestDevelopment(CustomerValueCase):
    """Growth with the company, potential and cost to serve, on numbers worked out by hand."""

    @classmethod
    def _orders(cls, customer, days, amount, number):
        for position in range(number):
            cls._order(customer, days + position, amount)

    def test_thin_history_is_drawn_to_the_middle(self):
        """Growth of the company is 1: 1,100 in either year. Purchases are of 100."""
        thin, thick, new = (self._partner(name) for name in ("Thin", "Thick", "New"))
        self._orders(thin, 400, 100.0, 1)
        self._orders(thin, 20, 100.0, 2)
        self._orders(thick, 400, 100.0, 10)
        self._orders(thick, 20, 100.0, 8)
        self._orders(new, 20, 100.0, 1)
        run = self._recompute()
        self.assertEqual(run.cut_points["growth"], "1.000000")
        # (200 + 2 * 100) / (100 + 2 * 100) = 1.333; 50 + 50 ln 1.333 / ln 4 = 60.38, and not 75.
        self.assertEqual(self._value(thin).development_index, 60.4)
        # (800 + 200) / (1000 + 200) = 0.8333: 50 - 50 * 0.18232 / 1.38629 = 43.42.
        self.assertEqual(self._value(thick).development_index, 43.4)
        self.assertEqual((self._value(new).has_development, self._value(new).development_index), (False, 0.0))

    def test_growing_like_the_company_is_the_middle(self):
        """Everybody spends three times as much: nobody developed more than the company did."""
        customers = [self._partner(f"Customer {number}") for number in range(3)]
        for number, customer in enumerate(customers, 1):
            self._order(customer, 400, 100.0 * number)
            self._order(customer, 20, 300.0 * number)
        self._recompute()
        for customer in customers:
            self.assertEqual(self._value(customer).development_index, 50.0)

    def test_ends_of_the_scale(self):
        """All or nothing, with so many purchases that the history is not thin."""
        gone, rising = self._partner("Gone"), self._partner("Rising")
        self._orders(gone, 400, 10.0, 60)
        self._orders(rising, 400, 0.10, 1)
        self._orders(rising, 20, 10.0, 60)
        self._recompute()
        # (0 + 20) / (600 * 0.9998 + 20) = 0.0323, a logarithm of -3.43: below the end of the scale.
        self.assertEqual(self._value(gone).development_index, 0.0)
        self.assertEqual(self._value(rising).development_index, 100.0)

    def test_company_in_its_first_year_has_no_development(self):
        customer = self._partner("First")
        self._order(customer, 20, 10.0)
        run = self._recompute()
        self.assertIsNone(run.cut_points["growth"])
        self.assertFalse(self._value(customer).has_development)

    def test_credit_notes_cost_points(self):
        """A quarter credited again takes a quarter of ten points off, and the parts still add up."""
        customer, other = self._partner("Returns"), self._partner("Keeps")
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        for one in (customer, other):
            self._order(one, 20, 200.0)
        self._recompute()
        before = self._value(customer).value_index
        self.assertEqual(self._value(other).value_index, before)
        refund = self.env["account.move"].create({
            "move_type": "out_refund",
            "partner_id": customer.id,
            "invoice_date": self._day(3),
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "price_unit": 50.0, "tax_ids": False,
            })],
        })
        refund.action_post()
        self._recompute(partners=customer)
        value = self._value(customer)
        self.assertEqual((value.cost_to_serve, value.cost_to_serve_score), (50.0, 25.0))
        self.assertEqual(value.cost_to_serve_points, -2.5)
        self.assertEqual(round(before - value.value_index, 1), 2.5)
        parts = value.explanation["parts"]
        self.assertEqual(round(sum(part["points"] for part in parts), 1), value.value_index)
        self.assertEqual(parts[-1]["key"], "cost_to_serve")
        # Without any, the line is not shown at all.
        self.assertNotIn("cost_to_serve", [part["key"] for part in self._value(other).explanation["parts"]])
        self.policy._renew(weights={"cost_to_serve": 100.0})
        refund.button_draft()
        refund.invoice_line_ids.price_unit = 500.0
        refund.action_post()
        self._recompute()
        # More than everything credited: nothing is left, and nothing below.
        self.assertEqual((self._value(customer).cost_to_serve_score, self._value(customer).value_index), (100.0, 0.0))

    def test_amount_of_cost_is_hidden_like_other_amounts(self):
        customer = self._partner("Returns")
        self._order(customer, 20, 200.0, user_id=self.env.user.id)
        self._recompute()
        salesperson = self.env["res.users"].create({
            "name": "Salesperson", "login": "development_salesperson",
            "company_id": self.company.id, "company_ids": [Command.set(self.company.ids)],
            "group_ids": [Command.set(self.env.ref("sales_team.group_sale_salesman").ids)],
        })
        value = self._value(customer).with_user(salesperson)
        self.assertFalse(value.amounts_visible)
        self.assertNotIn("cost_to_serve", value.fields_get())

    def test_matrix_by_both_scores(self):
        """Best fifth or not, now and in future."""
        customers = [self._partner(f"C{number}") for number in range(40)]
        for number, customer in enumerate(customers):
            # Old big spenders, new small ones, and everything between; enough for a model.
            for step in range(1 + number % 5):
                self._order(customer, 30 + 12 * number + 40 * step, 20.0 + 30 * (number * 7 % 11))
        self._recompute()
        values = self.env["customer.value"].search([("company_id", "=", self.company.id)])
        self.assertTrue(all(values.mapped("has_prediction")))
        for value in values:
            now, later = value.current_value_score >= 80, value.future_value_score >= 80
            expected = {(1, 1): "high", (1, 0): "mid", (0, 1): "potential", (0, 0): "low"}[now, later]
            self.assertEqual(value.value_matrix, expected)
            self.assertEqual(value.potential_class, "high" if later else "low")
        self.assertGreater(len(set(values.mapped("value_matrix"))), 1)

    def test_archived_contacts_are_no_prospects(self):
        gone = self._partner("Gone")
        self._order(gone, 3, 10.0, state="draft")
        gone.active = False
        self._recompute()
        self.assertFalse(self._value(gone))

    def test_prospects(self):
        """Open quotations and opportunities make prospects, until they are lost or the company buys."""
        quoted, wished, lead_only = (self._partner(name) for name in ("Quoted", "Wished", "Lead"))
        buyer = self._partner("Buyer")
        contact = self._partner("Contact", parent_id=wished.id)
        self._order(quoted, 3, 10.0, state="draft")
        order = self._order(buyer, 3, 10.0)
        leads = self.env["crm.lead"].create([
            {"name": "Wish", "type": "opportunity", "partner_id": contact.id, "company_id": self.company.id},
            {"name": "Lead", "type": "lead", "partner_id": lead_only.id, "company_id": self.company.id},
            {"name": "More", "type": "opportunity", "partner_id": buyer.id, "company_id": self.company.id},
        ])
        self._recompute()
        self.assertTrue(self._value(quoted) and self._value(wished))
        self.assertFalse(self._value(lead_only))
        self.assertEqual(self._value(buyer).order_count, 1)
        self.assertFalse(self._value(wished).has_prediction)
        # Prospects have no index that would pull a mean down, and no list begins with them.
        values = self.env["customer.value"]
        domain = [("company_id", "=", self.company.id)]
        ((mean,),) = values._read_group(domain, [], ["value_index:avg"])
        self.assertEqual(mean, self._value(buyer).value_index)
        self.assertEqual(values.search(domain)[0], self._value(buyer))
        marks = self.env["customer.value.mark"]
        self.env.cr.precommit.run()
        marks._take(10000)
        leads[0].action_set_lost()
        self.env.cr.precommit.run()
        self.assertIn(contact.id, set().union(*marks._take(10000).values()))
        self._recompute(partners=contact)
        self.assertFalse(self._value(wished))
        order._action_cancel()
        self._recompute(partners=buyer)
        value = self._value(buyer)
        self.assertEqual((value.order_count, value.purchase_days), (0, 0), "The opportunity is still open")
