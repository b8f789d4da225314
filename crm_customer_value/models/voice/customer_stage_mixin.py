"""What stages of complaints and of suggestions have in common."""

from odoo import api, fields, models

from ..base.number_fields import Integer


class CustomerStageMixin(models.AbstractModel):
    """A stage whose meaning is its field ``state``; the first one of a meaning is where records go."""

    _name = "customer.stage.mixin"
    _description = "Stage with a Meaning"
    _inherit = ["customer.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    # No default: see create.
    sequence = Integer()
    active = fields.Boolean(default=True)
    fold = fields.Boolean("Folded in Kanban")
    color = Integer()

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "sequence", "active", "state", "fold", "color"}

    @api.model_create_multi
    def create(self, vals_list):
        """Put new stages behind the others of the same meaning, so that records go where they went."""
        stages = super().create(vals_list)
        for stage in stages.filtered(lambda stage: not stage.sequence):
            others = self.with_context(active_test=False).search(
                [("state", "=", stage.state), ("id", "not in", stages.ids)]
            )
            stage.sequence = max(others.mapped("sequence"), default=9) + 1
        return stages
