import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...engine.lifecycle.rules import Rule, ease, stage_sql
from . import slow_rules
from .slow_rules import Facts, Place

DAY = date(2026, 3, 1)


def days_ago(number):
    return None if number is None else DAY - timedelta(days=number)


def facts(purchases=5, first=800, last=5, gap=30, index=60, risk=None, development=None, revenue=50):
    """Return what is known of a customer whose revenue of the window before was 100."""
    return Facts(
        purchases, days_ago(first), days_ago(last), Decimal(str(gap)), Decimal(str(index)),
        *(None if share is None else Decimal(str(share)) for share in (risk, development)),
        Decimal(str(revenue)), Decimal(100),
    )


NEVER = facts(0, None, None, 30, 0)


@tagged("post_install", "-at_install")
class TestLifecycleRules(TransactionCase):
    """What the rules that come with the addon make of typical customers, and what they have in common."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Of the rules"})
        run = cls.env["customer.value.run"].new({"company_id": cls.company.id})
        cls.env["customer.lifecycle.stage"].search([("code", "=", False)]).active = False
        cls.rules = run._lifecycle_rules()
        cls.codes = {
            stage.id: stage.code
            for stage in cls.env["customer.lifecycle.stage"].with_context(active_test=False).search([])
        }
        cls.ids = {code: stage for stage, code in cls.codes.items() if code}

    def _code(self, known, before=None, since=None, *, held=False):
        place = Place(self.ids.get(before), days_ago(since))
        found = slow_rules.stage(self.rules, known, place, DAY, ease(10), held=held)
        return self.codes.get(found)

    def test_typical_customers(self):
        """A table written by hand: (facts, stage)."""
        for expected, known in (
            ("prospect", NEVER),
            # Buys every week: two weeks late is at risk, half a year is dormant, a year is lost.
            ("core", facts(100, 800, 7, 7)),
            ("core", facts(100, 800, 13, 7)),
            ("at_risk", facts(100, 800, 14, 7)),
            ("at_risk", facts(100, 800, 179, 7)),
            ("dormant", facts(100, 800, 180, 7)),
            ("lost", facts(100, 800, 365, 7)),
            # Buys every day: a long weekend is nothing.
            ("core", facts(300, 800, 4, 1)),
            ("at_risk", facts(300, 800, 14, 1)),
            # Buys once a year: thirteen months are nothing, three years are dormant.
            ("occasional", facts(4, 1600, 395, 300, index=30)),
            ("at_risk", facts(4, 1600, 600, 300)),
            ("dormant", facts(4, 1900, 900, 300)),
            ("lost", facts(4, 2600, 1500, 300)),
            # ... unless the model says otherwise, once the year is over.
            ("occasional", facts(4, 1600, 290, 300, index=30, risk=0.95)),
            ("lost", facts(4, 1600, 395, 300, risk=0.95)),
            ("dormant", facts(4, 1600, 395, 300, risk=0.85)),
            ("at_risk", facts(4, 1600, 320, 300, risk=0.7)),
            # Bought once, where others come back every 40 days; a high risk alone alarms nobody.
            ("new", facts(1, 1, 1, 40, risk=0.9)),
            ("new", facts(1, 90, 90, 40, risk=0.9)),
            ("occasional", facts(1, 91, 91, 40, risk=0.7)),
            ("dormant", facts(1, 180, 180, 40)),
            ("lost", facts(1, 365, 365, 40)),
            # A shop in which nobody ever bought twice: there is no rhythm, so the silence decides.
            ("new", facts(1, 30, 30, 0)),
            ("occasional", facts(1, 179, 179, 0)),
            ("dormant", facts(1, 180, 180, 0)),
            ("lost", facts(1, 365, 365, 0)),
            # New, and late already.
            ("at_risk", facts(4, 80, 61, 30)),
            ("developing", facts(2, 200, 10, 30, index=80)),
            ("occasional", facts(9, 900, 10, 30, index=49.9)),
            ("core", facts(3, 200, 10, 30, index=50)),
            # Bought again: developing for two years, if not less than before.
            ("developing", facts(2, 730, 10, 30, index=40)),
            ("occasional", facts(2, 731, 10, 30, index=40)),
            ("developing", facts(2, 400, 10, 30, index=40, development=40.1)),
            ("weakening", facts(2, 400, 10, 30, index=40, development=40)),
            ("weakening", facts(9, 900, 10, 30, index=49.9, development=0)),
            ("weakening", facts(9, 900, 10, 30, index=80, development=30)),
            # Buys as much as before while the company grows; bought once only; every two years, and on time.
            ("core", facts(9, 900, 10, 30, index=50, development=30, revenue=90)),
            ("weakening", facts(9, 900, 10, 30, index=50, development=30, revenue=89.9)),
            ("occasional", facts(1, 170, 170, 170, development=30)),
            ("weakening", facts(4, 2000, 365, 400, index=30, development=30)),
            ("occasional", facts(4, 2000, 366, 400, index=30, development=30)),
        ):
            with self.subTest(expected, facts=known):
                self.assertEqual(self._code(known), expected)

    def test_hysteresis(self):
        """50 to enter, 45 to leave; twice the gap to enter, 1.8 to leave; 65 % to enter, 58.5 to leave."""
        middle = facts(9, 900, 10, 30, index=45)
        self.assertEqual(self._code(middle), "occasional")
        self.assertEqual(self._code(middle, "core", 100), "core")
        self.assertEqual(self._code(middle._replace(value_index=Decimal("44.9")), "core", 100), "weakening")
        late = facts(9, 900, 54, 30)
        self.assertEqual(self._code(late), "core")
        self.assertEqual(self._code(late, "at_risk", 3), "at_risk")
        self.assertEqual(self._code(facts(9, 900, 53, 30), "at_risk", 3), "core")
        risky = facts(9, 900, 31, 30, risk=0.585)
        self.assertEqual(self._code(risky), "core")
        self.assertEqual(self._code(risky, "at_risk", 3), "at_risk")
        self.assertEqual(self._code(facts(9, 900, 31, 30, risk=0.58), "at_risk", 3), "core")
        self.assertEqual(self._code(facts(1, 91, 91, 0), "new", 91), "occasional", "age never swings")
        # 40 to enter Weakening, 44 to leave.
        less = facts(9, 900, 10, 30, index=40, development=44)
        self.assertEqual(self._code(less, "occasional", 3), "occasional")
        self.assertEqual(self._code(less, "weakening", 400), "weakening")
        self.assertEqual(self._code(less._replace(development_index=Decimal("44.1")), "weakening", 400), "occasional")
        # Revenue down by a tenth to enter, not down any more to leave.
        less = facts(9, 900, 10, 30, index=60, development=30, revenue=99.9)
        self.assertEqual(self._code(less, "core", 3), "core")
        self.assertEqual(self._code(less, "weakening", 400), "weakening")
        self.assertEqual(self._code(less._replace(revenue=Decimal(100)), "weakening", 400), "core")

    def test_fall_out_of_core(self):
        """Weakening, whatever the development, for half a year; Core again as soon as the index is."""
        fallen = facts(9, 900, 10, 30, index=44.9, development=60)
        self.assertEqual(self._code(fallen, "core", 100), "weakening")
        self.assertEqual(self._code(fallen, "core", None), "weakening", "since when is not needed")
        self.assertEqual(self._code(fallen, "weakening", 180), "weakening")
        self.assertEqual(self._code(fallen, "weakening", 181), "occasional")
        self.assertEqual(self._code(fallen._replace(value_index=Decimal(50)), "weakening", 3), "core")
        self.assertEqual(self._code(facts(9, 900, 60, 30, index=44.9), "weakening", 3), "at_risk", "late goes first")
        self.assertEqual(self._code(fallen, "at_risk", 3), "occasional", "was not healthy")
        # Left Core because purchases were taken back, not because of the index.
        self.assertEqual(self._code(facts(2, 400, 10, 30, index=60), "core", 100), "developing")

    def test_swinging_customer_does_not_flip(self):
        """Around a threshold, in steps within the hysteresis: at most one move, whatever the start."""
        pick = random.Random(5)
        for name, centre, width in (("index", 50, 2.4), ("risk", 0.65, 0.03), ("gap", 20, 0.95)):
            before, moves = Place(), 0
            for _night in range(300):
                swing = round(centre + pick.uniform(-width, width), 2 if name != "risk" else 4)
                if name == "index":
                    known = facts(9, 900, 10, 30, index=swing)
                elif name == "risk":
                    known = facts(9, 900, 31, 30, risk=swing)
                else:
                    known = facts(9, 900, 40, swing)
                found = slow_rules.stage(self.rules, known, before, DAY, ease(10))
                if before.stage and found != before.stage:
                    moves += 1
                if found != before.stage:
                    before = Place(found, DAY)
            self.assertLessEqual(moves, 1, name)
            self.assertIn(self.codes[before.stage], ("core", "at_risk"))

    def test_won_back(self):
        back = facts(9, 900, 2, 30)
        self.assertEqual(self._code(back, "lost", 100), "won_back")
        self.assertEqual(self._code(back, "dormant", 2), "won_back", "bought on the day of the move")
        self.assertEqual(self._code(back, "dormant", 1), "core", "a purchase before it is no return")
        self.assertEqual(self._code(back, "at_risk", 100), "core")
        self.assertEqual(self._code(facts(9, 900, 20, 30), "won_back", 90), "won_back")
        self.assertEqual(self._code(facts(9, 900, 20, 30), "won_back", 91), "core")
        self.assertEqual(self._code(facts(9, 900, 91, 90), "lost", 100), "core", "came back too long ago")

    def test_held(self):
        """Whoever is held does not get worse, and does get better."""
        gone = facts(9, 900, 400, 30)
        self.assertEqual(self._code(gone, "core", 300, held=True), "core")
        self.assertEqual(self._code(gone, "dormant", 100, held=True), "dormant")
        self.assertEqual(self._code(gone, None, held=True), "lost", "who is nowhere yet is placed")
        self.assertEqual(self._code(facts(), "at_risk", 300, held=True), "core")
        self.assertEqual(self._code(facts(index=20), "core", 300, held=True), "weakening", "that waits for nothing")
        self.assertEqual(self._code(gone, "weakening", 30, held=True), "weakening")
        self.assertEqual(self._code(facts(index=20), "at_risk", 300, held=True), "occasional")

    def test_same_night_twice(self):
        """A second look at the same facts moves nobody, whatever they are."""
        pick = random.Random(11)
        for _number in range(3000):
            known, before = self._random_customer(pick, self.rules)
            once = slow_rules.stage(self.rules, known, before, DAY, ease(10))
            since = before.since if once == before.stage else DAY
            self.assertEqual(
                slow_rules.stage(self.rules, known, Place(once, since), DAY, ease(10)), once,
                (known, before),
            )

    def _random_customer(self, pick, rules):
        bought = pick.random() < 0.9
        first = pick.choice((0, 1, 89, 90, 91, 400, 2000)) if bought else None
        last = min(first, pick.choice((0, 13, 14, 27, 30, 54, 60, 179, 180, 364, 365, 900))) if bought else None
        known = Facts(
            pick.choice((1, 2, 3, 40)) if bought else 0, days_ago(first), days_ago(last),
            Decimal(pick.choice(("0", "1", "7", "29.99", "30", "30.01", "300"))),
            Decimal(pick.choice(("0", "44.9", "45", "49.9", "50", "100"))) if pick.random() < 0.9 else None,
            Decimal(pick.choice(("0", "0.585", "0.5849", "0.65", "0.6499", "0.72", "0.8", "0.9", "1")))
            if pick.random() < 0.7 else None,
            Decimal(pick.choice(("0", "39.9", "40", "44", "44.1", "50", "100"))) if pick.random() < 0.7 else None,
            Decimal(pick.choice(("0", "89.9", "90", "99.99", "100", "200"))), Decimal(pick.choice((0, 100))),
        )
        stage = pick.choice([None, *(rule.stage for rule in rules)])
        since = days_ago(pick.choice((0, 1, 13, 30, 89, 90, 91, 400))) if stage else None
        return known, Place(stage, since)

    def _random_rules(self, pick):
        def some(*values):
            return pick.choice((0, 0, *values))

        rules = [
            Rule(
                stage=number, rank=pick.randrange(4), gone=pick.random() < 0.3, checked=pick.random() < 0.9,
                purchases=pick.choice((None, None, "never", "bought")),
                purchase_days_from=some(1, 2, 3), purchase_days_to=some(1, 3, 40),
                age_days_from=some(90, 400), age_days_to=some(90, 2000),
                index_from=some(0.1, 50, 49.9), silence_days_from=some(14, 180), silence_days_to=some(30, 365),
                cadence_from=some(1, 1.33, 2), risk_from=some(65, 58.5, 90.1), return_days=some(30, 90),
                development_to=some(40, 44.1, 12.3), fall_days=some(13, 90),
            )
            for number in range(1, 8)
        ]
        pick.shuffle(rules)
        return rules

    def test_python_equals_sql(self):
        """Random customers under random rules, and under those that come with the addon."""
        pick, stages = random.Random(2026), set()
        for round_number in range(40):
            rules = self.rules if round_number < 5 else self._random_rules(pick)
            factor = ease(pick.choice((0, 10, 12.5, 50)))
            customers = [self._random_customer(pick, rules) for _number in range(300)]
            with self.subTest(round_number=round_number):
                found = self._by_sql(rules, customers, factor)
                expected = [
                    slow_rules.stage(rules, known, before, DAY, factor) for known, before in customers
                ]
                self.assertEqual(found, expected)
                stages.update(expected)
        self.assertGreater(len(stages), 10)

    def _by_sql(self, rules, customers, factor):
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s::date, %s::date, %s, %s, %s, %s, %s::numeric, %s, %s, %s::integer, %s::date)",
                number, known.purchase_days,
                None if known.first is None else (DAY - known.first).days, known.first, known.last,
                known.typical_gap, known.value_index, known.churn_risk is not None,
                known.churn_risk or Decimal(0), known.development_index, known.revenue, known.revenue_before,
                before.stage, before.since,
            )
            for number, (known, before) in enumerate(customers)
        )
        return [stage for _number, stage in self.env.execute_query(SQL(
            """SELECT number, %(stage)s FROM (
                   SELECT *, %(day)s::date - last_purchase_date AS silence FROM (VALUES %(rows)s) given (
                       number, purchase_days, age, first_purchase_date, last_purchase_date, typical_gap,
                       value_index, has_prediction, churn_risk, development_index, revenue_12m,
                       revenue_previous_12m, before_stage, before_since)) lived
                ORDER BY number""",
            stage=stage_sql(rules, DAY, factor), rows=rows, day=DAY,
        ))]
