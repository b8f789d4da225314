from werkzeug.urls import url_encode

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request, route

from ...models.complaint.customer_complaint_stage import OPEN_STATES
from ..voice.customer_form import without_nul
from ..voice.customer_pages import CustomerPages, is_employee, uses_of_sender

# What a page may say after an action; the address names it, and never says it.
NOTES = ("sent", "mailed", "confirmed", "closed", "reopened")


class ComplaintPortal(CustomerPages):
    """Customers' own complaints: list, page, and what they may do there."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            complaints = request.env["customer.complaint"]
            values["complaint_count"] = (
                complaints.search_count([("state", "in", OPEN_STATES)]) if complaints.has_access("read") else 0
            )
        return values

    def _complaint_sortings(self):
        return {
            "newest": {"label": request.env._("Newest"), "order": "date_received desc, id desc"},
            "oldest": {"label": request.env._("Oldest"), "order": "date_received, id"},
            "promised": {"label": request.env._("Answer by"), "order": "resolve_deadline, id"},
            "name": {"label": request.env._("Subject"), "order": "name, id"},
        }

    def _complaint_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {"label": request.env._("Open"), "domain": Domain("state", "in", OPEN_STATES)},
            "waiting": {
                "label": request.env._("Waiting for You"),
                "domain": Domain("waits_for_customer", "=", True),
            },
            "closed": {"label": request.env._("Closed"), "domain": Domain("state", "not in", OPEN_STATES)},
        }

    def _complaint_searches(self):
        searches = {
            "all": {
                "input": "all",
                "label": request.env._("Search in All"),
                "fields": ["name", "number", "description"],
            },
            "name": {"input": "name", "label": request.env._("Search in Subject"), "fields": ["name"]},
            "number": {"input": "number", "label": request.env._("Search in Number"), "fields": ["number"]},
        }
        # Employees of the service need not have rights on orders.
        if request.env["sale.order"].has_access("read"):
            searches["order"] = {
                "input": "order", "label": request.env._("Search in Order"), "fields": ["order_id.name"]
            }
        return searches

    @route(["/my/complaints", "/my/complaints/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_complaints(self, page=1, sortby="newest", filterby="all", search="", search_in="all", **kw):
        """List the complaints of the family of whoever is logged in."""
        sortings, filters, searches = (
            self._complaint_sortings(), self._complaint_filters(), self._complaint_searches()
        )
        sortby = sortby if sortby in sortings else "newest"
        filterby = filterby if filterby in filters else "all"
        search_in = search_in if search_in in searches else "all"
        search = without_nul(search)
        domain = filters[filterby]["domain"]
        if search:
            domain &= Domain.OR(Domain(name, "ilike", search) for name in searches[search_in]["fields"])
        complaints, pager = self._found_page(
            request.env["customer.complaint"], domain, sortings[sortby]["order"], page,
            "/my/complaints", "my_complaints_history",
            sortby=sortby, filterby=filterby, search_in=search_in, search=search,
        )
        return request.render("crm_customer_value.portal_my_complaints", {
            **self._prepare_portal_layout_values(),
            # sudo: these were found as the customer; the page says what customers may know.
            "complaints": complaints.sudo(),
            "page_name": "complaint",
            "default_url": "/my/complaints",
            "pager": pager,
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_filters": filters,
            "filterby": filterby,
            "searchbar_inputs": searches,
            "search_in": search_in,
            "search": search,
            "is_narrowed": bool(search) or filterby != "all",
        })

    @route("/my/complaints/<int:complaint_id>", type="http", auth="public", website=True)
    def portal_complaint(self, complaint_id, access_token=None, note=None, **kw):
        """Show one complaint to its customer, or to whoever has its link."""
        try:
            complaint = self._open_document("customer.complaint", complaint_id, access_token)
        except (AccessError, MissingError):
            return self._no_access("customer.complaint", complaint_id, access_token)
        return self._render_complaint(complaint, access_token, note=note if note in NOTES else None)

    def _render_complaint(self, complaint, access_token, **values):
        if is_employee():
            access_token = None
        values = {
            "complaint": complaint,
            "page_name": "complaint",
            "tz": complaint._portal_tz(request.env.user),
            "is_public": request.env.user._is_public(),
            "is_other_side": complaint._is_other_side(request.env.user),
            **values,
        }
        values = self._get_page_view_values(
            complaint, access_token, values, "my_complaints_history", values["is_public"]
        )
        return request.render("crm_customer_value.portal_complaint", values)

    def _complaint_url(self, complaint, access_token, note):
        query = {"note": note, **({"access_token": access_token} if access_token else {})}
        return f"{complaint.access_url}?{url_encode(query)}"

    def _take_word(self, complaint_id, access_token, take, **kept):
        """Do what a customer says about a complaint, and show what came of it.

        :param take: does it to the complaint, and returns the name of a note
        :param kept: what was filled in, to be shown again when it cannot be done
        """
        try:
            complaint = self._open_document("customer.complaint", complaint_id, access_token)
        except (AccessError, MissingError):
            return self._no_access("customer.complaint", complaint_id, access_token)
        if complaint._is_other_side(request.env.user):
            problem = request.env._("You are signed in as an employee. Only the customer can say this.")
            return self._render_complaint(complaint, access_token, problem=problem)
        try:
            note = take(complaint)
        except UserError as error:
            return self._render_complaint(complaint, access_token, problem=str(error), **kept)
        return request.redirect(self._complaint_url(complaint, access_token, note))

    @route(
        "/my/complaints/<int:complaint_id>/confirm", type="http", auth="public", website=True, methods=["POST"]
    )
    def portal_complaint_confirm(self, complaint_id, access_token=None, **kw):
        """Let customers say that their complaint is solved."""
        return self._take_word(
            complaint_id, access_token,
            lambda complaint: "closed" if complaint._customer_confirm() else "confirmed",
        )

    @route(
        "/my/complaints/<int:complaint_id>/reopen", type="http", auth="public", website=True, methods=["POST"]
    )
    def portal_complaint_reopen(self, complaint_id, access_token=None, reason="", **kw):
        """Let customers say that their complaint is not solved, and why."""
        reason = without_nul(reason)

        def reopen(complaint):
            request.env["customer.voice.flood"]._check_room(*uses_of_sender(complaint))
            complaint._customer_reopen(reason)
            return "reopened"

        return self._take_word(complaint_id, access_token, reopen, reason=reason)
