from odoo import api, fields, models

from ..base.number_fields import Integer, Monetary


class CustomerContactChannel(models.Model):
    """A way in which customers and we are in touch, and what one contact that way costs."""

    _name = "customer.contact.channel"
    _description = "Contact Channel"
    _inherit = ["customer.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10)
    code = fields.Char(
        readonly=True, index="btree_not_null", copy=False,
        help="Name by which the program knows a channel that came with it: portal, email, phone, visit, chat, "
        "website, event, other.",
    )
    is_spoken = fields.Boolean("Spoken", help="People talk: on the phone, at a visit, at an event.")
    is_wish = fields.Boolean("Customers Can Choose It", help="Offered as preferred channel.", default=True)
    default_minutes = Integer("Usual Minutes", help="How long a contact on this channel takes if nobody says.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    contact_cost = Monetary(
        "Cost of a Contact", company_dependent=True, optional=True,
        help="What a contact on this channel costs beside working time: travel, charges. Empty: nothing.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is a channel with this code already.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "is_spoken", "is_wish", "default_minutes", "contact_cost", "active",
        }

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id
