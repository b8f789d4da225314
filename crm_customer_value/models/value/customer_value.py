from datetime import timedelta
from importlib import import_module

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...engine.value import cut_points, rfm
from ..base.number_fields import Float, Integer, Monetary

_lt = LazyTranslate(__name__)

# Unlike a field's label and help, this text is exported for translation only if it is marked.
WITHOUT_CLASS = _lt("Without class")

AMOUNT_GROUP = "sales_team.group_sale_salesman_all_leads"
AMOUNTS = (
    "revenue_total",
    "margin_total",
    "revenue_12m",
    "margin_12m",
    "revenue_previous_12m",
    "clv_12m",
    "cost_to_serve",
    "value_at_risk",
    "lifetime_history",
    "lifetime_potential",
    "lifetime_value",
    "net_contribution_12m",
    "net_contribution_previous_12m",
)
# Percents that tell as much, and are shown to the same users.
RATES = ("margin_rate_12m", "margin_rate_previous_12m")
# From so many typical gaps of silence on, a customer is silent, whatever the revenue did until then.
SILENT_FROM = 2


class CustomerValue(models.Model):
    """The value of one customer for one company. Written by recomputes only."""

    _name = "customer.value"
    _description = "Customer Value"
    _inherit = ["customer.unknown.last.mixin"]
    # Prospects have no index: they come last, and count in no mean.
    _order = "value_index desc nulls last, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=False)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="Always a commercial partner: the purchases of its contacts count for it.",
    )
    user_id = fields.Many2one(
        "res.users", related="partner_id.user_id", string="Salesperson", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    category_id = fields.Many2many(related="partner_id.category_id", string="Tags")
    image_128 = fields.Image(related="partner_id.image_128")

    # Plain sums over the facts. Whoever may see all documents may see, sort and sum these;
    # everybody else reads the fields `shown_*`, which are empty for customers of others. Both have the same label,
    # so only those that everybody may read are offered for export.
    revenue_total = Monetary("Total Revenue", readonly=True, groups=AMOUNT_GROUP, exportable=False)
    margin_total = Monetary(
        "Total Margin", readonly=True, groups=AMOUNT_GROUP, exportable=False, optional=True
    )
    revenue_12m = Monetary(
        "Revenue (period)",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="Untaxed revenue of the period that counts: 365 days unless the value policy says otherwise.",
    )
    margin_12m = Monetary(
        "Margin (period)", readonly=True, groups=AMOUNT_GROUP, exportable=False, optional=True
    )
    revenue_previous_12m = Monetary(
        "Revenue (period before)",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="Untaxed revenue of the period right before, which is just as long.",
    )
    amounts_visible = fields.Boolean(compute="_compute_shown_amounts")
    shown_revenue_total = Monetary("Total Revenue ", compute="_compute_shown_amounts", optional=True)
    shown_margin_total = Monetary("Total Margin ", compute="_compute_shown_amounts", optional=True)
    shown_revenue_12m = Monetary("Revenue (period) ", compute="_compute_shown_amounts", optional=True)
    shown_margin_12m = Monetary("Margin (period) ", compute="_compute_shown_amounts", optional=True)
    shown_revenue_previous_12m = Monetary(
        "Revenue (period before) ", compute="_compute_shown_amounts",
        optional=True,
    )

    order_count = Integer(
        "Purchases", readonly=True, help="Documents with an amount above zero, ever."
    )
    order_count_12m = Integer("Purchases (period)", readonly=True)
    purchase_days = Integer(readonly=True, help="Purchases of one day count once.")
    purchase_days_12m = Integer("Purchase Days (period)", readonly=True)
    first_purchase_date = fields.Date("First Purchase", readonly=True)
    last_purchase_date = fields.Date("Last Purchase", readonly=True)
    typical_gap = Float(
        "Usual Gap (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Usual days between purchases. With few purchases, the company's average counts too.",
        optional=True,
    )
    days_since_purchase = Integer(
        "Days Since Last Purchase",
        compute="_compute_cadence",
        search="_search_days_since_purchase",
        aggregator="avg",
        help="Counted to today.",
        optional=True,
    )
    cadence_ratio = Float(
        "Lateness (× Usual Gap)",
        digits=(16, 2),
        compute="_compute_cadence",
        aggregator="avg",
        help="Days since the last purchase divided by the usual gap. Above 1 the customer is "
        "later than usual.",
        optional=True,
    )
    is_silent = fields.Boolean(
        "Silent",
        compute="_compute_cadence",
        search="_search_is_silent",
        help="The last purchase is at least twice the usual gap ago. Then lists show the silence instead of the "
        "trend of the revenue.",
    )

    recency_score = Integer(
        "Recency (R)",
        readonly=True,
        aggregator="avg",
        help="5: among the fifth of customers who bought most recently. 1: longest ago, or "
        "before the period. Empty: never bought.",
        optional=True,
    )
    frequency_score = Integer(
        "Frequency (F)", readonly=True, aggregator="avg", help="By purchase days in the period.",
        optional=True,
    )
    monetary_score = Integer(
        "Monetary (M)", readonly=True, aggregator="avg", help="By revenue in the period.",
        optional=True,
    )
    rfm_segment = fields.Selection(
        "_selection_rfm_segment",
        "Segment",
        readonly=True,
        group_expand="_group_expand_rfm_segment",
    )
    value_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")],
        readonly=True,
        group_expand=True,
        falsy_value_label=WITHOUT_CLASS,
        help="By revenue or margin in the period. A: the customers who together bring the first 80 %. B: the next "
        "15 %. C: the rest. The value policy can say otherwise. Empty: no purchase in the period, or too few "
        "customers to compare.",
    )
    revenue_trend = fields.Selection(
        [("up", "Growing"), ("steady", "Steady"), ("down", "Shrinking"), ("new", "Starting")],
        readonly=True,
        help="Revenue in the period, compared with the period before. Up to 10 % more or less is steady.",
    )

    current_value_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="How many of your customers bring the same or less, in percent. 100: nobody brings more.",
        optional=True,
    )
    future_value_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="How many of your customers are expected to bring the same or less, in percent. 100: nobody is expected "
        "to bring more.",
        optional=True,
    )
    loyalty_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Half: how long the customer has been buying. Half: how regularly, and whether they are still on time. "
        "Each adopted suggestion adds 5 points, up to 15.",
        optional=True,
    )
    payment_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Share of the money due in the period that was paid on time, in percent.",
        optional=True,
    )
    has_payment_score = fields.Boolean(
        readonly=True, help="Whether anything fell due in the period."
    )
    current_value_points = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    future_value_points = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    loyalty_points = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    payment_points = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    payment_evidence = Float(
        digits=(16, 1),
        readonly=True,
        aggregator=None,
        help="How much of the weight of payment counts, in percent: half with three amounts that fell due.",
    )
    bounds_points = Float(
        "Limited to 0–100",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Points added so that the index does not fall below 0.",
        optional=True,
    )
    value_to_us = Float(
        "Value to Us",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="0 to 100. Weighted average of the scores, before the points for complaints and cost to serve are "
        "subtracted.",
        optional=True,
    )
    value_index = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="0 to 100. Weighted average of the scores, minus points for complaints and cost to serve. The value "
        "policy sets the weights. Empty: never bought, or too few customers to compare.",
        optional=True,
    )

    ranking_note = fields.Char(
        compute="_compute_ranking_note",
        help="Why there is no index, class or score by rank: too few customers to compare.",
    )

    _unique_customer = models.Constraint(
        "UNIQUE (company_id, partner_id)", "A customer has one value per company."
    )
    _company_index_idx = models.Index("(company_id, value_index DESC NULLS LAST, id)")
    _company_class_idx = models.Index("(company_id, value_class)")
    _company_risk_idx = models.Index("(company_id, churn_level)")
    _company_last_idx = models.Index("(company_id, last_purchase_date)")

    @api.model
    def _selection_rfm_segment(self):
        """Names of the segments, in the order of the engine's table."""
        labels = {
            "champions": self.env._("Top Buyers"),
            "loyal": self.env._("Regular Buyers"),
            "potential_loyalist": self.env._("Becoming Regular"),
            "new": self.env._("First-Time Buyers"),
            "promising": self.env._("Recent Buyers"),
            "need_attention": self.env._("Worth a Reminder"),
            "about_to_sleep": self.env._("Cooling Off"),
            "cant_lose": self.env._("Former Top Buyers"),
            "at_risk": self.env._("Slipping Away"),
            "hibernating": self.env._("Long Quiet"),
            "lost": self.env._("Long Gone"),
        }
        return [(name, labels[name]) for name, *_bounds in rfm.SEGMENT_TABLE]

    @api.model
    def _group_expand_rfm_segment(self, segments, _domain):
        """Columns of segments stand in the order of the engine's table, not of the alphabet."""
        return [name for name, *_bounds in rfm.SEGMENT_TABLE if name in segments]

    @api.model
    def _load_demo(self, name):
        """Load demo data that is made in Python: called by the addon's demo files only.

        :param str name: module in the folder ``demo``, which is imported now, so that live databases do without it
        """
        import_module(f"...demo.{name}", __package__).load(self.env)

    @api.depends("partner_id.display_name")
    def _compute_display_name(self):
        for value in self:
            value.display_name = value.partner_id.display_name

    @api.depends("company_id")
    def _compute_ranking_note(self):
        for company, values in self.grouped("company_id").items():
            points = self.env["customer.value.run"]._last_full_run(company).cut_points or {}
            values.ranking_note = not points.get("ranked", True) and self._too_few_text(points["active"])

    @api.model
    def _too_few_text(self, buyers):
        """Return why customers are not compared with each other.

        :param int buyers: who bought in the period
        """
        return self.env._(
            "Too few customers to compare yet: %(buyers)s of %(needed)s", buyers=buyers, needed=cut_points.RANKED_FROM
        )

    @api.depends("last_purchase_date", "typical_gap")
    def _compute_cadence(self):
        for value in self:
            if not value.last_purchase_date:
                value.days_since_purchase = value.cadence_ratio = value.is_silent = False
                continue
            days = (fields.Date.context_today(value) - value.last_purchase_date).days
            value.days_since_purchase = max(days, 0)
            value.cadence_ratio = days / value.typical_gap if value.typical_gap else False
            value.is_silent = bool(value.typical_gap) and days >= SILENT_FROM * value.typical_gap

    def _search_is_silent(self, operator, value):
        """Ask for the ratio, whose search knows how."""
        if operator != "in":
            return NotImplemented
        silent = Domain("cadence_ratio", ">=", SILENT_FROM)
        others = Domain("cadence_ratio", "<", SILENT_FROM) | Domain("cadence_ratio", "=", False)
        return Domain.OR([silent if wanted else others for wanted in value])

    def _search_days_since_purchase(self, operator, value):
        """Turn a number of days into a date, so that the index on the date serves."""
        turned = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
        today = fields.Date.context_today(self)
        if operator in turned:
            return Domain("last_purchase_date", turned[operator], today - timedelta(days=value))
        if operator == "in":
            dates = [days is not False and today - timedelta(days=days) for days in value]
            return Domain("last_purchase_date", "in", dates)
        return NotImplemented
