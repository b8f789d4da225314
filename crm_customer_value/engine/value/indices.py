"""What the first parts of the index say of a customer, and the rows of ``customer_value``."""

from odoo.tools import SQL

from ..complaint import service
from ..fact import evidence, lateness
from ..fact.measures import TREND_TOLERANCE
from ..outlook import predictions
from . import rfm, worth
from .parts import Compared, following_sql, industries_sql, points_sql, running_sql, scores_sql, told_columns

# Half of the tenure score is reached after two years, three quarters after four.
TENURE_HALF_LIFE_DAYS = 730
# Regularity is full up to one typical gap of silence and gone after this many.
CADENCE_GONE = 3

# Spend counts as if this many more purchases of the customer's own size had grown with the company.
DEVELOPMENT_PRIOR_PURCHASES = 2
# A customer who grew this many times as much as the company has a development index of 100.
DEVELOPMENT_FULL = 4
# From this score on a value is high: that of the best fifth of customers.
HIGH_SCORE = 80

# Columns of customer_value that a recompute writes, beside those in which parts are told.
COLUMNS = (
    "user_id", "document_owner", "document_user_id", "has_imported_purchases",
    "revenue_total", "margin_total", "revenue_12m", "margin_12m", "revenue_previous_12m",
    "order_count", "order_count_12m", "purchase_days", "purchase_days_12m",
    "first_purchase_date", "last_purchase_date", "typical_gap",
    "recency_score", "frequency_score", "monetary_score", "rfm_segment", "value_class",
    "revenue_trend",
    "has_prediction", "probability_alive", "probability_active_12m", "churn_risk", "churn_level",
    "expected_purchases_12m", "clv_12m",
    "expected_next_purchase_date", "next_purchase_from", "next_purchase_to",
    "clv_method", "clv_confidence", "value_at_risk", "value_at_risk_basis", *worth.COLUMNS,
    "cost_to_serve", "potential_class", "value_matrix",
    "bounds_points", "value_to_us", "value_index",
)


def value_columns(parts):
    """Return the columns of ``customer_value`` that a recompute writes.

    :param dict parts: :func:`parts.ordered`
    """
    return (*COLUMNS, *_told(parts), *(part.points_column for part in parts.values()))


def _told(parts):
    """Return {column: SQL over scored row ``s``} of the parts, but for what is written anyway."""
    return {name: column for name, column in told_columns(parts).items() if name not in COLUMNS}


def _rfm_score_sql(score, ranked):
    """SQL: a score for who bought in the window, 1 for who bought before, 0 for who never did.

    0 for everybody where customers are not compared.
    """
    if not ranked:
        return SQL("0")
    return SQL(
        """CASE WHEN w.purchase_days = 0 THEN 0
                WHEN w.purchase_days_12m = 0 THEN 1 ELSE %s END""",
        score,
    )


def _class_sql(points):
    """SQL: the Pareto class, over scored row ``s``.

    By margin, who bought at none is in the last class, and who bought at an unknown one in none.
    """
    if not points["ranked"]:
        return SQL("NULL::varchar")
    by_margin = points["class_basis"] == "margin"
    return SQL(
        """CASE WHEN %(none)s THEN NULL
                WHEN %(amount)s >= %(class_a)s::numeric THEN 'a'
                WHEN %(amount)s >= %(class_b)s::numeric THEN 'b' ELSE 'c' END""",
        none=SQL("s.purchase_days_12m = 0 OR s.margin_12m IS NULL" if by_margin else "s.revenue_12m <= 0"),
        amount=SQL("s.margin_12m" if by_margin else "s.revenue_12m"),
        class_a=points["pareto_a"], class_b=points["pareto_b"],
    )


def _typical_gap_sql(company_gap):
    """SQL: the customer's typical gap in hundredths of a day; NULL for none."""
    return SQL(
        "CASE WHEN w.purchase_days > 0 THEN %s END",
        lateness.typical_gap_sql(SQL("w.gap_count"), SQL("w.own_gap"), company_gap),
    )


def current_value_sql(compared):
    """SQL: the share of customers with a value above zero who are worth at most as much, in tenths of a percent.

    0 without value in the window, NULL where customers are not compared. Over the working row ``w``.
    """
    points = compared.points
    if not points["value"]:
        return SQL("0" if points["ranked"] else "NULL::int")
    return SQL(
        """CASE WHEN w.purchase_days_12m > 0 AND %(value)s > 0
                THEN 10 * WIDTH_BUCKET(%(value)s, %(cuts)s::numeric[]) ELSE 0 END""",
        value=SQL.identifier("w", "margin_12m" if points["basis"] == "margin" else "revenue_12m"),
        cuts=points["value"],
    )


