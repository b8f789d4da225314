from odoo import models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    # What tells a payment, a deposit and a reward from goods.
    _value_reads = frozenset(("reward_id", "product_id"))
