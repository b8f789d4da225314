from odoo import api, fields, models
from odoo.fields import Domain

from ...models.complaint.customer_complaint_stage import OPEN_STATES

# Whose step it is, and what it leads to.
STEPS = {
    "acknowledge": (("received",), "handling"),
    "answer": (("handling",), "answered"),
    "close": (OPEN_STATES, "closed"),
    "reject": (OPEN_STATES, "rejected"),
}
# So many addresses are named.
NAMED_ADDRESSES = 3


class CustomerComplaintReason(models.TransientModel):
    """Asks what a step needs: an answer, what was learned, a reason, or whether to ask for a rating again."""

    _name = "customer.complaint.reason"
    _inherit = ["customer.service.wizard"]
    _description = "Answer, Close, Reject or Reopen Complaints"
    _named_fields = ("complaint_ids",)

    complaint_ids = fields.Many2many("customer.complaint", string="Complaints", required=True, readonly=True)
    purpose = fields.Selection(
        [
            ("acknowledge", "Acknowledge"), ("answer", "Answer"), ("close", "Close"), ("reject", "Reject"),
            ("reopen", "Reopen"), ("rate", "Ask Again"),
        ],
        required=True,
        readonly=True,
    )
    # Whether it may be empty is said by what it is for.
    reason = fields.Text()

    # Answer
    template_id = fields.Many2one(
        "mail.template", domain="[('id', 'in', answer_template_ids)]", ondelete="set null"
    )
    answer_template_ids = fields.Many2many("mail.template", compute="_compute_answer_template_ids")
    answer = fields.Html(
        compute="_compute_answer", store=True, readonly=False, sanitize_style=True,
        help="The customer reads this, by e-mail and on the portal.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True)
    preview = fields.Html(compute="_compute_preview")

    # Close
    cause_id = fields.Many2one("customer.complaint.cause", string="Root Cause", ondelete="set null")
    root_cause = fields.Text("Root Cause in Words")
    corrective_action = fields.Text(help="What is changed so that this does not happen again.")
    lacks_cause = fields.Boolean(compute="_compute_lacks")
    lacks_action = fields.Boolean(compute="_compute_lacks")

    # Who is told
    told_addresses = fields.Char(compute="_compute_told")
    untold_note = fields.Char(compute="_compute_told")
    tells_steps = fields.Boolean(
        "Tell the Customer by E-mail", compute="_compute_tells_steps", store=True, readonly=False
    )
    question = fields.Char(compute="_compute_question")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "complaint_ids", "purpose", "reason", "template_id", "answer", "attachment_ids", "cause_id", "root_cause",
            "corrective_action", "tells_steps",
        }

    @api.depends("purpose")
    def _compute_answer_template_ids(self):
        """Offer the templates of complaints that no stage sends by itself."""
        stages = self.env["customer.complaint.stage"].with_context(active_test=False)
        stages = stages.search([("template_id", "!=", False)])
        self.answer_template_ids = self.env["mail.template"].search(
            Domain("model", "=", "customer.complaint") & Domain("id", "not in", stages.template_id.ids)
        )

    @api.depends("template_id", "complaint_ids")
    def _compute_answer(self):
        """Write what the template says of the first complaint, in the language of its customer."""
        for wizard in self:
            complaint = wizard.complaint_ids._origin[:1]
            # Of those that are offered: one of another model would tell of what has the number of the complaint there.
            template = wizard.template_id & wizard.answer_template_ids._origin
            if template and complaint:
                wizard.answer = template._render_field("body_html", complaint.ids, compute_lang=True)[complaint.id]
            else:
                wizard.answer = wizard.answer or False

    @api.depends("answer", "complaint_ids", "purpose")
    def _compute_preview(self):
        """Show the e-mail that the customer gets of the first complaint."""
        for wizard in self:
            complaint = wizard.complaint_ids._origin[:1]
            answered = complaint and wizard.purpose == "answer" and complaint._find_stage("answered")
            wizard.preview = answered and complaint._preview_answer(answered.template_id, wizard.answer)

    @api.depends("complaint_ids")
    def _compute_lacks(self):
        for wizard in self:
            lacking = wizard.complaint_ids._origin._lacks_to_close()
            wizard.lacks_cause = any(
                not complaint.cause_id and not (complaint.root_cause or "").strip() for complaint in lacking
            )
            wizard.lacks_action = any(not (complaint.corrective_action or "").strip() for complaint in lacking)

    @api.depends("complaint_ids", "purpose")
    def _compute_told(self):
        """Say who gets an e-mail of this step, as long as the switch is on, and how many do not."""
        for wizard in self:
            states, leads_to = STEPS.get(wizard.purpose, ((), False))
            concerned = wizard.complaint_ids._origin.filtered_domain([("state", "in", states)])
            # The e-mail is that of the team's stage.
            written = concerned.browse().union(*(
                complaints
                for complaints in concerned.grouped("team_id").values()
                if complaints[0]._find_stage(leads_to).template_id
            ))
            reached = written.filtered("told_address")
            told = reached.filtered("tells_steps") or reached
            wizard.told_addresses = wizard._name_addresses(told.mapped("told_address"))
            wizard.untold_note = wizard._note_untold(
                len(concerned - written), len(written - reached), len(reached - told)
            )

    @api.model
    def _name_addresses(self, addresses):
        """Return whom a step tells: by address, and how many where that would be too much to read."""
        addresses = sorted(set(addresses))
        named, number = ", ".join(addresses[:NAMED_ADDRESSES]), len(addresses)
        if number <= 1:
            return named
        if number <= NAMED_ADDRESSES:
            return self.env._("%(number)s customers: %(names)s", number=number, names=named)
        return self.env._(
            "%(number)s customers: %(names)s and %(more)s more",
            number=number, names=named, more=number - NAMED_ADDRESSES,
        )

    def _note_untold(self, without_template, without_address, switched_off):
        """Return why how many of the complaints send no e-mail (one record)."""
        if without_address == len(self.complaint_ids) == 1:
            return self.env._("There is no e-mail address. Contact the customer in another way.")
        notes = []
        if without_address:
            notes.append(self.env._(
                "Complaints without an e-mail address: %s. Tell these customers in another way.", without_address
            ))
        if switched_off:
            notes.append(self.env._("Complaints whose e-mails are switched off: %s.", switched_off))
        if without_template:
            notes.append(self.env._("Complaints that get no e-mail about this step: %s.", without_template))
        return " ".join(notes)

    @api.depends("complaint_ids")
    def _compute_tells_steps(self):
        for wizard in self:
            wizard.tells_steps = wizard._told_anyway()

    def _told_anyway(self):
        """Tell whether a customer hears of this step unless somebody switches it off here (one record)."""
        complaints = self.complaint_ids._origin
        return any((complaints.filtered("told_address") or complaints).mapped("tells_steps"))

    @api.depends("complaint_ids", "purpose")
    def _compute_question(self):
        for wizard in self:
            asked = wizard.complaint_ids._origin._asked_lately() if wizard.purpose == "rate" else ()
            wizard.question = asked and self.env._("Asked %(ago)s. Ask again?", ago=asked._asked_ago())

    def action_confirm(self):
        """Acknowledge, answer, close, reject or reopen the complaints, or ask for ratings again."""
        self.ensure_one()
        complaints = self.complaint_ids
        if self.purpose == "rate":
            complaints.check_access("write")
            result = complaints._tell_asked(complaints._rating_askable()._rating_request())
            return {**result, "params": {**result["params"], "next": {"type": "ir.actions.act_window_close"}}}
        if self.purpose == "acknowledge" and not self.tells_steps:
            # The customer shall read the answer all the same.
            complaints._tell_nobody_now()
        elif self.purpose != "reopen" and self.tells_steps != self._told_anyway():
            complaints.write({"tells_steps": self.tells_steps})
        if self.purpose == "acknowledge":
            complaints.action_acknowledge()
        elif self.purpose == "answer":
            complaints._answer(self.answer or "", self.attachment_ids)
        elif self.purpose == "close":
            complaints._close_learned(self.cause_id, self.root_cause, self.corrective_action)
        elif self.purpose == "reject":
            complaints._reject(self.reason)
        else:
            complaints._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
