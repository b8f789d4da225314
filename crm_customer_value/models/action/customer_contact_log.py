from datetime import timedelta

from odoo import api, fields, models

from ...engine.action.finding import TALK_DAYS


class CustomerContactLog(models.Model):
    """Whoever logged a contact has done what was on their list about this customer."""

    _inherit = "customer.contact.log"

    @api.model_create_multi
    def create(self, vals_list):
        logs = super().create(vals_list)
        logs._customer_do_actions()
        return logs

    def _customer_do_actions(self):
        """Note as done what is on the lists of those who were in touch lately, and is done by talking."""
        # What is noted of earlier times, by an import for instance, says nothing about the action of today.
        since = fields.Datetime.now() - timedelta(days=TALK_DAYS)
        logs = self.filtered(lambda log: log.direction != "in" and log.date > since)
        # sudo: that a contact took place does it, whoever logs it.
        actions = self.env["customer.next.action"].sudo().search([
            ("partner_id", "in", logs.commercial_partner_id.ids), ("state", "=", "open"),
        ])
        talked = {(log.company_id, log.commercial_partner_id) for log in logs}
        kinds = self.env["customer.value"]._next_actions()
        actions.filtered(
            lambda action: (action.company_id, action.partner_id) in talked
            and action.kind in kinds and kinds[action.kind].button == "contact"
        )._note_done()
