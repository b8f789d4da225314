"""By what a customer is recognised, in a form in which spelling makes no difference.

The same SQL writes the keys of a file's rows and those of partners, so that the two can be
compared. A text that everybody uses for "nobody" (``N/A``, ``-``, ``0``) is no key.
"""

import functools
import re

from odoo.tools import SQL, email_normalize_all

EMAIL_SEPARATOR = ", "
# An address in a text, with the brackets around it.
ADDRESS = re.compile(r"[<(\[]?[^\s<>()\[\],;]+@[^\s<>()\[\],;]+[>)\]]?")
# "OFFSET 0" below keeps PostgreSQL from computing an inner expression again wherever it is used.
# Zero-width characters, marks of direction and of possible hyphenation, byte order mark.
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\ufeff"
PUNCTUATION = ".,;:!?\"'`´‘’‚‛“”„«»()[]{}<>|/\\_-‐‑‒–—―*·•"
# What people write where they know nothing, without signs and spaces.
NOBODY = [
    "na", "nan", "no", "none", "null", "nil", "empty", "undefined", "unknown", "unspecified", "notavailable",
    "notapplicable", "notgiven", "noname", "tbd", "tba", "dummy", "guest", "guests", "guestcustomer", "guestuser",
    "walkin", "walkincustomer", "cash", "cashcustomer", "cashsale", "cashsales", "anonymous", "anonymouscustomer",
    "unknowncustomer", "anonym", "anonyme", "anonimo", "privatecustomer", "finalconsumer", "unbekannt", "keine",
    "kein", "keiner", "gast", "laufkunde", "barverkauf", "inconnu", "aucun", "aucune", "sans", "invité", "invite",
    "clientinvité", "desconocido", "ninguno", "invitado", "consumidorfinal", "sconosciuto", "nessuno", "ospite",
    "desconhecido", "nenhum", "onbekend", "geen", "nieznany", "brak", "gość", "неизвестно", "нет",
]
# Local parts of addresses that are typed only because a form wants one.
NOBODY_EMAIL = (
    "no[-._]?reply|do[-._]?not[-._]?reply|none|no|na|n[./]a[.]?|null|nobody|unknown|anonymous|guest|dummy|test|"
    "no[-._]?e?[-._]?mail|x+"
)
LEGAL_FORMS = [
    "ltd", "limited", "gmbh", "ag", "kg", "ug", "ohg", "mbh", "co", "inc", "llc", "llp", "lp", "corp", "plc", "sa",
    "sarl", "sas", "bv", "nv", "vof", "srl", "spa", "ab", "as", "aps", "oy", "oyj", "pty", "kft", "doo", "sro", "se",
    "the", "and", "und", "et", "mr", "mrs", "ms", "dr",
]


def split_customer(email, name):
    """Return (e-mail, name) of two cells with each address where it belongs.

    Several addresses in a cell stay together; an address beside or instead of a name moves to
    the e-mail where that is empty.
    """
    addresses = _addresses(email)
    if "@" in name and (beside := _addresses(name)):
        addresses = addresses or beside
        name = ADDRESS.sub(" ", name).strip(" \t,;\"'")
    return EMAIL_SEPARATOR.join(addresses), name


@functools.lru_cache(maxsize=65536)
def _addresses(text):
    """Return the different addresses in a text."""
    return tuple(dict.fromkeys(email_normalize_all(text))) if "@" in text else ()


def _clean(text):
    """SQL: a text without invisible signs, composed letters and wide forms made usual."""
    return SQL(
        "CASE WHEN octet_length(%(text)s) > length(%(text)s) THEN normalize(translate(%(text)s, %(signs)s, ''), NFKC)"
        " ELSE COALESCE(%(text)s, '') END",
        text=text, signs=INVISIBLE,
    )


def _is_nobody(signless):
    """SQL: whether a text in small letters, without signs and blanks, names nobody."""
    return SQL("(%(text)s = ANY(%(nobody)s) OR %(text)s ~ '^(0*|x*)$')", text=signless, nobody=NOBODY)


