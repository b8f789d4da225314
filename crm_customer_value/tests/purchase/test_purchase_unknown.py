import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .purchase_import_case import PurchaseImportCase


@tagged("post_install", "-at_install")
class TestPurchaseUnknown(PurchaseImportCase):
    """Names that nobody knows: told, and created one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("sales_team.group_sale_manager,product.group_product_manager")
        cls.known = cls._partner("Known", ref="K")

    def _checked(self, *lines, user=None, **values):
        """Return an import whose file is checked."""
        wizard = self._model(user or self.manager).create({
            "file": base64.b64encode("\n".join(lines).encode()), "file_name": "shop.csv", **values,
        })
        wizard.action_read()
        wizard.action_check()
        return wizard

    def _created(self):
        return self.env["res.partner"].search([("company_id", "=", self.company.id)])

    # ---- what is told ----------------------------------------------------------------------

    def test_names_are_told(self):
        names = ["Acme", "Blue Heron", "Cedar", "Dune", "Elm", "Fig", "Gull"]
        wizard = self._checked("name,date,amount", "Known,2024-01-01,1", *(f"{name},2024-01-01,1" for name in names))
        self.assertIn(
            "7 customers are unknown: Acme · Blue Heron · Cedar · Dune · Elm … (2 more).", wizard.result_html
        )
        self.assertEqual(wizard.unknown_customer_ids.mapped("name"), names)
        wizard.action_import()
        # Those who were not created are told afterwards, too.
        self.assertIn("7 customers are unknown: Acme", wizard.result_html)
        lines = base64.b64decode(wizard.error_file).decode("utf-8-sig").splitlines()
        self.assertEqual(
            [line.rpartition(",")[2] for line in lines[1:]],
            [f"No customer was found with Customer Name “{name}”." for name in names],
        )

    def test_many_names(self):
        """Unknown names as many as rows: no statement joins each with each, which took minutes for 50,000."""
        names = [f"Stranger {number * 7919}" for number in range(30000)]
        self.env.cr.execute("SET LOCAL statement_timeout = '15s'")
        result = self._import_rows("name,date,amount", *(f"{name},2024-01-01,1" for name in names), dry_run=True)
        self.env.cr.execute("SET LOCAL statement_timeout = 0")
        self.assertEqual([customer["name"] for customer in result.unknown_customers], names)

    def test_one_name(self):
        wizard = self._checked("name,date,amount", "Acme,2024-01-01,1", "Acme,2024-01-02,1")
        self.assertIn("One customer is unknown: Acme.", wizard.result_html)
        self.assertRecordValues(wizard.unknown_customer_ids, [{"name": "Acme", "rows": 2, "wanted": True}])

    def test_nobody_is_unknown(self):
        wizard = self._checked("name,date,amount", "Known,2024-01-01,1")
        self.assertNotIn("unknown", wizard.result_html)
        self.assertFalse(wizard.unknown_customer_ids)

    def test_only_rows_that_wait_for_a_customer_tell_one(self):
        """Not those of another fault, nor those imported when the customer still had that name."""
        renamed = self._partner("Old Name")
        content = ("name,date,amount", "Old Name,2024-01-01,1")
        self._import_rows(*content)
        renamed.name = "New Name"
        result = self._import_rows(
            *content, "Wrong,never,1", "Nothing,2024-01-01,0", ",2024-01-01,1", "Acme,2024-01-01,1", dry_run=True
        )
        self.assertEqual((result.known, result.errors), (1, {"date": 1, "zero": 1, "nobody": 1, "unknown": 1}))
        self.assertEqual([customer["name"] for customer in result.unknown_customers], ["Acme"])

    def test_same_as_creating_all(self):
        """The listed customers are those that the option to create them would make."""
        content = (
            "ref,name,email,vat,date,amount",
            "N-1,New One,NEW@example.com,XX123456,2024-01-01,2",
            "N-1,New One,,,2024-01-02,3",
            ",,new@example.com,,2024-01-03,4",
            "N-2,,,,2024-01-03,5",
            "0017.0,Zero,,,2024-01-03,5",
            "17,Zero,,,2024-01-04,5",
            ",Shared A,office@example.com,,2024-01-04,5",
            ",Other B,office@example.com,,2024-01-04,5",
            ",\"Miller, John\",,,2024-01-04,5",
            ",John Miller,,,2024-01-05,5",
            "K,Known,,,2024-01-05,5",
        )
        told = self._import_rows(*content, dry_run=True).unknown_customers
        result = self._import_rows(*content, create_customers=True)
        self.assertEqual(
            sorted((one["ref"], one["email"], one["vat"], one["name"]) for one in told),
            sorted(
                (one.ref or "", one.email or "", one.vat or "", "" if one.name == one.ref else one.name)
                for one in self._created()
            ),
        )
        self.assertEqual((result.created, len(told)), (7, 7))
        self.assertEqual(sum(one["rows"] for one in told), 10)

    # ---- creating them ---------------------------------------------------------------------

    def test_create_all_and_import(self):
        content = (
            "ref,name,email,country,date,amount", "N-1,Acme,a@example.com,Germany,2024-01-01,1",
            "N-2,Blue Heron,,,2024-01-01,2", "K,,,,2024-01-01,3",
        )
        wizard = self._checked(*content)
        self.assertEqual(wizard.importable, 1)
        wizard.action_create_customers()
        self.assertEqual((wizard.state, wizard.importable), ("check", 3))
        self.assertFalse(wizard.unknown_customer_ids)
        self.assertNotIn("unknown", wizard.result_html)
        self.assertRecordValues(self._created().sorted("ref"), [
            {"name": "Acme", "ref": "N-1", "email": "a@example.com", "country_id": self.env.ref("base.de").id,
             "customer_rank": 1, "create_uid": self.manager.id},
            {"name": "Blue Heron", "ref": "N-2", "email": False, "country_id": False, "customer_rank": 1,
             "create_uid": self.manager.id},
        ])
        self.assertFalse(self._purchases(), "nothing is imported before the button for that")
        wizard.action_import()
        self.assertEqual((wizard.imported, wizard.error_file), (3, False))
        self.assertEqual(self._purchases().partner_id, self._created() | self.known)

    def test_create_only_what_is_ticked(self):
        wizard = self._checked("name,date,amount", "Acme,2024-01-01,1", "Acmee,2024-01-01,2", "Dune,2024-01-01,4")
        with Form(wizard) as form, form.unknown_customer_ids.edit(1) as misspelled:
            self.assertEqual(misspelled.name, "Acmee")
            misspelled.wanted = False
        wizard.action_create_customers()
        self.assertEqual(sorted(self._created().mapped("name")), ["Acme", "Dune"])
        self.assertEqual((wizard.importable, wizard.unknown_customer_ids.mapped("name")), (2, ["Acmee"]))
        self.assertIn("One customer is unknown: Acmee.", wizard.result_html)
        self.assertFalse(wizard.unknown_customer_ids.wanted, "a second click must not create who was unticked")
        with self.assertRaisesRegex(UserError, "Tick at least one"):
            wizard.action_create_customers()
        wizard.action_import()
        self.assertEqual(wizard.imported, 2)
        self.assertNotIn("Customers created", wizard.result_html, "they were created a step before, so 0 would mislead")

    def test_two_spellings_are_one_customer(self):
        """Letters and blanks make no difference; accents do, so that both names are listed."""
        wizard = self._checked(
            "name,date,amount", "Blue Heron,2024-01-01,1", "BLUE  HERON,2024-01-02,2", "Blüe Heron,2024-01-03,4"
        )
        self.assertRecordValues(wizard.unknown_customer_ids, [
            {"name": "Blue Heron", "rows": 2}, {"name": "Blüe Heron", "rows": 1},
        ])
        wizard.unknown_customer_ids[1].wanted = False
        wizard.action_create_customers()
        self.assertEqual((wizard.importable, self._created().mapped("name")), (2, ["Blue Heron"]))

    def test_markup_is_text(self):
        name = "<img src=x onerror=alert(1)>"
        wizard = self._checked("name,date,amount", f"{name},2024-01-01,1")
        self.assertNotIn("<img", wizard.result_html)
        self.assertIn("&lt;img", wizard.result_html)
        wizard.action_create_customers()
        self.assertEqual((self._created().name, wizard.importable), (name, 1))

    def test_without_a_name(self):
        """Who has only a reference or an address is called by that, as when all are created."""
        wizard = self._checked("ref,email,name,date,amount", "N-1,,,2024-01-01,1", ",n@example.com,,2024-01-01,2")
        self.assertEqual(wizard.unknown_customer_ids.mapped("name"), ["N-1", "n@example.com"])
        wizard.action_create_customers()
        self.assertEqual(sorted(self._created().mapped("name")), ["N-1", "n@example.com"])
        self.assertEqual(wizard.importable, 2)

    def test_long_names(self):
        name = "Heron" * 60
        wizard = self._checked("name,date,amount", f"{name},2024-01-01,1")
        self.assertIn(f"One customer is unknown: {'Heron' * 12}….", wizard.result_html)
        self.assertNotIn("Heron" * 13, wizard.result_html)
        wizard.action_create_customers()
        self.assertEqual(self._created().name, name)

    def test_200_names(self):
        rows = [f"Customer {number},2024-01-01,1" for number in range(200)]
        wizard = self._checked("name,date,amount", *rows)
        self.assertEqual((len(wizard.unknown_customer_ids), wizard.importable), (200, 0))
        self.assertIn("Customer 4 … (195 more)", wizard.result_html)
        wizard.action_create_customers()
        self.assertEqual((len(self._created()), wizard.importable), (200, 200))

    def test_more_names_than_are_listed(self):
        wizard = self._checked("name,date,amount", *(f"Customer {number},2024-01-01,1" for number in range(503)))
        self.assertEqual(len(wizard.unknown_customer_ids), 500)
        self.assertIn("503 customers are unknown", wizard.result_html)
        self.assertIn("Only the first 500 are listed below.", wizard.result_html)
        wizard.action_create_customers()
        self.assertEqual((len(wizard.unknown_customer_ids), wizard.importable), (3, 500))

    def test_created_by_somebody_else_in_the_meantime(self):
        wizard = self._checked("name,date,amount", "Acme,2024-01-01,1", "Dune,2024-01-01,2")
        acme = self._partner("Acme", company_id=self.company.id)
        wizard.action_create_customers()
        self.assertEqual(sorted(self._created().mapped("name")), ["Acme", "Dune"])
        wizard.action_import()
        self.assertEqual(self._purchases(acme).amount, 1.0)

    def test_back_and_another_choice(self):
        """What was listed is listed anew by the next check."""
        wizard = self._checked("name,date,amount", "Acme,2024-01-01,1")
        wizard.action_back()
        wizard.action_create_customers()
        self.assertFalse(self._created(), "nothing is checked any more")
        wizard.unknown_customers = "create"
        wizard.action_check()
        self.assertFalse(wizard.unknown_customer_ids)
        self.assertEqual(wizard.importable, 1)

    def test_nothing_but_the_tick_is_written(self):
        wizard = self._checked("name,date,amount", "Acme,2024-01-01,1")
        for values in ({"name": "Other"}, {"key": "x"}, {"kind": "product"}):
            with self.assertRaises(AccessError):
                wizard.unknown_customer_ids.write(values)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            wizard.unknown_customer_ids.create({"import_id": wizard.id, "kind": "customer", "key": "x"})
        other = self._user("sales_team.group_sale_manager", login="second_manager")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            wizard.unknown_customer_ids.with_user(other).wanted = False

    def test_number_of_queries_does_not_grow(self):
        counts = []
        for size in (2, 60):
            rows = [f"Customer {number},2024-01-01,{size}" for number in range(size)]
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self._import_rows("name,date,amount", *rows, dry_run=True).unknown_customers), size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # ---- products --------------------------------------------------------------------------

    def _products(self):
        return self.env["product.product"].search([("company_id", "=", self.company.id)])

    def test_products(self):
        self.env["product.product"].create({"name": "White Mug", "default_code": "MUG"})
        wizard = self._checked(
            "ref,date,order,product,description,quantity,price", "K,2024-01-01,S1,MUG,,1,2",
            "K,2024-01-01,S1,L-1,Lamp,1,3", "K,2024-01-02,S2,L-1,Lamp,2,3", "K,2024-01-02,S2,,<b>Cup</b>,1,1",
        )
        self.assertIn(
            "2 products are unknown and kept as text: [L-1] Lamp · &lt;b&gt;Cup&lt;/b&gt;.", wizard.result_html
        )
        self.assertRecordValues(wizard.unknown_product_ids, [
            {"name": "Lamp", "ref": "L-1", "wanted": True}, {"name": "<b>Cup</b>", "ref": "", "wanted": True},
        ])
        wizard.unknown_product_ids[1].wanted = False
        wizard.action_create_products()
        self.assertRecordValues(self._products(), [{"name": "Lamp", "default_code": "L-1"}])
        self.assertIn("One product is unknown and kept as text", wizard.result_html)
        wizard.action_import()
        self.assertEqual(
            [(line.product_name or "", line.product_id.default_code or "")
             for line in self._purchases().line_ids.sorted("id")],
            [("", "MUG"), ("Lamp", "L-1"), ("Lamp", "L-1"), ("<b>Cup</b>", "")],
        )

    def test_products_of_who_may_not_create_any(self):
        """They are told, but not offered."""
        seller = self._user("sales_team.group_sale_manager", login="no_products")
        group = self.env.ref("product.group_product_manager")
        if group in seller.all_group_ids:
            self.skipTest("sales managers create products in this database")
        wizard = self._checked("ref,date,amount,product", "K,2024-01-01,1,Lamp", user=seller)
        self.assertIn("One product is unknown and kept as text: Lamp.", wizard.result_html)
        self.assertFalse(wizard.unknown_product_ids)
