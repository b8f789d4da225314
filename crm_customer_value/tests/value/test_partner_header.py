from ast import literal_eval

from lxml import etree

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import CustomerValueCase

ESTIMATED = "not shown_value_at_risk or value_at_risk_basis not in ('rhythm', 'rhythm_revenue')"


@tagged("post_install", "-at_install")
class TestPartnerHeader(CustomerValueCase):
    """What a contact says of a customer in ten seconds: money at risk, and that a prospect is one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.own = new_test_user(cls.env, "header_own", groups="sales_team.group_sale_salesman", **company)
        cls.all = new_test_user(cls.env, "header_all", groups="sales_team.group_sale_salesman_all_leads", **company)
        cls.mine, cls.theirs, cls.once = (
            cls._partner(name, is_company=True, user_id=user.id)
            for name, user in (("Mine", cls.own), ("Theirs", cls.all), ("Once", cls.own))
        )
        cls.contact = cls._partner("Contact of Mine", parent_id=cls.mine.id)
        cls.quoted, cls.stranger = (cls._partner(name, is_company=True) for name in ("Quoted", "Stranger"))
        for partner, days, user in ((cls.mine, (40, 50), cls.own), (cls.theirs, (40, 50), cls.all),
                                    (cls.once, (40,), cls.own)):
            for day in days:
                cls._order(partner, day, 900.0, cost=600.0, user_id=user.id)
        cls._order(cls.quoted, 3, 50.0, state="draft", user_id=cls.own.id)
        cls._recompute()
        cls._value(cls.once).write({"value_at_risk": False, "value_at_risk_basis": False})

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _form(self, record, user=None):
        return etree.fromstring(self._as(user or self.own, record).get_view(view_type="form")["arch"])

    def test_money_at_risk(self):
        """Forty days of silence are four times the usual ten: three quarters of a margin of 600 is at risk."""
        for partner in (self.mine, self.contact):
            header = self._as(self.own, partner)
            self.assertEqual(
                (header.amounts_visible, header.shown_value_at_risk, header.value_at_risk_basis),
                (True, 450.0, "rhythm"),
            )
            self.assertEqual(header.value_currency_id, self.company.currency_id)
        for partner, user, expected in (
            # Of a colleague's customer the header has a lock, and no amount; of whom nothing is known a dash.
            (self.theirs, self.own, (False, False)), (self.theirs, self.all, (True, 450.0)),
            (self.once, self.own, (True, False)), (self.stranger, self.own, (False, False)),
        ):
            header = self._as(user, partner)
            self.assertEqual((header.amounts_visible, header.shown_value_at_risk), expected, (partner.name, user.name))
        # What one user saw is no answer for another one.
        self.assertIs(self._as(self.own, self.theirs).shown_value_at_risk, False)

    def test_money_after_a_recompute(self):
        header = self._as(self.own, self.mine)
        self.assertEqual(header.shown_value_at_risk, 450.0)
        self._order(self.mine, 0, 1.0, cost=1.0, user_id=self.own.id)
        self.env["customer.value.run"]._recompute(self.company)
        self.assertEqual(header.shown_value_at_risk, self._value(self.mine).value_at_risk)
        self.assertNotEqual(header.shown_value_at_risk, 450.0)

    def test_header_and_headline_show_it(self):
        """With a lock or a dash, so never hidden because it is not known; and with how it was found."""
        for arch, path in (
            (self._form(self.mine), "//div[@name='customer_value']/div[@name='at_risk']"),
            (self._form(self._value(self.mine)), "//div[@name='headline']/span[@name='at_risk']"),
        ):
            [place] = arch.xpath(path)
            self.assertEqual(place.get("invisible"), "not last_purchase_date")
            [field] = place.xpath(".//field[@name='shown_value_at_risk']")
            self.assertEqual(field.get("widget"), "customer_value_amount")
            self.assertEqual(field.get("options"), "{'lockable': True}")
            self.assertFalse(field.get("invisible"))
            [note] = place.xpath(f".//span[@invisible=\"{ESTIMATED}\"]")
            self.assertIn("estimated from rhythm", note.text)

    def test_title_of_the_value_leads_to_the_contact(self):
        """So there is no button beside it that has no number."""
        arch = self._form(self._value(self.mine))
        [title] = arch.xpath("//h1/field[@name='partner_id']")
        self.assertNotIn("no_open", title.get("options") or "")
        self.assertFalse(arch.xpath("//button[@name='action_open_partner']"))
        buttons = arch.xpath("//div[@name='button_box']/button")
        self.assertEqual(len(buttons), len(arch.xpath("//div[@name='button_box']/button/field[@widget='statinfo']")))

    def test_prospect(self):
        """Who asked and never bought is a prospect on the button, and found as one who never bought."""
        arch = self._form(self.quoted)
        [button] = arch.xpath("//button[@name='action_view_customer_value']")
        [index] = button.xpath("field[@name='value_index']")
        [prospect] = button.xpath("div[@name='prospect']")
        self.assertEqual(
            (index.get("invisible"), prospect.get("invisible")), ("not last_purchase_date", "last_purchase_date")
        )
        self.assertEqual(prospect.findtext("span"), "Prospect")
        search = etree.fromstring(self._as(self.own, self.mine).get_view(view_type="search")["arch"])
        [never] = search.xpath("//filter[@name='value_none']")
        partners = self.mine | self.contact | self.theirs | self.once | self.quoted | self.stranger
        self.assertTrue(self._value(self.quoted))
        found = self._as(self.own, partners).search([("id", "in", partners.ids), *literal_eval(never.get("domain"))])
        self.assertEqual(found.sudo(), self.quoted | self.stranger)
