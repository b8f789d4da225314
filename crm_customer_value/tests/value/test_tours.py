from odoo.tests import HttpCase, new_test_user, tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestTours(CustomerValueCase, HttpCase):
    """What people see, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.salesperson = new_test_user(
            cls.env, "tour_salesperson", groups="sales_team.group_sale_salesman", **company
        )
        new_test_user(cls.env, "tour_manager", groups="sales_team.group_sale_manager,base.group_system", **company)
        new_test_user(cls.env, "tour_clerk", groups="base.group_user", **company)
        cls.customer = cls._partner("Tour Bakery", is_company=True, user_id=cls.salesperson.id)
        cls.contact = cls._partner("Tour Baker", parent_id=cls.customer.id)
        cls.prospect = cls._partner("Tour Prospect", is_company=True)
        # Two years between two purchases make half of the tenure score: 25. One gap of the
        # customer's own, kept, makes a third of the regularity score: 16.7. Of two customers the
        # one who is worth more, and is expected to be, scores 100. Nothing was due, so 50, 40 and 30 are
        # all the weights: (50 * 100 + 40 * 100 + 30 * 41.7) / 120 = 85.4.
        cls._order(cls.customer, 740, 500.0)
        cls._order(cls.customer, 10, 1000.0)
        cls._order(cls._partner("Tour Kiosk", is_company=True), 10, 10.0)
        cls._recompute()

    def _form_url(self, record):
        return f"/odoo/{record._name}/{record.id}"

    def test_salesperson_reads_value(self):
        value = self._value(self.customer)
        self.assertEqual(value.value_index, 85.4)
        self.assertEqual(value.current_value_points, 41.7)
        self.assertEqual(value.future_value_points, 33.3)
        self.assertEqual(value.loyalty_points, 10.4)
        self.start_tour(self._form_url(self.customer), "customer_value_tour", login="tour_salesperson")

    def test_contact_shows_value_of_company(self):
        self.start_tour(
            self._form_url(self.contact), "customer_value_contact_tour", login="tour_salesperson"
        )

    def test_prospect_shows_empty_state(self):
        self.start_tour(
            self._form_url(self.prospect), "customer_value_prospect_tour", login="tour_salesperson"
        )

    def test_without_sales_rights_nothing_is_shown(self):
        self.start_tour(
            self._form_url(self.customer), "customer_value_without_rights_tour", login="tour_clerk"
        )

    def test_salesperson_pins_by_dragging(self):
        colleague = new_test_user(
            self.env, "tour_colleague", groups="sales_team.group_sale_salesman",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        foundry = self._partner("Tour Foundry", is_company=True, user_id=colleague.id)
        self._order(foundry, 20, 400.0, user_id=colleague.id)
        # Too few customers to predict from, and money at risk is shown with predictions only.
        self._recompute()
        self.env["customer.value"].search([("company_id", "=", self.company.id)]).write({
            "has_prediction": True, "churn_risk": 0.25, "churn_level": "low", "value_at_risk": 250.0,
        })
        action = self.env.ref("crm_customer_value.customer_value_action")
        self.start_tour(f"/odoo/action-{action.id}", "customer_value_board_tour", login="tour_salesperson")
        value = self._value(self.customer)
        self.assertEqual((value.lifecycle_stage_id.code, value.stage_pinned), ("at_risk", True))
        self.assertEqual((value.pin_reason, value.pin_user_id), ("The oven is for sale", self.salesperson))
        self.assertEqual(self.customer.activity_ids.summary, "Ask about the oven")

    def test_manager_tries_and_applies(self):
        self.start_tour("/odoo/customer-value-dry-run", "customer_value_dry_run_tour", login="tour_manager")
        core = self.env["customer.lifecycle.stage"].search([("code", "=", "core")])
        self.assertEqual(core.purchase_days_from, 2)
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company).pareto_a, 70)
        self._recompute()
        self.assertEqual(self._value(self.customer).lifecycle_stage_id, core)

    def test_manager_watches_run(self):
        run = self.env["customer.value.run"].create({
            "company_id": self.company.id, "kind": "full", "state": "running", "progress": 20,
        })
        # The tour plays the scheduled action, which alone writes runs.
        self.env["ir.model.access"].create({
            "name": "tour", "model_id": self.env["ir.model"]._get_id(run._name), "perm_write": True,
            "group_id": self.env.ref("base.group_system").id,
        })
        self.start_tour(self._form_url(run), "customer_value_run_tour", login="tour_manager")

    def test_widgets(self):
        """The components by themselves, in Odoo's own runner of unit tests."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=crm_customer_value",
            "", "", login="tour_manager", timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
