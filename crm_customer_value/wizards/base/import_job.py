"""One import of a file, from its bytes to the result; used by the wizards and without them."""

import csv
import io
import json
import tempfile
from dataclasses import dataclass, field

from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import clean_context

from ...engine.source_file import matching, staging
from ...engine.source_file.amounts import AmountNotation
from ...engine.source_file.columns import CUSTOMER_FIELDS
from ...engine.source_file.countries import find_countries
from ...engine.source_file.dates import DateNotation
from ...engine.source_file.source_file import UNNAMED, SourceFile, SourceFileError, as_shown, text_of
from . import import_texts

CHUNK = 5000
# Rows that are enough to tell how dates and numbers are written, if they tell it at all.
NOTATION_ROWS = 1000
EXAMPLE_ROWS = 20
# Words that show whether the letters of a file are read rightly, and where they are looked for.
EXAMPLE_WORDS = 6
LETTER_ROWS = 20000
ROW_LIMIT_PARAMETER = "crm_customer_value.import_max_rows"
# More rows than this take longer than a server usually lets a request take.
DEFAULT_ROW_LIMIT = 200000
OPTIONS = {
    "separator": None,  # ',', ';', tab or '|'; detected when empty
    "encoding": None,  # detected when empty
    "sheet": None,  # the first one when empty
    "header_row": None,  # number of the row that names the columns; found when empty
    "decimal": None,  # '.' or ','; detected when empty
    "date_order": None,  # 'ymd', 'dmy' or 'mdy'; detected when empty
    "columns": None,  # {field: header}; by the names of the headers when empty
    "match_order": CUSTOMER_FIELDS,
    "dry_run": False,
}
# What the search for customers and products reads by SQL.
READ_FIELDS = {
    "res.partner": (
        "ref", "email", "email_normalized", "vat", "name", "complete_name", "active", "is_company", "country_id",
        "commercial_partner_id", "company_id",
    ),
    "res.company": ("name",),
    "res.country": ("code", "name"),
    "product.product": ("default_code", "barcode", "active", "product_tmpl_id"),
    "product.template": ("name", "active", "company_id"),
}


@dataclass
class ImportResult:
    """What an import did, or a dry run would do.

    ``rows``, ``imported``, ``known`` and ``errors`` count rows of the file: rows = imported + known + refused.
    """

    rows: int = 0
    imported: int = 0
    known: int = 0  # imported before
    errors: dict = field(default_factory=dict)  # {reason: number of rows}
    first_rows: dict = field(default_factory=dict)  # {reason: numbers of its first rows}
    notes: list = field(default_factory=list)  # what was set aside: see ``matching.notes``
    error_file: bytes = b""  # CSV: the rows that are not imported, and why; empty after a dry run
    batch_id: int = field(default=0, compare=False)  # of the record of this import, if it brought something

    @property
    def refused(self):
        """Number of rows that are neither imported nor known."""
        return sum(self.errors.values())


