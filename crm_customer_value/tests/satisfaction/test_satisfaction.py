from datetime import datetime, time

from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine.complaint import service
from ...models.complaint.customer_complaint_category import SEVERE
from ...models.complaint.customer_complaint_stage import OPEN_STATES
from ..satisfaction_case import SatisfactionCase


@tagged("post_install", "-at_install")
class TestSatisfaction(SatisfactionCase):
    """What complaints, ratings and suggestions do to the index, on numbers worked out by hand.

    With one purchase a customer scores 100 for current value and 0 for loyalty, of weights 50 and
    30: 62.5 without a word. Satisfaction weighs 40 beside those 80, as far as there is evidence: a third of it
    with one answer, a half with two; all of it while a severe complaint is open.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._partner("Loud", is_company=True)
        cls.contact = cls._partner("Who speaks", parent_id=cls.customer.id)
        cls.quiet = cls._partner("Quiet")
        for partner in (cls.customer, cls.quiet):
            cls._order(partner, 20, 100.0)

    def _scored(self, score, index, points, partner=None):
        value = self._value(partner or self.customer)
        self.assertEqual(
            (value.has_satisfaction_score, value.satisfaction_score, value.value_index, value.satisfaction_points),
            (True, score, index, points),
        )
        self.assertAlmostEqual(sum(value[f"{part}_points"] for part in self._index_lines()), value.value_index, 6)
        parts = value.explanation["parts"]
        self.assertAlmostEqual(sum(part["points"] for part in parts), value.value_index, 6)
        return next(part for part in parts if part["key"] == "satisfaction")

    def test_engine_means_the_same_as_the_models(self):
        self.assertEqual((service.OPEN_STATES, service.SEVERE), (OPEN_STATES, SEVERE))

    def test_story_of_one_complaint(self):
        """Open, closed late, rated badly: the index falls each time and says why."""
        self._recompute()
        self.assertEqual(self._value(self.customer).value_index, 62.5)
        part = next(
            part for part in self._value(self.customer).explanation["parts"] if part["key"] == "satisfaction"
        )
        self.assertTrue(part["missing"])
        quiet = dict(self._rows())[self.quiet.id]
        # 1 complaint beside 1 purchase and 4 assumed: 100 - 50 / 5 = 90, less 30.
        # 62.5 * (80 + 40 * 0.6) / 120 = 54.17
        complaint = self._complain(self.contact, severity="high")
        self._recompute()
        part = self._scored(60.0, 54.2, -8.3)
        self.assertTrue(part["help"].startswith("1 open severe complaint, 1 of 1 orders complained about. "))
        # At a satisfaction of 0 a third would be lost.
        self.assertEqual((round(part["weight"], 2), part["lost_at"]), (20.83, 0))
        value = self._value(self.customer)
        self.assertEqual((value.open_complaints, value.open_severe_complaints), (1, 1))
        # Closed, but late: 100 - 10 - 10 = 80, one answer. 62.5 * (80 + 13.32 * 0.8) / 93.32 = 60.72
        complaint.write({"resolve_missed": True, "resolve_deadline": datetime.combine(self._day(5), time(12))})
        self._end(complaint)
        self._recompute()
        part = self._scored(80.0, 60.7, -1.8)
        self.assertTrue(part["help"].startswith("1 of 1 orders complained about, 1 resolved too late. "))
        # Rated 2 of 5, which is 25 of 100: (2 * 80 + 25) / 3 = 61.67. 62.5 * (80 + 20 * 0.617) / 100 = 57.71
        self._rate(complaint, 2)
        self._recompute()
        part = self._scored(61.7, 57.7, -4.8)
        self.assertIn("rated 2 of 5", part["help"])
        self.assertEqual((self._value(self.customer).csat, self._value(self.customer).csat_count), (2.0, 1))
        self.assertEqual(dict(self._rows())[self.quiet.id], quiet, "nothing changes for who said nothing")

    def test_rate_is_held_against_the_purchases(self):
        """1 of 4 orders: 100 - 50 / 8 = 93.75, rounded up; nothing severe."""
        for day in (21, 22, 23):
            self._order(self.contact, day, 1.0)
        self._complain(self.contact)
        self._recompute()
        value = self._value(self.customer)
        self.assertEqual(value.satisfaction_score, 93.8)
        self.assertEqual(
            value._satisfaction_text(), "1 other open complaint, 1 of 4 orders complained about."
        )

    def test_more_complaints_than_orders(self):
        """Six beside one purchase and four assumed: all 50 points, and no more.

        Six answers are three quarters of the weight: 62.5 * (80 + 30 * 0.5) / 110 = 53.98
        """
        for _number in range(6):
            self._end(self._complain(self.customer))
        self._recompute()
        self._scored(50.0, 54.0, -8.5)
        self.assertEqual(self._value(self.customer)._satisfaction_text(), "More complaints (6) than orders (1).")

    def test_never_below_nothing(self):
        """Four severe ones would take 120 points; what is lost is the share of the weight: a third."""
        for _number in range(4):
            self._complain(self.customer, severity="critical")
        self._recompute()
        self._scored(0.0, 41.7, -20.8)
        self.policy._renew(weights={"satisfaction": 0})
        self._recompute()
        self._scored(0.0, 62.5, 0.0)

    def test_nobody_becomes_worth_more_by_complaining(self):
        """Beside an index of 12.5, a satisfaction of 90 is much; in a plain mean it would raise it."""
        small = self._partner("Small")
        self._order(small, 20, 1.0)
        for number in range(20):
            self._order(self._partner(f"Rich {number}"), 20, 1000.0 + number)
        self._recompute()
        before = self._value(small).value_index
        self.assertLess(before, 20)
        self._rate(self._complain(small), 5)
        self._recompute()
        value = self._value(small)
        self.assertGreater(value.satisfaction_score, 90)
        self.assertLessEqual(value.value_index, before)
        self._complain(small, severity="high")
        self._recompute()
        self.assertLess(self._value(small).value_index, before)

    def test_good_ratings_restore(self):
        """The same complaint, rated 5 of 5 twice: (2 * 90 + 200) / 4 = 95. 62.5 * (80 + 24 * 0.95) / 104 = 61.78"""
        complaint = self._complain(self.customer)
        self._end(complaint)
        for _number in range(2):
            self._rate(complaint, 5)
        self._recompute()
        self._scored(95.0, 61.8, -0.7)

    def test_what_does_not_count(self):
        """Before the window, rejected, merged, archived, not consumed, of another company: not a word."""
        old = self._complain(self.customer, days=500)
        self._end(old, days=480)
        self._end(self._complain(self.customer), reason="Bought elsewhere")
        self._complain(self.customer).active = False
        self._rate(old, 1, days=470)
        self._rate(old, 1).consumed = False
        self._rate(old, 0)
        other = self._make_company("Other")
        self._complain(self.customer, severity="critical", company_id=other.id, partner_id=self.customer.id)
        self._recompute()
        self.assertFalse(self._value(self.customer).has_satisfaction_score)
        self.assertEqual(self._value(self.customer).value_index, 62.5)
        kept = self._complain(self.customer)
        self._complain(self.contact)._merge_into(kept)
        self._recompute()
        self.assertEqual(self._value(self.customer).complaint_count_12m, 1)
        # One from before the window that is open still counts as open.
        self._complain(self.customer, days=500, severity="high")
        self._recompute()
        value = self._value(self.customer)
        self.assertEqual((value.complaint_count_12m, value.open_severe_complaints), (1, 1))

    def test_other_days(self):
        """Complaints and ratings after a day do not exist; what was closed later was open then."""
        complaint = self._complain(self.customer, days=10, severity="high")
        self._end(complaint, days=4)
        self._rate(complaint, 1, days=2)
        seen = {}
        for days in (11, 10, 5, 4, 3, 2):
            self._recompute(as_of=self._day(days))
            value = self._value(self.customer)
            seen[days] = (value.complaint_count_12m, value.open_severe_complaints, value.csat)
        self.assertEqual(seen, {
            11: (0, 0, 0), 10: (1, 1, 0), 5: (1, 1, 0), 4: (1, 0, 0), 3: (1, 0, 0), 2: (1, 0, 1),
        })

    def test_prospects_who_complain(self):
        """No purchase, no index: but what is open is known."""
        prospect = self._partner("Prospect")
        self._order(prospect, 3, 10.0, state="draft")
        self._complain(prospect, severity="high")
        self._suggest(prospect, adopted=3)
        self._recompute()
        value = self._value(prospect)
        self.assertEqual((value.open_severe_complaints, value.value_index, value.loyalty_points), (1, 0, 0))

    def test_cost_to_serve(self):
        """Compensation as far as it was not credited, and hours at what an hour costs."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.company.complaint_hour_cost = 8.0
        complaint = self._complain(self.customer, compensation=20.0, handling_hours=0.5)
        self._end(complaint)
        self._recompute()
        value = self._value(self.customer)
        # 24 of 100 of revenue; a satisfaction of 90, by one answer: 61.6, less 2.4.
        self.assertEqual((value.cost_to_serve, value.cost_to_serve_score), (24.0, 24.0))
        self.assertEqual((value.cost_to_serve_points, value.value_index), (-2.4, 59.2))
        refund = self.env["account.move"].create({
            "move_type": "out_refund", "partner_id": self.customer.id, "invoice_date": self._day(3),
            "complaint_id": complaint.id,
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "price_unit": 15.0, "tax_ids": False,
            })],
        })
        self._recompute()
        self.assertEqual(self._value(self.customer).cost_to_serve, 24.0, "a draft credits nothing")
        refund.action_post()
        self._recompute(partners=self.customer)
        # 15 credited, 5 more given, 4 for the hours: nothing twice.
        self.assertEqual(self._value(self.customer).cost_to_serve, 24.0)
        refund.button_draft()
        refund.invoice_line_ids.price_unit = 30.0
        refund.action_post()
        self._recompute(partners=self.customer)
        self.assertEqual(self._value(self.customer).cost_to_serve, 34.0)
        # Before the credit note there were the 20.
        self._recompute(as_of=self._day(4))
        self.assertEqual(self._value(self.customer).cost_to_serve, 24.0)

    def test_new_hour_cost_is_counted(self):
        self._recompute()
        self.company.complaint_hour_cost = 9.0
        waiting = self.env["customer.value.run"].search([
            ("company_id", "=", self.company.id), ("state", "=", "queued"), ("kind", "=", "full"),
        ])
        self.assertTrue(waiting)

    @mute_logger("odoo.sql_db")
    def test_bad_input(self):
        for values in ({"compensation": -1.0}, {"handling_hours": -0.5}):
            with self.subTest(values), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self._complain(self.customer, **values)
                self.env.flush_all()
        with self.assertRaises(ValidationError):
            self.policy._renew(weights={"satisfaction": -1})
        # Satisfaction alone makes no index.
        with self.assertRaises(ValidationError):
            self.policy._renew(weights=dict.fromkeys(self._index_parts("ground"), 0))

    def test_adopted_suggestions(self):
        """Five points each on loyalty, three of them at most; the same idea twice is one."""
        idea = self._suggest(self.contact, adopted=5)
        twin = self._suggest(self.customer)
        twin.merged_into_id = idea
        self._suggest(self.customer)
        self._recompute()
        value = self._value(self.customer)
        self.assertEqual((value.adopted_suggestions, value.loyalty_score), (1, 5.0))
        # 62.5 + 5 * 30 / 80
        self.assertEqual(value.value_index, 64.4)
        for days in (1, 2, 3, 400):
            self._suggest(self.customer, adopted=days)
        self._recompute()
        value = self._value(self.customer)
        self.assertEqual((value.adopted_suggestions, value.loyalty_score), (5, 15.0))
        self._recompute(as_of=self._day(6))
        self.assertEqual(self._value(self.customer).adopted_suggestions, 1)

    def test_merged_ideas_of_others(self):
        """Who proposed what was merged, even twice, proposed what was adopted."""
        first, second = self._suggest(self.quiet), self._suggest(self.quiet)
        adopted = self._suggest(self.customer, adopted=5)
        first.merged_into_id = second
        second.merged_into_id = adopted
        self._recompute()
        self.assertEqual(self._value(self.quiet).adopted_suggestions, 1)

    def test_snapshots_and_story(self):
        """The month end keeps satisfaction; what changed since then names the complaints."""
        end = self.env["customer.value.snapshot"]._last_month_end(self.company)
        since = (self.today - end).days
        self._order(self.customer, since + 5, 1.0)
        self._recompute(as_of=end)
        complaint = self._complain(self.contact, days=0, severity="high")
        self._rate(complaint, 2)
        self._recompute()
        snapshot = self.env["customer.value.snapshot"].search([
            ("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id), ("date", "=", end),
        ])
        self.assertEqual((snapshot.has_satisfaction_score, snapshot.satisfaction_points), (False, 0.0))
        value = self._value(self.customer)
        story = value.get_story()
        change = {part["key"]: part for part in story["change"]["parts"]}
        self.assertEqual(change["satisfaction"]["difference"], value.satisfaction_points)
        self.assertEqual(
            {(event["text"], event["name"]) for event in story["change"]["complaints"]},
            {("Complaint received", complaint.display_name), ("Rated 2 of 5", complaint.display_name)},
        )
        self.assertIn("1 open severe complaint", story["inputs"]["satisfaction"]["comparison"])

    def test_dry_run_says_what_happens(self):
        """Without weight for satisfaction the mean index of the two would be what it was."""
        self._complain(self.customer, severity="high")
        self._recompute()
        draft = self.policy.copy()
        draft.weight_ids.filtered(lambda line: line.part == "satisfaction").weight = 0
        outcome, _rows = self.env["customer.value.run"]._try(draft, {}, 10)
        self.assertEqual((outcome["index_before"], outcome["index_after"]), (58.35, 62.5))
