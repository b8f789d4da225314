from odoo import fields, models

from ...engine.benefit import sides
from ..base.number_fields import Integer


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    customer_sides_lines = fields.Selection(
        [("median", "Medians"), ("fixed", "Fixed limits")], "Quarters of Both Sides", default="median",
        help="Where the quarters of the picture of both sides meet: at the medians of the customers shown, or at fixed "
        "limits.",
    )
    customer_sides_us = Integer(
        "Limit of the Value to Us", default=sides.FIXED, required=True,
        help="From here on a customer is worth much to us, where the quarters meet at fixed limits.",
    )
    customer_sides_them = Integer(
        "Limit of the Value to Them", default=sides.FIXED, required=True,
        help="From here on a customer gains much from us, where the quarters meet at fixed limits.",
    )

    _customer_sides_limits = models.Constraint(
        "CHECK (customer_sides_us BETWEEN 0 AND 100 AND customer_sides_them BETWEEN 0 AND 100)",
        "Enter limits from 0 to 100 for the picture of both sides.",
    )
