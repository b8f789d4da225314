from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    customer_sides_lines = fields.Selection(
        [("median", "Medians"), ("fixed", "Fixed limits")], "Quarters of Both Sides", default="median",
        help="Where the quarters of the picture of both sides meet: at the medians of the customers shown, or at 50.",
    )
