from odoo import api, models
from odoo.exceptions import UserError

from ..base.number_fields import Float
from ..value.customer_value_mixin import SALES_GROUP


class ResPartner(models.Model):
    """Both sides of the value of a customer, on every contact, whether they have a value already or not."""

    _inherit = "res.partner"
    _customer_value_shown = ("value_to_us",)

    value_to_us = Float(related="customer_value_id.value_to_us", groups=SALES_GROUP, optional=True)

    @api.readonly
    def get_benefit_side(self):
        """Return the tab *Their Side* of a contact: that of the customer they belong to, for the browser.

        For the company one works in. See ``customer.value._benefit_side``.
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["customer.value"]._benefit_side(self.env.company, self.commercial_partner_id)

    def action_new_benefit_goal(self, metric_id=False):
        """Open a new goal of this customer; with a metric, one that is made of the advice for it.

        :raise UserError: if there is no such advice any more
        """
        self.ensure_one()
        self.check_access("read")
        customer, company = self.commercial_partner_id, self.env.company
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Goal"),
            "res_model": "customer.benefit.goal",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": customer.id, "default_company_id": company.id},
        }
        self.env["customer.benefit.goal"].check_access("create")
        if not metric_id:
            return action
        values = self.env["customer.value"]
        values.check_access("read")
        made = values._benefit_goal_values(company, customer, metric_id)
        if made is None:
            raise UserError(self.env._(
                "The figures have changed, and there is no such advice any more. Open the tab “Their Side” again."
            ))
        return action | {"res_id": self.env["customer.benefit.goal"].create(made).id}
