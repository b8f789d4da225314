from odoo import api, fields, models


class CustomerRelationshipBreak(models.TransientModel):
    """Asks what broke the relationship with a customer."""

    _name = "customer.relationship.break"
    _description = "Relationship Broken"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", default=lambda self: self._default_partner_id()
    )
    reason = fields.Char("What Happened", required=True)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"partner_id", "reason"}

    def _default_partner_id(self):
        partners = self.env["res.partner"]
        if self.env.context.get("active_model") == "res.partner":
            return partners.browse(self.env.context.get("active_id")).commercial_partner_id
        return partners

    def action_break(self):
        """Note it, and have the owner of the customer repair it."""
        self.ensure_one()
        self.partner_id._break_relationship(self.reason)
        return {"type": "ir.actions.act_window_close"}
