"""What customers gain, written down slowly: records and loops, no SQL, nothing from the engine.

Days are walked one by one, and numbers are fractions until they are rounded.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytz
from dateutil.relativedelta import relativedelta


def _fraction(number):
    return Fraction(str(number))


def _rounded(number, digits):
    """Round a fraction, halves away from zero."""
    if number is None:
        return False
    scaled = abs(number) * 10**digits
    whole = int(scaled)
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return float((Decimal(whole) * (-1 if number < 0 else 1)).scaleb(-digits))


def _days(first, last):
    while first <= last:
        yield first
        first += timedelta(days=1)


def gained(records, as_of, start, digits):
    """Return (gain or None, number of records, number that are confirmed, confirmed share or None)."""
    parts = []
    for record in records:
        if record.state == "contested" or record.gain is False or (record.doubt and not record.is_checked):
            continue
        days = list(_days(record.date_from, record.date_to))
        if record.metric_id.period == "once":
            days = [record.date_to]
        inside = [day for day in days if start <= day <= as_of]
        if inside:
            gain = Decimal(str(record.gain)) * len(inside) / len(days)
            parts.append((record, Fraction(gain.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))))
    if not parts:
        return None, 0, 0, None
    moved = sum(abs(gain) for _record, gain in parts)
    sure = [(record, gain) for record, gain in parts if record.state == "confirmed"]
    share = 100 * sum(abs(gain) for _record, gain in sure) / moved if moved else None
    return sum(gain for _record, gain in parts), len(parts), len(sure), share


def state_of(need, as_of):
    """Return the state that a need had on a day."""
    known = [change for change in need.change_ids.sorted(lambda one: (one.date, one.id)) if change.date <= as_of]
    return known[-1].state if known else "open"


def aims(needs, goals, as_of):
    """Return (weights and shares of needs, the same of goals, number of needs that the customer stated)."""
    found, stated = [], 0
    for need in needs:
        if need.kind != "need" or not need.active or need.date > as_of:
            continue
        state = state_of(need, as_of)
        if state != "not_for_us":
            share = {"met": Fraction(1), "partly": Fraction(1, 2), "open": Fraction(0)}[state]
            found.append((Fraction(need.importance, 5), share))
            stated += not need.is_guess
    reached = []
    for goal in goals:
        if not goal.active or goal.is_proposal or goal.date_start > as_of or not goal.metric_id.weight:
            continue
        if goal.date_target < as_of - relativedelta(months=24):
            continue
        last = min(as_of, goal.date_target)
        records = [record for record in goal.record_ids if record.counts and record.date_to <= last]
        if records:
            latest = max(records, key=lambda record: (record.date_to, record.id))
            baseline, target = _fraction(goal.baseline), _fraction(goal.target)
            share = (_fraction(latest.value) - baseline) / (target - baseline)
            share = min(max(share, Fraction(0)), Fraction(1))
            share = Fraction(str(_rounded(share, 6)))
            reached.append((_fraction(goal.metric_id.weight), share))
    return found, reached, stated


def answered(company, customer, as_of, start, tz):
    """Return the points of the last answer of each contact in the period."""
    zone, latest = pytz.timezone(tz), {}
    complaints = company.env["customer.complaint"].search([
        ("company_id", "=", company.id), ("commercial_partner_id", "=", customer.id),
    ])
    ratings = company.env["rating.rating"].search([
        ("res_model", "=", "customer.complaint"), ("res_id", "in", complaints.ids), ("consumed", "=", True),
        ("rating", ">=", 1), ("rating", "<=", 5),
    ])
    for rating in ratings:
        at = rating.rated_on or rating.create_date
        day = pytz.utc.localize(at).astimezone(zone).date()
        if start <= day <= as_of:
            contact = rating.partner_id or complaints.browse(rating.res_id).partner_id
            told = (at, 25 * (_fraction(rating.rating) - 1))
            latest[contact] = max(told, latest.get(contact, told))
    return [points for _at, points in latest.values()]


def _mean(scores, weights):
    known = [(score, _fraction(weight)) for score, weight in zip(scores, weights, strict=True)
             if score is not None and weight]
    total = sum(weight for _score, weight in known)
    return sum(score * weight for score, weight in known) / total if total else None


def _tenths(number):
    """Scores are counted with as they are shown."""
    return None if number is None else Fraction(str(_rounded(number, 1)))


def benefits(company, policy, as_of, customer, purchases):
    """Return what the value of a customer says, {column: value}.

    :param purchases: (first day, revenue of the period, revenue ever), or None for who never bought
    """
    env, start = company.env, as_of - timedelta(days=policy.window_days - 1)
    mine = [("company_id", "=", company.id), ("partner_id.commercial_partner_id", "=", customer.id)]
    everything = {"active_test": False}
    records = env["customer.benefit.record"].search(mine)
    needs = env["customer.need"].with_context(**everything).search(mine)
    goals = env["customer.benefit.goal"].with_context(**everything).search(mine)
    gain, number, sure, share = gained(records, as_of, start, company.currency_id.decimal_places)
    wanted, reached, stated = aims(needs, goals, as_of)
    points = answered(company, customer, as_of, start, policy.tz)
    ratio = economic = functional = emotional = delivered = None
    if gain is not None and purchases:
        first, revenue, total = purchases
        average = total * policy.window_days / max((as_of - first).days, policy.window_days)
        paid = max(revenue, average, _fraction(policy.benefit_floor))
        ratio = gain / paid
        economic = _tenths(max(100 * ratio / (1 + ratio), Fraction(0)) if ratio > 0 else Fraction(0))
    if wanted or reached:
        both = wanted + reached
        functional = _tenths(
            100 * (1 + sum(weight * share for weight, share in both)) / (2 + sum(weight for weight, _share in both))
        )
    if points:
        emotional = _tenths((100 + sum(points)) / (2 + len(points)))
    if reached:
        delivered = 100 * sum(w * s for w, s in reached) / sum(w for w, _share in reached)
    weights = [policy.economic_weight, policy.functional_weight, policy.emotional_weight]
    index, score = _mean((economic, functional, emotional), weights), _mean((economic, functional), weights[:2])
    known = sure + stated
    return {
        "benefit_gain_12m": _rounded(gain, company.currency_id.decimal_places),
        "benefit_ratio": _rounded(ratio, 2),
        "economic_score": _rounded(economic, 1),
        "functional_score": _rounded(functional, 1),
        "emotional_score": _rounded(emotional, 1),
        "benefit_index": _rounded(index, 1),
        "value_delivered": _rounded(delivered, 1),
        "benefit_record_count": number,
        "benefit_aim_count": len(wanted) + len(reached),
        "benefit_answer_count": len(points),
        "benefit_confirmed_share": _rounded(share, 1),
        "benefit_score": _rounded(score, 1),
        "benefit_evidence": _rounded(100 * Fraction(known, known + 3), 1) if score is not None else 0.0,
    }
