from odoo import api, fields, models

from ..base.number_fields import Float, Monetary
from ..value.customer_value_mixin import SALES_GROUP


class CustomerCareLog(models.Model):
    """One act of care: for whom, by which rule, for what occasion, and what came of it.

    Who was held out has one too, and who was not cared for: nobody is looked at twice for one occasion.
    """

    _name = "customer.care.log"
    _description = "Act of Care"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    rule_id = fields.Many2one(
        "customer.care.rule", required=True, index=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, readonly=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    user_id = fields.Many2one("res.users", "Responsible", index=True, readonly=True)
    occasion = fields.Char(
        "Key of the Occasion", required=True, readonly=True,
        help="What the care is for, as a key: nobody is cared for twice for one occasion."
    )
    name = fields.Char("Occasion", readonly=True)
    date_due = fields.Date("Day of the Occasion", readonly=True)
    date = fields.Date(required=True, index=True, readonly=True, help="The day on which it was done, or not done.")
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done"), ("held_out", "Held Out"), ("skipped", "Not Done"), ("failed", "Failed")],
        required=True, default="done", index=True, readonly=True,
        help="To do: tonight. Held out: nothing was done, so that the effect of care can be measured. Not done: there "
        "was a reason not to.",
    )
    obstacle = fields.Selection(
        [
            ("archived", "The contact is archived."),
            ("no_address", "The contact has no e-mail address."),
            ("blacklisted", "The address is on the blacklist."),
            ("opted_out", "The contact wants no promotion."),
            ("no_consent", "Nobody noted that the contact agrees to promotion."),
            ("broken", "The relationship is broken."),
            ("complaint", "A severe complaint is open."),
            ("quiet", "The customer was cared for a few days ago."),
            ("late", "It is too late."),
            ("off", "The rule was switched off."),
        ],
        "Why Not Done", readonly=True,
    )
    error = fields.Char("Message", readonly=True)
    reason = fields.Char("Why Not", compute="_compute_reason")
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = Monetary(readonly=True, optional=True, help="What was given away. Empty: not known, or nothing.")
    # As on the contact: service agents know class and stage of a customer, and no value.
    value_index = Float(
        digits=(16, 1), readonly=True, aggregator="avg", optional=True, groups=SALES_GROUP, help="On that day."
    )
    result = fields.Selection(
        [("bought", "Bought"), ("none", "Did Not Buy")], "Within 90 Days", readonly=True,
        help="Whether the customer bought in the 90 days after. Empty: they are not over yet.",
    )
    result_index = Float(
        "Value Index After 90 Days", digits=(16, 1), readonly=True, aggregator="avg", optional=True, groups=SALES_GROUP,
        help="At the last month end within the 90 days after.",
    )
    is_compared = fields.Boolean(
        "Counts in the Effect", default=True, readonly=True,
        help="The customer could have been held out. Key customers and broken relationships never are: compared with "
        "others, they would make care look better or worse than it is.",
    )
    mail_id = fields.Many2one("mail.mail", "E-mail", readonly=True, index="btree_not_null", ondelete="set null")

    _occasion_uniq = models.Constraint(
        "UNIQUE(rule_id, partner_id, occasion)", "This customer was cared for on this occasion already."
    )
    _todo_idx = models.Index("(rule_id, id) WHERE state = 'todo'")
    _result_idx = models.Index("(company_id, date) WHERE result IS NULL AND state IN ('done', 'held_out')")

    @api.depends("obstacle", "error")
    def _compute_reason(self):
        labels = dict(self._fields["obstacle"]._description_selection(self.env))
        for log in self:
            log.reason = log.error or labels.get(log.obstacle)

    @api.depends("name", "commercial_partner_id.name")
    def _compute_display_name(self):
        for log in self:
            log.display_name = ": ".join(filter(None, (log.commercial_partner_id.name, log.name)))
