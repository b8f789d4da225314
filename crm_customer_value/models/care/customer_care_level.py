from odoo import api, fields, models

from ..base.number_fields import Integer


class CustomerCareLevel(models.Model):
    """How a group of customers is served: who belongs to it, and what they are promised."""

    _name = "customer.care.level"
    _description = "Care Level"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10)
    code = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one("res.company", index=True)
    active = fields.Boolean(default=False, help="Customers are placed in the level once it is switched on.")
    promise = fields.Text(translate=True, help="What customers of this level are promised, in words.")
    contact_days = Integer(
        "In Touch Every (days)", optional=True,
        help="Somebody of us is in touch at least this often. Empty: no promise.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "sequence", "company_id", "active", "promise", "contact_days"}
