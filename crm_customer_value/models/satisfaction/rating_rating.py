from odoo import api, models


class RatingRating(models.Model):
    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._mark_customers()
        return ratings

    def write(self, vals):
        """Mark the customer who says how a complaint was handled."""
        result = super().write(vals)
        if {"rating", "consumed", "res_id", "res_model_id", "rated_on"} & vals.keys():
            self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Note that ratings of complaints change the values of their customers."""
        # sudo: customers rate, who may not read complaints the way we do.
        said = self.sudo().filtered(lambda rating: rating.res_model == "customer.complaint" and rating.consumed)
        if said:
            self.env["customer.complaint"].sudo().browse(said.mapped("res_id")).exists()._mark_customers()
