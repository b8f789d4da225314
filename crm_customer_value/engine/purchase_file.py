"""Reading files of purchases: what kind of file it is, its columns, and its rows in chunks.

A file is never held as a whole: CSV is decoded and split as a stream, sheets are read row by
row. What is wrong with a file is raised as ``PurchaseFileError`` with a code; the words for it
belong to the screen that shows it.
"""

import codecs
import contextlib
import csv
import io
import itertools
import re
import zipfile
from datetime import date, datetime
from typing import NamedTuple

import pandas as pd

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_BYTES = 65536
# A sheet that unpacks to more than this is no list of purchases but an attack or an accident.
MAX_UNPACKED_BYTES = 2 * 1024**3
NO_TABLE = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"<", b"{", b"[{", b"Rar!", b"7z")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
# What a column without a header is called.
UNNAMED = "Column "
SEPARATOR_HINT = re.compile(r'^\ufeff?"?sep=(.)"?\s*$', re.IGNORECASE)


class PurchaseFileError(Exception):
    """A file that cannot be read as a table.

    ``code`` says what is wrong; ``params`` are the values its message needs.
    """

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params


class Chunk(NamedTuple):
    """Some rows of a file. ``frame`` has one column a header and is indexed by row number."""

    frame: pd.DataFrame
    overlong: dict  # row number: cells found, for rows with more cells than there are headers


