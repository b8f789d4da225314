from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...models.value.customer_value import AMOUNT_GROUP


class CustomerValueBulk(models.TransientModel):
    """Does one thing with many customers, with the rights of whoever asks for it: with all of them, or with none."""

    _name = "customer.value.bulk"
    _description = "Action on Several Customers"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    value_ids = fields.Many2many("customer.value", string="Customers", required=True)
    purpose = fields.Selection(
        [("salesperson", "Assign a salesperson"), ("opportunity", "Create opportunities"), ("tags", "Add tags")],
        required=True,
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", domain="[('share', '=', False)]", help="Empty: the customers have no salesperson."
    )
    name = fields.Char("Subject")
    again = fields.Boolean(
        "Also where one is open",
        help="Off: customers with an open opportunity that you may see are left out.",
    )
    category_ids = fields.Many2many("res.partner.category", string="Tags")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"value_ids", "purpose", "user_id", "name", "again", "category_ids"}

    @api.constrains("value_ids")
    def _check_values(self):
        """Refuse customers of a company that the user does not work for.

        :raise AccessError: in that case
        """
        self.value_ids.sudo(False).check_access("read")

    def action_apply(self):
        """Do it, and say for how many customers."""
        self.ensure_one()
        message = {
            "salesperson": self._assign_salesperson,
            "opportunity": self._create_opportunities,
            "tags": self._add_tags,
        }[self.purpose]()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message, "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _assign_salesperson(self):
        partners = self.value_ids.partner_id.filtered(lambda partner: partner.user_id != self.user_id)
        partners.write({"user_id": self.user_id.id})
        if not self.user_id:
            return self.env._("Customers who now have no salesperson: %s.", len(partners))
        return self.env._(
            "Customers assigned to %(name)s: %(number)s.", name=self.user_id.name, number=len(partners)
        )

    def _create_opportunities(self):
        if not (self.name or "").strip():
            raise UserError(self.env._("Enter a name for the opportunities."))
        values = self.value_ids
        if not self.again:
            open_ones = self._with_open_ones()
            values = values.filtered(lambda value: (value.company_id, value.partner_id) not in open_ones)
        for_others = self.env.user.has_group(AMOUNT_GROUP)
        self.env["crm.lead"].create([
            {
                "type": "opportunity",
                "name": self.name,
                "partner_id": value.partner_id.id,
                "company_id": value.company_id.id,
                "user_id": (self.user_id or (for_others and value.partner_id.user_id) or self.env.user).id,
            }
            for value in values
        ])
        left_out = len(self.value_ids) - len(values)
        if left_out:
            return self.env._(
                "Opportunities created: %(number)s. Left out, because they already have an open one: %(left_out)s.",
                number=len(values), left_out=left_out,
            )
        return self.env._("Opportunities created: %s.", len(values))

    def _with_open_ones(self):
        """Return the (company, customer) pairs with an open opportunity that the user may read."""
        leads = self.env["crm.lead"].search([
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
            ("company_id", "in", [False, *self.value_ids.company_id.ids]),
            ("partner_id.commercial_partner_id", "in", self.value_ids.partner_id.ids),
        ])
        return {
            (company, lead.partner_id.commercial_partner_id)
            for lead in leads
            for company in (lead.company_id or self.value_ids.company_id)
        }

    def _add_tags(self):
        if not self.category_ids:
            raise UserError(self.env._("Choose the tags first."))
        partners = self.value_ids.partner_id.filtered(lambda partner: self.category_ids - partner.category_id)
        partners.write({"category_id": [Command.link(tag.id) for tag in self.category_ids]})
        return self.env._("Customers with added tags: %s.", len(partners))
