"""From occasions to acts of care: who is left out and why, who is held out, and who is cared for."""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from ..complaint.service import OPEN_STATES, SEVERE
from .held_out import place_sql


class Plan(NamedTuple):
    """What one rule wants to be done on one day."""

    rule_id: int
    company_id: int
    uid: int
    day: date  # the day on which it is done
    last: date  # the same, or a later one for those who look ahead: then it is done when it is due
    label: str  # what the occasions of this rule are called
    first: date  # care that was due earlier is too late
    last_chance: date  # what was due on that day, or before, is not tried again tomorrow
    chosen: SQL  # ids of customer_value whose customers the rule is for
    months: tuple  # of the season; none: the whole year
    is_promotion: bool
    is_mail: bool
    quiet_days: int
    held_out: float  # which share is held out, from 0 to 1; see held_out.py


def obstacles_sql(company_id, contact, customer, *, is_promotion, is_mail):
    """Return the SQL of why somebody is not cared for: what stays true, and what may pass. NULL: nothing.

    :param str contact: alias of the row of res_partner of who is cared for
    :param str customer: alias of that of their commercial partner
    """
    lasting = [(SQL("NOT %s", SQL.identifier(contact, "active")), "archived")]
    passing = []
    if is_mail:
        lasting += [
            (SQL("COALESCE(%s, '') = ''", SQL.identifier(contact, "email_normalized")), "no_address"),
            (SQL(
                "EXISTS (SELECT 1 FROM mail_blacklist b WHERE b.email = %s AND b.active)",
                SQL.identifier(contact, "email_normalized"),
            ), "blacklisted"),
        ]
    if is_promotion:
        consent = SQL.identifier(contact, "promotion_consent")
        refused = SQL("%s = 'withdrawn'", consent)
        if is_mail:
            # Whoever unsubscribes an address gets no more there, whoever else has the same one.
            refused = SQL(
                """(%s OR %s IN (SELECT refused.email_normalized FROM res_partner refused
                                  WHERE refused.promotion_consent = 'withdrawn'
                                    AND refused.email_normalized IS NOT NULL))""",
                refused, SQL.identifier(contact, "email_normalized"),
            )
        lasting += [
            (refused, "opted_out"),
            (SQL("%s IS DISTINCT FROM 'given'", consent), "no_consent"),
        ]
        passing += [
            (SQL("%s IS NOT NULL", SQL.identifier(customer, "relationship_broken_on")), "broken"),
            (SQL(
                """EXISTS (SELECT 1 FROM customer_complaint k
                            WHERE k.commercial_partner_id = %s AND k.company_id = %s
                              AND k.severity IN %s AND k.state IN %s)""",
                SQL.identifier(customer, "id"), company_id, SEVERE, OPEN_STATES,
            ), "complaint"),
        ]
    return _first_sql(lasting), _first_sql(passing)


def _first_sql(cases):
    """Return the SQL of the code of the first condition that holds, or NULL."""
    if not cases:
        return SQL("NULL::varchar")
    return SQL("CASE %s END", SQL(" ").join(SQL("WHEN %s THEN %s", condition, code) for condition, code in cases))


def quiet_sql(plan, customer, on):
    """Return the SQL condition: somebody was cared for a few days ago, and is left in peace.

    Those who are held out are left in peace just as long, so that both sides are asked on the same days.

    :param SQL customer: the commercial partner
    :param SQL on: the day on which it would be done
    """
    return SQL(
        """EXISTS (SELECT 1 FROM customer_care_log l
                    WHERE l.commercial_partner_id = %s AND l.company_id = %s
                      AND l.state IN ('todo', 'done', 'held_out') AND l.date > %s - %s AND l.date <= %s)""",
        customer, plan.company_id, on, plan.quiet_days, on,
    )


