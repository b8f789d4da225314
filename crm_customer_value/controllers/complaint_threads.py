from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal_thread import PortalChatter
from odoo.addons.portal.controllers.thread import PortalThreadController

CUSTOMER_THREADS = ("customer.complaint", "customer.suggestion")


def _is_customer_thread(model):
    return model in CUSTOMER_THREADS and not request.env.user._is_internal()


class ComplaintThreadController(PortalThreadController):
    """Customers write messages to complaints and suggestions, and nothing but messages."""

    @route()
    def mail_message_post(self, thread_model, thread_id, post_data, context=None, **kwargs):
        """Take no flood of messages from links, and go on with a complaint that its customer answers."""
        if not _is_customer_thread(thread_model):
            return super().mail_message_post(thread_model, thread_id, post_data, context=context, **kwargs)
        if request.env.user._is_public():
            # Who may not write does not count: a wrong link uses up nobody's room.
            thread = self._get_thread_with_access_for_post(thread_model, thread_id, **kwargs)
            flood = request.env["customer.complaint.flood"]
            if thread and not flood._admit_post(request.httprequest.remote_addr, thread):
                raise UserError(request.env._(
                    "There were too many messages from here within an hour. Please try again later, or call us."
                ))
        result = super().mail_message_post(thread_model, thread_id, post_data, context=context, **kwargs)
        if thread_model == "customer.complaint":
            request.env[thread_model].browse(int(thread_id))._take_portal_answer()
        return result

    def _prepare_message_data(self, post_data, *, thread, **kwargs):
        values = super()._prepare_message_data(post_data, thread=thread, **kwargs)
        if not _is_customer_thread(thread._name):
            return values
        values = {name: values[name] for name in ("body", "attachment_ids", "author_id") if name in values}
        values["message_type"] = "comment"
        if kwargs.get("from_create"):
            # Without it, a message is a note for employees.
            values["subtype_xmlid"] = "mail.mt_comment"
            if request.env.user._is_public() and not values.get("author_id"):
                # An e-mail address proves nothing: the author stays without a contact, whoever has it.
                values["author_id"] = False
                # sudo: the link's token has opened this record.
                values["email_from"] = thread.sudo()._primary_email and thread.sudo()[thread._primary_email]
        return values


class ComplaintChatter(PortalChatter):
    @route()
    def mail_thread_messages(self, thread_model, thread_id, fetch_params=None):
        """Customers read conversations on the portal's pages, which say less of the people in them."""
        if _is_customer_thread(thread_model):
            raise NotFound()
        return super().mail_thread_messages(thread_model, thread_id, fetch_params=fetch_params)

    @route()
    def portal_message_fetch(self, thread_model, thread_id, fetch_params=None, **kw):
        kw.pop("customer_thread", None)
        if thread_model in CUSTOMER_THREADS:
            # sudo: it makes a domain; who may read what it finds is checked as ever.
            kw["customer_thread"] = request.env[thread_model].sudo().browse(int(thread_id)).exists()
        return super().portal_message_fetch(thread_model, thread_id, fetch_params=fetch_params, **kw)

    def _setup_portal_message_fetch_extra_domain(self, data):
        domain = super()._setup_portal_message_fetch_extra_domain(data)
        thread = data.get("customer_thread")
        return domain & thread._customer_message_domain() if thread else domain
