from markupsafe import Markup

from odoo import api, models

from .customer_value import AMOUNT_GROUP


class CustomerValue(models.Model):
    """What the menus open: what this user works with first, and what they can do when there is nothing yet."""

    _inherit = "customer.value"

    @api.model
    def _action_open(self):
        """Return the board as it opens from the menu: for salespeople, with their own customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_value_action")
        personal = not self.env.user.has_group(AMOUNT_GROUP)
        return action | {
            "context": {"search_default_my_customers": 1} if personal else {},
            "help": self._empty_board_help(personal),
        }

    @api.model
    def _action_open_activities(self):
        """Return the activities of customers, as the board opens: for salespeople, of their own customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_value_activity_action")
        if not self.env.user.has_group(AMOUNT_GROUP):
            action["context"] = {"search_default_user_id": self.env.uid}
        return action

    @api.model
    def _empty_board_help(self, personal):
        """Return what an empty board says: why, and what this user can do about it."""
        def button(label, action):
            return Markup(
                '<a type="action" class="btn btn-secondary m-1" role="button" name="crm_customer_value.%s">%s</a>'
            ) % (action, label)

        buttons = []
        if personal:
            title = self.env._("No customer of yours to show")
            text = self.env._(
                "This board shows customers who have you as their salesperson. A customer appears with the "
                "first quotation, opportunity or purchase, minutes after it was made."
            )
            buttons.append(button(self.env._("Show All Customers"), "customer_value_action"))
        else:
            title = self.env._("No customer to show")
            text = self.env._(
                "A customer appears with the first quotation, opportunity or purchase, minutes after it was made. If "
                "you searched for something, change the search."
            )
        buttons += [button(label, action) for label, action in self._empty_board_actions()]
        return Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p><p>%s</p>') % (
            title, text, Markup().join(buttons)
        )

    @api.model
    def _empty_board_actions(self):
        """Return what this user can do to have customers shown: [(label, name of an action of this addon)]."""
        if self.env["customer.value.run"].has_access("read"):
            return [(self.env._("Recompute Now"), "customer_value_recompute_action")]
        return []
