from odoo import models


class ResPartner(models.Model):
    """Who brought whom says something about both."""

    _inherit = "res.partner"

    _value_reads = frozenset(("referred_by_id",))

    def _value_customers(self):
        yield from super()._value_customers()
        # sudo: contacts are changed by people who do not know who brought them.
        if friends := self.sudo().referred_by_id:
            yield friends.commercial_partner_id, None
