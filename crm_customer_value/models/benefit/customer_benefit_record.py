from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.benefit import gain
from ..base.number_fields import Float, Monetary

# A period is that of one measurement; who measures seldom measures once a year.
LONGEST_YEARS = 2


class CustomerBenefitRecord(models.Model):
    """One measurement at a customer: a value in a period, and what the customer gained by it."""

    _name = "customer.benefit.record"
    _description = "Benefit Record"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.value.source"]
    _order = "date_to desc, id desc"
    _rec_name = "metric_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, precompute=True,
    )
    metric_id = fields.Many2one(
        "customer.benefit.metric", "Metric", required=True, index=True, check_company=True, ondelete="restrict"
    )
    goal_id = fields.Many2one(
        "customer.benefit.goal", "Goal", index="btree_not_null", check_company=True, ondelete="set null"
    )
    product_id = fields.Many2one("product.product", index="btree_not_null", check_company=True)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    baseline = Float(
        compute="_compute_baseline", store=True, readonly=False, precompute=True, digits=0, optional=True,
        aggregator=None, help="What it was before. Copied from the goal.",
    )
    value = Float(required=True, digits=0, aggregator="avg")
    unit = fields.Char(
        compute="_compute_unit", store=True, readonly=False, precompute=True,
        help="The unit of the value. It counts when it is that of the metric, or when somebody says that it is right.",
    )
    state = fields.Selection(
        [("reported", "Reported"), ("confirmed", "Confirmed"), ("contested", "Contested")],
        default="reported", required=True, readonly=True, index=True, copy=False,
        help="Confirmed: the customer said that it is right. Contested: the customer said that it is wrong, so that it "
        "does not count until it is settled.",
    )
    source = fields.Selection(
        [("staff", "Entered by Us"), ("import", "Import"), ("portal", "Entered by the Customer")],
        default="staff", required=True, readonly=True, copy=False,
    )
    gain = Monetary(
        compute="_compute_gain", store=True, optional=True,
        help="What the customer gained in this period: the improvement on the baseline, times the worth of a unit.",
    )
    doubt = fields.Selection(
        [
            ("baseline", "No baseline"),
            ("unit", "Another unit than that of the metric"),
            ("worse", "Worse than the baseline"),
            ("size", "More than ten times the baseline"),
            ("range", "Outside what is typical for the metric"),
        ],
        compute="_compute_gain", store=True,
        help="Why somebody has to say that the value is right before it counts.",
    )
    is_checked = fields.Boolean("Checked", copy=False, help="Somebody said that the value is right as it is.")
    counts = fields.Boolean(
        compute="_compute_counts", store=True, help="Whether the gain counts in what the customer gained."
    )
    note = fields.Text("Remark")
    correction_ids = fields.One2many(
        "customer.benefit.correction", "record_id", "What It Was Before", readonly=True
    )

    _value_reads = frozenset((
        "company_id", "commercial_partner_id", "metric_id", "goal_id", "date_from", "date_to", "value", "state",
        "gain", "counts",
    ))
    _value_marks = frozenset(("partner_id", "baseline", "unit", "is_checked"))

    _customer_idx = models.Index("(company_id, commercial_partner_id, date_to) WHERE counts")
    _metric_idx = models.Index("(company_id, metric_id, commercial_partner_id, date_to)")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "partner_id", "metric_id", "goal_id", "product_id", "date_from", "date_to", "baseline",
            "value", "unit", "is_checked", "note",
        }

    @api.depends("metric_id.name", "date_from", "date_to")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "%(metric)s, %(start)s to %(end)s",
                metric=record.metric_id.name, start=record.date_from, end=record.date_to,
            )

    @api.depends("goal_id")
    def _compute_baseline(self):
        for record in self:
            if record.baseline is False and record.goal_id:
                record.baseline = record.goal_id.baseline

    @api.depends("metric_id")
    def _compute_unit(self):
        for record in self:
            record.unit = record.unit or record.metric_id.unit

    @api.depends(
        "baseline", "value", "unit", "date_from", "date_to", "company_id.currency_id", "metric_id.direction",
        "metric_id.unit", "metric_id.money_per_unit", "metric_id.currency_id", "metric_id.period",
        "metric_id.typical_min", "metric_id.typical_max",
    )
    def _compute_gain(self):
        for record in self:
            record.gain = record.doubt = False
            if not (record.metric_id and record.date_from and record.date_to):
                continue
            measured = record._measurement()
            record.doubt = gain.doubt(measured) or False
            if measured.improvement is not None:
                metric = record.metric_id
                periods = gain.periods_covered(metric.period, record.date_from, record.date_to)
                record.gain = metric.currency_id._convert(
                    measured.improvement * metric.money_per_unit * periods, record.currency_id, record.company_id,
                    record.date_to,
                )

    def _measurement(self):
        """Return what was measured, as the engine wants it (one record)."""
        metric = self.metric_id
        return gain.Measurement(
            value=self.value, baseline=None if self.baseline is False else self.baseline,
            lower=metric.direction == "lower", unit=self.unit, metric_unit=metric.unit, typical=metric._typical(),
        )

    @api.depends("state", "gain", "doubt", "is_checked")
    def _compute_counts(self):
        for record in self:
            record.counts = (
                record.state != "contested" and record.gain is not False and (not record.doubt or record.is_checked)
            )

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        today = fields.Date.context_today(self)
        for record in self:
            if record.date_to < record.date_from:
                raise ValidationError(self.env._(
                    "The period ends on %(end)s, before it begins on %(start)s. Enter the earlier day first.",
                    start=record.date_from, end=record.date_to,
                ))
            if record.date_to > today:
                raise ValidationError(self.env._(
                    "The period ends on %(end)s, which is in the future. Enter what was measured up to today.",
                    end=record.date_to,
                ))
            if record.date_to >= record.date_from + relativedelta(years=LONGEST_YEARS):
                raise ValidationError(self.env._(
                    "The period from %(start)s to %(end)s is longer than %(years)s years. Enter a record for each year "
                    "or month.",
                    start=record.date_from, end=record.date_to, years=LONGEST_YEARS,
                ))

    @api.constrains("company_id", "partner_id", "metric_id", "product_id", "date_from", "date_to")
    def _check_overlap(self):
        """Refuse a second record of the same days."""
        for record in self:
            others = self.sudo().search(  # sudo: two records of the same days are one too many, whoever made them
                Domain("id", "!=", record.id)
                & Domain("company_id", "=", record.company_id.id)
                & Domain("commercial_partner_id", "=", record.commercial_partner_id.id)
                & Domain("metric_id", "=", record.metric_id.id)
                & Domain("product_id", "=", record.product_id.id)
                & Domain("date_from", "<=", record.date_to)
                & Domain("date_to", ">=", record.date_from),
                limit=1,
            )
            if others:
                raise ValidationError(self.env._(
                    "There is a record of “%(metric)s” for %(customer)s from %(start)s to %(end)s already. Correct "
                    "that one, or choose other days.",
                    metric=record.metric_id.name, customer=record.commercial_partner_id.name,
                    start=others.date_from, end=others.date_to,
                ))

    def _value_customers(self):
        for company, records in self.grouped("company_id").items():
            yield records.commercial_partner_id, company
