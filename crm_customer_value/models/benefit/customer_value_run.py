from odoo import api, fields, models

from ...engine.benefit import scores


class CustomerValueRun(models.Model):
    """What a run reads of needs, goals and measurements, and what the policy says about them."""

    _inherit = "customer.value.run"

    def _measures(self, scope):
        """Know what customers gain, and what their values said of it before: falls are told by that."""
        return super()._measures(scope) | {
            "benefit": scores.measure(scope, self._benefit_answers(scope)),
            "benefit_before": scores.measure_before(scope),
        }

    def _prospects(self, scope):
        """Know those who stated a need, or agreed on a goal, before they buy."""
        return [*super()._prospects(scope), scores.prospects_sql(scope)]

    def _benefit_answers(self, scope):
        """Return what customers answered when somebody asked how it was: {kind: SQL}.

        Extension point: ``return super()._benefit_answers(scope) | {"nps": SQL(...)}``. Each query has the columns
        ``partner_id`` (a commercial partner), ``contact_id`` (who answered), ``answered`` (a moment in UTC) and
        ``points`` (a numeric from 0 to 100). Of each contact and kind, the latest answer of the period counts. The
        models that it reads inherit ``customer.value.source``.

        :param FactScope scope: which customers to read of, and pieces of SQL for the query
        """
        return {"complaint": scores.ratings_sql(scope)}

    def _part_rules(self):
        policy = self.policy_id
        newest = fields.Date.to_date((self.lifecycle or {}).get("newest") or False)
        rules = scores.Rules(
            window_days=policy.window_days,
            floor=policy.benefit_floor,
            economic=policy.economic_weight,
            functional=policy.functional_weight,
            emotional=policy.emotional_weight,
            index_limit=policy.benefit_index_limit,
            delivered_limit=policy.value_delivered_limit,
            newest=newest if newest and newest > self.as_of else None,
        )
        return super()._part_rules() | {"benefit": rules}

    @api.model
    def _value_also_reads(self):
        marks = "the need marks when it changes"
        return super()._value_also_reads() | {
            "customer.need.change": {"need_id": marks, "date": marks, "state": marks},
        }
