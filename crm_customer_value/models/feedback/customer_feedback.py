from odoo import api, fields, models

from ..base.number_fields import Float, Integer
from .customer_feedback_rule import SCALES, SUBJECTS


class CustomerFeedback(models.Model):
    """One question to one contact, and what they answered."""

    _name = "customer.feedback"
    _description = "Customer Feedback"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.value.source"]
    _order = "date_answered desc, date_asked desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    rule_id = fields.Many2one("customer.feedback.rule", index=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, readonly=True, ondelete="cascade"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    user_id = fields.Many2one("res.users", "Responsible", index=True, readonly=True)
    scale = fields.Selection(SCALES, required=True, readonly=True)
    about = fields.Selection(SUBJECTS, required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "To Be Asked"), ("asked", "Asked"), ("answered", "Answered"), ("expired", "Not Answered"),
         ("cancelled", "Not Asked")],
        required=True, default="waiting", index=True, readonly=True,
    )
    date_asked = fields.Datetime("Asked on", readonly=True)
    date_answered = fields.Datetime("Answered on", readonly=True, index=True)
    score = Integer(
        readonly=True, optional=True, aggregator="avg", help="What the customer chose, on the scale of the question."
    )
    points = Float(
        readonly=True, optional=True, aggregator="avg", help="The score as a number from 0 (worst) to 100 (best)."
    )
    comment = fields.Text(readonly=True)
    product_id = fields.Many2one("product.product", index="btree_not_null", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", index="btree_not_null", readonly=True)

    _value_reads = frozenset(("company_id", "partner_id", "commercial_partner_id", "state", "date_answered", "points"))

    @api.model
    def _writable_fields(self):
        return super()._writable_fields()

    def _value_customers(self):
        for company, answers in self.grouped("company_id").items():
            yield answers.commercial_partner_id, company
