"""Which actions are on whose list of a day: as many as the person has time for.

First comes what comes first whatever it is worth, then what was put off until that day. Of the other places, three of
four go to what is worth most, and every fourth to what has waited longest, so that nobody waits for ever. What was on
the list of an earlier day and was not done waits again, from that day on: equal ones take turns.
"""

from odoo.tools import SQL

# Every so manieth place is given to what has waited longest.
TURN = 4
# How much is learned from what was not useful: a kind counts for its share that was, as if so many had been useful
# before.
PRIOR = 10
LEARN_DAYS = 180


def return_sql(company_ids, day, users):
    """Return the SQL that has wait again what was not done, and what was put off until a day."""
    return SQL(
        """UPDATE customer_next_action
              SET state = 'waiting', date_waiting = CASE state WHEN 'open' THEN %(day)s ELSE date_waiting END
            WHERE company_id = ANY(%(companies)s) AND user_id = ANY(%(users)s) AND is_current
              AND (state = 'open' AND date_dealt < %(day)s OR state = 'later' AND date_until <= %(day)s)""",
        day=day, companies=company_ids, users=users,
    )


def dealt_sql(company_ids, day, users):
    """Return the SQL of how many places of the day are taken: user and number, of all companies."""
    return SQL(
        """SELECT user_id, COUNT(*) FROM customer_next_action
            WHERE user_id = ANY(%s) AND date_dealt = %s AND state NOT IN ('gone', 'held_out', 'waiting')
            GROUP BY user_id""",
        users, day,
    )


def deal_sql(company_ids, day, free):
    """Return the SQL that puts what waits on the lists of a day.

    Who is held out takes no place: it is noted when they would have had one.

    :param dict free: {user id: places that are left}
    """
    longest = SQL("o.by_waiting * %s", TURN)
    if day.toordinal() % TURN == 0:
        # Whoever has time for less than four a day, too, comes to the one that has waited longest.
        longest = SQL("o.by_waiting * %s - %s + 0.5", TURN, TURN)
    return SQL(
        """WITH place AS (SELECT * FROM UNNEST(%(users)s::int[], %(free)s::int[]) AS place(user_id, free)),
           useful AS (
               SELECT company_id, kind,
                      (COUNT(*) FILTER (WHERE state = 'done') + %(prior)s)::numeric / (COUNT(*) + %(prior)s) AS share
                 FROM customer_next_action
                WHERE company_id = ANY(%(companies)s) AND state IN ('done', 'not_useful')
                  AND date_closed > %(day)s::date - %(learn)s
                GROUP BY company_id, kind),
           waiting AS (
               SELECT a.id, a.user_id, a.company_id, a.is_first, a.is_held_out, a.date_waiting,
                      a.date_until IS NOT NULL AS is_promised, a.worth * COALESCE(useful.share, 1) AS weight,
                      MD5(COALESCE(a.partner_id, -a.lead_id)::text || ':' || %(day)s::text) AS turn
                 FROM customer_next_action a
                 JOIN place USING (user_id)
                 LEFT JOIN useful USING (company_id, kind)
                WHERE a.company_id = ANY(%(companies)s) AND a.is_current AND a.state = 'waiting'),
           ordered AS (
               SELECT *,
                      ROW_NUMBER() OVER (PARTITION BY user_id, company_id ORDER BY
                          is_first DESC, is_promised DESC, weight DESC NULLS LAST, date_waiting, turn, id) AS by_worth,
                      ROW_NUMBER() OVER (PARTITION BY user_id, company_id ORDER BY
                          date_waiting, weight DESC NULLS LAST, turn, id) AS by_waiting
                 FROM waiting),
           placed AS (
               SELECT o.*, LEAST(o.by_worth * %(turn)s::numeric / (%(turn)s - 1), %(longest)s) AS place
                 FROM ordered o),
           counted AS (
               SELECT *, ROW_NUMBER() OVER best AS number,
                      COUNT(*) FILTER (WHERE NOT is_held_out) OVER best AS taken
                 FROM placed
               WINDOW best AS (PARTITION BY user_id ORDER BY is_first DESC, is_promised DESC, place, company_id, id)),
           last AS (
               SELECT user_id, MAX(sequence) AS sequence FROM customer_next_action
                WHERE user_id = ANY(%(users)s) AND date_dealt = %(day)s AND state = 'open'
                GROUP BY user_id)
           UPDATE customer_next_action a
              SET state = CASE WHEN counted.is_held_out THEN 'held_out' ELSE 'open' END,
                  date_dealt = %(day)s, date_first = COALESCE(date_first, %(day)s), date_until = NULL,
                  sequence = COALESCE(last.sequence, 0) + counted.number
             FROM counted
             JOIN place USING (user_id)
             LEFT JOIN last USING (user_id)
            WHERE a.id = counted.id
              AND CASE WHEN counted.is_held_out THEN counted.taken < place.free ELSE counted.taken <= place.free END""",
        users=list(free), free=list(free.values()), prior=PRIOR, companies=company_ids, day=day, learn=LEARN_DAYS,
        turn=TURN, longest=longest,
    )


def settled_sql(company_id, day, kind, action, query):
    """Return the SQL that notes whether what a kind of action is about was settled some days later.

    :param NextAction action: what is known of the kind
    :param SQL query: for whom there is such an action today
    """
    return SQL(
        """UPDATE customer_next_action a
              SET result = CASE WHEN EXISTS (SELECT 1 FROM (%(query)s) f WHERE %(same)s)
                           THEN 'did_not' ELSE 'worked' END
            WHERE a.company_id = %(company)s AND a.kind = %(kind)s AND a.result IS NULL
              AND a.date_first < %(day)s::date - %(days)s""",
        query=query, company=company_id, kind=kind, day=day, days=action.days,
        same=SQL("f.res_id = a.lead_id") if action.of_leads else SQL("f.partner_id = a.partner_id"),
    )


def results_sql(facts, due, days):
    """Return the SQL that notes whether customers bought within the days after an action was on a list.

    :param SQL facts: purchases of the customers, see fact/facts.py
    :param list due: ids of rows of customer_next_action
    :param dict days: {kind: days}
    """
    return SQL(
        """WITH bought AS MATERIALIZED (SELECT partner_id, day FROM (%(facts)s) fact WHERE purchase)
           UPDATE customer_next_action a
              SET result = CASE WHEN EXISTS (
                      SELECT 1 FROM bought WHERE bought.partner_id = a.partner_id
                         AND bought.day > a.date_first AND bought.day <= a.date_first + within.days)
                      THEN 'worked' ELSE 'did_not' END
             FROM UNNEST(%(kinds)s::varchar[], %(days)s::int[]) AS within(kind, days)
            WHERE a.id = ANY(%(due)s) AND a.kind = within.kind""",
        facts=facts, due=due, kinds=list(days), days=list(days.values()),
    )
