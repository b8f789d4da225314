"""How amounts are written: marks, blanks, minus signs and currencies before and after the number."""

import re
from collections import Counter
from typing import NamedTuple

from .source_file import text_of
from .writing import plain

MARKS = (".", ",")
# More digits than this do not fit any currency and are another column's numbers.
MAX_DIGITS = 15
MAX_DECIMALS = 30
LONGEST = 80
# "250,-", "250:-", "250/-" and "250 kr.-" have no cents.
NO_CENTS = re.compile(r"([.,])\s?(?:--?|=)|:--?|/-")
NO_CENTS_AT_THE_END = re.compile(r"(?<=[.,])--?$")
SIGNS = re.compile(r"[-+()]")
DIGITS = re.compile(r"\d(?:[\d.,٫٬' ]*\d)?")
# What most amounts look like: nothing has to be understood.
PLAIN = {
    mark: re.compile(rf"-?\d{{1,{MAX_DIGITS}}}(?:[{mark}]\d{{1,{MAX_DECIMALS}}})?", re.ASCII) for mark in MARKS
}
BLANKS = re.compile(r"[\s']+")
BLANKS_AND_POINTS = re.compile(r"[\s.]+")
# What people write beside Odoo's own symbols and names, by currency.
MORE_SIGNS = {
    "AUD": ("A$", "AU$"),
    "BRL": ("R$",),
    "CAD": ("C$", "CA$", "Can$"),
    "CHF": ("Fr", "SFr"),
    "CNY": ("RMB", "元", "CN¥"),
    "CZK": ("Kc",),
    "DKK": ("kr", "dkr"),
    "EUR": ("€", "Euro"),
    "GBP": ("£", "GB£", "UK£"),
    "HKD": ("HK$",),
    "HUF": ("Ft",),
    "ILS": ("NIS", "₪"),
    "INR": ("Rs", "₹"),
    "ISK": ("kr", "ikr"),
    "JPY": ("円", "JP¥"),
    "KRW": ("원", "₩"),
    "LKR": ("Rs",),
    "MXN": ("MX$", "Mex$"),
    "NOK": ("kr", "nkr"),
    "NPR": ("Rs",),
    "NZD": ("NZ$",),
    "PKR": ("Rs",),
    "PLN": ("zl", "zł"),
    "RON": ("lei", "leu"),
    "RUB": ("₽", "руб", "р"),
    "SEK": ("kr", "skr"),
    "SGD": ("S$", "SG$"),
    "TRY": ("TL", "₺"),
    "TWD": ("NT$",),
    "UAH": ("₴", "грн"),
    "USD": ("$", "US$", "Dollar", "Dollars"),
    "ZAR": ("R",),
}


class Written(NamedTuple):
    """The parts of an amount as it is written."""

    number: str  # digits, marks, blanks and apostrophes
    is_negative: bool
    signs: tuple  # what stands beside the number: names and symbols of currencies


def currency_signs(currencies):
    """Return {name or symbol: codes of the currencies that use it}, both without case, dots and blanks.

    :param currencies: iterable of (code, [names and symbols])
    """
    signs = {}
    for code, names in currencies:
        for name in (code, *names, *MORE_SIGNS.get(code, ())):
            if folded := _folded(name or ""):
                signs.setdefault(folded, set()).add(code)
    return {sign: frozenset(codes) for sign, codes in signs.items()}


def named_currencies(text, signs):
    """Return the codes of the currencies that ``text`` may name, or None if it is no name of one."""
    return signs.get(_folded(plain(text)))


