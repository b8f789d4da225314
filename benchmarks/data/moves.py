"""What ``./dev bench moves`` runs in a shell of its database, after the script of the demo companies.

A week of a customer is *quiet* when none of their documents is dated in it, falls due in it, or leaves the
window in it. In such a week the index should neither rise by more than LIMIT points, nor fall by more unless
the customer is late by their own rhythm.

Small companies are random customers of the CD shop, forecast 26 weeks before the end of its purchases from what
was known then, as a recompute does, and held against what came. *No forecast* counts the companies whose one
model, the first that could be fitted, lost to going on as before; up to 19.0.1.3.0 they had none.
"""

import time
from collections import Counter, defaultdict
from datetime import timedelta

import numpy as np

from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.fact import facts, lateness
from odoo.addons.crm_customer_value.engine.mathematics import backtest, candidates

LIMIT = 5.0
WORST = 6


def busy_days(env, run):
    """Return {partner id: days on which something of theirs is dated or falls due}."""
    rows = env.execute_query(SQL(
        """SELECT DISTINCT partner_id, day FROM (%(facts)s) fact
            UNION
           SELECT partner.commercial_partner_id, line.date_maturity + shift
             FROM account_move_line line
             JOIN account_account account ON account.id = line.account_id
             JOIN res_partner partner ON partner.id = line.partner_id
            CROSS JOIN GENERATE_SERIES(0, 1) shift
            WHERE account.account_type = 'asset_receivable' AND line.company_id = %(company)s
              AND line.parent_state = 'posted' AND line.debit > 0 AND line.date_maturity IS NOT NULL
            UNION
           SELECT commercial_partner_id, day::date
             FROM customer_complaint, UNNEST(ARRAY[date_received, date_closed, resolve_deadline]) day
            WHERE company_id = %(company)s AND day IS NOT NULL
            UNION
           SELECT complaint.commercial_partner_id, rating.rated_on::date
             FROM rating_rating rating JOIN customer_complaint complaint ON complaint.id = rating.res_id
            WHERE rating.res_model = 'customer.complaint' AND rating.rated_on IS NOT NULL
              AND complaint.company_id = %(company)s
            UNION
           SELECT commercial_partner_id, date_implemented FROM customer_suggestion
            WHERE company_id = %(company)s AND date_implemented IS NOT NULL""",
        facts=facts.facts_sql(run._scope(after=0, upto=run._last_partner())), company=run.company_id.id,
    ))
    days = defaultdict(set)
    for partner_id, day in rows:
        days[partner_id].add(day)
    return days


def points_columns(env):
    """Return the names of the columns of points, one for each part of the index."""
    return [part.points_column for part in env["customer.value"]._shown_parts().values()]


def values(env, company):
    """Return {partner id: row} of a company's customers."""
    env.flush_all()
    env.cr.execute(SQL(
        "SELECT partner_id, value_index, last_purchase_date, typical_gap, clv_method, %s FROM customer_value"
        " WHERE company_id = %s AND value_index IS NOT NULL",
        SQL(", ").join(map(SQL.identifier, points_columns(env))), company.id,
    ))
    return {row["partner_id"]: row for row in env.cr.dictfetchall()}


def reason(before, after):
    """Return which parts moved, in words."""
    parts = sorted(
        ((after[name] or 0) - (before[name] or 0), name.removesuffix("_points"))
        for name in after if name.endswith("_points")
    )
    moved = ", ".join(f"{name} {change:+.1f}" for change, name in parts if abs(change) >= 0.5)
    methods = {before["clv_method"], after["clv_method"]}
    return moved + (f" ({before['clv_method']} -> {after['clv_method']})" if len(methods) > 1 else "")


def moves(env, company, weeks):
    """Recompute a company week by week and count how its customers' indices moved."""
    runs = env["customer.value.run"]
    run = runs._recompute(company)
    busy, window, today = busy_days(env, run), run.policy_id.window_days, run.as_of
    found, worst, begun, methods = Counter(), defaultdict(list), time.monotonic(), Counter()
    before = None
    for week in reversed(range(weeks + 1)):
        day = today - timedelta(weeks=week)
        run = runs._recompute(company, as_of=day)
        methods[run.outlook["method"]] += 1
        after = values(env, company)
        new = {day - timedelta(days=ago) for ago in range(7)}
        old = {one - timedelta(days=window) for one in new}
        for partner_id in before.keys() & after.keys() if before else ():
            row, change = after[partner_id], after[partner_id]["value_index"] - before[partner_id]["value_index"]
            known = busy[partner_id]
            quiet = "quiet" if known.isdisjoint(new) and known.isdisjoint(old) else "other"
            late = row["typical_gap"] and (day - row["last_purchase_date"]).days > row["typical_gap"]
            found[quiet] += 1
            if abs(change) <= LIMIT:
                continue
            kind = quiet, "rise" if change > 0 else "fall, late" if late else "fall, not late"
            found[kind] += 1
            worst[kind].append((abs(change), day, partner_id, reason(before[partner_id], row)))
        before = after
    print(f"{company.name}: {weeks} weeks, {found['quiet']:,} quiet weeks of customers, {found['other']:,} others"
          f" ({time.monotonic() - begun:.0f} s); learned by {dict(methods)}")
    for kind in sorted(worst):
        print(f"  {kind[0]} weeks, {kind[1]} above {LIMIT:g} points: {found[kind]}")
        for change, day, partner_id, why in sorted(worst[kind], reverse=True)[:WORST]:
            print(f"    {change:5.1f} on {day}, customer {partner_id}: {why}")


