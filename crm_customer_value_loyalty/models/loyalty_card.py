from odoo import fields, models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _customer_last_uses(self):
        """Return {card: day}: when each card was last used at a purchase, to collect points or to spend them."""
        uses = self.env["loyalty.history"]._read_group(
            [("card_id", "in", self.ids), ("order_id", "!=", False)], ["card_id"], ["create_date:max"]
        )
        return {card: fields.Datetime.context_timestamp(self, last).date() for card, last in uses}

    def _customer_card(self, customer, last_use):
        """Return what the panel of ``customer`` shows of this card. The code is a secret and no part of it.

        :param customer: the commercial partner
        :param date last_use: None for never
        """
        self.ensure_one()
        return {
            "id": self.id,
            "program": self.program_id.name,
            "points": self.points_display.strip(),
            "last_use": fields.Date.to_string(last_use) if last_use else False,
            "reward": self._customer_reward(),
            "holder": False if self.partner_id == customer else self.partner_id.name,
        }

    def _customer_reward(self):
        """Return the name of the best reward that the points of a loyalty card are enough for, or False.

        Odoo knows no tiers: what the points of a program are enough for is the nearest thing to one.
        """
        if self.program_type != "loyalty":
            return False
        reached = self.program_id.reward_ids.filtered(lambda reward: reward.required_points <= self.points)
        return reached.sorted("required_points")[-1:].description
