import logging

from odoo import http
from odoo.exceptions import LockError, UserError
from odoo.http import Response, request

from ...models.feedback.customer_feedback_answer import COMMENT_LENGTH
from ..voice.customer_form import without_nul
from ..voice.customer_pages import is_employee

_logger = logging.getLogger(__name__)

# Answers and changes of one question within an hour: see the limits of the model.
USE = "post_thread"


class CustomerFeedbackPages(http.Controller):
    """The page where a contact answers a question, and says whether they want further ones.

    Whoever opens a link changes nothing: programs that look for dangerous links open it too, and run its scripts. Only
    what is sent by the buttons of the page is stored.
    """

    @http.route(
        "/feedback/<int:feedback_id>/<string:key>", type="http", auth="public", website=True, sitemap=False,
        methods=["GET", "POST"],
    )
    def feedback_answer(self, feedback_id, key, answer=None, thanks=None, **form):
        """Show the question with the answer of the link chosen, or take what was filled in."""
        feedback, page = self._open(feedback_id, key)
        if page:
            return page
        if reason := feedback._answer_block():
            return self._notice(request.env._("This question is closed"), reason, feedback, key)
        if request.httprequest.method == "POST":
            return self._take_answer(feedback, key, answer, form)
        if thanks and feedback.score is not False:
            return self._render("customer_feedback_thanks", feedback, key, refuses=feedback.partner_id.feedback_opt_out)
        chosen = self._number(feedback, answer)
        return self._render_question(
            feedback, key, chosen if chosen is not None or feedback.score is False else feedback.score,
            feedback.comment or "",
        )

    @http.route(
        "/feedback/<int:feedback_id>/<string:key>/stop", type="http", auth="public", website=True, sitemap=False,
        methods=["GET", "POST"],
    )
    def feedback_stop(self, feedback_id, key, again=None, **form):
        """Ask whether the contact wants no further questions, or note it."""
        feedback, page = self._open(feedback_id, key)
        if page:
            return page
        if request.httprequest.method == "POST":
            if again:
                # Whoever wants no more questions is never held back.
                try:
                    request.env["customer.voice.flood"]._check_room((USE, f"{feedback._name},{feedback.id}"))
                except UserError as error:
                    return self._notice(request.env._("Please wait a moment"), str(error), feedback, key)
            feedback.partner_id._customer_refuse_feedback(not again)
            return request.redirect(f"/feedback/{feedback.id}/{key}/stop", code=303)
        return self._render("customer_feedback_stop", feedback, key, refuses=feedback.partner_id.feedback_opt_out)

    # Mail programs send this by themselves when somebody clicks on "unsubscribe", without a session: RFC 8058.
    @http.route(
        "/feedback/<int:feedback_id>/<string:key>/unsubscribe", type="http", auth="public", sitemap=False,
        methods=["POST"], csrf=False, save_session=False,
    )
    def feedback_unsubscribe(self, feedback_id, key, **form):
        """Note that the contact wants no further questions."""
        # sudo: the key was checked; customers may not read questions.
        feedback = request.env["customer.feedback"]._find_by_customer_key(feedback_id, key).sudo()
        if not feedback:
            return Response(status=404)
        feedback.partner_id._customer_refuse_feedback()
        return Response(status=200)

    def _open(self, feedback_id, key):
        """Return the question as superuser, in the language of its contact, or none and the page that says why."""
        if is_employee():
            return None, self._notice(
                request.env._("Only the customer can answer"),
                request.env._("You are signed in as an employee. You see the answer on the customer's page in Odoo."),
            )
        # sudo: the key is checked; customers may not read questions.
        feedback = request.env["customer.feedback"]._find_by_customer_key(feedback_id, key).sudo()
        if not feedback:
            # One answer for all: whether there is such a question is nobody's business.
            return None, self._notice(
                request.env._("This link does not work"),
                request.env._("Please open the link in our latest e-mail to you."),
                status=404,
            )
        user = request.env.user
        if not user._is_public() and user.commercial_partner_id != feedback.commercial_partner_id:
            return None, self._notice(
                request.env._("This question is for somebody else"),
                request.env._("We asked another customer. Please log out, and open the link again."),
            )
        if user._is_public():
            request.update_context(lang=feedback._customer_lang())
        return feedback.with_context(lang=request.env.context.get("lang")), None

    def _take_answer(self, feedback, key, answer, form):
        score, comment = self._number(feedback, answer), without_nul(form.get("comment"))
        if score is None:
            return self._render_question(
                feedback, key, None, comment, error=request.env._("Please choose one of the answers.")
            )
        try:
            request.env["customer.voice.flood"]._check_room((USE, f"{feedback._name},{feedback.id}"))
            feedback._answer(score, comment)
        except LockError:
            # The first of two clicks is being written: there is nothing to add.
            _logger.info("Question %s is being answered already", feedback.id)
        except UserError as error:
            return self._notice(request.env._("Please wait a moment"), str(error), feedback, key)
        return request.redirect(f"/feedback/{feedback.id}/{key}?thanks=1", code=303)

    @staticmethod
    def _number(feedback, text):
        """Return an answer of the question's scale, or None for whatever else was sent."""
        return next((one["score"] for one in feedback._customer_answers() if one["text"] == text), None)

    def _render_question(self, feedback, key, chosen, comment, error=None):
        return self._render(
            "customer_feedback_page", feedback, key, chosen=chosen, comment=comment, error=error,
            comment_length=COMMENT_LENGTH,
        )

    def _notice(self, title, text, feedback=None, key=None, status=200):
        """Render a page with nothing but a title and some words."""
        return self._render("customer_feedback_notice", feedback, key, status=status, title=title, text=text)

    def _render(self, template, feedback, key, status=200, **values):
        """Render a page, which nobody keeps, finds, or passes the key on from."""
        requests = request.env["customer.feedback"]
        direction = requests._customer_direction()
        values.update(
            feedback=feedback, key=key,
            html_data={"lang": (request.env.lang or "en_US").replace("_", "-"), "dir": direction},
        )
        if feedback:
            values["res_company"] = feedback.company_id
        response = request.render(f"crm_customer_value.{template}", values, status=status)
        response.headers.update({
            "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex",
        })
        return response
