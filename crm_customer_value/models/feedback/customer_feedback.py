"""One question to one contact, and what they answered."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.feedback.scales import SCALES as RANGES
from ..base.number_fields import Float, Integer
from .customer_feedback_rule import SCALES, SUBJECTS

REASONS = [
    ("archived", "Archived"),
    ("address", "No e-mail address"),
    ("colleague", "A colleague of ours"),
    ("opted_out", "Does not want to be asked"),
    ("blacklisted", "Blacklisted address"),
    ("complaint", "Open severe complaint"),
    ("lately", "Asked lately"),
    ("failed", "E-mail could not be sent"),
]


class CustomerFeedback(models.Model):
    _name = "customer.feedback"
    _description = "Customer Feedback"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.unknown.last.mixin", "customer.value.source"]
    _order = "date_answered desc, date_asked desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    rule_id = fields.Many2one("customer.feedback.rule", index=True, readonly=True, ondelete="restrict")
    occasion = fields.Char(
        readonly=True, groups="base.group_system", help="What the question is about: nobody is asked twice about it."
    )
    date_occasion = fields.Datetime("Happened on", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, readonly=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    user_id = fields.Many2one("res.users", "Responsible", index=True, readonly=True)
    scale = fields.Selection(SCALES, required=True, readonly=True)
    about = fields.Selection(SUBJECTS, required=True, readonly=True)
    question = fields.Char(readonly=True, help="As the customer read it.")
    state = fields.Selection(
        [("waiting", "To Be Asked"), ("asked", "Asked"), ("answered", "Answered"), ("expired", "Not Answered"),
         ("cancelled", "Not Asked")],
        required=True, default="waiting", index=True, readonly=True, group_expand=True,
    )
    reason = fields.Selection(REASONS, "Why Not Asked", readonly=True)
    date_asked = fields.Datetime("Asked on", readonly=True)
    date_answered = fields.Datetime("Answered on", readonly=True, index=True)
    score = Integer(
        readonly=True, optional=True, aggregator=None, help="What the customer chose, on the scale of the question."
    )
    points = Float(
        digits=(16, 2), readonly=True, optional=True, aggregator="avg",
        help="The score as a number from 0 (worst) to 100 (best).",
    )
    mood = fields.Selection(
        [("good", "Happy"), ("middling", "In Between"), ("bad", "Unhappy")],
        compute="_compute_results", store=True, index="btree_not_null",
        help="Happy: satisfaction of 4 or 5, recommendation of 9 or 10, effort of 5 to 7. Unhappy: satisfaction of 1 "
        "or 2, recommendation of 0 to 6, effort of 1 to 3.",
    )
    score_text = fields.Char("Answer", compute="_compute_score_text")
    comment = fields.Text(readonly=True)
    first_score = Integer(
        "First Answer", readonly=True, optional=True, aggregator=None, help="Before the customer changed it."
    )
    change_count = Integer("Changes of the Answer", readonly=True, aggregator=None)
    date_alerted = fields.Datetime("Followed Up Since", readonly=True)
    product_id = fields.Many2one("product.product", index="btree_not_null", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", index="btree_not_null", readonly=True)
    lifecycle_stage_id = fields.Many2one(
        "customer.lifecycle.stage", readonly=True, index="btree_not_null", ondelete="set null",
        help="Of the customer, when they were asked.",
    )
    value_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")], readonly=True, help="Of the customer, when they were asked."
    )

    # For tables and charts, which know means only.
    response = Float(
        "Response Rate (%)", compute="_compute_results", store=True, optional=True, digits=(16, 1), aggregator="avg",
        help="Answered, of 100 who were asked.",
    )
    net_promoter = Float(
        "Net Promoter Score", compute="_compute_results", store=True, optional=True, digits=(16, 1), aggregator="avg",
        help="Of questions for a recommendation: the share of 9 and 10 minus the share of 0 to 6, from −100 to 100.",
    )
    satisfied = Float(
        "Satisfied (%)", compute="_compute_results", store=True, optional=True, digits=(16, 1), aggregator="avg",
        help="Of questions for satisfaction: 4 or 5, of 100 answers.",
    )
    effort = Float(
        "Effort (mean)", compute="_compute_results", store=True, optional=True, digits=(16, 1), aggregator="avg",
        help="Of questions for effort: the mean of 1 (very difficult) to 7 (very easy).",
    )

    _occasion_unique = models.UniqueIndex("(rule_id, occasion)")
    _partner_asked_idx = models.Index("(partner_id, date_asked)")

    _value_reads = frozenset((
        "company_id", "partner_id", "commercial_partner_id", "scale", "date_answered", "points",
    ))

    def _value_customers(self):
        for company, answers in self.grouped("company_id").items():
            yield answers.commercial_partner_id, company

    @api.model
    def _customer_columns(self):
        """Return what a request keeps of its customer as of the day of asking: {field: SQL over ``value``}.

        Extension point: ``value`` is the row of the customer in ``customer_value``, maybe missing.
        """
        return {
            "lifecycle_stage_id": SQL("value.lifecycle_stage_id"),
            "value_class": SQL("value.value_class"),
        }

    @api.depends("state", "scale", "score")
    def _compute_results(self):
        for feedback in self:
            mood = feedback.score is not False and RANGES[feedback.scale].mood(feedback.score)
            net = {"good": 100, "middling": 0, "bad": -100}
            feedback.mood = mood
            feedback.response = {"answered": 100, "asked": 0, "expired": 0}.get(feedback.state, False)
            feedback.net_promoter = net[mood] if mood and feedback.scale == "nps" else False
            feedback.satisfied = 100 * (mood == "good") if mood and feedback.scale == "csat" else False
            feedback.effort = feedback.score if mood and feedback.scale == "effort" else False

    @api.depends("scale", "score")
    @api.depends_context("lang")
    def _compute_score_text(self):
        for feedback in self:
            feedback.score_text = feedback.score is not False and self.env._(
                "%(score)s of %(highest)s", score=feedback.score, highest=RANGES[feedback.scale].high
            )

    @api.depends("partner_id", "score_text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for feedback in self:
            feedback.display_name = ": ".join(filter(None, (feedback.partner_id.name, feedback.score_text)))
