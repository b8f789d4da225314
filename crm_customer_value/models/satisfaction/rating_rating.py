from odoo import models


class RatingRating(models.Model):
    _name = "rating.rating"
    _inherit = ["rating.rating", "customer.value.source"]

    _value_reads = frozenset(("rating", "consumed", "res_id", "rated_on"))
    _value_marks = frozenset(("res_model_id",))
    _value_silent = {"res_model": "follows from res_model_id"}

    def _value_customers(self):
        """Ratings say how complaints were handled."""
        # sudo: customers rate, who may not read complaints the way we do.
        said = self.sudo().filtered(lambda rating: rating.res_model == "customer.complaint" and rating.consumed)
        if said:
            yield from self.env["customer.complaint"].sudo().browse(said.mapped("res_id")).exists()._value_customers()
