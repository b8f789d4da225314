from odoo import api, fields, models

from ..base.number_fields import Integer, Monetary


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_reopen_days = Integer(
        "Days to Reopen a Complaint",
        default=14,
        help="How long customers can reopen a closed complaint, on the portal or by answering an e-mail. "
        "If they write later, a new complaint is created. 0: never.",
    )
    complaint_hour_cost = Monetary(
        "Cost of an Hour of Handling",
        groups="crm_customer_value.group_service_manager,base.group_system",
        help="Cost of an hour spent on a complaint or a contact. It counts as cost to serve the customer.",
    )
    complaint_mail_minutes = Integer(
        "Minutes Before the E-mail of a Step",
        default=5,
        help="When your team takes a step with a complaint, the customer gets an e-mail this number of minutes later. "
        "Several steps in a row become one e-mail. 0: at once. Complaints from the portal and by e-mail are always "
        "confirmed at once.",
    )
    complaint_bad_rating = Integer(
        "Bad Rating",
        default=2,
        groups="base.group_user",
        help="A rating of this many stars (1 to 5) or fewer starts a follow-up activity.",
    )
    complaint_public_form = fields.Boolean(
        "Public Complaint Form", help="People without an account can send complaints from a web page."
    )

    _complaint_reopen_days_positive = models.Constraint(
        "CHECK (complaint_reopen_days >= 0)", "The days to reopen a complaint cannot be negative."
    )
    _complaint_mail_minutes_range = models.Constraint(
        "CHECK (complaint_mail_minutes BETWEEN 0 AND 1440)",
        "The e-mail of a step goes out within a day: 0 to 1440 minutes after it.",
    )
    _complaint_hour_cost_positive = models.Constraint(
        "CHECK (complaint_hour_cost >= 0)", "The cost of an hour of handling cannot be negative."
    )
    _complaint_bad_rating_range = models.Constraint(
        "CHECK (complaint_bad_rating BETWEEN 1 AND 5)", "Enter a bad rating from 1 to 5."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give each new company a value policy, so that its settings have something to show."""
        companies = super().create(vals_list)
        for company in companies:
            self.env["customer.value.policy"]._get_active(company)
        companies._create_complaint_sequences()
        return companies

    def _create_complaint_sequences(self):
        """Give these companies numbers for their complaints, where they have none."""
        # sudo: whoever makes a company, or its first complaint, may not set up sequences.
        sequences = self.env["ir.sequence"].sudo()
        domain = [("code", "=", "customer.complaint"), ("company_id", "in", self.ids)]
        missing = self - sequences.search(domain).company_id
        sequences.create([
            {
                "name": self.env._("Complaints"),
                "code": "customer.complaint",
                "prefix": "CC",
                "padding": 5,
                "company_id": company.id,
            }
            for company in missing
        ])

    def _next_complaint_number(self):
        """Draw a number for a complaint to this company (one record)."""
        # sudo: customers and mail servers make complaints too.
        sequences = self.env["ir.sequence"].sudo().with_company(self)
        number = sequences.next_by_code("customer.complaint")
        if not number:
            self._create_complaint_sequences()
            number = sequences.next_by_code("customer.complaint")
        return number
