from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_case import ServiceCase


@tagged("post_install", "-at_install")
class TestServiceFlow(ServiceCase):
    """What a way of being served must be, and who may change it."""

    def test_shipped(self):
        flow = self.env.ref("crm_customer_value.service_flow_steps").with_context(active_test=False)
        self.assertEqual(flow.step_ids.mapped("hours"), [8.0, 16.0, 24.0])
        self.assertEqual(flow.step_ids.team_id.company_id, self.env.ref("base.main_company"))
        self.assertEqual(flow.step_summary, "After-sales → Technical → Complaint desk")
        contact = self.env.ref("crm_customer_value.service_flow_one_contact")
        self.assertTrue(contact.one_contact)
        self.assertFalse(contact.step_ids or contact.company_id or flow.company_id)
        self.assertEqual(self.shipped & (flow | contact), flow | contact, "both are offered")

    def test_needs_steps_or_one_contact(self):
        flows = self.env["customer.service.flow"]
        with self.assertRaisesRegex(ValidationError, "at least one step"):
            flows.create({"name": "Empty"})
        with self.assertRaisesRegex(ValidationError, "Remove its steps"), self.env.cr.savepoint():
            self.flow.one_contact = True
        draft = flows.create({"name": "In preparation", "active": False})
        with self.assertRaisesRegex(ValidationError, "at least one step"):
            draft.active = True
        with self.assertRaisesRegex(ValidationError, "at least one step"):
            self.flow.step_ids = [Command.clear()]

    def test_hours_are_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.first.hours = -1
            self.env.flush_all()
        self.assertIn("hours_not_negative", str(caught.exception))

    def test_team_of_the_flow_s_company(self):
        other = self._make_company("Other Company")
        team = self._team("Elsewhere", company=other, leader_id=False)
        with self.assertRaisesRegex(ValidationError, "is for Value Test Company"):
            self.first.team_id = team
        shared = self.env["customer.service.flow"].create({
            "name": "Shared", "step_ids": [Command.create({"name": "There", "team_id": team.id})],
        })
        with self.assertRaisesRegex(ValidationError, "is for Value Test Company"):
            shared.company_id = self.company

    def test_step_in_use_stays(self):
        complaint = self._complain(flow_id=self.flow.id)
        self.assertEqual(complaint.step_id, self.first)
        with self.assertRaisesRegex(UserError, "“First” cannot be deleted. Open complaints in this step: 1"):
            self.first.unlink()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.flow.unlink()
        complaint.stage_id = self.closed
        self.first.unlink()
        self.assertFalse(complaint.step_id)
        # Reopened, it begins with what is the first step now.
        complaint.stage_id = self.handling
        self.assertEqual(complaint.step_id, self.second)
        complaint.stage_id = self.closed
        self.customer.service_flow_id = self.flow
        self.flow.unlink()
        self.env.invalidate_all()
        self.assertFalse(complaint.flow_id or self.customer.service_flow_id)

    def test_only_administrators_set_up(self):
        flow = self.flow.with_user(self.member)
        self.assertEqual(flow.name, "Three Steps")
        with self.assertRaises(AccessError):
            flow.name = "Mine"
        with self.assertRaises(AccessError):
            flow.step_ids[0].hours = 100

    def test_flow_of_another_company_is_not_seen(self):
        other = self._make_company("Other Company")
        stranger = self._user("service_stranger", "Stranger", company=other)
        with self.assertRaises(AccessError):
            self.flow.with_user(stranger).name.upper()
        with self.assertRaises(AccessError):
            self.first.with_user(stranger).name.upper()
