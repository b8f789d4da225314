"""Room to gain: a customer compared with others of the same industry, so that no single one of them shows.

Three things keep the figures of a customer from being worked out. A mean is that of three or more, of ten or more who
were measured, and is rounded. Records that a user may read, and may therefore change, are never in one mean with
records that are hidden from that user: else a change of the former would tell the latter by subtraction. And which
customers do well is decided among them, never by the value of the customer who is compared.
"""

from math import floor, log10

from odoo.tools import SQL

PEERS_FROM = 10
BEST_FROM = 3
PRODUCT_USERS_FROM = 5
LARGEST_SHARE = 0.5
# A value that was measured longer ago says nothing of today.
MONTHS = 24
DIGITS = 2
PERIODS_OF_YEAR = {"month": 12, "year": 1, "once": 1}


def rounded(value):
    """Return a number with two digits that tell, so that the mean of a few does not tell the last one of them."""
    return round(value, DIGITS - 1 - floor(log10(abs(value)))) if value else 0.0


def target_of(number, share, mean):
    """Return the rounded mean of the best quarter of peers, or None where it would tell too much of one of them.

    :param int number: of peers
    :param share: part of the volume that the largest of them has, 0 to 1; None where nobody bought anything
    :param mean: of the best quarter
    """
    if not number or number < PEERS_FROM or (share or 0) > LARGEST_SHARE:
        return None
    return rounded(mean)


def chosen(groups):
    """Return the group of peers to compare with: of those that may be compared, the larger.

    :param list groups: (number, largest share, mean, whatever else), at most one that is readable and one that is not
    """
    return max(groups, key=lambda group: (target_of(*group[:3]) is not None, group[0] or 0))


def peers_sql(own, readable, company_id, partner_id, industry_id, since):
    """Return the SQL of how the customer, and the peers, do in each metric of the customer.

    Its rows: metric, value of the customer, number of peers, share of the largest in the volume, mean of the best
    quarter, ids of the better half, and whether their records are hidden from the user. A metric has a row for the
    records that the user may read, and one for the others; one without numbers where there are none.

    :param SQL own: (metric, value, last day, id) of the records of the customer that count
    :param SQL readable: ids of the records that the user may read
    :param date since: of records that end after this day
    """
    return SQL(
        """WITH own AS MATERIALIZED (
               SELECT DISTINCT ON (metric_id) metric_id, value
                 FROM (%(own)s) own (metric_id, value, date_to, id)
                ORDER BY metric_id, date_to DESC, id DESC
           ), latest AS MATERIALIZED (
               SELECT DISTINCT ON (record.metric_id, record.commercial_partner_id, readable.id IS NULL)
                      record.metric_id, record.commercial_partner_id AS partner_id, readable.id IS NULL AS hidden,
                      record.value
                 FROM customer_benefit_record record
                 JOIN res_partner partner ON partner.id = record.commercial_partner_id
                 LEFT JOIN (%(readable)s) readable (id) ON readable.id = record.id
                WHERE record.counts AND record.company_id = %(company)s AND record.date_to > %(since)s
                  AND record.metric_id IN (SELECT metric_id FROM own)
                  AND partner.industry_id = %(industry)s AND partner.id <> %(customer)s
                ORDER BY record.metric_id, record.commercial_partner_id, readable.id IS NULL, record.date_to DESC,
                      record.id DESC
           ), peer AS (
               SELECT latest.*,
                      CASE metric.direction WHEN 'lower' THEN latest.value ELSE -latest.value END AS rank,
                      GREATEST(known.revenue_12m, 0) AS volume
                 FROM latest
                 JOIN customer_benefit_metric metric ON metric.id = latest.metric_id
                 LEFT JOIN customer_value known
                   ON known.company_id = %(company)s AND known.partner_id = latest.partner_id
           ), placed AS (
               SELECT peer.*, COUNT(*) OVER (PARTITION BY metric_id, hidden) AS number,
                      ROW_NUMBER() OVER (PARTITION BY metric_id, hidden ORDER BY rank, partner_id) AS place
                 FROM peer
           )
           SELECT own.metric_id, own.value, COUNT(placed.place), MAX(placed.volume) / NULLIF(SUM(placed.volume), 0),
                  AVG(placed.value) FILTER (WHERE placed.place <= GREATEST(%(best)s, CEIL(placed.number / 4.0))),
                  ARRAY_AGG(placed.partner_id) FILTER (WHERE placed.place <= CEIL(placed.number / 2.0)),
                  placed.hidden
             FROM own LEFT JOIN placed ON placed.metric_id = own.metric_id
            GROUP BY own.metric_id, own.value, placed.hidden""",
        own=own, readable=readable, company=company_id, customer=partner_id, industry=industry_id, since=since,
        best=BEST_FROM,
    )


def products_sql(better, bought, partner_id, limit):
    """Return the SQL of (metric, product, who uses it) of products that those who do well have, and the customer lacks.

    :param dict better: {metric id: ids of the customers who do well in it}
    :param SQL bought: (customer, product) of what these and the customer bought
    :param int limit: how many products for each metric
    """
    pairs = [(metric, partner) for metric, partners in better.items() for partner in partners]
    return SQL(
        """WITH bought AS MATERIALIZED (
               SELECT DISTINCT partner_id, product_id FROM (%(bought)s) line (partner_id, product_id)
           ), used AS (
               SELECT peer.metric_id, bought.product_id, COUNT(*) AS users
                 FROM UNNEST(%(metrics)s, %(partners)s) peer (metric_id, partner_id)
                 JOIN bought ON bought.partner_id = peer.partner_id
                 JOIN product_product product ON product.id = bought.product_id AND product.active
                 JOIN product_template template ON template.id = product.product_tmpl_id AND template.sale_ok
                WHERE bought.product_id NOT IN (SELECT product_id FROM bought WHERE partner_id = %(customer)s)
                GROUP BY peer.metric_id, bought.product_id
               HAVING COUNT(*) >= %(users)s
           ), placed AS (
               SELECT used.*, ROW_NUMBER() OVER (
                          PARTITION BY used.metric_id
                          ORDER BY named.product_product_id IS NULL, used.users DESC, used.product_id
                      ) AS place
                 FROM used
                 LEFT JOIN customer_benefit_metric_product_product_rel named
                   ON named.customer_benefit_metric_id = used.metric_id
                  AND named.product_product_id = used.product_id
           )
           SELECT metric_id, product_id FROM placed WHERE place <= %(limit)s ORDER BY metric_id, place""",
        bought=bought, metrics=[metric for metric, _partner in pairs], partners=[partner for _metric, partner in pairs],
        customer=partner_id, users=PRODUCT_USERS_FROM, limit=limit,
    )
