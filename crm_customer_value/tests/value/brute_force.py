"""The definitions, written down slowly: records and loops, no SQL, nothing from the engine.

Used to check the set-based recompute on random data. Amounts are Decimals.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, log
from statistics import median

import pytz


def _round(amount, digits):
    return Decimal(amount).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _dec(number):
    return Decimal(str(number))


def _percentile(values, share):
    """Smallest value that at least ``share`` (in hundredths) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(ceil(Decimal(share) * len(ordered) / 100) - 1, 0)]


def order_facts(orders, company, tz):
    """Yield (customer, day, revenue, margin, is a purchase) of confirmed orders."""
    digits = company.currency_id.decimal_places
    for order in orders:
        if order.state != "sale" or order.company_id != company:
            continue
        rate = Decimal(1)
        if order.currency_id != company.currency_id:
            rate = _dec(order.currency_rate)
        day = pytz.utc.localize(order.date_order).astimezone(pytz.timezone(tz)).date()
        revenue = _round(_dec(order.amount_untaxed) / rate, digits)
        margin = _round(_dec(order.margin) / rate, digits)
        yield order.partner_id.commercial_partner_id, day, revenue, margin, revenue > 0


def _reversed_by(note, as_of):
    """Return the invoice that a credit note takes back: the one it names, or the only one it settles."""
    if note.reversed_entry_id:
        return note.reversed_entry_id
    settled = note.line_ids.matched_debit_ids.filtered(lambda part: part.max_date <= as_of).debit_move_id.move_id
    settled = settled.filtered(
        lambda move: move.move_type in ("out_invoice", "out_receipt") and move.payment_state == "reversed"
    )
    return settled if len(settled) == 1 else note.browse()


def reversals(moves, company, as_of):
    """Return the invoices that were taken back in full, and the credit notes that did it."""
    notes_of = defaultdict(list)
    for note in moves:
        if (note.state, note.company_id, note.move_type) != ("posted", company, "out_refund"):
            continue
        if note.invoice_date > as_of or note.complaint_id:
            continue
        invoice = _reversed_by(note, as_of)
        if (
            invoice.state == "posted" and invoice.currency_id == note.currency_id
            and invoice.move_type in ("out_invoice", "out_receipt")
            and invoice.partner_id.commercial_partner_id == note.partner_id.commercial_partner_id
        ):
            notes_of[invoice].append(note)
    gone = moves.browse()
    for invoice, notes in notes_of.items():
        if sum(_dec(note.amount_total) for note in notes) == _dec(invoice.amount_total):
            gone |= invoice.union(*notes)
    return gone


def invoice_facts(moves, company, as_of):
    """Yield the facts of posted invoices and credit notes; margins by hand from the lines."""
    digits = company.currency_id.decimal_places
    for move in moves - reversals(moves, company, as_of):
        if move.state != "posted" or move.company_id != company:
            continue
        if move.move_type not in ("out_invoice", "out_refund", "out_receipt"):
            continue
        sign = -1 if move.move_type == "out_refund" else 1
        revenue = _dec(move.amount_untaxed_signed)
        cost = Decimal(0)
        for line in move.invoice_line_ids:
            if line.display_type != "product":
                continue
            if line.sale_line_ids:
                sold = line.sale_line_ids[0]
                unit = _dec(sold.purchase_price) / _dec(sold.order_id.currency_rate or 1)
            else:
                unit = _dec(line.product_id.with_company(company).standard_price)
            cost += sign * _dec(line.quantity) * unit
        customer = move.partner_id.commercial_partner_id
        purchase = move.move_type != "out_refund" and revenue > 0
        yield customer, move.invoice_date, revenue, _round(revenue - cost, digits), purchase


def history_facts(history, company):
    """Yield the facts of imported purchases."""
    for row in history:
        if row.company_id == company:
            amount = _dec(row.amount)
            margin = _dec(row.margin) if row.has_margin else None
            yield row.partner_id.commercial_partner_id, row.date, amount, margin, amount > 0


