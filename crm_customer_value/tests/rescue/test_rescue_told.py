"""What the timeline, the profile and the form of a contact tell of efforts."""

from odoo.tests import tagged

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
