from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_amount, format_date

from ...models.base.number_fields import Integer
from . import purchase_import_texts as texts
from .purchase_import_job import PurchaseImportJob

# Unknown names that are listed one by one; with more of them, all are created or none.
LISTED_NAMES = 500


class CustomerPurchaseImport(models.TransientModel):
    """Brings purchases from a CSV or XLSX file, step by step."""

    _name = "customer.purchase.import"
    _description = "Import of Purchases"
    _inherit = ["customer.import.mixin"]

    _preview_template = "crm_customer_value.customer_purchase_import_preview"
    _result_template = "crm_customer_value.customer_purchase_import_result"

    company_id = fields.Many2one(help="The imported purchases and new customers belong to this company.")
    currency_id = fields.Many2one(
        "res.currency",
        string="Default Currency",
        help="Used for rows without a currency. Empty: the currency of the company.",
    )
    unknown_customers = fields.Selection(
        [("report", "Report them, do not import"), ("create", "Create them")],
        default="report",
        required=True,
    )
    create_products = fields.Boolean(
        "Create Missing Products",
        help="Products are found by code, barcode or name. Unknown products are kept as text unless you tick this "
             "box.",
    )
    has_products = fields.Boolean(compute="_compute_has_products")
    column_ids = fields.One2many("customer.purchase.import.column", "import_id", "Columns")
    batch_id = fields.Many2one("customer.purchase.import.batch", "Import", readonly=True, copy=False)
    purchases_left = Integer(related="batch_id.purchase_count")
    undone_date = fields.Datetime(related="batch_id.undone_date")
    unknown_customer_ids = fields.One2many(
        "customer.purchase.import.unknown", "import_id", "Customers to Create", domain=[("kind", "=", "customer")],
        copy=False,
    )
    unknown_product_ids = fields.One2many(
        "customer.purchase.import.unknown", "import_id", "Products to Create", domain=[("kind", "=", "product")],
        copy=False,
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "currency_id", "unknown_customers", "create_products", "unknown_customer_ids", "unknown_product_ids",
        }

    @api.depends("state")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.file_name or self.env._("Import Purchases")

    @api.depends("column_ids.meaning")
    def _compute_has_products(self):
        for record in self:
            record.has_products = bool({"product", "product_name"} & set(record.column_ids.mapped("meaning")))

    @api.depends("column_ids.meaning", "currency_id", "unknown_customers")
    def _compute_preview_html(self):
        return super()._compute_preview_html()

    # ---- buttons -----------------------------------------------------------------------

    def _check_values(self, result):
        """List the names that nobody knows."""
        offers_products = self.env["product.product"].has_access("create")
        return {
            "unknown_customer_ids": self._list_unknown("customer", [
                {
                    **{name: customer[name] for name in ("key", "ref", "email", "vat", "rows")},
                    "name": texts.customer_label(customer),
                }
                for customer in result.unknown_customers
            ]),
            "unknown_product_ids": self._list_unknown("product", [
                {"key": texts.product_label(product), "ref": product[0], "name": product[1] or product[0]}
                for product in (result.unknown_products if offers_products else ())
            ]),
        }

    def action_create_customers(self):
        """Create the ticked customers, and check the file again."""
        self.ensure_one()
        if self.state != "check":
            return
        keys = self._ticked_keys(self.unknown_customer_ids)
        job, result = self._check_anew()
        job.create_customers([
            tuple(customer[name] for name in ("ref", "email", "vat", "name", "country_code"))
            for customer in result.unknown_customers
            if customer["key"] in keys
        ])
        self.action_check()

    def action_create_products(self):
        """Create the ticked products, and check the file again."""
        self.ensure_one()
        if self.state != "check":
            return
        keys = self._ticked_keys(self.unknown_product_ids)
        job, result = self._check_anew()
        job.create_products([
            product for product in result.unknown_products if texts.product_label(product) in keys
        ])
        self.action_check()

    def _ticked_keys(self, listed):
        """Return what tells the ticked names from the others."""
        keys = set(listed.filtered("wanted").mapped("key"))
        if not keys:
            raise UserError(self.env._("Tick at least one name in the list."))
        return keys

    def _check_anew(self):
        """Return the job and its result: some of the names may have been created in the meantime."""
        job = self._job(dry_run=True)
        job.lock()
        return job, job.run(self.file_name, fields.Datetime.now())

    def _list_unknown(self, kind, found):
        """Return the commands that list unknown names anew; who was unticked stays so."""
        unticked = set(self[f"unknown_{kind}_ids"].filtered(lambda name: not name.wanted).mapped("key"))
        return [
            fields.Command.clear(),
            *(
                fields.Command.create({"kind": kind, "wanted": values["key"] not in unticked, **values})
                for values in found[:LISTED_NAMES]
            ),
        ]

    def action_open_purchases(self):
        """Show what this import brought."""
        self.ensure_one()
        self.check_access("read")
        return self.batch_id._open_purchases()

    def action_ask_undo(self):
        """Ask whether to delete the purchases of this import."""
        self.ensure_one()
        self.check_access("read")
        if not self.batch_id:
            raise UserError(self.env._("This import brought no purchases. There is nothing to undo."))
        return self.batch_id.action_ask_undo()

    # ---- the import --------------------------------------------------------------------

    @api.model
    def _make_job(self, company, content_or_path, options=None):
        """Return the job that reads a file, if the user may import for ``company``."""
        self.check_access("create")
        self.env["customer.purchase.history"].check_access("create")
        if not self.env.su and company not in self.env.user.company_ids:
            raise AccessError(self.env._(
                "You are not allowed to import purchases for %(company)s.", company=company.sudo().name
            ))
        return PurchaseImportJob(self.env, company, content_or_path, options)

    def _options(self):
        return {
            **super()._options(),
            "currency": self.currency_id or None,
            "create_customers": self.unknown_customers == "create",
            "create_products": self.create_products,
        }

    # ---- what the screen shows ---------------------------------------------------------

    def _notes_on_numbers(self, job):
        if job.is_decimal_open:
            yield self.env._(
                "The amounts of this file can be read in two ways. They are read with the decimal mark “%(mark)s”. If "
                "that is wrong, change it under “Decimal Mark”.",
                mark=job.decimal,
            ), True
        columns = job.columns
        if not {"quantity", "price"} <= set(columns):
            return
        if "amount" in columns:
            yield self.env._(
                "The amount is read from “%(amount)s”. If that is empty, it is “%(quantity)s” × “%(price)s”.",
                **columns,
            ), False
        else:
            yield self.env._("The amount is “%(quantity)s” × “%(price)s”.", **columns), False

    def _preview_rows(self, rows, job):
        """Return judged rows as texts for the preview."""
        partners = self.env["res.partner"].browse(
            {row["partner_id"] for row in rows if (row["partner_id"] or 0) > 0}
        )
        names = {partner.id: partner.display_name for partner in partners}
        currency = self.company_id.currency_id
        result = []
        for row in rows:
            good = row["verdict"] in ("new", "known")
            named = row["name"] or row["email"] or row["ref"] or row["vat"] or ""
            amount, margin = row["company_amount"], row["company_margin"]
            result.append({
                "number": row["row_no"],
                "customer": names.get(row["partner_id"], named),
                "is_new": (row["partner_id"] or 0) < 0,
                # With the name of the month: numbers alone would not show which of them was taken for it.
                "date": format_date(self.env, row["day"], date_format="medium") if row["day"] else "",
                "amount": format_amount(self.env, amount, currency) if amount is not None else "",
                "margin": format_amount(self.env, margin, currency) if margin is not None else "",
                "reference": row["reference"] or "",
                "product": " · ".join(filter(None, (row["product"], row["product_name"]))),
                "quantity": self._plain(row["quantity"]),
                "price": self._plain(row["price"]),
                "known": row["verdict"] == "known",
                "problem": "" if good else texts.row_text(self.env, row),
            })
        return result

    def _result_values(self, result, done):
        return {
            "amount": format_amount(self.env, result.amount, self.company_id.currency_id),
            "unknown": texts.unknown_texts(self.env, result, LISTED_NAMES if not done else None),
            "reasons": self._listed_reasons(
                result.errors, result.first_rows, lambda verdict: texts.verdict_label(self.env, verdict)
            ),
        }
