from odoo import fields, models


class CustomerSuggestionArea(models.Model):
    _inherit = "customer.suggestion.area"

    project_id = fields.Many2one(
        "project.project",
        domain="[('is_template', '=', False)]",
        help="Tasks made of suggestions of this area belong to it. Empty: only those who are assigned see them.",
    )
