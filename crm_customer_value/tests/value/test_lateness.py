from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from ...engine.fact import lateness
from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestLateness(CustomerValueCase):
    """Shares by hand: half of the business is in doubt at twice the usual silence, nothing while on time."""

    def _shares(self, rows, **arguments):
        """Return (ratio, share) of rows of (days silent, typical gap), either None."""
        silent, gaps = zip(*rows, strict=True)
        last = [None if days is None else self.today - timedelta(days=days) for days in silent]
        return self.env.execute_query(SQL(
            """SELECT ROUND(%s, 4), %s
                 FROM UNNEST(%s::date[], %s::numeric[]) WITH ORDINALITY AS w(last_purchase_date, typical_gap, number)
                ORDER BY number""",
            lateness.ratio_sql("w", self.today, **arguments), lateness.share_sql("w", self.today, **arguments),
            last, list(gaps),
        ))

    def test_shares_by_hand(self):
        found = self._shares([
            (0, 30), (29, 30), (30, 30), (40, 30), (60, 30), (90, 30), (30000, 30), (10, 36.66),
        ])
        self.assertEqual(found, [
            (0, 0), (0.9667, 0), (1, 0), (1.3333, 0.25), (2, 0.5),
            (3, 0.6667), (1000, 0.999), (0.2728, 0),
        ])

    def test_unknown_rhythm(self):
        """Who never bought, or has no gap to compare with, has no share: that is not a share of 0."""
        self.assertEqual(self._shares([(None, 30), (10, None), (None, None), (10, 0)]), [(None, None)] * 4)

    def test_share_of_a_customer_as_it_is_shown(self):
        """Gaps of 30 days three times, company's gap 30: silent for 75 days is 2.5 times, a share of 0.6."""
        partner = self._partner("Late")
        for ago in (75, 105, 135, 165):
            self._order(partner, ago, 50.0)
        self._recompute()
        value = self._value(partner)
        self.assertEqual(value.typical_gap, 30)
        self.assertEqual(value.cadence_ratio, 2.5)
        ((share,),) = self.env.execute_query(SQL(
            "SELECT %s FROM customer_value v WHERE v.id = %s", lateness.share_sql("v", self.today), value.id,
        ))
        self.assertEqual(share, 1 - 1 / 2.5)
