from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # What a fact and a due date are made of; drafts do not count, so lines matter only when
    # the document is posted, which writes its state.
    _customer_value_fields = frozenset(
        (
            "state", "partner_id", "invoice_date", "invoice_date_due", "currency_id",
            "invoice_currency_rate", "company_id", "line_ids", "invoice_line_ids",
            "complaint_id", "reversed_entry_id", "matched_payment_ids",
        )
    )

    def write(self, vals):
        if not self._customer_value_fields & vals.keys():
            return super().write(vals)
        self._mark_customers()
        result = super().write(vals)
        self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Note that the values of the customers of posted documents have to be recomputed."""
        # A credit note that reverses an invoice takes it out of the purchases of its customer.
        moves = self | self.reversed_entry_id
        posted = moves.filtered(lambda move: move.state == "posted" and move.is_sale_document(True))
        for company, moves in posted.grouped("company_id").items():
            self.env["customer.value.mark"]._mark(moves.partner_id, company)
