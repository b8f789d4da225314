"""What new rules ask on each scale, until somebody writes a question of their own. Customers read it."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUESTIONS = {
    "csat": _lt("How satisfied are you?"),
    "nps": _lt("How likely are you to recommend us to a friend or colleague?"),
    "effort": _lt("How easy was it to get what you needed from us?"),
}
