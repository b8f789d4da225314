"""One import of purchases, from the file to the result; used by the wizard and without it."""

import functools
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ...engine.purchase import new_customers, products, staging, values
from ...engine.purchase.columns import map_columns
from ...engine.source_file import products as known_products
from ...engine.source_file.amounts import currency_signs
from ..base import import_job
from . import purchase_import_texts as texts

RECORDS_AT_ONCE = 2000
OPTIONS = {
    **import_job.OPTIONS,
    "currency": None,  # res.currency of rows that name none; the company's when empty
    "create_customers": False,
    "create_products": False,
}
# Rows that tell one of these are lines: what was bought is kept with the purchase.
LINE_FIELDS = {"product", "product_name", "quantity", "price"}


@dataclass
class ImportResult(import_job.ImportResult):
    """What an import of purchases did, or a dry run would do.

    Several rows may be the lines of one purchase.
    """

    purchases: int = 0  # made of the imported rows
    amount: float = 0.0  # of the imported rows, in company currency
    customers: int = 0  # whose purchases are imported
    created: int = 0  # customers
    products_created: int = 0
    products_unknown: int = 0  # of the imported rows: their lines keep code and name as texts
    unknown_customers: list = field(default_factory=list)  # that are not created: see ``new_customers``
    unknown_products: list = field(default_factory=list)  # that are not created: (code, name)


class PurchaseImportJob(import_job.ImportJob):
    """Reads one file of purchases for one company."""

    OPTIONS = OPTIONS
    READ_FIELDS = {
        **import_job.READ_FIELDS,
        "res.currency.rate": ("name", "rate", "currency_id", "company_id"),
        "customer.purchase.history": (
            "company_id", "partner_id", "date", "reference", "amount", "amount_currency", "original_currency_id",
            "import_key",
        ),
    }
    ROW_COLUMNS = staging.COLUMNS
    ROW_READER = values.PurchaseReader
    TABLES = staging.TABLES
    NUMBER_FIELDS = values.NUMBER_FIELDS
    FILE_ERRORS = texts.FILE_ERRORS
    RESULT = ImportResult

    def __init__(self, env, company, source, options=None):
        super().__init__(env, company, source, options)
        self.currency = self.options["currency"] or company.currency_id

    def _map_columns(self, headers):
        return map_columns(headers)

    def field_label(self, name):
        return texts.field_label(self.env, name)

    def row_text(self, row):
        return texts.row_text(self.env, row)

    def _check_own_columns(self):
        """Raise if a purchase cannot be made of the columns."""
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

    def _judge(self):
        cr, scope = self.env.cr, self._scope()
        staging.gather_purchases(cr, scope)
        if scope.has_lines:
            known_products.find_products(cr, scope, self._visible("product.product"))

    def _judged_sql(self):
        return staging.judged_sql()

    # ---- how to read it ----------------------------------------------------------------

    def _settings(self):
        currencies = self.env["res.currency"].with_context(active_test=False).search_fetch(
            [], ["name", "symbol", "full_name", "currency_unit_label"]
        )
        return values.Settings(
            columns=self._positions(),
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
        cr, result = self.env.cr, super()._count()
        result.purchases, result.customers, amount = staging.count_purchases(cr)
        result.amount = float(amount)
        result.created = len(new_customers.customers_to_create(cr))
        if {"unknown", "shared"} & result.errors.keys() and not self.options["create_customers"]:
            result.unknown_customers = new_customers.unknown_customers(cr, self._scope().match_order)
        if self._scope().has_lines:
            result.products_unknown = products.count_unknown(cr)
            missing = products.products_to_create(cr)
            if self.options["create_products"]:
                result.products_created = len(missing)
            else:
                result.unknown_products = [(code, name) for _leader, code, name in missing]
        return result

    # ---- writing -----------------------------------------------------------------------

    def _store(self, file_name, now, result):
        self._create_customers()
        self._create_products()
        if result.purchases:
            result.batch_id = self._create_batch(file_name, result)
        result.purchases, result.imported, customers = staging.store(
            self.env.cr, self._scope(), self.env.uid, file_name, now, result.batch_id or None
        )
        self._after_store(customers)

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
        wanted = new_customers.customers_to_create(self.env.cr)
        if wanted:
            ids = self.create_customers([row[1:] for row in wanted])
            new_customers.replace_customers(
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
