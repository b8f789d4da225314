from datetime import timedelta

from odoo.tests import BaseCase, freeze_time, tagged

from ...engine.care import effect, held_out
from .care_case import CareCase, day

# R. G. Newcombe (1998), table II: two shares, and the limits of method 10.
PUBLISHED = (
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((6, 7, 2, 7), (0.0582, 0.8062)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)),
    ((0, 10, 0, 20), (-0.1611, 0.2775)),
    ((0, 10, 0, 10), (-0.2775, 0.2775)),
    ((10, 10, 0, 20), (0.6791, 1.0000)),
    ((10, 10, 0, 10), (0.6075, 1.0000)),
)


@tagged("post_install", "-at_install")
class TestInterval(BaseCase):
    def test_published_numbers(self):
        for shares, limits in PUBLISHED:
            with self.subTest(shares):
                found = effect.difference(*shares)
                self.assertEqual((round(found.low, 4), round(found.high, 4)), limits)
                self.assertAlmostEqual(found.value, shares[0] / shares[1] - shares[2] / shares[3])

    def test_limits_stay_within_what_is_possible(self):
        for total in (1, 2, 5, 30):
            for found in range(total + 1):
                low, high = effect.wilson(found, total)
                self.assertTrue(0 <= low <= found / total <= high <= 1, (found, total))

    def test_swapped_sides_turn_the_sign(self):
        one, other = effect.difference(40, 100, 20, 90), effect.difference(20, 90, 40, 100)
        self.assertAlmostEqual(one.low, -other.high)
        self.assertAlmostEqual(one.high, -other.low)

    def test_clear(self):
        self.assertTrue(effect.difference(56, 70, 48, 80).is_clear)
        self.assertFalse(effect.difference(5, 56, 0, 29).is_clear)

    def test_bad_input(self):
        for shares in ((1, 0, 1, 2), (3, 2, 1, 2), (1, 2, -1, 2)):
            with self.subTest(shares), self.assertRaises(ValueError):
                effect.difference(*shares)

    def test_enough(self):
        self.assertTrue(effect.is_enough(10, 30))
        self.assertFalse(effect.is_enough(10, 29))
        self.assertFalse(effect.is_enough(9, 300))


