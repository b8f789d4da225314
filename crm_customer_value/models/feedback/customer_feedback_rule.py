from odoo import api, fields, models

from ..base.number_fields import Integer

SCALES = [("csat", "Satisfaction (1 to 5)"), ("nps", "Recommendation (0 to 10)"), ("effort", "Effort (1 to 7)")]
SUBJECTS = [("transaction", "Transaction"), ("relationship", "Relationship"), ("company", "Company")]


class CustomerFeedbackRule(models.Model):
    """When we ask customers how it was, and what."""

    _name = "customer.feedback.rule"
    _description = "Feedback Rule"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10)
    active = fields.Boolean(default=False, help="Nobody is asked before the rule is switched on.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    trigger = fields.Selection(
        [
            ("order", "Order Confirmed"),
            ("delivery", "Order Delivered"),
            ("payment", "Invoice Paid"),
            ("complaint", "Complaint Closed"),
            ("stage", "Stage Entered"),
            ("period", "Every so Many Months"),
        ],
        required=True, default="payment",
    )
    scale = fields.Selection(SCALES, required=True, default="csat")
    about = fields.Selection(SUBJECTS, required=True, default="transaction")
    question = fields.Char(required=True, translate=True)
    delay_days = Integer("Days After", default=3)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "active", "company_id", "trigger", "scale", "about", "question", "delay_days",
        }
