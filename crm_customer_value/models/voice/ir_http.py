from werkzeug.exceptions import MethodNotAllowed

from odoo import models
from odoo.http import request

OURS = "odoo.addons.crm_customer_value"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Answer on our pages to the methods that they name.

        Odoo adds OPTIONS to all of them and asks it for no token against forged requests, so that
        it would run what a page does when its form is sent.
        """
        routing = rule.endpoint.routing
        method = request.httprequest.method
        if method == "OPTIONS" and not routing.get("cors") and cls._is_customer_page(rule.endpoint):
            allowed = [name for name in routing.get("methods") or ("GET", "HEAD", "POST") if name != "OPTIONS"]
            raise MethodNotAllowed(valid_methods=allowed)
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Give customers' browsers the texts of our scripts, and of the conversation on our pages."""
        return [*super()._get_translation_frontend_modules_name(), "crm_customer_value", "mail"]

    @classmethod
    def _is_customer_page(cls, endpoint):
        """Tell whether a controller of ours defines or extends what ``endpoint`` does."""
        function = endpoint.func
        controller = getattr(function, "__self__", None)
        return any(
            parent.__module__.startswith(OURS) and function.__name__ in vars(parent)
            for parent in type(controller).__mro__
        )
