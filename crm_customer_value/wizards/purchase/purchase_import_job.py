"""One import of purchases, from the file to the result; used by the wizard and without it."""

import csv
import functools
import io
import json
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import clean_context

from ...engine.purchase import matching, products, staging, values
from ...engine.purchase.amounts import AmountNotation, currency_signs
from ...engine.purchase.columns import CUSTOMER_FIELDS, map_columns
from ...engine.purchase.countries import find_countries
from ...engine.purchase.dates import DateNotation
from ...engine.purchase.source_file import UNNAMED, PurchaseFile, PurchaseFileError, as_shown, text_of
from . import purchase_import_texts as texts

CHUNK = 5000
# Rows that are enough to tell how dates and amounts are written, if they tell it at all.
NOTATION_ROWS = 1000
RECORDS_AT_ONCE = 2000
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
    "currency": None,  # res.currency of rows that name none; the company's when empty
    "columns": None,  # {field: header}; by the names of the headers when empty
    "match_order": CUSTOMER_FIELDS,
    "create_customers": False,
    "create_products": False,
    "dry_run": False,
}
# Rows that tell one of these are lines: what was bought is kept with the purchase.
LINE_FIELDS = {"product", "product_name", "quantity", "price"}
# What the search for customers, products and rates reads by SQL.
READ_FIELDS = {
    "res.partner": (
        "ref", "email", "email_normalized", "vat", "name", "complete_name", "active", "is_company", "country_id",
        "commercial_partner_id", "company_id",
    ),
    "res.company": ("name",),
    "res.country": ("code", "name"),
    "res.currency.rate": ("name", "rate", "currency_id", "company_id"),
    "product.product": ("default_code", "barcode", "active", "product_tmpl_id"),
    "product.template": ("name", "active", "company_id"),
    "customer.purchase.history": (
        "company_id", "partner_id", "date", "reference", "amount", "amount_currency", "original_currency_id",
        "import_key",
    ),
}


@dataclass
class ImportResult:
    """What an import did, or a dry run would do.

    ``rows``, ``imported``, ``known`` and ``errors`` count rows of the file, also where several
    rows are the lines of one purchase: rows = imported + known + refused.
    """

    rows: int = 0
    imported: int = 0
    purchases: int = 0  # made of the imported rows
    known: int = 0  # imported before
    amount: float = 0.0  # of the imported rows, in company currency
    customers: int = 0  # whose purchases are imported
    created: int = 0  # customers
    products_created: int = 0
    products_unknown: int = 0  # of the imported rows: their lines keep code and name as texts
    errors: dict = field(default_factory=dict)  # {reason: number of rows}
    first_rows: dict = field(default_factory=dict)  # {reason: numbers of its first rows}
    notes: list = field(default_factory=list)  # what was set aside: see ``matching.notes``
    unknown_customers: list = field(default_factory=list)  # that are not created: see ``matching``
    unknown_products: list = field(default_factory=list)  # that are not created: (code, name)
    error_file: bytes = b""  # CSV: the rows that are not imported, and why; empty after a dry run
    batch_id: int = field(default=0, compare=False)  # of the record of this import, if it brought purchases

    @property
    def refused(self):
        """Number of rows that are neither imported nor known."""
        return sum(self.errors.values())


