"""Customer values of the CD shop, computed a second time without the addon's code.

Written from the help texts of the fields and the design's definitions, with pandas, whole
cents and decimal numbers, so that every figure can be compared for equality. Holds for what
this file has: purchases only, no returns, no margins, no invoices.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pandas as pd

WINDOW_DAYS = 365
PARETO_A, PARETO_B = 80, 95
# Weights of current value and loyalty; payment is missing everywhere, so these two share its.
WEIGHTS = (50, 30)
# The company's typical gap counts as much as two gaps of the customer's own.
PRIOR_GAPS = 2
# Half of the tenure score is reached after two years.
TENURE_HALF_LIFE = 730
# Regularity is gone after three typical gaps.
GONE_AFTER = 3


def read_master(path):
    """Return the file as a data frame: customer, day, cents, line."""
    frame = pd.read_csv(path, sep=r"\s+", dtype=str)
    frame.columns = ["customer", "day", "cds", "dollars"]
    dollars = frame["dollars"].str.split(".", expand=True)
    return pd.DataFrame({
        "customer": frame["customer"],
        "day": pd.to_datetime(frame["day"], format="%Y%m%d"),
        "cents": dollars[0].astype(int) * 100 + dollars[1].str.ljust(2, "0").astype(int),
        "line": range(1, len(frame) + 1),
    })


def shift_to_last_week(frame, today):
    """Return the frame moved by whole weeks, its last day in the week (from Monday) before today's."""
    monday = pd.Timestamp(today - timedelta(days=today.weekday()))
    weeks = (monday - pd.Timedelta(days=1) - frame["day"].max()).days // 7
    return frame.assign(day=frame["day"] + pd.Timedelta(weeks=weeks))


