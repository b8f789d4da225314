import base64

from odoo.tests import Form, tagged

from .benefit_portal_case import BenefitPortalCase


@tagged("post_install", "-at_install")
class TestBenefitTour(BenefitPortalCase):
    """From a need on the phone to a figure that is settled: each step on the screen it is done on."""

    customer_screen = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record.unlink()
        cls.need.unlink()
        cls.goal.unlink()
        cls.mill.ref = "MILL-1"
        cls.need_type.metric_id = cls.faults

    def test_story(self):
        need = self._state_need()
        goal = self._agree_goal(need)
        # The need weighs 1 and is not met: (2 × ½ + 0) / (2 + 1).
        self.assertEqual(self._value().benefit_index, 33.3)
        records = self._import_year(goal)
        self.assertEqual(sum(records.mapped("gain")), 2400.0)
        # The goal weighs 1, too, and 20 of 30 faults are gone: (2 × ½ + 0 + ⅔) / (2 + 1 + 1).
        value = self._value()
        self.assertEqual((value.benefit_index, value.value_delivered), (41.7, 66.7))
        contested = self._read_and_contest(records)
        self.assertEqual(sum(records.filtered("counts").mapped("gain")), 2200.0)
        self._settle(contested)
        self.assertEqual(sum(records.filtered("counts").mapped("gain")), 2420.0)
        self._login(self.anna)
        self.assertIn("You are right: 18 it is.", self._page("/my/benefit"))

    def _value(self):
        """Return what is known of the customer once everything is computed."""
        self.env.flush_all()
        self.env["customer.value.run"]._recompute(self.company)
        self.env.invalidate_all()
        return self.env["customer.value"].search([
            ("partner_id", "=", self.mill.id), ("company_id", "=", self.company.id),
        ])

    def _state_need(self):
        """Note on the form of the customer what is said on the phone."""
        self.start_tour(f"/odoo/res.partner/{self.mill.id}", "customer_benefit_need_tour", login="line_seller")
        self.env.invalidate_all()
        need = self.env["customer.need"].search([("commercial_partner_id", "=", self.mill.id)])
        self.assertEqual(
            (need.type_id, need.words, need.importance, need.user_id),
            (self.need_type, "The line fails every week", 5, self.seller),
        )
        return need

    def _agree_goal(self, need):
        """Make the need a goal, by its button."""
        need = self._as(self.seller, need)
        with Form(self._as(self.seller, self.env["customer.benefit.goal"]).with_context(
            **need.action_create_goal()["context"]
        )) as form:
            self.assertEqual((form.partner_id, form.metric_id, form.need_id), (self.mill, self.faults, need))
            form.baseline, form.target = 40.0, 10.0
            form.date_start, form.date_target = self._month(12)[0], self._month(-6)[0]
        return form.record.with_env(self.env)

    def _import_year(self, goal):
        """Read twelve months from a file, step by step as on the screen: each has 20 faults less, worth 10 each."""
        months = [f"MILL-1,Faults of the test,{self._month(ago)[0]:%Y-%m},20" for ago in range(12, 0, -1)]
        wizard = self._as(self.manager, self.env["customer.benefit.import"]).create({
            "company_id": self.company.id, "file_name": "faults.csv",
            "file": base64.b64encode("\n".join(["ref,metric,month,value", *months]).encode()),
        })
        wizard.action_read()
        self.assertEqual([column.meaning for column in wizard.column_ids], ["ref", "metric", "month", "value"])
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.importable, wizard.doubtful), ("check", 12, 0))
        wizard.action_import()
        self.assertEqual((wizard.state, wizard.imported), ("done", 12))
        self.env.invalidate_all()
        records = self.env["customer.benefit.record"].search(wizard.action_open_records()["domain"])
        self.assertEqual((records.goal_id, records.commercial_partner_id, len(records)), (goal, self.mill, 12))
        self.assertEqual((goal.state, goal.latest_value, goal.record_count), ("on_track", 20.0, 12))
        return records

    def _read_and_contest(self, records):
        """Have the customer confirm the latest figure, contest the one before, and state another need."""
        desk = {name: getattr(self, name) for name in self.customer_screen}
        for name, size in self.customer_screen.items():
            setattr(self, name, size)
        self.start_tour("/my", "customer_benefit_portal_tour", login="line_anna")
        for name, size in desk.items():
            setattr(self, name, size)
        self.env.invalidate_all()
        contested = records.filtered(lambda record: record.state == "contested")
        self.assertEqual(contested.mapped("contest_words"), ["Two of them were planned"])
        self.assertEqual(contested.date_from, self._month(2)[0])
        self.assertEqual(contested.activity_ids.user_id, self.seller)
        confirmed = records.filtered(lambda record: record.state == "confirmed")
        self.assertEqual((confirmed.gain, confirmed.confirmed_by_id), (200.0, self.anna.partner_id))
        self.assertEqual(
            self.env["customer.need"].search(
                [("source", "=", "portal"), ("company_id", "=", self.company.id)]
            ).words, "Somebody must answer at night"
        )
        return contested

    def _settle(self, contested):
        """Correct the figure and answer the customer, where the activity leads."""
        self.start_tour(
            f"/odoo/customer.benefit.record/{contested.id}", "customer_benefit_settle_tour", login="line_seller"
        )
        self.env.invalidate_all()
        self.assertEqual(
            (contested.state, contested.value, contested.gain, contested.settled_by_id, contested.activity_ids.ids),
            ("reported", 18.0, 220.0, self.seller, []),
        )


@tagged("post_install", "-at_install")
class TestBenefitPhoneTour(TestBenefitTour):
    """The same with a customer who reads on a phone."""

    customer_screen = {"browser_size": "390x844", "touch_enabled": True}
