from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..base.number_fields import Float, Integer

# What a metric is used in.
USES = ("customer.benefit.goal", "customer.benefit.record")
# What the gain of a measurement is computed from, and whether it counts.
MEASURING = ("unit", "direction", "money_per_unit", "currency_id", "period", "typical_min", "typical_max")


class CustomerBenefitMetric(models.Model):
    """Something that is measured at customers, and what a unit of it is worth to them."""

    _name = "customer.benefit.metric"
    _description = "Benefit Metric"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.unknown.last.mixin", "customer.value.source"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    unit = fields.Char(
        required=True, translate=True,
        help="What is counted: faults, hours, percent. Records in another unit count when somebody says that their "
        "value is right.",
    )
    direction = fields.Selection(
        [("lower", "Lower is better"), ("higher", "Higher is better")], default="lower", required=True,
    )
    money_per_unit = Float(
        "Worth of a Unit", required=True, default=0.0, digits=0, aggregator=None,
        help="What one unit less (or more) is worth to the customer, per period. Make it what customers of yours "
        "would agree to.",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id,
        help="Currency of the worth of a unit.",
    )
    period = fields.Selection(
        [("month", "Month"), ("year", "Year"), ("once", "Once")], default="month", required=True,
        help="A value is that of one month, of one year, or of a single event.",
    )
    weight = Float(
        default=1.0, required=True, digits=(16, 2), aggregator=None,
        help="How much goals of this metric count against others.",
    )
    typical_min = Float("Typical from", digits=0, optional=True, aggregator=None)
    typical_max = Float(
        "Typical up to", digits=0, optional=True, aggregator=None,
        help="Values outside need a confirmation where the baseline is zero.",
    )
    industry_ids = fields.Many2many(
        "res.partner.industry", string="Industries", help="Empty: offered for customers of every industry."
    )
    product_ids = fields.Many2many("product.product", string="Products", help="Products that improve it.")
    company_id = fields.Many2one("res.company", index=True, help="Empty: used by all companies.")
    need_type_ids = fields.One2many(
        "customer.need.type", "metric_id", "Usual for Needs", help="Goals made from such a need begin with this metric."
    )
    sequence = Integer(default=10)
    active = fields.Boolean(
        default=True, help="Archived metrics are not offered any more. What was measured with them still counts."
    )
    goal_count = Integer("Goals", compute="_compute_counts")
    record_count = Integer("Records", compute="_compute_counts")
    change_note = fields.Text(
        compute="_compute_change_note", help="What the changes that are not saved yet do to records that exist."
    )

    # Goals and records are computed from these.
    _value_reads = frozenset(("period", "weight"))
    # Gains are computed from these.
    _value_marks = frozenset(("unit", "direction", "money_per_unit", "currency_id", "typical_min", "typical_max"))
    # A new metric has no records, and one that has some is not deleted.
    _value_events = frozenset(("write",))

    _weight_positive = models.Constraint("CHECK (weight >= 0)", "The weight of a metric cannot be negative.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "unit", "direction", "money_per_unit", "currency_id", "period", "weight", "typical_min",
            "typical_max", "industry_ids", "product_ids", "need_type_ids", "company_id", "sequence", "active",
        }

    @api.depends("name", "unit")
    @api.depends_context("metric_without_unit")
    def _compute_display_name(self):
        """Name the unit too, unless what is told of the metric is money."""
        without_unit = self.env.context.get("metric_without_unit")
        for metric in self:
            has_unit = metric.unit and not without_unit
            metric.display_name = f"{metric.name} ({metric.unit})" if has_unit else metric.name

    @api.constrains("typical_min", "typical_max")
    def _check_typical(self):
        for metric in self:
            known = [limit is not False for limit in (metric.typical_min, metric.typical_max)]
            if any(known) and (not all(known) or metric.typical_min > metric.typical_max):
                raise ValidationError(self.env._(
                    "Enter both limits of what is typical for “%s”, the lower one first, or none.", metric.name
                ))

    @api.constrains("direction")
    def _check_direction(self):
        """Leave no goal behind that aims the other way."""
        # sudo: goals of colleagues count, too; only how many there are is told.
        goals = self.env["customer.benefit.goal"].sudo()
        for metric in self:
            count = len(goals.search([("metric_id", "=", metric.id)]).filtered(lambda goal: not goal._aims_well()))
            if count:
                raise ValidationError(self.env._(
                    "%(count)s goals of “%(metric)s” aim the other way. Make a new metric for the other direction, or "
                    "archive these goals first.",
                    count=count, metric=metric.name,
                ))

    @api.constrains("company_id")
    def _check_company_of_uses(self):
        """Take a metric away from no company that measures with it."""
        for metric in self.filtered("company_id"):
            for model in USES:
                # sudo: records of other companies count, too; none of them is named.
                if self.env[model].sudo().with_context(active_test=False).search_count(
                    [("metric_id", "=", metric.id), ("company_id", "!=", metric.company_id.id)], limit=1
                ):
                    raise ValidationError(self.env._(
                        "Other companies measure with “%s”. Leave its company empty, or make one metric for each "
                        "company.",
                        metric.name,
                    ))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for metric in self:
            # sudo: what others measured counts, too; only how much it is is told.
            goals, records = metric.sudo()._count_uses().get(metric.id, (0, 0))
            if goals or records:
                raise UserError(self.env._(
                    "“%(metric)s” is used in %(goals)s goals and %(records)s records. Archive it: it is not offered "
                    "any more then, and what was measured still counts.",
                    metric=metric.name, goals=goals, records=records,
                ))

    def write(self, vals):
        renamed = self.filtered(lambda metric: metric.unit != vals["unit"]) if "unit" in vals else self.browse()
        result = super().write(vals)
        if not vals.keys().isdisjoint(MEASURING):
            # sudo: whoever changes the metric need not be able to write the records of others.
            records = self.env["customer.benefit.record"].sudo()
            for metric in self:
                # That a value is right was said of the old unit.
                records._follow_metric(metric, check_again=metric in renamed)
        return result

    def _count_uses(self):
        """Return {metric id: (goals, records)} of what the user may read, archived ones included."""
        found = {
            model: dict(self.env[model].with_context(active_test=False)._read_group(
                [("metric_id", "in", self.ids)], ["metric_id"], ["__count"]
            ))
            for model in USES
        }
        return {metric.id: tuple(found[model].get(metric._origin, 0) for model in USES) for metric in self._origin}

    def _compute_counts(self):
        uses = self._count_uses()
        for metric in self:
            metric.goal_count, metric.record_count = uses.get(metric._origin.id, (0, 0))

    @api.depends("unit", "money_per_unit", "currency_id", "period", "direction")
    def _compute_change_note(self):
        for metric in self:
            before, notes = metric._origin, []
            # sudo: as for deleting, only how many there are.
            count = before.sudo()._count_uses()[before.id][1] if before else 0
            if count and metric.unit != before.unit:
                notes.append(self.env._(
                    "%(count)s records are in “%(unit)s”. When you save, they stop counting until somebody corrects "
                    "each or says that its value is right.",
                    count=count, unit=before.unit,
                ))
            if count and any(
                metric[name] != before[name] for name in ("money_per_unit", "currency_id", "period", "direction")
            ):
                notes.append(self.env._(
                    "When you save, the gain of %(count)s records is computed again, also of what was measured before "
                    "today. Make a new metric if this is to hold from now on only.",
                    count=count,
                ))
            metric.change_note = "\n".join(notes) or False

    def _units(self):
        """Return how the unit is written, in lower case, in whichever language (one record)."""
        stored = self._fields["unit"]._get_stored_translations(self._origin) if self._origin else {}
        return {(unit or "").strip().casefold() for unit in [self.unit, *(stored or {}).values()]}

    def action_view_goals(self):
        """Open the goals that are measured so."""
        return self._action_uses("crm_customer_value.customer_benefit_goal_action")

    def action_view_records(self):
        """Open what was measured so."""
        return self._action_uses("crm_customer_value.customer_benefit_record_action")

    def _action_uses(self, xml_id):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(xml_id)
        action["domain"] = [("metric_id", "=", self.id)]
        action["context"] = {"default_metric_id": self.id, "active_test": False}
        return action

    def _value_customers(self):
        # sudo: whose values change does not depend on who changes the metric.
        for model in USES:
            for company, partners in self.env[model].sudo().with_context(active_test=False)._read_group(
                Domain("metric_id", "in", self.ids), ["company_id"], ["commercial_partner_id:recordset"]
            ):
                yield partners, company

    def _typical(self):
        """Return (lowest, highest) typical value, or None where nobody set it (one record)."""
        self.ensure_one()
        return None if self.typical_min is False else (self.typical_min, self.typical_max)
