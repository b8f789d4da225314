"""What customers may choose of how they are served, and what they read about it."""

from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _customer_wish_fields(self):
        """Return the names of the fields that customers choose for themselves."""
        return ("service_flow_id", "service_user_id", "service_channel_id", "service_hours", "lang")

    def _customer_offered_flows(self):
        """Return the flows that the current company offers to its customers."""
        # sudo: customers have no rights on the set-up; they read what is offered to them.
        flows = self.env["customer.service.flow"].sudo()
        return flows.search([("company_id", "in", [False, self.env.company.id])])

    def _customer_offered_people(self):
        """Return whom this customer (one) may choose as contact person: no one else is ever named."""
        company = self.env.company
        # sudo: as above.
        own = self.sudo()
        family = own.commercial_partner_id
        people = own.user_id | family.user_id | own.service_user_id | family.service_user_id
        people |= self._customer_offered_colleagues(company)
        return people.filtered(lambda user: user._may_serve(company)).sorted("name")

    def _customer_offered_colleagues(self, _company):
        """Return whom a company offers to all of its customers. Extension point."""
        return self.env["res.users"]

    def _customer_offered_channels(self):
        """Return the channels on which customers may wish to be reached."""
        # sudo: as above.
        return self.env["customer.contact.channel"].sudo().search([("is_wish", "=", True)])

    def _customer_offered_wishes(self):
        """Return what this customer (one) may choose: {field: {what a form posts: label}}."""
        # sudo: as above, and the labels of selections are no secret.
        own = self.sudo()
        hours = own.fields_get(["service_hours"], ["selection"])["service_hours"]["selection"]
        return {
            "service_flow_id": {str(flow.id): flow.name for flow in self._customer_offered_flows()},
            "service_user_id": {str(user.id): user.name for user in self._customer_offered_people()},
            "service_channel_id": {str(channel.id): channel.name for channel in self._customer_offered_channels()},
            "service_hours": dict(hours),
            "lang": dict(self.env["res.lang"].get_installed()),
        }

    def _customer_choose_wishes(self, choice):
        """Keep what this customer (one) chose for themselves.

        :param choice: {field: what the form posted}; empty takes the choice back
        :raise UserError: for what is not offered; then nothing is kept
        """
        self.ensure_one()
        offers = self._customer_offered_wishes()
        values = {}
        for name in self._customer_wish_fields():
            if name not in choice:
                continue
            key = choice[name]
            if key in offers[name]:
                values[name] = int(key) if self._fields[name].type == "many2one" else key
            elif key == "" and name != "lang":
                values[name] = False
            else:
                raise UserError(
                    self.env._("One of your choices is no longer available. Nothing was changed. Please choose again.")
                )
        # sudo: customers may not write contacts, but these wishes are theirs, and each value was
        # offered to them.
        own = self.sudo()
        changed = {
            name: value for name, value in values.items() if self._customer_as_posted(own[name]) != (value or "")
        }
        if changed:
            own.write(changed)

    def _customer_wishes_page(self, choice):
        """Return what the portal page shows: options and what is chosen now, for this contact (one).

        :param choice: what was posted and could not be kept
        """
        # sudo: as above.
        own = self.sudo()
        family = own.commercial_partner_id if own.commercial_partner_id != own else own.browse()
        offers = self._customer_offered_wishes()
        chosen = {
            name: choice[name] if choice.get(name) in offers[name] else str(self._customer_as_posted(own[name]))
            for name in offers
        }
        inherited = {name: offers[name].get(str(self._customer_as_posted(family[name]))) for name in offers}
        return {
            "offers": offers,
            "chosen": chosen,
            "flows": self._customer_offered_flows(),
            "unset": {
                name: self.env._("Same as %(company)s: %(choice)s", company=family.name, choice=label)
                if label
                else self.env._("No preference")
                for name, label in inherited.items()
            },
        }

    def _customer_as_posted(self, value):
        """Return a field's value as a form posts it: an id, a key, or an empty string."""
        return (value.id if isinstance(value, models.BaseModel) else value) or ""
