import csv
import io
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .purchase_import_case import PurchaseImportCase


@tagged("post_install", "-at_install")
class TestPurchaseImport(PurchaseImportCase):
    """What an import writes, and what it leaves out."""

    # ---- finding customers -----------------------------------------------------------

    def test_find_by_each_key(self):
        by_ref = self._partner("Ref", ref="R-1")
        by_email = self._partner("Mail", email="Anna <ANNA@Example.com>")
        by_vat = self._partner("Vat", vat="BE 0477.472.701")
        by_name = self._partner("  Name   of  Somebody ")
        result = self._import_rows(
            "Customer Ref,E-mail,VAT,Customer,Date,Amount",
            " R-1 ,,,,2024-01-01,1",
            ",anna@example.COM,,,2024-01-02,2",
            ",,be0477472701,,2024-01-03,3",
            ",,,name of SOMEBODY,2024-01-04,4",
        )
        self.assertEqual((result.rows, result.imported, result.customers), (4, 4, 4))
        for partner, amount in ((by_ref, 1), (by_email, 2), (by_vat, 3), (by_name, 4)):
            self.assertEqual(self._purchases(partner).mapped("amount"), [amount])

    def test_order_of_keys(self):
        by_ref = self._partner("One", ref="R-2")
        by_email = self._partner("Two", email="two@example.com")
        content = ("ref,email,date,amount", "R-2,two@example.com,2024-01-01,5")
        self._import_rows(*content, match_order=("ref", "email"))
        self.assertEqual(self._purchases(), self._purchases(by_ref))
        self._purchases().unlink()
        self._import_rows(*content, match_order=("email", "ref"))
        self.assertEqual(self._purchases(), self._purchases(by_email))

    def test_next_key_when_the_first_finds_nobody(self):
        partner = self._partner("Two", email="two@example.com")
        self._import_rows("ref,email,date,amount", "no such,two@example.com,2024-01-01,5")
        self.assertEqual(self._purchases().partner_id, partner)

    def test_another_reference_is_another_customer(self):
        self._partner("John Smith", ref="J-1")
        result = self._import_rows("ref,name,date,amount", "J-2,John Smith,2024-01-01,5")
        self.assertEqual(result.errors, {"unknown": 1})

    def test_contact_counts_for_its_company(self):
        parent = self._partner("Parent", is_company=True)
        self._partner("Child", parent_id=parent.id, email="child@example.com")
        self._import_rows("email,date,amount", "child@example.com,2024-01-01,5")
        self.assertEqual(self._purchases().partner_id, parent)

    def test_ambiguous_customer(self):
        for name in ("Twin A", "Twin B"):
            self._partner(name, email="twin@example.com")
        result = self._import_rows("email,date,amount", "twin@example.com,2024-01-01,5")
        self.assertEqual(result.errors, {"ambiguous": 1})
        self.assertIn("2 customers have the Customer E-mail “twin@example.com”.", self._reasons(result)[0])

    def test_two_contacts_of_one_company_are_not_ambiguous(self):
        parent = self._partner("Parent", is_company=True)
        for name in ("A", "B"):
            self._partner(name, parent_id=parent.id, email="office@example.com")
        self._import_rows("email,date,amount", "office@example.com,2024-01-01,5")
        self.assertEqual(self._purchases().partner_id, parent)

    def test_archived_customer(self):
        archived = self._partner("Old", ref="O-1", active=False)
        self._import_rows("ref,date,amount", "O-1,2024-01-01,5")
        self.assertEqual(self._purchases().partner_id, archived)
        active = self._partner("New", ref="O-1")
        self._import_rows("ref,date,amount", "O-1,2024-01-02,5")
        self.assertEqual(self._purchases().partner_id, archived | active)

    def test_partner_of_another_company_is_no_candidate(self):
        other = self._make_company("Elsewhere")
        self._partner("Theirs", ref="T-1", company_id=other.id)
        result = self._import_rows("ref,date,amount", "T-1,2024-01-01,5")
        self.assertEqual(result.errors, {"unknown": 1})
        ours = self._partner("Ours", ref="T-1", company_id=self.company.id)
        self._import_rows("ref,date,amount", "T-1,2024-01-01,5")
        self.assertEqual(self._purchases().partner_id, ours)

    def test_row_names_nobody(self):
        result = self._import_rows("ref,email,date,amount", ",not an address,2024-01-01,5")
        self.assertEqual(result.errors, {"nobody": 1})
        self.assertIn("does not say who the customer is", self._reasons(result)[0])

    # ---- creating customers ----------------------------------------------------------

    def test_create_unknown_customers(self):
        known = self._partner("Known", ref="K-1")
        result = self._import_rows(
            "ref,name,email,vat,date,amount",
            "K-1,Somebody Else,,,2024-01-01,1",
            "N-1,New One,NEW@example.com,XX123,2024-01-01,2",
            "N-1,New One,,,2024-01-02,3",
            ",,new@example.com,,2024-01-03,4",
            "N-2,,,,2024-01-03,5",
            create_customers=True,
        )
        self.assertEqual((result.imported, result.created, result.customers), (5, 2, 3))
        self.assertEqual(self._purchases(known).mapped("amount"), [1])
        new = self.env["res.partner"].search([("ref", "=", "N-1")])
        self.assertRecordValues(new, [{
            "name": "New One", "email": "new@example.com", "vat": "XX123", "is_company": True,
            "company_id": self.company.id, "customer_rank": 1, "commercial_partner_id": new.id,
        }])
        self.assertEqual(sorted(self._purchases(new).mapped("amount")), [2, 3, 4])
        self.assertEqual(self.env["res.partner"].search([("ref", "=", "N-2")]).name, "N-2")

    def test_created_customers_belong_to_the_company(self):
        self._import_rows("ref,date,amount", "N-9,2024-01-01,1", create_customers=True)
        other = self._make_company("Elsewhere")
        user = new_test_user(
            self.env, "elsewhere_manager", "sales_team.group_sale_manager",
            company_id=other.id, company_ids=[other.id],
        )
        partners = self.env["res.partner"].with_user(user).with_context(allowed_company_ids=other.ids)
        self.assertFalse(partners.search([("ref", "=", "N-9")]))

    def test_refused_rows_create_nobody(self):
        result = self._import_rows(
            "ref,date,amount", "N-1,nonsense,1", "N-2,2024-01-01,nonsense", create_customers=True
        )
        self.assertEqual((result.created, result.imported), (0, 0))
        self.assertFalse(self.env["res.partner"].search([("ref", "in", ("N-1", "N-2"))]))

    # ---- the same again --------------------------------------------------------------

    def test_same_file_adds_nothing(self):
        content = ("ref,date,amount,order", "A,2024-01-01,10,S1", "A,2024-01-01,10,S2", "B,2024-01-02,7,")
        first = self._import_rows(*content, create_customers=True)
        again = self._import_rows(*content, create_customers=True)
        self.assertEqual((first.imported, first.known, first.created), (3, 0, 2))
        self.assertEqual((again.imported, again.known, again.created), (0, 3, 0))
        self.assertFalse(again.error_file)
        self.assertEqual(len(self._purchases()), 3)

    def test_overlapping_file_adds_the_rest(self):
        self._partner("A", ref="A")
        self._import_rows("ref,date,amount", "A,2024-01-01,10", "A,2024-01-02,20")
        result = self._import_rows(
            "Amount;Date;Customer Number", "20,00;02.01.2024;A", "30,00;13.01.2024;A"
        )
        self.assertEqual((result.imported, result.known), (1, 1))
        self.assertEqual(sorted(self._purchases().mapped("amount")), [10, 20, 30])

    def test_equal_rows_are_two_purchases(self):
        self._partner("A", ref="A")
        content = ("ref,date,amount", "A,2024-01-01,10", "A,2024-01-01,10.00")
        self.assertEqual(self._import_rows(*content).imported, 2)
        self.assertEqual(self._import_rows(*content).known, 2)
        more = self._import_rows(*content, "A,2024-01-01,10")
        self.assertEqual((more.imported, more.known), (1, 2))

    def test_same_purchase_in_two_companies(self):
        other = self._make_company("Second")
        self.env.user.company_ids |= other
        self._partner("A", ref="A")
        self._import_rows("ref,date,amount", "A,2024-01-01,10")
        result = self._import_rows("ref,date,amount", "A,2024-01-01,10", company=other)
        self.assertEqual(result.imported, 1)
        self.assertEqual(len(self._purchases()), 1)

    def test_corrected_error_file(self):
        self._partner("A", ref="A")
        result = self._import_rows("ref,date,amount", "A,2024-01-01,10", "A,2024-01-32,20")
        corrected = result.error_file.decode("utf-8-sig").replace("2024-01-32", "2024-01-31")
        again = self._import(corrected.encode())
        self.assertEqual((again.imported, again.known), (1, 0))

    # ---- amounts and currencies ------------------------------------------------------

    def test_values_of_a_purchase(self):
        partner = self._partner("A", ref="A")
        self._import_rows(
            "ref,date,amount,margin,cost,order number",
            "A,2024-01-05,100.50,20.25,,S-1",
            "A,2024-01-06,100,,60,",
            "A,2024-01-07,-30,,,",
        )
        purchases = self._purchases(partner).sorted("date")
        self.assertRecordValues(purchases, [
            {"date": date(2024, 1, 5), "amount": 100.5, "has_margin": True, "margin": 20.25,
             "reference": "S-1", "company_id": self.company.id, "import_file": "shop.csv"},
            {"date": date(2024, 1, 6), "amount": 100.0, "has_margin": True, "margin": 40.0,
             "reference": False, "company_id": self.company.id, "import_file": "shop.csv"},
            {"date": date(2024, 1, 7), "amount": -30.0, "has_margin": False, "margin": 0.0,
             "reference": False, "company_id": self.company.id, "import_file": "shop.csv"},
        ])
        self.assertEqual(purchases.create_uid, self.env.user)
        self.assertFalse(purchases.original_currency_id)

    def test_other_currency(self):
        self._partner("A", ref="A")
        self._rates({"2024-01-01": 0.8, "2024-01-10": 0.5})
        self._import_rows(
            "ref,date,amount,margin,currency",
            "A,2024-01-01,100,10,EUR",  # 100 / 0.8
            "A,2024-01-09,33.33,,eur",  # 41.6625
            "A,2024-01-10,100,10,EUR",
            "A,2024-01-10,100,10,",
            "A,2024-01-10,90,10,usd",
        )
        self.assertEqual(
            [(row.amount, row.margin, row.amount_currency, row.original_currency_id.name or "")
             for row in self._purchases().sorted("id")],
            [(125.0, 12.5, 100.0, "EUR"), (41.66, 0.0, 33.33, "EUR"), (200.0, 20.0, 100.0, "EUR"),
             (100.0, 10.0, 0.0, ""), (90.0, 10.0, 0.0, "")],
        )

    def test_default_currency(self):
        self._partner("A", ref="A")
        self._rates({"2024-01-01": 0.5})
        self._import_rows("ref,date,amount", "A,2024-01-02,10", currency=self.eur)
        self.assertEqual(self._purchases().amount, 20)

    def test_missing_rate_is_an_error(self):
        self._partner("A", ref="A")
        self._rates({"2024-01-02": 0.8})
        result = self._import_rows(
            "ref,date,amount,currency", "A,2024-01-01,100,EUR", "A,2024-01-02,100,EUR", "A,2024-01-02,1,GBP"
        )
        self.assertEqual((result.imported, result.errors), (1, {"rate": 2}))
        self.assertEqual(
            self._reasons(result),
            [
                "There is no exchange rate of EUR for 2024-01-01. Add it under Currencies.",
                "There is no exchange rate of GBP for 2024-01-02. Add it under Currencies.",
            ],
        )

    def test_amount_too_large_once_converted(self):
        """15 digits of euros may be 16 of dollars: that row is refused, the others are not."""
        self._partner("A", ref="A")
        self._rates({"2024-01-02": 0.8})
        result = self._import_rows(
            "ref,date,amount,currency", "A,2024-01-02,900000000000000,EUR", "A,2024-01-02,100,EUR"
        )
        self.assertEqual((result.imported, result.errors), (1, {"amount": 1}))
        self.assertEqual(self._purchases().amount, 125.0)

    # ---- rows that are refused -------------------------------------------------------

    def test_error_file(self):
        self._partner("A", ref="A")
        later = date.today() + timedelta(days=9)
        result = self._import_rows(
            "ref;date;amount;note;currency",
            "A;2024-01-01;10;ümlaut;",
            "A;;10;no date;",
            "",
            'A;2024-02-30;10;"a ""quoted""; note";',
            "A;2024-01-01;;no amount;",
            "A;2024-01-01;ten;text;",
            "A;2024-01-01;0,00;nothing;",
            "A;2024-01-01;10;odd;XYZ",
            "Z;2024-01-01;10;who;",
            "A;2024-01-01;10;too;USD;many",
            f"A;{later};10;soon;",
        )
        self.assertEqual((result.rows, result.imported, result.refused), (10, 1, 9))
        self.assertEqual(result.errors, dict.fromkeys((
            "no_date", "date", "no_amount", "amount", "zero", "currency", "unknown", "overlong", "future",
        ), 1))
        rows = list(csv.reader(io.StringIO(result.error_file.decode("utf-8-sig")), delimiter=";"))
        self.assertEqual(rows[0], ["ref", "date", "amount", "note", "currency", "Row", "Reason"])
        self.assertEqual(rows[2][:5], ["A", "2024-02-30", "10", 'a "quoted"; note', ""])
        self.assertEqual([(int(row[5]), row[6]) for row in rows[1:]], [
            (3, "Date missing."),
            (5, "“2024-02-30” is not a date."),
            (6, "Amount missing."),
            (7, "“ten” is not an amount."),
            (8, "The amount is zero."),
            (9, "There is no currency “XYZ”. Use the three-letter code."),
            (10, "No customer was found with Customer Reference “Z”."),
            (11, "The row has 6 cells, more than there are columns."),
            (12, f"{later} is in the future."),
        ])

    def test_bad_margin(self):
        self._partner("A", ref="A")
        result = self._import_rows("ref,date,amount,margin", "A,2024-01-01,10,much", "A,2024-01-01,10,")
        self.assertEqual((result.imported, result.errors), (1, {"margin": 1}))

    def test_dry_run_equals_import(self):
        self._partner("A", ref="A")
        for name in ("Twin A", "Twin B"):
            self._partner(name, email="twin@example.com")
        self._import_rows("ref,date,amount", "A,2024-01-01,10")
        partners = self.env["res.partner"].with_context(active_test=False).search_count([])
        content = (
            "ref,email,date,amount",
            "A,,2024-01-01,10", "A,,2024-01-02,20", "N-1,,2024-01-02,30", "N-1,,2024-01-03,30",
            ",twin@example.com,2024-01-03,30", "N-2,,2024-01-03,0", "N-3,,x,1", ",n1@example.com,2024-01-03,4",
        )
        dry = self._import_rows(*content, create_customers=True, dry_run=True)
        self.assertEqual(len(self._purchases()), 1)
        self.assertEqual(self.env["res.partner"].with_context(active_test=False).search_count([]), partners)
        self.assertFalse(dry.error_file)
        real = self._import_rows(*content, create_customers=True)
        real.error_file = b""
        self.assertEqual(dry, real)
        self.assertEqual((dry.imported, dry.known, dry.created, dry.amount), (4, 1, 3, 84.0))
        self.assertEqual(dry.errors, {"ambiguous": 1, "zero": 1, "date": 1})
        self.assertEqual(len(self._purchases()), 5)

    def test_failure_leaves_nothing(self):
        store = "odoo.addons.crm_customer_value.wizards.purchase.purchase_import_job.staging.store"
        with self._broken(store), self.assertRaises(RuntimeError):
            self._import_rows("ref,date,amount", "N-1,2024-01-01,10", create_customers=True)
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "N-1")]))
        self.assertFalse(self._purchases())

    def test_customers_are_marked_once(self):
        partner = self._partner("A", ref="A")
        self.env.cr.precommit.run()
        self.env["customer.value.mark"].search([]).unlink()
        self._import_rows("ref,date,amount", "A,2024-01-01,10", "A,2024-01-02,10")
        self.env.cr.precommit.run()
        mark = self.env["customer.value.mark"].search([("partner_id", "=", partner.id)])
        self.assertEqual(mark.mapped("company_id"), [self.company.id])

    def test_value_follows(self):
        partner = self._partner("A", ref="A")
        self._import_rows(
            "ref,date,amount", f"A,{self._day(10)},10", f"A,{self._day(5)},20", f"A,{self._day(4)},-5"
        )
        self.env["customer.value.run"]._recompute(self.company)
        value = self.env["customer.value"].search([
            ("partner_id", "=", partner.id), ("company_id", "=", self.company.id),
        ])
        self.assertEqual((value.revenue_total, value.order_count), (25, 2))

    def test_number_of_queries_does_not_grow(self):
        for number in range(20):
            self._partner(f"P {number}", ref=f"P-{number}")
        self.env.flush_all()
        counts = []
        for size in (2, 20):
            before = self.env.cr.sql_log_count
            self._import_rows(
                "ref,date,amount", *(f"P-{number},2024-01-01,{size}" for number in range(size))
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_row_limit(self):
        self.env["ir.config_parameter"].set_param("crm_customer_value.import_max_rows", "2")
        content = ["ref,date,amount", *(f"A,2024-01-0{day},1" for day in (1, 2, 3))]
        with self.assertRaisesRegex(UserError, "more than 2 rows.*Split it"):
            self._import_rows(*content, create_customers=True)
        self.assertEqual(self._import_rows(*content[:3], create_customers=True).imported, 2)

    # ---- access ----------------------------------------------------------------------

    def test_only_sales_managers(self):
        self._partner("A", ref="A")
        content = b"ref,date,amount\nA,2024-01-01,10"
        user = self._user("sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self._model(user)._import_file(self.company, "shop.csv", content)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self._model(user).create({})
        manager = self._user("sales_team.group_sale_manager", login="import_manager")
        result = self._model(manager)._import_file(
            self.company, "shop.csv", b"ref,date,amount\nB,2024-01-01,10", {"create_customers": True}
        )
        self.assertEqual((result.imported, result.created), (1, 1))
        self.assertEqual(self._purchases().create_uid, manager)

    def test_only_own_companies(self):
        other = self._make_company("Elsewhere")
        manager = self._user("sales_team.group_sale_manager")
        with self.assertRaisesRegex(AccessError, "Elsewhere"):
            self._model(manager)._import_file(other, "shop.csv", b"ref,date,amount\nA,2024-01-01,10")

    def test_only_own_wizard(self):
        wizard = self._model(self._user("sales_team.group_sale_manager")).create({"file_name": "mine.csv"})
        other = self._user("sales_team.group_sale_manager", login="second_manager")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            wizard.with_user(other).action_read()
