from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    referred_by_id = fields.Many2one(
        "res.partner", "Brought by", index="btree_not_null", ondelete="set null", tracking=True, check_company=True,
        help="Contact who recommended us. The customer keeps it when the opportunity is won.",
    )
