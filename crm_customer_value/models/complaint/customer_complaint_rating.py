"""What the customer says about how a complaint was handled."""

from datetime import timedelta
from urllib.parse import urlencode

from babel.dates import format_timedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import plaintext2html
from odoo.tools.misc import babel_locale_parse, get_lang

STARS = 5
EFFORTS = 7
# For so long after closing, the customer may rate, and think again.
RATING_DAYS = 30
COMMENT_LENGTH = 4000
# Whoever was asked since then is asked again only when somebody says so twice.
ASKED_LATELY = timedelta(days=1)


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    date_bad_rating = fields.Datetime(
        "Badly Rated", readonly=True, copy=False, help="When the follow-up of a bad rating began."
    )
    date_rating_asked = fields.Datetime(
        "Asked for a Rating", readonly=True, copy=False, help="When the customer was asked last."
    )
    stars = fields.Char(
        compute="_compute_stars", groups="base.group_user", help="Rating from the customer: 1 to 5 stars."
    )

    @api.depends("rating_last_value")
    def _compute_stars(self):
        for complaint in self:
            given = round(complaint.rating_last_value)
            complaint.stars = "★" * given + "☆" * (STARS - given) if given else False

    def _rating_get_parent_field_name(self):
        return "team_id"

    def _rating_url(self, access_token=None, **parameters):
        """Return the address of the page to rate this complaint (one record)."""
        if access_token is not None:
            # Empty for employees, as a place for the key: see customer_thread_link.
            parameters["access_token"] = access_token
        return f"/my/complaints/{self.id}/rate?{urlencode(parameters)}".rstrip("?")

    def _rating_get_access_token(self, partner=None):
        """Return a key to rate this complaint by Odoo's own page: one that is stored nowhere (one record).

        Ratings are readable to employees, so they hold none. Employees get an empty text here; the
        key is added to the e-mail to the customer.
        """
        partner = partner or self._rating_get_partner()
        super()._rating_get_access_token(partner=partner)
        if not self._may_hold_key():
            return ""
        # sudo: whoever may read the complaint may ask its customer.
        ratings = self.sudo().rating_ids.filtered(lambda rating: rating.partner_id == partner and not rating.consumed)
        return ratings[:1]._customer_key()

    def _with_keys(self, html):
        html = super()._with_keys(html)
        if "/rate//" in html:
            # sudo: the e-mail is made for the customer.
            html = html.replace("/rate//", f"/rate/{self.sudo()._rating_get_access_token()}/")
        return html

    def _rating_until(self):
        """Return until when the customer may rate, or False (one record)."""
        return self.date_closed and self.date_closed + timedelta(days=RATING_DAYS)

    def _rating_block(self):
        """Return why this complaint (one) cannot be rated, in words for the customer, or False."""
        if self.merged_into_id:
            return self.env._("We handle this complaint together with another one of yours. Please rate that one.")
        if self._is_open():
            return self.env._("We are still working on this complaint. You can rate us when it is closed.")
        if self.state != "closed":
            return self.env._("We could not accept this complaint, so there is nothing to rate.")
        if not self.date_closed or fields.Datetime.now() > self._rating_until():
            return self.env._("The time to rate this complaint is over.")
        return False

    def _can_rate(self):
        """Tell whether the customer may rate how this complaint was handled (one record)."""
        return not self._rating_block()

    def _current_rating(self):
        """Return the rating given since the complaint was closed, maybe empty (one record)."""
        if not self.date_closed:
            return self.env["rating.rating"]
        # sudo: customers may not read ratings; this one is theirs.
        return self.sudo().rating_ids.filtered(
            lambda rating: rating.consumed and rating.rated_on and rating.rated_on >= self.date_closed
        )[:1]

    def _rate(self, stars, effort=0, comment=""):
        """Note what the customer says: ``stars`` 1 to 5, ``effort`` 1 (very hard) to 7 or 0 for not said.

        A second rating after the same closing replaces the first.
        """
        self.ensure_one()
        if not 1 <= stars <= STARS or not 0 <= effort <= EFFORTS:
            raise ValidationError(self.env._("Choose one to five stars and an effort from one to seven."))
        # Two clicks at once are one rating.
        self.lock_for_update(allow_referencing=True)
        given = self._current_rating()
        rating = self.rating_apply(
            stars,
            token=None if given else self._rating_get_access_token(),
            rating=given,
            feedback=(comment or "").strip()[:COMMENT_LENGTH],
        )
        # sudo: what the customer says is nobody's to write by hand.
        self.sudo().write({"effort_score": effort or False})
        return rating

    @api.private
    def rating_apply(
        self, rate, token=None, rating=None, feedback=None, subtype_xmlid=None, notify_delay_send=False
    ):
        """Take ratings of closed complaints only, whichever page they come from, and act on bad ones."""
        self.ensure_one()
        if not self.env.su and self.env.user._is_internal():
            raise AccessError(self.env._("Only the customer can rate. You see the rating on the complaint."))
        if reason := self._rating_block():
            raise UserError(reason)
        if not rating and token:
            rating = self.env["rating.rating"]._find_by_customer_key(token)
        if rating and (rating.res_model, rating.res_id) != (self._name, self.id):
            raise UserError(self.env._("This rating belongs to something else."))
        rating = super().rating_apply(
            rate,
            rating=rating,
            feedback=feedback,
            subtype_xmlid=subtype_xmlid,
            notify_delay_send=notify_delay_send,
        )
        self._follow_up_bad_rating(rating)
        return rating

    def _follow_up_bad_rating(self, rating):
        """Have somebody talk with a customer who is not content; once after each closing."""
        # sudo: the customer need not know from where on a rating is bad, nor may anybody choose when it was.
        if not 1 <= rating.rating <= self.sudo().company_id.complaint_bad_rating:
            return
        if self.date_bad_rating and self.date_bad_rating >= self.date_closed:
            return
        self.sudo().write({"date_bad_rating": fields.Datetime.now()})
        note = Markup("<p>%s</p>") % self.env._(
            "The customer gave %(stars)s of 5 stars.", stars=round(rating.rating)
        )
        if rating.feedback:
            note += Markup("<blockquote>%s</blockquote>") % plaintext2html(rating.feedback)
        self._plan_follow_up("crm_customer_value.mail_activity_type_bad_rating", note)

    def _rating_request(self):
        """Ask the customers of these complaints once more for a rating; return those that were asked.

        The first time, the e-mail of the stage "closed" asks.
        """
        template = self.env.ref("crm_customer_value.mail_template_complaint_closed", raise_if_not_found=False)
        asked = self._rating_askable() if template else self.browse()
        for complaint in asked:
            complaint._send_to_customer(template)
            # What waited to tell that this is closed is told by this e-mail.
            complaint._note_told(complaint.stage_id)
        # sudo: when somebody was asked is nobody's to write by hand.
        asked.sudo().date_rating_asked = fields.Datetime.now()
        return asked

    def _rating_askable(self):
        """Return those of these complaints whose customers can still be asked for a rating."""
        return self.filtered(
            lambda complaint: complaint._can_rate()
            and not complaint._current_rating()
            and complaint._has_customer_email()
        )

    def _asked_lately(self):
        """Return those of these complaints whose customers were asked within a day."""
        limit = fields.Datetime.now() - ASKED_LATELY
        return self.filtered(lambda complaint: complaint.date_rating_asked and complaint.date_rating_asked > limit)

    def _asked_ago(self):
        """Return in words how long ago the last of these customers was asked for a rating."""
        passed = max(self.mapped("date_rating_asked")) - fields.Datetime.now()
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_timedelta(passed, add_direction=True, locale=locale)

    def action_request_rating(self):
        """Ask for ratings; whoever was asked within a day is asked again only after a question."""
        self.check_access("write")
        askable = self._rating_askable()
        lately = askable._asked_lately()
        if askable and askable == lately:
            return askable._open_reason(self.env._("Ask for a Rating"), "rate")
        return self._tell_asked((askable - lately)._rating_request())

    def _tell_asked(self, asked):
        """Return what the user is told after customers were asked for a rating."""
        if asked:
            message = self.env._("Rating request sent to %s", ", ".join(asked.mapped("told_address")))
        else:
            message = self.env._(
                "No request sent. The complaint must be closed, unrated and have an e-mail address."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success" if asked else "warning", "message": message},
        }

    def _message_post_after_hook(self, message, msg_values):
        """Let ratings of senders who are no contact belong to nobody but to their own words."""
        # sudo: customers may not write ratings; this one is being given.
        rating = self.env["rating.rating"].sudo().browse(msg_values.get("rating_id"))
        if rating and not rating.partner_id and (rating.res_model, rating.res_id) == (self._name, self.id):
            rating.message_id = message
            message.sudo().write({"author_id": False, "email_from": self.email_from})
        return super()._message_post_after_hook(message, msg_values)

    def _get_allowed_message_params(self):
        """Keep messages from being ratings: those come from the page made for them."""
        return super()._get_allowed_message_params() - {"rating_value"}
