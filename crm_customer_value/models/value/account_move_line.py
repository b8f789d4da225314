from odoo import models


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "customer.value.source"]

    # The day by which a posted invoice has to be paid.
    _value_reads = frozenset(("date_maturity",))
    _value_silent = dict.fromkeys(
        (
            "move_id", "account_id", "debit", "amount_currency", "date", "display_type", "quantity", "product_id",
            "product_uom_id", "sale_line_ids", "discount_date", "discount_amount_currency", "price_subtotal",
        ),
        "lines of a posted document change by a write on the document, or by drafting it",
    )
    # Lines are made and deleted while their document is a draft, and do not count before it is posted.
    _value_events = frozenset(("write",))

    def _value_customers(self):
        return self.move_id._value_customers()
