from odoo import api, fields, models

from ...engine.fact import evidence
from ...engine.value import parts

# What moves points instead of counting in the mean, and the score at which it moves all that its weight lets it.
# A bonus moves as much at 0, the other way.
MOVED_AT = {"share": 0, "bonus": 100, "deduction": 100}


class CustomerValue(models.Model):
    """Why a value index is what it is: its components, one by one."""

    _inherit = "customer.value"

    explanation = fields.Json(compute="_compute_explanation")

    @api.depends(lambda self: (
        *(column for part in self._shown_parts().values() for column in part.columns),
        "bounds_points",
        "value_index",
        "value_to_us",
        "clv_confidence",
        "company_id",
        "industry_id",
    ))
    def _compute_explanation(self):
        """Why this number: a list of parts for the stacked bar, in the order of the index."""
        labels, shown = self._component_labels(), self._shown_parts()
        for company, values in self.grouped("company_id").items():
            weights = self.env["customer.value.policy"]._get_active(company)._all_weights()
            for value in values:
                counts = value._explanation_weights(shown, weights)
                value.explanation = {
                    "index": value.value_index,
                    "value_to_us": value.value_to_us,
                    "note": value.value_index is False and value.ranking_note,
                    "parts": [
                        {
                            "key": name,
                            "label": labels[name],
                            "help": value._explanation_help(part),
                            "score": value[part.score_column],
                            "weight": counts.get(name, 0.0),
                            "points": value[part.points_column],
                            "missing": name not in counts,
                            "missing_text": part.kind != "ground" and value._explanation_missing(name),
                            "few_data": name in counts and value._evidence(part) < evidence.THIN,
                            "deduction": part.kind in MOVED_AT,
                            "bonus": part.kind == "bonus",
                            "lost_at": MOVED_AT.get(part.kind, 0),
                        }
                        for name, part in shown.items()
                        # A deduction of nothing is nothing to tell.
                        if name in counts or part.kind != "deduction"
                    ],
                    # What keeps the index within 0 and 100 is a line of its own, where there is any.
                    "bounds": bool(value.bounds_points) and {
                        "label": labels[parts.BOUNDS], "points": value.bounds_points,
                    },
                }

    def _explanation_weights(self, shown, weights):
        """Return {part: how much it counts for this customer}, without those that do not.

        A ground counts by its share of the mean, in percent; everything else by the points it may move at most.

        :param dict shown: {name: part}
        :param Weights weights: of the policy
        """
        own = weights.industries.get(self.industry_id.id, weights.general)
        present = parts.present(shown, self)
        counted = {
            name: own[name] * self._evidence(part) / 100 for name, part in shown.items() if name in present
        }
        total = sum(counted[name] for name in parts.of_kind(shown, "ground") if name in counted)
        found = {}
        for name, weight in counted.items():
            kind = shown[name].kind
            if kind == "ground":
                found[name] = 100 * weight / total if total else 0.0
            elif kind == "share":
                found[name] = self._share_stake(weight, total)
            elif kind == "bonus" or self[shown[name].points_column]:
                found[name] = weight
        return found

    def _evidence(self, part):
        """Return how much of the weight of a part counts, in percent."""
        return 100 if part.evidence is None else self[part.evidence_column]

    def _share_stake(self, weight, others):
        """Return the points that a share would take away at a score of 0.

        :param float weight: of the share, as far as it counts
        :param float others: the weights of the grounds that count for this customer
        """
        return self.value_to_us * weight / (others + weight) if others + weight else 0.0

    @api.model
    def _explanation_missing(self, component):
        """Return what it means that a part which moves points is missing; for extension."""
        return self.env._("Not known for this customer: it changes no points.")

    def _explanation_help(self, part):
        """Return what a part measures, and where it is uncertain, for its tooltip; for extension."""
        text = self._fields[part.score_column]._description_help(self.env)
        if part.name != "future_value" or self.clv_confidence != "low":
            return text
        return self.env._("%s Rough estimate.", text)
