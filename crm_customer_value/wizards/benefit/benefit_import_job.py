"""One import of measurements, from the file to the result; used by the wizard and without it."""

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches

from odoo import fields
from odoo.exceptions import UserError

from ...engine.benefit import import_staging as staging
from ...engine.benefit import import_values as values
from ...engine.benefit.import_columns import map_columns
from ...engine.source_file import products
from ...models.base.number_fields import LARGEST_RESULT
from ...models.benefit.customer_benefit_record import LONGEST_YEARS
from ..base import import_job
from . import benefit_import_texts as texts

OPTIONS = {
    **import_job.OPTIONS,
    "check_doubtful": False,  # doubtful values are said to be right; otherwise somebody has to check them first
}
# Names of metrics that are offered for one that is unknown, and how alike they have to be.
NEAR_NAMES = 3
NEARNESS = 0.6
# Unknown names for which others are looked for: with a wrong column, a file has one in each row.
NEAR_SEARCHES = 50


@dataclass
class ImportResult(import_job.ImportResult):
    """What an import of measurements did, or a dry run would do."""

    customers: int = 0  # whose measurements are imported
    gain: float | None = None  # in company currency, of the imported rows that count without a doubt; None: no such row
    doubtful: dict = field(default_factory=dict)  # {doubt: number of imported rows}, see ``engine.benefit.gain.doubt``
    doubtful_rows: dict = field(default_factory=dict)  # {doubt: numbers of its first rows}


