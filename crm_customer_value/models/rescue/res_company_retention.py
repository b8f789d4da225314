from odoo import models
from odoo.fields import Domain

from ..base.number_fields import Integer

# For as long, efforts are kept: what customers bought in the year after is known.
RESCUE_MONTHS = 13


class ResCompany(models.Model):
    """How long efforts to keep or win back are kept."""

    _inherit = "res.company"

    rescue_retention_months = Integer(
        "Months of Efforts", groups="base.group_user",
        help="Efforts to keep or win back that began longer ago are deleted every night. 0: everything is kept.",
    )

    _rescue_retention_range = models.Constraint(
        f"CHECK (rescue_retention_months = 0 OR rescue_retention_months >= {RESCUE_MONTHS})",
        f"Enter 0 to keep all efforts, or {RESCUE_MONTHS} months or more: what they brought is known after a year.",
    )

    def _customer_expired(self):
        found = super()._customer_expired()
        if months := self.rescue_retention_months:
            found.append(("customer.rescue", self._rescue_expired(months)))
        return found

    def _rescue_expired(self, months):
        """Return the domain of the efforts that a retention setting lets go of (one company).

        :param int months: how many are kept; at least 1
        """
        first_day = self._first_day_kept(months)
        return Domain("company_id", "=", self.id) & Domain("date", "<", first_day)
