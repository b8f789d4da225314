"""Who sees what customers said about complaints."""

from functools import partial

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import consteq, hmac

from ..voice.customer_thread_mixin import is_about_others, is_customer_thread

RATED = "customer.complaint"


class RatingRating(models.Model):
    _inherit = "rating.rating"

    def _customer_key(self):
        """Return what opens this rating to its customer, as long as the complaint is that customer's (one record)."""
        # sudo: the secret of the database is read to sign, and told to nobody.
        rating = self.sudo()
        family = rating.env[RATED].browse(rating.res_id).commercial_partner_id
        signature = hmac(rating.env, "crm_customer_value-rating", (rating.id, rating.res_id, family.id))
        return f"{rating.id}-{signature}"

    @api.model
    def _find_by_customer_key(self, key):
        """Return the rating that ``key`` opens, or none."""
        number = str(key or "").partition("-")[0]
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            return self.browse()
        rating = self.browse(int(number)).exists()
        # sudo: the customer may not read ratings; the key is what is asked for.
        if rating and rating.sudo().res_model == RATED and consteq(rating._customer_key().encode(), str(key).encode()):
            return rating
        return self.browse()

    @api.model_create_multi
    def create(self, vals_list):
        """Keep no key with ratings of complaints, where employees would read it: see _customer_key."""
        ratings = super().create(vals_list)
        rated = self.env["ir.model"]._get_id(RATED)
        # sudo: who rates may not write ratings.
        if mine := ratings.sudo().filtered(lambda rating: rating.res_model_id.id == rated):
            mine.access_token = False
        return ratings

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Show ratings of complaints to whoever may read the complaint: Odoo shows them to all employees."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain)
            if not is_about_others(domain, "res_model", [RATED]):
                domain &= self._readable_ratings_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _readable_ratings_domain(self):
        complaints = self.env[RATED].with_context(active_test=False)
        readable = Domain.FALSE
        if complaints.has_access("read"):
            readable = Domain("res_id", "in", complaints._search([]))
        return Domain("res_model", "!=", RATED) | readable

    def _check_access(self, operation):
        """Let nobody but the customer, who does so by the system, say anything about a complaint."""
        result = super()._check_access(operation)
        if self.env.su:
            return result
        refused = result[0] if result else self.browse()
        ratings = (self - refused)._said_of_complaints(with_messages=operation != "read")
        if operation == "read" and ratings:
            complaints = self.env[RATED].browse(set(ratings.mapped("res_id"))).exists()
            readable = set(complaints._filtered_access("read").ids)
            ratings = ratings.filtered(lambda rating: rating.res_id not in readable)
        if not ratings:
            return result
        forbidden = refused + self.browse(ratings.ids)
        return forbidden, partial(self.env["ir.rule"]._make_access_error, operation, forbidden)

    def _said_of_complaints(self, with_messages=True):
        """Return those of these ratings that are about complaints, as superuser.

        :param with_messages: also those that are hung on what was said in a conversation with a customer
        """
        # sudo: what is rated is not for those to read who may not read the rating.
        return self.sudo().filtered(
            lambda rating: rating.id and (
                rating.res_model == RATED
                or (with_messages and is_customer_thread(self.env, rating.message_id.model))
            )
        )

    def write(self, vals):
        """Let nobody make a rating of something else the rating of a complaint either."""
        result = super().write(vals)
        if not self.env.su and {"res_model", "res_model_id", "message_id"} & vals.keys():
            if mine := self._said_of_complaints():
                mine.with_env(self.env).check_access("write")
        return result
