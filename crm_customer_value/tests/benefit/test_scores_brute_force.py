import random
from fractions import Fraction

from odoo.tests import tagged

from ...engine.value import indices
from ..benefit_case import BenefitCase
from . import benefit_oracle


@tagged("post_install", "-at_install")
class TestBenefitBruteForce(BenefitCase):
    """Set-based SQL against loops over records, on random data with everything in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(12)
        cls.sister = cls._make_company("Benefit Sister Company", tz="America/Los_Angeles")
        cls.env["customer.value.policy"]._get_active(cls.sister)._renew({
            "window_days": 300, "benefit_floor": 40.0, "economic_weight": 12.5,
            "functional_weight": 33.33, "emotional_weight": 7.0,
        })
        cls.env["res.currency.rate"].create([
            {"name": cls._day(900), "currency_id": cls.eur.id, "rate": rate, "company_id": company.id}
            for company, rate in ((cls.company, 0.83), (cls.sister, 0.91))
        ])
        cls.customers, cls.contacts = cls._make_customers(24)
        cls.metrics = cls.env["customer.benefit.metric"].union(*(
            cls._metric(f"{period} {direction}", period=period, direction=direction, money_per_unit=money,
                        weight=weight, currency_id=currency.id)
            for period, direction, money, weight, currency in (
                ("month", "lower", 3.33, 1.0, cls.usd), ("year", "higher", 100.1, 0.5, cls.eur),
                ("once", "lower", 7.0, 2.25, cls.usd), ("month", "higher", 0.0, 0.0, cls.usd),
            )
        ))
        for company in cls.company | cls.sister:
            cls._fill(company)
        cls.metrics[2].active = False

    @classmethod
    def _make_customers(cls, number):
        customers = contacts = cls.env["res.partner"]
        for position in range(number):
            customer = cls._partner(f"Customer {position}", is_company=position % 3 == 0)
            customers, contacts = customers | customer, contacts | customer
            if position % 3 == 0:
                contacts |= cls._partner(f"Contact {position}", parent_id=customer.id)
            for company in cls.company | cls.sister:
                if position % 6 == 1:
                    cls._order(customer, 3, 10.0, state="draft", company=company)
                else:
                    for _purchase in range(cls.random.randrange(1, 4)):
                        cls._order(
                            customer, cls.random.randrange(900), cls.random.choice((10.0, 80.5, 700.0)),
                            company=company,
                        )
        return customers, contacts

    @classmethod
    def _fill(cls, company):
        pick, here = cls.random, {"company_id": company.id}
        # One customer of six has nothing to tell.
        telling = cls.contacts.filtered(lambda contact: contact.id % 6)
        for number in range(90):
            metric, contact = pick.choice(cls.metrics), pick.choice(telling)
            better = -1 if metric.direction == "lower" else 1
            goal = cls.env["customer.benefit.goal"]
            if number % 3 == 0:
                start = pick.randrange(1, 1000)
                goal = cls._goal(
                    contact, metric=metric, target=100.0 + better * pick.choice((7.0, 30.0, 66.6)), start=start,
                    ended=pick.randrange(start), is_proposal=not pick.randrange(6), active=bool(pick.randrange(8)),
                    **here,
                )
            for _measured in range(pick.randrange(4)):
                last = pick.randrange(800)
                record = cls._record(
                    contact, 100.0 + better * pick.choice((5.0, 21.7, 50.0, -3.0)), last,
                    first=last + pick.randrange(60), metric=metric, goal_id=goal.id, **here,
                )
                record.is_checked = bool(pick.randrange(3))
                record.state = pick.choice(("reported", "reported", "confirmed", "contested"))
        for _number in range(60):
            stated = pick.randrange(1, 600)
            need = cls._need(
                pick.choice(telling), pick.choice(("open", "met")), pick.randrange(1, 6), stated,
                is_guess=not pick.randrange(4), active=bool(pick.randrange(8)),
                type_id=(cls.need_type if pick.randrange(5) else cls.objection_type).id, **here,
            )
            for days in sorted((pick.randrange(stated) for _change in range(pick.randrange(3))), reverse=True):
                cls._become(need, pick.choice(("open", "partly", "met", "not_for_us")), days)
        for _number in range(25):
            contact = pick.choice(telling)
            complaint = cls._complain(contact, days=700, **here)
            family = telling.filtered(lambda one, contact=contact: one.commercial_partner_id == contact)
            for _answer in range(pick.randrange(3)):
                cls._rate(complaint, pick.randrange(6), days=pick.randrange(600)).partner_id = pick.choice(
                    family or contact
                )

    def _purchases(self, company, customer, as_of, start):
        orders = self.env["sale.order"].search([
            ("company_id", "=", company.id), ("partner_id", "=", customer.id), ("state", "=", "sale"),
        ])
        bought = [(order.date_order.date(), Fraction(str(order.amount_untaxed))) for order in orders]
        bought = [(day, amount) for day, amount in bought if day <= as_of]
        return bought and (
            min(day for day, _amount in bought), sum(amount for day, amount in bought if day >= start),
            sum(amount for _day, amount in bought),
        )

    def _differences(self, company, as_of):
        policy = self.env["customer.value.policy"]._get_active(company)
        start = as_of - (self.today - self._day(policy.window_days - 1))
        found, seen = [], set()
        for customer in self.customers:
            value = self._value(customer, company)
            if not value:
                continue
            expected = benefit_oracle.benefits(
                company, policy, as_of, customer, self._purchases(company, customer, as_of, start)
            )
            for name, wanted in expected.items():
                if value[name] != wanted or (value[name] is False) != (wanted is False):
                    found.append(f"{name} of {customer.name} on {as_of}: {value[name]} instead of {wanted}")
                if wanted is not False:
                    seen.add(name)
        self.assertEqual(len(seen), 13, "each of them is known of somebody")
        return found

    def test_random_data(self):
        """Two companies with rules of their own, on the last day that has begun in both, and on earlier days."""
        policies = self.env["customer.value.policy"]
        latest = min(
            self.env["customer.value.run"]._today(policies._get_active(company))
            for company in self.company | self.sister
        )
        for as_of in (latest, self._day(45), self._day(200)):
            self._recompute(self.company | self.sister, as_of=as_of)
            for company in self.company | self.sister:
                self.assertEqual(self._differences(company, as_of), [])

    def _all_columns(self):
        """Return what a recompute wrote of each customer, as text."""
        self.env.flush_all()
        names = indices.value_columns(self.env["customer.value"]._counted_parts())
        self.env.cr.execute(
            f"SELECT partner_id, ROW({', '.join(names)})::text FROM customer_value WHERE company_id = %s"
            " ORDER BY partner_id", [self.company.id],
        )
        return self.env.cr.fetchall()

    def test_whatever_the_batch(self):
        """In batches of one and of seven, and for changed customers only: the same bytes."""
        self._recompute()
        expected = self._all_columns()
        for size in ("1", "7"):
            self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", size)
            self.env.flush_all()
            self.env.cr.execute("DELETE FROM customer_value WHERE company_id = %s", [self.company.id])
            self.env.invalidate_all()
            self._recompute()
            self.assertEqual(self._all_columns(), expected, size)
        record = self.env["customer.benefit.record"].search([
            ("company_id", "=", self.company.id), ("counts", "=", True), ("date_to", ">", self._day(300)),
        ], limit=1)
        record.value -= 1.0
        self._recompute(partners=record.partner_id)
        incremental = self._all_columns()
        self.assertNotEqual(incremental, expected)
        self._recompute()
        self.assertEqual(self._all_columns(), incremental)