def future_value_sql(compared):
    """SQL: the same of expected value (``clv_12m``), NULL without a prediction, too."""
    points = compared.points
    if points["ranked"] and points["clv"]:
        return SQL(
            """CASE WHEN w.clv_12m > 0 THEN 10 * WIDTH_BUCKET(w.clv_12m, %s::numeric[])
                    WHEN w.clv_12m IS NOT NULL THEN 0 END""",
            points["clv"],
        )
    return SQL("CASE WHEN w.clv_12m IS NULL THEN NULL ELSE 0 END" if points["ranked"] else "NULL::int")


def development_sql(compared):
    """SQL: spend in the window against the window before, relative to the company's own growth, in tenths.

    A logarithm: 50 is growing with the company, 100 four times as much, 0 a quarter. Two purchases of the
    customer's usual size that grew with the company are added on both sides, which is what a thin history is
    drawn to. NULL without revenue in the window before. Over the working row ``w``.
    """
    growth = compared.points["growth"]
    if not growth or growth <= 0:
        return SQL("NULL::int")
    return SQL(
        """CASE WHEN w.revenue_previous_12m > 0 AND w.purchase_days > 0 THEN
            ROUND(LEAST(1000, GREATEST(0, 500 + 500 / LN(%(full)s::float8) * LN(GREATEST(1e-9, (
                (GREATEST(w.revenue_12m, 0) * w.purchase_days + %(prior)s * GREATEST(w.revenue_total, 0))
              / (w.revenue_previous_12m * %(growth)s::numeric * w.purchase_days
                 + %(prior)s * GREATEST(w.revenue_total, 0)))::float8)))))::int END""",
        full=DEVELOPMENT_FULL, prior=DEVELOPMENT_PRIOR_PURCHASES, growth=growth,
    )


def development_evidence_sql():
    """SQL: purchase days in the window before, as evidence, over the working row ``w``."""
    return SQL(
        "CASE WHEN w.revenue_previous_12m > 0 THEN %s ELSE 0 END",
        evidence.share_sql(SQL("w.purchase_days_before"), evidence.DEVELOPMENT_HALF),
    )


def loyalty_sql(compared):
    """SQL: how long and how regularly a customer has been buying, in tenths, over the working row ``w``.

    Half is tenure (first to last purchase, saturating with a half-life of two years). Half is regularity: full
    until one typical gap has passed, nothing after three, and weighed by how many gaps are known. Each of up to
    3 adopted suggestions adds 5 points.
    """
    return SQL(
        """LEAST(1000, %(adopted)s
          + CASE WHEN w.gap_count = 0 OR w.gap_hundredths IS NULL THEN 0 ELSE FLOOR(0.5::float8 + 10 * (
            50 * (1 - POWER(2::float8, -(w.last_purchase_date - w.first_purchase_date)
                                        / %(half_life)s::float8))
          + 50 * w.gap_count / (w.gap_count + %(prior)s)::float8
               * LEAST(1, GREATEST(0, (%(gone)s * w.gap_hundredths
                                        - 100 * (%(as_of)s::date - w.last_purchase_date))::float8
                                      / ((%(gone)s - 1) * w.gap_hundredths)))
        ))::int END)""",
        adopted=service.adopted_sql(),
        half_life=TENURE_HALF_LIFE_DAYS, prior=lateness.PRIOR_GAPS, gone=CADENCE_GONE, as_of=compared.as_of,
    )


def payment_sql():
    """SQL: share of the money due in the window that was paid on time, in tenths of a percent; NULL without any."""
    return SQL("ROUND(1000 * w.amount_on_time / NULLIF(w.amount_due, 0))::int")


def payment_evidence_sql():
    """SQL: amounts that fell due, as evidence, over the working row ``w``."""
    return evidence.share_sql(SQL("w.amounts_due"), evidence.PAYMENT_HALF)


