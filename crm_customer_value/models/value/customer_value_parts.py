from odoo import api, models

from ...engine.value import indices, parts
from ...engine.value.parts import Part


class CustomerValue(models.Model):
    """The parts that the value index is made of, and the door for further ones."""

    _inherit = "customer.value"

    @api.model
    def _index_parts(self):
        """Return the parts of the value index: {name: Part}.

        Extension point: ``return super()._index_parts() | {"benefit": Part(...)}``. The columns of a part are made
        by ``part_fields``, here and in ``customer.value.snapshot``. Everything else follows from the part: what it
        adds to the index, its line in the explanation, the story, policies, the settings and the dry run.
        """
        return parts.Parts({
            "current_value": Part(
                indices.current_value_sql, weight=50, missing=False, label=self.env._("Current value"),
            ),
            "future_value": Part(
                indices.future_value_sql, weight=40, label=self.env._("Future value"),
                presence_column="has_prediction",
            ),
            "development": Part(
                indices.development_sql, weight=20, label=self.env._("Development"),
                evidence=indices.development_evidence_sql(),
                score_column="development_index", presence_column="has_development",
            ),
            "loyalty": Part(indices.loyalty_sql, weight=30, missing=False, label=self.env._("Loyalty")),
            "payment": Part(
                indices.payment_sql(), weight=20, label=self.env._("Payment"), evidence=indices.payment_evidence_sql(),
            ),
            "cost_to_serve": Part(
                indices.cost_to_serve_sql, "deduction", weight=10, missing=False, label=self.env._("Cost to serve"),
            ),
        })

    @api.model
    def _shown_parts(self):
        """Return the parts in their order, for screens and policies: those that can be counted.

        A recompute says what is wrong with the others: see :meth:`_counted_parts`.
        """
        declared = self._index_parts()
        broken = {name for kind, name, _detail in self._part_problems(declared) if kind != "twice"}
        return parts.ordered({name: part for name, part in declared.items() if name not in broken})

    @api.model
    def _counted_parts(self):
        """Return the parts in their order, for a recompute.

        :raise PartError: if a part cannot be counted, with what its author must do
        """
        declared = self._index_parts()
        if found := self._part_problems(declared):
            raise parts.PartError("\n".join(self._part_problem_text(*problem) for problem in found))
        return parts.ordered(declared)

    @api.model
    def _part_problems(self, declared):
        """Return what keeps parts from being counted: [(what is wrong, name of the part, detail)]."""
        return list(parts.problems(declared, self._fields))

    @api.model
    def _part_problem_text(self, kind, name, detail):
        """Return in words what is wrong with the part of an addon, and what its author must do."""
        texts = {
            "twice": self.env._(
                "There is already a part “%(part)s” of the value index. Give the new part another name in "
                "“_index_parts”."
            ),
            "kind": self.env._(
                "The part “%(part)s” of the value index has the unknown kind “%(detail)s”. Use ground, share, bonus or "
                "deduction."
            ),
            "after": self.env._(
                "The part “%(part)s” of the value index comes after “%(detail)s”, which is no part. Correct “after”, "
                "or depend on the addon that adds that part."
            ),
            "circle": self.env._(
                "The part “%(part)s” of the value index comes after “%(detail)s”, and that one after “%(part)s”. "
                "Correct “after” of one of them."
            ),
            "columns": self.env._(
                "The part “%(part)s” of the value index has no columns “%(detail)s” in customer.value. Add them with "
                "“part_fields” and update the addon."
            ),
        }
        return texts[kind] % {"part": name, "detail": detail}

    @api.model
    def _part_error_text(self, error):
        """Return what an administrator should know of an error of a recompute, in words.

        :param Exception error: a :class:`PartFailure` says which part failed, and for whom
        """
        if not isinstance(error, parts.PartFailure):
            return str(error)
        label = self._component_labels().get(error.name, error.name)
        if not error.partner_id:
            return self.env._(
                "The part “%(part)s” (%(name)s) of the value index cannot be computed: %(reason)s. No value was "
                "changed. Set its weight to 0 or remove its addon, and tell the author of the addon.",
                part=label, name=error.name, reason=error.reason,
            )
        # sudo: the run log is for administrators.
        customer = self.env["res.partner"].sudo().browse(error.partner_id)
        if isinstance(error, parts.StrayScore):
            return self.env._(
                "The part “%(part)s” (%(name)s) of the value index gives %(score)s to %(customer)s (contact "
                "%(number)s). Scores lie between 0 and 100. No value was changed. Set the weight of the part to 0 or "
                "remove its addon, and tell the author of the addon.",
                part=label, name=error.name, score=f"{error.number:g}", customer=customer.display_name,
                number=customer.id,
            )
        return self.env._(
            "The part “%(part)s” (%(name)s) of the value index cannot be computed for %(customer)s (contact "
            "%(number)s): %(reason)s. Correct the data of this customer, or tell the author of the addon.",
            part=label, name=error.name, customer=customer.display_name, number=customer.id, reason=error.reason,
        )

    @api.model
    def _component_labels(self):
        """Return the names of what adds up to the index, in the user's language: {name: label}."""
        return {
            name: part.label or self._fields[part.score_column]._description_string(self.env)
            for name, part in self._shown_parts().items()
        } | {parts.BOUNDS: self.env._("Limited to 0–100")}
