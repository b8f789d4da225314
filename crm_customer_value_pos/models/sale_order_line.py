from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    _value_silent = {"is_downpayment": "a line is made as one"}
