import re
from unittest.mock import patch

from odoo.fields import Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from .benefit_portal_case import BenefitPortalCase


@tagged("post_install", "-at_install")
class TestBenefitPortalFigures(BenefitPortalCase):
    """The pages on which customers read figures, judge them, and add their own."""

    def setUp(self):
        super().setUp()
        self._login(self.anna)
        self.figure_url = f"/my/benefit/figures/{self.record.id}"
        self.add_url = f"/my/benefit/goals/{self.goal.id}/figure"

    def _own(self):
        return self.env["customer.benefit.record"].search([
            ("source", "=", "portal"), ("commercial_partner_id", "=", self.mill.id),
        ])

    def test_statement(self):
        self.goal.write({"latest_value": 25.0, "progress": 50.0, "state": "behind"})
        self.env.flush_all()
        html = self._page("/my/benefit")
        for text in (
            "What you gained with us", "$\u00a0150", "Faults of the test", "25\u00a0faults", "40\u00a0faults",
            "10\u00a0faults", 'aria-valuetext="50 %"', "width: 50%", "Behind", "The line must not fail on Sundays",
            "No Sunday without a line", "Very important",
            "Are these figures right?",
        ):
            self.assertIn(text, html)
        self.assertNotIn("Secret", html)
        self.assertNotIn("Oscar", html)

    def test_empty_state_helps(self):
        self._login(self.bob)
        html = self._page("/my/benefit")
        for text in ("Nothing has been measured yet", "Tell us what you need", "Propose a goal"):
            self.assertIn(text, html)
        self.assertNotIn("benefit/pdf", html)

    def test_confirm(self):
        mark = self._hidden(self._page("/my/benefit"), "mark")
        html = self._post(f"{self.figure_url}/confirm", mark=mark)
        self.assertIn("This figure is confirmed", html)
        self.assertEqual((self.record.state, self.record.confirmed_by_id), ("confirmed", self.anna.partner_id))
        said = self.record.date_confirmed
        self.assertIn("This figure is confirmed", self._post(f"{self.figure_url}/confirm", mark=mark))
        self.assertEqual(self.record.date_confirmed, said, "A double click confirms once.")
        self.assertIn("You confirmed $\u00a0150 of it (100 %)", re.sub(r"[ \n]+", " ", self._page("/my/benefit")))

    def test_confirm_what_one_has_seen(self):
        mark = self._hidden(self._page("/my/benefit"), "mark")
        self.record.value = 5.0
        self.env.flush_all()
        html = self._post(f"{self.figure_url}/confirm", mark=mark)
        self.assertIn("changed in the meantime", html)
        self.assertEqual(self.record.state, "reported")

    def test_contested_figure_has_changed(self):
        """Whoever writes for long loses no word because somebody corrected the figure meanwhile."""
        mark = self._hidden(self._page(f"{self.figure_url}/contest"), "mark")
        self.record.value = 5.0
        self.env.flush_all()
        html = self._post(f"{self.figure_url}/contest", mark=mark, words="It was 30, I counted")
        self.assertIn("changed in the meantime", html)
        self.assertIn("It was 30, I counted</textarea>", html)
        self.assertIn("5\u00a0faults", html)
        self.assertEqual(self.record.state, "reported")
        html = self._post(
            f"{self.figure_url}/contest", mark=self._hidden(html, "mark"), words="It was 30, I counted"
        )
        self.assertEqual((self.record.state, self.record.contest_words), ("contested", "It was 30, I counted"))

    def test_how_the_gain_is_found(self):
        """15 faults less at 10 a month each: the page says both."""
        self._login(self.anna)
        for url in ("/my/benefit", f"/my/benefit/metrics/{self.faults.id}"):
            self.assertIn("Each unit of improvement counts $\u00a010 a month.", self._page(url))
        self.faults.period = "year"
        self.assertEqual(self.faults._customer_worth(), "Each unit of improvement counts $\u00a010 a year.")
        self.faults.period = "once"
        self.assertEqual(self.faults._customer_worth(), "Each unit of improvement counts $\u00a010 once.")
        self.faults.money_per_unit = 0
        self.assertEqual(self.faults._customer_worth(), "")

    def test_contest(self):
        html = self._send(f"{self.figure_url}/contest", words="It was <b>30</b>, 坏了")
        self.assertIn("Until then the figure does not count", html)
        self.assertEqual((self.record.state, self.record.counts), ("contested", False))
        self.assertEqual(self.record.contest_words, "It was <b>30</b>, 坏了")
        self.assertEqual(self.record.activity_ids.user_id, self.owner)
        self.assertIn("&lt;b&gt;30&lt;/b&gt;", str(self.record.activity_ids.note))
        self.assertIn("looking into this figure already", self._page(f"{self.figure_url}/contest"))
        html = self._page(f"/my/benefit/metrics/{self.faults.id}")
        self.assertIn("It was &lt;b&gt;30&lt;/b&gt;, 坏了", html)
        self.assertIn("We look into it", html)
        self._as(self.seller, self.record)._settle("We counted again: 25 it is.")
        self.env.flush_all()
        html = self._page("/my/benefit")
        self.assertIn("We counted again: 25 it is.", html)
        self._post(f"{self.figure_url}/confirm", mark=self._hidden(html, "mark"))
        self.assertEqual(self.record.state, "confirmed")

    def test_contest_wants_words(self):
        html = self._send(f"{self.figure_url}/contest", words=" ")
        self.assertIn("Please tell us what is wrong with this figure.", html)
        self.assertEqual(self.record.state, "reported")

    def test_no_messages_to_customers(self):
        """Nobody gets an e-mail that they did not ask for, and no customer follows a record of ours."""
        mails = self.env["mail.mail"].search_count([("recipient_ids", "in", self.anna.partner_id.ids)])
        self._send(f"{self.figure_url}/contest", words="It was 30")
        self._send(self.add_url, value="20", **self._days(2))
        records = self.record | self._own()
        self.assertEqual(len(records), 2)
        self.assertNotIn(self.anna.partner_id, records.message_partner_ids)
        self.assertEqual(
            self.env["mail.mail"].search_count([("recipient_ids", "in", self.anna.partner_id.ids)]), mails
        )

    def _days(self, ago):
        first, last = self._month(ago)
        return {"date_from": Date.to_string(first), "date_to": Date.to_string(last)}

    def test_add(self):
        html = self._page(self.add_url)
        first, _last = self._month(1)
        self.assertEqual(self._hidden(html, "key").count("-"), 4)
        # Last month has a figure already, and this one is not over.
        self.assertIn(f'value="{first}"', html)
        html = self._send(self.add_url, value="20", **self._days(2))
        self.assertIn("Your figure is here now", html)
        record = self._own()
        self.assertEqual(
            (record.value, record.baseline, record.unit, record.gain, record.state, record.source, record.counts),
            (20.0, 40.0, "faults", 200.0, "reported", "portal", True),
        )
        self.assertEqual(
            (record.partner_id, record.goal_id, record.metric_id, record.company_id, record.is_checked),
            (self.anna.partner_id, self.goal, self.faults, self.company, False),
        )
        html = self._page("/my/benefit")
        self.assertEqual(html.count("/confirm"), 1, "Nobody is asked whether their own figure is right.")

    def test_one_form_makes_one_record(self):
        key = self._hidden(self._page(self.add_url), "key")
        for _click in range(2):
            html = self._post(self.add_url, key=key, value="20", **self._days(2))
            self.assertIn("Your figure is here now", html)
        self.assertEqual(len(self._own()), 1)

    def test_unlikely_values_are_asked_about(self):
        for value, text in (("41", "41\u00a0faults is worse than before"), ("-401", "more than ten times")):
            with self.subTest(value=value):
                html = self._send(self.add_url, value=value, **self._days(2))
                self.assertIn("Is this right?", html)
                self.assertIn(text, html)
                self.assertFalse(self._own())
        # Another value is asked about again, whatever was said of the first.
        answer = "|".join((*self._days(2).values(), "41"))
        self._send(self.add_url, value="42", sure=answer, **self._days(2))
        self.assertFalse(self._own())
        self._send(self.add_url, value="41", sure=answer, **self._days(2))
        self.assertEqual((self._own().value, self._own().is_checked, self._own().gain), (41.0, True, -10.0))

    def test_bad_input(self):
        future = Date.to_string(Date.add(Date.today(), days=3))
        for data, text in (
            ({"value": "many"}, "enter a number"),
            ({"value": "nan"}, "enter a number"),
            ({"value": "1e300"}, "enter a number"),
            ({"value": "12,5"}, "enter a number"),
            ({"value": ""}, "enter what you measured"),
            ({"date_from": "yesterday"}, "enter a date"),
            ({"date_from": "0001-01-01"}, "enter a date"),
            ({"date_to": future}, "in the future"),
            ({"date_from": self._days(2)["date_to"], "date_to": self._days(2)["date_from"]}, "before the first"),
            ({"date_from": "2001-01-01"}, "longer than 2 years"),
            (self._days(1), "a figure for these days already"),
            ({"value": "9" * 5000}, "enter a number"),
        ):
            with self.subTest(data=str(data)[:60]):
                html = self._send(self.add_url, **{"value": "20", **self._days(2), **data})
                self.assertIn(text, html)
        self.assertFalse(self._own())

    def test_closed_goals_answer(self):
        for values, text in (
            ({"active": False}, "no longer here"),
            ({"is_proposal": True}, "no longer measured"),
            ({"date_start": "2019-01-01", "date_target": "2020-01-01"}, "no longer measured"),
        ):
            before = {name: self.goal[name] for name in values}
            self.goal.write(values)
            self.env.flush_all()
            with self.subTest(values=values):
                self.assertIn(text, self._page(self.add_url))
                self.assertIn(text, self._post(self.add_url, value="20", **self._days(2)))
            self.goal.write(before)
        self.faults.active = False
        self.env.flush_all()
        self.assertIn("no longer measured", self._page(self.add_url))
        self.assertIn("$\u00a0150", self._page("/my/benefit"), "What was gained stays.")
        self.assertFalse(self._own())

    @mute_logger("odoo.http")
    def test_flood(self):
        self.env["ir.config_parameter"].set_param("crm_customer_value.limit_account_figure", "1")
        self._send(self.add_url, value="20", **self._days(2))
        html = self._send(self.add_url, value="20", **self._days(3))
        self.assertIn("too much within an hour", html)
        mark = self._hidden(self._page("/my/benefit"), "mark")
        self.assertIn("too much within an hour", self._post(f"{self.figure_url}/confirm", mark=mark))
        self.assertEqual((len(self._own()), self.record.state), (1, "reported"))

    def test_pages_of_figures(self):
        for ago in range(2, 28):
            self._record(ago, 20.0)
        self.env.flush_all()
        url = f"/my/benefit/metrics/{self.faults.id}"
        self.assertEqual(self._page(url).count("/contest?"), 24)
        html = self._page(f"{url}/page/2")
        self.assertEqual(html.count("/contest?"), 3)
        # After an answer, the customer is where they were.
        html = self._post(
            f"/my/benefit/figures/{self.record.id}/confirm", mark=self.record._customer_mark(), back=f"{url}/page/2"
        )
        self.assertEqual(html.count("/contest?"), 3)

    def test_confirm_a_page(self):
        """All that is on the page, as it was seen: not what changed, is the customer's own, or is contested."""
        changed, contested = self._record(2, 20.0), self._record(3, 20.0)
        own, right = self._record(4, 20.0, source="portal"), self._record(5, 20.0)
        contested._contest(self.anna.partner_id, "No")
        self.env.flush_all()
        url = f"/my/benefit/metrics/{self.faults.id}"
        figures = re.findall(r'name="figure" value="([^"]*)"', self._page(url))
        self.assertEqual(len(figures), 3)
        changed.value = 21.0
        self.env.flush_all()
        figures.append(f"{contested.id}:{contested._customer_mark()}")
        figures += [f"{own.id}:{own._customer_mark()}", "x", ":", "٣:1", "9" * 30]
        html = self._post(f"{url}/confirm", figure=figures, back=url)
        self.assertIn("These figures are confirmed", html)
        self.assertEqual(
            (self.record | changed | contested | own | right).mapped("state"),
            ["confirmed", "reported", "contested", "reported", "confirmed"],
        )

    def test_leads_nowhere_else(self):
        for back in ("https://example.com", "//example.com", "/web/session/logout", "/my/benefit/metrics/1:\\\\x"):
            with self.subTest(back=back):
                response = self.url_open(
                    f"{self.figure_url}/confirm", allow_redirects=False,
                    data={"csrf_token": self._hidden(self._page("/my/benefit"), "csrf_token"), "back": back},
                )
                self.assertTrue(response.headers["Location"].endswith("/my/benefit"), response.headers["Location"])

    def test_pdf(self):
        """A year without figures is the latest; without the program that makes PDFs, it is a page to print."""
        reports = type(self.env["ir.actions.report"])
        for state in ("ok", "install"):
            with self.subTest(state=state), patch.object(reports, "get_wkhtmltopdf_state", return_value=state):
                response = self.url_open("/my/benefit/pdf?year=1999")
                self.assertEqual(response.status_code, 200)
                self.assertEqual("attachment" in response.headers.get("Content-Disposition", ""), state == "ok")
                # In tests, both are HTML.
                self.assertIn("Faults of the test", response.text)
                self.assertNotIn("Secret", response.text)
