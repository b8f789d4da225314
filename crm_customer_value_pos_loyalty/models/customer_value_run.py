from odoo import api, models
from odoo.tools import SQL


class CustomerValueRun(models.Model):
    _inherit = "customer.value.run"

    @api.model
    def _pos_counted_sql(self, scope):
        """Count no lines that pay with a gift card or eWallet, or put money on one."""
        counted = super()._pos_counted_sql(scope)
        payment_cards = self._payment_cards(scope)
        if not payment_cards:
            return counted
        return SQL(
            "%s AND (line.reward_id = ANY(%s)) IS NOT TRUE AND line.product_id <> ALL(%s)",
            counted, payment_cards.payments, [*payment_cards.payment_products, *payment_cards.deposits],
        )

    @api.model
    def _reward_costs(self, scope, reward_ids):
        return [*super()._reward_costs(scope, reward_ids), self._pos_rewards_sql(scope, reward_ids)]

    @api.model
    def _pos_rewards_sql(self, scope, reward_ids):
        """Return the SQL of what rewards cost that were given at the register in the period: partner_id, amount."""
        currency, rate = SQL("shop.currency_id"), SQL("o.currency_rate")
        amount = SQL("SIGN(line.qty) * SIGN(line.price_unit) * ABS(line.price_subtotal)")
        return SQL(
            """WITH taken_back AS MATERIALIZED (%(taken_back)s),
                    reward AS MATERIALIZED (
                   SELECT line.id, line.order_id FROM pos_order_line line
                    WHERE line.reward_id = ANY(%(rewards)s) AND %(few)s)
               SELECT contact.commercial_partner_id AS partner_id, SUM(ROUND(%(cost)s, %(digits)s)) AS amount
                 FROM reward
                 JOIN pos_order_line line ON line.id = reward.id
                 JOIN pos_order o ON o.id = line.order_id
                 JOIN pos_config shop ON shop.id = o.config_id
                 JOIN res_partner contact ON contact.id = o.partner_id
                WHERE line.id = ANY(ARRAY(SELECT id FROM reward))
                  AND o.id = ANY(ARRAY(SELECT order_id FROM reward))
                  AND %(mine)s
                  AND o.state IN ('paid', 'done')
                  AND o.date_order >= %(start)s
                  AND %(until)s
                  AND NOT %(unrated)s
                  AND %(counted)s
                  AND %(partners)s
                GROUP BY contact.commercial_partner_id""",
            taken_back=self._pos_taken_back_sql(scope),
            rewards=reward_ids,
            few=SQL("TRUE") if scope.bulk else SQL(
                "line.order_id = ANY(ARRAY(SELECT o.id FROM pos_order o WHERE %s))", scope.mine("o")
            ),
            cost=scope.money(SQL("(COALESCE(line.total_cost, 0) - %s)", amount), currency, rate),
            digits=scope.decimal_places,
            mine=scope.mine("o"),
            start=scope.moment(scope.window_start),
            until=scope.until(SQL("o.date_order")),
            unrated=scope.unrated(currency, rate),
            counted=self._pos_not_ordered_sql(),
            partners=scope.partners(SQL("contact.commercial_partner_id")),
        )
