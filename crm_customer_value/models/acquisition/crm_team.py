from markupsafe import Markup

from odoo import models
from odoo.fields import Domain


class CrmTeam(models.Model):
    """The leads most worth the time of a team."""

    _inherit = "crm.team"

    def action_customer_targets(self):
        """Open the open leads with the highest value times probability, as many as these teams can take on.

        Without a team, the teams of the user count; who is in none sees those of everybody. The capacity of a team is
        what its members can take on in 30 days, as set on them.
        """
        leads = self.env["crm.lead"]
        leads.check_access("read")
        every = self.search([("active", "=", True)])
        own = self or self.env.user.crm_team_ids & every
        teams = own or every
        # sudo: what others can take on is no secret of theirs.
        capacity = max(0, sum(teams.sudo().mapped("assignment_max")))
        domain = Domain([("won_status", "=", "pending"), ("shown_expected_worth", ">", 0)])
        if own:
            domain &= Domain("team_id", "in", [*teams.ids, False])
        found = leads.search(domain, order="shown_expected_worth desc, id", limit=capacity) if capacity else leads
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.crm_lead_action_targets")
        # Without its address, or the browser would open all leads there when the page is loaded again; and without its
        # name, which comes before ours.
        for name in ("id", "path", "xml_id", "display_name"):
            action.pop(name, None)
        if not capacity:
            action["help"] = Markup("<p class='o_view_nocontent_smiling_face'>%s</p><p>%s</p>") % (
                self.env._("Nobody of the team takes leads on yet"),
                self.env._("Open a sales team and enter, for each member, how many leads they can take on in 30 days."),
            )
        return action | {
            "name": self.env._(
                "Target List: %(found)s leads, time for %(capacity)s", found=len(found), capacity=capacity
            ),
            "domain": [("id", "in", found.ids)],
        }