def _registered(move, as_of):
    """Yield (day, amount in the currency of the invoice, pending) of its payments without an entry."""
    for payment in move.matched_payment_ids:
        if payment.move_id or payment.state not in ("in_process", "paid") or payment.payment_type != "inbound":
            continue
        if payment.date > as_of:
            continue
        amount = Fraction(_dec(payment.amount))
        if payment.currency_id != move.currency_id:
            amount = Fraction(_dec(payment.amount_company_currency_signed)) * Fraction(_dec(move.amount_total))
            amount /= Fraction(_dec(move.amount_total_signed))
        total = sum(Fraction(_dec(one.amount_total_signed)) for one in payment.invoice_ids)
        yield payment.date, amount * Fraction(_dec(move.amount_total_signed)) / total, payment.state == "in_process"


def _instalments(move, as_of):
    """Return the receivable lines of an invoice, the oldest first: (line, day, due, [(day, amount, on statement)])."""
    exchange = move.company_id.currency_exchange_journal_id
    found = []
    for line in move.line_ids:
        if line.account_id.account_type != "asset_receivable" or line.debit <= 0:
            continue
        due, money = Fraction(_dec(line.amount_currency)), []
        for part in line.matched_credit_ids:
            if part.max_date > as_of:
                continue
            other, amount = part.credit_move_id.move_id, Fraction(_dec(part.debit_amount_currency))
            if other.move_type == "out_refund" or other.journal_id == exchange:
                due -= amount
            else:
                money.append((part.max_date, amount, bool(other.statement_line_id)))
        found.append((line, line.date_maturity or line.date, max(due, Fraction(0)), money))
    return sorted(found, key=lambda one: (one[1], one[0].id))


def payments(moves, company, as_of, start):
    """Return {customer: (due, paid on time, how many were due)} from the receivable lines of posted invoices."""
    digits = company.currency_id.decimal_places
    result = defaultdict(lambda: [Decimal(0), Decimal(0), 0])
    for move in moves:
        if move.state != "posted" or move.company_id != company:
            continue
        if move.move_type not in ("out_invoice", "out_receipt"):
            continue
        registered, instalments = list(_registered(move, as_of)), _instalments(move, as_of)
        still_open = sum(due - sum(amount for _day, amount, _on in money) for _line, _at, due, money in instalments)
        older = Fraction(0)
        for line, day, due, own in instalments:
            on_time = sum(amount for at, amount, _on in own if at <= day)
            if registered:
                everything = [one for _line, _at, _due, money in instalments for one in money if one[0] <= day]
                stated = sum(amount for _at, amount, on_statement in everything if on_statement)
                booked = sum(amount for _at, amount, on_statement in everything if not on_statement)
                told = sum(amount for at, amount, _pending in registered if at <= day)
                pending = sum(amount for at, amount, pending in registered if at <= day and pending)
                money = max(stated, told, stated + min(pending, still_open))
                on_time = max(booked + money - older, 0)
            older += due
            if start <= day < as_of:
                rate = Fraction(_dec(line.debit)) / Fraction(_dec(line.amount_currency))
                totals = result[move.partner_id.commercial_partner_id]
                totals[2] += due > 0
                for place, share in enumerate((due, min(on_time, due))):
                    cents = share * rate * 10 ** digits
                    totals[place] += Decimal(floor(cents + Fraction(1, 2))) / 10 ** digits
    return result


def credits(moves, company, as_of, start):
    """Return {customer: amount} of the posted credit notes of the window that took no invoice back."""
    result = defaultdict(Decimal)
    for move in moves - reversals(moves, company, as_of):
        if (move.state, move.company_id, move.move_type) == ("posted", company, "out_refund"):
            if start <= move.invoice_date <= as_of:
                result[move.partner_id.commercial_partner_id] -= _dec(move.amount_untaxed_signed)
    return result


