"""What customers and teams read when somebody else looks after a record."""

from markupsafe import Markup

from odoo import models


class CustomerFlowMixin(models.AbstractModel):
    _inherit = "customer.flow.mixin"

    def _tell_hand_over(self, steps, reason=None, due=False):
        """Tell the customer who serves them now, and the new team what it is given.

        :param steps: the steps that this record (one) left, in their order; none with another flow
        :param reason: why, in words, if somebody said so
        :param due: the working time of the steps was up
        """
        self._tell_customer(lambda record: record._hand_over_text())
        self._tell_team(lambda record: record._hand_over_note(steps, reason, due))

    def _tell_stand_in(self, absentee):
        """Tell the customer that somebody else serves them than ``absentee``."""
        self._tell_customer(lambda record: record._stand_in_text(absentee))

    def _hand_over_text(self):
        """Return what the customer reads when another team serves them, if anything (one record). Extension point."""
        return ""

    def _stand_in_text(self, absentee):
        """Return what the customer reads when somebody else serves them than ``absentee``. Extension point."""
        return ""

    def _tell_last_step(self):
        """Tell the team's leader that the time of the last step is up."""
        self._tell_team(
            lambda record: record.env._(
                "The time of “%(step)s” is up. This is the last step. Choose another team.",
                step=record.step_id.name,
            ),
            everybody=False,
        )

    def _hand_over_note(self, steps, reason, due):
        """Return what the new team reads, in the language of the environment."""
        steps = steps.with_env(self.env)
        names = "”, “".join(steps.mapped("name"))
        if due:
            reason = self.env._("The working time of “%(steps)s” is up.", steps=names)
        elif not reason and steps:
            reason = self.env._("%(user)s handed over from “%(steps)s”.", user=self.env.user.name, steps=names)
        elif not reason:
            reason = self.env._("The service option is now “%(flow)s”.", flow=self.flow_id.name)
        turn = self.step_id and self.env._("Now with: “%(step)s”.", step=self.step_id.name)
        given = Markup().join(
            Markup("<li>%s: %s</li>") % (step.name, step.handed_over) for step in steps if step.handed_over
        )
        wishes = self.service_hint and self.env._("The customer prefers: %(wishes)s", wishes=self.service_hint)
        return Markup().join((
            Markup("<p>%s %s</p>") % (reason, turn or ""),
            given and Markup("<p>%s</p><ul>%s</ul>") % (self.env._("Handed over:"), given),
            Markup("<p>%s</p>") % wishes if wishes else "",
        ))

    def _tell_customer(self, compose):
        """Post what ``compose`` writes where the customer sees it, in the customer's language."""
        partner = self.partner_id.with_company(self.company_id)
        record = self.with_context(lang=partner._customer_wishes()["lang"])
        values = {}
        if self.env.user._is_superuser() or not self.env.user._is_internal():
            # What happens by itself is said by the company: neither by a robot nor by the customer.
            values = {"author_id": self.company_id.partner_id.id}
        body = compose(record)
        if not body:
            return
        record.message_post(
            body=body,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=partner.ids if partner.email else [],
            **values,
        )

    def _tell_team(self, compose, everybody=True):
        """Post what ``compose`` writes as a note to the team's leader, and its members as well."""
        # sudo: whoever hands over need not be able to read the team and its people.
        team = self.sudo().team_id
        people = team.leader_id | (self.sudo().user_id or team.member_ids if everybody else team.leader_id)
        people = people.filtered(lambda user: user._may_serve(self.company_id))
        lang = (team.leader_id.filtered("active") or people[:1]).lang or self.company_id.partner_id.lang
        record = self.with_context(lang=lang or self.env.lang)
        record.message_post(
            body=compose(record), subtype_xmlid="mail.mt_note", partner_ids=people.partner_id.ids
        )
