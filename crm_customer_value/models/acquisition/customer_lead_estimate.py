"""What a company has learned of its customers, to be said of its leads."""


import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.acquisition import best, groups, traits
from ..base.number_fields import Float, Integer, Monetary


class CustomerLeadEstimate(models.Model):
    """What new customers of a company bring in their first year, and whether groups of them differ.

    One row a company, written at night. See engine/acquisition.
    """

    _name = "customer.lead.estimate"
    _description = "Value of New Customers"
    _inherit = ["customer.guarded.mixin", "customer.unknown.last.mixin"]
    _rec_name = "company_id"
    _order = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=False, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Learned On", readonly=True)
    basis = fields.Selection(
        [("margin", "Margin"), ("revenue", "Revenue")], readonly=True,
        help="What customers brought. Revenue: no margin is known of any of them.",
    )
    customers = Integer(
        readonly=True, help="Customers whose first year is over, and of whom it is known what they brought in it."
    )
    mean = Monetary(
        "Mean of a First Year", readonly=True, optional=True, aggregator="avg",
        help="What a customer brought in the 365 days from the first purchase on. Of 100 customers or more, the "
        "highest hundredth counts as much as the lowest of it.",
    )
    judged_by = fields.Selection(
        [("leads", "Won opportunities"), ("customers", "All customers")], readonly=True,
        help="Won opportunities: customers who came by one. All customers: fewer than 30 came by one.",
    )
    judged = Integer("Customers in the Test", readonly=True)
    error_plain = Monetary(
        "Error of the Mean", readonly=True, optional=True, aggregator=None,
        help="How far one mean for all is from what a customer brought (root of the mean square).",
    )
    error = Monetary(
        "Error of the Groups", readonly=True, optional=True, aggregator=None,
        help="How far the estimate by groups is from it. Each tenth of the customers is estimated from the other nine.",
    )
    captured = Float(
        "Brought by the Best Fifth (%)", readonly=True, digits=(16, 1), optional=True, aggregator=None,
        help="What the fifth of the customers with the highest estimates brought, in percent of what all brought. By "
        "chance it would be 20.",
    )
    is_better = fields.Boolean(
        "Shown on Leads", readonly=True,
        help="The groups are closer than one mean for all, with a certainty of 95 %. Otherwise leads show no value.",
    )
    verdict = fields.Text("In Words", compute="_compute_verdict")
    group_ids = fields.One2many("customer.lead.group", "estimate_id", "Groups", readonly=True)

    _company_uniq = models.Constraint("UNIQUE(company_id)", "A company learns once.")

    @api.depends("customers", "judged", "error", "error_plain", "captured", "is_better")
    @api.depends_context("lang")
    def _compute_verdict(self):
        for estimate in self:
            estimate.verdict = estimate._verdict_text()

    def _verdict_text(self):
        """Return in words whether leads show a value, and why (one record)."""
        if self.error is False:
            return self.env._(
                "Leads show no value yet. It takes %(needed)s customers whose first year is over, and %(known)s are.",
                needed=groups.FEWEST_CUSTOMERS, known=self.customers,
            )
        better = 100 * (1 - self.error / self.error_plain) if self.error_plain else 0.0
        if not self.is_better:
            return self.env._(
                "Leads show no value, because one mean for all customers is as close. In a test with %(judged)s "
                "customers, groups were closer by %(better)s %% only, which may be chance.",
                judged=self.judged, better=f"{max(better, 0):.1f}",
            )
        text = self.env._(
            "Leads show the value of customers alike. In a test with %(judged)s customers it was %(better)s %% closer "
            "than one mean for all.",
            judged=self.judged, better=f"{better:.1f}",
        )
        if self.captured is False:
            return text
        return text + " " + self.env._(
            "The fifth with the highest estimates brought %(captured)s %% of the money.",
            captured=f"{self.captured:.0f}",
        )

    # ---- at night --------------------------------------------------------------------------

    @api.model
    def _cron_learn(self):
        """Learn of the customers of every company, and write on its open leads what that says of them."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for left, company in enumerate(reversed(companies)):
            self._learn(company)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - 1 - left):
                return

    @api.model
    def _learn(self, company):
        """Learn of the customers of a company, and write on its open leads what that says of them.

        :return: the estimate of the company
        """
        runs = self.env["customer.value.run"]
        runs._flush_facts()
        self.env.flush_all()
        scope = runs._scope_of_today(company)._replace(partners=lambda _customer: SQL("TRUE"), contacts=None)
        rows = self.env.execute_query_dict(SQL(
            """SELECT known.*, v.lifetime_value
                 FROM (%s) known
                 LEFT JOIN customer_value v ON v.company_id = %s AND v.partner_id = known.partner_id
                ORDER BY known.first_day, known.partner_id""",
            traits.customers_sql(scope), company.id,
        ))
        # sudo: what was learned is for the program to write.
        estimate = self.sudo().search([("company_id", "=", company.id)])
        values, found = self._learned_values(rows, scope.as_of)
        if not estimate:
            estimate = self.sudo().create({"company_id": company.id})
        estimate.write(values)
        estimate._keep_groups(found, self._lifts(rows))
        self.env["crm.lead"]._customer_estimate_all(company)
        return estimate

    @api.model
    def _learned_values(self, rows, day):
        """Return the values of an estimate, and the groups that were learned: (dict, list of :class:`groups.Group`)."""
        over = [row for row in rows if row["is_over"]]
        basis = "margin" if any(row["margin"] is not None for row in over) else "revenue"
        over = [row for row in over if row[basis] is not None]
        values = {
            "date": day, "basis": basis, "customers": len(over), "mean": False, "judged_by": False, "judged": 0,
            "error_plain": False, "error": False, "captured": False, "is_better": False,
        }
        if len(over) < groups.FEWEST_CUSTOMERS:
            return values, []
        brought = groups.capped(np.array([float(row[basis]) for row in over]))
        keys = self._keys(over)
        won = np.array([row["is_won"] for row in over])
        by_leads = won.sum() >= groups.FEWEST_JUDGED
        judged = groups.judge(brought, keys, won if by_leads else np.ones(len(over), dtype=bool))
        learned = groups.learn(brought, keys)
        return values | {
            "mean": learned.mean,
            "judged_by": "leads" if by_leads else "customers",
            "judged": judged.customers,
            "error_plain": judged.error_plain,
            "error": judged.error,
            "captured": False if np.isnan(judged.captured) else 100 * judged.captured,
            "is_better": judged.is_better,
        }, learned.groups

    @api.model
    def _keys(self, rows):
        return np.array([[-1 if row[trait] is None else row[trait] for trait in traits.TRAITS] for row in rows])

    @api.model
    def _lifts(self, rows):
        """Return how much more frequent groups are among the best customers: {(trait, key): Lift}."""
        known = sorted(
            (row for row in rows if row["lifetime_value"] is not None), key=lambda row: -row["lifetime_value"]
        )
        if len(known) < groups.FEWEST_CUSTOMERS:
            return {}
        all_best = round(best.BEST * len(known))
        found = {}
        for place, row in enumerate(known):
            for trait in traits.TRAITS:
                if row[trait] is not None:
                    counts = found.setdefault((trait, row[trait]), [0, 0])
                    counts[place >= all_best] += 1
        return {
            key: best.lift(number, all_best, others, len(known) - all_best)
            for key, (number, others) in found.items() if number + others >= groups.FEWEST_IN_GROUP
        }

    def _keep_groups(self, learned, lifts):
        """Write what is known of the groups of this estimate (one); what is as before keeps its row."""
        wanted = {
            (traits.TRAITS[group.trait], group.key): {
                "customers": group.customers, "mean": group.mean, "effect": group.effect,
            }
            for group in learned if group.customers >= groups.FEWEST_IN_GROUP
        }
        for key, lift in lifts.items():
            values = wanted.setdefault(key, {"customers": False, "mean": False, "effect": 0.0})
            values.update(
                best=lift.best, others=lift.others,
                best_share=100 * lift.best_share, others_share=100 * lift.others_share,
                lift=False if lift.lift is None else lift.lift,
                difference_low=100 * lift.low, difference_high=100 * lift.high, is_typical=lift.is_typical,
            )
        self.group_ids.unlink()
        self.env["customer.lead.group"].create([
            {"estimate_id": self.id, "trait": trait, "key": key, **values}
            for (trait, key), values in sorted(wanted.items())
        ])

    def action_view_groups(self):
        """Open the groups of customers, to sort and search them."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_lead_group_action")
        return action | {"domain": [("estimate_id", "=", self.id)], "context": {}}
