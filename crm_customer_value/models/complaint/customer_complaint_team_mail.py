"""The e-mail address of a complaint team, and how its customers rate it."""

import ast

from odoo import api, fields, models


class CustomerComplaintTeam(models.Model):
    _name = "customer.complaint.team"
    _inherit = ["customer.complaint.team", "rating.parent.mixin"]

    alias_unknown_sender = fields.Selection(
        [
            ("create", "Create a contact"),
            ("unassigned", "Leave without a contact"),
        ],
        string="Unknown Senders",
        required=True,
        default="create",
        help="What to do when a person who is not a contact yet writes to this team. The complaint always keeps the "
        "name and address of the sender.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"alias_unknown_sender"}

    def write(self, vals):
        """Let the address make complaints for the company that the team belongs to."""
        result = super().write(vals)
        if "company_id" in vals:
            for team in self:
                # sudo: whoever manages teams need not manage e-mail addresses.
                team.alias_id.sudo().write(team._alias_get_creation_values())
        return result

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("customer.complaint")
        if self.id:
            values["alias_defaults"] = {
                **ast.literal_eval(self.alias_defaults or "{}"),
                "team_id": self.id,
                "company_id": self.company_id.id,
                "channel": "email",
            }
        return values
