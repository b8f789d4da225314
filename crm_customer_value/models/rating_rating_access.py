"""Who sees what customers said about complaints."""

from functools import partial

from odoo import models
from odoo.fields import Domain

RATED = "customer.complaint"


class RatingRating(models.Model):
    _inherit = "rating.rating"

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Show ratings of complaints to whoever may read the complaint: Odoo shows them to all employees."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._readable_ratings_domain()
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
        # sudo: what is rated is not for those to read who may not read the rating.
        ratings = (self - refused).sudo().filtered(lambda rating: rating.id and rating.res_model == RATED)
        if operation == "read" and ratings:
            complaints = self.env[RATED].browse(set(ratings.mapped("res_id"))).exists()
            readable = set(complaints._filtered_access("read").ids)
            ratings = ratings.filtered(lambda rating: rating.res_id not in readable)
        if not ratings:
            return result
        forbidden = refused + self.browse(ratings.ids)
        return forbidden, partial(self.env["ir.rule"]._make_access_error, operation, forbidden)

    def write(self, vals):
        """Let nobody make a rating of something else the rating of a complaint either."""
        result = super().write(vals)
        if {"res_model", "res_model_id", "res_id"} & vals.keys():
            self.check_access("write")
        return result
