from odoo import models
from odoo.fields import Domain

from ..base.number_fields import Integer

# For as long, acts of care are kept: nobody is congratulated twice on one birthday.
CARE_MONTHS = 13


class ResCompany(models.Model):
    """How long contacts, answers and acts of care are kept."""

    _inherit = "res.company"

    contact_retention_months = Integer(
        "Months of Contacts and Notes",
        help="Contacts and events in the life of customers that are longer ago are deleted every night, also notes "
        "that were archived longer ago. Events that come back every year are kept. 0: everything is kept.",
    )
    feedback_retention_months = Integer(
        "Months of Feedback",
        help="Questions that were answered, or stayed without an answer, longer ago are deleted every night. 0: "
        "everything is kept.",
    )
    care_retention_months = Integer(
        "Months of Care", help="Acts of care that are longer ago are deleted every night. 0: everything is kept.",
    )

    _contact_retention_positive = models.Constraint(
        "CHECK (contact_retention_months >= 0)", "Enter 0 to keep all contacts and notes, or a number of months."
    )
    _feedback_retention_positive = models.Constraint(
        "CHECK (feedback_retention_months >= 0)", "Enter 0 to keep all feedback, or a number of months."
    )
    _care_retention_range = models.Constraint(
        f"CHECK (care_retention_months = 0 OR care_retention_months >= {CARE_MONTHS})",
        f"Enter 0 to keep all acts of care, or {CARE_MONTHS} months or more. With fewer months, customers would be "
        "cared for twice on one occasion.",
    )

    def _customer_expired(self):
        found = super()._customer_expired()
        for name in ("contact", "feedback", "care"):
            if months := self[f"{name}_retention_months"]:
                found += self._care_expired(name, months).items()
        return found

    def _care_expired(self, kind, months):
        """Return what a retention setting lets go of: {model: Domain} (one company).

        :param str kind: ``contact``, ``feedback`` or ``care``
        :param int months: how many are kept; at least 1
        """
        first_day = self._first_day_kept(months)
        mine, given_up = Domain("company_id", "=", self.id), Domain("active", "=", False)
        if kind == "contact":
            return {
                "customer.contact.log": mine & Domain("date", "<", first_day),
                "customer.life.event": mine & Domain("date", "<", first_day) & Domain("is_yearly", "=", False),
                # When something was archived is told by its last change at the earliest.
                "customer.contact.note": mine & given_up & Domain("write_date", "<", first_day),
            }
        if kind == "feedback":
            waits_in_vain = Domain("date_answered", "=", False) & Domain("state", "!=", "waiting")
            return {
                "customer.feedback": mine & (
                    Domain("date_answered", "<", first_day) | waits_in_vain & Domain("create_date", "<", first_day)
                ),
            }
        return {"customer.care.log": mine & Domain("date", "<", first_day)}
