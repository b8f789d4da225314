from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools.misc import format_datetime

from ..base.number_fields import Integer
from .customer_contact_channel import MINUTES_A_DAY
from .res_partner_contact import SERVICE_GROUP

DIRECTIONS = [("out", "We Contacted Them"), ("in", "They Contacted Us"), ("both", "We Met")]


class CustomerContactLog(models.Model):
    """One contact between us and a customer: when, who with whom, how long, what was learned."""

    _name = "customer.contact.log"
    _description = "Contact with a Customer"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.value.source"]
    _order = "date desc, id desc"
    _rec_name = "summary"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, ondelete="restrict",
        help="Whom we were in touch with, or the customer as a whole.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_commercial_partner_id", store=True, index=True, precompute=True,
        help="The customer that the contact belonged to. It stays when the contact goes to another company: the time "
        "was spent on this customer.",
    )
    user_id = fields.Many2one(
        "res.users", "Who of Us", required=True, index=True, default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    channel_id = fields.Many2one(
        "customer.contact.channel", required=True, index=True, ondelete="restrict",
        default=lambda self: self.env["customer.contact.channel"]._of("phone"),
    )
    direction = fields.Selection(DIRECTIONS, "Who Began", required=True, default="out")
    date = fields.Datetime("When", required=True, index=True, default=fields.Datetime.now)
    minutes = Integer(
        optional=True, aggregator="sum", help="How long it took one of us. Empty: nobody noted it.",
    )
    summary = fields.Text("What We Learned", required=True)
    event_id = fields.Many2one("calendar.event", "Meeting", index="btree_not_null", ondelete="set null")

    _value_marks = frozenset((
        "partner_id", "commercial_partner_id", "company_id", "channel_id", "direction", "date", "minutes",
    ))

    # One look finds the last contact of a customer, whichever way it went.
    _customer_direction_idx = models.Index("(commercial_partner_id, direction, date)")
    _minutes_range = models.Constraint(
        f"CHECK (minutes BETWEEN 0 AND {MINUTES_A_DAY})",
        "Enter minutes from 0 to 1440, which is a day. Log what took longer as several contacts.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "partner_id", "user_id", "channel_id", "direction", "date", "minutes", "summary", "event_id",
        }

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        """The contact's customer of now, and not of later: see ResPartner._customer_keep_contacts."""
        for log in self:
            log.commercial_partner_id = log.partner_id.commercial_partner_id

    @api.depends("commercial_partner_id.name", "channel_id.name")
    def _compute_display_name(self):
        for log in self:
            log.display_name = ", ".join(filter(None, (log.commercial_partner_id.name, log.channel_id.name)))

    @api.constrains("date")
    def _check_date(self):
        now = fields.Datetime.now()
        for log in self:
            if log.date > now:
                raise ValidationError(self.env._(
                    "%(moment)s is still to come. Log a contact when it has taken place, and plan an activity until "
                    "then.",
                    moment=format_datetime(self.env, log.date),
                ))

    @api.constrains("partner_id")
    def _check_partner(self):
        for log in self:
            if not log.partner_id.active:
                raise ValidationError(self.env._(
                    "%(contact)s is archived. Restore the contact, or choose another one.",
                    contact=log.partner_id.display_name,
                ))

    @api.model_create_multi
    def create(self, vals_list):
        logs = super().create(vals_list)
        logs._check_own()
        return logs

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self._check_own()
        return result

    def _check_own(self):
        """Let whoever only meets customers log what they did themselves; sales and service log for colleagues, too."""
        user = self.env.user
        if not self.env.su and not user.has_group(SERVICE_GROUP) and self.user_id - user:
            raise AccessError(self.env._(
                "You can log your own contacts only. Choose yourself, or ask your colleague to log it."
            ))

    @api.constrains("summary")
    def _check_summary(self):
        if any(not log.summary.strip() for log in self):
            raise ValidationError(self.env._("Write what you learned: a few words are enough."))

    def action_log_new(self):
        """Log a further contact, with the customer whose contacts are shown."""
        return self.env["customer.contact.wizard"]._action_of(
            self.env["res.partner"].browse(self.env.context.get("default_partner_id") or ())
        )

    @api.onchange("channel_id")
    def _onchange_channel_id(self):
        if self.minutes is False:
            self.minutes = self.channel_id.default_minutes

    def _value_customers(self):
        for company, logs in self.grouped("company_id").items():
            yield logs.commercial_partner_id, company
