from odoo.tests import tagged

from ..benefit_case import BENEFIT, BenefitCase


@tagged("post_install", "-at_install")
class TestScores(BenefitCase):
    """What customers gain, in numbers worked out by hand."""

    def test_economic(self):
        """A unit less is worth 10: the gain beside what was paid, in the period or in an average one."""
        cases = {
            # name: (purchases as {days ago: amount}, measured value of 100 before, gain, ratio, score)
            "as much": ({20: 1000.0}, 0.0, 1000.0, 1.0, 50.0),
            "a tenth": ({20: 1000.0}, 90.0, 100.0, 0.1, 9.1),
            "three times": ({20: 1000.0}, -200.0, 3000.0, 3.0, 75.0),
            "nothing": ({20: 1000.0}, 100.0, 0.0, 0.0, 0.0),
            "a loss": ({20: 1000.0}, 120.0, -200.0, -0.2, 0.0),
            "less than the floor": ({20: 10.0}, 90.0, 100.0, 1.0, 50.0),
            # 4000 in 730 days are 2000 a year.
            "bought long ago": ({730: 4000.0}, 0.0, 1000.0, 0.5, 33.3),
            # 3000 in 730 days are 1500 a year, but 2000 of it in this one.
            "bought much now": ({730: 1000.0, 20: 2000.0}, 0.0, 1000.0, 0.5, 33.3),
            # First purchase less than a year ago: one year.
            "new": ({100: 500.0}, 50.0, 500.0, 1.0, 50.0),
        }
        customers = {}
        for name, (purchases, value, *_expected) in cases.items():
            customers[name] = self._partner(name)
            for days, amount in purchases.items():
                self._order(customers[name], days, amount)
            self._record(customers[name], value, is_checked=True)
        self._recompute()
        for name, (_purchases, _value, *expected) in cases.items():
            value = self._value(customers[name])
            self.assertEqual(
                [value.benefit_gain_12m, value.benefit_ratio, value.economic_score], expected, name
            )
            self.assertEqual((value.benefit_index, value.functional_score), (value.economic_score, False), name)

    def test_longer_period(self):
        """With a period of two years, what is paid is that of two years, too: 3000 in 1095 days are 2000."""
        self.policy._renew({"window_days": 730})
        customer = self._buyer("Slow", 3000.0, 1095)
        self._record(customer, 0.0, days=500)
        self.assertEqual(self._now(customer, "benefit_gain_12m", "benefit_ratio"), (1000.0, 0.5))

    def test_floor(self):
        customer = self._buyer("Tiny", 10.0)
        self._record(customer, 90.0)
        self.policy._renew({"benefit_floor": 300.0})
        self.assertEqual(self._now(customer, "benefit_ratio", "economic_score"), (0.33, 25.0))
        self.env["customer.value.policy"]._get_active(self.company)._renew({"benefit_floor": 0.01})
        self.assertEqual(self._now(customer, "benefit_ratio", "economic_score"), (10.0, 90.9))

    def test_everything_came_back(self):
        """Who bought and got all of it back is held against the least amount: 1000 of gain beside 100."""
        customer = self._buyer("Returned")
        self._order(customer, 10, -1000.0)
        self._record(customer, 0.0)
        self.assertEqual(self._now(customer, "benefit_ratio", "economic_score"), (10.0, 90.9))

    def test_nothing_is_known(self):
        """Unknown is not zero."""
        customer = self._buyer("Silent")
        self._recompute()
        value = self._value(customer)
        for name in BENEFIT[:7]:
            self.assertIs(value[name], False, name)
        self.assertIs(value.benefit_confirmed_share, False)
        self.assertEqual((value.benefit_record_count, value.benefit_aim_count, value.benefit_answer_count), (0, 0, 0))
        self.assertEqual((value.has_benefit_score, value.benefit_points, value.benefit_level), (False, 0.0, False))

    def test_what_counts(self):
        """Not what is contested, doubtful, of another company or of before. Contacts count for their company."""
        customer = self._buyer("Family", is_company=True)
        contact = self._partner("Contact", parent_id=customer.id)
        self._record(contact, 90.0)
        self._record(customer, 80.0, state="contested")
        self._record(customer, 110.0)
        self._record(customer, 70.0, days=365)
        sister = self._make_company("Benefit Sister")
        self._record(customer, 60.0, company_id=sister.id)
        self.assertEqual(self._now(customer, "benefit_gain_12m", "benefit_record_count"), (100.0, 1))

    def test_corrected_and_contested(self):
        """The sum is that of what the records say now; a contested one counts again when it is settled."""
        customer = self._buyer("Corrected")
        record = self._record(customer, 90.0)
        self.assertEqual(self._now(customer, "benefit_gain_12m"), 100.0)
        record.value = 70.0
        self.assertEqual(self._now(customer, "benefit_gain_12m"), 300.0)
        record.state = "contested"
        self.assertIs(self._now(customer, "benefit_gain_12m"), False)
        record.state = "confirmed"
        self.assertEqual(self._now(customer, "benefit_gain_12m", "benefit_confirmed_share"), (300.0, 100.0))

    def test_confirmed_share(self):
        """Of what moved, 300 and 100 of 500: what was lost counts as what was gained does."""
        customer = self._buyer("Confirms")
        self._record(customer, 70.0, state="confirmed")
        self._record(customer, 90.0)
        self._record(customer, 110.0, is_checked=True)
        self.assertEqual(self._now(customer, "benefit_gain_12m", "benefit_confirmed_share"), (300.0, 60.0))

    def test_currencies(self):
        """Worth in euros, kept in dollars at the rate of the day it ended: 100 euros are 200 dollars."""
        self.env["res.currency.rate"].create([
            {"name": self._day(days), "currency_id": self.eur.id, "rate": rate, "company_id": self.company.id}
            for days, rate in ((100, 0.5), (5, 0.25))
        ])
        euros = self._metric("Euros", period="once", money_per_unit=10.0, currency_id=self.eur.id)
        customer = self._buyer("Abroad")
        self._record(customer, 90.0, metric=euros)
        self._record(customer, 90.0)
        self.assertEqual(self._now(customer, "benefit_gain_12m"), 300.0)

    def test_metric_is_archived(self):
        """It is offered no longer; what was measured by it was measured."""
        customer = self._buyer("Loyal")
        goal = self._goal(customer)
        self._record(customer, 75.0, goal_id=goal.id)
        before = self._now(customer, *BENEFIT)
        self.metric.active = False
        self.assertEqual(self._now(customer, *BENEFIT), before)
        self.assertEqual((before[0], before[6]), (250.0, 50.0))

    def test_needs(self):
        """100 × (1 + Σ w s) / (2 + Σ w), w being a fifth of the importance."""
        cases = {
            "met": ([("met", 5)], 66.7), "partly": ([("partly", 5)], 50.0), "open": ([("open", 5)], 33.3),
            "a wish": ([("met", 1)], 54.5), "mixed": ([("met", 5), ("open", 3), ("partly", 2)], 55.0),
            "not for us": ([("not_for_us", 5)], False),
            "met beside not for us": ([("met", 5), ("not_for_us", 5)], 66.7),
        }
        customers = {name: self._buyer(name) for name in cases}
        for name, (needs, _score) in cases.items():
            for state, importance in needs:
                self._need(customers[name], state, importance)
        objecting, archived = self._buyer("Objects"), self._buyer("Archived")
        self._need(objecting, "met", type_id=self.objection_type.id)
        self._need(archived, "met").active = False
        self._recompute()
        for name, (_needs, score) in cases.items():
            value = self._value(customers[name])
            self.assertEqual((value.functional_score, value.benefit_index), (score, score), name)
        for customer in objecting | archived:
            self.assertIs(self._value(customer).functional_score, False, customer.name)
        self.assertEqual(self._value(customers["mixed"]).benefit_aim_count, 3)

    def test_goals(self):
        """Goals count with the weight of their metric, and by the latest value that nobody contests."""
        heavy = self._metric("Heavy", period="once", weight=2.0)
        useless = self._metric("Useless", period="once", weight=0.0)
        higher = self._metric("Sales", direction="higher", period="once")
        cases = {
            # name: (goal, measured as [(value, days ago)], functional score, value delivered)
            "half": ({}, [(75.0, 10)], 50.0, 50.0),
            "a third": ({"target": 40.0}, [(80.0, 10)], 44.4, 33.3),
            "reached": ({}, [(50.0, 10)], 66.7, 100.0),
            "beyond": ({}, [(10.0, 10)], 66.7, 100.0),
            "worse": ({}, [(75.0, 20), (150.0, 10)], 33.3, 0.0),
            "latest": ({}, [(50.0, 10), (75.0, 5), (100.0, 15)], 50.0, 50.0),
            "heavy": ({"metric": heavy}, [(50.0, 10)], 75.0, 100.0),
            "useless": ({"metric": useless}, [(50.0, 10)], False, False),
            "higher": ({"metric": higher, "target": 300.0}, [(150.0, 10)], 41.7, 25.0),
            "not measured": ({}, [], False, False),
            "proposed": ({"is_proposal": True}, [(50.0, 10)], False, False),
            "ended": ({"start": 800, "ended": 700}, [(50.0, 710)], 66.7, 100.0),
            "ended long ago": ({"start": 900, "ended": 740}, [(50.0, 750)], False, False),
        }
        customers = {name: self._buyer(name) for name in cases}
        for name, (values, measured, *_expected) in cases.items():
            goal = self._goal(customers[name], **values)
            for value, days in measured:
                self._record(
                    customers[name], value, days, goal_id=goal.id, metric=goal.metric_id, is_checked=True
                )
        self._recompute()
        for name, (_goal, _measured, *expected) in cases.items():
            value = self._value(customers[name])
            self.assertEqual([value.functional_score, value.value_delivered], expected, name)

    def test_goal_with_a_contested_record(self):
        customer = self._buyer("Contests")
        goal = self._goal(customer)
        self._record(customer, 75.0, 20, goal_id=goal.id)
        last = self._record(customer, 50.0, 10, goal_id=goal.id)
        self.assertEqual(self._now(customer, "value_delivered"), 100.0)
        last.state = "contested"
        self.assertEqual(self._now(customer, "value_delivered"), 50.0)
        goal.active = False
        self.assertIs(self._now(customer, "value_delivered"), False)

    def test_several_goals_and_needs(self):
        """Goals half and all the way at weights 1 and 3, a met need of 5: 5.5 / 7 = 0.7857."""
        heavy = self._metric("Heavy", period="once", weight=3.0)
        customer = self._buyer("Several")
        for metric, value in ((self.metric, 75.0), (heavy, 50.0)):
            goal = self._goal(customer, metric=metric)
            self._record(customer, value, goal_id=goal.id, metric=metric)
        self._need(customer, "met")
        self.assertEqual(
            self._now(customer, "functional_score", "value_delivered", "benefit_aim_count"), (78.6, 87.5, 3)
        )

    def test_answers(self):
        """The last answer of each contact: (100 + Σ points) / (2 + n)."""
        cases = {
            "five": ([("one", 5, 10)], 66.7), "one": ([("one", 1, 10)], 33.3), "three": ([("one", 3, 10)], 50.0),
            "last one": ([("one", 1, 10), ("one", 5, 5)], 66.7),
            "two contacts": ([("one", 1, 10), ("two", 4, 5)], 43.8),
            "first day": ([("one", 5, 364)], 66.7), "day before": ([("one", 5, 365)], False),
        }
        customers = {}
        for name, (answers, _score) in cases.items():
            customers[name] = self._buyer(name, is_company=True)
            contacts = {one: self._partner(f"{name} {one}", parent_id=customers[name].id) for one in ("one", "two")}
            for contact, rating, days in answers:
                complaint = self._complain(contacts[contact], days=400)
                self._rate(complaint, rating, days=days).partner_id = contacts[contact]
        self._recompute()
        for name, (_answers, score) in cases.items():
            value = self._value(customers[name])
            self.assertEqual((value.emotional_score, value.benefit_index), (score, score), name)

    def test_what_is_no_answer(self):
        """Not what nobody sent, nor what was said of a complaint that is archived or another company's."""
        customer = self._buyer("Asked")
        self._rate(self._complain(customer, days=30), 1, days=5).consumed = False
        archived = self._complain(customer, days=30)
        self._rate(archived, 1, days=5)
        archived.active = False
        sister = self._make_company("Benefit Sister")
        self._rate(self._complain(customer, days=30, company_id=sister.id), 1, days=5)
        self.assertIs(self._now(customer, "emotional_score"), False)
        self._rate(self._complain(customer, days=30), 5, days=5)
        self.assertEqual(self._now(customer, "emotional_score", "benefit_answer_count"), (66.7, 1))

    def test_index(self):
        """40, 40 and 20 of 50, 66.7 and 66.7: 60.0; a score that is not known is left out."""
        customer = self._buyer("All")
        self._record(customer, 0.0)
        self._need(customer, "met")
        self._rate(self._complain(customer), 5, days=5)
        self.assertEqual(
            self._now(customer, "economic_score", "functional_score", "emotional_score", "benefit_index"),
            (50.0, 66.7, 66.7, 60.0),
        )
        self.policy._renew({
            "economic_weight": 10.0, "functional_weight": 0.0, "emotional_weight": 30.0,
        })
        self.assertEqual(self._now(customer, "benefit_index", "benefit_level"), (62.5, "high"))

    def test_prospects(self):
        """Who never paid has no ratio; what can be known is known."""
        prospect = self._partner("Prospect")
        self._order(prospect, 3, 10.0, state="draft")
        self._record(prospect, 0.0)
        self._need(prospect, "met")
        self.assertEqual(
            self._now(prospect, *BENEFIT[:6], "value_index", "benefit_points", "benefit_score"),
            (1000.0, False, False, 66.7, False, 66.7, False, False, 66.7),
        )

    def test_who_buys_nothing_yet(self):
        """A need that is stated, or a goal that is agreed, makes a prospect; what is not for us, makes none."""
        stating, aiming, others = self._partner("States"), self._partner("Aims"), self._partner("Others")
        need = self._need(stating, "met")
        self._goal(aiming)
        self._need(others, "not_for_us")
        self._need(others, type_id=self.objection_type.id)
        self._goal(others, is_proposal=True)
        self._goal(others, start=200, ended=100)
        self.assertEqual(self._now(stating, "functional_score"), 66.7)
        self.assertTrue(self._value(aiming))
        self.assertFalse(self._value(others))
        need.state = "not_for_us"
        self._recompute(partners=stating)
        self.assertFalse(self._value(stating))

    def test_few_data(self):
        customer = self._buyer("Few")
        for number in range(2):
            self._record(customer, 90.0 + number)
            self._need(customer)
        few = ("benefit_few_data", "functional_few_data", "emotional_few_data")
        self.assertEqual(self._now(customer, *few), (True, True, True))
        self._record(customer, 95.0)
        self._need(customer)
        self.assertEqual(self._now(customer, *few), (False, False, True))
