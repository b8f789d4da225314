from odoo import api, models
from odoo.exceptions import AccessError

PROFILE_REPORT = "crm_customer_value.report_customer_profile"


class CustomerProfileReport(models.AbstractModel):
    """The profile of a customer on paper: for employees, never for customers."""

    _name = f"report.{PROFILE_REPORT}"
    _description = "Profile of a Customer on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template shows.

        :raise AccessError: customers never read what is written about them here
        """
        if not self.env.su and not self.env.user.has_group("crm_customer_value.group_service_own"):
            raise AccessError(self.env._("Only employees in sales and service can print the profile of a customer."))
        customers = self.env["res.partner"].browse(docids).commercial_partner_id
        customers.check_access("read")
        profile = self.env["customer.profile"]
        return {
            "docs": customers,
            "company": self.env.company,
            "profiles": [{"customer": customer, **profile._of(customer)} for customer in customers],
        }
