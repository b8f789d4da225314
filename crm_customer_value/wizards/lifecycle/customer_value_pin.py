from odoo import api, fields, models


class CustomerValuePin(models.TransientModel):
    """Asks why customers are put into a stage by hand, and for how long."""

    _name = "customer.value.pin"
    _description = "Set Stage by Hand"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    value_ids = fields.Many2many(
        "customer.value", string="Customers", required=True, default=lambda self: self._default_value_ids()
    )
    stage_id = fields.Many2one("customer.lifecycle.stage", required=True)
    reason = fields.Char(required=True)
    until = fields.Date(
        help="Last day on which the stage is kept. Empty: until a colleague sets it back to automatic."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"value_ids", "stage_id", "reason", "until"}

    def _default_value_ids(self):
        if self.env.context.get("active_model") == "customer.value":
            return self.env["customer.value"].browse(self.env.context.get("active_ids"))
        return self.env["customer.value"]

    @api.constrains("stage_id", "value_ids")
    def _check_companies(self):
        """Refuse stages and customers of a company that the user does not work for.

        :raise AccessError: in that case
        """
        self.stage_id.sudo(False).check_access("read")
        self.value_ids.sudo(False).check_access("read")

    def action_pin(self):
        """Put the customers into the stage and keep them there."""
        self.ensure_one()
        self.value_ids._pin_stage(self.stage_id, self.reason, self.until or None)
        return {"type": "ir.actions.act_window_close"}
