"""What a complaint is: from whom, about what, of what kind, where it stands, what came of it.

Its steps are in customer_complaint_closing, e-mails of customers in customer_complaint_gateway, e-mails to them in
customer_complaint_telling, their pages in customer_complaint_portal and their ratings in customer_complaint_rating.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import email_normalize, is_html_empty

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
    "partner_name", "email_from", "phone", "team_id", "channel_id", "category_id", "severity", "wanted_remedy",
    "order_id", "order_line_id", "invoice_id", "date_received", "cause_id", "root_cause", "corrective_action",
    "remedy", "compensation", "handling_hours", "tag_ids", "properties",
))
RANK = {severity: rank for rank, (severity, _label) in enumerate(SEVERITIES)}
INVOICE_GROUPS = "account.group_account_invoice,account.group_account_readonly"


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
    channel_id = fields.Many2one(
        "customer.contact.channel", required=True, index=True, ondelete="restrict",
        default=lambda self: self.env["customer.contact.channel"]._of("phone"),
    )
    channel_code = fields.Char(related="channel_id.code", string="Code of the Channel")
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

    tag_ids = fields.Many2many("customer.complaint.tag", string="Tags")
    properties = fields.Properties(definition="team_id.complaint_properties", copy=True)

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

    other_complaint_count = Integer("Other Complaints", compute="_compute_other_complaint_count")

    merged_ids = fields.One2many("customer.complaint", "merged_into_id", "Merged Complaints", readonly=True)
    # Taken over by the complaint that stays, where it knows nothing better.
    _merged_fields = (
        "partner_id", "category_id", "team_id", "user_id", "wanted_remedy", "order_id", "order_line_id",
        "product_id", "invoice_id", "cause_id", "root_cause", "corrective_action", "remedy",
    )

    credit_note_ids = fields.One2many(
        "account.move", "complaint_id", "Credit Notes", readonly=True, groups=INVOICE_GROUPS
    )
    credit_note_count = Integer(compute="_compute_credited", compute_sudo=True)
    credited_amount = Monetary(
        compute="_compute_credited", compute_sudo=True, groups=INVOICE_GROUPS, help="Untaxed, drafts included."
    )
    _compensation_positive = models.Constraint(
        "CHECK (compensation >= 0)", "The compensation cannot be negative."
    )
    _handling_hours_positive = models.Constraint(
        "CHECK (handling_hours >= 0)", "The time spent cannot be negative."
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
    @api.constrains("name", "description", "channel_id")
    def _check_description(self):
        """An e-mail may be empty but for its subject or its attachments; people have to say what happened."""
        if any(complaint.channel_code != "email" and is_html_empty(complaint.description) for complaint in self):
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

    def action_assign_to_me(self):
        """Make the user responsible."""
        self.write({"user_id": self.env.uid})

    # What it is about: an order, its line, a product, an invoice, all of one customer

    @api.onchange("order_id")
    def _onchange_order_id(self):
        """An order knows its customer, and often its only product."""
        if self.order_id:
            self.partner_id = self.partner_id or self.order_id.partner_id
            if self.order_line_id.order_id != self.order_id:
                self.order_line_id = False
            lines = self.order_id.order_line.filtered(lambda line: not line.display_type)
            if len(lines) == 1:
                self.order_line_id = lines
                self.product_id = lines.product_id

    @api.onchange("order_line_id")
    def _onchange_order_line_id(self):
        if self.order_line_id:
            self.order_id = self.order_line_id.order_id
            self.product_id = self.order_line_id.product_id

    @api.onchange("invoice_id")
    def _onchange_invoice_id(self):
        if self.invoice_id:
            self.partner_id = self.partner_id or self.invoice_id.partner_id

    @api.constrains("partner_id", "order_id", "order_line_id", "product_id", "invoice_id")
    def _check_links(self):
        """Nobody complains about somebody else's documents."""
        # sudo: who notes a complaint may not see every order; all that is told is that it does not fit.
        for complaint in self.sudo():
            message = complaint._wrong_link()
            if message:
                raise ValidationError(message)

    def _wrong_link(self):
        """Return what is wrong with the links of this complaint, or None (one record).

        In words that name no document: whoever changes a complaint may not see all of them.
        """
        line, order, invoice = self.order_line_id, self.order_id, self.invoice_id
        if line and line.order_id != order:
            return self.env._("The order line does not belong to the order. Choose a line of the order.")
        if line.product_id and self.product_id and line.product_id != self.product_id:
            return self.env._("The product is not the product of the order line. Change one of them.")
        if invoice and not invoice.is_sale_document(include_receipts=True):
            return self.env._("The document is no invoice to a customer. Choose another one.")
        customer = self.commercial_partner_id
        if customer and order and order.partner_id.commercial_partner_id != customer:
            return self.env._(
                "The order was not placed by this customer. Choose one of the customer's orders, or change the "
                "customer."
            )
        if customer and invoice and invoice.commercial_partner_id != customer:
            return self.env._(
                "The invoice was not sent to this customer. Choose one of the customer's invoices, or change the "
                "customer."
            )
        return None

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_other_complaint_count(self):
        complaints = self.env["customer.complaint"]
        customers = dict(complaints._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)], ["commercial_partner_id"], ["__count"]
        ))
        for complaint in self:
            others = customers.get(complaint.commercial_partner_id, 0)
            complaint.other_complaint_count = max(others - bool(complaint._origin), 0)

    def action_view_other_complaints(self):
        """Show what else this customer complains or complained about."""
        self.ensure_one()
        return self._view_complaints(
            self.env._("Complaints of %s", self.commercial_partner_id.display_name),
            [("commercial_partner_id", "=", self.commercial_partner_id.id), ("id", "!=", self.id)],
        )

    def _view_complaints(self, title, domain):
        self._check_inside()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "customer.complaint",
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"create": False},
        }

    # Making one complaint of several that tell the same

    def _lock_for_merge(self):
        self._lock_stage()

    def _merge_checked(self, target):
        """Move all that belongs to these complaints to ``target`` and close them."""
        unproven = any(complaint._is_of_unknown_sender() for complaint in self | target)
        for complaint in self:
            values = target._prepare_merged(complaint)
            complaint._move_thread(target)
            complaint._move_documents(target)
            # sudo: where a complaint went is written by merging alone. First: what is merged is closed in silence.
            complaint.sudo().merged_into_id = target
            complaint._move_to("closed", compensation=0.0, handling_hours=0.0)
            # sudo: what a complaint is about goes along, also documents that whoever merges may not open.
            target.sudo().write({name: values.pop(name) for name in self._link_fields() if name in values})
            target.write(values)
            complaint._message_log(
                body=Markup("%s %s") % (self.env._("Merged into"), target._get_html_link())
            )
            target._message_log(
                body=Markup("%s %s") % (self.env._("Took over all of"), complaint._get_html_link())
            )
        if unproven:
            # Whoever typed somebody else's address into the public form would read what that person wrote.
            # The next e-mail brings a new link to the address itself.
            target._void_links()
        return super()._merge_checked(target)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_merged(self):
        # sudo: what was merged counts also where whoever deletes may not see it.
        for complaint in self.sudo().with_context(active_test=False):
            if complaint.merged_ids:
                raise UserError(
                    self.env._(
                        "%(complaint)s contains the messages of %(merged)s, which would be lost. Archive it instead.",
                        complaint=complaint.display_name,
                        merged=", ".join(complaint.merged_ids.mapped("number")),
                    )
                )

    def _check_merge(self, target):
        """Raise when merging would lose something or show a customer what another one wrote."""
        if not self or target in self:
            raise UserError(self.env._("Choose another complaint: a complaint cannot be merged into itself."))
        if self.company_id != target.company_id:
            raise UserError(self.env._("Complaints to different companies cannot be merged."))
        (self | target)._check_one_customer()
        for complaint in self | target:
            if complaint.merged_into_id:
                raise UserError(
                    self.env._(
                        "%(complaint)s was merged into %(target)s already.",
                        complaint=complaint.display_name,
                        target=complaint.merged_into_id.display_name,
                    )
                )
        target._check_all(
            ("received", "handling", "answered"), self.env._("%s has ended. Reopen it before you merge into it.")
        )
        return super()._check_merge(target)

    def _check_one_customer(self):
        """Raise when a customer would read what another one wrote, were these complaints one."""
        if len(self.commercial_partner_id) > 1:
            raise UserError(
                self.env._(
                    "These complaints come from different customers, who would read each other's messages. "
                    "Only complaints of one customer can be merged."
                )
            )
        self._check_same_sender()

    def _sender_addresses(self):
        """Return the set of e-mail addresses from which those of these complaints came that have no contact."""
        unknown = self.filtered(lambda complaint: not complaint.partner_id and complaint.email_from)
        return {email_normalize(complaint.email_from, strict=False) or "" for complaint in unknown}

    def _check_same_sender(self):
        """Raise when some of these complaints came from senders without a contact who may be somebody else.

        Who left no address was sent no link, and reads nothing.
        """
        addresses = self._sender_addresses()
        family = self.commercial_partner_id
        if family:
            # sudo: which addresses are the customer's is asked, and told to nobody.
            partners = self.env["res.partner"].sudo()
            own = partners.search([("email_normalized", "in", list(addresses)), ("id", "child_of", family.ids)])
            same = addresses <= set(own.mapped("email_normalized"))
        else:
            same = len(addresses) <= 1
        if not same:
            raise UserError(
                self.env._(
                    "Some of these complaints have no contact, so they may come from different senders, who would "
                    "read each other's messages. Set the contact of each complaint before you merge them."
                )
            )

    def _prepare_merged(self, other):
        """Return the values this complaint takes over from ``other`` (one record each)."""
        values = {
            name: self._fields[name].convert_to_write(other[name], other)
            for name in self._merged_fields
            if other[name] and not self[name]
        }
        # sudo: only whether they fit; whoever merges may not see the order lines.
        line, other_line = self.sudo().order_line_id, other.sudo().order_line_id
        if line and other.product_id != line.product_id:
            values.pop("product_id", None)
        if self.order_id and self.order_id != other.order_id:
            values.pop("order_line_id", None)
        if self.product_id and other_line.product_id != self.product_id:
            values.pop("order_line_id", None)
        if RANK[other.severity] > RANK[self.severity]:
            values["severity"] = other.severity
        values["compensation"] = self.compensation + other.compensation
        if self.handling_hours is not False or other.handling_hours is not False:
            values["handling_hours"] = self.handling_hours + other.handling_hours
        return values

    def _move_thread(self, target):
        """Move messages, attachments, followers and activities (one record).

        Messages that only track stages stay: they tell the time this complaint spent in each.
        """
        # sudo: right to change both complaints includes what others wrote there; who may not change
        # one of them never comes here.
        messages = self.sudo().message_ids.filtered(
            lambda message: not message.tracking_value_ids and message.message_type != "user_notification"
        )
        messages.write({"res_id": target.id})
        attachments = self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", False)]
        )
        attachments.write({"res_id": target.id})
        self.sudo().with_context(active_test=False).activity_ids.write({"res_id": target.id})
        followers = self.message_partner_ids
        target.message_subscribe(followers.ids)
        self.message_unsubscribe(followers.ids)

    def action_merge(self):
        """Ask which complaint these are merged into."""
        self.check_access("write")
        self._check_one_customer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Complaints"),
            "res_model": "customer.complaint.merge",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_ids": self.ids},
        }

    # What the customer is given: compensation, credit notes

    @api.depends("credit_note_ids.state", "credit_note_ids.amount_untaxed_signed")
    def _compute_credited(self):
        groups = self.env["account.move"]._read_group(
            [("complaint_id", "in", self.ids), ("state", "!=", "cancel"), ("move_type", "=", "out_refund")],
            ["complaint_id"],
            ["__count", "amount_untaxed_signed:sum"],
        )
        found = {complaint.id: (count, -amount) for complaint, count, amount in groups}
        for complaint in self:
            count, amount = found.get(complaint._origin.id, (0, 0.0))
            complaint.credit_note_count = count
            complaint.credited_amount = amount

    def _move_documents(self, target):
        """Take along what was made from this complaint, when it is merged: credit notes (one record).

        Extension point.
        """
        # sudo: whoever may merge complaints need not see documents of accounting.
        self.sudo().credit_note_ids.write({"complaint_id": target.id})

    def action_create_credit_note(self):
        """Ask how much is credited, and for which invoice."""
        self.ensure_one()
        self._check_can_credit()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Note"),
            "res_model": "customer.complaint.credit",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def _check_can_credit(self):
        """Raise, in words a person of the desk understands, when a credit note cannot be made (one record)."""
        self.check_access("write")
        if not self.env["account.move"].has_access("create"):
            raise AccessError(
                self.env._(
                    "You have no rights to create credit notes. Enter the compensation and assign an activity to a "
                    "colleague in invoicing."
                )
            )
        if self.merged_into_id:
            raise UserError(
                self.env._("%s was merged into another complaint. Create the credit note there.", self.display_name)
            )
        if self.state == "rejected":
            raise UserError(self.env._("%s was rejected. Reopen it before you credit anything.", self.display_name))
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer first. A credit note needs a customer."))

    def action_view_credit_notes(self):
        """Show the credit notes made from this complaint."""
        self.ensure_one()
        moves = self.credit_note_ids
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Notes"),
            "res_model": "account.move",
            "context": {"create": False},
        }
        if len(moves) == 1:
            return {**action, "res_id": moves.id, "views": [(False, "form")]}
        return {**action, "domain": [("complaint_id", "=", self.id)], "views": [(False, "list"), (False, "form")]}

    @api.model
    def _action_new(self, contact, company):
        """Return the form of a new complaint of a contact to a company."""
        self.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Complaint"),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": {"default_partner_id": contact.id, "default_company_id": company.id},
        }
