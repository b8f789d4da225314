from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .goal_case import GoalCase


@tagged("post_install", "-at_install")
class TestGoal(GoalCase):
    """What was agreed, and how far it is: from 12 faults to 3 in the 366 days of 2024."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2024-07-10 12:00:00"))
        super().setUpClass()

    def _far(self, goal):
        return goal.state, goal.progress, goal.latest_value, goal.date_latest and str(goal.date_latest)

    def test_states(self):
        """By the end of June, 182 of 366 days, 49.7 % are expected, and 39.7 % are enough."""
        goal = self._goal()
        self.assertEqual(self._far(goal), ("not_measured", False, False, False))
        june = self._measure(8, "2024-06-01", "2024-06-30")
        self.assertEqual(june.goal_id, goal)
        for value, state, progress in (
            (8, "on_track", 44.4), (8.4, "on_track", 40.0), (8.5, "behind", 38.9), (11, "behind", 11.1),
            (12, "behind", 0.0), (3, "reached", 100.0), (1, "reached", 100.0), (3.001, "on_track", 99.0),
        ):
            june.value = value
            with self.subTest(value=value):
                self.assertEqual(self._far(goal), (state, progress, value, "2024-06-30"))
        july = self._measure(11, "2024-07-01", "2024-07-10")
        self.assertEqual(self._far(goal), ("behind", 11.1, 11.0, "2024-07-10"), "the latest value counts")
        july.unlink()
        self.assertEqual(goal.latest_value, 3.001)

    def test_only_what_counts(self):
        """A contested or implausible value is left out, until it is settled or somebody says that it is right."""
        goal = self._goal()
        self._measure(10, "2024-05-01", "2024-05-31")
        june = self._measure(8, "2024-06-01", "2024-06-30")
        june.sudo().state = "contested"
        self.assertEqual(self._far(goal), ("behind", 22.2, 10.0, "2024-05-31"))
        june.sudo().state = "confirmed"
        self.assertEqual(self._far(goal), ("on_track", 44.4, 8.0, "2024-06-30"))
        july = self._measure(13, "2024-07-01", "2024-07-10")
        self.assertEqual(goal.latest_value, 8.0)
        july.action_check()
        self.assertEqual(self._far(goal), ("behind", 0.0, 13.0, "2024-07-10"))

    def test_day_passes(self):
        """A goal is missed when its day is over where the company is, and no earlier."""
        here = self._goal()
        elsewhere = self._make_company("Far East", tz="Pacific/Auckland")
        there = self._goal(company_id=elsewhere.id)
        reached = self._goal(metric_id=self.saved.id, baseline=10, target=20)
        silent = self._goal(product_id=self.product.id)
        self._measure(8, "2024-06-01", "2024-06-30")
        self._measure(8, "2024-06-01", "2024-06-30", company_id=elsewhere.id)
        self._measure(25, "2024-06-01", "2024-06-30", metric_id=self.saved.id)
        goals = here | there | reached | silent

        def states(moment):
            with freeze_time(moment):
                self.env["customer.benefit.goal"]._cron_follow()
            return goals.mapped("state")

        self.assertEqual(states("2024-12-31 10:59:00"), ["on_track", "on_track", "reached", "not_measured"])
        self.assertEqual(states("2024-12-31 11:01:00"), ["on_track", "missed", "reached", "not_measured"])
        self.assertEqual(states("2025-01-01 00:01:00"), ["missed", "missed", "reached", "not_measured"])
        self.assertEqual(here.progress, 44.4)
        here.date_target = "2025-03-31"
        self.assertEqual(here.state, "on_track", "it got more time")

    def test_made_too_late(self):
        """The form warns, the ORM takes it, and its state follows from what was measured until then."""
        self._measure(6, "2023-06-01", "2023-06-30", baseline=12)
        form = Form(self.env["customer.benefit.goal"])
        form.partner_id, form.metric_id, form.baseline, form.target = self.customer, self.faults, 12, 3
        form.date_start, form.date_target = "2023-01-01", "2024-07-10"
        self.assertFalse(form.has_passed)
        form.date_target = "2023-12-31"
        self.assertTrue(form.has_passed)
        self.assertEqual(self._far(form.save()), ("missed", 66.7, 6.0, "2023-06-30"))
        self.assertEqual(self._goal(date_start="2022-01-01", date_target="2022-12-31").state, "not_measured")

    def test_bad_targets(self):
        for values, words in (
            ({"target": 12.0}, "differs from its baseline. Both are 12 now"),
            ({"target": 13.0}, "lower is better. Enter a target on the better side of the baseline \\(12\\)"),
            ({"metric_id": self.saved.id}, "higher is better"),
            ({"date_target": "2024-01-01"}, "not after its start"),
            ({"date_target": "2023-12-31"}, "not after its start"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self._goal(**values)
        goal = self._goal()
        with self.assertRaisesRegex(ValidationError, "higher is better"), self.env.cr.savepoint():
            goal.metric_id = self.saved

    def test_zero_and_negative_baselines(self):
        self.saved.write({"typical_min": 0, "typical_max": 200})
        saved = self._goal(0.0, 20.0, metric_id=self.saved.id)
        self._measure(5, "2024-01-01", "2024-01-31", metric_id=self.saved.id)
        self.assertEqual(self._far(saved), ("on_track", 25.0, 5.0, "2024-01-31"))
        cold = self._metric("Temperature", "degrees", 10.0)
        colder = self._goal(-5.0, -10.0, metric_id=cold.id)
        self._measure(-7.5, "2024-06-01", "2024-06-30", metric_id=cold.id)
        self.assertEqual(self._far(colder), ("on_track", 50.0, -7.5, "2024-06-30"))

    def test_baseline_changes_with_a_reason(self):
        goal = self._goal()
        before = self._measure(8, "2024-05-01", "2024-05-31")
        with self.assertRaisesRegex(ValidationError, "only with a reason"), self.env.cr.savepoint():
            goal.baseline = 10.0
        with self.assertRaisesRegex(ValidationError, "only with a reason"), self.env.cr.savepoint():
            goal.write({"baseline": 10.0, "baseline_reason": "  "})
        goal.write({"baseline": 12.0, "target": 4.0})
        with Form(goal) as form:
            self.assertFalse(form.is_baseline_changed)
            form.baseline = 10.0
            self.assertTrue(form.is_baseline_changed)
            form.baseline_reason = "Counted twice in March"
        self.assertIn("from 12 to 10: Counted twice in March", goal.message_ids[0].body)
        self.assertEqual((before.baseline, before.gain), (12.0, 400.0), "what was measured stays")
        self.assertEqual(self._measure(8, "2024-06-01", "2024-06-30").baseline, 10.0)
        self.assertEqual(goal.progress, 33.3)

    def test_records_find_their_goal(self):
        """By customer, company, metric, product and time; a goal about the product comes first."""
        plain, mine = self._goal(), self._goal(product_id=self.product.id)
        other = self.env["product.product"].create({"name": "Other Thing"})
        company = self._make_company("Elsewhere")
        for found, values in (
            (plain, {}),
            (mine, {"product_id": self.product.id}),
            (plain, {"product_id": other.id}),
            (plain, {"partner_id": self.contact.id, "date_from": "2024-04-01", "date_to": "2024-04-30"}),
            (plain, {"date_from": "2023-12-15", "date_to": "2024-01-14"}),
            (None, {"date_from": "2023-11-01", "date_to": "2023-11-30"}),
            (None, {"partner_id": self._partner("Stranger").id}),
            (None, {"metric_id": self.saved.id}),
            (None, {"company_id": company.id}),
        ):
            record = self._measure(8, "2024-03-01", "2024-03-31", **values)
            with self.subTest(values=values):
                self.assertEqual(record.goal_id, found or plain.browse())
                self.assertEqual(record.baseline, 12.0 if found else False)
        for goal, values in ((plain, {"metric_id": self.saved.id}), (mine, {"product_id": other.id})):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, "about another customer, metric or product"),
                self.env.cr.savepoint(),
            ):
                self._measure(8, "2024-06-01", "2024-06-30", goal_id=goal.id, **values)

    def test_what_was_agreed_last_counts(self):
        """Of two goals of the same days, records are measured for the one that began later, however old they are."""
        later = self._goal(10.0, date_start="2024-03-01")
        self._goal()
        record = self._measure(8, "2024-03-01", "2024-03-31")
        self.assertEqual((record.goal_id, record.baseline), (later, 10.0))

    def test_records_without_product_find_the_only_goal(self):
        """A goal about a product is meant where there is no other goal that day; where there are two, nobody knows."""
        mine = self._goal(product_id=self.product.id)
        earlier = self._goal(
            product_id=self.product.id, date_start="2023-01-01", date_target="2023-12-31", is_proposal=False,
        )
        other = self.env["product.product"].create({"name": "Other Thing"})
        self._goal(product_id=other.id, partner_id=self._partner("Stranger").id)
        self._goal(product_id=other.id, is_proposal=True)
        record = self._measure(8, "2024-03-01", "2024-03-31")
        self.assertEqual((record.goal_id, record.baseline, record.gain), (mine, 12.0, 400.0))
        self.assertFalse(self._measure(8, "2024-03-01", "2024-03-31", product_id=other.id).goal_id)
        second = self._goal(product_id=other.id)
        self.assertFalse(self._measure(8, "2024-04-01", "2024-04-30").goal_id, "there are two")
        self.assertEqual(record.goal_id, mine, "what was found stays")
        self.assertEqual(self._measure(8, "2024-04-01", "2024-04-30", product_id=other.id).goal_id, second)
        before = self._measure(8, "2023-03-01", "2023-03-31")
        self.assertEqual(before.goal_id, earlier)

    def test_need_is_that_of_the_customer(self):
        """On every way: from the goal, from the need, and when the contact who stated it goes elsewhere."""
        need_type = self.env["customer.need.type"].create({"name": "Quiet", "dimension": "functional"})
        stranger = self._partner("Stranger")
        need, foreign = self.env["customer.need"].create([
            {"company_id": self.company.id, "partner_id": partner.id, "type_id": need_type.id}
            for partner in (self.contact, stranger)
        ])
        goal = self._goal(need_id=need.id)
        refused = (
            lambda: self._goal(need_id=foreign.id),
            lambda: goal.write({"need_id": foreign.id}),
            lambda: goal.write({"partner_id": stranger.id}),
            lambda: need.write({"partner_id": stranger.id}),
        )
        for number, action in enumerate(refused):
            with (
                self.subTest(number=number), self.assertRaisesRegex(ValidationError, "that of another customer"),
                self.env.cr.savepoint(),
            ):
                action()
        self.contact.parent_id = False
        self.assertEqual((need.commercial_partner_id, goal.need_id), (self.contact, need.browse()))

    def test_goals_take_records(self):
        """A goal that is made later takes what was measured for nothing, with its baseline."""
        kept = self._goal(date_start="2023-01-01", date_target="2024-02-29")
        first = self._measure(9, "2024-02-01", "2024-02-29")
        second = self._measure(8, "2024-03-01", "2024-03-31")
        before = self._measure(8, "2022-12-01", "2022-12-31")
        self.assertEqual((first.goal_id, second.goal_id, second.counts), (kept, kept.browse(), False))
        goal = self._goal()
        self.assertEqual((first | second | before).mapped("goal_id"), kept | goal)
        self.assertEqual((first.goal_id, second.goal_id, second.gain, second.counts), (kept, goal, 400.0, True))
        self.assertFalse(before.goal_id)
        self.assertEqual(goal.latest_value, 8.0)
        goal.partner_id = self._partner("Somebody Else")
        self.assertFalse(second.goal_id, "it is about another customer now")
        self.assertEqual(goal.state, "not_measured")

    def test_a_goal_of_another_company_lets_go(self):
        goal, record = self._goal(), self._measure(8, "2024-03-01", "2024-03-31")
        self.assertEqual(record.goal_id, goal)
        goal.company_id = self._make_company("Elsewhere")
        self.assertFalse(record.goal_id)
        self.assertEqual((record.baseline, record.gain), (12.0, 400.0), "what was measured stays")

    def test_what_was_said_of_before_stays(self):
        """A record with a baseline of its own keeps it when a goal takes it."""
        record = self._measure(8, "2024-03-01", "2024-03-31", baseline=11)
        goal = self._goal()
        self.assertEqual((record.goal_id, record.baseline, record.gain), (goal, 11.0, 300.0))

    def test_late_records_change_nothing(self):
        """What somebody measures for a goal after its day counts as a gain, and reaches nothing."""
        goal = self._goal(date_target="2024-04-30")
        self._measure(8, "2024-04-01", "2024-04-30")
        late = self._measure(3, "2024-05-01", "2024-05-31", goal_id=goal.id)
        self.assertEqual((goal.state, goal.latest_value, late.counts), ("missed", 8.0, True))
        self.assertEqual((goal.record_count, goal.gain), (2, 1300.0))
        late.sudo().state = "contested"
        self.assertEqual((goal.record_count, goal.gain), (2, 400.0), "it was measured, and counts in no sum")

    def test_proposals(self):
        goal = self._goal(is_proposal=True, user_id=False)
        record = self._measure(8, "2024-06-01", "2024-06-30", baseline=12)
        self.assertEqual((goal.state, record.goal_id), ("proposed", goal.browse()))
        seller = self._user("goal_accepting")
        goal.with_user(seller).action_accept()
        self.assertEqual((goal.state, goal.user_id, record.goal_id), ("on_track", seller, goal))
        for again in (goal.action_accept, goal.action_decline):
            with self.assertRaisesRegex(UserError, "accepted already"):
                again()
        other = self._goal(is_proposal=True)
        other.with_user(seller).action_decline()
        self.assertEqual((other.state, other.active), ("proposed", False))
        other.with_user(seller).action_accept()
        self.assertEqual((other.state, other.active), ("not_measured", True))

    def test_one_query_for_many(self):
        """How many records are made at once does not change how often the database is asked."""
        self._goal()
        customers = [self._partner(f"Customer {number}") for number in range(60)]
        for customer in customers:
            self._goal(partner_id=customer.id)
        self.env.flush_all()

        def queries(chosen, day):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["customer.benefit.record"].create([
                {
                    "company_id": self.company.id, "partner_id": customer.id, "metric_id": self.faults.id, "value": 8,
                    "date_from": day, "date_to": day,
                }
                for customer in chosen
            ])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(customers[:5], "2024-01-01")
        few, many = queries(customers[:5], "2024-01-02"), queries(customers, "2024-01-03")
        self.assertLessEqual(many, few + 5)
