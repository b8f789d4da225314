"""What customers may read of their complaints, and whose complaints they reach."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Monetary

# What customers read beside what they read of all that they tell. Judgements (severity, causes), people
# (followers, employees' records) and money that is not promised yet stay inside.
PORTAL_READABLE_FIELDS = frozenset((
    "currency_id", "channel", "wanted_remedy", "order_id", "order_line_id", "product_id", "invoice_id",
    "waits_for_customer", "date_received", "date_acknowledged", "date_answered", "date_closed",
    "acknowledge_deadline", "resolve_deadline", "handler_name", "customer_confirmed", "told_remedy",
    "told_compensation",
))
TOLD_STATES = ("answered", "closed", "rejected")


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    customer_confirmed = fields.Datetime(
        "Confirmed by Customer",
        readonly=True,
        copy=False,
        help="When the customer said on the portal that this is solved.",
    )
    waits_for_customer = fields.Boolean(
        compute="_compute_waits_for_customer",
        search="_search_waits_for_customer",
        compute_sudo=True,
        help="We are waiting for an answer from the customer.",
    )
    told_remedy = fields.Selection(
        selection=lambda self: self._fields["remedy"]._description_selection(self.env),
        compute="_compute_told",
        compute_sudo=True,
        help="Remedy that the customer sees, once we have answered.",
    )
    told_compensation = Monetary(
        compute="_compute_told",
        compute_sudo=True,
        help="Compensation that the customer sees, once we have answered.",
    )

    _unique_portal_key = models.UniqueIndex(
        "(portal_key) WHERE portal_key IS NOT NULL", "This complaint has been sent already."
    )

    @api.model
    def _waiting_domain(self):
        return Domain("state", "=", "answered") | (
            Domain("state", "=", "handling") & Domain("stage_id.clock_stops", "=", True)
        )

    @api.depends("state", "stage_id.clock_stops")
    def _compute_waits_for_customer(self):
        for complaint in self:
            complaint.waits_for_customer = complaint.state == "answered" or (
                complaint.state == "handling" and complaint.stage_id.clock_stops
            )

    @api.model
    def _search_waits_for_customer(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: customers may not read stages; the ids say no more than the field does.
        waiting = Domain("id", "in", self.sudo()._search(self._waiting_domain()))
        if set(value) == {True, False}:
            return Domain.TRUE
        return waiting if True in value else ~waiting

    @api.depends("state", "remedy", "compensation")
    def _compute_told(self):
        for complaint in self:
            told = complaint.state in TOLD_STATES
            complaint.told_remedy = told and complaint.remedy
            complaint.told_compensation = complaint.compensation if told else 0.0

    @api.model
    def _portal_readable_fields(self):
        return super()._portal_readable_fields() | PORTAL_READABLE_FIELDS

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Give customers their newest complaints first: the desk's queue goes by what is inside."""
        if not self._is_inside() and (not order or order == self._order):
            order = "date_received desc, id desc"
        return super()._order_to_sql(order, query, alias, reverse)

    def _leave_families(self, families):
        """Forget also what the customer of before confirmed: the next one has said nothing yet."""
        # sudo: what the customer said is nobody's to write by hand.
        moved = self.sudo().filtered(lambda complaint: complaint.commercial_partner_id != families[complaint])
        moved.filtered("customer_confirmed").customer_confirmed = False
        return super()._leave_families(families)

    def _has_unproven_link(self):
        """Tell whether somebody may hold the link who typed an e-mail address without showing it is theirs.

        The public form shows the link on the screen; all later links go to the address itself (one record).
        """
        # sudo: customers may not read who created what, nor the mark of the form.
        complaint = self.sudo()
        return bool(complaint.portal_key) and complaint.create_uid._is_public()
