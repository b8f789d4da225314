import io
import random
import tracemalloc
import zipfile
from time import process_time
from unittest.mock import patch

import openpyxl
import xlsxwriter

from odoo.exceptions import UserError
from odoo.tests import tagged

from .purchase_import_case import PurchaseImportCase

ENGINE = "odoo.addons.crm_customer_value.engine.source_file.workbook"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TOO_BIG = "is too large to be read. Save the sheet"
BEYOND = "more rows or columns than a sheet can have"


def workbook(*rows, book=None):
    """Return the bytes of a workbook with these rows."""
    book = book or openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def changed(content, **parts):
    """Return a workbook some of whose parts are replaced: ``sheet``, ``strings``, ``styles``."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
    parts = {names[name]: part for name, part in parts.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name) or old.read(name))
    return target.getvalue()


def sheet(*rows):
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


@tagged("post_install", "-at_install")
class TestPurchaseWorkbook(PurchaseImportCase):
    """Workbooks made to use up memory or time are refused before they do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._partner("Zoë", ref="Z")
        target = io.BytesIO()
        with xlsxwriter.Workbook(target) as book:
            rows = book.add_worksheet()
            rows.write_row(0, 0, ("ref", "date", "amount"))
            rows.write_row(1, 0, ("Z", "2024-01-02", 5))
        cls.good = target.getvalue()
        with zipfile.ZipFile(io.BytesIO(cls.good)) as package:
            rows = package.read("xl/worksheets/sheet1.xml").decode().partition("<sheetData>")[2]
        cls.header = rows[: rows.index("</row>")] + "</row>"

    def _refused(self, content, message, seconds=2, megabytes=16):
        """Check that a file is refused in words, with little time and memory."""
        tracemalloc.start()
        start = process_time()
        try:
            with self.assertRaisesRegex(UserError, message):
                self._import(content)
            used = process_time() - start
            peak = tracemalloc.get_traced_memory()[1] / 2**20
        finally:
            tracemalloc.stop()
        self.assertLess(peak, megabytes + 4 * len(content) / 2**20)
        self.assertLess(used, seconds)

    def test_row_far_beyond_the_sheet(self):
        for number in ("9000000000", "1048577", "9e9"):
            with self.subTest(row=number):
                row = f'<row r="{number}"><c><v>1</v></c></row>'
                self._refused(changed(self.good, sheet=sheet(self.header, row)), BEYOND)

    def test_last_row_of_a_sheet_is_read(self):
        row = (
            '<row r="1048576"><c t="inlineStr"><is><t>Z</t></is></c>'
            '<c t="inlineStr"><is><t>2024-01-02</t></is></c><c><v>5</v></c></row>'
        )
        self.assertEqual(self._import(changed(self.good, sheet=sheet(self.header, row))).imported, 1)

    def test_column_beyond_the_sheet(self):
        self._refused(changed(self.good, sheet=sheet(self.header, '<row r="2"><c r="XFE2"><v>1</v></c></row>')), BEYOND)
        self._refused(changed(self.good, sheet=sheet('<row r="1">' + "<c/>" * 20000 + "</row>")), BEYOND)
        line = b"ref,date,amount" + b"," * 20000
        self._refused(line, BEYOND)

    def test_endless_row(self):
        for part in ("<c/>", "<c><v>1</v></c>"):
            with self.subTest(part=part):
                content = changed(self.good, sheet=sheet('<row r="1">' + part * 900000 + "</row>"))
                self._refused(content, TOO_BIG, megabytes=120)
        with patch(f"{ENGINE}.MAX_ROW_BYTES", 2**20):
            text = "<c t='inlineStr'><is><t>" + "x" * 2**21 + "</t></is></c>"
            self._refused(changed(self.good, sheet=sheet('<row r="1">', text, "</row>")), TOO_BIG)

    def test_shared_strings(self):
        """150 MB of texts in less than half a megabyte."""
        item = b"<si><t>" + b"x" * 143 + b"</t></si>"
        strings = f'<sst xmlns="{NAMESPACE}">'.encode() + item * 10**6 + b"</sst>"
        content = changed(self.good, strings=strings)
        self.assertLess(len(content), 10**6)
        self._refused(content, TOO_BIG)

    def test_many_short_shared_strings(self):
        with patch(f"{ENGINE}.MAX_STRINGS_TAGS", 1000):
            strings = f'<sst xmlns="{NAMESPACE}">' + "<si><t>a</t></si>" * 5000 + "</sst>"
            self._refused(changed(self.good, strings=strings.encode()), TOO_BIG)

    def test_ratio(self):
        blanks = sheet(self.header, *["<row>" + " " * 10000 + "</row>"] * 1000)
        self._refused(changed(self.good, sheet=blanks), TOO_BIG)

    def test_styles(self):
        styles = f'<styleSheet xmlns="{NAMESPACE}"><cellXfs>' + "<xf/>" * 10**6 + "</cellXfs></styleSheet>"
        self._refused(changed(self.good, styles=styles), TOO_BIG, megabytes=32)

    def test_entities(self):
        bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
        for declared in (
            f'<!DOCTYPE x [<!ENTITY e0 "ha">{bomb}]>',
            '<!DOCTYPE x [<!ENTITY e8 SYSTEM "file:///etc/hostname">]>',
            '<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        ):
            row = '<row r="1"><c t="inlineStr"><is><t>&e8;</t></is></c></row>'
            for encoding in ("utf-8", "utf-16"):
                with self.subTest(declared=declared[:30], encoding=encoding):
                    part = f'<?xml version="1.0" encoding="{encoding}"?>{declared}{sheet(row)}'.encode(encoding)
                    self._refused(changed(self.good, sheet=part), "damaged")
                    self._refused(changed(self.good, strings=part.replace(b"worksheet", b"sst")), "damaged")

    def test_nonsense_in_cells(self):
        for cell in (
            '<c t="s"><v>99</v></c>', '<c t="s"><v>x</v></c>', "<c><v>x</v></c>", '<c t="d"><v>x</v></c>',
            '<c s="99"><v>1</v></c>', '<c r="?"><v>1</v></c>', "<row><c/></row>", '<c t="b"><v>x</v></c>',
            f"<c><v>{'9' * 5000}</v></c>", "<c><v>1E999</v></c>", "<c><v>NaN</v></c>", '<c t="e"><v>#N/A</v></c>',
        ):
            with self.subTest(cell=cell):
                content = changed(self.good, sheet=sheet(self.header, f'<row r="2">{cell}</row>'))
                try:
                    self.assertEqual(self._import(content, dry_run=True).imported, 0)
                except UserError as error:
                    self.assertRegex(error.args[0], "damaged|no rows below")

    def test_damaged_anywhere(self):
        """A workbook with any byte changed is read or refused in words."""
        choice = random.Random(7)
        for _try in range(150):
            content = bytearray(self.good)
            for _byte in range(choice.choice((1, 1, 5, 50))):
                content[choice.randrange(4, len(content))] = choice.randrange(256)
            try:
                self._import(bytes(content), dry_run=True)
            except UserError:
                continue

    def test_ordinary_large_workbook_is_read(self):
        book = openpyxl.Workbook(write_only=True)
        rows = book.create_sheet()
        rows.append(("ref", "date", "amount", "note"))
        for number in range(4000):
            rows.append(("Z", "2024-01-02", 5, "the same long note on every row of the file" if number % 2 else ""))
        self.assertEqual(self._import(workbook(book=book), dry_run=True).imported, 4000)
