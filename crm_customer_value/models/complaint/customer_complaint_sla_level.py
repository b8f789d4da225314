from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_duration

from ..base.number_fields import Float, Integer


class CustomerComplaintSlaLevel(models.Model):
    """Who is told, and who takes over, when a deadline comes near or is missed."""

    _name = "customer.complaint.sla.level"
    _description = "Complaint Escalation Level"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sla_id, sequence, id"

    sla_id = fields.Many2one("customer.complaint.sla", string="Rule", required=True, index=True, ondelete="cascade")
    sequence = Integer(default=10)
    level = Integer("No.", compute="_compute_level", help="1 to 3, in the order of the list.")
    deadline = fields.Selection(
        [("acknowledge", "Acknowledge"), ("resolve", "Resolve")], required=True, default="resolve"
    )
    hours = Float(
        "Hours After", help="Working hours after the deadline. Enter a negative number for hours before it."
    )
    user_ids = fields.Many2many("res.users", string="Notify", domain=[("share", "=", False)])
    tell_leader = fields.Boolean("Notify Leader", default=True)
    takes_over = fields.Selection(
        [("nobody", "Nobody"), ("leader", "Team Leader"), ("user", "A Person")],
        string="Reassign to",
        required=True,
        default="nobody",
        help="Who becomes responsible for the complaint.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        domain=[("share", "=", False)],
        ondelete="restrict",
        help="Becomes responsible for the complaint. If this user is archived, the team leader does.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "sla_id", "sequence", "deadline", "hours", "user_ids", "tell_leader", "takes_over", "user_id",
        }

    @api.depends("sla_id.level_ids.sequence")
    def _compute_level(self):
        for level in self:
            level.level = list(level.sla_id.level_ids.sorted("sequence")).index(level) + 1

    @api.constrains("sla_id")
    def _check_at_most_three(self):
        if any(len(rule.level_ids) > 3 for rule in self.sla_id):
            raise ValidationError(self.env._("A rule can have at most three escalation levels."))

    @api.constrains("hours", "deadline", "sla_id")
    def _check_after_receipt(self):
        """Nobody can be told of a complaint before it is there, nor of a deadline that is not promised."""
        kinds = dict(self._fields["deadline"]._description_selection(self.env))
        for level in self:
            promise = level.sla_id[f"{level.deadline}_hours"]
            if not promise:
                raise ValidationError(self.env._(
                    "The rule “%(rule)s” has no deadline “%(deadline)s”, so this escalation level would never be "
                    "used. Enter hours for this deadline, or remove the level.",
                    rule=level.sla_id.name, deadline=kinds[level.deadline],
                ))
            if level.hours < -promise:
                raise ValidationError(self.env._(
                    "The rule “%(rule)s” has the deadline “%(deadline)s” after %(promise)s hours. An escalation level "
                    "at %(hours)s hours would be due before the complaint is received. "
                    "Enter at most %(promise)s hours before the deadline.",
                    rule=level.sla_id.name, deadline=kinds[level.deadline],
                    promise=format_duration(promise), hours=format_duration(level.hours),
                ))

    @api.constrains("takes_over", "user_id")
    def _check_user(self):
        if any(level.takes_over == "user" and not level.user_id for level in self):
            raise ValidationError(self.env._("Choose the person to reassign the complaint to."))

    @api.constrains("user_ids", "tell_leader", "takes_over")
    def _check_does_something(self):
        # Those who have left count: the team leader is told in their place.
        levels = self.with_context(active_test=False)
        if any(not level.user_ids and not level.tell_leader and level.takes_over == "nobody" for level in levels):
            raise ValidationError(self.env._(
                "An escalation level must notify somebody or reassign the complaint. Choose at least one of them."
            ))

    def _get_told_users(self, complaint):
        """Return whom to tell: those named and there, else the team leader, else the person responsible."""
        named = self.user_ids
        if self.tell_leader:
            named |= complaint.team_id.leader_id
        for users in (named, complaint.team_id.leader_id, complaint.user_id):
            there = self._filter_there(users, complaint)
            if there:
                return there
        return users.browse()

    def _get_taker(self, complaint):
        """Return who becomes responsible: the person named if there, else the team leader; maybe nobody."""
        if self.takes_over == "nobody":
            return self.env["res.users"]
        leader = self._filter_there(complaint.team_id.leader_id, complaint)
        return (self._filter_there(self.user_id, complaint) if self.takes_over == "user" else leader) or leader

    def _filter_there(self, users, complaint):
        """Keep users who still work here, and in the company of the complaint."""
        return users.filtered(lambda user: user.active and complaint.company_id in user.company_ids)
