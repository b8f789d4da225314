from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ...models.complaint.customer_complaint import REMEDIES
from ..voice.customer_form import MAX_REQUEST, read_form_key
from .complaint_form import ComplaintForm

MAX_ORDERS = 50


class ComplaintSendingPortal(CustomerPortal):
    """A new complaint of somebody who is logged in."""

    def _complaint_orders(self):
        """Return the orders to choose from: what record rules let this customer see."""
        orders = request.env["sale.order"]
        if not orders.has_access("read"):
            return orders
        family = request.env.user.partner_id.commercial_partner_id
        domain = Domain("state", "=", "sale") & Domain("partner_id", "child_of", family.ids)
        return orders.search(domain, order="date_order desc, id desc", limit=MAX_ORDERS)

    def _read_order(self, form, orders):
        """Return order, line and product of the form, if they are this customer's own."""
        order = orders.filtered(lambda order: str(order.id) == form.input["order_id"])
        # sudo: the orders were found as the customer; their lines are theirs too.
        lines = orders.sudo().order_line.filtered(lambda line: not line.display_type)
        line = lines.filtered(lambda line: str(line.id) == form.input["line_id"])
        order = order or line.order_id
        if form.input["order_id"] and str(order.id) != form.input["order_id"]:
            form.errors["order_id"] = request.env._("Please choose one of your orders.")
        elif (form.input["line_id"] and not line) or (line and line.order_id.id != order.id):
            form.errors["line_id"] = request.env._("Please choose a product of this order.")
        return {
            "company_id": (order.company_id or request.env.company).id,
            "order_id": order.id,
            "order_line_id": line.id,
            "product_id": line.product_id.id,
        }

    @route("/my/complaints/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_complaint_new(self, order_id=None, sent=None, **kw):
        """Show an empty form, or the complaint that a form has made already."""
        if sent:
            complaint = request.env["customer.complaint"]._find_sent(read_form_key(sent))
            return request.redirect(f"{complaint.access_url}?note=sent" if complaint else "/my/complaints")
        return self._render_complaint_form(ComplaintForm(request.env, {"order_id": order_id}))

    @route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=MAX_REQUEST,
    )
    def portal_complaint_send(self, **post):
        """Take a complaint, or show the form again with all that was entered."""
        form = ComplaintForm(request.env, post, request.httprequest.files.getlist("files"))
        orders = self._complaint_orders()
        form.check()
        values = self._read_order(form, orders)
        if not form.errors:
            form.take_room("account_complaint")
        if form.errors:
            return self._render_complaint_form(form, orders)
        # sudo: customers may not write complaints; the form was read name by name, and what it
        # points to was found among their own.
        complaint = request.env["customer.complaint"].sudo().with_company(values["company_id"])._send_by_customer(
            {**form.values(), **values, "partner_id": request.env.user.partner_id.id},
            form.input["text"], form.files(), form.input["key"],
        )
        if not complaint:
            return request.redirect(f"/my/complaints/new?sent={form.input['key']}")
        return request.redirect(f"{complaint.access_url}?note=sent")

    def _render_complaint_form(self, form, orders=None):
        return request.render("crm_customer_value.portal_complaint_new", {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint_new",
            "form": form,
            # sudo: found as the customer, whose orders they are.
            "orders": (self._complaint_orders() if orders is None else orders).sudo(),
            "remedies": self._complaint_remedies(),
        })

    def _complaint_remedies(self):
        field = request.env["customer.complaint"]._fields["wanted_remedy"]
        labels = dict(field._description_selection(request.env))
        return [(name, labels[name]) for name, _label in REMEDIES]
