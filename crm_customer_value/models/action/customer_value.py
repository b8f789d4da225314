"""The form of a customer says the same as the list of their salesperson."""

from odoo import api, fields, models

from ..value.customer_value_next_step import Step


class CustomerValue(models.Model):
    _inherit = "customer.value"

    next_step_kind = fields.Selection(selection_add=[("listed", "On the list of the salesperson"), ("quotation",)])

    @api.model
    def _next_step_rules(self):
        """What is on the list stands before what the form would find: after all that comes first on both."""
        rules = super()._next_step_rules()
        place = rules.index(type(self)._step_of_quotation)
        return [*rules[:place], type(self)._step_of_action, *rules[place:]]

    def _step_of_action(self):
        """Say what the list says, as long as it is so: the kind was chosen by what it is worth."""
        # sudo: as on the form, that something is to be done is for everybody to know who sells. Who is held out has
        # the step that the form finds.
        found = self.env["customer.next.action"].sudo().search([
            ("company_id", "in", self.company_id.ids), ("partner_id", "in", self.partner_id.ids),
            ("is_current", "=", True), ("is_held_out", "=", False), ("state", "!=", "later"),
        ])
        kinds, keys = self._next_actions(), self._keys()
        hidden = found._hidden_records(self.env)
        steps, of_rule = {}, {}
        for action in found:
            value, kind = keys.get((action.company_id.id, action.partner_id.id)), kinds.get(action.kind)
            if not value or not kind:
                continue
            if kind.step:
                of_rule.setdefault(kind.step, []).append(value)
                continue
            text = kind.words(self.browse(), action.facts).why
            if action in hidden:
                text = self.env._("%s. Ask the salesperson of this customer.", kind.label)
            steps[value] = Step("listed", text, talk=kind.is_talk)
        for rule, values in of_rule.items():
            steps |= rule(self.browse().union(*values))
        return steps
