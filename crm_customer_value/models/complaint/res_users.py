from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    # Rights go by it: what colleagues of one's teams logged.
    complaint_team_ids = fields.Many2many(
        "customer.complaint.team",
        "customer_complaint_team_res_users_rel",
        "res_users_id",
        "customer_complaint_team_id",
        "Complaint Teams",
        readonly=True,
        groups="crm_customer_value.group_service_own",
    )
