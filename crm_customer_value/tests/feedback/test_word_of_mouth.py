from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .test_advocacy import AdvocacyCase


@tagged("post_install", "-at_install")
class TestWordOfMouth(AdvocacyCase):
    """An estimate that says what it assumes, of those who answered only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contacts = [cls._partner(f"Contact {number}", parent_id=cls.friend.id) for number in range(6)]
        for contact, score, days in (
            (contacts[0], 9, 10), (contacts[1], 10, 0), (contacts[2], 6, 10), (contacts[3], 7, 10),
            # The last answer of a contact in the time counts.
            (contacts[4], 0, 20), (contacts[4], 10, 10), (contacts[5], 0, 364),
            # Before the year that is proposed.
            (contacts[5], 10, 365),
        ):
            cls._answer(contact, score, days)
        cls._answer(contacts[0], 1, scale="csat")

    def _estimate(self, user=None, **values):
        estimates = self.env["customer.word.of.mouth"]
        if user:
            estimates = estimates.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return estimates.create({"date_from": self._day(364), "date_to": self.today, **values})

    def _numbers(self, estimate):
        return tuple(estimate[name] for name in (
            "answered_count", "promoter_count", "detractor_count", "told_good", "told_bad", "customers_won",
            "customers_lost",
        ))

    def _user(self, groups="sales_team.group_sale_salesman_all_leads", company=None):
        company = company or self.company
        return new_test_user(
            self.env, f"words_{groups}_{company.id}", groups=groups, company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def test_people_told(self):
        """3 promoters tell 3 each, 2 detractors tell 12 each; how many of these people buy is not known."""
        estimate = self._estimate()
        self.assertEqual(self._numbers(estimate), (6, 3, 2, 9, 24, False, False))
        self.assertIn("tells 3 people, and each who would advise against us tells 12.", estimate.assumptions)
        self.assertIn("Only contacts who answered are counted", estimate.assumptions)
        self.assertIn("is not known", estimate.assumptions)
        for method, number in (("action_view_promoters", 3), ("action_view_detractors", 2)):
            action = getattr(estimate, method)()
            self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), number, method)

    def test_other_days(self):
        estimate = self._estimate(date_from=self._day(20), date_to=self._day(11))
        self.assertEqual(self._numbers(estimate), (1, 0, 1, 0, 12, False, False))
        self.assertEqual(self._numbers(self._estimate(date_from=self._day(365)))[:3], (6, 3, 2))
        with Form(self.env["customer.word.of.mouth"]) as form:
            form.date_to = form.date_from - timedelta(days=1)
            self.assertEqual(form.answered_count, 0)
            with self.assertRaisesRegex(ValidationError, "Exchange them"):
                form.save()
            form.date_to = form.date_from

    def test_own_numbers(self):
        self.company.write({"word_promoter_reach": 5, "word_detractor_reach": 0, "word_conversion": 0.0})
        estimate = self._estimate()
        self.assertEqual(self._numbers(estimate), (6, 3, 2, 15, 0, 0.0, 0.0))
        self.assertIn("Of 100 people who are told, 0 decide by it.", estimate.assumptions)
        for name, number in (("word_promoter_reach", -1), ("word_conversion", 101.0)):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.company[name] = number
                self.env.flush_all()

    def test_money(self):
        """With 5 of 100 who decide by it: 0.45 and 1.2 customers, at the median of 100 that a customer brought."""
        self._recompute()
        self.assertIs(self._estimate().money_won, False, "no money without a rate")
        self.company.word_conversion = 5.0
        estimate = self._estimate(self._user())
        self.assertEqual((estimate.customers_won, estimate.customers_lost), (0.45, 1.2))
        self.assertEqual((estimate.money_won, estimate.money_lost), (45.0, 120.0))
        self.assertIn("100.00", estimate.money_assumption)
        own = self._estimate(self._user("sales_team.group_sale_salesman"))
        for name in ("money_won", "money_assumption"):
            with self.assertRaises(AccessError):
                own.read([name])

    def test_no_money_where_nobody_was_compared(self):
        self.company.word_conversion = 5.0
        self.assertEqual(
            (self._estimate().money_won, self._estimate().money_assumption), (False, False)
        )

    def test_who_sees_what(self):
        """Answers of another company are not counted, nor those that one may not read."""
        far = self._make_company("Far Company")
        self.assertEqual(self._numbers(self._estimate(self._user(company=far)))[:3], (0, 0, 0))
        self.friend.user_id = self._user()
        self.assertEqual(
            self._numbers(self._estimate(self._user("crm_customer_value.group_service_own")))[:3], (0, 0, 0)
        )
        self.assertEqual(
            self._numbers(self._estimate(self._user("crm_customer_value.group_service_all")))[:3], (6, 3, 2)
        )

    def test_part_of_no_index(self):
        """Whatever the estimate assumes, no value moves."""
        self._recompute()
        before = self._value(self.friend).value_index
        self.company.write({"word_promoter_reach": 100, "word_conversion": 50.0})
        self.assertEqual(self._recompute().changed, 0)
        self.assertEqual(self._value(self.friend).value_index, before)
