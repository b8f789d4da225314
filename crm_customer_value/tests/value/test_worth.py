from ast import literal_eval

from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..satisfaction_case import SatisfactionCase


@tagged("post_install", "-at_install")
class TestWorth(SatisfactionCase):
    """Classes by margin, margin rates, lifetime value, net contribution and needs, worked out by hand."""

    @classmethod
    def _import(cls, partner, day, amount, margin=None):
        return cls.env["customer.purchase.history"].create({
            "company_id": cls.company.id, "partner_id": partner.id, "date": cls._day(day), "amount": amount,
            "has_margin": margin is not None, "margin": margin or 0.0,
        })

    def _classes(self, **partners):
        return {name: self._value(partner).value_class for name, partner in partners.items()}

    def test_classes_by_margin(self):
        """Margins 70, 20, 10 of 100: A up to 80 %, B up to 95 %. Revenue says the opposite."""
        partners = {name: self._partner(name) for name in ("rich", "middle", "small", "loss", "unknown", "before")}
        for name, revenue, margin in (
            ("rich", 100.0, 70.0), ("middle", 1000.0, 20.0), ("small", 2000.0, 10.0), ("loss", 5000.0, -400.0),
        ):
            self._import(partners[name], 10, revenue, margin)
        self._import(partners["unknown"], 10, 3000.0)
        self._import(partners["before"], 500, 3000.0, 300.0)
        self._recompute()
        self.assertEqual(
            self._classes(**partners),
            # 5000, 3000 and 2000 of 11,100: before them 0, 45 % and 72 %; before 1000, 90 %; before 100, 99 %.
            {"loss": "a", "unknown": "a", "small": "a", "middle": "b", "rich": "c", "before": False},
        )
        self.policy._renew({"class_basis": "margin"})
        run = self._recompute()
        self.assertEqual((run.cut_points["class_basis"], run.warning), ("margin", ""))
        self.assertEqual(
            self._classes(**partners),
            # 70 and 20 of 100: before them 0 and 70 %; before 10, 90 %.
            {"rich": "a", "middle": "a", "small": "b", "loss": "c", "unknown": False, "before": False},
        )

    def test_classes_where_no_margin_is_known(self):
        """Revenue is taken, and the run says so."""
        customer = self._partner("Customer")
        self._import(customer, 10, 100.0)
        self.policy._renew({"class_basis": "margin"})
        run = self._recompute()
        self.assertEqual((run.cut_points["class_basis"], self._value(customer).value_class), ("revenue", "a"))
        self.assertIn("classes use revenue", run.warning)

    def test_margin_rate_and_its_trend(self):
        customer, unknown = self._partner("Customer"), self._partner("Unknown")
        self._import(customer, 400, 200.0, 80.0)
        self._import(customer, 20, 300.0, 50.0)
        self._import(unknown, 20, 300.0)
        self._recompute()
        value = self._value(customer)
        self.assertEqual((value.margin_rate_12m, value.margin_rate_previous_12m), (16.7, 40.0))
        value = self._value(unknown)
        self.assertIs(value.margin_rate_12m, False)
        self.assertIs(value.margin_rate_previous_12m, False)

    def test_lifetime_value_is_three_amounts(self):
        """History is what lies before the window; the second and third year weigh by the risk and the discount."""
        customers = [
            self._buyer(f"Customer {number}", [20 + number + 45 * step for step in range(2 + number % 12)])
            for number in range(36)
        ]
        self.policy._renew({"horizon_years": 3})
        self._recompute()
        seen = 0
        for customer in customers:
            value = self._value(customer)
            if not value.has_prediction:
                continue
            seen += 1
            share = value.probability_active_12m / 1.1
            self.assertAlmostEqual(value.lifetime_potential, value.clv_12m * (1 + share + share ** 2), delta=0.011)
            self.assertAlmostEqual(value.lifetime_history, value.margin_total - value.margin_12m, 2)
            self.assertAlmostEqual(
                value.lifetime_value, value.lifetime_history + value.margin_12m + value.lifetime_potential, 2
            )
        self.assertGreater(seen, 20)
        self.policy._renew({"horizon_years": 1})
        self._recompute()
        value = self._value(customers[5])
        self.assertEqual(value.lifetime_potential, value.clv_12m)

    def test_net_contribution(self):
        """Margin 40, less 30 of compensation that was not credited and an hour of 15; before, 40 less 50.

        Of the next customer 60 of 100 are credited, goods that cost 6 of 10: 24 of the margin of 40 goes.
        """
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.company.complaint_hour_cost = 15.0
        dear, returns, unknown = (self._partner(name) for name in ("Dear", "Returns", "Unknown"))
        for day in (20, 420):
            self._order(dear, day, 100.0, cost=60.0)
        self._order(returns, 20, 100.0, cost=60.0)
        self._import(unknown, 20, 100.0)
        self._complain(dear, days=15, compensation=30.0, handling_hours=1.0)
        self._complain(dear, days=415, compensation=50.0)
        self.product.standard_price = 6.0
        self.env["account.move"].create({
            "move_type": "out_refund", "partner_id": returns.id, "invoice_date": self._day(5),
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "quantity": 6, "price_unit": 10.0, "tax_ids": False,
            })],
        }).action_post()
        self._recompute()
        value = self._value(dear)
        self.assertEqual((value.net_contribution_12m, value.net_contribution_previous_12m), (-5.0, -10.0))
        self.assertTrue(value.costs_more)
        self.assertEqual(self._value(returns).net_contribution_12m, 16.0)
        self.assertFalse(self._value(returns).costs_more)
        self.assertIs(self._value(unknown).net_contribution_12m, False)
        found = self.env["customer.value"].search([
            ("company_id", "=", self.company.id), ("costs_more", "=", True),
        ])
        self.assertEqual(found, value)
        # The list for managers, and the favourite by the amounts that everybody may search.
        action = self.env.ref("crm_customer_value.customer_value_costs_action")
        favourite = self.env.ref("crm_customer_value.customer_value_filter_costs")
        mine = [("company_id", "=", self.company.id)]
        for domain in (action.domain, favourite.domain):
            self.assertEqual(self.env["customer.value"].search([*mine, *literal_eval(domain)]), value)
        self.assertEqual(favourite.user_ids, self.env["res.users"])
        arch = etree.fromstring(self.env["customer.value"].get_view(action.view_id.id, "list")["arch"])
        shown = {node.get("name"): node.get("optional") for node in arch.iter("field")}
        self.assertEqual((shown["cost_to_serve"], shown["net_contribution_12m"]), ("show", None))

    def test_figures_have_columns(self):
        """Computed is not shown: each of them is a column that whoever may see it can switch on."""
        arch = etree.fromstring(self.env["customer.value"].get_view(view_type="list")["arch"])
        columns = {node.get("name"): node.get("optional") for node in arch.iter("field")}
        for name in (
            "shown_net_contribution_12m", "shown_net_contribution_previous_12m", "shown_margin_rate_12m",
            "shown_margin_rate_previous_12m", "shown_cost_to_serve", "shown_lifetime_value", "need_class",
            "value_to_us",
        ):
            self.assertEqual(columns.get(name), "hide", name)

    def test_repurchase_rate(self):
        """Three bought in the window before, two of them again; who is new does not count."""
        for name, days in (("Both", (400, 20)), ("Twice", (500, 400, 30, 20)), ("Gone", (400,)), ("New", (10,))):
            partner = self._partner(name)
            for day in days:
                self._order(partner, day, 10.0)
        run = self._recompute()
        self.assertEqual((run.cut_points["buyers_before"], run.cut_points["buyers_again"]), (3, 2))
        self.assertAlmostEqual(run.repurchase_rate, 66.7, 1)
        self.assertTrue(run.has_repurchase_rate)
        empty = self._recompute(self._make_company("Nobody Bought"))
        self.assertIs(empty.repurchase_rate, False)
        self.assertFalse(empty.has_repurchase_rate)

    def test_nobody_came_back(self):
        """0 % is a number that is known, so the run shows it."""
        self._order(self._partner("Gone"), 400, 10.0)
        run = self._recompute()
        self.assertEqual((run.repurchase_rate, run.has_repurchase_rate), (0.0, True))
        arch = etree.fromstring(run.get_view(view_type="form")["arch"])
        [group] = arch.xpath("//group[field[@name='repurchase_rate']]")
        self.assertEqual(group.get("invisible"), "not has_repurchase_rate")

    def test_need_classes(self):
        partners = {name: self._partner(name) for name in ("new", "trial", "one", "sticky", "late", "frequent")}
        for name, days, amount in (
            ("new", (80,), 5.0),
            ("trial", (100,), 5.0),  # one purchase, below the median first purchase, which is 100
            ("one", (100,), 100.0),
            ("sticky", (1200, 900, 600, 300), 100.0),
            ("late", (2400, 2300, 2200, 2100), 100.0),
            ("frequent", (200, 180, 160, 140, 120, 100), 100.0),
        ):
            for day in days:
                self._order(partners[name], day, amount)
        self._recompute()
        self.assertEqual(
            {name: self._value(partner).need_class for name, partner in partners.items()},
            {"new": "new", "trial": "trial", "one": False, "sticky": "sticky", "late": False,
             "frequent": "frequent"},
        )
        self.policy._renew({"need_new_days": 150, "need_sticky_years": 4})
        self._recompute()
        self.assertEqual(self._value(partners["trial"]).need_class, "new")
        self.assertFalse(self._value(partners["sticky"]).need_class)

    def test_limits_are_rules_of_a_version(self):
        with self.assertRaises(UserError):
            self.policy.need_new_days = 30
        for name, number in (("need_new_days", 0), ("horizon_years", 11), ("need_frequent_score", 6)):
            with self.assertRaisesRegex(ValidationError, "must be between"), self.env.cr.savepoint():
                self.policy.copy({name: number})

    def test_shares_of_weights(self):
        policy = self.policy.copy()
        policy.write({"weight_ids": policy._weight_commands({"future_value": 40, "development": 20, "payment": 20})})
        self.assertEqual(
            policy.weight_shares,
            "Current value 50 = 31 %, Future value 40 = 25 %, Development 20 = 12 %, Loyalty 30 = 19 %, "
            "Payment 20 = 12 %",
        )
