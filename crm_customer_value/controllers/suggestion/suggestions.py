from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from ..voice.customer_form import MAX_REQUEST, without_nul
from ..voice.customer_pages import CustomerPages
from .suggestion_form import NAME_LENGTH, SuggestionForm

# Products to choose from: those bought last. More would not fit into a list to choose from.
MAX_PRODUCTS = 80


class SuggestionPortal(CustomerPages):
    """Customers read, propose and support suggestions."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "suggestion_count" in counters:
            values["suggestion_count"] = self._family_suggestions().search_count(
                request.env["customer.suggestion"]._family_domain()
            )
        return values

    def _family_suggestions(self):
        """Return the model by which the user searches suggestions of the own family."""
        suggestions = request.env["customer.suggestion"].with_context(active_test=False)
        if not suggestions.has_access("read"):
            # sudo: employees without rights on suggestions have no rule; the domain of the family
            # is all that is ever searched for
            return suggestions.sudo()
        return suggestions

    # Lists

    def _suggestion_filters(self):
        """Return {key: what to search, where, and what to say when there is nothing}."""
        suggestions = request.env["customer.suggestion"]
        partner = request.env.user.partner_id
        family = suggestions._family_domain()
        # sudo: see _find_public of the model: domains say what is public, values say what is shown
        public = suggestions.sudo().with_context(active_test=False)
        filters = {
            "mine": {
                "label": request.env._("My Suggestions"),
                "model": self._family_suggestions(),
                "domain": family & Domain("partner_id", "=", partner.id),
                "empty": request.env._("You have not made a suggestion yet."),
            },
            "family": {
                "label": request.env._("My Company"),
                "model": self._family_suggestions(),
                "domain": family,
                "empty": request.env._("Nobody in your company has made a suggestion yet."),
            },
            "public": {
                "label": request.env._("Other Customers"),
                "model": public,
                "domain": suggestions._supportable_domain(),
                "empty": request.env._("There are no suggestions of other customers to support at the moment."),
            },
            "done": {
                "label": request.env._("Implemented"),
                "model": public,
                "domain": suggestions._public_domain()
                & Domain("state", "=", "implemented")
                & Domain("merged_into_id", "=", False),
                "empty": request.env._("No suggestion has been implemented yet."),
            },
        }
        if partner.commercial_partner_id == partner:
            # Nobody else to speak of, unless this contact is a company with people below it.
            if not partner.is_company:
                filters.pop("family")
        return filters

    def _suggestion_sortings(self):
        return {
            "newest": {"label": request.env._("Newest"), "order": "id desc"},
            "support": {"label": request.env._("Most Supported"), "order": "support_count desc, id desc"},
            "name": {"label": request.env._("Subject"), "order": "name, id"},
        }

    @http.route(
        ["/my/suggestions", "/my/suggestions/page/<int:page>"], type="http", auth="user", website=True
    )
    def portal_my_suggestions(self, page=1, sortby=None, filterby=None, search=None, **_kw):
        """Show a page of suggestions."""
        filters = self._suggestion_filters()
        search = without_nul(search)
        filterby = filterby if filterby in filters else "mine"
        sortings = self._suggestion_sortings()
        sortby = sortby if sortby in sortings else "support" if filterby == "public" else "newest"
        chosen = filters[filterby]
        domain = chosen["domain"]
        if search:
            domain &= Domain.OR(Domain(name, "ilike", search) for name in ("name", "description", "number"))
        found, pager = self._found_page(
            chosen["model"], domain, sortings[sortby]["order"], page, "/my/suggestions", "my_suggestions_history",
            sortby=sortby, filterby=filterby, search=search,
        )
        values = self._prepare_portal_layout_values()
        values.update({
            # sudo: found by the rights and domains above; what is shown of it is told there
            "suggestions": found.sudo()._public_values(),
            "filters": filters,
            "filterby": filterby,
            "empty": request.env._("No suggestion found for “%(search)s”.", search=search)
            if search else chosen["empty"],
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_inputs": {"content": {"input": "content", "label": request.env._("Search in all")}},
            "search_in": "content",
            "search": search,
            "default_url": "/my/suggestions",
            "page_name": "suggestions",
            "pager": pager,
        })
        return request.render("crm_customer_value.portal_my_suggestions", values)

    # One suggestion

    @http.route("/my/suggestions/<int:suggestion_id>", type="http", auth="public", website=True)
    def portal_my_suggestion(self, suggestion_id, access_token=None, **kw):
        """Show one's own suggestion with its messages, or a public one without."""
        try:
            suggestion = self._document_check_access("customer.suggestion", suggestion_id, access_token)
            own = True
        except (AccessError, MissingError):
            suggestion = request.env["customer.suggestion"]
            if not request.env.user._is_public():
                suggestion = suggestion._find_public(suggestion_id)
            own = False
        if not suggestion:
            return self._no_access("customer.suggestion", suggestion_id, access_token)
        # The superuser's environment, and the user's own language and contact.
        suggestion = suggestion.with_env(request.env(su=True))
        values = {
            "page_name": "suggestion",
            "suggestion_number": suggestion.number,
            "shown": suggestion._public_values()[0],
            "steps": suggestion._timeline(),
            "own": own,
            "merged": self._merged_link(suggestion),
            "notice": request.session.pop("suggestion_notice", None),
        }
        if own:
            values["suggestion"] = suggestion
            values = self._get_page_view_values(
                suggestion, access_token, values, "my_suggestions_history", False, **kw
            )
        return request.render("crm_customer_value.portal_my_suggestion", values)

    def _merged_link(self, suggestion):
        """Return number, subject and address of what ``suggestion`` was merged into, if it may be seen."""
        target = suggestion.merged_into_id
        if not target:
            return None
        seen = target.with_env(request.env)
        if not seen.has_access("read") and not seen._find_public(target.id):
            return {"hidden": True}
        return {"name": target.name, "number": target.number, "url": target.access_url}

    @http.route(
        "/my/suggestions/<int:suggestion_id>/support", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_support_suggestion(self, suggestion_id, support="1", **_kw):
        """Support a public suggestion as oneself, or take one's support back."""
        try:
            request.env["customer.voice.flood"]._check_room(("account_vote", str(request.env.uid)))
            request.env["customer.suggestion"]._set_support(suggestion_id, support == "1")
            request.session["suggestion_notice"] = (
                request.env._("You support this suggestion. We will tell you when it is implemented.")
                if support == "1" else request.env._("You no longer support this suggestion.")
            )
        except UserError as error:
            request.session["suggestion_notice"] = str(error)
        return request.redirect(f"/my/suggestions/{suggestion_id}")

    # A new one

    @http.route(
        "/my/suggestions/new",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def portal_new_suggestion(self, **post):
        """Show the form of a new suggestion; save what it sends."""
        areas, products = self._suggestion_areas(), self._suggestion_products()
        files = request.httprequest.files.getlist("attachments")
        form = SuggestionForm(request.env, areas, products, post, files)
        if request.httprequest.method == "POST":
            if form.check():
                form.take_room("account_suggestion")
            if not form.errors:
                suggestion = self._create_suggestion(form)
                request.session["suggestion_notice"] = request.env._(
                    "Thank you. We will review your suggestion. You can follow its progress here."
                )
                return request.redirect(suggestion.access_url if suggestion else "/my/suggestions")
            if form.uploads and "attachments" not in form.errors:
                form.errors["attachments"] = request.env._("Please choose your files again.")
        page = self._prepare_portal_layout_values()
        page.update({
            "page_name": "suggestion_new",
            "areas": areas,
            "products": products,
            "post": form.input,
            "errors": form.errors,
            "name_length": NAME_LENGTH,
            "files_help": form.files_help,
        })
        return request.render("crm_customer_value.portal_new_suggestion", page)

    def _suggestion_areas(self):
        # sudo: customers choose by name; they have no rights on the model
        return request.env["customer.suggestion.area"].sudo().search([
            ("company_id", "in", [False, request.env.company.id]),
        ])

    def _suggestion_products(self):
        """Return the products the customer's family bought last."""
        # sudo: customers have no rights on products; these are on their own orders
        groups = request.env["sale.order.line"].sudo()._read_group(
            [
                ("order_id.partner_id", "child_of", request.env.user.partner_id.commercial_partner_id.id),
                ("order_id.company_id", "=", request.env.company.id),
                ("state", "=", "sale"),
                ("product_id.active", "=", True),
                ("is_downpayment", "=", False),
            ],
            ["product_id"],
            order="order_id:max desc",
            limit=MAX_PRODUCTS,
        )
        products = request.env["product.product"].sudo().concat(*(product for (product,) in groups))
        return products.sorted("display_name")

    def _create_suggestion(self, form):
        """Create the suggestion of the user's own contact, or return the one this form has made already."""
        # sudo: customers have no right to create; every value was read one by one.
        suggestions = request.env["customer.suggestion"].sudo()
        key = form.input["key"]
        suggestion = suggestions._send_by_customer(
            {
                **form.values(),
                "partner_id": request.env.user.partner_id.id,
                "company_id": request.env.company.id,
            },
            form.files(), key,
        )
        # Marks are guessed by nobody; somebody else's would lead nowhere all the same.
        return suggestion or suggestions.with_context(active_test=False)._find_sent(key)