def note_sql(plan, occasions):
    """Return the SQL that notes what comes of occasions: to be done, held out, or not done and why.

    Who is not cared for because of something that passes is asked about again tomorrow, until it is too late.
    Whoever was noted for an occasion stays as noted, whoever runs this at the same time: the unique key decides.

    :param SQL occasions: see occasions.py
    """
    lasting, passing = obstacles_sql(
        plan.company_id, "p", "customer", is_promotion=plan.is_promotion, is_mail=plan.is_mail
    )
    on = SQL("GREATEST(o.due, %s::date)", plan.day)
    if plan.quiet_days:
        passing = SQL("COALESCE(%s, CASE WHEN %s THEN 'quiet' END)", passing, quiet_sql(plan, SQL("o.customer_id"), on))
    season = SQL("EXTRACT(MONTH FROM o.due)::int IN %s", plan.months) if plan.months else SQL("TRUE")
    return SQL(
        """WITH judged AS (
               SELECT DISTINCT ON (o.partner_id, o.occasion)
                      o.partner_id, o.customer_id, o.due, o.occasion, o.name, %(on)s AS on_day, v.value_index,
                      COALESCE(customer.user_id, %(owner)s) AS user_id, %(lasting)s AS lasting, %(passing)s AS passing,
                      %(place)s < %(share)s AS is_drawn,
                      %(share)s > 0 AND COALESCE(level.code <> 'key', TRUE)
                          AND customer.relationship_broken_on IS NULL AS is_compared
                 FROM (%(occasions)s) o
                 JOIN res_partner p ON p.id = o.partner_id
                 JOIN res_partner customer ON customer.id = o.customer_id
                 JOIN customer_value v ON v.company_id = %(company)s AND v.partner_id = o.customer_id
                 LEFT JOIN customer_care_level level ON level.id = v.care_level_id
                WHERE o.due BETWEEN %(first)s AND %(last)s AND %(season)s AND v.id IN %(chosen)s
                  AND (p.company_id IS NULL OR p.company_id = %(company)s)
                  AND NOT EXISTS (SELECT 1 FROM customer_care_log known
                                   WHERE known.rule_id = %(rule)s AND known.partner_id = o.partner_id
                                     AND known.occasion = o.occasion)
                ORDER BY o.partner_id, o.occasion, o.due),
           placed AS (
               SELECT judged.*,
                      COALESCE(lasting, passing, CASE
                          WHEN on_day - LAG(on_day) OVER (
                              PARTITION BY customer_id, lasting IS NULL AND passing IS NULL
                              ORDER BY on_day, due, partner_id, occasion) < %(quiet_days)s THEN 'quiet' END) AS obstacle
                 FROM judged)
           INSERT INTO customer_care_log (rule_id, company_id, partner_id, commercial_partner_id, user_id, occasion,
                                          name, date_due, date, state, obstacle, is_compared, value_index,
                                          create_uid, create_date, write_uid, write_date)
           SELECT %(rule)s, %(company)s, partner_id, customer_id, user_id, occasion,
                  %(label)s || COALESCE(': ' || name, ''), due, on_day,
                  CASE WHEN obstacle IS NOT NULL THEN 'skipped' WHEN is_drawn AND is_compared THEN 'held_out'
                       ELSE 'todo' END,
                  obstacle, is_compared, value_index,
                  %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
             FROM placed
            WHERE obstacle IS NULL OR lasting IS NOT NULL OR due <= %(last_chance)s
               ON CONFLICT (rule_id, partner_id, occasion) DO NOTHING
           RETURNING id""",
        owner=plan.uid, lasting=lasting, passing=passing,
        place=place_sql(plan.company_id, SQL("o.customer_id")), share=plan.held_out, occasions=occasions,
        company=plan.company_id, on=on, first=plan.first, last=plan.last, season=season, chosen=plan.chosen,
        rule=plan.rule_id, quiet_days=plan.quiet_days, label=plan.label, last_chance=plan.last_chance, uid=plan.uid,
    )


def changed_sql(company_id, logs, *, is_promotion, is_mail):
    """Return the SQL of what has come between since acts of a company were noted: id and obstacle.

    :param list logs: ids of rows of customer_care_log
    """
    lasting, passing = obstacles_sql(company_id, "p", "customer", is_promotion=is_promotion, is_mail=is_mail)
    return SQL(
        """SELECT log.id, COALESCE(%s, %s)
             FROM customer_care_log log
             JOIN res_partner p ON p.id = log.partner_id
             JOIN res_partner customer ON customer.id = p.commercial_partner_id
            WHERE log.id = ANY(%s)""",
        lasting, passing, logs,
    )


def results_sql(facts, due, days):
    """Return the SQL that notes what came of care, and of customers held out, when the days after it are over.

    Whether the customer bought within those days, and the index at the last month end within them.

    :param SQL facts: purchases of the customers, see fact/facts.py
    :param list due: ids of rows of customer_care_log
    :param int days: within which the result is looked for, not counting the day of the care
    """
    return SQL(
        """WITH bought AS MATERIALIZED (SELECT partner_id, day FROM (%(facts)s) fact WHERE purchase)
           UPDATE customer_care_log log
              SET result = CASE WHEN EXISTS (
                      SELECT 1 FROM bought WHERE bought.partner_id = log.commercial_partner_id
                         AND bought.day > log.date AND bought.day <= log.date + %(days)s) THEN 'bought' ELSE 'none' END,
                  result_index = (
                      SELECT s.value_index FROM customer_value_snapshot s
                       WHERE s.company_id = log.company_id AND s.partner_id = log.commercial_partner_id
                         AND s.date > log.date AND s.date <= log.date + %(days)s
                       ORDER BY s.date DESC LIMIT 1)
            WHERE log.id = ANY(%(due)s)""",
        facts=facts, days=days, due=due,
    )
