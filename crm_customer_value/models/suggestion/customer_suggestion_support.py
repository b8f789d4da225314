from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerSuggestionSupport(models.Model):
    """One customer's support for a suggestion; each contact counts once."""

    _name = "customer.suggestion.support"
    _description = "Support for a Suggestion"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _rec_name = "partner_id"
    _order = "id"

    suggestion_id = fields.Many2one("customer.suggestion", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="suggestion_id.company_id")
    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="cascade"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        related="partner_id.commercial_partner_id",
        store=True,
        index=True,
        precompute=True,
    )
    email = fields.Char(related="partner_id.email")
    origin_id = fields.Many2one(
        "customer.suggestion",
        string="Came With",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The suggestion that this contact proposed or supported before the merge. The contact sees this one: the "
        "other may be private.",
    )
    told_date = fields.Datetime(
        "Told", readonly=True, copy=False, help="When we told this contact that it is implemented."
    )

    _unique_support = models.Constraint(
        "UNIQUE (suggestion_id, partner_id)", "This contact supports the suggestion already."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"suggestion_id", "partner_id"}

    @api.constrains("suggestion_id", "partner_id")
    def _check_partner(self):
        for support in self:
            if support.partner_id == support.suggestion_id.partner_id:
                raise ValidationError(self.env._(
                    "%(contact)s proposed this suggestion, so there is no need to support it.",
                    contact=support.partner_id.name,
                ))

    @api.depends("suggestion_id", "origin_id")
    def _compute_display_name(self):
        """Name the suggestion: this is the heading of the e-mail that its supporter reads."""
        for support in self:
            support.display_name = support._shown_suggestion().display_name

    def _shown_suggestion(self):
        """Return the suggestion by which this contact knows the matter (one record)."""
        return self.origin_id or self.suggestion_id

    @api.model
    def _prepare_partner_merge(self, partners, stays):
        """Count ``partners``, of whom ``stays`` alone remains, once for each suggestion.

        The merge itself is done by SQL, which would drop all that contradicts the constraint.
        """
        rows = self.search([("partner_id", "in", partners.ids)])
        for suggestion, same in rows.grouped("suggestion_id").items():
            if suggestion.partner_id in partners:
                same.unlink()
                continue
            kept = same.filtered(lambda row: row.partner_id == stays) or same[:1]
            kept.told_date = kept.told_date or max(same.filtered("told_date").mapped("told_date"), default=False)
            (same - kept).unlink()
        self.flush_model()
        self.env["customer.suggestion"].flush_model()
