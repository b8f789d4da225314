"""Who writes an e-mail to a customer's document, and what that may do to it.

Anybody can write any address into From. So a sender is believed to be a customer who answers a mail of ours that
nobody else got; all others are heard, in notes that only our people read.

Whoever may read a message reads its Message-Id and its subject too, and so does everybody who was in copy of it. So
neither of them proves who answers. What proves it is added to an e-mail while it leaves, for those whom it goes to
alone, and is stored nowhere: marks among the references, which mail programs repeat when somebody answers.
"""

from markupsafe import Markup

from odoo import api, models
from odoo.tools import email_normalize, formataddr, hmac
from odoo.tools.mail import email_normalize_all, email_split_tuples, unfold_references

from .customer_thread_mixin import MARK_HOST, MARK_LENGTH
from .html_from_outside import clean_html
from .one_line import one_line


class CustomerThreadMixin(models.AbstractModel):
    _inherit = "customer.thread.mixin"

    def _mail_sender_role(self, email_from):
        """Return what the sender of an e-mail says to be to this document (one record).

        ``customer``: of the family, or who sent it. ``participant``: who was drawn in by being
        followed or copied. ``staff``: whoever gives the address of an employee. ``stranger``:
        everybody else.
        """
        address = email_normalize(email_from or "", strict=False)
        if not address:
            return "stranger"
        # sudo: the sender has no rights; whose people they are is asked, and told to nobody.
        document = self.sudo()
        mine = [("email_normalized", "=", address)]
        if document.env["res.users"].search_count([*mine, ("share", "=", False)], limit=1):
            return "staff"
        own = self._mail_get_primary_email_field()
        if own and address == email_normalize(document[own] or "", strict=False):
            return "customer"
        if address in self._family_addresses([address], document.commercial_partner_id):
            return "customer"
        known = email_normalize_all(document.email_cc or "")
        known += document.message_partner_ids.mapped("email_normalized")
        return "participant" if address in known else "stranger"

    @api.model
    def _family_addresses(self, addresses, family):
        """Return the set of those addresses that contacts of a customer have."""
        if not family or not addresses:
            return set()
        # sudo: as above.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        found = partners.search([("email_normalized", "in", list(addresses)), ("id", "child_of", family.ids)])
        return set(found.mapped("email_normalized"))

    def _mail_role(self, msg_dict):
        """Return the role of an e-mail's sender, as far as it is proven (one record).

        ``unproven``: who says to be a customer or participant, and need not be. ``colleague``: an employee who
        hands over somebody's e-mail by a program.
        """
        mail = self._gateway_mail()
        if mail["handed_over_by"]:
            return "colleague"
        role = self._mail_sender_role(msg_dict.get("email_from"))
        if role in ("customer", "participant") and not (mail["only_sender"] and self._is_proven_answer(msg_dict)):
            return "unproven"
        return role

    @api.model
    def _gateway_mail(self):
        """Return what the gateway knows of an e-mail beside its values; see _message_route_process."""
        unknown = {"only_sender": False, "unanswered_because": None, "handed_over_by": False}
        if not self.env.su:
            return {**unknown, "handed_over_by": self.env.user.partner_id.id}
        return self.env.context.get("customer_mail") or unknown

    def message_update(self, msg_dict, update_vals=None):
        """Take an answer by e-mail: from customers and those who take part as a message, from all others as a note.

        Notes are read by our people only. What customers read in the name of the company must be the company's,
        and what counts as theirs must be theirs.
        """
        # The gateway is superuser here. Others can call this too, and what follows looks beyond their rights.
        self.check_access("write")
        role = self._mail_role(msg_dict)
        msg_dict["body"] = self._clean_mail_body(msg_dict.get("body"))
        copied = msg_dict.get("cc_filtered", msg_dict.get("cc"))
        if role == "customer":
            msg_dict["is_internal"] = False
        elif role != "participant":
            # Nobody outside hears of it, nobody they name is drawn in.
            author_id = self._note_author(role, msg_dict)
            msg_dict.update(is_internal=True, cc_filtered="", to_filtered="", author_id=author_id)
            msg_dict.pop("parent_id", None)
            copied = ""
            if hint := self._note_hint(role):
                msg_dict["body"] = Markup("%s<p><em>%s</em></p>") % (Markup(msg_dict["body"] or ""), hint)
            self._on_mail_note(role)
        result = super().message_update({**msg_dict, "cc": copied}, update_vals)
        if role == "customer":
            self._on_customer_mail(msg_dict)
        return result

    def _note_author(self, role, msg_dict):
        """Return whom a note shows as its author: nobody where only the address says who it was."""
        if role == "colleague":
            return self._gateway_mail()["handed_over_by"]
        return msg_dict.get("author_id") if role == "staff" else False

    def _note_hint(self, role):
        """Return what is said below an e-mail that is kept as a note, or nothing."""
        if role == "staff":
            return self.env._(
                "This e-mail came from the address of an employee, but anybody can fake an address. The customer "
                "cannot read it. To answer the customer, write a message here."
            )
        if role == "unproven":
            return self.env._(
                "This e-mail seems to come from a person who takes part in this conversation, but it does not answer "
                "any of our e-mails. Anybody can fake an address or a number, so check whether it is genuine. The "
                "customer cannot read it."
            )
        return ""

    def _on_mail_note(self, role):
        """React to an e-mail that was kept as a note. Extension point (one record)."""

    def _on_customer_mail(self, msg_dict):
        """React to an e-mail of the customer. Extension point (one record)."""

    @api.model
    def _clean_mail_body(self, body):
        return clean_html(body, self.env._("Picture on"))

    @api.model
    def _clean_mail_lines(self, msg_dict):
        """Leave no line breaks in what of an e-mail gets into headers of others."""
        for name in ("subject", "email_from", "from", "cc", "cc_filtered", "to_filtered"):
            if msg_dict.get(name):
                msg_dict[name] = one_line(msg_dict[name])

    @api.model
    def _keep_family_copied(self, copied, family):
        """Return those of copied addresses that are a customer's, as text, and a list of the others."""
        pairs = [(name, email_normalize(address)) for name, address in email_split_tuples(copied or "")]
        family = self._family_addresses([address for _name, address in pairs if address], family)
        kept = [formataddr((one_line(name), address)) for name, address in pairs if address in family]
        return ", ".join(kept), [address for _name, address in pairs if address and address not in family]

    def message_post(self, **kwargs):
        """Show nothing of what customers write that leaves its place on the page or loads something."""
        if kwargs.get("attachments"):
            # Names of files get into headers of e-mails too.
            kwargs["attachments"] = [(one_line(name), *rest) for name, *rest in kwargs["attachments"]]
        if kwargs.get("body"):
            kwargs["body"] = self._clean_customer_body(kwargs["body"])
        return super().message_post(**kwargs)

    def _message_update_content(self, message, /, *, body, **kwargs):
        """Show nothing of that kind when customers change what they wrote either."""
        return super()._message_update_content(message, body=self._clean_customer_body(body), **kwargs)

    @api.model
    def _clean_customer_body(self, body):
        """Return what somebody wrote, without what leaves its place, if customers wrote it and it is HTML."""
        if body and isinstance(body, Markup) and not self.env.user._is_internal():
            return clean_html(body, self.env._("Picture on"), own_pictures=True)
        return body

    @api.model_create_multi
    def create(self, vals_list):
        """Keep texts of one line on one line: they get into headers of e-mails."""
        return super().create([self._one_line_values(vals) for vals in vals_list])

    def write(self, vals):
        """Keep texts of one line on one line: they get into headers of e-mails."""
        return super().write(self._one_line_values(vals))

    @api.model
    def _one_line_values(self, vals):
        return {
            name: one_line(value)
            if isinstance(value, str) and name in self._fields and self._fields[name].type == "char"
            else value
            for name, value in vals.items()
        }

    # What proves that an e-mail answers one of ours

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
