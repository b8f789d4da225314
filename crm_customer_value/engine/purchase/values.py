"""What the rows of a file of purchases mean: who bought what, when and for how much."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..source_file.amounts import MAX_DIGITS, named_currencies, number_text, read_amount
from ..source_file.columns import CUSTOMER_FIELDS
from ..source_file.customers import split_customer
from ..source_file.dates import parse_days
from ..source_file.rows import Refused, RowReader

TEXT_FIELDS = (*CUSTOMER_FIELDS, "country", "currency", "reference", "product", "product_name")
# In the order in which they are judged.
NUMBER_FIELDS = ("amount", "quantity", "price", "margin", "cost")
# Of the texts by which rows and customers are found again: an index takes no longer ones.
MAX_LENGTH = 500


class Settings(NamedTuple):
    """How to understand the cells of one file."""

    columns: dict  # field: position of its column
    date_order: str  # 'ymd', 'dmy' or 'mdy'; years of four digits that come first are always understood
    decimal: str  # '.' or ','
    signs: dict  # what stands for currencies: see amounts.currency_signs
    currencies: dict  # code in capitals: id
    currency: str  # of rows that name none
    last_day: date
    language: str = ""  # code of the language that is likely


class PurchaseReader(RowReader):
    """Reads rows of purchases; see ``RowReader``."""

    def __init__(self, settings, rows):
        super().__init__(settings, rows)
        # Whether rows tell their amount by quantity and price.
        self._has_pieces = {"quantity", "price"} <= set(settings.columns)
        self._days = parse_days(
            (self._text(row, "date") for row in rows), settings.date_order, settings.last_day, settings.language
        )
        self._amounts = {}
        self._codes = {}

    def row(self, cells, raw, overlong):
        texts = {field: self._text(raw, field) for field in TEXT_FIELDS}
        email, name = split_customer(texts["email"], texts["name"])
        day, reason = self._days[self._text(raw, "date")]
        detail = self._text(raw, "date") if reason else ""
        code = self._code(texts["currency"])
        numbers = {}
        if not reason:
            try:
                if code not in self._settings.currencies:
                    raise Refused("currency", texts["currency"])
                numbers = self._numbers(cells, raw, code)
                self._judge(texts, numbers)
            except Refused as refusal:
                reason, detail = refusal.args
        if overlong:
            reason, detail = "overlong", str(overlong)
        if reason and reason != "zero":
            numbers = {}
        return (
            texts["ref"], email, texts["vat"], name,
            day or "", numbers.get("amount", ""), numbers.get("margin", ""), numbers.get("cost", ""),
            self._settings.currencies.get(code, ""), code,
            texts["reference"], reason or "", detail,
            texts["product"], texts["product_name"],
            numbers.get("quantity", ""), numbers.get("price", ""), texts["country"],
        )

    def _code(self, text):
        """Return the code of a currency, from its code, name or symbol."""
        if not text:
            return self._settings.currency
        if text not in self._codes:
            code = text.upper()
            if code not in self._settings.currencies:
                named = named_currencies(text, self._settings.signs) or ()
                if self._settings.currency in named:
                    code = self._settings.currency
                elif len(named) == 1:
                    [code] = named
            self._codes[text] = code
        return self._codes[text]

    def _numbers(self, cells, raw, code):
        """Return the numbers of a row as exact text; without those that are not given."""
        given = [field for field in NUMBER_FIELDS if self._text(raw, field)]
        if "amount" not in given:
            if not self._has_pieces or ("amount" in self._columns and not {"quantity", "price"} & set(given)):
                raise Refused("no_amount", "")
            for field in ("quantity", "price"):
                if field not in given:
                    raise Refused(f"no_{field}", "")
        numbers = {}
        for field in given:
            number, signs = self._number(cells[self._columns[field]], self._text(raw, field))
            if number is None or (signs and field == "quantity") or not all(map(self._settings.signs.get, signs)):
                raise Refused(field, self._text(raw, field))
            if not all(code in self._settings.signs[sign] for sign in signs):
                raise Refused("other_currency", self._text(raw, field))
            numbers[field] = number
        if "amount" not in numbers:
            numbers["amount"] = _product(numbers["quantity"], numbers["price"])
        return numbers

    def _number(self, cell, text):
        """Return (exact text or None, signs of currencies) of a cell."""
        if not isinstance(cell, str):
            return number_text(cell), ()
        if text not in self._amounts:
            self._amounts[text] = read_amount(text, self._settings.decimal)
        return self._amounts[text]

    def _judge(self, texts, numbers):
        """Raise if a row with all its numbers is no purchase."""
        for field in (*CUSTOMER_FIELDS, "country", "reference", "product"):
            if len(texts[field]) > MAX_LENGTH:
                raise Refused("long", texts[field][:40])
        quantity, amount = Decimal(numbers.get("quantity", "0")), Decimal(numbers["amount"])
        if quantity < 0 < amount:
            raise Refused("sign", numbers["quantity"])
        if not amount:
            raise Refused("zero", numbers["amount"])


def _product(quantity, price):
    """Return quantity times price, exact."""
    product = Decimal(quantity) * Decimal(price)
    if abs(product) >= 10**MAX_DIGITS:
        raise Refused("amount", f"{quantity} × {price}")
    return f"{product:f}"
