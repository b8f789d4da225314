from odoo import api, models
from odoo.tools import frozendict


class CustomerValueSource(models.AbstractModel):
    """A model whose records say something about customers: when one changes, its customers are marked for a recompute.

    It names the fields that the SQL of a recompute reads, once for both things that follow from it: they are in the
    database before they are read, and writing one marks. Each class that extends a model names fields of its own.
    """

    _name = "customer.value.source"
    _description = "Source of Customer Values"

    # Fields that the SQL reads, and that mark when they are written.
    _value_reads = frozenset()
    # Further fields that mark when they are written: what the fields above are computed from.
    _value_marks = frozenset()
    # {field: why}: fields that the SQL reads as well, and that mark nobody when they are written.
    _value_silent = frozendict()
    # What happens to a record that marks.
    _value_events = frozenset(("create", "write", "unlink"))

    def _value_customers(self):
        """Yield whom these records say something about: (contacts, the company for which, or None for every one)."""
        raise NotImplementedError

    @api.model
    def _value_fields(self, *names):
        """Return the fields that all classes of this model name in some of the attributes above."""
        return frozenset().union(*(vars(cls).get(name, ()) for cls in type(self).mro() for name in names))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if "create" in self._value_events:
            records._mark_customers()
        return records

    def write(self, vals):
        """Mark before and after: when a document goes from one customer to another, both are concerned."""
        marking = self._value_fields("_value_reads", "_value_marks") if "write" in self._value_events else frozenset()
        if not marking & vals.keys():
            return super().write(vals)
        self._mark_customers()
        result = super().write(vals)
        self._mark_customers()
        return result

    def unlink(self):
        if "unlink" in self._value_events:
            self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Note that the values of the customers behind these records have to be recomputed."""
        for contacts, company in self._value_customers():
            self.env["customer.value.mark"]._mark(contacts, company)
