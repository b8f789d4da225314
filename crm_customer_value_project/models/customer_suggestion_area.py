from odoo import api, fields, models


class CustomerSuggestionArea(models.Model):
    _inherit = "customer.suggestion.area"

    project_id = fields.Many2one(
        "project.project",
        domain="[('is_template', '=', False)]",
        help="Tasks made of suggestions of this area belong to it. Empty: only those who are assigned see them.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"project_id"}
