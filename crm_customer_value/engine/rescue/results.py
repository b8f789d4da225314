"""What came of efforts: what customers bought in the days and the year after, also those who were held out."""

from odoo.tools import SQL

# Who buys within these days is kept, or won back; chosen before anything was measured.
RESULT_DAYS = 90
# Revenue of this time counts as brought by the effort.
PAID_DAYS = 365


def results_sql(facts, rescues, day):
    """Return the SQL that notes what customers bought after an effort.

    :param SQL facts: purchases of the customers, see fact/facts.py
    :param list rescues: ids of rows of customer_rescue
    :param date day: today; the 90 days of who has a result are over
    """
    return SQL(
        """WITH fact AS MATERIALIZED (%(facts)s),
               found AS (
                   SELECT r.id, MIN(fact.day) FILTER (WHERE fact.purchase) AS bought_on,
                          SUM(fact.revenue) AS revenue, SUM(fact.margin) AS margin
                     FROM customer_rescue r
                     LEFT JOIN fact ON fact.partner_id = r.commercial_partner_id
                                   AND fact.day > r.date AND fact.day <= LEAST(
                                       r.date + %(paid)s,
                                       -- What comes after the next effort counts there.
                                       (SELECT MIN(later.date) FROM customer_rescue later
                                         WHERE later.commercial_partner_id = r.commercial_partner_id
                                           AND later.company_id = r.company_id AND later.date > r.date))
                    WHERE r.id = ANY(%(rescues)s)
                    GROUP BY r.id)
           UPDATE customer_rescue r
              SET bought_on = found.bought_on, revenue = found.revenue, margin = found.margin,
                  result = CASE WHEN r.date + %(days)s >= %(day)s THEN NULL
                                WHEN found.bought_on <= r.date + %(days)s THEN 'kept' ELSE 'lost' END,
                  result_date = CASE WHEN found.bought_on <= r.date + %(days)s THEN found.bought_on
                                     WHEN r.date + %(days)s < %(day)s THEN r.date + %(days)s END
             FROM found
            WHERE r.id = found.id""",
        facts=facts, rescues=rescues, paid=PAID_DAYS, days=RESULT_DAYS, day=day,
    )
