from odoo.exceptions import UserError
from odoo.tests import tagged

from .benefit_portal_case import BenefitPortalCase

NEW = "/my/benefit/needs/new"


@tagged("post_install", "-at_install")
class TestBenefitPortalNeeds(BenefitPortalCase):
    """What customers say that they need."""

    def setUp(self):
        super().setUp()
        self._login(self.anna)
        self.url = f"/my/benefit/needs/{self.need.id}"

    def _stated(self):
        return self.env["customer.need"].search([
            ("source", "=", "portal"), ("partner_id", "=", self.anna.partner_id.id),
        ])

    def test_state(self):
        html = self._page(NEW)
        self.assertIn("Works day and night", html)
        self.assertNotIn("Too dear", html, "Objections are ours.")
        self.assertNotIn("Secret", html)
        html = self._send(
            NEW, type_id=str(self.need_type.id), words="夜里也要有人\n<script>alert(1)</script>", importance="5",
            yardstick="Answer within an hour",
        )
        self.assertIn("It helps us to know", html)
        self.assertIn("夜里也要有人", html)
        self.assertNotIn("<script>alert", html)
        need = self._stated()
        self.assertEqual(
            (need.type_id, need.importance, need.yardstick, need.state, need.is_guess, need.company_id, need.user_id),
            (self.need_type, 5, "Answer within an hour", "open", False, self.company, self.seller),
        )
        self.assertNotIn(self.anna.partner_id, need.message_partner_ids)

    def test_one_form_makes_one_need(self):
        key = self._hidden(self._page(NEW), "key")
        for _click in range(2):
            self._post(NEW, key=key, type_id=str(self.need_type.id), words="Once", importance="2")
        self.assertEqual(len(self._stated()), 1)

    def test_bad_input(self):
        good = {"type_id": str(self.need_type.id), "words": "Quiet", "importance": "3"}
        for data, text in (
            ({"type_id": str(self.objection_type.id)}, "choose from the list"),
            ({"type_id": "999999999999"}, "choose from the list"),
            ({"type_id": ""}, "choose what it is about"),
            ({"words": "  "}, "in your own words"),
            ({"importance": "6"}, "choose from the list"),
            ({"importance": "-1"}, "choose from the list"),
            ({"importance": ""}, "how much it matters"),
        ):
            with self.subTest(data=data):
                self.assertIn(text, self._send(NEW, **{**good, **data}))
        self.assertFalse(self._stated())
        self._send(NEW, **{**good, "words": "x" * 100_000})
        self.assertEqual(len(self._stated().words), 2000)

    def test_types_of_the_industry(self):
        bank, mine = self.env["res.partner.industry"].create([
            {"name": "Bank of the test"}, {"name": "Mine of the test"},
        ])
        self.need_type.industry_ids = bank
        self.env.flush_all()
        self.assertNotIn("Works day and night", self._page(NEW))
        self.mill.industry_id = mine
        self.need_type.industry_ids = mine
        self.env.flush_all()
        self.assertIn("Works day and night", self._page(NEW))

    def test_change(self):
        html = self._page(self.url)
        self.assertIn("The line must not fail on Sundays", html)
        html = self._send(self.url, importance="5", yardstick="No day at all", state="partly")
        self.assertIn("Your changes are saved", html)
        self.assertEqual(
            (self.need.importance, self.need.yardstick, self.need.state), (5, "No day at all", "partly")
        )
        self.assertEqual(self.need.change_ids.sorted("id").mapped("state"), ["open", "partly"])
        self.assertIn("No Sunday without a line", str(self.need.message_ids.mapped("body")))

    def test_change_nothing_twice(self):
        mark = self._hidden(self._page(self.url), "mark")
        for _click in range(2):
            html = self._post(self.url, mark=mark, importance="5", yardstick="Less noise", state="met")
            self.assertIn("Your changes are saved", html)
        self.assertEqual(len(self.need.change_ids), 2)

    def test_stale_form(self):
        mark = self._hidden(self._page(self.url), "mark")
        self.need.importance = 1
        self.env.flush_all()
        html = self._post(self.url, mark=mark, importance="5", yardstick="x", state="met")
        self.assertIn("changed in the meantime. Now it says: Not met yet, A wish.", html)
        self.assertEqual((self.need.importance, self.need.state), (1, "open"))
        self.assertIn(">x</textarea>", html, "what was typed stays")
        self._post(self.url, mark=self._hidden(html, "mark"), importance="5", yardstick="x", state="met")
        self.assertEqual((self.need.importance, self.need.yardstick, self.need.state), (5, "x", "met"))

    def test_what_is_not_for_us_stays_so(self):
        self.need.state = "not_for_us"
        self.env.flush_all()
        html = self._page(self.url)
        self.assertIn("Nothing we offer", html)
        self.assertNotIn('name="state"', html)
        self._send(self.url, importance="4", yardstick="x", state="not_for_us")
        self._send(self.url, importance="4", yardstick="No Sunday without a line", state="")
        self.assertEqual(self.need.state, "not_for_us")

    def test_not_for_us_is_not_theirs_to_say(self):
        html = self._send(self.url, importance="4", yardstick="x", state="not_for_us")
        self.assertIn("choose from the list", html)
        for values in ({"state": "not_for_us"}, {"importance": 0}, {"importance": 6}):
            with self.assertRaisesRegex(UserError, "choose from the list"):
                self.need._change_by_customer(values)
        self.assertEqual((self.need.state, self.need.importance), ("open", 4))

    def test_gone(self):
        self.need.active = False
        self.env.flush_all()
        self.assertIn("no longer here", self._page(self.url))
        self.assertIn("no longer here", self._post(self.url, importance="5", mark="x"))
        self.assertEqual(self.need.importance, 4)

    def test_flood(self):
        self.env["ir.config_parameter"].set_param("crm_customer_value.limit_account_need", "1")
        for _form in range(2):
            html = self._send(NEW, type_id=str(self.need_type.id), words="Quiet", importance="3")
        self.assertIn("too much within an hour", html)
        self.assertEqual(len(self._stated()), 1)
