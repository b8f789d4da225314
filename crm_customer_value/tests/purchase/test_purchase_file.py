import csv
import io
from datetime import date, datetime

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...engine.purchase.columns import map_columns
from .purchase_import_case import PurchaseImportCase


@tagged("post_install", "-at_install")
class TestPurchaseFile(PurchaseImportCase):
    """Which files can be read, and how their cells are understood."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Zoë Müller", ref="Z")

    def _read(self, content, **options):
        """Import ``content`` and return (day, amount) of the new purchases in file order."""
        before = self._purchases()
        self._import(content, **options)
        return [(str(row.date), row.amount) for row in (self._purchases() - before).sorted("id")]

    def _workbook(self, *rows, **sheets):
        book = openpyxl.Workbook()
        book.active.title = "First"
        for row in rows:
            book.active.append(row)
        for title, lines in sheets.items():
            sheet = book.create_sheet(title)
            for row in lines:
                sheet.append(row)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    # ---- separators and encodings ----------------------------------------------------

    def test_separators(self):
        for number, separator in enumerate((",", ";", "\t", "|"), 1):
            content = f"name,ref,date,amount\nx,Z,2024-01-01,{number}".replace(",", separator).encode()
            for options in ({}, {"separator": separator, "dry_run": True}):
                with self.subTest(options, written=separator):
                    expected = [] if options else [("2024-01-01", float(number))]
                    self.assertEqual(self._read(content, **options), expected)

    def test_separator_with_decimal_commas(self):
        self.assertEqual(
            self._read(b"ref;date;amount\nZ;01.02.2024;1.234,50\nZ;13.02.2024;2,5"),
            [("2024-02-01", 1234.5), ("2024-02-13", 2.5)],
        )

    def test_separator_hint_and_line_ends(self):
        result = self._import(b"sep=;\r\nref;date;amount\r\nZ;2024-01-01;1\r\n\r\nZ;x;1\r\n")
        self.assertEqual((result.imported, result.first_rows), (1, {"date": [5]}))

    def test_line_break_inside_a_cell(self):
        result = self._import(b'ref,note,date,amount\nZ,"two\nlines",2024-01-01,3\nZ,,x,3')
        self.assertEqual((result.imported, result.first_rows), (1, {"date": [3]}))

    def test_encodings(self):
        text = "Customer;date;amount\nZoë Müller;2024-01-01;{}"
        for number, (written, given) in enumerate((
            ("utf-8", None), ("utf-8-sig", None), ("cp1252", None), ("latin-1", None), ("utf-16", None),
            ("utf-16-le", None), ("utf-16-be", None), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"),
            ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("latin-1", "latin-1"), ("utf-16", "utf-16"),
            ("utf-16-be", "utf-16"),
        ), 1):
            with self.subTest(written=written, given=given):
                found = self._read(text.format(number).encode(written), encoding=given)
                self.assertEqual(found, [("2024-01-01", float(number))])

    def test_wrong_separator(self):
        with self.assertRaisesRegex(UserError, "separator “semicolon”.*only one column.*“comma”"):
            self._import(b"ref,date,amount\nZ,2024-01-01,1", separator=";")
        with self.assertRaisesRegex(UserError, "only one column.*customer, a date and an amount"):
            self._import(b"amount\n1\n2")

    def test_wrong_encoding(self):
        with self.assertRaisesRegex(UserError, "does not use the encoding UTF-8. Choose CP1252"):
            self._import("Customer,date,amount\nZoë,2024-01-01,1".encode("cp1252"), encoding="utf-8")
        with self.assertRaisesRegex(UserError, "does not use the encoding UTF-16. Choose UTF-8"):
            self._import(b"ref,date,amount\nZ,2024-01-01,1", encoding="utf-16")
        with self.assertRaisesRegex(UserError, "does not use the encoding CP1252. Choose UTF-16"):
            self._import("ref,date,amount\nZ,2024-01-01,1".encode("utf-16"), encoding="cp1252")

    # ---- files that are no table -----------------------------------------------------

    def test_no_table(self):
        for content, message in (
            (b"", "file is empty"),
            (b"\xef\xbb\xbf \n\n", "file is empty"),
            (b"ref,date,amount\n\n", "no rows below"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 1 0 obj", "not a table"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table"),
            (bytes(range(256)) * 20, "not a table"),
            (b"<html><body>Sign in, please</body></html>", "not a table"),
            (b'{"ref": "A", "amount": 1}', "not a table"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "old Excel format"),
            (b"PK\x03\x04" + b"\0" * 50, "damaged"),
            (self._workbook(), "file is empty"),
            (self._workbook(("ref", "date", "amount")), "no rows below"),
            (b"1,2024-01-01,10\n2,2024-01-02,20", "must contain the column names"),
            (b'ref,date,amount\nZ,2024-01-01,"1\nZ,2024-01-01,2\n', "quotation mark"),
        ):
            with self.subTest(start=content[:20]), self.assertRaisesRegex(UserError, message):
                self._import(content)
        broken = self._workbook(("ref", "date", "amount"), ("Z", "2024-01-01", 1))
        with self.assertRaisesRegex(UserError, "damaged"):
            self._import(broken[: len(broken) // 2])

    # ---- workbooks -------------------------------------------------------------------

    def test_workbook(self):
        self._partner("Number", ref="1001")
        content = self._workbook(
            ("Customer ID", "Date", "Amount", "Order"),
            ("Z", date(2024, 1, 2), 12.1, 77),
            (1001, datetime(2024, 1, 3, 15, 30), 1234, "S-2"),
            (None, None, None, None),
            (" Z ", "04/13/2024", "1,234.50", None),
            ("Z", 20240105, -3.335, None),
        )
        self.assertEqual(self._read(content, name="shop.xlsx"), [
            ("2024-01-02", 12.1), ("2024-01-03", 1234.0), ("2024-04-13", 1234.5), ("2024-01-05", -3.34),
        ])
        self.assertEqual(self._purchases().filtered("reference").mapped("reference"), ["S-2", "77"])
        again = self._import(b"ref,date,amount,order\nZ,2024-01-02,12.10,77\n1001,2024-01-03,1234.00,S-2")
        self.assertEqual(again.known, 2, "the same purchases, whatever the format")

    def test_numbers_of_a_workbook_have_no_decimal_mark(self):
        day = date(2024, 1, 1)
        content = self._workbook(("ref", "date", "amount"), ("Z", day, 1.234), ("Z", day, "1,5"))
        self.assertEqual([amount for _day, amount in self._read(content)], [1.23, 1.5])

    def test_sheet(self):
        content = self._workbook(("nothing", "here"), Sales=[("ref", "date", "amount"), ("Z", "2024-01-01", 5)])
        self.assertEqual(self._read(content, sheet="Sales"), [("2024-01-01", 5.0)])
        with self.assertRaisesRegex(UserError, "no sheet “Other”. Its sheets are: First, Sales"):
            self._import(content, sheet="Other")

    # ---- columns ---------------------------------------------------------------------

    def test_columns_by_name(self):
        for header in (
            "Customer Reference,Order Date,Untaxed Amount",
            "customer_ref,DATE,Total",
            "Client No.,invoice-date,net amount",
            "Customer ID,Transaction Date,Revenue",
        ):
            with self.subTest(header=header):
                result = self._import(f"{header}\nZ,2024-01-01,1".encode(), dry_run=True)
                self.assertEqual(result.imported, 1)

    def test_columns_in_the_words_of_many_languages(self):
        """How people write the address, the customer, the day and the amount, in the languages our users speak."""
        for header in (
            "E-Mail-Adresse,Kundenname,Rechnungsdatum,Nettobetrag",
            "Mailadresse,Auftraggeber,Verkaufsdatum,Gesamtsumme (EUR)",
            "Adresse e-mail,Raison sociale,Date de vente,Montant total",
            "Mél,Nom du client,Date d'achat,Total hors taxes",
            "Correo electrónico,Razón social,Fecha de compra,Base imponible",
            "Dirección de correo,Nombre del cliente,Fecha del pedido,Importe total",
            "Indirizzo e-mail,Ragione sociale,Data di vendita,Importo totale",
            "Posta elettronica,Nome cliente,Data dell'ordine,Totale imponibile",
            "E-mailadres,Naam van de klant,Besteldatum,Totaalbedrag",
            "Mailadres,Bedrijfsnaam,Verkoopdatum,Bedrag excl. btw",
            "Endereço de e-mail,Razão social,Data da venda,Valor líquido",
            "Correio eletrónico,Nome do cliente,Data do pedido,Montante",
            "Эл. почта,Клиент,Дата заказа,\"Сумма, руб.\"",
            "Электронная почта,Контрагент,Дата продажи,Сумма без НДС",
            "E-mail,Заказчик,Дата,Итого",
            "Ел. пошта,Клієнт,Дата замовлення,\"Сума, грн\"",
            "Електронна пошта,Ім'я клієнта,Дата купівлі,Загальна сума",
            "电子邮箱,客户名称,订单日期,销售额",
            "邮箱,顾客,下单时间,总金额(元)",
            "電子郵件,客戶名稱,訂單日期,總金額",
        ):
            headers = next(csv.reader([header]))
            with self.subTest(header=header):
                expected = dict(zip(("email", "name", "date", "amount"), headers, strict=True))
                self.assertEqual(map_columns(headers), expected)

    def test_columns_given(self):
        content = b"wer,wann,wieviel,name\nZ,2024-01-01,7,Nobody\n"
        with self.assertRaisesRegex(UserError, "Choose the column that means: Date"):
            self._import(content)
        columns = {"ref": "wer", "date": "wann", "amount": "wieviel"}
        self.assertEqual(self._read(content, columns=columns), [("2024-01-01", 7.0)])
        with self.assertRaisesRegex(UserError, "no column “other”"):
            self._import(content, columns={**columns, "ref": "other"})
        with self.assertRaisesRegex(UserError, "Choose a column that identifies the customer"):
            self._import(content, columns=columns, match_order=("email",))

    def test_unknown_option(self):
        with self.assertRaisesRegex(ValueError, "typo"):
            self._import(b"ref,date,amount\nZ,2024-01-01,7", typo=1)

    def test_same_header_twice(self):
        content = b"ref,date,amount,amount,\nZ,2024-01-01,1,2,3"
        columns = {"ref": "ref", "date": "date", "amount": "amount (2)"}
        self.assertEqual(self._read(content, columns=columns), [("2024-01-01", 2.0)])

    # ---- dates -----------------------------------------------------------------------

    def _days(self, *days, **options):
        lines = ["ref;date;amount", *(f"Z;{day};{number}" for number, day in enumerate(days, 1))]
        return [day for day, _amount in self._read("\n".join(lines).encode(), **options)]

    def test_dates_year_first(self):
        expected = ["2024-03-04"] * 6
        found = self._days(
            "2024-03-04", "20240304", "2024/3/4", "2024.03.04", "2024-03-04 23:59:59", "2024-03-04T23:59:59Z"
        )
        self.assertEqual(found, expected)

    def test_dates_detected(self):
        self.assertEqual(self._days("03/04/2024", "13/04/2024"), ["2024-04-03", "2024-04-13"])
        self.assertEqual(self._days("05/04/2024", "04/15/2024"), ["2024-05-04", "2024-04-15"])
        self.assertEqual(self._days("7.4.24", "17.4.99"), ["2024-04-07", "1999-04-17"])

    def test_dates_detected_late(self):
        """A file sorted by date tells the order of day and month only after the twelfth."""
        days = ["01/02/2024"] * 2500 + ["13/02/2024"]
        self.assertEqual(set(self._days(*days)), {"2024-02-01", "2024-02-13"})

    def test_dates_in_doubt(self):
        """Without evidence the user's language decides, and the user above it."""
        self.assertEqual(self.env["res.lang"]._get_data(code="en_US").date_format, "%m/%d/%Y")
        self.assertEqual(self._days("03/04/2024"), ["2024-03-04"])
        self.assertEqual(self._days("03/04/2024", date_order="dmy"), ["2024-04-03"])
        self.env["res.lang"].search([("code", "=", "en_US")]).date_format = "%d/%m/%Y"
        self.assertEqual(self._days("05/04/2024"), ["2024-04-05"])

    def test_dates_that_do_not_exist(self):
        self.assertEqual(self._days("2024-02-30", "20241301", "2024-1", "yesterday", "0001-01-01", "4500"), [])
        self.assertEqual(self._days("03/04/2024", date_order="ymd"), [])

    # ---- amounts ---------------------------------------------------------------------

    def _amounts(self, *amounts, **options):
        lines = ["ref;date;amount", *(f"Z;2024-01-01;{amount}" for amount in amounts)]
        return [amount for _day, amount in self._read("\n".join(lines).encode(), **options)]

    def test_amounts_with_a_point(self):
        self.assertEqual(
            self._amounts("1,234.50", "12", "12.5", "$ 13", "(14.00)", "15-", "-16", "1,234,567", "+17", ".5"),
            [1234.5, 12, 12.5, 13, -14, -15, -16, 1234567, 17, 0.5],
        )

    def test_amounts_with_a_comma(self):
        self.assertEqual(
            self._amounts("1.234,50", "12", "12,5", "1 234,25", "1\u00a0234,75", "1'234,5", "\u22127", "1.234"),
            [1234.5, 12, 12.5, 1234.25, 1234.75, 1234.5, -7, 1234],
        )

    def test_amounts_in_doubt(self):
        self.assertEqual(self._amounts("1,234"), [1234])
        self.assertEqual(self._amounts("2,345", decimal=","), [2.35])

    def test_amounts_that_are_none(self):
        bad = ("1,23", "1.2.3", "12 34", "1e5", "abc", "--5", "12345678901234567", "5 pieces")
        result = self._import_rows("ref;date;amount", *(f"Z;2024-01-01;{text}" for text in bad), decimal=".")
        self.assertEqual(result.errors, {"amount": len(bad)})
