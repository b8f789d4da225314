from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.base.number_fields import Integer


class CustomerImportColumnMixin(models.AbstractModel):
    """One column of a file to import, and what it holds.

    Whoever inherits has the fields ``import_id`` and ``meaning``, a selection, besides.
    """

    _name = "customer.import.column.mixin"
    _description = "Column of an Import"
    _inherit = ["customer.guarded.mixin"]
    _order = "sequence, id"

    sequence = Integer()
    header = fields.Char("Column of the File", readonly=True)
    example = fields.Char("First Values", readonly=True, copy=False)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"import_id", "sequence", "header", "meaning"}

    def _mapping(self):
        """Return {meaning: header} of the columns that are used."""
        mapping = {}
        for column in self.filtered("meaning"):
            if column.meaning in mapping:
                raise UserError(self.env._(
                    "The columns “%(first)s” and “%(second)s” cannot both mean “%(meaning)s”. Change one of them.",
                    first=mapping[column.meaning], second=column.header,
                    meaning=dict(self._fields["meaning"]._description_selection(self.env))[column.meaning],
                ))
            mapping[column.meaning] = column.header
        return mapping
