"""How dates are written: in numbers and words, of any language, with or without a time.

A day is taken as it is written: a time or a time zone after it does not move it.
"""

import re
from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations

from babel.dates import get_day_names, get_month_names

from odoo.tools import remove_accents

from .source_file import text_of
from .writing import plain

# Year first, day first, month first. A year of four digits that comes first is always understood.
ORDERS = ("ymd", "dmy", "mdy")
FIRST_YEAR = 1900
# Two digits from this on are years of the last century.
CENTURY_TURN = 70
# Day zero of the numbers by which spreadsheets count days.
DAY_ZERO = date(1899, 12, 30)
BETWEEN = r"(?:\s*[-/.]\s*|\s+)"
TIME = r"(?:Z|[+-]\d\d:?\d\d)?(?:[T ,]+(?:\d{1,2}[:.]\d{2}|\d{4}(?:\d{2})?(?!\d)).*)?"
NUMBERS = re.compile(rf"(\d{{1,4}})({BETWEEN})(\d{{1,2}})({BETWEEN})(\d{{1,4}})\.?{TIME}")
PACKED = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}})(?:\d{{4}}(?:\d{{2}})?)?{TIME}")
EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?.*")
# Seconds or thousandths of seconds since 1970, in UTC.
TIMESTAMP = re.compile(r"(\d{10})(?:\d{3})?")
REMARK = re.compile(r"\s*\([^()]*\)")
SERIAL = re.compile(r"([1-9]\d{4})(?:[.,]\d+)?")
TIME_OF_DAY = re.compile(
    r"(?:^|[\s,T])\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\.?(?!\w))?"
    r"\s*(?:UTC|GMT|CET|CEST|Z)?\s*(?:[+-]\d{2}:?\d{2})?(?=\W|$)",
    re.IGNORECASE,
)
# Months: year first, or last.
MONTH_OF_YEAR = re.compile(r"(\d{4})\s*(?:[-/. 年년]\s*)?(\d{1,2})\s*[月월]?")
MONTH_AND_YEAR = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{4})")
WORDS = re.compile(r"\d+|[^\W\d_]+")
IN_WORDS = re.compile(r"[\w\s.,/'()-]+")
# Languages whose names of months and days are understood.
LANGUAGES = (
    "en", "en_GB", "de", "de_AT", "fr", "es", "it", "pt", "nl", "ca", "sv", "da", "nb", "fi", "is", "pl", "cs", "sk",
    "hu", "ro", "hr", "sl", "sr", "sr_Latn", "bg", "mk", "ru", "uk", "el", "tr", "et", "lv", "lt", "he", "ar", "fa",
    "id", "ms", "hi", "th",
)
MORE_MONTHS = {"sept": 9, "mrz": 3, "maerz": 3}
# Words and endings that stand in a date beside its numbers and its month.
FILLERS = {
    "a", "d", "da", "de", "del", "den", "der", "di", "do", "e", "el", "er", "g", "gada", "il", "le", "m", "nd", "o",
    "of", "r", "rd", "st", "th", "the", "г", "года", "год", "р", "року", "рік",
}


def read_day(text, order, language=""):
    """Return the date that ``text`` says, or None.

    :param str order: one of ``ORDERS``, for numbers that can be read in several ways
    :param str language: code of the language that is likely, where a name means two months
    """
    text = plain(text)
    if found := NUMBERS.fullmatch(text):
        first, mark, second, other_mark, third = found.groups()
        if mark.strip() == other_mark.strip():
            return _day_in_order(first, second, third, order)
    if (found := PACKED.fullmatch(text)) or (found := EAST_ASIAN.fullmatch(text)):
        return _day(*found.groups())
    if found := SERIAL.fullmatch(text):
        return DAY_ZERO + timedelta(days=int(found[1]))
    if found := TIMESTAMP.fullmatch(text):
        return date(1970, 1, 1) + timedelta(seconds=int(found[1]))
    if REMARK.search(text):
        # "2024/01/15 (Mon)"
        return read_day(REMARK.sub("", text), order, language)
    return _day_in_words(text, order, language)


def read_month(text, order, language=""):
    """Return the first day of the month that ``text`` names, or None. A date stands for its month.

    :param str order: one of ``ORDERS``, for dates that can be read in several ways
    :param str language: code of the language that is likely
    """
    text = plain(text)
    if (found := MONTH_OF_YEAR.fullmatch(text)) and len(text) > 5:
        return _day(found[1], found[2], "1")
    if found := MONTH_AND_YEAR.fullmatch(text):
        return _day(found[2], found[1], "1")
    tokens = [_folded(token) for token in WORDS.findall(text)]
    if len(tokens) == 2 and IN_WORDS.fullmatch(text):
        months, _weekdays = _names(language)
        name, year = sorted(tokens, key=str.isdigit)
        if name in months and year.isdigit() and len(year) in (2, 4):
            return _day(year, str(months[name]), "1")
    day = read_day(text, order, language)
    return day and day.replace(day=1)


def parse_days(texts, order, last_day, language=""):
    """Return {text: (ISO date or None, reason or None)} for the different ``texts``.

    Reasons are 'no_date' (nothing there), 'date' (not understood) and 'future' (after ``last_day``).
    """
    result = {}
    for text in set(texts):
        day = read_day(text, order, language)
        if not text:
            result[text] = None, "no_date"
        elif day is None:
            result[text] = None, "date"
        elif day > last_day:
            result[text] = None, "future"
        else:
            result[text] = day.isoformat(), None
    return result


