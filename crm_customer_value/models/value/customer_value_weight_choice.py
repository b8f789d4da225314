from odoo import api, fields, models

from ..base.number_fields import Float


class CustomerValueWeightChoice(models.TransientModel):
    """What a part of the value index weighs while somebody chooses: in the settings, or in a dry run."""

    _name = "customer.value.weight.choice"
    _description = "Weight Being Chosen"
    _inherit = ["customer.guarded.mixin"]
    _order = "id"

    settings_id = fields.Many2one("res.config.settings", ondelete="cascade", index=True)
    part = fields.Selection(
        lambda self: self.env["customer.value.policy.weight"]._selection_part(), required=True
    )
    weight = Float(digits=(6, 2))
    note = fields.Char("Effect", compute="_compute_note")
    is_new = fields.Boolean(help="Whether the policy in force does not know this part.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"settings_id", "part", "weight", "is_new"}

    @api.depends("part", "is_new", "weight")
    def _compute_note(self):
        for choice in self:
            texts = [self.env["customer.value.policy.weight"]._part_note(choice.part)]
            if choice.is_new and not choice.weight:
                texts.append(self.env._("New: not counted yet"))
            choice.note = ". ".join(filter(None, texts))

    @api.model
    def _choices(self, policy):
        """Return the values of one choice for each part, as a policy has it."""
        known = policy._weight_lines().mapped("part")
        return [
            {"part": name, "weight": weight, "is_new": name not in known}
            for name, weight in policy._weights().items()
        ]

    def _weights(self):
        """Return {part: weight}."""
        return {choice.part: choice.weight for choice in self}
