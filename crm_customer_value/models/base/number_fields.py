"""Number fields that hold what Odoo's own do not: a bound, and "not known".

Odoo takes NaN and infinity from whoever calls by RPC, and then no browser can read the record any more; and
it shows a number that is not known as 0. Fields of this addon are of these classes instead.
"""

import math
from operator import attrgetter

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tools import SQL, sql

# More than any amount that is typed, and few enough digits for every client.
LARGEST_INPUT = 10**15
# Sums of very many of those: what recomputes write.
LARGEST_RESULT = 10**30
LARGEST_INTEGER = 2**31 - 1


class _Number:
    """What the three classes have in common.

    :param float largest: the number, and its negative, that a value must stay below; by default such that
        fields that people fill can be summed up by fields that they do not
    :param bool optional: whether the value may be not known. It is then NULL in the database and False for
        records and clients, which show nothing; it is found by ``=`` and ``!=`` False, and by no comparison
        with a number.
    """

    largest = None
    optional = False
    _related_optional = property(attrgetter("optional"))
    _related_largest = property(attrgetter("largest"))

    @property
    def falsy_value(self):
        """What the database's NULL is equal to: nothing, or zero."""
        return None if self.optional else 0

    def _largest(self):
        if self.largest is None:
            return LARGEST_RESULT if self.readonly else LARGEST_INPUT
        return self.largest

    def _is_unknown(self, value):
        return self.optional and (value is None or value is False)

    def _check_number(self, value, record):
        """Refuse what is no number, or too large to be meant.

        :raise ValidationError: in the words of the user
        """
        if not value or isinstance(value, dict):
            return
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not abs(number) < self._largest():
            raise ValidationError(record.env._(
                "%(field)s must be a number, and smaller than %(largest)s. Please correct it.",
                field=self._description_string(record.env), largest=f"{self._largest():,}",
            ))

    def convert_to_cache(self, value, record, validate=True):
        if self._is_unknown(value):
            return None
        if validate or isinstance(value, str):
            self._check_number(value, record)
        return super().convert_to_cache(value, record, validate)

    def convert_to_column(self, value, record, values=None, validate=True):
        if self._is_unknown(value):
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        if self._is_unknown(value):
            return None
        self._check_number(value, record)
        return super().convert_to_column_insert(value, record, values, validate)

    def convert_to_record(self, value, record):
        if self.optional and value is None:
            return False
        return super().convert_to_record(value, record)

    def convert_to_export(self, value, record):
        if self._is_unknown(value):
            return ""
        return super().convert_to_export(value, record)

    def filter_function(self, records, field_expr, operator, value):
        """Tell zero and "not known" apart, which are equal for Python."""
        if not self.optional or operator != "in":
            return super().filter_function(records, field_expr, operator, value)
        getter = self.expression_getter(field_expr)
        unknown = any(one is False or one is None for one in value)
        numbers = {one for one in value if one is not False and one is not None}

        def holds(record):
            found = getter(record)
            return unknown if found is False else found in numbers

        return holds

    def update_db_column(self, model, column):
        """Have the database refuse the same: NaN is greater than any number for it."""
        super().update_db_column(model, column)
        if self.type == "integer" or self.company_dependent:
            # The values of all companies are in one column, which is no number.
            return
        name = sql.make_identifier(f"{model._table}_{self.name}_number")
        definition = f'CHECK (ABS("{self.name}") < {self._largest()})'
        if sql.constraint_definition(model.env.cr, model._table, name) != definition:
            model.pool.post_constraint(
                model.env.cr,
                lambda cr: self._add_check(cr, model._table, name, definition),
                key=f"add_constraint:{model._table}:{name}",
            )

    @staticmethod
    def _add_check(cr, table, name, definition):
        cr.execute(SQL(
            "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", SQL.identifier(table), SQL.identifier(name)
        ))
        sql.add_constraint(cr, table, name, definition)


class Float(_Number, fields.Float):
    """A float that is finite, bounded and, where it is ``optional``, possibly not known."""


class Monetary(_Number, fields.Monetary):
    """An amount that is finite, bounded and, where it is ``optional``, possibly not known."""


class Integer(_Number, fields.Integer):
    """An integer that fits into its column and, where it is ``optional``, is possibly not known."""

    def _largest(self):
        return self.largest or LARGEST_INTEGER
