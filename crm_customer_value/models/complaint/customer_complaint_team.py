import ast

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..base.number_fields import Integer


class CustomerComplaintTeam(models.Model):
    """People who handle complaints together, with their working hours and e-mail address."""

    _name = "customer.complaint.team"
    _description = "Complaint Team"
    _inherit = [
        "customer.guarded.mixin",
        "customer.link.mixin",
        "mail.alias.mixin",
        "mail.thread",
        "rating.parent.mixin",
    ]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10)
    active = fields.Boolean(default=True)
    color = Integer()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    leader_id = fields.Many2one(
        "res.users",
        string="Team Leader",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Takes over when the person responsible is absent.",
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        check_company=True,
        help="Deadlines are counted in these hours. Empty: the working hours of the company.",
    )
    members_offered = fields.Boolean(
        "Customers Can Choose a Member",
        help="On the portal, customers can choose a member or the leader of this team as their "
        "preferred contact person. They see the names.",
    )
    alias_unknown_sender = fields.Selection(
        [
            ("create", "Create a contact"),
            ("unassigned", "Leave without a contact"),
        ],
        string="Unknown Senders",
        required=True,
        default="create",
        help="What to do when a person who is not a contact yet writes to this team. The complaint always keeps the "
        "name and address of the sender.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "active", "color", "company_id", "leader_id", "member_ids", "calendar_id",
            "members_offered", "alias_name", "alias_domain_id", "alias_contact", "alias_bounced_content",
            "alias_unknown_sender",
        }

    @api.model
    def _has_field_access(self, field, operation):
        """Let the e-mail address that was made for a new team come with it: the ORM takes it for a given value.

        Whoever gives one by hand is refused before: see the guard.
        """
        if operation == "write" and field.name == "alias_id":
            return True
        return super()._has_field_access(field, operation)

    def write(self, vals):
        """Have the deadlines and the e-mail address follow the team."""
        result = super().write(vals)
        if "calendar_id" in vals:
            # sudo: deadlines follow the hours, whatever the rights of whoever changes these.
            self.env["customer.complaint"].sudo()._renew_clocks(
                Domain("team_id", "in", self.ids) & Domain("clock_state", "in", ("running", "stopped"))
            )
        if "company_id" in vals:
            for team in self:
                # sudo: whoever manages teams need not manage e-mail addresses.
                team.alias_id.sudo().write(team._alias_get_creation_values())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_stages(self):
        """A stage of no team is everybody's: nobody wants this to happen by deleting one."""
        stages = self.env["customer.complaint.stage"].with_context(active_test=False)
        alone = stages.search([("team_ids", "in", self.ids)]).filtered(lambda stage: not stage.team_ids - self)
        if alone:
            raise UserError(
                self.env._(
                    "Only this team uses the stage “%s”. Without the team, all teams would use it. Archive the team, "
                    "or assign the stage to another team first.",
                    alone[0].name,
                )
            )

    def _get_calendar(self):
        """Return the resource.calendar whose hours count for this team (maybe empty)."""
        return self.calendar_id or (self.company_id or self.env.company).resource_calendar_id

    def _stand_in(self, user):
        """Return the leader of this team (one or none) if they can take over from ``user`` now."""
        leader = self.leader_id
        if leader == user or not leader or not leader._may_serve(self.company_id):
            return leader.browse()
        return leader - leader._filter_absent(self.company_id)

    def _alias_get_creation_values(self):
        """Make the team's address create complaints, for the company that the team belongs to."""
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("customer.complaint")
        if self.id:
            values["alias_defaults"] = {
                **ast.literal_eval(self.alias_defaults or "{}"),
                "team_id": self.id,
                "company_id": self.company_id.id,
                "channel_id": self.env["customer.contact.channel"]._of("email").id,
            }
        return values
