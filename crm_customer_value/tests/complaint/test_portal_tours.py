from odoo.tests import tagged
from odoo.tools import mute_logger

from ..portal_case import PortalCase


@tagged("post_install", "-at_install")
class TestPortalTours(PortalCase):
    """What customers see and do, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tina = cls._portal(
            "portal_tina_tour", cls._partner("Tina Tour", parent_id=cls._partner("Tour Lights", is_company=True).id)
        )
        family = cls.tina.partner_id.commercial_partner_id
        shade = cls.env["product.product"].create({"name": "Shade", "type": "consu", "taxes_id": False})
        cls._order(family).date_order = "2026-02-01 12:00:00"
        second = cls._order(family)
        second.order_line.product_id = shade
        second.date_order = "2026-01-01 12:00:00"

    def test_complain(self):
        self.start_tour("/my", "customer_complaint_portal_tour", login=self.tina.login)
        complaint = self.env["customer.complaint"].search([], order="id desc", limit=1)
        self.assertEqual(complaint.partner_id, self.tina.partner_id)
        self.assertEqual(complaint.name, "The lamp is dark. It was never bright.")
        self.assertEqual((complaint.product_id, complaint.wanted_remedy), (self.product, "repair"))
        self.assertIn("And the box was wet.", complaint.message_ids[0].body)

    def test_refuse_answer(self):
        self.mine.stage_id = self._stage("answered")
        self.start_tour("/my/complaints?filterby=waiting", "customer_complaint_answer_tour", login=self.anna.login)
        self.assertEqual(self.mine.state, "handling")

    def test_refused_message(self):
        self.env["ir.config_parameter"].set_param("crm_customer_value.limit_account_post", 0)
        with mute_logger("odoo.http"):
            self.start_tour("/my/complaints", "customer_complaint_refused_message_tour", login=self.anna.login)

    def test_keyboard(self):
        self.start_tour("/my/complaints/new", "customer_complaint_keyboard_tour", login=self.tina.login)

    def test_public_form(self):
        self.company.complaint_public_form = True
        self.env["customer.voice.flood"].search([]).unlink()
        self.start_tour("/complaints/new", "customer_complaint_public_tour", login=None)


@tagged("post_install", "-at_install")
class TestPortalToursPhone(TestPortalTours):
    """The same on a telephone."""

    browser_size = "390x844"
    touch_enabled = True
