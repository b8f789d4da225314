import itertools
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import channel
from .timeline_case import TimelineCase


@tagged("post_install", "-at_install")
class TestTimeline(TimelineCase):
    """What the timeline tells, in which order, page by page."""

    def _pages(self, limit, **arguments):
        """Return the keys of all pages, as a list of lists."""
        pages, after = [], None
        while True:
            page = self._page(after=after, limit=limit, **arguments)
            pages.append([entry["key"] for entry in page["entries"]])
            after = page["next"]
            if not after:
                return pages

    def test_each_kind(self):
        with freeze_time("2025-03-20 12:00:00"):
            self._need()
            goal = self._goal()
            self._measurement(goal.metric_id)
        self._order(self.baker, date(2025, 3, 11), 120.0, user_id=self.seller.id, name="TL1")
        self._import()
        self._offer(state="refused", refusal="price", note="Has one")
        self._care()
        self._feedback()
        self._meeting()
        complaint = self._complaint()
        suggestion = self.env["customer.suggestion"].create(self._values_of(
            name="A rye oven", description="<p>For rye.</p>", user_id=False,
        ))
        self._log(minutes=12)
        self._note()
        self._life_event()
        self._move(old=self.stages[0])
        self._effort(result="lost", result_date=date(2024, 11, 30))
        page = self._page()
        found = {entry["kind"]: entry for entry in page["entries"]}
        self.assertEqual([entry["kind"] for entry in page["entries"]], [
            # Suggestions have no day but that on which they were written down.
            "suggestion", "offer", "order", "import", "care", "feedback", "meeting", "complaint", "contact", "note",
            "life", "stage", "need", "measurement", "goal", "rescue_result", "rescue",
        ])
        self.assertEqual(
            {kind: (entry["title"], entry["text"], entry["state"], entry["amount"]) for kind, entry in found.items()},
            {
                "offer": (self.product.display_name, "Too expensive: Has one", "Refused", ""),
                "order": ("Order TL1", "", "", "$\u00a0120.00"),
                "import": ("Imported purchase", "OLD-7", "", "$\u00a0250.00"),
                "care": ("Ten years", "Birthdays", "", "$\u00a015.00"),
                "feedback": ("Transaction", "Too slow.", "2, Satisfaction (1 to 5)", ""),
                "meeting": ("Tasting", "", "", ""),
                "complaint": (complaint.display_name, "High", "Received", ""),
                "suggestion": (suggestion.display_name, "", "New", ""),
                "contact": ("Phone: They Contacted Us", "They want to bake more rye.", "12 min", ""),
                "note": ("Note", "Never call before ten.", "", ""),
                "life": ("Moved to the harbor", "", "Moved", ""),
                "stage": ("Timeline New → Timeline Loyal", "Set by hand: They came to stay", "", ""),
                "need": ("Save energy", "The bill is too high.", "Open", ""),
                "goal": ("Goal: Energy", "From 90 to 60\u00a0kWh by 12/31/2025", found["goal"]["state"], ""),
                "rescue": ("Effort to win back", "Ten percent", "Price rise", "$\u00a020.00"),
                "rescue_result": ("Bought nothing in the 90 days after the effort", "", "Lost", ""),
                # (90 - 80) kWh at 2 dollars, for one month.
                "measurement": (
                    "Energy: 80\u00a0kWh", "February 2025, before 90\u00a0kWh", "Reported", "$\u00a020.00",
                ),
            },
        )
        self.assertEqual(found["contact"]["user"], "Selma")
        self.assertEqual((found["contact"]["date"], found["contact"]["moment"]), (False, "2025-03-05 09:00:00"))
        self.assertEqual(found["note"]["date"], "2025-03-04")
        self.assertEqual(found["feedback"]["color"], "danger")
        self.assertEqual((page["next"], {kind["count"] for kind in page["kinds"]}), (False, {1}))

    def test_entries_open_their_records(self):
        """A change of a need opens the need."""
        need, log = self._need(), self._log()
        self.assertEqual(
            {(entry["res_model"], entry["res_id"]) for entry in self._page()["entries"]},
            {("customer.need", need.id), ("customer.contact.log", log.id)},
        )

    def test_changes_of_a_need(self):
        with freeze_time("2025-03-20 12:00:00"):
            need = self._need()
            need.state = "met"
        self.assertEqual(
            [(entry["state"], entry["date"]) for entry in self._page()["entries"]],
            [("Met", "2025-03-20"), ("Open", "2025-03-01")],
        )
        need.active = False
        self.assertEqual(self._told(), [])

    def test_one_timeline_for_the_whole_customer(self):
        self._log(partner=self.baker)
        self._note()
        self._log(partner=self.kiosk)
        self.assertEqual(self._told(), [("contact", "Phone: They Contacted Us"), ("note", "Note")])
        self.assertEqual([entry["person"] for entry in self._page()["entries"]], ["Timeline Baker", ""])
        self.assertEqual(self._told(self.baker), self._told())
        self.assertEqual(len(self._told(self.kiosk)), 1)

    def test_what_did_not_happen_is_not_told(self):
        self._order(self.bakery, date(2025, 3, 11), 120.0, state="sent")
        self._care(state="held_out")
        self._feedback(state="asked", date_answered=False)
        self._note(active=False)
        self.assertEqual(self._told(), [])
        self.assertEqual(set(self._counts().values()), {0})

    def test_pages_without_doubles_and_gaps(self):
        """Entries of one moment, of several kinds, at the end of every page."""
        moment = datetime(2025, 3, 5)
        for _number in range(4):
            self._log(moment)
            self._note(moment.date())
            self._life_event(moment.date())
        self._log(moment + timedelta(seconds=1))
        self._note(date(2025, 3, 4))
        whole = self._pages(100)[0]
        self.assertEqual(len(whole), 14)
        self.assertEqual(len(set(whole)), 14)
        self.assertEqual([key.split("-")[0] for key in whole], [
            "contact", *["note"] * 4, *["life"] * 4, *["contact"] * 4, "note",
        ])
        for limit in range(1, 15):
            with self.subTest(limit=limit):
                pages = self._pages(limit)
                self.assertEqual(list(itertools.chain(*pages)), whole)
                self.assertEqual({len(page) for page in pages[:-1]} - {limit}, set())
        self.assertEqual(self._pages(3, kinds=["life"]), [
            [key for key in whole if key.startswith("life")][:3], [key for key in whole if key.startswith("life")][3:],
        ])

    def test_new_entries_between_two_pages(self):
        """What comes on top, or in the same moment, moves nothing into the next page, and nothing out of it."""
        logs = [self._log(datetime(2025, 3, day)) for day in range(1, 7)]
        first = self._page(limit=3)
        self.assertEqual([entry["res_id"] for entry in first["entries"]], [log.id for log in logs[:2:-1]])
        self._log(datetime(2025, 3, 9))
        self._log(datetime(2025, 3, 4))  # the moment of the last one on the page, and newer than it
        second = self._page(limit=3, after=first["next"])
        self.assertEqual([entry["res_id"] for entry in second["entries"]], [log.id for log in logs[2::-1]])
        self.assertFalse(second["next"])
        self.assertNotIn("kinds", second)

    def test_days_begin_where_the_reader_is(self):
        """The tenth of March begins at 23:00 UTC in Berlin, before somebody called at 23:30 UTC."""
        self._note(date(2025, 3, 10))
        self._log(datetime(2025, 3, 9, 23, 30))
        berlin = self.bakery.with_context(tz="Europe/Berlin").get_timeline()["entries"]
        self.assertEqual([entry["kind"] for entry in berlin], ["contact", "note"])
        self.assertEqual([entry["kind"] for entry in self._page()["entries"]], ["note", "contact"])

    def test_filter_and_counts(self):
        for _number in range(3):
            self._log()
        self._note()
        page = self._page(kinds=["note"])
        self.assertEqual([entry["kind"] for entry in page["entries"]], ["note"])
        counts = {kind["name"]: kind["count"] for kind in page["kinds"]}
        self.assertEqual((counts["contact"], counts["note"], counts["order"]), (3, 1, 0))
        self.assertEqual(len(self._page(kinds=["note", "contact"])["entries"]), 4)
        self.assertEqual(self._page(kinds=["nothing"])["entries"], [])
        self.assertEqual(len(self._page(kinds=[])["entries"]), 4)

    def test_bad_input(self):
        self._log()
        for after in (["x", "contact", 1], ["2025-03-01T00:00:00", "contact"], ["2025-03-01", "contact", "x"], "abc"):
            with self.subTest(after=after), self.assertRaisesRegex(UserError, "Open the contact again"):
                self._page(after=after)
        self.assertEqual(len(self._page(limit=-5)["entries"]), 1)
        self.assertEqual(self._page(limit=10**9)["next"], False)
        after = ["2025-03-09T00:00:00", "'; DROP TABLE res_users; --", 1]
        self.assertEqual(len(self._page(after=after)["entries"]), 1)

    def test_without_entries(self):
        page = self._page(user=self.seller)
        self.assertEqual((page["entries"], page["next"]), ([], False))
        self.assertEqual(page["new"][0], {"text": "Log a Contact", "action": "action_log_contact"})
        for offer in page["new"]:
            action = getattr(self.bakery.with_user(self.seller), offer["action"])()
            who = {"default_partner_id", "default_partner_ids"} & action["context"].keys()
            self.assertTrue(who, offer)
        self.assertEqual(self._page(user=self.clerk)["new"], [])

    def test_queries_do_not_grow_with_entries(self):
        """As many for a page of a long life as for one of a short one, on the first page and later."""
        self._logs(70)
        self._measured_pages()
        few = self._measured_pages()
        self._logs(400)
        self.assertEqual(self._measured_pages(), few)
        self.assertLess(few[0], 60)

    def _logs(self, number):
        self.env["customer.contact.log"].create([
            self._values_of(
                self.baker, date=datetime(2025, 1, 1) + timedelta(hours=hour), channel_id=channel(self.env, "phone"),
                summary="Called", user_id=self.seller.id,
            )
            for hour in range(number)
        ])

    def _measured_pages(self):
        """Return how many queries the first page and the second one take."""
        counts, after = [], None
        for _page in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            after = self._page(user=self.seller, after=after)["next"]
            counts.append(self.env.cr.sql_log_count - before)
        return counts
