"""Reading files: what kind of file it is, its columns, and its rows in chunks.

A file is never held as a whole: CSV is decoded and split as a stream, sheets are read row by
row. What is wrong with a file is raised as ``SourceFileError`` with a code; the words for it
belong to the screen that shows it.
"""

import codecs
import contextlib
import csv
import io
import itertools
import re
import zipfile
from collections import Counter
from datetime import date, datetime
from typing import NamedTuple

from .encoding import find_code_page

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_BYTES = 65536
BLOCK_BYTES = 2**20
# Above the table there may be titles; its header is looked for in so many rows.
HEADER_ROWS = 50
# More cells than this in a row are no table.
MAX_COLUMNS = 16384
NO_TABLE = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"<", b"{", b"[{", b"Rar!", b"7z")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
# What a column without a header is called.
UNNAMED = "Column "
LINE_END = re.compile(r"\r\n?|\n")
# Spreadsheet programs take cells that begin so for formulas, unless a quote stands before them.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
QUOTED_STARTS = tuple("'" + start for start in FORMULA_STARTS)
PLAIN_NUMBER = re.compile(r"[-+]?\d[\d.,\u00a0\u202f ]*(?<=\d)")
SEPARATOR_HINT = re.compile(r'^\ufeff?"?sep=(.)"?\s*$', re.IGNORECASE)


class SourceFileError(Exception):
    """A file that cannot be read as a table.

    ``code`` says what is wrong; ``params`` are the values its message needs.
    """

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params


class Chunk(NamedTuple):
    """Some rows of a file."""

    rows: list  # (row number, cells): a text or a number for each header
    overlong: dict  # row number: cells found, for rows with more cells than there are headers


