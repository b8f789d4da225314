from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

from ..base.number_fields import Float, Integer, Monetary
from ..deadline.customer_deadline_mixin import WorkingTimes
from .customer_complaint_category import SEVERE, SEVERITIES
from .customer_complaint_stage import OPEN_STATES

REMEDIES = [
    ("explanation", "Explanation"),
    ("repair", "Repair"),
    ("replacement", "Replacement"),
    ("discount", "Price Reduction"),
    ("refund", "Refund"),
    ("apology", "Apology"),
    ("other", "Other"),
]

# What people enter beside what they enter of all that customers tell.
WRITABLE_FIELDS = frozenset((
    "partner_name", "email_from", "phone", "team_id", "channel", "category_id", "severity", "wanted_remedy",
    "order_id", "order_line_id", "invoice_id", "date_received", "cause_id", "root_cause", "corrective_action",
    "remedy", "compensation", "handling_hours",
))


class CustomerComplaint(models.Model):
    """A customer tells what went wrong."""

    _name = "customer.complaint"
    _description = "Complaint"
    _inherit = [
        "customer.flow.mixin",
        "customer.deadline.mixin",
        "customer.voice.mixin",
        "rating.mixin",
        "mail.tracking.duration.mixin",
        "customer.value.mixin",
    ]
    _rec_names_search = ["number", "name"]
    # The queue: what is late, then where most is at stake, then what waits longest. By rank and not by amount:
    # whoever sorts records by an amount finds it out.
    _order = "is_missed desc, stake_rank desc nulls last, date_received, id"
    _primary_email = "email_from"
    _track_duration_field = "stage_id"
    _open_states = OPEN_STATES
    _portal_path = "/my/complaints"

    description = fields.Html(help="What happened, in the customer's words.")
    color = Integer(related="stage_id.color")
    currency_id = fields.Many2one(related="company_id.currency_id")

    # Who
    partner_id = fields.Many2one(string="Contact")
    partner_name = fields.Char("Sender's Name", help="Name of the sender while there is no contact.")
    email_from = fields.Char("E-mail", compute="_compute_contact_details", store=True, readonly=False)
    phone = fields.Char(compute="_compute_contact_details", store=True, readonly=False)
    team_id = fields.Many2one(
        "customer.complaint.team", index=True, tracking=True, check_company=True, ondelete="restrict"
    )

    # What
    channel = fields.Selection(
        [
            ("portal", "Portal"),
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("visit", "Visit"),
            ("other", "Other"),
        ],
        required=True,
        default="phone",
    )
    category_id = fields.Many2one(
        "customer.complaint.category", index=True, tracking=True, check_company=True, ondelete="restrict"
    )
    severity = fields.Selection(
        SEVERITIES,
        compute="_compute_severity",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    wanted_remedy = fields.Selection(REMEDIES, help="What the customer asks for.")
    order_id = fields.Many2one("sale.order", index="btree_not_null", check_company=True)
    order_line_id = fields.Many2one(
        "sale.order.line", index="btree_not_null", check_company=True, ondelete="set null"
    )
    invoice_id = fields.Many2one("account.move", index="btree_not_null", check_company=True)

    # Where it stands
    stage_id = fields.Many2one(
        "customer.complaint.stage",
        index=True,
        tracking=True,
        copy=False,
        ondelete="restrict",
        group_expand="_group_expand_stage_id",
        default=lambda self: self._default_stage_id(),
        domain="['|', ('team_ids', '=', False), ('team_ids', '=', team_id)]",
    )
    state = fields.Selection(related="stage_id.state", store=True, index=True, string="Status")
    date_received = fields.Datetime(
        "Received", required=True, copy=False, default=fields.Datetime.now, tracking=True
    )
    date_acknowledged = fields.Datetime("Acknowledged", readonly=True, copy=False)
    date_answered = fields.Datetime("Answered", readonly=True, copy=False)
    date_closed = fields.Datetime("Closed", readonly=True, copy=False, index=True)
    reopen_count = Integer("Times Reopened", readonly=True, copy=False)
    merged_into_id = fields.Many2one(
        "customer.complaint", readonly=True, copy=False, index="btree_not_null", check_company=True,
        ondelete="restrict",
    )

    # What came of it
    cause_id = fields.Many2one("customer.complaint.cause", string="Root Cause", index="btree_not_null")
    root_cause = fields.Text("Root Cause in Words", copy=False)
    corrective_action = fields.Text(
        copy=False, help="What you change so that this does not happen again."
    )
    remedy = fields.Selection(REMEDIES, string="Given Remedy", copy=False, tracking=True)
    compensation = Monetary(copy=False, tracking=True, help="Untaxed amount that the customer gets.")
    handling_hours = Float(copy=False, help="Hours that your employees spent on this complaint.", optional=True)
    effort_score = Integer(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="How easy it was to get this solved (customer's answer): 1 very hard, 7 very easy. Empty: no answer.",
        optional=True,
    )

    _unique_number = models.UniqueIndex(
        "(company_id, number) WHERE number != '/'", "There is already a complaint of this number."
    )
    _queue_index = models.Index(
        "(company_id, is_missed DESC, stake_rank DESC NULLS LAST, date_received, id) WHERE active"
    )

    @api.model
    def _default_stage_id(self):
        return self.env["customer.complaint.stage"].search(
            [("team_ids", "=", False), ("state", "=", "received")], limit=1
        )

    @api.depends("partner_id")
    def _compute_contact_details(self):
        for complaint in self:
            if complaint.partner_id:
                # What a sender without a contact typed is no address of the contact whom the desk finds later.
                typed = False if complaint._origin else complaint.email_from
                complaint.email_from = complaint.partner_id.email or typed
                complaint.phone = complaint.partner_id.phone or complaint.phone

    @api.depends("category_id")
    def _compute_severity(self):
        """A new complaint is as severe as its category says; later, people decide."""
        for complaint in self:
            default = not complaint._origin and complaint.category_id.severity
            complaint.severity = default or complaint.severity or "medium"

    @api.constrains("name")
    def _check_name(self):
        if any(not (complaint.name or "").strip() for complaint in self):
            raise ValidationError(self.env._("Enter a subject: in a few words, what went wrong."))

    # The subject is always given, so that this is looked at where nobody wrote any description too.
    @api.constrains("name", "description", "channel")
    def _check_description(self):
        """An e-mail may be empty but for its subject or its attachments; people have to say what happened."""
        if any(complaint.channel != "email" and is_html_empty(complaint.description) for complaint in self):
            raise ValidationError(
                self.env._("Describe what happened, in the customer's words. The description is empty.")
            )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | WRITABLE_FIELDS

    @api.model
    def _next_number(self, company):
        """Draw a number from the sequence of the company, which has one of its own."""
        return company._next_complaint_number()

    def _choose_stages(self):
        """Put complaints without a stage, or with one of another team, into the first that their team uses."""
        for complaint in self:
            if not complaint.stage_id or not complaint._is_stage_allowed(complaint.stage_id):
                complaint.stage_id = complaint._find_stage(complaint.state or "received") or complaint.stage_id

    def _set_stage_dates(self, previous):
        """Note when complaints were acknowledged, answered, closed and opened again.

        :param previous: {complaint: stage it left}; one that is not there is new, or its stage means
            something else now
        """
        now, times = fields.Datetime.now(), WorkingTimes()
        for complaint in self:
            old, new, values = previous.get(complaint), complaint.state, {}
            if new != "received" and not complaint.date_acknowledged:
                values["date_acknowledged"] = now
            if new == "answered" and (old or not complaint.date_answered):
                values["date_answered"] = now
            if new not in OPEN_STATES:
                if not complaint.date_closed or (old and old.state in OPEN_STATES):
                    values["date_closed"] = now
            elif complaint.date_closed:
                values["date_closed"] = False
            if new in ("received", "handling") and complaint.customer_confirmed:
                # What is said of this answer says nothing of the next.
                values["customer_confirmed"] = False
            if old and old.state not in OPEN_STATES and new in OPEN_STATES:
                if complaint.merged_into_id:
                    raise UserError(
                        self.env._(
                            "%(complaint)s was merged into %(target)s. Reopen that one.",
                            complaint=complaint.display_name,
                            target=complaint.merged_into_id.display_name,
                        )
                    )
                values["reopen_count"] = complaint.reopen_count + 1
            # sudo: these dates follow from the stage, which the user may write, and are nobody's to choose.
            own = complaint.sudo()
            values |= own._prepare_response(values, now, times, old and own._done_since(old))
            own.write({**values, "first_contact": own._prepare_first_contact()})

    def _find_stage(self, *states):
        """Return the first stage with one of these meanings that this complaint's team uses (one record).

        One in which the clock runs, if there is any: nobody is waited for yet.
        """
        return self.env["customer.complaint.stage"].search(
            [("state", "in", states), ("team_ids", "in", [False, *self.team_id.ids])],
            order="clock_stops, sequence, id",
            limit=1,
        )

    def _is_stage_allowed(self, stage):
        """Tell whether this complaint's team uses ``stage`` (one record)."""
        return not stage.team_ids or self.team_id in stage.team_ids

    def _is_severe(self):
        """Tell whether this complaint is of high or critical severity (one record)."""
        return self.severity in SEVERE