def cost_to_serve_sql(compared):
    """SQL: share of the window's revenue, before credits, that was credited or spent on complaints and contacts."""
    return SQL(
        """CASE WHEN %(cost)s > 0
                THEN ROUND(1000 * LEAST(%(cost)s / NULLIF(GREATEST(%(gross)s, 0), 0), 1))::int ELSE 0 END""",
        cost=_cost_sql("w"),
        gross=SQL("w.revenue_12m") if compared.gross else SQL("(w.revenue_12m + COALESCE(w.amount_credited, 0))"),
    )


def _cost_sql(alias):
    """SQL: what it cost to serve a customer in the window: credited, compensated, hours, and contacts."""
    return SQL(
        "(COALESCE(%s, 0) + COALESCE(%s, 0) + COALESCE(%s, 0))",
        *(SQL.identifier(alias, name) for name in ("amount_credited", "amount_served", "amount_contacts")),
    )


def _trend_sql():
    """SQL: revenue of the window against that of the window before."""
    return SQL(
        """CASE WHEN w.revenue_12m <= 0 AND w.revenue_previous_12m <= 0 THEN NULL
                WHEN w.revenue_previous_12m <= 0 THEN 'new'
                WHEN w.revenue_12m > w.revenue_previous_12m * (1 + %(t)s) THEN 'up'
                WHEN w.revenue_12m < w.revenue_previous_12m * (1 - %(t)s) THEN 'down'
                ELSE 'steady' END""",
        t=TREND_TOLERANCE,
    )


def _by_rule_sql(outlook):
    """SQL condition: the forecast of scored row ``s`` is that of the plain rule, whose risk says little."""
    if outlook["method"] != "rule":
        return SQL("FALSE")
    by_rhythm = outlook.get("rhythm", {}).get("choice", {}).get("in_use") == "rhythm"
    return SQL("s.steady IS NOT TRUE" if by_rhythm else "TRUE")


def _at_risk_sql(basis, outlook, as_of, digits):
    """SQL: the money of the window that may be lost, and how that was found, over scored row ``s``.

    Money is margin, or revenue where no margin is known. Of it counts the risk of a loss that is shown;
    where that comes from the plain rule, or there is none, the share by lateness.
    """
    money = SQL("s.revenue_12m")
    if basis == "margin":
        money = SQL("COALESCE(%s, s.revenue_12m)", worth.margin_sql("12m"))
    by_revenue = SQL("%s IS NULL", worth.margin_sql("12m")) if basis == "margin" else SQL("TRUE")
    by_model = SQL("s.active IS NOT NULL AND NOT (%s)", _by_rule_sql(outlook))
    late = lateness.share_sql("s", as_of, gap=SQL("(0.01 * s.gap_hundredths)"))
    return SQL(
        """CASE WHEN s.purchase_days > 0 THEN ROUND(
               GREATEST(%(money)s, 0) * CASE WHEN %(by_model)s THEN 0.0001 * (10000 - s.active)
                                             ELSE %(late)s END, %(digits)s) END AS value_at_risk,
           CASE WHEN s.purchase_days = 0 THEN NULL
                WHEN %(by_model)s THEN CASE WHEN %(by_revenue)s THEN 'model_revenue' ELSE 'model' END
                WHEN %(late)s IS NOT NULL THEN CASE WHEN %(by_revenue)s THEN 'rhythm_revenue' ELSE 'rhythm' END
           END AS value_at_risk_basis""",
        money=money, by_model=by_model, by_revenue=by_revenue, late=late, digits=digits,
    )


def working_rows_sql(table, within, points, forecast):
    """Return the SELECT of the working rows ``w`` that scores are found over: measures, and what was predicted.

    ``OFFSET 0`` keeps PostgreSQL from merging the nested selects, which would compute an inner
    column again at every place where an outer one uses it.
    """
    return SQL(
        "SELECT w.*, p.*, %(gap)s AS gap_hundredths FROM %(work)s w %(predictions)s WHERE %(condition)s OFFSET 0",
        gap=_typical_gap_sql(points["gap"]),
        work=SQL.identifier(table),
        predictions=predictions.join_sql(forecast, within),
        condition=within(SQL.identifier("w", "partner_id")),
    )