def evidence(number, half):
    """Return how much of a weight counts, in percent, with that many observations."""
    return _round(100 * Decimal(number) / (number + half), 1)


def future_values(expected):
    """Return {customer: score} from {customer: what is expected of them}: the share of percentiles they reach."""
    worth = [value for value in expected.values() if value > 0]
    return {
        customer: sum(_percentile(worth, share) <= value for share in range(1, 101)) if value > 0 else 0
        for customer, value in expected.items()
    }


def _day_of(moment, tz):
    return pytz.utc.localize(moment).astimezone(pytz.timezone(tz)).date()


def said(company, policy, as_of, hour_cost=0):
    """Return {customer: what they said}: complaints, ratings and adopted suggestions, record by record."""
    env, tz = company.env, policy.tz
    start = as_of - timedelta(days=policy.window_days - 1)
    result = defaultdict(lambda: {
        "open": 0, "severe": 0, "complaints": 0, "late": 0, "ratings": [], "cost": Decimal(0),
        "cost_before": Decimal(0), "adopted": set(),
    })
    for complaint in env["customer.complaint"].search([("company_id", "=", company.id)]):
        received = _day_of(complaint.date_received, tz)
        if received > as_of or not complaint.commercial_partner_id:
            continue
        row = result[complaint.commercial_partner_id]
        closed = complaint.date_closed and _day_of(complaint.date_closed, tz) <= as_of
        original = not complaint.merged_into_id
        if original and not closed:
            row["open"] += 1
            row["severe"] += complaint.severity in ("high", "critical")
        for rating in complaint.rating_ids:
            if rating.consumed and 1 <= rating.rating <= 5 and start <= _day_of(rating.rated_on, tz) <= as_of:
                row["ratings"].append(_dec(rating.rating))
        inside = received >= start
        if received < start - timedelta(days=policy.window_days):
            continue
        if inside and original and not (closed and complaint.state == "rejected"):
            row["complaints"] += 1
            row["late"] += complaint.resolve_missed and _day_of(complaint.resolve_deadline, tz) <= as_of
        credited = sum(
            -_dec(move.amount_untaxed_signed)
            for move in env["account.move"].search([("complaint_id", "=", complaint.id)])
            if (move.state, move.move_type) == ("posted", "out_refund") and move.invoice_date <= as_of
        )
        cost = max(_dec(complaint.compensation) - credited, Decimal(0))
        cost += _round(_dec(complaint.handling_hours) * _dec(hour_cost), 2)
        row["cost" if inside else "cost_before"] += cost
    for contact in env["customer.contact.log"].search([("company_id", "=", company.id), ("minutes", "!=", False)]):
        day = _day_of(contact.date, tz)
        if start - timedelta(days=policy.window_days) <= day <= as_of:
            cost = _round(_dec(contact.minutes) * _dec(hour_cost) / 60, 2)
            result[contact.partner_id.commercial_partner_id]["cost" if day >= start else "cost_before"] += cost
    for suggestion in env["customer.suggestion"].search([("company_id", "=", company.id)]):
        idea = suggestion
        while idea:
            if idea.state == "implemented" and idea.date_implemented and idea.date_implemented <= as_of:
                result[suggestion.commercial_partner_id]["adopted"].add(idea)
            idea = idea.merged_into_id
    return result


def _satisfaction(row, told):
    """Return the score, or None, of a customer from what was told."""
    if not (told["open"] or told["complaints"] or told["ratings"]):
        return None
    rate = min(Fraction(told["complaints"], row["order_count_12m"] + 4), Fraction(1))
    handled = max(100 - 10 * told["late"] - 50 * rate, 0)
    said_so = [25 * (Fraction(rating) - 1) for rating in told["ratings"]]
    mean = (2 * handled + sum(said_so)) / (2 + len(said_so))
    tenths = floor(10 * mean + Fraction(1, 2)) - 300 * told["severe"]
    return Decimal(max(tenths, 0)) / 10


