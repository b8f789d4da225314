from odoo import Command
from odoo.tests import tagged

from ..common import channel
from .service_case import ServiceCase


@tagged("post_install", "-at_install")
class TestServiceRouting(ServiceCase):
    """Who gets a new complaint."""

    def _assert_route(self, complaint, flow, step, team, user):
        self.assertEqual(
            (complaint.flow_id, complaint.step_id, complaint.team_id, complaint.user_id),
            (flow, step, team, user),
        )

    def test_table(self):
        """Every combination of wishes, in the order of precedence."""
        nobody = self.env["res.users"]
        no_flow = self.env["customer.service.flow"]
        no_step = self.env["customer.service.flow.step"]
        parent = self.env["customer.complaint.category"].create({"name": "Ovens", "team_id": self.desk.id})
        category = self.env["customer.complaint.category"].create({"name": "Doors", "parent_id": parent.id})
        self.technical.member_ids = self.person
        table = [
            # flow, preferred person, salesperson, category, given -> flow, step, team, person
            ((no_flow, nobody, nobody, False, {}), (no_flow, no_step, self.sales, nobody)),
            ((no_flow, nobody, self.member, False, {}), (no_flow, no_step, self.sales, nobody)),
            ((no_flow, self.person, nobody, False, {}), (no_flow, no_step, self.sales, self.person)),
            ((no_flow, nobody, nobody, category, {}), (no_flow, no_step, self.desk, nobody)),
            ((self.flow, nobody, nobody, False, {}), (self.flow, self.first, self.sales, nobody)),
            ((self.flow, nobody, nobody, category, {}), (self.flow, self.first, self.sales, nobody)),
            # Petra is not in the team of the first step, but in that of the second.
            ((self.flow, self.person, nobody, False, {}), (self.flow, self.first, self.sales, nobody)),
            (
                (self.flow, self.person, nobody, False, {"team_id": self.technical.id}),
                (self.flow, self.second, self.technical, self.person),
            ),
            ((self.one_contact, nobody, nobody, False, {}), (self.one_contact, no_step, self.sales, nobody)),
            (
                (self.one_contact, nobody, self.member, category, {}),
                (self.one_contact, no_step, self.desk, self.member),
            ),
            # One contact brings the own team along.
            (
                (self.one_contact, self.person, self.member, category, {}),
                (self.one_contact, no_step, self.technical, self.person),
            ),
            # What is given wins.
            (
                (self.one_contact, self.person, self.member, category, {"user_id": self.member.id}),
                (self.one_contact, no_step, self.technical, self.member),
            ),
            (
                (self.flow, self.person, self.member, category, {"team_id": self.desk.id}),
                (self.flow, self.third, self.desk, nobody),
            ),
            (
                (self.one_contact, self.person, nobody, False, {"flow_id": self.flow.id}),
                (self.flow, self.first, self.sales, nobody),
            ),
        ]
        for row, ((flow, person, salesperson, category_, given), expected) in enumerate(table):
            with self.subTest(row=row):
                self.customer.write({
                    "service_flow_id": flow.id, "service_user_id": person.id, "user_id": salesperson.id,
                })
                values = {"category_id": category_.id} if category_ else {}
                complaint = self._complain(**values, **given)
                self._assert_route(complaint, *expected)
                self.assertEqual(
                    complaint.handler_name, expected[3].name or expected[2].name, "what the customer reads"
                )
                self.assertFalse(self._told(complaint), "nobody was replaced")

    def test_own_wishes_before_the_company_s(self):
        self.customer.write({
            "service_flow_id": self.flow.id, "service_user_id": self.member.id,
            "service_channel_id": channel(self.env, "phone"), "service_hours": "morning", "lang": "en_US",
        })
        self.contact.write({"service_flow_id": self.one_contact.id, "service_hours": "any", "lang": False})
        wishes = self.contact._customer_wishes()
        self.assertEqual(wishes, {
            "flow": self.one_contact, "user": self.member, "channel": self.env["customer.contact.channel"]._of("phone"),
            "hours": "any", "lang": "en_US",
        })
        self.assertEqual(self.contact.service_hint, "One Person, Max Member, Phone")
        self.assertEqual(self.customer.service_hint, "Three Steps, Max Member, Phone, In the Morning")
        self.assertEqual(self._complain(self.customer).service_hint, "Phone, In the Morning")
        self.assertEqual(self._complain().service_hint, "Phone")

    def test_archived_flow_is_no_longer_offered(self):
        self.customer.service_flow_id = self.flow
        self.contact.service_flow_id = self.one_contact
        self.one_contact.active = False
        self._assert_route(self._complain(), self.flow, self.first, self.sales, self.env["res.users"])

    def test_change_counts_for_new_complaints(self):
        self.customer.service_flow_id = self.flow
        old = self._complain()
        self.customer.service_flow_id = self.one_contact
        self.assertEqual((old.flow_id, old.step_id), (self.flow, self.first))
        self.assertEqual(self._complain().flow_id, self.one_contact)

    def test_staff_changes_flow_of_a_complaint(self):
        self.customer.write({"service_flow_id": self.flow.id, "user_id": self.person.id})
        complaint = self._complain()
        complaint._hand_over()
        self.assertEqual(complaint.step_id, self.second)
        complaint.flow_id = self.one_contact
        self._assert_route(
            complaint, self.one_contact, self.env["customer.service.flow.step"], self.technical, self.person
        )
        self.assertFalse(complaint.step_deadline)
        complaint.flow_id = self.flow
        self._assert_route(complaint, self.flow, self.first, self.sales, self.env["res.users"])
        self.assertTrue(complaint.step_deadline)
        self.assertIn("Sales now handles your complaint", self._told(complaint)[0])
        self.assertIn("service option is now “Three Steps”. Now with: “First”", str(self._notes(complaint)[0].body))
        # Together with a flow, the team and the person that are given stay.
        complaint.write({"flow_id": self.one_contact.id, "user_id": self.member.id, "team_id": self.desk.id})
        self._assert_route(
            complaint, self.one_contact, self.env["customer.service.flow.step"], self.desk, self.member
        )
        complaint.flow_id = False
        self.assertFalse(complaint.step_id or complaint.step_deadline)

    def test_absent_person(self):
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        self._away(self.person)
        complaint = self._complain()
        self.assertEqual(complaint.user_id, self.leader)
        self.assertEqual(complaint.handler_name, "Lea Leader")
        self.assertEqual(
            self._told(complaint),
            ["Petra Person is not available at the moment. Lea Leader now handles your complaint."],
        )
        message = complaint.message_ids.filtered(lambda message: message.message_type == "auto_comment")
        self.assertEqual(message.partner_ids, self.contact)
        self._away(self.person, stop="2026-01-02")
        self.assertEqual(self._complain().user_id, self.person, "back at work")

    def test_time_off(self):
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        resource = self.env["resource.resource"].create({
            "name": "Petra", "user_id": self.person.id, "company_id": self.company.id,
            "calendar_id": self.week.id,
        })
        leave = self.env["resource.calendar.leaves"].create({
            "name": "Holidays", "resource_id": resource.id, "calendar_id": self.week.id,
            "date_from": "2026-01-01 00:00:00", "date_to": "2036-01-01 00:00:00",
        })
        self.assertEqual(self._complain().user_id, self.leader)
        leave.time_type = "other"
        self.assertEqual(self._complain().user_id, self.person, "training is no time off")

    def test_leader_is_absent_as_well(self):
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        self._away(self.person | self.leader)
        complaint = self._complain()
        self.assertEqual(complaint.user_id, self.person, "nobody is there to stand in")
        self.assertFalse(self._told(complaint))

    def test_archived_person(self):
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        self.person.active = False
        complaint = self._complain()
        self.assertEqual((complaint.user_id, len(self._told(complaint))), (self.leader, 1))
        self.leader.active = False
        complaint = self._complain()
        self.assertEqual((complaint.user_id, complaint.handler_name), (self.env["res.users"], "Sales"))
        self.assertIn("Sales now handles your complaint", self._told(complaint)[0])

    def test_person_of_another_company(self):
        other = self._make_company("Other Company")
        stranger = self._user("service_stranger", "Stranger", company=other)
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": stranger.id})
        self.assertEqual(self._complain().user_id, self.leader)

    def test_archived_later(self):
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        still_open, done = self._complain(), self._complain()
        done.stage_id = self.closed
        self.person.active = False
        self.assertEqual((still_open.user_id, done.user_id), (self.leader, self.person))
        self.assertEqual((len(self._told(still_open)), len(self._told(done))), (1, 0))

    def test_moved_to_another_company(self):
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        complaint = self._complain()
        other = self._make_company("Other Company")
        self.person.write({"company_id": other.id, "company_ids": [Command.set(other.ids)]})
        self.assertEqual(complaint.user_id, self.leader)

    def test_absent_later(self):
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        complaint = self._complain()
        self._cron()
        self.assertEqual(complaint.user_id, self.person)
        self._away(self.person)
        self.assertTrue(complaint.is_responsible_absent)
        self._cron()
        self._cron()
        self.assertEqual(complaint.user_id, self.leader)
        self.assertEqual(len(self._told(complaint)), 1, "told once")
        self.assertFalse(complaint.is_responsible_absent)

    def test_two_companies(self):
        """A flow that companies share: the team of a step belongs to one of them."""
        self.flow.company_id = False
        other = self._make_company("Other Company")
        team = self._team("Elsewhere", company=other, leader_id=False)
        self.env.user.company_ids |= other
        self.customer.service_flow_id = self.flow
        self.customer.with_company(other).service_flow_id = self.flow
        here, there = self._complain(), self._complain(company_id=other.id)
        self.assertEqual((here.team_id, here.step_id), (self.sales, self.first))
        self.assertEqual((there.team_id, there.step_id), (team, self.first))
        there._hand_over()
        self.assertEqual((there.team_id, there.step_id), (team, self.second))
        # Wishes are kept for each company.
        self.customer.service_flow_id = False
        self.assertFalse(self._complain().flow_id)
        self.assertEqual(self._complain(company_id=other.id).flow_id, self.flow)

    def test_company_without_teams(self):
        other = self._make_company("Other Company")
        self.env.user.company_ids |= other
        self.flow.company_id = False
        self.customer.with_company(other).service_flow_id = self.flow
        complaint = self._complain(company_id=other.id)
        self.assertFalse(complaint.team_id or complaint.user_id)
        self.assertEqual(complaint.handler_name, "Other Company")
        complaint._hand_over()
        self.assertEqual(complaint.step_id, self.second)

    def test_unknown_sender_becomes_known(self):
        self.customer.service_flow_id = self.flow
        complaint = self._complain(
            self.env["res.partner"], channel_id=channel(self.env, "email"), user_id=self.member.id
        )
        self.assertEqual((complaint.team_id, complaint.flow_id.id), (self.sales, False))
        complaint.partner_id = self.contact
        self._assert_route(complaint, self.flow, self.first, self.sales, self.member)
        self.assertTrue(complaint.step_deadline)

    def test_salesperson_without_other_teams(self):
        """Whoever may only see their own complaints routes them nevertheless."""
        clerk = self._user("service_clerk", "Clerk", groups="crm_customer_value.group_service_own")
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        complaint = self.env["customer.complaint"].with_user(clerk).create({
            "name": "Cold", "description": "Cold", "partner_id": self.contact.id, "company_id": self.company.id,
        })
        self.assertEqual(complaint.sudo().user_id, self.person)
        self.assertEqual(complaint.handler_name, "Petra Person")

    def test_address_does_not_outweigh_wishes(self):
        """An e-mail to the last team of one's flow begins with the first; without wishes, it stays there."""
        mail = {
            "email_from": "baker@example.com", "subject": "Cold", "body": "Cold", "message_id": "<cold@example.com>",
        }
        alias = {"team_id": self.desk.id, "company_id": self.company.id, "channel_id": channel(self.env, "email")}
        complaints = self.env["customer.complaint"]
        self.assertEqual(complaints.message_new(dict(mail), dict(alias)).team_id, self.desk)
        self.customer.service_flow_id = self.flow
        self._assert_route(
            complaints.message_new(dict(mail), dict(alias)), self.flow, self.first, self.sales, self.env["res.users"]
        )

    def test_customer_is_told_by_the_company(self):
        """Also when the customer's own complaint, or a scheduled action, makes somebody stand in."""
        self.customer.write({"service_flow_id": self.one_contact.id, "service_user_id": self.person.id})
        self._away(self.person)
        portal = self._user("service_portal", "Baker", groups="base.group_portal")
        for user, author in (
            (portal, self.company.partner_id),
            (self.env.ref("base.user_root"), self.company.partner_id),
            (self.member, self.member.partner_id),
        ):
            # sudo: as the portal's controller does.
            complaint = self.env["customer.complaint"].with_user(user).sudo().create({
                "name": "Cold", "description": "Cold", "partner_id": self.contact.id, "company_id": self.company.id,
            })
            message = complaint.message_ids.filtered(lambda message: message.message_type == "auto_comment")
            self.assertEqual(message.author_id, author)
