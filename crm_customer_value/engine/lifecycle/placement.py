"""From the stages of :mod:`rules` to columns of ``customer_value`` and recorded moves.

Where a customer was before is in their row; and in the recorded moves where the row cannot know:
for who had no row for a while, and while rows show an earlier day than the last one that was
computed ("looking back"), whose moves are history already and are neither made nor recorded again.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from . import causes, rules

# Columns of customer_value that a recompute writes beside what it measured.
COLUMNS = (
    "lifecycle_stage_id", "stage_since", "stage_pinned", "pin_reason", "pin_until", "pin_user_id",
)
# A new customer is greeted only within so many days of the first purchase: not who is imported. And what was imported
# since yesterday and is older than that moves nobody for whom something would have to be done.
NEW_DAYS = 30


class Evaluation(NamedTuple):
    """Everything a batch needs to know to place its customers."""

    run_id: int
    as_of: date
    rules: list
    factor: object  # Decimal: rules.ease
    first: bool = False  # nobody in this company was placed before
    retrace: bool = False  # rows may show another day than the last one before this run's
    look_back: bool = False  # a later day was computed before
    quiet: str | None = None  # why moves of this run start nothing
    changed: bool = False  # the rules have changed since everybody was placed by them
    imported: str = ""  # the same for moves that come from a history that was imported
    held: object = None  # SQL over lived.partner_id: may not be moved to something worse


def _before_sql(evaluation, company_id):
    """Return (columns, joins): where each customer was, since when, and whether that is certain.

    ``known`` says that a move from there is news, ``before_stage`` and ``before_since`` count anyway.
    """
    if evaluation.first:
        return SQL(
            """NULL::integer AS before_stage, NULL::date AS before_since, FALSE AS known"""
        ), SQL()
    needed = SQL("TRUE") if evaluation.retrace else SQL("v.id IS NULL")
    joins = SQL(
        """LEFT JOIN LATERAL (
               SELECT to_stage_id, date FROM customer_lifecycle_transition
                WHERE %(needed)s AND company_id = %(company)s
                  AND partner_id = computed.partner_id AND date <= %(as_of)s
                ORDER BY date DESC, id DESC LIMIT 1) past ON TRUE""",
        needed=needed, company=company_id, as_of=evaluation.as_of,
    )
    if not evaluation.retrace:
        return SQL(
            """COALESCE(v.lifecycle_stage_id, past.to_stage_id) AS before_stage,
               COALESCE(v.stage_since, past.date) AS before_since,
               v.lifecycle_stage_id IS NULL OR v.stage_since IS NOT NULL AS known"""
        ), joins
    joins = SQL(
        """%(joins)s
           LEFT JOIN LATERAL (
               SELECT id, from_stage_id FROM customer_lifecycle_transition
                WHERE company_id = %(company)s
                  AND partner_id = computed.partner_id AND date > %(as_of)s
                ORDER BY date, id LIMIT 1) later ON TRUE""",
        joins=joins, company=company_id, as_of=evaluation.as_of,
    )
    return SQL(
        """CASE WHEN past.date IS NOT NULL THEN past.to_stage_id
                WHEN later.id IS NOT NULL THEN later.from_stage_id
                WHEN v.stage_since <= %(as_of)s THEN v.lifecycle_stage_id END AS before_stage,
           CASE WHEN past.date IS NOT NULL THEN past.date
                WHEN later.id IS NULL AND v.stage_since <= %(as_of)s THEN v.stage_since
            END AS before_since,
           later.id IS NULL AND (past.date IS NOT NULL OR v.stage_since <= %(as_of)s) AS known""",
        as_of=evaluation.as_of,
    ), joins


def placed_sql(rows, values, condition, evaluation, company_id):
    """Return the SELECT of finished rows with the columns of the lifecycle, unchanged ones left out.

    :param SQL rows: finished rows of ``customer_value``: partner_id and the columns ``values``
    :param values: names of those columns
    :param SQL condition: the limits of the batch, on ``v.partner_id``
    :param Evaluation evaluation: the rules, and what is known of earlier runs
    :param int company_id: whose customers
    """
    before, joins = _before_sql(evaluation, company_id)
    current, computed = (
        SQL(", ").join(SQL.identifier(alias, name) for name in values) for alias in ("v", "computed")
    )
    by_rule = rules.stage_sql(evaluation.rules, evaluation.as_of, evaluation.factor)
    stage = SQL("lived.by_rule")
    if evaluation.held is not None:
        stage = SQL(
            """CASE WHEN lived.pinned OR lived.before_stage IS NULL OR %(found)s <= %(known)s
                         OR (%(held)s) IS NOT TRUE
                    THEN lived.by_rule ELSE lived.before_stage END""",
            found=rules.rank_sql(evaluation.rules, SQL("lived.by_rule")),
            known=rules.rank_sql(evaluation.rules, SQL("lived.before_stage")),
            held=evaluation.held,
        )
    # What is only looked back on has no date of its own; everything else counts from this day.
    day = SQL("NULL::date") if evaluation.look_back else SQL("%s::date", evaluation.as_of)
    # Each step is planned by itself (OFFSET 0): else the planner would write the CASEs of one step out wherever the
    # next one names their column. The SQL of rules and of what holds a customer calls its row "lived".
    return SQL(
        """WITH computed AS (%(rows)s OFFSET 0),
           lived AS (
               SELECT computed.*, v.id AS value_id,
                      (%(current)s) IS DISTINCT FROM (%(computed)s) AS differs,
                      v.lifecycle_stage_id AS was_stage, v.stage_since AS was_since,
                      COALESCE(v.stage_pinned, FALSE) AS was_pinned,
                      v.pin_reason AS was_reason, v.pin_until AS was_until, v.pin_user_id AS was_user,
                      COALESCE(v.stage_pinned AND (
                          v.pin_until IS NULL OR v.pin_until >= %(as_of)s), FALSE) AS pinned,
                      %(as_of)s::date - computed.first_purchase_date AS age,
                      %(as_of)s::date - computed.last_purchase_date AS silence,
                      %(before)s
                 FROM computed
                 LEFT JOIN customer_value v
                        ON v.company_id = %(company)s
                       AND v.partner_id = computed.partner_id AND %(condition)s
                 %(joins)s
               OFFSET 0),
           judged AS (
               SELECT lived.*, CASE WHEN lived.pinned THEN lived.was_stage ELSE %(by_rule)s END AS by_rule
                 FROM lived
               OFFSET 0),
           held AS (
               SELECT lived.*, %(stage)s AS lifecycle_stage_id
                 FROM judged lived
               OFFSET 0),
           placed AS (
               SELECT held.*,
                      CASE WHEN held.pinned THEN held.was_since
                           WHEN held.lifecycle_stage_id IS NULL THEN NULL
                           WHEN held.lifecycle_stage_id = held.before_stage
                           THEN COALESCE(held.before_since, %(day)s)
                           WHEN held.known THEN %(as_of)s::date ELSE %(day)s END AS stage_since,
                      held.pinned AS stage_pinned,
                      CASE WHEN held.pinned THEN held.was_reason END AS pin_reason,
                      CASE WHEN held.pinned THEN held.was_until END AS pin_until,
                      CASE WHEN held.pinned THEN held.was_user END AS pin_user_id,
                      held.known AND NOT held.pinned
                          AND held.lifecycle_stage_id IS DISTINCT FROM held.before_stage AS moved
                 FROM held
               OFFSET 0)
           SELECT * FROM placed
            WHERE value_id IS NULL OR differs
               OR (was_stage, was_since, was_pinned)
                  IS DISTINCT FROM (lifecycle_stage_id, stage_since, stage_pinned)""",
        current=current, computed=computed, rows=rows, company=company_id, condition=condition,
        before=before, joins=joins, by_rule=by_rule, stage=stage, day=day, as_of=evaluation.as_of,
    )


def moves_sql(table, evaluation, company_id, uid):
    """Return the INSERT of the moves among placed rows.

    :param SQL table: the rows of :func:`placed_sql`
    :param Evaluation evaluation: the same
    :param int company_id: whose customers
    :param int uid: who is noted as the writer
    """
    acting = [rule.stage for rule in evaluation.rules if rule.action]
    names, reasons = causes.columns_sql(
        evaluation.rules, evaluation.as_of, evaluation.factor, changed=evaluation.changed
    )
    return SQL(
        """INSERT INTO customer_lifecycle_transition (
                  company_id, create_uid, create_date, write_uid, write_date, partner_id,
                  from_stage_id, to_stage_id, date, reason, run_id, value_index, revenue_12m,
                  entry_state, entry_error, %(names)s)
           SELECT %(company)s, %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC',
                  partner_id, before_stage, lifecycle_stage_id, %(as_of)s, 'rule', %(run)s,
                  value_index, revenue_12m, entry_state,
                  CASE WHEN entry_state = 'skipped' THEN COALESCE(%(quiet)s, %(imported)s) END, %(reasons)s
             FROM (SELECT *, CASE
                       WHEN lifecycle_stage_id = ANY(%(acting)s) IS NOT TRUE THEN 'none'
                       WHEN before_stage IS NULL
                            AND (first_purchase_date >= %(as_of)s::date - %(days)s) IS NOT TRUE THEN 'none'
                       WHEN %(quiet)s::text IS NOT NULL OR EXISTS (
                            SELECT FROM customer_purchase_history h
                              JOIN res_partner contact ON contact.id = h.partner_id
                             WHERE contact.commercial_partner_id = placed.partner_id
                               AND h.company_id = %(company)s
                               AND h.create_date >= %(as_of)s::date - 1
                               AND h.date < %(as_of)s::date - %(days)s) THEN 'skipped'
                       ELSE 'todo' END AS entry_state
                     FROM %(table)s placed WHERE moved) lived
            ORDER BY partner_id""",
        company=company_id, uid=uid, as_of=evaluation.as_of, run=evaluation.run_id, acting=acting,
        days=NEW_DAYS, quiet=evaluation.quiet, imported=evaluation.imported, table=table,
        names=names, reasons=reasons,
    )
