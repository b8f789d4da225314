from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.base.number_fields import Integer


class CustomerBenefitStatement(models.TransientModel):
    """Asks for the year of which to print what a customer gained."""

    _name = "customer.benefit.statement"
    _inherit = ["customer.service.wizard"]
    _description = "Print What a Customer Gained"
    _named_fields = ("partner_id",)

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, default=lambda self: self._chosen("res.partner")[:1]
    )
    year = Integer(
        compute="_compute_year", store=True, readonly=False, required=True, compute_sudo=False,
        help="The calendar year; the latest with figures unless you choose another.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"partner_id", "year"}

    @api.depends("partner_id")
    def _compute_year(self):
        report = self.env["report.crm_customer_value.report_customer_benefit_statement"]
        for wizard in self:
            if wizard.partner_id:
                # Which years there are is told to whoever may print them.
                report._check_rights(wizard.partner_id._origin, self.env.company)
            years = wizard.partner_id and wizard.partner_id._customer_benefit_years(self.env.company)
            wizard.year = years[0] if years else fields.Date.context_today(self).year

    def action_print(self):
        """Print the statement of the year."""
        self.ensure_one()
        years = self.partner_id._customer_benefit_years(self.env.company)
        if self.year not in years:
            raise UserError(self.env._(
                "There are no figures of %(year)s. Choose one of these years: %(years)s.",
                year=self.year, years=", ".join(map(str, years)),
            ))
        report = self.env.ref("crm_customer_value.customer_benefit_statement_report")
        return report.report_action(self.partner_id, data={
            "year": self.year, "company_id": self.env.company.id, "partner_id": self.partner_id.id,
        })
