from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestNeedTask(TransactionCase):
    """What is wanted most leads to a task, once, with the suggestion between them."""

    def test_task_of_needs(self):
        user = new_test_user(
            self.env, "need_task", groups="crm_customer_value.group_service_own,project.group_project_user"
        )
        need_type = self.env["customer.need.type"].create({"name": "Task of Needs", "dimension": "functional"})
        needs = self.env["customer.need"].create([
            {"partner_id": self.env["res.partner"].create({"name": name}).id, "type_id": need_type.id}
            for name in ("First", "Second")
        ])
        [demand] = self.env["customer.need.demand"].with_user(user).search([("type_id", "=", need_type.id)])
        action = demand.action_create_task()
        suggestion = needs.suggestion_id
        self.assertEqual((action["res_model"], action["res_id"]), ("project.task", suggestion.task_id.id))
        self.assertEqual((suggestion.task_id.name, suggestion.support_count), ("Task of Needs", 2))
        self.assertEqual(demand.action_create_task()["res_id"], suggestion.task_id.id)
        arch = demand.get_views([(False, "list")])["views"]["list"]["arch"]
        self.assertIn("action_create_task", arch)
