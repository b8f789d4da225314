from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from ..common import CustomerValueCase


class CareCase(CustomerValueCase):
    """A company whose customers are known, an owner of rules, and what rules do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nights of other companies would only take time.
        cls.env["customer.care.rule"].search([]).active = False
        cls.owner = cls._user("care_owner", "sales_team.group_sale_manager")
        cls.seller = cls._user("care_seller", "sales_team.group_sale_salesman")
        cls.plan = cls.env["mail.activity.plan"].create({
            "name": "Care Test Plan", "res_model": "res.partner", "company_id": False,
            "template_ids": [Command.create({
                "activity_type_id": cls.env.ref("mail.mail_activity_data_call").id, "summary": "Care test call",
                "responsible_type": "on_demand",
            })],
        })
        cls.template = cls.env["mail.template"].create({
            "name": "Care Test Mail", "model_id": cls.env["ir.model"]._get_id("res.partner"),
            "subject": "Dear customer", "body_html": "<p>All the best</p>", "email_from": "us@example.com",
        })
        cls.logs = cls.env["customer.care.log"]

    @classmethod
    def _user(cls, login, groups, **values):
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    @classmethod
    def _customer(cls, name="Care Customer", **values):
        """Return a customer whose value is known: one row, as a recompute writes it."""
        value = values.pop("value", {})
        # Only people have birthdays.
        customer = cls._partner(name, is_company="birthday_day" not in values, **values)
        cls.env["customer.value"].create({"company_id": cls.company.id, "partner_id": customer.id, **value})
        return customer

    @classmethod
    def _rule(cls, trigger, **values):
        """Return a rule that is switched on, and starts the plan unless something else is said."""
        return cls.env["customer.care.rule"].create({
            "name": f"Care test {trigger}", "trigger": trigger, "company_id": cls.company.id,
            "user_id": cls.owner.id, "action": "plan", "plan_id": cls.plan.id, "active": True, "quiet_days": 0,
            **values,
        })

    @classmethod
    def _night(cls, day):
        """Do what the rules ask for on a day; commits of a test end nothing."""
        with patch.object(type(cls.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            cls.env["customer.care.rule"]._cron_care(as_of=day)
        cls.env.invalidate_all()

    @classmethod
    def _nights(cls, first, last):
        for number in range((last - first).days + 1):
            cls._night(first + timedelta(days=number))

    @classmethod
    def _noted(cls, rule):
        """Return what was noted of a rule: [(contact, occasion, day, state, obstacle)], in the order of the days."""
        return [
            (log.partner_id, log.occasion, log.date, log.state, log.obstacle)
            for log in cls.logs.search([("rule_id", "=", rule.id)], order="date, id")
        ]

    @classmethod
    def _done(cls, rule):
        """Return [(contact, day)] of what was done."""
        return [(partner, day) for partner, _occasion, day, state, _why in cls._noted(rule) if state == "done"]

    @classmethod
    def _calls(cls, partner):
        """Return the activities that the plan started for a contact."""
        return cls.env["mail.activity"].search([
            ("res_model", "=", "res.partner"), ("res_id", "=", partner.id), ("summary", "=", "Care test call"),
        ])

    @classmethod
    def _mails(cls, partner):
        return cls.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])

    @classmethod
    def _many(cls, number):
        """Make so many customers with a value, and return them."""
        cls.env.flush_all()
        rows = cls.env.execute_query(SQL(
            """INSERT INTO res_partner (name, complete_name, active, type, autopost_bills, is_company, partner_share,
                                        birthday_day, birthday_month)
               SELECT 'Care ' || n, 'Care ' || n, TRUE, 'contact', 'ask', FALSE, TRUE, 5, '3'
                 FROM GENERATE_SERIES(1, %s) n RETURNING id""",
            number,
        ))
        ids = [row[0] for row in rows]
        cls.env.cr.execute(SQL("UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", ids))
        cls.env.cr.execute(SQL(
            "INSERT INTO customer_value (company_id, partner_id) SELECT %s, UNNEST(%s)", cls.company.id, ids
        ))
        cls.env.invalidate_all()
        return cls.env["res.partner"].browse(ids)


def day(text):
    """Return the date of a text such as 2028-02-29."""
    return date.fromisoformat(text)
