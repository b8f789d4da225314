"""What customers gained, month by month."""

from odoo.tools import SQL


def months_sql(records, first_day, last_day):
    """Return the SQL of (first day of a month, gain, part of it that is confirmed), for months in which there is any.

    The gain of a record counts in a month by its days in it; what happened once counts on the last day of its period.

    :param SQL records: (metric, from, to, gain, state) of records that count
    :param date first_day: of the first month
    :param date last_day: until which gain counts
    """
    return SQL(
        """SELECT month.first_day::date, SUM(part.gain), SUM(part.gain) FILTER (WHERE record.state = 'confirmed')
             FROM (%(records)s) record (metric_id, date_from, date_to, gain, state)
             JOIN customer_benefit_metric metric ON metric.id = record.metric_id
             CROSS JOIN LATERAL (
                 SELECT CASE metric.period WHEN 'once' THEN record.date_to ELSE record.date_from END AS date_from
             ) period
             JOIN GENERATE_SERIES(%(first)s::date::timestamp, %(last)s::date::timestamp, '1 month') month (first_day)
               ON month.first_day::date <= record.date_to
              AND month.first_day + INTERVAL '1 month' > period.date_from
             CROSS JOIN LATERAL (
                 SELECT record.gain * (
                            LEAST(record.date_to, (month.first_day + INTERVAL '1 month')::date - 1, %(last)s::date)
                            - GREATEST(period.date_from, month.first_day::date) + 1
                        ) / (record.date_to - period.date_from + 1) AS gain
             ) part
            GROUP BY month.first_day
            ORDER BY month.first_day""",
        records=records, first=first_day, last=last_day,
    )
