from datetime import timedelta

from odoo.tests import freeze_time, tagged

from ...engine.care import held_out
from .action_case import MOMENT, MONDAY, ActionCase


@tagged("post_install", "-at_install")
@freeze_time(MOMENT)
class TestNextActionResult(ActionCase):
    """What came of it, against customers who were held out."""

    def test_held_out(self):
        """By the hash of care, of 200 customers on; they take no place and are on no list."""
        customers = [self._silent(f"{number:03}", at_risk=1000.0 - number) for number in range(200)]
        self.company.care_held_out = 20
        self.seller.customer_capacity = 50
        self._night()
        held = {
            customer for customer in customers if held_out.place(self.company.id, customer.id) < 0.2
        }
        self.assertTrue(held)
        rows = self.actions.search([("company_id", "=", self.company.id)])
        self.assertEqual({row.partner_id for row in rows if row.is_held_out}, held)
        self.assertEqual(len(self._list()), 50)
        noted = rows.filtered(lambda row: row.state == "held_out")
        self.assertFalse(set(noted.partner_id) - held)
        # Those are noted who would have had a place, and no others.
        self.assertTrue(0 < len(noted) <= len(held))
        self.assertTrue(all(row.is_compared for row in rows))
        # Who buys stays noted: that is what the others are compared with.
        bought = noted[0]
        self._value(bought.partner_id).sudo().last_purchase_date = MONDAY
        self._night(MONDAY + timedelta(days=1))
        self.assertRecordValues(bought, [{"state": "held_out", "is_held_out": True, "is_current": False}])

    def test_fewer_are_all_shown(self):
        for number in range(20):
            self._silent(f"{number:03}")
        self.company.care_held_out = 50
        self._night()
        rows = self.actions.search([("company_id", "=", self.company.id)])
        self.assertFalse(any(row.is_held_out or row.is_compared for row in rows))

    def test_bought_within_the_days(self):
        """90 days from the first list on, for both sides; the day itself and the 91st do not count."""
        names = ("First day", "Last day", "Same day", "Too late", "Never")
        customers = dict(zip(names, (self._silent(name) for name in names), strict=True))
        self._night()
        for name, days in (("First day", 1), ("Last day", 90), ("Same day", 0), ("Too late", 91)):
            self._order(customers[name], MONDAY + timedelta(days=days), 100.0)
        day = MONDAY + timedelta(days=91)
        with freeze_time(f"{day} 12:00:00"):
            self.actions._note_results(self.company, MONDAY + timedelta(days=90))
            self.assertEqual(set(self.actions.search([("company_id", "=", self.company.id)]).mapped("result")), {False})
            self.actions._note_results(self.company, day)
        rows = self.actions.search([("company_id", "=", self.company.id)])
        self.assertEqual({row.partner_id.name: row.result for row in rows}, {
            "First day": "worked", "Last day": "worked", "Same day": "did_not", "Too late": "did_not",
            "Never": "did_not",
        })

    def test_settled(self):
        kept, broken = self._silent("Kept"), self._silent("Broken")
        for customer in (kept, broken):
            customer.sudo().write({"relationship_broken_on": MONDAY, "relationship_broken_reason": "Shouted"})
        self._night()
        kept.sudo().write({"relationship_broken_on": False, "relationship_broken_reason": False})
        self.env.flush_all()
        self._night(MONDAY + timedelta(days=31))
        rows = self.actions.search([("company_id", "=", self.company.id), ("kind", "=", "broken")])
        self.assertEqual({row.partner_id.name: row.result for row in rows}, {"Kept": "worked", "Broken": "did_not"})

    def _rows_with_results(self, number, worked, *, is_held_out):
        for place in range(number):
            self._row(is_held_out=is_held_out, result="worked" if place < worked else "did_not")

    def _row(self, **values):
        customer = self._partner("Result")
        return self.actions.create({
            "company_id": self.company.id, "partner_id": customer.id, "user_id": self.seller.id, "kind": "silent",
            "state": "done", "is_current": False, "is_compared": True, "date_first": MONDAY, **values,
        })

    def _effect(self, kind="silent"):
        self.env.flush_all()
        return self.env["customer.next.action.effect"].search([
            ("company_id", "=", self.company.id), ("kind", "=", kind)
        ])

    def test_verdict(self):
        """30 of 40 against 12 of 43; with 9 purchases on a side there is nothing to say."""
        self._rows_with_results(40, 30, is_held_out=False)
        self._rows_with_results(40, 9, is_held_out=True)
        self.assertEqual(self._effect().verdict, "few")
        self._rows_with_results(3, 3, is_held_out=True)
        self.env.invalidate_all()
        row = self._effect()
        self.assertEqual((row.customers, row.worked, row.held_customers, row.held_worked), (40, 30, 43, 12))
        self.assertEqual(row.verdict, "worked")
        # 75 % less 27.9 %.
        self.assertEqual(row.difference, 47.1)
        self.assertEqual(
            row.words, "30 of 40 bought within 90 days (75 %), of those held out 12 of 43 (28 %)."
        )
        # What opens is what the number counts.
        self.assertEqual(self.actions.search_count(row.action_view_actions()["domain"]), row.shown)

    def test_words_where_nobody_was_held_out(self):
        self._rows_with_results(4, 1, is_held_out=False)
        self.assertEqual(
            self._effect().words, "1 of 4 bought within 90 days (25 %). Nobody was held out."
        )

    def test_nothing_to_say_yet(self):
        for kind, text in (("silent", "90 days must pass"), ("complaint", "14 days must pass")):
            self._row(kind=kind)
            self.assertIn(text, self._effect(kind).words)

    def test_customer_counts_once(self):
        first = self._row(result="did_not")
        self._row(partner_id=first.partner_id.id, date_first=MONDAY + timedelta(days=40), result="worked")
        self.assertEqual((self._effect().shown, self._effect().customers, self._effect().worked), (2, 1, 0))

    def test_settled_is_not_compared(self):
        self._row(kind="complaint", is_compared=False, result="worked")
        row = self._effect("complaint")
        self.assertEqual((row.verdict, row.share), ("settled", 100.0))
        self.assertIn("1 of 1 (100 %)", row.words)
        action = row.action_view_actions()
        self.assertEqual(self.actions.search_count(action["domain"]), 1)

