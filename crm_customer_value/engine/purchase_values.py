"""What the cells of a file of purchases mean: dates, amounts, customers, products."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from .purchase_columns import CUSTOMER_FIELDS
from .purchase_customers import split_customer
from .purchase_file import text_of

TEXT_FIELDS = (*CUSTOMER_FIELDS, "country", "currency", "reference", "product", "product_name")

TIME = r"(?:[T ,]+\d{1,2}[:.]\d{2}.*)?"
YEAR_FIRST = rf"^(\d{{4}})([-/. ]?)(\d{{1,2}})\2(\d{{1,2}}){TIME}$"
YEAR_LAST = rf"^(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){TIME}$"
FIRST_YEAR = 1900
SPACES = re.compile(r"[\s\u00a0\u202f\u2009'\u2019]+")
# More digits than this do not fit any currency and are another column's numbers.
MAX_DIGITS = 15


class Settings(NamedTuple):
    """How to understand the cells of one file."""

    columns: dict  # field: position of its column
    date_order: str  # 'ymd', 'dmy' or 'mdy'; years that come first are always understood
    decimal: str  # '.' or ','
    symbols: frozenset  # signs that may stand beside an amount
    currencies: dict  # code in capitals: id
    currency: str  # of rows that name none
    last_day: date


# ---- how dates and amounts are written -----------------------------------------------------


class Notation:
    """Collects evidence of how a column is written until it is clear.

    ``votes`` counts cells that can mean only one thing; ``unclear`` those that can mean two.
    """

    def __init__(self, choices, default):
        self.votes = dict.fromkeys(choices, 0)
        self.default = default
        self.unclear = 0

    @property
    def is_open(self):
        """Whether there are cells with two meanings, and none yet that tells which."""
        return bool(self.unclear) and not any(self.votes.values())

    def decide(self):
        """Return the choice with the most evidence, the default without any."""
        best = max(self.votes, key=self.votes.get)
        return best if self.votes[best] > self.votes.get(self.default, 0) else self.default


def watch_dates(notation, values):
    """Add the evidence of date cells to ``notation`` (choices 'dmy', 'mdy')."""
    parts = _texts(values).str.extract(YEAR_LAST)
    first = pd.to_numeric(parts[0])
    second = pd.to_numeric(parts[2])
    notation.votes["dmy"] += int(((first > 12) & (second <= 12)).sum())
    notation.votes["mdy"] += int(((second > 12) & (first <= 12)).sum())
    notation.unclear += int(((first <= 12) & (second <= 12) & (first != second)).sum())


def watch_amounts(notation, values):
    """Add the evidence of amount cells to ``notation`` (choices '.', ',')."""
    texts = _texts(values[_are_texts(values)])
    last = texts.str.extract(r"([.,])(\d*)\D*$")
    marks = last[0]
    dots, commas = texts.str.count(r"\."), texts.str.count(",")
    both = (dots > 0) & (commas > 0)
    once = (dots + commas) == 1
    clear = both | (once & (last[1].str.len() != 3))
    for mark, other in ((".", ","), (",", ".")):
        grouped = ~both & (texts.str.count(re.escape(other)) > 1)
        notation.votes[mark] += int(((clear & (marks == mark)) | grouped).sum())
    notation.unclear += int((once & (last[1].str.len() == 3)).sum())


# ---- cells to values -----------------------------------------------------------------------


def parse_days(values, order, last_day):
    """Return (days, reasons): ISO dates as text, and why a cell is none, as two series.

    A day is taken as it is written: a time or a time zone after it does not move it.
    """
    texts = _texts(values)
    parts = texts.str.extract(YEAR_FIRST)
    year, month, day = (pd.to_numeric(parts[position]) for position in (0, 2, 3))
    # Eight digits in a row need two for the month and two for the day.
    packed = (parts[1] == "") & (texts.str.extract(r"^(\d+)")[0].str.len() != 8)
    year = year.mask(packed)
    if order != "ymd":
        other = texts.str.extract(YEAR_LAST)
        first, second = pd.to_numeric(other[0]), pd.to_numeric(other[2])
        last = pd.to_numeric(other[3])
        last = last.mask(other[3].str.len() == 2, last + 1900 + 100 * (last < 70))
        year = year.fillna(last)
        month = month.where(other[0].isna(), second if order == "dmy" else first)
        day = day.where(other[0].isna(), first if order == "dmy" else second)
    days = pd.to_datetime(
        pd.DataFrame({"year": year.where(year >= FIRST_YEAR), "month": month, "day": day}), errors="coerce"
    )
    reasons = pd.Series(None, index=values.index, dtype=object)
    reasons[days.isna()] = "date"
    reasons[texts == ""] = "no_date"
    reasons[days > pd.Timestamp(last_day)] = "future"
    return days.dt.strftime("%Y-%m-%d").astype(object).where(reasons.isna(), None), reasons


def parse_amounts(values, decimal, symbols=frozenset()):
    """Return the amounts as exact decimal text (None where a cell holds none).

    Thousands may be set apart by the other mark, blanks or apostrophes; a minus sign may stand
    before or after, and parentheses mean minus.
    """
    group = "," if decimal == "." else "."
    texts = _texts(values)
    for symbol in symbols:
        texts = texts.str.replace(symbol, "", regex=False)
    texts = texts.str.replace("\u2212", "-", regex=False).str.strip()
    negative = texts.str.fullmatch(r"\(.*\)|-.*|.*-")
    body = texts.str.replace(r"^\((.*)\)$|^[-+]\s*(.*)$|^(.*)-$", _first_group, regex=True).str.strip()
    body = body.str.replace(SPACES, " ", regex=True)
    digits, mark = re.escape(group), re.escape(decimal)
    # The other mark sets thousands apart (or lakhs: 12,34,567); the last group has three digits.
    shape = (
        rf"(?:\d+|\d{{1,3}}(?: \d{{3}})+|\d{{1,3}}(?:{digits}\d{{2,3}})*{digits}\d{{3}})(?:{mark}\d*)?"
        rf"|{mark}\d+"
    )
    good = body.str.fullmatch(shape)
    body = body.str.replace(rf"[ {group}]", "", regex=True).str.replace(decimal, ".", regex=False)
    body = body.str.rstrip(".")
    good &= body.str.replace(r"\..*", "", regex=True).str.len() <= MAX_DIGITS
    amounts = body.mask(negative, "-" + body).where(good, None)
    numbers = values[~_are_texts(values)]
    if len(numbers):
        amounts[numbers.index] = numbers.map(_number_text)
    return amounts


def parse_chunk(chunk, settings):
    """Return the rows of a chunk for the staging table, as tuples in its column order."""
    frame, columns = chunk.frame, settings.columns
    blank = pd.Series("", index=frame.index, dtype=object)

    def column(field):
        return frame[columns[field]] if field in columns else blank

    texts = {field: _texts(column(field)) for field in TEXT_FIELDS}
    customers = [split_customer(*cells) for cells in zip(texts["email"], texts["name"], strict=True)]
    codes = texts["currency"].str.upper().replace("", settings.currency)
    days, reasons = parse_days(column("date"), settings.date_order, settings.last_day)
    details = _texts(column("date")).where(reasons.notna(), None)

    def object_to(rows, reason, field):
        rows &= reasons.isna()
        reasons[rows] = reason
        details[rows] = _texts(column(field))[rows]

    numbers, given = {}, {}
    for field in ("amount", "quantity", "price", "margin", "cost"):
        given[field] = _texts(column(field)) != ""
        numbers[field] = blank.where(blank != "", None)
        if field in columns:
            numbers[field] = parse_amounts(column(field), settings.decimal, settings.symbols).where(given[field], None)
    pieces = ~given["amount"] & given["quantity"] & given["price"]
    if not {"quantity", "price"} <= set(columns):
        object_to(~given["amount"], "no_amount", "amount")
    elif "amount" not in columns:
        object_to(~given["quantity"], "no_quantity", "quantity")
        object_to(~given["price"], "no_price", "price")
    else:
        object_to(~given["amount"] & ~pieces, "no_amount", "amount")
    for field in ("amount", "quantity", "price"):
        object_to(given[field] & numbers[field].isna(), field, field)
    amounts = numbers["amount"].where(~pieces, _products(numbers["quantity"], numbers["price"], pieces))
    object_to(amounts.isna(), "amount", "amount")
    object_to(~codes.isin(settings.currencies), "currency", "currency")
    # A cost fills a column of its own in the table: it is subtracted from the amount there.
    for field in ("margin", "cost"):
        object_to(given[field] & numbers[field].isna(), field, field)
    for number, cells in chunk.overlong.items():
        reasons[number], details[number] = "overlong", str(cells)
    object_to(amounts.str.fullmatch(r"-?[0.]*").fillna(False).astype(bool), "zero", "amount")
    raws = [json.dumps([text_of(cell) for cell in row]) for row in frame.itertuples(index=False)]
    return zip(
        frame.index, raws,
        texts["ref"], [email for email, _name in customers], texts["vat"], [name for _email, name in customers],
        _blanks(days), _blanks(amounts), _blanks(numbers["margin"]), _blanks(numbers["cost"]),
        codes.map(lambda code: settings.currencies.get(code, "")), codes,
        texts["reference"], _blanks(reasons), _blanks(details),
        texts["product"], texts["product_name"],
        _blanks(numbers["quantity"]), _blanks(numbers["price"]), texts["country"],
        strict=True,
    )


def _products(quantities, prices, rows):
    """Return quantity times price of the chosen ``rows``, exact, as decimal text."""
    return pd.Series(
        [
            f"{Decimal(quantity) * Decimal(price):f}" if chosen and quantity and price else None
            for quantity, price, chosen in zip(quantities, prices, rows, strict=True)
        ],
        index=rows.index,
        dtype=object,
    )


def _blanks(values):
    """Return the values with empty text where there is none, as COPY wants it."""
    return values.astype(object).where(values.notna(), "")


def _texts(values):
    return values.map(text_of)


def _are_texts(values):
    return values.map(lambda cell: isinstance(cell, str)).astype(bool)


def _first_group(match):
    return next((group for group in match.groups() if group is not None), "")


def _number_text(number):
    """Return a number of a sheet as decimal text, without the dust of binary fractions."""
    if number != number or abs(number) >= 10**MAX_DIGITS:
        return None
    return f"{number:.8f}".rstrip("0").rstrip(".")
