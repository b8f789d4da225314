"""Who has an occasion for care on some days: the SQL of each trigger.

Each function takes a :class:`Search` and returns a query with the columns ``partner_id`` (a contact), ``customer_id``
(their commercial partner), ``due`` (the day on which care is due), ``occasion`` (a key: nobody is cared for twice by
one rule for one occasion) and ``name`` (what the occasion is called, or NULL). The queries begin with what happened on
those days, so that their time grows with that, and not with the number of customers.
"""

from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import SQL

from .days import celebrated, origins

# Who is new on the board was entered into a stage by a first purchase, and not by a first recompute.
NEW_DAYS = 30


class Search(NamedTuple):
    """On which days occasions are searched for, and what about."""

    company_id: int
    first: date  # first and last day on which care may be due
    last: date
    offset: int  # care is due this number of days after what it is for; below zero before it
    tz: str  # of the company
    lang: str
    festivals: list = ()  # ids; none: every festival
    stages: list = ()  # ids; none: every stage
    life_kind: str | None = None
    silence_days: int = 0
    silence_columns: tuple = ()  # of customer_value: the latest of these days ends the silence
    fall: float = 0.0
    table: str = ""  # of a date of their own
    column: str = ""
    is_moment: bool = False
    delivered: SQL | None = None  # when an order is delivered, of the order "o"

    @property
    def base(self):
        """Return the first and the last day of what care is for."""
        shift = timedelta(days=self.offset)
        return self.first - shift, self.last - shift


