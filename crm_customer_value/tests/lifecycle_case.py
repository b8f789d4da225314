from .common import CustomerValueCase


class LifecycleCase(CustomerValueCase):
    """Customers by the days they bought on, their stages and their moves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stages = cls.env["customer.lifecycle.stage"].with_context(active_test=False)
        # Stages somebody added to this database would change what is expected here.
        stages.search([("code", "=", False)]).active = False
        # What they start as shipped would be started here, too, as would be what waits in this database.
        stages.search([]).write({"entry_action": "none", "entry_plan_id": False})
        cls.env["customer.lifecycle.transition"].search([("entry_state", "=", "todo")]).entry_state = "skipped"
        cls.stages = {stage.code: stage for stage in stages.search([("code", "!=", False)])}
        cls.transitions = cls.env["customer.lifecycle.transition"]

    @classmethod
    def _go_by_rhythm(cls):
        """Have stages follow from rhythm and silence alone, as worked out by hand: forecasts have no say.

        Whoever buys every thirty days to the day would be at risk by forecast after a gap and a half.
        """
        for stage in cls.stages.values():
            stage.risk_from = 0

    @classmethod
    def _buyer(cls, name, days, amount=100.0, **values):
        """Return a customer who bought so many days ago, each time."""
        partner = cls._partner(name, **values)
        for day in days:
            cls._order(partner, day, amount, cost=40.0)
        return partner

    def _stage(self, partner, company=None):
        return self._value(partner, company).lifecycle_stage_id.code

    def _moves(self, partner, company=None):
        """Return [(days ago, from, to)] of a customer, earliest first."""
        found = self.transitions.search(
            [("partner_id", "=", partner.id), ("company_id", "=", (company or self.company).id)],
            order="date, id",
        )
        return [
            ((self.today - move.date).days, move.from_stage_id.code, move.to_stage_id.code) for move in found
        ]
