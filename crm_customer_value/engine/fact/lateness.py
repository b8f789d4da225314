"""How late customers are by their own rhythm.

The cadence ratio is the days since the last purchase over the typical gap: 1 is on time, 2 twice the usual
silence. The lateness share, 1 - 1 / ratio and 0 up to a ratio of 1, says which part of a customer's business
is in doubt: half at twice the usual silence, two thirds at three times.
"""

from odoo.tools import SQL

# The company's typical gap counts as much as this many gaps of the customer's own.
PRIOR_GAPS = 2
# Shares are kept in so many decimals.
DIGITS = 4


def typical_gap_sql(gaps, own_gap, company_gap):
    """Return the typical gap of who has bought as SQL, in hundredths of a day.

    It is the customer's median gap, shrunk to the company's; NULL where neither is known. Medians of whole
    days are quarters at most, which doubles hold exactly.

    :param SQL gaps: how many gaps the customer has
    :param SQL own_gap: their median
    :param company_gap: the median of the customers' medians, or None
    """
    return SQL(
        """FLOOR(0.5::float8 + 100 * CASE WHEN %(gaps)s = 0 THEN %(gap)s::float8
            ELSE (%(gaps)s * %(own)s + %(prior)s * %(gap)s::float8) / (%(gaps)s + %(prior)s) END)::int""",
        gaps=gaps, own=own_gap, gap=company_gap, prior=PRIOR_GAPS,
    )


def ratio_sql(alias, as_of, *, last="last_purchase_date", gap=None):
    """Return the cadence ratio of a row as SQL: a numeric, NULL where there is no rhythm to compare with.

    :param str alias: of the row
    :param date as_of: the day the silence is counted to
    :param str last: the row's column with the day of the last purchase
    :param SQL gap: days between two purchases, by default the row's ``typical_gap``
    """
    return SQL(
        "((%s::date - %s)::numeric / NULLIF(%s, 0)::numeric)",
        as_of, SQL.identifier(alias, last), SQL.identifier(alias, "typical_gap") if gap is None else gap,
    )


def share_sql(alias, as_of, *, last="last_purchase_date", gap=None):
    """Return the lateness share of a row as SQL: a numeric from 0 to below 1, NULL where the ratio is.

    The parameters are those of :func:`ratio_sql`.
    """
    return SQL(
        "CASE WHEN %(ratio)s > 1 THEN ROUND(1 - 1 / %(ratio)s, %(digits)s) WHEN %(ratio)s <= 1 THEN 0 END",
        ratio=ratio_sql(alias, as_of, last=last, gap=gap), digits=DIGITS,
    )
