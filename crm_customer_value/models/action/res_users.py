from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import float_round

from ..base.number_fields import Integer

# Where nobody said anything.
USUAL_CAPACITY = 8
LARGEST_CAPACITY = 200
# The capacity of a member of a sales team is for so many days.
TEAM_DAYS = 30


class ResUsers(models.Model):
    """How many customers a day a person has time for."""

    _inherit = "res.users"

    customer_capacity = Integer(
        "Customers a Day", optional=True,
        help="How many customers at most are on the list of My Day. 0: none. Empty: as many as the person gets leads a "
        "day where sales teams assign leads by rule, else 8.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "customer_capacity"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "customer_capacity"]

    @api.constrains("customer_capacity")
    def _check_customer_capacity(self):
        if any(not 0 <= user.customer_capacity <= LARGEST_CAPACITY for user in self):
            raise ValidationError(self.env._("Enter 0 to %s customers a day.", LARGEST_CAPACITY))

    def _customer_day_capacities(self):
        """Return {user: how many customers a day they have time for}.

        What they say themselves; else what they get a day in the teams that assign leads by rule, because only there
        somebody thought about it; else the usual number.
        """
        # sudo: everybody's list is as long as they said.
        members = self.env["crm.team.member"].sudo().search([("user_id", "in", self.ids)])
        by_user = members.filtered("assignment_enabled").grouped("user_id")
        capacities = {}
        for user in self:
            own = user.sudo().customer_capacity
            team = by_user.get(user.sudo())
            if own is not False:
                capacities[user] = own
            elif team:
                month = sum(team.mapped("assignment_max"))
                capacities[user] = month and max(1, int(float_round(month / TEAM_DAYS, precision_digits=0)))
            else:
                capacities[user] = USUAL_CAPACITY
        return capacities

    def write(self, vals):
        """Have a longer list at once where somebody has more time."""
        result = super().write(vals)
        if "customer_capacity" in vals:
            self._customer_deal_more()
        return result

    def _customer_deal_more(self):
        # sudo: lists are made for everybody.
        actions = self.env["customer.next.action"].sudo()
        for user in self:
            days = {company: actions._today(company) for company in user.sudo().company_ids}
            for company, day in days.items():
                if company.next_action_date == day:
                    actions._deal(company, day, user.sudo())