class PurchaseImportJob:
    """Reads one file for one company.

    :param source: the content as bytes, or the path of the file
    :param dict options: see ``OPTIONS``
    :raise UserError: when the file cannot be read, with what to do about it
    """

    def __init__(self, env, company, source, options=None):
        unknown = set(options or ()) - set(OPTIONS)
        if unknown:
            raise ValueError(f"unknown options: {', '.join(sorted(unknown))}")
        self.options = {**OPTIONS, **(options or {})}
        self.company = company.with_env(env(context=clean_context(env.context))).with_company(company)
        self.env = self.company.env
        self.currency = self.options["currency"] or company.currency_id
        self.lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        with self._readable_errors():
            self.file = PurchaseFile(
                source,
                separator=self.options["separator"],
                encoding=self.options["encoding"],
                sheet=self.options["sheet"],
                header_row=self.options["header_row"],
                language=self.language,
            )
        self.columns = self.options["columns"]
        if self.columns is None:
            self.columns = map_columns(self.file.headers)
        self.date_notation = self.amount_notation = None

    # ---- steps -------------------------------------------------------------------------

    def run(self, file_name, now):
        """Import the file, or see what would happen (option ``dry_run``); return the result."""
        with self.env.cr.savepoint():
            self.stage()
            result = self._count()
            if not self.options["dry_run"]:
                result.error_file = self._error_file()
                self._create_customers()
                self._create_products()
                if result.purchases:
                    result.batch_id = self._create_batch(file_name, result)
                result.purchases, result.imported, customers = staging.store(
                    self.env.cr, self._scope(), self.env.uid, file_name, now, result.batch_id or None
                )
                self._after_store(customers)
            staging.drop_tables(self.env.cr)
        return result

    def stage(self, limit=None):
        """Read the file (or its first ``limit`` rows) and judge every row of it."""
        cr, scope = self.env.cr, self._scope()
        for model, names in READ_FIELDS.items():
            self.env[model].flush_model(names)
        self._check_columns()
        self._settle_notation()
        settings = self._settings()
        staging.create_tables(cr)
        empty = True
        with self._readable_errors():
            for chunk in self.file.chunks(CHUNK, limit=limit, max_rows=self._row_limit()):
                empty = False
                staging.load(cr, values.parse_chunk(chunk, settings))
            if empty:
                raise PurchaseFileError("no_rows")
        staging.gather_customers(cr, self._countries(staging.read_countries(cr)))
        matching.find_customers(cr, scope, self._visible("res.partner"))
        staging.gather_purchases(cr, scope)
        if scope.has_lines:
            products.find_products(cr, scope, self._visible("product.product"))

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
            rows = staging.read_judged(self.env.cr, 0, limit)
            staging.drop_tables(self.env.cr)
        return rows

    def describe_columns(self):
        """Return the columns of the file, their first values, and what their names say they hold."""
        chosen = {header: name for name, header in map_columns(self.file.headers).items()}
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
        return _ReadableErrors(self.env)

    def _row_limit(self):
        # sudo: everybody who imports has to respect the limit.
        limit = self.env["ir.config_parameter"].sudo().get_param(ROW_LIMIT_PARAMETER)
        return int(limit) if str(limit or "").isdigit() and int(limit) else DEFAULT_ROW_LIMIT

    def _check_columns(self):
        """Raise if a purchase cannot be made of the columns."""
        missing = [header for header in self.columns.values() if header not in self.file.headers]
        if missing:
            raise UserError(self.env._("The file has no column “%(header)s”.", header=missing[0]))
        if "date" not in self.columns:
            raise UserError(self.env._(
                "Choose the column that means: %(field)s.", field=texts.field_label(self.env, "date")
            ))
        if "amount" not in self.columns and not {"quantity", "price"} <= set(self.columns):
            raise UserError(self.env._(
                "Choose the column that means: %(amount)s. Or choose the columns that mean: %(quantity)s, %(price)s.",
                amount=texts.field_label(self.env, "amount"),
                quantity=texts.field_label(self.env, "quantity"),
                price=texts.field_label(self.env, "price"),
            ))
        if not self.options["match_order"]:
            raise UserError(self.env._("Choose how to find customers: by reference, e-mail, VAT or name."))
        if not set(self.options["match_order"]) & set(self.columns):
            raise UserError(self.env._(
                "Choose a column that identifies the customer: %(fields)s.",
                fields=", ".join(texts.field_label(self.env, key) for key in self.options["match_order"]),
            ))

    def _settle_notation(self):
        """Find out how dates and amounts are written, reading on until it is clear."""
        date_format = self.lang.date_format or ""
        month_first = date_format.find("%m") < date_format.find("%d")
        dates = DateNotation("mdy" if month_first else "dmy", self._last_day(), self.language)
        amounts = AmountNotation("," if self.lang.decimal_point == "," else ".")
        self.date_notation, self.amount_notation = dates, amounts
        position = {name: self.file.headers.index(header) for name, header in self.columns.items()}
        done = 0
        with self._readable_errors():
            for chunk in self.file.chunks(NOTATION_ROWS):
                done += len(chunk.rows)
                dates.watch(cells[position["date"]] for _number, cells in chunk.rows)
                for name in set(values.NUMBER_FIELDS) & set(position):
                    amounts.watch(cells[position[name]] for _number, cells in chunk.rows)
                if done >= NOTATION_ROWS and not self.is_date_order_open and not self.is_decimal_open:
                    break

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
        """The decimal mark of the file's amounts."""
        return self.options["decimal"] or self.amount_notation.decide()

    def _settings(self):
        currencies = self.env["res.currency"].with_context(active_test=False).search_fetch(
            [], ["name", "symbol", "full_name", "currency_unit_label"]
        )
        return values.Settings(
            columns={name: self.file.headers.index(header) for name, header in self.columns.items()},
            date_order=self.date_order,
            decimal=self.decimal,
            signs=currency_signs(
                (currency.name.upper(), (currency.symbol, currency.full_name, currency.currency_unit_label))
                for currency in currencies
            ),
            currencies={currency.name.upper(): currency.id for currency in currencies},
            currency=self.currency.name.upper(),
            last_day=self._last_day(),
            language=self.language,
        )

    def _last_day(self):
        # Somewhere on earth it is tomorrow already.
        return fields.Date.today() + timedelta(days=1)

    def _scope(self):
        # sudo: the company's own settings; whoever imports may read only the companies they work for.
        company = self.company.sudo()
        line_fields = LINE_FIELDS & set(self.columns)
        return staging.StagingScope(
            company_id=company.id,
            company_ids=company.parent_ids.ids,
            root_company_id=company.root_id.id,
            currency_id=company.currency_id.id,
            rounding=company.currency_id.rounding,
            match_order=tuple(dict.fromkeys(self.options["match_order"])),
            create_customers=self.options["create_customers"],
            has_lines=bool(line_fields),
            # A number of pieces alone beside an amount does not make several rows one purchase.
            joins_lines=bool(line_fields - {"quantity"} or (line_fields and "reference" in self.columns)),
            create_products=self.options["create_products"],
        )

    # ---- results -----------------------------------------------------------------------

    def _count(self):
        result = ImportResult()
        for verdict, (rows, first) in staging.count_verdicts(self.env.cr).items():
            result.rows += rows
            if verdict == "new":
                result.imported = rows
            elif verdict == "known":
                result.known = rows
            else:
                result.errors[verdict] = rows
                result.first_rows[verdict] = first
        result.purchases, result.customers, amount = staging.count_purchases(self.env.cr)
        result.amount = float(amount)
        result.created = len(matching.customers_to_create(self.env.cr))
        result.notes = matching.notes(self.env.cr)
        if {"unknown", "shared"} & result.errors.keys() and not self.options["create_customers"]:
            result.unknown_customers = matching.unknown_customers(self.env.cr, self._scope().match_order)
        if self._scope().has_lines:
            result.products_unknown = products.count_unknown(self.env.cr)
            missing = products.products_to_create(self.env.cr)
            if self.options["create_products"]:
                result.products_created = len(missing)
            else:
                result.unknown_products = [(code, name) for _leader, code, name in missing]
        return result

    def _error_file(self):
        """Return a CSV file of the rows that are not imported, with number and reason."""
        with tempfile.TemporaryFile() as binary:
            # The mark at the beginning lets spreadsheet programs see that it is UTF-8.
            target = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
            writer = csv.writer(target, delimiter=self.file.separator or ",")
            after, width = 0, len(self.file.headers)
            while rows := staging.read_judged(self.env.cr, after, CHUNK, only_refused=True):
                if not after:
                    names = [*self.file.headers, self.env._("Row"), self.env._("Reason")]
                    writer.writerow(map(as_shown, names))
                for row in rows:
                    cells = json.loads(row["raw"])[:width]
                    reason = texts.row_text(self.env, row)
                    writer.writerow([*map(as_shown, cells), row["row_no"], as_shown(reason)])
                after = rows[-1]["row_no"]
            target.flush()
            binary.seek(0)
            return binary.read()

    # ---- writing -----------------------------------------------------------------------

    def _create_batch(self, file_name, result):
        """Create the record of this import; return its id."""
        # sudo: only imports write such records.
        return self.env["customer.purchase.import.batch"].sudo().create({
            "name": file_name,
            "company_id": self.company.id,
            "row_count": result.rows,
            "imported_count": result.purchases,
            "created_customer_count": result.created,
            "created_product_count": result.products_created,
        }).id

    def _create_customers(self):
        """Create the customers that are missing, if that is asked for."""
        wanted = matching.customers_to_create(self.env.cr)
        if wanted:
            ids = self.create_customers([row[1:] for row in wanted])
            matching.replace_customers(
                self.env.cr, [(row[0], created) for row, created in zip(wanted, ids, strict=True)]
            )

    def create_customers(self, wanted):
        """Create customers for the importing company, and return their ids.

        :param wanted: tuples of reference, e-mail, VAT, name and country code
        """
        ids = []
        partners = self.env["res.partner"].with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            # A tax number of a file is taken as it is: a doubtful one must not stop the import.
            no_vat_validation=True,
        )
        for start in range(0, len(wanted), RECORDS_AT_ONCE):
            created = partners.create([
                self._prepare_customer(*row) for row in wanted[start:start + RECORDS_AT_ONCE]
            ])
            ids += created.ids
            # Thousands of partners in the cache would make every next one slower.
            self.env.flush_all()
            created.invalidate_recordset(flush=False)
        return ids

    def _prepare_customer(self, ref, email, vat, name, country_code):
        return {
            "name": name or email or ref or vat,
            "ref": ref or False,
            "email": email or False,
            "vat": vat or False,
            "is_company": bool(vat),
            "country_id": self._country_ids.get(country_code, False),
            "company_id": self.company.id,
            "customer_rank": 1,
        }

    @functools.cached_property
    def _country_ids(self):
        return {country.code: country.id for country in self.env["res.country"].search_fetch([], ["code"])}

    def _create_products(self):
        """Create the products that are missing, if that is asked for."""
        if not (self.options["create_products"] and self._scope().has_lines):
            return
        wanted = products.products_to_create(self.env.cr)
        if wanted:
            ids = self.create_products([row[1:] for row in wanted])
            products.replace_products(
                self.env.cr, [(row[0], created) for row, created in zip(wanted, ids, strict=True)]
            )

    def create_products(self, wanted):
        """Create products for the importing company, and return their ids.

        :param wanted: tuples of code and name
        """
        model = self.env["product.product"].with_context(tracking_disable=True)
        if not model.has_access("create"):
            raise AccessError(self.env._(
                "You are not allowed to create products. Leave “Create Missing Products” off, or ask for the right."
            ))
        ids = []
        for start in range(0, len(wanted), RECORDS_AT_ONCE):
            created = model.create([self._prepare_product(*row) for row in wanted[start:start + RECORDS_AT_ONCE]])
            ids += created.ids
            self.env.flush_all()
            created.invalidate_recordset(flush=False)
        return ids

    def _prepare_product(self, code, name):
        return {
            "name": name or code,
            "default_code": code or False,
            # A file of purchases tells what was paid, not what the product is sold for from now on.
            "list_price": 0.0,
            "company_id": self.company.id,
        }

    def _after_store(self, partner_ids):
        """Tell the rest of the system about rows written by SQL."""
        partners = self.env["res.partner"].browse(partner_ids)
        self.env["customer.value.mark"]._mark(partners, self.company)

    def lock(self):
        """Let only one import a company write at a time; the lock ends with the transaction."""
        self.env["customer.purchase.import.batch"]._lock(self.company)


class _ReadableErrors:
    """Turns what the engine finds wrong with a file into a message for the user."""

    def __init__(self, env):
        self.env = env

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, PurchaseFileError):
            raise UserError(texts.file_error_text(self.env, error)) from error
