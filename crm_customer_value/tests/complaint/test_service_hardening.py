"""What people with some rights must not reach with them, by asking the server directly."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..complaint_common import ComplaintCase

ACL_LOGGER = "odoo.addons.base.models.ir_rule"
MODEL_LOGGER = "odoo.addons.base.models.ir_model"
KEPT = {
    "date_acknowledged": "2020-01-01", "date_answered": "2020-01-01", "date_closed": "2020-01-01",
    "date_stage": "2020-01-01", "date_bad_rating": "2020-01-01", "reopen_count": 7, "effort_score": 7,
    "customer_confirmed": "2020-01-01", "number": "CC1", "access_token": "known",
}


@tagged("post_install", "-at_install")
class TestServiceHardening(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._complaint(name="Mine", user_id=cls.desk.id)
        cls.hidden = cls._complaint(
            name="SECRET", user_id=cls.leader.id, partner_id=cls.neighbour.id, compensation=4321.0
        )
        cls.plain = new_test_user(
            cls.env, "hardening_plain", groups="base.group_user", company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.portal = new_test_user(
            cls.env, "hardening_portal", groups="base.group_portal", partner_id=cls.customer.id,
            email="oak@example.com", company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )
        cls.idea = cls.env["customer.suggestion"].create({
            "name": "Idea", "partner_id": cls.customer.id, "company_id": cls.company.id,
        })

    def setUp(self):
        super().setUp()
        for name in (ACL_LOGGER, MODEL_LOGGER):
            logger = mute_logger(name)
            logger.__enter__()
            self.addCleanup(logger.__exit__, None, None, None)

    @staticmethod
    def _mail(sender, subject="Broken"):
        return {
            "email_from": sender, "subject": subject, "body": "It broke", "cc": "", "recipients": "", "attachments": [],
        }

    def test_mail_by_hand_needs_the_right(self):
        """Only the gateway, and who may write a complaint, answers it as if by e-mail."""
        for user in (self.plain, self.portal, self.desk):
            for sender in ("oak@example.com", "who@example.com"):
                with self._refused("", AccessError):
                    self._as(user, self.hidden).message_update(self._mail(sender))
        self.assertFalse(self.hidden.activity_ids)
        self.assertTrue(self._as(self.desk, self.mine).message_update(self._mail("who@example.com")))
        self.assertEqual(len(self.mine.activity_ids), 1)

    def test_mail_by_hand_makes_no_contacts(self):
        contacts = self.env["res.partner"].search_count([])
        complaints = self.env["customer.complaint"]
        for user in (self.plain, self.portal, self.desk):
            with self._refused("", AccessError):
                self._as(user, complaints).message_new(self._mail("new.sender@example.com"))
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        made = self._as(self.desk, complaints).sudo().message_new(self._mail("oak@example.com"))
        self.assertEqual(made.partner_id, self.customer)
        made = complaints.message_new(self._mail("new.sender@example.com"))
        self.assertEqual(made.partner_id.email, "new.sender@example.com")

    def test_wizards_tell_nothing(self):
        """A wizard is no way to read what one may not read."""
        foreign = self.env["customer.suggestion"].create({"name": "SECRET", "company_id": self.other_company.id})
        invoicing = new_test_user(
            self.env, "hardening_invoicing",
            groups="crm_customer_value.group_service_own,account.group_account_invoice",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        own = self._as(invoicing, self._complaint(name="Own", user_id=invoicing.id))
        hidden, mine = self.hidden.id, own.id
        cases = [
            ("customer.complaint.credit", {"complaint_id": hidden, "amount": 1, "reason": "x", "invoice_id": False}),
            ("customer.complaint.reason", {"complaint_ids": [hidden], "purpose": "reject", "reason": "x"}),
            ("customer.complaint.merge", {"complaint_ids": [hidden], "target_id": mine}),
            ("customer.complaint.merge", {"complaint_ids": [mine], "target_id": hidden}),
        ]
        for model, values in cases:
            wizards = self._as(invoicing, self.env[model])
            with self.subTest(model=model, values=values), self._refused("", AccessError):
                wizards.create(values)
        wizard = self._as(invoicing, self.env["customer.complaint.credit"]).create({
            "complaint_id": mine, "amount": 1, "reason": "x", "invoice_id": False,
        })
        with self._refused("", AccessError):
            wizard.complaint_id = hidden
        # The form asks for values before anything is stored.
        with self._refused("", AccessError):
            wizard.browse().onchange(
                {"complaint_id": hidden}, ["complaint_id"],
                {"complaint_id": {}, "credited_amount": {}, "compensation": {}, "amount": {}, "customer_id": {}},
            )
        with self._refused("", AccessError):
            wizard.browse().onchange({"complaint_id": hidden}, ["complaint_id"], {"credited_amount": {}})
        if self._as(invoicing, foreign).has_access("read"):
            self.fail("suggestions of other companies are readable")
        for model, values in (
            ("customer.suggestion.decline", {"suggestion_id": foreign.id, "reason": "x"}),
            ("customer.suggestion.merge", {"suggestion_ids": [foreign.id], "target_id": self.idea.id}),
        ):
            with self.subTest(model=model), self._refused("", AccessError):
                self._as(invoicing, self.env[model]).create(values)

    def test_link_to_what_one_may_read(self):
        idea = self._as(self.desk, self.idea)
        with self._refused("", AccessError):
            idea.complaint_id = self.hidden.id
        with self._refused("", AccessError):
            idea.create({"name": "Another", "complaint_id": self.hidden.id})
        idea.complaint_id = self.mine.id
        self.assertEqual(self.idea.complaint_id, self.mine)

    def test_order_by_complaints_holds_no_money(self):
        """Sorted by their complaints, other records follow the bands, and the age within a band; not the amount."""
        low, high = self._complaint(user_id=self.desk.id), self._complaint(user_id=self.desk.id)
        low.amount_at_stake, high.amount_at_stake = 1.0, 1000.0
        low.date_received, high.date_received = "2026-01-01", "2026-01-02"
        ideas = self.env["customer.suggestion"]
        for complaint in low, high:
            ideas |= ideas.create({
                "name": complaint.name, "complaint_id": complaint.id, "company_id": self.company.id,
            })
        domain = [("id", "in", ideas.ids)]
        for ranks, expected in (((4, 4), low | high), ((4, 5), high | low)):
            low.stake_rank, high.stake_rank = ranks
            self.env.flush_all()
            for user in (self.desk, self.leader):
                found = self._as(user, ideas).search(domain, order="complaint_id")
                self.assertEqual(found.sudo().complaint_id.ids, expected.ids)
                queue = self._as(user, low).search([("id", "in", (low | high).ids)])
                self.assertEqual(queue.ids, expected.ids)
        groups = self._as(self.leader, ideas)._read_group(domain, ["complaint_id"], ["__count"])
        self.assertEqual(len(groups), 2)

    def test_history_is_nobodys_to_write(self):
        """Not even a manager says when something was answered, or how it was rated."""
        for user in (self.desk, self.manager):
            complaint = self._as(user, self.mine)
            for name, value in {**KEPT, "merged_into_id": self.hidden.id}.items():
                with self.subTest(name=name), self._refused("", AccessError):
                    complaint.write({name: value})
            for name, value in (("told_date", "2020-01-01"), ("number", "CS1"), ("support_count", 99),
                                ("merged_into_id", self.idea.id), ("access_token", "known")):
                with self.subTest(name=name), self._refused("", AccessError):
                    self._as(user, self.idea).write({name: value})
        with self._refused("", AccessError):
            self._as(self.desk, self.mine).create({"name": "x", "description": "x", "date_closed": "2020-01-01"})
        with self._refused("", AccessError):
            self._as(self.desk, self.mine).create({"name": "x", "description": "x", "number": "CC99999"})
        made = self._as(self.desk, self.mine).create({"name": "x", "description": "x"})
        self.assertTrue(made.number.startswith("CC"))

    def test_history_is_written_by_what_happens(self):
        """An ordinary user moves, reopens, merges; the dates and counts follow."""
        complaint = self._as(self.desk, self.mine)
        complaint.action_acknowledge()
        complaint.stage_id = self._stage("answered")
        complaint.action_close()
        self.assertTrue(complaint.date_acknowledged and complaint.date_answered and complaint.date_closed)
        complaint.sudo()._rate(1, effort=2)  # as the page does for customers
        self.assertTrue(complaint.effort_score == 2 and complaint.date_bad_rating)
        complaint._reopen("Still broken")
        self.assertEqual((complaint.reopen_count, complaint.date_closed), (1, False))
        twin = self._as(self.desk, self._complaint(user_id=self.desk.id))
        twin._merge_into(complaint)
        self.assertEqual((twin.state, twin.merged_into_id), ("closed", complaint))
        other = self._as(self.desk, self.idea.create({"name": "Same", "company_id": self.company.id}))
        other._merge_into(self._as(self.desk, self.idea))
        self.assertEqual((other.merged_into_id, other.active), (self.idea, False))

    def test_unknown_senders_stay_apart(self):
        """Who has a link to a complaint without contact reads what is merged into it."""
        first = self._complaint(partner_id=False, email_from="One <one@example.com>")
        second = self._complaint(partner_id=False, email_from="two@example.com")
        again = self._complaint(partner_id=False, email_from="ONE@example.com")
        oaks = self._complaint(partner_id=False, email_from="Oak@example.com")
        for source, target in ((first, second), (second, first), (first, self.mine), (self.mine, first)):
            with self._refused("no contact"):
                source._merge_into(target)
        again._merge_into(first)
        self.assertEqual(again.merged_into_id, first)
        oaks._merge_into(self.mine)
        self.assertEqual(oaks.merged_into_id, self.mine)

    def test_typed_address_is_not_the_contacts(self):
        complaint = self._complaint(partner_id=False, email_from="public@example.com")
        token = complaint._portal_ensure_token()
        complaint.partner_id = self.branch
        self.assertFalse(complaint.email_from)
        self.assertFalse(complaint._has_customer_email())
        self.assertNotEqual(complaint.access_token, token)
        complaint.partner_id = self.customer
        self.assertEqual(complaint.email_from, "oak@example.com")
        kept = self._complaint(partner_id=self.branch.id, email_from="branch@example.com")
        self.assertEqual(kept.email_from, "branch@example.com", "said together with the contact")

    def test_settings_stay_inside(self):
        for user, names in (
            (self.portal, ("complaint_hour_cost", "complaint_bad_rating")),
            (self.desk, ("complaint_hour_cost",)),
        ):
            for name in names:
                with self.subTest(name=name), self._refused("", AccessError):
                    self._as(user, self.company).read([name])
        self.company.complaint_hour_cost = 12.0
        self.assertEqual(self._as(self.manager, self.company).complaint_hour_cost, 12.0)

    def test_rejected_for_a_reason(self):
        """Whoever drags a card to a rejected stage is asked to say why."""
        complaint = self._as(self.desk, self.mine)
        with self._refused("Use the button Reject", ValidationError):
            complaint.stage_id = self._stage("rejected")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            complaint._reject(" ")
        complaint._reject("Used up")
        self.assertEqual((complaint.state, complaint.reject_reason), ("rejected", "Used up"))
        complaint._reopen("Not used up")
        self.assertFalse(complaint.reject_reason)
