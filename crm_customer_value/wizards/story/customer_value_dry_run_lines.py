from copy import deepcopy

from odoo import api, fields, models

from ...models.base.number_fields import Float, Integer, Monetary
from ...models.value.customer_value import WITHOUT_CLASS


class CustomerValueDryRunStage(models.TransientModel):
    """The rule of one stage, as it would be."""

    _name = "customer.value.dry.run.stage"
    _description = "Stage in a Dry Run"
    _inherit = ["customer.guarded.mixin", "customer.lifecycle.rule.mixin"]
    _order = "rule_sequence, sequence, id"

    dry_run_id = fields.Many2one("customer.value.dry.run", required=True, ondelete="cascade", index=True)
    stage_id = fields.Many2one(
        "customer.lifecycle.stage", required=True, readonly=True, ondelete="cascade"
    )
    sequence = Integer(related="stage_id.sequence", store=True)
    customer_count = Integer(related="stage_id.customer_count")

    @api.constrains("stage_id")
    def _check_stage(self):
        """Refuse stages of a company that the user does not work for.

        :raise AccessError: in that case
        """
        self.stage_id.sudo(False).check_access("read")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"dry_run_id", "stage_id", "new_condition", *self._rule_fields()}

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the conditions as the form of a stage shows them."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            form, _view = self.env["customer.lifecycle.stage"]._get_view(view_type="form")
            for place in arch.xpath("//div[@name='rule']"):
                place.getparent().replace(place, deepcopy(form.find(".//div[@name='rule']")))
        return arch, view

    @api.model
    def _rule_fields(self):
        """Return the names of what may be tried, the same in a stage."""
        return ("rule_sequence", *self._threshold_fields)

    @api.model
    def _copy_of(self, stage):
        """Return the values of a line that says what a stage says now."""
        return {"stage_id": stage.id, **{name: stage[name] for name in self._rule_fields()}}

    def _values(self):
        self.ensure_one()
        return {name: self[name] for name in self._rule_fields()}

    def _changed(self):
        """Return the names of the fields that differ from the stage."""
        self.ensure_one()
        return [name for name, value in self._values().items() if self.stage_id[name] != value]

    def _thresholds(self):
        """Return {stage id: {field: value}}, refusing what a stage would refuse."""
        for line in self:
            line.stage_id.new(line._values(), origin=line.stage_id)._validate_fields(self._rule_fields())
        return {line.stage_id.id: line._values() for line in self}


class CustomerValueWeightChoice(models.TransientModel):
    """The weight of one part of the value index, as it would be."""

    _inherit = "customer.value.weight.choice"

    dry_run_id = fields.Many2one("customer.value.dry.run", ondelete="cascade", index=True)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"dry_run_id"}


class CustomerValueDryRunChange(models.TransientModel):
    """One customer whose stage or class would change."""

    _name = "customer.value.dry.run.change"
    _description = "Customer in a Dry Run"
    _inherit = ["customer.guarded.mixin"]
    _order = "id"

    dry_run_id = fields.Many2one("customer.value.dry.run", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="dry_run_id.company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    stage_before_id = fields.Many2one("customer.lifecycle.stage", "Stage Now", ondelete="cascade")
    stage_after_id = fields.Many2one("customer.lifecycle.stage", "Stage Then", ondelete="cascade")
    class_before = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")], "Class Now", falsy_value_label=WITHOUT_CLASS
    )
    class_after = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")], "Class Then", falsy_value_label=WITHOUT_CLASS
    )
    index_before = Float("Index Now", digits=(16, 1), optional=True)
    index_after = Float("Index Then", digits=(16, 1), optional=True)
    revenue = Monetary("Revenue (period)")
    note = fields.Selection([("appears", "New on the board"), ("vanishes", "Leaves the board")])
