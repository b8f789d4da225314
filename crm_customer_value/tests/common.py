from datetime import datetime, time, timedelta
from unittest.mock import patch

import pytz

from odoo.tests import TransactionCase

from ..engine.value import cut_points, parts

VALUE_FIELDS = (
    "partner_id", "company_id", "user_id",
    "revenue_total", "margin_total", "revenue_12m", "margin_12m", "revenue_previous_12m",
    "order_count", "order_count_12m", "purchase_days", "purchase_days_12m",
    "first_purchase_date", "last_purchase_date", "typical_gap",
    "recency_score", "frequency_score", "monetary_score", "rfm_segment", "value_class",
    "revenue_trend", "has_prediction", "probability_alive", "churn_risk", "churn_level",
    "expected_purchases_12m", "clv_12m", "value_at_risk", "expected_next_purchase_date", "next_purchase_from",
    "next_purchase_to", "clv_method", "clv_confidence", "current_value_score", "future_value_score", "loyalty_score",
    "payment_score", "has_payment_score", "current_value_points", "future_value_points",
    "loyalty_points", "payment_points",
    "open_complaints", "open_severe_complaints", "complaint_count_12m", "late_complaint_count_12m", "csat",
    "csat_count", "adopted_suggestions", "satisfaction_score", "has_satisfaction_score", "satisfaction_points",
    "cost_to_serve", "cost_to_serve_score", "cost_to_serve_points",
    "development_evidence", "payment_evidence", "satisfaction_evidence", "bounds_points",
    "value_to_us", "value_index",
)


def channel(env, code):
    """Return the id of a channel that came with the program: phone, email, portal and so on."""
    return env["customer.contact.channel"]._of(code).id


def stored_values(records):
    """Return what the database holds of records, as a list of dicts.

    Other fields may change while a test runs: in working hours, those left until a deadline do.
    """
    return records.read([name for name, field in records._fields.items() if field.store])


class CustomerValueCase(TransactionCase):
    """A company of its own, so that demo data and other tests do not count.

    Its customers are few, so that their numbers can be worked out by hand, and are compared all the same:
    test_few_customers has tests of the real limit.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._compare_from(0, 0)
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.usd = cls.env.ref("base.USD")
        cls.eur = cls.env.ref("base.EUR")
        (cls.usd | cls.eur).active = True
        cls.company = cls._make_company("Value Test Company")
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={
            **cls.env.context,
            "allowed_company_ids": [cls.company.id],
            "tz": "UTC",
        })
        cls.company = cls.company.with_env(cls.env)
        cls.policy = cls.env["customer.value.policy"]._get_active(cls.company)
        cls.product = cls.env["product.product"].create({
            "name": "Thing", "type": "consu", "list_price": 100.0, "taxes_id": False,
        })
        cls.today = datetime.now(pytz.timezone(cls.policy.tz)).date()

    @classmethod
    def _compare_from(cls, first, later):
        """Compare customers from so many buyers in the window on, and until there are fewer than so many."""
        for name, number in (("RANKED_FROM", first), ("RANKED_UNTIL", later)):
            cls.startClassPatcher(patch.object(cut_points, name, number))

    @classmethod
    def _index_parts(cls, *kinds):
        """Return the parts of the value index, all or those of some kinds, in their order."""
        shown = cls.env["customer.value"]._shown_parts()
        return parts.of_kind(shown, *kinds) if kinds else shown

    @classmethod
    def _index_lines(cls):
        """Return the names of what adds up to the index."""
        return parts.lines(cls._index_parts())

    @classmethod
    def _make_company(cls, name, tz="UTC", currency=None):
        company = cls.env["res.company"].create({
            "name": name, "currency_id": (currency or cls.usd).id,
        })
        cls.env["customer.value.policy"]._get_active(company)._renew({"tz": tz})
        return company

    @classmethod
    def _partner(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def _day(cls, ago):
        """Return the day that lies ``ago`` days before today."""
        return cls.today - timedelta(days=ago)

    @classmethod
    def _order(cls, partner, day, amount, cost=0.0, *, state="sale", company=None, at=None, **values):
        """Create an order in ``state`` on ``day`` (a date, or how many days ago)."""
        company = company or cls.company
        if isinstance(day, int):
            day = cls._day(day)
        order = cls.env["sale.order"].with_company(company).create({
            "partner_id": partner.id,
            "company_id": company.id,
            "date_order": at or datetime.combine(day, time(12)),
            "order_line": [(0, 0, {
                "product_id": cls.product.id,
                "product_uom_qty": 1,
                "price_unit": amount,
                "purchase_price": cost,
                "tax_ids": False,
            })],
            **values,
        })
        order.write({"state": state, "date_order": at or datetime.combine(day, time(12))})
        return order

    @classmethod
    def _recompute(cls, companies=None, **arguments):
        companies = companies or cls.company
        run = cls.env["customer.value.run"]._recompute(companies, **arguments)
        cls.env["customer.value"].invalidate_model()
        return run

    @classmethod
    def _value(cls, partner, company=None):
        return cls.env["customer.value"].search([
            ("partner_id", "=", partner.id), ("company_id", "=", (company or cls.company).id),
        ])

    @classmethod
    def _rows(cls, companies=None):
        """Return the stored rows of some companies as {partner id: tuple}, straight from the table."""
        cls.env.flush_all()
        cls.env.cr.execute(
            f"SELECT partner_id, ({', '.join(VALUE_FIELDS)})::text FROM customer_value"
            " WHERE company_id = ANY(%s) ORDER BY company_id, partner_id",
            [(companies or cls.company).ids],
        )
        return cls.env.cr.fetchall()
