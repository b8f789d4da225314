"""The page on which contacts end promotion, and the one click of mail programs (RFC 8058)."""

from odoo import http
from odoo.http import request
from odoo.tools import get_lang


class CareUnsubscribe(http.Controller):
    @http.route(
        "/customer/promotion/<int:partner_id>/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        # Mail programs send the click without having seen a page; the key in the link says that it is meant.
        csrf=False,
        methods=["GET", "POST"],
    )
    def care_unsubscribe(self, partner_id, token, **_form):
        """Ask, and end promotion with POST only: programs that look at links before people do end nothing."""
        # sudo: the contact has no account; the key shows that the link was sent to them.
        partner = request.env["res.partner"].sudo().with_context(active_test=False).browse(partner_id)
        if not partner._customer_care_check(token) or not partner.exists():
            return self._render("unknown", status=404)
        lang = get_lang(request.env, partner.lang).code
        request.update_context(lang=lang)
        partner = partner.with_context(lang=lang)
        if request.httprequest.method == "POST" and partner.promotion_consent != "withdrawn":
            partner._customer_care_unsubscribe()
        return self._render("done" if partner.promotion_consent == "withdrawn" else "ask")

    def _render(self, state, status=200):
        """Render the page, which nobody keeps, finds, or passes the key on from."""
        values = {"state": state, "url": request.httprequest.path}
        response = request.render("crm_customer_value.care_unsubscribe_page", values, status=status)
        response.headers.update({
            "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex",
        })
        return response
