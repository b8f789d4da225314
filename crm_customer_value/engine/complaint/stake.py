"""How much is at stake, in bands that say which comes first and no amount.

A rank is a band about three times as wide as the one below it, so that knowing an amount of one's own with
the same rank says little of another one. The bands of a company start from a power of ten: they do not move
with single customers, and whoever adds customers to see a rank change learns nothing more.
"""

from decimal import Decimal

from odoo.tools import SQL

from ..fact.facts import is_amount_sql

# The lower ends of the bands 1 to 9, in units of the company; what lies below is in the band 0.
BANDS = tuple(map(Decimal, ("0.1", "0.3", "1", "3", "10", "30", "100", "300", "1000")))


def amount_sql(digits):
    """Return what is at stake as SQL, over the customer's value ``v`` and the order ``sold``, each of them maybe NULL.

    What is expected; else what the customer brought in the window; else the order. NULL where nothing is known.

    :param int digits: decimal places of the company's currency
    """
    return SQL(
        """COALESCE(CASE WHEN v.has_prediction THEN v.clv_12m END,
                    NULLIF(GREATEST(v.margin_12m, 0), 0), NULLIF(GREATEST(v.revenue_12m, 0), 0),
                    CASE WHEN %(real)s AND sold.amount_untaxed > 0
                         THEN ROUND(sold.amount_untaxed / NULLIF(sold.currency_rate, 0), %(digits)s) END)""",
        real=is_amount_sql(SQL("sold.amount_untaxed")), digits=digits,
    )


def unit(percentiles):
    """Return the power of ten at or below what the company's customer in the middle is expected to bring.

    :param percentiles: the 1st to 100th percentile of the expected value above zero, as text; empty without any
    """
    if not percentiles:
        return Decimal(1)
    return Decimal(10) ** Decimal(percentiles[len(percentiles) // 2]).adjusted()


def rank_sql(amount, company_unit):
    """Return the rank of an amount as SQL: 0 to 9, NULL where the amount is unknown.

    :param SQL amount: a numeric
    :param Decimal company_unit: :func:`unit`
    """
    return SQL("WIDTH_BUCKET(%s, %s::numeric[])", amount, [company_unit * band for band in BANDS])
