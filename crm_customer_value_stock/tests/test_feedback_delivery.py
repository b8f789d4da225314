from datetime import datetime, timedelta

from odoo.tests import TransactionCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestFeedbackDelivery(TransactionCase):
    """Customers are asked when everything they ordered has arrived."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.now = datetime.now().replace(microsecond=0)
        cls.company = cls.env["res.company"].create({"name": "Delivery Feedback Company"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.customer = cls.env["res.partner"].create({"name": "Oak", "email": "oak@example.com"})
        cls.site = cls.env["res.partner"].create({"name": "Site", "parent_id": cls.customer.id, "type": "delivery"})
        cls.product = cls.env["product.product"].create({"name": "Chair", "is_storable": True})
        cls.env["customer.feedback.rule"].with_context(active_test=False).search([]).active = False
        cls.rule = cls.env["customer.feedback.rule"].create({
            "name": "Delivered", "trigger": "delivery", "company_id": cls.company.id, "delay_days": 2, "active": True,
            "question": "Did everything arrive well?",
        })
        cls.order = cls.env["sale.order"].create({
            "partner_id": cls.customer.id, "partner_shipping_id": cls.site.id, "company_id": cls.company.id,
            "order_line": [(0, 0, {"product_id": cls.product.id, "product_uom_qty": 5, "price_unit": 10.0})],
        })
        cls.order.action_confirm()

    def _deliver(self, quantity):
        picking = self.order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.assertEqual(picking.state, "done")
        self.env.flush_all()

    def _make(self, days):
        with freeze_time(self.now + timedelta(days=days)):
            return self.env["customer.feedback.rule"]._make_requests()

    def test_asked_when_everything_has_arrived(self):
        self._deliver(2)
        self.assertEqual(self.order.delivery_status, "partial")
        self.assertEqual(self._make(3), 0, "three chairs are still to come")
        self._deliver(3)
        self.assertEqual(self.order.delivery_status, "full")
        self.assertEqual(self._make(1), 0, "it is not two days ago yet")
        self.assertEqual(self._make(3), 1)
        feedback = self.env["customer.feedback"].search([("rule_id", "=", self.rule.id)])
        self.assertEqual(feedback.partner_id, self.customer, "who ordered, not where it went")
        self.assertEqual((feedback.occasion, feedback.product_id), (f"delivery,{self.order.id}", self.product))
        self.assertEqual(self._make(9), 0)
