from odoo import api, fields, models


class CustomerCareLevelChoice(models.TransientModel):
    """Asks by which level customers are to be served, why, and for how long."""

    _name = "customer.care.level.choice"
    _description = "Choose a Care Level"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    value_ids = fields.Many2many(
        "customer.value", string="Customers", required=True, default=lambda self: self._default_value_ids()
    )
    level_id = fields.Many2one(
        "customer.care.level", "Care Level", required=True, domain=[("is_on", "=", True)], ondelete="cascade"
    )
    reason = fields.Char(required=True)
    until = fields.Date(
        help="Last day on which the level is kept. Empty: until a colleague sets it back to automatic."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"value_ids", "level_id", "reason", "until"}

    def _default_value_ids(self):
        if self.env.context.get("active_model") == "customer.value":
            return self.env["customer.value"].browse(self.env.context.get("active_ids"))
        return self.env["customer.value"]

    def action_choose(self):
        """Serve the customers by the chosen level."""
        self.ensure_one()
        self.value_ids._pin_care_level(self.level_id, self.reason, self.until or None)
        return {"type": "ir.actions.act_window_close"}
