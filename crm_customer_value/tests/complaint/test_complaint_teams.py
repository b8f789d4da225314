from odoo.tests import new_test_user, tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestComplaintTeams(CustomerValueCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.env["customer.complaint.team"].create({"name": "Desk", "company_id": cls.company.id})
        cls.customer = cls._partner("Customer of the desk")
        cls.clerk = new_test_user(
            cls.env, "overview_clerk", groups="crm_customer_value.group_service_own",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )
        cls.closed = cls.env["customer.complaint.stage"].search([("state", "=", "closed")], limit=1)

        def complaint(**values):
            return cls.env["customer.complaint"].create({
                "name": "Something", "description": "Something went wrong", "partner_id": cls.customer.id,
                "team_id": cls.desk.id, "user_id": False, **values,
            })

        cls.nobodys = complaint()
        cls.severe = complaint(severity="critical", user_id=cls.clerk.id)
        colleague = new_test_user(
            cls.env, "overview_colleague", groups="crm_customer_value.group_service_own",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )
        cls.missed = complaint(user_id=colleague.id)
        cls.missed.is_missed = True
        cls.done = complaint(severity="low", stage_id=cls.closed.id)
        cls.done.is_missed = True

    def test_counts(self):
        team = self.desk
        counts = (team.open_count, team.unassigned_count, team.missed_count, team.severe_count)
        self.assertEqual(counts, (3, 1, 1, 1))

    def test_everybody_counts_what_they_may_see(self):
        team = self.desk.with_user(self.clerk)
        counts = (team.open_count, team.unassigned_count, team.missed_count, team.severe_count)
        self.assertEqual(counts, (1, 0, 0, 1), "only their own: they are no member of the team")

    def test_a_count_opens_what_it_counts(self):
        for name, expected in (
            ("open", self.nobodys | self.severe | self.missed),
            ("unassigned", self.nobodys),
            ("missed", self.missed),
            ("severe", self.severe),
        ):
            action = getattr(self.desk, f"action_view_{name}")()
            self.assertEqual(self.env["customer.complaint"].search(action["domain"]), expected, name)

    def test_assign_to_me(self):
        self.desk.member_ids = self.clerk
        self.nobodys.with_user(self.clerk).action_assign_to_me()
        self.assertEqual(self.nobodys.user_id, self.clerk)

    def test_teams_ask_their_own_questions(self):
        self.desk.complaint_properties = [{"name": "lot", "string": "Lot", "type": "char"}]
        self.nobodys.properties = {"lot": "L-17"}
        self.assertEqual(self.nobodys.properties["lot"], "L-17")
        self.assertEqual(self.nobodys.tag_ids.create({"name": "Carrier"}).display_name, "Carrier")
