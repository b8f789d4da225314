"""Whom an effort may keep or win back: read from values, orders, complaints and contacts."""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from ..care.held_out import place_sql
from ..complaint.service import OPEN_STATES, SEVERE

# A complaint or a price of this time before the last purchase may be why it was the last one.
BEFORE_DAYS = 180
YEAR = 365


class Search(NamedTuple):
    """What to look for."""

    company_id: int
    day: date
    kind: str  # keep or win_back
    cost: float  # of an effort
    chance: float  # that an effort wins somebody back, from 0 to 1
    rest_days: int  # whoever was tried is left in peace for so long
    longest_days: int  # whoever bought the last time longer ago is let go; 0: nobody is
    price_rise: float  # a price that rose by less is no reason; in percent
    held_out: float  # which share is held out, from 0 to 1; see care/held_out.py
    delivered: SQL  # when an order ``o`` was delivered
    limit: int


def _chosen_sql(search):
    """Return the SQL condition over ``v`` and ``stage``: a customer of the kind that is looked for."""
    if search.kind == "keep":
        return SQL(
            "(stage.health = 'risk' OR v.churn_level = 'high') AND stage.health IS DISTINCT FROM 'gone'"
        )
    not_too_long = SQL("v.last_purchase_date >= %s::date - %s", search.day, search.longest_days)
    return SQL(
        """stage.health = 'gone' AND %s
           AND NOT EXISTS (SELECT 1 FROM crm_lead lead JOIN res_partner asking ON asking.id = lead.partner_id
                            WHERE asking.commercial_partner_id = v.partner_id AND lead.active
                              AND lead.won_status = 'pending' AND lead.type = 'opportunity'
                              AND (lead.company_id = v.company_id OR lead.company_id IS NULL))""",
        not_too_long if search.longest_days else SQL("TRUE"),
    )


def _worth_sql(search):
    """Return the SQL over ``known`` of what an effort may bring.

    Who is still there: the money at risk. Who is gone: the past of a year times the chance, or what is expected
    without an effort, whichever is more.
    """
    if search.kind == "keep":
        return SQL("known.value_at_risk")
    return SQL("GREATEST(known.past_value * %s, known.clv_12m)", search.chance)


def candidates_sql(search):
    """Return the SQL of customers who are worth an effort, the most worth first.

    Columns: partner_id, user_id, past_value (margin of a year while they bought; revenue where none is known),
    expected_value, worth, reason, reason_date, is_compared (could be held out), is_held_out.
    """
    return SQL(
        """WITH known AS (
               SELECT v.*, customer.user_id AS owner_id,
                      COALESCE(v.margin_total, v.revenue_total) / GREATEST(
                          1, (v.last_purchase_date - v.first_purchase_date + COALESCE(v.typical_gap, 0)) / %(year)s.0
                      ) AS past_value,
                      %(place)s < %(share)s AS is_drawn,
                      COALESCE(level.code <> 'key', TRUE)
                          AND NOT EXISTS (SELECT 1 FROM customer_complaint k
                                           WHERE k.commercial_partner_id = v.partner_id AND k.company_id = v.company_id
                                             AND k.severity IN %(severe)s AND k.state IN %(open)s) AS is_compared
                 FROM customer_value v
                 JOIN res_partner customer ON customer.id = v.partner_id
                 LEFT JOIN customer_lifecycle_stage stage ON stage.id = v.lifecycle_stage_id
                 LEFT JOIN customer_care_level level ON level.id = v.care_level_id
                WHERE v.company_id = %(company)s AND v.first_purchase_date IS NOT NULL AND customer.active
                  AND customer.relationship_broken_on IS NULL AND %(chosen)s
                  AND NOT EXISTS (SELECT 1 FROM customer_rescue tried
                                   WHERE tried.commercial_partner_id = v.partner_id AND tried.company_id = v.company_id
                                     AND tried.date > %(day)s::date - %(rest)s)),
               worth AS (
                   SELECT known.*, %(worth)s AS worth FROM known
                    WHERE %(worth)s > %(cost)s
                    ORDER BY worth DESC, known.partner_id
                    LIMIT %(limit)s)
           SELECT worth.partner_id, worth.owner_id AS user_id, worth.past_value, worth.clv_12m AS expected_value,
                  worth.worth, reason.code AS reason, reason.day AS reason_date, worth.is_compared,
                  worth.is_drawn AND worth.is_compared AS is_held_out
             FROM worth
             LEFT JOIN LATERAL (
                 SELECT told.code, told.day FROM (%(reasons)s) told
                  ORDER BY told.place, told.day DESC NULLS LAST LIMIT 1
             ) reason ON TRUE
            ORDER BY worth.worth DESC, worth.partner_id""",
        year=YEAR, place=place_sql(search.company_id, SQL("v.partner_id")), share=search.held_out,
        company=search.company_id, chosen=_chosen_sql(search), day=search.day, rest=search.rest_days,
        worth=_worth_sql(search), cost=search.cost, limit=search.limit, severe=SEVERE, open=OPEN_STATES,
        reasons=reasons_sql(search),
    )


