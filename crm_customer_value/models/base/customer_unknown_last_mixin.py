from odoo import models
from odoo.tools import SQL


class CustomerUnknownLastMixin(models.AbstractModel):
    """Sorts what is not known last, whichever way a list is sorted: see number_fields."""

    _name = "customer.unknown.last.mixin"
    _description = "Sorts Unknown Numbers Last"

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if not nulls and getattr(self._fields.get(field_name), "optional", False):
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
