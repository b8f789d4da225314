import random
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import Form, new_test_user, tagged

from ...engine.value import pipeline
from ...wizards.story import customer_value_dry_run
from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestDryRun(CustomerValueCase):
    """What a dry run announces is what happens when its rules are applied; until then nothing does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._make_company("Dry Run Sister")
        cls.random = random.Random(11)
        cls.partners = cls.env["res.partner"].create([
            {"name": f"Dry Customer {number}", "is_company": True} for number in range(60)
        ])
        cls.env["customer.purchase.history"].create([
            {
                "company_id": company.id, "partner_id": partner.id, "date": cls._day(day),
                "amount": amount, "has_margin": True, "margin": amount * 0.3,
            }
            for company in cls.company | cls.other
            for partner in cls.partners
            for day, amount in cls._purchases()
        ])
        cls.stages = {stage.code: stage for stage in cls.env["customer.lifecycle.stage"].search([])}
        cls._recompute(cls.company | cls.other)

    @classmethod
    def _purchases(cls):
        """Yield (days ago, amount) of somebody with a rhythm of their own, who may have left."""
        pick = cls.random
        gap, day = pick.choice((7, 30, 60, 200)), pick.choice((0, 5, 20, 90, 250, 420))
        while day < 900:
            yield day, pick.choice((20.0, 100.0, 100.0, 750.0, 5000.0))
            day += max(round(gap * pick.uniform(0.6, 1.4)), 1)
            if pick.random() < 0.08:
                return

    def _dry_run(self, weights=None, **values):
        dry_run = self.env["customer.value.dry.run"].create({})
        dry_run.write(values)
        for choice in dry_run.weight_ids:
            choice.weight = (weights or {}).get(choice.part, choice.weight)
        return dry_run

    def _set(self, dry_run, code, **values):
        dry_run.line_ids.filtered(lambda line: line.stage_id == self.stages[code]).write(values)

    def _before_or_after(self, company=None):
        """Return {partner: (stage, class, index)} as it is stored."""
        values = self.env["customer.value"].search([("company_id", "=", (company or self.company).id)])
        values.invalidate_recordset()
        return {
            value.partner_id: (value.lifecycle_stage_id, value.value_class, value.value_index)
            for value in values
        }

    def _everything(self):
        """Return all that a dry run must leave alone."""
        rows = self._rows(self.company | self.other)
        self.env.cr.execute(
            "SELECT partner_id, lifecycle_stage_id, stage_since, stage_pinned, write_date FROM customer_value"
        )
        state = [rows, sorted(self.env.cr.fetchall())]
        for model in ("customer.value.run", "customer.lifecycle.transition", "customer.value.policy"):
            records = self.env[model].search([])
            state.append(records.read(["write_date"]))
        state.append(self.env["customer.lifecycle.stage"].search([]).read())
        return state

    def _assert_as_announced(self, dry_run, before, after):
        """Compare what was announced with what is stored before and after."""
        both = before.keys() & after.keys()
        outcome = dry_run.outcome
        keys = {"stage": lambda stage: stage.id or None, "class": lambda letter: letter or None}
        for position, (name, key) in enumerate(keys.items()):
            pairs = Counter((key(before[one][position]), key(after[one][position])) for one in both)
            announced = {(old, new): count for old, new, count in outcome[name]["pairs"]}
            self.assertEqual(announced, pairs, name)
            self.assertEqual(
                outcome[name]["moved"], sum(count for (old, new), count in pairs.items() if old != new), name
            )
        self.assertEqual(outcome["appear"], len(after.keys() - before.keys()))
        self.assertEqual(outcome["vanish"], len(before.keys() - after.keys()))
        for position, values in (("index_before", before), ("index_after", after)):
            mean = sum(values[one][2] for one in both) / len(both)
            self.assertAlmostEqual(outcome[position], mean, msg=position, delta=0.006)
        expected = {
            one: (before.get(one), after.get(one))
            for one in before.keys() | after.keys()
            if before.get(one, ())[:2] != after.get(one, ())[:2]
        }
        nothing = (self.env["customer.lifecycle.stage"], False, 0.0)
        announced = {
            change.partner_id: (
                (change.stage_before_id, change.class_before, change.index_before),
                (change.stage_after_id, change.class_after, change.index_after),
            )
            for change in dry_run.change_ids
        }
        self.assertEqual(
            announced, {one: (old or nothing, new or nothing) for one, (old, new) in expected.items()}
        )
        self.assertEqual(outcome["changing"], len(expected))

    def _apply(self, dry_run):
        """Apply, recompute, and return what is stored then."""
        dry_run.action_apply()
        self._recompute()
        return self._before_or_after()

    def test_announced_is_what_happens(self):
        """Weights, cut-offs, window, order of the rules and thresholds; pins, news, and a vanished one."""
        values = {value.partner_id: value for value in self.env["customer.value"].search([
            ("company_id", "=", self.company.id)
        ])}
        pinned, expired, gone = self.partners[:3]
        values[pinned]._pin_stage(self.stages["lost"], "Closed the shop")
        values[expired]._pin_stage(self.stages["prospect"], "By mistake", self.today)
        values[expired].pin_until = self._day(1)
        self.env["customer.purchase.history"].search([
            ("partner_id", "=", gone.id), ("company_id", "=", self.company.id)
        ]).unlink()
        lost = [partner for partner, value in values.items() if value.lifecycle_stage_id.health == "gone"]
        self._order(next(one for one in lost if one not in (pinned, expired, gone)), 0, 300.0)
        self._order(self._partner("Brand New"), 1, 40.0)
        before = self._before_or_after()
        dry_run = self._dry_run(
            {"loyalty": 90, "current_value": 10}, pareto_a=50, window_days=200, hysteresis=25
        )
        self._set(dry_run, "core", index_from=60, purchase_days_from=5)
        self._set(dry_run, "at_risk", cadence_from=1.2, rule_sequence=5)
        self._set(dry_run, "new", age_days_to=30)
        state = self._everything()
        dry_run.action_try()
        self.assertEqual(self._everything(), state, "Trying writes nothing")
        outcome = dry_run.outcome
        self.assertEqual((outcome["appear"], outcome["vanish"]), (1, 1))
        self.assertGreater(outcome["stage"]["moved"], 5)
        self.assertGreater(outcome["class"]["moved"], 5)
        sister = self._before_or_after(self.other)
        after = self._apply(dry_run)
        self.assertEqual(after[pinned][0], self.stages["lost"])
        self.assertNotEqual(after[expired][0], self.stages["prospect"])
        self._assert_as_announced(dry_run, before, after)
        self.assertEqual(self._before_or_after(self.other), sister, "The other company waits for its own run")

    def test_hysteresis_is_announced_too(self):
        """Thresholds a little above where customers are: those who are in the stage stay."""
        self._set(dry_run := self._dry_run(), "core", index_from=55)
        dry_run.action_try()
        held = self._apply(dry_run)
        self._set(loose := self._dry_run(hysteresis=0), "core", index_from=55)
        before = self._before_or_after()
        loose.action_try()
        after = self._apply(loose)
        self._assert_as_announced(loose, before, after)
        self.assertNotEqual(held, after, "Without hysteresis somebody leaves Core")

    def test_thresholds_alone_keep_the_policy(self):
        dry_run = self._dry_run()
        self._set(dry_run, "core", index_from=20)
        self.assertEqual(dry_run.rule_changes, ["Core: Value Index, at Least: 50 → 20"])
        dry_run.action_try()
        before = self._before_or_after()
        after = self._apply(dry_run)
        self._assert_as_announced(dry_run, before, after)
        self.assertEqual(self.policy.state, "active")
        self.assertEqual(self.stages["core"].index_from, 20)

    def test_draft_becomes_the_version_in_force(self):
        draft = self.policy.copy({"pareto_a": 30.0})
        dry_run = self.env["customer.value.dry.run"].with_context(default_policy_id=draft.id).create({})
        self.assertEqual(dry_run.rule_changes, ["Class A up to (%): 80 → 30"])
        dry_run.action_try()
        action = dry_run.action_apply()
        self.assertEqual((draft.state, self.policy.state), ("active", "retired"))
        run = self.env["customer.value.run"].browse(action["res_id"])
        self.assertEqual((run.state, run.kind, run.company_id), ("queued", "full", self.company))

    def test_only_what_was_tried_is_applied(self):
        dry_run = self._dry_run({"loyalty": 90})
        with self.assertRaisesRegex(UserError, "The rules changed after the last try"):
            dry_run.action_apply()
        dry_run.action_try()
        self.assertEqual(dry_run.state, "tried")
        self._set(dry_run, "core", index_from=20)
        self.assertEqual(dry_run.state, "outdated")
        with self.assertRaisesRegex(UserError, "The rules changed after the last try"):
            dry_run.action_apply()
        unchanged = self._dry_run()
        unchanged.action_try()
        self.assertFalse(unchanged.rule_changes)
        self.assertEqual(unchanged.outcome["changing"], 0, "The same rules on the same day change nobody")
        self.assertEqual(unchanged.shown_note, "No customer would change stage or class.")
        with self.assertRaisesRegex(UserError, "nothing to apply"):
            unchanged.action_apply()

    def test_bad_rules_get_a_clear_answer(self):
        cases = (({"window_days": 0}, "between 1 and 3660"), ({"weights": {"loyalty": -1}}, "cannot be negative"))
        for values, message in cases:
            with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
                self._dry_run(**values).action_try()
        dry_run = self._dry_run()
        self._set(dry_run, "core", purchase_days_from=9, purchase_days_to=3)
        with self.assertRaisesRegex(ValidationError, "must not be higher than"):
            dry_run.action_try()

    def test_many_are_counted_and_some_listed(self):
        with patch.object(customer_value_dry_run, "SHOWN_CHANGES", 3):
            dry_run = self._dry_run(pareto_a=5)
            dry_run.action_try()
            self.assertEqual(len(dry_run.change_ids), 3)
            self.assertGreater(dry_run.outcome["changing"], 3)
            self.assertIn("the 3 with the largest revenue", dry_run.shown_note)
        revenues = dry_run.change_ids.mapped("revenue")
        self.assertEqual(revenues, sorted(revenues, reverse=True))
        self.assertEqual(revenues[0], max(self.env["customer.value"].search([
            ("company_id", "=", self.company.id), ("value_class", "=", "a"),
            ("partner_id", "in", dry_run.change_ids.partner_id.ids),
        ]).mapped("revenue_12m")))

    def _in_empty_company(self, **values):
        company = self._make_company("Dry Run Empty")
        return self.env["customer.value.dry.run"].with_context(
            allowed_company_ids=company.ids
        ).with_company(company).create(values)

    def test_busy_company_says_so(self):
        dry_run = self._in_empty_company(pareto_a=5)
        with db_connect(self.env.cr.dbname).cursor() as other:
            self.assertTrue(pipeline.try_lock(other, dry_run.company_id.id))
            with self.assertRaisesRegex(UserError, "being recomputed at the moment"):
                dry_run.action_try()
        dry_run.action_try()
        self.assertTrue(dry_run.outcome)

    def test_failure_leaves_no_table(self):
        """Whoever catches the error finds no table of the dry run, and may try again."""
        dry_run = self._dry_run()
        dry_run.pareto_a = 10
        try_values = pipeline.try_values

        def broken(cr, *args, **kwargs):
            try_values(cr, *args, **kwargs)
            raise ValueError("the disk is on fire")

        self.patch(pipeline, "try_values", broken)
        # Not assertRaises, which would drop them by itself.
        try:
            dry_run.action_try()
        except ValueError as error:
            self.assertEqual(str(error), "the disk is on fire")
        else:
            self.fail("no error")
        self.env.cr.execute("SELECT relname FROM pg_class WHERE relname LIKE 'customer\\_value\\_trial%'")
        self.assertEqual(self.env.cr.fetchall(), [])
        self.patch(pipeline, "try_values", try_values)
        dry_run.action_try()
        self.assertTrue(dry_run.outcome["changing"])

    def test_company_without_customers(self):
        dry_run = self._in_empty_company(pareto_a=10)
        self.assertEqual(dry_run.company_id.name, "Dry Run Empty")
        dry_run.action_try()
        self.assertEqual((dry_run.outcome["after"], dry_run.outcome["changing"]), (0, 0))
        self.assertIn("change their stage", dry_run.figures_html)

    def test_everything_that_may_differ_can_be_tried(self):
        """A rule that is added to policies or stages cannot be forgotten here."""
        scoring = set(self.env["customer.value.policy"]._scoring_fields)
        thresholds = set(self.env["customer.value.dry.run.stage"]._rule_fields())
        self.assertLessEqual(scoring, set(self.env["customer.value.dry.run"]._fields))
        self.assertLessEqual(thresholds, set(self.env["customer.value.dry.run.stage"]._fields))
        view = etree.fromstring(self.env["customer.value.dry.run"].get_view(view_type="form")["arch"])
        self.assertLessEqual(scoring | thresholds, {node.get("name") for node in view.iter("field")})

    def test_form_notices_changes(self):
        with Form(self.env["customer.value.dry.run"]) as form:
            self.assertEqual(form.state, "rules")
            self.assertFalse(form.rule_changes)
            form.pareto_a = 70
            self.assertEqual(form.rule_changes, ["Class A up to (%): 80 → 70"])
            with form.line_ids.edit(0) as line:
                line.rule_sequence = 99
            self.assertEqual(len(form.rule_changes), 2)

    def test_who_may_try(self):
        company = {"company_id": self.company.id, "company_ids": [Command.set(self.company.ids)]}
        manager = new_test_user(self.env, "dry_manager", groups="sales_team.group_sale_manager", **company)
        dry_runs = self.env["customer.value.dry.run"]
        for login, groups in (
            ("dry_own", "sales_team.group_sale_salesman"),
            ("dry_all", "sales_team.group_sale_salesman_all_leads"),
        ):
            user = new_test_user(self.env, login, groups=groups, **company)
            with self.assertRaises(AccessError):
                dry_runs.with_user(user).create({})
            with self.assertRaises(AccessError):
                dry_runs.with_user(user).default_get(["pareto_a"])
            with self.assertRaises(AccessError):
                self._dry_run().with_user(user).action_try()
        own = dry_runs.with_user(manager).with_context(allowed_company_ids=self.company.ids).create({})
        own.pareto_a = 10
        own.action_try()
        self.assertTrue(own.change_ids)
        own.action_apply()
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company).pareto_a, 10)
        with self.assertRaises(AccessError):
            self._dry_run().with_user(manager).read(["pareto_a"])
        active = self.env["customer.value.policy"]._get_active(self.other)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            own.create({**own.default_get(list(own._fields)), "policy_id": active.id})
        theirs = active.copy()
        with self.assertRaises(AccessError):
            own.with_context(default_policy_id=theirs.id).create({})

    def test_day_of_the_company_counts(self):
        """A dry run is for today, whatever the last run was for."""
        self._recompute(as_of=self.today - timedelta(days=40))
        dry_run = self._dry_run({"loyalty": 90})
        before = self._before_or_after()
        dry_run.action_try()
        self._assert_as_announced(dry_run, before, self._apply(dry_run))

    def test_rules_of_another_company_are_not_told(self):
        """Not when a dry run is made, changed, or only thought of in a form; nor the stages of one."""
        theirs = self.env["customer.value.policy"]._get_active(self.other)._renew(weights={"loyalty": 77.0})
        foreign = self.env["customer.lifecycle.stage"].create({"name": "Foreign", "company_id": self.other.id})
        manager = new_test_user(
            self.env, "dry_manager", "sales_team.group_sale_manager",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )
        dry_runs = self.env["customer.value.dry.run"].with_user(manager)
        own = dry_runs.create({})
        attacks = {
            "made": lambda: dry_runs.create({"policy_id": theirs.id}),
            "by default": lambda: dry_runs.with_context(default_policy_id=theirs.id).create({}),
            "defaults": lambda: dry_runs.with_context(default_policy_id=theirs.id).default_get(["policy_id"]),
            "changed": lambda: own.write({"policy_id": theirs.id}),
            "stage added": lambda: own.write({"line_ids": [Command.create({"stage_id": foreign.id})]}),
            "stage changed": lambda: own.line_ids[0].write({"stage_id": foreign.id}),
            "pin": lambda: self.env["customer.value.pin"].with_user(manager).create({
                "value_ids": self.env["customer.value"].search([("company_id", "=", self.company.id)], limit=1).ids,
                "stage_id": foreign.id, "reason": "Curious",
            }),
        }
        for name, attack in attacks.items():
            with self.subTest(name), self.assertRaises(AccessError), self.env.cr.savepoint():
                attack()
        thoughts = {
            "form": lambda: dry_runs.onchange(
                {"policy_id": theirs.id}, ["policy_id"], {"policy_id": {}, "rule_changes": {}, "state": {}}
            ),
            "new": lambda: dry_runs.new({"policy_id": theirs.id}).rule_changes,
        }
        for name, thought in thoughts.items():
            with self.subTest(name):
                try:
                    told = str(thought())
                except AccessError:
                    told = ""
                self.assertNotIn("77", told)
        self.assertEqual(own.policy_id, self.policy)
        self.assertFalse(own.rule_changes)

    def test_defaults_are_for_who_may_read_policies(self):
        for login, groups in (("dry_portal", "base.group_portal"), ("dry_seller", "sales_team.group_sale_salesman")):
            user = new_test_user(
                self.env, login, groups, company_id=self.company.id, company_ids=[Command.set(self.company.ids)]
            )
            with self.subTest(login), self.assertRaises(AccessError):
                self.env["customer.value.dry.run"].with_user(user).default_get(["weight_ids", "line_ids"])
