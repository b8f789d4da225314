"""The statement of what a customer gained with us in a year, for pages and for the report."""

from collections import defaultdict
from datetime import date

from odoo import fields, models
from odoo.fields import Domain

from ...engine.benefit.share import share_within
from ..voice.customer_time import customer_zone, month_text
from . import statement_chart
from .statement_texts import UNKNOWN, amount_text, day_text, number_text, quantity_text

# What a page shows of each: more than anybody looks at, and few enough to be quick.
MAX_YEARS = 10
MAX_GOALS = 50
MAX_NEEDS = 50
# Figures that the first page asks about; the others are on the pages of their metrics.
MAX_ASKED = 4


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _customer_benefit_env(self, company):
        """Return an environment as superuser that tells days as this contact (one) reads them."""
        # sudo: customers have no rights on what the statement is made of; what is read of it is named in
        # _customer_values of each model.
        return self.sudo().with_context(
            tz=customer_zone(self, company), allowed_company_ids=company.ids, active_test=False,
        ).with_company(company).env

    def _customer_benefit_years(self, company):
        """Return the years of which there are figures of this customer (one), the latest first, and no others.

        :return: at least one year: this one, where there are no figures
        """
        records = self._customer_benefit_env(company)["customer.benefit.record"]
        domain = records._customer_domain(self.sudo().commercial_partner_id, company)
        first, last = records._read_group(domain, [], ["date_from:min", "date_to:max"])[0]
        if not first:
            return [fields.Date.context_today(records).year]
        return list(range(last.year, max(first.year, last.year - MAX_YEARS + 1) - 1, -1))

    def _customer_benefit_statement(self, company, year=None):
        """Return what this customer (one) gained with a company, in words and figures that customers read.

        The number of queries does not depend on how many figures there are: sums and curves come by month.

        :param year: a year with figures; any other means the latest
        :return: dict of texts and plain values: see the templates
        """
        self.ensure_one()
        env = self._customer_benefit_env(company)
        family = self.sudo().commercial_partner_id
        years = self._customer_benefit_years(company)
        year = year if year in years else years[0]
        records = env["customer.benefit.record"]
        domain = records._customer_domain(family, company)
        gains = self._customer_benefit_gains(records, domain, date(year, 1, 1), date(year, 12, 31))
        goals = env["customer.benefit.goal"].search(
            env["customer.benefit.goal"]._customer_domain(family, company), limit=MAX_GOALS
        )
        needs = env["customer.need"].search(env["customer.need"]._customer_domain(family, company), limit=MAX_NEEDS)
        asked_domain = records._customer_asked_domain(family, company)
        asked = records.search(asked_domain, limit=MAX_ASKED)
        total, confirmed = (sum(parts) for parts in zip(*gains.values(), strict=True)) if gains else (False, False)
        currency = company.currency_id
        shown_needs = needs._customer_values()
        return {
            "company": company.name,
            "customer": family.name,
            "year": year,
            "as_of": day_text(env, fields.Date.context_today(records)),
            "years": years,
            "total": amount_text(env, total, currency),
            "is_loss": bool(total) and currency.compare_amounts(total, 0) < 0,
            "confirmed": amount_text(env, confirmed, currency),
            "confirmed_share": None if not total or total < 0 else min(max(round(100 * confirmed / total), 0), 100),
            "metrics": self._customer_benefit_metrics(records, domain, goals, gains, year, currency),
            "goals": goals._customer_values(),
            "needs": shown_needs,
            "needs_met": [need for need in shown_needs if need["state"] in ("met", "partly")],
            "asked": asked._customer_values(),
            "asked_count": len(asked) if len(asked) < MAX_ASKED else records.search_count(asked_domain),
        }

    def _customer_benefit_gains(self, records, domain, first, last):
        """Return {metric: (gain, the confirmed part of it)} of the days from ``first`` to ``last``.

        A record counts with the part of its days within them; what happened once, on its last day.
        """
        gains = defaultdict(lambda: (0.0, 0.0))

        def add(metric, state, gain):
            whole, confirmed = gains[metric]
            gains[metric] = whole + gain, confirmed + (gain if state == "confirmed" else 0.0)

        domain &= Domain("counts", "=", True) & Domain("date_to", ">=", first) & Domain("date_from", "<=", last)
        within = Domain("date_from", ">=", first) & Domain("date_to", "<=", last)
        for metric, state, gain in records._read_group(domain & within, ["metric_id", "state"], ["gain:sum"]):
            add(metric, state, gain)
        # Periods of one metric and product do not overlap, so that these are two of each at most.
        for record in records.search(domain & ~within):
            once = record.metric_id.period == "once"
            share = share_within(record.date_from, record.date_to, first, last, once)
            if share:
                add(record.metric_id, record.state, record.gain * share)
        return dict(gains)

    def _customer_benefit_metrics(self, records, domain, goals, gains, year, currency):
        """Return what a customer reads of each metric: its gain in a year, and a curve that begins the year before."""
        env = records.env
        domain &= (
            Domain("state", "!=", "contested")
            & Domain("date_to", ">=", date(year - 1, 1, 1))
            & Domain("date_to", "<=", date(year, 12, 31))
        )
        months = defaultdict(list)
        for metric, month, value, low, high, gain in records._read_group(
            domain, ["metric_id", "date_to:month"],
            ["value:avg", "baseline:min", "baseline:max", "gain:sum"], order="date_to:month",
        ):
            months[metric].append((month, value, low, high, gain))
        agreed = {goal.metric_id: goal for goal in goals.sorted("date_target") if not goal.is_proposal}
        metrics = env["customer.benefit.metric"].union(*months, *gains)
        shown = []
        for metric in metrics.sorted(lambda metric: (metric.sequence, metric.name)):
            rows, goal = months[metric], agreed.get(metric)
            baselines = {limit for _month, _value, low, high, _gain in rows for limit in (low, high)}
            # A line for what it was before: what was agreed, else what all records say.
            baseline = goal.baseline if goal else baselines.pop() if len(baselines) == 1 else None
            baseline = None if baseline is False else baseline
            target = goal.target if goal else None
            shown.append({
                "id": metric.id,
                "name": metric.name,
                "unit": metric.unit,
                "gain": amount_text(env, gains[metric][0] if metric in gains else False, currency),
                "better": metric.direction,
                "worth": metric._customer_worth(),
                "baseline": UNKNOWN if baseline is None else quantity_text(env, baseline, metric.unit),
                "target": UNKNOWN if target is None else quantity_text(env, target, metric.unit),
                "latest": quantity_text(env, rows[-1][1], metric.unit) if rows else UNKNOWN,
                "chart": statement_chart.draw(
                    [(month.year * 12 + month.month, value) for month, value, *_rest in rows], baseline, target
                ),
                "first": month_text(env, rows[0][0]) if rows else "",
                "last": month_text(env, rows[-1][0]) if rows else "",
                "rows": [
                    {
                        "period": month_text(env, month),
                        "value": number_text(env, value),
                        "gain": amount_text(env, gain, currency),
                    }
                    for month, value, _low, _high, gain in rows
                ],
            })
        return shown
