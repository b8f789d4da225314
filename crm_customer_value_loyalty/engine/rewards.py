"""Rewards: what customers get for their loyalty, as a part of what it costs to serve them."""

from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.fact.documents import taken_back_orders_sql


def rewards_sql(scope, rewards):
    """SQL: what rewards of the window cost, per customer: partner_id, amount.

    A reward is a line of a confirmed order. What it costs is the margin that it takes away: the untaxed amount of a
    discount, and the cost of a product that is given for nothing. Orders that were taken back in full, and
    those in a currency without a rate, count for nothing, as among purchases.

    :param list rewards: ids of loyalty.reward
    """
    currency, rate = SQL("o.currency_id"), SQL("o.currency_rate")
    few = SQL("TRUE") if scope.bulk else SQL(
        "l.order_id = ANY(ARRAY(SELECT mine.id FROM sale_order mine WHERE %s))", scope.mine("mine")
    )
    taken_back = SQL("SELECT NULL::int AS order_id WHERE FALSE")
    if scope.source == "order":
        taken_back = (
            taken_back_orders_sql(scope) if scope.taken_back is None
            else SQL("SELECT UNNEST(%s::int[]) AS order_id", scope.taken_back)
        )
    return SQL(
        """WITH line AS MATERIALIZED (
               SELECT l.order_id, SUM(l.margin::numeric) AS margin
                 FROM sale_order_line l
                WHERE l.reward_id = ANY(%(rewards)s) AND %(few)s
                GROUP BY l.order_id
           ), taken_back AS MATERIALIZED (%(taken_back)s)
           SELECT contact.commercial_partner_id AS partner_id, SUM(ROUND(-%(margin)s, %(digits)s)) AS amount
             FROM line
             JOIN sale_order o ON o.id = line.order_id
             JOIN res_partner contact ON contact.id = o.partner_id
            WHERE o.id = ANY(ARRAY(SELECT order_id FROM line))
              AND %(mine)s
              AND o.state = 'sale'
              AND o.date_order >= %(start)s
              AND %(until)s
              AND NOT %(unrated)s
              AND NOT EXISTS (SELECT 1 FROM taken_back WHERE taken_back.order_id = o.id)
              AND %(partners)s
            GROUP BY contact.commercial_partner_id""",
        rewards=rewards,
        few=few,
        margin=scope.money(SQL("line.margin"), currency, rate),
        digits=scope.decimal_places,
        mine=scope.mine("o"),
        start=scope.moment(scope.window_start),
        until=scope.until(SQL("o.date_order")),
        unrated=scope.unrated(currency, rate),
        taken_back=taken_back,
        partners=scope.partners(SQL("contact.commercial_partner_id")),
    )
