"""What customers read of the figures about them, and figures of their own."""

import hashlib

from odoo import api, models
from odoo.fields import Domain

from .statement_texts import amount_text, day_text, period_text, quantity_text


class CustomerBenefitRecord(models.Model):
    _name = "customer.benefit.record"
    _inherit = ["customer.benefit.record", "customer.sent.mixin"]

    _unique_portal_key = models.UniqueIndex(
        "(portal_key) WHERE portal_key IS NOT NULL", "This figure has been sent already."
    )

    # The other indexes of customers know what counts only; whoever deletes a contact asks for all of them, too.
    _family_idx = models.Index("(commercial_partner_id, company_id, date_to)")

    @api.model
    def _customer_domain(self, family, company):
        """Return which records a customer reads: not those that somebody of us still has to look at."""
        return (
            Domain("commercial_partner_id", "=", family.id)
            & Domain("company_id", "=", company.id)
            & (Domain("doubt", "=", False) | Domain("is_checked", "=", True))
        )

    @api.model
    def _customer_asked_domain(self, family, company):
        """Return which records a customer is asked about: those of ours that they said nothing of."""
        return (
            self._customer_domain(family, company)
            & Domain("state", "=", "reported")
            & Domain("source", "!=", "portal")
        )

    def _customer_mark(self):
        """Return a short print of what the customer sees of a figure (one record): another one is another figure."""
        seen = (*self._figure(), self.gain, self.contest_words, self.settle_words)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]

    def _customer_values(self):
        """Return what a customer reads of each of these, in their order; to be called as superuser.

        Nothing else of a record is for them: neither remarks, nor what it was before, nor why it was in doubt.
        """
        return [
            {
                "id": record.id,
                "mark": record._customer_mark(),
                "metric": record.metric_id.name,
                "period": period_text(self.env, record.date_from, record.date_to),
                "value": quantity_text(self.env, record.value, record.unit),
                "baseline": quantity_text(self.env, record.baseline, record.unit),
                "gain": amount_text(self.env, record.gain, record.currency_id),
                "state": record.state,
                "by_customer": record.source == "portal",
                "confirmed": record._customer_said(record.confirmed_by_id, record.date_confirmed),
                "contested": record._customer_said(record.contested_by_id, record.date_contested),
                "contest_words": record.contest_words,
                "settle_words": record.settle_words,
                "settled": day_text(self.env, record.date_settled),
            }
            for record in self
        ]

    def _customer_said(self, partner, moment):
        """Return who said something and when, as a customer reads it."""
        if not moment:
            return ""
        day = day_text(self.env, moment)
        return self.env._("%(name)s, %(day)s", name=partner.name, day=day) if partner else day

    @api.model
    def _customer_record_values(self, goal, partner, values):
        """Return the values of a record that a customer measured for a goal."""
        return {
            **values,
            "company_id": goal.company_id.id,
            "partner_id": partner.id,
            "goal_id": goal.id,
            "metric_id": goal.metric_id.id,
            "product_id": goal.product_id.id,
            "baseline": goal.baseline,
            "unit": goal.metric_id.unit,
            "source": "portal",
        }

    @api.model
    def _customer_doubt(self, goal, values):
        """Return why a customer has to say that a figure for a goal is right, or False: see ``doubt``."""
        return self.new(self._customer_record_values(goal, goal.partner_id, values)).doubt

    @api.model
    def _add_by_customer(self, goal, partner, values, key):
        """Keep a figure that a customer measured for an open goal; to be called as superuser.

        :param values: date_from, date_to, value, and whether the customer says that an unlikely one is right
        :param key: the form's own mark
        :return: the record, or none when this form was sent before
        """
        return self._send_once(self._customer_record_values(goal, partner, values), key)
