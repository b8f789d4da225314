from odoo.tools import SQL

from .satisfaction_case import SatisfactionCase

BENEFIT = (
    "benefit_gain_12m", "benefit_ratio", "economic_score", "functional_score", "emotional_score", "benefit_index",
    "value_delivered", "benefit_record_count", "benefit_aim_count", "benefit_answer_count", "benefit_confirmed_share",
)


class BenefitCase(SatisfactionCase):
    """Customers with needs, goals and measurements, and what their values say of these."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A unit less is worth 10 dollars, whatever the length of the period.
        cls.metric = cls._metric("Faults", period="once", money_per_unit=10.0)
        cls.need_type = cls.env["customer.need.type"].create({
            "name": "Test: works at night", "kind": "need", "dimension": "functional",
        })
        cls.objection_type = cls.env["customer.need.type"].create({"name": "Test: too dear", "kind": "objection"})

    @classmethod
    def _metric(cls, name, **values):
        return cls.env["customer.benefit.metric"].create({
            "name": f"Test: {name}", "unit": "pieces", "direction": "lower", "currency_id": cls.usd.id, **values,
        })

    @classmethod
    def _buyer(cls, name, amount=1000.0, days=20, **values):
        """Return a customer with one purchase."""
        customer = cls._partner(name, **values)
        cls._order(customer, days, amount)
        return customer

    @classmethod
    def _record(cls, customer, value, days=10, *, first=None, baseline=100.0, metric=None, **values):
        """Return a measurement that ended so many days ago, of one day unless ``first`` says when it began."""
        product = cls.env["product.product"].create({"name": f"Measured {customer.name} {value} {days} {first}"})
        values.setdefault("product_id", product.id)
        checked = {field: values.pop(field) for field in ("state", "is_checked") if field in values}
        record = cls.env["customer.benefit.record"].create({
            "partner_id": customer.id, "company_id": cls.company.id, "metric_id": (metric or cls.metric).id,
            "date_from": cls._day(days if first is None else first), "date_to": cls._day(days),
            "value": value, "baseline": baseline, **values,
        })
        record.write(checked)
        return record

    @classmethod
    def _goal(cls, customer, *, baseline=100.0, target=50.0, start=300, ended=-60, metric=None, **values):
        """Return a goal that began so many days ago, and ended so many days ago."""
        return cls.env["customer.benefit.goal"].create({
            "partner_id": customer.id, "company_id": cls.company.id, "metric_id": (metric or cls.metric).id,
            "baseline": baseline, "target": target, "date_start": cls._day(start), "date_target": cls._day(ended),
            **values,
        })

    @classmethod
    def _need(cls, customer, state="open", importance=5, days=30, **values):
        """Return a need that was stated so many days ago."""
        return cls.env["customer.need"].create({
            "partner_id": customer.id, "company_id": cls.company.id, "type_id": cls.need_type.id, "state": state,
            "importance": importance, "date": cls._day(days), **values,
        })

    @classmethod
    def _become(cls, need, state, days):
        """Have a need be in another state since so many days ago."""
        need.state = state
        cls.env.flush_all()
        for statement in (
            SQL("UPDATE customer_need SET date_state = %s WHERE id = %s", cls._day(days), need.id),
            SQL("UPDATE customer_need_change SET date = %s WHERE id = (SELECT MAX(id) FROM customer_need_change"
                " WHERE need_id = %s)", cls._day(days), need.id),
        ):
            cls.env.cr.execute(statement)
        cls.env.invalidate_all()

    @classmethod
    def _now(cls, customer, *names, **arguments):
        """Recompute, and return what the value of a customer says."""
        cls._recompute(**arguments)
        value = cls._value(customer)
        found = tuple(value[name] for name in names)
        return found[0] if len(found) == 1 else found
