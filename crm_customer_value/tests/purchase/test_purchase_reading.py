import base64
import csv
import io

from odoo.exceptions import UserError
from odoo.tests import tagged

from .purchase_import_case import PurchaseImportCase


@tagged("post_install", "-at_install")
class TestPurchaseReading(PurchaseImportCase):
    """Files of invoice lines, titles above the table, and the file of rows that are handed back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Zoë", ref="Z")
        cls.manager = cls._user("sales_team.group_sale_manager")

    def _preview(self, *lines, **options):
        """Return the first rows as they are understood, by row number."""
        job = self._model()._make_job(self.company, "\n".join(lines).encode(), options)
        return {row["row_no"]: row for row in job.preview(50)}

    def _wizard(self, content, **values):
        wizard = self._model(self.manager).create({
            "file": base64.b64encode(content), "file_name": "shop.csv", **values,
        })
        wizard.action_read()
        return wizard

    # ---- quantity and price ----------------------------------------------------------

    def test_amount_is_quantity_times_price(self):
        rows = self._preview(
            "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country",
            "536365,85123A,Lamp,6,2024-01-02,2.55,Z,France",
            "C536379,85123A,Lamp,-12,2024-01-03,2.55,Z,France",
            "536366,POST,Postage,3,2024-01-04,0.105,Z,",
        )
        self.assertEqual(
            [(float(row["amount"]), float(row["quantity"]), float(row["price"])) for row in rows.values()],
            [(15.3, 6, 2.55), (-30.6, -12, 2.55), (0.315, 3, 0.105)],
        )
        self.assertEqual(
            [(row["product"], row["product_name"], row["country"]) for row in rows.values()],
            [("85123A", "Lamp", "France"), ("85123A", "Lamp", "France"), ("POST", "Postage", "")],
        )
        self.assertEqual({row["verdict"] for row in rows.values()}, {"new"})

    def test_columns_of_lines_by_name(self):
        for header in (
            "ref,date,Quantity,Unit Price,SKU,Product Name",
            "ref,date,Qty,UnitPrice,Item,Description",
            "Kundennummer,Rechnungsdatum,Menge,Einzelpreis,Artikelnummer,Bezeichnung",
            "N° client,Date,Quantité,Prix unitaire,Référence article,Désignation",
            "ref,date,Qty (pcs),Unit Price [USD],Order Lines/SKU,Order Lines/Product Name",
            "ref,Fecha,Cantidad,Precio,sku,Descripción",
            "ref,Data,Ilość,Cena,sku,Nazwa towaru",
            "ref,Дата,Количество,Цена,Артикул,Товар",
            "ref,date,QUANTITYORDERED,PRICEEACH,PRODUCTCODE,product name",
        ):
            with self.subTest(header=header):
                row = self._preview(header.replace("N° client", "No client"), "Z,2024-01-02,4,2.5,P1,Pen")[2]
                self.assertEqual((float(row["amount"]), row["product"], row["product_name"]), (10, "P1", "Pen"))

    def test_amount_of_its_own_goes_first(self):
        rows = self._preview(
            "ref,date,quantity,price,line total",
            # Of several days: the lines of one day are one purchase, which comes as a whole or not at all.
            "Z,2024-01-02,4,2.5,9",
            "Z,2024-01-03,4,2.5,",
            "Z,2024-01-04,4,,",
            "Z,2024-01-05,,,",
            "Z,2024-01-06,-4,2.5,-9",
            "Z,2024-01-07,-4,2.5,9",
        )
        self.assertEqual(
            [(row["verdict"], row["amount"] and float(row["amount"]), row["quantity"] and float(row["quantity"]))
             for row in rows.values()],
            [("new", 9, 4), ("new", 10, 4), ("no_price", None, None), ("no_amount", None, None), ("new", -9, -4),
             ("sign", None, None)],
        )

    def test_price_alone_is_the_amount(self):
        self.assertEqual(float(self._preview("ref,date,price", "Z,2024-01-02,7")[2]["amount"]), 7)
        # Beside an amount the price is that of a piece, even without a quantity.
        row = self._preview("ref,date,price,total", "Z,2024-01-02,7,21")[2]
        self.assertEqual((float(row["amount"]), float(row["price"])), (21, 7))

    def test_amounts_are_exact(self):
        row = self._preview("ref,date,qty,price", "Z,2024-01-02,3,0.1")[2]
        self.assertEqual(str(row["amount"]), "0.3")
        row = self._preview("ref,date,qty,price", "Z,2024-01-02,99999999,12345678.905")[2]
        self.assertEqual(row["verdict"], "amount", "no amount of money has sixteen digits")

    def test_lines_that_cannot_be_read(self):
        result = self._import_rows(
            "ref,date,quantity,price",
            "Z,2024-01-02,,5", "Z,2024-01-02,1,", "Z,2024-01-02,few,5", "Z,2024-01-02,1,free", "Z,2024-01-02,0,5",
            "Z,2024-01-02,1 kg,5",
        )
        self.assertEqual(
            result.errors, {"no_quantity": 1, "no_price": 1, "quantity": 2, "price": 1, "zero": 1}
        )
        self.assertIn("“few” is not a quantity.", self._reasons(result))

    def test_needed_columns(self):
        message = "Choose the column that means: Amount.*Or choose the columns that mean: Quantity, Unit Price"
        with self.assertRaisesRegex(UserError, message):
            self._import_rows("ref,date,quantity", "Z,2024-01-02,1")

    def test_preview_says_what_the_amount_is_made_of(self):
        wizard = self._wizard(b"ref,date,Qty,Unit Price,SKU\nZ,2024-01-02,6,2.55,P1")
        self.assertIn("The amount is “Qty” × “Unit Price”.", wizard.preview_html)
        self.assertIn("P1", wizard.preview_html)
        self.assertIn("15.30", wizard.preview_html)
        self.assertIn(">6<", wizard.preview_html)
        self.assertIn(">2.55<", wizard.preview_html)
        wizard = self._wizard(b"ref,date,Qty,Unit Price,Total\nZ,2024-01-02,6,2.55,")
        self.assertIn(
            "The amount is read from “Total”. If that is empty, it is “Qty” × “Unit Price”", wizard.preview_html
        )

    # ---- where the table begins ------------------------------------------------------

    def test_titles_above_the_table(self):
        for titles in (
            ["Sales 2024"],
            ["Sales 2024", "", "Company: Zebra, Ltd; Period: January"],
            ["Kunde: alle;;", "Erstellt am;01.02.2024;", ";;"],
        ):
            with self.subTest(titles=titles):
                lines = (*titles, "ref;date;amount", "Z;2024-01-02;1,5", "Z;x;2,5")
                result = self._import_rows(*lines, dry_run=True)
                self.assertEqual((result.imported, result.amount), (1, 1.5))
                self.assertEqual(result.first_rows, {"date": [len(titles) + 3]})

    def test_header_row_chosen(self):
        lines = ("name,date,amount", "old,names,here", "Customer,Sold,Money", "Zoë,2024-01-02,5")
        columns = {"name": "Customer", "date": "Sold", "amount": "Money"}
        result = self._import_rows(*lines, header_row=3, columns=columns)
        self.assertEqual((result.imported, result.refused), (1, 0))
        for row in (2, 9):
            with self.subTest(row=row), self.assertRaisesRegex(UserError, f"Row {row} is empty or missing"):
                self._import_rows("ref,date,amount", "", "Z,2024-01-02,5", header_row=row)
        with self.assertRaisesRegex(UserError, "Row 2 must contain the column names, but it is “1, 2, 3”"):
            self._import_rows("ref,date,amount", "1,2,3", header_row=2)

    def test_header_row_on_the_screen(self):
        content = b"Report,of,sales\nref,date,amount\nZ,2024-01-02,5"
        self.assertIn("column names in row 2", self._wizard(content).preview_html)
        wizard = self._wizard(content, header_row=1)
        self.assertEqual(wizard.column_ids.mapped("header"), ["Report", "of", "sales"])

    def test_line_ends_of_old_macs(self):
        content = b"ref;date;amount\rZ;2024-01-02;1,5\r\rZ;x;2\r"
        result = self._import(content)
        self.assertEqual((result.imported, result.first_rows), (1, {"date": [4]}))
        self.assertEqual(self._purchases().amount, 1.5)

    # ---- rows handed back ------------------------------------------------------------

    def test_no_formulas_in_the_file_of_rows(self):
        dangers = ("=1+1", "+1-1", "-1+1", "@SUM(1)", "＝1+1", "=HYPERLINK(\"x\")")
        quoted = ['"{}"'.format(danger.replace('"', '""')) for danger in dangers]
        lines = ["ref,date,amount,=note", *(f"Z,2024-01-32,-12.5,{danger}" for danger in quoted)]
        result = self._import_rows(*lines, 'Z,2024-01-32,"-1.234,50","\t=2"', "=Q,2024-01-02,1,")
        rows = list(csv.reader(io.StringIO(result.error_file.decode("utf-8-sig"))))
        self.assertEqual(rows[0], ["ref", "date", "amount", "'=note", "Row", "Reason"])
        self.assertEqual([row[3] for row in rows[1:7]], ["'" + danger for danger in dangers])
        self.assertEqual([row[2] for row in rows[1:8]], ["-12.5"] * 6 + ["-1.234,50"], "numbers stay numbers")
        self.assertEqual(rows[8][0], "'=Q")
        for row in rows:
            for cell in row:
                self.assertFalse(cell.startswith(("=", "+", "@", "\t", "\r")), cell)
        # What comes back corrected is what it was.
        corrected = result.error_file.decode("utf-8-sig").replace("2024-01-32", "2024-01-31")
        again = self._import(corrected.encode(), dry_run=True)
        self.assertEqual(again.errors, {"unknown": 1, "amount": 1})
        job = self._model()._make_job(self.company, corrected.encode(), {})
        self.assertEqual(job.file.headers[3], "=note")
