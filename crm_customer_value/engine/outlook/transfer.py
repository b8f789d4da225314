"""Columns of numbers between PostgreSQL and numpy, as fast as the two can talk.

A cursor makes a Python object of every number; COPY in binary format is an array already but for
the header and the lengths between the numbers.
"""

import io

import numpy as np

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"


def _layout(types):
    """Return the numpy type of one row of the binary format: a count, and a length before each value."""
    fields = [("count", ">i2")]
    for position, kind in enumerate(types):
        fields += [(f"size{position}", ">i4"), (f"value{position}", f">{kind}")]
    return np.dtype(fields)


def fetch(cr, query, types):
    """Return the columns of a query's result as arrays.

    :param SQL query: a SELECT whose columns are never NULL
    :param types: numpy's names of their types, as PostgreSQL sends them: 'i4' for integer, 'i8' for
        bigint, 'f8' for double precision
    :return: one array a column
    """
    buffer = io.BytesIO()
    statement = cr.mogrify(query.code, query.params).decode()
    cr.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT binary)", buffer)
    rows = np.frombuffer(buffer.getbuffer()[len(_HEADER):-len(_TRAILER)], _layout(types))
    return [rows[f"value{position}"].astype(kind) for position, kind in enumerate(types)]


def send(cr, table, columns):
    """Add rows to a table whose first columns have just these types, in this order.

    :param str table: its name
    :param columns: arrays of equal length, of the types that :func:`fetch` knows
    """
    columns = [np.ascontiguousarray(column) for column in columns]
    types = [column.dtype.str[1:] for column in columns]
    rows = np.empty(len(columns[0]), _layout(types))
    rows["count"] = len(columns)
    for position, column in enumerate(columns):
        rows[f"size{position}"] = column.dtype.itemsize
        rows[f"value{position}"] = column
    cr.copy_expert(
        f'COPY "{table}" FROM STDIN (FORMAT binary)', io.BytesIO(_HEADER + rows.tobytes() + _TRAILER)
    )
