from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Integer

# Deleted in one step of the nightly clean-up.
AT_ONCE = 5000
# A hundred years: whoever enters more wants to keep everything, and no calendar goes back for ever.
MOST_MONTHS = 1200


class ResCompany(models.Model):
    _inherit = "res.company"

    benefit_retention_months = Integer(
        "Months of Needs and Gains",
        help="Measurements that ended longer ago, and goals and needs that were given up longer ago, are deleted every "
        "night. 0: everything is kept.",
    )

    _benefit_retention_positive = models.Constraint(
        "CHECK (benefit_retention_months >= 0)", "Enter 0 to keep everything, or a number of months."
    )

    @api.model
    def _first_day_kept(self, months):
        """Return the first day of what is kept for a number of months.

        :param int months: at least 1; more than a hundred years are a hundred years
        """
        return fields.Date.context_today(self) - relativedelta(months=min(months, MOST_MONTHS))

    def _benefit_expired(self, months=None):
        """Return what the retention setting lets go of: {model: Domain} (one company).

        :param int months: another number than that of the setting
        """
        months = self.benefit_retention_months if months is None else months
        if not months:
            return dict.fromkeys(("customer.benefit.record", "customer.benefit.goal", "customer.need"), Domain.FALSE)
        first_day = self._first_day_kept(months)
        mine, given_up = Domain("company_id", "=", self.id), Domain("active", "=", False)
        # When something was archived is told by its last change at the earliest.
        long_ago = Domain("write_date", "<", first_day)
        return {
            "customer.benefit.record": mine & Domain("date_to", "<", first_day),
            "customer.benefit.goal": mine & given_up & long_ago & Domain("date_target", "<", first_day),
            "customer.need": mine & (
                given_up & long_ago | Domain("state", "=", "not_for_us") & Domain("date_state", "<", first_day)
            ),
        }

    def _customer_expired(self):
        """Return what all retention settings let go of: [(model, Domain)] (one company).

        Extension point: each room adds its models by ``super()``.
        """
        return list(self._benefit_expired().items()) if self.benefit_retention_months else []

    @api.autovacuum
    def _gc_benefit(self):
        """Delete what the retention settings let go of; return how much was deleted, and how much is left."""
        done = left = 0
        for company in self.env["res.company"].search([("active", "in", [True, False])]):
            for model, domain in company._customer_expired():
                expired = self.env[model].with_context(active_test=False).search(domain, limit=AT_ONCE + 1)
                done += len(expired[:AT_ONCE])
                left += len(expired[AT_ONCE:])
                expired[:AT_ONCE].unlink()
        return done, left
