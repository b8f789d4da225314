from odoo import api, fields, models
from odoo.fields import Command

from ...engine.care import levels
from ...models.base.number_fields import Float, Integer


class CustomerCareLevelPreview(models.TransientModel):
    """Shows who would be in which care level, before the levels are switched on."""

    _name = "customer.care.level.preview"
    _description = "Preview of Care Levels"
    _inherit = ["customer.guarded.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    line_ids = fields.One2many(
        "customer.care.level.preview.line", "preview_id", "Levels", readonly=True
    )
    customers = Integer(compute="_compute_customers", help="Customers whose value is known.")
    switched_off = Integer("Levels Switched Off", compute="_compute_customers")

    @api.depends("line_ids.customers")
    def _compute_customers(self):
        for preview in self:
            preview.customers = sum(preview.line_ids.mapped("customers"))
            preview.switched_off = len(preview.line_ids.level_id.filtered(lambda level: not level.is_on))

    @api.model
    def _make(self, company):
        """Return a new preview for a company."""
        # sudo: what is shown is counted by the program; nobody writes it.
        return self.sudo().create({"company_id": company.id, "line_ids": self._prepare_lines(company)}).sudo(False)

    @api.model
    def _prepare_lines(self, company):
        """Return the commands of one line for each level, and one for those whom no level fits."""
        self.env["customer.value"].flush_model()
        placement = self.env["customer.care.level"]._placement(company, all_levels=True)
        self.env.cr.execute(levels.count_sql(placement))
        rows = {level: (customers, moved, revenue) for level, customers, moved, revenue in self.env.cr.fetchall()}
        total = sum(float(revenue or 0) for *_, revenue in rows.values())
        named = [level.level for level in placement.levels]
        return [
            Command.create({
                "level_id": level or False, "sequence": position, "customers": customers, "moved": moved,
                "revenue_share": 100 * float(revenue or 0) / total if total > 0 else False,
            })
            for position, level in enumerate([*named, None])
            for customers, moved, revenue in [rows.get(level, (0, 0, 0))]
            if level or customers
        ]

    def action_switch_on(self):
        """Switch the levels on: customers are placed in them at once."""
        self.ensure_one()
        shown = self.line_ids.level_id
        shown.check_access("write")
        # sudo: is_on is written by the program only, after somebody has seen this preview.
        shown.sudo().filtered(lambda level: not level.is_on).is_on = True
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class CustomerCareLevelPreviewLine(models.TransientModel):
    """How many customers one level would have."""

    _name = "customer.care.level.preview.line"
    _description = "Level in a Preview"
    _inherit = ["customer.guarded.mixin", "customer.unknown.last.mixin"]
    _order = "sequence, id"

    preview_id = fields.Many2one("customer.care.level.preview", required=True, index=True, ondelete="cascade")
    sequence = Integer()
    level_id = fields.Many2one("customer.care.level", "Care Level", readonly=True, ondelete="cascade")
    name = fields.Char("Care Level ", compute="_compute_name")
    rule_summary = fields.Char(related="level_id.rule_summary")
    rule_notice = fields.Char(related="level_id.rule_notice")
    is_on = fields.Boolean(related="level_id.is_on")
    customers = Integer(readonly=True)
    moved = Integer("Would Move", readonly=True, help="Customers who are in another level, or in none, now.")
    revenue_share = Float(
        "Share of Revenue (%)", digits=(16, 1), readonly=True, optional=True,
        help="How much of the revenue in the period comes from these customers.",
    )

    @api.depends("level_id.name")
    @api.depends_context("lang")
    def _compute_name(self):
        for line in self:
            line.name = line.level_id.name or self.env._("In no level")
