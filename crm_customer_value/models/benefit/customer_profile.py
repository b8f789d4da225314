"""What the customer gains, and what they want to reach."""

from odoo import api, models
from odoo.tools import format_amount, format_date

from ..timeline.customer_profile import ProfileLine
from .statement_texts import number_text, quantity_text


class CustomerProfile(models.AbstractModel):
    _inherit = "customer.profile"

    @api.model
    def _figures(self, customer):
        figures = super()._figures(customer)
        value = self._value_of(customer)
        if value and value.benefit_index is not False:
            figures["to_them"] = (self.env._("Value to them"), f"{value.benefit_index:.0f}")
        if value and value.shown_benefit_gain_12m is not False:
            figures["gain"] = (
                self.env._("Their gain (12 months)"),
                format_amount(self.env, value.shown_benefit_gain_12m, value.currency_id),
            )
        return figures

    @api.model
    def _sections(self, customer):
        return super()._sections(customer) | {
            "goal": self._section(
                self.env._("Goals"), 60, "customer.benefit.goal", self._domain_of(customer),
                lambda goal: ProfileLine(
                    # sudo: what is measured reads everybody who reads the goal.
                    goal.metric_id.sudo().name,
                    self.env._(
                        "From %(baseline)s to %(target)s by %(day)s, now %(latest)s",
                        baseline=number_text(self.env, goal.baseline),
                        target=quantity_text(self.env, goal.target, goal.unit),
                        day=format_date(self.env, goal.date_target),
                        latest=number_text(self.env, goal.latest_value),
                    ),
                    self._label_of(goal, "state"),
                ),
            ),
        }
