"""What the rows of a file of measurements mean: of whom what was measured, when, and the value."""

import json
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from ..source_file.amounts import number_text, read_amount
from ..source_file.columns import CUSTOMER_FIELDS
from ..source_file.customers import split_customer
from ..source_file.dates import parse_days, read_month
from ..source_file.source_file import text_of

TEXT_FIELDS = (*CUSTOMER_FIELDS, "country", "metric", "unit", "product", "note")
NUMBER_FIELDS = ("value", "baseline")
DATE_FIELDS = ("month", "date_from", "date_to")
# Of the table of rows, in the order of ``parse_chunk``.
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


class _Refused(Exception):
    """A row that is no measurement: reason, and what is to blame."""


def folded(text):
    """Return a text in the form in which names and units are compared."""
    return " ".join(text.casefold().split())


def parse_chunk(chunk, settings):
    """Yield the rows of a chunk for the staging table, as tuples in the order of ``COLUMNS``."""
    texts = [[text_of(cell) for cell in cells] for _number, cells in chunk.rows]
    reader = _RowReader(settings, texts)
    for (number, cells), raw in zip(chunk.rows, texts, strict=True):
        yield (number, json.dumps(raw), *reader.row(cells, raw, chunk.overlong.get(number)))


class _RowReader:
    """Reads the rows of one chunk; what it has understood once it does not read again."""

    def __init__(self, settings, rows):
        self._settings = settings
        self._columns = settings.columns
        self._days = parse_days(
            {self._text(row, field) for row in rows for field in ("date_from", "date_to")},
            settings.date_order, settings.last_day, settings.language,
        )
        self._months = {
            text: read_month(text, settings.date_order, settings.language)
            for text in {self._text(row, "month") for row in rows} if text
        }

    def row(self, cells, raw, overlong):
        """Return the columns of a row of the staging table, from ``ref`` on."""
        texts = {field: self._text(raw, field) for field in TEXT_FIELDS}
        email, name = split_customer(texts["email"], texts["name"])
        start = end = ""
        numbers, reason, detail = {}, "", ""
        try:
            if overlong:
                raise _Refused("overlong", str(overlong))
            for field in TEXT_FIELDS:
                if field != "note" and len(texts[field]) > MAX_LENGTH:
                    raise _Refused("long", texts[field][:40])
            if not texts["metric"]:
                raise _Refused("no_metric", "")
            start, end = self._period(raw)
            numbers = self._numbers(cells, raw, texts)
        except _Refused as refusal:
            reason, detail = refusal.args
        return (
            texts["ref"], email, texts["vat"], name, texts["country"], texts["metric"], texts["unit"],
            texts["product"], "", texts["note"], start, end, numbers.get("value", ""), numbers.get("baseline", ""),
            reason, detail,
        )

    def _text(self, raw, field):
        return raw[self._columns[field]] if field in self._columns else ""

    def _period(self, raw):
        """Return (first day, last day) of a row as ISO texts."""
        given = {field: text for field in DATE_FIELDS if (text := self._text(raw, field))}
        if {"date_from", "date_to"} <= given.keys():
            start, end = self._day(given["date_from"]), self._day(given["date_to"])
            if end < start:
                raise _Refused("reversed", f"{given['date_from']} – {given['date_to']}")
            if date.fromisoformat(end) >= date.fromisoformat(start) + relativedelta(years=self._settings.longest_years):
                raise _Refused("too_long", f"{given['date_from']} – {given['date_to']}")
            return start, end
        if "month" not in given:
            raise _Refused("no_date", "")
        first = self._months[given["month"]]
        if not first:
            raise _Refused("month", given["month"])
        last = first.replace(day=monthrange(first.year, first.month)[1])
        if first > self._settings.last_day:
            raise _Refused("future", given["month"])
        if last > self._settings.last_day:
            raise _Refused("unfinished", given["month"])
        return first.isoformat(), last.isoformat()

    def _day(self, text):
        day, reason = self._days[text]
        if reason:
            raise _Refused(reason, text)
        return day

    def _numbers(self, cells, raw, texts):
        """Return the numbers of a row as exact text, the baseline only where it is given; note the unit beside them."""
        numbers = {}
        for field in NUMBER_FIELDS:
            text = self._text(raw, field)
            if not text:
                if field == "value":
                    raise _Refused("no_value", "")
                continue
            cell = cells[self._columns[field]]
            number, signs = (
                read_amount(text, self._settings.decimal) if isinstance(cell, str) else (number_text(cell), ())
            )
            if number is None or len(signs) > 1:
                raise _Refused(field, text)
            for sign in signs:
                # "12 %" tells the unit of a row that has none of its own.
                texts["unit"] = texts["unit"] or sign
                if folded(texts["unit"]).replace(" ", "") != sign:
                    raise _Refused("unit_beside", text)
            numbers[field] = number
        return numbers
