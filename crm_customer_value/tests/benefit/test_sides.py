from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from .sides_case import SidesCase


@tagged("post_install", "-at_install")
class TestTheirSide(SidesCase):
    """The customer's side on the form of a contact and of a value, loaded when its tab opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row = cls._row(
            cls.customer, value_to_us=70.0, benefit_index=61.5, emotional_score=80.0, value_delivered=40.0,
            benefit_gain_12m=110.0, benefit_ratio=0.5, economic_score=33.3, functional_score=60.0,
            benefit_record_count=1, document_owner="one", document_user_id=cls.own.id, last_purchase_date=cls.today,
        )
        cls.type = cls.env["customer.need.type"].create({"name": "Quiet lines", "dimension": "functional"})
        cls.contact = cls._partner("Person", parent_id=cls.customer.id)

    def _side(self, user=None, record=None):
        return self._as(user or self.own, record or self.customer).get_benefit_side()

    def _need(self, **values):
        return self.env["customer.need"].create({
            "company_id": self.company.id, "partner_id": self.contact.id, "type_id": self.type.id, **values,
        })

    def test_needs(self):
        met = self._need(state="met", importance=5, product_id=self.product.id)
        wish = self._need(importance=1, is_guess=True)
        urgent = self._need(importance=5, words="It must not hum.")
        needs = self._side()["needs"]
        self.assertEqual([need["id"] for need in needs["rows"]], [urgent.id, wish.id, met.id])
        self.assertEqual(needs["rows"][0], {
            "id": urgent.id, "name": "Quiet lines", "words": "It must not hum.", "importance": 5,
            "is_guess": False, "state": "open", "state_text": "Open", "product": False,
        })
        self.assertEqual((needs["count"], needs["rows"][2]["product"]), (3, "Thing"))

    def test_needs_without_end(self):
        for _number in range(21):
            self._need()
        needs = self._side()["needs"]
        self.assertEqual((len(needs["rows"]), needs["count"]), (20, 21))

    def test_goals(self):
        goal = self.env["customer.benefit.goal"].create({
            "company_id": self.company.id, "partner_id": self.contact.id, "metric_id": self.metric.id,
            "baseline": 20.0, "target": 2.5, "date_start": self._day(10), "date_target": self._day(-100),
        })
        [row] = self._side()["goals"]["rows"]
        expected = {
            "id": goal.id, "name": "Faults", "unit": "faults", "baseline": "20", "target": "2.5",
            "date_target": str(self._day(-100)),
        }
        self.assertEqual({name: row[name] for name in expected}, expected)

    @freeze_time("2024-03-10 12:00:00")
    def test_gain_by_month(self):
        """Ten days of February 2024 and ten of March; what happened once counts on its last day."""
        records = self.env["customer.benefit.record"]
        records.search([]).unlink()
        self._record(self.contact, 10.0, date_from=date(2024, 2, 20), date_to=date(2024, 3, 10))
        confirmed = self._record(self.contact, 10.0, date_from=date(2023, 3, 31), date_to=date(2023, 4, 1))
        confirmed.state = "confirmed"
        once = self._metric("Start", period="once")
        self._record(self.contact, 15.0, once, date_from=date(2024, 1, 15), date_to=date(2024, 2, 1))
        self._record(self.contact, 10.0, date_from=date(2024, 1, 1), date_to=date(2024, 1, 31)).state = "contested"
        months = {month["month"]: month for month in self._side()["months"]}
        self.assertEqual(len(months), 12)
        self.assertEqual([min(months), max(months)], ["2023-04-01", "2024-03-01"])
        # 10 of 29 days and 10 of 31 days of a month, at 10 faults less and 10 each; half of them in each month.
        gain = 100 * (10 / 29 + 10 / 31)
        self.assertAlmostEqual(months["2024-02-01"]["gain"], gain / 2 + 50, 2)
        self.assertAlmostEqual(months["2024-03-01"]["gain"], gain / 2, 2)
        self.assertEqual(months["2024-02-01"]["confirmed"], 0)
        # Half of it was in March 2023, which is not shown.
        self.assertAlmostEqual(months["2023-04-01"]["gain"], 100 * (1 / 31 + 1 / 30) / 2, 2)
        self.assertEqual(months["2023-04-01"]["gain"], months["2023-04-01"]["confirmed"])
        self.assertEqual(months["2024-01-01"], {"month": "2024-01-01", "gain": 0.0, "confirmed": 0.0})

    def test_empty_is_empty(self):
        stranger = self._customer("Stranger", self.own)
        side = self._side(record=stranger)
        self.assertEqual((side["needs"]["rows"], side["goals"]["rows"], side["months"]), ([], [], []))
        self.assertIs(side["numbers"], False)
        self.assertIn("Nothing was measured", side["advice_note"])
        self.assertEqual(side["rights"], {"need": True, "benefit.goal": True, "benefit.record": True})

    def test_contact_value_and_customer_show_the_same(self):
        self._need()
        side = self._side()
        self.assertEqual(side["partner_id"], self.customer.id)
        self.assertEqual(self._side(record=self.contact), side)
        self.assertEqual(self._side(record=self.row), side)

    def test_numbers(self):
        self.assertEqual(self._side()["numbers"], {
            "id": self.row.id, "benefit_index": 61.5, "value_delivered": 40.0, "emotional_score": 80.0,
            "shown_economic_score": 33.3, "shown_functional_score": 60.0, "shown_benefit_gain_12m": 110.0,
            "shown_benefit_ratio": 0.5, "benefit_record_count": 1, "benefit_confirmed_share": False,
            "amounts_visible": True,
        })

    def test_of_a_colleagues_customer(self):
        """The index is told, and what would tell the revenue is not; needs and records are not theirs to read."""
        self._order(self.customer, 30, 100.0, user_id=self.own.id)
        self._need(user_id=self.own.id)
        side = self._side(self.colleague)
        numbers = side["numbers"]
        self.assertEqual(
            [numbers[name] for name in ("benefit_index", "emotional_score", "value_delivered")], [61.5, 80.0, 40.0]
        )
        for name in ("economic_score", "functional_score", "benefit_gain_12m", "benefit_ratio"):
            self.assertIs(numbers[f"shown_{name}"], False, name)
        for rows in (side["needs"]["rows"], side["goals"]["rows"], side["months"], side["advice"]):
            self.assertEqual(rows, [])

    def test_says_that_there_may_be_more(self):
        """Whoever sees a colleague's customer in part reads whom to ask; "no needs" would be wrong."""
        for user, name in ((self.own, False), (self.all, False), (self.colleague, self.own.name),
                           (self.agent, self.own.name)):
            self.assertEqual(self._side(user)["colleague"], name, user.login)
        self.customer.user_id = False
        self.assertIs(self._side(self.agent)["colleague"], False)

    def test_objections(self):
        """An objection is overcome, and not met like a need."""
        objection_type = self.env["customer.need.type"].create({"name": "Too dear", "kind": "objection"})
        answer = self.env["customer.need.answer"].create({"text": "See the gain", "type_id": objection_type.id})
        objection = self._need(type_id=objection_type.id, answer_id=answer.id, importance=2)
        other = self._need(importance=1)

        def told():
            return [(need["id"], need["state"], need["state_text"]) for need in self._side()["needs"]["rows"]]

        self.assertEqual(told(), [(objection.id, "open", "Open objection"), (other.id, "open", "Open")])
        objection.helped_said = "yes"
        self.assertEqual(told(), [(other.id, "open", "Open"), (objection.id, "overcome", "Objection overcome")])

    def test_service_sees_no_values(self):
        mine = self._need(user_id=self.agent.id)
        side = self._side(self.agent)
        self.assertEqual([need["id"] for need in side["needs"]["rows"]], [mine.id])
        self.assertIs(side["numbers"], False)
        self.assertIs(side["advice"], False)
        with self.assertRaises(AccessError):
            self._side(self.agent, self.row)

    def test_others_are_refused(self):
        for record in (self.customer, self.row):
            with self.assertRaises(AccessError):
                self._side(self.clerk, record)
        other = self._make_company("Elsewhere")
        hidden = self._customer("Hidden", company_id=other.id)
        with self.assertRaises(AccessError):
            self._side(self.own, hidden)

    # ---- the header of a contact -----------------------------------------------------------

    def test_header_has_both_sides(self):
        header = self._as(self.own, self.contact)
        self.assertEqual((header.value_to_us, header.benefit_index), (70.0, 61.5))
        with self.assertRaises(AccessError):
            self._as(self.agent, self.contact).read(["value_to_us"])
        with self.assertRaises(AccessError):
            self._as(self.agent, self.env["res.partner"]).search([("value_to_us", ">", 1)])
        self.assertEqual(
            self._as(self.own, self.env["res.partner"]).search([("value_to_us", "=", 70.0)]),
            self.customer | self.contact,
        )

    def test_header_costs_no_query(self):
        """The value of the customer is there already."""
        def queries(names):
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            before = self.env.cr.sql_log_count
            self._as(self.own, self.contact).web_read({name: {} for name in names})
            return self.env.cr.sql_log_count - before

        before = ["name", "value_index", "value_class", "last_purchase_date"]
        queries(before)
        self.assertLessEqual(queries([*before, "value_to_us", "benefit_index"]), queries(before))


