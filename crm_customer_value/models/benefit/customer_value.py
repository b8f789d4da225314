from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ...engine.benefit import scores
from ...engine.value.parts import Part
from ..base.number_fields import Float, Integer, Monetary
from ..value.customer_value import AMOUNT_GROUP
from ..value.customer_value_amounts import shown
from ..value.part_fields import part_fields

_lt = LazyTranslate(__name__)

# Unlike a field's label and help, this text is exported for translation only if it is marked.
NOT_KNOWN = _lt("Not known")

# Of the amounts, and of their twins that everybody may read.
GAIN_HELP = (
    "What the customer gained in the period, by all measurements that nobody contests. Empty: nothing was "
    "measured."
)
RATIO_HELP = (
    "What the customer gained in the period, divided by what they paid: in the period, or in an average "
    "period if that is more. Empty: never bought, or nothing was measured."
)
ECONOMIC_HELP = (
    "0 to 100. A gain as large as what the customer paid is 50, three times as large is 75. Empty: never "
    "bought, or nothing was measured."
)
FUNCTIONAL_HELP = (
    "0 to 100. How far the needs of the customer are met, by importance, and how far the agreed goals are "
    "reached. Empty: no need and no measured goal is known."
)
# Beside the benefit index, or beside the gain, they would tell the revenue: shown where amounts are.
AMOUNTS = ("benefit_gain_12m", "benefit_ratio", "economic_score", "functional_score")


