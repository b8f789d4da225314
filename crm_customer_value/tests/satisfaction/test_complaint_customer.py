from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..complaint_common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintCustomer(ComplaintCase):
    """Who complains shows as soon as somebody chooses the customer, before anything is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for days in (10, 100, 200):
            cls._order(cls.customer, days, 500.0)
        cls._recompute()
        cls.value = cls._value(cls.customer)

    def _form(self, user, partner):
        form = Form(self._as(user, self.env["customer.complaint"]))
        form.name, form.description = "Broken", "<p>In two</p>"
        form.partner_id = partner
        return form

    def test_value_before_saving(self):
        self.assertTrue(self.value.value_index)
        form = self._form(self.leader, self.branch)
        self.assertEqual((form.value_index, form.value_class), (self.value.value_index, self.value.value_class))
        amount, basis = self.env["customer.complaint"].new({
            "partner_id": self.branch.id, "company_id": self.company.id,
        })._stake_known()
        self.assertGreater(amount, 0.0)
        self.assertEqual((form.shown_amount_at_stake, form.stake_basis), (amount, basis))
        form.partner_id = self.neighbour
        self.assertEqual(
            (form.value_index, form.shown_amount_at_stake, form.stake_basis), (False, False, False)
        )

    def test_stake_is_named(self):
        """What is expected, else last year's margin, else its revenue, else the order."""
        complaint = self._complaint()
        order = self._order(self.customer, 5, 70.0)
        names = ("has_prediction", "clv_12m", "margin_12m", "revenue_12m")
        for values, expected in (
            ((True, 12.0, 34.0, 56.0), (12.0, "expected")),
            ((True, 0.0, 34.0, 56.0), (0.0, "expected")),
            ((False, False, 34.0, 56.0), (34.0, "margin")),
            ((False, False, False, 56.0), (56.0, "revenue")),
            ((False, False, -3.0, 0.0), (False, False)),
        ):
            self.value.sudo().write(dict(zip(names, values, strict=True)))
            self.assertEqual(complaint._stake_known(), expected, values)
        complaint.order_id = order
        self.assertEqual(complaint._stake_known(), (70.0, "order"))

    def test_amounts_of_others_stay_hidden(self):
        seller = self._desk_user("customer_seller", "sales_team.group_sale_salesman")
        other = self._desk_user("customer_other", "sales_team.group_sale_salesman_all_leads")
        self.env["sale.order"].search([("partner_id", "=", self.customer.id)]).user_id = other
        form = self._form(seller, self.customer)
        self.assertEqual((form.shown_amount_at_stake, form.stake_basis), (False, False))
        self.assertEqual(form.value_class, self.value.value_class)

    def test_how_often_in_12_months(self):
        """Within 365 days, of the same customer and company, as far as the user may see them."""
        for received, values in (
            ("2025-03-01 10:00:00", {}),  # 366 days before
            ("2025-03-03 10:00:00", {"partner_id": self.branch.id}),  # 364 days before
            ("2025-06-01 10:00:00", {"user_id": self.leader.id}),
            ("2025-06-01 10:00:00", {"partner_id": self.neighbour.id}),
            ("2025-06-01 10:00:00", {"company_id": self.other_company.id, "team_id": False}),
            ("2026-03-03 10:00:00", {}),  # the day after
        ):
            self._complaint(date_received=received, **values)
        complaint = self._complaint(date_received="2026-03-02 10:00:00")
        self.assertEqual(self._as(self.leader, complaint).recent_note, "Complaint no. 3 in 12 months")
        self.assertEqual(self._as(self.desk, complaint).recent_note, "Complaint no. 2 in 12 months")
        action = self._as(self.leader, complaint).action_view_recent_complaints()
        found = self._as(self.leader, self.env["customer.complaint"]).search(action["domain"])
        self.assertEqual(len(found), 3)
        self.assertIn(complaint, found.sudo())
        with self.assertRaises(AccessError):
            self._as(self.stranger, complaint).action_view_recent_complaints()

    def test_first_one(self):
        form = self._form(self.desk, self.neighbour)
        self.assertEqual(form.recent_note, "First complaint in 12 months")
        self.assertEqual(form.save().recent_note, "First complaint in 12 months")
        self.assertEqual(self._form(self.desk, self.neighbour).recent_note, "Complaint no. 2 in 12 months")
        self.assertFalse(self._complaint(partner_id=False).recent_note)

    def test_days_open(self):
        complaint = self._complaint(date_received="2026-03-02 10:00:00")
        complaint.sudo().date_closed = datetime(2026, 3, 5, 9)
        self.assertEqual(complaint.days_open, 2)

    def test_several_at_once(self):
        """The list assigns and answers what is marked."""
        complaints = self._complaint() | self._complaint()
        desk = self._as(self.desk, complaints)
        desk.action_assign_to_me()
        desk.action_acknowledge()
        wizards = self._as(self.desk, self.env["customer.complaint.reason"])
        wizard = wizards.with_context(**desk.action_answer()["context"]).create({"answer": "<p>New ones leave</p>"})
        wizard.action_confirm()
        self.assertEqual(complaints.mapped("state"), ["answered", "answered"])
        self.assertEqual(complaints.user_id, self.desk)
        arch = desk.get_view(view_type="list")["arch"]
        for name in ("action_assign_to_me", "action_answer"):
            self.assertIn(name, arch)
