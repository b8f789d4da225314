from odoo import fields, models

from ..base.number_fields import Integer


class ResCompany(models.Model):
    _inherit = "res.company"

    next_action_date = fields.Date(
        "Lists Made for", readonly=True, copy=False, groups="base.group_system",
        help="The last day for which it was looked what is worth doing with customers.",
    )
    next_action_run = Integer(
        "Lists Made After Recompute", readonly=True, copy=False, groups="base.group_system",
        help="The last full recompute of values by which it was looked.",
    )
