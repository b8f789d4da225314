"""Reading the rows of one sheet of a workbook (.xlsx), with bounds on what it may unpack to.

A workbook is a packed folder of XML files, and a small one can unpack to far more than fits
into memory. Its parts are bounded before openpyxl builds anything from them; sheets are read
row by row, and what comes between two rows is bounded as well.
"""

import zipfile
import zlib

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import WorkSheetParser

# What a sheet can hold.
MAX_ROWS = 1048576
MAX_COLUMNS = 16384
# Sheets that unpack to more than this are no table that people made but an attack or an accident.
MAX_SHEET_BYTES = 2**30
MAX_ROW_BYTES = 2**24
MAX_ROW_TAGS = 250000
# Texts that stand in cells lie in one part, which is loaded as a whole.
MAX_STRINGS_BYTES = 2**26
MAX_STRINGS_TAGS = 4000000
# Styles, the list of sheets and the like.
MAX_PART_BYTES = 2**24
MAX_PART_TAGS = 250000
# Sheets are packed to a tenth or a thirtieth; parts that are small anyway may be anything.
MAX_RATIO = 200
UNSUSPICIOUS_BYTES = 2**22
# What openpyxl, zipfile and the XML parsers raise for files that are damaged or made up.
DAMAGED = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError, ValueError,
    zipfile.BadZipFile, zlib.error,
)
DOCUMENT_TYPE = b"<!DOCTYPE"


class TooBigError(Exception):
    """A workbook that unpacks to more than is reasonable."""


class BeyondSheetError(Exception):
    """A sheet with more rows or columns than a sheet can have."""


class Workbook:
    """The sheets of a workbook.

    :param binary: the file, opened for reading
    :raise TooBigError: when it would unpack to too much
    :raise Exception: one of ``DAMAGED``, when it is none
    """

    def __init__(self, binary):
        reader = ExcelReader(binary, read_only=True, data_only=True, keep_links=False)
        reader.archive = self._package = _Package(binary)
        reader.read_manifest()
        self._package.limit_streams(MAX_STRINGS_BYTES, MAX_STRINGS_BYTES, MAX_STRINGS_TAGS)
        reader.read_strings()
        self._strings = reader.shared_strings
        reader.read_workbook()
        self._book = reader.wb
        apply_stylesheet(self._package, self._book)
        self._paths = {
            sheet.name: rel.target
            for sheet, rel in reader.parser.find_sheets()
            if rel.target in reader.valid_files and "chartsheet" not in rel.Type
        }

    @property
    def sheets(self):
        """The names of the sheets."""
        return list(self._paths)

    def rows(self, sheet):
        """Yield (row number, values) of the rows of a sheet that are in the file."""
        self._package.limit_streams(MAX_SHEET_BYTES, MAX_ROW_BYTES, MAX_ROW_TAGS)
        with self._package.open(self._paths[sheet]) as stream:
            parser = WorkSheetParser(
                stream,
                self._strings,
                data_only=True,
                epoch=self._book.epoch,
                date_formats=self._book._date_formats,
                timedelta_formats=self._book._timedelta_formats,
            )
            last = 0
            for number, cells in parser.parse():
                stream.start_again()
                parser.row_dimensions.clear()
                if number > MAX_ROWS or (cells and max(cell["column"] for cell in cells) > MAX_COLUMNS):
                    raise BeyondSheetError
                if number > last:
                    yield number, _values(cells)
                    last = number


def _values(cells):
    """Return the values of a row, with None where it has no cell."""
    values = []
    for cell in cells:
        missing = cell["column"] - len(values)
        if missing > 0:
            values.extend([None] * missing)
        values[cell["column"] - 1] = cell["value"]
    return values


class _Package(zipfile.ZipFile):
    """A packed folder whose parts are read within bounds."""

    def limit_streams(self, size, run, tags):
        """Set the bounds of parts that are read piece by piece; see ``_Stream``."""
        self._limits = size, run, tags

    def read(self, name, pwd=None):
        # Parts that are read as a whole are small.
        self.limit_streams(MAX_PART_BYTES, MAX_PART_BYTES, MAX_PART_TAGS)
        return super().read(name, pwd)

    def open(self, name, mode="r", pwd=None, *, force_zip64=False):
        info = self.getinfo(name)
        size, run, tags = self._limits
        if info.file_size > size:
            raise TooBigError
        if info.file_size > max(UNSUSPICIOUS_BYTES, info.compress_size * MAX_RATIO):
            raise TooBigError
        return _Stream(super().open(name, mode, pwd, force_zip64=force_zip64), run, tags)


class _Stream:
    """A part that is read piece by piece, and refused when too much comes without an end of a row.

    What its reader builds up in memory goes with the number of tags, not with the bytes only.
    """

    def __init__(self, stream, run, tags):
        self._stream = stream
        self._limits = run, tags
        self._end = b""
        self.start_again()

    def start_again(self):
        """Note that the reader has handed on what it had."""
        self._run = self._tags = 0

    def _read_within_bounds(self, size=-1):
        """Return the next ``size`` bytes, or all of them."""
        block = self._stream.read(size)
        self._run += len(block)
        self._tags += block.count(b"<")
        if self._run > self._limits[0] or self._tags > self._limits[1]:
            raise TooBigError
        # Workbooks declare no entities; only attacks do. UTF-16 has zeros between the letters.
        plain = self._end + block.replace(b"\0", b"")
        if DOCUMENT_TYPE in plain:
            raise ValueError("a document type in a workbook")
        self._end = plain[-len(DOCUMENT_TYPE):]
        return block

    read = _read_within_bounds

    def close(self):
        self._stream.close()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()
