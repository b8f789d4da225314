"""In which code page a file is written that is not Unicode, told by its words.

Every byte means something in every code page of one byte a character, so that only the words
tell: read wrongly they hold signs between letters, mix alphabets, or use letters that no one
language has. Where two readings are equally good, the answer says so, and somebody who knows
the names has to look.
"""

import re
from itertools import pairwise
from typing import NamedTuple

# Letters beyond ASCII; and for other alphabets the ten letters that make up most of a text.
LATIN = {
    "fr": "àâæçéèêëîïôœùûüÿ",
    "de": "äöüßé",
    "es": "áéíñóúü",
    "pt": "áâãàçéêíóôõúü",
    "it": "àèéìòù",
    "nl": "ëïéèöüê",
    "sv": "åäöé",
    "da": "æøåéö",
    "fi": "äöå",
    "ca": "àçèéíïòóúü",
    "is": "áðéíóúýþæö",
    "et": "äõöüšž",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîșțşţ",
    "hr": "čćđšž",
    "sl": "čšž",
    "tr": "çğıöşüâî",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
}
RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
OTHER = {
    "ru": (RUSSIAN + "ё", "оеаинтсрвл"),
    "uk": ("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "оанівреткл"),
    "bg": ("абвгдежзийклмнопрстуфхцчшщъьюя", "аоиентрвсл"),
    "sr": ("абвгдђежзијклљмнњопрстћуфхцчџш", "аоиенрсјтв"),
    "el": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ", "αοιεςντσρό"),
    "he": ("אבגדהוזחטיךכלםמןנסעףפץצקרשת", "יוהלאמרתבש"),
    "th": ("".join(map(chr, range(0x0E01, 0x0E5C))), "านรกอเงมยล"),
    "ar": ("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةىپچژگ", "المينوردعب"),
}
WEST = ("fr", "de", "es", "pt", "it", "nl", "sv", "da", "fi", "ca", "is", "et")
EAST = ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "de")
CYRILLIC = ("ru", "uk", "bg", "sr")
# Most common first: of two readings that are as good as each other the first is proposed.
CODE_PAGES = {
    "cp1252": WEST,
    "cp1251": CYRILLIC,
    "cp1250": EAST,
    "cp932": ("ja",),
    "gb18030": ("zh",),
    "cp949": ("ko",),
    "big5": ("zh",),
    "cp1254": ("tr",),
    "cp1253": ("el",),
    "cp1257": ("lt", "lv", "et"),
    "cp1255": ("he",),
    "cp1256": ("ar",),
    "cp874": ("th",),
    "iso-8859-2": EAST,
    "koi8-r": CYRILLIC,
    "koi8-u": CYRILLIC,
    "cp866": CYRILLIC,
    "iso-8859-5": CYRILLIC,
    "cp850": WEST,
    "cp852": EAST,
    "cp437": WEST,
    "mac_roman": WEST,
    "euc_jp": ("ja",),
}
# Languages whose letters other languages' words look like when they are read wrongly.
SELDOM = {"is": 0.9, "et": 0.95, "ca": 0.95}
# Rows of the national standards that hold the characters of everyday use.
EVERYDAY = {
    "cp949": ("euc_kr", 0xB0, 0xC8),
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "cp932": ("cp932", 0x82, 0x98),
    "euc_jp": ("cp932", 0x82, 0x98),
}
# A reading is clearly better than another if that many words more speak for it: one word that
# no single language has, and one of a hundred.
FEWEST_WORDS = 0.35
SMALLEST_SHARE = 0.01
WORDS = 500
# ASCII that is no letter ends a word.
BETWEEN_WORDS = re.compile(r"[\x00-@\[-`{-\x7f]+")
# Signs that stand at the beginning or end of words. Inside a word they are a letter read wrongly.
AROUND_WORDS = "\u00a0«»“”„‘’‚–—…€、。「」（）・"


class Finding(NamedTuple):
    """How a file may be read."""

    encodings: list  # those that can read it, the best first
    is_clear: bool  # whether the words say it


def find_code_page(sample, language=""):
    """Return as a ``Finding`` in which code page ``sample``, some lines of a file, is written.

    :param str language: code of the language that is likely, to choose among equals
    """
    readings = []
    for place, (encoding, languages) in enumerate(CODE_PAGES.items()):
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        words = _foreign_words(text)
        score, spoken = _score(words, encoding, languages)
        likely = spoken == language and score > 0
        readings.append((score + SMALLEST_SHARE * likely, -place, encoding, words, score))
    readings.sort(reverse=True)
    if not readings:
        return Finding([], False)
    _sorted, _place, _encoding, words, score = readings[0]
    better = score - max((other[4] for other in readings[1:] if other[3] != words), default=0)
    is_clear = not words or (score > 0.5 and better >= max(SMALLEST_SHARE, FEWEST_WORDS / len(words)))
    return Finding([reading[2] for reading in readings], is_clear)


def _foreign_words(text):
    """Return some of the different words that are not plain ASCII, in the order of the text."""
    words = {}
    for word in BETWEEN_WORDS.split(text):
        word = word.strip(AROUND_WORDS)
        if not word.isascii():
            words[word] = None
            if len(words) == WORDS:
                break
    return list(words)


def _score(words, encoding, languages):
    """Return (how well the words fit the languages: 0 to 1, the language that fits best).

    One language for the whole file is better than several.
    """
    if not words:
        return 0, ""
    fits = {language: [_fit(word, encoding, language) for word in words] for language in languages}
    best = max(fits, key=lambda language: sum(fits[language]) * SELDOM.get(language, 1))
    score = 0
    for position, own in enumerate(fits[best]):
        score += own * SELDOM.get(best, 1) or 0.6 * max(column[position] for column in fits.values())
    return score / len(words), best


def _fit(word, encoding, language):
    """Return how well a word fits a language, from 0 to 1."""
    if language in LATIN:
        return float(_is_cased_well(word) and _is_latin_word(word, LATIN[language]))
    if language in OTHER:
        letters, common = OTHER[language]
        lower = word.lower()
        if not set(lower) <= set(letters) or not _is_cased_well(word):
            return 0
        share = sum(letter in common for letter in lower) / len(lower)
        return 0.6 + 0.4 * min(1, share / 0.6)
    return _fit_of_the_far_east(word, encoding)


def _is_latin_word(word, letters):
    foreign = [letter for letter in word.lower() if not letter.isascii()]
    # "İ" in small letters is an "i" with a dot of its own.
    return set(foreign) <= {*letters, "\u0307"} and not (len(word) > 4 and len(foreign) > 0.7 * len(word))


def _is_cased_well(word):
    """Return whether no letter beyond ASCII is a capital after a small letter."""
    return not any(
        before.islower() and letter.isupper() and not letter.isascii()
        for before, letter in pairwise(word)
    )


def _fit_of_the_far_east(word, encoding):
    """Return the share of everyday characters; nothing for words with half a character."""
    foreign = [letter for letter in word if not letter.isascii()]
    standard, first, last = EVERYDAY[encoding]
    everyday = 0
    for letter in foreign:
        code = letter.encode(standard, "ignore")
        everyday += len(code) == 2 and first <= code[0] <= last
    # A single one among Latin letters is an accented letter that was read with its neighbour.
    if everyday < 2 and len(foreign) < len(word):
        return 0
    # Fewer rows hold the syllables of Korean than the characters of the others: they tell more.
    return (1 if encoding == "cp949" else 0.9) * everyday / len(foreign)
