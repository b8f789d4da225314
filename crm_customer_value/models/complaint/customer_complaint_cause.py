from odoo import api, fields, models

from ..base.number_fields import Integer


class CustomerComplaintCause(models.Model):
    """A root cause that complaints share, so that they can be counted."""

    _name = "customer.complaint.cause"
    _description = "Root Cause of Complaints"
    _inherit = ["customer.guarded.mixin"]
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)

    _unique_name = models.Constraint("UNIQUE (name)", "There is already a root cause of this name.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "sequence", "active", "description"}