def rows_sql(table, within, points, *, as_of, parts, weights, rules, part_rules, outlook, forecast, digits, gross):
    """Return the SELECT of finished rows for ``customer_value``: partner_id and :func:`value_columns`.

    :param str table: working table
    :param within: function that limits a column of partner ids to the batch
    :param dict points: :func:`cut_points.read_cut_points`
    :param date as_of: the day everything is computed for
    :param dict parts: :func:`parts.ordered`
    :param Weights weights: of these parts; at least one ground above zero
    :param worth.Rules rules: of the policy, for what a customer is worth beside the index
    :param dict part_rules: what parts of other rooms go by
    :param dict outlook: :func:`outlook.fit`
    :param str forecast: the table that :func:`predictions.join_keys` made
    :param int digits: decimal places of the company's currency
    :param bool gross: revenue is counted without credit notes
    """
    compared = Compared(points, as_of, gross, part_rules)
    days = SQL("(%s::date - w.last_purchase_date)", as_of)
    recency, frequency, monetary = (
        _rfm_score_sql(score, points["ranked"])
        for score in (
            rfm.descending_score_sql(days, points["recency"] or (0,)),
            rfm.ascending_score_sql(SQL("w.purchase_days_12m"), points["frequency"] or (0,)),
            rfm.ascending_score_sql(SQL("w.revenue_12m"), points["monetary"] or (0,)),
        )
    )
    return SQL(
        """SELECT s.partner_id, customer.user_id,
                  COALESCE(s.document_owner, 'nobody') AS document_owner, s.document_user_id,
                  COALESCE(s.has_imported_purchases, FALSE) AS has_imported_purchases,
                  s.revenue_total, %(margin_total)s AS margin_total,
                  s.revenue_12m, %(margin_12m)s AS margin_12m, s.revenue_previous_12m,
                  s.order_count, s.order_count_12m, s.purchase_days, s.purchase_days_12m,
                  s.first_purchase_date, s.last_purchase_date, 0.01 * s.gap_hundredths AS typical_gap,
                  NULLIF(s.recency_score, 0) AS recency_score, NULLIF(s.frequency_score, 0) AS frequency_score,
                  NULLIF(s.monetary_score, 0) AS monetary_score,
                  %(segment)s AS rfm_segment,
                  %(value_class)s AS value_class,
                  s.revenue_trend,
                  %(prediction)s,
                  %(at_risk)s,
                  %(worth)s,
                  %(cost)s AS cost_to_serve,
                  CASE WHEN s.future_value_tenths >= %(high)s THEN 'high'
                       WHEN s.future_value_tenths IS NOT NULL THEN 'low' END AS potential_class,
                  CASE WHEN s.future_value_tenths IS NULL THEN NULL
                       WHEN s.current_value_tenths >= %(high)s
                       THEN CASE WHEN s.future_value_tenths >= %(high)s THEN 'high' ELSE 'mid' END
                       WHEN s.future_value_tenths >= %(high)s THEN 'potential' ELSE 'low' END AS value_matrix,
                  %(told)s,
                  %(points)s
             FROM (
                SELECT s.*, %(running)s%(following)s
                  FROM (
                    SELECT w.*,
                           %(recency)s AS recency_score,
                           %(frequency)s AS frequency_score,
                           %(monetary)s AS monetary_score,
                           %(trend)s AS revenue_trend,
                           %(scores)s
                      FROM (%(working)s) w
                    OFFSET 0
                  ) s %(industries)s
                OFFSET 0
             ) s
             JOIN res_partner customer ON customer.id = s.partner_id AND %(customers)s""",
        segment=rfm.segment_sql(
            SQL("s.recency_score"), SQL("s.frequency_score"), SQL("s.monetary_score")
        ),
        margin_total=worth.margin_sql("total"),
        margin_12m=worth.margin_sql("12m"),
        value_class=_class_sql(points),
        worth=worth.columns_sql(points, rules, as_of=as_of, digits=digits, gross=gross),
        told=SQL(", ").join(SQL("%s AS %s", column, SQL.identifier(name)) for name, column in _told(parts).items()),
        high=10 * HIGH_SCORE,
        running=running_sql(parts, weights),
        following=following_sql(parts, compared),
        industries=industries_sql(parts, weights, within),
        points=points_sql(parts, ranked=points["ranked"]),
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        trend=_trend_sql(),
        scores=scores_sql(parts, compared),
        prediction=predictions.columns_sql(outlook),
        at_risk=_at_risk_sql(points["basis"], outlook, as_of, digits),
        cost=_cost_sql("s"),
        working=working_rows_sql(table, within, points, forecast),
        customers=within(SQL.identifier("customer", "id")),
    )
