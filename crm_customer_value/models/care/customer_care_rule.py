from odoo import api, fields, models

from ..base.number_fields import Integer


class CustomerCareRule(models.Model):
    """What starts an act of care for which customers, and what is done."""

    _name = "customer.care.rule"
    _description = "Care Rule"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10)
    active = fields.Boolean(default=False, help="Nothing happens before the rule is switched on.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [("service", "Service"), ("promotion", "Promotion")], required=True, default="service",
        help="Promotion needs the customer's consent, and stops while something is wrong.",
    )
    user_id = fields.Many2one(
        "res.users", "Owner", required=True, index=True, default=lambda self: self.env.user,
        help="The rule works with the rights of this person.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "sequence", "active", "company_id", "kind", "user_id"}

    @api.model
    def _cron_care(self, as_of=None):
        """Do what the rules ask for on a day."""
