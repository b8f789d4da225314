"""What all answers say: response rate, score and how sure it is, and how it changed."""

from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.feedback.results import Answers, trend

MONTHS = 12
# Months that are compared with those before.
RECENT_MONTHS = 3


class CustomerFeedback(models.Model):
    _inherit = "customer.feedback"

    @api.model
    def _result_groups(self):
        """Return by what the results can be told apart: {field: label}. Extension point."""
        return {
            "team_id": self.env._("Sales Team"),
            "product_id": self.env._("Product"),
            "lifecycle_stage_id": self.env._("Lifecycle Stage"),
            "value_class": self.env._("Value Class"),
            "user_id": self.env._("Responsible"),
            "rule_id": self.env._("Rule"),
        }

    @api.readonly
    def get_feedback_results(self, domain=None, group=None):
        """Return what the answers say that the user may read, for the browser.

        Scales, and what the answers are about, are never counted together. Everybody counts in the month in which they
        were asked, so that rates and scores are of the same people.

        :param list domain: which questions
        :param str group: a field of :meth:`_result_groups`, by which the results are told apart
        :return: ``groups`` {field: label}, ``group`` (the one that is used), and ``results``: for each scale and
            subject {"scale", "about", "scale_name", "about_name", "all" (see ``results.Answers.told``), "trend" (of the
            last three months against the three before: up, down, same or False), "months" [{"month", …}], and "rows"
            [{"id", "name", …}], the most asked ones first}
        """
        self.check_access("read")
        groups = self._result_groups()
        group = group if group in groups else next(iter(groups))
        asked = Domain(domain or Domain.TRUE) & Domain("state", "in", ("asked", "answered", "expired"))
        start = fields.Date.context_today(self).replace(day=1) - relativedelta(months=MONTHS - 1)
        counted = self._count_answers(asked, group)
        monthly = self._count_answers(asked & Domain("date_asked", ">=", start), "date_asked:month")
        scales, subjects = (
            dict(self._fields[name]._description_selection(self.env)) for name in ("scale", "about")
        )
        results = []
        for scale in scales:
            for about in subjects:
                rows = counted.get((scale, about))
                if not rows:
                    continue
                months = monthly.get((scale, about), {})
                results.append({
                    "scale": scale,
                    "about": about,
                    "scale_name": scales[scale],
                    "about_name": subjects[about],
                    "all": sum(rows.values(), Answers()).told(scale),
                    "trend": self._trend(scale, months),
                    "months": [
                        {"month": fields.Date.to_string(month), **answers.told(scale)}
                        for month, answers in self._each_month(start, months)
                    ],
                    "rows": [
                        {"id": self._group_key(value), "name": self._group_name(group, value), **answers.told(scale)}
                        for value, answers in sorted(rows.items(), key=lambda row: -row[1].asked)
                    ],
                })
        return {"groups": groups, "group": group, "results": results}

    @api.model
    def _count_answers(self, domain, group):
        """Return {(scale, about): {value of the group: Answers}} of the questions that the user may read."""
        found = defaultdict(lambda: defaultdict(Answers))
        for scale, about, value, mood, count, total in self._read_group(
            domain, ["scale", "about", group, "mood"], ["__count", "score:sum"]
        ):
            numbers = {"asked": count}
            if mood:
                numbers |= {mood: count, "total": total or 0}
            found[scale, about][value] += Answers(**numbers)
        return found

    @api.model
    def _each_month(self, start, months):
        """Yield each month from ``start`` to the current one, with its answers."""
        known = {fields.Date.to_date(month): answers for month, answers in months.items()}
        for number in range(MONTHS):
            month = start + relativedelta(months=number)
            yield month, known.get(month, Answers())

    @api.model
    def _trend(self, scale, months):
        """Return how the last months, this one included, compare with as many before: see ``results.trend``."""
        this = fields.Date.context_today(self).replace(day=1)
        recent, before = Answers(), Answers()
        for month, answers in months.items():
            age = relativedelta(this, fields.Date.to_date(month))
            number = age.years * 12 + age.months
            if number < RECENT_MONTHS:
                recent += answers
            elif number < 2 * RECENT_MONTHS:
                before += answers
        return trend(scale, before, recent)

    @api.model
    def _group_key(self, value):
        return value.id if isinstance(value, models.BaseModel) else value

    @api.model
    def _group_name(self, group, value):
        """Return the name of a value of a group, or what to say of none."""
        if isinstance(value, models.BaseModel):
            # sudo: whoever may read the answers may read the names of what they are told apart by.
            name = value.sudo().display_name
        else:
            name = dict(self._fields[group]._description_selection(self.env)).get(value)
        return name or self.env._("None")
