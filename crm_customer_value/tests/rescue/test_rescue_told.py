"""What the timeline, the profile and the form of a contact tell of efforts."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rescue_case import RescueCase


@tagged("post_install", "-at_install")
class TestRescueTold(RescueCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._gone("Told", user_id=cls.seller.id)
        cls.other = cls._user("rescue_colleague", "sales_team.group_sale_salesman")

    def _told(self, user):
        timeline = self.env(user=user, context={"allowed_company_ids": self.company.ids})["customer.timeline"]
        page = timeline._page(self.customer.with_env(timeline.env), kinds=["rescue", "rescue_result"])
        return [(entry["kind"], entry["date"], entry["title"], entry["state"]) for entry in page["entries"]]

    def test_timeline(self):
        """When an effort began, and what came of it; nothing of who was held out."""
        self._effort(self.customer, 400, state="held_out")
        lost = self._effort(self.customer, 300, reason="price")
        won = self._effort(self.customer, 100, kind="keep", offer="Ten percent")
        self._buys(self.customer, 60, 100)
        self.env["customer.rescue"]._note_results(self.company)
        self.assertEqual((lost.result, won.result), ("lost", "kept"))
        day = lambda ago: self._day(ago).isoformat()  # noqa: E731
        told = [
            ("rescue_result", day(60), "Bought again after the effort", "Kept"),
            ("rescue", day(100), "Effort to keep", ""),
            ("rescue_result", day(210), "Bought nothing in the 90 days after the effort", "Lost"),
            ("rescue", day(300), "Effort to win back", "Price rise"),
        ]
        self.assertEqual(self._told(self.seller), told)
        self.assertEqual(self._told(self.boss), told)
        self.assertEqual(self._told(self.other), [])

    def test_profile(self):
        self._effort(self.customer, 100, reason="price")
        self._buys(self.customer, 60, 100)
        self.env["customer.rescue"]._note_results(self.company)
        for user, number in ((self.seller, 1), (self.other, 0)):
            env = self.env(user=user, context={"allowed_company_ids": self.company.ids, "lang": "en_US"})
            section = env["customer.profile"]._sections(self.customer.with_env(env))["rescue"]
            self.assertEqual(len(section.lines), number)
            for line in section.lines:
                self.assertEqual((line.name, line.text), ("Win Back", "Price rise"))
                self.assertTrue(line.aside.endswith(", Won Back"), line.aside)

    def test_contact(self):
        """The number of efforts, for the whole customer, as far as one may read them."""
        colleague = self._partner("Colleague of Told", parent_id=self.customer.id)
        self.assertEqual(self.customer.with_user(self.boss).rescue_count, 0)
        effort = self._effort(self.customer, 100) | self._effort(colleague, 200)
        self._effort(self.customer, 300, state="held_out")
        self.env.invalidate_all()
        for user, number in ((self.boss, 2), (self.seller, 2), (self.other, 0)):
            contacts = (self.customer | colleague).with_user(user)
            self.assertEqual(contacts.mapped("rescue_count"), [number] * 2)
            found = self.env["customer.rescue"].with_user(user).search(contacts[1].action_view_rescues()["domain"])
            self.assertEqual(len(found), number)
        self.assertEqual(found.search_count([("id", "in", effort.ids)]), 0)

    def test_held_out_are_not_shown(self):
        """Whoever knew who is held out would care for them, and nothing could be compared."""
        held, done = self._effort(self.customer, 300, state="held_out"), self._effort(self.customer, 100)
        rescues = self.env["customer.rescue"]
        wanted = [("company_id", "=", self.company.id)]
        self.assertEqual(rescues.with_user(self.seller).search(wanted), done)
        self.assertEqual(rescues.with_user(self.boss).search(wanted), held | done)

    def test_effort_of_a_colleague_is_not_linked(self):
        """The link would show whose effort it is, and why the customer left."""
        effort = self._effort(self.customer, 100, reason="price")
        leads = self.env["crm.lead"].with_user(self.other)
        own = leads.create({"name": "Own", "type": "opportunity", "user_id": self.other.id})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            own.rescue_id = effort.id
        for context, values in (({}, {"rescue_id": effort.id}), ({"default_rescue_id": effort.id}, {})):
            with (
                self.subTest(context=context), self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                leads.with_context(**context).create({"name": "New", "user_id": self.other.id, **values})

    def test_merged_opportunities_keep_the_effort(self):
        """Also where a colleague took the opportunity over, who may not read the effort."""
        effort = self._effort(self.customer, 100)
        effort.lead_ids.user_id = self.other
        second = self.env["crm.lead"].with_user(self.other).create({
            "name": "Second", "type": "opportunity", "user_id": self.other.id, "partner_id": self.customer.id,
            "probability": 90,
        })
        merged = (second | effort.lead_ids.with_user(self.other)).merge_opportunity()
        self.assertEqual(merged.sudo().rescue_id, effort)

    def test_settings_are_not_for_customers(self):
        portal = self._user("rescue_portal", "base.group_portal")
        company = self.company.with_user(portal)
        self.assertTrue(company.name)
        for name in ("rescue_win_back_cost", "rescue_win_back_chance", "rescue_retention_months", "referral_asked"):
            with self.subTest(name), self.assertRaises(AccessError):
                company.read([name])

    def test_what_is_offered_is_text(self):
        effort = self._effort(self.customer, 100, offer="5 < 6 & <b>more</b>")
        self.assertIn("5 &lt; 6 &amp; &lt;b&gt;more&lt;/b&gt;", effort.lead_ids.description)
        kept = self._at_risk(user_id=self.seller.id)
        self._effort(kept, 100, kind="keep", offer="5 < 6 & <b>more</b>")
        self.assertIn("5 &lt; 6 &amp; &lt;b&gt;more&lt;/b&gt;", kept.activity_ids.note)
