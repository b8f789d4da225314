import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .purchase_import_case import PurchaseImportCase


@tagged("post_install", "-at_install")
class TestPurchaseImportWizard(PurchaseImportCase):
    """The steps of the screen, as a sales manager goes through them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("sales_team.group_sale_manager")
        cls.partner = cls._partner("Zoë", ref="Z")

    def _wizard(self, *lines, **values):
        return self._model(self.manager).create({
            "file": base64.b64encode("\n".join(lines).encode()),
            "file_name": "shop.csv",
            **values,
        })

    def test_all_steps(self):
        wizard = self._wizard("No;When;Total;Remark", "Z;13.01.2024;1,5;a", "Q;14.01.2024;2,5;b", "Z;?;1;c")
        self.assertEqual((wizard.state, wizard.company_id), ("upload", self.company))
        wizard.action_read()
        self.assertEqual(wizard.state, "mapping")
        self.assertEqual(
            [(column.header, column.example, column.meaning) for column in wizard.column_ids],
            [("No", "Z · Q", False), ("When", "13.01.2024 · 14.01.2024 · ?", False),
             ("Total", "1,5 · 2,5 · 1", "amount"), ("Remark", "a · b · c", False)],
        )
        self.assertIn("Choose the column that means: Date.", wizard.preview_html)
        with Form(wizard) as form:
            # The preview fails in between and must not lose what is chosen so far.
            for position, meaning in ((0, "ref"), (1, "date")):
                with form.column_ids.edit(position) as column:
                    column.meaning = meaning
            self.assertIn("Zoë", form.preview_html)
            self.assertIn("Jan 13, 2024", form.preview_html)
            self.assertIn("No customer was found with Customer Reference “Q”.", form.preview_html)
            form.unknown_customers = "create"
            self.assertNotIn("No customer was found", form.preview_html)
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.importable), ("check", 2))
        self.assertIn("Nothing has been imported yet", wizard.result_html)
        self.assertFalse(self._purchases())
        wizard.action_back()
        self.assertEqual(wizard.state, "mapping")
        wizard.action_check()
        wizard.action_import()
        self.assertEqual((wizard.state, wizard.imported), ("done", 2))
        self.assertIn("Date not readable", wizard.result_html)
        self.assertEqual(wizard.error_file_name, "shop - not imported.csv")
        lines = base64.b64decode(wizard.error_file).decode("utf-8-sig").splitlines()
        self.assertEqual(lines, [
            "No;When;Total;Remark;Row;Reason", "Z;?;1;c;4;“?” is not a date.",
        ])
        action = wizard.action_open_purchases()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self._purchases())
        self.assertEqual(wizard.action_download_errors()["type"], "ir.actions.act_url")

    def test_two_columns_for_one_thing(self):
        wizard = self._wizard("ref,date,amount,margin", "Z,2024-01-01,1,1")
        wizard.action_read()
        wizard.column_ids[3].meaning = "amount"
        message = "“amount” and “margin” cannot both mean “Amount"
        self.assertIn(message, wizard.preview_html)
        with self.assertRaisesRegex(UserError, message):
            wizard.action_check()

    def test_wrong_choices_are_explained(self):
        with self.assertRaisesRegex(UserError, "Choose a file first"):
            self._model(self.manager).create({}).action_read()
        wizard = self._wizard("ref,date,amount", "Z,2024-01-01,1", separator="tab")
        with self.assertRaisesRegex(UserError, "“tab”.*“comma”"):
            wizard.action_read()
        self.assertEqual(wizard.state, "upload")

    def test_warnings_of_the_preview(self):
        wizard = self._wizard("name,date,amount", 'Zoë,03/04/2024,"1,234"', encoding="latin-1")
        wizard.action_read()
        self.assertIn("The file seems to use the encoding UTF-8", wizard.preview_html)
        self.assertIn("in several ways: day first or month first", wizard.preview_html)
        self.assertIn("The amounts of this file can be read in two ways", wizard.preview_html)
        wizard.write({"date_order": "dmy", "decimal": "."})
        self.assertNotIn("day first", wizard.preview_html)
        self.assertNotIn("two ways", wizard.preview_html)
        self.assertIn("Apr 3, 2024", wizard.preview_html)

    def test_preview_shows_markup_as_text(self):
        wizard = self._wizard("name,date,amount", "<img src=x onerror=alert(1)>,2024-01-01,1")
        wizard.action_read()
        self.assertNotIn("<img", wizard.preview_html)

    def test_nothing_to_import(self):
        """Without a row to import there is no next step after which to download something."""
        for rows, promised in (("Q,2024-01-01,1",), False), (("Q,2024-01-01,1", "Z,2024-01-01,1"), True):
            wizard = self._wizard("ref,date,amount", *rows)
            wizard.action_read()
            wizard.action_check()
            self.assertEqual("You can download them afterwards" in wizard.result_html, promised)
            self.assertEqual("No row can be imported" in wizard.result_html, not promised)

    def test_second_click(self):
        wizard = self._wizard("ref,date,amount", "Z,2024-01-01,1")
        wizard.action_read()
        wizard.action_check()
        wizard.action_import()
        wizard.action_import()
        self.assertEqual((wizard.imported, len(self._purchases())), (1, 1))

    def test_other_company(self):
        other = self._make_company("Elsewhere")
        wizard = self._wizard("ref,date,amount", "Z,2024-01-01,1")
        wizard.sudo().company_id = other
        with self.assertRaises(AccessError):
            wizard.action_read()

    def test_company_that_is_not_selected(self):
        """A company of the user's that is not switched on just now can still be imported into."""
        second = self._make_company("Second")
        self.manager.company_ids |= second
        result = self._model(self.manager).with_context(
            allowed_company_ids=self.company.ids
        )._import_file(second, "shop.csv", b"ref,date,amount\nNew,2024-01-01,1", {"create_customers": True})
        self.assertEqual(result.imported, 1)
        self.assertEqual(
            self.env["customer.purchase.history"].search([("company_id", "=", second.id)]).partner_id.company_id,
            second,
        )
