from odoo import api, fields, models

STATES = [
    ("received", "Received"),
    ("handling", "Being Handled"),
    ("answered", "Answered"),
    ("closed", "Closed"),
    ("rejected", "Rejected"),
]
OPEN_STATES = ("received", "handling", "answered")
# In these the customer has no answer yet, and deadlines count.
RUNNING_STATES = ("received", "handling")


class CustomerComplaintStage(models.Model):
    """A step on a complaint's way. What a stage means is said by its fields, never by its name."""

    _name = "customer.complaint.stage"
    _description = "Complaint Stage"
    _inherit = ["customer.link.mixin", "customer.stage.mixin"]

    state = fields.Selection(
        STATES,
        string="Meaning",
        required=True,
        default="handling",
        help="Received: not acknowledged yet. Answered: the customer has our answer and may confirm or reopen. "
        "Closed and rejected end the complaint.",
    )
    clock_stops = fields.Boolean(
        "On Hold",
        help="Deadlines are on hold in this stage, because we wait for the customer."
    )
    template_id = fields.Many2one(
        "mail.template",
        string="E-mail to the Customer",
        domain=[("model", "=", "customer.complaint")],
        help="Sent when a complaint enters this stage.",
    )
    team_ids = fields.Many2many(
        "customer.complaint.team", string="Teams", help="Empty: the stage is used by all teams."
    )
    description = fields.Text(translate=True)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"clock_stops", "template_id", "team_ids", "description"}

    def write(self, vals):
        """Have complaints follow when their stages mean something else, or stop the clock, from now on."""
        result = super().write(vals)
        changed = {"state", "clock_stops"} & vals.keys()
        if changed:
            # sudo: what a stage means is so for all complaints, whoever may see them.
            complaints = self.env["customer.complaint"].sudo().with_context(active_test=False)
            complaints._on_stages_redefined(self, changed)
        return result
