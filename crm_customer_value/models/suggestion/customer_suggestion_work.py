"""A suggestion leads to work: an opportunity, and tasks where there are projects."""

from odoo import api, fields, models

from ..voice.html_from_outside import plain_copy


class CustomerSuggestion(models.Model):
    _inherit = "customer.suggestion"

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    # Not by a related field: those are read as superuser, and the opportunity may be a colleague's.
    lead_stage_id = fields.Many2one("crm.stage", "Opportunity Stage", compute="_compute_lead_stage_id")
    complaint_id = fields.Many2one(
        "customer.complaint",
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="Complaint in which the customer made this suggestion.",
    )

    @api.depends("lead_id.stage_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lead_stage_id(self):
        readable = self.lead_id._filtered_access("read")
        for suggestion in self:
            suggestion.lead_stage_id = (suggestion.lead_id & readable).stage_id

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"complaint_id"}

    def action_create_opportunity(self):
        """Make an opportunity of this suggestion, once, and open it."""
        self.ensure_one()
        # Two people who click at the same time get one opportunity.
        self.check_access("write")
        self.lock_for_update()
        if not self.lead_id:
            # sudo: a suggestion leads to the opportunity that is made of it, and to no other.
            self.sudo().lead_id = self.env["crm.lead"].create(self._prepare_opportunity_values())
            self.lead_id.message_post_with_source(
                "mail.message_origin_link",
                render_values={"self": self.lead_id, "origin": self},
                subtype_xmlid="mail.mt_note",
            )
        return self.action_view_opportunity()

    def _prepare_opportunity_values(self):
        """Return the values of the opportunity made of this suggestion."""
        return {
            "name": self.name,
            "type": "opportunity",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id or self.env.uid,
            "description": plain_copy(self.description),
        }

    def action_view_opportunity(self):
        """Open the opportunity made of this suggestion."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(False, "form")],
        }
