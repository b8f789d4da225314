"""What customers gain from us, and how well that is: gathered in one pass, and judged in scores of 0 to 100.

Scores are whole tenths. Everything is as of a day: a record counts with its days up to that day, a goal by the last
record that ended by then and within the goal's own time, a need by the state it had. What has no history (importance,
weights, whether somebody contests) counts as it is now.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

from ..fact import evidence
from ..fact.measures import Measure

# A score that rests on fewer than this says that there are few data.
FEW = 3
# This many confirmed records, or needs that the customer stated, make half of the weight in the index.
EVIDENCE_HALF = 3
# A need of the highest importance counts like a goal of a metric of weight 1.
HIGHEST_IMPORTANCE = 5
# The functional score starts with this many needs that are partly met, the emotional one with as many answers of 50.
PRIOR = 2
# Goals whose date has passed count for so many months more.
GOAL_MONTHS = 24
PROGRESS_DIGITS = 6
# From this benefit index on a customer gains much.
MUCH = 60

# Columns of the working table: NULL where nothing is known.
COLUMNS = {
    "benefit_gain": "numeric",  # of the period, in company currency
    "benefit_records": "integer",  # that the gain is made of
    "benefit_confirmed": "integer",  # how much of the gain the customer confirmed, in tenths of a percent
    "benefit_known": "integer",  # confirmed records, and needs that the customer stated
    "benefit_functional": "integer",  # score
    "benefit_aims": "integer",  # needs and goals that it is made of
    "benefit_emotional": "integer",  # score
    "benefit_answers": "integer",  # that it is made of
    "benefit_delivered": "integer",  # progress of the goals, in tenths of a percent
}
# What the part computed, in the scored row ``s``.
INDEX = SQL("s.benefit_also_benefit_index")
DELIVERED = SQL("s.benefit_also_value_delivered")
# What the values said before: falls are told by it.
BEFORE_COLUMNS = {
    "benefit_was": "numeric", "benefit_fell": "date", "delivered_was": "numeric", "delivered_fell": "date",
}


class Rules(NamedTuple):
    """What the policy says about it."""

    window_days: int
    floor: float  # the least that a customer is taken to pay in a period
    economic: float  # weights of the three scores
    functional: float
    emotional: float
    index_limit: float  # a benefit index below it has fallen
    delivered_limit: float  # the same of the value delivered
    newest: date | None = None  # the last day that was ever computed, where that is later than this one

    @property
    def looks_back(self):
        """Whether this is computed for an earlier day than others were: falls of later days are left as they are."""
        return self.newest is not None


# ---- what is gathered ----------------------------------------------------------------------


ONCE = SQL(
    "record.metric_id = ANY(ARRAY(SELECT metric.id FROM customer_benefit_metric metric WHERE metric.period = 'once'))"
)


def counts_within_sql(start, as_of):
    """SQL condition: a row ``record`` of the measurements counts, and some of its gain belongs to these days."""
    return SQL(
        """record.counts AND record.date_to >= %(start)s AND record.date_from <= %(as_of)s
           AND (record.date_to <= %(as_of)s OR NOT %(once)s)""",
        start=start, as_of=as_of, once=ONCE,
    )


def part_within_sql(start, as_of, digits):
    """SQL: how much of the gain of such a ``record`` belongs to these days; *once* counts as a whole.

    :param int digits: of the currency of the company
    """
    return SQL(
        """CASE WHEN record.date_from >= %(start)s AND record.date_to <= %(as_of)s OR %(once)s THEN record.gain
                ELSE ROUND(record.gain * (LEAST(record.date_to, %(as_of)s)
                                          - GREATEST(record.date_from, %(start)s) + 1)
                           / (record.date_to - record.date_from + 1), %(digits)s) END""",
        start=start, as_of=as_of, once=ONCE, digits=digits,
    )


def _gained_sql(scope):
    """SQL: what the records say that each customer gained in the period.

    The part of a record's days that lies in the period counts; *once* counts on its last day. An index holds all that
    is read of records, in the order of customers: few metrics are looked up instead of joined, which keeps that order.
    """
    return SQL(
        """SELECT partner_id, SUM(gain) AS gain, COUNT(*) AS records,
                  COUNT(*) FILTER (WHERE is_confirmed) AS confirmed,
                  SUM(gain) FILTER (WHERE is_confirmed) AS gain_confirmed,
                  SUM(gain) FILTER (WHERE is_loss) AS lost,
                  SUM(gain) FILTER (WHERE is_loss AND is_confirmed) AS lost_confirmed
             FROM (
                SELECT record.commercial_partner_id AS partner_id, record.state = 'confirmed' AS is_confirmed,
                       record.gain < 0 AS is_loss, %(part)s AS gain
                  FROM customer_benefit_record record
                 WHERE record.company_id = %(company)s AND %(counted)s AND %(partners)s) record
            GROUP BY partner_id""",
        part=part_within_sql(scope.window_start, scope.as_of, scope.decimal_places), company=scope.company_id,
        counted=counts_within_sql(scope.window_start, scope.as_of),
        partners=scope.partners(SQL("record.commercial_partner_id")),
    )


def _needed_sql(scope):
    """SQL: the needs of each customer, by importance and by how far they are met; what is not for us is left out."""
    return SQL(
        """SELECT partner_id, COUNT(*) AS needs, COUNT(*) FILTER (WHERE NOT is_guess) AS stated,
                  SUM(importance) AS weight,
                  SUM(importance * CASE state WHEN 'met' THEN 1 WHEN 'partly' THEN 0.5 ELSE 0 END) AS met
             FROM (
                SELECT need.commercial_partner_id AS partner_id, need.importance,
                       COALESCE(need.is_guess, FALSE) AS is_guess,
                       CASE WHEN COALESCE(need.date_state, need.date) <= %(as_of)s THEN need.state
                            -- Few changed after that day: only for these it is looked up what they were.
                            ELSE COALESCE((
                                SELECT change.state FROM customer_need_change change
                                 WHERE change.need_id = need.id AND change.date <= %(as_of)s
                                 ORDER BY change.date DESC, change.id DESC LIMIT 1), 'open') END AS state
                  FROM customer_need need
                 WHERE need.company_id = %(company)s AND need.kind = 'need' AND need.active
                   AND need.date <= %(as_of)s
                   AND %(partners)s) need
            WHERE state <> 'not_for_us'
            GROUP BY partner_id""",
        as_of=scope.as_of, company=scope.company_id,
        partners=scope.partners(SQL("need.commercial_partner_id")),
    )


def _aimed_sql(scope):
    """SQL: how far the goals of each customer are, weighed; those without a measurement are left out.

    Goals hold their latest value. Only where that is of a later day, the records are asked.
    """
    return SQL(
        """SELECT partner_id, COUNT(*) AS goals, SUM(weight) AS weight,
                  SUM(weight * ROUND(LEAST(1, GREATEST(0, (value - baseline) / (target - baseline))), %(digits)s))
                      AS reached
             FROM (
                SELECT goal.commercial_partner_id AS partner_id, metric.weight, goal.baseline, goal.target,
                       CASE WHEN goal.date_latest <= %(as_of)s THEN goal.latest_value
                            WHEN goal.date_latest > %(as_of)s THEN (
                                SELECT record.value FROM customer_benefit_record record
                                 WHERE record.goal_id = goal.id AND record.counts
                                   AND record.date_to <= LEAST(%(as_of)s, goal.date_target)
                                 ORDER BY record.date_to DESC, record.id DESC LIMIT 1) END AS value
                  FROM customer_benefit_goal goal
                  JOIN customer_benefit_metric metric ON metric.id = goal.metric_id AND metric.weight > 0
                 WHERE goal.company_id = %(company)s AND goal.active AND goal.is_proposal IS NOT TRUE
                   AND goal.date_start <= %(as_of)s
                   AND goal.date_target >= (%(as_of)s::date - MAKE_INTERVAL(months => %(months)s))::date
                   AND %(partners)s) goal
            WHERE value IS NOT NULL
            GROUP BY partner_id""",
        digits=PROGRESS_DIGITS, as_of=scope.as_of, months=GOAL_MONTHS, company=scope.company_id,
        partners=scope.partners(SQL("goal.commercial_partner_id")),
    )


def _answered_sql(scope, answers):
    """SQL: the latest answer of the period of each contact and kind."""
    kinds = SQL(" UNION ALL ").join(
        SQL("SELECT %s AS kind, partner_id, contact_id, answered, points FROM (%s) told", name, query)
        for name, query in answers.items()
    )
    return SQL(
        """SELECT partner_id, COUNT(*) AS answers, SUM(points) AS points
             FROM (
                SELECT DISTINCT ON (partner_id, contact_id, kind) partner_id, points
                  FROM (%(kinds)s) answer
                 WHERE partner_id IS NOT NULL AND answered >= %(start)s AND %(until)s
                 ORDER BY partner_id, contact_id, kind, answered DESC, points DESC) latest
            GROUP BY partner_id""",
        kinds=kinds, start=scope.moment(scope.window_start), until=scope.until(SQL("answered")),
    )


def ratings_sql(scope):
    """SQL: how customers rated the handling of their complaints, 1 of 5 being 0 points and 5 of 5 being 100."""
    return SQL(
        """SELECT complaint.commercial_partner_id AS partner_id,
                  COALESCE(rated.partner_id, complaint.partner_id) AS contact_id,
                  COALESCE(rated.rated_on, rated.create_date) AS answered,
                  25 * (ROUND(rated.rating::numeric, 2) - 1) AS points
             FROM customer_complaint complaint
             JOIN rating_rating rated ON rated.res_id = complaint.id AND rated.res_model = 'customer.complaint'
            WHERE %(mine)s AND complaint.active AND rated.consumed AND rated.rating BETWEEN 1 AND 5 AND %(partners)s""",
        mine=scope.mine("complaint"), partners=scope.partners(SQL("complaint.commercial_partner_id")),
    )


def measure(scope, answers):
    """Return the measure of what customers gain, in the columns of :data:`COLUMNS`.

    :param dict answers: {kind: SQL}, see ``customer.value.run._benefit_answers``
    """
    return Measure(COLUMNS, SQL(
        """WITH gained AS (%(gained)s), needed AS (%(needed)s), aimed AS (%(aimed)s), answered AS (%(answered)s)
           SELECT partner_id, gained.gain AS benefit_gain, COALESCE(gained.records, 0) AS benefit_records,
                  ROUND(1000 * (COALESCE(gained.gain_confirmed, 0) - 2 * COALESCE(gained.lost_confirmed, 0))
                        / NULLIF(gained.gain - 2 * COALESCE(gained.lost, 0), 0)) AS benefit_confirmed,
                  COALESCE(gained.confirmed, 0) + COALESCE(needed.stated, 0) AS benefit_known,
                  CASE WHEN needed.needs > 0 OR aimed.goals > 0 THEN ROUND(
                      1000 * (%(prior)s * 0.5 + COALESCE(needed.met, 0) / %(highest)s::numeric
                              + COALESCE(aimed.reached, 0))
                      / (%(prior)s + COALESCE(needed.weight, 0) / %(highest)s::numeric + COALESCE(aimed.weight, 0)))
                  END AS benefit_functional,
                  COALESCE(needed.needs, 0) + COALESCE(aimed.goals, 0) AS benefit_aims,
                  ROUND(10 * (%(prior)s * 50 + answered.points) / (%(prior)s + answered.answers)) AS benefit_emotional,
                  COALESCE(answered.answers, 0) AS benefit_answers,
                  ROUND(1000 * aimed.reached / aimed.weight) AS benefit_delivered
             FROM gained
             FULL JOIN needed USING (partner_id)
             FULL JOIN aimed USING (partner_id)
             FULL JOIN answered USING (partner_id)""",
        gained=_gained_sql(scope), needed=_needed_sql(scope), aimed=_aimed_sql(scope),
        answered=_answered_sql(scope, answers), prior=PRIOR, highest=HIGHEST_IMPORTANCE,
    ))


def prospects_sql(scope):
    """SQL: whose needs are known, or with whom a goal was agreed that is not over: partner_id."""
    return SQL(
        """SELECT need.commercial_partner_id AS partner_id FROM customer_need need
            WHERE need.company_id = %(company)s AND need.kind = 'need' AND need.active
              AND need.state <> 'not_for_us' AND need.date <= %(as_of)s AND %(of_needs)s
            UNION
           SELECT goal.commercial_partner_id FROM customer_benefit_goal goal
            WHERE goal.company_id = %(company)s AND goal.active AND goal.is_proposal IS NOT TRUE
              AND goal.date_start <= %(as_of)s AND goal.date_target >= %(as_of)s AND %(of_goals)s""",
        company=scope.company_id, as_of=scope.as_of,
        of_needs=scope.partners(SQL("need.commercial_partner_id")),
        of_goals=scope.partners(SQL("goal.commercial_partner_id")),
    )


def measure_before(scope):
    """Return the measure of what the values of customers said before, in the columns of :data:`BEFORE_COLUMNS`."""
    return Measure(BEFORE_COLUMNS, SQL(
        """SELECT v.partner_id, v.benefit_index_known AS benefit_was, v.benefit_fell_on AS benefit_fell,
                  v.value_delivered_known AS delivered_was, v.delivered_fell_on AS delivered_fell
             FROM customer_value v
            WHERE v.company_id = %s AND COALESCE(v.benefit_index_known, v.value_delivered_known) IS NOT NULL AND %s""",
        scope.company_id, scope.partners(SQL("v.partner_id")),
    ))


# ---- how it is judged, over the working row ``w`` -------------------------------------------


def _rules(compared):
    return compared.rules["benefit"]


def _paid_sql(compared):
    """SQL: what a customer pays in a period: in this one, or in an average one since the first purchase if that is
    more, and never less than the floor."""
    rules = _rules(compared)
    return SQL(
        """GREATEST(w.revenue_12m, w.revenue_total * %(days)s
                    / GREATEST(%(as_of)s::date - w.first_purchase_date, %(days)s), %(floor)s::numeric)""",
        days=rules.window_days, as_of=compared.as_of, floor=Decimal(str(rules.floor)),
    )


def ratio_sql(compared):
    """SQL: the gain for each unit of money paid; NULL for who never paid."""
    return SQL("CASE WHEN w.purchase_days > 0 THEN ROUND(w.benefit_gain / %s, 2) END", _paid_sql(compared))


def economic_sql(compared):
    """SQL: the economic score in tenths: a gain as large as what was paid is 50; NULL without a ratio."""
    return SQL(
        """CASE WHEN %s THEN NULL
                WHEN w.benefit_gain <= 0 THEN 0
                ELSE ROUND(1000 * w.benefit_gain / (w.benefit_gain + %s))::int END""",
        _no_ratio_sql(), _paid_sql(compared),
    )


def _no_ratio_sql():
    """SQL condition: there is no ratio, because the customer never paid, or nothing was measured."""
    return SQL("w.purchase_days = 0 OR w.benefit_gain IS NULL")


def _mean_sql(scores):
    """SQL: the weighted mean of [(score, what makes it known, weight)], missing ones left out; NULL without any.

    In whole numbers, halves rounded up. A score is written once, because some are long.
    """
    counted = [(score, known, SQL("%s::bigint", round(100 * weight))) for score, known, weight in scores if weight]
    if not counted:
        return SQL("NULL::int")
    total = SQL(" + ").join(SQL("CASE WHEN %s THEN %s ELSE 0 END", known, weight) for _score, known, weight in counted)
    return SQL(
        "((2 * (%(sum)s) + (%(total)s)) / NULLIF(2 * (%(total)s), 0))::int",
        sum=SQL(" + ").join(SQL("COALESCE(%s, 0) * %s", score, weight) for score, _known, weight in counted),
        total=total,
    )


def _scores_sql(compared):
    """Return [(score, what makes it known, weight)], the economic, functional and emotional one, for their mean."""
    rules = _rules(compared)
    return [
        (economic_sql(compared), SQL("(%s) IS NOT TRUE", _no_ratio_sql()), rules.economic),
        (SQL("w.benefit_functional"), SQL("w.benefit_functional IS NOT NULL"), rules.functional),
        (SQL("w.benefit_emotional"), SQL("w.benefit_emotional IS NOT NULL"), rules.emotional),
    ]


def part_sql(compared):
    """SQL: what the value index counts, in tenths: the economic and the functional score.

    What customers answer counts in satisfaction already.
    """
    return _mean_sql(_scores_sql(compared)[:2])


def index_sql(compared):
    """SQL: the benefit index in tenths: the mean of the three scores."""
    return _mean_sql(_scores_sql(compared))


def evidence_sql():
    """SQL: how much of the weight in the value index counts, 0 to 1000."""
    return evidence.share_sql(SQL("w.benefit_known"), EVIDENCE_HALF)


def _known_sql(compared, now, was):
    """SQL: the last number that is known, and stays known when nothing is any more.

    :param SQL now: the number
    :param SQL was: the last number of before
    """
    return was if _rules(compared).looks_back else SQL("COALESCE(%s, %s)", now, was)


def _fell_sql(compared, now, was, fell, limit):
    """SQL: the day on which a number fell below its limit; NULL while it is above it or not known.

    Who was below before the limit, or from the first number on, did not fall. A change of the limit is no fall.

    :param SQL now: the number
    :param SQL was: the last number of before
    :param SQL fell: the day that was known before
    :param float limit: of the policy
    """
    if _rules(compared).looks_back:
        return fell
    return SQL(
        """CASE WHEN %(now)s < %(limit)s::numeric
                THEN CASE WHEN %(was)s >= %(limit)s::numeric THEN %(as_of)s::date ELSE %(fell)s END END""",
        now=now, was=was, fell=fell, limit=Decimal(str(limit)), as_of=compared.as_of,
    )


def _level_sql(compared):
    """SQL: whether a customer gains little, some or much, by the benefit index; NULL without one."""
    return SQL(
        "CASE WHEN %(index)s < %(limit)s::numeric THEN 'low' WHEN %(index)s < %(much)s THEN 'medium' "
        "WHEN %(index)s IS NOT NULL THEN 'high' END",
        index=INDEX, limit=Decimal(str(_rules(compared).index_limit)), much=MUCH,
    )


def columns():
    """Return the columns of ``customer.value`` that come with the part: {column: SQL, or function of Compared}."""
    return {
        "benefit_gain_12m": SQL("w.benefit_gain"),
        "benefit_ratio": ratio_sql,
        "economic_score": lambda compared: SQL("0.1 * %s", economic_sql(compared)),
        "functional_score": SQL("0.1 * w.benefit_functional"),
        "emotional_score": SQL("0.1 * w.benefit_emotional"),
        "benefit_index": lambda compared: SQL("0.1 * %s", index_sql(compared)),
        "value_delivered": SQL("0.1 * w.benefit_delivered"),
        "benefit_record_count": SQL("COALESCE(w.benefit_records, 0)"),
        "benefit_aim_count": SQL("COALESCE(w.benefit_aims, 0)"),
        "benefit_answer_count": SQL("COALESCE(w.benefit_answers, 0)"),
        "benefit_confirmed_share": SQL("0.1 * w.benefit_confirmed"),
    }


def following():
    """Return what is told of these by a comparison, over the scored row ``s``: {column: function of Compared}."""
    return {
        "benefit_level": _level_sql,
        "benefit_index_known": lambda compared: _known_sql(compared, INDEX, SQL("s.benefit_was")),
        "benefit_fell_on": lambda compared: _fell_sql(
            compared, INDEX, SQL("s.benefit_was"), SQL("s.benefit_fell"), _rules(compared).index_limit
        ),
        "value_delivered_known": lambda compared: _known_sql(compared, DELIVERED, SQL("s.delivered_was")),
        "delivered_fell_on": lambda compared: _fell_sql(
            compared, DELIVERED, SQL("s.delivered_was"), SQL("s.delivered_fell"), _rules(compared).delivered_limit
        ),
    }
