from odoo import models
from odoo.tools import SQL

from ...engine.feedback import advocacy


class CustomerValueRun(models.Model):
    """What a run reads of recommendations."""

    _inherit = "customer.value.run"

    def _measures(self, scope):
        """Know what the customers are worth whom somebody brought."""
        return super()._measures(scope) | {"advocacy": advocacy.measure(scope)}

    def _recompute_marked(self, company, ids):
        """What a customer buys says something of the one who brought them, too."""
        self.env["res.partner"].flush_model(["referred_by_id", "commercial_partner_id"])
        friends = self.env.execute_query(SQL(
            """SELECT DISTINCT friend.commercial_partner_id
                 FROM res_partner marked
                 JOIN res_partner told ON told.commercial_partner_id = marked.commercial_partner_id
                 JOIN res_partner friend ON friend.id = told.referred_by_id
                WHERE marked.id = ANY(%s)""",
            sorted(ids),
        ))
        return super()._recompute_marked(company, ids.union(*friends))
