from datetime import datetime, time

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .level_case import LevelCase

REPAIR = "crm_customer_value.mail_activity_type_relationship"


@tagged("post_install", "-at_install")
class TestRelationship(LevelCase):
    """A relationship is broken because somebody says so, or a severe complaint is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "rel_seller", groups="sales_team.group_sale_salesman", company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.customer = cls._customer("Customer", user_id=cls.seller.id)
        cls.contact = cls._partner("Contact", parent_id=cls.customer.id)
        cls.calm = cls._customer("Calm")
        cls._recompute()

    def _complaint(self, severity="high"):
        return self.env["customer.complaint"].create({
            "name": "Wrong", "description": "Wrong", "partner_id": self.contact.id, "company_id": self.company.id,
            "severity": severity,
        })

    def test_by_hand(self):
        with freeze_time(datetime.combine(self.today, time(12))):
            self.contact.with_user(self.seller)._break_relationship(" Three wrong deliveries ")
        value = self._value(self.customer)
        value.invalidate_recordset()
        self.assertTrue(self.contact.is_relationship_broken and self.customer.is_relationship_broken)
        self.assertEqual(value.relationship_broken_on, self.today, "on the value without waiting for a recompute")
        self.assertEqual(self.customer.relationship_broken_reason, "Three wrong deliveries")
        self.assertEqual(self.customer.activity_search([REPAIR]).user_id, self.seller)
        self.assertEqual(value.with_user(self.seller).next_step_kind, "broken")
        self.assertIn("Three wrong deliveries", value.with_user(self.seller).next_step)
        self.assertFalse(self.calm.is_relationship_broken)
        partners = self.env["res.partner"]
        found = partners.search([("is_relationship_broken", "=", True), ("id", "in", (
            self.customer | self.contact | self.calm).ids)])
        self.assertEqual(found, self.customer | self.contact)
        self.assertNotIn(self.contact, partners.search([("is_relationship_broken", "=", False)]))

    def test_twice_is_once(self):
        with freeze_time("2026-03-02 12:00:00"):
            self.customer._break_relationship("First")
        self.customer._break_relationship("Second")
        self.assertEqual(str(self.customer.relationship_broken_on), "2026-03-02", "broken since the first day")
        self.assertEqual(self.customer.relationship_broken_reason, "Second")
        self.assertEqual(len(self.customer.activity_search([REPAIR])), 1)

    def test_mended(self):
        self.customer._break_relationship("Wrong")
        self.contact.action_mend_relationship()
        value = self._value(self.customer)
        value.invalidate_recordset()
        self.assertFalse(self.customer.is_relationship_broken or value.relationship_broken_on)
        self.assertFalse(self.customer.activity_search([REPAIR]))

    def test_by_a_severe_complaint(self):
        complaint = self._complaint("low")
        self._recompute(partners=self.customer)
        self.assertFalse(self.customer.is_relationship_broken)
        complaint.severity = "critical"
        self._recompute(partners=self.customer)
        self.customer.invalidate_recordset()
        self.assertTrue(self.customer.is_relationship_broken)
        self.assertEqual(self._value(self.customer).relationship_broken_on, complaint.date_received.date())
        self.assertFalse(self.customer.relationship_note, "what it is about is for those to read who may")
        complaint.severity = "medium"
        self._recompute(partners=self.customer)
        self.customer.invalidate_recordset()
        self.assertFalse(self.customer.is_relationship_broken or self._value(self.customer).relationship_broken_on)

    def test_first_of_both_days(self):
        with freeze_time("2026-03-02 12:00:00"):
            self.customer._break_relationship("Wrong")
        self._complaint()
        self._recompute(partners=self.customer)
        self.assertEqual(str(self._value(self.customer).relationship_broken_on), "2026-03-02")

    def test_first_in_the_list(self):
        """Broken relationships stand before broken promises, these before the others, by level and by day."""
        self._level("Key", 10, contact_days=30)
        self.calm._break_relationship("Wrong")
        self._recompute()
        found = self.env["customer.value"].search(
            [("company_id", "=", self.company.id)], order="relationship_broken_on, care_level_id, care_due_on"
        )
        self.assertEqual(found[0].partner_id, self.calm)

    def test_needs_a_reason_and_the_right(self):
        with self.assertRaises(UserError):
            self.customer._break_relationship("  ")
        employee = new_test_user(
            self.env, "rel_employee", groups="base.group_user", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.customer.with_user(employee)._break_relationship("I say so")
        with self.assertRaises(AccessError):
            self.env["customer.relationship.break"].with_user(employee).create({
                "partner_id": self.customer.id, "reason": "I say so",
            })

    def test_the_dialog(self):
        dialog = self.env["customer.relationship.break"].with_user(self.seller).with_context(
            active_model="res.partner", active_id=self.contact.id
        ).create({"reason": "Wrong"})
        self.assertEqual(dialog.partner_id, self.customer)
        dialog.action_break()
        self.assertTrue(self.customer.is_relationship_broken)
