"""What the rows of a file of measurements mean: of whom what was measured, when, and the value."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from ..source_file.amounts import number_text, read_amount
from ..source_file.columns import CUSTOMER_FIELDS
from ..source_file.customers import split_customer
from ..source_file.dates import parse_days, read_month
from ..source_file.rows import Refused, RowReader

TEXT_FIELDS = (*CUSTOMER_FIELDS, "country", "metric", "unit", "product", "note")
NUMBER_FIELDS = ("value", "baseline")
DATE_FIELDS = ("month", "date_from", "date_to")
# Of the table of rows, in the order of ``row``.
COLUMNS = {
    "row_no": "integer", "raw": "text", "ref": "text", "email": "text", "vat": "text", "name": "text",
    "country": "text", "metric": "text", "unit": "text", "product": "text", "product_name": "text", "note": "text",
    "date_from": "date", "date_to": "date", "value": "numeric", "baseline": "numeric", "reason": "text",
    "detail": "text",
}
# Of the texts by which rows are compared: an index takes no longer ones.
MAX_LENGTH = 500


class Settings(NamedTuple):
    """How to understand the cells of one file."""

    columns: dict  # field: position of its column
    date_order: str  # 'ymd', 'dmy' or 'mdy'
    decimal: str  # '.' or ','
    last_day: date  # that is not in the future
    longest_years: int  # a period is shorter
    language: str = ""  # code of the language that is likely


def folded(text):
    """Return a text in the form in which names and units are compared."""
    return " ".join(text.casefold().split())


class MeasurementReader(RowReader):
    """Reads rows of measurements; see ``RowReader``."""

    def __init__(self, settings, rows):
        super().__init__(settings, rows)
        self._days = parse_days(
            {self._text(row, field) for row in rows for field in ("date_from", "date_to")},
            settings.date_order, settings.last_day, settings.language,
        )
        self._months = {
            text: read_month(text, settings.date_order, settings.language)
            for text in {self._text(row, "month") for row in rows} if text
        }

    def row(self, cells, raw, overlong):
        texts = {field: self._text(raw, field) for field in TEXT_FIELDS}
        email, name = split_customer(texts["email"], texts["name"])
        start = end = ""
        numbers, reason, detail = {}, "", ""
        try:
            if overlong:
                raise Refused("overlong", str(overlong))
            for field in TEXT_FIELDS:
                if field != "note" and len(texts[field]) > MAX_LENGTH:
                    raise Refused("long", texts[field][:40])
            if not texts["metric"]:
                raise Refused("no_metric", "")
            start, end = self._period(raw)
            numbers = self._numbers(cells, raw, texts)
        except Refused as refusal:
            reason, detail = refusal.args
        return (
            texts["ref"], email, texts["vat"], name, texts["country"], texts["metric"], texts["unit"],
            texts["product"], "", texts["note"], start, end, numbers.get("value", ""), numbers.get("baseline", ""),
            reason, detail,
        )

    def _period(self, raw):
        """Return (first day, last day) of a row as ISO texts."""
        given = {field: text for field in DATE_FIELDS if (text := self._text(raw, field))}
        if {"date_from", "date_to"} <= given.keys():
            start, end = self._day(given["date_from"]), self._day(given["date_to"])
            if end < start:
                raise Refused("reversed", f"{given['date_from']} – {given['date_to']}")
            if date.fromisoformat(end) >= date.fromisoformat(start) + relativedelta(years=self._settings.longest_years):
                raise Refused("too_long", f"{given['date_from']} – {given['date_to']}")
            return start, end
        if "month" not in given:
            raise Refused("no_date", "")
        first = self._months[given["month"]]
        if not first:
            raise Refused("month", given["month"])
        last = first.replace(day=monthrange(first.year, first.month)[1])
        if first > self._settings.last_day:
            raise Refused("future", given["month"])
        if last > self._settings.last_day:
            raise Refused("unfinished", given["month"])
        return first.isoformat(), last.isoformat()

    def _day(self, text):
        day, reason = self._days[text]
        if reason:
            raise Refused(reason, text)
        return day

    def _numbers(self, cells, raw, texts):
        """Return the numbers of a row as exact text, the baseline only where it is given; note the unit beside them."""
        numbers = {}
        for field in NUMBER_FIELDS:
            text = self._text(raw, field)
            if not text:
                if field == "value":
                    raise Refused("no_value", "")
                continue
            cell = cells[self._columns[field]]
            number, signs = (
                read_amount(text, self._settings.decimal) if isinstance(cell, str) else (number_text(cell), ())
            )
            if number is None or len(signs) > 1:
                raise Refused(field, text)
            for sign in signs:
                # "12 %" tells the unit of a row that has none of its own.
                texts["unit"] = texts["unit"] or sign
                if folded(texts["unit"]).replace(" ", "") != sign:
                    raise Refused("unit_beside", text)
            numbers[field] = number
        return numbers
