from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.constants import GC_UNLINK_LIMIT
from odoo.tools.translate import LazyTranslate

from ..base.number_fields import Float, Monetary
from ..value.customer_value import AMOUNT_GROUP, WITHOUT_CLASS
from ..value.part_fields import part_fields

_lt = LazyTranslate(__name__)

FROM_NO_CLASS = _lt("From no class")
AMOUNTS = ("clv_12m", "revenue_12m", "margin_12m")


def _choices(name):
    """Return the method that gives the choices of a field of ``customer.value``."""
    return lambda self: self.env["customer.value"]._fields[name]._description_selection(self.env)


class CustomerValueSnapshot(models.Model):
    """The value of one customer at the end of one month. Written by recomputes only.

    Kept for customers with something to tell: who bought in the last two windows, or whose class,
    segment or stage is not what it was in the snapshot before.
    """

    _name = "customer.value.snapshot"
    _description = "Customer Value at a Month End"
    _inherit = ["customer.unknown.last.mixin"]
    _order = "date desc, value_index desc nulls last, id"
    _rec_name = "partner_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=False)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Date("Month End", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", related="partner_id.user_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    value_index = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    value_to_us = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    bounds_points = Float("Limited to 0–100", digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    # The parts of the index that the value room has; who adds a part adds its columns.
    vars().update(part_fields("current_value", missing=False, snapshot=True))
    vars().update(part_fields("future_value", presence_column="has_prediction", snapshot=True))
    vars().update(part_fields(
        "development", score_column="development_index", presence_column="has_development", snapshot=True
    ))
    vars().update(part_fields("loyalty", missing=False, snapshot=True))
    vars().update(part_fields("payment", snapshot=True))
    vars().update(part_fields("cost_to_serve", missing=False, snapshot=True))
    value_class = fields.Selection(
        _choices("value_class"), readonly=True, falsy_value_label=WITHOUT_CLASS
    )
    rfm_segment = fields.Selection(_choices("rfm_segment"), "Segment", readonly=True)
    lifecycle_stage_id = fields.Many2one(
        "customer.lifecycle.stage", readonly=True, index=False, ondelete="restrict"
    )
    churn_risk = Float("Risk of Loss (0–1)", digits=(16, 4), readonly=True, aggregator="avg", optional=True)
    churn_level = fields.Selection(_choices("churn_level"), "Risk of Loss", readonly=True)
    # Offered for export are the twins below, which everybody may read.
    clv_12m = Monetary(
        "Expected Value, 12 Months", readonly=True, groups=AMOUNT_GROUP, exportable=False, optional=True
    )
    revenue_12m = Monetary("Revenue (period)", readonly=True, groups=AMOUNT_GROUP, exportable=False)
    margin_12m = Monetary(
        "Margin (period)", readonly=True, groups=AMOUNT_GROUP, exportable=False, optional=True
    )
    amounts_visible = fields.Boolean(compute="_compute_shown_amounts")
    shown_clv_12m = Monetary("Expected Value, 12 Months ", compute="_compute_shown_amounts", optional=True)
    shown_revenue_12m = Monetary("Revenue (period) ", compute="_compute_shown_amounts", optional=True)
    shown_margin_12m = Monetary("Margin (period) ", compute="_compute_shown_amounts", optional=True)
    # Named differently from the class of now: a pivot does not say which are rows and columns.
    previous_class = fields.Selection(
        [("a", "From A"), ("b", "From B"), ("c", "From C")],
        "Class Before",
        readonly=True,
        falsy_value_label=FROM_NO_CLASS,
        help="Value class at the month end before.",
    )
    previous_stage_id = fields.Many2one(
        "customer.lifecycle.stage",
        "Stage Before",
        readonly=True,
        index=False,
        ondelete="restrict",
        help="Stage at the month end before.",
    )
    previous_index = Float(
        "Index Before",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Value index at the month end before.",
        optional=True,
    )
    class_movement = fields.Selection(
        [
            ("risen", "Risen"),
            ("same", "Same class"),
            ("fallen", "Fallen"),
            ("in", "Newly in"),
            ("out", "Dropped out"),
        ],
        readonly=True,
        help="From the class at the month end before to this one. Newly in: no class before. Dropped "
        "out: no class any more. Empty: first month of the company, or no class in both months.",
    )

    _unique_month = models.Constraint(
        "UNIQUE (company_id, partner_id, date)", "A customer has one snapshot per company and month end."
    )
    _company_date_idx = models.Index("(company_id, date)")

    @api.depends("partner_id.display_name", "date")
    def _compute_display_name(self):
        for snapshot in self:
            snapshot.display_name = f"{snapshot.partner_id.display_name}, {snapshot.date}"

    @api.model
    def _amount_fields(self):
        """Return the fields that hold amounts, or tell as much: each has a twin ``shown_…`` that everybody may read.

        Extension point, like :meth:`CustomerValue._amount_fields`.
        """
        return AMOUNTS

    @api.depends_context("uid")
    @api.depends(lambda self: self._amount_fields())
    def _compute_shown_amounts(self):
        hidden = set()
        if not self.env.su and not self.env.user.has_group(AMOUNT_GROUP):
            hidden = self.env["customer.value"]._customers_of_others(self.company_id, self.partner_id)
        for snapshot in self:
            visible = (snapshot.company_id, snapshot.partner_id) not in hidden
            snapshot.amounts_visible = visible
            # sudo: whether the user may see these amounts was decided above.
            amounts = snapshot.sudo()
            for name in self._amount_fields():
                snapshot[f"shown_{name}"] = amounts[name] if visible else False

    def action_open_partner(self):
        """Open the customer's form."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    @api.autovacuum
    def _gc_snapshots(self):
        """Forget the months beyond those that a company's policy keeps."""
        done = 0
        for company in self.env["res.company"].search([("active", "in", [True, False])]):
            oldest = self._last_month_end(company) - relativedelta(
                months=self.env["customer.value.policy"]._get_active(company).snapshot_months, day=31
            )
            old = self.search(
                [("company_id", "=", company.id), ("date", "<=", oldest)],
                order="date, id",
                limit=GC_UNLINK_LIMIT - done,
            )
            done += len(old)
            old.unlink()
            if done >= GC_UNLINK_LIMIT:
                return done, True
        return done, False

    @api.model
    def _last_month_end(self, company):
        """Return the last month end that is over for ``company``."""
        policy = self.env["customer.value.policy"]._get_active(company)
        return self.env["customer.value.run"]._today(policy) - relativedelta(months=1, day=31)
