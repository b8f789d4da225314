import hashlib
from datetime import date

from odoo.tests import new_test_user, tagged

from .purchase_import_case import PurchaseImportCase


@tagged("post_install", "-at_install")
class TestPurchaseMatching(PurchaseImportCase):
    """Which customers rows mean, and which purchases were imported before."""

    def _created(self):
        """Return the partners that imports created for the test's company."""
        return self.env["res.partner"].search([("company_id", "=", self.company.id)], order="id")

    @staticmethod
    def _note(result, code):
        return next((note for note in result.notes if note[0] == code), None)

    # ---- the same purchases again ----------------------------------------------------

    def test_same_purchases_by_another_key(self):
        partner = self._partner("Ann Lee", ref="A-1", email="ann@example.com")
        first = self._import_rows("email,date,amount", "ann@example.com,2024-01-01,10", "ann@example.com,2024-01-02,20")
        again = self._import_rows(
            "amount,ref,date,email", "10.00,A-1,2024-01-01,ann@example.com", "20,A-1,2024-01-02,", "30,A-1,2024-01-02,",
            name="other.csv",
        )
        self.assertEqual((first.imported, first.known), (2, 0))
        self.assertEqual((again.imported, again.known), (1, 2))
        self.assertEqual(sorted(self._purchases(partner).mapped("amount")), [10, 20, 30])

    def test_equal_purchases_by_another_key(self):
        """Two equal purchases were imported; of three in the next file one is new."""
        self._partner("Ann Lee", ref="A-1", email="ann@example.com")
        self._import_rows("email,date,amount", *["ann@example.com,2024-01-01,10"] * 2)
        self.assertEqual(self._import_rows("ref,date,amount", *["A-1,2024-01-01,10"] * 2).known, 2)
        more = self._import_rows("ref,date,amount", *["A-1,2024-01-01,10"] * 3)
        self.assertEqual((more.imported, more.known), (1, 2))
        self.assertEqual(self._import_rows("ref,date,amount", *["A-1,2024-01-01,10"] * 3).known, 3)
        self.assertEqual(len(self._purchases()), 3)

    def test_same_purchases_in_another_currency_by_another_key(self):
        self._partner("Ann Lee", ref="A-1", email="ann@example.com")
        self._rates({"2024-01-01": 0.8})
        self._import_rows("email,date,amount,currency", "ann@example.com,2024-01-01,33.33,EUR")
        self._rates({"2024-01-01": 0.5})
        again = self._import_rows("ref,date,amount,currency", "A-1,2024-01-01,33.33,EUR", "A-1,2024-01-01,41.66,USD")
        self.assertEqual((again.imported, again.known), (1, 1))

    def test_known_after_merging_customers(self):
        """Purchases of who was merged are known under the name of who stays."""
        first = self._partner("Ann Lee", ref="A-1")
        second = self._partner("Anne Lee", email="anne@example.com")
        self._import_rows("ref,date,amount", "A-1,2024-01-01,10", "A-1,2024-01-02,20")
        self._import_rows("email,date,amount", "anne@example.com,2024-01-01,10")
        self.env["base.partner.merge.automatic.wizard"]._merge((first | second).ids, first)
        self.assertEqual(sorted(self._purchases(first).mapped("amount")), [10, 10, 20])
        again = self._import_rows(
            "name,date,amount", *["Ann Lee,2024-01-01,10"] * 2, "Ann Lee,2024-01-02,20", "Ann Lee,2024-01-03,30"
        )
        self.assertEqual((again.imported, again.known), (1, 3))

    def test_known_after_becoming_a_contact(self):
        partner = self._partner("Ann Lee", email="ann@example.com")
        self._import_rows("email,date,amount", "ann@example.com,2024-01-01,10")
        partner.parent_id = self._partner("Lee Ltd", ref="L-1", is_company=True)
        self.assertEqual(self._import_rows("ref,date,amount", "L-1,2024-01-01,10").known, 1)

    def test_corrected_purchase_stays_known(self):
        """Who corrects what was imported does not get it again with the same file."""
        other = self._partner("Other")
        self._partner("Ann Lee", ref="A-1")
        self._import_rows("ref,date,amount", "A-1,2024-01-01,10")
        self._purchases().write({"amount": 12.0, "partner_id": other.id})
        self.assertEqual(self._import_rows("ref,date,amount", "A-1,2024-01-01,10").known, 1)

    def test_renamed_customer_is_not_created_again(self):
        content = ("ref,date,amount", "A-1,2024-01-01,10")
        self._import_rows(*content, create_customers=True)
        self._created().ref = "B-1"
        again = self._import_rows(*content, create_customers=True)
        self.assertEqual((again.known, again.created), (1, 0))
        self.assertEqual(len(self._created()), 1)

    def test_keys_of_older_versions(self):
        """What version 19.0.1.2.0 imported is known: by its key, and by the customer who was found."""
        partner = self._partner("Ann Lee", ref="A-1", email="ann@example.com")

        def old_key(customer, number):
            text = chr(31).join((customer, "2024-01-01", "10", "USD", "S-1", str(number)))
            return hashlib.sha256(text.encode()).hexdigest()

        self.env["customer.purchase.history"].create([
            {"company_id": self.company.id, "partner_id": partner.id, "date": "2024-01-01", "amount": amount,
             "reference": "S-1", "import_key": old_key("email:ann@example.com", number)}
            for number, amount in ((1, 10.0), (2, 11.0))  # the second was corrected by hand
        ])
        by_text = self._import_rows(
            "email,date,amount,currency,order", *["ann@example.com,2024-01-01,10.00,USD,S-1"] * 2
        )
        self.assertEqual((by_text.imported, by_text.known), (0, 2))
        by_customer = self._import_rows("ref,date,amount,order", "A-1,2024-01-01,10,S-1", "A-1,2024-01-01,10,S-2")
        self.assertEqual((by_customer.imported, by_customer.known), (1, 1))

    # ---- what names nobody -----------------------------------------------------------

    def test_placeholders_are_no_keys(self):
        collectors = [
            self._partner(f"Collector {number}", **values)
            for number, values in enumerate((
                {"vat": "NA"}, {"ref": "0"}, {"ref": "-"}, {"ref": "n.a."}, {"vat": "000000000"},
                {"email": "guest@shop.example"},
            ))
        ]
        result = self._import_rows(
            "ref,vat,email,name,date,amount",
            "0,N/A,,Ann Lee,2024-01-01,1",
            "-,NA,,Bob Ray,2024-01-01,2",
            "n.a.,000000000,,Cy Orr,2024-01-01,3",
            "NONE,null,guest@shop.example,Di Poe,2024-01-01,4",
            "?,--,,Guest,2024-01-01,5",
            create_customers=True,
        )
        self.assertEqual((result.imported, result.created, result.errors), (4, 4, {"nobody": 1}))
        self.assertFalse(self._purchases().partner_id & self.env["res.partner"].concat(*collectors))
        self.assertEqual(
            [(partner.name, partner.ref, partner.vat, partner.email) for partner in self._created()],
            [(name, False, False, False) for name in ("Ann Lee", "Bob Ray", "Cy Orr", "Di Poe")],
        )
        self.assertEqual(self._note(result, "placeholder")[1], 5)
        self.assertIn("These values do not identify anybody: “?”, “--”, “Guest”", self._reasons(result)[0])

    def test_one_address_for_all_guests(self):
        """An address that different names share finds nobody, creates nobody, and is told before."""
        content = (
            "email,name,date,amount",
            "shop@example.com,Ann Lee,2024-01-01,1",
            "shop@example.com,Bob Ray,2024-01-01,2",
            "shop@example.com,John Orr,2024-01-01,3",
            "shop@example.com,Lee; Ann,2024-01-02,4",
        )
        dry = self._import_rows(*content, dry_run=True)
        self.assertEqual((dry.imported, dry.errors), (0, {"shared": 4}))
        self.assertEqual(self._note(dry, "shared")[1:3], (4, [2, 3, 4, 5]))
        result = self._import_rows(*content[:4], create_customers=True)
        self.assertEqual((result.imported, result.created), (3, 3))
        self.assertEqual(
            [(partner.name, partner.email) for partner in self._created()],
            [("Ann Lee", False), ("Bob Ray", False), ("John Orr", False)],
        )

    def test_shared_reference_that_is_a_customers(self):
        """Who has that number gets the rows of that name, nobody is created for the others."""
        partner = self._partner("Ann Lee", ref="9999")
        content = (
            "ref,name,date,amount",
            "9999,Ann Lee,2024-01-01,1", "9999,Bob Ray,2024-01-01,2", "9999,A. Lee,2024-01-01,3",
        )
        dry = self._import_rows(*content, match_order=("ref",), dry_run=True)
        self.assertEqual((dry.imported, dry.errors), (2, {"shared": 1}))
        result = self._import_rows(*content, create_customers=True)
        self.assertEqual((result.imported, result.created, result.errors), (2, 0, {"shared": 1}))
        self.assertEqual(sorted(self._purchases(partner).mapped("amount")), [1, 3])

    def test_names_spelled_otherwise_share_a_key(self):
        partner = self._partner("Ann Lee", ref="A-1")
        result = self._import_rows(
            "ref,name,date,amount", "A-1,Ann Lee,2024-01-01,1", 'A-1,"Lee, Ann",2024-01-01,2',
            "A-1,Dr. Ann Lee,2024-01-01,3", "A-1,Anne Lee,2024-01-01,4",
        )
        self.assertEqual((result.imported, self._note(result, "shared")), (4, None))
        self.assertEqual(len(self._purchases(partner)), 4)

    def test_names_that_differ_in_a_letter_or_number(self):
        result = self._import_rows(
            "email,vat,name,date,amount",
            "shop@example.com,,Customer A,2024-01-01,1", "shop@example.com,,Customer B,2024-01-01,2",
            ",BE0477472701,Store 101,2024-01-01,3", ",BE0477472701,Store 104,2024-01-01,4",
            create_customers=True,
        )
        self.assertEqual(
            [(partner.name, partner.email, partner.vat) for partner in self._created()],
            [(name, False, False) for name in ("Customer A", "Customer B", "Store 101", "Store 104")],
        )
        self.assertEqual(self._note(result, "shared")[1], 4)

    def test_shortened_number_is_no_key(self):
        self._partner("Ann Lee", ref="1.23457E+11")
        result = self._import_rows("ref,date,amount", "1.23457E+11,2024-01-01,1")
        self.assertEqual(result.errors, {"nobody": 1})

    # ---- another person --------------------------------------------------------------

    def test_same_name_other_address(self):
        john = self._partner("John Smith", email="j1@example.com")
        content = ("name,email,date,amount", "John Smith,j3@example.com,2024-01-01,5")
        result = self._import_rows(*content)
        self.assertEqual(result.errors, {"unknown": 1})
        self.assertIn("another Customer E-mail: “j1@example.com”", self._reasons(result)[0])
        result = self._import_rows(*content, create_customers=True)
        self.assertEqual(result.created, 1)
        self.assertFalse(self._purchases(john))

    def test_same_name_other_keys(self):
        self._partner("John Smith", vat="BE0477472701", ref="J-1", country_id=self.env.ref("base.be").id)
        result = self._import_rows(
            "ref,vat,name,country,date,amount",
            ",BE0403170701,John Smith,,2024-01-01,1",
            "J-2,,John Smith,,2024-01-01,2",
            ",,John Smith,France,2024-01-01,3",
            ",,John Smith,Belgium,2024-01-01,4",
        )
        self.assertEqual((result.imported, result.errors), (1, {"unknown": 3}))
        self.assertEqual(self._purchases().amount, 4)

    def test_company_with_another_address(self):
        """People of one company write from many addresses."""
        company = self._partner("Lee Ltd", is_company=True, email="info@lee.example")
        self._import_rows("name,email,date,amount", "LEE Ltd.,sales@lee.example,2024-01-01,5")
        self.assertEqual(self._purchases().partner_id, company)

    def test_address_of_two_with_the_name_of_one(self):
        self._partner("Ann Lee", email="office@example.com")
        bob = self._partner("Bob Ray", email="office@example.com")
        result = self._import_rows(
            "email,name,date,amount",
            "office@example.com,Bob Ray,2024-01-01,5", "office@example.com,Bob Ray,2024-01-02,6",
        )
        self.assertEqual((result.imported, self._purchases().partner_id), (2, bob))

    def test_reference_and_vat_of_two_customers(self):
        self._partner("Ann Lee", ref="A-1", vat="BE0477472701")
        self._partner("Bob Ray", ref="B-1", vat="BE0403170701")
        result = self._import_rows(
            "ref,vat,date,amount",
            "A-1,BE0403170701,2024-01-01,1",
            "A-1,BE0999999922,2024-01-01,2",
            "C-1,BE0477472701,2024-01-01,3",
            create_customers=True,
        )
        self.assertEqual((result.imported, result.created, result.errors), (0, 0, {"contradiction": 3}))
        reasons = self._reasons(result)
        self.assertIn("Ann Lee has the same Customer Reference, but another Customer VAT: “BE0477472701”.", reasons[0])
        self.assertIn("Ann Lee has the same Customer VAT, but another Customer Reference: “A-1”.", reasons[2])

    def test_address_of_one_with_the_vat_of_another(self):
        """A tax number tells more than an address, which a bookkeeper may share with many firms."""
        self._partner("Ann Lee", vat="BE0477472701", email="books@example.com")
        bob = self._partner("Bob Ray", vat="BE0403170701")
        self._import_rows("email,vat,date,amount", "books@example.com,BE0403170701,2024-01-01,1")
        self.assertEqual(self._purchases().partner_id, bob)

    def test_country_against_vat(self):
        belgian = self._partner("Ann Lee", vat="BE0477472701")
        result = self._import_rows(
            "vat,country,date,amount",
            "0477472701,Germany,2024-01-01,1",
            "0477472701,Belgique,2024-01-02,2",
            "BE 0477.472.701,Germany,2024-01-03,3",
        )
        self.assertEqual((result.imported, result.errors), (2, {"contradiction": 1}))
        self.assertEqual(sorted(self._purchases(belgian).mapped("amount")), [2, 3])

    def test_same_name_in_two_countries(self):
        result = self._import_rows(
            "name,country,date,amount",
            "Ann Lee,,2024-01-01,1", "Ann Lee,DE,2024-01-01,2", "Ann Lee,Austria,2024-01-01,3",
            "Ann Lee,AT,2024-01-02,4",
            "Bob Ray,,2024-01-01,5", "Bob Ray,DE,2024-01-01,6",
            create_customers=True,
        )
        self.assertEqual((result.imported, result.created, result.errors), (5, 3, {"ambiguous": 1}))
        self.assertEqual(
            [(partner.name, partner.country_id.code) for partner in self._created()],
            [("Ann Lee", "DE"), ("Ann Lee", "AT"), ("Bob Ray", "DE")],
        )

    def test_found_under_another_name_is_told(self):
        self._partner("Ann Lee", email="ann@example.com")
        result = self._import_rows("email,name,date,amount", "ann@example.com,Bob Ray,2024-01-01,1", dry_run=True)
        self.assertEqual(
            self._note(result, "name"),
            ("name", 1, [2], [{"kind": "name", "value": "Bob Ray", "name": "Ann Lee", "other": None}]),
        )

    # ---- formats ---------------------------------------------------------------------

    def test_formats_of_references(self):
        zeros = self._partner("Zeros", ref="000123")
        plain = self._partner("Plain", ref="17850")
        capital = self._partner("Capital", ref="C77")
        result = self._import_rows(
            "ref,date,amount", "123,2024-01-01,1", "17850.0,2024-01-01,2", "c77,2024-01-01,3", "'C 77,2024-01-02,4",
            '"17,850",2024-01-02,5', "\u200bC77,2024-01-03,6", create_customers=True,
        )
        self.assertEqual((result.imported, result.created, result.customers), (6, 0, 3))
        self.assertEqual(self._purchases(zeros).mapped("amount"), [1])
        self.assertEqual(sorted(self._purchases(plain).mapped("amount")), [2, 5])
        self.assertEqual(sorted(self._purchases(capital).mapped("amount")), [3, 4, 6])
        spelling = self._note(result, "spelling")
        self.assertEqual(spelling[1], 2)
        self.assertIn({"kind": "ref", "value": "123", "name": "Zeros", "other": "000123"}, spelling[3])

    def test_exact_reference_wins(self):
        small, capital = self._partner("Small", ref="c77"), self._partner("Capital", ref="C77")
        self._import_rows("ref,date,amount", "C77,2024-01-01,1", "c77,2024-01-01,2")
        self.assertEqual(self._purchases(capital).amount, 1)
        self.assertEqual(self._purchases(small).amount, 2)

    def test_doubtful_reference_makes_no_twin(self):
        self._partner("Ann Lee", ref="000123")
        result = self._import_rows("ref,name,date,amount", "123,Bob Ray,2024-01-01,1", create_customers=True)
        self.assertEqual((result.created, result.errors), (0, {"doubtful": 1}))
        self.assertIn("Customer Reference “123” is very similar to “000123” of Ann Lee.", self._reasons(result)[0])

    def test_file_that_tells_zeros_apart(self):
        """A file with 123 and 000123 means two customers: 123 is not taken for 000123."""
        partner = self._partner("Ann Lee", ref="000123")
        result = self._import_rows("ref,date,amount", "000123,2024-01-01,1", "123,2024-01-01,2", create_customers=True)
        self.assertEqual((result.imported, result.created, result.errors), (1, 0, {"doubtful": 1}))
        self.assertEqual(self._purchases(partner).amount, 1)

    def test_several_that_look_alike(self):
        for ref in ("0123", "00123"):
            self._partner(ref, ref=ref)
        result = self._import_rows("ref,date,amount", "123,2024-01-01,1", create_customers=True)
        self.assertEqual((result.created, result.errors), (0, {"ambiguous": 1}))

    def test_created_once_whatever_the_format(self):
        result = self._import_rows(
            "ref,name,date,amount", "17850.0,Ann Lee,2024-01-01,1", "17850,Ann Lee,2024-01-02,2",
            "c77,Bob Ray,2024-01-01,3", "C77,Bob Ray,2024-01-02,4", create_customers=True,
        )
        self.assertEqual((result.imported, result.created), (4, 2))
        self.assertEqual(self._created().mapped("ref"), ["17850", "c77"])

    def test_formats_of_vat(self):
        german = self._partner("German", vat="DE136695976")
        bare = self._partner("Bare", vat="0477472701", country_id=self.env.ref("base.be").id)
        greek = self._partner("Greek", vat="EL123456783")
        result = self._import_rows(
            "vat,country,date,amount",
            "de 136.695-976,,2024-01-01,1",
            "136695976,,2024-01-02,2",
            "BE 0477.472.701,,2024-01-03,3",
            "477472701,Belgium,2024-01-04,4",
            "GR 123456783,,2024-01-05,5",
            create_customers=True,
        )
        self.assertEqual((result.imported, result.created), (5, 0))
        self.assertEqual(sorted(self._purchases(german).mapped("amount")), [1, 2])
        self.assertEqual(sorted(self._purchases(bare).mapped("amount")), [3, 4])
        self.assertEqual(self._purchases(greek).mapped("amount"), [5])

    def test_odd_tax_numbers_do_not_stop_an_import(self):
        result = self._import_rows(
            "ref,vat,country,date,amount",
            "A,5,DE,2024-01-01,1", "B,DE1,DE,2024-01-01,1", "C,BE1234567890,BE,2024-01-01,1",
            create_customers=True,
        )
        self.assertEqual((result.imported, result.created), (3, 3))

    def test_what_was_set_aside_is_told(self):
        other = self._make_company("Elsewhere")
        self._partner("Theirs", ref="T-1", company_id=other.id)
        self._partner("Old", ref="O-1", active=False)
        result = self._import_rows("ref,date,amount", "T-1,2024-01-01,5", "O-1,2024-01-01,5")
        self.assertEqual(
            self._reasons(result),
            ["No customer was found with Customer Reference “T-1”. Theirs has the same Customer Reference, but "
             "belongs to Elsewhere."],
        )
        self.assertEqual(self._note(result, "archived")[1:3], (1, [3]))
        self.assertEqual(self._note(result, "company")[1:3], (1, [2]))

    def test_customers_one_may_not_see_are_not_told(self):
        other = self._make_company("Elsewhere")
        self._partner("Theirs", ref="T-1", company_id=other.id)
        result = self._model(self._user("sales_team.group_sale_manager"))._import_file(
            self.company, "shop.csv", b"ref,date,amount\nT-1,2024-01-01,5"
        )
        self.assertEqual(self._reasons(result), ["No customer was found with Customer Reference “T-1”."])

    # ---- names and addresses ---------------------------------------------------------

    def test_names_as_odoo_exports_them(self):
        company = self._partner("Lee, Ray & Co. Ltd", is_company=True)
        contact = self._partner("Ann Orr", parent_id=company.id)
        address = self._partner(False, parent_id=company.id, type="invoice")
        names = [contact.display_name, address.display_name, f"{company.name}, Somebody New", "Ann Orr"]
        result = self._import_rows(
            "name,date,amount", *(f'"{name}",2024-01-0{day},1' for day, name in enumerate(names, 1)),
            create_customers=True,
        )
        self.assertEqual((result.imported, result.created), (4, 0))
        self.assertEqual(self._purchases().partner_id, company)

    def test_letters_written_in_two_ways(self):
        composed = self._partner("Zo\u00eb M\u00fcller")
        german = self._partner("Weißstraße AG", is_company=True)
        polish = self._partner("Łukasz Żółć")
        irish = self._partner("Pat O\u2019Shea")
        result = self._import_rows(
            "name,date,amount",
            "Zoe\u0308 Mu\u0308ller,2024-01-01,1",
            "WEISSSTRASSE AG,2024-01-02,2",
            "ŁUKASZ\u00a0ŻÓŁĆ,2024-01-03,3",
            "Pat O'Shea,2024-01-04,4",
            "\uff30at O'Shea,2024-01-05,5",
            '"Müller, Zoë",2024-01-06,6',
        )
        self.assertEqual(result.imported, 6)
        self.assertEqual(sorted(self._purchases(composed).mapped("amount")), [1, 6])
        self.assertEqual(self._purchases(german).mapped("amount"), [2])
        self.assertEqual(self._purchases(polish).mapped("amount"), [3])
        self.assertEqual(sorted(self._purchases(irish).mapped("amount")), [4, 5])

    def test_several_addresses_in_a_cell(self):
        ann = self._partner("Ann Lee", email="ann@example.com")
        bob = self._partner("Bob Ray", email="old@example.com, bob@example.com")
        result = self._import_rows(
            "email,date,amount",
            "a.lee@example.com; Ann@Example.com,2024-01-01,1",
            "Ann <ann@example.com>,2024-01-02,2",
            "bob@example.com,2024-01-03,3",
        )
        self.assertEqual(result.imported, 3)
        self.assertEqual(sorted(self._purchases(ann).mapped("amount")), [1, 2])
        self.assertEqual(self._purchases(bob).mapped("amount"), [3])

    def test_address_in_the_column_of_names(self):
        ann = self._partner("Ann Lee", email="ann@example.com")
        result = self._import_rows(
            "name,date,amount", "Ann <ann@example.com>,2024-01-01,1", "ann@example.com,2024-01-02,2",
            "Di Poe <di@example.com>,2024-01-03,3", create_customers=True,
        )
        self.assertEqual((result.imported, result.created), (3, 1))
        self.assertEqual(sorted(self._purchases(ann).mapped("amount")), [1, 2])
        self.assertRecordValues(self._created(), [{"name": "Di Poe", "email": "di@example.com"}])

    def test_overlapping_addresses_create_one(self):
        result = self._import_rows(
            "email,date,amount", "a@example.com,2024-01-01,1", "a@example.com; b@example.com,2024-01-02,2",
            create_customers=True,
        )
        self.assertEqual((result.imported, result.created), (2, 1))

    # ---- countries -------------------------------------------------------------------

    def test_country_of_created_customers(self):
        self.env["res.lang"]._activate_lang("de_DE")
        known = self._partner("Known", ref="K", country_id=self.env.ref("base.fr").id)
        texts = {
            "A": ("DE", "DE"), "B": ("DEU", "DE"), "C": ("Germany", "DE"), "D": ("Deutschland", "DE"),
            "E": ("ITALIEN", "IT"), "F": ("uk", "GB"), "G": ("U.S.A.", "US"), "H": ("EIRE", "IE"),
            "I": ("Côte d’Ivoire", "CI"),
            "J": ("Unspecified", False), "K": ("Germany", "FR"),
        }
        result = self._import_rows(
            "ref,country,date,amount", *(f"{ref},{text},2024-01-01,1" for ref, (text, _code) in texts.items()),
            create_customers=True,
        )
        self.assertEqual((result.imported, result.created), (11, 10))
        partners = self._created() | known
        self.assertEqual(
            {partner.ref: partner.country_id.code for partner in partners},
            {ref: code for ref, (_text, code) in texts.items()},
        )
        self.assertEqual(self._note(result, "country")[1:3], (1, [11]))

    # ---- what is read ----------------------------------------------------------------

    def test_unsaved_changes_are_seen(self):
        """All that the search reads by SQL is written to the database before."""
        company = self._partner("Company", is_company=True)
        partners = {
            key: self._partner(f"Before {key}", active=key != "active") for key in
            ("ref", "email", "vat", "name", "active", "company", "parent", "complete", "country")
        }
        self.env.flush_all()
        partners["ref"].ref = "R-1"
        partners["email"].email = "fresh@example.com"
        partners["vat"].vat = "XX123"
        partners["name"].name = "Fresh Name"
        partners["active"].write({"active": True, "ref": "R-2"})
        partners["company"].write({"company_id": self.company.id, "ref": "R-3"})
        partners["parent"].write({"parent_id": company.id, "ref": "R-4"})
        partners["complete"].write({"parent_id": company.id, "name": "Contact"})
        partners["country"].write({"vat": "0477472701", "country_id": self.env.ref("base.be").id})
        result = self._import_rows(
            "ref,email,vat,name,country,date,amount",
            "R-1,,,,,2024-01-01,1", ",fresh@example.com,,,,2024-01-01,2", ",,XX123,,,2024-01-01,3",
            ",,,Fresh Name,,2024-01-01,4", "R-2,,,,,2024-01-01,5", "R-3,,,,,2024-01-01,6", "R-4,,,,,2024-01-01,7",
            ',,,"Company, Contact",,2024-01-01,8', ",,477472701,,BE,2024-01-01,9",
        )
        self.assertEqual((result.imported, self._note(result, "archived")), (9, None))
        self.assertEqual(sorted(self._purchases(company).mapped("amount")), [7, 8])
        purchase = self._purchases(partners["ref"])
        self.env.flush_all()
        purchase.write({
            "date": date(2024, 5, 5), "reference": "S-9", "amount": 77.0, "partner_id": partners["email"].id,
        })
        again = self._import_rows("email,date,amount,order", "fresh@example.com,2024-05-05,77,S-9")
        self.assertEqual(again.known, 1)

    def test_number_of_queries_does_not_grow(self):
        """Whatever there is to find, set aside or refuse: the statements are the same."""
        for number in range(20):
            self._partner(f"P {number}", ref=f"00{number}", email=f"p{number}@example.com")
        self.env.flush_all()
        counts = []
        for size in (2, 20):
            before = self.env.cr.sql_log_count
            self._import_rows(
                "ref,email,name,country,date,amount",
                *(f"{number},p{number}@example.com,P {number},DE,2024-01-01,{size}" for number in range(size)),
                *(f",shop@example.com,N{number} M{number},XX,2024-01-01,{size}" for number in range(size)),
                "0,,,,2024-01-01,1",
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_only_visible_customers(self):
        other = self._make_company("Elsewhere")
        self._partner("Theirs", ref="T-1", company_id=other.id)
        manager = new_test_user(
            self.env, "matching_manager", "sales_team.group_sale_manager",
            company_id=self.company.id, company_ids=[self.company.id],
        )
        result = self._model(manager)._import_file(
            self.company, "shop.csv", b"ref,date,amount\nT-1,2024-01-01,5", {"create_customers": True}
        )
        self.assertEqual((result.imported, result.created), (1, 1))
