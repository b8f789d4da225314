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
            "company_id", "kind", "reason", "state", "is_compared", "result", "bought_on", "cost", "revenue",
            "margin",
        ],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection([("keep", "Keep"), ("win_back", "Win Back")], readonly=True)
    reason = fields.Selection(REASONS, "Possible Reason", readonly=True)
    efforts = Integer(readonly=True, help="Efforts that were started.")
    judged = Integer("90 Days Over", readonly=True, help="Efforts whose 90 days are over.")
    kept = Integer("Bought in 90 Days", readonly=True, help="Of those whose 90 days are over.")
    held_out = Integer(readonly=True, help="Customers who were held out, and whose 90 days are over.")
    held_kept = Integer("Held Out, Bought in 90 Days", readonly=True)
    back = Integer("Bought in a Year", readonly=True, help="Efforts after which the customer bought within a year.")
    cost = Monetary("Cost", readonly=True)
    revenue = Monetary("Revenue After", readonly=True, help="In the year after each effort.")
    margin = Monetary(
        "Margin After", readonly=True, optional=True, help="In the year after each effort. Empty: not known."
    )
    payback = Float(
        "Back for Each 1 Spent", digits=(16, 2), readonly=True, optional=True, aggregator=None,
        help="Margin after, divided by the cost. Below 1, efforts have not paid for themselves yet. What customers "
        "would have bought without an effort is in it: see the effect. Empty: no cost, no margin is known, or "
        "nobody bought and the 90 days are not over.",
    )
    kind_judged = Integer(readonly=True, aggregator=None)
    kind_kept = Integer(readonly=True, aggregator=None)
    kind_held_out = Integer(readonly=True, aggregator=None)
    kind_held_kept = Integer(readonly=True, aggregator=None)
    effect_text = fields.Char(
        "Effect, All Reasons", compute="_compute_effect_text",
        help="How many more of 100 customers bought within 90 days than of those who were held out, with 95 % "
        "certainty. All reasons together: the reason of an effort may change when the customer tells it, but nobody "
        "asks those held out. Key customers, and those with a severe complaint, do not count: they are never held out.",
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT * FROM (
               SELECT summed.*,
                      CASE WHEN judged > 0 OR back > 0 THEN margin / NULLIF(cost, 0) END AS payback,
                      (SUM(compared) OVER each_kind)::int AS kind_judged,
                      (SUM(compared_kept) OVER each_kind)::int AS kind_kept,
                      (SUM(held_out) OVER each_kind)::int AS kind_held_out,
                      (SUM(held_kept) OVER each_kind)::int AS kind_held_kept
                 FROM (SELECT MIN(id) AS id, company_id, kind, reason,
                              COUNT(*) FILTER (WHERE state = 'done') AS efforts,
                              COUNT(result) FILTER (WHERE state = 'done') AS judged,
                              COUNT(*) FILTER (WHERE state = 'done' AND result = 'kept') AS kept,
                              COUNT(result) FILTER (WHERE state = 'done' AND is_compared) AS compared,
                              COUNT(*) FILTER (WHERE state = 'done' AND is_compared AND result = 'kept')
                                  AS compared_kept,
                              COUNT(result) FILTER (WHERE state = 'held_out') AS held_out,
                              COUNT(*) FILTER (WHERE state = 'held_out' AND result = 'kept') AS held_kept,
                              COUNT(bought_on) FILTER (WHERE state = 'done') AS back,
                              COALESCE(SUM(cost) FILTER (WHERE state = 'done'), 0) AS cost,
                              COALESCE(SUM(revenue) FILTER (WHERE state = 'done'), 0) AS revenue,
                              CASE WHEN COUNT(bought_on) FILTER (WHERE state = 'done') = 0 THEN 0
                                   ELSE SUM(margin) FILTER (WHERE state = 'done') END AS margin
                         FROM customer_rescue
                        GROUP BY company_id, kind, reason) summed
               WINDOW each_kind AS (PARTITION BY company_id, kind)) told
                WHERE efforts > 0"""
        )

    @api.depends("kind_judged", "kind_kept", "kind_held_out", "kind_held_kept")
    @api.depends_context("lang")
    def _compute_effect_text(self):
        for row in self:
            if not row.kind_judged:
                row.effect_text = self.env._("No 90 days are over yet")
                continue
            started, held_out = (row.kind_kept, row.kind_judged), (row.kind_held_kept, row.kind_held_out)
            if not (effect.is_enough(*started) and effect.is_enough(*held_out)):
                row.effect_text = self.env._("Too few to say")
            else:
                found = effect.difference(*started, *held_out)
                row.effect_text = self._effect_words(found)

    @api.model
    def _effect_words(self, found):
        """Return a difference in words, with the interval that it lies in with 95 % certainty."""
        low, value, high = (f"{100 * share:.1f}" for share in (found.low, found.value, found.high))
        if found.value < 0:
            low, value, high = (f"{-100 * share:.1f}" for share in (found.high, found.value, found.low))
            return self.env._(
                "%(value)s fewer of 100 bought than without (%(low)s to %(high)s)", value=value, low=low, high=high
            )
        return self.env._(
            "%(value)s more of 100 bought than without (%(low)s to %(high)s)", value=value, low=low, high=high
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
            # Those held out are a filter away.
            "context": {"search_default_started": 1},
        }
