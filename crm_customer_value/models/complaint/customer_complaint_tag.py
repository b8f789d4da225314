from random import randint

from odoo import api, fields, models

from ..base.number_fields import Integer


class CustomerComplaintTag(models.Model):
    """A word that complaints share, beside their category."""

    _name = "customer.complaint.tag"
    _description = "Complaint Tag"
    _inherit = ["customer.guarded.mixin"]
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = Integer(default=lambda self: randint(1, 11))

    _unique_name = models.Constraint("UNIQUE (name)", "There is already a tag of this name.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "color"}


class CustomerComplaintTeam(models.Model):
    _inherit = "customer.complaint.team"

    complaint_properties = fields.PropertiesDefinition()

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"complaint_properties"}
