"""Dates, amounts and currencies as people write them; and no cell that ends in an error of the server."""

import base64
import os
import tempfile
from datetime import date
from unittest.mock import patch

# Hypothesis keeps notes; not in the checkout.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.path.join(tempfile.gettempdir(), "hypothesis"))

import openpyxl
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell

from odoo.tests import tagged

from ...engine.purchase import values
from ...engine.source_file.source_file import Chunk
from ...wizards.purchase import purchase_import_texts
from .purchase_import_case import PurchaseImportCase
from .test_purchase_workbook import workbook

# Cells that are known to be trouble somewhere.
TROUBLE = (
    "", " ", "\0", "a\0b", "\ud800", "x\udfff", "\ufeff", "\\.", "a\n\\.\nb", '"', "'", "''=", "=1",
    "nan", "NaN", "inf", "-inf", "1e400", "1e5", "0x10", "1_000", "9" * 15, "9" * 16, "9" * 5000, "0." + "1" * 20000,
    "-", "--", "(", "()", "(1", "-(1)", "٣", "١٢٣٤", "१२", "１２", "²", "½", "①", "𝟏𝟐", "٫", "٬", "1٫5",
    ".", ",", ".,", "1.,", "1,.5", "€", "$", "kr.", "€ €", "0000-00-00", "0000-01-01", "9999-12-31", "10000-01-01",
    "99999-99-99", "2024-02-30", "2023-02-29", "99999", "00000", "1-1-1", "99-99-99", "2024年13月45日", "Mon",
    "Mar Mar 2024", "1 Mar", "１５/０１/２０２４", "1/2/3/4", "T10:00", "2024-01-01T99:99", "\u202e5",
    "\u200b", "\u00a0", "İ", "ß", "a@b", "@", "<a@b.c>", "x" * 5000, "é" * 600, "NULL", "None", "{}", "[]",
    float("nan"), float("inf"), float("-inf"), 1e300, -1e300, 1e-300, 10**30, -0.0, 0, 1, 1.5, 45306, 45306.5, 20240115,
)


