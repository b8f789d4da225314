from odoo import api, models


class CustomerBenefitPrivacy(models.TransientModel):
    """Contacts, notes, answers, care, birthdays, and who brought whom: what is kept of being in touch."""

    _inherit = "customer.benefit.privacy"

    @api.model
    def _kept_models(self):
        return super()._kept_models() | {
            "customer.contact.log": self.env._("Contacts with us"),
            "customer.contact.note": self.env._("Notes"),
            "customer.life.event": self.env._("Events in the customer's life"),
            "customer.feedback": self.env._("Questions and answers"),
            "customer.care.log": self.env._("Acts of care"),
        }

    def _kept_on_contact(self, contact):
        kept = super()._kept_on_contact(contact)
        if contact.birthday_day or contact.birthday_month or contact.birthday_year:
            months = dict(contact._fields["birthday_month"]._description_selection(self.env))
            day = (contact.birthday_day, months.get(contact.birthday_month), contact.birthday_year)
            kept[self.env._("Birthday")] = " ".join(str(part) for part in day if part)
        if contact.referred_by_id:
            # sudo: whoever may read a contact may read who brought it, as on its form.
            kept[self.env._("Brought by")] = contact.referred_by_id.sudo().display_name
        if brought := self._brought_by(contact):
            kept[self.env._("Brought")] = brought.mapped("display_name")
        if leads := self._leads_brought_by(contact):
            kept[self.env._("Opportunities Brought")] = leads.mapped("name")
        return kept

    def _erase_on_contacts(self, contacts):
        super()._erase_on_contacts(contacts)
        # sudo: whoever may delete what is kept about a contact need not be allowed to change contacts.
        contacts.sudo().write({
            "birthday_day": False, "birthday_month": False, "birthday_year": False, "referred_by_id": False,
        })
        self._brought_by(contacts).sudo().referred_by_id = False
        # The page of an opportunity would tell what is taken away.
        self._leads_brought_by(contacts).with_context(tracking_disable=True).referred_by_id = False

    def _brought_by(self, contacts):
        """Return whom these contacts brought, as far as the user may read them, archived ones too."""
        return contacts.with_context(active_test=False).search([("referred_by_id", "in", contacts.ids)])

    def _leads_brought_by(self, contacts):
        """Return the opportunities that these contacts brought to the companies of the user, archived ones too."""
        # sudo: they are of all salespeople, and name the contact all the same.
        return self.env["crm.lead"].sudo().with_context(active_test=False).search([
            ("referred_by_id", "in", contacts.ids), ("company_id", "in", [*self.env.companies.ids, False]),
        ])
