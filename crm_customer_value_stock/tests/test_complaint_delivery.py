from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestComplaintDelivery(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env["res.company"].create({"name": "Delivery Test Company"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.customer, cls.neighbour, cls.site = cls.env["res.partner"].create(
            [{"name": "Oak"}, {"name": "Elm"}, {"name": "Building Site"}]
        )
        cls.product = cls.env["product.product"].create({"name": "Chair", "is_storable": True})
        cls.order = cls._order(cls.customer)
        cls.picking = cls.order.picking_ids

    @classmethod
    def _order(cls, partner, **values):
        order = cls.env["sale.order"].create({
            "partner_id": partner.id,
            "company_id": cls.company.id,
            "order_line": [(0, 0, {"product_id": cls.product.id, "product_uom_qty": 1, "price_unit": 10.0})],
            **values,
        })
        order.action_confirm()
        return order

    def _complaint(self, **values):
        return self.env["customer.complaint"].create({
            "name": "Box was open",
            "description": "One chair is missing",
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            **values,
        })

    def test_count_and_new_one(self):
        self.assertEqual(len(self.picking), 1)
        complaint = self._complaint(picking_id=self.picking.id)
        self.assertEqual(self.picking.complaint_count, 1)
        action = self.picking.action_view_complaints()
        self.assertEqual(self.env["customer.complaint"].search(action["domain"]), complaint)
        context = action["context"]
        self.assertEqual(
            [context["default_picking_id"], context["default_order_id"], context["default_partner_id"]],
            [self.picking.id, self.order.id, self.customer.id],
        )

    def test_delivery_brings_order_and_customer(self):
        sales = new_test_user(
            self.env, "delivery_sales", groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        form = Form(self.env["customer.complaint"].with_user(sales))
        form.name, form.description, form.picking_id = "Late", "<p>A week</p>", self.picking
        complaint = form.save()
        self.assertEqual((complaint.partner_id, complaint.order_id), (self.customer, self.order))

    def test_somebody_elses_delivery(self):
        complaint = self._complaint()
        with self.assertRaisesRegex(ValidationError, "did not go to this customer"), self.env.cr.savepoint():
            complaint.picking_id = self._order(self.neighbour).picking_ids
        # What this customer ordered for another place is this customer's.
        complaint.picking_id = self._order(self.customer, partner_shipping_id=self.site.id).picking_ids
        self.assertEqual(complaint.picking_id.partner_id, self.site)

    def test_merge_and_deletion(self):
        goes, stays = self._complaint(picking_id=self.picking.id), self._complaint()
        goes._merge_into(stays)
        self.assertEqual(stays.picking_id, self.picking)
        self.picking.action_cancel()
        self.picking.unlink()
        self.env.invalidate_all()
        self.assertFalse(stays.picking_id)
