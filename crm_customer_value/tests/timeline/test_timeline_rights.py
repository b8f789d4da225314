from datetime import date, datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .timeline_case import TimelineCase


@tagged("post_install", "-at_install")
class TestTimelineRights(TimelineCase):
    """Nobody finds or counts in the timeline what they may not read elsewhere."""

    def test_own_documents_only(self):
        """A salesperson finds their own orders; who sees all documents finds those of everybody."""
        self._order(self.bakery, date(2025, 3, 1), 100.0, user_id=self.seller.id, name="MINE")
        self._order(self.bakery, date(2025, 3, 2), 200.0, user_id=self.colleague.id, name="THEIRS")
        self.assertEqual(self._told(user=self.seller), [("order", "Order MINE")])
        self.assertEqual(self._counts(self.seller)["order"], 1)
        self.assertEqual(self._told(user=self.leader), [("order", "Order THEIRS"), ("order", "Order MINE")])
        self.assertEqual(self._counts(self.leader)["order"], 2)

    def test_contacts_of_others_customers(self):
        """Logs and notes of a colleague's customer, but for what one has made oneself."""
        self._log(summary="Mine", user_id=self.colleague.id)
        self._log(summary="Theirs")
        self._note()
        self._need(user_id=self.colleague.id)
        self.assertEqual(self._counts(self.seller), self._counts(self.leader))
        counts = self._counts(self.colleague)
        self.assertEqual((counts["contact"], counts["note"], counts["need"]), (1, 0, 1))
        entries = self._page(user=self.colleague)["entries"]
        self.assertEqual([entry["text"] for entry in entries], ["Mine", "The bill is too high."])

    def test_a_service_agent(self):
        """No purchases, no stages, and of complaints only their own."""
        self.bakery.user_id = False
        self._order(self.bakery, date(2025, 3, 1), 100.0)
        self._import()
        self._move()
        self._complaint(name="Mine", user_id=self.agent.id)
        self._complaint(name="Theirs", user_id=self.leader.id)
        self._log(user_id=self.leader.id)
        counts = self._counts(self.agent)
        self.assertFalse({"order", "invoice", "import", "stage"} & counts.keys())
        self.assertEqual((counts["complaint"], counts["contact"]), (1, 1))
        self.assertEqual([kind for kind, _title in self._told(user=self.agent)], ["complaint", "contact"])
        # Asked for by name, they are not there either.
        self.assertEqual(self._told(user=self.agent, kinds=["order", "stage"]), [])

    def test_an_employee_without_these_rights(self):
        """They read what every employee reads: who met whom."""
        self._log()
        self._meeting()
        counts = self._counts(self.clerk)
        self.assertEqual(counts["meeting"], 1)
        self.assertFalse({"contact", "note", "complaint", "order"} & counts.keys())

    def test_customers_have_no_timeline(self):
        """Not that of their own family either, whose suggestions and orders they may read."""
        customer = new_test_user(self.env, "timeline_portal", groups="base.group_portal", partner_id=self.baker.id)
        self._order(self.bakery, date(2025, 3, 1), 100.0)
        with self.assertRaises(AccessError):
            self.baker.with_user(customer).get_timeline()

    def test_a_contact_that_one_may_not_read(self):
        self.bakery.company_id = self.there
        with self.assertRaises(AccessError):
            self._page(user=self.seller)

    def test_other_companies(self):
        """Who works in both finds what belongs to the companies that are switched on."""
        both = self._user("timeline_both", "sales_team.group_sale_manager")
        both.company_ids |= self.there
        self._log(summary="Here")
        self._log(datetime(2025, 3, 6), summary="There", company_id=self.there.id)
        self._complaint(datetime(2025, 3, 7), company_id=self.there.id)
        for companies, texts, complaints in (
            (self.company, ["Here"], 0),
            (self.there, ["High", "There"], 1),
            (self.company | self.there, ["High", "There", "Here"], 1),
        ):
            with self.subTest(companies=companies.mapped("name")):
                page = self.bakery.with_user(both).with_context(allowed_company_ids=companies.ids).get_timeline()
                self.assertEqual([entry["text"] for entry in page["entries"]], texts)
                counts = {kind["name"]: kind["count"] for kind in page["kinds"]}
                self.assertEqual((counts["complaint"], counts["contact"]), (complaints, len(texts) - complaints))
        self.assertEqual([entry["text"] for entry in self._page(user=self.seller)["entries"]], ["Here"])

    def test_private_meetings(self):
        """Whom a colleague meets in private nobody finds out, nor how often."""
        self._meeting(privacy="private")
        self.assertEqual(self._told(user=self.colleague), [])
        self.assertEqual(self._counts(self.colleague)["meeting"], 0)
        self.assertEqual(self._told(user=self.seller), [("meeting", "Tasting")])
        # So are those without a word about it, of somebody whose meetings are private.
        ordinary = self._meeting(datetime(2025, 3, 6), name="Ordinary")
        self.assertEqual(self._told(user=self.colleague), [("meeting", "Ordinary")])
        self.env["res.users.settings"]._find_or_create_for_user(self.seller).calendar_default_privacy = "private"
        self.assertEqual(self._told(user=self.colleague), [])
        ordinary.privacy = "public"
        self.assertEqual(self._told(user=self.colleague), [("meeting", "Ordinary")])
        ordinary.unlink()
        event = self._meeting(datetime(2025, 3, 8), privacy="private", name="Invited")
        event.partner_ids = [Command.link(self.colleague.partner_id.id)]
        self.assertEqual(self._told(user=self.colleague), [("meeting", "Invited")])

    def test_amounts_for_some_groups_only(self):
        """An amount whose field is for a group is not told to others."""
        self._care()
        cost = self.env["customer.care.log"]._fields["cost"]
        self.assertEqual(self._page(user=self.seller)["entries"][0]["amount"], "$\u00a015.00")
        with patch.object(cost, "groups", "sales_team.group_sale_manager"):
            self.assertEqual(self._page(user=self.seller)["entries"][0]["amount"], "")

    def test_names_of_what_one_may_not_read(self):
        """An entry names what it leads to, as a form does, and does not fail over it."""
        self._measurement(self._metric())
        self.env["ir.rule"].create({
            "name": "No metrics", "domain_force": "[(0, '=', 1)]",
            "model_id": self.env["ir.model"]._get_id("customer.benefit.metric"),
        })
        self.assertEqual(self._told(user=self.seller), [("measurement", "Energy: 80\u00a0kWh")])
