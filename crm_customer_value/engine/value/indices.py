"""Component scores, the value index, and the rows of ``customer_value``."""

from odoo.tools import SQL

from ..complaint import service
from ..fact import evidence, lateness
from ..fact.measures import TREND_TOLERANCE
from ..outlook import predictions
from . import rfm, worth

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

# The components of the value index, in the order in which they are shown and added up: the weighted
# mean of the grounds, which is what the customer is worth to us; as far as satisfaction leaves it; less
# the deductions. Satisfaction is weighed like the others, but holds a share of what they make of the
# customer: 100 keeps it, 0 loses it. So nobody becomes worth more by complaining, as a mean with a score
# above the others' would have it.
GROUNDS = ("current_value", "future_value", "development", "loyalty", "payment")
COMPONENTS = (*GROUNDS, "satisfaction")
DEDUCTIONS = ("cost_to_serve",)
PARTS = COMPONENTS + DEDUCTIONS
# What adds up to the index: the parts, and what keeps it within 0 and 100.
LINES = (*PARTS, "bounds")
# Parts whose weight counts as far as there is evidence: the others' always does.
EVIDENCED = ("development", "payment", "satisfaction")
# Components that may be missing, and the column that says whether they are there.
PRESENCE = {
    "future_value": "has_prediction",
    "development": "has_development",
    "payment": "has_payment_score",
    "satisfaction": "has_satisfaction_score",
}

# Columns of customer_value that a recompute writes.
VALUE_COLUMNS = (
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
    "current_value_score", "future_value_score", "development_index", "has_development",
    "loyalty_score", "payment_score", "has_payment_score",
    "open_complaints", "open_severe_complaints", "complaint_count_12m", "late_complaint_count_12m",
    "csat", "csat_count", "adopted_suggestions", "satisfaction_score", "has_satisfaction_score",
    "cost_to_serve", "cost_to_serve_score", "potential_class", "value_matrix",
    *(f"{name}_evidence" for name in EVIDENCED),
    *(f"{name}_points" for name in LINES),
    "value_to_us", "value_index",
)


def score_column(name):
    """Return the column of ``customer_value`` that holds the score of a part of the index."""
    return "development_index" if name == "development" else f"{name}_score"


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


