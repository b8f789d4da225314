"""A relationship that broke: it is mended before anything else is done."""

from odoo import api, fields, models

from ..value.customer_value_next_step import Step


class CustomerValue(models.Model):
    _inherit = "customer.value"

    relationship_broken_on = fields.Date(
        "Relationship Broken on", readonly=True, index="btree_not_null",
        help="Day on which somebody said that the relationship is broken, or on which the first of the open severe "
        "complaints was received. Empty: it is not broken.",
    )
    next_step_kind = fields.Selection(selection_add=[("broken", "Relationship broken"), ("complaint",)])

    @api.model
    def _next_step_rules(self):
        return [type(self)._step_of_broken, *super()._next_step_rules()]

    def _step_of_broken(self):
        """Whoever said that a relationship is broken said why; a severe complaint has a step of its own."""
        steps = {}
        # sudo: that the relationship is broken, and why, is for everybody to know who sells.
        for value in self.sudo():
            broken_on = value.partner_id.relationship_broken_on
            if broken_on:
                text = self.env._(
                    "Relationship broken since %(day)s: %(reason)s.",
                    day=self._short_day(broken_on), reason=value.partner_id.relationship_broken_reason.rstrip(".! "),
                )
                steps[value.sudo(False)] = Step("broken", text)
        return steps
