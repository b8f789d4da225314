"""Who is worth an effort, shown before anything is started."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...engine.rescue import candidates
from ...models.base.number_fields import Integer, Monetary
from ...models.rescue.customer_rescue import REASONS

MOST = 500
# Proposed at most; and where nobody said what the teams can take on.
USUAL_MOST, USUAL = 50, 20
# What customers were looked for by.
SEARCHED_BY = ("company_id", "kind", "cost", "number")
# What an effort keeps of its customer, as it was on that day.
STARTED_WITH = ("past_value", "expected_value", "worth", "is_compared")


class CustomerRescuePlan(models.TransientModel):
    """The customers who are worth an effort, the most worth first; those that are left in the list are started."""

    _name = "customer.rescue.plan"
    _description = "Keep and Win Back"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection([("keep", "Keep"), ("win_back", "Win Back")], required=True, default="win_back")
    cost = Monetary("Cost of Each Effort", compute="_compute_cost", store=True, precompute=True, readonly=False)
    number = Integer(
        "Customers at Most", required=True, default=lambda self: self._default_number(),
        help=f"As many as the members of your teams can take on in 30 days, at most {USUAL_MOST}; {USUAL} "
        "where that is not set.",
    )
    offer = fields.Text("What We Offer", help="Goes with the opportunity, or the activity.")
    line_ids = fields.One2many("customer.rescue.plan.line", "plan_id", "Customers")
    held_out_count = Integer("Held Out", compute="_compute_held_out_count")
    is_found = fields.Boolean(readonly=True, copy=False, help="The list is what this search found.")

    _number_range = models.Constraint(f"CHECK (number BETWEEN 1 AND {MOST})", f"Choose from 1 to {MOST} customers.")
    _cost_positive = models.Constraint("CHECK (cost >= 0)", "The cost of an effort cannot be below zero.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"company_id", "kind", "cost", "number", "offer", "line_ids"}

    @api.model
    def _default_number(self):
        teams = self.env["crm.team"].search([("company_id", "in", [self.env.company.id, False])])
        # sudo: what others can take on is no secret of theirs.
        return max(0, min(sum(teams.sudo().mapped("assignment_max")), USUAL_MOST)) or USUAL

    @api.depends("kind", "company_id")
    def _compute_cost(self):
        for plan in self:
            company = plan.company_id
            plan.cost = company.rescue_keep_cost if plan.kind == "keep" else company.rescue_win_back_cost

    @api.depends("line_ids.is_held_out")
    def _compute_held_out_count(self):
        for plan in self:
            plan.held_out_count = len(plan.line_ids.filtered("is_held_out"))

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for plan in self:
            plan.display_name = labels.get(plan.kind)

    @api.onchange(*SEARCHED_BY)
    def _onchange_search(self):
        """Show no list of another search."""
        self.is_found = False
        self.line_ids = False

    def write(self, vals):
        """Start nobody who was found by another search."""
        result = super().write(vals)
        if set(SEARCHED_BY) & vals.keys():
            # sudo: what is proposed is for the program to write.
            self.sudo().write({"is_found": False, "line_ids": [Command.clear()]})
        return result

    def action_find(self):
        """Look for the customers who are worth an effort; the form shows them."""
        self.ensure_one()
        self.check_access("write")
        rows = self._candidates()
        readable = set(self.env["res.partner"].search([("id", "in", [row["partner_id"] for row in rows])]).ids)
        names = self.line_ids._fields
        found = [
            {name: row[name] for name in row if name in names} for row in rows if row["partner_id"] in readable
        ]
        # sudo: what is proposed is for the program to write.
        plan = self.sudo()
        plan.write({
            "is_found": True,
            "line_ids": [Command.clear(), *(Command.create({**row, "user_id": self._owner(row).id}) for row in found)],
        })

    def _candidates(self):
        """Return who is worth an effort, as rows of :func:`candidates.candidates_sql` (one plan)."""
        self.env.flush_all()
        # sudo: what counts today, and the share to be held out, are the same for everybody.
        runs, rules = self.env["customer.value.run"].sudo(), self.env["customer.care.rule"].sudo()
        rule = rules.new({"company_id": self.company_id.id, "trigger": "silence"})
        return self.env.execute_query_dict(candidates.candidates_sql(candidates.Search(
            company_id=self.company_id.id,
            day=runs._scope_of_today(self.company_id).as_of,
            kind=self.kind,
            cost=self.cost,
            chance=self.company_id.rescue_win_back_chance / 100,
            rest_days=self.company_id.rescue_rest_days,
            longest_days=self.company_id.rescue_longest_years * candidates.YEAR,
            price_rise=self.company_id.rescue_price_rise,
            held_out=rule._held_out_share(),
            delivered=rules._delivered_sql(),
            limit=self.number,
        )))

    def _owner(self, row):
        """Return who looks after a customer: their salesperson, if still there, else the user."""
        user = self.env["res.users"].browse(row["user_id"] or ())
        # sudo: whether a colleague is still there is no secret.
        there = user.sudo().active and self.company_id in user.sudo().company_ids
        return user if there else self.env.user

    def action_start(self):
        """Start the efforts in the list, those held out apart, and open them."""
        self.ensure_one()
        self.check_access("write")
        if not self.is_found or not self.line_ids:
            raise UserError(self.env._("Nobody is in the list. Find customers first."))
        wanted = {row["partner_id"]: row for row in self._candidates()}
        day = self.env["customer.value.run"].sudo()._scope_of_today(self.company_id).as_of  # sudo: the same for all
        rescues = self.env["customer.rescue"]._start([
            {
                "company_id": self.company_id.id, "partner_id": line.partner_id.id, "kind": self.kind,
                "state": "held_out" if line.is_held_out else "done", "date": day, "user_id": line.user_id.id,
                "reason": line.reason, "reason_date": line.reason_date, "offer": self.offer,
                "cost": 0.0 if line.is_held_out else self.cost,
                **{name: wanted[line.partner_id.id][name] for name in STARTED_WITH},
            }
            for line in self.line_ids if line.partner_id.id in wanted
        ])
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_rescue_action")
        return action | {"domain": [("id", "in", rescues.ids)], "context": {}}


class CustomerRescuePlanLine(models.TransientModel):
    """A customer who is worth an effort."""

    _name = "customer.rescue.plan.line"
    _description = "Customer Worth an Effort"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    # They are made in the order of what they are worth: an order by amounts would tell those that are hidden.
    _order = "id"

    plan_id = fields.Many2one(
        "customer.rescue.plan", required=True, ondelete="cascade", index=True, readonly=True, copy=False
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", readonly=True, copy=False
    )
    user_id = fields.Many2one("res.users", "Responsible", required=True, ondelete="cascade")
    past_value = Monetary("Past Value a Year", readonly=True, copy=False, optional=True)
    expected_value = Monetary("Expected Without Effort", readonly=True, copy=False, optional=True)
    worth = Monetary("Worth of the Effort", readonly=True, copy=False, optional=True)
    reason = fields.Selection(REASONS, "Possible Reason")
    reason_date = fields.Date("Date of the Reason", readonly=True, copy=False)
    action_text = fields.Char("Suggested Action", compute="_compute_action_text")
    is_held_out = fields.Boolean(
        "Held Out", readonly=True, copy=False,
        help="Nothing is done, so that you see what efforts bring. Always the same customers; the settings say how "
        "many.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"user_id", "reason"}

    @api.depends("reason", "plan_id.kind")
    @api.depends_context("lang")
    def _compute_action_text(self):
        for line in self:
            line.action_text = self.env["customer.rescue"]._action_text(line.reason, line.plan_id.kind)
