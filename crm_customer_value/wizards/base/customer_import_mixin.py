import base64
import os

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ...models.base.number_fields import Integer
from . import import_texts

PREVIEW_ROWS = 10
DETECT = "detect"
CUSTOMER_KEYS = [
    ("ref", "Reference"),
    ("email", "E-mail"),
    ("vat", "VAT"),
    ("name", "Name"),
]


class CustomerImportMixin(models.AbstractModel):
    """Brings what a CSV or XLSX file says, step by step.

    Reading, judging and writing are in a class made of ``ImportJob``; here are the screen's choices. Whoever inherits
    has the fields ``column_ids`` (of a model made of ``customer.import.column.mixin``) and ``batch_id`` (of one made of
    ``customer.import.batch.mixin``) besides.
    """

    _name = "customer.import.mixin"
    _description = "Import of a File"
    _inherit = ["customer.guarded.mixin"]

    # QWeb templates of the preview and of the result.
    _preview_template = None
    _result_template = None

    state = fields.Selection(
        [
            ("upload", "File"),
            ("mapping", "Columns"),
            ("check", "Check"),
            ("done", "Done"),
        ],
        default="upload",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    file = fields.Binary("CSV or XLSX File")
    file_name = fields.Char()
    separator = fields.Selection(
        [(DETECT, "Detect"), (",", "Comma"), (";", "Semicolon"), ("tab", "Tab"), ("|", "Vertical bar")],
        default=DETECT,
        required=True,
        help="The character between the columns of a CSV file.",
    )
    encoding = fields.Selection(
        [
            (DETECT, "Detect"),
            ("utf-8", "UTF-8"),
            ("utf-16", "UTF-16"),
            ("cp1252", "Western European (Windows 1252)"),
            ("latin-1", "Western European (Latin-1)"),
            ("iso-8859-15", "Western European (Latin-9)"),
            ("cp850", "Western European (DOS 850)"),
            ("cp437", "Western European (DOS 437)"),
            ("mac_roman", "Western European (Mac)"),
            ("cp1250", "Central European (Windows 1250)"),
            ("iso-8859-2", "Central European (Latin-2)"),
            ("cp852", "Central European (DOS 852)"),
            ("cp1251", "Cyrillic (Windows 1251)"),
            ("koi8-r", "Cyrillic (KOI8-R)"),
            ("koi8-u", "Cyrillic (KOI8-U)"),
            ("cp866", "Cyrillic (DOS 866)"),
            ("iso-8859-5", "Cyrillic (ISO 8859-5)"),
            ("cp1253", "Greek (Windows 1253)"),
            ("cp1254", "Turkish (Windows 1254)"),
            ("cp1257", "Baltic (Windows 1257)"),
            ("cp1255", "Hebrew (Windows 1255)"),
            ("cp1256", "Arabic (Windows 1256)"),
            ("cp874", "Thai (Windows 874)"),
            ("cp932", "Japanese (Shift-JIS)"),
            ("euc_jp", "Japanese (EUC-JP)"),
            ("gb18030", "Chinese, Simplified (GB 18030)"),
            ("big5", "Chinese, Traditional (Big5)"),
            ("cp949", "Korean (EUC-KR)"),
        ],
        default=DETECT,
        required=True,
        help="How a CSV file stores letters. If names look wrong, choose another encoding.",
    )
    sheet = fields.Char(help="Sheet of the workbook. Empty: the first one.")
    header_row = Integer(
        "Row of Column Names",
        optional=True,
        help="Number of the row with the column names. Empty: found automatically.",
    )
    date_order = fields.Selection(
        [
            (DETECT, "Detect"),
            ("ymd", "Year first (2025-12-31, 20251231)"),
            ("dmy", "Day first (31/12/2025)"),
            ("mdy", "Month first (12/31/2025)"),
        ],
        string="Dates",
        default=DETECT,
        required=True,
    )
    decimal = fields.Selection(
        [(DETECT, "Detect"), (".", "Point (1,234.50)"), (",", "Comma (1.234,50)")],
        string="Decimal Mark",
        default=DETECT,
        required=True,
    )
    match_1 = fields.Selection(CUSTOMER_KEYS, "Find Customers by", default="ref", required=True)
    match_2 = fields.Selection(CUSTOMER_KEYS, "then by", default="email")
    match_3 = fields.Selection(CUSTOMER_KEYS, "and then by", default="vat")
    match_4 = fields.Selection(CUSTOMER_KEYS, "and finally by", default="name")
    preview_html = fields.Html(compute="_compute_preview_html", sanitize=False)
    result_html = fields.Html(readonly=True, copy=False, sanitize=False)
    importable = Integer("Rows to Import", readonly=True, copy=False)
    imported = Integer("Imported Rows", readonly=True, copy=False)
    error_file = fields.Binary("Rows Not Imported", readonly=True, copy=False)
    error_file_name = fields.Char(readonly=True, copy=False)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "file", "file_name", "separator", "encoding", "sheet", "header_row", "date_order", "decimal",
            "match_1", "match_2", "match_3", "match_4", "column_ids",
        }

    @api.depends("state", "date_order", "decimal", "match_1", "match_2", "match_3", "match_4")
    def _compute_preview_html(self):
        for record in self:
            if record.state != "mapping":
                record.preview_html = False
                continue
            values = {"problem": False, "rows": []}
            try:
                job = record._job()
                values["file_info"] = record._file_info(job)
                rows = job.preview(PREVIEW_ROWS)
                values.update(rows=record._preview_rows(rows, job), notes=record._notes(job))
            except UserError as error:
                values["problem"] = error.args[0]
            record.preview_html = self.env["ir.qweb"]._render(
                record._preview_template, values
            )

    # ---- what each kind of import says -------------------------------------------------

    @api.model
    def _make_job(self, company, content_or_path, options=None):
        """Return the job that reads a file, if the user may import for ``company``."""
        raise NotImplementedError

    def _check_values(self, result):
        """Return the values that a check writes besides the common ones."""
        return {}

    def _preview_rows(self, rows, job):
        """Return judged rows as texts for the preview."""
        raise NotImplementedError

    def _result_values(self, result, done):
        """Return what the template of the result needs besides the common values."""
        raise NotImplementedError

    # ---- buttons -----------------------------------------------------------------------

    def action_read(self):
        """Read the file's headers and propose what its columns mean."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        job = self._job(columns={})
        self.column_ids.unlink()
        self._go_on({
            "state": "mapping",
            "column_ids": [fields.Command.create(values) for values in job.describe_columns()],
        })

    def action_check(self):
        """Count what an import would do, without writing anything."""
        self.ensure_one()
        result = self._import(dry_run=True)
        self._go_on({
            "state": "check",
            "importable": result.imported,
            "result_html": self._render_result(result, done=False),
            **self._check_values(result),
        })

    def action_import(self):
        """Import the good rows, and keep the others for download."""
        self.ensure_one()
        if self.state != "check":
            # A second click came while the first was at work: its result is on the screen.
            return
        result = self._import(dry_run=False)
        self._go_on({
            "state": "done",
            "imported": result.imported,
            "batch_id": result.batch_id or False,
            "result_html": self._render_result(result, done=True),
        })
        if result.error_file:
            stem = os.path.splitext(self.file_name or self.env._("rows"))[0]
            self._go_on({
                "error_file_name": self.env._("%(file)s - not imported.csv", file=stem),
                "error_file": base64.b64encode(result.error_file),
            })

    def action_back(self):
        """Go back one step."""
        self.ensure_one()
        self._go_on({"state": {"mapping": "upload", "check": "mapping"}.get(self.state, self.state)})

    def action_download_errors(self):
        """Download the rows that were not imported."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/error_file?download=true"
                   "&filename_field=error_file_name",
            "target": "download",
        }

    def _go_on(self, values):
        """Write the step this import has come to, and what came of it."""
        self.check_access("write")
        # sudo: both are found by the program, and are nobody's to write.
        self.sudo().write(values)

    # ---- the import --------------------------------------------------------------------

    @api.model
    def _import_file(self, company, name, content_or_path, options=None, now=None):
        """Import a file for ``company``; return the result of the job.

        All rows that are good are written, or, on any failure, none. Rows that were imported
        before are recognised and left alone.

        :param company: res.company, one of the user's
        :param str name: of the file, kept with what it brought
        :param content_or_path: bytes, or the path of the file
        :param dict options: see ``OPTIONS`` of the job
        :param datetime now: when the rows are said to be imported
        :raise UserError: when the file as a whole cannot be read
        """
        job = self._make_job(company, content_or_path, options)
        if not job.options["dry_run"]:
            job.lock()
        return job.run(name, now or fields.Datetime.now())

    def _import(self, dry_run):
        return self._import_file(
            self.company_id, self.file_name, self._source(), {**self._options(), "dry_run": dry_run}
        )

    def _job(self, **options):
        return self._make_job(self.company_id, self._source(), {**self._options(), **options})

    def _source(self):
        """Return the path of the uploaded file, or its content if it lies in the database."""
        self._origin.check_access("read")
        # sudo: attachments of fields belong to whoever may read the record.
        attachment = self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_field", "=", "file"), ("res_id", "=", self._origin.id)],
            limit=1,
        )
        if attachment.store_fname:
            path = attachment._full_path(attachment.store_fname)
            if os.path.exists(path):
                return path
        return attachment.raw or b""

    def _options(self):
        """Return the screen's choices as options of the import."""
        def chosen(value):
            return None if value == DETECT else value

        return {
            "separator": "\t" if self.separator == "tab" else chosen(self.separator),
            "encoding": chosen(self.encoding),
            "sheet": self.sheet or None,
            "header_row": self.header_row or None,
            "date_order": chosen(self.date_order),
            "decimal": chosen(self.decimal),
            "columns": self.column_ids._mapping(),
            "match_order": tuple(filter(None, (self.match_1, self.match_2, self.match_3, self.match_4))),
        }

    # ---- what the screen shows ---------------------------------------------------------

    def _file_info(self, job):
        """Return in a few words how the file is read."""
        if job.file.kind == "xlsx":
            return self.env._(
                "Workbook, sheet “%(sheet)s”, column names in row %(row)s",
                sheet=job.file.sheet, row=job.file.header_row,
            )
        return self.env._(
            "CSV, separator: %(separator)s, encoding: %(encoding)s, column names in row %(row)s",
            separator=import_texts.separator_label(self.env, job.file.separator),
            encoding=self._encoding_label(job.file.encoding),
            row=job.file.header_row,
        )

    def _encoding_label(self, encoding):
        encoding = encoding.removesuffix("-sig")
        labels = dict(self._fields["encoding"]._description_selection(self.env))
        return labels.get(encoding, encoding.upper())

    def _notes(self, job):
        """Return what the user should look at, as (text, whether it may be wrong)."""
        return [*self._notes_on_letters(job), *self._notes_on_dates(job), *self._notes_on_numbers(job)]

    def _notes_on_letters(self, job):
        if job.file.better_encoding:
            yield self.env._(
                "The file seems to use the encoding %(encoding)s. Accented letters would look wrong. Go back and "
                "choose %(encoding)s, or “Detect”.",
                encoding=job.file.better_encoding.upper(),
            ), True
        elif examples := job.foreign_words():
            values = {"encoding": self._encoding_label(job.file.encoding), "words": " · ".join(examples)}
            if job.file.is_encoding_clear:
                yield self.env._("Encoding used: %(encoding)s. Check these words: %(words)s", **values), False
            else:
                yield self.env._(
                    "The encoding of the file is not certain. It is read as %(encoding)s. Check these words: "
                    "%(words)s. If they look wrong, go back and choose another encoding.",
                    **values,
                ), True

    def _notes_on_dates(self, job):
        orders = {
            "ymd": self.env._("year first"), "dmy": self.env._("day first"), "mdy": self.env._("month first"),
        }
        if job.is_date_order_open:
            yield self.env._(
                "The dates of this file can be read in several ways: %(choices)s. They are read with the %(order)s. If "
                "that is wrong, change it under “Dates”.",
                choices=self.env._(" or ").join(orders[order] for order in job.date_notation.candidates),
                order=orders[job.date_order],
            ), True
        if job.date_notation.is_contradictory and self.date_order == DETECT:
            yield self.env._(
                "Some dates of this file have the day first and others the month first. Only one kind can be imported. "
                "Choose it under “Dates”."
            ), True
        if job.date_notation.is_mixed:
            yield self.env._(
                "Some dates are real dates (such as %(day)s), others are text (such as “%(text)s”). The spreadsheet "
                "may have swapped day and month. Compare some dates with your documents before you import.",
                day=job.date_notation.sheet_example, text=job.date_notation.text_example,
            ), True

    def _notes_on_numbers(self, job):
        if job.is_decimal_open:
            yield self.env._(
                "The numbers of this file can be read in two ways. They are read with the decimal mark “%(mark)s”. If "
                "that is wrong, change it under “Decimal Mark”.",
                mark=job.decimal,
            ), True

    def _plain(self, number):
        """Return a number in the user's notation, with the decimals it has; nothing for None."""
        if number is None:
            return ""
        decimals = f"{number:f}".rstrip("0").partition(".")[2]
        return formatLang(self.env, number, digits=len(decimals))

    def _render_result(self, result, done):
        """Return the counts of an import or of a dry run as HTML."""
        return self.env["ir.qweb"]._render(self._result_template, {
            "result": result,
            "done": done,
            "number": lambda value: self.env["ir.qweb.field.integer"].value_to_html(value, {}),
            "notes": [import_texts.note_text(self.env, note) for note in result.notes],
            **self._result_values(result, done),
        })

    @api.model
    def _listed_reasons(self, counts, first_rows, label):
        """Return (reason in words, number of rows, numbers of the first ones) of each reason, the most frequent first.

        :param dict counts: {reason: rows}
        :param label: returns the words for a reason
        """
        return [
            (label(reason), count, ", ".join(map(str, first_rows[reason])) + ("…" if count > 5 else ""))
            for reason, count in sorted(counts.items(), key=lambda item: -item[1])
        ]