@tagged("post_install", "-at_install")
class TestProductSides(SidesCase):
    """What a product brings to us, beside what its customers gain by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.product.product_tmpl_id

    def _sides(self, user=None):
        return self._as(user or self.all, self.template).get_both_sides()

    def test_nothing_yet(self):
        sides = self._sides()
        self.assertEqual(sides["sales"], {"margin": 0.0, "revenue": 0.0, "customers": 0, "all": True})
        self.assertEqual((sides["gain"]["records"], sides["gain"]["amount"]), (0, False))
        self.assertEqual(sides["needs"], {"met": 0, "open": 0})
        self.assertEqual(sides["complaints"], {"recent": 0, "open": 0})

    def test_both_sides(self):
        self._order(self.customer, 30, 500.0, cost=300.0, user_id=self.own.id)
        self._order(self._partner("Branch", parent_id=self.customer.id), 10, 100.0, cost=50.0, user_id=self.own.id)
        self._order(self._customer("Second", self.colleague), 10, 400.0, cost=100.0, user_id=self.colleague.id)
        self._order(self.customer, 400, 999.0)
        self._order(self.customer, 5, 999.0, state="draft")
        sides = self._sides()
        self.assertEqual(sides["sales"], {"margin": 550.0, "revenue": 1000.0, "customers": 2, "all": True})
        mine = self._sides(self.own)
        self.assertEqual(mine["sales"], {"margin": 250.0, "revenue": 600.0, "customers": 1, "all": False})

    def test_orders_in_another_currency(self):
        """100 euros at half a euro a dollar are 200 dollars, whatever a euro is worth today."""
        self.env["res.currency.rate"].search([("currency_id", "=", self.eur.id)]).unlink()
        self.env["res.currency.rate"].create([
            {"name": self._day(days), "currency_id": self.eur.id, "company_id": self.company.id, "rate": rate}
            for days, rate in ((100, 0.5), (20, 0.8))
        ])
        pricelist = self.env["product.pricelist"].create({
            "name": "Euro", "currency_id": self.eur.id, "company_id": self.company.id,
        })
        orders = self.env["sale.order"]
        for days in (40, 10):
            orders |= self._order(self.customer, days, 100.0, cost=40.0, pricelist_id=pricelist.id)
        self._order(self.customer, 30, 7.0, cost=3.0)
        self.assertEqual(orders.mapped("currency_rate"), [0.5, 0.8])
        sales = self._sides()["sales"]
        # 100 / 0.5 + 100 / 0.8 + 7, of which 60 / 0.5 + 60 / 0.8 + 4 is margin.
        self.assertEqual((sales["revenue"], sales["margin"], sales["customers"]), (332.0, 199.0, 1))

    def test_gain_needs_and_complaints(self):
        goal = self.env["customer.benefit.goal"].create({
            "company_id": self.company.id, "partner_id": self.customer.id, "metric_id": self.metric.id,
            "baseline": 20.0, "target": 2.0, "date_start": self._day(100), "date_target": self._day(-100),
            "product_id": self.product.id,
        })
        self._record(self.customer, 15.0, ago=1, product_id=self.product.id).state = "confirmed"
        self._record(self.customer, 17.0, ago=2, goal_id=goal.id)
        self._record(self._customer("Third", self.colleague), 18.0, ago=3, product_id=self.product.id)
        need_type = self.env["customer.need.type"].create({"name": "Quiet lines", "dimension": "functional"})
        self.env["customer.need"].create([
            {"company_id": self.company.id, "partner_id": self.customer.id, "type_id": need_type.id,
             "product_id": self.product.id, "state": state}
            for state in ("met", "partly", "open", "not_for_us")
        ])
        self.env["customer.complaint"].create({
            "company_id": self.company.id, "partner_id": self.customer.id, "name": "Hums",
            "description": "<p>It hums.</p>", "product_id": self.product.id, "user_id": self.all.id,
        })
        sides = self._sides()
        # 11 faults less, which the goal found, and 5, 3 and 2, at 10 a month each.
        self.assertEqual(
            [sides["gain"][name] for name in ("amount", "confirmed", "customers", "records")], [210.0, 50.0, 2, 4]
        )
        self.assertEqual(sides["needs"], {"met": 2, "open": 1})
        self.assertEqual(sides["complaints"], {"recent": 1, "open": 1})
        # Records of a colleague's customer are not counted for whoever may not read them.
        self.assertEqual([self._sides(self.own)["gain"][name] for name in ("amount", "records")], [190.0, 3])

    def test_rights(self):
        self.assertIs(self._sides(self.agent)["sales"], False)
        nothing = self._sides(self.clerk)
        for name in ("sales", "gain", "needs", "complaints"):
            self.assertIs(nothing[name], False, name)


@tagged("post_install", "-at_install")
class TestSidesTour(SidesCase, HttpCase):
    """A salesperson finds both sides in a real browser."""

    def test_both_sides(self):
        self._peers(range(1, 11))
        self._row(
            self.customer, value_to_us=70.0, value_index=70.0, benefit_index=20.0, last_purchase_date=self.today,
            document_owner="one", document_user_id=self.own.id, revenue_12m=100.0,
        )
        self._row(self._customer("Tour Partner", self.own), value_to_us=30.0, benefit_index=80.0)
        action = self.env.ref("crm_customer_value.customer_value_sides_action")
        self.start_tour(f"/odoo/action-{action.id}", "customer_sides_tour", login="sides_own")
        goal = self.env["customer.benefit.goal"].search([("commercial_partner_id", "=", self.customer.id)])
        self.assertEqual((goal.baseline, goal.target), (9.0, 2.0))
        settings = self.env["res.users.settings"].search([("user_id", "=", self.own.id)])
        self.assertEqual(settings.customer_sides_lines, "fixed")