class ImportJob:
    """Reads one file for one company. Each kind of import says in a class of its own what the rows mean.

    :param source: the content as bytes, or the path of the file
    :param dict options: see ``OPTIONS`` of the class
    :raise UserError: when the file cannot be read, with what to do about it
    """

    OPTIONS = OPTIONS
    READ_FIELDS = READ_FIELDS
    # Columns of the table of rows, {name: type}, and names of tables besides those of ``source_file.staging``.
    ROW_COLUMNS = None
    # The subclass of ``source_file.rows.RowReader`` that reads them.
    ROW_READER = None
    TABLES = ()
    # Fields whose cells are numbers, and whose are dates.
    NUMBER_FIELDS = ()
    DATE_FIELDS = ("date",)
    # Words of this kind of import: see ``import_texts.file_error_text``.
    FILE_ERRORS = None
    RESULT = ImportResult

    def __init__(self, env, company, source, options=None):
        unknown = set(options or ()) - set(self.OPTIONS)
        if unknown:
            raise ValueError(f"unknown options: {', '.join(sorted(unknown))}")
        self.options = {**self.OPTIONS, **(options or {})}
        self.company = company.with_env(env(context=clean_context(env.context))).with_company(company)
        self.env = self.company.env
        self.lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        with self._readable_errors():
            self.file = SourceFile(
                source,
                self._map_columns,
                separator=self.options["separator"],
                encoding=self.options["encoding"],
                sheet=self.options["sheet"],
                header_row=self.options["header_row"],
                language=self.language,
            )
        self.columns = self.options["columns"]
        if self.columns is None:
            self.columns = self._map_columns(self.file.headers)
        self.date_notation = self.amount_notation = None

    # ---- what each kind of import says -------------------------------------------------

    def _map_columns(self, headers):
        """Return {field: header} of the columns whose names say what they hold."""
        raise NotImplementedError

    def _settings(self):
        """Return what the reader of rows has to know, the same for the whole file."""
        raise NotImplementedError

    def _judge(self):
        """Find what the staged rows mean, once their customers are found."""
        raise NotImplementedError

    def _judged_sql(self):
        """Return SQL of every row of the file with its ``verdict``: 'new', 'known', or why it is not imported."""
        raise NotImplementedError

    def _store(self, file_name, now, result):
        """Write what the staged rows make, and note in ``result`` what that is."""
        raise NotImplementedError

    def field_label(self, name):
        """Return what a column can mean."""
        raise NotImplementedError

    def row_text(self, row):
        """Return why a judged row is not imported."""
        raise NotImplementedError

    def lock(self):
        """Let only one import a company write at a time; the lock ends with the transaction."""
        raise NotImplementedError

    # ---- steps -------------------------------------------------------------------------

    def run(self, file_name, now):
        """Import the file, or see what would happen (option ``dry_run``); return the result."""
        with self.env.cr.savepoint():
            self.stage()
            result = self._count()
            if not self.options["dry_run"]:
                result.error_file = self._error_file()
                self._store(file_name, now, result)
            staging.drop_tables(self.env.cr, self.TABLES)
        return result

    def stage(self, limit=None):
        """Read the file (or its first ``limit`` rows) and judge every row of it."""
        cr = self.env.cr
        for model, names in self.READ_FIELDS.items():
            self.env[model].flush_model(names)
        self._check_columns()
        self._settle_notation()
        staging.create_tables(cr, self.ROW_COLUMNS, self.TABLES)
        settings, empty = self._settings(), True
        with self._readable_errors():
            for chunk in self.file.chunks(CHUNK, limit=limit, max_rows=self._row_limit()):
                empty = False
                staging.load(cr, self.ROW_READER.parse(chunk, settings))
            if empty:
                raise SourceFileError("no_rows")
        staging.gather_customers(cr, self._countries(staging.read_countries(cr)))
        matching.find_customers(cr, self._scope(), self._visible("res.partner"))
        self._judge()

    def _visible(self, model):
        """Return SQL of the ids of the records the user may see, archived ones too."""
        return self.env[model].with_context(active_test=False)._search([]).subselect()

    def _countries(self, texts_of_countries):
        """Return {text: code of the country}; texts that are none are left out."""
        if not texts_of_countries:
            return {}
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        self.env.cr.execute(SQL(
            "SELECT c.code, translated.value FROM res_country c CROSS JOIN LATERAL jsonb_each_text(c.name) translated"
        ))
        names = {name: code for code, name in self.env.cr.fetchall()}
        return find_countries(texts_of_countries, names.values(), names, languages)

    def preview(self, limit):
        """Return the first ``limit`` rows as they are understood, as dicts."""
        # flush=False: a rollback would otherwise forget what the user is just typing into a form.
        with self.env.cr.savepoint(flush=False):
            self.stage(limit)
            rows = staging.read_judged(self.env.cr, self._judged_sql(), 0, limit)
            staging.drop_tables(self.env.cr, self.TABLES)
        return rows

    def describe_columns(self):
        """Return the columns of the file, their first values, and what their names say they hold."""
        chosen = {header: name for name, header in self._map_columns(self.file.headers).items()}
        examples = [[] for _header in self.file.headers]
        with self._readable_errors():
            for chunk in self.file.chunks(CHUNK, limit=EXAMPLE_ROWS):
                for position, cells in enumerate(examples):
                    cells.extend(filter(None, (text_of(row[position]) for _number, row in chunk.rows)))
        return [
            {
                "sequence": position,
                "header": header,
                "example": " · ".join(list(dict.fromkeys(examples[position]))[:3])[:80],
                "meaning": chosen.get(header, False),
            }
            for position, header in enumerate(self.file.headers)
            if examples[position] or header in chosen or not header.startswith(UNNAMED)
        ]

    def foreign_words(self):
        """Return some cells whose letters another encoding would show differently; names first."""
        if self.file.kind != "csv" or self.file.encoding.startswith("utf"):
            return []
        name = self.columns.get("name")
        first = self.file.headers.index(name) if name in self.file.headers else 0
        found = {}
        with self._readable_errors():
            for chunk in self.file.chunks(CHUNK, limit=LETTER_ROWS):
                for position in (first, *range(len(self.file.headers))):
                    cells = (text_of(row[position]) for _number, row in chunk.rows)
                    found.update((cell[:40], None) for cell in cells if not cell.isascii())
                    if len(found) >= EXAMPLE_WORDS:
                        return list(found)[:EXAMPLE_WORDS]
        return list(found)

    # ---- how to read it ----------------------------------------------------------------

    def _readable_errors(self):
        return _ReadableErrors(self.env, self.FILE_ERRORS)

    def _row_limit(self):
        # sudo: everybody who imports has to respect the limit.
        limit = self.env["ir.config_parameter"].sudo().get_param(ROW_LIMIT_PARAMETER)
        return int(limit) if str(limit or "").isdigit() and int(limit) else DEFAULT_ROW_LIMIT

    def _check_columns(self):
        """Raise if the columns do not tell what a row needs."""
        missing = [header for header in self.columns.values() if header not in self.file.headers]
        if missing:
            raise UserError(self.env._("The file has no column “%(header)s”.", header=missing[0]))
        self._check_own_columns()
        if not self.options["match_order"]:
            raise UserError(self.env._("Choose how to find customers: by reference, e-mail, VAT or name."))
        if not set(self.options["match_order"]) & set(self.columns):
            raise UserError(self.env._(
                "Choose a column that identifies the customer: %(fields)s.",
                fields=", ".join(self.field_label(key) for key in self.options["match_order"]),
            ))

    def _check_own_columns(self):
        """Raise if the columns do not tell what a row of this kind of import needs."""
        raise NotImplementedError

    def _settle_notation(self):
        """Find out how dates and numbers are written, reading on until it is clear."""
        date_format = self.lang.date_format or ""
        month_first = date_format.find("%m") < date_format.find("%d")
        dates = DateNotation("mdy" if month_first else "dmy", self._last_day(), self.language)
        amounts = AmountNotation("," if self.lang.decimal_point == "," else ".")
        self.date_notation, self.amount_notation = dates, amounts
        position = self._positions()
        done = 0
        with self._readable_errors():
            for chunk in self.file.chunks(NOTATION_ROWS):
                done += len(chunk.rows)
                for name in set(self.DATE_FIELDS) & set(position):
                    dates.watch(cells[position[name]] for _number, cells in chunk.rows)
                for name in set(self.NUMBER_FIELDS) & set(position):
                    amounts.watch(cells[position[name]] for _number, cells in chunk.rows)
                if done >= NOTATION_ROWS and not self.is_date_order_open and not self.is_decimal_open:
                    break

    def _positions(self):
        """Return {field: position of its column}."""
        return {name: self.file.headers.index(header) for name, header in self.columns.items()}

    @property
    def is_date_order_open(self):
        """Whether nothing yet tells in which order day, month and year are."""
        return not self.options["date_order"] and self.date_notation.is_open

    @property
    def is_decimal_open(self):
        """Whether nothing yet tells the decimal mark."""
        return not self.options["decimal"] and self.amount_notation.is_open

    @property
    def language(self):
        """Code of the user's language, in which names and months are likely to be."""
        return (self.lang.code or "").partition("_")[0]

    @property
    def date_order(self):
        """How the dates of the file are read."""
        return self.options["date_order"] or self.date_notation.decide()

    @property
    def decimal(self):
        """The decimal mark of the file's numbers."""
        return self.options["decimal"] or self.amount_notation.decide()

    def _last_day(self):
        """Return the last day that is not in the future."""
        raise NotImplementedError

    def _scope(self):
        """Return whose rows these are, and how customers are recognised.

        :return: an object with ``company_id``, ``company_ids``, ``match_order`` and ``create_customers``
        """
        raise NotImplementedError

    # ---- results -----------------------------------------------------------------------

    def _count(self):
        result = self.RESULT()
        for verdict, (rows, first) in staging.count_verdicts(self.env.cr, self._judged_sql()).items():
            result.rows += rows
            if verdict == "new":
                result.imported = rows
            elif verdict == "known":
                result.known = rows
            else:
                result.errors[verdict] = rows
                result.first_rows[verdict] = first
        result.notes = matching.notes(self.env.cr)
        return result

    def _error_file(self):
        """Return a CSV file of the rows that are not imported, with number and reason."""
        with tempfile.TemporaryFile() as binary:
            # The mark at the beginning lets spreadsheet programs see that it is UTF-8.
            target = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
            writer = csv.writer(target, delimiter=self.file.separator or ",")
            after, width = 0, len(self.file.headers)
            while rows := staging.read_judged(self.env.cr, self._judged_sql(), after, CHUNK, only_refused=True):
                if not after:
                    names = [*self.file.headers, self.env._("Row"), self.env._("Reason")]
                    writer.writerow(map(as_shown, names))
                for row in rows:
                    cells = json.loads(row["raw"])[:width]
                    reason = self.row_text(row)
                    writer.writerow([*map(as_shown, cells), row["row_no"], as_shown(reason)])
                after = rows[-1]["row_no"]
            target.flush()
            binary.seek(0)
            return binary.read()


class _ReadableErrors:
    """Turns what the engine finds wrong with a file into a message for the user."""

    def __init__(self, env, own):
        self.env = env
        self.own = own

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, SourceFileError):
            raise UserError(import_texts.file_error_text(self.env, error, self.own)) from error
