from datetime import date

from odoo import Command
from odoo.tests import tagged

from .timeline_case import TimelineCase


@tagged("post_install", "-at_install")
class TestTimelineInvoices(TimelineCase):
    """Invoices are told of where they are what counts as revenue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)

    def _invoice(self, day, amount, move_type="out_invoice", user=None, post=True):
        move = self.env["account.move"].create({
            "move_type": move_type, "partner_id": self.baker.id, "invoice_date": day, "currency_id": self.usd.id,
            "invoice_user_id": (user or self.seller).id,
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "quantity": 1, "price_unit": amount, "tax_ids": False,
            })],
        })
        if post:
            move.action_post()
        return move

    def test_invoices_and_credit_notes(self):
        invoice = self._invoice(date(2024, 3, 1), 100.0)
        refund = self._invoice(date(2024, 3, 2), 30.0, "out_refund")
        self._invoice(date(2024, 3, 3), 55.0, post=False)
        self._invoice(date(2024, 3, 4), 70.0, user=self.colleague)
        # By default, orders are what counts.
        self.assertNotIn("invoice", self._counts(self.seller))
        self.policy._renew({"revenue_source": "invoice"})
        self.assertEqual(
            [(entry["title"], entry["amount"], entry["date"]) for entry in self._page(user=self.seller)["entries"]],
            [
                (f"Credit note {refund.name}", "$\u00a0-\ufeff30.00", "2024-03-02"),
                (f"Invoice {invoice.name}", "$\u00a0100.00", "2024-03-01"),
            ],
        )
        self.assertEqual(self._counts(self.seller)["invoice"], 2)
        self.assertNotIn("invoice", self._counts(self.agent))
