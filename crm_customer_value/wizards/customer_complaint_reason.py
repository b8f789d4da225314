from odoo import api, fields, models
from odoo.fields import Domain


class CustomerComplaintReason(models.TransientModel):
    """Asks what a step needs: an answer, what was learned, a reason, or whether to ask for a rating again."""

    _name = "customer.complaint.reason"
    _inherit = ["customer.service.wizard"]
    _description = "Answer, Close, Reject or Reopen Complaints"
    _named_fields = ("complaint_ids",)

    complaint_ids = fields.Many2many("customer.complaint", string="Complaints", required=True, readonly=True)
    purpose = fields.Selection(
        [("answer", "Answer"), ("close", "Close"), ("reject", "Reject"), ("reopen", "Reopen"), ("rate", "Ask Again")],
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
    told_addresses = fields.Char(compute="_compute_told_addresses")
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

    @api.depends("complaint_ids")
    def _compute_told_addresses(self):
        for wizard in self:
            addresses = wizard.complaint_ids._origin.mapped("told_address")
            wizard.told_addresses = ", ".join(sorted(set(filter(None, addresses))))

    @api.depends("complaint_ids")
    def _compute_tells_steps(self):
        for wizard in self:
            wizard.tells_steps = all(wizard.complaint_ids._origin.mapped("tells_steps"))

    @api.depends("complaint_ids", "purpose")
    def _compute_question(self):
        for wizard in self:
            asked = wizard.complaint_ids._origin._asked_lately() if wizard.purpose == "rate" else ()
            wizard.question = asked and self.env._("Asked %(ago)s. Ask again?", ago=asked._asked_ago())

    def action_confirm(self):
        """Answer, close, reject or reopen the complaints, or ask for ratings again."""
        self.ensure_one()
        complaints = self.complaint_ids
        if self.purpose == "rate":
            complaints.check_access("write")
            result = complaints._tell_asked(complaints._rating_askable()._rating_request())
            return {**result, "params": {**result["params"], "next": {"type": "ir.actions.act_window_close"}}}
        if self.purpose != "reopen" and complaints.filtered(
            lambda complaint: complaint.tells_steps != self.tells_steps
        ):
            complaints.write({"tells_steps": self.tells_steps})
        if self.purpose == "answer":
            complaints._answer(self.answer or "", self.attachment_ids)
        elif self.purpose == "close":
            complaints._close_learned(self.cause_id, self.root_cause, self.corrective_action)
        elif self.purpose == "reject":
            complaints._reject(self.reason)
        else:
            complaints._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