def read_amount(text, decimal):
    """Return (exact decimal text or None, names of currencies beside it) of an amount.

    Thousands may be set apart by the other mark, blanks or apostrophes; a minus sign may stand
    before or after, and parentheses mean minus.
    """
    if PLAIN[decimal].fullmatch(text):
        return text.replace(decimal, "."), ()
    written = _taken_apart(text)
    if not written:
        return None, ()
    # Arabic has marks of its own.
    group = "," if decimal == "." else "."
    number = written.number.replace("٫", decimal).replace("٬", group)
    body = BLANKS.sub(" ", number)
    if body[-1] in MARKS and not re.search(r"[., ]", body[:-1]):
        # Nothing comes after the mark, and no other one before it: either mark is meant.
        body = body[:-1]
    if not _SHAPES[decimal].fullmatch(body):
        return None, written.signs
    whole, _mark, cents = body.replace(" ", "").replace(group, "").partition(decimal)
    if len(whole) > MAX_DIGITS or len(cents) > MAX_DECIMALS:
        return None, written.signs
    return ("-" if written.is_negative else "") + (whole or "0") + (f".{cents}" if cents else ""), written.signs


def number_text(number):
    """Return a number of a sheet as decimal text, without the dust of binary fractions; None if it is no amount."""
    if number != number or abs(number) >= 10**MAX_DIGITS:
        return None
    text = f"{number:.8f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class AmountNotation:
    """Collects evidence of which decimal mark the amounts of a file have, until it is clear.

    ``votes`` counts cells that can mean only one thing; ``unclear`` those that can mean two.
    """

    def __init__(self, default):
        self.votes = dict.fromkeys(MARKS, 0)
        self.default = default
        self.unclear = 0

    @property
    def is_open(self):
        """Whether there are cells with two meanings, and none yet that tells which."""
        return bool(self.unclear) and not any(self.votes.values())

    def decide(self):
        """Return the mark with the most evidence, the default without any."""
        best = max(self.votes, key=self.votes.get)
        return best if self.votes[best] > self.votes[self.default] else self.default

    def watch(self, values):
        """Add the evidence of cells; numbers of a sheet have no mark."""
        for text, times in Counter(text_of(value) for value in values if isinstance(value, str)).items():
            written = _taken_apart(text)
            marks = re.findall(r"[.,]", written.number) if written else ()
            if not marks:
                continue
            last = marks[-1]
            other = "," if last == "." else "."
            if len(set(marks)) == 2:
                self.votes[last] += times
            elif len(marks) > 1:
                self.votes[other] += times
            elif len(written.number) - written.number.index(last) - 1 == 3:
                self.unclear += times
            else:
                self.votes[last] += times


def _shape(decimal):
    """Return the pattern of a number: the other mark sets thousands apart (or lakhs: 12,34,567)."""
    mark, group = (re.escape(sign) for sign in (decimal, "," if decimal == "." else "."))
    # The last group has three digits.
    return re.compile(
        rf"(?:\d+|\d{{1,3}}(?: \d{{3}})+|\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}})(?:{mark}\d*)?|{mark}\d+"
    )


_SHAPES = {decimal: _shape(decimal) for decimal in MARKS}


def _taken_apart(text):
    """Return the parts of an amount, or None if it has no number or no clear sign."""
    text = plain(text)
    if len(text) > LONGEST:
        return None
    number = DIGITS.search(text)
    if not number:
        return None
    before, body, after = text[:number.start()], number[0], text[number.end():]
    if before[-1:] in MARKS and not before[-2:-1].isalpha():
        # ".50": with a letter before it, the point belongs to the word, as in "Rs.50".
        before, body = before[:-1], before[-1:] + body
    if DIGITS.search(after):
        return None
    if no_cents := NO_CENTS.match(after):
        after, body = after[no_cents.end():], body + (no_cents[1] or "")
    elif after[:1] in MARKS:
        after, body = after[1:], body + after[0]
    after = NO_CENTS_AT_THE_END.sub("", after)
    minus = "".join(SIGNS.findall(before)) + "|" + "".join(SIGNS.findall(after))
    if minus not in ("|", "+|", "-|", "|-", "(|)"):
        return None
    signs = tuple(filter(None, (_folded(SIGNS.sub("", part)) for part in (before, after))))
    return Written(body, minus not in ("|", "+|"), signs)


def _folded(sign):
    return BLANKS_AND_POINTS.sub("", sign).casefold()
