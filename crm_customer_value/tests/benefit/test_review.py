from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.tests import Form, tagged

from .goal_case import GoalCase


@tagged("post_install", "-at_install")
class TestReview(GoalCase):
    """A meeting with the customer about what they gain."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2024-07-10 12:00:00"))
        super().setUpClass()
        cls.seller = cls._user("review_seller")
        cls.goal = cls._goal()

    def _plan(self, partner=None, user=None):
        partner = (partner or self.contact).with_user(user or self.seller)
        return partner.with_context(allowed_company_ids=self.company.ids).action_plan_value_review()

    def _event(self, start, **values):
        context = self._plan()["context"]
        return self.env["calendar.event"].with_user(self.seller).with_context(**context).create({
            "start": start, "stop": start + timedelta(hours=1), **values,
        })

    def test_agenda_is_what_one_sees_first(self):
        """The page of notes, which customers do not read, comes after it."""
        form = etree.fromstring(self.env["calendar.event"].with_user(self.seller).get_view(view_type="form")["arch"])
        first = form.find(".//notebook/page")
        self.assertEqual(first.get("invisible"), "not review_partner_id")
        self.assertTrue(first.xpath(".//field[@name='description']"))

    def test_agenda(self):
        """Goals, gain, open needs and open complaints; each only where there is something to say."""
        agenda = self._plan()["context"]["default_description"]
        self.assertIn("Faults: from 12 to 3 faults by 12/31/2024. Not measured yet.", agenda)
        self.assertNotIn("What you gained", agenda)
        self._measure(8, "2024-06-01", "2024-06-30")
        self._measure(20, "2024-07-01", "2024-07-10")
        self._measure(15, "2023-07-01", "2023-07-10", baseline=18)
        self._measure(25, "2024-06-01", "2024-06-30", metric_id=self.saved.id, baseline=20)
        wish = self.env["customer.need.type"].create({"name": "A <b>quiet</b> line", "dimension": "emotional"})
        doubt = self.env["customer.need.type"].create({"name": "Too expensive", "kind": "objection"})
        for need_type, values in (
            (wish, {"words": "I sleep badly"}), (wish, {"words": "Secretly", "is_guess": True}),
            (wish, {"words": "Long ago", "state": "met"}), (doubt, {"words": "Objected"}),
        ):
            self.env["customer.need"].create({
                "company_id": self.company.id, "partner_id": self.customer.id, "type_id": need_type.id, **values,
            })
        complaint = self.env["customer.complaint"].create({
            "name": "Noise on the line", "description": "It hums.",
            "company_id": self.company.id, "partner_id": self.contact.id, "user_id": self.seller.id,
        })
        agenda = self._plan()["context"]["default_description"]
        self.assertIn("by 12/31/2024. Now 8, which is 44% of the way.", agenda)
        self.assertIn("<li>Faults: $\xa0400.00</li>", agenda)
        self.assertIn("<li>Time Saved: $\xa0300.00</li><li>Together: $\xa0700.00</li>", agenda)
        self.assertIn("A &lt;b&gt;quiet&lt;/b&gt; line: “I sleep badly”", agenda)
        self.assertIn(f"{complaint.number}: Noise on the line", agenda)
        for hidden in ("Secretly", "Long ago", "Objected", "Too expensive", self.goal.user_id.name):
            self.assertNotIn(hidden, agenda)

    def test_agenda_holds_what_the_user_may_read(self):
        colleague = self._user("review_colleague")
        self.customer.user_id = colleague
        self.goal.user_id = colleague
        self.assertNotIn("Faults", self._plan()["context"]["default_description"])
        self.assertIn("Faults", self._plan(user=colleague)["context"]["default_description"])

    def test_agenda_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.faults.with_context(lang="de_DE").name = "Störungen"
        self.contact.lang = "de_DE"
        self.assertIn("Störungen", self._plan()["context"]["default_description"])

    def test_meeting(self):
        """One chooses the time; all else is there. The last review and the next one show."""
        action = self.goal.with_user(self.seller).action_plan_review()
        form = Form(self.env["calendar.event"].with_user(self.seller).with_context(**action["context"]))
        event = form.save()
        self.assertEqual(event.partner_ids, self.customer | self.seller.partner_id)
        self.assertIn("What we agreed on", event.description)
        event.unlink()
        mine = self.contact.with_user(self.seller)
        self.assertEqual((mine.last_value_review, mine.next_value_review), (False, False))
        past, older = datetime(2024, 6, 3, 9), datetime(2024, 3, 4, 9)
        coming, later = datetime(2024, 9, 2, 9), datetime(2024, 12, 2, 9)
        self._event(older)
        last = self._event(past)
        following = self._event(coming, privacy="private")
        self._event(later)
        cancelled = self._event(datetime(2024, 8, 1, 9))
        cancelled.action_archive()
        self.env.invalidate_all()
        self.assertEqual((mine.last_value_review, mine.next_value_review), (past, coming))
        self.assertEqual(self.customer.with_user(self.seller).next_value_review, coming)
        following.unlink()
        last.unlink()
        self.env.invalidate_all()
        self.assertEqual((mine.last_value_review, mine.next_value_review), (older, later))
        found = self.env["calendar.event"].search(mine.action_view_value_reviews()["domain"])
        self.assertEqual(len(found), 2)
        self.assertEqual(found.review_partner_id, self.customer)
