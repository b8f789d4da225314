"""What all pages about conversations with customers have in common."""

from odoo.exceptions import AccessError, MissingError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal

from ...models.voice.customer_thread_mixin import is_customer_thread


def is_employee():
    """Tell whether an employee is signed in."""
    return request.env.user._is_internal()


def customer_notice(title, text, complaint=None, status=200):
    """Render a page with nothing but a title and some words."""
    values = {"page_name": "complaint_rating", "title": title, "text": text, "complaint": complaint}
    if complaint:
        values["res_company"] = complaint.company_id
    return request.render("crm_customer_value.complaint_rating_notice", values, status=status)


class CustomerPages(CustomerPortal):
    def _document_check_access(self, model_name, document_id, access_token=None):
        """Show employees what they have a right to: the links of customers are not for them."""
        if is_employee() and is_customer_thread(request.env, model_name):
            access_token = None
        return super()._document_check_access(model_name, document_id, access_token)

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
    flood = request.env["customer.complaint.flood"]
    if request.env.user._is_public():
        return flood._uses_of_post(request.httprequest.remote_addr, thread)
    return [(kind, str(request.env.uid))]


def file_size(upload):
    """Return the size of an uploaded file in bytes, without reading it."""
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    return size
