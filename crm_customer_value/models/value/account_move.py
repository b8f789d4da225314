from odoo import api, models


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

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._mark_customers()
        return moves

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
        """Note that the values of these documents' customers have to be recomputed.

        Drafts count for nothing, but one that bills an order anew whose invoice was taken back: the order counts
        again.
        """
        # A credit note that reverses an invoice takes it out of the purchases of its customer.
        moves = self | self.reversed_entry_id
        posted = moves.filtered(lambda move: move.state == "posted" and move.is_sale_document(True))
        for company, moves in posted.grouped("company_id").items():
            self.env["customer.value.mark"]._mark(moves.partner_id, company)
        drafts = self.filtered(lambda move: move.state != "posted" and move.is_sale_document(True))
        # sudo: whoever writes invoices may not read the orders behind them, and gets to know nothing of them.
        orders = drafts.sudo().invoice_line_ids.sale_line_ids.order_id
        orders.filtered(lambda order: any(
            invoice.reversal_move_ids or invoice.payment_state == "reversed" for invoice in order.invoice_ids
        ))._mark_customers()