class SourceFile:
    """One CSV or XLSX file.

    :param source: the content as bytes, or the path of the file
    :param map_columns: takes headers, and returns {field: header} of those that say what their column holds
    :param separator: for CSV; detected when empty
    :param encoding: for CSV; detected when empty
    :param sheet: for XLSX; the first sheet when empty
    :param header_row: number of the row that names the columns; found when empty
    :param str language: code of the language in which names are likely to be
    :raise SourceFileError: when it is no table, or cannot be read with these settings
    """

    def __init__(self, source, map_columns, *, separator=None, encoding=None, sheet=None, header_row=None, language=""):
        self._source = source
        self._map_columns = map_columns
        self._language = language
        self.separator = separator
        self.encoding = encoding
        self.sheet = sheet
        self.sheets = []
        # Set when the given encoding can decode the file, but another one fits it better.
        self.better_encoding = None
        # Whether the words of the file tell in which code page it is; False when it is a guess.
        self.is_encoding_clear = True
        self._skip_lines = 0
        self.kind = self._find_kind()
        if self.kind == "csv":
            self._settle_encoding()
            self._settle_separator()
        self.header_row, self.headers = self._read_headers(header_row)

    # ---- rows --------------------------------------------------------------------------

    def chunks(self, size=5000, *, limit=None, max_rows=None):
        """Yield the rows below the header as ``Chunk``s of at most ``size`` rows.

        Empty rows are left out but counted, so that numbers are those a spreadsheet shows.

        :param limit: stop after so many rows
        :param max_rows: refuse a file with more rows
        :raise SourceFileError: ``too_many_rows``, or what the reading itself finds
        """
        width = len(self.headers)
        rows = ((n, cells) for n, cells in self._records() if n > self.header_row and _filled(cells))
        rows = itertools.islice(rows, limit)
        done = 0
        while part := list(itertools.islice(rows, size)):
            done += len(part)
            if max_rows and done > max_rows:
                raise SourceFileError("too_many_rows", limit=max_rows)
            # Beside the table of a sheet there may be notes; in a CSV file it is a mistake.
            overlong = {
                n: len(cells) for n, cells in part if self.kind == "csv" and _filled(cells[width:])
            }
            missing = [""] * width
            yield Chunk([(n, [*cells, *missing][:width]) for n, cells in part], overlong)

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
                reader = csv.reader(self._csv_lines(lines), delimiter=self.separator, strict=True)
                try:
                    for number, cells in enumerate(reader, self._skip_lines + 1):
                        yield number, [cell.strip() for cell in cells]
                except csv.Error as error:
                    raise SourceFileError(
                        "quotes", line=reader.line_num + self._skip_lines
                    ) from error
            except UnicodeDecodeError as error:
                raise SourceFileError("encoding", encoding=self.encoding, better=None) from error

    def _csv_lines(self, lines):
        for line in lines:
            if line.count(self.separator) >= MAX_COLUMNS:
                raise SourceFileError("beyond_sheet")
            yield line.replace("\0", "")

    def _xlsx_records(self):
        # Here, because only files of this kind need it.
        from . import workbook

        with self._open() as binary:
            try:
                book = workbook.Workbook(binary)
                self.sheets = book.sheets
                if not self.sheets:
                    raise SourceFileError("empty")
                self.sheet = self.sheet or self.sheets[0]
                if self.sheet not in self.sheets:
                    raise SourceFileError("sheet", sheet=self.sheet, sheets=self.sheets)
                for number, values in book.rows(self.sheet):
                    yield number, [_cell(value) for value in values]
            except workbook.TooBigError as error:
                raise SourceFileError("too_big") from error
            except workbook.BeyondSheetError as error:
                raise SourceFileError("beyond_sheet") from error
            except workbook.DAMAGED as error:
                raise SourceFileError("broken_xlsx") from error

    # ---- what the file is --------------------------------------------------------------

    def _open(self):
        if isinstance(self._source, bytes):
            return io.BytesIO(self._source)
        return open(self._source, "rb")

    def _find_kind(self):
        with self._open() as binary:
            start = binary.read(4096)
            if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
                raise SourceFileError("empty")
            if start.startswith(OLD_OFFICE):
                raise SourceFileError("old_excel")
            if start.startswith(b"PK\x03\x04"):
                binary.seek(0)
                try:
                    with zipfile.ZipFile(binary) as package:
                        if "xl/workbook.xml" not in package.namelist():
                            raise SourceFileError("no_table")
                except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
                    raise SourceFileError("broken_xlsx") from error
                return "xlsx"
        if start.lstrip().startswith(NO_TABLE):
            raise SourceFileError("no_table")
        if not _utf16(start):
            strange = sum(byte < 9 or 13 < byte < 32 for byte in start)
            if 0 in start or strange > len(start) / 50:
                raise SourceFileError("no_table")
        return "csv"

    def _settle_encoding(self):
        """Find the encoding, or check that the given one can read the file."""
        if self.encoding:
            given = codecs.lookup(self.encoding).name
            found = self._detect_encoding()
            # Whoever chose it knows.
            self.is_encoding_clear = True
            # Two bytes a character or one: the wrong one of the two reads nonsense, not errors.
            doubled = [encoding.startswith("utf-16") for encoding in (given, found)]
            if doubled[0] and doubled[1]:
                # Only the file itself tells which of the two bytes comes first.
                self.encoding = found
            if doubled[0] != doubled[1] or not self._decodes(self.encoding):
                raise SourceFileError("encoding", encoding=self.encoding, better=found)
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
        if self._decodes("utf-8-sig"):
            return "utf-8-sig"
        found = find_code_page(self._foreign_lines(), self._language)
        for encoding in found.encodings:
            if self._decodes(encoding):
                self.is_encoding_clear = found.is_clear and encoding == found.encodings[0]
                return encoding
        self.is_encoding_clear = False
        return "latin-1"

    def _foreign_lines(self):
        """Return some lines of the file that are not plain ASCII."""
        found, size = [], 0
        for block in self._blocks():
            if block.isascii():
                continue
            # The first and the last line of a block may be cut, which harms letters of two bytes.
            lines = re.split(rb"[\r\n]+", block)
            inner = lines[1:-1] if len(lines) > 3 and len(block) == BLOCK_BYTES else lines
            for line in inner:
                if not line.isascii():
                    found.append(line)
                    size += len(line)
                    if size > SAMPLE_BYTES:
                        return b"\n".join(found)
        return b"\n".join(found)

    def _blocks(self):
        with self._open() as binary:
            while block := binary.read(BLOCK_BYTES):
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
        if len(start) == SAMPLE_BYTES:
            text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
        return text

    def _settle_separator(self):
        """Find the separator, or check that the given one splits the file."""
        text = self._sample()
        first, *rest = LINE_END.split(text, maxsplit=1)
        if hint := SEPARATOR_HINT.match(first):
            # A first line "sep=;" tells spreadsheet programs the separator.
            self._skip_lines = 1
            text = "".join(rest)
            self.separator = self.separator or hint[1]
        found = self._detect_separator(text)
        if not self.separator:
            self.separator = found or ","
        if len(self._find_header(_split(text, self.separator))) < 2:
            raise SourceFileError(
                "one_column",
                separator=self.separator,
                better=found if found != self.separator else None,
                line=LINE_END.split(text.strip(), maxsplit=1)[0][:80],
            )

    def _read_headers(self, header_row):
        """Return (number of the row that names the columns, the names)."""
        rows = {}
        for number, cells in self._records():
            if header_row and number > header_row:
                break
            if _filled(cells):
                rows[number] = [text_of(cell) for cell in cells]
                if not header_row and len(rows) == HEADER_ROWS:
                    break
        if header_row and header_row not in rows:
            raise SourceFileError("header_row", row=header_row)
        if not rows:
            raise SourceFileError("empty")
        names = rows[header_row] if header_row else self._find_header(list(rows.values()))
        number = header_row or next(number for number, row in rows.items() if row is names)
        while self.kind == "xlsx" and names[-1] == "":
            names.pop()
        if not any(map(_is_name, names)):
            raise SourceFileError("no_header", line=", ".join(names)[:80], row=number)
        return number, _unique(names)

    def _detect_separator(self, text):
        """Return the separator that shows a header, and gives the most rows as many cells as that has."""
        best, best_score = None, (0, 0, 0)
        for separator in SEPARATORS:
            rows = _split(text, separator)
            width = len(self._find_header(rows))
            if width < 2:
                continue
            known = max(len(self._map_columns(row)) for row in rows[:HEADER_ROWS])
            score = (known, round(sum(len(row) == width for row in rows) / len(rows), 2), width)
            if score > best_score:
                best, best_score = separator, score
        return best

    def _find_header(self, rows):
        """Return the one of the ``rows`` (lists of texts) that names the columns of the table.

        It has at least two names that are known. If there is none such, it is the first row that
        has nothing but names, and cells enough for the table below.
        """
        rows = rows[:HEADER_ROWS]
        if not rows:
            return []
        known = [len(self._map_columns(row)) for row in rows]
        if max(known) > 1:
            return rows[known.index(max(known))]
        filled = [sum(cell != "" for cell in row) for row in rows]
        usual, _times = Counter(filled).most_common(1)[0]
        for row, cells in zip(rows, filled, strict=True):
            if cells > max(1, usual / 2) and all(_is_name(cell) for cell in row if cell):
                return row
        return rows[0]


def text_of(cell):
    """Return a cell as clean text: numbers without a trailing ``.0``, nothing a database refuses."""
    if not isinstance(cell, str):
        return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    if "\0" in cell:
        cell = cell.replace("\0", "")
    if not cell.isascii():
        # Half of a character of two halves is no text.
        cell = cell.encode("utf-8", "replace").decode()
    # Files of rows that were not imported come back with quotes of ours; see as_shown.
    return cell[1:] if cell.startswith(QUOTED_STARTS) else cell


def as_shown(text):
    """Return a text for a cell of a file that is handed out, so that no program takes it for a formula.

    Numbers stay numbers.
    """
    if text.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _cell(value):
    """Return a cell of a sheet as text, or as a number if it is one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != datetime.min.time() else value.date().isoformat()
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
    # The sample may end inside a quoted cell. newline='': lines may end with CR only.
    with contextlib.suppress(csv.Error):
        for row in csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator, strict=True):
            if _filled(row):
                rows.append([cell.strip() for cell in row])
    return rows


def _is_name(text):
    """Return whether a text has letters, as names of columns have."""
    return bool(re.search(r"[^\W\d_]", text))
