from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools.misc import format_date

from ..base.number_fields import Integer
from ..contact.res_partner_contact import SERVICE_GROUP

STATES = [("open", "Open"), ("partly", "Partly Met"), ("met", "Met"), ("not_for_us", "Not for Us")]
# As long as a need is one of these, there is something left to do for it.
UNMET_STATES = ("open", "partly")
MOST_IMPORTANT = 5


class CustomerNeed(models.Model):
    """Something that a customer needs, or that keeps them from buying, in their own words."""

    _name = "customer.need"
    _description = "Need"
    _inherit = [
        "customer.guarded.mixin",
        "customer.link.mixin",
        "customer.author.mixin",
        "mail.activity.mixin",
        "customer.value.source",
    ]
    _order = "importance desc, date desc, id desc"
    _rec_name = "type_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, tracking=True, check_company=True, ondelete="restrict",
        help="Who said it, or the customer as a whole.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    industry_id = fields.Many2one(related="commercial_partner_id.industry_id")
    type_id = fields.Many2one(
        "customer.need.type", required=True, index=True, tracking=True, ondelete="restrict"
    )
    kind = fields.Selection(related="type_id.kind", store=True, index=True, precompute=True)
    dimension = fields.Selection(related="type_id.dimension", store=True, precompute=True)
    words = fields.Text("In the Customer's Words")
    importance = Integer(
        default=3, required=True, tracking=True, aggregator="avg",
        help="How much it matters to the customer: 1 is a wish, 5 decides whether they buy.",
    )
    is_guess = fields.Boolean(
        "Our Guess", tracking=True,
        help="The customer did not say so: we think so. Customers never see our guesses.",
    )
    yardstick = fields.Text(
        "How They Will Judge", help="How the customer will see that the need is met: a number, a date, a feeling."
    )
    state = fields.Selection(
        STATES, default="open", required=True, index=True, tracking=True, group_expand=True
    )
    date = fields.Date(
        "Stated on", required=True, default=fields.Date.context_today, help="Day on which the customer said it."
    )
    date_state = fields.Date(
        "Since", readonly=True, copy=False, help="Day from which the need has been open, met, or not for us."
    )
    product_id = fields.Many2one(
        "product.product", "Met by", index="btree_not_null", check_company=True, tracking=True,
        help="Product that meets the need.",
    )
    product_categ_id = fields.Many2one(
        "product.category", "Product Category", index="btree_not_null", help="What kind of product would meet it."
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", index=True, tracking=True, default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    change_ids = fields.One2many("customer.need.change", "need_id", "What It Was Before", readonly=True)
    active = fields.Boolean(default=True)

    _value_reads = frozenset((
        "company_id", "commercial_partner_id", "kind", "importance", "is_guess", "state", "date", "date_state",
        "active",
    ))
    _value_marks = frozenset(("partner_id", "type_id"))

    _importance_range = models.Constraint(
        "CHECK (importance BETWEEN 1 AND 5)", "Choose an importance from 1 (a wish) to 5 (decides whether they buy)."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "partner_id", "type_id", "words", "importance", "is_guess", "yardstick", "state", "date",
            "product_id", "product_categ_id", "user_id", "active",
        }

    @api.depends("type_id.name", "commercial_partner_id.name")
    def _compute_display_name(self):
        for need in self:
            need.display_name = ": ".join(filter(None, (need.commercial_partner_id.name, need.type_id.name)))

    @api.constrains("partner_id")
    def _check_partner(self):
        for need in self:
            if not need.partner_id.active:
                raise ValidationError(self.env._(
                    "%(contact)s is archived. Restore the contact, or choose another one.",
                    contact=need.partner_id.display_name,
                ))

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        for need in self:
            if need.date > today:
                raise ValidationError(self.env._(
                    "“Stated on” is the day on which the customer said it. %(day)s is still to come: choose today or "
                    "an earlier day.",
                    day=format_date(self.env, need.date),
                ))
            changed = need.change_ids.sorted("id")[1:2]
            if changed and need.date > changed.date:
                raise ValidationError(self.env._(
                    "The need changed on %(changed)s already. Choose that day or an earlier one for “Stated on”.",
                    changed=format_date(self.env, changed.date),
                ))

    @api.model_create_multi
    def create(self, vals_list):
        needs = super().create(vals_list)
        needs._check_stated()
        needs._note_states()
        return needs

    def _check_stated(self):
        """Let whoever only meets customers note what they need: whether it is met, others say."""
        if self.env.su or self.env.user.has_group(SERVICE_GROUP):
            return
        if any(need.state != "open" for need in self):
            raise AccessError(self.env._(
                "Note what the customer needs as “Open”. Your colleagues in sales and service decide whether it is met."
            ))

    def write(self, vals):
        changed = self.filtered(lambda need: need.state != vals["state"]) if "state" in vals else self.browse()
        result = super().write(vals)
        changed._note_states()
        if {"date", "product_id"} & vals.keys():
            (self - changed)._correct_states()
        return result

    def _note_states(self):
        """Keep from which day on each need is what it is now: a value of an earlier day is computed from these."""
        today = fields.Date.context_today(self)
        # sudo: what was when is for the program to note; who changes a need may do so.
        for need in self.sudo():
            need.date_state = today if need.change_ids else need.date
        self.env["customer.need.change"].sudo().create([
            {"need_id": need.id, "date": need.date_state, "state": need.state, "product_id": need.product_id.id}
            for need in self
        ])

    def _correct_states(self):
        """Correct what was noted when somebody corrects the day on which a need was stated, or what meets it."""
        # sudo: as above.
        for need in self.sudo():
            changes = need.change_ids.sorted("id")
            changes[:1].date = need.date
            changes[-1:].product_id = need.product_id
            need.date_state = changes[-1:].date

    def _value_customers(self):
        for company, needs in self.grouped("company_id").items():
            yield needs.commercial_partner_id, company
