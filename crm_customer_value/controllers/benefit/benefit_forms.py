"""The forms by which customers speak about figures, goals and needs."""

import math

from dateutil.relativedelta import relativedelta

from odoo import fields

from ...models.base.number_fields import LARGEST_INPUT
from ...models.benefit.customer_benefit_record import LONGEST_YEARS
from ...models.benefit.statement_texts import period_text, quantity_text
from ...models.need.customer_need import MOST_IMPORTANT
from ...models.need.customer_need_portal import CUSTOMER_STATES
from ..voice.customer_form import CustomerForm

WORDS_LENGTH = 2000


class BenefitForm(CustomerForm):
    """A form that holds days and numbers."""

    def _read_day(self, name):
        """Return the day in a field, or None and an error where it is none."""
        if not self.input[name]:
            return None
        try:
            day = fields.Date.to_date(self.input[name])
        except ValueError:
            day = None
        if day is None or not 1900 <= day.year <= 2200:
            self.errors[name] = self.env._("Please enter a date.")
            return None
        return day

    def _read_number(self, name):
        """Return the number in a field, or None and an error where it is none."""
        if not self.input[name]:
            return None
        try:
            number = float(self.input[name])
        except ValueError:
            number = math.nan
        if not abs(number) < LARGEST_INPUT:
            self.errors[name] = self.env._("Please enter a number, such as 12.5.")
            return None
        return number


class FigureForm(BenefitForm):
    """A figure that a customer measured for a goal. An unlikely one is asked about before it is kept."""

    names = ("key", "date_from", "date_to", "value", "sure")
    lengths = {**dict.fromkeys(names, 40), "sure": 200}

    def __init__(self, env, goal, data=None):
        super().__init__(env, data)
        self.goal = goal
        self.question = ""

    def _required(self):
        return {
            "date_from": self.env._("Please enter the first day."),
            "date_to": self.env._("Please enter the last day."),
            "value": self.env._("Please enter what you measured."),
        }

    def _check_input(self):
        result = super()._check_input()
        self.first, self.last = self._read_day("date_from"), self._read_day("date_to")
        self.value = self._read_number("value")
        if self.first and self.last:
            self._check_period()
        if not self.errors:
            self._ask()
        return result

    def _check_period(self):
        today = fields.Date.context_today(self.goal)
        if self.last < self.first:
            self.errors["date_to"] = self.env._("The last day is before the first. Please swap them.")
        elif self.last > today:
            self.errors["date_to"] = self.env._(
                "This day is in the future. Please enter what was measured up to today."
            )
        elif self.last >= self.first + relativedelta(years=LONGEST_YEARS):
            self.errors["date_to"] = self.env._(
                "This is longer than %(years)s years. Please send one figure for each month or year.",
                years=LONGEST_YEARS,
            )
        else:
            other = self.goal._customer_record_of(self.first, self.last)
            if other:
                self.errors["date_from"] = self.env._(
                    "There is a figure for these days already: %(period)s. Please choose other days, or tell us there "
                    "what is wrong with it.",
                    period=period_text(self.goal.env, other.date_from, other.date_to),
                )

    def _ask(self):
        """Ask whether an unlikely value is right, unless the customer says so of this very one."""
        env, unit = self.goal.env, self.goal.metric_id.unit
        doubt = env["customer.benefit.record"]._customer_doubt(self.goal, self.values())
        if not doubt or self.is_sure:
            return
        value, baseline = (quantity_text(env, number, unit) for number in (self.value, self.goal.baseline))
        if doubt == "worse":
            self.question = self.env._(
                "%(value)s is worse than before, when it was %(baseline)s.", value=value, baseline=baseline
            )
        elif doubt == "size":
            self.question = self.env._(
                "%(value)s is more than ten times what it was before: %(baseline)s.", value=value, baseline=baseline
            )
        else:
            self.question = self.env._("%(value)s is more or less than usual.", value=value)
        self.errors["sure"] = self.env._("Please correct the figure, or say that it is right.")

    @property
    def is_sure(self):
        """Whether the customer says that these days and this value are right."""
        return self.input["sure"] == self.answer

    @property
    def answer(self):
        """What the form sends when the customer says that these days and this value are right."""
        return "|".join(self.input[name] for name in ("date_from", "date_to", "value"))

    def values(self):
        """Return what of the form goes into the record."""
        return {"date_from": self.first, "date_to": self.last, "value": self.value, "is_checked": self.is_sure}


