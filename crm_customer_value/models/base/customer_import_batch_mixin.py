from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from .number_fields import Integer


class CustomerImportBatchMixin(models.AbstractModel):
    """One import of a file, so that what it brought can be found and deleted together.

    Only imports write these records. They stay when the import is undone, and say so.
    """

    _name = "customer.import.batch.mixin"
    _description = "Import of a File That Brought Something"
    _order = "id desc"

    # The model of what an import brings, which has the field ``batch_id``, and the form that asks before an undo.
    _brought_model = None
    _undo_view = None

    name = fields.Char("File", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    row_count = Integer("Rows in the File", readonly=True)
    undone_date = fields.Datetime("Undone on", readonly=True)
    undone_uid = fields.Many2one("res.users", "Undone by", readonly=True)

    @api.depends("name", "create_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for batch in self:
            batch.display_name = self.env._(
                "%(file)s, imported on %(date)s",
                file=batch.name or self.env._("File without a name"),
                date=format_datetime(self.env, batch.create_date, dt_format="short"),
            )

    # ---- what each kind of import says -------------------------------------------------

    def _protected_text(self, protected, found):
        """Return why nothing is deleted: the user may not delete ``protected`` of the ``found`` records."""
        raise NotImplementedError

    def _nothing_left_text(self):
        """Return why there is nothing to undo."""
        raise NotImplementedError

    def _undone_text(self, brought, customers):
        """Return how many records, of how many customers, were deleted."""
        raise NotImplementedError

    def _locked_text(self, company):
        """Return that another import or undo is under way."""
        raise NotImplementedError

    # ---- buttons -----------------------------------------------------------------------

    def action_ask_undo(self):
        """Say what an undo deletes, and ask whether to go on."""
        self.ensure_one()
        self._check_undo()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo Import"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref(self._undo_view).id, "form")],
            "target": "new",
        }

    def action_undo(self):
        """Delete everything that this import brought, or nothing."""
        self.ensure_one()
        self._check_undo()
        brought, customers = self._undo()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self._undone_text(brought, customers),
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ---- undo --------------------------------------------------------------------------

    def _check_undo(self):
        """Raise when the user may not undo imports, or not this one."""
        self.check_access("read")
        self.env[self._brought_model].check_access("unlink")

    def _undo(self):
        """Delete what this import brought; return the number of records and that of their customers.

        :raise AccessError: when the user may not delete one of those they see
        :raise UserError: when there are none
        """
        self._lock(self.company_id)
        brought = self.env[self._brought_model]
        domain = Domain("batch_id", "=", self.id)
        found = brought.search_count(domain)
        if not found:
            raise UserError(self._nothing_left_text())
        # As unlink() asks, but in the database: the records they see, and of these the ones they may delete.
        domain = Domain("id", "in", brought._search(domain))
        domain &= Domain(self.env["ir.rule"]._compute_domain(brought._name, "unlink"))
        # sudo: a rule may look at what the user does not see.
        deletable = brought.sudo()
        protected = found - deletable.search_count(domain)
        if protected:
            raise AccessError(self._protected_text(protected, found))
        deleted = brought._delete_by_query(deletable._search(domain))
        # sudo: nobody writes these records by hand.
        self.sudo().write({"undone_date": fields.Datetime.now(), "undone_uid": self.env.uid})
        return deleted

    @api.model
    def _lock(self, company):
        """Let only one import or undo of a company write at a time; the lock ends with the transaction."""
        self.env.cr.execute(SQL(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", self._name.removesuffix(".batch"), company.id
        ))
        if not self.env.cr.fetchone()[0]:
            raise UserError(self._locked_text(company))
