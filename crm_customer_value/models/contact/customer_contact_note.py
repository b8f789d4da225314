from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerContactNote(models.Model):
    """Something that everybody who meets a customer should know, pinned on the contact."""

    _name = "customer.contact.note"
    _description = "What to Know about a Customer"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "date desc, id desc"
    _rec_name = "text"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    text = fields.Text("What to Know", required=True)
    user_id = fields.Many2one(
        "res.users", "Written by", required=True, readonly=True, default=lambda self: self.env.user, copy=False
    )
    date = fields.Date(
        "Written on", required=True, readonly=True, default=fields.Date.context_today, copy=False
    )
    active = fields.Boolean(default=True)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"company_id", "partner_id", "text", "active"}

    @api.constrains("text")
    def _check_text(self):
        if any(not note.text.strip() for note in self):
            raise ValidationError(self.env._("Write what others should know: one line is enough."))

    def write(self, vals):
        """Name whoever wrote the words that are there now, or says of whom they are, and not those before."""
        result = super().write(vals)
        said = self if "text" in vals else self.browse()
        if "partner_id" in vals and not self.env.su:
            said |= self.filtered(lambda note: note.user_id != self.env.user)
        if said:
            # sudo: who wrote it and when is for the program to note.
            said.sudo().write({"user_id": self.env.uid, "date": fields.Date.context_today(self)})
        return result

    @api.model
    def _action_dialog(self, context, note=None):
        """Return the small dialog of a new note, or of a stored one."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What to Know"),
            "res_model": self._name,
            "res_id": note and note.id,
            "views": [(self.env.ref("crm_customer_value.customer_contact_note_view_form_note").id, "form")],
            "target": "new",
            "context": context,
        }

    def action_change(self):
        """Open this note to change it."""
        self.ensure_one()
        self.check_access("write")
        return self._action_dialog({}, self)

    def action_take_off(self):
        """Archive notes that are true no more."""
        self.active = False
        return {"type": "ir.actions.act_window_close"}
