from odoo import api, fields, models

from ...engine.feedback import advocacy
from ...engine.value.parts import Part
from ..base.number_fields import Integer, Monetary
from ..value.customer_value import AMOUNT_GROUP
from ..value.part_fields import part_fields


class CustomerValue(models.Model):
    """What a customer does for us by recommending us. See engine/feedback/advocacy.py."""

    _inherit = "customer.value"

    brought_count = Integer(
        "Customers Brought", readonly=True,
        help="Customers of this company who have bought, and who were brought by this customer or one of their "
        "contacts.",
    )
    brought_worth = Monetary(
        "Worth of Customers Brought",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="Margin of the customers brought, since their first purchase; revenue where the company knows no margin. "
        "Empty: nobody was brought, or nothing is known of it.",
        optional=True,
    )
    promoter_count = Integer(
        "Promoters (period)", readonly=True,
        help="Contacts of the customer whose last answer in the period was 9 or 10, when we asked whether they would "
        "recommend us.",
    )
    vars().update(part_fields(
        "advocacy", "Advocacy",
        "What the customers brought by this one are worth, and who would recommend us. 50 changes nothing, 75 is one "
        "ordinary customer. Nobody loses points by it.",
        evidence="How much of the weight of advocacy counts, in percent: half with one customer brought, or with four "
        "contacts who would recommend us.",
    ))

    @api.model
    def _index_parts(self):
        """Who brings customers is worth more than what they buy: a few points are added."""
        return super()._index_parts() | {
            "advocacy": Part(
                advocacy.score_sql,
                "bonus",
                # Whatever those who were brought buy in one night, the index rises by no more than these.
                weight=5,
                evidence=advocacy.evidence_sql,
                label=self.env._("Advocacy"),
                also=advocacy.columns(),
            ),
        }

    @api.model
    def _explanation_missing(self, component):
        if component == "advocacy":
            return self.env._("No customer was brought, and nobody said that they would recommend us: no points.")
        return super()._explanation_missing(component)

    # ---- what it is made of ----------------------------------------------------------------

    def _story_of_advocacy(self, _full, _latest):
        facts = [
            (
                self.env._("Customers brought"), "number", self.brought_count,
                *self._story_opens("res.partner", "action_view_brought_contacts"),
            ),
            (
                self.env._("Would recommend us, last %s", self.window_text), "number", self.promoter_count,
                *self._story_opens("customer.feedback", "action_view_promoters"),
            ),
        ]
        if self._has_field_access(self._fields["brought_worth"], "read"):
            facts.insert(1, (self.env._("Worth of customers brought"), "monetary", self.brought_worth))
        return [fact for fact in facts if fact[2] is not False], bool(self.brought_count) and self.env._(
            "One ordinary customer brought makes a score of 75."
        )

    def action_view_brought_contacts(self):
        """Show whom this customer brought, as the button on the contact does."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.action_view_brought_contacts()

    def action_view_promoters(self):
        """Open the answers of the period by which contacts of the customer said whether they would recommend us."""
        self.ensure_one()
        self.check_access("read")
        self.env["customer.feedback"].check_access("read")
        scope = self.env["customer.value.run"]._scope_of_today(self.company_id)
        first = fields.Date.subtract(scope.as_of, days=scope.window_days - 1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recommendations"),
            "res_model": "customer.feedback",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("commercial_partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id),
                ("scale", "=", "nps"), ("date_answered", ">=", fields.Date.to_string(first)),
            ],
        }
