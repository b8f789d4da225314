from ast import literal_eval
from datetime import date, timedelta
from decimal import Decimal

from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL

from ...engine.lifecycle import causes
from ...engine.lifecycle.rules import ease
from ..lifecycle_case import LifecycleCase

DAY = date(2026, 3, 1)
# A customer who buys every 30 days, on time, without a prediction: (column, type, value).
ROW = (
    ("before_stage", "integer", None),
    ("lifecycle_stage_id", "integer", None),
    ("before_since", "date", DAY - timedelta(days=100)),
    ("was_pinned", "boolean", False),
    ("age", "integer", 800),
    ("silence", "integer", 10),
    ("last_purchase_date", "date", None),
    ("typical_gap", "numeric", Decimal(30)),
    ("has_prediction", "boolean", False),
    ("churn_risk", "numeric", None),
    ("value_index", "numeric", Decimal(60)),
    ("development_index", "numeric", Decimal(50)),
    ("revenue_12m", "numeric", Decimal(50)),
    ("revenue_previous_12m", "numeric", Decimal(100)),
)


@tagged("post_install", "-at_install")
class TestLifecycleCauses(TransactionCase):
    """What is noted of a move by the rules that come with the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Of the causes"})
        cls.env["customer.lifecycle.stage"].search([("code", "=", False)]).active = False
        cls.rules = cls.env["customer.value.run"].new({"company_id": company.id})._lifecycle_rules()
        cls.ids = {stage.code: stage.id for stage in cls.env["customer.lifecycle.stage"].search([])}

    def _noted(self, before, after, *, changed=False, **known):
        """Return what is noted of a move: (cause, limit, silence, lateness, risk, development)."""
        row = {name: value for name, _kind, value in ROW} | {
            "before_stage": self.ids.get(before), "lifecycle_stage_id": self.ids.get(after), **known,
        }
        row["last_purchase_date"] = DAY - timedelta(days=row["silence"])
        names, columns = causes.columns_sql(self.rules, DAY, ease(10), changed=changed)
        given = SQL(", ").join(
            SQL("%s::%s AS %s", row[name], SQL(kind), SQL.identifier(name)) for name, kind, _value in ROW
        )
        (found,) = self.env.execute_query(SQL("SELECT %s FROM (SELECT %s) lived", columns, given))
        self.assertEqual(len(found), names.code.count(",") + 1)
        return found

    def _cause(self, *move, **known):
        return self._noted(*move, **known)[:2]

    def test_what_decided(self):
        """A table written by hand: (from, to, what is known), cause, limit."""
        for move, known, cause, limit in (
            ((None, "new"), {"silence": 0, "age": 0}, "first", None),
            (("core", "at_risk"), {"silence": 60}, "silence", None),
            (("core", "at_risk"), {"silence": 40, "has_prediction": True, "churn_risk": Decimal("0.7")}, "risk", None),
            (("at_risk", "dormant"), {"silence": 185}, "silence", None),
            (("dormant", "lost"), {"silence": 365}, "silence", None),
            (("occasional", "dormant"), {"silence": 180, "typical_gap": None}, "silence", None),
            (("core", "weakening"), {"value_index": Decimal("43.1")}, "low_index", 50),
            (("occasional", "weakening"), {"value_index": Decimal(40), "development_index": Decimal(31)},
             "low_development", 40),
            (("weakening", "occasional"), {"value_index": Decimal(40), "development_index": Decimal("44.1"),
                                           "before_since": DAY - timedelta(days=181)}, "high_development", 40),
            (("weakening", "occasional"), {"value_index": Decimal(40), "development_index": None,
                                           "before_since": DAY - timedelta(days=181)}, "time", 180),
            (("core", "weakening"), {"development_index": Decimal(31)}, "low_development", 40),
            (("weakening", "core"), {}, "high_index", 50),
            (("weakening", "occasional"), {"value_index": Decimal(40), "development_index": Decimal(39),
                                           "revenue_12m": Decimal(100), "before_since": DAY - timedelta(days=181)},
             "steady", None),
            (("occasional", "core"), {}, "high_index", 50),
            (("at_risk", "core"), {"silence": 3}, "bought", None),
            (("at_risk", "weakening"), {"silence": 3, "value_index": Decimal(40)}, "bought", None),
            (("lost", "won_back"), {"silence": 1}, "bought", None),
            (("won_back", "core"), {}, "time", 90),
            (("new", "occasional"), {"age": 91, "silence": 91, "value_index": Decimal(10)}, "age", 90),
            (("prospect", "new"), {"age": 0, "silence": 0}, "bought", None),
            (("developing", "occasional"), {"age": 731, "value_index": Decimal(40)}, "age", 730),
            # The gap of a customer grew without a purchase: late no more.
            (("at_risk", "core"), {"silence": 40, "before_since": DAY - timedelta(days=5)}, "silence", None),
        ):
            with self.subTest(move, **known):
                self.assertEqual(self._cause(*move, **known), (cause, limit))

    def test_rules_and_pins_come_first(self):
        late = {"silence": 60}
        self.assertEqual(self._cause("core", "at_risk", changed=True, **late), ("rules", None))
        self.assertEqual(self._cause("core", "at_risk", was_pinned=True, **late), ("unpinned", None))
        self.assertEqual(self._cause(None, "at_risk", changed=True, **late), ("first", None))

    def test_numbers_of_the_day(self):
        self.assertEqual(
            self._noted("core", "at_risk", silence=70, churn_risk=Decimal("0.71"), development_index=None)[2:],
            (70, 2.33, 0.71, None),
        )
        self.assertIsNone(self._noted("core", "at_risk", silence=70, typical_gap=None)[3])
        self.assertIsNone(self._noted("core", "at_risk", silence=70, typical_gap=0)[3])

    def test_any_rules_make_sense(self):
        """No rule, archived stages and unknown ones: there is no cause, and no error."""
        self.rules = [rule._replace(checked=False) for rule in self.rules]
        self.assertEqual(self._cause("core", "at_risk"), (None, None))
        self.rules = []
        self.assertEqual(self._cause("core", "at_risk"), (None, None))


@tagged("post_install", "-at_install")
class TestLifecycleWhy(LifecycleCase):
    """What the list of stage changes says, in words."""

    def _why(self, before, after, cause=None, **values):
        return self.transitions.create({
            "partner_id": self.env.user.partner_id.id, "company_id": self.company.id, "date": "2026-03-01",
            "from_stage_id": before and self.stages[before].id, "to_stage_id": after and self.stages[after].id,
            "cause": cause, **values,
        }).why

    def test_words(self):
        self.env.user.lang = "en_US"
        for expected, move in (
            ("Silent for 185 days, 9.5 × usual: rule Dormant",
             self._why("at_risk", "dormant", "silence", silence_days=185, cadence_ratio=9.51)),
            ("Silent for 185 days: rule Dormant", self._why("at_risk", "dormant", "silence", silence_days=185)),
            ("Silent for 40 days, 1.3 × usual, risk of loss 71 %: rule At Risk",
             self._why("core", "at_risk", "risk", silence_days=40, cadence_ratio=1.33, churn_risk=0.712)),
            ("Index 43.1, below 50: rule Weakening",
             self._why("core", "weakening", "low_index", value_index=43.1, cause_limit=50)),
            ("Index 50.0, at least 50: rule Core",
             self._why("weakening", "core", "high_index", value_index=50, cause_limit=50)),
            ("Buys less: development index 31.0, at most 40: rule Weakening",
             self._why("occasional", "weakening", "low_development", development_index=31, cause_limit=40)),
            ("Buys more: development index 44.1, above 40: rule Occasional",
             self._why("weakening", "occasional", "high_development", development_index=44.1, cause_limit=40)),
            ("Bought on 02/27/2026: rule Core", self._why("at_risk", "core", "bought", silence_days=2)),
            ("First purchase more than 90 days ago: rule Occasional",
             self._why("new", "occasional", "age", cause_limit=90)),
            ("In Won Back for more than 90 days: rule Core", self._why("won_back", "core", "time", cause_limit=90)),
            ("Placed for the first time: rule New", self._why(False, "new", "first")),
            ("No longer set by hand: rule Core", self._why("lost", "core", "unpinned")),
            ("The rules were changed: rule Weakening", self._why("core", "weakening", "rules")),
            ("Silent for 3 days: no rule matches", self._why("core", False, "silence", silence_days=3)),
            # Noted before causes were.
            ("rule Lost", self._why("dormant", "lost")),
            ("Set by hand: Signed for a year", self._why("lost", "core", reason="manual", note="Signed for a year")),
        ):
            self.assertEqual(move, expected)

    def test_recorded_by_a_recompute(self):
        """Real orders: 60 days of silence at a usual gap of 30; a first purchase; coming back."""
        self._go_by_rhythm()
        late = self._buyer("Late", (180, 150, 120, 90, 60))
        back = self._buyer("Back", (800, 770, 740))
        self._recompute(as_of=self._day(1))
        fresh = self._buyer("Fresh", (0,))
        self._order(back, 0, 50.0)
        self._recompute()
        moves = {
            move.partner_id: move
            for move in self.transitions.search([("company_id", "=", self.company.id), ("date", "=", self.today)])
        }
        move = moves[late]
        self.assertEqual((move.cause, move.silence_days, move.cadence_ratio), ("silence", 60, 2.0))
        self.assertEqual(move.why, "Silent for 60 days, 2.0 × usual: rule At Risk")
        self.assertEqual((moves[back].cause, moves[back].silence_days), ("bought", 0))
        self.assertEqual(moves[fresh].cause, "first")

    def test_forecast_recorded_by_a_recompute(self):
        """A customer who buys every 30 days to the day, on two Sundays, from which forecasts start.

        After 40 days, 1.33 periods, the risk is two thirds of 65 %; after 47 days, 1.57 periods, it is
        1 - 0.35 * 0.5 ** (0.0667 / 0.5) = 68.1 %. Twice the usual gap is not reached.
        """
        sunday = self.today.isoweekday() % 7
        steady = self._buyer("Steady", [sunday + days for days in (167, 137, 107, 77, 47)])
        self._recompute(as_of=self._day(sunday + 7))
        self.assertEqual((self._value(steady).churn_risk, self._moves(steady)), (0.4333, []))
        self.assertNotEqual(self._stage(steady), "at_risk")
        self._recompute(as_of=self._day(sunday))
        move = self.transitions.search([("partner_id", "=", steady.id)])
        self.assertEqual((move.to_stage_id, move.cause), (self.stages["at_risk"], "risk"))
        self.assertEqual(move.why, "Silent for 47 days, 1.6 × usual, risk of loss 68 %: rule At Risk")

    def test_first_placements_and_changed_rules_are_no_moves(self):
        """The menu shows what customers did; of one customer, everything."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_value.customer_lifecycle_transition_action"
        )
        self.assertIn("search_default_moves", action["context"])
        self._why(False, "new", "first")
        self._why("core", "weakening", "rules")
        own = self.transitions.browse()
        for before, after, cause in (("core", "at_risk", "silence"), ("dormant", "lost", None)):
            self._why(before, after, cause)
            own |= self.transitions.search([], order="id desc", limit=1)
        arch = etree.fromstring(self.transitions.get_view(view_type="search")["arch"])
        (node,) = arch.xpath("//filter[@name='moves']")
        domain = [("company_id", "=", self.company.id), *literal_eval(node.get("domain"))]
        self.assertEqual(self.transitions.search(domain, order="id"), own)

    def test_what_was_started_shows_where_something_is_started(self):
        """Columns that would be empty are not there."""
        self.env["customer.lifecycle.stage"].search([]).entry_action = "none"
        user = new_test_user(self.env, "why_seller", groups="sales_team.group_sale_salesman")
        moves = self.transitions.with_user(user)
        self.assertEqual(self._hidden(moves), {"entry_state", "entry_error"})
        template = self.env["mail.template"].create({
            "name": "Miss you", "model_id": self.env["ir.model"]._get_id("res.partner"),
        })
        self.stages["at_risk"].write({"entry_action": "mail", "entry_template_id": template.id})
        self.assertEqual(self._hidden(moves), set())
        # What failed is told by its own colour; the message is a column for who looks for it.
        arch = etree.fromstring(moves.get_view(view_type="list")["arch"])
        [message] = arch.xpath("//field[@name='entry_error']")
        self.assertEqual(message.get("optional"), "hide")

    def _hidden(self, moves):
        arch = etree.fromstring(moves.get_view(view_type="list")["arch"])
        return {
            node.get("name") for node in arch.iter("field")
            if node.get("name") in ("entry_state", "entry_error") and node.get("column_invisible") == "True"
        }
