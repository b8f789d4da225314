from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Float, Integer


class CustomerBenefitMetric(models.Model):
    """Something that is measured at customers, and what a unit of it is worth to them."""

    _name = "customer.benefit.metric"
    _description = "Benefit Metric"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    unit = fields.Char(required=True, translate=True, help="What is counted: faults, hours, percent.")
    direction = fields.Selection(
        [("lower", "Lower is better"), ("higher", "Higher is better")], default="lower", required=True,
    )
    money_per_unit = Float(
        "Worth of a Unit", required=True, default=0.0, digits=0,
        help="What one unit less (or more) is worth to the customer, per period.",
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
        default=1.0, required=True, digits=(16, 2), help="How much goals of this metric count against others.",
    )
    typical_min = Float("Typical from", digits=0, optional=True)
    typical_max = Float(
        "Typical up to", digits=0, optional=True,
        help="Values outside need a confirmation where the baseline is zero.",
    )
    industry_ids = fields.Many2many(
        "res.partner.industry", string="Industries", help="Empty: offered for customers of every industry."
    )
    product_ids = fields.Many2many("product.product", string="Products", help="Products that improve it.")
    company_id = fields.Many2one("res.company", index=True, help="Empty: used by all companies.")
    sequence = Integer(default=10)
    active = fields.Boolean(default=True)

    _weight_positive = models.Constraint("CHECK (weight >= 0)", "The weight of a metric cannot be negative.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "unit", "direction", "money_per_unit", "currency_id", "period", "weight", "typical_min",
            "typical_max", "industry_ids", "product_ids", "company_id", "sequence", "active",
        }

    @api.depends("name", "unit")
    def _compute_display_name(self):
        for metric in self:
            metric.display_name = f"{metric.name} ({metric.unit})" if metric.unit else metric.name

    @api.constrains("typical_min", "typical_max")
    def _check_typical(self):
        for metric in self:
            known = [limit is not False for limit in (metric.typical_min, metric.typical_max)]
            if any(known) and (not all(known) or metric.typical_min > metric.typical_max):
                raise ValidationError(self.env._(
                    "Enter both limits of what is typical for “%s”, the lower one first, or none.", metric.name
                ))

    def _typical(self):
        """Return (lowest, highest) typical value, or None where nobody set it (one record)."""
        self.ensure_one()
        return None if self.typical_min is False else (self.typical_min, self.typical_max)
