"""What the customer answers, and what follows from it."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.feedback.scales import SCALES as RANGES

COMMENT_LENGTH = 4000
CALL = "crm_customer_value.mail_activity_type_unhappy_answer"


class CustomerFeedback(models.Model):
    _inherit = "customer.feedback"

    def _answer_block(self):
        """Return why this question (one) cannot be answered, in words for the customer, or False."""
        if self._is_over():
            return self.env._("The time to answer this question is over. You can still write to us or call us.")
        return False

    def _answer(self, score, comment=""):
        """Note what the customer answers (one record).

        Until the time is over, an answer may be changed: the last one counts, and the first one is kept next to it.

        :param int score: on the scale of the question
        :raise UserError: when the time is over, in words for the customer
        :raise odoo.exceptions.LockError: when another answer to it is being written
        """
        self.ensure_one()
        scale = RANGES[self.scale]
        if score not in scale.scores:
            raise ValidationError(self.env._(
                "Please choose an answer from %(low)s to %(high)s.", low=scale.low, high=scale.high
            ))
        # sudo: the customer may not read or write the question, and has its key.
        feedback = self.sudo()
        # Two clicks at once are one answer.
        feedback.lock_for_update(allow_referencing=True)
        if reason := feedback._answer_block():
            raise UserError(reason)
        values = {"comment": (comment or "").strip()[:COMMENT_LENGTH] or False}
        if feedback.score is False:
            values["first_score"] = score
        elif feedback.score != score:
            values["change_count"] = feedback.change_count + 1
        if feedback.score is False or feedback.score != score:
            values.update(
                state="answered", score=score, points=scale.points(score), date_answered=fields.Datetime.now()
            )
        feedback.write(values)
        feedback._follow_up()

    def _follow_up(self):
        """Have somebody call a customer who is unhappy: once for each question (one record, as superuser)."""
        if self.mood != "bad" or self.date_alerted:
            return
        self.date_alerted = fields.Datetime.now()
        user = self._owner()
        spoken = self.with_context(lang=user.lang or self.env.lang)
        link = Markup('<a href="/odoo/{0}/{1}" data-oe-model="{0}" data-oe-id="{1}">{2}</a>').format(
            self._name, self.id, spoken.env._("Read the answer"),
        )
        self.partner_id.with_context(lang=spoken.env.lang).activity_schedule(
            CALL,
            date_deadline=fields.Date.context_today(self.with_context(tz=user.tz)),
            summary=spoken.env._("Call: answered %(answer)s", answer=spoken.score_text),
            # No word of the customer's: whoever may open the contact reads the note.
            note=Markup("<p>%s</p><p>%s</p>") % (spoken.question, link),
            user_id=user.id,
        )

    def _owner(self):
        """Return who talks with the customer: an employee, the first of those concerned (one record, as superuser)."""
        company, customer = self.company_id, self.commercial_partner_id
        value = self.env["customer.value"].search([("company_id", "=", company.id), ("partner_id", "=", customer.id)])
        candidates = (
            self.user_id, self.partner_id.user_id, customer.user_id, value.user_id, self.team_id.user_id,
            self.rule_id.user_id,
        )
        for user in candidates:
            if user.active and user._is_internal() and company in user.company_ids:
                return user
        return self.env.ref("base.user_admin")
