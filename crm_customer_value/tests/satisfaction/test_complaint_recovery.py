from datetime import datetime, time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..complaint_common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintRecovery(ComplaintCase):
    def _ended(self, ago, state="closed", **values):
        complaint = self._complaint(**values)
        complaint.write({"stage_id": self._stage(state).id, "reject_reason": "Used up"})
        complaint.date_closed = datetime.combine(self._day(ago), time(12))
        return complaint

    def _row(self, complaint):
        self.env.flush_all()
        return self.env["customer.complaint.recovery"].browse(complaint.id)

    def _read(self, complaint):
        row = self._row(complaint)
        return [row.progress, row.revenue_before, row.revenue_after, row.revenue_change, row.outcome]

    def test_first_and_last_days(self):
        """180 days up to the day it ended, that day included, and the 180 days after it."""
        for ago, amount in ((380, 1.0), (379, 2.0), (200, 4.0), (199, 8.0), (20, 16.0), (19, 32.0)):
            self._order(self.branch, ago, amount)
        self._order(self.neighbour, 199, 1000.0)
        self._order(self.customer, 199, 1000.0, company=self.other_company)
        complaint = self._ended(200)
        self.assertEqual(self._read(complaint), ["complete", 6.0, 24.0, 18.0, "more"])

    def test_running_until_the_last_day_is_over(self):
        self._order(self.customer, 250, 10.0)
        for ago, progress in ((179, "running"), (180, "complete")):
            complaint = self._ended(ago)
            expected = [progress, 10.0, 0.0, *((-10.0, "stopped") if progress == "complete" else (0.0, False))]
            self.assertEqual(self._read(complaint), expected)
        groups = self.env["customer.complaint.recovery"]._read_group(
            [("company_id", "=", self.company.id)], ["progress"], ["__count", "revenue_before:sum"], order="progress"
        )
        self.assertEqual(groups, [("complete", 1, 10.0), ("running", 1, 10.0)])

    def test_by_category(self):
        delivery, quality = self.env["customer.complaint.category"].create([{"name": "Late"}, {"name": "Rough"}])
        self._order(self.customer, 250, 10.0)
        self._order(self.customer, 150, 4.0)
        self._order(self.neighbour, 250, 7.0)
        self._order(self.neighbour, 150, 7.0)
        self._ended(200, category_id=delivery.id)
        self._ended(200, category_id=quality.id, partner_id=self.neighbour.id)
        self._ended(200, "rejected", category_id=quality.id)
        groups = self.env["customer.complaint.recovery"]._read_group(
            [("company_id", "=", self.company.id)], ["category_id"], ["revenue_change:sum", "__count"]
        )
        found = {category: (change, count) for category, change, count in groups}
        self.assertEqual(found, {delivery: (-6.0, 1), quality: (-6.0, 2)})

    def test_only_what_ended_and_went_its_own_way(self):
        target = self._complaint()
        merged, reopened, ended = self._complaint(), self._ended(200), self._ended(200)
        merged._merge_into(target)
        reopened._reopen("Again")
        self.env.flush_all()
        found = self.env["customer.complaint.recovery"].search([("company_id", "=", self.company.id)])
        self.assertEqual(found.complaint_id, ended)

    def test_invoices_where_they_count(self):
        self.policy._renew({"revenue_source": "invoice"})
        self._order(self.customer, 250, 10.0)
        self.assertEqual(self._read(self._ended(200)), ["complete", 0.0, 0.0, 0.0, "same"])

    def test_companies_and_rights(self):
        self._ended(200)
        elsewhere = self._ended(200, company_id=self.other_company.id, team_id=False)
        self.env.flush_all()
        rows = self.env["customer.complaint.recovery"]
        self.assertNotIn(elsewhere, self._as(self.everybody, rows).search([]).complaint_id)
        self.assertEqual(self._as(self.stranger, rows).search([]).complaint_id.sudo(), elsewhere)
        for user in (self.desk, self.leader):
            with self.assertRaises(AccessError):
                self._as(user, rows).search([])
        with self.assertRaises(AccessError):
            self._as(self.everybody, rows).search([]).mapped("revenue_before")
        with self.assertRaises(AccessError):
            self._as(self.everybody, rows)._read_group([], [], ["revenue_after:sum"])
        with self.assertRaises(AccessError):
            self._as(self.everybody, rows).search([("outcome", "=", "stopped")])
        both = self._desk_user(
            "desk_amounts", "crm_customer_value.group_service_all,sales_team.group_sale_salesman_all_leads"
        )
        self.assertEqual(self._as(both, rows).search([]).mapped("revenue_before"), [0.0])
