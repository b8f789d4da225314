from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

GROUP = "crm_customer_value.group_service_%s"


@tagged("post_install", "-at_install")
class TestServiceRights(TransactionCase):
    """Who of the employees sees which complaints: own, of the team, all, none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.here = cls.env["res.company"].create({"name": "Rights Here"})
        cls.there = cls.env["res.company"].create({"name": "Rights There"})
        cls.env.user.company_ids |= cls.here | cls.there
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": (cls.here | cls.there).ids})

        def user(name, group):
            return new_test_user(
                cls.env, f"rights_{name}", groups=group, company_id=cls.here.id,
                company_ids=[Command.set(cls.here.ids)],
            )

        cls.own = user("own", GROUP % "own")
        cls.member = user("member", GROUP % "team")
        cls.leader = user("leader", GROUP % "team")
        cls.everything = user("all", GROUP % "all")
        cls.manager = user("manager", GROUP % "manager")
        cls.clerk = user("clerk", "base.group_user")
        cls.seller = user("seller", "sales_team.group_sale_salesman")
        team = cls.env["customer.complaint.team"]
        cls.team = team.create({
            "name": "Rights Team", "company_id": cls.here.id, "leader_id": cls.leader.id,
            "member_ids": [Command.set((cls.member | cls.own).ids)],
        })
        cls.other_team = team.create({"name": "Rights Other Team", "company_id": cls.here.id})
        cls.far_team = team.create({
            "name": "Rights Far Team", "company_id": cls.there.id, "leader_id": cls.leader.id,
            "member_ids": [Command.set((cls.member | cls.own).ids)],
        })
        cls.partner = cls.env["res.partner"].create({"name": "Rights Customer"})
        cls.sellers = cls.env["res.partner"].create({"name": "Seller's Customer", "user_id": cls.seller.id})

        def complaint(name, team, user=None, partner=None, company=None):
            complaint = cls.env["customer.complaint"].create({
                "name": name, "description": "<p>words</p>", "team_id": team.id,
                "partner_id": (partner or cls.partner).id, "company_id": (company or cls.here).id,
            })
            # Whatever routing thinks of it: these rights are about who is responsible.
            complaint.write({"user_id": user.id if user else False, "team_id": team.id})
            return complaint

        cls.taken = complaint("Taken by a colleague", cls.team, cls.member)
        cls.free = complaint("Free in the team", cls.team)
        cls.mine = complaint("Own, in a strange team", cls.other_team, cls.own)
        cls.strange = complaint("Strange", cls.other_team, cls.everything)
        cls.sold = complaint("Of the seller's customer", cls.other_team, cls.everything, cls.sellers)
        cls.far = complaint("In the other company", cls.far_team, company=cls.there)
        cls.complaints = cls.taken | cls.free | cls.mine | cls.strange | cls.sold | cls.far

    def _as(self, user, records=None):
        records = self.env["customer.complaint"] if records is None else records
        return records.with_user(user).with_context(allowed_company_ids=self.here.ids)

    def _visible(self, user):
        domain = [("id", "in", self.complaints.ids)]
        found = self._as(user).search(domain)
        [[count]] = self._as(user)._read_group(domain, [], ["__count"])
        self.assertEqual(count, len(found))
        return found.sudo()

    def test_who_sees_what(self):
        here = self.complaints - self.far
        for user, expected in (
            (self.own, self.free | self.mine),
            (self.member, self.taken | self.free),
            (self.leader, self.taken | self.free),
            (self.everything, here),
            (self.manager, here),
            (self.seller, self.sold),
        ):
            self.assertEqual(set(self._visible(user)), set(expected), user.login)
            for complaint in self.complaints - expected:
                for attempt in (
                    lambda record: record.read(["name"]),
                    lambda record: record.write({"name": "Taken over"}),
                    lambda record: record.message_post(body="x"),
                ):
                    with self.assertRaises(AccessError, msg=f"{user.login}: {complaint.name}"):
                        attempt(self._as(user, complaint))
        with self.assertRaises(AccessError):
            self._visible(self.clerk)

    def test_who_deletes(self):
        for user in (self.own, self.member, self.leader, self.everything):
            with self.assertRaises(AccessError):
                self._as(user, self._visible(user)[:1]).unlink()
        self._as(self.manager, self.strange).unlink()

    def test_received_by_oneself(self):
        """Whoever took a complaint in sees how it goes on, also in others' hands."""
        complaint = self._as(self.own).create({
            "name": "Heard on the phone", "description": "<p>words</p>", "team_id": self.other_team.id,
            "partner_id": self.partner.id, "company_id": self.here.id,
        })
        complaint.sudo().user_id = self.everything
        self.assertIn(complaint, self._as(self.own).search([]))
        self.assertNotIn(complaint.sudo(), self._as(self.member).search([]).sudo())

    def test_companies_of_several(self):
        """Membership in a team of a company one does not work for opens nothing; working for it does."""
        self.assertNotIn(self.far, self._visible(self.leader))
        self.leader.company_ids |= self.there
        with_both = self.env["customer.complaint"].with_user(self.leader).with_context(
            allowed_company_ids=(self.here | self.there).ids
        )
        self.assertIn(self.far, with_both.search([]).sudo())
        self.assertNotIn(self.far, self._visible(self.leader), "not while it is switched off")

    def test_escalations_stay_in_their_company(self):
        far = self.env["customer.complaint"].create({
            "name": "Far away", "description": "<p>words</p>", "team_id": self.far_team.id,
            "partner_id": self.partner.id, "company_id": self.there.id,
        })
        escalations = self.env["customer.complaint.escalation"].create([
            {"complaint_id": complaint.id, "round": 0, "level": 1, "deadline_kind": "resolve", "due": "2026-01-01"}
            for complaint in (far, self.free)
        ])
        found = self._as(self.everything, escalations).search([("id", "in", escalations.ids)])
        self.assertEqual(found.complaint_id.ids, self.free.ids)

    def test_money_at_stake(self):
        """Whoever has only the own complaints neither reads, searches, groups nor sums what is at stake."""
        field = "amount_at_stake"
        own = self._as(self.own)
        for attempt in (
            lambda: own.search([(field, ">", 100)]),
            lambda: own.search([("id", "any", [(field, ">", 100)])]),
            lambda: own._read_group([], [field], ["__count"]),
            lambda: own._read_group([], [], [f"{field}:sum"]),
            lambda: own._read_group([], ["team_id"], [f"{field}:max"]),
            lambda: own._read_group([], ["team_id"], ["__count"], having=[(f"{field}:sum", ">", 1)]),
            lambda: own.formatted_read_group([], ["team_id"], ["__count"], order=f"{field}:sum desc"),
            lambda: self._as(self.own, self.mine).read([field]),
            lambda: self._as(self.own, self.mine).filtered_domain([(field, ">", 100)]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(UserError):
            self._as(self.own, self.mine).export_data([field])
        self.assertNotIn(field, own.fields_get())
        for user in (self.member, self.leader, self.everything, self.manager):
            self._as(user).search([(field, ">", 100)])
            self.assertIn(field, self._as(user).fields_get())
