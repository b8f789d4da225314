from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import CustomerValueCase


class ComplaintCase(CustomerValueCase):
    """A company with a team, a customer with a branch, and people with each right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._make_company("Complaint Other Company")
        cls.desk = cls._desk_user("desk_own", "crm_customer_value.group_service_own")
        cls.leader = cls._desk_user("desk_team", "crm_customer_value.group_service_team")
        cls.everybody = cls._desk_user("desk_all", "crm_customer_value.group_service_all")
        cls.manager = cls._desk_user("desk_manager", "crm_customer_value.group_service_manager")
        cls.stranger = cls._desk_user(
            "desk_other", "crm_customer_value.group_service_all", company=cls.other_company
        )
        cls.team = cls.env["customer.complaint.team"].create({
            "name": "After-Sales",
            "company_id": cls.company.id,
            "leader_id": cls.leader.id,
            "member_ids": [Command.set(cls.desk.ids)],
        })
        cls.customer = cls._partner("Oak Furniture", is_company=True, email="oak@example.com")
        cls.branch = cls._partner("Oak Branch", parent_id=cls.customer.id)
        cls.neighbour = cls._partner("Elm Furniture", is_company=True)
        cls.cause = cls.env["customer.complaint.cause"].create({"name": "Packed badly in the test"})

    @classmethod
    def _desk_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    @classmethod
    def _complaint(cls, **values):
        return cls.env["customer.complaint"].create({
            "name": "Two chairs are broken",
            "description": "<p>They came in an open box.</p>",
            "partner_id": cls.customer.id,
            "company_id": cls.company.id,
            "team_id": cls.team.id,
            "user_id": False,
            **values,
        })

    @classmethod
    def _stage(cls, state):
        return cls.env["customer.complaint.stage"].search(
            [("state", "=", state), ("team_ids", "=", False)], limit=1
        )

    @classmethod
    def _as(cls, user, record):
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    @contextmanager
    def _refused(self, message, exception=UserError):
        """Expect an error in these words, and undo what led to it, as a failed request is undone."""
        with self.assertRaisesRegex(exception, message), self.env.cr.savepoint():
            yield

    @staticmethod
    def _count(complaints):
        """Return the numbers of complaints as integers: tests before this one used up the first."""
        return [int(number.removeprefix("CC")) for number in complaints.mapped("number")]
