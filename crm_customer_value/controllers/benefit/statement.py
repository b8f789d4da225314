from odoo.http import content_disposition, request, route

from .benefit_pages import BenefitPages

REPORT = "crm_customer_value.customer_benefit_statement_report"


class BenefitStatement(BenefitPages):
    """What a customer gained with us: the statement of a year, as a page and as a PDF."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "benefit_asked_count" in counters:
            values["benefit_asked_count"] = self._count_asked() if self._sees_benefit() else 0
        return values

    def _count_asked(self):
        records = self._benefit_env()["customer.benefit.record"]
        return records.search_count(records._customer_asked_domain(self._family(), request.env.company))

    def _read_year(self, year):
        """Return the year that an address names, or nothing."""
        text = str(year or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else None

    @route("/my/benefit", type="http", auth="user", website=True, sitemap=False, methods=["GET"])
    def portal_my_benefit(self, year=None, **kw):
        """Show the statement of a year, the latest unless one is named."""
        self._benefit_env()
        statement = request.env.user.partner_id._customer_benefit_statement(
            request.env.company, self._read_year(year)
        )
        return self._render_benefit("portal_my_benefit", "benefit", statement=statement)

    @route("/my/benefit/pdf", type="http", auth="user", website=True, sitemap=False, methods=["GET"])
    def portal_my_benefit_pdf(self, year=None, **kw):
        """Download the statement of a year."""
        self._benefit_env()
        partner = request.env.user.partner_id
        years = partner._customer_benefit_years(request.env.company)
        chosen = self._read_year(year)
        chosen = chosen if chosen in years else years[0]
        # The sheet runs in the direction of the language that the statement is in, whatever the pages are in.
        # sudo: the statement is that of whoever asks; it reads what it shows as superuser.
        reports = request.env["ir.actions.report"].sudo().with_context(lang=partner.lang or request.env.lang)
        data = {"year": chosen, "company_id": request.env.company.id}
        if reports.get_wkhtmltopdf_state() in ("install", "broken"):
            # As for all reports: without the program that makes PDFs there is a page to print.
            return request.make_response(reports._render_qweb_html(REPORT, partner.ids, data=data)[0])
        content, kind = reports._render_qweb_pdf(REPORT, partner.ids, data=data)
        name = request.env._("What you gained %(year)s", year=chosen)
        return request.make_response(content, headers=[
            ("Content-Type", "application/pdf" if kind == "pdf" else "text/html"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(f"{name}.{kind}")),
        ])
