from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Integer


class ResPartner(models.Model):
    """Who wants to be asked, and what they answered."""

    _inherit = "res.partner"

    feedback_opt_out = fields.Boolean(
        "No Questions", help="This contact does not want to be asked how it was. Nor is anybody else with the same "
        "e-mail address."
    )
    feedback_count = Integer("Answers", compute="_compute_feedback", help="Of the whole customer.")
    feedback_note = fields.Char("Last Answer", compute="_compute_feedback")

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_feedback(self):
        """Count the answers that the user may read, and tell the last one."""
        answers = self.env["customer.feedback"]
        found = {}
        if answers.has_access("read"):
            found = {
                customer: (count, answers.browse(last))
                for customer, count, last in answers._read_group(
                    self._customer_feedback_domain(), ["commercial_partner_id"], ["__count", "id:max"]
                )
            }
        for partner in self:
            count, last = found.get(partner.commercial_partner_id, (0, answers))
            partner.feedback_count = count
            partner.feedback_note = last.score_text

    def _customer_feedback_domain(self):
        """Return the domain of the answers of these customers to the companies one works in."""
        return (
            Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
            & Domain("state", "=", "answered")
            & Domain("company_id", "in", self.env.companies.ids)
        )

    def action_view_feedback(self):
        """Open the answers of this customer."""
        self.ensure_one()
        self.check_access("read")
        self.env["customer.feedback"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_feedback_action")
        return action | {"domain": list(self._customer_feedback_domain()), "context": {}}

    def _customer_refuse_feedback(self, refuses=True):
        """Note that this contact does not want to be asked any more, or does so again (one record)."""
        self.ensure_one()
        # sudo: whoever says so has the link of a question to this contact, and may write no contacts.
        partner = self.sudo()
        if partner.feedback_opt_out == refuses:
            return
        partner.feedback_opt_out = refuses
        # Colleagues read it, whatever language the customer speaks.
        colleague = partner.user_id or partner.commercial_partner_id.user_id or self.env.ref("base.user_admin")
        spoken = self.with_context(lang=colleague.lang)
        partner.message_post(
            body=spoken.env._("Does not want to be asked for feedback any more.") if refuses
            else spoken.env._("May be asked for feedback again."),
            author_id=partner.id, message_type="comment", subtype_xmlid="mail.mt_note",
        )
