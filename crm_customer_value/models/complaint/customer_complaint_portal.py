"""Complaints on the portal: what customers read, how they send one, and what they say on its page."""

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize, formataddr, plaintext2html

from ..base.number_fields import Monetary
from ..voice.customer_time import customer_zone, moment_text, zone_label

# What customers read beside what they read of all that they tell. Judgements (severity, causes), people
# (followers, employees' records) and money that is not promised yet stay inside.
PORTAL_READABLE_FIELDS = frozenset((
    "currency_id", "channel_id", "channel_code", "wanted_remedy", "order_id", "order_line_id", "product_id",
    "invoice_id", "waits_for_customer", "date_received", "date_acknowledged", "date_answered", "date_closed",
    "acknowledge_deadline", "resolve_deadline", "handler_name", "customer_confirmed", "told_remedy",
    "told_compensation",
))
TOLD_STATES = ("answered", "closed", "rejected")
# How far along the timeline a complaint of this state is.
PROGRESS = {"received": 0, "handling": 2, "answered": 3, "closed": 4, "rejected": 4}
SUBJECT_LENGTH = 80


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    customer_confirmed = fields.Datetime(
        "Confirmed by Customer",
        readonly=True,
        copy=False,
        help="When the customer said on the portal that this is solved.",
    )
    waits_for_customer = fields.Boolean(
        compute="_compute_waits_for_customer",
        search="_search_waits_for_customer",
        compute_sudo=True,
        help="We are waiting for an answer from the customer.",
    )
    told_remedy = fields.Selection(
        selection=lambda self: self._fields["remedy"]._description_selection(self.env),
        compute="_compute_told",
        compute_sudo=True,
        help="Remedy that the customer sees, once we have answered.",
    )
    told_compensation = Monetary(
        compute="_compute_told",
        compute_sudo=True,
        help="Compensation that the customer sees, once we have answered.",
    )

    _unique_portal_key = models.UniqueIndex(
        "(portal_key) WHERE portal_key IS NOT NULL", "This complaint has been sent already."
    )

    sender_lang = fields.Char(
        "Language of the Sender",
        readonly=True,
        copy=False,
        help="Language in which the public form was filled in. E-mails use it until there is a contact.",
    )

    @api.model
    def _waiting_domain(self):
        return Domain("state", "=", "answered") | (
            Domain("state", "=", "handling") & Domain("stage_id.clock_stops", "=", True)
        )

    @api.depends("state", "stage_id.clock_stops")
    def _compute_waits_for_customer(self):
        for complaint in self:
            complaint.waits_for_customer = complaint.state == "answered" or (
                complaint.state == "handling" and complaint.stage_id.clock_stops
            )

    @api.model
    def _search_waits_for_customer(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: customers may not read stages; the ids say no more than the field does.
        waiting = Domain("id", "in", self.sudo()._search(self._waiting_domain()))
        if set(value) == {True, False}:
            return Domain.TRUE
        return waiting if True in value else ~waiting

    @api.depends("state", "remedy", "compensation")
    def _compute_told(self):
        for complaint in self:
            told = complaint.state in TOLD_STATES
            complaint.told_remedy = told and complaint.remedy
            complaint.told_compensation = complaint.compensation if told else 0.0

    @api.model
    def _portal_readable_fields(self):
        return super()._portal_readable_fields() | PORTAL_READABLE_FIELDS

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Give customers their newest complaints first: the desk's queue goes by what is inside."""
        if not self._is_inside() and (not order or order == self._order):
            order = "date_received desc, id desc"
        return super()._order_to_sql(order, query, alias, reverse)

    def _leave_families(self, families):
        """Forget also what the customer of before confirmed: the next one has said nothing yet."""
        # sudo: what the customer said is nobody's to write by hand.
        moved = self.sudo().filtered(lambda complaint: complaint.commercial_partner_id != families[complaint])
        moved.filtered("customer_confirmed").customer_confirmed = False
        return super()._leave_families(families)

    def _has_unproven_link(self):
        """Tell whether somebody may hold the link who typed an e-mail address without showing it is theirs.

        The public form shows the link on the screen; all later links go to the address itself (one record).
        """
        # sudo: customers may not read who created what, nor the mark of the form.
        complaint = self.sudo()
        return bool(complaint.portal_key) and complaint.create_uid._is_public()

    # What the page tells, and what customers do there

    def _customer_zone(self, reader):
        """Return the name of the time zone in which the contact ``reader`` reads this complaint (one record)."""
        # sudo: customers may not read teams; only the zone of their working hours is taken.
        return customer_zone(reader, self.company_id, self.sudo().team_id._get_calendar())

    def _portal_tz(self, user):
        """Return the name of the time zone in which ``user`` reads this complaint (one record)."""
        return self._customer_zone(self.partner_id if user._is_public() else user.partner_id)

    def _portal_zone_label(self, tz):
        """Return what the reader calls the time zone ``tz``."""
        return zone_label(self.env, tz)

    def _is_other_side(self, user):
        """Tell whether ``user`` is an employee, and not the one who complains (one record)."""
        return user._is_internal() and user.partner_id != self.partner_id

    def _portal_timeline(self):
        """Return the steps of this complaint for its customer (one record).

        :return: a list of {"label", "date" (maybe empty), "done", "current"}
        """
        self.ensure_one()
        progress = PROGRESS[self.state or "received"]
        steps = [
            (self.env._("Received"), self.date_received),
            (self.env._("Acknowledged"), self.date_acknowledged),
            (self.env._("In Progress"), False),
            (self.env._("Answered"), self.date_answered),
            (self.env._("Not Accepted") if self.state == "rejected" else self.env._("Closed"), self.date_closed),
        ]
        return [
            {
                "label": label,
                "date": date if number <= progress else False,
                "done": number <= progress,
                "current": number == progress,
            }
            for number, (label, date) in enumerate(steps)
            # What has ended tells what happened, not what was left out.
            if self._is_open() or date
        ]

    def _portal_promise(self):
        """Return what the customer was promised (one record).

        :return: {"kind": "none", "waiting", "acknowledge" or "answer", "date", "late"}
        """
        self.ensure_one()
        promise = {"kind": "none", "date": False, "late": False}
        if self.state not in ("received", "handling"):
            return promise
        if self.waits_for_customer:
            return {**promise, "kind": "waiting"}
        if self.state == "received" and self.acknowledge_deadline:
            promise.update(kind="acknowledge", date=self.acknowledge_deadline)
        elif self.resolve_deadline:
            promise.update(kind="answer", date=self.resolve_deadline)
        promise["late"] = bool(promise["date"]) and promise["date"] < fields.Datetime.now()
        return promise

    def _portal_promise_text(self, promise, tz):
        """Return in words what the customer was promised (one record).

        :param promise: see ``_portal_promise``; its kind is not "waiting"
        """
        if promise["kind"] == "none":
            return self.env._("We have received your complaint and will answer as soon as we can.")
        moment = Markup("<strong>%s</strong>") % moment_text(self.env, promise["date"], tz, with_zone=False)
        if promise["late"]:
            return self.env._(
                "We are late. We promised to answer by %(moment)s. We are sorry and are working on it.", moment=moment
            )
        if promise["kind"] == "acknowledge":
            return self.env._("We will tell you by %(moment)s who handles your complaint.", moment=moment)
        return self.env._("We will answer by %(moment)s.", moment=moment)

    def _portal_reopen_text(self, until, tz):
        """Return in words until when the customer may reopen this complaint (one record)."""
        return self.env._(
            "You can reopen this complaint until %(moment)s.",
            moment=moment_text(self.env, until, tz, with_zone=False),
        )

    def _portal_may_reopen(self):
        """Tell whether the customer may reopen this complaint, or refuse our answer, now (one record)."""
        return self.state == "answered" if self._is_open() else self._may_be_reopened()

    def _customer_confirm(self):
        """Note that the customer is content, and close the complaint where it can be closed (one record).

        :return: whether it is closed now
        """
        self.ensure_one()
        if self.state != "answered":
            raise UserError(self.env._("You can confirm a complaint as solved only after we have answered it."))
        # sudo: what the customer said is nobody's to write by hand.
        self.sudo().customer_confirmed = fields.Datetime.now()
        try:
            with self.env.cr.savepoint():
                self._close()
        except (UserError, ValidationError):
            # The customer's part is done; ours, such as the root cause of a severe complaint, is not.
            self._tell_responsible_confirmed()
            return False
        return True

    def _tell_responsible_confirmed(self):
        """Ask whoever is responsible to finish what the customer cannot see."""
        self.message_notify(
            partner_ids=(self.user_id or self.team_id.leader_id).partner_id.ids,
            subject=self.env._("%(complaint)s: the customer is satisfied", complaint=self.display_name),
            body=self.env._(
                "The customer confirmed on the portal that this is solved. "
                "Complete what is missing, such as the root cause, and close the complaint."
            ),
        )
        self._message_log(
            body=self.env._("The customer confirmed on the portal that this is solved, but it cannot be closed yet.")
        )

    def _customer_reopen(self, reason):
        """Take the complaint up again because its customer says so (one record).

        :param reason: what the customer wrote, plain text
        """
        self.ensure_one()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Please tell us why this is not solved."))
        if not self._portal_may_reopen():
            raise UserError(
                self.env._(
                    "This complaint can no longer be reopened. Please send us a new one and mention this number."
                )
            )
        if self.state == "answered":
            self._take_up_again()
            self._post_by_customer(self.env._("Not solved: %s", reason))
        else:
            self._reopen(reason, by_customer=True)

    # How a complaint comes in

    @api.model
    def _send_by_customer(self, values, text, files=(), key=None):
        """Create a complaint from a form of the portal.

        :param values: checked by the controller, field by field; nothing of a form goes in here as it came
        :param text: what happened, plain text
        :param files: pairs of (name, content)
        :param key: the form's own mark; the same form sent twice makes one complaint
        :return: the complaint, or none when this form was sent before: see _find_sent
        """
        complaint = self._send_once({
            **values,
            "name": values.get("name") or self._subject_from(text),
            "description": plaintext2html(text),
            "channel_id": self.env["customer.contact.channel"]._of("portal").id,
            "sender_lang": self.env.lang,
        }, key)
        if complaint and files:
            complaint._post_by_customer(self.env._("Files sent with the complaint."), attachments=list(files))
        return complaint

    @api.model
    def _subject_from(self, text):
        """Return the first words of a text."""
        line = text.strip().splitlines()[0].strip()
        return line if len(line) <= SUBJECT_LENGTH else f"{line[:SUBJECT_LENGTH].rsplit(' ', 1)[0]}…"

    def _post_by_customer(self, body, **values):
        """Post a message in the name of the customer: whoever uses the page, or the contact (one record)."""
        self.ensure_one()
        author = self.env.user.partner_id if self.env.user._is_portal() else self.partner_id
        if author:
            values["author_id"] = author.id
        else:
            # An e-mail address proves nothing: the author stays without a contact, whoever has it.
            sender = self.email_from and formataddr((self.partner_name or "", self.email_from))
            values.update(author_id=False, email_from=sender)
        return self.message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_comment", **values
        )

    def _place_unknown_sender(self):
        """Decide who the sender of the public form is, as far as one can know (one record).

        An e-mail address that a contact has proves nothing, as anybody can type it: the complaint
        stays unassigned, and the desk is told. A new address may become a contact, if the team
        takes unknown senders so.
        """
        # The system does this: the sender is nobody yet.
        complaint = self.with_user(SUPERUSER_ID)
        email = email_normalize(complaint.email_from)
        known = complaint.env["res.partner"].with_context(active_test=False).search(
            Domain("email_normalized", "=", email) & Domain("company_id", "in", [False, complaint.company_id.id]),
            limit=5,
        )
        if known:
            names = Markup(", ").join(partner._get_html_link() for partner in known)
            complaint._message_log(body=self.env._(
                "Sent from the public form with the e-mail address of %(names)s. An address can be "
                "typed by anybody: ask before you enter the contact.",
                names=names,
            ))
        elif complaint.team_id.alias_unknown_sender == "create":
            key = complaint.portal_key
            complaint.partner_id = complaint.env["res.partner"].create({
                "name": complaint.partner_name,
                "email": email,
                "phone": complaint.phone,
                "lang": complaint._mail_lang(),
                "company_id": complaint.company_id.id,
            })
            # This contact is the sender: a second click on the same form must not make a second complaint.
            complaint.portal_key = key

    # What customers see of the conversation, and what they add to it

    def _customer_message_domain(self):
        """Hide also what other customers wrote, who were drawn in by mistake or by a merge."""
        # sudo: whether an author is an employee is not for customers to read. Whoever left wrote
        # as an employee all the same.
        employees = self.env["res.users"].sudo().with_context(active_test=False)._search([("share", "=", False)])
        insiders = Domain("author_id", "=", False) | Domain("author_id", "in", employees.subselect("partner_id"))
        # sudo: as above.
        families = self.sudo().grouped("commercial_partner_id")
        return Domain.OR(
            super(CustomerComplaint, complaints)._customer_message_domain()
            & (insiders | Domain("author_id", "child_of", family.ids))
            for family, complaints in families.items()
        )

    def message_post(self, **kwargs):
        """Go on after a customer has written by a program of their own.

        What comes by e-mail is not shown to whoever sent the public form with that address: from
        now on the link that is mailed to the address counts, and not the one on the screen.
        """
        message = super().message_post(**kwargs)
        if message.message_type == "email" and self._has_unproven_link():
            self._void_links()
        if not self._is_inside():
            self._take_portal_answer(message)
        return message

    def _take_portal_answer(self, message=None):
        """Go on after the customer has written on the page, as after an e-mail (one record).

        :param message: the mail.message; without it, what was written last
        """
        # sudo: customers may not move complaints; having written, which was checked, does it.
        complaint = self.sudo()
        message = message.sudo() if message else complaint.message_ids.filtered(
            lambda message: message.message_type == "comment" and not message.subtype_id.internal
        )[:1]
        target = complaint._goes_on_in()
        if target != complaint:
            # It is read where it goes on; what was written here stays here too.
            target = target.with_env(complaint.env)
            waiting = {"res_model": "mail.compose.message", "res_id": 0}
            copies = [file.copy(waiting).id for file in message.attachment_ids]
            message = target._post_by_customer(message.body, attachment_ids=copies)
        answer = target._read_customer_answer(message.body, bool(message.attachment_ids))
        target._take_customer_answer(answer, self.env._("The customer answered on the portal."), message)
