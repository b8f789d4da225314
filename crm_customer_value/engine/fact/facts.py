"""Purchase facts: what a customer bought and returned, read straight from the documents.

A fact is (customer, day, revenue, margin, purchase). Money is untaxed and in the company's
currency at the rate of its own document; the day is the one in the company's time zone;
contacts roll up to their commercial partner. ``purchase`` is false for what only reduces
revenue (credit notes, negative amounts) or moves no money at all.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import SQL

# An amount beyond this is an accident of some interface. It is left out, like one that is no number (NaN).
LARGEST_AMOUNT = 10**15

# What a source of purchases tells of each of its documents: {column: SQL type}.
SOURCE_COLUMNS = {
    "partner_id": "integer",  # a contact
    "document_id": "integer",
    "model": "text",
    "day": "date",  # in the time zone of the scope
    "revenue": "numeric",  # untaxed, in company currency; returns and credit notes below zero
    "margin": "numeric",  # NULL: not known
    "credit": "boolean",  # whether it takes back a purchase, so that it is none itself
    "name": "varchar",
    "unrated": "boolean",  # in a currency without a usable rate
}


class FactScope(NamedTuple):
    """Which facts a query reads, and the pieces of SQL that a source of purchases is made of.

    ``partners`` makes the SQL condition that limits a query to one batch, from the SQL of a commercial
    partner's id. ``contacts`` are the ids of all contacts of a few customers, whose documents are looked
    up one by one; None says that this is a large part of all customers, and every document is
    read once and sorted into place.

    ``sources``, ``measures`` and ``prospects`` are functions of a scope: what the installed addons count as
    purchases, what else they know of customers, and of whom beside who buys. A scope that is replaced by another
    one takes them along.
    """

    company_id: int
    own_partner_id: int  # the company's own partner, who is no customer
    root_company_id: int  # Odoo keeps currency rates on the root of a tree of companies
    currency_id: int
    decimal_places: int
    source: str  # 'order' or 'invoice'
    tz: str
    as_of: date  # the last day that exists
    window_days: int
    partners: Callable  # SQL of a commercial partner's id -> SQL condition
    sources: Callable  # FactScope -> {model: SQL of documents, with the columns of SOURCE_COLUMNS}
    measures: Callable  # FactScope -> {name: measures.Measure}
    prospects: Callable  # FactScope -> [SQL of contacts who are to be known without purchases]
    contacts: list | SQL | None = None
    taken_back: list | None = None  # orders, by documents.with_taken_back; None: each query looks for them
    owners: str | None = None  # the table that owners.keep made; None: each query asks the documents

    @property
    def bulk(self):
        """Whether everything is read."""
        return self.contacts is None

    def among(self, column):
        """SQL condition: a document's partner is one of the contacts whose documents are looked up."""
        return SQL("TRUE") if self.bulk else SQL("%s = ANY(%s)", column, self.contacts)

    def mine(self, alias):
        """SQL condition: a document belongs to the company, and its ``partner_id`` is :meth:`among` the contacts.

        :param str alias: of the document's table
        """
        return SQL(
            "(%s = %s AND %s)",
            SQL.identifier(alias, "company_id"), self.company_id, self.among(SQL.identifier(alias, "partner_id")),
        )

    def day(self, column):
        """SQL: the day of a moment in UTC, in the time zone of the scope."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", column, self.tz)

    def moment(self, day):
        """SQL: the moment, in UTC, at which a day (a date, or SQL of one) begins in the time zone of the scope."""
        return SQL("(%s::date::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC')", day, self.tz)

    @property
    def end(self):
        """SQL: the moment, in UTC, at which the last day that exists is over."""
        return self.moment(SQL("(%s::date + 1)", self.as_of))

    def until(self, column):
        """SQL condition: a moment in UTC is no later than the last day that exists."""
        return SQL("%s < %s", column, self.end)

    def money(self, amount, currency, rate):
        """SQL: an amount of a document in company currency, rounded as that currency rounds.

        Rounding each document that is converted (the others are, by Odoo), in ``numeric``, keeps every
        later sum exact and independent of the order of its parts: the same input gives the same bytes
        whatever the batch size.

        :param SQL amount: in the currency of the document
        :param SQL currency: the id of that currency
        :param SQL rate: how much of that currency one unit of the company's currency is worth
        """
        return SQL(
            """CASE WHEN %(currency)s = %(own)s THEN %(amount)s
                ELSE ROUND(%(amount)s / NULLIF(%(rate)s, 0), %(digits)s) END""",
            currency=currency, own=self.currency_id, amount=amount, rate=rate, digits=self.decimal_places,
        )

    def unrated(self, currency, rate):
        """SQL condition: a document is in another currency and nobody ever gave its rate.

        Odoo writes 1.0 on a document when the currency has no rate at all, so 1.0 is believed
        only if a rate was recorded for that currency. The parameters are those of :meth:`money`.
        """
        return SQL(
            """(%(currency)s <> %(own)s AND (
                COALESCE(%(rate)s, 0) <= 0
                OR (%(rate)s = 1 AND NOT EXISTS (
                    SELECT 1 FROM res_currency_rate known
                     WHERE known.currency_id = %(currency)s
                       AND (known.company_id IS NULL OR known.company_id = %(root)s)))
            ))""",
            currency=currency, rate=rate, own=self.currency_id, root=self.root_company_id,
        )

    @property
    def anchor(self):
        """The day predictions start from: the Sunday that ended the last whole week.

        It stands still for a week, so that the predictions of customers who did not buy do not
        change, and need not be written, every night.
        """
        return self.as_of - timedelta(days=self.as_of.isoweekday() % 7)

    @property
    def window_start(self):
        """SQL: the first day of the window, which ends with ``as_of``, both included."""
        return SQL("(%s::date - %s)", self.as_of, self.window_days - 1)


def is_amount_sql(amount):
    """SQL condition: an amount is a number that can be counted with; NaN is greater than any number."""
    return SQL("COALESCE(ABS(%s) < %s, FALSE)", amount, LARGEST_AMOUNT)


def columns_sql(alias, columns):
    """SQL: the columns of a query from outside, each by its name and with its type.

    :param str alias: of the query. PostgreSQL names it with a column that is not there, so it says whose query that is.
    :param dict columns: {column: SQL type}
    """
    return SQL(", ").join(_column_sql(alias, *column) for column in columns.items())


def _column_sql(alias, name, kind):
    return SQL("%s::%s AS %s", SQL.identifier(alias, name), SQL(kind), SQL.identifier(name))


def purchases_sql(scope):
    """SQL: the documents of all sources, in the columns of :data:`SOURCE_COLUMNS`."""
    found = []
    for model, query in scope.sources(scope).items():
        alias = f"source_{model.replace('.', '_')}"
        found.append(SQL(
            "SELECT %s FROM (%s) %s", columns_sql(alias, SOURCE_COLUMNS), query, SQL.identifier(alias)
        ))
    return SQL(" UNION ALL ").join(found)


def documents_sql(scope):
    """SQL: every document of the scope, with the commercial partner as ``partner_id``.

    The company itself is not its own customer: documents on its own partner (tests, internal
    use) are left out.

    Columns: those of :data:`SOURCE_COLUMNS` and unreal (its amount is no number to count with). A margin that is
    no number is unknown.
    """
    return SQL(
        """SELECT document.commercial_partner_id AS partner_id, document.document_id, document.model,
                  document.day, document.revenue,
                  CASE WHEN %(margin_is_real)s THEN document.margin END AS margin,
                  document.credit, document.name, document.unrated,
                  NOT document.unrated AND NOT %(revenue_is_real)s AS unreal
             FROM (%(documents)s) document
            WHERE %(partners)s AND document.commercial_partner_id <> %(own)s""",
        own=scope.own_partner_id,
        margin_is_real=is_amount_sql(SQL("document.margin")),
        revenue_is_real=is_amount_sql(SQL("document.revenue")),
        documents=with_commercial_partner_sql(scope, purchases_sql(scope)),
        partners=scope.partners(SQL("document.commercial_partner_id")),
    )


def with_commercial_partner_sql(scope, rows):
    """SQL: rows that have a ``partner_id``, each with its ``commercial_partner_id``.

    Most customers are their own commercial partner. In bulk only the others are looked up: a table
    of those is small, and may not even be needed.
    """
    if not scope.bulk:
        return SQL(
            """SELECT d.*, branch.commercial_partner_id
                 FROM (%s) d JOIN res_partner branch ON branch.id = d.partner_id""",
            rows,
        )
    return SQL(
        """SELECT d.*, COALESCE(branch.commercial_partner_id, d.partner_id) AS commercial_partner_id
             FROM (%s) d
             LEFT JOIN (SELECT id, commercial_partner_id FROM res_partner
                         WHERE commercial_partner_id <> id) branch ON branch.id = d.partner_id""",
        rows,
    )


def facts_sql(scope):
    """SQL: the facts of the scope, one row a document: partner_id, day, revenue, margin, purchase."""
    return SQL(
        """SELECT partner_id, day, revenue, margin, NOT credit AND revenue > 0 AS purchase
             FROM (%s) document WHERE NOT unrated AND NOT unreal""",
        documents_sql(scope),
    )


def left_out_sql(scope, limit=5):
    """SQL: how many documents are left out, and the names of the first of them.

    One row: count and array of at most ``limit`` names of those without a usable rate, and the same of
    those whose amount is no number to count with.
    """
    return SQL(
        """SELECT COUNT(*) FILTER (WHERE unrated),
                  (ARRAY_AGG(name ORDER BY name) FILTER (WHERE unrated))[1:%(limit)s],
                  COUNT(*) FILTER (WHERE unreal),
                  (ARRAY_AGG(name ORDER BY name) FILTER (WHERE unreal))[1:%(limit)s]
             FROM (%(documents)s) document WHERE unrated OR unreal""",
        limit=limit,
        documents=documents_sql(scope),
    )


def prospects_sql(scope):
    """SQL: who is to be known without facts: partner_id.

    Those who are spoken with about a first purchase, by open quotations and opportunities: what is
    open is known of today only; of an earlier day it is known what existed then. Those whom other rooms know. And
    those whose stage somebody pinned, because the pin is kept in their row.
    """
    return SQL(
        """SELECT DISTINCT contact.commercial_partner_id AS partner_id
             FROM (SELECT partner_id FROM customer_value
                    WHERE company_id = %(company)s AND %(among)s AND stage_pinned
                   UNION
                   SELECT partner_id FROM sale_order
                    WHERE company_id = %(company)s AND %(among)s AND state IN ('draft', 'sent')
                      AND %(before)s
                    UNION
                   SELECT partner_id FROM crm_lead
                    WHERE COALESCE(company_id, %(company)s) = %(company)s AND %(among)s
                      AND type = 'opportunity' AND active AND won_status = 'pending'
                      AND partner_id IS NOT NULL AND %(before)s
                    %(further)s) d
             JOIN res_partner contact ON contact.id = d.partner_id
             JOIN res_partner customer ON customer.id = contact.commercial_partner_id
            WHERE %(partners)s AND customer.id <> %(own)s
              AND (customer.active OR EXISTS (
                    SELECT 1 FROM customer_value v
                     WHERE v.company_id = %(company)s AND v.partner_id = customer.id AND v.stage_pinned))""",
        company=scope.company_id,
        own=scope.own_partner_id,
        among=scope.among(SQL("partner_id")),
        before=scope.until(SQL("create_date")),
        further=SQL(" ").join(SQL("UNION %s", query) for query in scope.prospects(scope)),
        partners=scope.partners(SQL("contact.commercial_partner_id")),
    )
