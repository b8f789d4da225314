"""What customers write: e-mails that become complaints or answers, and what follows from an answer.

An answer on the portal leads to the same as one by e-mail.
"""

import logging
import re
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import DEFAULT_MAX_CONTENT_LENGTH
from odoo.tools import consteq, email_normalize, hmac, html2plaintext, human_size, plaintext2html
from odoo.tools.mail import decode_message_header, email_normalize_all, email_split_tuples

from ..voice.automatic_mail import is_only_sender, read_mail
from ..voice.one_line import one_line
from .answer_words import MORE, THANKS, read_answer

_logger = logging.getLogger(__name__)

# What may be a complaint's number in a subject: a word with a digit. No more than these are looked up.
NUMBER_WORD = re.compile(r"[\w/-]*\d[\w/-]*")
NUMBER_WORDS = 20
# So long is what stands behind the number in the subjects of our e-mails, which nobody can guess.
SECRET_LENGTH = 10
PROVEN_NUMBER = re.compile(rf"(?<![\w/-])([\w/-]{{1,40}})-[0-9a-f]{{{SECRET_LENGTH}}}(?![\w/-])", re.IGNORECASE)
# In one text, no more numbers than these are looked up.
PROVEN_NUMBERS = 500
# A program that answers each receipt by a new mail gets no more receipts than these in an hour.
RECEIPTS_AN_HOUR = 5
CUSTOMER_WROTE = "crm_customer_value.mail_activity_type_customer_wrote"


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    # Where a mail goes

    previous_id = fields.Many2one(
        "customer.complaint",
        string="Follows",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="The earlier complaint that the customer wrote about again. It was closed too long ago to be reopened.",
    )
    date_customer_wrote = fields.Datetime(
        "Customer Wrote Again", readonly=True, copy=False,
        help="When the customer last wrote about this complaint after sending it. A thank-you does not count.",
    )

    @api.model
    def _filter_mail_routes(self, message, message_dict, routes):
        """Return those of ``routes`` to take, each leading to the complaint that it is about.

        A mail to several teams of one company makes one complaint, for the team named first.
        """
        others = [route for route in routes if route[0] != self._name]
        mine = [route for route in routes if route[0] == self._name]
        self._clean_mail_lines(message_dict)
        reading = self._read_mail(message, message_dict)
        # The company that takes an e-mail which was held back takes it for itself.
        taker_id = self.env.context.get("customer_mail_released")
        if taker_id:
            others = []
        elif reading.held:
            self._hold_routes(message, message_dict, mine, reading.held, reading.sign)
            return others
        if reading.address and reading.address != email_normalize(message_dict["email_from"] or ""):
            # The person for whom a list, a group or a form speaks; Odoo looked for the other one's contact.
            message_dict.update(email_from=reading.email_from, author_id=False)
            message_dict["from"] = reading.email_from
        only_sender = is_only_sender(message, reading.address)
        kept = {}
        for route in self._sort_routes(message, message_dict, mine):
            __, thread_id, values, user_id, alias = route
            values = {**self._alias_values(alias), **(values or {})}
            company_id = values.get("company_id") or self.env.company.id
            if taker_id and company_id != taker_id:
                continue
            complaint = self._find_mailed_complaint(message_dict, thread_id, company_id)
            key = ("thread", complaint.id) if complaint else ("company", company_id)
            thread_id = complaint.id or thread_id
            if complaint and only_sender and complaint._begins_anew(message_dict):
                values = {"team_id": complaint.team_id.filtered("active").id, **values}
                values.update(
                    company_id=complaint.company_id.id,
                    previous_id=complaint.id,
                    channel_id=self.env["customer.contact.channel"]._of("email").id,
                )
                thread_id = 0
            kept.setdefault(key, (self._name, thread_id, values, user_id, alias))
        return others + list(kept.values())

    def _begins_anew(self, msg_dict):
        """Tell whether an e-mail is a new matter of a customer whose complaint ended long ago (one record)."""
        if self._is_open() or self._mail_sender_role(msg_dict["email_from"]) != "customer":
            return False
        answer = self._read_customer_answer(msg_dict.get("body"), bool(msg_dict.get("attachments")))
        return self._answer_leads_to(answer) == "new" and self._is_proven_answer(msg_dict)

    @api.model
    def _sort_routes(self, message, message_dict, routes):
        """Return ``routes`` in the order in which a mail names their addresses."""
        named = email_normalize_all(decode_message_header(message, "To", separator=","))
        named += email_normalize_all(message_dict["recipients"])
        return sorted(
            routes,
            # Mail that a mail server makes complaints of came to no address of a team.
            key=lambda route: named.index(name)
            if route[4] and (name := route[4].alias_full_name) in named
            else len(named),
        )

    @api.model
    def _read_mail(self, message, message_dict):
        """Return who speaks in an e-mail; see automatic_mail."""
        # sudo: the mail server's user need not read what addresses are ours, and who works here.
        domains = self.env["mail.alias.domain"].sudo()
        sender = email_normalize(message_dict["email_from"] or "", strict=False)
        staff = self.env["res.users"].sudo().search_count(
            [("email_normalized", "=", sender), ("share", "=", False)], limit=1
        ) if sender else 0
        own_domains = () if staff else domains.search_fetch([], ["name"]).mapped("name")
        return read_mail(message, message_dict.get("subject"), domains._find_aliases, own_domains)

    @api.model
    def _find_mailed_complaint(self, message_dict, thread_id, company_id):
        """Return the complaint an e-mail is about: the one it answers, or whose number it names."""
        # sudo: customers write without rights; whose complaint it may be is decided here.
        complaint = self.sudo().browse(thread_id) if thread_id else self._find_numbered(message_dict, company_id)
        return complaint._goes_on_in() if complaint else complaint

    @api.model
    def _find_numbered(self, message_dict, company_id):
        """Return the complaint whose number stands in the subject.

        A number with its secret was in an e-mail of ours. A number alone can be guessed: it counts for what says
        to be from the customer, and brings no more than a note.
        """
        subject = message_dict.get("subject")
        words = NUMBER_WORD.findall((subject or "").upper())[:NUMBER_WORDS]
        words += [word.rpartition("-")[0] for word in words if "-" in word]
        # sudo: see above; archived complaints are answered too.
        complaints = self.sudo().with_context(active_test=False)
        found = complaints.search([("number", "in", words), ("company_id", "=", company_id)]) if words else complaints
        sender = message_dict["email_from"]
        return found.filtered(
            lambda complaint: complaint._names_secret(subject) or complaint._mail_sender_role(sender) == "customer"
        )[:1]

    def _mail_number(self):
        """Return how e-mails name this complaint. What proves an answer is added when they leave (one record)."""
        return self.number

    def _proven_number(self):
        """Return the number with its secret, as it stands in the subjects of e-mails to the customer (one record)."""
        return f"{self.number}-{self._number_secret()}"

    def _number_secret(self):
        # sudo: the key is nobody's to read; what is made of it goes into e-mails.
        digest = hmac(self.env(su=True), "customer.complaint.number", (self.id, self.company_id.id, self.number))
        return digest[:SECRET_LENGTH].upper()

    def _names_secret(self, subject):
        """Tell whether a subject holds the number of this complaint with its secret (one record)."""
        words = NUMBER_WORD.findall((subject or "").upper())[:NUMBER_WORDS]
        mine = self._proven_number().upper().encode()
        return any(consteq(word.encode(), mine) for word in words)

    @api.model
    def _without_secrets(self, text):
        """Return a text, such as an answer that quotes an e-mail of ours, with numbers that lack their secrets."""
        numbers = {number.upper() for number in PROVEN_NUMBER.findall(text)[:PROVEN_NUMBERS]}
        if not numbers:
            return text
        # sudo: as in _find_mailed_complaint.
        complaints = self.sudo().with_context(active_test=False).search([("number", "in", list(numbers))])
        known = {complaint._proven_number().upper(): complaint.number for complaint in complaints}
        changed = PROVEN_NUMBER.sub(lambda match: known.get(match[0].upper(), match[0]), str(text))
        return Markup(changed) if isinstance(text, Markup) else changed

    def _without_keys(self, html):
        """Leave out the secrets behind numbers too: who has one answers as the customer."""
        return self._without_secrets(super()._without_keys(html))

    def _message_compute_subject(self):
        """Have e-mails about this complaint name it so that their answers are known by it."""
        return f"{self._mail_number()} {self.name}" if self.number != "/" else super()._message_compute_subject()

    def _prove_outgoing(self, email):
        """Put the secret behind the number in the subject: not every mail program repeats references."""
        email = super()._prove_outgoing(email)
        if not email["subject"] or not self._are_customers(email["email_to_normalized"]):
            return email
        number = re.compile(rf"(?<![\w/-]){re.escape(self.number)}(?![\w/-])")
        return {**email, "subject": number.sub(lambda _match: self._proven_number(), email["subject"])}

    def _is_proven_answer(self, msg_dict):
        """Believe the secret behind a number too."""
        return super()._is_proven_answer(msg_dict) or any(
            complaint._names_secret(msg_dict.get("subject")) for complaint in self._leading_here()
        )

    def _leading_here(self):
        """Return this complaint and those that were merged into it or went on in it (one record)."""
        # sudo: as in _find_mailed_complaint.
        found = new = self.sudo().with_context(active_test=False)
        while new:
            new = (new.merged_ids | new.previous_id) - found
            found |= new
        return found.filtered(lambda complaint: complaint._goes_on_in() == self)

    # What is held back

    @api.model
    def _hold_routes(self, message, message_dict, routes, reason, sign):
        """Show the teams a mail that became no complaint and no answer, and why."""
        _logger.info("Held back mail with Message-Id %s to complaints: %s %s", message_dict["message_id"], reason, sign)
        if not self._is_mail_gateway():
            return
        held = self.env["customer.complaint.held.mail"]
        for __, thread_id, values, __, alias in routes:
            values = {**self._alias_values(alias), **(values or {})}
            # sudo: as in _find_mailed_complaint.
            complaint = self.sudo().browse(thread_id or 0).exists()
            held._hold(message, message_dict, {
                "team_id": complaint.team_id.id or values.get("team_id"),
                "company_id": complaint.company_id.id or values.get("company_id") or self.env.company.id,
                "complaint_id": complaint.id,
                "reason": reason,
                "sign": sign,
            })

    @api.model
    def _hold_bounce(self, message, message_dict):
        """Show returned mails and delivery reports to the teams that they were sent to.

        What is known to be about a complaint is told there.
        """
        if message_dict.get("bounced_message") and message_dict["bounced_message"].model == self._name:
            return
        addresses = email_normalize_all(message_dict["recipients"])
        # sudo: the mail server's user need not read addresses.
        aliases = self.env["mail.alias"].sudo().search([
            ("alias_full_name", "in", addresses), ("alias_model_id.model", "=", self._name),
        ])
        routes = [(self._name, 0, None, self.env.uid, alias) for alias in aliases]
        kind = message.get_content_type()
        sign = kind if kind == "multipart/report" else one_line(message_dict["email_from"])
        self._hold_routes(message, message_dict, routes, "bounce", sign)

    # What it brings

    @api.model
    @api.private
    def message_new(self, msg_dict, custom_values=None):
        """Make a complaint from an e-mail: from whom, about what, for which team."""
        self.check_access("create")
        mail = self._gateway_mail()
        # What others than the gateway want to be set, they set by hand.
        custom_values = dict(custom_values or {}) if self.env.su else {}
        company = self.env["res.company"].browse(custom_values.get("company_id")) or self.env.company
        team = self.env["customer.complaint.team"].browse(custom_values.get("team_id"))
        self._clean_mail_lines(msg_dict)
        name, address = self._split_sender(msg_dict)
        partner = self._find_mail_sender(name, address, team, company)
        if partner.partner_share or not partner:
            # Also where Odoo found one: it looks in all companies.
            msg_dict["author_id"] = partner.id
            msg_dict["is_internal"] = False
        else:
            # Staff passes on what somebody else has to complain about; customers do not read how.
            msg_dict["author_id"], partner = partner.id, self.env["res.partner"]
            msg_dict["is_internal"] = True
        if mail["handed_over_by"]:
            msg_dict["author_id"], msg_dict["is_internal"] = mail["handed_over_by"], True
        self._leave_out_huge_attachments(msg_dict)
        msg_dict["body"] = self._clean_mail_body(msg_dict.get("body"))
        subject = self._without_secrets(one_line(msg_dict.get("subject")))
        values = {
            "name": subject or self.env._("E-mail without subject from %s", name or address or self.env._("unknown")),
            "description": msg_dict["body"],
            "channel_id": self.env["customer.contact.channel"]._of("email").id,
            "company_id": company.id,
            "partner_id": partner.id,
            "partner_name": name or address,
            **custom_values,
        }
        # Anybody can write this sender, so whom the mail names beside reads our answers only if of the family.
        copied, left_out = self._keep_family_copied(
            msg_dict.get("cc_filtered", msg_dict.get("cc")), partner.commercial_partner_id
        )
        msg_dict.update(cc_filtered=copied, to_filtered="")
        sender = {"email_from": address, "cc": copied}
        complaint = super(CustomerComplaint, self.with_company(company)).message_new({**msg_dict, **sender}, values)
        if left_out:
            complaint._message_log(body=self.env._(
                "The e-mail was also sent to %(addresses)s. They do not get our answers. To include them, add them as "
                "followers.",
                addresses=", ".join(left_out),
            ))
        if complaint.previous_id:
            complaint._tell_begun_anew()
        complaint._hold_receipt(mail["unanswered_because"])
        return complaint

    def _hold_receipt(self, reason):
        """Send no automatic e-mail in this transaction where a program may read it, and say so (one record)."""
        if not reason and self._has_many_receipts():
            reason = self.env._("many e-mails from this address within an hour")
        if not reason:
            return
        self.env.cr.precommit.data.setdefault("customer.complaint.unanswered", set()).add(self.id)
        self._message_log(body=self.env._(
            "No automatic reply was sent, because the e-mail came from a mailing list or a program "
            "(%(reason)s). Write to the customer yourself.",
            reason=reason,
        ))

    def _has_many_receipts(self):
        """Tell whether this sender made so many complaints lately that a program may be at work (one record)."""
        if not self.email_from:
            return False
        # sudo: counted for all teams.
        return self.sudo().with_context(active_test=False).search_count([
            ("email_from", "=", self.email_from),
            ("channel_id", "=", self.env["customer.contact.channel"]._of("email").id),
            ("create_date", ">=", fields.Datetime.now() - timedelta(hours=1)),
            ("id", "!=", self.id),
        ], limit=RECEIPTS_AN_HOUR) >= RECEIPTS_AN_HOUR

    @api.model
    def _split_sender(self, msg_dict):
        """Return the name and the address of an e-mail's sender; of a broken one, what there is."""
        email_from = one_line(msg_dict.get("email_from"))
        address = email_normalize(email_from, strict=False)
        name = next((name for name, __ in email_split_tuples(email_from) if name), "")
        return name, address or email_from

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

    @api.private
    def message_update(self, msg_dict, update_vals=None):
        """Take an answer by e-mail, without files that are too large."""
        self.check_access("write")
        self._clean_mail_lines(msg_dict)
        self._leave_out_huge_attachments(msg_dict)
        return super().message_update(msg_dict, update_vals)

    def _on_mail_note(self, role):
        """Have somebody look at what is kept as a note."""
        if role == "staff":
            self._plan_follow_up("mail.mail_activity_data_todo", self._note_hint(role))
        elif role == "unproven":
            self._plan_follow_up("crm_customer_value.mail_activity_type_customer_wrote", self._note_hint(role))
        elif role == "colleague":
            self._plan_follow_up(
                "crm_customer_value.mail_activity_type_customer_wrote",
                self.env._("A colleague forwarded an e-mail. It was saved as a note."),
            )
        elif role == "stranger":
            self._plan_follow_up(
                "crm_customer_value.mail_activity_type_customer_wrote",
                self.env._(
                    "A person who does not take part in this complaint answered by e-mail. The e-mail was saved as a "
                    "note."
                ),
            )
        return super()._on_mail_note(role)

    def _on_customer_mail(self, msg_dict):
        """Go on as after a message on the portal."""
        if self._gateway_mail()["unanswered_because"]:
            self.env.cr.precommit.data.setdefault("customer.complaint.unanswered", set()).add(self.id)
        self._take_customer_answer(
            self._read_customer_answer(msg_dict.get("body"), bool(msg_dict.get("attachments"))),
            self.env._("The customer answered by e-mail."),
        )
        return super()._on_customer_mail(msg_dict)

    def _message_post_after_hook(self, message, msg_values):
        """Show the pictures of the first e-mail in the description too."""
        if "cid:" in (self.description or "") and self._emails_received() == message:
            self.description = message.body
        return super()._message_post_after_hook(message, msg_values)

    def _emails_received(self):
        return self.message_ids.filtered(lambda message: message.message_type == "email")

    # What follows from an answer, by e-mail or on the portal alike

    def _read_customer_answer(self, body, files=False):
        """Return whether an answer is mere thanks, clearly more, or unclear: see answer_words (one record)."""
        # sudo: names only tell that a word is a name.
        complaint = self.sudo()
        people = complaint.commercial_partner_id | complaint.partner_id
        people |= complaint.commercial_partner_id.child_ids | complaint.team_id.member_ids.partner_id
        people |= (complaint.user_id | complaint.team_id.leader_id).partner_id
        texts = [complaint.number, complaint.partner_name, complaint.company_id.name, complaint.team_id.name]
        return read_answer(body, [*people.mapped("name"), *texts, complaint.email_from], files)

    def _answer_leads_to(self, answer):
        """Return what follows from an answer of the customer (one record).

        ``nothing``, ``ask`` (a person decides), ``handle`` (it goes on), ``reopen``, or ``new`` (another
        complaint begins, as this one has ended too long ago).
        """
        if self._is_open():
            if self.state == "answered":
                return "handle" if answer == MORE else "ask"
            # What we wait for may be no more than a Yes.
            return "handle" if self.state == "handling" and self.stage_id.clock_stops else "nothing"
        if answer == THANKS:
            return "nothing"
        if answer != MORE:
            return "ask"
        return "reopen" if self._may_be_reopened() else "new"

    def _may_be_reopened(self):
        """Tell whether it is not too late for the customer to reopen this complaint (one record)."""
        try:
            self._check_reopen_time()
        except UserError:
            return False
        return True

    def _take_customer_answer(self, answer, reason, message=None):
        """Go on when the customer has written: what waited is handled, what ended may be reopened (one record).

        :param answer: what :meth:`_read_customer_answer` says of it
        :param reason: why it is reopened, in words for everybody
        :param message: the mail.message, if it stands here already
        """
        if answer != THANKS:
            # sudo: when the customer wrote is nobody's to write by hand.
            self.sudo().date_customer_wrote = fields.Datetime.now()
        outcome = self._answer_leads_to(answer)
        if outcome == "nothing":
            return
        # What customers write about is there to be seen.
        self.active = True
        if outcome == "ask":
            self._plan_follow_up(CUSTOMER_WROTE, self._what_to_ask(answer))
            return
        try:
            with self.env.cr.savepoint():
                if outcome == "new":
                    self._begin_anew(message)
                elif outcome == "reopen":
                    self._reopen(reason, by_customer=True)
                elif self.state == "answered":
                    self._take_up_again()
                else:
                    self._go_on_handling()
        except UserError:
            self._plan_follow_up(CUSTOMER_WROTE, self.env._("The customer wrote. Read it and answer."))

    def _what_to_ask(self, answer):
        """Return what a person is asked to decide (one record)."""
        if not self._is_open():
            return self.env._("The customer wrote after this complaint had ended. Reopen it if there is more to do.")
        if answer == THANKS:
            return self.env._("The customer thanked us for our answer. If nothing is left to do, close the complaint.")
        return self.env._("The customer replied to our answer. Is it solved?")

    def _take_up_again(self):
        """Handle a complaint again whose answer did not solve it, with a new deadline (one record)."""
        self._lock_stage()
        self._move_to("handling")

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
            self._message_log(body=self.env._("The customer answered. Moved to “%s”.", stage.name))

    def _goes_on_in(self):
        """Return where this was merged into, or what began anew when it had ended (one record)."""
        # sudo: customers write without rights; whose complaint it may be is decided by whoever asks.
        complaint = self.sudo().with_context(active_test=False)
        seen = complaint.browse()
        while complaint not in seen:
            seen += complaint
            complaint = complaint.merged_into_id or complaint._begun_anew_in() or complaint
        return complaint

    def _begun_anew_in(self):
        """Return the complaint in which this customer went on after this one had ended, if any (one record)."""
        if self._is_open() or self._may_be_reopened():
            return self.browse()
        following = self.search([("previous_id", "=", self.id)])
        return following.filtered(
            lambda complaint: complaint.commercial_partner_id == self.commercial_partner_id
            and (complaint.commercial_partner_id or complaint.email_from == self.email_from)
        ).sorted("id")[-1:]

    def _begin_anew(self, message):
        """Make a new complaint of what the customer wrote here too long after this had ended (one record)."""
        files = message.attachment_ids if message else self.env["ir.attachment"]
        complaint = self.create({
            **self._prepare_anew(),
            "description": plaintext2html(
                html2plaintext(message.body, include_references=False) if message else ""
            ) or plaintext2html(self.env._("Only files were sent.")),
        })
        for file in files:
            file.copy({"res_model": self._name, "res_id": complaint.id})
        complaint._tell_begun_anew()
        return complaint

    def _prepare_anew(self):
        """Return the values of a complaint that follows this one (one record)."""
        return {
            "name": self.name,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_name,
            "email_from": self.email_from,
            "phone": self.phone,
            "team_id": self.team_id.filtered("active").id,
            "company_id": self.company_id.id,
            "channel_id": self.env["customer.contact.channel"]._of("portal").id,
            "previous_id": self.id,
        }

    def _tell_begun_anew(self):
        """Let whoever reads the one complaint find the other (one record)."""
        previous = self.previous_id
        previous._message_log(body=Markup("%s %s") % (
            self.env._("The customer wrote again after this complaint had ended. New complaint:"),
            self._get_html_link(),
        ))
        self._message_log(body=Markup("%s %s") % (
            self.env._("The customer wrote this about an earlier complaint that had ended:"), previous._get_html_link(),
        ))