class BenefitImportJob(import_job.ImportJob):
    """Reads one file of measurements for one company."""

    OPTIONS = OPTIONS
    READ_FIELDS = {
        **import_job.READ_FIELDS,
        "res.currency.rate": ("name", "rate", "currency_id", "company_id"),
        "customer.benefit.metric": (
            "name", "unit", "direction", "money_per_unit", "currency_id", "period", "typical_min", "typical_max",
        ),
        "customer.benefit.goal": (
            "company_id", "commercial_partner_id", "metric_id", "product_id", "baseline", "date_start", "date_target",
            "is_proposal", "active",
        ),
        "customer.benefit.record": (
            "company_id", "commercial_partner_id", "metric_id", "product_id", "date_from", "date_to", "value", "unit",
            "baseline",
        ),
    }
    ROW_COLUMNS = values.COLUMNS
    ROW_READER = values.MeasurementReader
    TABLES = staging.TABLES
    NUMBER_FIELDS = values.NUMBER_FIELDS
    DATE_FIELDS = values.DATE_FIELDS
    FILE_ERRORS = texts.FILE_ERRORS
    RESULT = ImportResult

    def __init__(self, env, company, source, options=None):
        super().__init__(env, company, source, options)
        # {name of a metric that is unknown: names like it}
        self.near = {}

    def _map_columns(self, headers):
        return map_columns(headers)

    def field_label(self, name):
        return texts.field_label(self.env, name)

    def row_text(self, row):
        return texts.row_text(self.env, row, self.near.get(row["metric"], ()))

    def _check_own_columns(self):
        """Raise if a measurement cannot be made of the columns."""
        for name in ("metric", "value"):
            if name not in self.columns:
                raise UserError(self.env._(
                    "Choose the column that means: %(field)s.", field=self.field_label(name)
                ))
        if "month" not in self.columns and not {"date_from", "date_to"} <= set(self.columns):
            raise UserError(self.env._(
                "Choose the column that means: %(month)s. Or choose the columns that mean: %(first)s, %(last)s.",
                month=self.field_label("month"), first=self.field_label("date_from"), last=self.field_label("date_to"),
            ))

    def _settings(self):
        return values.Settings(
            columns=self._positions(),
            date_order=self.date_order,
            decimal=self.decimal,
            last_day=self._last_day(),
            longest_years=LONGEST_YEARS,
            language=self.language,
        )

    def _last_day(self):
        # As for records that are entered by hand: whose day has begun already may measure it.
        return max(self.env["customer.benefit.goal"]._today(self.company), fields.Date.context_today(self.company))

    def _scope(self):
        # sudo: the company's own settings; whoever imports may read only the companies they work for.
        company = self.company.sudo()
        return staging.StagingScope(
            company_id=company.id,
            company_ids=company.parent_ids.ids,
            root_company_id=company.root_id.id,
            currency_id=company.currency_id.id,
            rounding=company.currency_id.rounding,
            match_order=tuple(dict.fromkeys(self.options["match_order"])),
            has_products="product" in self.columns,
            largest_gain=LARGEST_RESULT,
            longest_days=366 * LONGEST_YEARS,
        )

    def _judge(self):
        cr, scope = self.env.cr, self._scope()
        if scope.has_products:
            products.find_products(cr, scope, self._visible("product.product"))
        staging.load_metrics(cr, list(self._meanings(staging.read_metrics(cr))))
        staging.gather_records(cr, scope)

    def _meanings(self, named):
        """Yield what names of metrics mean: see ``import_staging.load_metrics``.

        :param named: pairs of metric and unit, as the file writes them
        """
        metrics = self.env["customer.benefit.metric"].search([("company_id", "in", (False, self.company.id))])
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        by_name = defaultdict(lambda: self.env["customer.benefit.metric"])
        for lang in languages:
            for metric in metrics.with_context(lang=lang):
                for name in (metric.name, metric.display_name):
                    by_name[values.folded(name)] |= metric.with_env(self.env)
        units = {metric: metric._units() for metric in metrics}
        for name, unit in named:
            found, folded = by_name[values.folded(name)], values.folded(unit or "")
            if len(found) > 1:
                found = found.filtered(lambda metric, folded=folded: folded in units[metric]) or found
            if len(found) == 1:
                same = not folded or folded in units[found]
                yield name, unit, found.id, None, found.unit if same else unit, same
            else:
                self._note_near(name, by_name, found)
                yield name, unit, None, "metrics" if found else "metric", unit, False

    def _note_near(self, name, by_name, found):
        """Note which metrics are written like one that is unknown."""
        if not found:
            # Asking for a name that is not there has made an entry of it.
            del by_name[values.folded(name)]
            if name not in self.near and len(self.near) < NEAR_SEARCHES:
                near = get_close_matches(values.folded(name), by_name, NEAR_NAMES, NEARNESS)
                self.near[name] = list(dict.fromkeys(metric.name for key in near for metric in by_name[key]))

    def _judged_sql(self):
        return staging.judged_sql()

    def _count(self):
        cr, result = self.env.cr, super()._count()
        result.customers, gain = staging.count_records(cr)
        result.gain = None if gain is None else float(gain)
        for doubt, (rows, first) in staging.count_doubts(cr).items():
            result.doubtful[doubt] = rows
            result.doubtful_rows[doubt] = first
        return result

    # ---- writing -----------------------------------------------------------------------

    def _store(self, file_name, now, result):
        if not result.imported:
            return
        # sudo: the program notes whose records are being saved.
        self.env["customer.benefit.lock"].sudo()._take(
            (self.company.id, partner_id) for partner_id in staging.customers_to_write(self.env.cr)
        )
        result.batch_id = self._create_batch(file_name, result)
        result.imported, partner_ids, goal_ids = staging.store(
            self.env.cr, self._scope(), self.env.uid, now, result.batch_id, self.options["check_doubtful"]
        )
        self.env["customer.benefit.record"]._follow_bulk(partner_ids, goal_ids, self.company.id)

    def _create_batch(self, file_name, result):
        """Create the record of this import; return its id."""
        # sudo: only imports write such records.
        return self.env["customer.benefit.import.batch"].sudo().create({
            "name": file_name,
            "company_id": self.company.id,
            "row_count": result.rows,
            "imported_count": result.imported,
            "doubtful_count": sum(result.doubtful.values()),
        }).id

    def lock(self):
        self.env["customer.benefit.import.batch"]._lock(self.company)
