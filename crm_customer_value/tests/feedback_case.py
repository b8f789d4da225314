import re
from datetime import datetime, time, timedelta

from odoo import Command, fields
from odoo.tests import freeze_time, new_test_user

from odoo.addons.mail.tests.common import MockEmail

from .satisfaction_case import SatisfactionCase

LINK = re.compile(r"https?://[^/\"'\s]+(/feedback/(\d+)/([^/?\"'\s<>]+))")


class FeedbackCase(MockEmail, SatisfactionCase):
    """A company whose customers are asked, on a day like any other, at noon."""

    # Where a server answers, the time goes on.
    frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = datetime.combine(cls.today, time(12)) if cls.frozen else fields.Datetime.now()
        if cls.frozen:
            cls.startClassPatcher(freeze_time(cls.now))
        cls.company.write({"email": "office@company.example"})
        cls.seller = new_test_user(
            cls.env, "feedback_seller", groups="sales_team.group_sale_salesman", company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)], email="seller@company.example",
        )
        # Only what the tests make asks.
        cls.env["customer.feedback.rule"].with_context(active_test=False).search([]).active = False
        cls.firm = cls._partner("Oak", is_company=True, user_id=cls.seller.id)
        cls.anna = cls._partner("Anna", parent_id=cls.firm.id, email="Anna <anna@oak.example>")

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60)

    @classmethod
    def _rule(cls, since=60, **values):
        """Return a rule that has been on for so many days; None: it is off."""
        rule = cls.env["customer.feedback.rule"].create({
            "name": "Test", "company_id": cls.company.id, "trigger": "order", "scale": "nps", "delay_days": 3,
            "question": "Would you recommend us?", "user_id": cls.env.user.id, "active": since is not None, **values,
        })
        if since is not None:
            rule.date_active = cls.now - timedelta(days=since)
        return rule

    @classmethod
    def _sold(cls, contact, days=3, **values):
        """Return an order that was confirmed so many days ago, an hour before now."""
        order = cls._order(contact, days, 100.0, at=cls.now - timedelta(days=days, hours=1), **values)
        cls.env.flush_all()
        return order

    def _cron(self, now=None):
        """Ask whom there is to be asked, and return the questions that were made."""
        last = self._requests()
        with freeze_time(now or self.now), self.mock_mail_gateway():
            self.env["customer.feedback.rule"]._cron_feedback()
            self.env["mail.mail"].sudo().search([("model", "=", "customer.feedback")]).send()
        return self._requests() - last

    def _requests(self):
        return self.env["customer.feedback"].search([("company_id", "=", self.company.id)])

    def _asked(self, contact=None, **values):
        """Return a question that was sent to a contact, and the mail."""
        self._rule(**values)
        self._sold(contact or self.anna)
        feedback = self._cron()
        self.assertEqual(feedback.mapped("state"), ["asked"])
        return feedback

    def _give(self, contact, scale, score, days=5, about="transaction", comment=""):
        """Return an answer that a contact gave so many days ago."""
        feedback = self.env["customer.feedback"].create({
            "company_id": self.company.id, "partner_id": contact.id, "scale": scale, "about": about, "state": "asked",
            "question": "How?", "date_asked": self.now - timedelta(days=days),
        })
        with freeze_time(self.now - timedelta(days=days)):
            feedback._answer(score, comment)
        return feedback
