from datetime import timedelta

from dateutil.relativedelta import relativedelta

from ..common import CustomerValueCase


class SnapshotCase(CustomerValueCase):
    """A company with two month ends behind it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.snapshots = cls.env["customer.value.snapshot"]
        cls.end = cls.snapshots._last_month_end(cls.company)
        cls.before = cls.end - relativedelta(months=1, day=31)

    def _kept(self, day=None, companies=None):
        """Return the snapshots of some companies by customer's name and day."""
        self.snapshots.invalidate_model()
        found = self.snapshots.search([
            ("company_id", "in", (companies or self.company).ids), ("date", "in", [day or self.end]),
        ])
        return {snapshot.partner_id.name: snapshot for snapshot in found}

    def _table(self, columns="*"):
        self.env.cr.execute(
            f"SELECT {columns} FROM customer_value_snapshot WHERE company_id = %s ORDER BY date, partner_id",
            [self.company.id],
        )
        return self.env.cr.fetchall()


class MovedCase(SnapshotCase):
    """Customers who rise, leave, stay, come, and one who left long ago."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rising, cls.leaving, cls.steady, cls.fresh, cls.ancient = (
            cls._partner(name, is_company=True) for name in ("Rising", "Leaving", "Steady", "Fresh", "Ancient")
        )
        day = timedelta(days=1)
        cls._order(cls.rising, cls.before - 10 * day, 10.0)
        cls._order(cls.rising, cls.end - 5 * day, 1000.0)
        cls._order(cls.leaving, cls.before - 360 * day, 900.0)
        cls._order(cls.steady, cls.before - 20 * day, 100.0)
        cls.fresh_order = cls._order(cls.fresh, cls.end - 3 * day, 50.0)
        cls._order(cls.ancient, cls.before - 1000 * day, 5.0)

    def _take_both(self):
        return [self._recompute(as_of=day).snapshots for day in (self.before, self.end)]