class ContestForm(BenefitForm):
    """What is wrong with a figure."""

    names = ("key", "words", "mark")
    lengths = {"words": WORDS_LENGTH, "mark": 16}

    def _required(self):
        return {"words": self.env._("Please tell us what is wrong with this figure.")}


class GoalForm(BenefitForm):
    """A goal that a customer proposes."""

    names = ("key", "metric_id", "baseline", "target", "date_target", "words")
    lengths = {**dict.fromkeys(names, 60), "words": WORDS_LENGTH}

    def __init__(self, env, metrics, taken, data=None):
        """Read what was sent.

        :param metrics: those to choose from
        :param taken: those that there is a goal for already
        """
        super().__init__(env, data)
        self.metrics, self.taken = metrics, taken

    def _required(self):
        return {
            "metric_id": self.env._("Please choose what is to get better."),
            "baseline": self.env._("Please enter where you are now."),
            "target": self.env._("Please enter what you want to reach."),
            "date_target": self.env._("Please enter by when."),
        }

    def _check_input(self):
        result = super()._check_input()
        self.metric = self.metrics.filtered(lambda metric: str(metric.id) == self.input["metric_id"])
        self.baseline, self.target = self._read_number("baseline"), self._read_number("target")
        self.day = self._read_day("date_target")
        if self.input["metric_id"] and not self.metric:
            self.errors["metric_id"] = self.env._("Please choose from the list.")
        elif self.metric in self.taken:
            self.errors["metric_id"] = self.env._(
                "You have a goal for this already. Please choose something else, or call us to change that goal."
            )
        if self.day and self.day <= fields.Date.context_today(self.metrics):
            self.errors["date_target"] = self.env._("Please choose a day after today.")
        if self.metric and self.baseline is not None and self.target is not None:
            is_better = (
                self.target < self.baseline if self.metric.direction == "lower" else self.target > self.baseline
            )
            if not is_better:
                self.errors["target"] = (
                    self.env._("Less is better here. Please enter a number below where you are now.")
                    if self.metric.direction == "lower"
                    else self.env._("More is better here. Please enter a number above where you are now.")
                )
        return result

    def values(self):
        """Return what of the form goes into the goal."""
        return {
            "metric_id": self.metric.id, "baseline": self.baseline, "target": self.target, "date_target": self.day,
            "date_start": fields.Date.context_today(self.metrics),
        }


class NeedForm(BenefitForm):
    """A need that a customer states."""

    names = ("key", "type_id", "words", "importance", "yardstick")
    lengths = {**dict.fromkeys(names, 60), "words": WORDS_LENGTH, "yardstick": WORDS_LENGTH}

    def __init__(self, env, types, data=None):
        """Read what was sent; ``types`` are those to choose from."""
        super().__init__(env, data)
        self.types = types

    def _required(self):
        return {
            "type_id": self.env._("Please choose what it is about."),
            "words": self.env._("Please tell us in your own words."),
            "importance": self.env._("Please choose how much it matters to you."),
        }

    def _check_input(self):
        result = super()._check_input()
        self.type = self.types.filtered(lambda kind: str(kind.id) == self.input["type_id"])
        if self.input["type_id"] and not self.type:
            self.errors["type_id"] = self.env._("Please choose from the list.")
        self._check_importance()
        return result

    def _check_importance(self):
        if self.input["importance"] and self.input["importance"] not in map(str, range(1, MOST_IMPORTANT + 1)):
            self.errors["importance"] = self.env._("Please choose from the list.")

    def values(self):
        """Return what of the form goes into the need."""
        return {
            "type_id": self.type.id, "words": self.input["words"], "importance": int(self.input["importance"]),
            "yardstick": self.input["yardstick"] or False,
        }


class NeedChangeForm(NeedForm):
    """What a customer says of a need that is known already."""

    names = ("key", "importance", "yardstick", "state", "mark")
    lengths = {**dict.fromkeys(names, 60), "yardstick": WORDS_LENGTH, "mark": 16}

    def __init__(self, env, need, data=None):
        super().__init__(env, need.type_id, data)

    def _required(self):
        return {"importance": self.env._("Please choose how much it matters to you.")}

    def _check_input(self):
        self._check_importance()
        if self.input["state"] not in ("", *CUSTOMER_STATES):
            self.errors["state"] = self.env._("Please choose from the list.")

    def values(self):
        """Return what of the form goes into the need."""
        values = {"importance": int(self.input["importance"]), "yardstick": self.input["yardstick"] or False}
        if self.input["state"]:
            values["state"] = self.input["state"]
        return values