def ref_sql(text):
    """SQL: a subselect of ref_exact, ref_key (without case and signs) and ref_loose (nor zeros).

    Spreadsheets turn numbers into ``17850.0``, drop zeros at their beginning, set thousands apart
    and mark texts with an apostrophe. Long numbers they shorten (``1.2E+11``) name nobody.
    """
    return SQL(
        """(SELECT btrim(COALESCE(%(text)s, '')) AS ref_exact, ref_key,
                   ltrim(CASE WHEN ref_key ~ '^\\d{1,3}([.,]\\d{3})+$' THEN translate(ref_key, '.,', '')
                              ELSE ref_key END, '0') AS ref_loose
              FROM (
                SELECT CASE WHEN %(is_nobody)s OR written ~ '^\\d([.,]\\d+)?E\\+?\\d+$' THEN ''
                            ELSE written END AS ref_key
                  FROM (
                    SELECT written, translate(lower(written), %(signs)s, '') AS signless
                      FROM (
                        SELECT regexp_replace(upper(translate(%(clean)s, %(marks)s, '')), '^(\\d+)[.,]0{1,2}$', '\\1')
                            AS written
                      OFFSET 0) marked
                  OFFSET 0) bare
              OFFSET 0) keyed)""",
        text=text,
        clean=_clean(text),
        marks=" \t\r\n\"'’`=#",
        signs=PUNCTUATION + "#&+=",
        is_nobody=_is_nobody(SQL("signless")),
    )


def vat_sql(text, country):
    """SQL: a subselect of vat_key, vat_number (without the country), vat_loose and vat_country.

    :param country: SQL of the code of the customer's country, of numbers that name none
    """
    return SQL(
        """(SELECT vat_key, vat_number, ltrim(vat_number, '0') AS vat_loose,
                   CASE WHEN prefix = 'EL' THEN 'GR' WHEN prefix = 'XI' THEN 'GB'
                        ELSE COALESCE(prefix, NULLIF(%(country)s, '')) END AS vat_country
              FROM (
                SELECT written AS vat_key, prefix,
                       CASE WHEN written !~ '[1-9]' OR length(number) < 4 THEN ''
                            WHEN number ~ '^(.)\\1{5,}$' OR number ~ '^0?123456789' THEN ''
                            ELSE number END AS vat_number
                  FROM (
                    SELECT written, prefix, CASE WHEN prefix IS NULL THEN written ELSE substr(written, 3) END AS number
                      FROM (
                        SELECT written,
                               CASE WHEN written ~ '^[A-Z]{2}.*\\d.*\\d' AND (
                                             left(written, 2) IN ('EL', 'XI')
                                             OR left(written, 2) IN (SELECT code FROM res_country))
                                    THEN left(written, 2) END AS prefix
                          FROM (
                            SELECT regexp_replace(
                                       regexp_replace(upper(%(clean)s), '[^A-Z0-9]', '', 'g'),
                                       '^(CHE\\d+)(MWST|TVA|IVA)$', '\\1') AS written
                          OFFSET 0) signless
                      OFFSET 0) begun
                  OFFSET 0) divided
              OFFSET 0) numbered)""",
        clean=_clean(text),
        country=country,
    )


def name_sql(text):
    """SQL: a name in small letters, words set apart by one blank; nothing if it names nobody."""
    return SQL(
        """(SELECT CASE WHEN %(is_nobody)s THEN '' ELSE plain END
              FROM (SELECT plain, replace(plain, ' ', '') AS signless
                      FROM (SELECT replace(replace(btrim(regexp_replace(lower(%(clean)s), %(signs)s, ' ', 'g')),
                                                   'ß', 'ss'), 'ς', 'σ') AS plain
                            OFFSET 0) written
                    OFFSET 0) bare)""",
        is_nobody=_is_nobody(SQL("signless")),
        clean=_clean(text),
        signs=rf"[\s{re.escape(PUNCTUATION)}]+",
    )


def words_sql(name_key):
    """SQL: a subselect of two arrays by which two spellings of a name are told from two names.

    ``words`` is how the words begin, without accents; numbers are whole. ``reach`` has their first
    letters too, so that an initial may stand for a word.
    """
    unaccented = SQL(
        "CASE WHEN octet_length(%(key)s) > length(%(key)s)"
        " THEN regexp_replace(normalize(%(key)s, NFKD), '[\u0300-\u036f]', '', 'g') ELSE %(key)s END",
        key=name_key,
    )
    return SQL(
        """(SELECT words, words || ARRAY(SELECT left(word, 1) FROM unnest(words) word) AS reach
              FROM (SELECT ARRAY(
                        SELECT DISTINCT CASE WHEN word ~ '[0-9]' THEN word ELSE left(word, 2) END
                          FROM regexp_split_to_table(%(name)s, ' ') word
                         WHERE word <> '' AND word <> ALL(%(legal_forms)s)) AS words
                    OFFSET 0) begun
            OFFSET 0)""",
        name=unaccented, legal_forms=LEGAL_FORMS,
    )


def email_sql(address):
    """SQL: whether an address can tell a customer."""
    return SQL("(%s <> '' AND %s !~ %s)", address, address, f"^({NOBODY_EMAIL})@")


def alike_sql(one, other):
    """SQL: whether two names can be one, spelled in two ways; each is a row with ``words_sql``."""
    return SQL("(%(one)s.words <@ %(other)s.reach OR %(other)s.words <@ %(one)s.reach)", one=one, other=other)
