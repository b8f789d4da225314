from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tests import Form, new_test_user, tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestTakeover(CustomerValueCase):
    """Nobody becomes responsible for a customer of somebody else by writing so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        def user(login, groups, **values):
            return new_test_user(
                cls.env, login, groups=f"{groups},base.group_partner_manager", company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)], **values,
            )

        cls.mallory = user("takeover_mallory", "sales_team.group_sale_salesman")
        cls.bob = user("takeover_bob", "sales_team.group_sale_salesman", name="Bob Seller")
        cls.boss = user("takeover_boss", "sales_team.group_sale_salesman", name="Lea Leader")
        cls.everything = user("takeover_all", "sales_team.group_sale_salesman_all_leads")
        cls.agent = user("takeover_agent", "crm_customer_value.group_service_own")
        cls.clerk = user("takeover_clerk", "base.group_user")
        cls.sales_team = cls.env["crm.team"].create({
            "name": "Takeover Team", "user_id": cls.boss.id, "company_id": cls.company.id,
            "member_ids": [Command.set((cls.bob | cls.boss).ids)],
        })
        cls.bobs = cls._partner("Bob's Bakery", is_company=True, user_id=cls.bob.id)
        cls.baker = cls._partner("Bob's Baker", parent_id=cls.bobs.id)
        # As if typed in before the company had a salesperson.
        cls.baker.user_id = False
        cls.mine = cls._partner("Mallory's Mill", is_company=True, user_id=cls.mallory.id)
        cls.nobodys = cls._partner("Nobody's Nursery", is_company=True)
        cls.complaints = cls.env["customer.complaint"]
        # Nobody in whose teams the attackers are handles it.
        cls.team = cls.env["customer.complaint.team"].create({"name": "Takeover Desk", "company_id": cls.company.id})
        for partner in (cls.baker, cls.bobs, cls.nobodys):
            cls.complaints |= cls._complaint(partner, user_id=cls.everything.id)

    @classmethod
    def _complaint(cls, partner, **values):
        complaint = cls.env["customer.complaint"].create({
            "name": f"{partner.name} complains", "description": "<p>Secret</p>", "partner_id": partner.id,
            "company_id": cls.company.id, "team_id": cls.team.id,
        })
        complaint.write({"user_id": False, "team_id": cls.team.id, **values})
        return complaint

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _readable(self, user):
        complaints = self._as(user, self.env["customer.complaint"])
        if not complaints.has_access("read"):
            return complaints.browse().sudo()
        return complaints.search([("id", "in", self.complaints.ids)]).sudo()

    def _refused(self, user, words, attempt, *args):
        """Expect a refusal, after which the user reads as little as before, and undo what led to it."""
        before = self._readable(user)
        # Commands on the contacts of a contact run as whoever began the transaction: here as in a request.
        transaction = self.env.transaction
        origin, transaction.default_env = transaction.default_env, self._as(user, self.bobs).env
        try:
            with self.assertRaisesRegex(AccessError, words), self.env.cr.savepoint():
                attempt(*args)
        finally:
            transaction.default_env = origin
        self.env.invalidate_all()
        self.assertEqual(self._readable(user), before)

    def test_salesperson_of_somebody_elses_customer(self):
        """By RPC, by the form, by import, for the company and for its contacts, for oneself, another one, nobody."""
        self.assertFalse(self._readable(self.mallory))
        mine, another = self.mallory.id, self.everything.id
        for partner, values in ((self.bobs, (mine, another, False)), (self.baker, (mine, another))):
            record = self._as(self.mallory, partner)
            for value in values:
                self._refused(self.mallory, "Ask .*Bob Seller, Lea Leader", record.write, {"user_id": value})
        self._refused(self.agent, "Bob Seller", self._as(self.agent, self.bobs).write, {
            "user_id": self.agent.id,
        })
        with Form(self._as(self.mallory, self.bobs)) as form:
            form.comment = "Large"
        self._refused(self.mallory, "Bob Seller", self._save_form, self.bobs)
        bobs = self._as(self.mallory, self.bobs)
        xml_id = self.bobs.export_data(["id"])["datas"][0][0]
        result = bobs.load(["id", "user_id/.id"], [[xml_id, str(self.mallory.id)]])
        self.assertFalse(result["ids"])
        self.assertIn("Bob Seller", result["messages"][0]["message"])
        self.assertEqual(self.bobs.user_id, self.bob)

    def _save_form(self, partner):
        with Form(self._as(self.mallory, partner)) as form:
            form.user_id = self.mallory

    def test_who_may_take_over(self):
        """All documents, the leader of the salesperson's team, the salesperson."""
        for user, target in (
            (self.everything, self.mallory), (self.boss, self.boss), (self.bob, self.mallory),
        ):
            with self.subTest(user.login):
                self.bobs.user_id = self.bob
                self._as(user, self.bobs).user_id = target
                self.assertEqual(self.bobs.user_id, target)
        # The leader of another team decides nothing.
        self.bobs.user_id = self.mallory
        self._refused(self.boss, "takeover_mallory", self._as(self.boss, self.bobs).write, {
            "user_id": self.boss.id,
        })

    def test_nobodys_customer(self):
        """Free for all without documents of others, whatever they are."""
        fresh = self._partner("Fresh", is_company=True)
        self._as(self.mallory, fresh).user_id = self.mallory
        self.assertEqual(fresh.user_id, self.mallory)
        self._refused(self.mallory, "all documents", self._as(self.mallory, self.nobodys).write, {
            "user_id": self.mallory.id,
        })
        self._as(self.everything, self.nobodys).user_id = self.mallory
        contact = self._partner("Its contact")
        for name, make in (
            ("order", lambda partner: self._order(partner, 5, 10.0, user_id=self.bob.id)),
            ("quotation", lambda partner: self._order(partner, 5, 10.0, state="draft", user_id=self.bob.id)),
            ("lead", lambda partner: self.env["crm.lead"].create({
                "name": "Lead", "partner_id": partner.id, "user_id": self.bob.id, "company_id": self.company.id,
            })),
            ("complaint", self._complaint),
        ):
            for below in (False, True):
                customer = self._partner(name, is_company=True)
                contact = self._partner("Contact", parent_id=customer.id) if below else customer
                document = make(contact)
                document.flush_recordset()
                for user in (self.mallory, self.agent):
                    with self.subTest(name, below=below, user=user.login):
                        self._refused(user, "all documents", self._as(user, customer).write, {
                            "user_id": user.id,
                        })
        for user_id in (False, self.mallory.id):
            customer = self._partner("Worked with oneself")
            self._order(customer, 5, 10.0, user_id=user_id)
            self._as(self.mallory, customer).user_id = self.mallory
            self.assertEqual(customer.user_id, self.mallory)

    def test_subsidiaries_are_customers_of_their_own(self):
        group = self._partner("Group", is_company=True)
        subsidiary = self._partner("Subsidiary", is_company=True, parent_id=group.id, user_id=self.bob.id)
        self._complaint(subsidiary)
        self._as(self.mallory, group).user_id = self.mallory
        self.assertEqual((group.user_id, subsidiary.user_id), (self.mallory, self.bob))

    def test_into_ones_own_family(self):
        """A contact that joins a customer of one's own brings along its complaints."""
        for partner, words in (
            (self.bobs, "Bob Seller"), (self.baker, "all documents"), (self.nobodys, "all documents"),
        ):
            for number, attempt in enumerate((
                lambda record: record.write({"parent_id": self.mine.id, "is_company": False}),
                lambda record: record.write({"parent_id": self.mine.id, "is_company": True}),
                lambda record: (record.write({"is_company": False}), record.write({"parent_id": self.mine.id})),
                lambda record: self._as(self.mallory, self.mine).write({
                    "child_ids": [Command.link(record.id), Command.update(record.id, {"is_company": False})],
                }),
                lambda record: record.create({
                    "name": "New", "user_id": self.mallory.id,
                    "child_ids": [Command.update(record.id, {"is_company": False}), Command.link(record.id)],
                }),
            )):
                with self.subTest(partner.name, number=number):
                    self._refused(self.mallory, words, attempt, self._as(self.mallory, partner))
        # Told to be a part of the group that owns it already.
        part = self._partner("Part", is_company=True, parent_id=self.mine.id, user_id=self.bob.id)
        self.complaints |= self._complaint(part, user_id=self.everything.id)
        for values in ({"is_company": False}, {"company_type": "person"}):
            self._refused(self.mallory, "Bob Seller", self._as(self.mallory, part).write, values)

    def test_out_of_a_family(self):
        """A contact that leaves the company, or loses it, is a customer of its own."""
        baker = self._as(self.mallory, self.baker)
        for values in ({"parent_id": False}, {"is_company": True}):
            self._refused(self.mallory, "all documents", baker.write, values)
        # Who brings nothing along changes the employer.
        other = self._partner("Another Baker", parent_id=self.bobs.id)
        self._as(self.mallory, other).parent_id = self.mine
        self.assertEqual(other.commercial_partner_id, self.mine)
        self._as(self.bob, self.baker).write({"parent_id": False})
        self.assertEqual(self.baker.commercial_partner_id, self.baker)

    def test_what_is_noted_of_a_contact(self):
        """It follows the contact, and who reads it follows from the customer. What was logged stays behind."""
        rule = self.env["customer.care.rule"].create({
            "name": "Thanks", "company_id": self.company.id, "action": "lead", "lead_name": "Thanks",
        })
        for model, values in (
            ("customer.contact.note", {"text": "Secret"}),
            ("customer.life.event", {"name": "Secret"}),
            ("customer.feedback", {
                "scale": "nps", "about": "company", "state": "answered", "score": 2, "points": 20.0,
            }),
            ("customer.care.log", {"rule_id": rule.id, "occasion": "secret", "date": "2026-03-01"}),
            ("customer.offer", {"product_id": self.product.id}),
            ("customer.contact.log", {"summary": "Secret"}),
        ):
            contact = self._partner("Another Baker", parent_id=self.bobs.id)
            record = self.env[model].create({"partner_id": contact.id, "company_id": self.company.id, **values})
            seen = self._as(self.mallory, self.env[model])
            attempt = self._as(self.mallory, contact).write
            with self.subTest(model):
                if model == "customer.contact.log":
                    attempt({"parent_id": self.mine.id})
                else:
                    self._refused(self.mallory, "all documents", attempt, {"parent_id": self.mine.id})
                self.assertFalse(seen.search([("id", "=", record.id)]))
                self._as(self.bob, contact).parent_id = self.bobs
                self.assertIn(record, self._as(self.bob, self.env[model]).search([]))

    def test_amounts_of_a_colleague_stay_hidden_behind_ones_own_contact(self):
        """Taking the contact with a colleague's orders out of one's own customer would show the rest as a sum."""
        contact = self._partner("Buyer", parent_id=self.mine.id)
        self._order(contact, 5, 900.0, user_id=self.bob.id)
        self._order(self.mine, 4, 100.0, user_id=self.mallory.id)
        self._recompute()
        value = self._as(self.mallory, self._value(self.mine))
        self.assertEqual(value.shown_revenue_12m, 0.0)
        self._refused(self.mallory, "all documents", self._as(self.mallory, contact).write, {
            "parent_id": False,
        })

    def test_merging(self):
        """The merge moves documents by SQL."""
        for partner, words in (
            (self.bobs, "Bob Seller"), (self.baker, "all documents"), (self.nobodys, "all documents"),
        ):
            merge = self._as(self.mallory, self.env["base.partner.merge.automatic.wizard"]).create({
                "partner_ids": [Command.set((partner | self.mine).ids)], "dst_partner_id": self.mine.id,
            })
            self._refused(self.mallory, words, merge.action_merge)
        twin = self._partner("Twin", is_company=True, user_id=self.mallory.id)
        merge = self._as(self.mallory, self.env["base.partner.merge.automatic.wizard"]).create({
            "partner_ids": [Command.set((twin | self.mine).ids)], "dst_partner_id": self.mine.id,
        })
        merge.action_merge()
        self.assertFalse(twin.exists())

    def test_portal_account_below_somebody_elses_customer(self):
        """An account with an address of one's own, below somebody else's customer, would read the complaints."""
        def grant(partner):
            wizard = self._as(self.mallory, self.env["portal.wizard"]).create({
                "partner_ids": [Command.set(partner.ids)],
            })
            wizard.user_ids.action_grant_access()

        contact = self._as(self.mallory, self.env["res.partner"]).create({
            "name": "Spy", "parent_id": self.bobs.id, "email": "spy@example.com",
        })
        self._refused(self.mallory, "Bob Seller", grant, contact)
        mine = self._partner("Miller", parent_id=self.mine.id, email="miller@example.com")
        grant(mine)
        self.assertTrue(mine.user_ids._is_portal())

    def test_the_stored_customer_is_not_written(self):
        """The rules follow the stored customer of a contact, which follows from its company, and from nothing else."""
        mine = self._as(self.mallory, self.mine)
        values = {"commercial_partner_id": self.mine.id}
        for partner in (self.bobs, self.baker, self.nobodys):
            self._refused(
                self.mallory, "belongs to the customer of its company", self._as(self.mallory, partner).write, values
            )
            self._refused(self.mallory, "belongs to the customer of its company", mine.write, {
                "child_ids": [Command.update(partner.id, values)],
            })
        self._refused(self.mallory, "belongs to the customer of its company", mine.create, {
            "name": "Spy", "user_id": self.mallory.id, "commercial_partner_id": self.bobs.id,
        })
        self._as(self.mallory, self.baker).write({"phone": "2", "commercial_partner_id": self.bobs.id})
        self.assertEqual((self.baker.phone, self.baker.commercial_partner_id), ("2", self.bobs))

    def test_portal_account_moved_to_somebody_elses_customer(self):
        """The account comes first, for a contact of one's own, which then is put below somebody else's customer."""
        spy = self._partner("Spy", email="spy@example.com", user_id=self.mallory.id)
        below = self._partner("Spy's Spy", email="spy2@example.com", parent_id=spy.id)
        wizard = self._as(self.mallory, self.env["portal.wizard"]).create({"partner_ids": [Command.set(below.ids)]})
        wizard.user_ids.action_grant_access()
        account = below.user_ids
        self.assertTrue(account._is_portal())
        for contact in (spy, below):
            self._refused(self.mallory, "Bob Seller", self._as(self.mallory, contact).write, {
                "parent_id": self.bobs.id,
            })
        self.assertFalse(self._readable(account))
        # One's own customers, and contacts without an account, are moved as ever.
        self._as(self.mallory, spy).parent_id = self.mine
        self.assertEqual(below.commercial_partner_id, self.mine)
        plain = self._partner("Plain", user_id=self.mallory.id)
        self._as(self.mallory, plain).parent_id = self.bobs
        self.assertEqual(plain.commercial_partner_id, self.bobs)

    def test_sharing_a_document_gives_no_account(self):
        """The note about the e-mail would show whoever shares it how to sign up as somebody else's customer."""
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        self.baker.email = "baker@example.com"
        miller = self._partner("Miller", parent_id=self.mine.id, email="miller@example.com")
        order = self._order(self.mine, 5, 10.0, user_id=self.mallory.id, team_id=False)
        for partner, invited in ((self.baker, False), (miller, True)):
            order.access_token = False
            before = order.message_ids
            self._as(self.mallory, self.env["portal.share"]).create({
                "res_model": order._name, "res_id": order.id, "partner_ids": [Command.set(partner.ids)],
            }).action_send_mail()
            note = order.message_ids - before
            self.assertEqual(note.partner_ids, partner)
            self.assertEqual("/web/signup" in note.body, invited)

    def test_nobody_asks_for_the_token_of_an_account(self):
        """With it, any employee would sign up as a contact of a customer."""
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        for user in (self.clerk, self.mallory, self.agent):
            with self.assertRaises(AccessError):
                get_public_method(self._as(user, self.baker), "signup_get_auth_param")
        # Programs still put it into e-mails.
        self.assertTrue(self._as(self.mallory, self.baker).signup_get_auth_param()[self.baker.id])

    def test_deleting_the_company(self):
        part = self._partner("Empty Holding", is_company=True, user_id=self.bob.id)
        contact = self._partner("Held", parent_id=part.id)
        contact.user_id = False
        self.complaints |= self._complaint(contact)
        self.env.flush_all()
        self._refused(self.mallory, "all documents", self._as(self.mallory, part).unlink)
        self.assertTrue(part.exists())

    def test_ordinary_work(self):
        """New contacts, other fields, nothing new, and what Odoo does by itself."""
        fresh = self._as(self.mallory, self.env["res.partner"]).create({"name": "New", "user_id": self.mallory.id})
        below = fresh.create({"name": "Below", "parent_id": self.bobs.id})
        self.assertEqual(below.commercial_partner_id.sudo(), self.bobs)
        bobs = self._as(self.mallory, self.bobs)
        bobs.write({"phone": "1", "user_id": self.bob.id, "is_company": True, "parent_id": False})
        self.assertEqual(self.bobs.phone, "1")
        bobs.sudo().user_id = self.mallory
        self.assertEqual(self.bobs.user_id, self.mallory)
        lead = self._as(self.bob, self.env["crm.lead"]).create({
            "name": "Lead", "partner_name": "Lead Company", "contact_name": "Lead Person", "type": "lead",
        })
        lead.convert_opportunity(False)
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.partner_id.commercial_partner_id.name, "Lead Company")

    def test_other_companies_count_only_where_one_works(self):
        """Documents of a company one may never open tell nothing, those of one that is switched off do."""
        other = self._make_company("Takeover Elsewhere")
        customer = self._partner("Shared", is_company=True)
        self._order(customer, 5, 10.0, company=other, user_id=self.bob.id, team_id=False)
        self._as(self.mallory, customer).user_id = self.mallory
        self.assertEqual(customer.user_id, self.mallory)
        customer.user_id = False
        self.mallory.company_ids |= other
        self._refused(self.mallory, "all documents", self._as(self.mallory, customer).write, {
            "user_id": self.mallory.id,
        })

    def test_who_works_with_contacts_only(self):
        """Whoever has contact rights and nothing else takes no customer over either, nor does so for somebody."""
        clerk = self.clerk
        self.assertFalse(clerk.has_group("crm_customer_value.group_service_own"))
        imported = self._partner("Imported Inn", is_company=True)
        self.env["customer.purchase.history"].create({
            "partner_id": imported.id, "company_id": self.company.id, "date": "2026-01-02", "amount": 10.0,
        })
        sold = self._partner("Sold Shop", is_company=True)
        self._order(sold, 5, 10.0, user_id=self.bob.id, team_id=False)
        for partner, words in (
            (self.bobs, "Bob Seller"), (self.baker, "all documents"), (self.nobodys, "all documents"),
            (imported, "all documents"), (sold, "all documents"),
        ):
            for values in ({"parent_id": self.mine.id}, {"user_id": self.mallory.id}):
                if partner == self.baker and "user_id" in values:
                    continue
                self._refused(clerk, words, self._as(clerk, partner).write, values)
        self._refused(clerk, "all documents", self._as(clerk, self.mine).write, {
            "child_ids": [Command.link(self.baker.id)],
        })
        self._refused(clerk, "belongs to the customer of its company", self._as(clerk, self.baker).write, {
            "commercial_partner_id": self.mine.id,
        })
        # Ordinary work with contacts goes on.
        fresh = self._as(clerk, self.env["res.partner"]).create({"name": "New", "parent_id": self.bobs.id})
        fresh.write({"phone": "1", "parent_id": self.mine.id})
        self.assertEqual(fresh.commercial_partner_id.sudo(), self.mine)
        self._as(clerk, self.bobs).write({"phone": "1", "is_company": True})

    def test_following_and_activities_open_nothing(self):
        """Nobody becomes a follower of, or gets an activity on, a complaint that they may not read."""
        foreign = self.complaints[:1]
        mine = self._complaint(self.mine)
        complaint, own = self._as(self.mallory, foreign), self._as(self.mallory, mine)
        partner = self.mallory.partner_id
        self.assertFalse(complaint.message_subscribe(partner.ids))
        activity = own.activity_schedule("mail.mail_activity_data_todo", user_id=self.mallory.id)
        for attempt in (
            lambda: complaint.message_subscribe((partner | self.bob.partner_id).ids),
            lambda: complaint.write({"message_partner_ids": [Command.link(partner.id)]}),
            lambda: self._as(self.mallory, self.env["mail.followers"]).create({
                "res_model": foreign._name, "res_id": foreign.id, "partner_id": partner.id,
            }),
            lambda: complaint.activity_schedule("mail.mail_activity_data_todo", user_id=self.mallory.id),
            lambda: activity.write({"res_id": foreign.id}),
            complaint.copy,
            lambda: complaint.write({"user_id": self.mallory.id}),
            lambda: self._as(self.mallory, self.team).write({"member_ids": [Command.link(self.mallory.id)]}),
            lambda: self._as(self.mallory, self.team).write({"leader_id": self.mallory.id}),
            lambda: self._as(self.mallory, self.sales_team).write({"member_ids": [Command.link(self.mallory.id)]}),
            lambda: self._as(self.mallory, self.env["crm.team.member"]).create({
                "crm_team_id": self.sales_team.id, "user_id": self.mallory.id,
            }),
        ):
            self._refused(self.mallory, "", attempt)
        self.assertNotIn(partner, foreign.message_partner_ids)
