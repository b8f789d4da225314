"""What proves that an e-mail answers one of ours.

Whoever may read a message reads its Message-Id and its subject too, and so does everybody who was in copy of it. So
neither of them proves who answers. What proves it is added to an e-mail while it leaves, for those whom it goes to
alone, and is stored nowhere: marks among the references, which mail programs repeat when somebody answers.
"""

import re

from odoo import api, models
from odoo.tools import email_normalize, hmac
from odoo.tools.mail import unfold_references

MARK_HOST = "answer.customer-value.invalid"
MARK_LENGTH = 32
MARK = re.compile(rf"<[0-9a-f]{{{MARK_LENGTH}}}@{re.escape(MARK_HOST)}>\s*")


class CustomerThreadMixin(models.AbstractModel):
    _inherit = "customer.thread.mixin"

    def _reply_mark(self, reader):
        """Return the reference that one reader of e-mails about this document gets (one record).

        :param reader: a normalized address, or the id of a commercial partner for all of its people
        """
        # sudo: the key is nobody's to read; what is made of it goes into e-mails.
        digest = hmac(self.env(su=True), "customer.thread.answer", (self._name, self.id, reader))
        return f"<{digest[:MARK_LENGTH]}@{MARK_HOST}>"

    def _are_customers(self, addresses):
        """Tell whether all of ``addresses`` (normalized; at least one) are the customer's own (one record)."""
        return bool(addresses) and all(self._mail_sender_role(address) == "customer" for address in addresses)

    def _prove_outgoing(self, email):
        """Return an e-mail that leaves with what proves an answer to it (one record). Extension point.

        Of several people who get the same e-mail, each would get the others' marks. So they get the mark of the
        customer, if all of them are the customer's people, and no other one.

        :param email: values as in mail.mail._prepare_outgoing_list
        """
        addresses = set(email["email_to_normalized"])
        readers = []
        if len(addresses) == 1 and self._mail_sender_role(*addresses) != "staff":
            readers += addresses
        # sudo: whose document it is decides, and is told to nobody.
        family = self.sudo().commercial_partner_id
        if family and self._are_customers(addresses):
            readers.append(family.id)
        marks = [self._reply_mark(reader) for reader in readers]
        # In front: programs that shorten references leave out those in the middle.
        return {**email, "references": " ".join(filter(None, [*marks, email["references"]]))}

    @api.model
    def _mail_references(self, msg_dict):
        return unfold_references(f"{msg_dict.get('references') or ''} {msg_dict.get('in_reply_to') or ''}")

    def _goes_on_in(self):
        """Return the document in which this one goes on, itself if it does not go on elsewhere (one record)."""
        return self

    def _is_proven_answer(self, msg_dict):
        """Tell whether who sends an e-mail got one of ours about this document (one record)."""
        references = self._mail_references(msg_dict)
        address = email_normalize(msg_dict.get("email_from") or "", strict=False)
        # sudo: whoever writes e-mails has no rights; what they answer decides where they are heard.
        answered = self.env["mail.message"].sudo().search([
            ("message_id", "in", references[-32:]), ("model", "=", self._name),
        ])
        threads = self | self.browse(answered.mapped("res_id")).exists()
        return any(
            thread._goes_on_in() == self and not thread._reply_marks(address).isdisjoint(references)
            for thread in threads
        )

    def _reply_marks(self, address):
        """Return the marks of e-mails of ours that somebody with this address may have got (one record)."""
        # sudo: as above.
        family = self.sudo().commercial_partner_id
        readers = [address, family.id] if family and self._are_customers([address]) else [address]
        return {self._reply_mark(reader) for reader in readers}


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Let e-mails to customers carry what proves their answers."""
        emails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        thread = self.mail_message_id._customer_thread()
        return [thread._prove_outgoing(email) for email in emails] if thread else emails
