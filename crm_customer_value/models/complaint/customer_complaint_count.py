from odoo import api, models

from ..base.number_fields import Integer

SERVICE_GROUP = "crm_customer_value.group_service_own"


class CustomerComplaintCount(models.AbstractModel):
    """Gives records a button to the complaints about them."""

    _name = "customer.complaint.count"
    _description = "Counts Complaints about a Record"

    complaint_count = Integer(
        "Complaints", compute="_compute_complaint_count", groups=SERVICE_GROUP, help="Complaints that you may read."
    )

    def _complaint_field(self):
        """Return the field of a complaint that leads to this model."""
        raise NotImplementedError

    def _complaint_domain(self):
        """Return the domain of the complaints about these records."""
        return [(self._complaint_field(), "in", self.ids)]

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_count(self):
        field = self._complaint_field()
        groups = self.env["customer.complaint"]._read_group(self._complaint_domain(), [field], ["__count"])
        counts = {record.id: count for record, count in groups}
        for record in self:
            record.complaint_count = counts.get(record._origin.id, 0)

    def action_view_complaints(self):
        """Show the complaints about this record; a new one begins with it."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["complaint_count"], "read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_complaint_action")
        return {
            **action,
            "domain": self._complaint_domain(),
            "context": self._complaint_context(),
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "help": self.env["customer.complaint"]._help_of(self._complaint_help()),
        }

    def _complaint_help(self):
        """Return what is said when there is no complaint to show."""
        return self.env._("No complaints about this")

    def _complaint_context(self):
        """Return the context in which a complaint about this record is made (one record)."""
        return {
            f"default_{self._complaint_field()}": self.id,
            "default_partner_id": self.partner_id.id,
            "search_default_open": 0,
        }
