"""What all pages about conversations with customers have in common."""

from odoo.exceptions import AccessError, MissingError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ...models.voice.customer_thread_mixin import is_customer_thread


def is_employee():
    """Tell whether an employee is signed in."""
    return request.env.user._is_internal()


def customer_notice(title, text, document=None, status=200):
    """Render a page with nothing but a title and some words, maybe about a ``document``."""
    values = {"page_name": "complaint_rating", "title": title, "text": text, "complaint": document}
    if document:
        values["res_company"] = document.company_id
    return request.render("crm_customer_value.complaint_rating_notice", values, status=status)


class CustomerPages(CustomerPortal):
    """Lists and pages of what customers told us, each shown to its own customer."""

    # Lists

    def _found_page(self, documents, domain, order, page, url, history, **url_args):
        """Return a page of the list of documents that a domain finds, and its pager.

        :param documents: the model, with the rights to search with; without the right to read, it finds nothing
        :param history: the name under which pages of single documents know their neighbours
        :param url_args: how the list is sorted and narrowed, for the pager's links
        """
        allowed = documents.has_access("read")
        pager = portal_pager(
            url=url,
            url_args=url_args,
            total=documents.search_count(domain) if allowed else 0,
            page=page,
            step=self._items_per_page,
        )
        found = documents.browse()
        if allowed:
            found = documents.search(domain, order=order, limit=self._items_per_page, offset=pager["offset"])
        request.session[history] = found.ids[:100]
        return found, pager

    # Single documents

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Show employees what they have a right to: the links of customers are not for them."""
        if is_employee() and is_customer_thread(request.env, model_name):
            access_token = None
        return super()._document_check_access(model_name, document_id, access_token)

    def _open_document(self, model, document_id, access_token=None):
        """Return the document as superuser, if it is one's own or the token is its own.

        It stays the document of whoever asks: what they say is theirs, and files they send are treated as a
        customer's, and not as an administrator's who may upload pages.

        :raise AccessError, MissingError: nobody may see it who is not the customer, nor whether there is one
        """
        document = self._document_check_access(model, document_id, access_token)
        # sudo: access was checked; customers have no rights to write.
        return document.with_user(request.env.user).sudo()

    def _no_access(self, model, document_id, access_token=None):
        """Answer whoever may not see a page; employees who come by a link are told why."""
        if not access_token or not is_employee():
            return request.redirect("/my")
        text = request.env._(
            "You are signed in as an employee, and this link is for the customer only."
        )
        # sudo: the number is told to those who have the link, and so the e-mail that names it.
        document = request.env[model].sudo().browse(document_id).exists()
        if document.access_token and consteq(document.access_token.encode(), access_token.encode()):
            text += " " + request.env._("Open %(number)s in Customer Value.", number=document.number)
        return customer_notice(request.env._("This link is for the customer"), text, status=403)

    def _own_document(self, model, document_id):
        """Return the document as superuser if whoever is signed in has a right to it of their own, or nothing."""
        try:
            return self._document_check_access(model, document_id)
        except (AccessError, MissingError):
            return request.env[model]


def uses_of_sender(thread, kind="account_post"):
    """Return what a message to ``thread`` uses up of the room of whoever sends it now."""
    flood = request.env["customer.voice.flood"]
    if request.env.user._is_public():
        return flood._uses_of_post(request.httprequest.remote_addr, thread)
    return [(kind, str(request.env.uid))]

