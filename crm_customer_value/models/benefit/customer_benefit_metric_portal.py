from odoo import models

from .statement_texts import amount_text


class CustomerBenefitMetric(models.Model):
    """What customers read of how their gain is found."""

    _inherit = "customer.benefit.metric"

    def _customer_worth(self):
        """Return in words what each unit of improvement counts (one metric); nothing where that is not set."""
        self.ensure_one()
        if not self.money_per_unit:
            return ""
        amount = amount_text(self.env, self.money_per_unit, self.currency_id)
        if self.period == "month":
            return self.env._("Each unit of improvement counts %(amount)s a month.", amount=amount)
        if self.period == "year":
            return self.env._("Each unit of improvement counts %(amount)s a year.", amount=amount)
        return self.env._("Each unit of improvement counts %(amount)s once.", amount=amount)
