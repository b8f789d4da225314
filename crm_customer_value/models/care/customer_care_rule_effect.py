"""Whether a rule helps: who was cared for against who was held out."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.care import effect
from ..base.number_fields import Float, Integer, Monetary
from ..value.customer_value_mixin import SALES_GROUP

SIDES = ("done", "held_out")


class CustomerCareRule(models.Model):
    _inherit = "customer.care.rule"

    log_ids = fields.One2many("customer.care.log", "rule_id", "Acts of Care")
    done_count = Integer("Cared For", compute="_compute_effect", help="Acts of care that were done.")
    cost = Monetary(compute="_compute_effect", optional=True, help="What all acts of this rule cost. Empty: not known.")
    effect_customers = Integer(
        "Customers", compute="_compute_effect",
        help="Who was cared for, could have been held out as well, and whose 90 days after the first time are over.",
    )
    effect_bought = Integer("Bought", compute="_compute_effect", help="Of these: bought within the 90 days.")
    effect_held_customers = Integer(
        "Customers Held Out", compute="_compute_effect", help="Who was held out, and whose 90 days are over."
    )
    effect_held_bought = Integer(
        "Held Out and Bought", compute="_compute_effect", help="Of those held out: bought within the 90 days."
    )
    effect_difference = Float(
        "Effect (points)", digits=(16, 1), compute="_compute_effect", optional=True,
        help="How many more of 100 customers bought within 90 days than of 100 who were held out. Empty: too few to "
        "say.",
    )
    effect_low = Float("At Least", digits=(16, 1), compute="_compute_effect", optional=True)
    effect_high = Float("At Most", digits=(16, 1), compute="_compute_effect", optional=True)
    effect_index = Float(
        "Index After 90 Days", digits=(16, 1), compute="_compute_effect", optional=True, groups=SALES_GROUP,
        help="Average value index of those who were cared for.",
    )
    effect_held_index = Float(
        "Index After 90 Days, Held Out", digits=(16, 1), compute="_compute_effect", optional=True, groups=SALES_GROUP,
        help="Average value index of those who were held out.",
    )
    effect_verdict = fields.Selection(
        [("helps", "Helps"), ("harms", "Does Harm"), ("unclear", "No Clear Effect"), ("few", "Too Few to Say")],
        "Effect", compute="_compute_effect",
        help="Helps, does harm: with 95 % certainty. Too few to say: fewer than 30 customers, or fewer than 10 "
        "purchases, on one of the two sides.",
    )
    effect_text = fields.Text("In Words", compute="_compute_effect")

    @api.depends("log_ids.state", "log_ids.result", "log_ids.cost")
    def _compute_effect(self):
        counts = {
            rule: (number, cost) for rule, number, cost in self.env["customer.care.log"]._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "done")], ["rule_id"], ["__count", "cost:sum"]
            )
        }
        sides = self._sides()
        for rule in self:
            rule.done_count, rule.cost = counts.get(rule._origin, (0, False))
            done, held = (sides.get((rule._origin.id, state), (0, 0, None)) for state in SIDES)
            rule.effect_customers, rule.effect_bought = done[:2]
            rule.effect_held_customers, rule.effect_held_bought = held[:2]
            rule.effect_index = False if done[2] is None else done[2]
            rule.effect_held_index = False if held[2] is None else held[2]
            found = None
            if effect.is_enough(*done[1::-1]) and effect.is_enough(*held[1::-1]):
                found = effect.difference(done[1], done[0], held[1], held[0])
            rule.effect_difference, rule.effect_low, rule.effect_high = (
                (100 * number for number in found[:3]) if found else (False, False, False)
            )
            if not found:
                rule.effect_verdict = "few"
            elif not found.is_clear:
                rule.effect_verdict = "unclear"
            else:
                rule.effect_verdict = "helps" if found.value > 0 else "harms"
            rule.effect_text = rule._effect_words(found)

    def _sides(self):
        """Return who was cared for and who was held out, by these rules.

        A customer counts once for a rule, by what came of the first time. Who is never held out does not count.

        :return: {(rule id, state): (customers, of them bought, mean index or None)}
        """
        self.env["customer.care.log"].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT rule_id, state, COUNT(*), COUNT(*) FILTER (WHERE result = 'bought'), AVG(result_index)
                 FROM (SELECT DISTINCT ON (rule_id, commercial_partner_id) rule_id, state, result, result_index
                         FROM customer_care_log
                        WHERE rule_id = ANY(%s) AND state IN %s AND result IS NOT NULL AND is_compared
                        ORDER BY rule_id, commercial_partner_id, date, id) first
                GROUP BY rule_id, state""",
            self.ids, SIDES,
        ))
        return {(rule, state): (number, bought, index) for rule, state, number, bought, index in rows}

    def _effect_words(self, found):
        """Return the effect of this rule (one) in a sentence."""
        if self.trigger == "complaint_closed":
            return self.env._("Whoever complained is always cared for, so there is nobody to compare with.")
        if not self.effect_customers and not self.effect_held_customers:
            over = self.env["customer.care.log"].search_count(
                [("rule_id", "in", self.ids), ("state", "=", "done"), ("result", "!=", False)], limit=1
            )
            if over:
                return self.env._(
                    "Nobody was held out, so there is nobody to compare with. It takes 200 customers, and a share to "
                    "be held out in the settings."
                )
            return self.env._("Nobody's 90 days are over yet.")
        numbers = {
            "bought": self.effect_bought, "customers": self.effect_customers,
            "held_bought": self.effect_held_bought, "held": self.effect_held_customers,
        }
        text = self.env._(
            "Bought within 90 days: %(bought)s of %(customers)s who were cared for, %(held_bought)s of %(held)s who "
            "were held out.", **numbers,
        )
        if not found:
            return text + " " + self.env._(
                "Too few to say: it takes 30 customers and 10 purchases on each side."
            )
        words = self.env._(
            "Of 100 customers, %(value)s bought than without care. With 95 %% certainty it is between %(low)s and "
            "%(high)s.", value=self._more_words(self.effect_difference), low=self._more_words(self.effect_low),
            high=self._more_words(self.effect_high),
        )
        return f"{text} {words}"

    @api.model
    def _more_words(self, number):
        """Return how many more or fewer, in words: nobody has to read what a minus means."""
        shown = f"{abs(number):.1f}"
        return self.env._("%s fewer", shown) if number < 0 else self.env._("%s more", shown)

    def action_view_logs(self):
        """Open what was done by this rule, and what not."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_care_log_action")
        return action | {"domain": [("rule_id", "=", self.id)], "context": {}}
