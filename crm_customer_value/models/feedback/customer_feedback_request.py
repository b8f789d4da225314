"""How a question goes out, and until when it can be answered."""

import logging
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, formataddr, get_lang, hmac
from odoo.tools.misc import format_date

from ...engine.feedback import asking
from ...engine.feedback.scales import SCALES as RANGES
from ..voice.customer_time import customer_zone

_logger = logging.getLogger(__name__)

# So long after it was asked, a question can be answered, and the answer changed.
ANSWER_DAYS = 30
# Questions that are sent in one transaction.
BATCH = 50
TEMPLATE = "crm_customer_value.mail_template_customer_feedback"
# The place of the key in the links of an e-mail, until it goes out.
PLACE = "-"


class CustomerFeedback(models.Model):
    """Whoever has the link speaks as the customer, so its key is stored nowhere that employees look: neither on the
    request, nor in the e-mail that waits to be sent. It is filled in on the way out, see mail_mail."""

    _inherit = "customer.feedback"

    @api.model
    def _send_waiting(self):
        """Send the questions that wait, and cancel those to contacts who are not to be asked any more."""
        waits = [("state", "=", "waiting")]
        # Questions that somebody else is sending are left to them.
        while waiting := self.search(waits, order="id", limit=BATCH).try_lock_for_update(allow_referencing=True):
            waiting._send()
            # Nobody is asked twice by whoever comes after one who was stopped in the middle.
            if not self.env["ir.cron"]._commit_progress(len(waiting), remaining=self.search_count(waits)):
                break

    def _send(self):
        """Send these questions, which wait."""
        self.env.flush_all()
        for company, mine in self.grouped("company_id").items():
            reasons = dict(self.env.execute_query(asking.standing_sql(company.id, mine.partner_id.ids)))
            for feedback in mine:
                reason = reasons.get(feedback.partner_id.id) or feedback._send_one()
                if reason:
                    feedback.write({"state": "cancelled", "reason": reason})

    def _send_one(self):
        """Send this question; return why not, or nothing (one record)."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            _logger.error("The e-mail template %s is missing: nobody can be asked", TEMPLATE)
            return "failed"
        spoken = self.with_context(lang=self._customer_lang())
        try:
            with self.env.cr.savepoint():
                self.write({
                    "state": "asked", "date_asked": fields.Datetime.now(), "question": spoken.rule_id.question,
                })
                mail = template.browse(template.id).send_mail(self.id)
                body = self.env["mail.mail"].browse(mail).body_html
                if f"/feedback/{self.id}/{PLACE}" not in (body or ""):
                    raise UserError(self.env._(
                        "The e-mail template “%(template)s” has no links to answer by: put the answers back into it.",
                        template=template.name,
                    ))
        except Exception:
            # A template that people write may fail in any way; the other questions are sent all the same.
            _logger.exception("Question %s cannot be sent", self.id)
            self.invalidate_recordset()
            return "failed"
        return None

    @api.model
    def _expire(self):
        """Close what nobody answered in time."""
        limit = fields.Datetime.now() - timedelta(days=ANSWER_DAYS)
        self.search([("state", "=", "asked"), ("date_asked", "<", limit)]).write({"state": "expired"})

    # The link

    def _customer_key(self):
        """Return the key of the link, void as soon as the contact belongs to another customer (one record)."""
        # sudo: the secret of the database is read to sign, and told to nobody.
        feedback = self.sudo()
        return hmac(
            feedback.env, "crm_customer_value-feedback",
            (feedback.id, feedback.partner_id.id, feedback.commercial_partner_id.id),
        )

    @api.model
    def _find_by_customer_key(self, feedback_id, key):
        """Return the question that the key opens, or none."""
        # sudo: customers may not read questions; the key is what is asked for.
        feedback = self.sudo().browse(feedback_id if feedback_id < 2**31 else 0).exists()
        if not feedback or feedback.state in ("waiting", "cancelled"):
            return self.browse()
        if not consteq(feedback._customer_key().encode(), str(key).encode()):
            return self.browse()
        return self.browse(feedback.id)

    def _customer_url(self, key=PLACE, page=""):
        """Return the address of the page to answer this question, or another page of it (one record)."""
        return f"{self.get_base_url()}/feedback/{self.id}/{key}{page}"

    def _with_customer_keys(self, text):
        """Return the text of an e-mail to the customer in which the links have the key (one record)."""
        return re.sub(rf"(/feedback/{self.id}/){PLACE}(?=[/?\"'\s)>\]]|$)", rf"\g<1>{self._customer_key()}", text or "")

    def _answer_until(self):
        """Return until when the customer may answer (one record)."""
        # Whoever previews the e-mail sees what it would say now.
        return (self.date_asked or fields.Datetime.now()) + timedelta(days=ANSWER_DAYS)

    def _is_over(self):
        """Tell whether the time to answer is over (one record)."""
        return self.state not in ("asked", "answered") or fields.Datetime.now() > self._answer_until()

    # What the e-mail says

    def _customer_lang(self):
        """Return the code of the language of the contact (one record)."""
        # sudo: customers may not read contacts, and any employee may ask.
        return get_lang(self.env, self.sudo().partner_id.lang).code

    def _customer_direction(self):
        """Return how the language of the e-mail or page is written: ``ltr`` or ``rtl``."""
        # sudo: whoever reads no languages reads a page in one.
        return self.env["res.lang"].sudo()._get_data(code=self.env.lang or "en_US").direction or "ltr"

    def _customer_answers(self):
        """Return the answers to choose from (one record), in their order: {"score", "text", "label"}.

        ``text`` is the score as a page needs it: a 0 that is a number is shown by no template.
        """
        return [
            {"score": score, "text": str(score), "label": self._customer_answer_label(score)}
            for score in RANGES[self.scale].scores
        ]

    def _customer_answer_label(self, score):
        """Return what a score means, for whoever cannot see where it stands (one record)."""
        scale = RANGES[self.scale]
        if score == scale.low:
            return f"{score}: {self._customer_ends()[0]}"
        return f"{score}: {self._customer_ends()[1]}" if score == scale.high else str(score)

    def _customer_ends(self):
        """Return what the lowest and the highest answer mean (one record)."""
        return {
            "csat": (self.env._("Very dissatisfied"), self.env._("Very satisfied")),
            "nps": (self.env._("Not at all likely"), self.env._("Very likely")),
            "effort": (self.env._("Very difficult"), self.env._("Very easy")),
        }[self.scale]

    def _customer_links(self):
        """Return the answers as links, for the e-mail (one record)."""
        # The frame of the e-mail is its own: a template that people change cannot lose a link of it.
        return self.env["ir.qweb"]._render("crm_customer_value.customer_feedback_links", {
            "feedback": self, "direction": self._customer_direction(), "ends": self._customer_ends(),
        })

    def _customer_subject(self):
        """Return the question as one line (one record)."""
        return " ".join((self.question or "").split())

    def _customer_address(self):
        """Return the one address that the question goes to, with the name of the contact (one record)."""
        # sudo: the address is where the e-mail goes, whoever sends it.
        partner = self.sudo().partner_id
        return formataddr((partner.name or "", partner.email_normalized or ""))

    def _customer_day(self):
        """Return the last day to answer, as the customer writes it (one record)."""
        zone = customer_zone(self.partner_id, self.company_id)
        return format_date(self.env, fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self._answer_until()
        ).date())
