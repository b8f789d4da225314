from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user, tagged


@tagged("post_install", "-at_install")
@freeze_time("2027-02-20 12:00:00")
class TestCareDelivery(TransactionCase):
    def test_the_day_on_which_goods_left_counts(self):
        """Two orders were promised for one day; of one, the goods left two days earlier."""
        company = self.env["res.company"].create({"name": "Care Delivery Company"})
        self.env.user.company_ids |= company
        owner = new_test_user(
            self.env, "care_delivery", groups="sales_team.group_sale_manager", company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        early, late = self.env["res.partner"].create([{"name": "Care Early"}, {"name": "Care Late"}])
        for partner in (early, late):
            self.env["customer.value"].create({"company_id": company.id, "partner_id": partner.id})
        orders = self.env["sale.order"].with_company(company).create([
            {"partner_id": partner.id, "company_id": company.id} for partner in (early, late)
        ])
        orders.write({"state": "sale", "commitment_date": "2027-03-05 12:00:00"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET effective_date = '2027-03-03 12:00:00' WHERE id = %s", [orders[0].id]
        )
        self.env["customer.care.rule"].search([]).active = False
        rule = self.env["customer.care.rule"].create({
            "name": "Care after delivery", "trigger": "delivery", "company_id": company.id, "user_id": owner.id,
            "action": "lead", "lead_name": "Care", "active": True, "late_days": 0,
        })
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            for number in range(1, 7):
                rule._cron_care(as_of=date(2027, 3, number))
        self.env.invalidate_all()
        logs = self.env["customer.care.log"].search([("rule_id", "=", rule.id)], order="date")
        self.assertEqual(
            [(log.partner_id, log.date.day, log.state) for log in logs], [(early, 3, "done"), (late, 5, "done")]
        )
