from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..value.customer_value_next_step import TALK_DAYS_KNOWN, Step


class CustomerValue(models.Model):
    """What complaints and ratings call for, before anything else."""

    _inherit = "customer.value"

    next_step_kind = fields.Selection(
        selection_add=[("complaint", "Severe complaint"), ("rating", "Bad rating"), ("invoice",)]
    )
    next_step_action = fields.Selection(selection_add=[("complaint", "Open the complaint"), ("invoice",)])

    @api.model
    def _next_step_rules(self):
        return [type(self)._step_of_complaint, type(self)._step_of_rating, *super()._next_step_rules()]

    def _step_of_complaint(self):
        """Before anybody sells, a severe complaint is taken care of."""
        # sudo: that there are severe complaints is for everybody to know who sells; what is in them, not.
        complaints = self.env["customer.complaint"].sudo()
        found = complaints.search(complaints._open_severe_domain(self.company_id, self.partner_id))
        readable = found.sudo(False)
        readable = readable._filtered_access("read") if readable.has_access("read") else readable.browse()
        steps = {}
        for value, severe in self._by_value(found).items():
            opened = readable & severe.sudo(False)
            names = dict.fromkeys(
                name for one in severe if one.user_id != self.env.user
                and (name := one.user_id.name or one.team_id.name)
            )
            if names:
                text = self.env._("Severe complaint open: talk to %s first.", ", ".join(names))
            else:
                text = self.env._("Severe complaint open: take care of it first.")
            steps[value] = Step("complaint", text, "complaint" if opened else "activity", opened)
        return steps

    def _step_of_rating(self):
        """Who was not content is called, once."""
        since = fields.Datetime.now() - timedelta(days=TALK_DAYS_KNOWN)
        # sudo: how satisfied a customer is shows in the customer's value already.
        complaints = self.env["customer.complaint"].sudo()
        ratings = self.env["rating.rating"].sudo().search(
            Domain("res_model", "=", complaints._name)
            & Domain("consumed", "=", True)
            & Domain("rated_on", ">=", since)
            & Domain("res_id", "in", complaints.with_context(active_test=False)._search(
                Domain("commercial_partner_id", "in", self.partner_id.ids)
                & Domain("company_id", "in", self.company_id.ids)
            )),
            order="rated_on desc, id desc",
        )
        rated = complaints.browse(ratings.mapped("res_id"))
        followed_up = self._last_talks(rated)
        keys, latest = self._keys(), {}
        for rating, complaint in zip(ratings, rated, strict=True):
            value = keys.get((complaint.company_id.id, complaint.commercial_partner_id.id))
            if value:
                latest.setdefault(value, (rating, complaint))
        talks = self._last_talks(self.partner_id)
        steps = {}
        for value, (rating, complaint) in latest.items():
            talked = max(filter(None, (talks.get(value.partner_id.id), followed_up.get(complaint.id))), default=None)
            if rating.rating > value.company_id.complaint_bad_rating or (talked and talked >= rating.rated_on):
                continue
            steps[value] = Step("rating", self.env._("Rated %s of 5: call.", f"{rating.rating:g}"))
        return steps
