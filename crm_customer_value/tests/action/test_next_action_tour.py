from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .action_case import ActionCase


class MorningCase(ActionCase, HttpCase):
    """Three customers on the list of a salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.actions._today(cls.company)
        last = cls.today - timedelta(days=30)
        cls.oak, cls.mill, cls.silo = (
            cls._silent(name, at_risk=worth, last_purchase_date=last)
            for name, worth in (("Oak Bakery", 900.0), ("Water Mill", 500.0), ("Old Silo", 100.0))
        )
        cls.anna = cls._partner("Anna", parent_id=cls.oak.id, phone="+1 555 0100")
        cls._night(cls.today)

    def _answers(self):
        """Return {name of the customer: status of the action}."""
        self.env.invalidate_all()
        actions = self.actions.search([("company_id", "=", self.company.id)])
        return {action.partner_id.name: action.state for action in actions}


@tagged("post_install", "-at_install")
class TestNextActionTour(MorningCase):
    """The morning on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_morning(self):
        self.start_tour("/odoo/my-day", "customer_next_action_tour", login="action_seller")
        self.assertEqual(
            self._answers(), {"Oak Bakery": "done", "Water Mill": "later", "Old Silo": "not_useful"}
        )
        log = self.env["customer.contact.log"].search([("commercial_partner_id", "=", self.oak.id)])
        self.assertEqual((log.partner_id, log.user_id), (self.anna, self.seller))
        self.assertEqual(log.summary, "They open a second shop")
        self.assertEqual(self._current(self.mill).date_until, self.today + timedelta(days=7))
        silo = self.actions.search([("partner_id", "=", self.silo.id)])
        self.assertEqual((silo.reason, silo.note), ("known", "They are on holiday"))


@tagged("post_install", "-at_install")
class TestNextActionKeyboardTour(MorningCase):
    """The morning without a mouse."""

    def test_keyboard(self):
        self.start_tour("/odoo/my-day", "customer_next_action_keyboard_tour", login="action_seller")
        self.assertEqual(self._answers(), {"Oak Bakery": "done", "Water Mill": "done", "Old Silo": "later"})

    def test_first_screen_of_the_app(self):
        menus = self.env["ir.ui.menu"].with_user(self.seller).load_web_menus(False)
        root = self.env.ref("crm_customer_value.customer_value_menu_root")
        self.assertEqual(
            menus[root.id]["actionID"], self.env.ref("crm_customer_value.customer_next_action_open_action").id
        )