class CustomerValue(models.Model):
    """What the customer gains from us: the other side of value. See engine/benefit/scores.py."""

    _inherit = "customer.value"

    benefit_gain_12m = Monetary(
        "Their Gain (period)",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help=GAIN_HELP,
        optional=True,
    )
    benefit_ratio = Float(
        "Gain for Each 1 Paid",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        groups=AMOUNT_GROUP,
        exportable=False,
        help=RATIO_HELP,
        optional=True,
    )
    economic_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        groups=AMOUNT_GROUP,
        exportable=False,
        help=ECONOMIC_HELP,
        optional=True,
    )
    functional_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        groups=AMOUNT_GROUP,
        exportable=False,
        help=FUNCTIONAL_HELP,
        optional=True,
    )
    emotional_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="0 to 100. What the contacts of the customer answered in the period when we asked how it was; the last "
        "answer of each contact counts. Empty: no answer.",
        optional=True,
    )
    benefit_index = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="0 to 100. What the customer gains from us: weighted average of the economic, functional and emotional "
        "scores that are known. The value policy sets the weights. Empty: nothing is known.",
        optional=True,
    )
    benefit_level = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        readonly=True,
        group_expand=True,
        falsy_value_label=NOT_KNOWN,
        help="Low: the benefit index is below the limit of the value policy, which is 40 unless changed. High: it is "
        "60 or more.",
    )
    value_delivered = Float(
        "Value Delivered (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="How far the agreed goals are reached, those that ended in the last 24 months included. Empty: no goal "
        "was measured.",
        optional=True,
    )
    benefit_record_count = Integer(
        "Measurements (period)", readonly=True, help="Measurements that their gain is made of."
    )
    benefit_aim_count = Integer(
        "Needs and Goals", readonly=True, help="Needs, and measured goals, that the functional score is made of."
    )
    benefit_answer_count = Integer(
        "Answers (period)", readonly=True, help="Answers that the emotional score is made of."
    )
    benefit_confirmed_share = Float(
        "Confirmed by the Customer (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="How much of the measured gain the customer said is right. Empty: nothing was measured.",
        optional=True,
    )
    benefit_fell_on = fields.Date(
        "Benefit Fell on",
        readonly=True,
        help="Day on which the benefit index fell below the limit of the value policy. Empty while it is above the "
        "limit or not known.",
    )
    delivered_fell_on = fields.Date(
        "Value Delivered Fell on",
        readonly=True,
        help="Day on which the value delivered fell below the limit of the value policy. Empty while it is above the "
        "limit or not known.",
    )
    # Falls are told by these: they outlive that nothing is known, and that values of an earlier day are looked at.
    benefit_index_known = Float(
        "Last Known Benefit Index", digits=(16, 1), readonly=True, aggregator=None, optional=True, exportable=False
    )
    value_delivered_known = Float(
        "Last Known Value Delivered (%)", digits=(16, 1), readonly=True, aggregator=None, optional=True,
        exportable=False,
    )
    vars().update(part_fields(
        "benefit", "Benefit",
        "What the customer gains from us in money, and how far their needs and goals are met. 50 changes nothing, more "
        "adds points.",
        evidence="How much of the weight of the benefit counts, in percent: half with three measurements or needs that "
        "the customer confirmed or stated.",
    ))

    shown_benefit_gain_12m = shown(
        "shown_benefit_gain_12m", string="Their Gain (period) ", compute="_compute_shown_amounts", optional=True,
        help=GAIN_HELP,
    )
    shown_benefit_ratio = shown(
        "shown_benefit_ratio", Float, "avg", string="Gain for Each 1 Paid ", digits=(16, 2),
        compute="_compute_shown_amounts", optional=True, help=RATIO_HELP,
    )
    shown_economic_score = shown(
        "shown_economic_score", Float, "avg", string="Economic Score ", digits=(16, 1),
        compute="_compute_shown_amounts", optional=True, help=ECONOMIC_HELP,
    )
    shown_functional_score = shown(
        "shown_functional_score", Float, "avg", string="Functional Score ", digits=(16, 1),
        compute="_compute_shown_amounts", optional=True, help=FUNCTIONAL_HELP,
    )
    benefit_few_data = fields.Boolean(
        "Few Measurements", compute="_compute_benefit_few_data", help="Fewer than three measurements in the period."
    )
    functional_few_data = fields.Boolean(
        "Few Needs and Goals", compute="_compute_benefit_few_data", help="Fewer than three needs and measured goals."
    )
    emotional_few_data = fields.Boolean(
        "Few Answers", compute="_compute_benefit_few_data", help="Fewer than three answers in the period."
    )

    _benefit_fell_idx = models.Index("(company_id, benefit_fell_on) WHERE benefit_fell_on IS NOT NULL")
    _delivered_fell_idx = models.Index("(company_id, delivered_fell_on) WHERE delivered_fell_on IS NOT NULL")

    @api.depends("benefit_record_count", "benefit_aim_count", "benefit_answer_count")
    def _compute_benefit_few_data(self):
        for value in self:
            value.benefit_few_data = value.benefit_record_count < scores.FEW
            value.functional_few_data = value.benefit_aim_count < scores.FEW
            value.emotional_few_data = value.benefit_answer_count < scores.FEW

    @api.model
    def _amount_fields(self):
        return (*super()._amount_fields(), *AMOUNTS)

    @api.model
    def _index_parts(self):
        """What the customer gains adds some points, or takes them off. What they answer is in satisfaction already."""
        return super()._index_parts() | {
            "benefit": Part(
                scores.part_sql,
                "bonus",
                weight=10,
                evidence=scores.evidence_sql(),
                label=self.env._("Benefit"),
                also=scores.columns(),
                following=scores.following(),
                kept=(*AMOUNTS, "emotional_score", "benefit_index", "value_delivered"),
            ),
        }

    # ---- where it comes from ---------------------------------------------------------------

    def _benefit_domain(self):
        """Return the domain of what is known of this customer in this company."""
        return [
            ("commercial_partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id),
        ]

    def _action_view_benefit(self, model, name, domain=()):
        self.ensure_one()
        self.check_access("read")
        self.env[model].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [*self._benefit_domain(), *domain],
            "context": {"default_partner_id": self.partner_id.id, "default_company_id": self.company_id.id},
        }

    def action_view_benefit_records(self):
        """Open the measurements that the gain of the period is made of."""
        self.ensure_one()
        scope = self.env["customer.value.run"]._scope_of_today(self.company_id)
        first = fields.Date.subtract(scope.as_of, days=scope.window_days - 1)
        return self._action_view_benefit("customer.benefit.record", self.env._("Measurements of the Period"), [
            ("counts", "=", True), ("date_to", ">=", fields.Date.to_string(first)),
        ])

    def action_view_benefit_needs(self):
        """Open the needs of the customer that the functional score is made of."""
        return self._action_view_benefit("customer.need", self.env._("Needs"), [
            ("kind", "=", "need"), ("state", "!=", "not_for_us"),
        ])

    def action_view_benefit_goals(self):
        """Open the goals that were agreed with the customer."""
        return self._action_view_benefit(
            "customer.benefit.goal", self.env._("Goals"), [("is_proposal", "=", False)]
        )
