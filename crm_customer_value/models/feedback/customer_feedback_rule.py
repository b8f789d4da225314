"""When customers are asked, what, and who of them."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Integer
from .questions import proposed_questions

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
    sequence = Integer(
        default=10, help="When a contact could be asked by more than one rule, the first one of the list asks."
    )
    active = fields.Boolean(
        "Switched On", default=False, copy=False,
        help="Nobody is asked before the rule is switched on, nor about what happened before.",
    )
    date_active = fields.Datetime("Switched On Since", readonly=True, copy=False)
    date_checked = fields.Datetime("Last Checked", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    trigger = fields.Selection(
        [
            ("order", "Order Confirmed"),
            ("payment", "Invoice Paid"),
            ("complaint", "Complaint Closed"),
            ("stage", "Stage Entered"),
            ("period", "Every Few Months"),
        ],
        "After", required=True, default="payment",
    )
    scale = fields.Selection(
        SCALES, required=True, default="csat",
        help="Satisfaction: the share of 4 and 5. Recommendation: the Net Promoter Score, the share of 9 and 10 minus "
        "the share of 0 to 6. Effort: 7 is very easy.",
    )
    about = fields.Selection(
        SUBJECTS, required=True, default="transaction",
        help="What the answers are about: this one purchase or case, working with us, or our company as a whole. "
        "Answers about one are never counted with those about another.",
    )
    question = fields.Char(
        required=True, translate=True, default=lambda self: proposed_questions(self.env)["csat"],
        help="Customers read it in their own language: translate it into all of them.",
    )
    delay_days = Integer("Days After", default=3, help="This number of days after it happened.")
    months = Integer(
        default=6, help="Each customer is asked once in this number of months, on a day of their own."
    )
    stage_ids = fields.Many2many(
        "customer.lifecycle.stage", string="Lifecycle Stages",
        help="Only customers who enter one of these stages, or are in one of them. Empty: in any stage.",
    )
    value_class = fields.Selection(
        [("a", "A only"), ("b", "A and B"), ("c", "A, B and C")], "Value Classes", help="Empty: all customers.",
    )
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", help="Only what one of these teams sold. Empty: any team."
    )
    categ_ids = fields.Many2many(
        "product.category", string="Product Categories",
        help="Only when most of the money was for a product of one of these categories. Empty: any product.",
    )
    country_ids = fields.Many2many("res.country", string="Countries", help="Only contacts there. Empty: anywhere.")
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Gets the unhappy answers of customers without a salesperson.",
    )

    _delay_range = models.Constraint(
        "CHECK (delay_days BETWEEN 0 AND 365)", "Ask from 0 to 365 days after it happened."
    )
    _months_range = models.Constraint("CHECK (months BETWEEN 1 AND 60)", "Ask every 1 to 60 months.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "active", "company_id", "trigger", "scale", "about", "question", "delay_days", "months",
            "stage_ids", "value_class", "team_ids", "categ_ids", "country_ids", "user_id",
        }

    @api.onchange("scale")
    def _onchange_scale(self):
        """Propose a question for the scale, unless somebody wrote one."""
        proposed = proposed_questions(self.env)
        if self.scale and (not self.question or self.question in proposed.values()):
            self.question = proposed[self.scale]

    @api.constrains("trigger", "stage_ids", "active")
    def _check_stages(self):
        for rule in self:
            if rule.active and rule.trigger == "stage" and not rule.stage_ids:
                raise ValidationError(self.env._(
                    "“%(rule)s” asks when a customer enters a stage. Choose the stages first.", rule=rule.name
                ))

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.filtered("active")._note_switched_on()
        return rules

    def write(self, vals):
        """Ask about nothing that happened while the rule was off, or asked something else."""
        off = self.filtered(lambda rule: not rule.active)
        result = super().write(vals)
        if vals.get("active"):
            off._note_switched_on()
        if vals.keys() & {"trigger", "company_id"}:
            (self - off).filtered("active")._note_switched_on()
        return result

    def _note_switched_on(self):
        # sudo: since when it is on is nobody's to write.
        self.sudo().date_active = fields.Datetime.now()
