from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    referred_by_id = fields.Many2one(
        "res.partner", "Brought by", index="btree_not_null", ondelete="set null", groups="base.group_user",
        help="Contact who recommended us to this one.",
    )