class PurchaseFile:
    """One CSV or XLSX file of purchases.

    :param source: the content as bytes, or the path of the file
    :param separator: for CSV; detected when empty
    :param encoding: for CSV; detected when empty
    :param sheet: for XLSX; the first sheet when empty
    :raise PurchaseFileError: when it is no table, or cannot be read with these settings
    """

    def __init__(self, source, *, separator=None, encoding=None, sheet=None):
        self._source = source
        self.separator = separator
        self.encoding = encoding
        self.sheet = sheet
        self.sheets = []
        # Set when the given encoding can decode the file, but another one fits it better.
        self.better_encoding = None
        self._skip_lines = 0
        self.kind = self._find_kind()
        if self.kind == "csv":
            self._settle_encoding()
            self._settle_separator()
        self.header_row, self.headers = self._read_headers()

    # ---- rows --------------------------------------------------------------------------

    def chunks(self, size=5000, *, limit=None, max_rows=None):
        """Yield the rows below the header as ``Chunk``s of at most ``size`` rows.

        Empty rows are left out but counted, so that numbers are those a spreadsheet shows.

        :param limit: stop after so many rows
        :param max_rows: refuse a file with more rows
        :raise PurchaseFileError: ``too_many_rows``, or what the reading itself finds
        """
        width = len(self.headers)
        rows = ((n, cells) for n, cells in self._records() if n > self.header_row and _filled(cells))
        rows = itertools.islice(rows, limit)
        done = 0
        while part := list(itertools.islice(rows, size)):
            done += len(part)
            if max_rows and done > max_rows:
                raise PurchaseFileError("too_many_rows", limit=max_rows)
            # Beside the table of a sheet there may be notes; in a CSV file it is a mistake.
            overlong = {
                n: len(cells) for n, cells in part if self.kind == "csv" and _filled(cells[width:])
            }
            yield Chunk(
                pd.DataFrame(
                    [(*cells[:width], *[""] * (width - len(cells))) for _n, cells in part],
                    index=[n for n, _cells in part],
                    dtype=object,
                ),
                overlong,
            )

    def _records(self):
        """Yield (row number, cells) of everything in the file."""
        return self._csv_records() if self.kind == "csv" else self._xlsx_records()

    def _csv_records(self):
        with self._open() as binary:
            # newline='': the csv module itself handles line ends inside quotes.
            lines = io.TextIOWrapper(binary, encoding=self.encoding, newline="")
            try:
                for _skipped in range(self._skip_lines):
                    next(lines, None)
                # strict: a quotation mark that is never closed would swallow the rest of the file.
                reader = csv.reader(
                    (line.replace("\0", "") for line in lines), delimiter=self.separator, strict=True
                )
                try:
                    for number, cells in enumerate(reader, self._skip_lines + 1):
                        yield number, [cell.strip() for cell in cells]
                except csv.Error as error:
                    raise PurchaseFileError(
                        "quotes", line=reader.line_num + self._skip_lines
                    ) from error
            except UnicodeDecodeError as error:
                raise PurchaseFileError("encoding", encoding=self.encoding, better=None) from error

    def _xlsx_records(self):
        # Here, because only files of this kind need it.
        import openpyxl

        with self._open() as binary:
            try:
                book = openpyxl.load_workbook(binary, read_only=True, data_only=True)
            except (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError, TypeError) as error:
                raise PurchaseFileError("broken_xlsx") from error
            try:
                self.sheets = [sheet.title for sheet in book.worksheets]
                if not self.sheets:
                    raise PurchaseFileError("empty")
                self.sheet = self.sheet or self.sheets[0]
                if self.sheet not in self.sheets:
                    raise PurchaseFileError("sheet", sheet=self.sheet, sheets=self.sheets)
                sheet = book[self.sheet]
                # What a sheet says of its own size is often wrong.
                sheet.reset_dimensions()
                rows = sheet.iter_rows(values_only=True)
                for number in itertools.count(1):
                    try:
                        cells = next(rows, None)
                    except (KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
                        raise PurchaseFileError("broken_xlsx") from error
                    if cells is None:
                        return
                    yield number, [_cell(value) for value in cells]
            finally:
                book.close()

    # ---- what the file is --------------------------------------------------------------

    def _open(self):
        if isinstance(self._source, bytes):
            return io.BytesIO(self._source)
        return open(self._source, "rb")

    def _find_kind(self):
        with self._open() as binary:
            start = binary.read(4096)
            if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
                raise PurchaseFileError("empty")
            if start.startswith(OLD_OFFICE):
                raise PurchaseFileError("old_excel")
            if start.startswith(b"PK\x03\x04"):
                binary.seek(0)
                try:
                    with zipfile.ZipFile(binary) as package:
                        if "xl/workbook.xml" not in package.namelist():
                            raise PurchaseFileError("no_table")
                        if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED_BYTES:
                            raise PurchaseFileError("too_big")
                except zipfile.BadZipFile as error:
                    raise PurchaseFileError("broken_xlsx") from error
                return "xlsx"
        if start.lstrip().startswith(NO_TABLE):
            raise PurchaseFileError("no_table")
        if not _utf16(start):
            strange = sum(byte < 9 or 13 < byte < 32 for byte in start)
            if 0 in start or strange > len(start) / 50:
                raise PurchaseFileError("no_table")
        return "csv"

    def _settle_encoding(self):
        """Find the encoding, or check that the given one can read the file."""
        if self.encoding:
            given = codecs.lookup(self.encoding).name
            found = self._detect_encoding()
            # Two bytes a character or one: the wrong one of the two reads nonsense, not errors.
            doubled = [encoding.startswith("utf-16") for encoding in (given, found)]
            if doubled[0] and doubled[1]:
                # Only the file itself tells which of the two bytes comes first.
                self.encoding = found
            if doubled[0] != doubled[1] or not self._decodes(self.encoding):
                raise PurchaseFileError("encoding", encoding=self.encoding, better=found)
            if doubled[0]:
                return
            if given.startswith("utf-8"):
                self.encoding = "utf-8-sig"  # reads files without the mark as well
            elif found == "utf-8-sig" and self._beyond_ascii():
                self.better_encoding = "utf-8"
        else:
            self.encoding = self._detect_encoding()

    def _detect_encoding(self):
        with self._open() as binary:
            start = binary.read(4096)
        if utf16 := _utf16(start):
            return utf16
        for encoding in ("utf-8-sig", "cp1252"):
            if self._decodes(encoding):
                return encoding
        return "latin-1"

    def _blocks(self):
        with self._open() as binary:
            while block := binary.read(2**20):
                yield block

    def _decodes(self, encoding):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for block in self._blocks():
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
        return True

    def _beyond_ascii(self):
        return not all(block.isascii() for block in self._blocks())

    def _sample(self):
        """Return the first lines as text, without one that is cut."""
        with self._open() as binary:
            start = binary.read(SAMPLE_BYTES)
        text = codecs.getincrementaldecoder(self.encoding)(errors="replace").decode(start)
        if len(start) == SAMPLE_BYTES and "\n" in text:
            text = text[: text.rindex("\n") + 1]
        return text

    def _settle_separator(self):
        """Find the separator, or check that the given one splits the file."""
        text = self._sample()
        first, _newline, rest = text.partition("\n")
        if hint := SEPARATOR_HINT.match(first):
            # A first line "sep=;" tells spreadsheet programs the separator.
            self._skip_lines = 1
            text = rest
            self.separator = self.separator or hint[1]
        found = _detect_separator(text)
        if not self.separator:
            self.separator = found or ","
        if _columns(text, self.separator) < 2:
            raise PurchaseFileError(
                "one_column",
                separator=self.separator,
                better=found if found != self.separator else None,
                line=text.strip().partition("\n")[0][:80],
            )

    def _read_headers(self):
        for number, cells in self._records():
            if not _filled(cells):
                continue
            while self.kind == "xlsx" and cells[-1] == "":
                cells.pop()
            names = [text_of(cell) for cell in cells]
            if not any(re.search(r"[^\W\d_]", name) for name in names):
                raise PurchaseFileError("no_header", line=", ".join(names)[:80])
            return number, _unique(names)
        raise PurchaseFileError("empty")


def text_of(cell):
    """Return a cell as text: numbers without a trailing ``.0``."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _cell(value):
    """Return a cell of a sheet as text, or as a number if it is one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") if value.time() != datetime.min.time() else str(value.date())
    if isinstance(value, int | float):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _filled(cells):
    return any(cell != "" for cell in cells)


def _unique(names):
    """Return the headers with a name for each column, none of them twice."""
    result = []
    for position, name in enumerate(names, 1):
        base = name or f"{UNNAMED}{position}"
        candidate, count = base, 1
        while candidate in result:
            count += 1
            candidate = f"{base} ({count})"
        result.append(candidate)
    return result


def _utf16(start):
    """Return the UTF-16 flavour of a file that starts so, or None."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = (start[0::2].count(0), start[1::2].count(0))
    for encoding, mostly, hardly in (("utf-16-le", zeros[1], zeros[0]), ("utf-16-be", zeros[0], zeros[1])):
        if mostly > len(start) / 6 and hardly < mostly / 20:
            return encoding
    return None


def _split(text, separator):
    """Return the rows of a sample; what a wrong separator makes of quotes ends them early."""
    rows = []
    # The sample may end inside a quoted cell.
    with contextlib.suppress(csv.Error):
        for row in csv.reader(io.StringIO(text), delimiter=separator, strict=True):
            if _filled(row):
                rows.append(row)
    return rows


def _columns(text, separator):
    rows = _split(text, separator)
    return len(rows[0]) if rows else 0


def _detect_separator(text):
    """Return the separator that gives the most rows as many cells as the first one has."""
    best, best_score = None, (0, 0)
    for separator in SEPARATORS:
        rows = _split(text, separator)
        width = len(rows[0]) if rows else 0
        if width < 2:
            continue
        score = (round(sum(len(row) == width for row in rows) / len(rows), 2), width)
        if score > best_score:
            best, best_score = separator, score
    return best
