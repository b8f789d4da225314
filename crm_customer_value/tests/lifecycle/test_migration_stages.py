import importlib.util
from pathlib import Path

from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..lifecycle_case import LifecycleCase

SHIPPED = {
    "prospect": (10, 10), "new": (20, 60), "developing": (30, 80), "core": (40, 70), "at_risk": (50, 50),
    "dormant": (60, 30), "lost": (70, 20), "won_back": (80, 40),
}


@tagged("post_install", "-at_install")
class TestMigrationStages(LifecycleCase):
    """The update brings two stages, and leaves alone what a company made of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new = cls.stages["weakening"] | cls.stages["occasional"]
        # As the version before left it.
        cls.new.active = False
        for code, (sequence, rule_sequence) in SHIPPED.items():
            cls.stages[code].write({"sequence": sequence, "rule_sequence": rule_sequence})
        cls.stages["developing"].write({
            "purchase_days_from": 0, "age_days_to": 0, "color": 3,
            "description": "Buys and may become a core customer. Everybody whom no rule before this one names.",
        })

    def _migrate(self, old, name="health", version="19.0.1.4.0"):
        path = file_path(f"crm_customer_value/migrations/{version}/post-{name}.py")
        spec = importlib.util.spec_from_file_location("customer_value_migration_health", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, old)
        self.env.invalidate_all()

    def _update(self, *names):
        """Load the stages as the update does, and migrate."""
        self.new.active = True
        self.stages["weakening"].write({"sequence": 45, "rule_sequence": 65})
        self.stages["occasional"].write({"sequence": 35, "rule_sequence": 90})
        for name in names or ("health",):
            self._migrate("19.0.1.3.0", name)

    def _rules(self):
        """Return the codes of the stages in the order in which their rules are checked."""
        stages = self.env["customer.lifecycle.stage"].search([]).sorted(lambda stage: stage._rule_key())
        return [stage.code or stage.name for stage in stages]

    def _board(self):
        """Return the codes of the stages in the order of the columns."""
        return self.env["customer.lifecycle.stage"].search([("code", "!=", False)]).mapped("code")

    def test_as_shipped(self):
        self._update()
        self.assertEqual(self._rules(), [
            "prospect", "lost", "dormant", "won_back", "at_risk", "new", "weakening", "core", "developing",
            "occasional",
        ])
        self.assertEqual(self._board(), [
            "prospect", "new", "developing", "occasional", "core", "weakening", "at_risk", "dormant", "lost",
            "won_back",
        ])
        developing = self.stages["developing"]
        self.assertEqual((developing.purchase_days_from, developing.age_days_to, developing.color), (2, 730, 7))
        self.assertIn("first two years", developing.description)
        self.assertEqual(self.stages["core"].rule_sequence, 70, "nothing had to move")

    def test_own_order_is_kept(self):
        """Rules and columns that were dragged: the new stages stand by Core and Developing all the same."""
        order = ["core", "new", "at_risk", "prospect", "lost", "dormant", "won_back", "developing"]
        for place, code in enumerate(order):
            self.stages[code].write({"rule_sequence": place, "sequence": place})
        own = self.env["customer.lifecycle.stage"].create({
            "name": "Key", "rule_sequence": 3, "sequence": 3, "purchase_days_from": 50,
        })
        self._update()
        self.assertEqual(
            [code for code in self._rules() if code not in ("weakening", "occasional")],
            [*order[:4], "Key", *order[4:]],
        )
        rules = self._rules()
        self.assertEqual(rules.index("weakening"), rules.index("core") - 1)
        self.assertEqual(rules[-2:], ["developing", "occasional"])
        board = self._board()
        self.assertLess(board.index("weakening"), board.index("at_risk"), "less bad than at risk")
        self.assertTrue(own.active)

    def test_own_rules_are_kept(self):
        """Developing was changed: it stays what it is, and takes in everybody else."""
        self.stages["developing"].write({"name": "Others", "purchase_days_from": 1, "description": "Ours"})
        self._update()
        developing = self.stages["developing"]
        self.assertEqual((developing.name, developing.purchase_days_from, developing.age_days_to), ("Others", 1, 0))
        self.assertEqual(developing.description, "Ours")
        self.assertFalse(self.stages["occasional"].active)
        self.assertTrue(self.stages["weakening"].active)

    def test_own_stages_instead(self):
        """Whoever archived Core and Developing does not get stages that go with them."""
        (self.stages["core"] | self.stages["developing"]).active = False
        self._update()
        self.assertFalse(self.new.filtered("active"))

    def test_fresh_database(self):
        self.new.active = True
        self._migrate(None)
        self.assertEqual(self.stages["developing"].age_days_to, 0)

    def test_moves_of_the_update_start_nothing(self):
        """Who is weakening by the new rule gets there by it, without an activity or an e-mail."""
        template = self.env["mail.template"].create({
            "name": "Less", "model_id": self.env["ir.model"]._get_id("res.partner"),
        })
        less = self._buyer("Less", (700, 650, 600, 550, 500, 450, 400))
        for day in (60, 30):
            self._order(less, day, 20.0)
        for number in range(25):
            self._buyer(f"Steady {number}", tuple(range(5 + number % 20, 720, 60)))
        self._recompute()
        self._recompute()
        before = self._stage(less)
        self.assertNotIn(before, (False, "weakening", "occasional"))
        self._update()
        self.stages["weakening"].write({"entry_action": "mail", "entry_template_id": template.id})
        self._recompute()
        self.assertLessEqual(self._value(less).development_index, 40)
        (move,) = self.transitions.search([("partner_id", "=", less.id)])
        self.assertEqual((move.to_stage_id.code, move.cause, move.entry_state), ("weakening", "rules", "skipped"))

    def test_scripts_one_after_the_other(self):
        """All scripts of the version in the order of an update: none undoes another, the first run starts nothing."""
        template = self.env["mail.template"].create({
            "name": "Hello", "model_id": self.env["ir.model"]._get_id("res.partner"),
        })
        once = self._buyer("Once", (100,))
        for number in range(5):
            self._buyer(f"Steady {number}", range(5 + number, 720, 60))
        self._recompute(as_of=self._day(1))
        before = self._recompute()
        self.assertEqual(self._stage(once), "developing")
        before.outlook = {"anchor": before.outlook["anchor"]}
        version = self.policy.version
        folder = Path(file_path("crm_customer_value/migrations/19.0.1.4.0/post-index.py")).parent
        self._update(*(path.stem.removeprefix("post-") for path in sorted(folder.glob("post-*.py"))))
        self.stages["occasional"].write({"entry_action": "mail", "entry_template_id": template.id})
        self.assertEqual(self.stages["developing"].purchase_days_from, 2)
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company).version, version + 1)
        self.assertFalse(before.outlook)
        waiting = self.env["customer.value.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "queued")]
        )
        self.assertEqual(waiting.mapped("kind"), ["full"], "once")
        # A month end that was not kept yet comes first; a changed customer is computed with all others.
        self._recompute(as_of=self._day(1))
        self.assertEqual(self._recompute(partners=once).kind, "incremental")
        self._recompute()
        (move,) = self.transitions.search([("partner_id", "=", once.id)])
        self.assertEqual((move.to_stage_id.code, move.entry_state), ("occasional", "skipped"))

    def test_prospects_are_neutral(self):
        """A company's own choice and its own stages stay, and a new installation is left alone."""
        prospect, new = self.stages["prospect"], self.stages["new"]
        self.assertEqual(prospect.health, "neutral", "as shipped")
        prospect.health = "good"
        self._migrate(False, "prospect", "19.0.1.4.1")
        self.assertEqual(prospect.health, "good")
        self._migrate("19.0.1.4.0", "prospect", "19.0.1.4.1")
        self.assertEqual((prospect.health, new.health), ("neutral", "good"))
        prospect.health = "risk"
        self._migrate("19.0.1.4.0", "prospect", "19.0.1.4.1")
        self.assertEqual(prospect.health, "risk")