def day_sql(moment, tz):
    """Return the SQL of the day of a moment, which is stored in UTC, in a time zone."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, tz)


def moments_sql(moment, search, first, last):
    """Return the SQL condition that a moment lies on some days; with a margin first, so that indexes serve."""
    return SQL(
        """%(moment)s >= %(first)s::date - 1 AND %(moment)s < %(last)s::date + 2
           AND %(day)s BETWEEN %(first)s AND %(last)s""",
        moment=moment, first=first, last=last, day=day_sql(moment, search.tz),
    )


def label_sql(column, search):
    """Return the SQL of a translated text."""
    return SQL("COALESCE(%(column)s->>%(lang)s, %(column)s->>'en_US')", column=column, lang=search.lang)


def birthday(search):
    """Contacts whose birthday it is; see :func:`days.celebrated` for the 29th of February."""
    rows = celebrated(*search.base)
    return SQL(
        """SELECT p.id AS partner_id, p.commercial_partner_id AS customer_id, celebrated.base + %(offset)s AS due,
                  'birthday:' || EXTRACT(YEAR FROM celebrated.base) AS occasion, NULL::text AS name
             FROM UNNEST(%(days)s::date[], %(months)s::text[], %(numbers)s::int[]) celebrated(base, month, number)
             JOIN res_partner p ON p.birthday_month = celebrated.month AND p.birthday_day = celebrated.number
            WHERE p.birthday_day IS NOT NULL""",
        offset=search.offset,
        days=[day for day, _month, _number in rows],
        months=[str(month) for _day, month, _number in rows],
        numbers=[number for _day, _month, number in rows],
    )


def festival(search):
    """Customers of the countries and languages in which a festival is celebrated."""
    first, last = search.base
    return SQL(
        """SELECT p.id AS partner_id, p.id AS customer_id, day.date + %(offset)s AS due,
                  'festival:' || f.id || ':' || day.date AS occasion, %(name)s AS name
             FROM customer_festival_day day
             JOIN customer_festival f ON f.id = day.festival_id AND f.active
             JOIN customer_value c ON c.company_id = %(company)s
             JOIN res_partner p ON p.id = c.partner_id
            WHERE day.date BETWEEN %(first)s AND %(last)s AND %(chosen)s
              AND (NOT EXISTS (SELECT 1 FROM customer_festival_res_country_rel r WHERE r.customer_festival_id = f.id)
                   OR p.country_id IN (SELECT r.res_country_id FROM customer_festival_res_country_rel r
                                        WHERE r.customer_festival_id = f.id))
              AND (NOT EXISTS (SELECT 1 FROM customer_festival_res_lang_rel r WHERE r.customer_festival_id = f.id)
                   OR p.lang IN (SELECT lang.code FROM customer_festival_res_lang_rel r
                                   JOIN res_lang lang ON lang.id = r.res_lang_id
                                  WHERE r.customer_festival_id = f.id))""",
        offset=search.offset, company=search.company_id, first=first, last=last,
        name=label_sql(SQL("f.name"), search),
        chosen=SQL("f.id = ANY(%s)", list(search.festivals)) if search.festivals else SQL("TRUE"),
    )


def first_purchase(search):
    """Customers who bought for the first time on this day of an earlier year."""
    rows = origins(*search.base)
    return SQL(
        """SELECT c.partner_id, c.partner_id AS customer_id, celebrated.base + %(offset)s AS due,
                  'first_purchase:' || EXTRACT(YEAR FROM celebrated.base) AS occasion,
                  (EXTRACT(YEAR FROM celebrated.base) - EXTRACT(YEAR FROM celebrated.origin))::text AS name
             FROM UNNEST(%(days)s::date[], %(origins)s::date[]) celebrated(base, origin)
             JOIN customer_value c ON c.company_id = %(company)s AND c.first_purchase_date = celebrated.origin""",
        offset=search.offset, company=search.company_id,
        days=[day for day, _origin in rows], origins=[origin for _day, origin in rows],
    )


def delivery(search):
    """Contacts whose order is delivered. An order whose day is moved stays one occasion."""
    return SQL(
        """SELECT o.partner_id, p.commercial_partner_id AS customer_id, %(day)s + %(offset)s AS due,
                  'delivery:' || o.id AS occasion, o.name::text AS name
             FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
            WHERE o.company_id = %(company)s AND o.state = 'sale' AND %(within)s""",
        day=day_sql(search.delivered, search.tz), offset=search.offset, company=search.company_id,
        within=moments_sql(search.delivered, search, *search.base),
    )


def own_date(search):
    """Contacts of whom a date was entered, in a field of contacts or of values."""
    first, last = search.base
    column = SQL.identifier("held", search.column)
    day = day_sql(column, search.tz) if search.is_moment else column
    return SQL(
        """SELECT p.id AS partner_id, p.commercial_partner_id AS customer_id, %(day)s + %(offset)s AS due,
                  %(key)s || ':' || %(day)s AS occasion, NULL::text AS name
             FROM %(table)s held JOIN res_partner p ON p.id = %(holder)s
            WHERE %(day)s BETWEEN %(first)s AND %(last)s AND %(here)s""",
        day=day, offset=search.offset, key=f"date:{search.column}", table=SQL.identifier(search.table),
        first=first, last=last,
        holder=SQL("held.id" if search.table == "res_partner" else "held.partner_id"),
        here=SQL("TRUE") if search.table == "res_partner" else SQL("held.company_id = %s", search.company_id),
    )


def silence(search):
    """Customers with whom it has been silent for a number of days, once in each silence."""
    first, last = (day - timedelta(days=search.silence_days) for day in (search.first, search.last))
    heard = SQL("GREATEST(%s)", SQL(", ").join(SQL.identifier("c", name) for name in search.silence_columns))
    return SQL(
        """SELECT c.partner_id, c.partner_id AS customer_id, %(heard)s + %(days)s AS due,
                  'silence:' || %(heard)s AS occasion, NULL::text AS name
             FROM customer_value c
            WHERE c.company_id = %(company)s AND %(heard)s BETWEEN %(first)s AND %(last)s""",
        heard=heard, days=search.silence_days, company=search.company_id, first=first, last=last,
    )


def stage(search):
    """Customers who entered a stage of their life, and are still in it."""
    first, last = search.base
    return SQL(
        """SELECT t.partner_id, t.partner_id AS customer_id, t.date + %(offset)s AS due,
                  'stage:' || t.to_stage_id || ':' || t.date AS occasion, %(name)s AS name
             FROM customer_lifecycle_transition t
             JOIN customer_value c ON c.company_id = t.company_id AND c.partner_id = t.partner_id
                                  AND c.lifecycle_stage_id = t.to_stage_id
             JOIN customer_lifecycle_stage s ON s.id = t.to_stage_id
            WHERE t.company_id = %(company)s AND t.date BETWEEN %(first)s AND %(last)s AND %(chosen)s
              AND (t.from_stage_id IS NOT NULL OR c.first_purchase_date > t.date - %(new)s)""",
        offset=search.offset, company=search.company_id, first=first, last=last, new=NEW_DAYS,
        name=label_sql(SQL("s.name"), search),
        chosen=SQL("t.to_stage_id = ANY(%s)", list(search.stages)) if search.stages else SQL("TRUE"),
    )


def fell(search):
    """Customers of whom something fell below its limit, on the day that their value notes in a column."""
    first, last = search.base
    return SQL(
        """SELECT c.partner_id, c.partner_id AS customer_id, %(day)s + %(offset)s AS due,
                  %(key)s || ':' || %(day)s AS occasion, NULL::text AS name
             FROM customer_value c
            WHERE c.company_id = %(company)s AND %(day)s BETWEEN %(first)s AND %(last)s""",
        day=SQL.identifier("c", search.column), offset=search.offset, key=search.column,
        company=search.company_id, first=first, last=last,
    )


def index_fell(search):
    """Customers whose value index is lower by some points than at the last month end; once after each month end."""
    return SQL(
        """SELECT c.partner_id, c.partner_id AS customer_id, %(last)s AS due, 'index_fell:' || s.date AS occasion,
                  NULL::text AS name
             FROM customer_value_snapshot s
             JOIN customer_value c ON c.company_id = s.company_id AND c.partner_id = s.partner_id
            WHERE s.company_id = %(company)s AND s.value_index - c.value_index >= %(fall)s
              AND s.date = (SELECT MAX(date) FROM customer_value_snapshot
                             WHERE company_id = %(company)s AND date < %(last)s)""",
        company=search.company_id, last=search.last, fall=search.fall,
    )


def goal_reached(search):
    """Contacts who reached a goal: on the day on which the measurement that says so was entered."""
    return SQL(
        """SELECT g.partner_id, g.commercial_partner_id AS customer_id, reached.day + %(offset)s AS due,
                  'goal:' || g.id AS occasion, %(name)s AS name
             FROM customer_benefit_goal g
             JOIN customer_benefit_metric m ON m.id = g.metric_id
             CROSS JOIN LATERAL (SELECT MAX(%(day)s) AS day FROM customer_benefit_record r
                                  WHERE r.goal_id = g.id AND r.counts AND r.date_to = g.date_latest) reached
            WHERE g.id IN (SELECT r.goal_id FROM customer_benefit_record r WHERE %(within)s)
              AND g.company_id = %(company)s AND g.state = 'reached' AND g.active
              AND reached.day BETWEEN %(first)s AND %(last)s""",
        day=day_sql(SQL("r.create_date"), search.tz), offset=search.offset, company=search.company_id,
        first=search.base[0], last=search.base[1], name=label_sql(SQL("m.name"), search),
        within=moments_sql(SQL("r.create_date"), search, *search.base),
    )


def complaint_closed(search):
    """Contacts whose complaint was closed; once, also if it is opened again."""
    return SQL(
        """SELECT k.partner_id, k.commercial_partner_id AS customer_id, %(day)s + %(offset)s AS due,
                  'complaint:' || k.id AS occasion, k.name::text AS name
             FROM customer_complaint k
            WHERE k.company_id = %(company)s AND k.state = 'closed' AND k.merged_into_id IS NULL
              AND k.partner_id IS NOT NULL AND %(within)s""",
        day=day_sql(SQL("k.date_closed"), search.tz), offset=search.offset, company=search.company_id,
        within=moments_sql(SQL("k.date_closed"), search, *search.base),
    )


def need_met(search):
    """Contacts whose need was met."""
    first, last = search.base
    return SQL(
        """SELECT n.partner_id, n.commercial_partner_id AS customer_id, n.date_state + %(offset)s AS due,
                  'need:' || n.id AS occasion, %(name)s AS name
             FROM customer_need n JOIN customer_need_type t ON t.id = n.type_id
            WHERE n.company_id = %(company)s AND n.state = 'met' AND n.kind = 'need' AND n.active
              AND n.date_state BETWEEN %(first)s AND %(last)s""",
        offset=search.offset, company=search.company_id, first=first, last=last,
        name=label_sql(SQL("t.name"), search),
    )


def life_event(search):
    """Contacts in whose life something changed, as soon as we know it; every year if that is noted."""
    first, last = search.base
    rows = origins(first, last)
    known = SQL("GREATEST(e.date, %s)", day_sql(SQL("e.create_date"), search.tz))
    chosen = SQL("e.kind = %s", search.life_kind) if search.life_kind else SQL("TRUE")
    return SQL(
        """SELECT e.partner_id, e.commercial_partner_id AS customer_id, %(known)s + %(offset)s AS due,
                  'life:' || e.id AS occasion, e.name::text AS name
             FROM customer_life_event e
            WHERE e.company_id = %(company)s AND NOT COALESCE(e.is_yearly, FALSE) AND %(chosen)s
              AND %(known)s BETWEEN %(first)s AND %(last)s
            UNION ALL
           SELECT e.partner_id, e.commercial_partner_id, celebrated.base + %(offset)s,
                  'life:' || e.id || ':' || EXTRACT(YEAR FROM celebrated.base), e.name::text
             FROM UNNEST(%(days)s::date[], %(origins)s::date[]) celebrated(base, origin)
             JOIN customer_life_event e ON e.date = celebrated.origin
            WHERE e.company_id = %(company)s AND e.is_yearly AND %(chosen)s""",
        known=known, offset=search.offset, company=search.company_id, chosen=chosen, first=first, last=last,
        days=[day for day, _origin in rows], origins=[origin for _day, origin in rows],
    )
