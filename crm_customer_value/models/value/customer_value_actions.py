from odoo import models
from odoo.exceptions import UserError

BULK_LIMIT = 1000


class CustomerValue(models.Model):
    """What one does with one customer, or with many at once, from their value. All of it with the user's own rights."""

    _inherit = "customer.value"

    def action_new_quotation(self):
        """Begin a quotation for the customer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.partner_id.id, "default_company_id": self.company_id.id},
        }

    def action_schedule_activity(self):
        """Plan an activity with each of these customers."""
        self._check_bulk()
        return self._action_schedule()

    def action_send_email(self):
        """Write to these customers: to one as a message on the contact, to many an e-mail each."""
        self._check_bulk()
        customers = self.partner_id
        context = {"default_model": "res.partner", "default_res_ids": customers.ids}
        if len(self) == 1:
            title = self.env._("Send E-Mail")
            context |= {"default_composition_mode": "comment", "default_partner_ids": customers.ids}
        else:
            reached = len(customers.filtered("email_normalized"))
            title = self.env._("Send E-Mail to %(number)s Customers", number=reached)
            if reached < len(customers):
                title = self.env._(
                    "Send E-Mail to %(number)s Customers (without an address: %(without)s)",
                    number=reached, without=len(customers) - reached,
                )
            context |= {"default_composition_mode": "mass_mail"}
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def action_assign_salesperson(self):
        """Ask who the salesperson of these customers is."""
        return self._action_bulk("salesperson", self.env._("Assign Salesperson"))

    def action_create_opportunities(self):
        """Ask what the opportunity with each of these customers is about."""
        return self._action_bulk("opportunity", self.env._("Create Opportunities"))

    def action_add_tags(self):
        """Ask which tags these customers get."""
        return self._action_bulk("tags", self.env._("Add Tags"))

    def _action_bulk(self, purpose, name):
        self._check_bulk()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "customer.value.bulk",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_value_ids": self.ids, "default_purpose": purpose},
        }

    def _check_bulk(self):
        """Raise unless these are some customers that the user may read, and not too many to do it at once."""
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Select the customers first."))
        if len(self) > BULK_LIMIT:
            raise UserError(self.env._(
                "You selected %(number)s customers. Select up to %(limit)s and repeat it for the others.",
                number=len(self), limit=BULK_LIMIT,
            ))