def customer_values(facts, due, policy, as_of, credited=None, told=None):
    """Return {customer: {field: value}} for one company.

    :param facts: iterable of (customer, day, revenue, margin or None, is a purchase)
    :param due: what :func:`payments` returns
    :param policy: the company's policy record
    :param as_of: the last day that counts
    :param credited: what :func:`credits` returns
    :param told: what :func:`said` returns
    """
    window = policy.window_days
    start = as_of - timedelta(days=window - 1)
    before = start - timedelta(days=window)
    per_customer = defaultdict(list)
    for customer, *fact in facts:
        if fact[0] <= as_of and customer != policy.company_id.partner_id:
            per_customer[customer].append(fact)

    rows = {}
    for customer, own in per_customer.items():
        bought = sorted({day for day, _revenue, _margin, purchase in own if purchase})
        inside = [fact for fact in own if fact[0] >= start]
        known = [fact[2] for fact in inside if fact[2] is not None]
        known_before = [fact[2] for fact in own if before <= fact[0] < start and fact[2] is not None]
        gaps = [(later - earlier).days for earlier, later in pairwise(bought)]
        rows[customer] = {
            "revenue_total": sum(fact[1] for fact in own),
            "margin_total": sum(fact[2] for fact in own if fact[2] is not None),
            "revenue_12m": sum((fact[1] for fact in inside), Decimal(0)),
            "margin_12m": sum(known, Decimal(0)),
            "margin_known": bool(known),
            "margin_previous": sum(known_before) if known_before else None,
            "revenue_previous_12m": sum(fact[1] for fact in own if before <= fact[0] < start),
            "purchase_days_before": len([day for day in bought if before <= day < start]),
            "order_count": sum(fact[3] for fact in own),
            "order_count_12m": sum(fact[3] for fact in inside),
            "purchase_days": len(bought),
            "purchase_days_12m": len([day for day in bought if day >= start]),
            "first_purchase_date": bought[0] if bought else False,
            "last_purchase_date": bought[-1] if bought else False,
            "gaps": gaps,
        }
    _scores(rows, policy, as_of)
    for customer, row in rows.items():
        _tell(row, (told or {}).get(customer))
    _development(rows, policy, credited or {})
    _index(rows, due, policy, as_of)
    for row in rows.values():
        _worth(row)
    return rows


def _worth(row):
    """Add margin rates, and what is left of the margin; orders here have no credit notes beside them."""
    for period, margin, cost in (
        ("12m", row["margin_12m"] if row["margin_known"] else None, row["complaint_cost"]),
        ("previous_12m", row["margin_previous"], row["complaint_cost_before"]),
    ):
        revenue = row[f"revenue_{period}"]
        rate = 100 * margin / revenue if margin is not None and revenue > 0 else None
        row[f"margin_rate_{period}"] = False if rate is None else _round(rate, 1)
        left = Decimal(0) if margin is None and not revenue else margin
        known = row["purchase_days"] and left is not None
        row[f"net_contribution_{period}"] = left - cost if known else False
    both = [row["net_contribution_12m"], row["net_contribution_previous_12m"]]
    row["costs_more"] = all(left is not False and left < 0 for left in both)


def _tell(row, told):
    """Add what a customer said to a row."""
    told = told or {
        "open": 0, "severe": 0, "complaints": 0, "late": 0, "ratings": [], "cost": Decimal(0),
        "cost_before": Decimal(0), "adopted": set(),
    }
    score, ratings = _satisfaction(row, told), told["ratings"]
    row.update(
        open_complaints=told["open"],
        open_severe_complaints=told["severe"],
        complaint_count_12m=told["complaints"],
        late_complaint_count_12m=told["late"],
        csat=_round(sum(ratings) / len(ratings), 2) if ratings else Decimal(0),
        csat_count=len(ratings),
        adopted_suggestions=len(told["adopted"]),
        has_satisfaction_score=score is not None,
        satisfaction_score=score or Decimal(0),
        complaint_cost=told["cost"],
        complaint_cost_before=told["cost_before"],
        satisfaction_evidence=Decimal(0) if score is None else Decimal(100) if told["severe"] else evidence(
            max(told["complaints"], told["open"]) + len(ratings), 2
        ),
    )


