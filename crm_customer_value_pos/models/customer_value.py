from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _amounts_visible_sql(self, alias):
        """Hide amounts behind which stand orders that colleagues sold, but not from those who may read all of them.

        These are users of the point of sale and, in Odoo, of the inventory. An order that nobody sold is somebody
        else's, too.
        """
        visible = super()._amounts_visible_sql(alias)
        # The user is asked, also where the program searches as superuser.
        orders = self.env["pos.order"].with_user(self.env.uid)
        if self._sees_all_amounts() or orders.has_access("read"):
            return visible
        # sudo: the question is about documents that the user may not read.
        orders = orders.sudo()
        query = orders._search(Domain("state", "in", ("paid", "done")) & Domain("user_id", "!=", self.env.uid))
        contacts, contact = orders._fields["partner_id"].join(orders, orders._table, query)
        sold = query.select(
            contacts._field_to_sql(contact, "commercial_partner_id", query),
            orders._field_to_sql(orders._table, "company_id", query),
        )
        return SQL(
            "(%s AND ((%s, %s) IN (%s)) IS NOT TRUE)",
            visible, SQL.identifier(alias, "partner_id"), SQL.identifier(alias, "company_id"), sold,
        )
