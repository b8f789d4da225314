from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.number_fields import Integer

KINDS = [("need", "Need"), ("objection", "Objection")]
DIMENSIONS = [("economic", "Economic"), ("functional", "Functional"), ("emotional", "Emotional")]


class CustomerNeedType(models.Model):
    """A kind of need, or of objection, that customers have in common."""

    _name = "customer.need.type"
    _description = "Type of Need"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "kind, sequence, name"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        KINDS, default="need", required=True,
        help="A need is what the customer wants. An objection is what keeps the customer from buying.",
    )
    dimension = fields.Selection(
        DIMENSIONS,
        help="Economic: the customer earns or saves money. Functional: something works. Emotional: it feels right.",
    )
    industry_ids = fields.Many2many(
        "res.partner.industry", string="Industries", help="Empty: offered for customers of every industry."
    )
    advice = fields.Text(translate=True, help="What to do or to ask when a customer says this.")
    answer_ids = fields.One2many("customer.need.answer", "type_id", "Answers")
    best_answer_ids = fields.Many2many(
        "customer.need.answer", string="Best Answers", compute="_compute_best_answer_ids",
        help="Answers to this objection. Those that helped most often come first.",
    )
    sequence = Integer(default=10)
    active = fields.Boolean(default=True)

    @api.depends("answer_ids.need_ids.helped")
    @api.depends_context("allowed_company_ids")
    def _compute_best_answer_ids(self):
        for need_type in self:
            need_type.best_answer_ids = need_type.answer_ids._best_first()

    @api.depends("name", "dimension")
    @api.depends_context("formatted_display_name", "lang")
    def _compute_display_name(self):
        """Say in lists to choose from which dimension a need is of."""
        dimensions = dict(self._fields["dimension"]._description_selection(self.env))
        for need_type in self:
            name = need_type.name or ""
            if self.env.context.get("formatted_display_name") and need_type.dimension:
                name = f"{name} \t --{dimensions[need_type.dimension]}--"
            need_type.display_name = name

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "kind", "dimension", "industry_ids", "advice", "answer_ids", "sequence", "active",
        }

    @api.constrains("kind", "dimension")
    def _check_dimension(self):
        for need_type in self:
            if need_type.kind == "need" and not need_type.dimension:
                raise ValidationError(self.env._(
                    "Choose whether the need “%s” is economic, functional or emotional.", need_type.name
                ))

    def write(self, vals):
        """Keep what customers said: a need does not become an objection behind their back."""
        if vals.get("kind"):
            changed = self.filtered(lambda need_type: need_type.kind != vals["kind"])
            # sudo: also needs that whoever sets up types may not read.
            needs = self.env["customer.need"].sudo().with_context(active_test=False)
            used = needs.search([("type_id", "in", changed.ids)], limit=1).type_id
            if used:
                raise UserError(self.env._(
                    "“%s” is in use, so it stays what it is. Archive it and make a new type.", used.name
                ))
        return super().write(vals)
