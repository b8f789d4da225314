from collections import defaultdict

from odoo import api, models
from odoo.api import NewId
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.models import LOG_ACCESS_COLUMNS


class CustomerLinkMixin(models.AbstractModel):
    """A record that names others: whoever names them has to be allowed to read them.

    A link shows the name of what it leads to to everybody who may read the record it is written in. Without
    this check, a user could find out the names of orders or complaints of others by writing numbers into links.
    """

    _name = "customer.link.mixin"
    _description = "Record with Checked Links"

    @api.model
    def _link_fields(self):
        """Return the names of the fields that are checked: all stored links, unless a model of Odoo says less."""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many") and field.store and name not in LOG_ACCESS_COLUMNS
        ]

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_new_links(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_readable([vals])
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """Name nothing in a form that is not saved yet, either."""
        if not self.env.su:
            if self:
                self._check_readable([values])
            else:
                self._check_new_links([values])
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_new_links(self, vals_list):
        """Raise when a new record would name what the user may not read."""
        # A context and the user's own defaults name records, too.
        defaults = self.default_get(self._link_fields())
        self._check_readable([{**defaults, **vals} for vals in vals_list])

    def _check_readable(self, vals_list):
        """Raise when a link is written to a record that the user may not read, without a word about that record.

        What these records name already stays as it is, whoever wrote it.
        """
        named = defaultdict(set)
        for name in self._link_fields():
            kept = None
            for vals in vals_list:
                # The id of a new record is false, also where it stands for a stored one.
                if not vals.get(name) and not isinstance(vals.get(name), NewId):
                    continue
                if kept is None:
                    # sudo: only which records are named already.
                    kept = set.intersection(*(set(record[name].ids) for record in self.sudo())) if self else set()
                named[name].update(set(self._named_ids(name, vals[name])) - kept)
        for name, ids in named.items():
            linked = self.env[self._fields[name].comodel_name].browse(ids)
            if len(linked.exists()._filtered_access("read")) < len(linked):
                raise AccessError(self.env._(
                    "You have no access to the record that you chose as “%(field)s”. Choose another one, or ask a "
                    "colleague who has access to enter it.",
                    field=self._fields[name]._description_string(self.env),
                ))

    @api.model
    def _named_ids(self, name, value):
        """Return the ids of the records that a value written to a link leads to."""
        if isinstance(value, models.BaseModel):
            return value.ids
        if self._fields[name].type == "many2one":
            identifier = value[0] if isinstance(value, tuple) else value
            if isinstance(value, dict):
                # The ORM takes this for a new record, and shows the one of that id in its place.
                identifier = value.get("id")
            if isinstance(identifier, NewId):
                # What it makes of such a dictionary that is a default of the context.
                identifier = identifier.origin
            return [identifier] if type(identifier) is int else []
        ids = []
        for command in value:
            if type(command) is int:
                ids.append(command)
            elif command[0] in (Command.LINK, Command.UPDATE):
                ids.append(command[1])
            elif command[0] == Command.SET:
                ids.extend(command[2])
        return ids

    def _check_company(self, fnames=None):
        """Name no record of another company that the user may not read."""
        try:
            return super()._check_company(fnames)
        except UserError:
            if self.env.su:
                raise
            for name in self._link_fields():
                # sudo: what the user may not read has to be found, to be left unnamed.
                linked = self.sudo()[name].sudo(False)
                if linked._filtered_access("read") != linked:
                    raise UserError(self.env._(
                        "The record in “%(field)s” belongs to another company. Clear the field, or choose a record of "
                        "the same company.",
                        field=self._fields[name]._description_string(self.env),
                    )) from None
            raise
