import logging

from odoo import http
from odoo.exceptions import AccessError, LockError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.rating.controllers.main import Rating

from ..models.customer_complaint_rating import COMMENT_LENGTH, EFFORTS, STARS
from .complaint_form import without_nul

_logger = logging.getLogger(__name__)


class ComplaintRating(CustomerPortal):
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
        try:
            complaint = self._document_check_access("customer.complaint", complaint_id, access_token)
        except (AccessError, MissingError):
            # One answer for both: whether there is such a complaint is nobody's business.
            return self._rating_notice(
                request.env._("This link does not work"),
                request.env._("Please open the link in our latest e-mail to you, or sign in to see your complaints."),
                status=404,
            )
        # sudo: access was checked above; customers have no rights to write. As themselves, so that
        # what they say is theirs.
        complaint = complaint.with_user(request.env.user).sudo()
        self._speak_language_of(complaint)
        if complaint._is_other_side(request.env.user):
            return self._rating_notice(
                request.env._("Only the customer rates"),
                request.env._("You are signed in as an employee. What customers think shows on the complaint."),
                complaint,
            )
        if reason := complaint._rating_block():
            return self._rating_notice(request.env._("No rating now"), reason, complaint)
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
            "until": complaint._mail_moment(complaint._rating_until()),
        }

    def _rating_notice(self, title, text, complaint=None, status=200):
        values = {"page_name": "complaint_rating", "title": title, "text": text, "complaint": complaint}
        if complaint:
            values["res_company"] = complaint.company_id
        return request.render("crm_customer_value.complaint_rating_notice", values, status=status)

    def _speak_language_of(self, complaint):
        """Speak the language of the customer with visitors who have no account."""
        lang = complaint.partner_id.lang
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

    def _explain_block(self, token):
        _rating, record = self._get_rating_and_record(token)
        reason = record._name == "customer.complaint" and record._rating_block()
        if not reason:
            return None
        values = {
            "title": request.env._("No rating now"),
            "text": reason,
            "complaint": record,
            "res_company": record.company_id,
        }
        return request.render("crm_customer_value.complaint_rating_notice", values)