def _scores_sql(points, as_of, gross):
    """SQL: the columns ``<part>_tenths``, over work row ``w`` with ``gap_hundredths``.

    Scores lie between 0 and 100 and are whole tenths, in integers: those are quick and exact.

    * current value: the share of customers with a value above zero who are worth at most as
      much, in percent of them; 0 without value in the window, NULL where customers are not compared;
    * future value: the same of expected value (``clv_12m``), NULL without a prediction, too;
    * development: spend in the window against the window before, relative to the company's own
      growth, as a logarithm: 50 is growing with it, 100 four times as much, 0 a quarter. Two
      purchases of the customer's usual size that grew with the company are added on both sides, which
      is what a thin history is drawn to. NULL without revenue in the window before;
    * loyalty: half tenure (first to last purchase, saturating with a half-life of two years),
      half regularity (full until one typical gap has passed, nothing after three, and
      weighed by how many gaps are known); and 5 points for each of up to 3 adopted suggestions;
    * payment: share of the money due in the window that was paid on time, NULL without any;
    * satisfaction: :func:`service.satisfaction_sql`, NULL for who neither complained nor rated;
    * cost to serve: share of the window's revenue that was credited again, or spent on complaints.

    ``<part>_evidence`` says how much stands behind those in :data:`EVIDENCED`: purchase days in the window
    before, amounts that fell due, answers.

    :param SQL gross: revenue of the window before credits
    """
    value = SQL.identifier("w", "margin_12m" if points["basis"] == "margin" else "revenue_12m")
    current = SQL("0" if points["ranked"] else "NULL::int")
    if points["value"]:
        current = SQL(
            """CASE WHEN w.purchase_days_12m > 0 AND %(value)s > 0
                    THEN 10 * WIDTH_BUCKET(%(value)s, %(cuts)s::numeric[]) ELSE 0 END""",
            value=value, cuts=points["value"],
        )
    future = SQL("CASE WHEN w.clv_12m IS NULL THEN NULL ELSE 0 END" if points["ranked"] else "NULL::int")
    if points["ranked"] and points["clv"]:
        future = SQL(
            """CASE WHEN w.clv_12m > 0 THEN 10 * WIDTH_BUCKET(w.clv_12m, %s::numeric[])
                    WHEN w.clv_12m IS NOT NULL THEN 0 END""",
            points["clv"],
        )
    loyalty = SQL(
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
        half_life=TENURE_HALF_LIFE_DAYS, prior=lateness.PRIOR_GAPS, gone=CADENCE_GONE, as_of=as_of,
    )
    return SQL(
        """%(current)s AS current_value_tenths,
           %(future)s AS future_value_tenths,
           %(development)s AS development_tenths,
           %(loyalty)s AS loyalty_tenths,
           ROUND(1000 * w.amount_on_time / NULLIF(w.amount_due, 0))::int AS payment_tenths,
           %(satisfaction)s AS satisfaction_tenths,
           CASE WHEN w.revenue_previous_12m > 0 THEN %(grown)s ELSE 0 END AS development_evidence,
           %(paid)s AS payment_evidence,
           %(answers)s AS satisfaction_evidence,
           CASE WHEN %(cost)s > 0
                THEN ROUND(1000 * LEAST(%(cost)s / NULLIF(GREATEST(%(gross)s, 0), 0), 1))::int
                ELSE 0 END AS cost_tenths""",
        current=current, future=future, development=_development_sql(points["growth"]), loyalty=loyalty,
        satisfaction=service.satisfaction_sql(), gross=gross, cost=_cost_sql("w"),
        grown=evidence.share_sql(SQL("w.purchase_days_before"), evidence.DEVELOPMENT_HALF),
        paid=evidence.share_sql(SQL("w.amounts_due"), evidence.PAYMENT_HALF),
        answers=service.evidence_sql(),
    )


def _cost_sql(alias):
    """SQL: what it cost to serve a customer in the window: credited, compensated, and hours."""
    return SQL(
        "(COALESCE(%s, 0) + COALESCE(%s, 0))",
        SQL.identifier(alias, "amount_credited"), SQL.identifier(alias, "amount_served"),
    )


def _development_sql(growth):
    """SQL: the development index in tenths, over work row ``w``.

    :param Decimal growth: of the company: revenue of the window over that of the window before
    """
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


def _running_sql(weights):
    """SQL: the columns ``upto_<part>`` over scored row ``s``: the index after each part, in tenths.

    A weight counts as far as there is evidence, and the weight of a missing component not at all; what
    is left counts relative to each other. Each part adds the difference of two rounded running means, so
    the parts always add up to the rounded whole, to the last digit. Satisfaction leaves the mean of the
    others as it is at 100, and takes the share of its weight at 0. A deduction takes off its weight in
    points where its score is 100.
    """
    # Weights have two decimals, evidence three: whole numbers of up to nine digits.
    weigh = {name: round(100 * weights[name]) for name in PARTS}
    scores = {name: SQL.identifier("s", f"{name}_tenths") for name in COMPONENTS}
    counted = {
        name: SQL(
            "%s::bigint * %s", weigh[name],
            SQL.identifier("s", f"{name}_evidence") if name in EVIDENCED else SQL("%s", evidence.FULL),
        )
        for name in COMPONENTS
    }
    total = SQL(" + ").join(
        SQL("CASE WHEN %s IS NULL THEN 0 ELSE %s END", scores[name], counted[name]) for name in GROUNDS
    )
    columns = []
    for end, name in enumerate(GROUNDS, 1):
        weighted = SQL(" + ").join(
            SQL("%s * COALESCE(%s, 0)", counted[part], scores[part]) for part in GROUNDS[:end]
        )
        mean = SQL(
            "COALESCE((2 * (%(sum)s) + (%(total)s)) / NULLIF(2 * (%(total)s), 0), 0)", sum=weighted, total=total
        )
        columns.append(SQL("%s AS %s", mean, SQL.identifier(f"upto_{name}")))
    # The weighted mean of the others and of as much of it as the score says: sum / total times
    # (total + weight * score) / (total + weight), in one division. Few customers complain, so it
    # may be a long one.
    columns.append(SQL(
        """CASE WHEN s.satisfaction_tenths IS NULL THEN %(mean)s ELSE COALESCE(ROUND(
               (%(sum)s)::numeric * (1000 * (%(total)s)::numeric + %(weight)s * s.satisfaction_tenths)
               / NULLIF(1000 * (%(total)s)::numeric * (%(total)s + %(weight)s), 0))::int, 0)
           END AS upto_satisfaction""",
        mean=mean, sum=weighted, total=total, weight=counted["satisfaction"],
    ))
    # Tenths of points: hundredths of the weight times tenths of the score, half a tenth rounds up.
    columns.append(SQL(
        "(%s::bigint * s.cost_tenths + 5000) / 10000 AS deducted", weigh["cost_to_serve"]
    ))
    return SQL(", ").join(columns)


