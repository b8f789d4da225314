"""Rows of a file, read cell by cell; what they mean is said by the reader of each kind of import."""

import json

from .source_file import text_of


class Refused(Exception):
    """A row that cannot be imported: (reason, what is to blame)."""


class RowReader:
    """Reads the rows of one chunk; what it has understood once it does not read again.

    :param settings: how to understand the cells: a NamedTuple with ``columns``, {field: position}, and more
    :param rows: the rows of the chunk, each a list of texts
    """

    def __init__(self, settings, rows):
        self._settings = settings
        self._columns = settings.columns

    @classmethod
    def parse(cls, chunk, settings):
        """Yield the rows of a chunk for the staging table, as tuples in its column order."""
        texts = [[text_of(cell) for cell in cells] for _number, cells in chunk.rows]
        reader = cls(settings, texts)
        for (number, cells), raw in zip(chunk.rows, texts, strict=True):
            yield (number, json.dumps(raw), *reader.row(cells, raw, chunk.overlong.get(number)))

    def row(self, cells, raw, overlong):
        """Return the columns of a row of the staging table, from ``ref`` on.

        :param cells: what the file holds, of any type
        :param raw: the same as texts
        :param overlong: how many cells the row has if these are more than there are columns, else None
        """
        raise NotImplementedError

    def _text(self, raw, field):
        return raw[self._columns[field]] if field in self._columns else ""
