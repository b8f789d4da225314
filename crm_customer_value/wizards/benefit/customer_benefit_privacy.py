import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

# What there is of a customer in this room, in the order in which it is told and deleted.
MODELS = ("customer.benefit.record", "customer.benefit.goal", "customer.need")
# Fields that only serve the program.
LEFT_OUT = {"id", "message_main_attachment_id", "access_token"}


class CustomerBenefitPrivacy(models.TransientModel):
    """Gives a customer, or takes from the database, what is kept about their needs and gains."""

    _name = "customer.benefit.privacy"
    _description = "Needs and Gains of a Customer: Export and Deletion"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade",
        help="For a customer as a whole, what is kept of all their contacts belongs to it.",
    )
    found = fields.Text("What Is Kept", compute="_compute_found")
    export_file = fields.Binary("File", readonly=True, copy=False)
    export_name = fields.Char(readonly=True, copy=False)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"partner_id"}

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Needs and Gains of %(name)s", name=wizard.partner_id.name or "")

    @api.depends("partner_id")
    def _compute_found(self):
        for wizard in self:
            records, goals, needs = (len(wizard._kept(model)) for model in MODELS)
            wizard.found = self.env._(
                "Needs and objections: %(needs)s\nGoals: %(goals)s\nMeasurements: %(records)s",
                needs=needs, goals=goals, records=records,
            )

    def _kept(self, model):
        """Return the records of a model that are about this contact, archived ones too (one wizard)."""
        partner = self.partner_id
        field = "commercial_partner_id" if partner == partner.commercial_partner_id else "partner_id"
        return self.env[model].with_context(active_test=False).search([(field, "=", partner.id)])

    # ---- buttons -----------------------------------------------------------------------

    def action_export(self):
        """Download everything that is kept, as one file."""
        self.ensure_one()
        content = json.dumps(self._export(), ensure_ascii=False, indent=2, default=str)
        # sudo: the file is made by the program, and is nobody's to write.
        self.sudo().write({
            "export_file": base64.b64encode(content.encode()),
            "export_name": self.env._("%(name)s - needs and gains.json", name=self.partner_id.name),
        })
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file?download=true&filename_field=export_name",
            "target": "download",
        }

    def action_erase(self):
        """Delete everything that is kept, with its messages and attachments."""
        self.ensure_one()
        self.check_access("read")
        kept = [self._kept(model) for model in MODELS]
        if not any(kept):
            raise UserError(self.env._("Nothing is kept about this contact. There is nothing to delete."))
        for records in kept:
            records.unlink()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "Deleted: %(needs)s needs, %(goals)s goals, %(records)s measurements.",
                    needs=len(kept[2]), goals=len(kept[1]), records=len(kept[0]),
                ),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # ---- what the file says ------------------------------------------------------------

    def _export(self):
        """Return everything that is kept as a dict of texts, numbers and lists (one wizard)."""
        self.check_access("read")
        return {
            "customer": self.partner_id.display_name,
            "exported": fields.Datetime.to_string(fields.Datetime.now()),
            **{
                self.env["ir.model"]._get(model).name: self._export_records(self._kept(model))
                for model in reversed(MODELS)
            },
        }

    def _export_records(self, records):
        """Return what records say, {name of the field: value}, with their lines, messages and attachments."""
        lines = {
            name: field._description_string(self.env) for name, field in records._fields.items()
            if field.type == "one2many" and field.comodel_name.startswith("customer.")
            and field.comodel_name not in MODELS
        }
        messages = self._messages(records)
        attachments = self.env["ir.attachment"].search_fetch(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)], ["name", "res_id"]
        ).grouped("res_id")
        return [
            {
                **self._export_fields(record),
                **{label: list(map(self._export_fields, record[name])) for name, label in lines.items()},
                **({"messages": messages[record.id]} if record.id in messages else {}),
                **({"attachments": attachments[record.id].mapped("name")} if record.id in attachments else {}),
            }
            for record in records
        ]

    def _export_fields(self, record):
        """Return the stored fields of a record that say something, as {label: value}."""
        told = {}
        for name, field in record._fields.items():
            if (
                field.store and field.type not in ("one2many", "many2many", "binary") and name not in LEFT_OUT
                and record._has_field_access(field, "read") and record[name] not in (False, None)
            ):
                label = field._description_string(self.env)
                # Of two fields with one label, the second one is told by its name.
                told[name if label in told else label] = field.convert_to_export(record[name], record)
        return told

    def _messages(self, records):
        """Return {id: messages} of records that have a thread: when, who, and what."""
        messages = {}
        if "message_ids" in records._fields:
            for message in self.env["mail.message"].search(
                [("model", "=", records._name), ("res_id", "in", records.ids)], order="id"
            ):
                messages.setdefault(message.res_id, []).append({
                    "date": fields.Datetime.to_string(message.date),
                    "author": message.author_id.display_name or message.email_from or "",
                    "text": html2plaintext(message.body or ""),
                })
        return messages