def _scores(rows, policy, as_of):
    active = [row for row in rows.values() if row["purchase_days_12m"]]

    def quintile(row, key, descending=False):
        if not row["purchase_days"]:
            return 0
        if row not in active:
            return 1
        above = sum(key(row) > _percentile([key(one) for one in active], share) for share in (20, 40, 60, 80))
        return 5 - above if descending else 1 + above

    by_margin = policy.class_basis == "margin" and any(row["margin_known"] for row in active)
    amount = "margin_12m" if by_margin else "revenue_12m"
    amounts = [row[amount] for row in rows.values() if row[amount] > 0]
    for row in rows.values():
        row["recency_score"] = quintile(
            row, lambda one: (as_of - one["last_purchase_date"]).days, descending=True
        )
        row["frequency_score"] = quintile(row, lambda one: one["purchase_days_12m"])
        row["monetary_score"] = quintile(row, lambda one: one["revenue_12m"])
        row["value_class"] = False
        if by_margin and row["purchase_days_12m"] and row["margin_known"]:
            row["value_class"] = "c"
        if row[amount] > 0 and (row["purchase_days_12m"] or not by_margin):
            larger = sum(one for one in amounts if one > row[amount])
            share = larger * 100 / sum(amounts)
            row["value_class"] = (
                "a" if share < _dec(policy.pareto_a) else "b" if share < _dec(policy.pareto_b) else "c"
            )
        now, then = row["revenue_12m"], row["revenue_previous_12m"]
        if now <= 0 and then <= 0:
            row["revenue_trend"] = False
        elif then <= 0:
            row["revenue_trend"] = "new"
        elif now > then * Decimal("1.1"):
            row["revenue_trend"] = "up"
        elif now < then * Decimal("0.9"):
            row["revenue_trend"] = "down"
        else:
            row["revenue_trend"] = "steady"


def _development(rows, policy, credited):
    now = sum(max(row["revenue_12m"], 0) for row in rows.values())
    then = sum(max(row["revenue_previous_12m"], 0) for row in rows.values())
    growth = float(now) / float(then) if then > 0 else 0
    for customer, row in rows.items():
        before = float(row["revenue_previous_12m"])
        row["has_development"] = bool(growth > 0 and before > 0 and row["purchase_days"])
        row["development_index"] = row["development_evidence"] = Decimal(0)
        if row["has_development"]:
            row["development_evidence"] = evidence(row["purchase_days_before"], 3)
            usual = max(float(row["revenue_total"]), 0) / row["purchase_days"]
            ratio = (max(float(row["revenue_12m"]), 0) + 2 * usual) / (before * growth + 2 * usual)
            index = 50 + 50 * log(max(ratio, 1e-9)) / log(4)
            row["development_index"] = _round(_dec(min(max(index, 0), 100)), 1)
        cost = row["cost_to_serve"] = credited.get(customer, Decimal(0)) + row["complaint_cost"]
        gross = row["revenue_12m"]
        if policy.revenue_source == "invoice":
            gross += credited.get(customer, Decimal(0))
        # Credited without a purchase in the window: all of it.
        share = min(cost / gross, Decimal(1)) if gross > 0 else Decimal(1)
        row["cost_to_serve_score"] = _round(100 * share, 1) if cost > 0 else Decimal(0)


