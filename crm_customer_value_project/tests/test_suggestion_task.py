from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSuggestionTask(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "task_service", groups="crm_customer_value.group_service_own,project.group_project_user"
        )
        cls.clerk = new_test_user(cls.env, "task_clerk", groups="crm_customer_value.group_service_own")
        cls.customer = cls.env["res.partner"].create({"name": "Task Bakery", "email": "bakery@example.com"})
        cls.suggestion = cls.env["customer.suggestion"].create({
            "name": "Smaller parcels",
            "partner_id": cls.customer.id,
            "description": "<p>Half the size</p>",
        })

    def test_task_is_made_once_with_links_both_ways(self):
        before = self.env["project.task"].search_count([])
        suggestion = self.suggestion.with_user(self.user)
        action = suggestion.action_create_task()
        task = suggestion.task_id
        self.assertEqual(action["res_id"], task.id)
        self.assertEqual((task.name, task.user_ids, task.partner_id.id), ("Smaller parcels", self.user, False))
        self.assertIn("Half the size", task.description)
        self.assertEqual(task.suggestion_ids, suggestion)
        self.assertEqual(task.action_view_suggestion()["res_id"], suggestion.id)
        self.assertEqual((suggestion.task_state, task.suggestion_stage_id), (task.state, suggestion.stage_id))
        self.assertTrue(suggestion.task_state)
        self.assertEqual(suggestion.action_create_task()["res_id"], task.id)
        self.assertEqual(self.env["project.task"].search_count([]), before + 1)

    def test_project_of_the_area(self):
        """Colleagues see the task in the project; without one they are told whom to ask."""
        colleague = new_test_user(
            self.env, "task_colleague", groups="crm_customer_value.group_service_own,project.group_project_user"
        )
        self.suggestion.with_user(self.user).action_create_task()
        with self.assertRaisesRegex(UserError, "Ask task_service"):
            self.suggestion.with_user(colleague).action_view_task()
        for user, told in ((self.user, True), (colleague, False), (self.clerk, False)):
            self.assertEqual(bool(self.suggestion.with_user(user).task_state), told, user.login)
        self.suggestion.task_id.sudo().unlink()
        project = self.env["project.project"].create({"name": "Ideas", "privacy_visibility": "employees"})
        self.suggestion.area_id = self.env["customer.suggestion.area"].create({
            "name": "Parcels", "project_id": project.id,
        })
        self.suggestion.with_user(self.user).action_create_task()
        self.assertEqual(self.suggestion.task_id.project_id, project)
        action = self.suggestion.with_user(colleague).action_view_task()
        self.assertEqual(action["res_id"], self.suggestion.task_id.id)

    def test_task_deleted_may_be_made_again(self):
        suggestion = self.suggestion.with_user(self.user)
        suggestion.action_create_task()
        first = suggestion.task_id
        first.sudo().unlink()
        self.assertFalse(suggestion.task_id)
        suggestion.action_create_task()
        self.assertTrue(suggestion.task_id)

    def test_forms_offer_the_links(self):
        def form(model, user):
            return self.env[model].with_user(user).get_views([(False, "form")])["views"]["form"]["arch"]

        self.assertIn("action_create_task", form("customer.suggestion", self.user))
        self.assertNotIn("action_create_task", form("customer.suggestion", self.clerk))
        self.assertIn("action_view_suggestion", form("project.task", self.user))
