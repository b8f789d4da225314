from odoo import api, models
from odoo.fields import Domain

from ..base.number_fields import Integer
from .customer_complaint_category import SEVERE
from .customer_complaint_stage import OPEN_STATES

OPEN = Domain("state", "in", OPEN_STATES)
# What the overview of the teams counts, and opens at a click.
COUNTED = {
    "open_count": OPEN,
    "unassigned_count": OPEN & Domain("user_id", "=", False),
    "missed_count": OPEN & Domain("is_missed", "=", True),
    "severe_count": OPEN & Domain("severity", "in", SEVERE),
}


class CustomerComplaintTeam(models.Model):
    """What waits in each team, for those who look after several."""

    _inherit = "customer.complaint.team"

    open_count = Integer("Open", compute="_compute_counts")
    unassigned_count = Integer("Unassigned", compute="_compute_counts")
    missed_count = Integer("Overdue", compute="_compute_counts")
    severe_count = Integer("Severe", compute="_compute_counts")

    @api.depends_context("uid")
    def _compute_counts(self):
        """Count the complaints that the user may see."""
        complaints = self.env["customer.complaint"]
        for name, domain in COUNTED.items():
            counts = dict(complaints._read_group(
                domain & Domain("team_id", "in", self.ids), ["team_id"], ["__count"]
            ))
            for team in self:
                team[name] = counts.get(team._origin, 0)

    def action_view_open(self):
        """Open the team's open complaints."""
        return self._action_view_counted("open_count", self.env._("Open Complaints"))

    def action_view_unassigned(self):
        """Open the team's complaints for which nobody is responsible."""
        return self._action_view_counted("unassigned_count", self.env._("Unassigned Complaints"))

    def action_view_missed(self):
        """Open the team's open complaints with a missed deadline."""
        return self._action_view_counted("missed_count", self.env._("Overdue Complaints"))

    def action_view_severe(self):
        """Open the team's open severe complaints."""
        return self._action_view_counted("severe_count", self.env._("Severe Complaints"))

    def _action_view_counted(self, name, title):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_complaint_action")
        action["display_name"] = title
        action["domain"] = list(COUNTED[name] & Domain("team_id", "=", self.id))
        action["context"] = {"default_team_id": self.id}
        return action
