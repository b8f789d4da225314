from odoo import api, models
from odoo.tools import format_date, format_datetime


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
            kept[self.env._("Contacts Brought")] = brought.mapped("display_name")
        if leads := self._leads_brought_by(contact):
            # Only who may read an opportunity is told its name.
            readable = leads.sudo(False)._filtered_access("read")
            kept[self.env._("Opportunities Brought")] = readable.mapped("name")
            if hidden := len(leads - readable):
                kept[self.env._("Opportunities Brought")].append(self.env._("Opportunities of colleagues: %s", hidden))
        if consent := self._told_of_consent(contact):
            kept[self.env._("Promotion")] = consent
        # sudo: whoever may read a contact may read this on its form.
        if broken_on := contact.sudo().relationship_broken_on:
            kept[self.env._("Relationship Broken")] = ": ".join(
                filter(None, (format_date(self.env, broken_on), contact.sudo().relationship_broken_reason))
            )
        return kept

    def _stays_on_contact(self, contact):
        """What contacts do not want stays known: nobody asks them again because their data were deleted."""
        stays = super()._stays_on_contact(contact)
        if contact.promotion_consent == "withdrawn":
            stays[self.env._("Wants no promotion")] = self.env._("yes; this stays, so that nobody asks again")
        if contact.feedback_opt_out:
            stays[self.env._("Wants no questions")] = self.env._("yes; this stays, so that nobody asks again")
        return stays

    @api.model
    def _told_of_consent(self, contact):
        """Return who agreed to promotion or ended it, how and when, and who noted that; empty if nobody noted it."""
        labels = dict(contact._fields["promotion_consent"]._description_selection(self.env))
        refused = contact.promotion_consent == "withdrawn"
        parts = (
            contact.promotion_consent_how, contact.promotion_consent_user_id.name,
            contact.promotion_consent_date and format_datetime(self.env, contact.promotion_consent_date),
        )
        if not refused:
            parts = (labels.get(contact.promotion_consent), *parts)
        return ", ".join(filter(None, parts))

    def _erase_on_contacts(self, contacts):
        result = super()._erase_on_contacts(contacts)
        # sudo: whoever may delete what is kept about a contact need not be allowed to change contacts.
        contacts.sudo().write({
            "birthday_day": False, "birthday_month": False, "birthday_year": False, "referred_by_id": False,
            "relationship_broken_on": False, "relationship_broken_reason": False,
        })
        contacts.sudo().filtered(lambda contact: contact.promotion_consent == "given").promotion_consent = False
        contacts.sudo().write({
            "promotion_consent_how": False, "promotion_consent_date": False, "promotion_consent_user_id": False,
        })
        self._brought_by(contacts).sudo().referred_by_id = False
        # The page of an opportunity would tell what is taken away.
        self._leads_brought_by(contacts).with_context(tracking_disable=True).referred_by_id = False
        return result

    def _brought_by(self, contacts):
        """Return whom these contacts brought, as far as the user may read them, archived ones too."""
        return contacts.with_context(active_test=False).search([("referred_by_id", "in", contacts.ids)])

    def _leads_brought_by(self, contacts):
        """Return the opportunities that these contacts brought to the companies of the user, archived ones too."""
        # sudo: they are of all salespeople, and name the contact all the same.
        return self.env["crm.lead"].sudo().with_context(active_test=False).search([
            ("referred_by_id", "in", contacts.ids), ("company_id", "in", [*self.env.companies.ids, False]),
        ])
