import logging

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, LockError, MissingError, UserError
from odoo.http import request

from odoo.addons.rating.controllers.main import Rating

from ...models.complaint.customer_complaint_rating import COMMENT_LENGTH, EFFORTS, STARS
from ...models.complaint.rating_rating import RATED
from ..voice.customer_form import without_nul
from ..voice.customer_pages import CustomerPages, customer_notice, is_employee, uses_of_sender

_logger = logging.getLogger(__name__)


def refuse_employee(complaint=None):
    """Tell an employee that customers rate; ``complaint`` is one they have a right to see."""
    return customer_notice(
        request.env._("Only the customer can rate"),
        request.env._("You are signed in as an employee. You see the customer's rating on the complaint."),
        complaint,
    )


class ComplaintRating(CustomerPages):
    """The page where customers rate how a complaint was handled."""

    @http.route(
        "/my/complaints/<int:complaint_id>/rate",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def complaint_rate(self, complaint_id, access_token=None, thanks=None, **form):
        """Show the page, or take what was filled in; without account it takes the link of the e-mail."""
        if is_employee():
            return refuse_employee(self._own_document("customer.complaint", complaint_id))
        try:
            complaint = self._open_document("customer.complaint", complaint_id, access_token)
        except (AccessError, MissingError):
            # One answer for both: whether there is such a complaint is nobody's business.
            return customer_notice(
                request.env._("This link does not work"),
                request.env._("Please open the link in our latest e-mail to you, or log in to see your complaints."),
                status=404,
            )
        self._speak_language_of(complaint)
        if reason := complaint._rating_block():
            return customer_notice(request.env._("Rating not possible"), reason, complaint)
        if request.httprequest.method == "POST":
            return self._take_rating(complaint, access_token, form)
        if thanks and complaint._current_rating():
            return request.render(
                "crm_customer_value.complaint_rating_thanks", self._prepare_rating_values(complaint, access_token)
            )
        return request.render(
            "crm_customer_value.complaint_rating_page", self._prepare_rating_values(complaint, access_token)
        )

    def _take_rating(self, complaint, access_token, form):
        stars, effort = self._number(form.get("stars"), STARS), self._number(form.get("effort"), EFFORTS)
        comment = without_nul(form.get("comment"))
        if not stars:
            values = self._prepare_rating_values(complaint, access_token)
            values.update(effort=effort, comment=comment, missing_stars=True)
            return request.render("crm_customer_value.complaint_rating_page", values)
        try:
            request.env["customer.voice.flood"]._check_room(*uses_of_sender(complaint))
        except UserError as error:
            return customer_notice(request.env._("Please wait a moment"), str(error), complaint)
        try:
            complaint._rate(stars, effort, comment)
        except LockError:
            # The first of two clicks is being written: there is nothing to add.
            _logger.info("Complaint %s is being rated already", complaint.id)
        return request.redirect(complaint._rating_url(access_token, thanks=1), code=303)

    @staticmethod
    def _number(text, most):
        """Return a number of 1 to ``most``, or 0 for whatever else was sent."""
        return int(text) if text in map(str, range(1, most + 1)) else 0

    def _prepare_rating_values(self, complaint, access_token):
        rating = complaint._current_rating()
        return {
            "page_name": "complaint_rating",
            "title": request.env._("Rating of %s", complaint.number),
            "res_company": complaint.company_id,
            "complaint": complaint,
            "access_token": access_token,
            "rating": rating,
            "stars": int(rating.rating),
            "effort": complaint.effort_score if rating else 0,
            "comment": rating.feedback or "",
            "comment_length": COMMENT_LENGTH,
            "star_labels": {
                1: request.env._("1 star: very dissatisfied"),
                2: request.env._("2 stars"),
                3: request.env._("3 stars"),
                4: request.env._("4 stars"),
                5: request.env._("5 stars: very satisfied"),
            },
            "until": request.env._(
                "You can change it until %(moment)s.", moment=complaint._mail_moment(complaint._rating_until())
            ),
        }

    def _speak_language_of(self, complaint):
        """Speak the language of the customer with visitors who have no account."""
        lang = complaint._customer_lang()
        if request.env.user._is_public() and lang:
            request.update_context(lang=lang)


class ComplaintRatingLink(Rating):
    """Odoo's own rating links follow the rules for complaints too."""

    @http.route()
    def action_open_rating(self, token, rate, **kwargs):
        """Explain why a complaint cannot be rated now, instead of asking."""
        return self._explain_block(token) or super().action_open_rating(token, rate, **kwargs)

    @http.route()
    def action_submit_rating(self, token, rate=0, **kwargs):
        """Explain why a complaint cannot be rated now, instead of failing."""
        return self._explain_block(token) or super().action_submit_rating(token, rate, **kwargs)

    def _get_rating_and_record(self, token):
        """Open the ratings of complaints by the key that customers get, and not by what the rating holds."""
        # sudo: whoever has the key may rate.
        rating = request.env["rating.rating"].sudo()._find_by_customer_key(token)
        if rating:
            complaint = request.env[rating.res_model].sudo().browse(rating.res_id).exists()
            if not complaint:
                raise NotFound()
            return rating, complaint
        rating, record = super()._get_rating_and_record(token)
        if record._name == RATED:
            raise NotFound()
        return rating, record

    def _explain_block(self, token):
        rating, record = self._get_rating_and_record(token)
        if record._name != RATED:
            return None
        if is_employee():
            return refuse_employee()
        user = request.env.user
        if not user._is_public() and user.commercial_partner_id != rating.partner_id.commercial_partner_id:
            return customer_notice(
                request.env._("Only the customer can rate"),
                request.env._(
                    "We sent this rating request to another customer. Please log in with the account of that customer."
                ),
            )
        reason = record._rating_block()
        return customer_notice(request.env._("Rating not possible"), reason, record) if reason else None
