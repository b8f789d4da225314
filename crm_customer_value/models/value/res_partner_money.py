from odoo import api, fields, models

from ..base.number_fields import Monetary
from .customer_value_mixin import SALES_GROUP

MONEY = ("amounts_visible", "shown_value_at_risk", "value_at_risk_basis", "value_currency_id")


class ResPartner(models.Model):
    """The money at risk of the customer, on every contact.

    Not by related fields: those are read as superuser, and it is the user whose documents decide what is shown.
    """

    _inherit = "res.partner"
    _customer_value_shown = MONEY

    amounts_visible = fields.Boolean(
        "Customer's Amounts Visible",
        compute="_compute_shown_value_at_risk",
        groups=SALES_GROUP,
        help="Whether you may see the amounts of this customer.",
    )
    shown_value_at_risk = Monetary(
        "Money at Risk",
        compute="_compute_shown_value_at_risk",
        currency_field="value_currency_id",
        groups=SALES_GROUP,
        help="What the customer brought in the period that counts, times the risk of a loss. Empty: not known, or not "
        "for you to see.",
        optional=True,
    )
    value_at_risk_basis = fields.Selection(
        selection=lambda self: self._value_selection("value_at_risk_basis"),
        string="Money at Risk Found By",
        compute="_compute_shown_value_at_risk",
        groups=SALES_GROUP,
    )
    value_currency_id = fields.Many2one(
        "res.currency", "Currency of the Value", compute="_compute_shown_value_at_risk", groups=SALES_GROUP
    )

    @api.depends("customer_value_id")
    @api.depends_context("uid", "company")
    def _compute_shown_value_at_risk(self):
        for partner in self:
            value = partner.customer_value_id
            partner.amounts_visible = value.amounts_visible
            partner.shown_value_at_risk = value.shown_value_at_risk
            partner.value_at_risk_basis = value.value_at_risk_basis
            partner.value_currency_id = value.currency_id
