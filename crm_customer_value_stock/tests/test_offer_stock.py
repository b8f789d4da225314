from odoo.tests import tagged

from odoo.addons.crm_customer_value.tests.offer.offer_case import OfferCase


@tagged("post_install", "-at_install")
class TestOfferStock(OfferCase):
    """What is not there is not offered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.desk, cls.service = cls._products("Desk", "Service")
        [cls.lamp] = cls._products("Lamp", is_storable=True)
        cls._together(6, cls.desk, cls.service, cls.lamp)
        cls.customer = cls._customers(1)
        cls._buy(cls.customer, cls.desk)
        cls._night()

    def _stock(self, location, quantity):
        self.env["stock.quant"].sudo()._update_available_quantity(self.lamp, location, quantity)
        self.env.invalidate_all()

    def _offered(self):
        return set(self._best_products(self.customer, user=self.seller))

    def test_out_of_stock(self):
        self.assertEqual(self._offered(), {self.service.id}, "what is not kept in stock is always there")
        self._stock(self.warehouse.lot_stock_id, 2.0)
        self.assertEqual(self._offered(), {self.service.id, self.lamp.id})
        self._stock(self.warehouse.lot_stock_id, -2.0)
        self.assertEqual(self._offered(), {self.service.id})

    def test_stock_elsewhere(self):
        """Neither what lies with a customer counts, nor what another company has."""
        self._stock(self.env.ref("stock.stock_location_customers"), 2.0)
        elsewhere = self._make_company("Offer Stock Company")
        warehouse = self.env["stock.warehouse"].sudo().search([("company_id", "=", elsewhere.id)], limit=1)
        self._stock(warehouse.lot_stock_id, 2.0)
        self.assertEqual(self._offered(), {self.service.id})
