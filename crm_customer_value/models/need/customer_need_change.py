from odoo import fields, models

from .customer_need import STATES


class CustomerNeedChange(models.Model):
    """From which day on a need was open, met, or not for us. The program writes it."""

    _name = "customer.need.change"
    _description = "Change of a Need"
    _order = "date desc, id desc"
    _rec_name = "date"

    need_id = fields.Many2one("customer.need", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="need_id.company_id")
    date = fields.Date("Since", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    product_id = fields.Many2one("product.product", "Met by", readonly=True, ondelete="set null")
