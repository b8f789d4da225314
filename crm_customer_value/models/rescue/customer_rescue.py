"""One effort to keep a customer, or to win one back."""

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..base.number_fields import Monetary
from ..value.customer_value import AMOUNT_GROUP

REASONS = [
    ("complaint", "Complaint"),
    ("late", "Late delivery"),
    ("price", "Price rise"),
    ("left", "Person left"),
    ("silence", "No contact by us"),
]


class CustomerRescue(models.Model):
    """An effort, or a customer who was held out so that its effect can be measured."""

    _name = "customer.rescue"
    _description = "Effort to Keep or Win Back"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.unknown.last.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, copy=False, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, copy=False, index=True, check_company=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Commercial Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    kind = fields.Selection(
        [("keep", "Keep"), ("win_back", "Win Back")], required=True, readonly=True, copy=False, index=True,
        help="Keep: may be lost. Win back: dormant or lost.",
    )
    state = fields.Selection(
        [("done", "Started"), ("held_out", "Held Out")], required=True, default="done", readonly=True, copy=False,
        help="Held out: nothing was done, so that you see what efforts bring.",
    )
    is_compared = fields.Boolean(
        "Counts in the Effect", default=True, readonly=True, copy=False,
        help="The customer could have been held out. Key customers, and those with a severe complaint, never are: "
        "compared with others, they would make efforts look better or worse than they are.",
    )
    date = fields.Date(required=True, readonly=True, copy=False, index=True, help="The day on which the effort began.")
    user_id = fields.Many2one("res.users", "Responsible", index=True)
    lead_ids = fields.One2many("crm.lead", "rescue_id", "Opportunity", readonly=True)
    reason = fields.Selection(
        REASONS, "Possible Reason",
        help="What facts point to: the first of a complaint, a late delivery, a price rise, a person who left, no "
        "contact by us since the last purchase. Change it when the customer told you. Empty: not known.",
    )
    reason_date = fields.Date("Date of the Reason", readonly=True, copy=False)
    offer = fields.Text("What We Offer")
    action_text = fields.Char("Suggested Action", compute="_compute_action_text")
    cost = Monetary(required=True, default=0.0, help="What the effort costs: time, gifts, discounts.")
    past_value = Monetary(
        "Past Value a Year", readonly=True, copy=False, optional=True, groups=AMOUNT_GROUP, exportable=False,
        help="Margin of a year while the customer bought; revenue where no margin is known.",
    )
    expected_value = Monetary(
        "Expected Without Effort", readonly=True, copy=False, optional=True, groups=AMOUNT_GROUP, exportable=False,
        help="What we expected in the next 12 months, on that day.",
    )
    worth = Monetary(
        "Worth of the Effort", readonly=True, copy=False, optional=True, groups=AMOUNT_GROUP, exportable=False,
        help="Keep: the money at risk. Win back: the past value of a year times the chance of winning back, or what is "
        "expected without an effort, whichever is more.",
    )
    result = fields.Selection(
        [("kept", "Bought"), ("lost", "Lost")], "After 90 Days", readonly=True, copy=False,
        help="Whether the customer bought within 90 days. Empty: they are not over yet.",
    )
    result_date = fields.Date(
        "Date of the Result", readonly=True, copy=False,
        help="The day on which the customer bought within the 90 days. Lost: the last of them.",
    )
    bought_on = fields.Date(
        "Bought Again", readonly=True, copy=False, help="The first purchase within a year after that day."
    )
    revenue = Monetary(
        "Revenue After", readonly=True, copy=False, optional=True, groups=AMOUNT_GROUP, exportable=False,
        help="In the year after the effort began.",
    )
    margin = Monetary(
        "Margin After", readonly=True, copy=False, optional=True, groups=AMOUNT_GROUP, exportable=False,
        help="In the year after the effort began. Empty: not known, or nothing was bought.",
    )

    _cost_positive = models.Constraint("CHECK (cost >= 0)", "The cost of an effort cannot be below zero.")
    # Two people who start the same list start it once.
    _day_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id, date)", "An effort for this customer was started today. Find customers again."
    )
    _due_idx = models.Index("(company_id, date)")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"user_id", "reason", "offer", "cost"}

    @api.depends("kind", "partner_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for rescue in self:
            rescue.display_name = f"{labels.get(rescue.kind, '')}: {rescue.partner_id.name or ''}"

    @api.depends("reason", "kind")
    @api.depends_context("lang")
    def _compute_action_text(self):
        for rescue in self:
            rescue.action_text = self._action_text(rescue.reason, rescue.kind)

    @api.model
    def _action_text(self, reason, kind):
        """Return what to do about a reason (maybe False)."""
        texts = {
            "complaint": self.env._("Call: is the complaint settled? Make good what is not."),
            "late": self.env._("Call: apologise for the late delivery, and promise how the next one will be in time."),
            "price": self.env._("Talk about the price: what the customer gains for it, or a better offer."),
            "left": self.env._("Find out who decides now, and introduce yourself."),
            "silence": self.env._("Call or visit: nobody of us was in touch since the last purchase."),
        }
        other = self.env._("Call: why did you stop buying?") if kind == "win_back" else self.env._(
            "Call: how are you doing with our products?"
        )
        return texts.get(reason) or other

    def _result_text(self):
        """Return the result in a word or two, empty as long as it is not known (one record).

        Whoever bought is kept at once; what efforts bring is judged when the 90 days are over.
        """
        if not self.result_date:
            return ""
        if self.result == "lost":
            return self.env._("Lost")
        return self.env._("Won Back") if self.kind == "win_back" else self.env._("Kept")

    def action_view_lead(self):
        """Open the opportunity of this effort."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_ids[:1].id,
            "views": [(False, "form")],
        }

    # ---- starting --------------------------------------------------------------------------

    @api.model
    def _start(self, vals_list):
        """Start efforts, as superuser: an opportunity for who is gone, an activity for who is still there.

        :param list vals_list: values of efforts; of those that are held out nothing else is made
        """
        rescues = self.sudo().create(vals_list)
        started = rescues.filtered(lambda rescue: rescue.state == "done")
        started.filtered(lambda rescue: rescue.kind == "win_back")._open_leads()
        for rescue in started.filtered(lambda rescue: rescue.kind == "keep"):
            spoken = rescue.with_context(lang=rescue.user_id.lang or self.env.lang)
            rescue.partner_id.activity_schedule(
                "mail.mail_activity_data_call", summary=spoken.action_text, user_id=rescue.user_id.id,
                note=plaintext2html(rescue.offer) if rescue.offer else False,
            )
        return rescues

    def _open_leads(self):
        """Make the opportunities of these efforts. They tell no amount: their salesperson need not know it."""
        self.env["crm.lead"].create([
            {
                "name": self.env._("Win back: %(customer)s", customer=rescue.partner_id.display_name),
                "type": "opportunity",
                "partner_id": rescue.partner_id.id,
                "user_id": rescue.user_id.id,
                "company_id": rescue.company_id.id,
                "rescue_id": rescue.id,
                "description": plaintext2html(rescue.offer) if rescue.offer else False,
            }
            for rescue in self
        ])
