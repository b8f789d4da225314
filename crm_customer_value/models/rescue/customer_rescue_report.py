"""What efforts cost and brought, by possible reason."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.care import effect
from ..base.number_fields import Float, Integer, Monetary
from .customer_rescue import REASONS


class CustomerRescueReport(models.Model):
    """The efforts of one kind and one possible reason, and the customers who were held out."""

    _name = "customer.rescue.report"
    _description = "What Efforts Brought"
    _inherit = ["customer.unknown.last.mixin"]
    _auto = False
    _rec_name = "reason"
    _order = "kind, reason, id"
    _depends = {
        "customer.rescue": [
            "company_id", "kind", "reason", "state", "result", "bought_on", "cost", "revenue", "margin",
        ],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection([("keep", "Keep"), ("win_back", "Win Back")], readonly=True)
    reason = fields.Selection(REASONS, "Possible Reason", readonly=True)
    efforts = Integer(readonly=True, help="Efforts that were started.")
    judged = Integer("Judged", readonly=True, help="Efforts whose 90 days are over.")
    kept = Integer(readonly=True, help="Of those judged: bought within 90 days.")
    held_out = Integer(readonly=True, help="Customers who were held out, and whose 90 days are over.")
    held_kept = Integer("Held Out and Kept", readonly=True, help="Of those held out: bought within 90 days.")
    back = Integer("Bought Again", readonly=True, help="Efforts after which the customer bought within a year.")
    cost = Monetary("Cost", readonly=True)
    revenue = Monetary("Revenue After", readonly=True, help="In the year after each effort.")
    margin = Monetary(
        "Margin After", readonly=True, optional=True, help="In the year after each effort. Empty: not known."
    )
    payback = Float(
        "Back for Each 1 Spent", digits=(16, 2), readonly=True, optional=True, aggregator=None,
        help="Margin after, divided by the cost. Above 1, efforts have paid for themselves. Empty: no cost, or no "
        "margin is known.",
    )
    effect_text = fields.Char("Effect", compute="_compute_effect_text")

    @property
    def _table_query(self):
        return SQL(
            """SELECT summed.*, margin / NULLIF(cost, 0) AS payback
                 FROM (SELECT MIN(id) AS id, company_id, kind, reason,
                              COUNT(*) FILTER (WHERE state = 'done') AS efforts,
                              COUNT(result) FILTER (WHERE state = 'done') AS judged,
                              COUNT(*) FILTER (WHERE state = 'done' AND result = 'kept') AS kept,
                              COUNT(result) FILTER (WHERE state = 'held_out') AS held_out,
                              COUNT(*) FILTER (WHERE state = 'held_out' AND result = 'kept') AS held_kept,
                              COUNT(bought_on) FILTER (WHERE state = 'done') AS back,
                              COALESCE(SUM(cost) FILTER (WHERE state = 'done'), 0) AS cost,
                              COALESCE(SUM(revenue) FILTER (WHERE state = 'done'), 0) AS revenue,
                              CASE WHEN COUNT(bought_on) FILTER (WHERE state = 'done') = 0 THEN 0
                                   ELSE SUM(margin) FILTER (WHERE state = 'done') END AS margin
                         FROM customer_rescue
                        GROUP BY company_id, kind, reason) summed"""
        )

    @api.depends("judged", "kept", "held_out", "held_kept")
    @api.depends_context("lang")
    def _compute_effect_text(self):
        for row in self:
            if not row.judged:
                row.effect_text = self.env._("No 90 days are over yet")
            elif not (effect.is_enough(row.kept, row.judged) and effect.is_enough(row.held_kept, row.held_out)):
                row.effect_text = self.env._("Too few to say")
            else:
                found = effect.difference(row.kept, row.judged, row.held_kept, row.held_out)
                row.effect_text = self.env._(
                    "%(value)s more of 100 were kept than without (%(low)s to %(high)s)",
                    value=f"{100 * found.value:.1f}", low=f"{100 * found.low:.1f}", high=f"{100 * found.high:.1f}",
                )

    def action_view_rescues(self):
        """Open the efforts that a row is made of."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_rescue_action")
        return action | {
            "domain": [
                ("company_id", "=", self.company_id.id), ("kind", "=", self.kind), ("reason", "=", self.reason),
            ],
            "context": {},
        }
