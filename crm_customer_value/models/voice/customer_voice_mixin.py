"""What complaints and suggestions are alike: a number, a customer, a page on the portal, and what is merged."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Integer


class CustomerVoiceMixin(models.AbstractModel):
    """Something that a customer told us: who is inside, who is outside, and what those may read.

    It begins with the guard, so it comes first among the models that a model inherits from. The model itself
    defines ``stage_id``, ``state`` and ``merged_into_id``, which lead to models of its own.
    """

    _name = "customer.voice.mixin"
    _description = "Voice of a Customer"
    _inherit = [
        "customer.guarded.mixin",
        "customer.link.mixin",
        "customer.sent.mixin",
        "customer.thread.mixin",
        "portal.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
    ]
    _check_company_auto = True
    _mail_post_access = "read"

    # Where the pages of the portal are, without the number at the end.
    _portal_path = ""

    number = fields.Char(readonly=True, copy=False, index="trigram", default="/")
    name = fields.Char("Subject", required=True, tracking=True)
    description = fields.Html(sanitize_style=True, strip_classes=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", index=True, tracking=True, check_company=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        related="partner_id.commercial_partner_id",
        store=True,
        index=True,
        precompute=True,
    )
    # Who was in copy of one document has not asked to read another.
    email_cc = fields.Char(copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    product_id = fields.Many2one("product.product", index="btree_not_null", check_company=True)
    merged_count = Integer(compute="_compute_merged_count")

    @api.model
    def _group_expand_stage_id(self, stages, _domain):
        """Show every stage as a column, in the order of the stages."""
        return stages.with_context(active_test=False).search(["|", ("active", "=", True), ("id", "in", stages.ids)])

    @api.depends("number", "name")
    def _compute_display_name(self):
        for voice in self:
            number = voice.number if voice.number != "/" else ""
            voice.display_name = " ".join(filter(None, (number, voice.name)))

    def _prepare_create_values(self, vals_list):
        """Number new documents."""
        vals_list = super()._prepare_create_values(vals_list)
        for vals in vals_list:
            if vals["number"] == "/":
                company = self.env["res.company"].browse(vals["company_id"]) or self.env.company
                vals["number"] = self._next_number(company)
        return vals_list

    @api.model
    def _next_number(self, company):
        """Draw a number for a document of a company, or "/" where there is no sequence."""
        return self.env["ir.sequence"].with_company(company).next_by_code(self._name) or "/"

    # What people write, and what customers read

    @api.model
    def _writable_fields(self):
        """Return what people enter. All else is written by what happens to a document."""
        return super()._writable_fields() | {
            "name", "description", "active", "company_id", "partner_id", "user_id", "product_id", "stage_id",
        }

    @api.model
    def _portal_readable_fields(self):
        """Return the names of the fields that customers may read, as a frozenset.

        Whatever is not named does not exist for them: not to read, search, sort, group or export, whichever way
        they ask. Extension point: add names to those of ``super()``.
        """
        return frozenset((
            "id", "active", "display_name", "create_date", "access_url", "access_token", "access_warning",
            "number", "name", "description", "company_id", "partner_id", "commercial_partner_id", "state",
        ))

    @api.model
    def _has_field_access(self, field, operation):
        """Show customers the fields named above only, and let them write none."""
        if not super()._has_field_access(field, operation):
            return False
        if self._is_inside():
            return True
        return operation == "read" and field.name in self._portal_readable_fields()

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Let customers search for what they may read only.

        Fields that are searched by a method are not looked at by the ORM: the method could tell
        by what it finds what may not be read.
        """
        if not self._is_inside():
            for condition in Domain(domain).iter_conditions():
                name = condition.field_expr.split(".")[0]
                if name in self._fields:
                    self._check_field_access(self._fields[name], "read")
        return super()._search(domain, *args, **kwargs)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Let customers sort by what they may read, whatever fields others may sort by."""
        if not self._is_inside():
            self._check_field_access(self._fields[field_name], "read")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # Pages and forms of the portal

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for voice in self:
            voice.access_url = f"{self._portal_path}/{voice.id}"
        return result

    # Several that tell the same

    def _compute_merged_count(self):
        """Count what the button opens: archived ones too."""
        counts = dict(self.with_context(active_test=False)._read_group(
            [("merged_into_id", "in", self.ids)], ["merged_into_id"], ["__count"]
        ))
        for voice in self:
            voice.merged_count = counts.get(voice._origin, 0)

    def action_view_merged(self):
        """Show what was merged into this one."""
        self.ensure_one()
        self._check_inside()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            # Before the name: the export of texts takes what follows one in brackets for another.
            "domain": [("merged_into_id", "=", self.id)],
            "name": self._merged_title(),
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "context": {"active_test": False, "create": False},
        }

    def _merged_title(self):
        """Return the title of the list of what was merged into this one (one record)."""
        return self.env._("Merged into %s", self.number)

    def _merge_into(self, target):
        """Make one of these and ``target``, which stays, and keep others from moving them meanwhile."""
        target.ensure_one()
        (self | target)._lock_for_merge()
        self._check_merge(target)
        # What follows is done by the right to change all of them.
        (self | target).check_access("write")
        self._merge_checked(target)

    def _lock_for_merge(self):
        """Keep others from changing these until they are merged."""
        self.lock_for_update()

    def _check_merge(self, target):
        """Raise when these cannot be merged into ``target``. Extension point."""

    def _merge_checked(self, target):
        """Move what belongs to these to ``target``, once all is checked. Extension point."""
