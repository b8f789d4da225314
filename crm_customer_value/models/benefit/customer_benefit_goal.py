from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...engine.benefit import progress
from ..base.number_fields import Float, Integer, Monetary

# What decides which records belong to a goal.
FITTING = ("company_id", "partner_id", "metric_id", "product_id", "date_start", "date_target", "is_proposal", "active")


class CustomerBenefitGoal(models.Model):
    """What was agreed with a customer to be reached, and how far it is."""

    _name = "customer.benefit.goal"
    _description = "Benefit Goal"
    _inherit = [
        "customer.guarded.mixin",
        "customer.link.mixin",
        "customer.author.mixin",
        "mail.activity.mixin",
        "customer.unknown.last.mixin",
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
        "customer.benefit.metric", required=True, index=True, tracking=True, check_company=True,
        ondelete="restrict",
    )
    unit = fields.Char(related="metric_id.unit")
    direction = fields.Selection(related="metric_id.direction")
    # Not known until somebody enters them: a zero that nobody typed would be a goal.
    baseline = Float(
        required=True, optional=True, digits=0, tracking=True, aggregator=None,
        help="Where the customer started. New records are compared with it.",
    )
    is_baseline_changed = fields.Boolean(compute="_compute_is_baseline_changed")
    baseline_reason = fields.Char(
        "Reason for the New Baseline", store=False, copy=False,
        help="Why the customer started from somewhere else than was agreed. It is kept in the messages below.",
    )
    target = Float(
        required=True, optional=True, digits=0, tracking=True, aggregator=None, help="What was agreed to be reached.",
    )
    date_start = fields.Date("From", required=True, default=fields.Date.context_today, tracking=True)
    date_target = fields.Date("By When", required=True, tracking=True)
    has_passed = fields.Boolean("Its Day Has Passed", compute="_compute_has_passed")
    product_id = fields.Many2one(
        "product.product", "By Product", index="btree_not_null", check_company=True, tracking=True,
        help="With which product the customer is to reach it.",
    )
    need_id = fields.Many2one("customer.need", index="btree_not_null", check_company=True)
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
        compute="_compute_state", store=True, index=True, tracking=True,
        help="On track: the latest value lies on the straight line from the baseline to the target, or at most a tenth "
        "of the way below it. Missed: the day has passed, and the target was not reached.",
    )
    latest_value = Float(
        "Now", compute="_compute_state", store=True, digits=0, optional=True, aggregator=None,
        help="The latest value that counts: nobody contests it, and it is plausible or somebody said that it is right.",
    )
    date_latest = fields.Date("Measured up to", compute="_compute_state", store=True)
    progress = Float(
        "Progress (%)", compute="_compute_state", store=True, digits=(16, 1), optional=True, aggregator="avg",
        help="How much of the way from the baseline to the target is done, by the latest value that counts.",
    )
    record_ids = fields.One2many("customer.benefit.record", "goal_id", "Records")
    record_count = Integer("Measurements", compute="_compute_record_count")
    currency_id = fields.Many2one(related="company_id.currency_id")
    gain = Monetary(
        compute="_compute_record_count", optional=True,
        help="What the customer gained by all records of this goal that count.",
    )
    active = fields.Boolean(default=True)

    _value_reads = frozenset((
        "company_id", "commercial_partner_id", "metric_id", "baseline", "target", "date_start", "date_target",
        "is_proposal", "active",
    ))
    _value_marks = frozenset(("partner_id",))
    _value_silent = dict.fromkeys(
        ("latest_value", "date_latest"), "follows the records, and the day of the goal, which mark"
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "partner_id", "metric_id", "baseline", "baseline_reason", "target", "date_start",
            "date_target", "product_id", "need_id", "user_id", "plan", "record_ids", "active",
        }

    @api.depends("metric_id.name", "commercial_partner_id.name")
    def _compute_display_name(self):
        for goal in self:
            goal.display_name = ": ".join(filter(None, (goal.commercial_partner_id.name, goal.metric_id.name)))

    @api.depends("baseline")
    def _compute_is_baseline_changed(self):
        for goal in self:
            goal.is_baseline_changed = bool(goal._origin) and goal.baseline != goal._origin.baseline

    @api.depends("date_target", "company_id")
    def _compute_has_passed(self):
        for company, goals in self.grouped("company_id").items():
            today = goals._today(company) if company else fields.Date.context_today(self)
            for goal in goals:
                goal.has_passed = bool(goal.date_target) and goal.date_target < today

    @api.depends("record_ids.gain", "record_ids.counts")
    def _compute_record_count(self):
        found = {
            goal: (count, gain) for goal, count, gain in self.env["customer.benefit.record"]._read_group(
                [("goal_id", "in", self.ids)], ["goal_id"], ["__count", "gain:sum"]
            )
        }
        for goal in self:
            goal.record_count, goal.gain = found.get(goal._origin, (0, False))

    @api.depends(
        "company_id", "baseline", "target", "date_start", "date_target", "is_proposal", "record_ids.counts",
        "record_ids.value", "record_ids.date_to",
    )
    def _compute_state(self):
        """Follow the latest record that counts; one query for all goals."""
        latest = self._latest_values()
        days = {company: self._today(company) for company in self.company_id}
        for goal in self:
            value, day = latest.get(goal._origin.id, (False, False))
            goal.latest_value, goal.date_latest, goal.progress = value, day, False
            if goal.is_proposal:
                goal.state = "proposed"
            elif day is False or not goal._is_complete():
                goal.state = "not_measured"
            else:
                share = progress.progress(goal.baseline, goal.target, value)
                # What is not reached does not look as if it were, nor when screens round it.
                goal.progress = 100.0 if share == 1.0 else min(100.0 * share, 99.0)
                goal.state = progress.state(share, goal.date_start, goal.date_target, day, days[goal.company_id])

    def _is_complete(self):
        """Tell whether there is a way to go; in a form that is being filled in there is none yet (one goal)."""
        return (
            self.baseline is not False and self.target is not False and self.baseline != self.target
            and self.date_start and self.date_target and self.date_start < self.date_target
        )

    def _latest_values(self):
        """Return {goal id: (value, day)} of the latest record that counts, up to the day of each goal."""
        goals = self.filtered(lambda goal: goal._origin and goal.date_target)
        if not goals:
            return {}
        records = self.env["customer.benefit.record"]
        return {
            goal_id: (value, day) for goal_id, value, day in self.env.execute_query(SQL(
                """SELECT DISTINCT ON (record.goal_id) record.goal_id, record.value, record.date_to
                     FROM UNNEST(%(goals)s::int[], %(days)s::date[]) AS wanted (goal_id, day)
                     JOIN customer_benefit_record record ON record.goal_id = wanted.goal_id
                    WHERE record.counts AND record.date_to <= wanted.day
                    ORDER BY record.goal_id, record.date_to DESC, record.id DESC""",
                goals=goals._origin.ids, days=[goal.date_target for goal in goals],
                to_flush=[records._fields[name] for name in ("goal_id", "value", "date_to", "counts")],
            ))
        }

    @api.constrains("baseline", "target", "metric_id")
    def _check_target(self):
        for goal in self:
            if goal.target == goal.baseline:
                raise ValidationError(self.env._(
                    "The target of a goal differs from its baseline. Both are %s now.", f"{goal.target:.12g}"
                ))
            if not goal._aims_well():
                raise ValidationError(self.env._(
                    "For “%(metric)s”, %(direction)s. Enter a target on the better side of the baseline "
                    "(%(baseline)s).",
                    metric=goal.metric_id.name,
                    direction=dict(goal._fields["direction"]._description_selection(self.env))[goal.direction].lower(),
                    baseline=f"{goal.baseline:.12g}",
                ))

    @api.constrains("date_start", "date_target")
    def _check_dates(self):
        for goal in self:
            if goal.date_target <= goal.date_start:
                raise ValidationError(self.env._(
                    "The goal is to be reached on %(target)s, which is not after its start on %(start)s. Choose a "
                    "later day.",
                    target=format_date(self.env, goal.date_target), start=format_date(self.env, goal.date_start),
                ))

    @api.constrains("need_id", "partner_id")
    def _check_need(self):
        for goal in self:
            # sudo: whoever changes a goal need not be allowed to read the need it was made from.
            need = goal.need_id.sudo()
            if need and need.commercial_partner_id != goal.commercial_partner_id:
                raise ValidationError(self.env._(
                    "The need of this goal is that of another customer. Clear the need, or choose one of "
                    "%(customer)s.", customer=goal.commercial_partner_id.name,
                ))

    def _aims_well(self):
        """Tell whether the target is better than the baseline, by the direction of the metric (one goal)."""
        return (self.target < self.baseline) == (self.direction == "lower")

    @api.onchange("need_id")
    def _onchange_need_id(self):
        """Begin with how such a need is usually measured, and with what is to meet it."""
        if self.need_id:
            self.metric_id = self.metric_id or self.need_id.type_id.metric_id
            self.partner_id = self.partner_id or self.need_id.partner_id
            self.product_id = self.product_id or self.need_id.product_id

    @api.model_create_multi
    def create(self, vals_list):
        goals = super().create(vals_list)
        goals._take_records()
        return goals

    def write(self, vals):
        baselines = {goal: goal.baseline for goal in self} if "baseline" in vals else {}
        customers = {goal: goal.commercial_partner_id for goal in self} if "partner_id" in vals else {}
        result = super().write(vals)
        # For another customer it is a new goal; of what is written, Odoo asks only whose it was before.
        moved = self.filtered(lambda goal: goal in customers and goal.commercial_partner_id != customers[goal])
        moved.check_access("create")
        self._note_baselines(baselines, (vals.get("baseline_reason") or "").strip())
        if not vals.keys().isdisjoint(FITTING):
            self._release_records()
            self._take_records()
        return result

    def _note_baselines(self, baselines, reason):
        """Keep why baselines were changed.

        :param baselines: {goal: what its baseline was}
        """
        changed = [goal for goal, before in baselines.items() if goal.baseline != before]
        if changed and not reason:
            raise ValidationError(self.env._(
                "What a customer started from changes only with a reason. Enter the reason for the new baseline of "
                "“%s”.", changed[0].display_name,
            ))
        if changed:
            self._message_log_batch(bodies={
                goal.id: self.env._(
                    "Baseline changed from %(before)s to %(after)s: %(reason)s",
                    before=f"{baselines[goal]:.12g}", after=f"{goal.baseline:.12g}", reason=reason,
                )
                for goal in changed
            })

    def _release_records(self):
        """Let go of records that are not about these goals any more."""
        # sudo: records follow their goal, whoever made them.
        records = self.sudo().record_ids
        records.filtered(lambda record: not record._fits(record.goal_id)).write({"goal_id": False})

    def _take_records(self):
        """Have records that have no goal find these."""
        goals = self.filtered(lambda goal: goal.active and not goal.is_proposal)
        if not goals:
            return
        # Whoever is responsible for a goal reads its records, so that it takes those only that its maker may read.
        records = self.env["customer.benefit.record"].search(
            Domain("goal_id", "=", False)
            & Domain("company_id", "in", goals.company_id.ids)
            & Domain("commercial_partner_id", "in", goals.commercial_partner_id.ids)
            & Domain("metric_id", "in", goals.metric_id.ids)
            & Domain("date_to", ">=", min(goals.mapped("date_start")))
            & Domain("date_to", "<=", max(goals.mapped("date_target")))
        )
        taken = defaultdict(list)
        for record, goal in records._fitting_goals().items():
            taken[goal].append(record.id)
        for goal in goals:
            if goal in taken:
                # sudo: records follow their goal.
                records.browse(taken[goal]).sudo().write({"goal_id": goal.id})

    def action_accept(self):
        """Agree to what customers proposed: from now on it counts."""
        self.check_access("write")
        proposed = self.filtered("is_proposal")
        if not proposed:
            raise UserError(self.env._("This goal was accepted already. Reload the page to see what it is now."))
        # sudo: that it is no proposal any more is for the program to note; who may change a goal may accept it.
        proposed.sudo().write({"is_proposal": False, "active": True})
        for goal in proposed.filtered(lambda goal: not goal.user_id):
            goal.user_id = self.env.user
        proposed._message_log_batch(bodies={
            goal.id: self.env._("The proposal of the customer was accepted.") for goal in proposed
        })

    def action_decline(self):
        """Decline what customers proposed: it is archived, and stays a proposal."""
        self.check_access("write")
        proposed = self.filtered("is_proposal")
        if not proposed:
            raise UserError(self.env._("This goal was accepted already. Archive it if it is not to count any more."))
        proposed.action_archive()
        proposed._message_log_batch(bodies={
            goal.id: self.env._("The proposal of the customer was declined.") for goal in proposed
        })

    def action_plan_review(self):
        """Open a new meeting with the customer about what they gain."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.action_plan_value_review()

    def action_view_records(self):
        """Open what was measured for this goal."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("crm_customer_value.customer_benefit_record_action")
        action["domain"] = [("goal_id", "=", self.id)]
        action["context"] = {
            "default_goal_id": self.id, "default_partner_id": self.partner_id.id,
            "default_metric_id": self.metric_id.id, "default_product_id": self.product_id.id,
            "default_company_id": self.company_id.id,
        }
        return action

    @api.model
    def _today(self, company):
        """Return which day it is for a company."""
        return self.env["customer.value.run"]._today(self.env["customer.value.policy"]._get_active(company))

    @api.model
    def _cron_follow(self):
        """Find the goals whose day has passed; in the time zone of each company."""
        # Every company has its own midnight, so this runs more than once a day.
        goals = self.with_context(active_test=False)
        aimed = Domain("state", "in", ("on_track", "behind"))
        for (company,) in goals._read_group(aimed, ["company_id"]):
            goals.search(
                aimed & Domain("company_id", "=", company.id) & Domain("date_target", "<", self._today(company))
            )._refresh()

    def _refresh(self):
        """Compute states and progress again: after records were written past the ORM, or when a day has passed."""
        for name in ("state", "progress", "latest_value", "date_latest"):
            self.env.add_to_compute(self._fields[name], self)
        self.flush_recordset(["state", "progress", "latest_value", "date_latest"])

    def _value_customers(self):
        for company, goals in self.grouped("company_id").items():
            yield goals.commercial_partner_id, company
