from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.number_fields import Float, Integer

COST_GROUPS = "crm_customer_value.group_service_manager,sales_team.group_sale_manager,base.group_system"
MINUTES_A_DAY = 1440


class CustomerContactChannel(models.Model):
    """A way in which customers and we are in touch, and what one contact that way costs.

    One list for what customers prefer, how they complain, and how we are in touch with them.
    """

    _name = "customer.contact.channel"
    _description = "Contact Channel"
    _inherit = ["customer.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10)
    code = fields.Char(
        "Built-in Channel", readonly=True, index="btree_not_null", copy=False,
        help="The name by which the program knows this channel, for channels that came with it: portal, email, phone, "
        "visit, chat, website, event, other.",
    )
    is_spoken = fields.Boolean(
        "People Talk",
        help="On the phone, at a visit, at an event. Customers who complain this way are not sent a confirmation, "
        "unless you switch it on for the complaint.",
    )
    is_wish = fields.Boolean(
        "Customers Can Choose It", help="Customers can choose this as their preferred channel.", default=True
    )
    default_minutes = Integer(
        "Usual Minutes", optional=True, aggregator=None,
        help="Proposed when somebody logs a contact on this channel.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    # Each company has its own: Odoo keeps no amounts of money that way.
    contact_cost = Float(
        "Cost of a Contact", digits=(16, 2), company_dependent=True, optional=True, groups=COST_GROUPS,
        help="Travel, charges and the like for one contact on this channel, in this company, without working time. It "
        "counts as cost to serve the customer. Empty: nothing.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is a channel with this code already.")
    _default_minutes_range = models.Constraint(
        f"CHECK (default_minutes BETWEEN 0 AND {MINUTES_A_DAY})", "Enter usual minutes from 0 to 1440, which is a day."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "is_spoken", "is_wish", "default_minutes", "contact_cost", "active",
        }

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.constrains("contact_cost")
    def _check_contact_cost(self):
        if any(channel.contact_cost < 0 for channel in self):
            raise UserError(self.env._("The cost of a contact cannot be negative. Enter 0 or more."))

    @api.model
    def _of(self, code):
        """Return the channel that came with the program under this code, archived or not."""
        return self.env.ref(f"crm_customer_value.contact_channel_{code}", raise_if_not_found=False) or self.browse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_built_in(self):
        """Keep the channels by which complaints from the portal and by e-mail come in."""
        if built_in := self.filtered("code"):
            raise UserError(self.env._(
                "“%(channel)s” came with the program, which uses it by itself. Archive it: nobody can choose it then.",
                channel=built_in[0].name,
            ))
