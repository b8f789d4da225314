"""What it means to complaints that one team after the other serves their customers."""

from odoo import api, models

from ..base.number_fields import Float


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    _route_by = ("company_id", "partner_id", "category_id", "flow_id", "team_id", "user_id")

    step_hours_left = Float(help="Set while the complaint is on hold.")

    @api.model
    def _find_default_team(self, company, given):
        """Return the team of the category, or of the nearest one above it, else the company's first team."""
        category = self.env["customer.complaint.category"].browse(given.get("category_id"))
        while category:
            team = category.team_id.filtered(lambda own: own.active and own.company_id == company)
            if team:
                return team
            category = category.parent_id
        return super()._find_default_team(company, given)

    def _hand_over_text(self):
        return self.env._(
            "%(handler)s now handles your complaint and knows what has been done so far. You do not need to "
            "explain it again.",
            handler=self.handler_name,
        )

    def _stand_in_text(self, absentee):
        return self.env._(
            "%(person)s is not available at the moment. %(handler)s now handles your complaint.",
            person=absentee.name,
            handler=self.handler_name,
        )
