from odoo import fields, models
from odoo.tools import html2plaintext

from ..base.number_fields import Integer
from .customer_contact_channel import MINUTES_A_DAY


class MailActivity(models.Model):
    """A call that was made is a contact with a customer: who says how long it took has it logged."""

    _inherit = "mail.activity"

    call_minutes = Integer(
        "Minutes of the Call", optional=True, aggregator=None, groups="base.group_user",
        help="Whoever enters minutes has the call logged as a contact with the customer when it is marked as done.",
    )

    _call_minutes_range = models.Constraint(
        f"CHECK (call_minutes BETWEEN 0 AND {MINUTES_A_DAY})", "Enter minutes from 0 to 1440, which is a day."
    )

    def _action_done(self, feedback=False, attachment_ids=None):
        """Log the calls of which somebody said how long they took; they count as made in any case."""
        logs = []
        if self.env["customer.contact.log"].has_access("create"):
            logs = [vals for call in self if (vals := call._customer_contact_values(feedback))]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        self.env["customer.contact.log"].create(logs)
        return result

    def _customer_contact_values(self, feedback):
        """Return the values of the log of a call that is marked as done (one record), or None where there is none.

        :param str feedback: what was learned; without a word, what the call was planned for
        """
        if not self.active or self.activity_category != "phonecall" or self.call_minutes is False:
            return None
        partner, company = self._customer_activity_partner()
        if not partner.active:
            return None
        planned = self.summary or html2plaintext(self.note or "").strip() or self.activity_type_id.name
        return {
            "partner_id": partner.id,
            "company_id": (company or partner.company_id or self.env.company).id,
            "user_id": self.env.uid,
            "channel_id": self.env["customer.contact.channel"]._of("phone").id,
            "date": fields.Datetime.now(),
            "minutes": self.call_minutes,
            "summary": (feedback or "").strip() or planned,
        }

    def _customer_activity_partner(self):
        """Return whom this activity (one) is with, and the company of its document.

        It is with its contact, or that of its document, if the user may read both; else with nobody.
        """
        contacts, companies = self.env["res.partner"], self.env["res.company"]
        if not self.res_model or self.res_model not in self.env:
            return contacts, companies
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record or not record.has_access("read"):
            return contacts, companies
        if self.res_model == contacts._name:
            return record, record.company_id

        def leads_to(name, model):
            field = record._fields.get(name)
            return field and field.type == "many2one" and field.comodel_name == model

        return (
            record.partner_id._filtered_access("read") if leads_to("partner_id", contacts._name) else contacts,
            record.company_id if leads_to("company_id", companies._name) else companies,
        )
