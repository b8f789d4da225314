from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import html2plaintext

from ..common import CustomerValueCase


class ServiceCase(CustomerValueCase):
    """A company with three teams, two calendars, and the two ways of being served."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.week = cls._calendar("Week", "01234", [(8, 12), (13, 17)])
        cls.mornings = cls._calendar("Mornings", "0123", [(9, 13)])
        cls.company.resource_calendar_id = cls.week
        cls.leader = cls._user("service_leader", "Lea Leader")
        cls.member = cls._user("service_member", "Max Member")
        cls.person = cls._user("service_person", "Petra Person")
        cls.sales, cls.technical, cls.desk = (
            cls._team(name, calendar_id=calendar.id, sequence=sequence)
            for sequence, (name, calendar) in enumerate(
                (("Sales", cls.week), ("Works", cls.mornings), ("Desk", cls.week))
            )
        )
        # The shipped ones belong to the main company and would be found first.
        cls.shipped = cls.env["customer.service.flow"].search([])
        cls.shipped.active = False
        cls.flow = cls.env["customer.service.flow"].create({
            "name": "Three Steps",
            "company_id": cls.company.id,
            "step_ids": [
                Command.create({
                    "name": "First", "sequence": 1, "team_id": cls.sales.id, "hours": 8.0,
                    "handed_over": "The order",
                }),
                Command.create({
                    "name": "Second", "sequence": 2, "team_id": cls.technical.id, "hours": 16.0,
                    "handed_over": "The findings",
                }),
                Command.create({"name": "Third", "sequence": 3, "team_id": cls.desk.id, "hours": 24.0}),
            ],
        })
        cls.first, cls.second, cls.third = cls.flow.step_ids
        cls.one_contact = cls.env["customer.service.flow"].create({
            "name": "One Person", "one_contact": True, "company_id": cls.company.id,
        })
        cls.customer = cls._partner("Bakery", is_company=True, email="bakery@example.com")
        cls.contact = cls._partner("Baker", parent_id=cls.customer.id, email="baker@example.com")
        cls.waiting = cls.env.ref("crm_customer_value.complaint_stage_waiting")
        cls.handling = cls.env.ref("crm_customer_value.complaint_stage_investigating")
        cls.closed = cls.env.ref("crm_customer_value.complaint_stage_closed")

    @classmethod
    def _calendar(cls, name, days, hours):
        return cls.env["resource.calendar"].create({
            "name": name, "tz": "UTC", "company_id": cls.company.id,
            "attendance_ids": [Command.clear()] + [
                Command.create({"name": day, "dayofweek": day, "hour_from": start, "hour_to": stop})
                for day in days
                for start, stop in hours
            ],
        })

    @classmethod
    def _user(cls, login, name, groups="crm_customer_value.group_service_team", company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, name=name, groups=groups,
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _team(cls, name, company=None, **values):
        return cls.env["customer.complaint.team"].create({
            "name": name, "company_id": (company or cls.company).id, "leader_id": cls.leader.id,
            **values,
        })

    @classmethod
    def _complain(cls, partner=None, **values):
        return cls.env["customer.complaint"].create({
            "name": "The oven is cold", "description": "<p>It does not heat.</p>",
            "partner_id": (partner if partner is not None else cls.contact).id,
            "company_id": cls.company.id, **values,
        })

    @classmethod
    def _away(cls, user, start="2026-01-01", stop="2036-01-01"):
        user.write({"out_of_office_from": start, "out_of_office_to": stop})

    def _cron(self):
        """Run the scheduled action as its own user would, without leaving the transaction."""
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60)
        self.env["customer.complaint"].sudo()._cron_hand_over()

    def _told(self, complaint):
        """Return what the customer was told, the latest first."""
        return [
            html2plaintext(message.body)
            for message in complaint.message_ids
            if message.message_type == "auto_comment" and not message.subtype_id.internal
        ]

    def _notes(self, complaint):
        """Return the notes for our people that notify somebody, the latest first."""
        return complaint.message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref("mail.mt_note") and message.partner_ids
        )
