"""A complaint may hold an idea of how to do better."""

from odoo import api, fields, models

from ..base.number_fields import Integer
from ..voice.html_from_outside import plain_copy


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    suggestion_ids = fields.One2many("customer.suggestion", "complaint_id", string="Suggestions")
    suggestion_count = Integer(compute="_compute_suggestion_count")

    @api.depends("suggestion_ids")
    def _compute_suggestion_count(self):
        """Count what the button opens: archived ones too."""
        counts = dict(self.env["customer.suggestion"].with_context(active_test=False)._read_group(
            [("complaint_id", "in", self.ids)], ["complaint_id"], ["__count"]
        ))
        for complaint in self:
            complaint.suggestion_count = counts.get(complaint._origin, 0)

    def _suggestion_values(self):
        """Return the values of a suggestion that came with this complaint."""
        return {
            "name": self.name,
            "description": plain_copy(self.description),
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "product_id": self.product_id.id,
            "complaint_id": self.id,
        }

    def action_create_suggestion(self):
        """Open a new suggestion filled in from this complaint."""
        self.ensure_one()
        self._check_inside()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Suggestion"),
            "res_model": "customer.suggestion",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in self._suggestion_values().items()},
        }

    def action_view_suggestions(self):
        """Open the suggestions that came with this complaint."""
        self.ensure_one()
        self._check_inside()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            # Before the name: the export of texts takes what follows one in brackets for another.
            "domain": [("complaint_id", "=", self.id)],
            "name": self.env._("Suggestions"),
            "res_model": "customer.suggestion",
            "view_mode": "list,form",
            "context": {"active_test": False, "create": False},
        }
