"""What the care level of a customer proposes and the customer does not have yet: somebody accepts it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..value.customer_value_mixin import SALES_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_proposal = fields.Char(
        "Proposed by the Care Level", compute="_compute_care_proposal", groups=SALES_GROUP,
        help="Service option and price list of the customer's care level, where the customer has others.",
    )

    @api.depends("commercial_partner_id.service_flow_id", "commercial_partner_id.property_product_pricelist")
    @api.depends_context("company", "lang", "uid")
    def _compute_care_proposal(self):
        for partner in self:
            partner.care_proposal = ", ".join(
                f"{self._fields[name]._description_string(self.env)}: {record.display_name}"
                for name, record in partner._care_proposals().items()
            )

    def _care_proposals(self):
        """Return {field of the customer: record that the level proposes instead} (one record, maybe new)."""
        customer = self.commercial_partner_id
        level = customer.care_level_id
        proposed = {
            "service_flow_id": level.service_flow_id, "property_product_pricelist": level.pricelist_id,
        }
        return {
            name: record for name, record in proposed.items()
            if record and record.active and customer[name] != record
        }

    def action_accept_care_proposal(self):
        """Give the customer the service option and the price list that their care level proposes."""
        self.ensure_one()
        customer = self.commercial_partner_id
        proposals = self._care_proposals()
        if not proposals:
            raise UserError(self.env._("The care level of this customer proposes nothing that they do not have."))
        # With the rights of the user: whoever may change the contact may accept.
        customer.write({name: record.id for name, record in proposals.items()})
        customer.message_post(body=self.env._(
            "Accepted as the care level %(level)s proposes: %(what)s",
            level=customer.care_level_id.name,
            what=", ".join(record.display_name for record in proposals.values()),
        ))
