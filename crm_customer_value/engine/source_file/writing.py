"""How people of all languages write digits, signs and blanks, brought to one way of writing."""

import unicodedata

# Signs that look like a minus, a blank or an apostrophe.
SAME = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"),
    **dict.fromkeys("\u02bc\u2018\u2019\u201b\u00b4`\u2032", "'"),
}


def plain(text):
    """Return ``text`` with ASCII digits, minus signs, apostrophes and blanks, and without invisible marks.

    Wide letters and signs, as East Asian keyboards write them, become usual ones.
    """
    if text.isascii():
        return text
    return "".join(map(_plain_character, text)).strip()


def _plain_character(character):
    if character.isascii():
        return character
    if character in SAME:
        return SAME[character]
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Cf":
        return ""
    kind, _space, code = unicodedata.decomposition(character).partition(" ")
    return SAME.get(chr(int(code, 16)), chr(int(code, 16))) if kind in ("<wide>", "<narrow>") else character
