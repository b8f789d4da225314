"""E-mails that become complaints, or answers to them."""

import logging
import re

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import DEFAULT_MAX_CONTENT_LENGTH
from odoo.tools import email_normalize, human_size
from odoo.tools.mail import decode_message_header, email_normalize_all, email_split_tuples

from .automatic_mail import automatic_reason

_logger = logging.getLogger(__name__)

# What may be a complaint's number in a subject: a word with a digit. No more than these are looked up.
NUMBER_WORD = re.compile(r"[\w/-]*\d[\w/-]*")
NUMBER_WORDS = 20


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    @api.model
    def _filter_mail_routes(self, message, message_dict, routes):
        """Return those of ``routes`` to take, each leading to the complaint that it is about.

        A mail to several teams of one company makes one complaint, for the team named first.
        """
        others = [route for route in routes if route[0] != self._name]
        reason = self._ignored_mail_reason(message, message_dict)
        if reason:
            _logger.info("Ignored mail with Message-Id %s to complaints: %s", message_dict["message_id"], reason)
            return others
        named = email_normalize_all(decode_message_header(message, "To", separator=","))
        named += email_normalize_all(message_dict["recipients"])
        mine = sorted(
            (route for route in routes if route[0] == self._name),
            # Mail that a mail server makes complaints of came to no address of a team.
            key=lambda route: named.index(name)
            if route[4] and (name := route[4].alias_full_name) in named
            else len(named),
        )
        kept = {}
        for route in mine:
            model, thread_id, values, user_id, alias = route
            company_id = (values or {}).get("company_id") or self.env.company.id
            complaint = self._find_mailed_complaint(message_dict, thread_id, company_id)
            key = ("thread", complaint.id) if complaint else ("company", company_id)
            kept.setdefault(key, (model, complaint.id or thread_id, values, user_id, alias))
        return others + list(kept.values())

    @api.model
    def _ignored_mail_reason(self, message, message_dict):
        """Return why an e-mail is no word of a customer, or None."""
        sender = email_normalize(message_dict["email_from"], strict=False) or ""
        # sudo: the mail server's user need not read what addresses are ours.
        if sender and self.env["mail.alias.domain"].sudo()._find_aliases([sender]):
            return "sent by one of our own addresses"
        return automatic_reason(message, message_dict.get("subject"), sender)

    @api.model
    def _find_mailed_complaint(self, message_dict, thread_id, company_id):
        """Return the complaint an e-mail is about: the one it answers, or whose number it names.

        Numbers can be guessed: they count for the customer's own people only. What was merged
        goes on where it was merged into.
        """
        # sudo: customers write without rights; whose complaint it may be is decided here.
        complaint = self.sudo().browse(thread_id) if thread_id else self._find_numbered(message_dict, company_id)
        seen = complaint
        while complaint.merged_into_id and complaint.merged_into_id not in seen:
            complaint = complaint.merged_into_id
            seen += complaint
        return complaint

    @api.model
    def _find_numbered(self, message_dict, company_id):
        words = NUMBER_WORD.findall((message_dict.get("subject") or "").upper())[:NUMBER_WORDS]
        # sudo: see above; archived complaints are answered too.
        complaints = self.sudo().with_context(active_test=False)
        found = complaints.search([("number", "in", words), ("company_id", "=", company_id)]) if words else complaints
        sender = message_dict["email_from"]
        return found.filtered(lambda complaint: complaint._mail_sender_role(sender) == "customer")[:1]

    def _mail_sender_role(self, email_from):
        """Return what the sender of an e-mail is to this complaint (one record).

        ``customer``: of the family, or who sent it. ``participant``: who was drawn in by being
        followed or copied. ``staff``: whoever gives the address of an employee. ``stranger``:
        everybody else.
        """
        address = email_normalize(email_from or "", strict=False)
        if not address:
            return "stranger"
        # sudo: the sender has no rights; whose people they are is asked, and told to nobody.
        complaint = self.sudo()
        mine = [("email_normalized", "=", address)]
        if self.env["res.users"].sudo().search_count([*mine, ("share", "=", False)], limit=1):
            return "staff"
        if address == email_normalize(complaint.email_from or "", strict=False):
            return "customer"
        partners = complaint.env["res.partner"].with_context(active_test=False)
        family = complaint.commercial_partner_id
        if family and partners.search_count([*mine, ("id", "child_of", family.ids)], limit=1):
            return "customer"
        known = email_normalize_all(complaint.email_cc or "")
        known += complaint.message_partner_ids.mapped("email_normalized")
        return "participant" if address in known else "stranger"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a complaint from an e-mail: from whom, about what, for which team."""
        self.check_access("create")
        custom_values = custom_values or {}
        company = self.env["res.company"].browse(custom_values.get("company_id")) or self.env.company
        team = self.env["customer.complaint.team"].browse(custom_values.get("team_id"))
        name, address = self._split_sender(msg_dict)
        partner = self._find_mail_sender(name, address, team, company)
        if partner.partner_share or not partner:
            # Also where Odoo found one: it looks in all companies.
            msg_dict["author_id"] = partner.id
        else:
            # Staff passes on what somebody else has to complain about; customers do not read how.
            msg_dict["author_id"], partner = partner.id, self.env["res.partner"]
            msg_dict["is_internal"] = True
        self._leave_out_huge_attachments(msg_dict)
        subject = " ".join((msg_dict.get("subject") or "").split())
        values = {
            "name": subject or self.env._("E-mail without subject from %s", name or address or self.env._("unknown")),
            "description": msg_dict.get("body"),
            "channel": "email",
            "company_id": company.id,
            "partner_id": partner.id,
            "partner_name": name or address,
            **custom_values,
        }
        sender = {"email_from": address, "cc": msg_dict.get("cc_filtered", msg_dict.get("cc"))}
        return super(CustomerComplaint, self.with_company(company)).message_new({**msg_dict, **sender}, values)

    @api.model
    def _split_sender(self, msg_dict):
        """Return the name and the address of an e-mail's sender; of a broken one, what there is."""
        email_from = msg_dict.get("email_from") or ""
        address = email_normalize(email_from, strict=False)
        name = next((name for name, __ in email_split_tuples(email_from) if name), "")
        return name, address or email_from.strip()

    @api.model
    def _find_mail_sender(self, name, address, team, company):
        """Return the contact with this address, if need be a new one where the team wants that.

        Of several, colleagues first (they pass something on); then who is active, known to this
        very company, has an account, buys, is a person and no address; the oldest one at last.
        """
        # The gateway is superuser here; whoever else calls this finds and makes contacts by their own rights.
        partners = self.env["res.partner"].with_context(active_test=False)
        if not email_normalize(address):
            return partners
        found = partners.search([("email_normalized", "=", address), ("company_id", "in", [False, company.id])])
        if found:
            return found.sorted(
                lambda partner: (
                    partner.partner_share,
                    not partner.active,
                    partner.company_id != company,
                    not partner.user_ids,
                    not partner.commercial_partner_id.customer_rank,
                    partner.is_company,
                    partner.type != "contact",
                    partner.id,
                )
            )[0]
        if team and team.alias_unknown_sender == "unassigned":
            return partners
        return partners.create({"name": name or address, "email": address, "company_id": company.id})

    @api.model
    def _leave_out_huge_attachments(self, msg_dict):
        """Take no file from an e-mail that is too large to be uploaded by hand, and say so."""
        # sudo: a system parameter.
        parameters = self.env["ir.config_parameter"].sudo()
        limit = int(parameters.get_param("web.max_file_upload_size", DEFAULT_MAX_CONTENT_LENGTH))
        attachments = msg_dict.get("attachments") or []
        huge = [attachment for attachment in attachments if len(attachment[1] or "") > limit]
        if not huge:
            return
        msg_dict["attachments"] = [attachment for attachment in attachments if attachment not in huge]
        note = self.env._(
            "Attachments larger than %(limit)s were left out: %(names)s",
            limit=human_size(limit),
            names=", ".join(f"{attachment[0]} ({human_size(len(attachment[1]))})" for attachment in huge),
        )
        msg_dict["body"] = Markup("%s<p>%s</p>") % (Markup(msg_dict.get("body") or ""), note)

    def message_update(self, msg_dict, update_vals=None):
        """Take an answer by e-mail: from customers it moves the complaint.

        From strangers it is a note, and from staff too: anybody can write an employee's address
        into an e-mail, and what customers read in the name of the company must be the company's.
        """
        # The gateway is superuser here. Others can call this too, and what follows looks beyond their rights.
        self.check_access("write")
        role = self._mail_sender_role(msg_dict.get("email_from"))
        self._leave_out_huge_attachments(msg_dict)
        copied = msg_dict.get("cc_filtered", msg_dict.get("cc"))
        if role in ("stranger", "staff"):
            # Nobody outside hears of it, nobody they name is drawn in.
            msg_dict["is_internal"], copied = True, ""
            msg_dict.pop("parent_id", None)
        if role == "staff":
            hint = self.env._(
                "Came by e-mail from the address of an employee, which anybody can give. The customer does "
                "not read it. To answer the customer, write a message here."
            )
            msg_dict["body"] = Markup("%s<p><em>%s</em></p>") % (Markup(msg_dict.get("body") or ""), hint)
            self._plan_follow_up("mail.mail_activity_data_todo", hint)
        elif role == "stranger":
            self._plan_follow_up(
                "crm_customer_value.mail_activity_type_customer_wrote",
                self.env._("Somebody who is not known on this complaint answered by e-mail; it was kept as a note."),
            )
        elif role == "customer":
            msg_dict["is_internal"] = False
        result = super().message_update({**msg_dict, "cc": copied}, update_vals)
        if role == "customer":
            self._take_customer_answer(self.env._("The customer answered by e-mail."))
        return result

    def _take_customer_answer(self, reason):
        """Go on when the customer has written: what waited is handled, what ended may be reopened.

        :param reason: why it is reopened, in words for everybody
        """
        wrote = "crm_customer_value.mail_activity_type_customer_wrote"
        # What customers write about is there to be seen.
        self.active = True
        if not self._is_open():
            try:
                with self.env.cr.savepoint():
                    self._reopen(reason, by_customer=True)
            except UserError:
                self._plan_follow_up(wrote, self.env._("The customer wrote after this was over. Read it and answer."))
        elif self.state == "answered":
            self._plan_follow_up(wrote, self.env._("The customer replied to our answer. Is it solved?"))
        elif self.stage_id.clock_stops:
            self._go_on_handling()

    def _go_on_handling(self):
        """Leave a waiting stage for the nearest one before it in which the clock runs (one record)."""
        stages = self.env["customer.complaint.stage"].search([
            ("state", "=", "handling"),
            ("clock_stops", "=", False),
            ("team_ids", "in", [False, *self.team_id.ids]),
        ])
        here = (self.stage_id.sequence, self.stage_id.id)
        earlier = stages.filtered(lambda stage: (stage.sequence, stage.id) < here)
        stage = earlier[-1:] or stages[:1]
        if stage:
            self.write({"stage_id": stage.id})
            self._message_log(body=self.env._("The customer answered, so this goes on in “%s”.", stage.name))

    def _message_post_after_hook(self, message, msg_values):
        """Show the pictures of the first e-mail in the description too."""
        if "cid:" in (self.description or "") and self._emails_received() == message:
            self.description = message.body
        return super()._message_post_after_hook(message, msg_values)

    def _emails_received(self):
        return self.message_ids.filtered(lambda message: message.message_type == "email")
