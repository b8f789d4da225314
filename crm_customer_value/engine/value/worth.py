"""What a customer is worth beside the index: margin rates, lifetime value, what is left after all costs, needs."""

from typing import NamedTuple

from odoo.tools import SQL

# Columns of ``customer_value`` that are found here.
COLUMNS = (
    "margin_rate_12m", "margin_rate_previous_12m",
    "lifetime_history", "lifetime_potential", "lifetime_value",
    "net_contribution_12m", "net_contribution_previous_12m", "costs_more", "need_class",
)
# A customer is regular with so many gaps known, as long as the silence is shorter than so many typical ones.
REGULAR_GAPS = 3
REGULAR_UNTIL = 2


class Rules(NamedTuple):
    """What the policy says about it."""

    discount_rate: float  # of a year, in percent
    horizon_years: int
    need_new_days: int
    need_sticky_years: int
    need_frequent_score: int


def margin_sql(period):
    """SQL: the margin of scored row ``s``, NULL where there was revenue and no margin is known of it."""
    margin, revenue = (SQL.identifier("s", f"{name}_{period}") for name in ("margin", "revenue"))
    return SQL("COALESCE(%s, CASE WHEN %s = 0 THEN 0 END)", margin, revenue)


def columns_sql(points, rules, *, as_of, digits, gross):
    """Return the SQL of :data:`COLUMNS` over scored row ``s``.

    :param dict points: :func:`cut_points.read_cut_points`
    :param Rules rules: of the policy
    :param date as_of: the day everything is computed for
    :param int digits: decimal places of the company's currency
    :param bool gross: revenue is counted without credit notes
    """
    history = SQL("s.revenue_total - s.revenue_12m")
    current = SQL("s.revenue_12m")
    if points["basis"] == "margin":
        history, current = SQL("%s - %s", margin_sql("total"), margin_sql("12m")), margin_sql("12m")
    potential = _potential_sql(rules, digits)
    net, net_before = _net_sql(gross)
    bought = SQL("s.purchase_days > 0")
    columns = {
        "margin_rate_12m": _rate_sql("12m"),
        "margin_rate_previous_12m": _rate_sql("previous_12m"),
        "lifetime_history": SQL("CASE WHEN %s THEN %s END", bought, history),
        "lifetime_potential": potential,
        "lifetime_value": SQL("CASE WHEN %s THEN %s + %s + %s END", bought, history, current, potential),
        "net_contribution_12m": SQL("CASE WHEN %s THEN %s END", bought, net),
        "net_contribution_previous_12m": SQL("CASE WHEN %s THEN %s END", bought, net_before),
        "costs_more": SQL("COALESCE(%s AND %s < 0 AND %s < 0, FALSE)", bought, net, net_before),
        "need_class": _need_sql(points, rules, as_of),
    }
    return SQL(", ").join(SQL("%s AS %s", columns[name], SQL.identifier(name)) for name in COLUMNS)


def _rate_sql(period):
    """SQL: how much of the revenue was margin, in percent; NULL without revenue or where it is not known."""
    margin, revenue = (SQL.identifier("s", f"{name}_{period}") for name in ("margin", "revenue"))
    return SQL("CASE WHEN %(revenue)s > 0 THEN ROUND(100 * %(margin)s / %(revenue)s, 1) END",
               margin=margin, revenue=revenue)


def _potential_sql(rules, digits):
    """SQL: what is expected within the horizon: the next 12 months, and each year after them as far as the
    customer is still likely to buy, discounted like the first."""
    years = SQL(" + ").join(
        SQL("POWER(0.0001 * s.active / %s::numeric, %s)", str(1 + rules.discount_rate / 100), year)
        for year in range(1, rules.horizon_years)
    )
    return SQL(
        "ROUND(s.clv_12m * (1%s), %s)", SQL(" + %s", years) if rules.horizon_years > 1 else SQL(""), digits
    )


def _net_sql(gross):
    """SQL: the margin of the window, and of that before, less what it cost to serve the customer.

    That is compensation which was not credited, hours, and contacts. What was credited lowers the margin; where
    purchases are orders, nobody took it off yet.
    """
    return tuple(
        SQL(
            "(%s - COALESCE(%s, 0) - COALESCE(%s, 0) - %s)", margin_sql(period),
            SQL.identifier("s", f"amount_served{suffix}"), SQL.identifier("s", f"amount_contacts{suffix}"),
            SQL("COALESCE(%s, 0)", SQL.identifier("s", f"margin_credited{suffix}")) if gross else SQL("0"),
        )
        for period, suffix in (("12m", ""), ("previous_12m", "_before"))
    )


def _need_sql(points, rules, as_of):
    """SQL: what a customer seems to need, by the first rule that holds; NULL for none of them."""
    age = SQL("(%s::date - s.first_purchase_date)", as_of)
    return SQL(
        """CASE WHEN s.purchase_days = 0 THEN NULL
                WHEN %(age)s < %(new)s THEN 'new'
                WHEN s.purchase_days = 1 AND s.first_revenue < %(first)s::numeric THEN 'trial'
                WHEN %(age)s >= %(sticky)s AND s.gap_count >= %(gaps)s
                     AND 100 * (%(as_of)s::date - s.last_purchase_date) < %(late)s * s.gap_hundredths THEN 'sticky'
                WHEN s.frequency_score >= %(frequent)s THEN 'frequent' END""",
        age=age, as_of=as_of, first=points["first"], new=rules.need_new_days,
        sticky=365 * rules.need_sticky_years, gaps=REGULAR_GAPS, late=REGULAR_UNTIL,
        frequent=rules.need_frequent_score,
    )
