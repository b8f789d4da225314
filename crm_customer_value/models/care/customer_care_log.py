from odoo import api, fields, models

from ..base.number_fields import Monetary


class CustomerCareLog(models.Model):
    """One act of care: for whom, by which rule, for what occasion, and what came of it."""

    _name = "customer.care.log"
    _description = "Act of Care"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    rule_id = fields.Many2one(
        "customer.care.rule", required=True, index=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, readonly=True, ondelete="cascade"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    user_id = fields.Many2one("res.users", "Responsible", index=True, readonly=True)
    occasion = fields.Char(
        required=True, readonly=True, help="What the care is for, as a key: nobody is cared for twice for one occasion."
    )
    name = fields.Char("Occasion", readonly=True)
    date = fields.Date(required=True, index=True, readonly=True)
    state = fields.Selection(
        [("done", "Done"), ("held_out", "Held Out"), ("skipped", "Not Done"), ("failed", "Failed")],
        required=True, default="done", index=True, readonly=True,
    )
    reason = fields.Char("Why Not", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = Monetary(readonly=True, optional=True)

    _occasion_uniq = models.Constraint(
        "UNIQUE(rule_id, partner_id, occasion)", "This customer was cared for on this occasion already."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields()
