import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

# Fields that only serve the program.
LEFT_OUT = {"id", "message_main_attachment_id", "access_token"}


class CustomerBenefitPrivacy(models.TransientModel):
    """Gives a customer, or takes from the database, what is kept about them: needs, gains, and more in other rooms."""

    _name = "customer.benefit.privacy"
    _description = "What Is Kept about a Customer: Export and Deletion"
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
            wizard.display_name = self.env._("What is kept about %(name)s", name=wizard.partner_id.name or "")

    @api.depends("partner_id")
    def _compute_found(self):
        for wizard in self:
            found = wizard._counted(wizard._kept_all())
            facts = dict.fromkeys(
                label for contact in wizard._contacts() for label in wizard._told_on_contact(contact)
            )
            if facts:
                found.append(self.env._("On the contact: %(facts)s", facts=", ".join(facts)))
            wizard.found = "\n".join(found)

    @api.model
    def _kept_models(self):
        """Return what is kept in records of its own: {model: its name for people}, in the order in which it is told.

        Extension point. Each model has a ``partner_id`` and stores its ``commercial_partner_id``; the link is no
        ``cascade``, so that Odoo's search for personal data finds it. It is deleted in the opposite order.
        """
        return {
            "customer.need": self.env._("Needs and objections"),
            "customer.benefit.goal": self.env._("Goals"),
            "customer.benefit.record": self.env._("Measurements"),
        }

    def _contacts(self):
        """Return the contacts that this is about, archived ones too (one wizard)."""
        partner = self.partner_id
        if partner != partner.commercial_partner_id:
            return partner
        return partner.with_context(active_test=False).search([("commercial_partner_id", "=", partner.id)])

    def _kept_on_contact(self, contact):
        """Return what is kept on a contact itself: {label: text or list of texts}. Extension point."""
        return {}

    def _erase_on_contacts(self, contacts):
        """Take away what :meth:`_kept_on_contact` tells. Extension point."""

    def _stays_on_contact(self, contact):
        """Return what is told of a contact, but stays: {label: text}, as that they want no mail. Extension point."""
        return {}

    def _told_on_contact(self, contact):
        """Return all that is told of a contact itself: {label: text or list of texts}."""
        return self._kept_on_contact(contact) | self._stays_on_contact(contact)

    def _kept_all(self):
        """Return {model: records} of everything that is kept and that the user may read (one wizard)."""
        return {model: self._kept(model) for model in self._kept_models()}

    def _counted(self, kept):
        """Return how much there is of each kind, as texts."""
        labels = self._kept_models()
        return [f"{labels[model]}: {len(records)}" for model, records in kept.items()]

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
            "export_name": self.env._("%(name)s - personal data.json", name=self.partner_id.name),
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
        kept, contacts = self._kept_all(), self._contacts()
        on_contacts = contacts.filtered(self._kept_on_contact)
        if not any(kept.values()) and not on_contacts:
            raise UserError(self.env._("Nothing is kept about this contact. There is nothing to delete."))
        for records in reversed(kept.values()):
            # sudo: some of it is nobody's to delete one by one. All of it the user may read.
            records.sudo().unlink()
        self._erase_on_contacts(on_contacts)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "Deleted: %(kinds)s.",
                    kinds=", ".join(self._counted({model: records for model, records in kept.items() if records}))
                    or self.env._("what was kept on the contact"),
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
            **({"contacts": contacts} if (contacts := self._export_contacts()) else {}),
            **{
                self.env["ir.model"]._get(model).name: self._export_records(records)
                for model, records in self._kept_all().items()
            },
        }

    def _export_contacts(self):
        """Return what is kept on contacts themselves: [{"contact": name, label: text or list of texts}]."""
        return [
            {"contact": contact.display_name, **kept}
            for contact in self._contacts() if (kept := self._told_on_contact(contact))
        ]

    def _export_records(self, records):
        """Return what records say, {name of the field: value}, with their lines, messages and attachments."""
        models = self._kept_models()
        lines = {
            name: field._description_string(self.env) for name, field in records._fields.items()
            if field.type == "one2many" and field.comodel_name.startswith("customer.")
            and field.comodel_name not in models
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
                # sudo: whoever may read a record may read the names of what it leads to, as on its form.
                value = record[name].sudo() if field.type == "many2one" else record[name]
                told[name if label in told else label] = field.convert_to_export(value, record)
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
