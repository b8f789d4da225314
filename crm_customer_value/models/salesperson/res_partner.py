"""Who may take over a customer.

Whoever is the salesperson of a customer reads the customer's complaints and imported purchases and decides
about the stage. In Odoo, everybody who edits contacts may make themself or a friend the salesperson, or put somebody
else's contact below another customer. So both are decided here, for whoever may not see all documents.
"""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..satisfaction.customer_complaint_stake import SERVICE_GROUP
from ..value.customer_value import AMOUNT_GROUP

# What stands behind a customer, and who is responsible for it. A document counts if the user may not read it and
# somebody else is responsible; where nobody is named here, whatever the user may not read counts.
DOCUMENTS = (
    ("sale.order", "user_id", Domain.TRUE),
    ("crm.lead", "user_id", Domain.TRUE),
    ("account.move", "invoice_user_id", Domain("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))),
    ("customer.complaint", None, Domain.TRUE),
    ("customer.purchase.history", None, Domain.TRUE),
    ("customer.need", None, Domain.TRUE),
    ("customer.benefit.goal", None, Domain.TRUE),
    ("customer.benefit.record", None, Domain.TRUE),
    # Logged contacts are none of them: they stay with the customer whom a contact leaves.
    ("customer.contact.note", None, Domain.TRUE),
    ("customer.life.event", None, Domain.TRUE),
    ("customer.feedback", None, Domain.TRUE),
    ("customer.care.log", None, Domain.TRUE),
    ("customer.offer", "user_id", Domain.TRUE),
)

# Stored, and followed by the rules: whoever could write it would choose whose customer a contact is.
FAMILY = "commercial_partner_id"


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Let nobody take over a customer who is somebody else's."""
        if {"user_id", "parent_id", "is_company", FAMILY} & vals.keys() and self._is_takeover_checked():
            # sudo: whose customer somebody is counts, whoever may read the contacts of the family.
            contacts = self.sudo()
            if FAMILY in vals:
                contacts._check_family(vals)
            if "user_id" in vals:
                user = contacts._written_record("user_id", vals)
                contacts.filtered(lambda contact: contact.user_id != user)._check_takeover()
            if "parent_id" in vals or "is_company" in vals:
                contacts._check_moves({contact: contact._written_customer(vals) for contact in contacts})
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Let new contacts belong to the customer that they are put below."""
        partners = super().create(vals_list)
        if self._is_takeover_checked():
            for partner, vals in zip(partners, vals_list, strict=True):
                if FAMILY in vals:
                    partner.sudo()._check_family(vals)
        return partners

    @api.ondelete(at_uninstall=False)
    def _unlink_except_takeover(self):
        """The contacts of a company that is deleted become customers of their own."""
        if self._is_takeover_checked():
            # sudo: as above.
            contacts = self.sudo().with_context(active_test=False)
            self._check_moves({contact: contact for contact in contacts.child_ids - contacts})

    @api.model
    def _is_takeover_checked(self):
        """Tell whether the user may see the documents of some customers only, or of none."""
        return not self.env.su and not self.env.user.has_group(AMOUNT_GROUP)

    def _written_record(self, name, vals):
        """Return the contact or user that is written to a field."""
        value = self._fields[name].convert_to_cache(vals[name], self, validate=False)
        return self.env[self._fields[name].comodel_name].browse(value)

    def _written_customer(self, vals):
        """Return the commercial partner that this contact (one) gets by what is written.

        A company that is put below another one remains a customer of its own. But the other one's people read its
        complaints on the portal, so it counts as part of that customer.
        """
        parent = self._written_record("parent_id", vals) if "parent_id" in vals else self.parent_id
        if not parent or (parent == self.parent_id and vals.get("is_company", self.is_company)):
            return self
        return parent.commercial_partner_id

    def _check_family(self, vals):
        """Raise when somebody writes a customer that does not follow from the company a contact is put below."""
        customer = self._written_record(FAMILY, vals)
        for contact in self:
            stands_alone = contact.is_company or not contact.parent_id
            if customer != (contact if stands_alone else contact.parent_id.commercial_partner_id):
                raise AccessError(self.env._(
                    "%(contact)s belongs to the customer of its company. Change the company.",
                    contact=contact.display_name,
                ))

    def _check_takeover(self):
        """Raise for contacts whose salesperson is not the user's to choose."""
        mine = self.env.user | self._led_colleagues()
        free = self.browse()
        for contact in self:
            salesperson = contact.commercial_partner_id.user_id or contact.user_id
            if not salesperson:
                free |= contact
            elif salesperson not in mine:
                contact._refuse_takeover(salesperson)
        free._check_documents()

    @api.model
    def _check_moves(self, customers):
        """Raise for contacts that the user may not let become part of another customer, or one of their own.

        :param dict customers: {contact: the commercial partner it gets}
        """
        user, colleagues = self.env.user, self._led_colleagues()
        moved = self.browse()
        for contact, customer in customers.items():
            family = contact.commercial_partner_id
            before = family.user_id
            after = contact.user_id if customer == contact else customer.user_id
            if customer == family or before in colleagues or (before and before == after != user):
                continue
            # Somebody may change the employer; but who is a customer remains that of the salesperson.
            if contact == family and before and before not in (user, after):
                contact._refuse_takeover(before)
            if customer != contact and contact._has_portal_account():
                # Whoever signs in with it would read what the new customer has: see portal_wizard.
                customer._check_takeover()
            moved |= contact
        moved._check_documents()

    def _has_portal_account(self):
        """Tell whether somebody signs in as this contact or as one below (one record)."""
        # sudo: that there is an account decides; nothing of it is told.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return bool(users.search_count([("partner_id", "child_of", self.ids), ("share", "=", True)], limit=1))

    @api.model
    def _led_colleagues(self):
        """Return the salespeople whose sales team the user leads."""
        # sudo: a team may belong to a company that is switched off at the moment.
        return self.env["crm.team"].sudo().search([("user_id", "=", self.env.uid)]).member_ids

    def _refuse_takeover(self, salesperson):
        """Raise, and say who may decide about this contact (one)."""
        # sudo: only the names of those who may decide.
        leaders = self.env["crm.team"].sudo().search([("member_ids", "in", salesperson.ids)]).user_id
        raise AccessError(self.env._(
            "%(salesperson)s is the salesperson of %(contact)s. Ask one of these colleagues to make the change: "
            "%(people)s, or a user who can see all documents.",
            salesperson=salesperson.name,
            contact=self.display_name,
            people=", ".join((salesperson | leaders).mapped("name")),
        ))

    def _check_documents(self):
        """Raise when documents of others stand behind these contacts or those below.

        Contacts below that belong to another customer, such as the subsidiaries of a company, do not count.
        """
        if not self:
            return
        # sudo: what the user may not read counts; that there is something is all that is told.
        contacts = self.sudo().with_context(active_test=False)._search(
            Domain("id", "child_of", self.ids)
            & Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
        )
        companies = self.env.user.company_ids.ids
        for model, responsible, domain in DOCUMENTS:
            documents = self.env[model].sudo(False).with_context(allowed_company_ids=companies, active_test=False)
            readable = documents.has_access("read")
            domain &= Domain("partner_id", "in", contacts) & Domain("company_id", "in", [False, *companies])
            if responsible:
                domain &= Domain(responsible, "not in", [False, self.env.uid])
            elif not readable and self.env.user.has_group(SERVICE_GROUP):
                # Who works with customers gains nothing by these; others move them for somebody who does.
                continue
            if readable:
                domain &= Domain("id", "not in", documents._search(domain))
            # sudo: as above.
            if documents.sudo().search_count(domain, limit=1):
                raise AccessError(self.env._(
                    "Colleagues have documents or complaints of %(contacts)s that you cannot see. Ask a user who can "
                    "see all documents to do this, for example the sales manager.",
                    contacts=", ".join(self.mapped("display_name")),
                ))
