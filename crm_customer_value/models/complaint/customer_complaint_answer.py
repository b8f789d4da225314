"""What follows when a customer has written about a complaint, by e-mail or on the portal alike."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, plaintext2html

from .answer_words import MORE, THANKS, read_answer

CUSTOMER_WROTE = "crm_customer_value.mail_activity_type_customer_wrote"


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

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

    # Another complaint

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
            "channel": "portal",
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
