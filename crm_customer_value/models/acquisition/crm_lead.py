"""What is expected of a lead by customers alike."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.acquisition import estimates
from ...engine.acquisition.groups import FEWEST_CUSTOMERS
from ..base.number_fields import Integer, Monetary
from ..value.customer_value_mixin import SALES_GROUP

# What a lead is like, and whether it is open.
TOLD_BY = frozenset((
    "source_id", "country_id", "partner_id", "partner_name", "referred_by_id", "company_id", "active", "stage_id",
    "probability", "type",
))
LEARNED = frozenset(("estimated_value", "estimate_confidence", "best_traits"))
OPEN = SQL("lead.active AND lead.won_status = 'pending'")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    estimated_value = Monetary(
        "Value by Customers Alike", currency_field="company_currency", readonly=True, copy=False, optional=True,
        groups=SALES_GROUP, aggregator="avg",
        help="What customers like this one brought in their first year: the same source, country, industry, first "
        "product category, a company or a person, recommended or not. Empty: a customer already, or groups of "
        "customers tell no more than one mean for all.",
    )
    estimate_confidence = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")], "Confidence in the Value", readonly=True, copy=False,
        groups=SALES_GROUP,
        help="High: at least 100 customers in the smallest group that counts. Medium: at least 30. Low: fewer, or "
        "nothing is known that tells customers apart.",
    )
    best_traits = Integer(
        "Traits of the Best", readonly=True, copy=False, optional=True, groups=SALES_GROUP, aggregator="avg",
        help="In how many traits the lead is like the best fifth of the customers.",
    )
    estimate_text = fields.Text(
        "Why This Value", compute="_compute_estimate_text", groups=SALES_GROUP,
        help="By which customers the value was estimated, or why it is not.",
    )

    @api.model
    def _has_field_access(self, field, operation):
        """Let nobody write what is learned at night: it decides whom a team calls first."""
        if operation == "write" and field.name in LEARNED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._customer_estimate()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if TOLD_BY & vals.keys():
            self._customer_estimate()
        return result

    def action_customer_take(self):
        """Become the salesperson of leads that have none."""
        self.check_access("write")
        if others := self.filtered(lambda lead: lead.user_id and lead.user_id != self.env.user):
            raise UserError(self.env._(
                "%(lead)s belongs to %(user)s already. Choose another one.",
                # sudo: who looks after a lead is on its form.
                lead=others[0].display_name, user=others[0].sudo().user_id.name,
            ))
        self.filtered(lambda lead: not lead.user_id).user_id = self.env.user

    def _customer_estimate(self):
        """Write what is expected of these leads, as far as they are open."""
        if self.ids and self.env["customer.lead.estimate"].sudo().search_count([], limit=1):  # sudo: whether any is
            self._customer_write_estimates(SQL("lead.id = ANY(%s) AND %s", self.ids, OPEN))

    @api.model
    def _customer_estimate_all(self, company):
        """Write what is expected of all open leads of a company, and of those of no company."""
        self._customer_write_estimates(
            SQL("(lead.company_id = %s OR lead.company_id IS NULL) AND %s", company.id, OPEN)
        )

    @api.model
    def _customer_write_estimates(self, leads):
        for model, names in self._customer_estimate_reads().items():
            self.env[model].flush_model(names)
        changed = [row[0] for row in self.env.execute_query(estimates.write_sql(leads))]
        self.browse(changed).invalidate_recordset(
            ["estimated_value", "estimate_confidence", "best_traits", "estimate_text"], flush=False
        )

    @api.model
    def _customer_estimate_reads(self):
        """Return what the SQL of estimates reads: {model: field names}."""
        return {
            "crm.lead": [*TOLD_BY, "won_status", "estimated_value", "estimate_confidence", "best_traits"],
            "customer.lead.estimate": ["company_id", "mean", "is_better"],
            "customer.lead.group": ["estimate_id", "trait", "key", "customers", "effect", "is_typical"],
            "customer.value": ["company_id", "partner_id", "first_purchase_date"],
            "product.product": ["product_tmpl_id"],
            "product.template": ["categ_id"],
            "res.partner": ["commercial_partner_id", "industry_id", "country_id", "is_company", "referred_by_id"],
            "sale.order": ["opportunity_id", "state"],
            "sale.order.line": ["order_id", "product_id", "price_subtotal", "display_type"],
        }

    @api.depends("estimated_value", "customer_value_id", "active", "won_status")
    @api.depends_context("lang", "uid", "company")
    def _compute_estimate_text(self):
        self.estimate_text = False
        estimated = self.filtered(lambda lead: lead._origin and lead.estimated_value is not False)
        (self - estimated)._customer_say_why_not()
        if not estimated:
            return
        rows = self.env.execute_query(SQL(
            "SELECT lead_id, estimate_id, ARRAY_AGG(group_id) FROM (%s) matches GROUP BY lead_id, estimate_id",
            estimates.matches_sql(SQL("lead.id = ANY(%s)", estimated._origin.ids)),
        ))
        # sudo: the text says how many customers were alike, and nothing of any of them.
        groups = self.env["customer.lead.group"].sudo().browse({one for row in rows for one in row[2] if one})
        studies = self.env["customer.lead.estimate"].sudo()  # sudo: as above
        found = {
            lead: (studies.browse(estimate), groups.filtered(lambda group, ids=ids: group.id in ids))
            for lead, estimate, ids in rows
        }
        for lead in estimated:
            if lead._origin.id in found:
                lead.estimate_text = lead._customer_estimate_words(*found[lead._origin.id])

    def _customer_say_why_not(self):
        """Say why leads show no value, where something was learned: open ones, of nobody who has bought."""
        leads = self.filtered(
            lambda lead: lead.active and lead.won_status == "pending" and not lead.is_customer_already
        )
        if not leads:
            return
        # sudo: how many customers are known, and nothing of any of them.
        studies = self.env["customer.lead.estimate"].sudo().search([
            ("company_id", "in", (leads.company_id | self.env.company).ids)
        ])
        texts = {
            study.company_id: self.env._(
                "Too few to say: it takes %(needed)s customers whose first year is over, and %(known)s are.",
                needed=FEWEST_CUSTOMERS, known=study.customers,
            ) if study.error is False else self.env._(
                "Too few to say: customers alike do not tell more than the mean of all."
            )
            for study in studies if not study.is_better
        }
        for lead in leads:
            lead.estimate_text = texts.get(lead.company_id or self.env.company, False)

    @api.model
    def _customer_estimate_words(self, study, groups):
        """Return in words by which customers a lead was estimated."""
        lines = [
            self.env._("Margin in the first year of customers alike; mean of %(customers)s customers, and:",
                       customers=study.customers)
            if study.basis == "margin" else
            self.env._("Revenue in the first year of customers alike; mean of %(customers)s customers, and:",
                       customers=study.customers)
        ]
        counting = groups.filtered("effect").sorted(lambda group: (-abs(group.effect), group.id))
        for group in counting:
            values = {"group": group.display_name, "customers": group.customers}
            lines.append(
                self.env._("+ %(group)s: more than others (%(customers)s customers)", **values) if group.effect > 0
                else self.env._("− %(group)s: less than others (%(customers)s customers)", **values)
            )
        if not counting:
            lines.append(self.env._("Nothing is known of this lead that tells customers apart."))
        return "\n".join(lines)
