from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.number_fields import Float


class CustomerValuePolicyWeight(models.Model):
    """What one part of the value index weighs in one version of a policy, for everybody or for one industry.

    A part without a line does not count. The weights of an industry take the place of the general ones; its parts
    without a line keep the general weight.
    """

    _name = "customer.value.policy.weight"
    _description = "Weight in a Customer Value Policy"
    _inherit = ["customer.guarded.mixin"]
    _order = "id"

    policy_id = fields.Many2one("customer.value.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id")
    industry_id = fields.Many2one(
        "res.partner.industry",
        "Only for Industry",
        ondelete="restrict",
        help="Empty: for all customers. With an industry: for its customers, instead of the general weight.",
    )
    part = fields.Selection("_selection_part", required=True)
    weight = Float(
        digits=(6, 2),
        help="0: the part does not count. Only the relation between the weights matters, but for what adds or takes "
        "off points.",
    )
    note = fields.Char("Effect", compute="_compute_note")

    _unique_part = models.UniqueIndex(
        "(policy_id, part, COALESCE(industry_id, 0))",
        "A policy has one weight for each part, and one for each part and industry. Change the weight that is there.",
    )

    @api.model
    def _selection_part(self):
        labels = self.env["customer.value"]._component_labels()
        return [(name, labels[name]) for name in self.env["customer.value"]._shown_parts()]

    @api.model
    def _part_note(self, name):
        """Return what a weight of a part does, where it does not count in the mean; False otherwise."""
        part = self.env["customer.value"]._shown_parts().get(name)
        return part and {
            "share": self.env._("Only lowers the index"),
            "bonus": self.env._("Points added at a score of 100, taken off at 0"),
            "deduction": self.env._("Points deducted at a score of 100"),
        }.get(part.kind, False)

    @api.depends("part")
    def _compute_note(self):
        for line in self:
            line.note = self._part_note(line.part)

    @api.depends("policy_id.display_name", "part", "industry_id.name")
    def _compute_display_name(self):
        labels = self.env["customer.value"]._component_labels()
        for line in self:
            names = (line.policy_id.display_name, line.industry_id.name, labels.get(line.part, line.part))
            line.display_name = ", ".join(filter(None, names))

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"policy_id", "industry_id", "part", "weight"}

    @api.constrains("weight")
    def _check_weight(self):
        if any(line.weight < 0 for line in self):
            raise ValidationError(self.env._(
                "A weight cannot be negative. Enter 0 for a part that should not count."
            ))

    @api.model
    def _check_part(self, vals):
        """Refuse a part that does not exist, before the field does in words that nobody understands."""
        labels = dict(self._selection_part())
        if vals.get("part") and vals["part"] not in labels:
            raise ValidationError(self.env._(
                "“%(part)s” is no part of the value index. Choose one of these: %(parts)s.",
                part=vals["part"], parts=", ".join(labels.values()),
            ))

    def _check_draft(self):
        """Refuse to change rules that numbers were computed with."""
        if any(line.policy_id.state != "draft" for line in self):
            raise UserError(self.env._(
                "This version is in use and its weights cannot be changed. Create a new version, change it and "
                "activate it."
            ))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_part(vals)
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        self._check_part(vals)
        result = super().write(vals)
        if "policy_id" in vals:
            # The policy that they come to is one that the user may change, too.
            self.check_access("write")
            self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_draft()
