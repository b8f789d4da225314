from odoo import api, fields, models

from ...engine.contact import silence
from ...engine.value import pipeline
from ...engine.value.recompute import Step

# What the statement reads, so that it is in the database before. Only logged contacts mark a customer: all else happens
# often, and is found by the nightly recompute.
READ = {
    "calendar.attendee": ("event_id", "partner_id", "state"),
    "calendar.event": ("active", "allday", "partner_ids", "start", "start_date", "stop"),
    "customer.contact.log": ("commercial_partner_id", "company_id", "date", "direction"),
    "mail.activity": ("active", "activity_type_id", "date_done", "res_id", "res_model"),
    "mail.activity.type": ("category",),
    "mail.message": ("author_id", "date", "is_internal", "message_type", "record_company_id"),
    "mail.notification": ("mail_message_id", "notification_status", "notification_type", "res_partner_id"),
    "res.partner": ("commercial_partner_id", "partner_share"),
    "res.users": ("partner_id", "share"),
}


class CustomerValueRun(models.Model):
    """A run looks when customers and we were last in touch."""

    _inherit = "customer.value.run"

    phase = fields.Selection(selection_add=[("contacts", "Looking for the last contacts")])
    messages_seen = fields.Json(readonly=True, help="The last message and notification that this run found.")

    def _steps(self):
        """Note when everybody was last in touch, unless the values are of an earlier day."""
        steps = super()._steps()
        if fields.Date.to_string(self.as_of) >= (self.lifecycle or {}).get("newest", ""):
            steps.append(Step("contacts", self._refresh_contacts, batches=1, tables=False))
        return steps

    def _refresh_contacts(self, recompute, batch):
        """Bring the days of the last contacts of a batch of customers up to what Odoo knows."""
        for model, names in READ.items():
            self.env[model].flush_model(names)
        for model in self._called_documents():
            self.env[model].flush_model(["partner_id", "company_id"])
        self.env["customer.value"].flush_model(["company_id", "partner_id", *silence.COLUMNS])
        documents = {model: self.env[model]._table for model in self._called_documents()}
        statement = silence.refresh_sql(
            recompute.scope(**batch), documents, fields.Datetime.now(), self.env.uid,
            # Of customers who changed, messages may have come or gone with their contacts.
            self._seen_before() if recompute.bulk else None,
        )
        with pipeline.planned(self.env.cr, bulk=False):
            self.env.cr.execute(statement)
            written = self.env["customer.value"].browse(row[0] for row in self.env.cr.fetchall())
        written.invalidate_recordset([*silence.COLUMNS])

    def _seen_before(self):
        """Return what the full run before had seen when it began with this, or None; note what this run sees."""
        if not self.messages_seen:
            self.env.cr.execute(silence.SEEN_SQL)
            self.messages_seen = self.env.cr.fetchone()
        before = self.search(
            [
                ("company_id", "=", self.company_id.id), ("kind", "=", "full"), ("state", "=", "done"),
                ("messages_seen", "!=", False),
            ],
            order="completion desc", limit=1,
        )
        return silence.Seen(*before.messages_seen) if before else None

    @api.model
    def _called_documents(self):
        """Return the models of documents, beside contacts, that calls with their ``partner_id`` are planned on.

        Extension point. Each of them has a ``company_id``, too.
        """
        return ["crm.lead", "sale.order"]
