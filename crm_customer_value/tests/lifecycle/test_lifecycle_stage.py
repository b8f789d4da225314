from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..lifecycle_case import LifecycleCase


@tagged("post_install", "-at_install")
class TestLifecycleStage(LifecycleCase):
    """Stages as an administrator edits them, sensible or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = cls._buyer("Fresh", (3,))
        cls.silent = cls._buyer("Silent", (800, 770, 740))

    def _only(self, *vals_list):
        """Have these stages and no other."""
        self.env["customer.lifecycle.stage"].search([]).active = False
        return self.env["customer.lifecycle.stage"].create(list(vals_list))

    def _stages_of_all(self):
        return self._value(self.fresh).lifecycle_stage_id, self._value(self.silent).lifecycle_stage_id

    def test_no_stage_matches(self):
        """A gap between the rules: nobody's stage, and the run log says how many and what to do."""
        run = self._recompute()
        self.assertFalse(run.warning)
        stage = self._only({"name": "Silent", "silence_days_from": 100})
        run = self._recompute()
        self.assertEqual(self._stages_of_all(), (stage.browse(), stage))
        self.assertEqual(self._value(self.fresh).stage_since, False)
        self.assertIn("Customers in no lifecycle stage, because no rule matches them: 1.", run.warning)
        self.assertEqual(self._moves(self.fresh), [(0, "new", False)])
        self.assertEqual(self._recompute().changed, 0)

    def test_no_stages_at_all(self):
        self._only()
        run = self._recompute()
        self.assertEqual((run.state, self._stages_of_all()), ("done", (self.stages["lost"].browse(),) * 2))
        self.assertIn("no rule matches them: 2.", run.warning)
        self.assertEqual(self._recompute().changed, 0)
        for stage in self.stages.values():
            stage.active = True
        self._recompute()
        self.assertEqual([self._stage(self.fresh), self._stage(self.silent)], ["new", "lost"])

    def test_all_thresholds_off(self):
        """A stage without conditions takes everybody, and it and those after it say so."""
        everybody, after = self._only(
            {"name": "Everybody", "rule_sequence": 10}, {"name": "After", "rule_sequence": 20},
        )
        self._recompute()
        self.assertEqual(self._stages_of_all(), (everybody, everybody))
        self.assertEqual(everybody.rule_summary, "all customers")
        self.assertIn("no stage after it", everybody.rule_notice)
        self.assertIn("Everybody is checked before", after.rule_notice)
        everybody.rule_sequence = 30
        self.assertIn("After is checked before", everybody.rule_notice)
        self._recompute()
        self.assertEqual(self._stages_of_all(), (after, after))

    def test_same_sequence(self):
        """Ties go by position, then by age."""
        first, second, third = self._only(
            *({"name": name, "rule_sequence": 10, "sequence": sequence}
              for name, sequence in (("A", 20), ("B", 10), ("C", 10)))
        )
        self._recompute()
        self.assertEqual(self._stages_of_all(), (second, second))
        second.active = False
        self._recompute()
        self.assertEqual(self._stages_of_all(), (third, third))
        first.sequence = 1
        self._recompute()
        self.assertEqual(self._stages_of_all(), (first, first))

    def test_shipped_stages_have_no_notice(self):
        self.assertFalse([notice for notice in (
            stage.rule_notice for code, stage in self.stages.items() if code != "occasional"
        ) if notice])

    def test_summary(self):
        self.assertEqual(
            self.stages["at_risk"].rule_summary,
            "bought at least once · 2 purchase days or more · silent for 14 days or more · 2 times the usual "
            "gap or late with a risk of 65 % or more",
        )

    def test_archived_stage_is_left(self):
        """Customers in a stage that is archived go where the rules send them, and that is a move."""
        self._recompute()
        self.stages["lost"].active = False
        self._recompute()
        self.assertEqual(self._stage(self.silent), "dormant")
        self.assertEqual(self._moves(self.silent), [(0, "lost", "dormant")])

    def test_used_stages_are_archived_not_deleted(self):
        self._recompute()
        with self.assertRaisesRegex(UserError, "Archive"):
            self.stages["lost"].unlink()
        unused = self.env["customer.lifecycle.stage"].create({"name": "Unused"})
        unused.unlink()
        self.assertFalse(unused.exists())

    def test_impossible_thresholds(self):
        stage = self.stages["lost"]
        for values in (
            {"silence_days_from": -1}, {"risk_from": 101}, {"index_from": 100.5}, {"cadence_from": -0.1},
            {"age_days_from": 90, "age_days_to": 89}, {"purchase_days_from": 3, "purchase_days_to": 2},
        ):
            with self.assertRaises(ValidationError, msg=values):
                stage.write(values)

    def test_changed_rules_queue_a_run(self):
        """For the companies concerned; a new name concerns nobody."""
        other = self._make_company("Stage Other")

        def queued():
            runs = self.env["customer.value.run"].search([("state", "=", "queued")])
            companies = runs.company_id
            runs.state = "failed"
            return companies

        queued()
        self.stages["lost"].name = "Gone for good"
        self.stages["lost"].entry_action = "none"
        self.assertFalse(queued())
        self.stages["lost"].silence_days_from = 400
        self.assertLessEqual(self.company | other, queued())
        own = self.env["customer.lifecycle.stage"].create({"name": "Own", "company_id": other.id})
        self.assertEqual(queued(), other)
        own.rule_sequence = 5
        self.assertEqual(queued(), other)
        own.company_id = self.company
        self.assertEqual(queued(), self.company | other)

    def test_holders(self):
        """Contacts, orders and opportunities show, find and group by the stage."""
        self._recompute()
        partners = self.fresh | self.silent | self._partner("Contact", parent_id=self.silent.id)
        self.assertEqual(partners.mapped("lifecycle_stage_id.code"), ["new", "lost"])
        within = [("id", "in", partners.ids)]
        self.assertEqual(
            self.env["res.partner"].search([*within, ("lifecycle_stage_id.code", "=", "lost")]), partners[1:]
        )
        self.assertEqual(
            self.env["res.partner"].search([*within, ("lifecycle_health", "=", "gone")]), partners[1:]
        )
        self.assertEqual(
            self.env["res.partner"].search([*within, ("lifecycle_stage_id", "ilike", "lost")]), partners[1:]
        )
        groups = self.env["res.partner"]._read_group(within, ["lifecycle_stage_id"], ["__count"])
        self.assertEqual(
            {stage.code: count for stage, count in groups}, {"new": 1, "lost": 2}
        )
        orders = self.env["sale.order"].search([("partner_id", "in", partners.ids)])
        groups = self.env["sale.order"].formatted_read_group(
            [("id", "in", orders.ids)], ["lifecycle_stage_id"], ["__count"]
        )
        self.assertEqual(sorted(group["__count"] for group in groups), [1, 3])
        self.assertEqual(
            self.env["res.partner"].search(within, order="lifecycle_stage_id")[0], self.fresh
        )

    def test_board_shows_every_stage(self):
        """Also those nobody is in: who is about to be lost, who is gone, who needs nothing, prospects, folded."""
        self._recompute()
        groups = self.env["customer.value"].with_context(read_group_expand=True).formatted_read_group(
            [("company_id", "=", self.company.id)], ["lifecycle_stage_id"], ["__count"]
        )
        names = [group["lifecycle_stage_id"][1] for group in groups]
        self.assertEqual(names, [self.stages[code].name for code in (
            "at_risk", "weakening", "dormant", "new", "developing", "core", "won_back", "occasional", "prospect",
            "lost",
        )])
        self.assertEqual(len(names), len(self.env["customer.lifecycle.stage"].search([])))
