from odoo import api, fields, models

from ...engine.fact import evidence
from ...engine.value import indices

# What takes points off, and the score at which it takes off all that its weight lets it.
LOST_AT = {"satisfaction": 0, **dict.fromkeys(indices.DEDUCTIONS, 100)}


class CustomerValue(models.Model):
    """Why a value index is what it is: its components, one by one."""

    _inherit = "customer.value"

    explanation = fields.Json(compute="_compute_explanation")

    @api.model
    def _component_labels(self):
        """Return the names of the components in the user's language."""
        return {
            "current_value": self.env._("Current value"),
            "future_value": self.env._("Future value"),
            "development": self.env._("Development"),
            "loyalty": self.env._("Loyalty"),
            "payment": self.env._("Payment"),
            "satisfaction": self.env._("Satisfaction"),
            "cost_to_serve": self.env._("Cost to serve"),
            "bounds": self.env._("Limited to 0–100"),
        }

    @api.depends(
        *(indices.score_column(name) for name in indices.PARTS),
        *(f"{name}_points" for name in indices.LINES),
        *(f"{name}_evidence" for name in indices.EVIDENCED),
        *indices.PRESENCE.values(),
        "clv_confidence",
        "company_id",
        "open_complaints",
        "open_severe_complaints",
        "complaint_count_12m",
        "late_complaint_count_12m",
        "csat",
    )
    def _compute_explanation(self):
        """Why this number: a list of parts for the stacked bar, in the order of the index."""
        labels = self._component_labels()
        for company, values in self.grouped("company_id").items():
            policy = self.env["customer.value.policy"]._get_active(company)
            weights = policy._weights()
            for value in values:
                counted = {
                    name: weights[name] * value._evidence(name) / 100
                    for name in indices.COMPONENTS
                    if name not in indices.PRESENCE or value[indices.PRESENCE[name]]
                }
                total = sum(weight for name, weight in counted.items() if name in indices.GROUNDS)
                shares = {name: 100 * weight / total if total else 0.0 for name, weight in counted.items()}
                if "satisfaction" in counted:
                    shares["satisfaction"] = value._satisfaction_stake(counted["satisfaction"], total)
                # A deduction takes off its weight in points, whatever the other weights are.
                shares |= {name: weights[name] for name in indices.DEDUCTIONS if value[f"{name}_points"]}
                value.explanation = {
                    "index": value.value_index,
                    "value_to_us": value.value_to_us,
                    "note": value.value_index is False and value.ranking_note,
                    "parts": [
                        {
                            "key": name,
                            "label": labels[name],
                            "help": value._explanation_help(name),
                            "score": value[indices.score_column(name)],
                            "weight": shares.get(name, 0.0),
                            "points": value[f"{name}_points"],
                            "missing": name not in shares,
                            "few_data": name in shares and value._evidence(name) < evidence.THIN,
                            "deduction": name in LOST_AT,
                            "lost_at": LOST_AT.get(name, 0),
                        }
                        for name in indices.PARTS
                        if name in shares or name in indices.COMPONENTS
                    ],
                    # What keeps the index from falling below 0 is a line of its own, where there is any.
                    "bounds": bool(value.bounds_points) and {
                        "label": labels["bounds"], "points": value.bounds_points,
                    },
                }

    def _evidence(self, name):
        """Return how much of the weight of a part counts, in percent."""
        return self[f"{name}_evidence"] if name in indices.EVIDENCED else 100

    def _satisfaction_stake(self, weight, others):
        """Return the points that would be lost at a satisfaction of 0.

        :param float weight: of satisfaction, as far as it counts
        :param float others: the weights that count for this customer
        """
        return self.value_to_us * weight / (others + weight) if others + weight else 0.0

    def _explanation_help(self, component):
        """Return what a component measures, and where it is uncertain, for its tooltip."""
        text = self._fields[indices.score_column(component)]._description_help(self.env)
        if component == "satisfaction":
            return " ".join(filter(None, (self._satisfaction_text(), text)))
        if component != "future_value" or self.clv_confidence != "low":
            return text
        return self.env._("%s Rough estimate.", text)
