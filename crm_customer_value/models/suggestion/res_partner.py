from odoo import models

from ..base.number_fields import Integer


class ResPartner(models.Model):
    _inherit = "res.partner"

    suggestion_count = Integer(
        compute="_compute_suggestion_count",
        groups="crm_customer_value.group_service_own",
        help="Suggestions of this contact and of the contacts below.",
    )

    def unlink(self):
        """Count out the support of these contacts: the database would drop it behind the suggestions' backs."""
        # sudo: who may delete a contact need not see what it supports.
        self.env["customer.suggestion.support"].sudo().search([("partner_id", "in", self.ids)]).unlink()
        return super().unlink()

    def _compute_suggestion_count(self):
        # One query for all contacts: count by proposer, then add up along the hierarchy.
        below = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        counts = self.env["customer.suggestion"].with_context(active_test=False)._read_group(
            [("partner_id", "in", below.ids)], ["partner_id"], ["__count"]
        )
        self.suggestion_count = 0
        wanted = set(self._ids)
        for partner, count in counts:
            while partner:
                if partner.id in wanted:
                    partner.suggestion_count += count
                partner = partner.parent_id

    def action_view_suggestions(self):
        """Open the suggestions of this contact and of the contacts below."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["suggestion_count"], "read")
        action = self.env["ir.actions.actions"]._for_xml_id("crm_customer_value.customer_suggestion_action")
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {"default_partner_id": self.id, "active_test": False}
        return action
