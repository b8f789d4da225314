from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # What tells a payment, a deposit and a reward from goods, and how much they are.
    _value_reads = frozenset(("reward_id", "product_id", "price_subtotal", "margin"))

    # Reward lines are few, and a recompute looks them up by their rewards.
    reward_id = fields.Many2one(index="btree_not_null")
