from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_customer_value.models.base.number_fields import Float, Monetary

# What is read for the panel. Who may read the cards but not all of these sees no cards.
CARD_MODELS = ("loyalty.card", "loyalty.program", "loyalty.reward", "loyalty.history")
# Cards that a customer keeps when they are empty: points and money come back to them.
KEPT = ("loyalty", "ewallet")


class CustomerValue(models.Model):
    """The loyalty cards, gift cards and eWallets of a customer, as far as the user may read them.

    A gift card is money for whoever knows its code, so that the code is never part of what is shown here.
    """

    _inherit = "customer.value"

    loyalty_cards = fields.Json(
        compute="_compute_loyalty_cards",
        help="The customer's loyalty cards, gift cards, coupons and eWallets. Empty where the company has no programs, "
        "or where you may not see them.",
    )

    cost_to_serve = Monetary(
        help="In the period: posted credit notes (untaxed), compensation for complaints that was not credited, the "
        "hours spent on complaints, and the rewards that the customer got for their loyalty."
    )
    cost_to_serve_score = Float(
        help="Share of the revenue in the period that was credited back, spent on complaints or given as rewards, in "
        "percent."
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_loyalty_cards(self):
        self.loyalty_cards = False
        if not all(self.env[model].has_access("read") for model in CARD_MODELS):
            return
        for company, values in self.grouped("company_id").items():
            if not self.env["loyalty.program"].search_count(self._loyalty_company_domain(company), limit=1):
                continue
            cards = self.env["loyalty.card"].search(values._loyalty_card_domain(company))
            last_uses = cards._customer_last_uses()
            by_customer = cards.grouped(lambda card: card.partner_id.commercial_partner_id)
            for value in values:
                mine = by_customer.get(value.partner_id, cards.browse()).sorted(
                    lambda card: (card.program_id.sequence, card.program_id.id, -card.points, card.id)
                )
                # Not a plain list: Odoo takes an empty one for nothing, and nothing says that there are no programs.
                value.loyalty_cards = {
                    "cards": [card._customer_card(value.partner_id, last_uses.get(card)) for card in mine]
                }

    @api.model
    def _loyalty_company_domain(self, company):
        """Return the domain of programs and cards that customers of ``company`` can use."""
        return Domain("company_id", "in", [False, *company.parent_ids.ids])

    def _loyalty_card_domain(self, company):
        """Return the domain of the cards that these customers can use in ``company``."""
        today = fields.Date.context_today(self)
        return (
            self._loyalty_company_domain(company)
            & Domain("partner_id.commercial_partner_id", "in", self.partner_id.ids)
            & Domain("program_id.active", "=", True)
            & (Domain("expiration_date", "=", False) | Domain("expiration_date", ">=", today))
            & (Domain("points", ">", 0) | Domain("program_id.program_type", "in", KEPT))
        )

    def action_view_loyalty_history(self, card_id):
        """Open what was put on a card of the customer and what was used of it.

        :param int card_id: one of the customer's cards
        """
        self.ensure_one()
        self.check_access("read")
        self.env["loyalty.history"].check_access("read")
        card = self.env["loyalty.card"].search(
            self._loyalty_card_domain(self.company_id) & Domain("id", "=", int(card_id))
        )
        if not card:
            raise UserError(self.env._("This card is not in use any more. Reload the page to see the cards of today."))
        return {
            "type": "ir.actions.act_window",
            "name": f"{card.program_id.name}: {card.points_display}",
            "res_model": "loyalty.history",
            "views": [(self.env.ref("crm_customer_value_loyalty.loyalty_history_view_list").id, "list")],
            "domain": [("card_id", "=", card.id)],
            "context": {"create": False, "edit": False, "delete": False},
        }
