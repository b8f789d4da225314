from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.number_fields import Integer


class CustomerComplaintTeam(models.Model):
    """People who handle complaints together, with their working hours and e-mail address."""

    _name = "customer.complaint.team"
    _description = "Complaint Team"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "mail.alias.mixin", "mail.thread"]
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

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "active", "color", "company_id", "leader_id", "member_ids", "calendar_id",
            "alias_name", "alias_domain_id", "alias_contact", "alias_bounced_content",
        }

    @api.model
    def _has_field_access(self, field, operation):
        """Let the e-mail address that was made for a new team come with it: the ORM takes it for a given value.

        Whoever gives one by hand is refused before: see the guard.
        """
        if operation == "write" and field.name == "alias_id":
            return True
        return super()._has_field_access(field, operation)

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

    def _alias_get_creation_values(self):
        """Make the team's address create complaints."""
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("customer.complaint")
        return values
