from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestChannel(CustomerValueCase):
    """One list for what customers prefer, how they complain, and how we are in touch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channels = cls.env["customer.contact.channel"]
        cls.visit = cls.channels._of("visit")
        cls.customer = cls._partner("Customer", is_company=True)
        cls.agent, cls.manager = (
            new_test_user(cls.env, f"channel_{name}", groups=f"crm_customer_value.group_service_{name}")
            for name in ("own", "manager")
        )

    def test_every_built_in_channel_is_found(self):
        for code in ("portal", "email", "phone", "visit", "chat", "website", "event", "other"):
            self.assertEqual(self.channels._of(code).code, code)
        self.assertFalse(self.channels._of("telepathy"))

    def test_built_in_channels_stay(self):
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.visit.unlink()
        own = self.channels.create({"name": "Fax"})
        own.unlink()

    def test_who_changes_them(self):
        fax = self.channels.with_user(self.manager).create({"name": "Fax", "contact_cost": 0.5, "default_minutes": 3})
        with self.assertRaises(AccessError):
            fax.with_user(self.agent).name = "Telex"
        with self.assertRaisesRegex(AccessError, "set automatically"):
            fax.with_user(self.manager).code = "fax"
        self.assertEqual(fax.with_user(self.agent).name, "Fax")
        with self.assertRaises(AccessError):
            fax.with_user(self.agent).read(["contact_cost"])

    def test_cost_is_of_a_company(self):
        other = self._make_company("Other Company")
        self.visit.with_company(self.company).contact_cost = 40.0
        self.assertIs(self.visit.with_company(other).contact_cost, False)
        with self.assertRaisesRegex(UserError, "cannot be negative"):
            self.visit.with_company(self.company).contact_cost = -1.0

    def test_minutes_of_a_day(self):
        for minutes in (-1, 1441):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.visit.default_minutes = minutes
                self.visit.flush_recordset()
        self.visit.default_minutes = 1440
        self.visit.flush_recordset()

    def test_wish_for_a_channel_that_is_gone(self):
        """Nobody reads of it, nobody may choose it; what was chosen is not lost."""
        self.customer.service_channel_id = self.visit
        contact = self._partner("Contact", parent_id=self.customer.id)
        self.assertEqual(contact._customer_wishes()["channel"], self.visit)
        self.assertIn(str(self.visit.id), contact._customer_offered_wishes()["service_channel_id"])
        self.visit.active = False
        self.assertFalse(contact._customer_wishes()["channel"])
        self.assertNotIn(str(self.visit.id), contact._customer_offered_wishes()["service_channel_id"])
        self.visit.active = True
        self.assertEqual(contact._customer_wishes()["channel"], self.visit)