def component_points(scores, counted):
    """Return {component: points}, in tenths, of one customer: what :func:`_running_sql` says to PostgreSQL.

    :param dict scores: {component: score in tenths} of those that are there
    :param dict counted: {component: weight as far as it counts}, whole numbers
    """
    total = sum(counted[name] for name in GROUNDS if name in scores)
    points, weighted, before = {}, 0, 0
    for name in GROUNDS:
        weighted += counted[name] * scores[name] if name in scores else 0
        upto = (2 * weighted + total) // (2 * total) if total else 0
        points[name], before = upto - before, upto
    points["satisfaction"] = 0
    if "satisfaction" in scores and total:
        weight = counted["satisfaction"]
        kept = weighted * (1000 * total + weight * scores["satisfaction"])
        whole = 1000 * total * (total + weight)
        points["satisfaction"] = (2 * kept + whole) // (2 * whole) - before
    return points


def _points_sql(ranked):
    """SQL: what each part adds to the index, and the index itself, over row ``s``.

    Who never bought has no index, and so no part in any mean of it; nobody has where customers are not
    compared.
    """
    upto = {name: SQL.identifier("s", f"upto_{name}") for name in COMPONENTS}
    before, tenths = SQL("0"), {}
    for name, after in upto.items():
        tenths[f"{name}_points"] = SQL("%s - %s", after, before)
        before = after
    # The one deduction there is.
    tenths["cost_to_serve_points"] = SQL("-s.deducted")
    whole = SQL("LEAST(GREATEST(%s - s.deducted, 0), 1000)", before)
    tenths["bounds_points"] = SQL("%s - (%s - s.deducted)", whole, before)
    tenths["value_to_us"] = upto[GROUNDS[-1]]
    tenths["value_index"] = whole
    known = SQL("s.purchase_days > 0" if ranked else "FALSE")
    return SQL(", ").join(
        SQL("CASE WHEN %s THEN 0.1 * (%s) END AS %s", known, number, SQL.identifier(name))
        for name, number in tenths.items()
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


def rows_sql(table, within, points, *, as_of, weights, rules, outlook, forecast, digits, gross):
    """Return the SELECT of finished rows for ``customer_value``: partner_id and VALUE_COLUMNS.

    ``OFFSET 0`` keeps PostgreSQL from merging the nested selects, which would compute an inner
    column again at every place where an outer one uses it.

    :param str table: working table
    :param within: function that limits a column of partner ids to the batch
    :param dict points: :func:`cut_points.read_cut_points`
    :param date as_of: the day everything is computed for
    :param dict weights: part of the index to weight; at least one component above zero
    :param worth.Rules rules: of the policy, for what a customer is worth beside the index
    :param dict outlook: :func:`outlook.fit`
    :param str forecast: the table that :func:`predictions.join_keys` made
    :param int digits: decimal places of the company's currency
    :param bool gross: revenue is counted without credit notes
    """
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
                  CASE WHEN s.purchase_days > 0 THEN 0.1 * s.current_value_tenths END AS current_value_score,
                  0.1 * s.future_value_tenths AS future_value_score,
                  0.1 * s.development_tenths AS development_index,
                  s.development_tenths IS NOT NULL AS has_development,
                  CASE WHEN s.purchase_days > 0 THEN 0.1 * s.loyalty_tenths END AS loyalty_score,
                  0.1 * s.payment_tenths AS payment_score,
                  s.payment_tenths IS NOT NULL AS has_payment_score,
                  COALESCE(s.complaints_open, 0) AS open_complaints,
                  COALESCE(s.complaints_severe, 0) AS open_severe_complaints,
                  COALESCE(s.complaints_window, 0) AS complaint_count_12m,
                  COALESCE(s.complaints_late, 0) AS late_complaint_count_12m,
                  ROUND(s.rating_sum / NULLIF(s.rating_count, 0), 2) AS csat,
                  COALESCE(s.rating_count, 0) AS csat_count,
                  COALESCE(s.adopted, 0) AS adopted_suggestions,
                  0.1 * s.satisfaction_tenths AS satisfaction_score,
                  s.satisfaction_tenths IS NOT NULL AS has_satisfaction_score,
                  %(cost)s AS cost_to_serve,
                  CASE WHEN s.purchase_days > 0 THEN 0.1 * s.cost_tenths END AS cost_to_serve_score,
                  CASE WHEN s.future_value_tenths >= %(high)s THEN 'high'
                       WHEN s.future_value_tenths IS NOT NULL THEN 'low' END AS potential_class,
                  CASE WHEN s.future_value_tenths IS NULL THEN NULL
                       WHEN s.current_value_tenths >= %(high)s
                       THEN CASE WHEN s.future_value_tenths >= %(high)s THEN 'high' ELSE 'mid' END
                       WHEN s.future_value_tenths >= %(high)s THEN 'potential' ELSE 'low' END AS value_matrix,
                  %(evidence)s,
                  %(points)s
             FROM (
                SELECT s.*, %(running)s
                  FROM (
                    SELECT w.*,
                           %(recency)s AS recency_score,
                           %(frequency)s AS frequency_score,
                           %(monetary)s AS monetary_score,
                           %(trend)s AS revenue_trend,
                           %(scores)s
                      FROM (SELECT w.*, p.*, %(gap)s AS gap_hundredths
                              FROM %(work)s w %(predictions)s WHERE %(condition)s OFFSET 0) w
                    OFFSET 0
                  ) s
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
        evidence=SQL(", ").join(
            SQL(
                "CASE WHEN %s IS NULL THEN 0 ELSE 0.1 * %s END AS %s",
                SQL.identifier("s", f"{name}_tenths"), SQL.identifier("s", f"{name}_evidence"),
                SQL.identifier(f"{name}_evidence"),
            )
            for name in EVIDENCED
        ),
        high=10 * HIGH_SCORE,
        running=_running_sql(weights),
        points=_points_sql(points["ranked"]),
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        trend=_trend_sql(),
        scores=_scores_sql(
            points, as_of,
            SQL("w.revenue_12m") if gross else SQL("(w.revenue_12m + COALESCE(w.amount_credited, 0))"),
        ),
        gap=_typical_gap_sql(points["gap"]),
        prediction=predictions.columns_sql(outlook),
        at_risk=_at_risk_sql(points["basis"], outlook, as_of, digits),
        cost=_cost_sql("s"),
        predictions=predictions.join_sql(forecast, within),
        work=SQL.identifier(table),
        condition=within(SQL.identifier("w", "partner_id")),
        customers=within(SQL.identifier("customer", "id")),
    )
