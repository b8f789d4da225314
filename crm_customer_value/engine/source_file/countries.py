"""Which country a text means."""

import functools
import unicodedata

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from babel.languages import get_official_languages

# Codes of tax numbers that are not those of the country.
TAX_CODES = {"EL": "GR", "XI": "GB"}


def find_countries(texts, codes, names, languages):
    """Return {text: code} for the ``texts`` that name a country.

    Understood are codes of two and three letters, the ``names`` given, and what the country is
    called in ``languages``, in English and by those who live there.

    :param codes: the codes there are, in capitals
    :param dict names: {name: code}
    :param languages: codes of languages, such as 'de_DE'
    """
    codes = frozenset(codes)
    given = {_plain(name): code for name, code in names.items()}
    found = {}
    for text in texts:
        plain = _plain(text)
        code = plain.upper()
        if code not in codes:
            code = (
                given.get(plain)
                or _alias(code)
                or _names(("en", *languages)).get(plain)
                or _own_names().get(plain)
            )
        if code in codes:
            found[text] = code
    return found


def _plain(text):
    """Return letters and digits only, without case and accents."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if part.isalnum()).casefold()


def _alias(code):
    """Return the country that a code of three letters (or an old one) stands for."""
    targets = get_global("territory_aliases").get(code) or [TAX_CODES.get(code)]
    return targets[0] if len(targets) == 1 else None


def _territories(language):
    try:
        return Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}


@functools.lru_cache(maxsize=8)
def _names(languages):
    """Return {plain name: code} in these languages."""
    return {
        _plain(name): code
        for language in languages
        for code, name in _territories(language).items()
        if len(code) == 2
    }


@functools.lru_cache(maxsize=1)
def _own_names():
    """Return {plain name: code} in the official languages of each country."""
    names = {}
    for code in _territories("en"):
        if len(code) == 2:
            for language in get_official_languages(code):
                if name := _territories(language).get(code):
                    names.setdefault(_plain(name), code)
    return names
