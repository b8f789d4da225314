import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...engine.value import parts, worth
from ..base.number_fields import Float, Integer


class CustomerValuePolicy(models.Model):
    """One version of how value is scored for a company.

    A version that has been used is never changed: every run names its version, so every
    number can be traced to the rules of its day. Changing the rules makes a new version.
    """

    _name = "customer.value.policy"
    _description = "Customer Value Policy"
    _inherit = ["customer.guarded.mixin"]
    _order = "company_id, version desc"

    # What may differ between versions; the settings edit exactly these.
    _scoring_fields = (
        "revenue_source",
        "value_basis",
        "class_basis",
        "tz",
        "window_days",
        "pareto_a",
        "pareto_b",
        "discount_rate",
        "hysteresis",
    )
    # What may differ, too, and moves neither score nor stage.
    _worth_fields = ("horizon_years", "need_new_days", "need_sticky_years", "need_frequent_score")

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="cascade"
    )
    version = Integer(readonly=True, copy=False, aggregator=None)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    date_activated = fields.Datetime("Active Since", readonly=True, copy=False)
    revenue_source = fields.Selection(
        [
            ("order", "Confirmed sales orders"),
            ("invoice", "Posted invoices less credit notes"),
        ],
        default="order",
        required=True,
        help="Imported purchases always count too. With orders, credit notes do not change revenue. With invoices, "
        "they reduce it, and a down payment is a purchase of its own. Invoices without an order use the product's "
        "current cost for the margin.",
    )
    value_basis = fields.Selection(
        [("margin", "Margin"), ("revenue", "Revenue")],
        default="margin",
        required=True,
        help="How the current value of a customer is measured. If no margin is known at all, revenue is used and the "
        "run log says so.",
    )
    class_basis = fields.Selection(
        [("revenue", "Revenue"), ("margin", "Margin")],
        "Classes By",
        default="revenue",
        required=True,
        help="How customers are put in the classes A, B and C. With margin: customers who brought no margin are in "
        "class C, customers whose margin is not known in no class. If no margin is known at all, revenue is used and "
        "the run log says so.",
    )
    tz = fields.Selection(
        "_selection_tz",
        string="Time Zone",
        required=True,
        default=lambda self: self._default_tz(),
        help="Purchases count on their day in this time zone.",
    )
    window_days = Integer(
        "Period That Counts (days)",
        default=365,
        required=True,
        help="RFM scores, classes and current value look at the purchases of this many days. 365 days suit shops; 1095 "
        "days suit businesses with few, large orders.",
    )
    pareto_a = Float(
        "Class A up to (%)",
        default=80.0,
        required=True,
        digits=(5, 2),
        help="Share of revenue, or margin, that the customers of class A bring together.",
    )
    pareto_b = Float(
        "Class B up to (%)",
        default=95.0,
        required=True,
        digits=(5, 2),
        help="Share of revenue, or margin, that the customers of classes A and B bring together.",
    )
    discount_rate = Float(
        "Yearly Discount on Future Value (%)",
        default=10.0,
        required=True,
        digits=(5, 2),
        help="Money later is worth less than money now. Expected value is reduced by this percentage a year.",
    )
    hysteresis = Float(
        "Stage Stability (%)",
        default=10.0,
        required=True,
        digits=(5, 2),
        help="How far (in percent) beyond a limit a customer must be before leaving a stage. A higher percentage means "
        "fewer changes back and forth.",
    )
    weight_ids = fields.One2many(
        "customer.value.policy.weight",
        "policy_id",
        "Weights",
        copy=True,
        default=lambda self: self._default_weight_ids(),
        help="What each part counts in the value index. Lines with an industry take the place of the general weights "
        "for customers of that industry.",
    )
    weight_shares = fields.Char("Weights of the Index", compute="_compute_weight_shares")
    industry_weights = fields.Text(
        "Weights of Industries", compute="_compute_industry_weights",
        help="Weights that take the place of the general ones for customers of an industry.",
    )
    # Not a rule of scoring, so it may change without a new version.
    snapshot_months = Integer(
        "Months of History",
        default=24,
        required=True,
        help="How many month ends we keep for each customer. Older ones are deleted within a day.",
    )

    horizon_years = Integer(
        "Years of Lifetime Value",
        default=3,
        required=True,
        help="Lifetime value looks this number of years ahead: the next 12 months, and each later year by how likely "
        "the customer still buys.",
    )
    need_new_days = Integer(
        "New Up to (days)",
        default=90,
        required=True,
        help="Need class New Customer: the first purchase was less than this number of days ago.",
    )
    need_sticky_years = Integer(
        "Long-Term From (years)",
        default=3,
        required=True,
        help="Need class Long-Term: has bought regularly for at least this number of years.",
    )
    need_frequent_score = Integer(
        "Frequent From (frequency score)",
        default=4,
        required=True,
        help="Need class Frequent: a frequency score of at least this number, 1 to 5.",
    )
    _unique_version = models.Constraint(
        "UNIQUE (company_id, version)", "A company has each version of its policy once."
    )
    _one_active = models.UniqueIndex(
        "(company_id) WHERE state = 'active'", "A company has one active policy at a time."
    )

    @api.model
    def _selection_tz(self):
        return [(name, name) for name in pytz.all_timezones]

    @api.model
    def _default_tz(self):
        company = self.env.company
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    @api.model
    def _default_weight_ids(self):
        """Return a line for each part there is, with the weight that it brings."""
        return [
            Command.create({"part": name, "weight": part.weight})
            for name, part in self.env["customer.value"]._shown_parts().items()
        ]

    @api.depends("weight_ids.part", "weight_ids.weight", "weight_ids.industry_id")
    def _compute_weight_shares(self):
        for policy in self:
            policy.weight_shares = self._shares_of(policy._weights())

    @api.model
    def _shares_of(self, weights):
        """Say what share of the index each weight is for a customer of whom everything is known.

        :param dict weights: {part of the index: weight}
        """
        labels = self.env["customer.value"]._component_labels()
        grounds = parts.of_kind(self.env["customer.value"]._shown_parts(), "ground")
        total = sum(weights.get(name, 0) for name in grounds)
        return total > 0 and ", ".join(
            self.env._("%(part)s %(weight)s = %(share)s %%", part=labels[name], weight=f"{weights[name]:g}",
                       share=round(100 * weights[name] / total))
            for name in grounds if name in weights
        )

    @api.depends("weight_ids.part", "weight_ids.weight", "weight_ids.industry_id.name")
    @api.depends_context("lang")
    def _compute_industry_weights(self):
        labels = self.env["customer.value"]._component_labels()
        for policy in self:
            lines = policy.weight_ids.filtered("industry_id").grouped("industry_id")
            policy.industry_weights = "\n".join(
                f"{industry.name}: " + ", ".join(
                    f"{labels.get(line.part, line.part)} {line.weight:g}" for line in own
                )
                for industry, own in lines.items()
            )

    @api.depends("company_id.name", "version")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._(
                "%(company)s, version %(version)s",
                company=policy.company_id.name,
                version=policy.version,
            )

    @api.constrains("window_days")
    def _check_window(self):
        for policy in self:
            if not 1 <= policy.window_days <= 3660:
                raise ValidationError(self.env._(
                    "The period that counts must be between 1 and 3660 days, not %(days)s. One year is 365.",
                    days=policy.window_days,
                ))

    @api.constrains("snapshot_months")
    def _check_snapshot_months(self):
        for policy in self:
            if not 1 <= policy.snapshot_months <= 240:
                raise ValidationError(self.env._(
                    "Enter 1 to 240 months of history, not %(months)s.",
                    months=policy.snapshot_months,
                ))

    @api.constrains("pareto_a", "pareto_b")
    def _check_cut_offs(self):
        for policy in self:
            if not 0 < policy.pareto_a < policy.pareto_b <= 100:
                raise ValidationError(self.env._(
                    "The limit of class A (%(a)s %%) must be above 0 and below the limit of class B (%(b)s %%), which "
                    "must be at most 100 %%.",
                    a=policy.pareto_a,
                    b=policy.pareto_b,
                ))

    @api.constrains("horizon_years", "need_new_days", "need_sticky_years", "need_frequent_score")
    def _check_worth(self):
        limits = dict(zip(self._worth_fields, ((1, 10), (1, 3660), (1, 50), (1, 5)), strict=True))
        for policy in self:
            for name, (low, high) in limits.items():
                if not low <= policy[name] <= high:
                    raise ValidationError(self.env._(
                        "%(field)s must be between %(low)s and %(high)s; %(number)s is not possible.",
                        field=self._fields[name]._description_string(self.env), low=low, high=high,
                        number=policy[name],
                    ))

    @api.constrains("discount_rate")
    def _check_discount_rate(self):
        for policy in self:
            if not 0 <= policy.discount_rate <= 100:
                raise ValidationError(self.env._(
                    "The yearly discount must be between 0 and 100 %%, not %(rate)s.",
                    rate=policy.discount_rate,
                ))

    @api.constrains("hysteresis")
    def _check_hysteresis(self):
        for policy in self:
            if not 0 <= policy.hysteresis <= 50:
                raise ValidationError(self.env._(
                    "The stage stability must be between 0 and 50 %%, not %(percent)s.",
                    percent=policy.hysteresis,
                ))

    @api.constrains("weight_ids")
    def _check_weights(self):
        grounds = parts.of_kind(self.env["customer.value"]._shown_parts(), "ground")
        for policy in self:
            weights = policy._all_weights()
            if sum(weights.general[name] for name in grounds) <= 0:
                raise ValidationError(self.env._(
                    "At least one part of the value index needs a weight above zero. Satisfaction is not enough: it "
                    "can only lower the index."
                ))
            for industry_id, own in weights.industries.items():
                if sum(own[name] for name in grounds) <= 0:
                    raise ValidationError(self.env._(
                        "For the industry %(industry)s, at least one part of the value index needs a weight above "
                        "zero. Satisfaction is not enough: it can only lower the index.",
                        industry=self.env["res.partner.industry"].browse(industry_id).display_name,
                    ))

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "snapshot_months", "weight_ids", *self._scoring_fields, *self._worth_fields,
        }

    def _prepare_create_values(self, vals_list):
        """Number new versions, company by company."""
        vals_list = super()._prepare_create_values(vals_list)
        companies = [vals["company_id"] for vals in vals_list]
        # sudo: numbers go on after those of versions that the user may not read.
        groups = self.sudo()._read_group([("company_id", "in", companies)], ["company_id"], ["version:max"])
        newest = {company.id: version for company, version in groups}
        for vals in vals_list:
            company = vals["company_id"]
            vals["version"] = newest[company] = newest.get(company, 0) + 1
        return vals_list

    def write(self, vals):
        """Refuse to rewrite rules that numbers were computed with."""
        if {"weight_ids", *self._scoring_fields, *self._worth_fields} & vals.keys() and any(
            policy.state != "draft" for policy in self
        ):
            raise UserError(self.env._(
                "This version is in use and cannot be changed. Create a new version, change it and activate it."
            ))
        if "company_id" in vals and any(
            policy.company_id.id != vals["company_id"] for policy in self
        ):
            raise UserError(self.env._("You cannot move a policy to another company. Create a new one there."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(policy.state != "draft" for policy in self):
            raise UserError(self.env._(
                "You can only delete drafts. The run log refers to the versions that were used."
            ))

    def action_new_version(self):
        """Copy this version as a draft and open it."""
        self.ensure_one()
        draft = self.copy()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [(False, "form")],
        }

    def action_activate(self):
        """Score by this version from now on and have every customer computed anew."""
        for policy in self:
            policy._activate()

    def _activate(self):
        self.ensure_one()
        self.check_access("write")
        if self.state == "active":
            return
        # Lines may have been written one by one.
        self._check_weights()
        # sudo: what becomes of a version is for this method to write, and for nobody else.
        policies = self.sudo()
        policies.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "active")]
        ).state = "retired"
        # The unique index on the active version is checked row by row.
        policies.flush_model(["state"])
        policies.write({"state": "active", "date_activated": fields.Datetime.now()})
        self.env["customer.value.run"]._enqueue(self.company_id)

    def _weight_lines(self):
        """Return the general weights of the parts that there are."""
        self.ensure_one()
        shown = self.env["customer.value"]._shown_parts()
        return self.weight_ids.filtered(lambda line: not line.industry_id and line.part in shown)

    def _weights(self):
        """Return {part of the index: weight} of this version, for all parts; a part without a line does not count.

        The weight of a bonus or a deduction is in points.
        """
        shown = self.env["customer.value"]._shown_parts()
        return dict.fromkeys(shown, 0.0) | {line.part: line.weight for line in self._weight_lines()}

    def _all_weights(self):
        """Return the weights of this version, those of industries included, as the engine wants them."""
        general = self._weights()
        industries = {}
        for line in self.weight_ids:
            if line.industry_id and line.part in general:
                industries.setdefault(line.industry_id.id, dict(general))[line.part] = line.weight
        return parts.Weights(general, industries)

    def _worth_rules(self):
        """Return what the engine needs to know beside the weights."""
        self.ensure_one()
        return worth.Rules(**{name: self[name] for name in worth.Rules._fields})

    @api.model
    def _get_active(self, company):
        """Return the active policy of ``company``, made with the defaults if there is none."""
        # sudo: salespeople cannot read policies, yet what explains their numbers is in one.
        policies = self.sudo().with_company(company)
        policy = policies.search([("company_id", "=", company.id), ("state", "=", "active")])
        if not policy:
            policy = policies.create({"company_id": company.id})
            policy.write({"state": "active", "date_activated": fields.Datetime.now()})
        return policy

    def _differences(self, values):
        """Return what differs in this version from ``values``: {field: (here, there)}."""
        self.ensure_one()
        current = self._read_format(list(values), load=None)[0] if values else {}
        return {name: (current[name], new) for name, new in values.items() if current[name] != new}

    def _weight_differences(self, weights):
        """Return what differs in the general weights from these: {part: (here, there)}.

        :param dict weights: {part: weight}
        """
        current = self._weights()
        return {name: (current[name], new) for name, new in weights.items() if current[name] != new}

    def _weight_commands(self, weights):
        """Return the commands that bring the general weights of this version to these."""
        lines = {line.part: line for line in self._weight_lines()}
        return [
            Command.update(lines[name].id, {"weight": weight}) if name in lines
            else Command.create({"part": name, "weight": weight})
            for name, weight in weights.items()
        ]

    def _renew(self, values=None, weights=None):
        """Make and activate a version that differs from this one; return it, or this one if nothing differs.

        :param dict values: {field: value}
        :param dict weights: {part of the index: general weight}
        """
        changed = {name: new for name, (_old, new) in self._differences(values or {}).items()}
        weighed = {name: new for name, (_old, new) in self._weight_differences(weights or {}).items()}
        if not changed and not weighed:
            return self
        policy = self.copy(changed)
        if weighed:
            policy.write({"weight_ids": policy._weight_commands(weighed)})
        policy._activate()
        return policy

    def copy_data(self, default=None):
        """Leave out weights of parts that are gone with their addon: the new version cannot know them."""
        shown = self.env["customer.value"]._shown_parts()
        copies = super().copy_data(default)
        for values in copies:
            values["weight_ids"] = [
                command for command in values.get("weight_ids", []) if not command[2] or command[2]["part"] in shown
            ]
        return copies
