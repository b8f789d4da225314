"""What the desk sees of the customer who complains, as soon as somebody chooses who that is."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Float
from .customer_complaint_stake import SALES_GROUP, SERVICE_GROUP, STAKE_GROUPS

# How far back complaints of the same customer count.
RECENTLY = timedelta(days=365)


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    # No amount, and the desk goes by it as by the class.
    value_index = Float(groups=f"{SALES_GROUP},{SERVICE_GROUP}")
    recent_note = fields.Char("Complaints in 12 Months", compute="_compute_recent_note")
    stake_basis = fields.Selection(
        [
            ("expected", "expected in 12 months"),
            ("margin", "margin of the last 12 months"),
            ("revenue", "revenue of the last 12 months"),
            ("order", "amount of the order"),
        ],
        compute="_compute_stake_basis",
        help="How the amount at stake was found.",
    )

    @api.depends("commercial_partner_id", "company_id", "date_received")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_recent_note(self):
        """Count this complaint among those of its customer that the user may see."""
        self.recent_note = False
        named = self.filtered("commercial_partner_id")
        if not named:
            return
        found = self.search_fetch(
            Domain("commercial_partner_id", "in", named.commercial_partner_id.ids)
            & Domain("company_id", "in", named.company_id.ids)
            & Domain("merged_into_id", "=", False)
            & Domain("date_received", ">", min(named.mapped("date_received")) - RECENTLY),
            ["commercial_partner_id", "company_id", "date_received"],
        )
        for complaint in named:
            before = found.filtered_domain(complaint._recent_domain()) - complaint._origin
            complaint.recent_note = (
                self.env._("Complaint no. %(number)s in 12 months", number=len(before) + 1)
                if before
                else self.env._("First complaint in 12 months")
            )

    def _recent_domain(self):
        """Return the domain of what the same customer complained about in the year before (one record)."""
        received = self.date_received
        return (
            Domain("commercial_partner_id", "=", self.commercial_partner_id._origin.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("merged_into_id", "=", False)
            & Domain("date_received", ">", received - RECENTLY)
            & Domain("date_received", "<=", received)
        )

    def action_view_recent_complaints(self):
        """Show the complaints of this customer in the year before this one, and this one."""
        self.ensure_one()
        return self._view_complaints(
            self.env._("Complaints of %s", self.commercial_partner_id.display_name), list(self._recent_domain())
        )

    def _stake_known(self):
        """Return what is at stake by what is known of the customer now, and what that is (one record).

        :return: an amount and a key of ``stake_basis``, or two times False
        """
        # sudo: whether the user may see the amount is decided by whoever asks.
        complaint = self.sudo()
        value = complaint.customer_value_id
        order = complaint.order_id
        known = {
            "expected": value.clv_12m if value.has_prediction else False,
            "margin": max(value.margin_12m or 0, 0),
            "revenue": max(value.revenue_12m or 0, 0),
            "order": order and order.currency_id._convert(
                max(order.amount_untaxed, 0), complaint.company_id.currency_id, complaint.company_id, order.date_order
            ),
        }
        if known["expected"] is not False:
            return known["expected"], "expected"
        return next(((amount, basis) for basis, amount in known.items() if amount), (False, False))

    @api.depends("customer_value_id", "order_id", "company_id")
    def _compute_shown_amount_at_stake(self):
        """Show what will be at stake before the complaint is saved, too."""
        result = super()._compute_shown_amount_at_stake()
        new = self.filtered(lambda complaint: not complaint._origin and complaint.commercial_partner_id)
        if not new or not self.env.user._is_internal():
            return result
        hidden = set()
        if not self.env.su and not self.env.user.has_groups(STAKE_GROUPS):
            hidden = self.env["customer.value"]._customers_of_others(
                new.company_id, new.commercial_partner_id._origin
            )
        for complaint in new:
            if (complaint.company_id, complaint.commercial_partner_id._origin) not in hidden:
                complaint.shown_amount_at_stake = complaint._stake_known()[0]
        return result

    @api.depends("shown_amount_at_stake", "state", "customer_value_id", "order_id")
    @api.depends_context("uid")
    def _compute_stake_basis(self):
        """Name what is at stake while the complaint is open; later, nobody knows any more what it was."""
        for complaint in self:
            shown = complaint.shown_amount_at_stake is not False and complaint._is_open()
            complaint.stake_basis = shown and complaint._stake_known()[1]