class DateNotation:
    """Collects evidence of how the dates of a column are written, until it is clear.

    Evidence is what an order cannot read: a thirteenth month, or a day that is still to come.

    :param str default: 'dmy' or 'mdy', of two that are as good as each other
    """

    def __init__(self, default, last_day, language=""):
        self.default = default
        self.last_day = last_day
        self.language = language
        self.readable = Counter()
        # Texts that only one order can read.
        self.single = Counter()
        # Pairs of orders that read some text differently.
        self.doubtful = set()
        self.days = {order: [] for order in ORDERS}
        # An example of a date that a spreadsheet made, or that has its year first, and of a text.
        self.sheet_example = self.text_example = None

    def watch(self, values):
        """Add the evidence of cells."""
        for text, times in Counter(map(text_of, values)).items():
            readings = {order: read_day(text, order, self.language) for order in ORDERS}
            if len(set(readings.values())) == 1:
                if readings["ymd"] and not SERIAL.fullmatch(text):
                    self.sheet_example = self.sheet_example or text
                continue
            self.text_example = self.text_example or text
            valid = [order for order, day in readings.items() if day]
            self.doubtful.update(pair for pair in combinations(valid, 2) if readings[pair[0]] != readings[pair[1]])
            if len(valid) == 1:
                self.single[valid[0]] += times
            for order in valid:
                if readings[order] <= self.last_day:
                    self.readable[order] += times
                    known = [*self.days[order], readings[order]]
                    self.days[order] = [min(known), max(known)]

    @property
    def candidates(self):
        """The orders that read the most texts; none without any evidence."""
        most = max(self.readable.values(), default=0)
        return [order for order in ORDERS if most and self.readable[order] == most]

    @property
    def is_open(self):
        """Whether the dates can be read in several orders, and none is better."""
        return not self.doubtful.isdisjoint(combinations(self.candidates, 2))

    @property
    def is_contradictory(self):
        """Whether some dates are day first and others month first."""
        return bool(self.single["dmy"] and self.single["mdy"])

    @property
    def is_mixed(self):
        """Whether some cells are dates of a spreadsheet, and others texts."""
        return bool(self.sheet_example and self.text_example)

    def decide(self):
        """Return the order that reads the most.

        Of several: year first if the days then lie closest together, the default otherwise.
        """
        best = self.candidates
        if len(best) == 1:
            return best[0]
        if "ymd" in best:
            spans = {order: self.days[order][1] - self.days[order][0] for order in best}
            if spans["ymd"] < min(span for order, span in spans.items() if order != "ymd"):
                return "ymd"
            best.remove("ymd")
        return self.default if not best or self.default in best else best[0]


def _day_in_order(first, second, third, order):
    """Return the date of three numbers, given as text."""
    if len(first) == 4 and len(third) <= 2:
        return _day(first, second, third)
    if len(first) > 2 or len(third) not in (2, 4):
        return None
    if order == "ymd":
        return _day(first, second, third) if len(first) == 2 and len(third) == 2 else None
    if order == "dmy":
        return _day(third, second, first)
    return _day(third, first, second)


def _day(year, month, day):
    """Return the date, or None where there is no such day."""
    if len(year) == 2:
        year = int(year) + (2000 if int(year) < CENTURY_TURN else 1900)
    if int(year) < FIRST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _day_in_words(text, order, language):
    """Return the date of a text with the name of a month or of a weekday."""
    text = TIME_OF_DAY.sub(" ", text)
    if len(text) > 60 or not IN_WORDS.fullmatch(text):
        return None
    months, weekdays = _names(language)
    tokens = [_folded(token) for token in WORDS.findall(text)]
    numbers = [token for token in tokens if token.isdigit()]
    words = [token for token in tokens if not token.isdigit()]
    if not words or any(word not in months and word not in weekdays and word not in FILLERS for word in words):
        return None
    named = [word for word in words if word in months and word not in weekdays]
    if len(numbers) == 3 and all(len(number) <= 4 for number in numbers):
        return None if named else _day_in_order(*numbers, order)
    # "Mar" is a month, and a Tuesday where another word is the month.
    named = named or [word for word in words if word in months]
    if len(named) != 1 or len(numbers) != 2:
        return None
    day, year = numbers
    if len(day) > 2 or int(day) > 31:
        day, year = year, day
    return _day(year, str(months[named[0]]), day) if len(year) in (2, 4) and len(day) <= 2 else None


@lru_cache(maxsize=16)
def _names(language):
    """Return ({name: month}, names of weekdays) in all languages, without accents and in small letters.

    A name that means different months in two languages means that of ``language``, or nothing.
    """
    months, weekdays = {}, set()
    for tag in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in get_month_names(width, context, tag).items():
                    months.setdefault(_folded(name), {}).setdefault(month, set()).add(tag.partition("_")[0])
                weekdays.update(_folded(name) for name in get_day_names(width, context, tag).values())
    for name, month in MORE_MONTHS.items():
        months.setdefault(name, {}).setdefault(month, set())
    meanings = {}
    for name, meaning in months.items():
        own = [month for month, tags in meaning.items() if language in tags]
        if len(meaning) == 1 or len(own) == 1:
            meanings[name] = own[0] if own else next(iter(meaning))
    return meanings, weekdays


def _folded(word):
    return remove_accents(word).casefold().strip(" .")
