from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_list
from odoo.tools.misc import clean_context

from ...models.base.number_fields import Integer
from ...models.contact.customer_contact_channel import MINUTES_A_DAY
from ...models.contact.customer_contact_log import DIRECTIONS


class CustomerContactWizard(models.TransientModel):
    """Logs a contact with one customer, or with many at once, and plans what is to be done next."""

    _name = "customer.contact.wizard"
    _inherit = ["customer.service.wizard"]
    _description = "Log a Contact"
    _named_fields = ("partner_ids",)

    partner_ids = fields.Many2many(
        "res.partner", string="With", required=True,
        help="Whom you were in touch with. Each customer gets a contact of their own.",
    )
    customer_count = Integer(compute="_compute_customer_count")
    user_id = fields.Many2one(
        "res.users", "Who of Us", required=True, default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', allowed_company_ids)]",
    )
    channel_id = fields.Many2one(
        "customer.contact.channel", required=True,
        default=lambda self: self.env["customer.contact.channel"]._of("phone"),
    )
    direction = fields.Selection(DIRECTIONS, "Who Began", required=True, default="out")
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    minutes = Integer(
        compute="_compute_minutes", store=True, readonly=False, optional=True,
        help="How long it took one of us. Empty: not known.",
    )
    is_shared = fields.Boolean(
        "Divide the Minutes", default=True,
        help="For a round table: an hour with six customers is ten minutes for each.",
    )
    summary = fields.Text("What We Learned", required=True)
    event_id = fields.Many2one("calendar.event", "Meeting", readonly=True)
    next_step = fields.Char()
    next_type_id = fields.Many2one(
        "mail.activity.type", "Kind of Activity", default=lambda self: self._default_next_type_id(),
        domain="[('res_model', 'in', [False, 'res.partner']), ('category', '!=', 'upload_file')]",
    )
    next_date = fields.Date(
        "Due", default=lambda self: fields.Date.context_today(self) + timedelta(days=7)
    )
    next_user_id = fields.Many2one(
        "res.users", "Assigned to", default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', allowed_company_ids)]",
    )

    _minutes_range = models.Constraint(
        f"CHECK (minutes BETWEEN 0 AND {MINUTES_A_DAY})",
        "Enter minutes from 0 to 1440, which is a day. Log what took longer as several contacts.",
    )

    @api.model
    def _default_next_type_id(self):
        return self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False) or self.env[
            "mail.activity.type"
        ].search([("res_model", "=", False)], limit=1)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "partner_ids", "user_id", "channel_id", "direction", "date", "minutes", "is_shared", "summary", "event_id",
            "next_step", "next_type_id", "next_date", "next_user_id",
        }

    @api.depends("channel_id")
    def _compute_minutes(self):
        for wizard in self:
            wizard.minutes = wizard.channel_id.default_minutes

    @api.depends("partner_ids")
    def _compute_customer_count(self):
        for wizard in self:
            wizard.customer_count = len(wizard.partner_ids.commercial_partner_id)

    @api.constrains("date")
    def _check_date(self):
        if any(wizard.date > fields.Datetime.now() for wizard in self):
            raise ValidationError(self.env._("A contact is logged when it has taken place. Choose now or earlier."))

    @api.model
    def _action_of(self, partners, **defaults):
        """Return the dialog for contacts, which the user may read, with further defaults of its context."""
        self.check_access("create")
        partners.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Contact"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_ids": partners.ids, **defaults},
        }

    def action_log(self):
        """Log the contact with each customer, and plan the next step."""
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(self.env._("Choose whom you were in touch with."))
        # What the dialog began with is none of the activity's and its messages' business.
        wizard = self.with_env(self.env(context=clean_context(self.env.context)))
        logs = wizard.env["customer.contact.log"].create(wizard._prepare_logs())
        if (wizard.next_step or "").strip():
            wizard._plan(logs.partner_id)
        return {"type": "ir.actions.act_window_close"}

    def _prepare_logs(self):
        """Return the values of a log for each customer."""
        families = self.partner_ids.grouped("commercial_partner_id")
        values = []
        for (customer, contacts), minutes in zip(families.items(), self._minutes_of_each(len(families)), strict=True):
            summary = self.summary.strip()
            if len(contacts) > 1:
                # Nobody who was there is forgotten, and the time is counted once.
                names = format_list(self.env, contacts.mapped("name"))
                summary = f"{summary}\n{self.env._('With %(names)s.', names=names)}"
            values.append({
                "partner_id": (contacts if len(contacts) == 1 else customer).id,
                "user_id": self.user_id.id,
                "channel_id": self.channel_id.id,
                "direction": self.direction,
                "date": self.date,
                "minutes": minutes,
                "summary": summary,
                "event_id": self.event_id.id,
            })
        return values

    def _minutes_of_each(self, customers):
        """Return the minutes for each of so many customers: together as many as there were, if they are divided."""
        if self.minutes is False or not self.is_shared:
            return [self.minutes] * customers
        share, rest = divmod(self.minutes, customers)
        return [share + (position < rest) for position in range(customers)]

    def _plan(self, contacts):
        """Plan the next step with each contact."""
        # sudo: whoever may read a contact, as was checked, may plan to be in touch again, as Odoo's own buttons let
        # only those who may change contacts.
        for contact in contacts.sudo():
            contact.activity_schedule(
                activity_type_id=self.next_type_id.id,
                date_deadline=self.next_date or fields.Date.context_today(self),
                summary=self.next_step.strip(),
                user_id=(self.next_user_id or self.env.user).id,
                automated=False,
            )
