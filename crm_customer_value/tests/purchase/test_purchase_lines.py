from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .purchase_import_case import PurchaseImportCase

HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID"


@tagged("post_install", "-at_install")
class TestPurchaseLines(PurchaseImportCase):
    """Files whose rows are lines of documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._partner("Ann Lee", ref="17850")
        cls.mug = cls.env["product.product"].create({
            "name": "White Mug", "default_code": "85123A", "barcode": "0600123456789",
        })

    def _lines(self, *rows, **options):
        return self._import_rows(HEADER, *rows, **options)

    def test_lines_of_one_number_are_one_purchase(self):
        result = self._lines(
            "536365,85123A,WHITE MUG,6,2024-12-01 08:26,2.55,17850",
            "536366,22633,HAND WARMER,6,2024-12-01 08:28,1.85,17850",
            "536365,71053,LANTERN,4,2024-12-01 08:26,3.39,17850",
        )
        self.assertEqual((result.rows, result.imported, result.purchases, result.customers), (3, 3, 2, 1))
        self.assertAlmostEqual(result.amount, 39.96)
        purchases = self._purchases(self.customer).sorted("reference")
        self.assertRecordValues(purchases, [
            {"reference": "536365", "amount": 28.86, "date": date(2024, 12, 1), "has_margin": False},
            {"reference": "536366", "amount": 11.1, "date": date(2024, 12, 1), "has_margin": False},
        ])
        self.assertRecordValues(purchases[0].line_ids, [
            {"product_id": self.mug.id, "product_code": "85123A", "product_name": "WHITE MUG", "quantity": 6,
             "price_unit": 2.55, "amount": 15.3, "company_id": self.company.id, "partner_id": self.customer.id},
            {"product_id": False, "product_code": "71053", "product_name": "LANTERN", "quantity": 4,
             "price_unit": 3.39, "amount": 13.56, "company_id": self.company.id, "partner_id": self.customer.id},
        ])
        self.assertEqual(result.products_unknown, 2)
        again = self._lines(
            "536365,71053,LANTERN,4,2024-12-01 08:26,3.39,17850",
            "536365,85123A,WHITE MUG,6,2024-12-01 08:26,2.55,17850",
            "536366,22633,HAND WARMER,6,2024-12-01 08:28,1.85,17850",
        )
        self.assertEqual((again.imported, again.known), (0, 3))
        # Nothing of what is left alone is kept as a text.
        self.assertEqual(again.products_unknown, 0)
        refused = self._lines("536367,NEW,LAMP,six,2024-12-01,1,17850", "536368,OLD,CUP,1,2024-12-01,1,17850")
        self.assertEqual((refused.refused, refused.products_unknown), (1, 1))

    def test_returns(self):
        """Returned pieces reduce the document, or make a return of their own."""
        self._lines(
            "1,A,A,10,2024-01-01,2,17850", "1,B,B,-3,2024-01-01,2,17850", "2,A,A,-12,2024-01-02,2.50,17850",
        )
        self.assertEqual(self._purchases().sorted("reference").mapped("amount"), [14, -30])
        self.assertEqual(self._purchases().line_ids.sorted("quantity").mapped("quantity"), [-12, -3, 10])

    def test_document_that_cancels_itself(self):
        result = self._lines("1,A,A,2,2024-01-01,5,17850", "1,A,A,-2,2024-01-01,5,17850")
        self.assertEqual((result.imported, result.errors), (0, {"zero": 2}))

    def test_gift_is_a_line(self):
        result = self._lines("1,A,A,2,2024-01-01,5,17850", "1,GIFT,Pen,1,2024-01-01,0,17850")
        self.assertEqual((result.imported, result.purchases, self._purchases().amount), (2, 1, 10))
        self.assertEqual(len(self._purchases().line_ids), 2)

    def test_without_a_number_a_day_is_a_purchase(self):
        result = self._import_rows(
            "ref,date,product name,amount", "17850,2024-01-01,Mug,5", "17850,2024-01-01,Pen,6", "17850,2024-01-02,Pen,7"
        )
        self.assertEqual((result.imported, result.purchases), (3, 2))
        self.assertEqual(self._purchases().sorted("date").mapped("amount"), [11, 7])
        self.assertEqual(self._purchases().line_ids.mapped("quantity"), [0, 0, 0])

    def test_pieces_beside_an_amount_are_no_lines(self):
        """A list of purchases that tells how many pieces each had."""
        result = self._import_rows("ref,date,quantity,amount", "17850,2024-01-01,2,10", "17850,2024-01-01,3,15")
        self.assertEqual((result.imported, result.purchases), (2, 2))
        self.assertEqual(sorted(self._purchases().line_ids.mapped("quantity")), [2, 3])
        self.assertEqual(self._purchases().line_ids.mapped("price_unit"), [5, 5])

    def test_purchases_without_lines_have_none(self):
        self._import_rows("ref,date,amount", "17850,2024-01-01,2")
        self.assertFalse(self._purchases().line_ids)

    def test_number_of_two_customers_and_days(self):
        """A number that begins anew is another document."""
        self._partner("Bob Ray", ref="2")
        result = self._lines(
            "1,A,A,1,2023-01-01,5,17850", "1,A,A,1,2024-01-01,6,17850", "1,A,A,1,2024-01-01,7,2",
        )
        self.assertEqual((result.imported, result.purchases), (3, 3))

    def test_document_comes_whole_or_not_at_all(self):
        result = self._lines(
            "1,A,A,1,2024-01-01,5,17850", "1,B,B,many,2024-01-01,5,17850", "1,C,C,1,2024-01-01,5,17850",
            "2,A,A,1,2024-01-01,5,17850",
            "3,A,A,1,2024-01-01,5,17850", "3,B,B,1,no day,5,17850",
            "4,A,A,1,2024-01-01,5,17850", "4,B,B,1,2024-01-01,5,",
        )
        self.assertEqual((result.imported, result.purchases), (1, 1))
        self.assertEqual(result.errors, {"quantity": 1, "document": 4, "date": 1, "nobody": 1})
        self.assertEqual(self._purchases().reference, "2")
        self.assertIn("Another row of the same document cannot be imported", self._reasons(result)[0])
        corrected = result.error_file.decode("utf-8-sig")
        corrected = corrected.replace("many", "2").replace("no day", "2024-01-01").replace("5,,8", "5,17850,8")
        again = self._import(corrected.encode())
        self.assertEqual((again.purchases, again.errors), (2, {"nobody": 1, "document": 1}))
        self.assertEqual(self._purchases().sorted("reference").mapped("amount"), [20, 5, 10])

    def test_changed_document_is_not_doubled(self):
        self._lines("1,A,A,1,2024-01-01,5,17850")
        result = self._lines("1,A,A,1,2024-01-01,5,17850", "1,B,B,1,2024-01-01,7,17850")
        self.assertEqual((result.imported, result.errors), (0, {"changed": 2}))
        self.assertIn("was already imported with another amount", self._reasons(result)[0])

    def test_totals_and_lines_of_the_same_document(self):
        """Orders that were imported as sums are known when their lines come."""
        self._import_rows("ref,date,amount,order", "17850,2024-01-01,12,S-1")
        result = self._lines("S-1,A,A,1,2024-01-01,5,17850", "S-1,B,B,1,2024-01-01,7,17850")
        self.assertEqual((result.imported, result.known), (0, 2))

    def test_margin_of_lines(self):
        self._import_rows(
            "order,product code,quantity,price,cost,date,ref",
            "1,A,2,10,12,2024-01-01,17850", "1,B,1,5,2,2024-01-01,17850",
            "2,A,2,10,12,2024-01-01,17850", "2,B,1,5,,2024-01-01,17850",
        )
        self.assertRecordValues(self._purchases().sorted("reference"), [
            {"amount": 25, "has_margin": True, "margin": 11}, {"amount": 25, "has_margin": False, "margin": 0},
        ])

    def test_lines_in_another_currency(self):
        self._rates({"2024-01-01": 0.8})
        self._import_rows(
            "order,product code,quantity,price,currency,date,ref",
            "1,A,3,1,EUR,2024-01-01,17850", "1,B,1,0.33,EUR,2024-01-01,17850", "1,C,1,9,USD,2024-01-01,17850",
        )
        euros, dollars = self._purchases().sorted("amount")
        self.assertEqual((euros.amount, euros.amount_currency), (4.16, 3.33))  # 3.33 / 0.8 = 4.1625
        self.assertEqual(euros.line_ids.mapped("price_unit"), [1.25, 0.4125])
        self.assertEqual((dollars.amount, dollars.original_currency_id.id), (9, False))

    # ---- products --------------------------------------------------------------------

    def test_find_products(self):
        other = self._make_company("Elsewhere")
        theirs = self.env["product.product"].create({"name": "Theirs", "default_code": "T", "company_id": other.id})
        twins = self.env["product.product"].create([{"name": "Twin"}, {"name": "Twin"}])
        self.env["product.product"].create({"name": "Old", "default_code": "OLD"}).active = False
        named = self.env["product.product"].create({"name": "Café  au lait"})
        self._lines(
            "1,85123a,x,1,2024-01-01,1,17850",
            "2,600123456789,x,1,2024-01-01,1,17850",
            "3,,  white   MUG,1,2024-01-01,1,17850",
            "4,Cafe\u0301 au lait,,1,2024-01-01,1,17850",
            "5,T,,1,2024-01-01,1,17850",
            "6,,Twin,1,2024-01-01,1,17850",
            "7,OLD,,1,2024-01-01,1,17850",
        )
        products = self._purchases().sorted("reference").line_ids.mapped(lambda line: line.product_id.name or "")
        self.assertEqual(products, ["White Mug", "White Mug", "White Mug", "Café  au lait", "", "", "Old"])
        self.assertFalse(self._purchases().line_ids.product_id & (theirs | twins))
        self.assertTrue(named)

    def test_create_products(self):
        content = (
            "1,N-1,New Thing,1,2024-01-01,1,17850", "1,n-1,,1,2024-01-01,1,17850", "1,,New Thing,1,2024-01-01,1,17850",
            "1,,Only Name,1,2024-01-01,1,17850", "1,85123A,x,1,2024-01-01,1,17850", "2,N-2,Refused,1,never,1,17850",
            "3,N-3,Unknown Customer's,1,2024-01-01,1,nobody we know",
        )
        dry = self._lines(*content, create_products=True, dry_run=True)
        self.assertEqual(dry.products_created, 2)
        result = self._lines(*content, create_products=True)
        self.assertEqual((result.products_created, result.imported), (2, 5))
        created = self.env["product.product"].search([("company_id", "=", self.company.id)], order="id")
        self.assertRecordValues(created, [
            {"name": "New Thing", "default_code": "N-1", "list_price": 0.0},
            {"name": "Only Name", "default_code": False, "list_price": 0.0},
        ])
        self.assertEqual(
            self._purchases().line_ids.product_id.ids, [created[0].id, created[1].id, self.mug.id],
        )
        self.assertEqual(self._lines("4,N-1,,1,2024-01-01,1,17850", create_products=True).products_created, 0)

    def test_products_are_created_only_by_who_may(self):
        manager = self._user("sales_team.group_sale_manager")
        content = f"{HEADER}\n1,N-1,New,1,2024-01-01,1,17850".encode()
        may = self.env["product.product"].with_user(manager).has_access("create")
        self.assertFalse(may)
        with self.assertRaisesRegex(AccessError, "not allowed to create products"):
            self._model(manager)._import_file(self.company, "shop.csv", content, {"create_products": True})
        result = self._model(manager)._import_file(self.company, "shop.csv", content)
        self.assertEqual(result.imported, 1)

    # ---- lines as records ------------------------------------------------------------

    def test_lines_follow_their_purchase(self):
        self._lines("1,A,A,1,2024-01-01,5,17850")
        purchase, other = self._purchases(), self._partner("Bob Ray")
        lines = purchase.line_ids
        purchase.partner_id = other
        self.assertEqual(lines.partner_id, other)
        self.env["base.partner.merge.automatic.wizard"]._merge((other | self.customer).ids, self.customer)
        self.assertEqual(lines.partner_id, self.customer)
        purchase.unlink()
        self.assertFalse(lines.exists())

    def test_access(self):
        self.customer.user_id = self.env.ref("base.user_admin")
        self._lines("1,A,A,1,2024-01-01,5,17850")
        line = self.env["customer.purchase.history.line"].search([("company_id", "=", self.company.id)])
        own = self._user("sales_team.group_sale_salesman", login="lines_own")
        everybody = self._user("sales_team.group_sale_salesman_all_leads", login="lines_all")
        manager = self._user("sales_team.group_sale_manager", login="lines_manager")
        internal = self._user("base.group_user", login="lines_internal")
        other = self._make_company("Elsewhere")
        stranger = new_test_user(
            self.env, "lines_stranger", "sales_team.group_sale_manager", company_id=other.id, company_ids=[other.id]
        )
        for user, seen in ((own, 0), (everybody, 1), (manager, 1), (stranger, 0)):
            theirs = line.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            self.assertEqual(theirs.search_count([("id", "=", line.id)]), seen, user.login)
        self.customer.user_id = own
        self.assertEqual(line.with_user(own).search([("id", "=", line.id)]), line)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            line.with_user(internal).search([])
        for user in (own, everybody):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                line.with_user(user).product_id = self.mug
        line.with_user(manager).product_id = self.mug

    def test_customers_of_lines_are_marked(self):
        self.env.cr.precommit.run()
        self.env["customer.value.mark"].search([]).unlink()
        self._lines("1,A,A,1,2024-01-01,5,17850", "1,B,B,1,2024-01-01,5,17850")
        self.env.cr.precommit.run()
        self.assertEqual(self.env["customer.value.mark"].search([]).mapped("partner_id"), self.customer.ids)

    def test_form(self):
        self._lines("1,A,Mug,2,2024-01-01,5,17850")
        with Form(self._purchases()) as form:
            self.assertEqual(form.line_ids._records[0]["product_name"], "Mug")
            form.reference = "2"
        self.assertEqual(self._purchases().reference, "2")

    def test_number_of_queries_does_not_grow(self):
        counts = []
        for size in (2, 20):
            before = self.env.cr.sql_log_count
            self._lines(*(
                f"{size}-{number % 7},P{number},N{number},1,2024-01-01,{number + 1},17850" for number in range(size)
            ))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
