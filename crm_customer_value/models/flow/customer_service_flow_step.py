from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..base.number_fields import Float, Integer


class CustomerServiceFlowStep(models.Model):
    """One team's turn in a service flow."""

    _name = "customer.service.flow.step"
    _description = "Step of a Service Option"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "flow_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    flow_id = fields.Many2one(
        "customer.service.flow", "Service Option", required=True, index=True, ondelete="cascade"
    )
    sequence = Integer(default=10)
    team_id = fields.Many2one(
        "customer.complaint.team",
        required=True,
        ondelete="restrict",
        help="If the option is shared by several companies, a company without access to this team keeps the "
        "complaint with its current team.",
    )
    hours = Float(
        "Working Hours", help="Working hours after which the next step takes over. 0: never."
    )
    handed_over = fields.Text(translate=True, help="What this team passes on to the next team.")

    _hours_not_negative = models.Constraint(
        "CHECK (hours >= 0)", "Working hours cannot be negative. Enter 0 for “never”."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "flow_id", "sequence", "team_id", "hours", "handed_over"}

    @api.constrains("team_id", "flow_id")
    def _check_team(self):
        for step in self:
            company = step.flow_id.company_id
            if company and step.team_id.company_id != company:
                raise ValidationError(
                    self.env._(
                        "The service option “%(flow)s” is for %(company)s, but the team “%(team)s” belongs to another "
                        "company. Choose a team of %(company)s.",
                        team=step.team_id.name,
                        company=company.name,
                        flow=step.flow_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for records in self.env["customer.flow.mixin"]._flow_models():
            used = records.search(Domain("step_id", "in", self.ids) & records._open_domain())
            if used:
                raise UserError(
                    self.env._(
                        "The step “%(step)s” cannot be deleted. Open complaints in this step: %(count)s. Hand them "
                        "over first, or keep the step and choose another team for it.",
                        count=len(used),
                        step=used[0].step_id.name,
                    )
                )
        self._leave_closed()

    def _leave_closed(self):
        """Let what is closed forget these steps; when it is reopened it begins its flow anew."""
        for records in self.env["customer.flow.mixin"]._flow_models():
            # Only the pointer to what is about to vanish is cleared.
            left = records.with_context(active_test=False).search([("step_id", "in", self.ids)])
            left.write({"step_id": False})

    def _team_for(self, company):
        """Return the team that serves this step in ``company``; none if it belongs to another one."""
        return self.team_id.filtered(lambda team: team.active and team.company_id == company)

    def _next_step(self):
        """Return the step after this one, empty after the last."""
        steps = self.flow_id.step_ids.ids
        if self.id not in steps:
            return self.browse()
        return self.browse(steps[steps.index(self.id) + 1 :][:1])
