from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user

from ..common import CustomerValueCase

# A Monday. Tests that need a day are frozen on it.
MONDAY = date(2027, 2, 22)
MOMENT = "2027-02-22 12:00:00"


class ActionCase(CustomerValueCase):
    """A company whose customers are known, a salesperson, and their list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("action_seller")
        cls.actions = cls.env["customer.next.action"]

    @classmethod
    def _user(cls, login, groups="sales_team.group_sale_salesman", **values):
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
            tz="UTC", **values,
        )

    @classmethod
    def _customer(cls, name="Action Customer", user=None, **value):
        """Return a customer whose value is known: one row, as a recompute writes it."""
        customer = cls._partner(name, is_company=True, user_id=(user or cls.seller).id)
        cls.env["customer.value"].create({"company_id": cls.company.id, "partner_id": customer.id, **value})
        return customer

    @classmethod
    def _silent(cls, name="Silent", at_risk=500.0, user=None, **value):
        """Return a customer who buys every 10 days, and last did so 30 days before the Monday."""
        return cls._customer(name, user, **{
            "purchase_days": 5, "typical_gap": 10.0, "last_purchase_date": MONDAY - timedelta(days=30),
            "value_at_risk": at_risk, **value,
        })

    @classmethod
    def _night(cls, day=MONDAY):
        """Find what is worth doing, and make the lists of a day."""
        cls.actions._find(cls.company, day)
        cls.actions._note_results(cls.company, day)
        cls.company.next_action_date = day
        cls.actions._deal(cls.company, day)
        cls.env.invalidate_all()

    @classmethod
    def _cron(cls, **arguments):
        """Do what the scheduled action does; commits of a test end nothing."""
        with patch.object(type(cls.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            cls.actions._cron_actions(**arguments)
        cls.env.invalidate_all()

    @classmethod
    def _current(cls, customer):
        return cls.actions.search([("partner_id", "=", customer.id), ("is_current", "=", True)])

    @classmethod
    def _list(cls, user=None):
        """Return the names on a list, in order."""
        return cls.actions.search([
            ("user_id", "=", (user or cls.seller).id), ("state", "=", "open")
        ]).partner_id.mapped("name")
