from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .goal_case import GoalCase

READY = {
    "J": (
        "faults", "communication_cost", "no_connection", "incidents", "processing", "moving",
    ),
    "C": ("scrap", "downtime", "energy"),
    "G": ("stock_outs", "waste"),
    "M": ("hours_saved", "late_projects", "moving"),
}


@tagged("post_install", "-at_install")
class TestMetric(GoalCase):
    def test_ready_sets(self):
        """For telecommunications, manufacturing, retail, professional services and software; kept when changed."""
        for industry, names in READY.items():
            for name in names:
                metric = self.env.ref(f"crm_customer_value.customer_benefit_metric_{name}")
                with self.subTest(name):
                    self.assertIn(self.env.ref(f"base.res_partner_industry_{industry}"), metric.industry_ids)
                    self.assertTrue(metric.unit and metric.money_per_unit > 0)
                    self.assertLess(metric.typical_min, metric.typical_max)
        made = self.env["ir.model.data"].search([
            ("module", "=", "crm_customer_value"), ("model", "=", "customer.benefit.metric"),
        ])
        self.assertEqual(len(made), 13)
        self.assertTrue(all(made.mapped("noupdate")))

    def test_currency_of_the_company_that_makes_it(self):
        company = self._make_company("Euros", currency=self.eur)
        metric = self.env["customer.benefit.metric"].with_company(company).create({"name": "Faults", "unit": "faults"})
        self.assertEqual(metric.currency_id, self.eur)

    def test_typical_range(self):
        for low, high in ((5.0, False), (False, 5.0), (6.0, 5.0)):
            with self.assertRaisesRegex(ValidationError, "both limits"), self.env.cr.savepoint():
                self.faults.write({"typical_min": low, "typical_max": high})
        self.faults.write({"typical_min": 0.0, "typical_max": 5.0})
        self.assertEqual(self.faults._typical(), (0.0, 5.0))

    def test_deleting_one_that_is_used(self):
        """Others' goals count, too; the text says what to do instead."""
        self._goal()
        self._measure(8, "2024-01-01", "2024-01-31")
        self._measure(8, "2024-02-01", "2024-02-29")
        with self.assertRaisesRegex(UserError, "used in 1 goals and 2 records. Archive it"), self.env.cr.savepoint():
            self.faults.unlink()
        self._goal(10, 20, metric_id=self.saved.id, active=False)
        with self.assertRaisesRegex(UserError, "used in 1 goals and 0 records"), self.env.cr.savepoint():
            self.saved.unlink()
        self.env["customer.benefit.goal"].with_context(active_test=False).search(
            [("metric_id", "=", self.saved.id)]
        ).unlink()
        self.saved.unlink()
        self.assertFalse(self.saved.exists())

    def test_archived_ones_still_count(self):
        goal, record = self._goal(), self._measure(8, "2024-01-01", "2024-01-31")
        self.faults.action_archive()
        record.value = 7.0
        self.assertEqual((record.gain, record.counts, goal.latest_value), (500.0, True, 7.0))
        self.assertFalse(self.env["customer.benefit.metric"].search([("id", "=", self.faults.id)]))

    def test_another_unit(self):
        """What was measured in the old unit counts when a person says so, and the form says it beforehand."""
        goal = self._goal()
        record = self._measure(8, "2024-01-01", "2024-01-31")
        checked = self._measure(15, "2024-02-01", "2024-02-29")
        checked.action_check()
        self.assertEqual((record.counts, checked.counts, goal.latest_value), (True, True, 15.0))
        with Form(self.faults) as form:
            self.assertFalse(form.change_note)
            form.unit = "hours"
            self.assertIn("2 records are in “faults”", form.change_note)
            form.money_per_unit = 120.0
            self.assertIn("the gain of 2 records is computed again", form.change_note)
        self.assertEqual((record.doubt, record.counts, record.unit), ("unit", False, "faults"))
        self.assertEqual((checked.doubt, checked.counts, checked.is_checked), ("unit", False, False))
        self.assertEqual((goal.state, goal.latest_value), ("not_measured", False))
        record.action_check()
        self.assertEqual((record.counts, record.gain), (True, 480.0))
        self.assertEqual(goal.latest_value, 8.0)
        checked.unit = "hours"
        self.assertEqual(checked.doubt, "worse")

    def test_unit_in_another_language(self):
        """Whoever reads "Störungen" and types that means the same."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.faults.with_context(lang="de_DE").unit = "Störungen"
        mine = self._measure(8, "2024-01-01", "2024-01-31", unit="störungen ", baseline=12)
        theirs = self._measure(8, "2024-02-01", "2024-02-29", baseline=12)
        self.assertEqual((mine.doubt, theirs.doubt), (False, False))
        theirs.with_context(lang="de_DE").value = 7.0
        self.assertFalse(theirs.doubt)
        self.assertEqual(
            self._measure(8, "2024-03-01", "2024-03-31", unit="Stunden", baseline=12).doubt, "unit"
        )

    def test_direction_of_goals(self):
        goal = self._goal()
        with self.assertRaisesRegex(ValidationError, "1 goals of “Faults” aim the other way"), self.env.cr.savepoint():
            self.faults.direction = "higher"
        goal.action_archive()
        self.faults.direction = "higher"

    def test_company(self):
        self._measure(8, "2024-01-01", "2024-01-31", baseline=12)
        with self.assertRaisesRegex(ValidationError, "Other companies measure with"), self.env.cr.savepoint():
            self.faults.company_id = self._make_company("Elsewhere")
        self.faults.company_id = self.company

    def test_changes_mark_customers(self):
        """Who was measured so is computed anew when the worth changes, and nobody else."""
        self._measure(8, "2024-01-01", "2024-01-31", baseline=12)
        self.env.cr.precommit.run()
        marks = self.env["customer.value.mark"]
        while marks._take(10000):
            pass
        self.saved.money_per_unit = 61.0
        self.faults.sequence = 3
        self.env.cr.precommit.run()
        self.assertFalse(marks._take(10000))
        self.faults.money_per_unit = 101.0
        self.env.cr.precommit.run()
        self.assertEqual(marks._take(10000), {self.company.id: {self.customer.id}})

    def test_usual_metric_of_a_need(self):
        """A goal made from a need begins with what such needs are usually measured by."""
        need_type = self.env["customer.need.type"].create({"name": "Works", "dimension": "functional"})
        self.faults.need_type_ids = need_type
        need = self.env["customer.need"].create({
            "company_id": self.company.id, "partner_id": self.contact.id, "type_id": need_type.id,
        })
        self.assertEqual(need_type.metric_id, self.faults)
        goals = self.env["customer.benefit.goal"].with_context(**need.action_create_goal()["context"])
        form = Form(goals)
        self.assertEqual((form.metric_id, form.partner_id, form.need_id), (self.faults, self.contact, need))
        form.baseline, form.target, form.date_target = 12, 3, self._day(-30)
        goal = form.save()
        self.assertEqual((need.goal_ids, need.goal_count), (goal, 1))
        by_hand = Form(self.env["customer.benefit.goal"])
        by_hand.need_id = need
        self.assertEqual((by_hand.metric_id, by_hand.partner_id), (self.faults, self.contact))
