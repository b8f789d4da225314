"""For which customers a rule is."""

import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# Of customer.value: what conditions may be about. No amounts, which not everybody may see, and no links to elsewhere.
CONDITION_FIELDS = frozenset((
    "value_class", "value_index", "value_to_us", "value_matrix", "rfm_segment", "revenue_trend", "development_index",
    "churn_level", "lifecycle_stage_id", "order_count", "order_count_12m", "first_purchase_date", "last_purchase_date",
    "days_since_purchase", "cadence_ratio", "is_silent", "benefit_index", "benefit_level", "value_delivered",
    "emotional_score", "satisfaction_score", "csat", "open_complaints", "complaint_count_12m", "adopted_suggestions",
    "care_level_id", "country_id", "industry_id", "category_id", "user_id",
))
# They would look into other models.
REFUSED_OPERATORS = frozenset(("any", "not any", "any!", "not any!"))


class CustomerCareRule(models.Model):
    _inherit = "customer.care.rule"

    level_ids = fields.Many2many("customer.care.level", string="Care Levels", help="Empty: every level, and none.")
    value_classes = fields.Selection(
        [("a", "A"), ("ab", "A and B"), ("b", "B"), ("bc", "B and C"), ("c", "C")], "Value Class",
        help="Empty: every class, and none.",
    )
    stage_ids = fields.Many2many(
        "customer.lifecycle.stage", "customer_care_rule_stage_rel", "rule_id", "stage_id", "In Stage",
        help="Customers who are in one of these stages on the day. Empty: every stage.",
    )
    industry_ids = fields.Many2many("res.partner.industry", string="Industries", help="Empty: every industry.")
    country_ids = fields.Many2many("res.country", string="Countries", help="Empty: every country.")
    domain = fields.Char(
        "More Conditions", default="[]",
        help="About values, classes, dates of purchases and what customers gain. The customer has to fulfill all of "
        "them.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "level_ids", "value_classes", "stage_ids", "industry_ids", "country_ids", "domain",
        }

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            rule._conditions()

    def _conditions(self):
        """Return the conditions of this rule (one) that were entered, as a Domain.

        :raise ValidationError: when they are about anything but the fields that are listed
        """
        try:
            domain = Domain(ast.literal_eval(self.domain or "[]"))
            conditions = list(domain.iter_conditions())
        except (ValueError, SyntaxError, TypeError, IndexError, RecursionError) as error:
            raise ValidationError(self.env._(
                "The conditions of the rule “%s” cannot be read. Use fixed values, and no dates relative to today.",
                self.name,
            )) from error
        values = self.env["customer.value"]
        for condition in conditions:
            if condition.field_expr not in CONDITION_FIELDS or condition.operator in REFUSED_OPERATORS:
                allowed = sorted(values._fields[name]._description_string(self.env) for name in CONDITION_FIELDS)
                raise ValidationError(self.env._(
                    "A care rule cannot use “%(field)s” as a condition. Use one of these: %(fields)s.",
                    field=condition.field_expr, fields=", ".join(allowed),
                ))
        return domain

    def _customers_domain(self):
        """Return the Domain of the values of the customers this rule (one) is for."""
        # sudo: levels, stages and the like choose the customers, whoever may see them. Archived ones as well: without
        # them the rule would be for everybody.
        rule = self.sudo().with_context(active_test=False)
        domain = Domain("company_id", "=", rule.company_id.id) & rule._conditions()
        for name, chosen in (
            ("care_level_id", rule.level_ids), ("lifecycle_stage_id", rule.stage_ids),
            ("industry_id", rule.industry_ids), ("country_id", rule.country_ids),
        ):
            if chosen:
                domain &= Domain(name, "in", chosen.ids)
        if rule.value_classes:
            domain &= Domain("value_class", "in", list(rule.value_classes))
        return domain

    def _chosen_sql(self):
        """Return the SQL of the ids of the values of these customers, as far as the owner may read them (one rule)."""
        return self._as_owner("customer.value")._search(self._customers_domain()).subselect()
