from odoo import api, fields, models

from .customer_value_mixin import SALES_GROUP


class ResPartner(models.Model):
    """What to do next, on every contact of the customer."""

    _inherit = "res.partner"

    next_step = fields.Char(compute="_compute_next_step", groups=SALES_GROUP)
    next_step_kind = fields.Selection(
        selection=lambda self: self._value_selection("next_step_kind"),
        compute="_compute_next_step",
        groups=SALES_GROUP,
    )
    next_step_action = fields.Selection(
        selection=lambda self: self._value_selection("next_step_action"),
        compute="_compute_next_step",
        groups=SALES_GROUP,
    )

    @api.model
    def _value_selection(self, name):
        """Return the choices of a field of the customer's value, in the user's language."""
        return self.env["customer.value"]._fields[name]._description_selection(self.env)

    @api.depends("customer_value_id")
    @api.depends_context("uid", "lang", "tz", "company", "allowed_company_ids")
    def _compute_next_step(self):
        for partner in self:
            value = partner.customer_value_id
            partner.next_step = value.next_step
            partner.next_step_kind = value.next_step_kind
            partner.next_step_action = value.next_step_action

    def action_plan_next_step(self):
        """Do the next step with the customer this contact belongs to."""
        self.ensure_one()
        self.check_access("read")
        value = self.customer_value_id
        return value.action_plan_next_step() if value else False
