"""From what every room knows to one action a customer: what comes first, or else what is worth most.

Rows of ``customer_next_action`` that are *current* say what may be done with a customer, or with a lead, now; there is
one of each and company at most. What was done, was not useful or is gone is kept, and is not current.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from ..care.held_out import place_sql

FOUND = SQL.identifier("customer_next_action_found")
# What a row is about, as the unique index of those that are current has it.
SUBJECT = SQL("COALESCE(a.partner_id, -a.lead_id)")
# After a contact, nobody is asked to be in touch again for so many days: see the next step of the form.
TALK_DAYS = 7


class Night(NamedTuple):
    """What is looked for: in which company, on which day, for whom."""

    company_id: int
    day: date
    kinds: dict  # {kind: NextAction}
    queries: dict  # {kind: SQL of who it is for}
    partners: list | None  # ids of commercial partners; None: everybody
    users: list  # ids of those who have a list
    held_out: float  # which share of the customers gets none, from 0 to 1


def of_sql(night, customer):
    """Return the SQL condition that a customer is one of those who are looked at."""
    return SQL("TRUE") if night.partners is None else SQL("%s = ANY(%s)", customer, night.partners)


def find_sql(night):
    """Return the SQL that fills a temporary table with one action a customer.

    Archived customers have none, nor have contacts of other customers and customers of nobody who has a list. What was
    done lately rests, and so does what was not useful; what is done by talking rests after a contact and while
    something is planned.
    """
    found = SQL(" UNION ALL ").join(
        SQL(
            "SELECT %s::varchar AS kind, %s AS is_first, %s AS is_talk, %s AS is_compared,"
            " partner_id, worth::numeric AS worth, since, res_id, facts FROM (%s) AS %s",
            kind, action.is_first, action.is_talk, action.outcome == "bought", night.queries[kind],
            SQL.identifier(f"of_{kind}"),
        )
        for kind, action in night.kinds.items() if not action.of_leads
    )
    return SQL(
        """CREATE TEMPORARY TABLE %(table)s ON COMMIT DROP AS
           SELECT DISTINCT ON (f.partner_id) f.partner_id AS subject, f.partner_id, NULL::int AS lead_id, p.user_id,
                  f.kind, f.is_first, ROUND(f.worth, 2) AS worth,
                  CASE WHEN f.since > %(day)s THEN %(day)s ELSE f.since END AS since, f.res_id, f.facts,
                  f.is_compared AND COALESCE(level.code <> 'key', TRUE) AND %(share)s > 0 AS is_compared,
                  f.is_compared AND COALESCE(level.code <> 'key', TRUE) AND %(place)s < %(share)s AS is_held_out
             FROM (%(found)s) f
             JOIN res_partner p ON p.id = f.partner_id
             LEFT JOIN customer_value v ON v.company_id = %(company)s AND v.partner_id = p.id
             LEFT JOIN customer_care_level level ON level.id = v.care_level_id
            -- In a CASE, because PostgreSQL expects a contact or two to be like that, and then looks once for each
            -- contact for everything that may be done.
            WHERE CASE WHEN p.active AND p.commercial_partner_id = p.id AND p.user_id = ANY(%(users)s)
                       THEN COALESCE(p.company_id, %(company)s) = %(company)s ELSE FALSE END
              AND NOT EXISTS (SELECT 1 FROM customer_next_action rests
                               WHERE rests.company_id = %(company)s AND rests.partner_id = p.id
                                 AND rests.kind = f.kind AND rests.rests_until > %(day)s)
              AND NOT (f.is_talk AND (
                  COALESCE(v.last_contact_by_us > %(day)s::date - %(talk)s, FALSE)
                  OR EXISTS (SELECT 1 FROM customer_next_action done
                              WHERE done.company_id = %(company)s AND done.partner_id = p.id
                                AND done.state = 'done' AND done.date_closed > %(day)s::date - %(talk)s)
                  OR EXISTS (SELECT 1 FROM mail_activity planned
                              WHERE planned.res_model = 'res.partner' AND planned.res_id = p.id AND planned.active
                                AND planned.date_deadline > %(day)s)))
            ORDER BY f.partner_id, f.is_first DESC, f.worth DESC NULLS LAST, f.kind""",
        table=FOUND, day=night.day, share=night.held_out, place=place_sql(night.company_id, SQL("f.partner_id")),
        found=found, company=night.company_id, users=night.users, talk=TALK_DAYS,
    )


def find_leads_sql(night):
    """Return the SQL that adds one action a lead, for its salesperson; in the course of a day, none is looked for.

    Of a lead whose customer has an action, that one counts.
    """
    found = SQL(" UNION ALL ").join(
        SQL("SELECT %s::varchar AS kind, worth, since, res_id, facts FROM (%s) AS %s",
            kind, night.queries[kind], SQL.identifier(f"of_{kind}"))
        for kind, action in night.kinds.items() if action.of_leads
    )
    return SQL(
        """INSERT INTO %(table)s (subject, lead_id, user_id, kind, is_first, worth, since, res_id, facts, is_compared,
                                  is_held_out)
           SELECT DISTINCT ON (l.id) -l.id, l.id, l.user_id, f.kind, FALSE, ROUND(f.worth::numeric, 2), f.since, l.id,
                  f.facts, FALSE, FALSE
             FROM (%(found)s) f
             JOIN crm_lead l ON l.id = f.res_id
             LEFT JOIN res_partner p ON p.id = l.partner_id
            WHERE l.user_id = ANY(%(users)s)
              AND NOT EXISTS (SELECT 1 FROM %(table)s other WHERE other.partner_id = p.commercial_partner_id)
              AND NOT EXISTS (SELECT 1 FROM customer_next_action rests
                               WHERE rests.company_id = %(company)s AND rests.lead_id = l.id
                                 AND rests.kind = f.kind AND rests.rests_until > %(day)s)
            ORDER BY l.id, f.worth DESC NULLS LAST, f.kind""",
        table=FOUND, found=found, users=night.users, company=night.company_id, day=night.day,
    )


def keep_sql(night):
    """Return the SQL that brings up to date what was found again; with somebody else it waits for a place again."""
    return SQL(
        """UPDATE customer_next_action a
              SET kind = f.kind, state = CASE WHEN a.state = 'open' AND a.user_id <> f.user_id THEN 'waiting'
                                              ELSE a.state END,
                  user_id = f.user_id, worth = f.worth, since = f.since, res_id = f.res_id,
                  facts = f.facts, is_first = f.is_first, is_compared = f.is_compared, is_held_out = f.is_held_out
             FROM %s f
            WHERE a.company_id = %s AND a.is_current AND %s = f.subject
              AND (a.kind = f.kind OR a.date_first IS NULL)
              AND (a.kind, a.user_id, a.worth, a.since, a.res_id, a.facts, a.is_first, a.is_held_out)
                  IS DISTINCT FROM
                  (f.kind, f.user_id, f.worth, f.since, f.res_id, f.facts, f.is_first, f.is_held_out)
              AND NOT (a.kind = f.kind AND a.date_first IS NOT NULL AND a.is_held_out <> f.is_held_out)""",
        FOUND, night.company_id, SUBJECT,
    )


def close_sql(night):
    """Return the SQL that takes off the lists what is no longer so, or is not what matters most any more.

    Whoever was held out stays noted as held out.
    """
    return SQL(
        """UPDATE customer_next_action a
              SET is_current = FALSE, date_closed = %(day)s,
                  state = CASE state WHEN 'held_out' THEN state ELSE 'gone' END
            WHERE a.company_id = %(company)s AND a.is_current AND %(customers)s
              AND NOT EXISTS (SELECT 1 FROM %(table)s f
                               WHERE f.subject = %(subject)s AND f.kind = a.kind
                                 AND (a.date_first IS NULL OR f.is_held_out = a.is_held_out))""",
        day=night.day, company=night.company_id, customers=of_sql(night, SQL("a.partner_id")), table=FOUND,
        subject=SUBJECT,
    )


def add_sql(night, uid):
    """Return the SQL that adds what is new; whoever adds the same at the same time is not in the way."""
    return SQL(
        """INSERT INTO customer_next_action (
               company_id, partner_id, lead_id, user_id, kind, worth, since, res_id, facts, is_first, is_compared,
               is_held_out, state, is_current, date_waiting, create_uid, create_date, write_uid, write_date)
           SELECT %(company)s, f.partner_id, f.lead_id, f.user_id, f.kind, f.worth, f.since, f.res_id, f.facts,
                  f.is_first, f.is_compared, f.is_held_out, 'waiting', TRUE, %(day)s,
                  %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
             FROM %(table)s f
            WHERE NOT EXISTS (SELECT 1 FROM customer_next_action a
                               WHERE a.company_id = %(company)s AND %(subject)s = f.subject AND a.is_current)
            ORDER BY f.subject
               ON CONFLICT DO NOTHING""",
        company=night.company_id, day=night.day, uid=uid, table=FOUND, subject=SUBJECT,
    )
