from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Float


class CustomerBenefitGoal(models.Model):
    """What was agreed with a customer to be reached, and how far it is."""

    _name = "customer.benefit.goal"
    _description = "Benefit Goal"
    _inherit = [
        "customer.guarded.mixin",
        "customer.link.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.value.source",
    ]
    _order = "date_target, id"
    _rec_name = "metric_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, tracking=True, check_company=True, ondelete="restrict",
        help="With whom the goal was agreed, or the customer as a whole.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    metric_id = fields.Many2one(
        "customer.benefit.metric", "Metric", required=True, index=True, tracking=True, check_company=True,
        ondelete="restrict",
    )
    unit = fields.Char(related="metric_id.unit")
    direction = fields.Selection(related="metric_id.direction")
    baseline = Float(required=True, digits=0, tracking=True, aggregator=None, help="Where the customer started.")
    target = Float(required=True, digits=0, tracking=True, aggregator=None, help="What was agreed to be reached.")
    date_start = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    date_target = fields.Date("By When", required=True, tracking=True)
    product_id = fields.Many2one(
        "product.product", "By Product", index="btree_not_null", check_company=True, tracking=True,
        help="With which product the customer is to reach it.",
    )
    need_id = fields.Many2one("customer.need", "Need", index="btree_not_null", check_company=True)
    user_id = fields.Many2one(
        "res.users", "Responsible", index=True, tracking=True, default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    plan = fields.Text(help="What we and the customer do to get there.")
    is_proposal = fields.Boolean(
        "Proposed by the Customer", readonly=True, copy=False,
        help="The customer proposed this goal on the portal. It counts when somebody accepts it.",
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("not_measured", "Not Measured"),
            ("on_track", "On Track"),
            ("behind", "Behind"),
            ("reached", "Reached"),
            ("missed", "Missed"),
        ],
        readonly=True, copy=False, index=True, default="not_measured", tracking=True,
    )
    latest_value = Float("Now", readonly=True, copy=False, digits=0, optional=True, aggregator=None)
    date_latest = fields.Date("Measured up to", readonly=True, copy=False)
    progress = Float(
        "Progress (%)", readonly=True, copy=False, digits=(16, 1), optional=True, aggregator="avg",
        help="How much of the way from the baseline to the target is done, by the latest value that nobody contests.",
    )
    record_ids = fields.One2many("customer.benefit.record", "goal_id", "Records")
    active = fields.Boolean(default=True)

    _value_reads = frozenset((
        "company_id", "commercial_partner_id", "metric_id", "baseline", "target", "date_start", "date_target",
        "is_proposal", "active",
    ))
    _value_marks = frozenset(("partner_id",))

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "partner_id", "metric_id", "baseline", "target", "date_start", "date_target", "product_id",
            "need_id", "user_id", "plan", "active",
        }

    @api.depends("metric_id.name", "commercial_partner_id.name")
    def _compute_display_name(self):
        for goal in self:
            goal.display_name = ": ".join(filter(None, (goal.commercial_partner_id.name, goal.metric_id.name)))

    @api.constrains("baseline", "target")
    def _check_target(self):
        for goal in self:
            if goal.target == goal.baseline:
                raise ValidationError(self.env._(
                    "The target of a goal differs from its baseline. Both are %s now.", f"{goal.target:g}"
                ))
            if (goal.target < goal.baseline) != (goal.direction == "lower"):
                raise ValidationError(self.env._(
                    "For “%(metric)s”, %(direction)s. Enter a target on the better side of the baseline "
                    "(%(baseline)s).",
                    metric=goal.metric_id.name,
                    direction=dict(goal._fields["direction"]._description_selection(self.env))[goal.direction].lower(),
                    baseline=f"{goal.baseline:g}",
                ))

    @api.constrains("date_start", "date_target")
    def _check_dates(self):
        for goal in self:
            if goal.date_target <= goal.date_start:
                raise ValidationError(self.env._(
                    "The goal is to be reached on %(target)s, which is not after its start on %(start)s. Choose a "
                    "later day.",
                    target=goal.date_target, start=goal.date_start,
                ))

    def _value_customers(self):
        for company, goals in self.grouped("company_id").items():
            yield goals.commercial_partner_id, company
