from datetime import date

from odoo import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user, tagged


@tagged("post_install", "-at_install")
@freeze_time("2027-02-20 12:00:00")
class TestRescueDelivery(TransactionCase):
    def test_a_late_delivery_may_be_the_reason(self):
        """The goods of two customers were promised for one day, and left a day too late for one of them."""
        company = self.env["res.company"].create({"name": "Rescue Delivery Company"})
        self.env.user.company_ids |= company
        boss = new_test_user(
            self.env, "rescue_delivery", groups="sales_team.group_sale_salesman_all_leads", company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        late, on_time, waiting = self.env["res.partner"].create([
            {"name": f"Rescue {name}", "is_company": True} for name in ("Late", "On Time", "Waiting")
        ])
        for partner in (late, on_time, waiting):
            self.env["customer.value"].create({
                "company_id": company.id, "partner_id": partner.id,
                "lifecycle_stage_id": self.env.ref("crm_customer_value.customer_lifecycle_stage_lost").id,
                "first_purchase_date": "2025-03-01", "last_purchase_date": "2026-02-28", "typical_gap": 0,
                "margin_total": 5000,
            })
        orders = self.env["sale.order"].with_company(company).create([
            {"partner_id": partner.id, "company_id": company.id} for partner in (late, on_time, waiting)
        ])
        orders.write({
            "state": "sale", "date_order": "2026-02-28 12:00:00", "commitment_date": "2026-03-05 12:00:00",
        })
        self.env.flush_all()
        for order, left in zip(orders, ("2026-03-06 12:00:00", "2026-03-05 18:00:00", None), strict=True):
            self.env.cr.execute("UPDATE sale_order SET effective_date = %s WHERE id = %s", [left, order.id])
        self.env.invalidate_all(flush=False)
        plan = self.env["customer.rescue.plan"].with_user(boss).create({"kind": "win_back", "number": 20})
        plan.action_find()
        self.assertEqual(
            {line.partner_id: (line.reason, line.reason_date) for line in plan.line_ids},
            {late: ("late", date(2026, 3, 5)), on_time: (False, False), waiting: (False, False)},
        )
