"""What a complaint means for the value of its customer."""

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from ..complaint.customer_complaint_category import SEVERE
from ..complaint.customer_complaint_stage import OPEN_STATES


class CustomerComplaint(models.Model):
    _name = "customer.complaint"
    _inherit = ["customer.complaint", "customer.value.source"]

    _value_reads = frozenset(
        (
            "partner_id", "company_id", "active", "merged_into_id", "severity", "date_received", "date_closed",
            "resolve_deadline", "resolve_missed", "compensation", "handling_hours",
        )
    )
    _value_marks = frozenset(("stage_id",))
    _value_silent = {
        "commercial_partner_id": "follows from the contact",
        "state": "follows from the stage",
    }

    @api.model
    def _on_stages_redefined(self, stages, changed):
        """Mark the customers whose complaints are open, or ended, because a stage means something else now."""
        result = super()._on_stages_redefined(stages, changed)
        if "state" in changed:
            self.search([("stage_id", "in", stages.ids)])._mark_customers()
        return result

    def _value_customers(self):
        for company, complaints in self.grouped("company_id").items():
            yield complaints.commercial_partner_id, company

    def _mark_customers(self):
        """Have the warnings of complaints read anew, too."""
        result = super()._mark_customers()
        for model in self.env["customer.value.mixin"]._customer_value_holders():
            records = self.env[model]
            # Nothing stored, so nothing tells the warnings that complaints changed.
            records.invalidate_model(records._customer_value_warnings, flush=False)
        return result

    @api.model
    def _open_severe_domain(self, companies, customers=None):
        """Return the domain of the open severe complaints of some customers, or all, to some companies."""
        whose = Domain("commercial_partner_id", "!=", False)
        if customers is not None:
            whose = Domain("commercial_partner_id", "in", customers.ids)
        return (
            Domain("company_id", "in", companies.ids)
            & whose
            & Domain("state", "in", OPEN_STATES)
            & Domain("severity", "in", SEVERE)
            & Domain("merged_into_id", "=", False)
        )

    @api.model
    def _help_of(self, text):
        """Return the help of an action that shows the complaints about one record."""
        return Markup('<p class="o_view_nocontent_smiling_face">%s</p>') % text

    @api.model
    def _action_of(self, customer, company, domain=None):
        """Return the action that opens the complaints of a customer, as far as the user may read them."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_complaint_action")
        mine = Domain("commercial_partner_id", "=", customer.id) & Domain("company_id", "=", company.id)
        return action | {
            "domain": list(mine if domain is None else domain),
            "context": {"default_partner_id": customer.id, "default_company_id": company.id},
            "help": self._help_of(self.env._("No complaints of this customer")),
        }
