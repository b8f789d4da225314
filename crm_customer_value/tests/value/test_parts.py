import random
from datetime import date
from fractions import Fraction
from math import floor
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...engine.value import parts
from ...engine.value.parts import Part, Parts
from ..common import CustomerValueCase

CRON = "crm_customer_value.ir_cron_customer_value_work"


def _rounded(number):
    return floor(number + Fraction(1, 2))


@tagged("post_install", "-at_install")
class TestParts(CustomerValueCase):
    """Parts that come from elsewhere: how they add up, and what is said of those that cannot be counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].browse()
        for number in range(1, 8):
            customer = cls._partner(f"Customer {number}", is_company=True)
            cls.customers |= customer
            for position in range(number):
                cls._order(customer, 3 + 20 * position, 100.0)

    def _with(self, **changed):
        """Have the index made of other parts: by name what is added, or what takes the place of one."""
        model = self.env.registry["customer.value"]
        own = model._index_parts

        def index_parts(values):
            return Parts({**own(values), **changed})

        return patch.object(model, "_index_parts", index_parts)

    # ---- how they add up ----

    def test_any_parts_add_up(self):
        """Random parts of all kinds, scores, evidence and weights: SQL says what fractions say, to the last digit."""
        rng = random.Random(5)
        declared = parts.ordered({
            "ground_a": Part(SQL("w.a"), missing=False, weight=1),
            "ground_b": Part(SQL("w.b"), evidence=SQL("w.eb")),
            "ground_c": Part(SQL("w.c"), after="ground_a"),
            "share_a": Part(SQL("w.d"), "share", evidence=SQL("w.ed")),
            "share_b": Part(SQL("w.e"), "share"),
            "more_a": Part(SQL("w.f"), "bonus"),
            "more_b": Part(SQL("w.g"), "bonus", evidence=SQL("w.eg")),
            "less_a": Part(SQL("w.h"), "deduction"),
            "less_b": Part(SQL("w.i"), "deduction", evidence=SQL("w.ei")),
        })
        self.assertEqual(list(declared)[:3], ["ground_a", "ground_c", "ground_b"])
        letters = dict(zip(
            ("ground_a", "ground_b", "ground_c", "share_a", "share_b", "more_a", "more_b", "less_a", "less_b"),
            "abcdefghi", strict=True,
        ))
        rows = []
        for number in range(1, 400):
            row = {"partner_id": number, "purchase_days": 1}
            for letter in "abcdefghi":
                row[letter], row[f"e{letter}"] = (rng.choice((0, 1000, rng.randint(0, 1000))) for _number in "ab")
                if letter != "a" and rng.random() < 0.3:
                    row[letter] = None
            rows.append(row)
        industry = self.env["res.partner.industry"].create({"name": "Bakeries"})
        members = self.env["res.partner"].create([
            {"name": f"Member {number}", "industry_id": number % 3 == 0 and industry.id} for number in range(len(rows))
        ])
        for row, member in zip(rows, members, strict=True):
            row["partner_id"] = member.id
        self.env.flush_all()
        for own in ({}, {industry.id: {name: round(rng.random() * 50, 2) for name in declared}}):
            general = {name: round(rng.random() * 50, 2) for name in declared}
            weights = parts.Weights(general, own)
            found = self._add_up(declared, weights, rows)
            for row, member in zip(rows, members, strict=True):
                counted = weights.industries.get(member.industry_id.id, general)
                self.assertEqual(found[member.id], self._by_hand(declared, letters, counted, row), (row, counted))

    def _add_up(self, declared, weights, rows):
        """Return {partner id: {column: tenths}} as PostgreSQL adds up."""
        names = list(rows[0])
        self.env.cr.execute(SQL(
            """WITH w (%(names)s) AS (VALUES %(rows)s)
               SELECT s.partner_id, %(points)s FROM (
                   SELECT s.*, %(running)s
                     FROM (SELECT w.*, %(scores)s FROM (SELECT %(typed)s FROM w) w) s %(industries)s) s""",
            names=SQL(", ").join(map(SQL.identifier, names)),
            typed=SQL(", ").join(SQL("%s::int", SQL.identifier("w", name)) for name in names),
            rows=SQL(", ").join(SQL("(%s)", SQL(", ").join(SQL("%s", row[name]) for name in names)) for row in rows),
            scores=parts.scores_sql(declared, parts.Compared({}, date(2026, 1, 1), False)),
            running=parts.running_sql(declared, weights),
            industries=parts.industries_sql(declared, weights, lambda column: SQL("TRUE")),
            points=parts.points_sql(declared, ranked=True),
        ))
        return {
            row.pop("partner_id"): {name: round(10 * number) for name, number in row.items()}
            for row in self.env.cr.dictfetchall()
        }

    def _by_hand(self, declared, letters, weights, row):
        """Return {column: tenths} of one customer, in fractions."""
        score = {name: row[letters[name]] for name in declared}
        weigh = {
            name: Fraction(str(weights[name])) * (
                1 if part.evidence is None else Fraction(row[f"e{letters[name]}"], 1000)
            )
            for name, part in declared.items()
        }
        grounds = [name for name, part in declared.items() if part.kind == "ground"]
        total = sum(weigh[name] for name in grounds if score[name] is not None)
        result, sum_, before = {}, 0, 0
        for name in grounds:
            sum_ += weigh[name] * (score[name] or 0)
            upto = _rounded(sum_ / total) if total else 0
            result[f"{name}_points"], before = upto - before, upto
        result["value_to_us"] = before
        mean = sum_ / total if total else 0
        for name, part in declared.items():
            if part.kind == "share":
                if score[name] is None:
                    upto = before
                else:
                    if total:
                        mean = mean * (total + weigh[name] * Fraction(score[name], 1000)) / (total + weigh[name])
                    upto = _rounded(mean) if total else 0
                result[f"{name}_points"], before = upto - before, upto
        bonuses = 0
        for name, part in declared.items():
            if part.kind == "bonus":
                limited = max(min(bonuses, 100), -100)
                known = 50 if score[name] is None else Fraction(score[name], 10)
                bonuses += _rounded(weigh[name] * 10 * (known - 50) / 50)
                result[f"{name}_points"] = max(min(bonuses, 100), -100) - limited
            elif part.kind == "deduction":
                result[f"{name}_points"] = -_rounded(weigh[name] * (score[name] or 0) / 100)
            else:
                continue
            before += result[f"{name}_points"]
        result["value_index"] = min(max(before, 0), 1000)
        result["bounds_points"] = result["value_index"] - before
        return result

    def test_bonus_adds_points_and_is_explained(self):
        """A score of 70 and a weight of 10: two fifths of the way from 50 to 100 add 4 points."""
        bonus = Part(SQL("700"), "bonus", missing=False, label="Extra")
        with self._with(cost_to_serve=bonus):
            self._recompute()
            value = self._value(self.customers[0])
            without = value.value_index - value.cost_to_serve_points
            self.assertEqual(value.cost_to_serve_points, 4.0)
            self.assertAlmostEqual(without, value.value_to_us, 6)
            told = next(part for part in value.explanation["parts"] if part["key"] == "cost_to_serve")
            self.assertEqual(
                (told["label"], told["weight"], told["bonus"], told["deduction"]), ("Extra", 10.0, True, True)
            )

    def test_score_of_a_part_is_what_its_sql_says(self):
        """In the place of loyalty: 10 points of score for each purchase day; missing where there is but one."""
        with self._with(payment=Part(
            SQL("CASE WHEN w.purchase_days > 1 THEN 100 * w.purchase_days END"), after="current_value",
            label="Visits", evidence=SQL("500"),
        )):
            self._recompute()
            one, three = self._value(self.customers[0]), self._value(self.customers[2])
            self.assertEqual((one.payment_score, one.has_payment_score, one.payment_evidence), (False, False, 0.0))
            self.assertEqual((three.payment_score, three.has_payment_score, three.payment_evidence), (30.0, True, 50.0))
            self.assertEqual(
                [part["label"] for part in three.explanation["parts"]][:2], ["Current value", "Visits"]
            )
            self.assertEqual(
                dict(self.env["customer.value.policy.weight"]._selection_part())["payment"], "Visits"
            )

    # ---- what cannot be counted ----

    def _work(self):
        """Let the scheduled action do what waits, as the scheduler would."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        with self.enter_registry_test_mode(), mute_logger("odoo.sql_db"), self.assertLogs(level="WARNING"):
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def _failed(self, part, name="visits", **others):
        """Return what the run log says of a recompute with a part; nothing else may have happened."""
        self._recompute()
        before = self._rows()
        with self._with(**{name: part}, **others):
            return self._fail_a_run(before)

    def _fail_a_run(self, before):
        self._order(self.customers[1], 1, 77.0)
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        run = self.env["customer.value.run"]._enqueue(self.company)
        self._work()
        self.assertEqual(run.state, "failed")
        self.assertEqual(self._rows(), before, "nothing changed")
        return run.error

    def test_part_without_columns(self):
        error = self._failed(Part(SQL("500"), weight=10, label="Visits"))
        self.assertIn(
            "The part “visits” of the value index has no columns “visits_score, visits_points, has_visits_score” in "
            "customer.value. Add them with “part_fields” and update the addon.", error,
        )
        self.assertIn("in customer.value.snapshot", error)

    def test_part_after_what_does_not_exist(self):
        changed = {"after": "luck", "score_column": "development_index", "presence_column": "has_development"}
        error = self._failed(self._index_parts()["development"]._replace(**changed), "development")
        self.assertIn("comes after “luck”, which is no part", error)

    def test_parts_that_wait_for_each_other(self):
        shown = self._index_parts()
        error = self._failed(
            shown["loyalty"]._replace(after="payment"), "loyalty", payment=shown["payment"]._replace(after="loyalty")
        )
        self.assertIn("Correct “after” of one of them", error)

    def test_part_of_an_unknown_kind(self):
        error = self._failed(self._index_parts()["loyalty"]._replace(kind="luck"), "loyalty")
        self.assertIn("has the unknown kind “luck”. Use ground, share, bonus or deduction.", error)

    def test_two_parts_of_one_name(self):
        """The first one stays, and the run says what to do."""
        own = self.env["customer.value"]._index_parts()
        twice = own | {"loyalty": Part(SQL("0"))}
        self.assertEqual((twice["loyalty"], twice.twice), (own["loyalty"], ("loyalty",)))
        self._recompute()
        before = self._rows()
        with patch.object(self.env.registry["customer.value"], "_index_parts", lambda values: twice):
            error = self._fail_a_run(before)
        self.assertIn(
            "There is already a part “loyalty” of the value index. Give the new part another name in “_index_parts”.",
            error,
        )

    def test_screens_go_on_without_a_broken_part(self):
        self._recompute()
        with self._with(visits=Part(SQL("500"), weight=10, label="Visits")):
            value = self._value(self.customers[0])
            self.assertNotIn("visits", [part["key"] for part in value.explanation["parts"]])
            self.assertTrue(value.get_story())
            self.assertNotIn("visits", self.policy._weights())

    def test_part_that_fails_for_one_customer(self):
        """Division by zero for the customer with four purchases: named, with the part, and nothing is half done."""
        error = self._failed(
            self._index_parts()["loyalty"]._replace(score=SQL("100 / (w.purchase_days - 4)")), "loyalty"
        )
        customer = self.customers[3]
        self.assertIn(
            f"The part “Loyalty” (loyalty) of the value index cannot be computed for Customer 4 (contact {customer.id}"
            "): division by zero. Correct the data of this customer, or tell the author of the addon.",
            error,
        )

    def test_score_that_is_none(self):
        """Scores lie between 0 and 100: 104 for the customer with four purchases, or less than nothing."""
        customer = self.customers[3]
        for score, told in (
            ("CASE WHEN w.purchase_days = 4 THEN 1040 ELSE 1000 END", "104"),
            ("CASE WHEN w.purchase_days = 4 THEN -1 WHEN w.purchase_days > 1 THEN 0 END", "-0.1"),
        ):
            with self.subTest(score=score):
                self.assertIn(
                    f"The part “Payment” (payment) of the value index gives {told} to Customer 4 (contact "
                    f"{customer.id}). Scores lie between 0 and 100. No value was changed.",
                    self._failed(self._index_parts()["payment"]._replace(score=SQL(score)), "payment"),
                )
        payment = self._index_parts()["payment"]._replace(score=SQL("500"), evidence=SQL("1001"))
        with self._with(payment=payment), self.assertRaisesRegex(parts.StrayScore, "100.1 is not between 0 and 100"):
            self._recompute()

    def test_part_that_fails_for_everybody(self):
        error = self._failed(self._index_parts()["payment"]._replace(score=SQL("w.luck")), "payment")
        self.assertIn("The part “Payment” (payment) of the value index cannot be computed: column w.luck", error)

    def test_changed_customer_of_a_failing_part(self):
        """The minutely recompute says so, too, and keeps the mark."""
        self._recompute()
        before = self._rows()
        failing = self._index_parts()["loyalty"]._replace(score=SQL("100 / (w.purchase_days - 5)"))
        with self._with(loyalty=failing):
            self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
            self._order(self.customers[3], 1, 77.0)
            self._work()
        self.assertIn(self.customers[3].id, self.env["customer.value.mark"].search([]).mapped("partner_id"))
        run = self.env["customer.value.run"].search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual((run.state, run.kind), ("failed", "incremental"))
        self.assertIn("for Customer 4", run.error)
        self.assertEqual(self._rows(), before)