def histories(purchases, until):
    """Return the :class:`candidates.Histories` of customers on a day, from {customer: sorted days}."""
    days = [own[own <= until] for own in purchases.values()]
    own_gap = np.array([np.median(np.diff(own)) if len(own) > 1 else np.nan for own in days])
    x = np.array([len(own) - 1.0 for own in days])
    gap = np.where(
        x > 0, (x * np.nan_to_num(own_gap) + lateness.PRIOR_GAPS * np.nanmedian(own_gap)) / (x + lateness.PRIOR_GAPS),
        np.nanmedian(own_gap),
    )
    silence = np.array([until - own[-1] for own in days])
    late = np.where(silence > gap, 1 - gap / np.maximum(silence, 1), 0.0)
    return candidates.Histories(
        x, np.array([own[-1] - own[0] for own in days]) / 7, np.array([until - own[0] for own in days]) / 7, late
    )


def small_companies(env, company, number, size=60, weeks=26, seed=1):
    """Forecast random companies of a few customers, and print how that went beside going on as before."""
    rows = env.execute_query(SQL(
        "SELECT partner_id, ARRAY_AGG(DISTINCT date - DATE '1970-01-01') FROM customer_purchase_history"
        " WHERE company_id = %s GROUP BY 1 ORDER BY 1", company.id,
    ))
    everybody = {partner_id: np.array(sorted(days)) for partner_id, days in rows}
    end = max(days[-1] for days in everybody.values())
    now, cut = end - 7 * weeks, end - 14 * weeks
    known = [partner_id for partner_id, days in everybody.items() if days[0] <= cut]
    random, used, errors, without = np.random.default_rng(seed), Counter(), defaultdict(list), 0
    for _company in range(number):
        chosen = {partner_id: everybody[partner_id] for partner_id in random.choice(known, size, replace=False)}
        came = [
            np.array([float(((start < own) & (own <= start + 7 * weeks)).sum()) for own in chosen.values()])
            for start in (cut, now)
        ]
        earlier, customers = histories(chosen, cut), histories(chosen, now)
        tested, _fits = candidates.fit(*earlier[:3])
        verdicts = candidates.judge(tested, earlier, came[0], float(weeks)) if len(tested) > 1 else {}
        without += not verdicts or next(iter(verdicts.values())).relative_error > 1
        found, _fits = candidates.fit(*customers[:3])
        shared = [name for name in verdicts if name in found]
        best = min(shared, key=lambda name: verdicts[name].relative_error, default="rule")
        used[best] += 1
        factor = verdicts[best].factor if best in verdicts else 1.0
        expected = candidates.forecast({**found[best], "factor": factor}, float(weeks), customers)
        grade = backtest.grade(expected.purchases, came[1], expected.active)
        plain = backtest.grade(*_plain(customers, weeks, came[1]))
        for name in ("mae", "rmse", "brier"):
            errors[name].append(getattr(grade, name) / getattr(plain, name))
    print(f"{number} companies of {size} customers: no forecast {without} before, 0 now; used {dict(used)}")
    for name, quotients in errors.items():
        better = sum(quotient < 1 for quotient in quotients)
        print(f"  {name} beside going on as before: {np.exp(np.mean(np.log(quotients))):.3f} in the mean,"
              f" {max(quotients):.3f} at worst, better in {better} of {number}")


def _plain(customers, weeks, came):
    """Return what :func:`backtest.grade` takes for who expects everybody to go on as before."""
    purchases, active = backtest.average_rate(customers.x, customers.T, float(weeks))
    return purchases, came, active


def measure(env, weeks, companies, names):
    """Measure and print everything; keep nothing."""
    shop = env["res.company"].search([("name", "=", "CD shop")])
    if companies:
        small_companies(env, shop, companies)
    for company in (env.ref("base.main_company"), shop):
        if not names or company.name in names:
            moves(env, company, weeks)
            env.cr.rollback()
            env.invalidate_all()
