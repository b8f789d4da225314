from odoo import api, fields, models

from ..engine import indices


class CustomerValue(models.Model):
    """Why a value index is what it is: its components, one by one."""

    _inherit = "customer.value"

    explanation = fields.Json(compute="_compute_explanation")

    @api.depends(
        *(f"{name}_{part}" for name in indices.COMPONENTS for part in ("score", "points")),
        "has_payment_score",
        "has_prediction",
        "company_id",
    )
    def _compute_explanation(self):
        """Why this number: a list of parts for the stacked bar, in the order of the index."""
        labels = {
            "current_value": self.env._("Current value"),
            "future_value": self.env._("Future value"),
            "loyalty": self.env._("Loyalty"),
            "payment": self.env._("Payment"),
        }
        for company, values in self.grouped("company_id").items():
            policy = self.env["customer.value.policy"]._get_active(company)
            weights = policy._weights()
            for value in values:
                present = {
                    name: weight
                    for name, weight in weights.items()
                    if (name != "payment" or value.has_payment_score)
                    and (name != "future_value" or value.has_prediction)
                }
                total = sum(present.values())
                value.explanation = {
                    "index": value.value_index,
                    "window_days": policy.window_days,
                    "parts": [
                        {
                            "key": name,
                            "label": labels[name],
                            "help": self._fields[f"{name}_score"]._description_help(self.env),
                            "score": value[f"{name}_score"],
                            "weight": 100 * present.get(name, 0.0) / total if total else 0.0,
                            "points": value[f"{name}_points"],
                            "missing": name not in present,
                        }
                        for name in indices.COMPONENTS
                    ],
                }
