from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...engine.benefit import gain
from ...engine.source_file.dates import FIRST_YEAR
from ..base.number_fields import Float, Monetary

# A period is that of one measurement; who measures seldom measures once a year.
LONGEST_YEARS = 2


class CustomerBenefitRecord(models.Model):
    """One measurement at a customer: a value in a period, and what the customer gained by it."""

    _name = "customer.benefit.record"
    _description = "Benefit Record"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.unknown.last.mixin", "customer.value.source"]
    _order = "date_to desc, id desc"
    _rec_name = "metric_id"
    _check_company_auto = True

    # Indexes of companies and of states are below: a change of a metric writes hundreds of thousands of rows, each of
    # them into every index.
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, precompute=True,
    )
    metric_id = fields.Many2one(
        "customer.benefit.metric", required=True, index=True, check_company=True, ondelete="restrict"
    )
    goal_id = fields.Many2one(
        "customer.benefit.goal", compute="_compute_goal_id", store=True, readonly=False, precompute=True,
        index="btree_not_null", check_company=True, ondelete="set null",
        help="A record finds the goal that is about the same customer, metric, product and time.",
    )
    product_id = fields.Many2one("product.product", index="btree_not_null", check_company=True)
    date_from = fields.Date("First Day", required=True)
    date_to = fields.Date("Last Day", required=True)
    baseline = Float(
        compute="_compute_baseline", store=True, readonly=False, precompute=True, digits=0, optional=True,
        aggregator=None, help="What it was before. It comes from the goal.",
    )
    # Not known until somebody enters it: a zero that nobody typed would be a gain.
    value = Float(required=True, optional=True, digits=0, aggregator="avg")
    unit = fields.Char(
        compute="_compute_unit", store=True, readonly=False, precompute=True,
        help="The unit of the value. It counts when it is that of the metric, or when somebody says that it is right.",
    )
    state = fields.Selection(
        [("reported", "Reported"), ("confirmed", "Confirmed"), ("contested", "Contested")],
        default="reported", required=True, readonly=True, copy=False,
        help="Confirmed: the customer said that it is right. Contested: the customer said that it is wrong, so that it "
        "does not count until it is settled.",
    )
    source = fields.Selection(
        [("staff", "Entered by Us"), ("import", "Import"), ("portal", "Entered by the Customer")],
        default="staff", required=True, readonly=True, copy=False,
    )
    gain = Monetary(
        compute="_compute_gain", store=True, optional=True,
        help="What the customer gained in this period: the improvement, times the worth of a unit, times the number of "
        "months or years. Sums hold the gain of the records that count.",
    )
    improvement = Float(
        compute="_compute_improvement", digits=0, optional=True, aggregator=None,
        help="How much better the value is than the baseline.",
    )
    periods = Float(
        "Months or Years", compute="_compute_improvement", digits=(16, 2), optional=True, aggregator=None,
        help="How many months (or years, as the metric says) the period is. A part of a month counts by its days.",
    )
    money_per_unit = Float(related="metric_id.money_per_unit")
    metric_currency_id = fields.Many2one(related="metric_id.currency_id", string="Currency of the Metric")
    metric_period = fields.Selection(related="metric_id.period")
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
    is_checked = fields.Boolean(
        "Checked", readonly=True, copy=False, help="Somebody said that the value is right as it is."
    )
    check_user_id = fields.Many2one("res.users", "Checked by", readonly=True, copy=False)
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

    _metric_idx = models.Index("(company_id, metric_id, commercial_partner_id, date_to)")
    _contested_idx = models.Index("(company_id, date_to) WHERE state = 'contested'")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "partner_id", "metric_id", "goal_id", "product_id", "date_from", "date_to", "baseline",
            "value", "unit", "note",
        }

    @api.depends("metric_id.name", "date_from", "date_to")
    def _compute_display_name(self):
        for record in self:
            if not (record.metric_id and record.date_from and record.date_to):
                record.display_name = record.metric_id.name
                continue
            record.display_name = self.env._(
                "%(metric)s, %(start)s to %(end)s",
                metric=record.metric_id.name, start=format_date(self.env, record.date_from),
                end=format_date(self.env, record.date_to),
            )

    @api.depends("company_id", "commercial_partner_id", "metric_id", "product_id", "date_to")
    def _compute_goal_id(self):
        """Keep the goal that somebody chose, as long as it is about the same, and find one for records without."""
        lost = self.filtered(lambda record: not record.goal_id or not record._fits(record.goal_id))
        found = lost._fitting_goals()
        # A goal tells where the customer started: who fills in a form finds only those that they may read.
        goals = self.env["customer.benefit.goal"].browse(goal.id for goal in found.values()).sudo(False)
        readable = set(goals._filtered_access("read")._ids) if any(not record.id for record in found) else set()
        for record in lost:
            goal = found.get(record, self.env["customer.benefit.goal"])
            record.goal_id = goal if record.id or goal.id in readable else False

    def _fits(self, goal):
        """Tell whether a goal is about what was measured here, whatever the time (one record)."""
        return (
            goal.company_id == self.company_id
            and goal.commercial_partner_id == self.commercial_partner_id
            and goal.metric_id == self.metric_id
            and (not goal.product_id or not self.product_id or goal.product_id == self.product_id)
        )

    def _fitting_goals(self):
        """Return {record: goal} of the records that are measured for a goal; one query for all of them.

        A goal about the product comes before one about every product, and what was agreed last before what was agreed
        earlier. What was measured without a product belongs to a goal about one where there is no other goal.
        """
        records = self.filtered(lambda record: record.metric_id and record.commercial_partner_id and record.date_to)
        if not records:
            return {}
        # sudo: which goal it is does not depend on who enters the record.
        goals = self.env["customer.benefit.goal"].sudo().search(
            Domain("is_proposal", "=", False)
            & Domain("company_id", "in", records.company_id.ids)
            & Domain("commercial_partner_id", "in", records.commercial_partner_id.ids)
            & Domain("metric_id", "in", records.metric_id.ids)
            & Domain("date_start", "<=", max(records.mapped("date_to")))
            & Domain("date_target", ">=", min(records.mapped("date_to")))
        )
        known = defaultdict(list)
        for goal in goals:
            known[goal.company_id.id, goal.commercial_partner_id.id, goal.metric_id.id].append(goal)
        found = {}
        for record in records:
            key = (record.company_id.id, record.commercial_partner_id._origin.id, record.metric_id.id)
            timely = [goal for goal in known[key] if goal.date_start <= record.date_to <= goal.date_target]
            fitting = [
                goal for goal in timely
                if not goal.product_id or goal.product_id == record.product_id
                or (not record.product_id and len(timely) == 1)
            ]
            if fitting:
                best = max(fitting, key=lambda goal: (bool(goal.product_id), goal.date_start, goal.id))
                found[record] = best.with_env(self.env)
        return found

    @api.depends("goal_id")
    def _compute_baseline(self):
        for record in self:
            if record.baseline is False and record.goal_id:
                record.baseline = record.goal_id.baseline

    @api.depends("metric_id")
    def _compute_unit(self):
        for record in self:
            # What was measured does not change its unit because it belongs to another metric.
            if not record._origin or not record.unit:
                record.unit = record.metric_id.unit

    # What changes in the metric is followed by ``_follow_metric``, for all that was measured with it at once.
    @api.depends("baseline", "value", "unit", "date_from", "date_to", "company_id.currency_id", "metric_id")
    def _compute_gain(self):
        rates, units = {}, {}
        for record in self:
            record.gain = record.doubt = False
            metric, company, day = record.metric_id, record.company_id, record.date_to
            if not (metric and company and record.date_from and day) or record.value is False:
                continue
            if metric not in units:
                units[metric] = metric._units()
            measured = record._measurement(units[metric])
            record.doubt = gain.doubt(measured) or False
            if measured.improvement is None:
                continue
            # Many records of one day are converted at one rate, which is looked up once.
            key = (metric.currency_id, company, day)
            if key not in rates:
                rates[key] = metric.currency_id._get_conversion_rate(
                    metric.currency_id, company.currency_id, company, day
                )
            record.gain = company.currency_id.round(
                gain.worth(measured, metric.money_per_unit, metric.period, record.date_from, day) * rates[key]
            )

    def _measurement(self, units=None):
        """Return what was measured, as the engine wants it (one record).

        :param units: how the unit of the metric is written in each language, where this is known already
        """
        metric = self.metric_id
        is_unit_known = (self.unit or "").strip().casefold() in (metric._units() if units is None else units)
        return gain.Measurement(
            value=self.value, baseline=None if self.baseline is False else self.baseline,
            lower=metric.direction == "lower", unit=self.unit,
            metric_unit=self.unit if is_unit_known else metric.unit, typical=metric._typical(),
        )

    @api.depends("value", "baseline", "date_from", "date_to", "metric_id.direction", "metric_id.period")
    def _compute_improvement(self):
        for record in self:
            record.improvement = record.periods = False
            if record.metric_id and record.value is not False and record.baseline is not False:
                record.improvement = record._measurement(set()).improvement
            if record.metric_id and record.date_from and record.date_to and record.date_from <= record.date_to:
                record.periods = gain.periods_covered(record.metric_id.period, record.date_from, record.date_to)

    @api.depends("state", "gain", "doubt", "is_checked")
    def _compute_counts(self):
        for record in self:
            record.counts = (
                record.state != "contested" and record.gain is not False and (not record.doubt or record.is_checked)
            )

    def write(self, vals):
        customers = {record: record.commercial_partner_id for record in self} if "partner_id" in vals else {}
        result = super().write(vals)
        # For another customer it is a new record; of what is written, Odoo asks only whose it was before.
        moved = self.filtered(lambda record: record in customers and record.commercial_partner_id != customers[record])
        moved.check_access("create")
        return result

    @api.constrains("date_from", "date_to", "company_id")
    def _check_period(self):
        goals, here = self.env["customer.benefit.goal"], fields.Date.context_today(self)
        # Whose day has begun already, that of the company or of whoever enters it, may measure it.
        today = {company: max(goals._today(company), here) for company in self.company_id}
        for record in self:
            if record.date_from.year < FIRST_YEAR:
                raise ValidationError(self.env._(
                    "The period begins on %(start)s. Enter a day in %(year)s or later.",
                    start=format_date(self.env, record.date_from), year=FIRST_YEAR,
                ))
            if record.date_to < record.date_from:
                raise ValidationError(self.env._(
                    "The period ends on %(end)s, before it begins on %(start)s. Enter the earlier day first.",
                    start=format_date(self.env, record.date_from), end=format_date(self.env, record.date_to),
                ))
            if record.date_to > today[record.company_id]:
                raise ValidationError(self.env._(
                    "The period ends on %(end)s, which is in the future. Enter what was measured up to today.",
                    end=format_date(self.env, record.date_to),
                ))
            if record.date_to >= record.date_from + relativedelta(years=LONGEST_YEARS):
                raise ValidationError(self.env._(
                    "The period from %(start)s to %(end)s is longer than %(years)s years. Enter a record for each year "
                    "or month.",
                    start=format_date(self.env, record.date_from), end=format_date(self.env, record.date_to),
                    years=LONGEST_YEARS,
                ))

    @api.constrains("company_id", "partner_id", "metric_id", "product_id", "goal_id")
    def _check_goal(self):
        for record in self:
            if record.goal_id and not record._fits(record.goal_id):
                raise ValidationError(self.env._(
                    "The goal of this record is about another customer, metric or product. Clear the goal, or choose "
                    "one of “%(metric)s” for %(customer)s.",
                    metric=record.metric_id.name, customer=record.commercial_partner_id.name,
                ))

    @api.constrains("company_id", "partner_id", "metric_id", "product_id", "date_from", "date_to")
    def _check_overlap(self):
        """Refuse a second record of the same days; one query for all of these."""
        self.env["customer.benefit.lock"]._take(
            (record.company_id.id, record.commercial_partner_id.id) for record in self
        )
        names = ("company_id", "commercial_partner_id", "metric_id", "product_id", "date_from", "date_to")
        found = self.env.execute_query(SQL(
            """SELECT mine.id, other.id
                 FROM customer_benefit_record mine
                 JOIN customer_benefit_record other
                   ON other.company_id = mine.company_id
                  AND other.commercial_partner_id = mine.commercial_partner_id
                  AND other.metric_id = mine.metric_id
                  AND other.product_id IS NOT DISTINCT FROM mine.product_id
                  AND other.date_from <= mine.date_to AND other.date_to >= mine.date_from
                  AND other.id != mine.id
                WHERE mine.id = ANY(%s)
                ORDER BY mine.id, other.id LIMIT 1""",
            self.ids, to_flush=[self._fields[name] for name in names],
        ))
        for record_id, other_id in found:
            record, other = self.browse(record_id), self.browse(other_id)
            # Constraints are checked as superuser. Customers are told: it is their own.
            if self.env.user._is_internal() and not other.sudo(False).has_access("read"):
                raise ValidationError(self.env._(
                    "A colleague has a record of “%(metric)s” for %(customer)s of some of these days already. Choose "
                    "other days, or ask the salesperson of the customer.",
                    metric=record.metric_id.name, customer=record.commercial_partner_id.name,
                ))
            raise ValidationError(self.env._(
                "There is a record of “%(metric)s” for %(customer)s from %(start)s to %(end)s already. Correct that "
                "one, or choose other days.",
                metric=record.metric_id.name, customer=record.commercial_partner_id.name,
                start=format_date(self.env, other.date_from), end=format_date(self.env, other.date_to),
            ))

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Sum up the gain of what counts only: a figure that somebody contests is in no sum."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec.startswith("gain:"):
            return SQL("%s FILTER (WHERE %s)", select, self._field_to_sql(self._table, "counts", query))
        return select

    def action_check(self):
        """Say that these values are right as they are, so that they count."""
        self.check_access("write")
        if any(record.doubt == "baseline" for record in self):
            raise UserError(self.env._(
                "Nobody knows what it was before, so that there is no gain to count. Enter the baseline first."
            ))
        # sudo: who said that a value is right is for the program to note; who may change the record may say so.
        self.filtered("doubt").sudo().write({"is_checked": True, "check_user_id": self.env.uid})

    def _take_back_checks(self):
        """Have somebody say again that these values are right."""
        self.filtered("is_checked").write({"is_checked": False, "check_user_id": False})

    def _value_customers(self):
        for company, records in self.grouped("company_id").items():
            yield records.commercial_partner_id, company
