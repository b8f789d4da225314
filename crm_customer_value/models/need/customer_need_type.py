from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Integer

KINDS = [("need", "Need"), ("objection", "Objection")]


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
        [("economic", "Economic"), ("functional", "Functional"), ("emotional", "Emotional")],
        help="Economic: the customer earns or saves money. Functional: something works. Emotional: it feels right.",
    )
    industry_ids = fields.Many2many(
        "res.partner.industry", string="Industries", help="Empty: offered for customers of every industry."
    )
    advice = fields.Text(translate=True, help="What to do or to ask when a customer says this.")
    sequence = Integer(default=10)
    active = fields.Boolean(default=True)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "kind", "dimension", "industry_ids", "advice", "sequence", "active",
        }

    @api.constrains("kind", "dimension")
    def _check_dimension(self):
        for need_type in self:
            if need_type.kind == "need" and not need_type.dimension:
                raise ValidationError(self.env._(
                    "Choose whether the need “%s” is economic, functional or emotional.", need_type.name
                ))
