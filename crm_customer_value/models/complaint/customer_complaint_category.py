from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Integer

SEVERITIES = [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")]
SEVERE = ("high", "critical")


class CustomerComplaintCategory(models.Model):
    """What a complaint is about, as a tree."""

    _name = "customer.complaint.category"
    _description = "Complaint Category"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _parent_store = True
    _rec_names_search = ["name", "complete_name"]
    _order = "complete_name"

    name = fields.Char(required=True, translate=True)
    # What categories are sorted by, in every language; people read the display name.
    complete_name = fields.Char(compute="_compute_complete_name", store=True, recursive=True)
    parent_id = fields.Many2one("customer.complaint.category", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    active = fields.Boolean(default=True)
    color = Integer()
    company_id = fields.Many2one("res.company", help="Empty: used by all companies.")
    team_id = fields.Many2one(
        "customer.complaint.team", string="Default Team", help="Team that handles complaints of this category."
    )
    severity = fields.Selection(
        SEVERITIES, string="Default Severity", help="Complaints of this category get this severity."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "parent_id", "active", "color", "company_id", "team_id", "severity",
        }

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self.with_context(lang="en_US"):
            parent = category.parent_id.complete_name
            category.complete_name = f"{parent} / {category.name}" if parent else category.name

    @api.depends("complete_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Name the category and those above it, in the user's language."""
        for category in self:
            way = above = category
            while (above := above.parent_id) and above not in way:
                way += above
            category.display_name = " / ".join(step.name or "" for step in reversed(way))

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot be below itself. Choose another parent."))
