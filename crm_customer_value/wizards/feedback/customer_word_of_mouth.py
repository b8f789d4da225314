from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.feedback.advocacy import PROMOTER_POINTS
from ...models.base.number_fields import Float, Integer, Monetary
from ...models.value.customer_value import AMOUNT_GROUP

# Up to this answer they would rather advise against us: 6 of 10, in points of 100.
DETRACTOR_POINTS = 60
DAYS = 365


class CustomerWordOfMouth(models.TransientModel):
    """How many people heard of us from customers: an estimate that says what it assumes.

    Only customers who answered are counted: what the others say is not known. It is part of no index.
    """

    _name = "customer.word.of.mouth"
    _description = "Word of Mouth"
    _inherit = ["customer.guarded.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, copy=False, default=lambda self: self.env.company,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self) - timedelta(days=DAYS - 1)
    )
    date_to = fields.Date("Until", required=True, default=fields.Date.context_today)
    answered_count = Integer(
        "Contacts Who Answered", compute="_compute_estimate",
        help="When we asked whether they would recommend us. The last answer of each contact counts.",
    )
    promoter_count = Integer("Would Recommend Us", compute="_compute_estimate", help="Answers of 9 and 10.")
    detractor_count = Integer("Would Advise Against Us", compute="_compute_estimate", help="Answers of 0 to 6.")
    told_good = Integer("People Told Something Good", compute="_compute_estimate")
    told_bad = Integer("People Told Something Bad", compute="_compute_estimate")
    is_converted = fields.Boolean(compute="_compute_estimate")
    customers_won = Float("Customers Won", digits=(16, 2), compute="_compute_estimate", optional=True)
    customers_lost = Float("Customers Lost", digits=(16, 2), compute="_compute_estimate", optional=True)
    money_won = Monetary("Brought by Them", compute="_compute_money", optional=True, groups=AMOUNT_GROUP)
    money_lost = Monetary("Missed without Them", compute="_compute_money", optional=True, groups=AMOUNT_GROUP)
    assumptions = fields.Text("What This Assumes", compute="_compute_estimate")
    money_assumption = fields.Text("What the Money Assumes", compute="_compute_money", groups=AMOUNT_GROUP)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"date_from", "date_to"}

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for estimate in self:
            if estimate.date_from > estimate.date_to:
                raise ValidationError(self.env._("The first day is after the last one. Exchange them."))

    @api.depends("date_from", "date_to", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Word of Mouth")

    @api.depends("date_from", "date_to", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_estimate(self):
        for estimate in self:
            # sudo: what the estimate assumes is for all who see it to know.
            company = estimate.company_id.sudo()
            points = [points for _feedback_id, points in estimate._last_answers()]
            promoters = sum(number >= PROMOTER_POINTS for number in points)
            detractors = sum(number <= DETRACTOR_POINTS for number in points)
            estimate.answered_count = len(points)
            estimate.promoter_count, estimate.detractor_count = promoters, detractors
            estimate.told_good = promoters * company.word_promoter_reach
            estimate.told_bad = detractors * company.word_detractor_reach
            rate = company.word_conversion
            estimate.is_converted = rate is not False
            estimate.customers_won = False if rate is False else estimate.told_good * rate / 100
            estimate.customers_lost = False if rate is False else estimate.told_bad * rate / 100
            estimate.assumptions = " ".join([
                self.env._(
                    "Each contact who would recommend us tells %(good)s people, and each who would advise against us "
                    "tells %(bad)s. Only contacts who answered are counted: nobody knows what the others say.",
                    good=company.word_promoter_reach, bad=company.word_detractor_reach,
                ),
                self.env._("How many of these people buy is not known. Enter it in the settings to see it here.")
                if rate is False else
                self.env._("Of 100 people who are told, %(rate)s decide by it.", rate=f"{rate:g}"),
            ])

    @api.depends("told_good", "told_bad", "customers_won")
    def _compute_money(self):
        for estimate in self:
            # sudo: how customers compare is kept in the log of runs, which managers read.
            points = self.env["customer.value.run"].sudo()._last_full_run(estimate.company_id).cut_points or {}
            typical = points.get("worth")
            known = typical is not None and estimate.customers_won is not False
            # Of the people, not of the rounded customers. sudo: as above.
            each = known and float(typical) * estimate.company_id.sudo().word_conversion / 100
            estimate.money_won = known and estimate.told_good * each
            estimate.money_lost = known and estimate.told_bad * each
            estimate.money_assumption = known and self.env._(
                "Each of them brings as much as the customer in the middle brought so far: %(amount)s.",
                amount=estimate.currency_id.format(float(typical)),
            )

    def _last_answers(self):
        """Return the last answer of each contact in the time, as far as the user may read them: [(id, points)]."""
        feedback = self.env["customer.feedback"]
        if not feedback.has_access("read") or not (self.date_from and self.date_to):
            return []
        query = feedback._search(
            Domain("company_id", "=", self.company_id.id) & Domain("scale", "=", "nps") & Domain("points", "!=", False)
        )
        scope = self.env["customer.value.run"]._scope_of_today(self.company_id)._replace(as_of=self.date_to)
        return self.env.execute_query(SQL(
            """SELECT DISTINCT ON (partner_id) id, points
                 FROM customer_feedback
                WHERE id IN (%s) AND date_answered >= %s AND %s
                ORDER BY partner_id, date_answered DESC, id DESC""",
            query.subselect(), scope.moment(self.date_from), scope.until(SQL("date_answered")),
        ))

    def action_view_promoters(self):
        """Open the answers of those who would recommend us."""
        return self._action_view(self.env._("Would Recommend Us"), lambda points: points >= PROMOTER_POINTS)

    def action_view_detractors(self):
        """Open the answers of those who would advise against us."""
        return self._action_view(self.env._("Would Advise Against Us"), lambda points: points <= DETRACTOR_POINTS)

    def _action_view(self, name, condition):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "customer.feedback",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [found for found, points in self._last_answers() if condition(points)])],
        }
