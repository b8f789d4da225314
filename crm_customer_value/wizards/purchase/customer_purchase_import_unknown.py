from odoo import api, fields, models

from ...models.base.number_fields import Integer


class CustomerPurchaseImportUnknown(models.TransientModel):
    """One customer or product that the checked file names and nobody knows, to be created if it is ticked."""

    _name = "customer.purchase.import.unknown"
    _description = "Unknown Name in an Import of Purchases"
    _inherit = ["customer.guarded.mixin"]
    _order = "id"

    import_id = fields.Many2one(
        "customer.purchase.import", required=True, ondelete="cascade", index=True, readonly=True, copy=False
    )
    kind = fields.Selection(
        [("customer", "Customer"), ("product", "Product")], required=True, readonly=True, copy=False
    )
    key = fields.Char(
        required=True, readonly=True, copy=False, help="Tells which one it is when the file is read again."
    )
    wanted = fields.Boolean("Create", default=True)
    name = fields.Char(readonly=True, copy=False)
    ref = fields.Char("Reference", readonly=True, copy=False)
    email = fields.Char("E-mail", readonly=True, copy=False)
    vat = fields.Char("VAT", readonly=True, copy=False)
    rows = Integer(readonly=True, copy=False, help="How many rows of the file name this customer.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"wanted"}
