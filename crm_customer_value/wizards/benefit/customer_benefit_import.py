from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_amount, format_date

from ...models.base.number_fields import Integer
from . import benefit_import_texts as texts
from .benefit_import_job import BenefitImportJob


class CustomerBenefitImport(models.TransientModel):
    """Brings what was measured at customers from a CSV or XLSX file, step by step."""

    _name = "customer.benefit.import"
    _description = "Import of Measurements"
    _inherit = ["customer.import.mixin"]

    _preview_template = "crm_customer_value.customer_benefit_import_preview"
    _result_template = "crm_customer_value.customer_benefit_import_result"

    company_id = fields.Many2one(help="The imported measurements belong to this company.")
    column_ids = fields.One2many("customer.benefit.import.column", "import_id", "Columns")
    check_doubtful = fields.Boolean(
        "Doubtful Values Are Right",
        help="Ticked: the values below count at once. Otherwise each one counts when somebody has checked it.",
    )
    doubtful = Integer("Doubtful Rows", readonly=True, copy=False)
    batch_id = fields.Many2one("customer.benefit.import.batch", "Import", readonly=True, copy=False)
    records_left = Integer(related="batch_id.record_count")
    records_to_check = Integer(related="batch_id.to_check_count")
    undone_date = fields.Datetime(related="batch_id.undone_date")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"check_doubtful"}

    @api.depends("state")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.file_name or self.env._("Import Measurements")

    @api.depends("column_ids.meaning")
    def _compute_preview_html(self):
        return super()._compute_preview_html()

    # ---- buttons -----------------------------------------------------------------------

    def _check_values(self, result):
        # What is missing a baseline cannot be said to be right: there is no gain to count.
        return {"doubtful": sum(result.doubtful.values()) - result.doubtful.get("baseline", 0)}

    def action_open_records(self):
        """Show what this import brought."""
        self.ensure_one()
        self.check_access("read")
        return self.batch_id._open_records([])

    def action_open_to_check(self):
        """Show what this import brought and somebody has to check."""
        self.ensure_one()
        self.check_access("read")
        return self.batch_id.action_open_to_check()

    def action_ask_undo(self):
        """Ask whether to delete the records of this import."""
        self.ensure_one()
        self.check_access("read")
        if not self.batch_id:
            raise UserError(self.env._("This import brought no measurements. There is nothing to undo."))
        return self.batch_id.action_ask_undo()

    # ---- the import --------------------------------------------------------------------

    @api.model
    def _make_job(self, company, content_or_path, options=None):
        """Return the job that reads a file, if the user may import for ``company``."""
        self.check_access("create")
        self.env["customer.benefit.record"].check_access("create")
        if not self.env.su and company not in self.env.user.company_ids:
            raise AccessError(self.env._(
                "You are not allowed to import measurements for %(company)s.", company=company.sudo().name
            ))
        return BenefitImportJob(self.env, company, content_or_path, options)

    def _options(self):
        return {**super()._options(), "check_doubtful": self.check_doubtful}

    # ---- what the screen shows ---------------------------------------------------------

    def _preview_rows(self, rows, job):
        partners = self.env["res.partner"].browse({row["partner_id"] for row in rows if row["partner_id"]})
        metrics = self.env["customer.benefit.metric"].browse({row["metric_id"] for row in rows if row["metric_id"]})
        products = self.env["product.product"].browse({row["product_id"] for row in rows if row["product_id"]})
        names = {
            name: {record.id: record.display_name for record in records}
            for name, records in (("partner", partners), ("metric", metrics), ("product", products))
        }
        currency = self.company_id.currency_id
        result = []
        for row in rows:
            named = row["name"] or row["email"] or row["ref"] or row["vat"] or ""
            result.append({
                "number": row["row_no"],
                "customer": names["partner"].get(row["partner_id"], named),
                "metric": names["metric"].get(row["metric_id"], row["metric"]),
                "product": names["product"].get(row["product_id"], row["product"]),
                "start": format_date(self.env, row["date_from"], date_format="medium") if row["date_from"] else "",
                "end": format_date(self.env, row["date_to"], date_format="medium") if row["date_to"] else "",
                "value": " ".join(filter(None, (self._plain(row["value"]), row["unit"]))),
                "baseline": self._plain(row["baseline"]),
                "gain": "–" if row["gain"] is None else format_amount(self.env, row["gain"], currency),
                "known": row["verdict"] == "known",
                "doubt": texts.doubt_text(self.env, row["doubt"]) if row["doubt"] and row["verdict"] == "new" else "",
                "problem": "" if row["verdict"] in ("new", "known") else job.row_text(row),
            })
        return result

    def _result_values(self, result, done):
        return {
            "gain": "–" if result.gain is None else format_amount(self.env, result.gain, self.company_id.currency_id),
            "is_checked": done and self.check_doubtful,
            "doubts": self._listed_reasons(
                result.doubtful, result.doubtful_rows, lambda doubt: texts.doubt_text(self.env, doubt)
            ),
            "reasons": self._listed_reasons(
                result.errors, result.first_rows, lambda verdict: texts.verdict_label(self.env, verdict)
            ),
        }
