import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...engine.benefit import peers
from .sides_case import SidesCase


@tagged("post_install", "-at_install")
class TestAdvice(SidesCase):
    """What a customer could still gain, as others of the industry did, and nothing of any one of those."""

    def _advice(self, customer=None, user=None, company=None):
        values = self.env["customer.value"]
        if user:
            values = self._as(user, values)
        customer = (customer or self.customer).with_env(values.env)
        return values._benefit_advice((company or self.company).with_env(values.env), customer)

    def _one(self, *args, **kwargs):
        [advice], note = self._advice(*args, **kwargs)
        self.assertIs(note, False)
        return advice

    # ---- the gap ---------------------------------------------------------------------------

    def test_gap_to_the_best_quarter(self):
        """Of ten peers the best three are at 1, 2 and 3, so at 2: seven faults less, at 10 a month each."""
        self._peers(range(1, 11))
        advice = self._one()
        self.assertEqual(
            {name: advice[name] for name in ("metric_id", "state", "number", "value", "target", "gap", "money")},
            {"metric_id": self.metric.id, "state": "room", "number": 10, "value": 9.0, "target": 2.0, "gap": 7.0,
             "money": 840.0},
        )
        self.assertEqual(
            advice["sentence"],
            "Faults: the best in your industry are at 2 faults a month, you are at 9. To get there would be worth "
            "about $\xa0840 a year to you.",
        )

    def test_quarter_of_more(self):
        """Of thirteen the best four: (1 + 2 + 3 + 4) / 4."""
        self._peers(range(1, 14))
        self.assertEqual(self._one()["target"], 2.5)

    def test_mean_is_rounded(self):
        """(1.11 + 2.22 + 3.33) / 3 = 2.22, which is told as 2.2."""
        self._peers((1.11, 2.22, 3.33, *range(4, 11)))
        advice = self._one()
        self.assertEqual((advice["target"], advice["gap"]), (2.2, 6.8))
        for number, expected in (
            (0, 0.0), (2.22, 2.2), (147, 150.0), (0.01234, 0.012), (-147, -150.0), (99.6, 100.0), (1e6, 1e6),
        ):
            self.assertEqual(peers.rounded(number), expected)

    def test_higher_is_better(self):
        metric = self._metric("Uptime", direction="higher", unit="%", period="year", money_per_unit=100.0)
        self._record(self.customer, 30.0, metric)
        self._peers(range(31, 41), metric)
        [found, few], _note = self._advice()
        # The best are at 38, 39 and 40; a year is a year.
        self.assertEqual((found["target"], found["gap"], found["money"]), (39.0, 9.0, 900.0))
        self.assertIn("at 39 % a year, you are at 30", found["sentence"])
        self.assertEqual((few["state"], few["metric_id"]), ("few", self.metric.id))

    def test_once_and_without_money(self):
        once = self._metric("Start", period="once", unit="days", money_per_unit=50.0)
        silent = self._metric("Noise", unit="dB", money_per_unit=0.0)
        for metric in (once, silent):
            self._record(self.customer, 9.0, metric)
            self._peers(range(1, 11), metric)
        found, _note = self._advice()
        by_metric = {advice["metric_id"]: advice for advice in found}
        self.assertEqual(by_metric[once.id]["money"], 350.0)
        self.assertTrue(by_metric[once.id]["sentence"].endswith("would be worth about $\xa0350 to you."))
        self.assertIs(by_metric[silent.id]["money"], False)
        self.assertEqual(
            by_metric[silent.id]["sentence"], "Noise: the best in your industry are at 2 dB a month, you are at 9."
        )
        self.assertEqual([advice["metric_id"] for advice in found], [once.id, silent.id, self.metric.id])

    def test_currency(self):
        """Worth in euro, told in the company's dollars: one euro is two."""
        self.env["res.currency.rate"].create([
            {"currency_id": currency.id, "company_id": self.company.id, "name": self.month, "rate": rate}
            for currency, rate in ((self.usd, 1.0), (self.eur, 0.5))
        ])
        self.metric.currency_id = self.eur
        self._peers(range(1, 11))
        self.assertEqual(self._one()["money"], 1680.0)

    def test_among_the_best(self):
        self._peers(range(1, 11))
        best = self._measured("Good", 2.0)
        advice = self._one(best)
        self.assertEqual(advice["state"], "best")
        self.assertNotIn("target", advice)
        self.assertEqual(advice["sentence"], "Faults: with 2 faults you are among the best of your industry.")

    def test_latest_value_that_counts(self):
        """Not an earlier one, nor one that is contested, doubted, or too old."""
        found = self._peers(range(1, 11))
        self._record(self.customer, 15.0, ago=1)
        self._record(found[0], 19.0, ago=3)
        later = {"date_from": self.today.replace(day=1), "date_to": self.today.replace(day=1)}
        self._record(found[9], 0.5, **later).state = "contested"
        self.assertFalse(self._record(found[8], 30.0, **later).counts)
        self._record(self._customer("Long Ago"), 0.1, ago=peers.MONTHS)
        advice = self._one()
        self.assertEqual((advice["number"], advice["value"], advice["target"]), (10, 9.0, 2.0))

    # ---- who is a peer -----------------------------------------------------------------------

    def test_nine_peers(self):
        self._peers(range(1, 10))
        advice = self._one()
        self.assertEqual((advice["state"], advice["number"]), ("few", 9))
        self.assertNotIn("target", advice)
        self.assertEqual(
            advice["sentence"],
            "Faults: only 9 comparable customers of this industry are measured. A comparison takes 10.",
        )

    def test_no_peer_at_all(self):
        self.assertEqual((self._one()["state"], self._one()["number"]), ("few", 0))

    def test_own_family_and_others_are_no_peers(self):
        """Contacts count for their company, and other industries and companies are others."""
        self._peers(range(1, 10))
        self._record(self._partner("Branch", parent_id=self.customer.id), 1.0, self._metric("Other"))
        self._record(self._customer("Baker", industry=False), 1.0)
        other = self._make_company("Elsewhere")
        self.env.user.company_ids |= other
        self._record(self._customer("Abroad"), 1.0, company_id=other.id)
        found = {advice["metric_id"]: advice["number"] for advice in self._advice()[0]}
        self.assertEqual(found[self.metric.id], 9)

    def test_no_industry_and_no_records(self):
        self.assertEqual(self._advice(self._customer("Without", industry=False))[0], [])
        self.assertIn("Choose an industry", self._advice(self._customer("Without", industry=False))[1])
        self.assertEqual(self._advice(self._customer("New"))[0], [])
        self.assertIn("Nothing was measured", self._advice(self._customer("New"))[1])

    def test_none_with_more_than_half(self):
        """Half of the volume is not more than half; a cent above it is."""
        found = self._peers(range(1, 11))
        rows = [self._row(partner, revenue_12m=100.0) for partner in found]
        rows[4].revenue_12m = 900.0
        self.assertEqual(self._one()["state"], "room")
        rows[4].revenue_12m = 900.01
        advice = self._one()
        self.assertEqual(advice["state"], "uneven")
        self.assertNotIn("target", advice)
        # Who got more back than they bought bought nothing: 800 of 1600.
        rows[4].revenue_12m, rows[5].revenue_12m = 800.0, -100.0
        self.assertEqual(self._one()["state"], "room")
        # What a peer is worth to another company says nothing here.
        self.env["customer.value"].create({
            "company_id": self._make_company("Elsewhere").id, "partner_id": found[6].id, "revenue_12m": 90000.0,
        })
        self.assertEqual((self._one()["state"], self._one()["number"]), ("room", 10))

    # ---- nothing of one customer ---------------------------------------------------------------

    def test_no_name_and_no_figure(self):
        found = self._peers((1.13, 2.29, 3.37, 4.41, 5.53, 6.61, 7.79, 8.87, 9.93, 10.11))
        told = json.dumps(self._advice())
        for partner in found:
            self.assertNotIn(partner.name, told)
        for value in ("1.13", "2.29", "3.37", "2.263"):
            self.assertNotIn(value, told)
        self.assertEqual(
            self._one().keys(),
            {"metric_id", "state", "number", "value", "target", "gap", "money", "products", "goal_id", "sentence"},
        )

    def test_subtraction_by_own_customers(self):
        """Whatever a salesperson writes of customers of their own changes no mean of those of a colleague."""
        self._peers(range(10, 21), user=self.colleague)
        mine = self._measured("Mine", 13.0, user=self.own)
        # Of eleven hidden ones, the best are at 10, 11 and 12: that is not better than 9.
        best = self._one(user=self.own)
        self.assertEqual((best["state"], best["number"]), ("best", 11))
        self.env["customer.benefit.record"].search([("commercial_partner_id", "=", self.customer.id)]).value = 19.5
        before = self._one(user=self.own)
        self.assertEqual((before["state"], before["target"], before["number"]), ("room", 11.0, 11))
        record = self.env["customer.benefit.record"].search([("commercial_partner_id", "=", mine.id)])
        for value in (0.0, 10.0, 10.5, 11.5, 19.0):
            self._as(self.own, record).value = value
            self.assertEqual(self._one(user=self.own), before, value)
        # The same group is told for another customer of theirs, who is at 19.
        self.assertEqual(self._one(mine, user=self.own)["target"], 11.0)

    def test_subtraction_by_records_of_a_colleagues_customer(self):
        """Nor does a record that is added to a customer of a colleague, for whom the salesperson may enter none."""
        found = self._peers(range(1, 12), user=self.colleague)
        before = self._one(user=self.own)
        self.assertEqual((before["target"], before["number"]), (2.0, 11))
        values = {
            "company_id": self.company.id, "partner_id": found[0].id, "metric_id": self.metric.id,
            "date_from": self.today.replace(day=1), "date_to": self.today.replace(day=1),
            "baseline": 20.0, "value": 18.0,
        }
        with self.assertRaises(AccessError):
            self._as(self.own, self.env["customer.benefit.record"]).create(values)
        # Entered when the customer was theirs.
        self.env["customer.benefit.record"].with_user(self.own).sudo().create(values)
        self.assertEqual(self._one(user=self.own), before)

    def test_threshold_by_the_own_value(self):
        """What is told of products does not follow the customer's own value, which would find that of a peer."""
        found = self._peers(range(1, 12), user=self.colleague)
        for partner in found[1:6]:
            self._order(partner, 30, 100.0, user_id=self.colleague.id)
        record = self.env["customer.benefit.record"].search([("commercial_partner_id", "=", self.customer.id)])
        told = set()
        for value in (2.5, 4.5, 5.5, 6.5, 19.0):
            self._as(self.own, record).value = value
            advice = self._one(user=self.own)
            told.add((advice["target"], *advice["products"]))
        self.assertEqual(told, {(2.0, (self.product.id, "Thing"))})

    def test_whoever_may_read_all_compares_with_all(self):
        self._peers(range(1, 7), user=self.colleague)
        self._peers(range(7, 11), user=self.own)
        self.assertEqual(self._one(user=self.all)["target"], 2.0)
        # Six and four are too few, each by themselves.
        self.assertEqual(
            [self._one(user=self.own)[name] for name in ("state", "number")], ["few", 6]
        )

    def test_records_that_may_not_be_read(self):
        """Nothing is told of a customer whose own records the user may not read."""
        self._peers(range(1, 11))
        self.assertEqual(self._advice(user=self.colleague)[0], [])
        self.assertEqual(len(self._advice(user=self.own)[0]), 1)

    # ---- products ------------------------------------------------------------------------------

    def test_products_of_five_of_the_better_half(self):
        found = self._peers(range(1, 11))
        for partner in found[:4]:
            self._order(partner, 30, 100.0)
        # The worse half does not count, nor what is only quoted, nor an old order.
        for partner in found[5:]:
            self._order(partner, 30, 100.0)
        self._order(found[4], 30, 100.0, state="draft")
        self._order(found[4], 800, 100.0)
        self.assertEqual(self._one()["products"], [])
        self._order(self._partner("Buyer of 4", parent_id=found[4].id), 30, 100.0)
        self.assertEqual(self._one()["products"], [(self.product.id, "Thing")])
        self._order(self.customer, 30, 100.0)
        self.assertEqual(self._one()["products"], [])

    def test_products_that_can_be_bought(self):
        """The product of the metric first, then what most have; nothing that is archived or no longer sold."""
        found = self._peers(range(1, 11))
        thing, rare, named, *gone = products = self.product | self.env["product.product"].create([
            {"name": name} for name in ("Rare", "Named", "Gone", "Old", "Past", "Unsold")
        ])
        for partner in found[:5]:
            self._order(partner, 30, 100.0, order_line=[
                Command.create({"product_id": product.id, "product_uom_qty": 1, "price_unit": 10.0})
                for product in products - (rare if partner == found[4] else rare.browse())
            ])
        self.env["product.product"].concat(*gone[:3]).action_archive()
        gone[3].sale_ok = False
        self.metric.product_ids = named
        self.assertEqual(self._one()["products"], [(named.id, "Named"), (thing.id, "Thing")])

    def test_products_of_documents_that_may_be_read(self):
        """What colleagues sold to customers whose records one may write is not told: one could choose who is better."""
        found = self._peers(range(1, 11))
        for partner in found[:5]:
            self._order(partner, 30, 100.0, user_id=self.colleague.id)
        self.assertEqual(self._one(user=self.own)["products"], [])
        self.assertEqual(self._one(user=self.all)["products"], [(self.product.id, "Thing")])

    def test_own_documents_do_not_tell_those_of_colleagues(self):
        """Four orders of one's own and one of a colleague are not five."""
        found = self._peers(range(1, 12), user=self.colleague)
        for partner in found[:4]:
            self._order(partner, 30, 100.0, user_id=self.own.id)
        for partner in found[4:6]:
            self._order(partner, 30, 100.0, user_id=self.colleague.id)
        advice = self._one(user=self.own)
        self.assertEqual((advice["target"], advice["products"]), (2.0, []))

    def test_products_of_imported_purchases(self):
        found = self._peers(range(1, 11))
        self.env["customer.purchase.history"].create([
            {
                "company_id": self.company.id, "partner_id": partner.id, "date": self._day(20), "amount": 10.0,
                "line_ids": [(0, 0, {"product_id": self.product.id, "product_name": "Thing", "amount": 10.0})],
            }
            for partner in found[:5]
        ])
        self.assertEqual(self._one()["products"], [(self.product.id, "Thing")])

    # ---- make it a goal ------------------------------------------------------------------------

    def test_make_it_a_goal(self):
        found = self._peers(range(1, 11))
        for partner in found[:5]:
            self._order(partner, 30, 100.0, user_id=self.own.id)
        self.product.categ_id = self.env["product.category"].create({"name": "Phones"})
        need = self.env["customer.need"].create({
            "company_id": self.company.id, "partner_id": self.customer.id, "product_categ_id": self.product.categ_id.id,
            "type_id": self.env["customer.need.type"].create({"name": "Quiet lines", "dimension": "functional"}).id,
        })
        customer = self._as(self.own, self.customer)
        action = customer.action_new_benefit_goal(self.metric.id)
        goal = self.env["customer.benefit.goal"].browse(action["res_id"])
        self.assertEqual(action["res_model"], goal._name)
        self.assertRecordValues(goal, [{
            "company_id": self.company.id, "partner_id": self.customer.id, "metric_id": self.metric.id,
            "baseline": 9.0, "target": 2.0, "product_id": self.product.id, "need_id": need.id,
            "user_id": self.own.id,
        }])
        self.assertEqual((goal.date_target - goal.date_start).days // 365, 1)
        self.assertIn("Customers who do well use Thing.", goal.plan)
        self.assertEqual(self._one(user=self.own)["goal_id"], goal.id)

    def test_goal_of_no_advice(self):
        with self.assertRaisesRegex(UserError, "no such advice any more"):
            self._as(self.own, self.customer).action_new_benefit_goal(self.metric.id)
        action = self._as(self.own, self.customer).action_new_benefit_goal()
        self.assertEqual(action["context"]["default_partner_id"], self.customer.id)
        self.assertNotIn("res_id", action)

    def test_goal_takes_rights(self):
        self._peers(range(1, 11))
        with self.assertRaises(AccessError):
            self._as(self.agent, self.customer).action_new_benefit_goal(self.metric.id)
        with self.assertRaises(AccessError):
            self._as(self.clerk, self.customer).action_new_benefit_goal()
        with self.assertRaisesRegex(UserError, "no such advice any more"):
            self._as(self.colleague, self.customer).action_new_benefit_goal(self.metric.id)

    def test_statements(self):
        """Two for the comparison, however many metrics and peers; the rest is names."""
        self._peers(range(1, 11))
        self.env.flush_all()
        self._advice()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._advice()
        few = self.env.cr.sql_log_count - before
        for metric in (self._metric("More"), self._metric("Still More")):
            self._record(self.customer, 9.0, metric)
            self._peers(range(1, 14), metric)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._advice()
        self.assertLessEqual(self.env.cr.sql_log_count - before, few + 1)
