from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..base.number_fields import Integer


class CustomerServiceFlow(models.Model):
    """A way of being served that the customer may choose."""

    _name = "customer.service.flow"
    _description = "Service Option"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: offered by all companies.")
    description = fields.Text(translate=True, help="What the customer reads before choosing.")
    one_contact = fields.Boolean(
        help="One named person serves the customer from start to finish. There are no steps."
    )
    step_ids = fields.One2many("customer.service.flow.step", "flow_id", string="Steps", copy=True)
    step_summary = fields.Char("Steps in Short", compute="_compute_step_summary")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "active", "company_id", "description", "one_contact", "step_ids",
        }

    @api.depends("one_contact", "step_ids.name", "step_ids.sequence")
    def _compute_step_summary(self):
        for flow in self:
            if flow.one_contact:
                flow.step_summary = self.env._("One named person")
            else:
                steps = flow.step_ids.sorted(lambda step: (step.sequence, step._origin.id))
                flow.step_summary = " → ".join(step.name or "" for step in steps)

    @api.constrains("active", "one_contact", "step_ids")
    def _check_steps(self):
        for flow in self:
            if flow.one_contact and flow.step_ids:
                raise ValidationError(
                    self.env._(
                        "“%(flow)s” has one contact who serves the customer from start to finish. Remove its steps.",
                        flow=flow.name,
                    )
                )
            # An archived one may still be in preparation, and data files make a flow before its steps.
            prepared = flow.active and not self.env.context.get("install_mode")
            if prepared and not flow.one_contact and not flow.step_ids:
                raise ValidationError(
                    self.env._(
                        "“%(flow)s” needs at least one step. Add a team that serves the customer, or choose “One "
                        "Contact”.",
                        flow=flow.name,
                    )
                )

    @api.constrains("company_id")
    def _check_teams(self):
        self.step_ids._check_team()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for records in self.env["customer.flow.mixin"]._flow_models():
            used = records.search(Domain("flow_id", "in", self.ids) & records._open_domain(), limit=1)
            if used:
                raise UserError(
                    self.env._(
                        "Open complaints use the service option “%(flow)s”, so it cannot be deleted. Archive it "
                        "instead: these complaints keep it, and it is no longer offered.",
                        flow=used.flow_id.name,
                    )
                )
        # The database deletes the steps together with their flow, without asking them.
        self.step_ids._leave_closed()

    def _first_step(self, team=None):
        """Return the step with which this flow begins: the one of ``team`` if there is one."""
        own = self.step_ids.filtered(lambda step: step.team_id == team) if team else self.step_ids
        return (own or self.step_ids)[:1]
