"""What ``gain`` says of one measurement, as SQL for many at once. A test compares the two."""

from odoo.tools import SQL

from .gain import LARGEST_RATIO, MONTHS_OF_YEAR

# Rounding begins here: what comes after it is the dust of divisions.
DIGITS = 9


def months_sql(date_from, date_to):
    """SQL: how many months a period covers; see ``gain.months_covered``."""
    return SQL(
        """CASE WHEN date_trunc('month', %(start)s) = date_trunc('month', %(end)s)
                THEN (%(end)s - %(start)s + 1)::numeric / %(days)s
                ELSE (%(days)s - extract(day FROM %(start)s) + 1) / %(days)s
                     + 12 * (extract(year FROM %(end)s) - extract(year FROM %(start)s))
                     + extract(month FROM %(end)s) - extract(month FROM %(start)s) - 1
                     + extract(day FROM %(end)s) / %(last_days)s END""",
        start=date_from, end=date_to, days=_month_days_sql(date_from), last_days=_month_days_sql(date_to),
    )


def _month_days_sql(day):
    """SQL: number of days of the month of a day."""
    return SQL("extract(day FROM date_trunc('month', %s) + interval '1 month - 1 day')", day)


def periods_sql(period, date_from, date_to):
    """SQL: how many periods of a metric a measurement covers; see ``gain.periods_covered``."""
    months = months_sql(date_from, date_to)
    return SQL(
        "CASE %s WHEN 'once' THEN 1 WHEN 'month' THEN %s ELSE %s / %s END", period, months, months, MONTHS_OF_YEAR
    )


def improvement_sql(value, baseline, lower):
    """SQL: how much better a value is than the baseline, in units; NULL without a baseline."""
    return SQL("CASE WHEN %s THEN %s - %s ELSE %s - %s END", lower, baseline, value, value, baseline)


def gain_sql(improvement, money_per_unit, periods, rate, rounding):
    """SQL: what an improvement is worth, rounded as the currency rounds; NULL where nobody knows the improvement.

    :param SQL rate: what one unit of the metric's currency is worth in the company's
    :param SQL rounding: of the company's currency
    """
    return SQL(
        """trim_scale(round(round(%(improvement)s * %(money)s * %(periods)s * %(rate)s, %(digits)s)
                            / %(rounding)s) * %(rounding)s)""",
        improvement=improvement, money=money_per_unit, periods=periods, rate=rate, rounding=rounding, digits=DIGITS,
    )


def doubt_sql(value, baseline, improvement, same_unit, lowest, highest):
    """SQL: why a measurement needs a person to say that it is right, or NULL; see ``gain.doubt``.

    :param SQL lowest: of what is typical; NULL, as ``highest``, where nobody set it
    """
    return SQL(
        """CASE WHEN %(baseline)s IS NULL THEN 'baseline'
                WHEN NOT %(same_unit)s THEN 'unit'
                WHEN %(improvement)s < 0 THEN 'worse'
                WHEN %(baseline)s <> 0 THEN CASE WHEN abs(%(value)s) > %(ratio)s * abs(%(baseline)s) THEN 'size' END
                WHEN NOT COALESCE(%(value)s BETWEEN %(lowest)s AND %(highest)s, FALSE) THEN 'range' END""",
        value=value, baseline=baseline, improvement=improvement, same_unit=same_unit, lowest=lowest, highest=highest,
        ratio=LARGEST_RATIO,
    )


def rate_sql(from_currency, to_currency, day, root_company):
    """SQL: what one unit of a currency is worth in another one on a day, by Odoo's order of rates.

    Where no rate is as old as the day, the first later one counts; without any, it is 1.
    """
    return SQL(
        "CASE WHEN %(one)s = %(other)s THEN 1 ELSE %(other_rate)s / %(one_rate)s END",
        one=from_currency, other=to_currency,
        one_rate=_units_sql(from_currency, day, root_company), other_rate=_units_sql(to_currency, day, root_company),
    )


def _units_sql(currency, day, root_company):
    """SQL: Odoo's rate of a currency on a day."""
    rates = SQL(
        "FROM res_currency_rate rate WHERE rate.currency_id = %s AND (rate.company_id IS NULL OR rate.company_id = %s)",
        currency, root_company,
    )
    return SQL(
        """COALESCE(
            (SELECT rate.rate %(rates)s AND rate.name <= %(day)s ORDER BY rate.company_id, rate.name DESC LIMIT 1),
            (SELECT rate.rate %(rates)s ORDER BY rate.company_id, rate.name LIMIT 1), 1)""",
        rates=rates, day=day,
    )
