from odoo import api, fields, models

from ..base.number_fields import Float, Integer

# What each condition starts with when somebody adds it.
STARTS = {
    "purchases": "bought",
    "purchase_days_from": 2,
    "purchase_days_to": 1,
    "age_days_from": 365,
    "age_days_to": 90,
    "index_from": 50,
    "development_to": 40,
    "fall_days": 180,
    "silence_days_from": 30,
    "silence_days_to": 30,
    "cadence_from": 2,
    "risk_from": 65,
    "return_days": 90,
}


class CustomerLifecycleRuleMixin(models.AbstractModel):
    """The rule of a stage: conditions that must all hold, those that are zero or empty left out."""

    _name = "customer.lifecycle.rule.mixin"
    _description = "Rule of a Lifecycle Stage"

    _threshold_fields = tuple(STARTS)

    rule_sequence = Integer(
        "Rule Order", default=100, help="Rules are checked from the lowest number up. The first that matches wins."
    )
    purchases = fields.Selection(
        [("never", "never bought"), ("bought", "bought at least once")],
        "Bought or Not",
        help="Empty: does not matter.",
    )
    purchase_days_from = Integer("Purchase Days, at Least")
    purchase_days_to = Integer("Purchase Days, at Most")
    age_days_from = Integer("Days Since First Purchase, at Least")
    age_days_to = Integer("Days Since First Purchase, at Most")
    index_from = Float("Value Index, at Least", digits=(16, 1))
    development_to = Float(
        "Development Index, at Most",
        digits=(16, 1),
        help="50: grows as fast as all your customers together. Below 40: clearly slower. Counts only while the "
        "customer's revenue is shrinking. This or a fall below the value index: one of the two is enough.",
    )
    fall_days = Integer(
        "Fell Below a Value Index Within (days)",
        help="The customer was in a healthy stage that needs a value index, such as Core, and is below it now. The "
        "stage ends after this number of days, or when the index is high enough again.",
    )
    silence_days_from = Integer("Days Since Last Purchase, at Least")
    silence_days_to = Integer("Days Since Last Purchase, at Most")
    cadence_from = Float(
        "Later Than Usual, at Least",
        digits=(16, 2),
        help="Days since the last purchase divided by the customer's usual gap. 2: twice the usual gap. This or the "
        "risk of loss: one of the two is enough.",
    )
    risk_from = Float(
        "Risk of Loss, at Least (%)",
        digits=(16, 1),
        help="Risk of loss by the forecast. Counts only if there is a forecast and the customer is later than usual. "
        "This or lateness: one of the two is enough.",
    )
    return_days = Integer(
        "Came Back Within (days)",
        help="The customer was in a stage with the health Lost and bought again. The stage ends after this number of "
        "days.",
    )
    new_condition = fields.Selection("_selection_new_condition", "Add a Condition", store=False)
    rule_summary = fields.Char("Rule", compute="_compute_rule_summary")

    @api.model
    def _selection_new_condition(self):
        """Return the conditions there are, by the names of their fields."""
        return [(name, self._fields[name]._description_string(self.env)) for name in self._threshold_fields]

    @api.onchange("new_condition")
    def _onchange_new_condition(self):
        """Show the chosen condition, with a value to begin with."""
        name = self.new_condition
        if name and not self[name]:
            self[name] = STARTS[name]
        self.new_condition = False

    @api.depends(*_threshold_fields)
    def _compute_rule_summary(self):
        for rule in self:
            rule.rule_summary = " · ".join(rule._rule_sentences()) or self.env._("all customers")

    def _rule_sentences(self):
        """Return what must hold, condition by condition, in the user's words."""
        self.ensure_one()
        purchases = dict(self._fields["purchases"]._description_selection(self.env))
        sentences = self._set_sentences({
            "purchases": purchases.get(self.purchases),
            "purchase_days_from": self.env._("%s purchase days or more", self.purchase_days_from),
            "purchase_days_to": self.env._("%s purchase days or fewer", self.purchase_days_to),
            "age_days_from": self.env._("first purchase %s days ago or more", self.age_days_from),
            "age_days_to": self.env._("first purchase in the last %s days", self.age_days_to),
            "index_from": self.env._("value index %g or more", self.index_from),
            "silence_days_from": self.env._("silent for %s days or more", self.silence_days_from),
            "silence_days_to": self.env._("silent for %s days or less", self.silence_days_to),
            "return_days": self.env._("came back in the last %s days", self.return_days),
        })
        late = self._set_sentences({
            "cadence_from": self.env._("%g times the usual gap", self.cadence_from),
            "risk_from": self.env._("late with a risk of %g %% or more", self.risk_from),
        })
        weaker = self._set_sentences({
            "development_to": self.env._("revenue shrinks, development index %g or less", self.development_to),
            "fall_days": self.env._("fell below the value index of their stage in the last %s days", self.fall_days),
        })
        signals = [self.env._(" or ").join(group) for group in (late, weaker) if group]
        return sentences + signals

    def _set_sentences(self, sentences):
        """Return the sentences of the conditions that are set."""
        return [text for name, text in sentences.items() if self[name]]
