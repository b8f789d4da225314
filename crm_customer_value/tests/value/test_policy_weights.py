from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestPolicyWeights(CustomerValueCase):
    """Each weight is a line, for everybody or for one industry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.industry, cls.other = cls.env["res.partner.industry"].create([{"name": "Bakeries"}, {"name": "Mills"}])
        cls.baker, cls.miller, cls.smith = (
            cls._partner(name, is_company=True, industry_id=industry)
            for name, industry in (("Baker", cls.industry.id), ("Miller", cls.other.id), ("Smith", False))
        )
        for customer in cls.baker | cls.miller | cls.smith:
            cls._order(customer, 3, 10.0)

    def _line(self, policy, name, industry=None):
        return policy.weight_ids.filtered(
            lambda line: line.part == name and line.industry_id == (industry or line.industry_id.browse())
        )

    def _with_industry(self, **weights):
        """Activate a version in which an industry has weights of its own."""
        draft = self.policy.copy()
        draft.write({"weight_ids": [
            Command.create({"part": name, "weight": weight, "industry_id": self.industry.id})
            for name, weight in weights.items()
        ]})
        draft.action_activate()
        return draft

    def test_new_policy_has_a_line_for_each_part(self):
        self.assertEqual(
            self.policy._weights(),
            {
                "current_value": 50, "future_value": 40, "development": 20, "loyalty": 30, "payment": 20,
                "satisfaction": 40, "benefit": 10, "advocacy": 5, "cost_to_serve": 10,
            },
        )
        self.assertEqual(self.policy._all_weights().industries, {})

    def test_bad_weights_get_a_clear_answer(self):
        draft = self.policy.copy()
        for name, values, message in (
            ("loyalty", {"weight": -1}, "cannot be negative"),
            ("loyalty", {"part": "luck"}, "“luck” is no part of the value index. Choose one of these: Current value"),
        ):
            with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
                draft.write({"weight_ids": [Command.update(self._line(draft, name).id, values)]})
        with self.assertRaisesRegex(ValidationError, "At least one part"), self.env.cr.savepoint():
            draft.write({"weight_ids": [
                Command.update(self._line(draft, name).id, {"weight": 0}) for name in self._index_parts("ground")
            ]})
        with self.assertRaisesRegex(ValidationError, "For the industry Bakeries, at least one"):
            draft.write({"weight_ids": [
                Command.create({"part": name, "weight": 0, "industry_id": self.industry.id})
                for name in self._index_parts("ground")
            ]})

    @mute_logger("odoo.sql_db")
    def test_a_part_has_one_weight(self):
        for industry in (False, self.industry.id):
            draft = self.policy.copy()
            line = {"part": "loyalty", "weight": 1, "industry_id": industry}
            with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
                draft.write({"weight_ids": [Command.create(line), Command.create(line)]})
        message = self.env.registry["customer.value.policy.weight"]._table_objects[
            "customer_value_policy_weight_unique_part"
        ].get_error_message(self.env["customer.value.policy.weight"])
        self.assertIn("one weight for each part", message)

    def test_weights_in_use_stay_as_they_are(self):
        lines = self.env["customer.value.policy.weight"]
        draft = self.policy.copy()
        for change in (
            lambda: setattr(self._line(self.policy, "loyalty"), "weight", 1),
            lambda: self._line(self.policy, "loyalty").unlink(),
            lambda: lines.create({
                "policy_id": self.policy.id, "part": "loyalty", "weight": 1, "industry_id": self.industry.id,
            }),
            lambda: setattr(self._line(draft, "loyalty"), "policy_id", self.policy),
            lambda: self.policy.write({"weight_ids": [Command.clear()]}),
        ):
            message = "in use and (its weights )?cannot be changed"
            with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
                change()
        draft.action_activate()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self._line(self.policy, "loyalty").weight = 1

    def test_lines_one_by_one_are_checked_before_they_count(self):
        draft = self.policy.copy()
        for name in self._index_parts("ground"):
            self._line(draft, name).weight = 0
        with self.assertRaisesRegex(ValidationError, "At least one part"):
            draft.action_activate()
        self.assertEqual(self.policy.state, "active")

    def test_an_industry_has_weights_of_its_own(self):
        """Bought once: current and future value 100, loyalty 0. Of 50, 40 and 30, that is 75.

        Bakeries by 50, 40 and 110: 45. Their parts without a line keep the general weight.
        """
        policy = self._with_industry(loyalty=110)
        self._recompute()
        self.assertEqual(
            [self._value(customer).value_index for customer in (self.baker, self.miller, self.smith)],
            [45.0, 75.0, 75.0],
        )
        loyalty = next(part for part in self._value(self.baker).explanation["parts"] if part["key"] == "loyalty")
        self.assertEqual(loyalty["weight"], 55.0)
        value = self._value(self.baker)
        present = {"current_value", "future_value", "loyalty"}
        self.assertEqual(
            value._story_points(value, present),
            {name: value[f"{name}_points"] for name in self._index_parts("ground", "share")},
        )
        copy = policy._renew({"window_days": 300})
        self.assertEqual(self._line(copy, "loyalty", self.industry).weight, 110, "a new version keeps them")

    def test_moving_to_an_industry_counts(self):
        self._with_industry(loyalty=110)
        self._recompute()
        self.env.cr.precommit.run()
        self.env["customer.value.mark"].search([]).unlink()
        self.smith.industry_id = self.industry
        self.env.flush_all()
        self.env.cr.precommit.run()
        marked = self.env["customer.value.mark"].search([]).mapped("partner_id")
        self.assertEqual(set(marked), set(self.smith.ids))
        self._recompute(partners=self.smith)
        self.assertEqual(self._value(self.smith).value_index, 45.0)

    def test_dry_run_of_a_draft_knows_its_industries(self):
        self._recompute()
        draft = self.policy.copy()
        draft.write({"weight_ids": [
            Command.create({"part": "loyalty", "weight": 110, "industry_id": self.industry.id}),
        ]})
        dry_run = self.env["customer.value.dry.run"].create({"policy_id": draft.id})
        self.assertEqual(dry_run.rule_changes, ["Weights of industries: none → Bakeries: Loyalty 110"])
        dry_run.action_try()
        self.assertEqual(dry_run.outcome["index_after"], 65.0)
        self.assertEqual(dry_run.state, "tried")
        dry_run.action_apply()
        self.assertEqual(draft.state, "active")
        self._recompute()
        self.assertEqual(self._value(self.baker).value_index, 45.0)

    def test_part_without_a_line_counts_nothing_and_says_so(self):
        draft = self.policy.copy()
        self._line(draft, "loyalty").unlink()
        draft.action_activate()
        self._recompute()
        value = self._value(self.smith)
        self.assertEqual((value.value_index, value.loyalty_points), (100.0, 0.0))
        settings = self.env["res.config.settings"].create({})
        choice = settings.customer_value_weight_ids.filtered(lambda one: one.part == "loyalty")
        self.assertEqual((choice.weight, choice.note), (0.0, "New: not counted yet"))
        settings.set_values()
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company), draft, "nothing changed")
        choice.weight = 30
        settings.set_values()
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company)._weights()["loyalty"], 30)

    def test_notes_say_what_a_weight_does(self):
        notes = {line.part: line.note for line in self.policy.weight_ids}
        self.assertEqual(notes["satisfaction"], "Only lowers the index")
        self.assertEqual(notes["cost_to_serve"], "Points deducted at a score of 100")
        self.assertFalse(notes["loyalty"])

    def test_draft_is_changed_on_its_form(self):
        """Two weights that are zero one after the other, but not together, are saved together."""
        draft = self.policy.copy()
        names = draft.weight_ids.mapped("part")
        form = Form(draft)
        for name in names:
            with form.weight_ids.edit(names.index(name)) as line:
                line.weight = 10 if name == "payment" else 0
        with form.weight_ids.new() as line:
            line.part = "loyalty"
            line.weight = 3
            line.industry_id = self.industry
        form.save()
        self.assertEqual(draft._weights(), dict.fromkeys(names, 0) | {"payment": 10})
        self.assertEqual(draft.industry_weights, "Bakeries: Loyalty 3")

    def test_lines_are_exported_by_label(self):
        exported = self._line(self.policy, "cost_to_serve").export_data(["part", "weight"])["datas"]
        self.assertEqual(exported, [["Cost to serve", 10.0]])
