"""What the steps of a recompute do in SQL: gather measures, compare customers, write what changed.

These functions know nothing of runs, progress or commits: see :mod:`recompute`. A batch is a range of
partner ids, so the result cannot depend on its size.
"""

from contextlib import contextmanager, suppress
from functools import partial

import psycopg2

from odoo.tools import SQL

from ..fact import facts, measures
from ..fact.documents import with_taken_back
from ..lifecycle import placement
from ..story import trial
from . import indices, writing
from .parts import FAILURES, Compared, find_failing, find_stray

# First key of the advisory locks: one recompute per company at a time.
LOCK_CLASS = 0x43565255
# For the sorts and hashes of one batch: a transaction of 240,000 customers sorts in about this much.
BULK_MEMORY = "256MB"


def try_lock(cr, company_id):
    """Take the company's recompute lock until the end of the transaction; return whether it was free."""
    cr.execute("SELECT PG_TRY_ADVISORY_XACT_LOCK(%s, %s)", (LOCK_CLASS, company_id))
    return cr.fetchone()[0]


@contextmanager
def session_lock(cr, company_id, lock_class=LOCK_CLASS):
    """Hold a lock of the company, by default that of its recompute, across commits; yields whether it was free.

    A lock of the session outlives the commits between batches, and PostgreSQL releases it by
    itself when the process or the connection dies.
    """
    cr.execute("SELECT PG_TRY_ADVISORY_LOCK(%s, %s)", (lock_class, company_id))
    (taken,) = cr.fetchone()
    try:
        yield taken
    finally:
        if taken:
            # With the connection gone, so is the lock.
            with suppress(psycopg2.Error):
                cr.execute("SELECT PG_ADVISORY_UNLOCK(%s, %s)", (lock_class, company_id))


def batch_end(cr, after, size):
    """Return the last partner id of the batch that follows ``after``, or None at the end.

    :param int after: last id of the batch before, 0 for the first
    :param int size: customers in a batch
    """
    cr.execute(
        """SELECT MAX(id) FROM (
               SELECT id FROM res_partner WHERE id > %s ORDER BY id LIMIT %s) batch""",
        (after, size),
    )
    return cr.fetchone()[0]


def table_rows(cr, table):
    """Return how many rows a working table has, or None if it does not exist."""
    cr.execute("SELECT TO_REGCLASS(%s)", (table,))
    if cr.fetchone()[0] is None:
        return None
    cr.execute(SQL("SELECT COUNT(*) FROM %s", SQL.identifier(table)))
    return cr.fetchone()[0]


def create_table(cr, scope, table, *, temporary=False):
    """Create an empty working table, in place of one of the same name."""
    drop_table(cr, table)
    cr.execute(measures.create_work_table_sql(scope, table, temporary=temporary))


def drop_table(cr, table):
    """Drop a working table if it is there."""
    cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))


def id_condition(column, *, after=None, upto=None, ids=None):
    """Return the condition that limits a statement to one batch.

    :param SQL column: a partner's id
    :param int after: first id is the next one
    :param int upto: last id
    :param ids: these partners instead of a range
    """
    if ids is not None:
        return SQL("%s = ANY(%s)", column, sorted(ids))
    return SQL("%s > %s AND %s <= %s", column, after, column, upto)


@contextmanager
def planned(cr, *, bulk):
    """Plan the statements within for what they are, which the planner cannot know.

    Compiling a query takes longer than it saves on the rows of one batch. In bulk hash joins are
    right, whatever the planner believes: right after an import its statistics know nothing of the
    new rows, and nested loops over all of them take minutes; and a sort of a batch should stay in
    memory.

    :param bool bulk: the statements read a large part of all customers
    """
    cr.execute("SET LOCAL jit = off")
    if bulk:
        cr.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = %s", (BULK_MEMORY,))
    yield
    cr.execute(
        "SET LOCAL jit TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL work_mem TO DEFAULT"
    )


def gather(cr, scope, table):
    """Add the measures of the scope's customers to the working table; return their number."""
    with planned(cr, bulk=scope.bulk):
        return _gather(cr, with_taken_back(cr, scope), table)


