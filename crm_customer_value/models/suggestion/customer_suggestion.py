from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Integer
from .customer_suggestion_stage import OPEN_STATES

# What people enter. All else is written by what happens to a suggestion.
WRITABLE_FIELDS = frozenset((
    "name", "description", "active", "company_id", "partner_id", "user_id", "product_id", "area_id",
    "expected_benefit", "benefit_description", "stage_id", "decline_reason", "is_public", "support_ids",
    "date_planned",
))


class CustomerSuggestion(models.Model):
    """A customer tells what could be better."""

    _name = "customer.suggestion"
    _description = "Suggestion"
    _inherit = [
        "customer.guarded.mixin",
        "customer.link.mixin",
        "customer.thread.mixin",
        "portal.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "mail.tracking.duration.mixin",
        "customer.unknown.last.mixin",
    ]
    _order = "support_count desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _rec_names_search = ["name", "number"]
    _track_duration_field = "stage_id"

    number = fields.Char(readonly=True, copy=False, index="trigram", default="/")
    name = fields.Char("Subject", required=True, tracking=True)
    description = fields.Html(
        sanitize_style=True,
        strip_classes=True,
        help="In the customer's words. All customers can read the text of public suggestions.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Proposed by",
        index=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        related="partner_id.commercial_partner_id",
        store=True,
        index=True,
        precompute=True,
    )
    # Who was in copy of one suggestion has not asked to read another.
    email_cc = fields.Char(copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    product_id = fields.Many2one("product.product", index="btree_not_null", check_company=True)
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

    @api.model
    def _group_expand_stage_id(self, stages, _domain):
        """Show every stage as a column, in the order of the stages."""
        return stages.with_context(active_test=False).search(["|", ("active", "=", True), ("id", "in", stages.ids)])

    @api.depends("name", "number")
    def _compute_display_name(self):
        for suggestion in self:
            numbered = suggestion.number and suggestion.number != "/"
            suggestion.display_name = (
                f"{suggestion.number} {suggestion.name or ''}" if numbered else suggestion.name
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

    def _prepare_create_values(self, vals_list):
        """Number new suggestions."""
        vals_list = super()._prepare_create_values(vals_list)
        for vals in vals_list:
            if vals["number"] == "/":
                sequence = self.env["ir.sequence"].with_company(vals["company_id"])
                vals["number"] = sequence.next_by_code("customer.suggestion") or "/"
        return vals_list

    @api.model_create_multi
    def create(self, vals_list):
        suggestions = super().create(vals_list)
        suggestions._tell_when_implemented()
        return suggestions

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