def _index(rows, due, policy, as_of):
    active = [row for row in rows.values() if row["purchase_days_12m"]]
    basis = policy.value_basis
    if not any(row["margin_known"] for row in active):
        basis = "revenue"
    worth = [row[f"{basis}_12m"] for row in rows.values() if row[f"{basis}_12m"] > 0]
    medians = [_dec(median(row["gaps"])) for row in rows.values() if row["gaps"]]
    company_gap = median(medians) if medians else None
    for customer, row in rows.items():
        gaps = row["gaps"]
        typical = None
        if row["purchase_days"] and company_gap is not None:
            typical = company_gap
            if gaps:
                typical = (len(gaps) * _dec(median(gaps)) + 2 * company_gap) / (len(gaps) + 2)
            typical = _round(typical, 2)
        row["typical_gap"] = typical or Decimal(0)

        value = row[f"{basis}_12m"]
        current = Decimal(0)
        if row["purchase_days_12m"] and value > 0:
            # How many of the 1st to 100th percentiles the customer reaches.
            current = Decimal(sum(_percentile(worth, share) <= value for share in range(1, 101)))
        loyalty = Decimal(0)
        if gaps:
            span = (row["last_purchase_date"] - row["first_purchase_date"]).days
            tenure = 50 * (1 - 2 ** (-span / 730))
            silence = (as_of - row["last_purchase_date"]).days
            regular = min(1, max(0, (3 * typical - silence) / (2 * typical)))
            loyalty = _round(_dec(tenure) + 50 * Decimal(len(gaps)) / (len(gaps) + 2) * regular, 1)
        if row["purchase_days"]:
            loyalty = min(loyalty + 5 * min(row["adopted_suggestions"], 3), Decimal(100))
        owed, on_time, amounts = due.get(customer, (Decimal(0), Decimal(0), 0))
        payment = _round(100 * on_time / owed, 1) if owed else None
        row.update(
            current_value_score=_round(current, 1),
            loyalty_score=loyalty,
            payment_score=payment or Decimal(0),
            has_payment_score=payment is not None,
            payment_evidence=Decimal(0) if payment is None else evidence(amounts, 3),
        )
        development = row["development_index"] if row["has_development"] else None
        parts = [
            ("current_value", current), ("development", development),
            ("loyalty", loyalty), ("payment", payment),
        ]
        # Of each weight counts as much as there is evidence for.
        weights = {
            name: _dec(policy._weights()[name]) * row.get(f"{name}_evidence", Decimal(100)) / 100
            for name, _score in parts
        }
        total = sum(weights[name] for name, score in parts if score is not None)
        sum_up_to, before = Decimal(0), Decimal(0)
        for name, score in parts:
            sum_up_to += weights[name] * (score or 0)
            upto = _round(sum_up_to / total, 1) if total else Decimal(0)
            row[f"{name}_points"] = upto - before
            before = upto
        row["value_to_us"] = before
        if row["has_satisfaction_score"]:
            # The weighted mean of what the others make, and of so much of it as satisfaction says.
            weight = Fraction(_dec(policy._weights()["satisfaction"])) * Fraction(row["satisfaction_evidence"]) / 100
            exact = Fraction(sum_up_to) / Fraction(total) if total else Fraction(0)
            kept = exact * (Fraction(total) + weight * Fraction(row["satisfaction_score"]) / 100)
            whole = Fraction(total) + weight
            kept = Decimal(floor(10 * kept / whole + Fraction(1, 2))) / 10 if whole else Decimal(0)
        else:
            kept = before
        row["satisfaction_points"] = kept - before
        before = kept
        taken = _round(_dec(policy._weights()["cost_to_serve"]) * row["cost_to_serve_score"] / 100, 1)
        row["cost_to_serve_points"] = -taken
        row["value_index"] = max(before - taken, 0)
        row["bounds_points"] = row["value_index"] - (before - taken)
        if not row["purchase_days"]:
            for name, _score in (*parts, ("satisfaction", None), ("cost_to_serve", None), ("bounds", None)):
                row[f"{name}_points"] = Decimal(0)
            row["value_index"] = row["value_to_us"] = row["cost_to_serve_score"] = Decimal(0)
