"""What the mail gateway of Odoo does for the documents of customers."""

import ast
import codecs
import logging

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize
from odoo.tools.mail import (
    decode_message_header,
    email_normalize_all,
    email_split_and_format,
    generate_tracking_message_id,
    unfold_references,
)

from .automatic_mail import is_only_sender, raw_header, unanswered_because
from .customer_thread_mixin import is_customer_thread

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _is_customer_document(self, model):
        """Tell whether ``model`` is one whose fields are protected: e-mails get at them by the same rights."""
        return model in self.env and isinstance(self.env[model], self.env.registry["customer.guarded.mixin"])

    @api.model
    def _is_mail_gateway(self):
        """Tell whether the system itself is receiving an e-mail, or a program with an administrator's account."""
        return self.env.su or self.env.user._is_system()

    @api.model
    def message_parse(self, message, save_original=False):
        """Read mails to customers' documents that are slightly broken, rather than losing them."""
        unknown = [part for part in message.walk() if not self._is_charset(part.get_content_charset())]
        if unknown and self._is_for_customer_documents(message):
            for part in unknown:
                part.set_param("charset", self._guess_charset(part.get_payload(decode=True) or b""))
        self._mend_sender(message)
        msg_dict = super().message_parse(message, save_original=save_original)
        # sudo: the user of the mail gateway need not read messages.
        if self.env.context.get("customer_mail_released") and self.env["mail.message"].sudo().search_count(
            [("message_id", "=", msg_dict["message_id"])], limit=1
        ):
            # Another company or another application has taken it too; two messages need two names.
            msg_dict["message_id"] = generate_tracking_message_id("taken")
        return msg_dict

    @api.model
    def _mend_sender(self, message):
        """Take line breaks out of a sender's name, for which Python would refuse the whole mail."""
        for name in ("From", "Reply-To"):
            try:
                message.get_all(name)
            except ValueError:
                if not self._is_for_customer_documents(message):
                    return
                people = email_split_and_format(raw_header(message, name))
                del message[name]
                message[name] = ", ".join(people)

    @api.model
    def _is_charset(self, name):
        try:
            return not name or bool(codecs.lookup(name))
        except LookupError:
            return False

    @api.model
    def _guess_charset(self, content):
        try:
            content.decode()
        except UnicodeDecodeError:
            return "windows-1252"
        return "utf-8"

    @api.model
    def _is_for_customer_documents(self, message):
        """Tell whether an e-mail goes to an address of a customers' document, or answers one."""
        if self._is_customer_document(self.env.context.get("customer_mail_model")):
            return True
        headers = ("To", "Cc", "Delivered-To", "Resent-To", "Resent-Cc")
        addresses = email_normalize_all(",".join(decode_message_header(message, name, ",") for name in headers))
        # sudo: the user of the mail gateway need not read addresses or messages.
        aliases = self.env["mail.alias"].sudo().search([
            "|",
            ("alias_full_name", "in", addresses),
            "&",
            ("alias_name", "in", [address.partition("@")[0] for address in addresses]),
            ("alias_incoming_local", "=", True),
        ])
        references = " ".join(decode_message_header(message, name) for name in ("References", "In-Reply-To"))
        # sudo: as above.
        answered = self.env["mail.message"].sudo().search([("message_id", "in", unfold_references(references)[-32:])])
        models_named = {*aliases.mapped("alias_model_id.model"), *answered.mapped("model")}
        return any(self._is_customer_document(model) for model in models_named)

    @api.model
    def message_process(
        self, model, message, custom_values=None, save_original=False, strip_attachments=False, thread_id=None
    ):
        """Let parsing know for which documents a mail server takes its mails."""
        thread = self.with_context(customer_mail_model=model) if model else self
        return super(MailThread, thread).message_process(
            model, message, custom_values=custom_values, save_original=save_original,
            strip_attachments=strip_attachments, thread_id=thread_id,
        )

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Let documents of customers decide which of their e-mails to take, and where to put them.

        Whoever calls this without being the mail gateway reaches what they may create and write themselves.
        """
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        routes = self._permitted_routes(routes)
        threads = self._customer_threads(routes)
        for name in threads:
            routes = self._permitted_routes(self.env[name]._filter_mail_routes(message, message_dict, routes))
        if not threads and message_dict.get("is_bounce") and self._is_mail_gateway():
            for name in self.env["customer.thread.mixin"]._thread_models():
                self.env[name]._hold_bounce(message, message_dict)
        return routes

    @api.model
    def _customer_threads(self, routes):
        """Return the names of the models with conversations of customers that ``routes`` lead to."""
        return list(dict.fromkeys(route[0] for route in routes or () if is_customer_thread(self.env, route[0])))

    @api.model
    def _permitted_routes(self, routes):
        """Return those of ``routes`` that whoever calls the gateway may take to customers' documents."""
        if self._is_mail_gateway():
            return routes
        permitted = []
        for route in routes:
            model, document_id, __, __, alias = route
            if not self._is_customer_document(model):
                permitted.append(route)
            elif self._may_take_route(model, document_id, alias):
                # Of what callers say themselves, nothing is believed; an address says what its owner set.
                permitted.append((model, document_id, self._alias_values(alias), self.env.uid, alias))
        if routes and not permitted:
            raise AccessError(self.env._(
                "You cannot create these documents from e-mails. The program that fetches e-mails needs the account "
                "of an administrator."
            ))
        return permitted

    @api.model
    def _may_take_route(self, model, document_id, alias):
        documents = self.env[model]
        if document_id:
            document = documents.browse(document_id).exists()
            return bool(document) and document.has_access("write")
        if not documents.has_access("create"):
            return False
        # sudo: whoever may create documents need not read addresses; the owner's rights are looked at.
        alias = alias and alias.sudo()
        if not alias or not alias.alias_parent_thread_id:
            return True
        return self.env[alias.alias_parent_model_id.model].browse(alias.alias_parent_thread_id).has_access("read")

    @api.model
    def _alias_values(self, alias):
        """Return what the address that an e-mail came to sets in new documents."""
        # sudo: as above.
        return dict(ast.literal_eval(alias.sudo().alias_defaults)) if alias else {}

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        """Take a mail that somebody looked at for what they say it is."""
        if self.env.context.get("customer_mail_released"):
            return False
        return super()._detect_is_bounce(message, message_dict)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Show teams what Odoo leaves out because there was too much of it."""
        mine = self._customer_threads(routes)
        if mine and self.env.context.get("customer_mail_released"):
            return False
        ignored = super()._detect_loop_sender(message, message_dict, routes)
        if ignored and self._is_mail_gateway():
            for name in mine:
                held = [route for route in routes if route[0] == name]
                self.env[name]._hold_routes(message, message_dict, held, "flood", "")
        return ignored

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Tell customers' documents what only the headers of an e-mail say of its sender."""
        mine = [route for route in routes or () if self._is_customer_document(route[0])]
        if not mine:
            return super()._message_route_process(message, message_dict, routes)
        address = email_normalize(message_dict.get("email_from") or "", strict=False) or ""
        mail = {
            "only_sender": is_only_sender(message, address),
            "unanswered_because": unanswered_because(message, address),
            "handed_over_by": not self._is_mail_gateway() and self.env.user.partner_id.id,
        }
        # Whom an e-mail names beside us takes part when our people say so.
        message_dict["partner_ids"] = []
        thread = self.with_context(customer_mail=mail)
        return super(MailThread, thread)._message_route_process(message, message_dict, routes)

