from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..base.number_fields import Integer
from ..contact.res_partner_contact import SERVICE_GROUP
from .customer_suggestion_stage import OPEN_STATES

# What people enter beside what they enter of all that customers tell.
WRITABLE_FIELDS = frozenset((
    "area_id", "expected_benefit", "benefit_description", "decline_reason", "is_public", "support_ids",
    "date_planned",
))


class CustomerSuggestion(models.Model):
    """A customer tells what could be better."""

    _name = "customer.suggestion"
    _description = "Suggestion"
    _inherit = ["customer.voice.mixin", "mail.tracking.duration.mixin", "customer.unknown.last.mixin"]
    _order = "support_count desc, id desc"
    _rec_names_search = ["name", "number"]
    _track_duration_field = "stage_id"
    _portal_path = "/my/suggestions"

    description = fields.Html(
        help="In the customer's words. All customers can read the text of public suggestions."
    )
    partner_id = fields.Many2one(string="Proposed by")
    user_id = fields.Many2one(compute="_compute_user_id", store=True, readonly=False, precompute=True)
    area_id = fields.Many2one(
        "customer.suggestion.area",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Topic of the suggestion, if it is not about one product.",
    )
    expected_benefit = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        tracking=True,
        help="How much we expect it to help. Customers do not see this.",
    )
    benefit_description = fields.Text(
        "Benefit in Words", help="How it would help the customer, in the customer's words."
    )
    stage_id = fields.Many2one(
        "customer.suggestion.stage",
        index=True,
        tracking=True,
        copy=False,
        ondelete="restrict",
        group_expand="_group_expand_stage_id",
        default=lambda self: self.env["customer.suggestion.stage"].search([], limit=1),
    )
    state = fields.Selection(related="stage_id.state", store=True, index=True, string="Status")
    decline_reason = fields.Text(
        copy=False, tracking=True, help="Why the suggestion is declined. The customer reads it."
    )
    is_public = fields.Boolean(
        "Public",
        tracking=True,
        help="All customers can read and support it on the portal, except in the stage New. They never see who "
        "proposed it, or its messages.",
    )
    support_ids = fields.One2many("customer.suggestion.support", "suggestion_id", string="Supporters")
    support_count = Integer("Support", compute="_compute_support_count", store=True)
    date_planned = fields.Date(
        "Planned For", copy=False, tracking=True,
        help="Customers read the month, as long as the suggestion is planned and the month is not over.",
    )
    date_implemented = fields.Date(
        "Implemented", compute="_compute_date_implemented", store=True, copy=False
    )
    merged_into_id = fields.Many2one(
        "customer.suggestion",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )

    @api.depends("area_id")
    def _compute_user_id(self):
        for suggestion in self:
            user = suggestion.area_id.user_id
            # An area is shared by companies; its person need not work in all of them.
            if not suggestion.user_id and suggestion.company_id in user.company_ids and user.active:
                suggestion.user_id = user

    @api.depends("support_ids")
    def _compute_support_count(self):
        counts = dict(
            self.env["customer.suggestion.support"]._read_group(
                [("suggestion_id", "in", self.ids)], ["suggestion_id"], ["__count"]
            )
        )
        for suggestion in self:
            suggestion.support_count = counts.get(suggestion._origin, 0)

    @api.depends("state")
    def _compute_date_implemented(self):
        for suggestion in self:
            if suggestion.state != "implemented":
                suggestion.date_implemented = False
            elif not suggestion.date_implemented:
                suggestion.date_implemented = fields.Date.context_today(suggestion)

    @api.constrains("stage_id", "decline_reason")
    def _check_decline_reason(self):
        for suggestion in self:
            if suggestion.state == "declined" and not (suggestion.decline_reason or "").strip():
                raise ValidationError(self.env._(
                    "Enter a reason to decline %(suggestion)s. The customer reads it. Use the button Decline, or fill "
                    "in the reason before you change the stage.",
                    suggestion=suggestion.display_name,
                ))

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | WRITABLE_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        suggestions = super().create(vals_list)
        suggestions._check_proposed()
        suggestions._tell_when_implemented()
        return suggestions

    def _check_proposed(self):
        """Let whoever only meets customers propose: what becomes of it, and whether customers read it, others say."""
        if self.env.su or self.env.user.has_group(SERVICE_GROUP):
            return
        first = self.env["customer.suggestion.stage"].search([], limit=1)
        if any(suggestion.stage_id != first or suggestion.is_public for suggestion in self):
            raise AccessError(self.env._(
                "Leave the suggestion in the stage “%(stage)s”, and not public. Your colleagues in sales and service "
                "decide about it.",
                stage=first.name,
            ))

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            # Nobody supports what they propose themselves.
            # sudo: that support ends, whoever noted it.
            supports = self.sudo().support_ids
            supports.filtered(lambda row: row.partner_id == row.suggestion_id.partner_id).unlink()
        if "stage_id" in vals:
            self._tell_when_implemented()
        return result

    def _is_open(self):
        """Tell whether nothing is decided for good yet (one record)."""
        return self.state in OPEN_STATES and not self.merged_into_id
