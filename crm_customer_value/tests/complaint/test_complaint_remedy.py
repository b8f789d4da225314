from odoo.fields import Command
from odoo.tests import Form, tagged

from ..complaint_common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintRemedy(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.clerk = cls._desk_user(
            "desk_invoicing", "crm_customer_value.group_service_all,account.group_account_invoice"
        )
        cls.tax = cls._tax("Ten on top", "tax_excluded")

    @classmethod
    def _tax(cls, name, include):
        return cls.env["account.tax"].create({
            "name": name, "amount": 10.0, "amount_type": "percent", "type_tax_use": "sale",
            "price_include_override": include, "company_id": cls.company.id,
        })

    @classmethod
    def _invoice(cls, *lines, **values):
        """Post an invoice of lines (price, tax or nothing)."""
        move = cls.env["account.move"].create({
            "move_type": "out_invoice",
            "partner_id": cls.branch.id,
            "invoice_date": cls._day(20),
            "invoice_line_ids": [
                Command.create({
                    "product_id": cls.product.id, "price_unit": price,
                    "tax_ids": [Command.set(tax.ids if tax else [])],
                })
                for price, tax in lines
            ],
            **values,
        })
        move.action_post()
        return move

    def _credit(self, complaint, **values):
        """Make a credit note in the wizard, as somebody of invoicing does."""
        complaint = self._as(self.clerk, complaint)
        action = complaint.action_create_credit_note()
        form = Form(complaint.env["customer.complaint.credit"].with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        move = self.env["account.move"].browse(form.save().action_create()["res_id"])
        complaint.invalidate_recordset()
        return move

    def test_part_of_an_invoice(self):
        """A quarter of 300 taxed and 100 untaxed: 75 and 25, and the tax on 75."""
        invoice = self._invoice((300.0, self.tax), (100.0, None))
        complaint = self._complaint(invoice_id=invoice.id, compensation=100.0)
        move = self._credit(complaint)
        self.assertEqual((move.move_type, move.state, move.reversed_entry_id), ("out_refund", "draft", invoice))
        self.assertEqual((move.complaint_id, move.partner_id, move.currency_id), (complaint, self.branch, self.usd))
        self.assertEqual(
            sorted((line.price_subtotal, line.tax_ids.ids) for line in move.invoice_line_ids),
            [(25.0, []), (75.0, self.tax.ids)],
        )
        self.assertEqual((move.amount_untaxed, move.amount_total), (100.0, 107.5))
        self.assertEqual(
            (complaint.remedy, complaint.compensation, complaint.credited_amount, complaint.credit_note_count),
            ("refund", 100.0, 100.0, 1),
        )
        move.action_post()
        self.assertEqual(complaint.credited_amount, 100.0)

    def test_whole_invoice(self):
        invoice = self._invoice((300.0, self.tax), (100.0, None))
        move = self._credit(self._complaint(invoice_id=invoice.id, compensation=400.0))
        self.assertEqual(move.amount_total, invoice.amount_total)
        self.assertEqual(move.invoice_line_ids.mapped("product_id"), self.product)

    def test_rounding_goes_to_the_largest(self):
        """Thirds of 100.00 over three equal accounts of tax: 33.33, 33.33 and 33.34."""
        taxes = [self._tax(name, "tax_excluded") for name in ("A", "B", "C")]
        invoice = self._invoice(*((200.0, tax) for tax in taxes))
        move = self._credit(self._complaint(invoice_id=invoice.id, compensation=100.0))
        self.assertEqual(sorted(move.invoice_line_ids.mapped("price_subtotal")), [33.33, 33.33, 33.34])

    def test_tax_in_the_price(self):
        """50 untaxed are asked as 55 where the price contains a tenth of tax."""
        invoice = self._invoice((110.0, self._tax("Ten within", "tax_included")))
        self.assertEqual(invoice.amount_untaxed, 100.0)
        move = self._credit(self._complaint(invoice_id=invoice.id, compensation=50.0))
        self.assertEqual((move.invoice_line_ids.price_unit, move.amount_untaxed, move.amount_total), (55.0, 50.0, 55.0))

    def test_invoice_in_another_currency(self):
        """Two euros for a dollar: 30 dollars are credited as 60 euros."""
        self.env["res.currency.rate"].create({
            "currency_id": self.eur.id, "company_id": self.company.id, "name": self._day(400), "rate": 2.0,
        })
        invoice = self._invoice((200.0, None), currency_id=self.eur.id)
        move = self._credit(self._complaint(invoice_id=invoice.id, compensation=30.0))
        self.assertEqual((move.currency_id, move.amount_untaxed), (self.eur, 60.0))
        self.assertEqual(move.amount_untaxed_signed, -30.0)

    def test_without_an_invoice(self):
        complaint = self._complaint(compensation=80.0, partner_id=self.branch.id)
        move = self._credit(complaint)
        self.assertEqual(
            (move.move_type, move.state, move.partner_id, move.amount_untaxed, move.currency_id, move.company_id),
            ("out_refund", "draft", self.branch, 80.0, self.usd, self.company),
        )
        self.assertIn(complaint.number, move.invoice_line_ids.name)
        self.assertFalse(move.reversed_entry_id)

    def test_without_an_invoice_with_tax_in_the_price_of_the_product(self):
        self.product.taxes_id = self._tax("Ten within", "tax_included")
        move = self._credit(self._complaint(compensation=80.0, product_id=self.product.id))
        self.assertEqual((move.amount_untaxed, move.amount_total), (80.0, 88.0))

    def test_second_credit_note_takes_the_rest(self):
        complaint = self._complaint(compensation=80.0)
        self._credit(complaint, amount=50.0)
        self.assertEqual(complaint.compensation, 80.0)
        second = self._credit(complaint)
        self.assertEqual((second.amount_untaxed, complaint.compensation), (30.0, 80.0))
        self._credit(complaint, amount=5.0)
        self.assertEqual((complaint.compensation, complaint.credit_note_count), (85.0, 3))
        second.button_cancel()
        complaint.invalidate_recordset()
        self.assertEqual((complaint.credited_amount, complaint.credit_note_count), (55.0, 2))

    def test_refused(self):
        complaint = self._complaint()
        with self._refused("above zero"):
            self._credit(complaint)
        complaint.invoice_id = self._invoice((100.0, None))
        with self._refused("higher than the untaxed amount"):
            self._credit(complaint, amount=100.01)
        with self._refused("no rights to create credit notes"):
            self._as(self.everybody, complaint).action_create_credit_note()
        complaint.write({"invoice_id": False, "partner_id": False})
        with self._refused("Choose the customer first"):
            self._as(self.clerk, complaint).action_create_credit_note()

    def test_credit_note_leads_to_its_complaint(self):
        complaint = self._complaint(user_id=self.desk.id)
        note = self.env["account.move"].create({
            "move_type": "out_refund", "partner_id": self.customer.id, "complaint_id": complaint.id,
            "company_id": self.company.id,
        })
        both = self._desk_user("remedy_both", "crm_customer_value.group_service_own,account.group_account_invoice")
        for user, count in ((self.manager, 1), (both, 0)):
            user.group_ids |= self.env.ref("account.group_account_invoice")
            mine = self._as(user, note)
            self.assertEqual(mine.complaint_count, count, user.login)
            found = mine.env["customer.complaint"].search(mine.action_view_complaints()["domain"])
            self.assertEqual(found.sudo(), complaint if count else complaint.browse())
        complaint.invoice_id = note
        self.assertEqual(self._as(self.manager, note).complaint_count, 1)

    def test_credit_notes_follow_a_merge(self):
        complaint, other = self._complaint(compensation=80.0), self._complaint(compensation=5.0)
        move = self._credit(complaint)
        self._as(self.desk, complaint)._merge_into(self._as(self.desk, other))
        self.assertEqual((move.complaint_id, other.compensation), (other, 85.0))
        self.assertEqual((other.credited_amount, complaint.credited_amount), (80.0, 0.0))
