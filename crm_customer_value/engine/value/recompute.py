"""The course of a recompute: which steps it has, in which order, and in which pieces they are done.

Everything at once, in batches that are committed one by one, and on trial: the steps are the same, and
whoever carries the pieces out decides when a transaction ends. A piece remembers nothing for the next one.
All it needs is in the run's row and in the tables, so another process can do the next one.
"""

from collections.abc import Callable
from contextlib import contextmanager
from itertools import pairwise, takewhile
from typing import NamedTuple

from psycopg2.extensions import TRANSACTION_STATUS_INTRANS

from odoo.tools import SQL

from ..outlook import predictions
from . import pipeline


class Step(NamedTuple):
    """One step of a recompute.

    ``work`` is called as ``work(recompute, batch)``. ``batch`` is what :func:`pipeline.id_condition` takes, or
    None if the step is done in one piece.
    """

    name: str  # the phase in the run's row
    work: Callable
    batches: int | None = None  # how many batches one transaction takes; None: the step is done in one piece
    share: int = 0  # percent of the progress
    tables: bool = True  # reads the working tables


class Recompute:
    """One recompute of one company: its steps, what they read, and its working tables.

    :param cr: a database cursor
    :param scope: function that returns the :class:`FactScope` of a batch, by its keywords
    :param str table: name of the working table; the tables of predictions are named after it
    :param steps: function that returns the list of :class:`Step`, first to last
    :param int size: customers in a batch
    :param ids: ids of the only partners to recompute, as one batch; None: everybody
    :param bool temporary: the tables belong to this transaction
    :param keep_owners: function of this recompute that makes the table ``owners``, if everybody is recomputed
    :param further: names of tables that the steps make for themselves
    """

    def __init__(self, cr, scope, table, steps, *, size, keep_owners, ids=None, temporary=False, further=()):
        self.cr = cr
        self.table = table
        self.steps = steps
        self.size = size
        self.ids = ids
        self.temporary = temporary
        self.further = further
        self._scope = scope
        self._keep_owners = keep_owners

    @property
    def bulk(self):
        """Whether everybody is recomputed."""
        return self.ids is None

    @property
    def predictions(self):
        """Name of the table of predictions."""
        return predictions.beside(self.table)

    @property
    def owners(self):
        """Name of the table of owners; None where only some customers are recomputed."""
        return f"{self.table}_owners" if self.bulk else None

    def scope(self, **batch):
        """Return what to read for a batch."""
        return self._scope(**batch)._replace(owners=self.owners)

    def step(self, name):
        """Return the step of this name, or None."""
        return next((step for step in self.steps() if step.name == name), None)

    def following(self, step):
        """Return the step after this one, or None after the last."""
        return next((after for one, after in pairwise(self.steps()) if one.name == step.name), None)

    def do(self, step, batch):
        """Do one piece of a step."""
        step.work(self, batch)

    def go(self, carry_out, name=None, after=0):
        """Carry out all pieces that are left, in their order.

        :param carry_out: called with a step and a batch: :meth:`do`, or a function that calls it and commits.
            Returns False to stop.
        :param str name: the step to begin with, the first one by default
        :param int after: the last partner id of this step that is done
        :return: False if it stopped before the end
        """
        return all(carry_out(step, batch) is not False for step, batch in self._pieces(name, after))

    def _pieces(self, name, after):
        steps = self.steps()
        first = [step.name for step in steps].index(name) if name else 0
        for step in steps[first:]:
            if step.batches is None:
                yield step, None
            elif not self.bulk:
                yield step, {"ids": self.ids}
            else:
                while upto := pipeline.batch_end(self.cr, after, self.size * step.batches):
                    yield step, {"after": after, "upto": upto}
                    after = upto
            after = 0

    def progress(self, step, done=0.0):
        """Return how far the recompute is, in percent.

        :param float done: how much of this step is done, 0 to 1
        """
        before = takewhile(lambda one: one.name != step.name, self.steps())
        return sum(one.share for one in before) + step.share * done

    @contextmanager
    def in_this_transaction(self):
        """Make the working tables, for a recompute that is over within this transaction.

        They are dropped however it ends.
        """
        self.create_tables()
        try:
            yield
        finally:
            # After an error of PostgreSQL only a rollback is possible, which drops them too.
            if self.cr.connection.info.transaction_status == TRANSACTION_STATUS_INTRANS:
                self.drop_tables()

    def create_tables(self):
        """Make an empty working table, in place of what an earlier attempt left."""
        self.drop_tables()
        pipeline.create_table(self.cr, self._scope(ids=()), self.table, temporary=self.temporary)
        if self.owners:
            self._keep_owners(self)
        if self.temporary:
            return
        self.cr.execute(SQL("COMMENT ON TABLE %s IS %s", SQL.identifier(self.table), self._code()))

    def drop_tables(self):
        """Drop the working table, the predictions, the owners and the further tables, as far as they are there."""
        predictions.drop(self.cr, self.predictions)
        for table in filter(None, (self.table, self.owners, *self.further)):
            pipeline.drop_table(self.cr, table)

    def is_intact(self, rows):
        """Return whether the working tables are as this recompute left them.

        PostgreSQL empties unlogged tables when it recovers from a crash. And after an update, tables of
        the version before may lack columns.

        :param int rows: how many rows the working table must have
        """
        if pipeline.table_rows(self.cr, self.table) != rows:
            return False
        if self.owners and pipeline.table_rows(self.cr, self.owners) is None:
            return False
        self.cr.execute("SELECT OBJ_DESCRIPTION(TO_REGCLASS(%s), 'pg_class')", (self.table,))
        return self.cr.fetchone()[0] == self._code()

    def _code(self):
        """Return a mark of the addons and versions that are installed: other ones may make other tables."""
        self.cr.execute(
            """SELECT MD5(STRING_AGG(name || ' ' || latest_version, ',' ORDER BY name))
                 FROM ir_module_module WHERE state = 'installed'"""
        )
        return self.cr.fetchone()[0]
