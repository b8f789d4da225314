import importlib.util
from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from ..satisfaction_case import SatisfactionCase


class AdvocacyCase(SatisfactionCase):
    """Customers who were brought by others, and answers to whether somebody would recommend us.

    Margin counts: three customers who brought 100 each so far make a median of 100.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.policy._renew({"value_basis": "margin"})
        for name in ("Ordinary", "Usual", "Common"):
            cls._buyer(name)
        cls.friend = cls._buyer("Friend")

    @classmethod
    def _buyer(cls, name, margin=100.0, days=20, **values):
        """Return a customer with one purchase, of so much margin, so many days ago."""
        customer = cls._partner(name, **values)
        cls._order(customer, days, margin + 60.0, cost=60.0)
        return customer

    @classmethod
    def _answer(cls, contact, score, days=10, *, scale="nps", company=None, **values):
        """Return an answer of a contact, given at noon so many days ago."""
        return cls.env["customer.feedback"].sudo().create({
            "company_id": (company or cls.company).id, "partner_id": contact.id, "scale": scale,
            "about": "relationship", "state": "answered", "score": score,
            "points": {"nps": 10 * score, "csat": 25 * (score - 1)}[scale],
            "date_answered": datetime.combine(cls._day(days), time(12)), **values,
        })

    def _now(self, customer=None, **arguments):
        """Recompute; return how many were brought, their worth, promoters, score, evidence in percent, and points."""
        self._recompute(**arguments)
        value = self._value(customer or self.friend)
        return tuple(value[name] for name in (
            "brought_count", "brought_worth", "promoter_count", "advocacy_score", "advocacy_evidence",
            "advocacy_points",
        ))


@tagged("post_install", "-at_install")
class TestAdvocacy(AdvocacyCase):
    """What the customers that somebody brought are worth, and who would recommend us."""

    def test_one_ordinary_customer(self):
        """As much as the median: 50 + 50 / 2 = 75; half of the weight of 5 points; 5 / 2 × 25 / 50 = 1.25, in tenths
        rounded up 1.3."""
        self._buyer("Brought", referred_by_id=self.friend.id)
        self.assertEqual(self._now(), (1, 100.0, 0, 75.0, 50.0, 1.3))
        value, other = self._value(self.friend), self._value(self.env["res.partner"].search([("name", "=", "Usual")]))
        self.assertEqual(round(value.value_index - other.value_index, 1), 1.3)
        self.assertEqual(value.value_to_us, other.value_to_us)

    def test_three_customers(self):
        """100 + 500 against a median of 100, and a loss of 40, which counts as nothing: 50 + 50 × 600 / 700 = 92.9.
        Three of four parts of the weight: 5 × ¾ × 42.9 / 50 = 3.2."""
        for name, margin in (("One", 100.0), ("Two", 500.0), ("Three", -40.0)):
            self._buyer(name, margin, referred_by_id=self.friend.id)
        self.assertEqual(self._now(), (3, 600.0, 0, 92.9, 75.0, 3.2))

    def test_who_counts(self):
        """Who has not bought is no customer yet; one's own family, and customers of customers, are not counted."""
        prospect = self._partner("Prospect", referred_by_id=self.friend.id)
        self._order(prospect, 3, 10.0, state="draft")
        employee = self._partner("Employee", referred_by_id=self.friend.id)
        self._order(employee, 5, 50.0)
        # From then on what they bought was bought by the friend, too.
        employee.parent_id = self.friend
        brought = self._buyer("Brought", referred_by_id=employee.id)
        self._buyer("Brought by That One", 900.0, referred_by_id=brought.id)
        # Of a contact of the friend counts the friend.
        self.assertEqual(self._now()[:4], (1, 100.0, 0, 75.0))
        self.assertEqual(self._now(brought)[:2], (1, 900.0))
        brought.referred_by_id = False
        self.assertEqual(self._now(), (0, False, 0, False, 0.0, 0.0))
        self.assertEqual(self._now(brought)[0], 1)

    def test_one_friend_each(self):
        """The one named on the customer comes before those named on contacts; then the contact that was there first."""
        other = self._buyer("Another Friend")
        brought = self._buyer("Brought")
        first, second = (
            self._partner(name, parent_id=brought.id, referred_by_id=friend.id)
            for name, friend in (("First", other), ("Second", self.friend))
        )
        self.assertEqual((self._now()[0], self._now(other)[0]), (0, 1))
        brought.referred_by_id = self.friend
        self.assertEqual((self._now()[0], self._now(other)[0]), (1, 0))
        (first | second | brought).referred_by_id = False
        self.assertEqual((self._now()[0], self._now(other)[0]), (0, 0))

    def test_promoters(self):
        """The last answer of each contact in the period, 9 or 10: two of them are half an ordinary customer.

        50 + 50 × ½ / 1½ = 66.7; two of the four that make half: a third of the weight. 5 × 0.333 × 16.7 / 50 = 0.6.
        """
        anna, bert, carl, dora = (
            self._partner(name, parent_id=self.friend.id) for name in ("Anna", "Bert", "Carl", "Dora")
        )
        for contact, score, days in (
            (anna, 2, 20), (anna, 9, 10), (bert, 3, 30), (bert, 10, 5), (carl, 10, 30), (carl, 8, 5), (dora, 10, 365),
        ):
            self._answer(contact, score, days)
        # What was asked on another scale, or was not answered, says nothing of it.
        self._answer(dora, 5, scale="csat")
        self._answer(dora, 10, date_answered=False, state="asked", points=False)
        self.assertEqual(self._now(), (0, False, 2, 66.7, 33.3, 0.6))

    def test_promoter_and_customer(self):
        """100 and a quarter of 100: 50 + 50 × 125 / 225 = 77.8; evidence 5 / (5 + 4)."""
        self._buyer("Brought", referred_by_id=self.friend.id)
        self._answer(self.friend, 10)
        self.assertEqual(self._now(), (1, 100.0, 1, 77.8, 55.6, 1.5))

    def test_nobody_loses_by_it(self):
        """Who would not recommend us said so in satisfaction; here it changes nothing."""
        for contact in ("Anna", "Bert"):
            self._answer(self._partner(contact, parent_id=self.friend.id), 0)
        self.assertEqual(self._now(), (0, False, 0, False, 0.0, 0.0))

    def test_another_company(self):
        """What those who were brought buy elsewhere, and what is answered there, counts there."""
        far = self._make_company("Far Company")
        self.env.user.company_ids |= far
        brought = self._partner("Brought", referred_by_id=self.friend.id)
        self._order(brought, 5, 100.0, company=far)
        self._answer(self.friend, 10, company=far)
        self.assertEqual(self._now(), (0, False, 0, False, 0.0, 0.0))
        self._order(self.friend, 5, 100.0, cost=50.0, company=far)
        self._recompute(far)
        value = self._value(self.friend, far)
        self.assertEqual((value.brought_count, value.promoter_count), (1, 1))

    def test_as_of_an_earlier_day(self):
        self._buyer("Brought", days=10, referred_by_id=self.friend.id)
        self._answer(self.friend, 10, days=5)
        self.assertEqual(self._now(as_of=self._day(4))[:3], (1, 100.0, 1))
        self.assertEqual(self._now(as_of=self._day(6))[:3], (1, 100.0, 0))
        self.assertEqual(self._now(as_of=self._day(11))[:3], (0, False, 0))

    def test_margin_that_is_not_known(self):
        """Is not zero: of two customers brought one counts. By revenue both do: 160 + 50, of a median of 160."""
        brought = self._buyer("Brought", referred_by_id=self.friend.id)
        unknown = self._partner("Unknown Margin", referred_by_id=self.friend.id)
        order = self._order(unknown, 10, 50.0)
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE sale_order SET margin = NULL WHERE id = %s", order.id))
        self.env.invalidate_all(flush=False)
        self.assertEqual(self._now(), (2, 100.0, 0, 75.0, 50.0, 1.3))
        self.policy._renew({"value_basis": "revenue"})
        # 50 + 50 × 210 / 370 = 78.4, two thirds of the weight.
        self.assertEqual(self._now()[:5], (2, 210.0, 0, 78.4, 66.7))
        self.assertTrue(brought)

    def test_no_index_moves_without_data(self):
        """Every column of the values is what it is without the part, where nobody was brought."""
        prospect = self._partner("Prospect")
        self._order(prospect, 3, 10.0, state="draft")

        def rows():
            self._recompute()
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT * FROM customer_value WHERE company_id = %s ORDER BY partner_id", [self.company.id]
            )
            return self.env.cr.dictfetchall()

        with_part, declared = rows(), self.env["customer.value"]._index_parts()
        self.assertEqual(len(with_part), 5)
        others = {name: part for name, part in declared.items() if name != "advocacy"}
        self.patch(type(self.env["customer.value"]), "_index_parts", lambda self: others)
        self.env.cr.execute(
            "UPDATE customer_value SET value_index = NULL, value_to_us = NULL WHERE company_id = %s", [self.company.id]
        )
        self.env.invalidate_all(flush=False)
        own = {
            "advocacy_score", "advocacy_points", "advocacy_evidence", "has_advocacy_score", "brought_count",
            "brought_worth", "promoter_count", "write_date",
        }

        def compared(found):
            return [{name: cell for name, cell in row.items() if name not in own} for row in found]

        self.assertEqual(compared(rows()), compared(with_part))
        for row in with_part:
            self.assertEqual(row["advocacy_points"], None if row["value_index"] is None else 0)

    def test_incremental_is_what_everybody_gets(self):
        """Whoever buys has the one who brought them recomputed, and both have the values of a full recompute."""
        brought = self._buyer("Brought", referred_by_id=self.friend.id)
        self._now()
        self.env.cr.precommit.run()
        self.env["customer.value.mark"]._take(10000)
        self._order(brought, 1, 500.0, cost=200.0)
        self.env.cr.precommit.run()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            self.env["customer.value.run"]._work_off_marks()
        self.env["customer.value"].invalidate_model()
        value = self._value(self.friend)
        self.assertEqual((value.brought_count, value.brought_worth), (1, 400.0))
        found = (value.advocacy_score, value.advocacy_points)
        # Both friend and brought are of the five customers that the median of 100 was found of.
        self.assertEqual(found, (90.0, 2.0))
        self.assertEqual(self._now()[3:], (90.0, 50.0, 2.0))

    def test_who_brought_whom_marks_both(self):
        other = self._buyer("Another Friend")
        brought = self._buyer("Brought", referred_by_id=self.friend.id)
        self.env.cr.precommit.run()
        marks = self.env["customer.value.mark"]
        marks._take(10000)
        brought.referred_by_id = self._partner("Assistant", parent_id=other.id)
        self.env.cr.precommit.run()
        marked = set().union(*marks._take(10000).values())
        self.assertLessEqual({brought.id, self.friend.id, other.id}, marked)

    def test_whoever_is_not_the_first_any_more_is_marked(self):
        brought = self._buyer("Brought")
        self._partner("Contact of Theirs", parent_id=brought.id, referred_by_id=self.friend.id)
        other = self._buyer("Another Friend")
        self.env.cr.precommit.run()
        marks = self.env["customer.value.mark"]
        marks._take(10000)
        brought.referred_by_id = other
        self.env.cr.precommit.run()
        self.assertLessEqual({self.friend.id, other.id}, set().union(*marks._take(10000).values()))

    def test_customers_on_the_portal(self):
        """Change their own contact, and need not know who brought them."""
        user = new_test_user(self.env, "advocacy_portal", groups="base.group_portal")
        user.partner_id.referred_by_id = self.friend
        partner = user.partner_id.with_user(user)
        with self.assertRaises(AccessError):
            partner.read(["referred_by_id"])
        marked = [contacts for contacts, _company in partner._value_customers()]
        self.assertIn(self.friend.id, marked[1].ids)

    def test_story(self):
        self._buyer("Brought", referred_by_id=self.friend.id)
        self._answer(self.friend, 10)
        self._recompute()
        value = self._value(self.friend)
        part = next(part for part in value.explanation["parts"] if part["key"] == "advocacy")
        self.assertEqual((part["label"], part["bonus"], part["missing"]), ("Advocacy", True, False))
        told = value.get_story()["inputs"]["advocacy"]
        self.assertEqual([(fact["label"], fact["value"]) for fact in told["facts"]], [
            ("Customers brought", 1), ("Worth of customers brought", 100.0),
            (f"Would recommend us, last {value.window_text}", 1),
        ])
        for method in ("action_view_brought_contacts", "action_view_promoters"):
            action = getattr(value, method)()
            self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), 1, method)
        other = self._value(self.env["res.partner"].search([("name", "=", "Usual")]))
        part = next(part for part in other.explanation["parts"] if part["key"] == "advocacy")
        self.assertTrue(part["missing"])
        self.assertIn("No customer was brought", part["missing_text"])

    def test_worth_is_for_who_sees_all_amounts(self):
        """Those who were brought may be customers of another salesperson."""
        self._buyer("Brought", referred_by_id=self.friend.id)
        self._recompute()
        user = new_test_user(
            self.env, "advocacy_own", groups="sales_team.group_sale_salesman", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.friend.user_id = user
        value = self._value(self.friend).with_user(user).with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(value.brought_count, 1)
        with self.assertRaises(AccessError):
            value.read(["brought_worth"])
        self.assertNotIn("monetary", [fact["type"] for fact in value.get_story()["inputs"]["advocacy"]["facts"]])

    def test_update_of_an_older_version(self):
        """Versions in force and drafts get the weight; what is retired stays, and nobody's number moves."""
        prospect = self._partner("Prospect")
        self._order(prospect, 3, 10.0, state="draft")
        month_end = self.env["customer.value.snapshot"]._last_month_end(self.company)
        self._order(self.friend, month_end - timedelta(days=1), 100.0)
        draft, retired = self.policy.copy(), self.policy
        active = self.policy._renew({"pareto_a": 70.0})
        self._recompute(as_of=month_end)
        self._recompute()
        interrupted = self.env["customer.value.run"]._new_run(self.company)
        self.env["customer.value.run"].search([("state", "=", "queued")]).unlink()
        self.env.flush_all()
        cr, tables = self.env.cr, {}
        cr.execute("DELETE FROM customer_value_policy_weight WHERE part = 'advocacy'")
        for table in ("customer_value", "customer_value_snapshot"):
            cr.execute(f"SELECT * FROM {table} WHERE company_id = %s ORDER BY id", [self.company.id])
            tables[table] = cr.dictfetchall()
            names = [
                name for name in tables[table][0] if "advocacy" in name or name in ("brought_count", "promoter_count")
            ]
            self.assertIn("advocacy_points", names)
            cr.execute(f"UPDATE {table} SET " + ", ".join(f"{name} = NULL" for name in names))
        self.env.invalidate_all(flush=False)
        spec = importlib.util.spec_from_file_location(
            "customer_value_migration", file_path("crm_customer_value/migrations/19.0.1.7.0/post-advocacy.py")
        )
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(cr, None)
        self.assertEqual(active._weights()["advocacy"], 0.0, "nothing is done in a new database")
        script.migrate(cr, "19.0.1.6.0")
        script.migrate(cr, "19.0.1.6.0")
        self.env.invalidate_all()
        self.assertEqual([policy._weights()["advocacy"] for policy in (active, draft, retired)], [5.0, 5.0, 0.0])
        self.assertEqual(interrupted.state, "queued")
        for table, expected in tables.items():
            cr.execute(f"SELECT * FROM {table} WHERE company_id = %s ORDER BY id", [self.company.id])
            self.assertEqual(cr.dictfetchall(), expected, table)
        cr.execute("SELECT ctid FROM customer_value WHERE company_id = %s", [self.company.id])
        stamps = cr.fetchall()
        self._recompute()
        cr.execute("SELECT ctid FROM customer_value WHERE company_id = %s", [self.company.id])
        self.assertEqual(cr.fetchall(), stamps, "the first night writes nothing")
