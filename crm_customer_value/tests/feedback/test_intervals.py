from math import sqrt

from odoo.tests import BaseCase, tagged

from ...engine.feedback import intervals
from ...engine.feedback.results import Answers, trend
from ...engine.feedback.scales import SCALES


@tagged("post_install", "-at_install")
class TestFeedbackIntervals(BaseCase):
    """Numbers worked out by hand."""

    def test_scales(self):
        self.assertEqual([SCALES["csat"].points(score) for score in range(1, 6)], [0, 25, 50, 75, 100])
        self.assertEqual([SCALES["nps"].points(score) for score in (0, 6, 10)], [0, 60, 100])
        self.assertEqual([SCALES["effort"].points(score) for score in (1, 4, 5, 7)], [0, 50, 66.67, 100])
        moods = {scale: [SCALES[scale].mood(score) for score in SCALES[scale].scores] for scale in SCALES}
        self.assertEqual(moods["csat"], ["bad"] * 2 + ["middling"] + ["good"] * 2)
        self.assertEqual(moods["nps"], ["bad"] * 7 + ["middling"] * 2 + ["good"] * 2)
        self.assertEqual(moods["effort"], ["bad"] * 3 + ["middling"] + ["good"] * 3)

    def test_net_promoter_score(self):
        """Three promoters: (3 + 0.75) / 6 = 0.625 happy, 0.125 unhappy, so 0.5 ± 1.96 · sqrt((0.75 − 0.25) / 6)."""
        score, low, high = intervals.nps(3, 0, 0)
        self.assertEqual(score, 100)
        self.assertAlmostEqual(low, 100 * (0.5 - 1.959964 * sqrt(0.5 / 6)), 3)
        self.assertEqual(high, 100, "no score is higher")
        self.assertLess(low, 0, "three answers do not say that anybody would recommend us")

    def test_three_do_not_look_like_three_hundred(self):
        _score, low, high = intervals.nps(2, 0, 1)
        _score, lower, higher = intervals.nps(200, 0, 100)
        self.assertGreater(high - low, 100)
        self.assertLess(higher - lower, 22)
        # (200.75 − 100.75) / 303 = 0.33003; 301.5 / 303 − 0.10892 = 0.88613; sqrt(0.88613 / 303) = 0.054079
        self.assertAlmostEqual((lower + higher) / 2, 33.003, 3)
        self.assertAlmostEqual((higher - lower) / 2, 1.959964 * 5.4079, 2)

    def test_share(self):
        """Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662; 0 of 20 is 0 to 0.1611; 15 of 148 is 0.0624 to
        0.1605; 1 of 29 is 0.0061 to 0.1718."""
        for happy, count, low, high in (
            (81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.0, 16.11), (1, 29, 0.61, 17.18)
        ):
            found = intervals.share(happy, count)
            self.assertEqual([round(number, 2) for number in found[1:]], [low, high], (happy, count))

    def test_nothing_is_known_of_nobody(self):
        self.assertIsNone(intervals.nps(0, 0, 0))
        self.assertIsNone(intervals.share(0, 0))
        told = Answers(asked=4).told("nps")
        self.assertEqual((told["rate"], told["score"], told["low"], told["mean"], told["few"]),
                         (0.0, False, False, False, True))
        self.assertIs(Answers().told("csat")["rate"], False)

    def test_few_answers_have_no_score(self):
        few, enough = Answers(9, good=9, total=90), Answers(10, good=10, total=100)
        self.assertEqual((few.told("nps")["score"], few.told("nps")["few"]), (False, True))
        self.assertLess(few.told("nps")["low"], 100)
        self.assertEqual((enough.told("nps")["score"], enough.told("nps")["few"]), (100.0, False))
        self.assertEqual(enough.told("nps")["mean"], 10.0)

    def test_trend(self):
        good, bad = Answers(50, good=45, bad=5), Answers(50, good=10, bad=40)
        self.assertEqual(trend("csat", bad, good), "up")
        self.assertEqual(trend("nps", good, bad), "down")
        self.assertEqual(trend("nps", good, good), "same")
        self.assertIs(trend("nps", Answers(9, good=9), good), False, "too few to compare with")

    def test_difference_at_its_edge(self):
        """90 to 100 against 70 to 80: 15 apart, less than the reach of both together is no difference."""
        self.assertEqual(intervals.differ((90, 80, 95), (75, 70, 80)), 1)
        self.assertEqual(intervals.differ((80, 70, 90), (75, 65, 85)), 0)
        self.assertEqual(intervals.differ((50, 45, 55), (75, 70, 80)), -1)