def values(frame, as_of):
    """Return {customer: {field: value}} for everybody with a purchase, money and scores as Decimal."""
    as_of = pd.Timestamp(as_of)
    start = as_of - pd.Timedelta(days=WINDOW_DAYS - 1)
    bought = frame[(frame["cents"] > 0) & (frame["day"] <= as_of)]
    table = _sums(bought, start)
    table["silence"] = (as_of - table["last"]).dt.days
    table["tenure"] = (table["last"] - table["first"]).dt.days

    active = table[table["days_12m"] > 0]
    cuts = {
        "recency": _quintiles(active["silence"]),
        "frequency": _quintiles(active["days_12m"]),
        "monetary": _quintiles(active["cents_12m"]),
    }
    lowest = _pareto(active["cents_12m"])
    # Percent of customers with value in the window who are worth at most as much: whole percents.
    rank = active["cents_12m"].rank(method="max").astype(int)
    percent = (rank * 100 // len(active)).to_dict()
    company_gap = Decimal(str(table["own_gap"].median()))
    return {
        row.Index: _customer(row, cuts, lowest, percent.get(row.Index, 0), company_gap)
        for row in table.itertuples()
    }


def _sums(bought, start):
    """Return one row a customer: sums, dates, and the gaps between purchase days."""
    window, before = bought["day"] >= start, start - pd.Timedelta(days=WINDOW_DAYS)
    days = bought[["customer", "day"]].drop_duplicates().sort_values(["customer", "day"])
    gaps = days.groupby("customer")["day"].diff().dt.days
    by_customer = bought.groupby("customer")
    table = pd.DataFrame({
        "cents": by_customer["cents"].sum(),
        "orders": by_customer["cents"].size(),
        "first": by_customer["day"].min(),
        "last": by_customer["day"].max(),
        "days": days.groupby("customer").size(),
        "gaps": gaps.groupby(days["customer"]).count(),
        "own_gap": gaps.groupby(days["customer"]).median(),
    })
    recent = bought[window].groupby("customer")
    table["cents_12m"] = recent["cents"].sum()
    table["orders_12m"] = recent["cents"].size()
    table["days_12m"] = days[days["day"] >= start].groupby("customer").size()
    table["cents_previous"] = bought[~window & (bought["day"] >= before)].groupby("customer")["cents"].sum()
    whole = ["cents_12m", "orders_12m", "days_12m", "cents_previous"]
    table[whole] = table[whole].fillna(0).astype(int)
    return table


def _quintiles(column):
    """Return the smallest values whose cumulated share is at least 20, 40, 60 and 80 percent."""
    ordered = sorted(column)
    return [ordered[-(-len(ordered) * percent // 100) - 1] for percent in (20, 40, 60, 80)]


def _pareto(cents):
    """Return the lowest revenue of classes A and B: equal revenues stand together."""
    total = int(cents.sum())
    sold = cents.groupby(cents).sum().sort_index(ascending=False)
    share_before = sold.cumsum() - sold
    return [
        int(min(amount for amount, before in share_before.items() if before * 100 < percent * total))
        for percent in (PARETO_A, PARETO_B)
    ]


def _customer(row, cuts, lowest, percent, company_gap):
    """Return the values of one customer."""
    in_window = row.days_12m > 0
    recency = 5 - sum(row.silence > cut for cut in cuts["recency"]) if in_window else 1
    frequency = 1 + sum(row.days_12m > cut for cut in cuts["frequency"]) if in_window else 1
    monetary = 1 + sum(row.cents_12m > cut for cut in cuts["monetary"]) if in_window else 1
    gap = company_gap
    if row.gaps:
        gap = (row.gaps * Decimal(str(row.own_gap)) + PRIOR_GAPS * company_gap) / (row.gaps + PRIOR_GAPS)
    gap = _round(gap, "0.01")
    current, loyalty = Decimal(int(percent)), _loyalty(row, gap)
    total = sum(WEIGHTS)
    current_points = _round(WEIGHTS[0] * current / total, "0.1")
    index = _round((WEIGHTS[0] * current + WEIGHTS[1] * loyalty) / total, "0.1")
    return {
        "revenue_total": Decimal(row.cents) / 100,
        "revenue_12m": Decimal(row.cents_12m) / 100,
        "revenue_previous_12m": Decimal(row.cents_previous) / 100,
        # The file knows no margins; who brought nothing in the window brought no margin either.
        "margin_total": None,
        "margin_12m": None if row.cents_12m else Decimal(0),
        "order_count": row.orders,
        "order_count_12m": row.orders_12m,
        "purchase_days": row.days,
        "purchase_days_12m": row.days_12m,
        "first_purchase_date": row.first.date(),
        "last_purchase_date": row.last.date(),
        "typical_gap": gap,
        "recency_score": recency,
        "frequency_score": frequency,
        "monetary_score": monetary,
        "rfm_segment": _segment(recency, Decimal(frequency + monetary) / 2),
        "value_class": _value_class(row.cents_12m, lowest),
        "revenue_trend": _trend(row.cents_12m, row.cents_previous),
        "current_value_score": current,
        "loyalty_score": loyalty,
        "payment_score": None,
        "has_payment_score": False,
        "current_value_points": current_points,
        "loyalty_points": index - current_points,
        "payment_points": Decimal(0),
        "value_index": index,
    }


def _segment(recency, mean):
    """Return the segment by the recency score and the mean of the other two."""
    if recency >= 4:
        if mean >= 4:
            return "champions"
        if mean >= 3:
            return "loyal"
        if mean >= 2:
            return "potential_loyalist"
        return "new" if recency == 5 else "promising"
    if recency == 3:
        return "loyal" if mean >= 3 else "need_attention" if mean >= 2 else "about_to_sleep"
    if mean >= 4:
        return "cant_lose"
    if mean >= 2.5:
        return "at_risk"
    return "hibernating" if recency == 2 else "lost"


def _value_class(cents, lowest):
    if not cents:
        return None
    return "a" if cents >= lowest[0] else "b" if cents >= lowest[1] else "c"


def _trend(now, before):
    if not now and not before:
        return None
    if not before:
        return "new"
    if now * 10 > before * 11:
        return "up"
    return "down" if now * 10 < before * 9 else "steady"


def _loyalty(row, gap):
    """Half tenure, half regularity; nothing is known of who bought on one day only."""
    if not row.gaps:
        return Decimal(0)
    with localcontext() as context:
        context.prec = 40
        tenure = 1 - Decimal(2) ** (-Decimal(row.tenure) / TENURE_HALF_LIFE)
        left = (GONE_AFTER * gap - row.silence) / ((GONE_AFTER - 1) * gap)
        known = Decimal(row.gaps) / (row.gaps + PRIOR_GAPS)
        return _round(50 * tenure + 50 * known * max(Decimal(0), min(Decimal(1), left)), "0.1")


def _round(number, unit):
    return number.quantize(Decimal(unit), rounding=ROUND_HALF_UP)
