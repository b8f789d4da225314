"""What customers may read of their complaints, and whose complaints they reach."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Monetary

# Whatever is not named here does not exist for customers: not to read, search, sort, group or
# export, whichever way they ask. Judgements (severity, causes), people (followers, employees'
# records) and money that is not promised yet stay inside.
PORTAL_READABLE_FIELDS = frozenset({
    "id",
    "display_name",
    "number",
    "name",
    "description",
    "active",
    "company_id",
    "currency_id",
    "partner_id",
    "commercial_partner_id",
    "channel",
    "wanted_remedy",
    "order_id",
    "order_line_id",
    "product_id",
    "invoice_id",
    "state",
    "waits_for_customer",
    "date_received",
    "date_acknowledged",
    "date_answered",
    "date_closed",
    "acknowledge_deadline",
    "resolve_deadline",
    "handler_name",
    "customer_confirmed",
    "told_remedy",
    "told_compensation",
    "create_date",
    "access_url",
    "access_token",
    "access_warning",
})
TOLD_STATES = ("answered", "closed", "rejected")


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    customer_confirmed = fields.Datetime(
        "Confirmed by Customer",
        readonly=True,
        copy=False,
        help="When the customer said on the portal that this is solved.",
    )
    portal_key = fields.Char(
        readonly=True, copy=False, groups="base.group_system", help="The form this was sent with."
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
        """Return the names of the fields that customers may read; extend it to show more."""
        return PORTAL_READABLE_FIELDS

    @api.model
    def _has_field_access(self, field, operation):
        """Show customers the fields named above only, and let them write none."""
        if not super()._has_field_access(field, operation):
            return False
        if self._is_inside():
            return True
        return operation == "read" and field.name in self._portal_readable_fields()

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Let customers search for what they may read only.

        Fields that are searched by a method are not looked at by the ORM: the method could tell
        by what it finds what may not be read.
        """
        if not self._is_inside():
            for condition in Domain(domain).iter_conditions():
                name = condition.field_expr.split(".")[0]
                if name in self._fields:
                    self._check_field_access(self._fields[name], "read")
        return super()._search(domain, *args, **kwargs)

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Give customers their newest complaints first: the desk's queue goes by what is inside."""
        if not self._is_inside() and (not order or order == self._order):
            order = "date_received desc, id desc"
        return super()._order_to_sql(order, query, alias, reverse)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Let customers sort by what they may read, whatever fields others may sort by."""
        if not self._is_inside():
            self._check_field_access(self._fields[field_name], "read")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for complaint in self:
            complaint.access_url = f"/my/complaints/{complaint.id}"
        return result

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
