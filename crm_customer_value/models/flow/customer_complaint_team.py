from odoo import api, fields, models


class CustomerComplaintTeam(models.Model):
    _inherit = "customer.complaint.team"

    members_offered = fields.Boolean(
        "Customers Can Choose a Member",
        help="On the portal, customers can choose a member or the leader of this team as their "
        "preferred contact person. They see the names.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"members_offered"}

    def _stand_in(self, user):
        """Return the leader of this team (one or none) if they can take over from ``user`` now."""
        leader = self.leader_id
        if leader == user or not leader or not leader._may_serve(self.company_id):
            return leader.browse()
        return leader - leader._filter_absent(self.company_id)
