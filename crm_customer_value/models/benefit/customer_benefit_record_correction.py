"""What a record said before it was corrected is kept, and what was said of the old value holds no more."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What a correction keeps the old value of. All of them change what the gain is, or whose it is.
CORRECTED = ("value", "baseline", "unit", "date_from", "date_to", "metric_id", "partner_id")


class CustomerBenefitRecord(models.Model):
    _inherit = "customer.benefit.record"

    correction_reason = fields.Char(
        "Reason for the Correction", store=False, copy=False,
        help="Why the record is corrected. It is kept with what the record said before.",
    )
    is_corrected = fields.Boolean(compute="_compute_is_corrected")
    is_baseline_changed = fields.Boolean(compute="_compute_is_corrected")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"correction_reason"}

    @api.depends(*CORRECTED)
    def _compute_is_corrected(self):
        """Tell in a form what has been changed and not been saved yet."""
        for record in self:
            before = record._origin
            record.is_corrected = bool(before) and any(
                record._corrected_value(name) != before._corrected_value(name) for name in CORRECTED
            )
            record.is_baseline_changed = (
                bool(before) and before.baseline is not False and record.baseline != before.baseline
            )

    def write(self, vals):
        names = [name for name in CORRECTED if name in vals]
        before = {record: {name: record._corrected_value(name) for name in names} for record in self} if names else {}
        result = super().write(vals)
        self._note_corrections(before, (vals.get("correction_reason") or "").strip())
        return result

    def _note_corrections(self, before, reason):
        """Keep what these records said, and take back what was said of it.

        :param before: {record: {field: value}}
        """
        changes = [
            (record, name, old)
            for record, values in before.items() for name, old in values.items()
            if record._corrected_value(name) != old
        ]
        if not changes:
            return
        for record, name, old in changes:
            if name == "baseline" and old is not False and not reason:
                raise ValidationError(self.env._(
                    "What a customer started from changes only with a reason. Enter the reason for the new baseline of "
                    "“%s”.", record.display_name,
                ))
        # sudo: what was when is for the program to note; who corrects a record may do so.
        self.env["customer.benefit.correction"].sudo().create([
            {
                "record_id": record.id, "field": name, "old": self._correction_text(old),
                "new": self._correction_text(record._corrected_value(name)), "reason": reason or False,
            }
            for record, name, old in changes
        ])
        # sudo: as above. That a value was plausible, or that the customer confirmed it, was said of the old one.
        corrected = self.union(*(record for record, _name, _old in changes)).sudo()
        corrected._take_back_checks()
        corrected.filtered(lambda record: record.state == "confirmed").write({"state": "reported"})

    def _corrected_value(self, name):
        """Return what a field says, as something to compare (one record)."""
        value = self[name]
        return value._origin if isinstance(value, models.BaseModel) else value

    def _correction_text(self, value):
        """Return a value as people read it in the list of corrections, or False for none."""
        if value is False:
            return False
        if isinstance(value, models.BaseModel):
            return value.display_name
        return f"{value:.12g}" if isinstance(value, float) else str(value)
