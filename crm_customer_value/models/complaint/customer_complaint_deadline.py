"""What deadlines are to complaints: by which rules they have them, and what stops their clocks."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Float, Integer
from .customer_complaint_stage import RUNNING_STATES


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    _clock_chosen_by = frozenset(("severity", "category_id", "partner_id", "team_id", "company_id"))
    _clock_cron = "crm_customer_value.ir_cron_customer_complaint_clock"

    sla_id = fields.Many2one(
        "customer.complaint.sla",
        string="Deadline Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    escalation_ids = fields.One2many("customer.complaint.escalation", "complaint_id", string="Escalations")
    promised_acknowledge_hours = Float(help="Hours of the deadline rule when it was chosen for this complaint.")
    promised_resolve_hours = Float(help="Hours of the deadline rule when it was chosen for this complaint.")
    deadline = fields.Datetime(help="Empty while the complaint is on hold.")
    clock_used = Integer(help="Working time used before the complaint was last on hold or reopened.")
    clock_round = Integer(help="Increases each time the complaint is reopened.")
    clock_check_at = fields.Datetime(help="When the deadlines of this complaint are checked next.")
    acknowledge_hours = Float(
        help="Working hours from receipt until the complaint was acknowledged, without the time on hold. Empty: not "
        "yet, or not known.",
    )
    answer_hours = Float(
        help="Working hours from receipt until the last answer, without the time on hold or closed. Empty: not "
        "answered, or not known.",
    )
    close_hours = Float(
        help="Working hours from receipt until the complaint was last closed or rejected, without the time on hold or "
        "closed. Empty: still open, merged, or not known.",
    )
    first_contact = Float(
        "Solved at First Contact (%)", readonly=True, copy=False, aggregator="avg", optional=True,
        help="100: closed without the customer writing again (a thank-you does not count) and never reopened. 0: "
        "otherwise. In groups: the average. Empty: open, rejected, merged, or not known.",
    )

    # The scheduled action reads what is due, however many complaints there are.
    _clock_check_index = models.Index("(clock_check_at) WHERE clock_check_at IS NOT NULL")
    _clock_calendar_index = models.Index("(clock_calendar_id) WHERE clock_started IS NOT NULL")

    @api.model
    def _clock_open_domain(self):
        """Return which complaints may still have a deadline: not those that were answered."""
        return Domain("state", "in", RUNNING_STATES)

    def _clock_target(self):
        """Let the clock run until the customer has an answer (one record)."""
        if self.state not in RUNNING_STATES:
            return "done"
        return "stopped" if self._stands_still() else "running"

    def _clock_awaited(self):
        """Await an acknowledgement only of what is still where it was received (one record)."""
        awaited = super()._clock_awaited()
        return awaited if self.state == "received" else awaited - {"acknowledge"}

    def _clock_calendar(self, rule):
        """Count in the hours of the rule, or else of the team, or else of the company (one record)."""
        team = self.team_id.with_company(self.company_id)
        return rule.calendar_id or (team._get_calendar() if team else super()._clock_calendar(rule))

    def _match_deadline_rules(self):
        # sudo: deadlines are set by the rules, whatever the rights of whoever changes a complaint.
        return self.env["customer.complaint.sla"].sudo()._match_complaints(self)

    def _counts_response(self):
        """What was merged goes on elsewhere (one record)."""
        return not self.merged_into_id

    def _done_since(self, stage):
        """Return since when a complaint that leaves ``stage`` was answered and waited all the same (one record)."""
        return self.date_stage if stage.state == "answered" and not stage.clock_stops else None

    def _prepare_first_contact(self):
        """Return 100 for solved at first contact, 0 for not, or False where there is nothing to say (one record)."""
        if self.state != "closed" or self.merged_into_id:
            return False
        return 0.0 if self.reopen_count or self.date_customer_wrote else 100.0

    def _get_deadline_note(self):
        if self.clock_state != "new" and not self.sla_id:
            return self.env._("No deadline rule matches this complaint, so it has no deadline.")
        if self.sla_id and self.deadline_state == "stopped" and not self.active:
            return self.env._("On hold: the complaint is archived.")
        return super()._get_deadline_note()
