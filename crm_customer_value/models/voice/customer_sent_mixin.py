from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import mute_logger


class CustomerSentMixin(models.AbstractModel):
    """Something that customers send by a form of the portal: the same form sent twice makes one record.

    The model itself has a unique index on ``portal_key``, which decides of two forms of the same moment.
    """

    _name = "customer.sent.mixin"
    _description = "Sent by a Form of the Portal"

    portal_key = fields.Char(
        readonly=True, copy=False, groups="base.group_system", help="The form this was sent with."
    )

    @api.model
    def _send_once(self, values, key):
        """Create a record from a form of the portal; the same form sent twice makes one.

        :param key: the form's own mark
        :return: the record, or none when this form was sent before: see _find_sent
        """
        try:
            # A double click sends both at the same moment: the index decides, not a look before.
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create({**values, "portal_key": key})
        except UniqueViolation:
            return self.browse()

    @api.model
    def _find_sent(self, key):
        """Return the record that the user made by the form with this mark, as superuser, or nothing."""
        # sudo: the mark of a form is not for reading; only what the same user has sent is searched.
        records = self.sudo()
        if not key:
            return records
        return records.search([("portal_key", "=", key), ("create_uid", "=", self.env.uid)], limit=1)