@tagged("post_install", "-at_install")
class TestPurchaseNotation(PurchaseImportCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Zoë", ref="Z")
        cls.krone = cls.env.ref("base.DKK")
        cls.manager = cls._user("sales_team.group_sale_manager")

    def _judge(self, lines, company=None, **options):
        job = self._model()._make_job(company or self.company, "\n".join(lines).encode(), options)
        return [
            (str(row["day"]), row["amount"] and float(row["amount"]), row["currency"])
            if row["verdict"] in ("new", "rate") else row["verdict"]
            for row in job.preview(100)
        ]

    def _days(self, *days, **options):
        """Return the dates of the rows, or why there is none."""
        lines = ["ref;date;amount", *(f"Z;{day};{number}" for number, day in enumerate(days, 1))]
        return [row[0] if isinstance(row, tuple) else row for row in self._judge(lines, **options)]

    def _amounts(self, *amounts, **options):
        """Return the amounts of the rows, or why there is none."""
        lines = ["ref\tdate\tamount", *(f"Z\t2024-01-02\t{amount}" for amount in amounts)]
        return [row[1] if isinstance(row, tuple) else row for row in self._judge(lines, **options)]

    def _notes(self, content, **values):
        wizard = self._model(self.manager).create({
            "file": base64.b64encode(content), "file_name": "shop.csv", **values,
        })
        wizard.action_read()
        return wizard.preview_html

    # ---- dates -----------------------------------------------------------------------

    def test_dates_in_words_and_numbers(self):
        texts = (
            "15-Jan-24", "Jan 15, 2024", "January 15, 2024", "15 January 2024", "15. 1. 2024", "15.1.2024.",
            "2024. 01. 15.", "2024年1月15日", "2024년 1월 15일", "45306", "45306.427", "20240115T101500",
            "20240115101500", "2024-01-15T23:30:00-11:00", "2024-01-15T10:15:00.123Z", "2024-01-15 10:15:00 AM",
            "Mon 15/01/2024",
            "Monday, January 15, 2024", "Mon, 15 Jan 2024 10:00:00 +0000", "Mon Jan 15 10:00:00 2024",
            "Jan 15 2024  3:04PM", "2024/01/15 (Mon)", "15 de enero de 2024", "lundi 15 janvier 2024",
            "mar 15 janv. 2024", "15 gennaio 2024", "15 de janeiro de 2024", "15 stycznia 2024", "15 sty 2024",
            "2024. január 15.", "15 января 2024 г.", "15. leden 2024", "15 Ocak 2024", "15 Ιανουαρίου 2024",
            "2024 m. sausio 15 d.", "Jan. 15th, 2024", "2024-Jan-15", "15/Jan/2024", "１５/０１/２０２４", "١٥/٠١/٢٠٢٤",
            "१५-०१-२०२४", "২০২৪-০১-১৫", "15JAN2024", "1705276800", "1705276800000",
            "Mon Jan 15 2024 00:00:00 GMT+0100 (Central European Standard Time)",
        )
        found = self._days(*texts)
        self.assertEqual(dict(zip(texts, found, strict=True)), dict.fromkeys(texts, "2024-01-15"))

    def test_dates_that_are_none(self):
        texts = (
            "0000-01-01", "10000-01-01", "2024-02-30", "2024年2月30日", "30 Feb 2024", "January 2024", "Monday",
            "15 Foo 2024", "1/2/3", "123", "1234", "2024-1", "99999999", "1e400", "nan", "12/2024/01", "Jan Feb 2024",
            "15 16 Jan 2024",
        )
        self.assertEqual(self._days(*texts, date_order="dmy"), ["date"] * len(texts))
        self.assertEqual(self._days("99999", "3000-01-01", "9999-12-31"), ["future"] * 3)

    @freeze_time("2026-11-26")
    def test_column_decides_where_the_year_is(self):
        self.assertEqual(self._days("24-01-15", "24-02-28"), ["2024-01-15", "2024-02-28"])
        self.assertEqual(self._days("15-01-24", "31-12-23"), ["2024-01-15", "2023-12-31"])
        self.assertEqual(self._days("01/15/24", "02/03/24"), ["2024-01-15", "2024-02-03"])
        # Both readings are possible; the days of one lie within five weeks, of the other within five years.
        self.assertEqual(self._days("24-01-15", "24-02-20"), ["2024-01-15", "2024-02-20"])
        self.assertEqual(self._days("24-01-15", "24-02-20", date_order="dmy"), ["2015-01-24", "2020-02-24"])

    @freeze_time("2026-11-26")
    def test_column_that_cannot_decide_asks(self):
        asked = self._notes(b"ref,date,amount\nZ,24-01-15,1\nZ,24-02-20,1")
        self.assertIn("can be read in several ways: year first or day first. They are read with the year first", asked)
        decided = self._notes(b"ref,date,amount\nZ,24-01-15,1\nZ,24-02-28,1")
        self.assertNotIn("can be read", decided)
        chosen = self._notes(b"ref,date,amount\nZ,24-01-15,1\nZ,24-02-20,1", date_order="ymd")
        self.assertNotIn("can be read", chosen)
        self.assertNotIn("can be read", self._notes(b"ref,date,amount\nZ,05/05/2024,1"), "the same day either way")

    def test_mixture_of_dates_and_texts_is_told(self):
        day = date(2024, 5, 1)
        content = workbook(("ref", "date", "amount"), ("Z", day, 1), ("Z", "13/01/2024", 1))
        note = "Some dates are real dates (such as 2024-05-01), others are text (such as “13/01/2024”)"
        self.assertIn(note, self._notes(content))
        # The same saved as CSV afterwards.
        self.assertIn(note, self._notes(b"ref,date,amount\nZ,2024-05-01,1\nZ,13/01/2024,1"))
        self.assertNotIn("whole dates", self._notes(workbook(("ref", "date", "amount"), ("Z", day, 1))))
        self.assertNotIn("whole dates", self._notes(b"ref,date,amount\nZ,05/01/2024,1\nZ,13/01/2024,1"))

    # ---- amounts ---------------------------------------------------------------------

    def test_amounts_without_cents(self):
        self.assertEqual(self._amounts("250,-", "1.250,-", "-250,-", "1.250,--", "250:-"), [250, 1250, -250, 1250, 250])
        self.assertEqual(self._amounts("250.-", "1'250.—", "250.-"), [250, 1250, 250])
        self.assertEqual(self._amounts("1,00,000.00/-"), [100000])

    def test_minus(self):
        texts = ("250-", "(250.00)", "\u2212250", "- 250", "$-250", "-$250", "$(250)", "(250 USD)", "250.00 -")
        self.assertEqual(self._amounts(*texts), [-250] * 9)
        self.assertEqual(self._amounts("--5", "(-5)", "(5", "5)", "-5-"), ["amount"] * 5)

    def test_digits_of_all_scripts(self):
        found = self._amounts("١٢٣٤", "١٬٢٣٤٫٥٠", "१२३४.५", "１，２３４．５０", "၁၂၃၄")
        self.assertEqual(found, [1234, 1234.5, 1234.5, 1234.5, 1234])
        self.assertEqual(self._amounts("½", "²", "①", "五"), ["amount"] * 4)

    def test_currency_beside_the_amount(self):
        texts = ("€ 1,234.50", "1,234.50 €", "EUR1,234.50", "1,234.50 Euro", "1,234.50 euros", "€1,234.50")
        self.assertEqual(self._amounts(*texts, currency=self.eur), [1234.5] * 6)
        lines = ["ref\tdate\tamount\tcurrency", "Z\t2024-01-02\t€ 1,234.50\tEUR", "Z\t2024-01-02\t€ 1,234.50\t€"]
        self.assertEqual(self._judge(lines), [("2024-01-02", 1234.5, "EUR")] * 2)
        for code, texts in (
            ("PLN", ("1 234,50 zł", "1234,50 PLN", "1.234,50 zl")),
            ("CHF", ("CHF 1'234.50", "Fr. 1’234.50", "SFr. 1234.50")),
            ("USD", ("US$ 1,234.50", "$1,234.50", "1,234.50 Dollars")),
            ("BRL", ("R$ 1.234,50", "R$1.234,50")),
            ("INR", ("Rs. 1,234.50", "Rs.1,234.50/-", "₹ 1,234.50")),
            ("CZK", ("1 234,50 Kč",)),
            ("SEK", ("1 234,50 kr", "kr 1.234,50", "SEK 1234,50")),
        ):
            with self.subTest(currency=code):
                currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
                self.assertEqual(self._amounts(*texts, currency=currency), [1234.5] * len(texts))

    def test_krone_in_a_company_of_its_own(self):
        self.krone.active = True
        company = self._make_company("Danish", currency=self.krone)
        self.env.user.company_ids |= company
        lines = ["ref;date;amount", "Z;2024-01-02;4.200,00 kr.", "Z;2024-01-03;4.200 kr", "Z;2024-01-03;DKK 1,5"]
        self.assertEqual(
            self._judge(lines, company=company, create_customers=True),
            [("2024-01-02", 4200, "DKK"), ("2024-01-03", 4200, "DKK"), ("2024-01-03", 1.5, "DKK")],
        )

    def test_another_currency_is_refused_in_words(self):
        texts = ("€ 5", "5 kr.", "C$ 5", "5 zł", "USD 5 €", "5 XYZ", "5 %")
        self.assertEqual(self._amounts(*texts), ["other_currency"] * 5 + ["amount"] * 2)
        result = self._import_rows("ref,date,amount", "Z,2024-01-02,€ 5")
        self.assertIn("“€ 5” has another currency than USD, the currency of the row.", self._reasons(result)[0])
        result = self._import_rows("ref,date,amount,currency", "Z,2024-01-02,5,kr")
        self.assertIn("There is no currency “kr”. Use the three-letter code.", self._reasons(result))

    def test_numbers_that_no_database_takes(self):
        texts = ("9" * 16, "9" * 5000, "0." + "1" * 20000, "1e400", "nan", "inf", "-inf")
        self.assertEqual(self._amounts(*texts), ["amount"] * len(texts))
        self.assertEqual(self._amounts("9" * 15), [float("9" * 15)])

    def test_texts_that_no_index_takes(self):
        long = "".join(chr(0x4E00 + number) for number in range(3000))
        lines = ["name,date,amount", f"{long},2024-01-02,5", f"{long[:500]},2024-01-02,5"]
        result = self._import_rows(*lines, create_customers=True)
        self.assertEqual((result.imported, result.errors), (1, {"long": 1}))

    # ---- whatever a cell holds -------------------------------------------------------

    def test_no_cell_ends_in_an_error(self):
        """Every mixture of cells becomes a purchase or a refusal in words, down to the database."""
        columns = (*values.TEXT_FIELDS, "date", *values.NUMBER_FIELDS)
        header = ",".join(columns).encode()
        options = {"columns": {field: field for field in columns}, "create_customers": True}
        job = self._model()._make_job(self.company, header + b"\n", options)
        cell = st.one_of(
            st.sampled_from(TROUBLE),
            st.text(max_size=12),
            st.text(alphabet=st.characters(categories=["Nd", "Sc", "Zs", "Pd", "Cs", "Cf"]), max_size=8),
            st.from_regex(r"[0-9٠-٩]{1,5}[-/. 年][0-9]{1,3}[-/. 月][0-9]{1,5}[日T]?", fullmatch=True),
            st.from_regex(r"[-(+€$]{0,2}[0-9]{1,20}[.,'][0-9]{0,4}[-)€/]{0,2}", fullmatch=True),
            st.floats(), st.integers(-(10**20), 10**20),
        )
        good = {"date": "2024-01-02", "amount": "5", "currency": "USD", "ref": "Z"}

        @settings(max_examples=60, deadline=None, database=None, derandomize=True)
        @given(st.lists(st.dictionaries(st.sampled_from(columns), cell, max_size=6), min_size=1, max_size=30))
        def check(rows):
            lines = [
                (number, [{**good, **row}.get(field, "") for field in columns]) for number, row in enumerate(rows, 2)
            ]
            for decimal in (".", ","):
                job.options["decimal"] = decimal
                with patch.object(job.file, "chunks", lambda *_args, **_options: iter([Chunk(lines, {})])):
                    judged = job.preview(len(lines))
                self.assertEqual([row["row_no"] for row in judged], [number for number, _cells in lines])
                for row in judged:
                    self.assertTrue(row["verdict"] in ("new", "known") or purchase_import_texts.row_text(self.env, row))

        check()

    def test_trouble_in_each_column(self):
        """The whole way of each troublesome cell: through a file, the preview and the file of refusals."""
        header = ("ref", "name", "email", "vat", "date", "amount", "quantity", "price", "currency", "reference", "cost")
        good = {"ref": "Z", "date": "2024-01-02", "amount": 5}
        texts = [
            cell for cell in TROUBLE
            if isinstance(cell, str) and not any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in cell)
        ]
        rows = [
            tuple({**good, field: cell}.get(name, "") for name in header)
            for field in header for cell in texts
        ]
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in (header, *rows):
            cells = [WriteOnlyCell(sheet, cell) for cell in row]
            for cell in cells:
                # A text, even where it begins like a formula.
                cell.data_type = "n" if isinstance(cell.value, int) else "s"
            sheet.append(cells)
        result = self._import(workbook(book=book), create_customers=True)
        self.assertEqual(result.rows, len(rows))
        self.assertGreater(result.imported, 0)
        self.assertTrue(result.error_file)