@tagged("post_install", "-at_install")
@freeze_time("2027-02-20 12:00:00")
class TestEffect(CareCase):
    """Who is held out, and what is said of a rule when its 90 days are over."""

    def test_the_same_share_by_sql_and_python(self):
        customers = self._many(300)
        self.company.care_held_out = 20
        rule = self._rule("birthday")
        self._night(day("2027-03-05"))
        held = {partner.id for partner, _o, _d, state, _w in self._noted(rule) if state == "held_out"}
        self.assertEqual(held, {
            number for number in customers.ids if held_out.place(self.company.id, number) < 0.2
        })
        self.assertTrue(20 < len(held) < 100)
        self.assertFalse(self._calls(self.env["res.partner"].browse(sorted(held)[0])))
        # The same ones by another rule, and in another year.
        other = self._rule("birthday", name="Care test other")
        self._night(day("2028-03-05"))
        for each in (rule, other):
            again = {
                log.partner_id.id for log in self.logs.search([
                    ("rule_id", "=", each.id), ("state", "=", "held_out"), ("date", "=", "2028-03-05"),
                ])
            }
            self.assertEqual(again, held)

    def test_few_customers_are_all_cared_for(self):
        customers = self._many(199)
        self.company.care_held_out = 50
        rule = self._rule("birthday")
        self._night(day("2027-03-05"))
        self.assertEqual({partner for partner, _day in self._done(rule)}, set(customers))

    def test_never_held_out(self):
        """Key customers and broken relationships are cared for, and whoever complained."""
        customers = self._many(200)
        self.company.care_held_out = 50
        first = next(
            partner for partner in customers if held_out.place(self.company.id, partner.id) < 0.5
        )
        others = [
            partner for partner in customers
            if partner != first and held_out.place(self.company.id, partner.id) < 0.5
        ]
        level = self.env["customer.care.level"].create({"name": "Care test key", "company_id": self.company.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE customer_care_level SET code = 'key' WHERE id = %s", [level.id])
        self.env.cr.execute(
            "UPDATE customer_value SET care_level_id = %s WHERE partner_id = %s", [level.id, first.id]
        )
        others[0].relationship_broken_on = "2027-03-01"
        self.env.flush_all()
        complaint = self.env["customer.complaint"].create({
            "name": "Care test", "description": "It burns", "partner_id": others[1].id, "company_id": self.company.id,
        })
        complaint._close()
        complaint.date_closed = "2027-03-04 12:00:00"
        self.env.invalidate_all()
        rule, closed = self._rule("birthday"), self._rule("complaint_closed", offset_days=1)
        self._night(day("2027-03-05"))
        states = {partner: state for partner, _o, _d, state, _w in self._noted(rule)}
        self.assertEqual(
            [states[partner] for partner in (first, *others[:3])], ["done", "done", "held_out", "held_out"]
        )
        self.assertEqual(self._done(closed), [(others[1], day("2027-03-05"))])
        # Of those who are never held out, none is compared with those who are.
        logs = self.logs.search([("rule_id", "=", rule.id)])
        self.assertEqual(logs.filtered(lambda log: not log.is_compared).partner_id, first | others[0])
        self.assertFalse(self.logs.search([("rule_id", "=", closed.id)]).is_compared)
        self.assertIn("always cared for", closed.effect_text)
        self.assertIn("90 days are over", rule.effect_text)
        logs.filtered(lambda log: not log.is_compared).write({"result": "bought"})
        self.assertIn("Nobody was held out", rule.effect_text)
        logs.write({"result": "bought"})
        self.assertEqual(rule.effect_customers + rule.effect_held_customers, 198)

    def _fill(self, rule, state, customers, buyers, on="2027-02-22"):
        """Note acts of a rule; some of the customers buy 10 days later."""
        self.logs.create([
            {
                "company_id": self.company.id, "rule_id": rule.id, "partner_id": customer.id, "state": state,
                "occasion": "test", "date": on,
            }
            for customer in customers
        ])
        for customer in customers[:buyers]:
            self._order(customer, day(on) + timedelta(days=10), 100.0)

    def test_effect_of_a_rule(self):
        customers = self._many(90)
        rule = self._rule("need_met")
        self._fill(rule, "done", customers[:50], 30)
        self._fill(rule, "held_out", customers[50:], 10)
        with freeze_time("2027-05-23 12:00:00"):
            # The 90th day after the 22nd of February is the 23rd of May.
            self._night(day("2027-05-23"))
            self.assertEqual(rule.effect_customers, 0)
            self.assertEqual(rule.effect_verdict, "few")
        with freeze_time("2027-05-24 12:00:00"):
            self._night(day("2027-05-24"))
        self.assertEqual(
            (rule.effect_bought, rule.effect_customers, rule.effect_held_bought, rule.effect_held_customers),
            (30, 50, 10, 40),
        )
        # 30 of 50 lie between 0.4618 and 0.7239, 10 of 40 between 0.1419 and 0.4019:
        # 0.35 - sqrt(0.1382² + 0.1519²) = 0.1446, and 0.35 + sqrt(0.1239² + 0.1081²) = 0.5145.
        self.assertEqual(
            [round(number, 1) for number in (rule.effect_difference, rule.effect_low, rule.effect_high)],
            [35.0, 14.5, 51.4],
        )
        self.assertEqual(rule.effect_verdict, "helps")

    def test_no_clear_effect_and_too_few(self):
        customers = self._many(100)
        rule, few = self._rule("need_met"), self._rule("need_met", name="Care test few")
        self._fill(rule, "done", customers[:50], 20)
        self._fill(rule, "held_out", customers[50:], 15)
        self._fill(few, "done", customers[:50], 0)
        self._fill(few, "held_out", customers[50:79], 0)
        with freeze_time("2027-06-01 12:00:00"):
            self._night(day("2027-06-01"))
        self.assertEqual(rule.effect_verdict, "unclear")
        self.assertIn("Of 100 customers, 10.0 more bought than without care.", rule.effect_text)
        self.assertRegex(rule.effect_text, r"between \d+\.\d fewer and \d+\.\d more\.", "no minus to think about")
        self.assertEqual((few.effect_verdict, few.effect_difference), ("few", False))
        self.assertIn("Too few to say", few.effect_text)

    def test_result_days(self):
        """A purchase of the day itself does not count, one of the 90th day does, and the next one does not."""
        rule = self._rule("need_met")
        customers = [self._customer(f"Care {number}") for number in range(4)]
        self._fill(rule, "done", self.env["res.partner"].union(*customers), 0)
        for customer, after in zip(customers, (0, 1, 90, 91), strict=True):
            self._order(customer, day("2027-02-22") + timedelta(days=after), 100.0)
        with freeze_time("2027-07-01 12:00:00"):
            self._night(day("2027-07-01"))
        found = {log.partner_id: log.result for log in self.logs.search([("rule_id", "=", rule.id)])}
        self.assertEqual([found[customer] for customer in customers], ["none", "bought", "bought", "none"])

    def test_a_customer_counts_once(self):
        """The first time counts, whatever came of the second."""
        customer = self._customer()
        rule = self._rule("need_met")
        values = {"company_id": self.company.id, "rule_id": rule.id, "partner_id": customer.id, "state": "done"}
        self.logs.create([
            {**values, "occasion": "one", "date": "2027-02-21", "result": "none", "result_index": 40.0},
            {**values, "occasion": "two", "date": "2027-02-22", "result": "bought", "result_index": 60.0},
        ])
        self.assertEqual((rule.effect_customers, rule.effect_bought, rule.effect_index), (1, 0, 40.0))
        self.assertEqual(rule.done_count, 2)

    def test_index_is_that_of_the_last_month_end_within(self):
        customer = self._customer()
        rule = self._rule("need_met")
        self._fill(rule, "done", customer, 0)
        for month_end, index in (("2027-02-28", 50.0), ("2027-04-30", 55.0), ("2027-05-31", 70.0)):
            self.env["customer.value.snapshot"].create({
                "company_id": self.company.id, "partner_id": customer.id, "date": month_end, "value_index": index,
            })
        with freeze_time("2027-06-10 12:00:00"):
            self._night(day("2027-06-10"))
        self.assertEqual(self.logs.search([("rule_id", "=", rule.id)]).result_index, 55.0)
