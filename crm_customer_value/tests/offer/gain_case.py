from .offer_case import OfferCase


class GainCase(OfferCase):
    """Customers who were measured with products. What a measurement gains is what it says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metric = cls._metric("Saved")

    @classmethod
    def _metric(cls, name, **values):
        return cls.env["customer.benefit.metric"].create({
            "name": name, "unit": "dollars", "direction": "lower", "money_per_unit": 1.0, "currency_id": cls.usd.id,
            "period": "once", **values,
        })

    @classmethod
    def _gained(cls, customer, product, gain, ago=10, company=None, **values):
        """Record that a customer gained so much by a product on one day; return the record."""
        day = cls._day(ago)
        record = cls.env["customer.benefit.record"].create({
            "company_id": (company or cls.company).id, "partner_id": customer.id, "metric_id": cls.metric.id,
            "product_id": product.id, "date_from": day, "date_to": day, "baseline": max(gain, 0.0),
            "value": max(-gain, 0.0), **values,
        })
        if gain < 0:
            record.action_check()
        return record

    @classmethod
    def _measure(cls, product, *gains, user=None, **values):
        """Let new customers of a salesperson gain so much each by a product; return the customers."""
        customers = cls._customers(len(gains))
        customers.user_id = user
        for customer, gain in zip(customers, gains, strict=True):
            cls._gained(customer, product, gain, **values)
        return customers

    @classmethod
    def _count_gains(cls, company=None):
        cls.env["customer.product.gain"]._count_gains(company or cls.company)
        cls.env.invalidate_all()

    def _told(self, user=None, company=None):
        """Return what a user is told once gains are counted: {product id: (mean, customers)}."""
        self._count_gains(company)
        return self._told_before(user, company)

    def _told_before(self, user=None, company=None):
        gains = self.env["customer.product.gain"].with_user(user or self.seller)
        return {
            product: (round(gain.mean, 6), gain.customers)
            for product, gain in gains._told(company or self.company).items()
        }
