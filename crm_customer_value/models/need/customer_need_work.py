"""Needs lead to work: to a suggestion with those who want it behind it, and to opportunities."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class CustomerNeed(models.Model):
    _inherit = "customer.need"

    def action_create_suggestion(self):
        """Make one suggestion of these needs, with their contacts as supporters, and open it."""
        suggestion = self._suggest()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.suggestion",
            "res_id": suggestion.id,
            "views": [(False, "form")],
        }

    def action_create_opportunities(self):
        """Make an opportunity for each customer who has none for these needs, and open the opportunities."""
        leads = self._make_opportunities()
        action = {"type": "ir.actions.act_window", "name": self.env._("Opportunities"), "res_model": "crm.lead"}
        if len(leads) == 1:
            return {**action, "res_id": leads.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", leads.ids)], "views": [(False, "list"), (False, "form")]}

    def _check_work(self):
        """Raise unless these are needs of one company that the user may change, and keep others from changing them."""
        self.check_access("write")
        if not self:
            raise UserError(self.env._("Select the needs first."))
        if "objection" in self.mapped("kind"):
            raise UserError(self.env._("Select needs only: an objection is answered, and not offered."))
        if len(self.company_id) > 1:
            raise UserError(self.env._("Select needs of one company."))
        # Two people who click at the same time get one.
        self.lock_for_update()

    def _suggest(self):
        """Return the suggestion that all of these needs lead to, made if there is none."""
        self._check_work()
        if len(self.type_id) > 1:
            raise UserError(self.env._("A suggestion is about one thing. Select needs of one type."))
        known = self.suggestion_id.filtered(lambda suggestion: suggestion._is_open())
        suggestion = known[:1]
        if not suggestion:
            category = self.product_categ_id if len(self.product_categ_id) == 1 else self.product_categ_id.browse()
            suggestion = self.env["customer.suggestion"].create({
                # No words of customers: all of them read the text of public suggestions.
                "name": ": ".join(filter(None, (category.name, self.type_id.name))),
                "company_id": self.company_id.id,
            })
        # Who did not say so supports nothing, and is told nothing.
        contacts = self.filtered(lambda need: not need.is_guess).partner_id
        self.env["customer.suggestion.support"].create([
            {"suggestion_id": suggestion.id, "partner_id": contact.id}
            for contact in contacts - suggestion.support_ids.partner_id - suggestion.partner_id
        ])
        self.filtered(lambda need: need.suggestion_id not in known).suggestion_id = suggestion
        return suggestion

    def _make_opportunities(self):
        """Return an opportunity for each customer of these needs, made if there is none."""
        self._check_work()
        leads = self.lead_id._filtered_access("read")
        for needs in self.filtered(lambda need: not need.lead_id).grouped("commercial_partner_id").values():
            lead = self.env["crm.lead"].create(needs._prepare_opportunity_values())
            needs.lead_id = lead
            lead.message_post_with_source(
                "mail.message_origin_link", render_values={"self": lead, "origin": needs[0]},
                subtype_xmlid="mail.mt_note",
            )
            leads |= lead
        return leads

    def _prepare_opportunity_values(self):
        """Return the values of the opportunity for these needs of one customer."""
        words = "\n\n".join(filter(None, self.mapped("words")))
        return {
            "name": ", ".join(self.type_id.mapped("name")),
            "type": "opportunity",
            "partner_id": self.partner_id[:1].id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "description": words and plaintext2html(words),
        }
