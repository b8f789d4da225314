from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date


class CustomerBenefitPrivacy(models.TransientModel):
    """What salespeople answered to actions: their words about a customer."""

    _inherit = "customer.benefit.privacy"

    def _kept_on_contact(self, contact):
        kept = super()._kept_on_contact(contact)
        if actions := self._answered_actions(contact):
            labels = {
                name: dict(actions._fields[name]._description_selection(self.env))
                for name in ("kind", "state", "reason")
            }
            kept[self.env._("Answers to Next Actions")] = [
                ", ".join(filter(None, (
                    format_date(self.env, action.date_closed),
                    *(labels[name].get(action[name]) for name in ("kind", "state", "reason")), action.note,
                )))
                for action in actions
            ]
        return kept

    def _erase_on_contacts(self, contacts):
        result = super()._erase_on_contacts(contacts)
        self._answered_actions(contacts).unlink()
        return result

    @api.model
    def _answered_actions(self, contacts):
        """Return what was answered to actions with these contacts, in the companies of the user."""
        # sudo: they are on the lists of all salespeople, and whoever tells a customer what is kept need not have one.
        return self.env["customer.next.action"].sudo().search(
            Domain("partner_id", "in", contacts.ids) & Domain("company_id", "in", self.env.companies.ids)
            & Domain("state", "in", ("done", "not_useful")), order="date_closed, id",
        )
