from odoo import fields, models

from ..base.number_fields import Integer


class CustomerComplaintEscalation(models.Model):
    """A level of escalation that a complaint reached: each once, whatever happens."""

    _name = "customer.complaint.escalation"
    _description = "Complaint Escalation"
    _order = "date desc, id desc"
    _log_access = False

    complaint_id = fields.Many2one("customer.complaint", required=True, index=True, ondelete="cascade")
    round = Integer(required=True, help="How often the complaint had been reopened.")
    level = Integer(required=True)
    level_id = fields.Many2one("customer.complaint.sla.level", string="By", ondelete="set null", index="btree_not_null")
    deadline_kind = fields.Selection(
        [("acknowledge", "Acknowledge"), ("resolve", "Resolve")], string="Deadline", required=True
    )
    due = fields.Datetime(required=True)
    date = fields.Datetime("Escalated", required=True, default=fields.Datetime.now)
    user_ids = fields.Many2many("res.users", string="Notified")
    user_id = fields.Many2one("res.users", string="Reassigned to", ondelete="set null")

    _once = models.Constraint(
        "UNIQUE (complaint_id, round, deadline_kind, level)", "This level of escalation was already reached."
    )