def _gather(cr, scope, table):
    cr.execute(measures.gather_sql(scope, table))
    number = cr.rowcount
    # Most customers have bought: what is known of them is not gathered a second time for the others.
    cr.execute(measures.new_prospects_sql(scope, table))
    if found := sorted(row[0] for row in cr.fetchall()):
        among = scope._replace(partners=partial(id_condition, ids=found))
        cr.execute(measures.prospects_sql(among, table, found))
    return number + len(found)


def left_out(cr, scope):
    """Return (number, first names) of the scope's documents without a usable currency rate, and of those
    whose amount is no number to count with."""
    return _left_out(cr, with_taken_back(cr, scope))


def _left_out(cr, scope):
    cr.execute(facts.left_out_sql(scope))
    unrated, unrated_names, unreal, unreal_names = cr.fetchone()
    return (unrated, unrated_names or []), (unreal, unreal_names or [])


def _rows(scope, table, points, parts, weights, *, batch, rules, part_rules, outlook, forecast):
    """Return the finished rows of one batch of the working table, stages excepted."""
    return indices.rows_sql(
        table,
        partial(id_condition, **batch),
        points,
        as_of=scope.as_of,
        parts=parts,
        weights=weights,
        rules=rules,
        part_rules=part_rules,
        outlook=outlook,
        forecast=forecast,
        digits=scope.decimal_places,
        gross=scope.source == "order",
    )


@contextmanager
def _naming_failures(cr, scope, table, points, parts, *, batch, part_rules, forecast):
    """Take back what failed within, and say which part of the index failed for which customer, if one did.

    :raise PartFailure: in that case
    """
    try:
        with cr.savepoint(flush=False):
            yield
    except FAILURES as error:
        compared = Compared(points, scope.as_of, scope.source == "order", part_rules)
        cr.execute(SQL(
            "SELECT partner_id FROM %s w WHERE %s ORDER BY 1",
            SQL.identifier(table), id_condition(SQL("w.partner_id"), **batch),
        ))
        found = find_failing(
            cr, parts, compared,
            lambda ids: indices.working_rows_sql(table, partial(id_condition, ids=ids), points, forecast),
            [row[0] for row in cr.fetchall()],
        )
        if found:
            raise found from error
        raise


def write_values(cr, scope, table, points, parts, weights, uid, *, batch, evaluation, **arguments):
    """Score one batch of the working table and bring ``customer_value`` up to it.

    :param dict points: :func:`cut_points.read_cut_points`
    :param dict parts: :func:`parts.ordered`
    :param Weights weights: of these parts
    :param batch: keyword arguments of :func:`id_condition`
    :param placement.Evaluation evaluation: the stages of life
    :param arguments: ``rules``, of :class:`worth.Rules`; ``part_rules``, what parts of other rooms go by;
        ``outlook``, of :func:`outlook.fit`; and ``forecast``, the table of predictions
    :return: (ids written, ids removed)
    :raise PartFailure: if the SQL of a part fails for a customer, or says more than 100 or less than 0; nothing of
        the batch is written then
    """
    rows = _rows(scope, table, points, parts, weights, batch=batch, **arguments)
    known = id_condition(SQL.identifier("v", "partner_id"), **batch)
    names = indices.value_columns(parts)
    told = {name: arguments[name] for name in ("part_rules", "forecast")}
    with _naming_failures(cr, scope, table, points, parts, batch=batch, **told):
        cr.execute(writing.upsert_sql(rows, names, known, scope.company_id, uid, evaluation))
        written = [row[0] for row in cr.fetchall()]
        if stray := find_stray(cr, parts, written):
            raise stray
    cr.execute(writing.remove_sql(table, scope.company_id, known))
    return written, [row[0] for row in cr.fetchall()]


def try_values(cr, scope, table, points, parts, weights, outcomes, *, batch, evaluation, **arguments):
    """Add to the table ``outcomes`` what :func:`write_values` would write, with the same arguments."""
    rows = _rows(scope, table, points, parts, weights, batch=batch, **arguments)
    known = id_condition(SQL.identifier("v", "partner_id"), **batch)
    placed = placement.placed_sql(rows, indices.value_columns(parts), known, evaluation, scope.company_id)
    told = {name: arguments[name] for name in ("part_rules", "forecast")}
    with _naming_failures(cr, scope, table, points, parts, batch=batch, **told):
        trial.collect(cr, outcomes, table, placed, known, scope.company_id)
