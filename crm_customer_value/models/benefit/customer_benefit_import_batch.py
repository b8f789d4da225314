from odoo import api, fields, models
from odoo.tools.misc import format_amount, format_datetime

from ..base.number_fields import Integer, Monetary


class CustomerBenefitImportBatch(models.Model):
    """One import that brought measurements, so that they can be found and deleted together."""

    _name = "customer.benefit.import.batch"
    _description = "Import That Brought Measurements"
    _inherit = ["customer.import.batch.mixin"]

    _brought_model = "customer.benefit.record"
    _undo_view = "crm_customer_value.customer_benefit_import_batch_view_form_undo"

    currency_id = fields.Many2one(related="company_id.currency_id")
    imported_count = Integer("Measurements Imported", readonly=True)
    doubtful_count = Integer("Doubtful Measurements", readonly=True, help="Imported ones whose value is implausible.")
    record_ids = fields.One2many("customer.benefit.record", "batch_id", "Measurements", readonly=True)
    record_count = Integer(
        "Measurements Now", compute="_compute_records", help="Without those that were deleted since."
    )
    customer_count = Integer("Customers", compute="_compute_records")
    to_check_count = Integer(
        "Measurements to Check", compute="_compute_records",
        help="Doubtful measurements that count only when somebody says that they are right.",
    )
    judged_count = Integer(
        "Judged by Customers", compute="_compute_records", help="Measurements that customers confirmed or contested."
    )
    gain = Monetary(compute="_compute_records", help="What customers gained by the measurements that count.")
    undo_text = fields.Text("What Undo Does", compute="_compute_undo_text")

    @api.depends("record_ids.commercial_partner_id", "record_ids.gain", "record_ids.counts", "record_ids.state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_records(self):
        records = self.env["customer.benefit.record"]
        mine = [("batch_id", "in", self.ids)]
        found = {
            batch: sums for batch, *sums in records._read_group(
                mine, ["batch_id"], ["__count", "commercial_partner_id:count_distinct"]
            )
        }
        to_check, judged, gain = (
            dict(records._read_group([*mine, *domain], ["batch_id"], [aggregate])) for domain, aggregate in (
                ([("doubt", "!=", False), ("is_checked", "=", False)], "__count"),
                ([("state", "!=", "reported")], "__count"),
                ([("counts", "=", True)], "gain:sum"),
            )
        )
        for batch in self:
            batch.record_count, batch.customer_count = found.get(batch, (0, 0))
            batch.to_check_count, batch.judged_count = to_check.get(batch, 0), judged.get(batch, 0)
            batch.gain = gain.get(batch) or 0.0

    @api.depends("record_count", "customer_count", "gain", "judged_count")
    @api.depends_context("lang")
    def _compute_undo_text(self):
        for batch in self:
            lines = [self.env._(
                "Measurements to delete: %(records)s. Their customers: %(customers)s. What these gained by them: "
                "%(gain)s.",
                records=batch.record_count, customers=batch.customer_count,
                gain=format_amount(self.env, batch.gain, batch.currency_id),
            )]
            if batch.judged_count:
                lines.append(self.env._(
                    "Measurements that customers confirmed or contested: %(number)s. They are deleted, too.",
                    number=batch.judged_count,
                ))
            lines.append(self.env._("You can import the file again afterwards."))
            batch.undo_text = "\n".join(lines)

    # ---- buttons -----------------------------------------------------------------------

    def action_open_records(self):
        """Show the records of this import."""
        self.ensure_one()
        self.check_access("read")
        return self._open_records([])

    def action_open_to_check(self):
        """Show the records of this import that somebody has to check."""
        self.ensure_one()
        self.check_access("read")
        return self._open_records([("doubt", "!=", False), ("is_checked", "=", False)])

    def _open_records(self, domain):
        """Return the action that shows records of these imports."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported Measurements"),
            "res_model": "customer.benefit.record",
            "view_mode": "list,form",
            "domain": [("batch_id", "in", self.ids), *domain],
        }

    # ---- undo --------------------------------------------------------------------------

    def _protected_text(self, protected, found):
        return self.env._(
            "You are not allowed to delete %(number)s of the %(total)s measurements of this import, so none was "
            "deleted. Ask an administrator to undo the import.",
            number=protected, total=found,
        )

    def _nothing_left_text(self):
        if self.undone_date:
            return self.env._(
                "%(user)s undid this import on %(date)s. None of its measurements is left.",
                # sudo: the name of a colleague.
                user=self.sudo().undone_uid.name,
                date=format_datetime(self.env, self.undone_date, dt_format="short"),
            )
        return self.env._("None of the measurements of this import is left. There is nothing to undo.")

    def _undone_text(self, brought, customers):
        return self.env._(
            "Measurements deleted: %(records)s. Their customers: %(customers)s.", records=brought, customers=customers
        )

    def _locked_text(self, company):
        return self.env._(
            "Another import of measurements for %(company)s is under way. Try again when it has ended.",
            company=company.name,
        )
