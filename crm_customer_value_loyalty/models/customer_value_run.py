from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import cards, rewards

# Rewards that customers earned by buying before, or were given as a coupon of their own. Promotions, discount codes
# and "buy X get Y" are prices that everybody gets: they lower the revenue and are no cost of serving anybody.
LOYALTY_PROGRAMS = ("loyalty", "coupons", "next_order_coupons")


class CustomerValueRun(models.Model):
    """Purchases without what gift cards and eWallets do to the amounts of orders; rewards as a cost."""

    _inherit = "customer.value.run"

    @api.model
    def _loyalty_programs(self, scope):
        """Return the programs that the company of a scope uses or used."""
        company = self.env["res.company"].browse(scope.company_id)
        # sudo: what counts as a purchase does not depend on who looks.
        programs = self.env["loyalty.program"].sudo().with_context(active_test=False)
        return programs.search(Domain("company_id", "in", [False, *company.sudo().parent_ids.ids]))

    @api.model
    def _payment_cards(self, scope):
        """Return how to tell the lines of gift cards and eWallets (:class:`cards.Cards`), None where there are none."""
        programs = self._loyalty_programs(scope).filtered("is_payment_program")
        if not programs:
            return None
        return cards.Cards(
            payments=programs.reward_ids.ids,
            payment_products=programs.reward_ids.discount_line_product_id.ids,
            deposits=programs.rule_ids.product_ids.ids,
        )

    def _purchase_sources(self, scope):
        sources = super()._purchase_sources(scope)
        payment_cards = self._payment_cards(scope)
        for model, without_cards in (("sale.order", cards.orders_sql), ("account.move", cards.invoices_sql)):
            if payment_cards and model in sources:
                sources[model] = without_cards(scope, sources[model], payment_cards)
        return sources

    def _measures(self, scope):
        """Add rewards to what was given back, and take cards out of it.

        Like a credit note, a reward is part of the cost to serve a customer, while revenue and margin are lower
        by it already. So the margin that was credited stays as it is: net contribution takes nothing off twice.
        """
        measures = super()._measures(scope)
        parts = []
        if payment_cards := self._payment_cards(scope):
            parts.append(cards.credited_sql(scope, payment_cards))
        earned = self._loyalty_programs(scope).filtered(lambda program: program.program_type in LOYALTY_PROGRAMS)
        parts += [
            SQL(
                """SELECT partner_id, amount AS amount_credited, NULL::numeric AS margin_credited,
                          NULL::numeric AS margin_credited_before FROM (%s) reward""",
                costs,
            )
            for costs in (self._reward_costs(scope, earned.reward_ids.ids) if earned else [])
        ]
        if parts:
            credited = measures["credits"]
            names = SQL("partner_id, amount_credited, margin_credited, margin_credited_before")
            measures["credits"] = credited._replace(query=SQL(
                """SELECT partner_id, SUM(amount_credited) AS amount_credited, SUM(margin_credited) AS margin_credited,
                          SUM(margin_credited_before) AS margin_credited_before
                     FROM (%s) given_back
                    GROUP BY partner_id""",
                SQL(" UNION ALL ").join(
                    SQL("SELECT %s FROM (%s) part", names, part) for part in (credited.query, *parts)
                ),
            ))
        return measures

    @api.model
    def _reward_costs(self, scope, reward_ids):
        """Return what rewards cost in the period: queries of partner_id (a commercial partner) and amount."""
        return [rewards.rewards_sql(scope, reward_ids)]
