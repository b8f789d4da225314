from datetime import datetime, time

from .common import channel
from .lifecycle_case import LifecycleCase


class SatisfactionCase(LifecycleCase):
    """Customers who complain, rate and suggest; no rule sets deadlines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.complaint.sla"].with_context(active_test=False).search([]).active = False
        # What is expected here is worked out with these weights; the others have nothing to say.
        cls.policy = cls.policy._renew(weights={"future_value": 0, "development": 0})
        cls.adopted = cls.env["customer.suggestion.stage"].search([("state", "=", "implemented")], limit=1)

    @classmethod
    def _complain(cls, partner, days=10, severity="medium", **values):
        """Return a complaint that was received at noon so many days ago."""
        return cls.env["customer.complaint"].create({
            "name": f"{partner.name} complains", "channel_id": channel(cls.env, "email"), "partner_id": partner.id,
            "company_id": cls.company.id, "severity": severity,
            "date_received": datetime.combine(cls._day(days), time(12)),
            # What is severe is closed with these only.
            "root_cause": "Haste", "corrective_action": "Patience",
            **values,
        })

    @classmethod
    def _end(cls, complaint, days=None, reason=None):
        """Close a complaint, or reject it for a reason, today or so many days ago."""
        if reason:
            complaint._reject(reason)
        else:
            complaint._close()
        if days is not None:
            complaint.date_closed = datetime.combine(cls._day(days), time(12))

    @classmethod
    def _rate(cls, complaint, rating, days=None):
        """Apply a rating to a complaint, as a customer does."""
        record = cls.env["rating.rating"].create({
            "res_model_id": cls.env["ir.model"]._get_id("customer.complaint"), "res_id": complaint.id,
        })
        record.write({"rating": rating, "consumed": True})
        if days is not None:
            record.rated_on = datetime.combine(cls._day(days), time(12))
        return record

    @classmethod
    def _suggest(cls, partner, adopted=None, **values):
        """Return a suggestion, adopted so many days ago if that is said."""
        suggestion = cls.env["customer.suggestion"].create({
            "name": f"{partner.name} suggests", "partner_id": partner.id, "company_id": cls.company.id, **values,
        })
        if adopted is not None:
            suggestion.write({"stage_id": cls.adopted.id, "date_implemented": cls._day(adopted)})
            suggestion.date_implemented = cls._day(adopted)
        return suggestion

    def _clear_marks(self):
        self.env.cr.precommit.run()
        self.env["customer.value.mark"]._take(10000)

    def _marked(self):
        """Return the ids of the partners that were marked since, and forget the marks."""
        self.env.cr.precommit.run()
        return set().union(*self.env["customer.value.mark"]._take(10000).values())
