from odoo import api, models
from odoo.exceptions import AccessError, UserError


class CustomerBenefitStatementReport(models.AbstractModel):
    """The statement of a year on paper: what one customer gained, in the customer's language."""

    _name = "report.crm_customer_value.report_customer_benefit_statement"
    _description = "Statement of What a Customer Gained"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template shows.

        :raise AccessError: customers come by their own page, which looks whose statement it is, and employees need
            the right to read each figure
        """
        data = data or {}
        partners = self.env["res.partner"].browse(docids or [int(data.get("partner_id") or 0)]).exists()
        if not partners:
            raise UserError(self.env._("Choose a customer first."))
        company = self.env["res.company"].browse(int(data.get("company_id") or self.env.company.id))
        self._check_rights(partners, company)
        year = int(data["year"]) if str(data.get("year") or "").isdecimal() else None
        statements = []
        for partner in partners:
            # The report itself is the customer's: their language, and days as they read them.
            lang = partner.lang or self.env.lang
            reader = partner.with_context(lang=lang)
            statements.append({
                "lang": lang,
                "statement": reader._customer_benefit_statement(company.with_context(lang=lang), year),
            })
        # sudo: the layout shows the company, which customers may not read.
        return {"docs": partners, "company": company.sudo(), "statements": statements}

    @api.model
    def _check_rights(self, partners, company):
        if self.env.su:
            return
        user = self.env.user
        shown = [
            self.env[model].with_context(allowed_company_ids=company.ids)
            for model in ("customer.benefit.record", "customer.benefit.goal", "customer.need")
        ]
        if user.share or company not in user.company_ids or not all(model.has_access("read") for model in shown):
            raise AccessError(self.env._("You may not print what this customer gained."))
        partners.check_access("read")
        for family in partners.sudo().commercial_partner_id:
            for model in shown:
                domain = model._customer_domain(family, company)
                # sudo: only whether there are others.
                if model.search_count(domain) != model.sudo().search_count(domain):
                    raise AccessError(self.env._(
                        "You may read only some of the figures of %(customer)s, and a statement shows all of them. Ask "
                        "the salesperson of this customer for it.", customer=family.display_name,
                    ))