def reasons_sql(search):
    """Return the SQL of facts that may be why a customer ``worth`` buys less: code, day, place (the first one counts).

    They are facts, and no proof. A price rose when the customer had never paid as much: the end of a discount is no
    rise. When somebody left whose contact was archived is not known.
    """
    since = SQL("worth.last_purchase_date - %s", BEFORE_DAYS)
    orders = SQL(
        """sale_order o JOIN res_partner buyer ON buyer.id = o.partner_id
             AND buyer.commercial_partner_id = worth.partner_id
           WHERE o.company_id = worth.company_id AND o.state = 'sale' AND o.date_order >= %s""",
        since,
    )
    return SQL(
        """SELECT 'complaint' AS code, k.date_received::date AS day, 1 AS place
             FROM customer_complaint k
            WHERE k.commercial_partner_id = worth.partner_id AND k.company_id = worth.company_id AND k.active
              AND k.merged_into_id IS NULL AND k.date_received >= %(since)s
        UNION ALL
           SELECT 'late', o.commitment_date::date, 2
             FROM %(orders)s AND %(delivered)s::date > o.commitment_date::date
        UNION ALL
           SELECT 'price', priced.day, 3
             FROM (SELECT o.date_order::date AS day, line.price_subtotal / line.product_uom_qty AS price,
                          MAX(line.price_subtotal / line.product_uom_qty) OVER (
                              PARTITION BY line.product_id, line.product_uom_id, o.currency_id
                              ORDER BY o.date_order, line.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                          ) AS before
                     FROM sale_order o
                     JOIN res_partner buyer ON buyer.id = o.partner_id
                                           AND buyer.commercial_partner_id = worth.partner_id
                     JOIN sale_order_line line ON line.order_id = o.id
                    WHERE o.company_id = worth.company_id AND o.state = 'sale' AND line.product_uom_qty > 0
                      AND line.price_subtotal > 0 AND line.display_type IS NULL) priced
            WHERE priced.before > 0 AND priced.price * 100 >= priced.before * %(rise)s AND priced.day >= %(since)s
        UNION ALL
           SELECT 'left', NULL::date, 4
             FROM %(orders)s AND NOT buyer.active
        UNION ALL
           SELECT 'left', event.date, 4
             FROM customer_life_event event
            WHERE event.commercial_partner_id = worth.partner_id AND event.company_id = worth.company_id
              AND event.kind IN ('manager', 'owner') AND event.date BETWEEN %(since)s AND %(day)s
        UNION ALL
           SELECT 'silence', worth.last_contact_by_us, 5
            WHERE worth.last_contact_by_us <= worth.last_purchase_date""",
        since=since, orders=orders, delivered=search.delivered, rise=100 + search.price_rise, day=search.day,
    )
