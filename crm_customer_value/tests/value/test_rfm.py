from itertools import product

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...engine.value import rfm


@tagged("post_install", "-at_install")
class TestRfm(TransactionCase):
    def test_segments_are_complete_and_free_of_overlap(self):
        """Over all 125 combinations: one segment each, every segment used, better is never worse."""
        names = [row[0] for row in rfm.SEGMENT_TABLE]
        self.assertEqual(len(set(names)), 11)
        found = self._segments(range(1, 6))
        self.assertEqual(len(found), 125)
        self.assertEqual(set(found.values()), set(names))
        for (r, f, m), name in found.items():
            # Independent of the order of the table: the meaning of each name, in words.
            mean = (f + m) / 2
            expected = {
                "champions": r >= 4 and mean >= 4,
                "loyal": (r >= 4 and 3 <= mean < 4) or (r == 3 and mean >= 3),
                "potential_loyalist": r >= 4 and 2 <= mean < 3,
                "new": r == 5 and mean < 2,
                "promising": r == 4 and mean < 2,
                "need_attention": r == 3 and 2 <= mean < 3,
                "about_to_sleep": r == 3 and mean < 2,
                "cant_lose": r <= 2 and mean >= 4,
                "at_risk": r <= 2 and 2.5 <= mean < 4,
                "hibernating": r == 2 and mean < 2.5,
                "lost": r == 1 and mean < 2.5,
            }
            self.assertEqual([key for key, holds in expected.items() if holds], [name], (r, f, m))

    def test_nothing_to_score(self):
        found = self._segments(range(6))
        self.assertEqual(len(found), 216)
        for scores, name in found.items():
            self.assertEqual(name is None, 0 in scores, scores)

    def _segments(self, points):
        """Return {(R, F, M): segment} of all combinations of these scores."""
        scores = SQL(", ").join(SQL("(%s, %s, %s)", *row) for row in product(points, repeat=3))
        return {
            tuple(row): name
            for *row, name in self.env.execute_query(SQL(
                "SELECT r, f, m, %s FROM (VALUES %s) AS score (r, f, m)",
                rfm.segment_sql(SQL("r"), SQL("f"), SQL("m")), scores,
            ))
        }

    def test_cut_points_keep_ties_together(self):
        """Ten customers worked out by hand: equal values, equal scores; quintiles 1, 1, 2, 5."""
        values = [1, 1, 1, 1, 1, 2, 2, 3, 5, 8]
        # The smallest value with at least 20, 40, 60, 80 % of customers at or below it.
        cuts = [1, 1, 2, 3]
        rows = dict(self.env.execute_query(SQL(
            "SELECT value, %s FROM UNNEST(%s) value",
            rfm.ascending_score_sql(SQL("value"), cuts), values,
        )))
        self.assertEqual(rows, {1: 1, 2: 3, 3: 4, 5: 5, 8: 5})
        rows = dict(self.env.execute_query(SQL(
            "SELECT value, %s FROM UNNEST(%s) value",
            rfm.descending_score_sql(SQL("value"), cuts), values,
        )))
        self.assertEqual(rows, {1: 5, 2: 3, 3: 2, 5: 1, 8: 1})
