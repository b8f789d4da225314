"""Which fields of a record people write, whichever way they ask."""

from odoo import api, models
from odoo.exceptions import AccessError


class CustomerGuardedMixin(models.AbstractModel):
    """A record of which people write the fields that the model names, and no others.

    Everything else says what happened, and is written by the program as superuser. That a field is
    readonly keeps it out of forms only: any client can write it, unless it is refused here. Comes before
    the models of Odoo that a model inherits from, so that none takes a value away before it is looked at.
    """

    _name = "customer.guarded.mixin"
    _description = "Record with Protected Fields"

    @api.model
    def _writable_fields(self):
        """Return the names of the fields that people may write, as a frozenset.

        Extension point: whoever adds a field that people fill in adds its name to those of ``super()``.
        Fields that administrators add on the screen need not be named.
        """
        return frozenset()

    @api.model
    def _is_writable(self, field):
        """Tell whether people may write ``field``."""
        return field.name in self._writable_fields() or (field.manual and not field.readonly)

    @api.model
    def _has_field_access(self, field, operation):
        """Let people write what the model names; the ORM asks for every field of a write or a create."""
        if operation == "write" and not self.env.su and field.name != "id" and not self._is_writable(field):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def default_get(self, fields):
        """Take no default of what nobody writes from a context or from what users set for themselves.

        As superuser too: the program gives what it means to set as values, and context and user may be those of
        whoever called it.
        """
        defaults = super().default_get(fields)
        chosen = {name.removeprefix("default_") for name in self.env.context if name.startswith("default_")}
        chosen.update(self.env["ir.default"]._get_model_defaults(self._name))
        for name in chosen.intersection(defaults, self._fields):
            field = self._fields[name]
            if not self._is_writable(field):
                del defaults[name]
                if field.default:
                    value = field.convert_to_cache(field.default(self), self, validate=False)
                    defaults[name] = field.convert_to_write(value, self)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        given = {name for vals in vals_list for name in vals}
        given.update(key.removeprefix("default_") for key in self.env.context if key.startswith("default_"))
        self._check_written(given)
        return super().create(vals_list)

    def write(self, vals):
        self._check_written(vals)
        self._check_new_company(vals)
        return super().write(vals)

    @api.model
    def _check_written(self, names):
        """Raise when somebody writes what they may not.

        The ORM looks again, but at what is left by then: fields of an e-mail address, for instance, are
        written as superuser before it does.
        """
        if self.env.su:
            return
        for name in names:
            # What is no field at all is refused by the ORM, which drops the number of a record.
            field = self._fields.get(name)
            if field and name != "id" and not self._is_writable(field):
                raise AccessError(self.env._(
                    "The field “%(field)s” of “%(model)s” (%(name)s) is set automatically and cannot be entered by "
                    "hand. Leave it out.",
                    field=field._description_string(self.env),
                    model=self.env["ir.model"]._get(self._name).name,
                    name=f"{self._name}.{name}",
                ))

    def _check_new_company(self, vals):
        """Raise when somebody gives these records to a company that they do not work for."""
        if self.env.su or not vals.get("company_id"):
            return
        company = self.env["res.company"].browse(vals["company_id"])
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work for this company. Choose one of your own companies."))
