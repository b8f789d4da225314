from odoo import api, fields, models


class CustomerValuePurchase(models.Model):
    _inherit = "customer.value.purchase"

    kind = fields.Selection(selection_add=[("pos", "Point of Sale"), ("pos_return", "Point of Sale Return")])

    @api.model
    def _document_kinds(self):
        return super()._document_kinds() | {"pos.order": ("pos", "pos_return")}
