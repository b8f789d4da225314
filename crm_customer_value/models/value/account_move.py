from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "customer.value.source"]

    # Drafts do not count, so lines matter only when the document is posted, which writes its state.
    _value_reads = frozenset(
        (
            "state", "partner_id", "invoice_date", "currency_id", "invoice_currency_rate", "company_id",
            "complaint_id", "reversed_entry_id", "invoice_user_id",
        )
    )
    _value_marks = frozenset(("invoice_date_due", "line_ids", "invoice_line_ids", "matched_payment_ids"))
    _value_silent = {
        **dict.fromkeys(("amount_total", "amount_total_signed", "amount_untaxed_signed"), "follows from the lines"),
        **dict.fromkeys(("move_type", "journal_id", "statement_line_id"), "does not change once it is posted"),
        "payment_state": "follows from reconciliations, which mark",
        "name": "no value depends on it",
    }

    def _value_customers(self):
        """Drafts count for nothing, but one that bills an order anew whose invoice was taken back: the order counts
        again.
        """
        # A credit note that reverses an invoice takes it out of the purchases of its customer.
        moves = self | self.reversed_entry_id
        posted = moves.filtered(lambda move: move.state == "posted" and move.is_sale_document(True))
        for company, moves in posted.grouped("company_id").items():
            yield moves.partner_id, company
        drafts = self.filtered(lambda move: move.state != "posted" and move.is_sale_document(True))
        # sudo: whoever writes invoices may not read the orders behind them, and gets to know nothing of them.
        orders = drafts.sudo().invoice_line_ids.sale_line_ids.order_id
        # The lines of a draft may be on the way: what is paid of it is not asked, and it is nothing anyway.
        yield from orders.filtered(lambda order: any(
            invoice.reversal_move_ids or (invoice not in drafts and invoice.payment_state == "reversed")
            for invoice in order.invoice_ids
        ))._value_customers()

    def unlink(self):
        """Mark while a draft still has the lines by which it knows the orders that it bills: they are deleted first."""
        self._mark_customers()
        return super().unlink()
