"""The portal page on which customers choose how they are served."""

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class CustomerServicePortal(CustomerPortal):
    @route("/my/service", type="http", auth="user", methods=["GET", "POST"], website=True, sitemap=False)
    def portal_my_service(self, **post):
        """Show how the customer is served; with POST, keep what they chose for themselves."""
        # The record is always the user's own contact, whatever is posted.
        partner = request.env.user.partner_id
        error, choice = None, {}
        if request.httprequest.method == "POST":
            choice = {name: post[name] for name in partner._customer_wish_fields() if name in post}
            try:
                partner._customer_choose_wishes(choice)
            except UserError as refusal:
                error = str(refusal)
            else:
                # Go on in the language that was chosen.
                return request.redirect(request.env["ir.http"]._url_lang("/my/service?saved=1", partner.lang))
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "service",
            "service": partner._customer_wishes_page(choice),
            "saved": not error and post.get("saved") == "1",
            "error": error,
        }
        response = request.render("crm_customer_value.portal_my_service", values)
        if error:
            response.status_code = 422
        return response
