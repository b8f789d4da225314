"""What customers read and say of their needs on the portal."""

import hashlib

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .customer_need import MOST_IMPORTANT

# What customers say of a need; that it is not for us is ours to say.
CUSTOMER_STATES = ("open", "partly", "met")


class CustomerNeed(models.Model):
    _name = "customer.need"
    _inherit = ["customer.need", "customer.sent.mixin"]

    _unique_portal_key = models.UniqueIndex(
        "(portal_key) WHERE portal_key IS NOT NULL", "This need has been sent already."
    )

    @api.model
    def _customer_domain(self, family, company):
        """Return which needs a customer reads: neither objections nor what we guess."""
        return (
            Domain("commercial_partner_id", "=", family.id)
            & Domain("company_id", "=", company.id)
            & Domain("kind", "=", "need")
            & Domain("is_guess", "=", False)
            & Domain("active", "=", True)
        )

    @api.model
    def _customer_types(self, family):
        """Return the types that a customer chooses from, as superuser: those of their industry and of all."""
        # sudo: customers have no rights on the set-up; they read the names of what is offered to them.
        industries = family.sudo().industry_id.ids
        return self.env["customer.need.type"].sudo().search([
            ("kind", "=", "need"), ("active", "=", True),
            "|", ("industry_ids", "=", False), ("industry_ids", "in", industries),
        ])

    def _customer_mark(self):
        """Return a short print of what the customer sees of a need (one record)."""
        seen = (self.type_id.id, self.words, self.importance, self.yardstick, self.state)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]

    def _customer_values(self):
        """Return what a customer reads of each of these, in their order; to be called as superuser.

        Nothing else of a need is for them: not who of us is responsible, our advice, nor where we heard of it.
        """
        states, importances = self._customer_states(), self._customer_importances()
        return [
            {
                "id": need.id,
                "mark": need._customer_mark(),
                "type": need.type_id.name,
                "words": need.words or "",
                "importance": need.importance,
                "importance_text": importances[need.importance],
                "yardstick": need.yardstick or "",
                "state": need.state,
                "state_text": states[need.state],
                "since": format_date(self.env, need.date_state) if need.date_state else "",
                "product": need.product_id.name or "" if need.state in ("partly", "met") else "",
            }
            for need in self
        ]

    @api.model
    def _customer_states(self):
        """Return how customers read the states of needs."""
        return {
            "open": self.env._("Not met yet"),
            "partly": self.env._("Partly met"),
            "met": self.env._("Met"),
            "not_for_us": self.env._("Nothing we offer"),
        }

    @api.model
    def _customer_importances(self):
        """Return how customers read how much a need matters."""
        return {
            1: self.env._("A wish"),
            2: self.env._("Helpful"),
            3: self.env._("Important"),
            4: self.env._("Very important"),
            5: self.env._("Decides whether we buy"),
        }

    @api.model
    def _state_by_customer(self, partner, company, values, user, key):
        """Keep a need that a customer states; to be called as superuser.

        :param values: type_id, words, importance and yardstick, each of them checked
        :param user: who of us is told and responsible, maybe nobody
        :param key: the form's own mark
        :return: the need, or none when this form was sent before
        """
        return self.with_context(mail_create_nosubscribe=True)._send_once({
            **values,
            "company_id": company.id,
            "partner_id": partner.id,
            "user_id": user.id,
            "source": "portal",
        }, key)

    def _change_by_customer(self, values):
        """Change what a customer says of a need (one record); to be called as superuser.

        :param values: some of importance, yardstick and state
        :raise UserError: in words for the customer, for what they may not say
        """
        self.ensure_one()
        importance, state = values.get("importance", self.importance), values.get("state", self.state)
        if not 1 <= importance <= MOST_IMPORTANT or (state != self.state and state not in CUSTOMER_STATES):
            raise UserError(self.env._("Please choose from the list."))
        changed = {name: value for name, value in values.items() if (self[name] or "") != (value or "")}
        if not changed:
            return
        before = self.yardstick
        self.with_context(mail_create_nosubscribe=True).write(changed)
        if "yardstick" in changed:
            self._log_yardstick(before)

    def _log_yardstick(self, before):
        """Tell employees, in their language, how the customer wanted to judge a need so far (one record)."""
        user = self.user_id or self.commercial_partner_id.user_id
        env = self.with_context(lang=user.lang or self.env.lang).env
        self._message_log(body=env._(
            "The customer changed how they will judge this need. It was: %(before)s", before=before or "–"
        ))
