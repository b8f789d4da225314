from werkzeug.exceptions import MethodNotAllowed, NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.addons.portal.controllers.portal_thread import PortalChatter
from odoo.addons.portal.controllers.thread import PortalThreadController

from ...models.voice.customer_thread_author import MESSAGE_TYPES
from ...models.voice.customer_thread_mixin import is_customer_thread
from ...models.voice.customer_voice_flood import net_address
from .customer_form import file_size, max_file_size, size_text, without_nul
from .customer_pages import is_employee, uses_of_sender


def _is_customer_thread(model):
    return is_customer_thread(request.env, model) and not is_employee()


class CustomerThreadController(PortalThreadController):
    """Customers write messages to documents of theirs, and nothing but messages."""

    @route()
    def mail_message_post(self, thread_model, thread_id, post_data, context=None, **kwargs):
        """Take no flood of messages, and let a document go on that its customer answers."""
        if is_employee() and is_customer_thread(request.env, thread_model) and kwargs.get("token"):
            if not self._get_thread_with_access_for_post(thread_model, thread_id):
                raise UserError(request.env._(
                    "You are signed in as an employee. This link is for the customer: a message sent here would count "
                    "as the customer's."
                ))
        if not _is_customer_thread(thread_model):
            return super().mail_message_post(thread_model, thread_id, post_data, context=context, **kwargs)
        # Who may not write does not count: a wrong link uses up nobody's room.
        if thread := self._get_thread_with_access_for_post(thread_model, thread_id, **kwargs):
            request.env["customer.voice.flood"]._check_room(*uses_of_sender(thread))
        result = super().mail_message_post(thread_model, thread_id, post_data, context=context, **kwargs)
        request.env[thread_model].browse(int(thread_id))._take_portal_answer()
        return result

    def _prepare_message_data(self, post_data, *, thread, **kwargs):
        values = super()._prepare_message_data(post_data, thread=thread, **kwargs)
        if not is_customer_thread(request.env, thread._name):
            return values
        if is_employee():
            # Odoo posts as superuser here: nothing but this looks at what an employee's message says it is.
            if values.get("message_type") not in MESSAGE_TYPES - {"user_notification"}:
                values["message_type"] = "comment"
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
                email = thread._mail_get_primary_email_field()
                values["email_from"] = email and thread.sudo()[email]
        return values

    @classmethod
    def _can_edit_message(cls, message, **kwargs):
        """Let customers change what they wrote here themselves: not what came by e-mail, nor others' by a link."""
        # sudo: who wrote it is compared with who asks, and told to nobody.
        if _is_customer_thread(message.model) and message.sudo().create_uid != request.env.user:
            return False
        return super()._can_edit_message(message, **kwargs)


class CustomerUpload(AttachmentController):
    @route()
    def mail_attachment_upload(self, ufile, thread_id, thread_model, is_pending=False, **kwargs):
        """Take from customers as many and as large files as there is room for, before any is stored."""
        if request.httprequest.method != "POST":
            # Odoo asks other methods for no token against forged requests.
            raise MethodNotAllowed(valid_methods=["POST"])
        if not _is_customer_thread(thread_model):
            return super().mail_attachment_upload(ufile, thread_id, thread_model, is_pending=is_pending, **kwargs)
        thread = self._get_thread_with_access_for_post(thread_model, thread_id, **kwargs)
        if not thread:
            raise NotFound()
        ufile.filename = without_nul(ufile.filename)
        try:
            self._check_room_for_file(thread, file_size(ufile))
        except UserError as error:
            return request.make_json_response({"error": str(error)})
        # A file on its way to a message: customers put none beside the conversation.
        return super().mail_attachment_upload(ufile, thread_id, thread_model, is_pending="true", **kwargs)

    def _check_room_for_file(self, thread, size):
        limit = max_file_size(request.env)
        if size > limit:
            raise UserError(request.env._("Each file may have at most %(size)s.", size=size_text(limit)))
        flood = request.env["customer.voice.flood"]
        if request.env.user._is_public():
            senders = (f"link,{thread._name},{thread.id}", f"net,{net_address(request.httprequest.remote_addr)}")
        else:
            senders = (f"account,{request.env.uid}",)
        flood._check_room(*(use for sender in senders for use in flood._uses_of_files(sender, [size])))


class CustomerChatter(PortalChatter):
    @route()
    def mail_thread_messages(self, thread_model, thread_id, fetch_params=None):
        """Customers read conversations on the portal's pages, which say less of the people in them."""
        if _is_customer_thread(thread_model):
            raise NotFound()
        return super().mail_thread_messages(thread_model, thread_id, fetch_params=fetch_params)

    @route()
    def portal_message_fetch(self, thread_model, thread_id, fetch_params=None, **kw):
        kw.pop("customer_thread", None)
        if is_customer_thread(request.env, thread_model):
            # sudo: it makes a domain; who may read what it finds is checked as ever.
            kw["customer_thread"] = request.env[thread_model].sudo().browse(int(thread_id)).exists()
        return super().portal_message_fetch(thread_model, thread_id, fetch_params=fetch_params, **kw)

    def _setup_portal_message_fetch_extra_domain(self, data):
        domain = super()._setup_portal_message_fetch_extra_domain(data)
        thread = data.get("customer_thread")
        return domain & thread._customer_message_domain() if thread else domain

    @route()
    def portal_avatar(self, res_id=None, height=50, width=50, access_token=None, _hash=None, pid=None):
        """Show no picture of who wrote what is hidden, as for what does not exist: it tells which notes there are."""
        # sudo: whether it is hidden is asked, and told to nobody.
        message = request.env["mail.message"].sudo().browse(int(res_id)).exists()
        if not is_employee() and (not message or message._hidden_from_customers()):
            access_token = _hash = pid = None
        return super().portal_avatar(
            res_id=res_id, height=height, width=width, access_token=access_token, _hash=_hash, pid=pid
        )
