from odoo import models

from ...engine.feedback import answers
from ...engine.feedback.scales import SCALES


class CustomerValueRun(models.Model):
    """What a run reads of the answers to our questions."""

    _inherit = "customer.value.run"

    def _measures(self, scope):
        """Know what customers answered."""
        return super()._measures(scope) | {"feedback": answers.measure(scope)}

    def _benefit_answers(self, scope):
        """Answers on each scale are of a kind of their own."""
        return super()._benefit_answers(scope) | {
            f"feedback_{scale}": answers.answers_sql(scope, scale) for scale in SCALES
        }
