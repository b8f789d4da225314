from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestSettings(CustomerValueCase):
    """The settings page is the policy in force, and the nightly schedule."""

    def _save(self, weights=None, **values):
        settings = self.env["res.config.settings"].create({
            f"customer_value_{name}": value for name, value in values.items()
        })
        for choice in settings.customer_value_weight_ids:
            choice.weight = (weights or {}).get(choice.part, choice.weight)
        settings.set_values()
        return self.env["customer.value.policy"]._get_active(self.company)

    def test_shows_policy_in_force(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.customer_value_policy_id, self.policy)
        for name in self.policy._scoring_fields:
            self.assertEqual(settings[f"customer_value_{name}"], self.policy[name], name)

    def test_shares_of_the_weights_follow_what_is_typed(self):
        """50 of 160 are 31 %, and 40 of 150 are 27 %: said while somebody types, in both places."""
        shares = (
            "Current value 50 = 31 %, Future value 40 = 25 %, Development 20 = 12 %, Loyalty 30 = 19 %, "
            "Payment 20 = 12 %"
        )
        changed = (
            "Current value 40 = 27 %, Future value 40 = 27 %, Development 20 = 13 %, Loyalty 30 = 20 %, "
            "Payment 20 = 13 %"
        )
        for model, prefix in (("res.config.settings", "customer_value_"), ("customer.value.dry.run", "")):
            form = Form(self.env[model])
            self.assertEqual(form[f"{prefix}weight_shares"], shares)
            with form[f"{prefix}weight_ids"].edit(0) as line:
                self.assertEqual((line.part, line.weight), ("current_value", 50))
                line.weight = 40
            self.assertEqual(form[f"{prefix}weight_shares"], changed)
            for position in range(len(self._index_parts("ground"))):
                with form[f"{prefix}weight_ids"].edit(position) as line:
                    line.weight = 0
            self.assertFalse(form[f"{prefix}weight_shares"])

    def test_one_place_to_change_rules(self):
        """Versions are read; what leads to where they are changed stands beside them."""
        views = self.env["customer.value.policy"]
        for view_type in ("list", "form"):
            arch = etree.fromstring(views.get_view(view_type=view_type)["arch"])
            self.assertEqual(arch.get("create"), "0")
            names = [button.get("name") for button in arch.iter("button")]
            for action in ("customer_value_settings_action", "customer_value_dry_run_action"):
                self.assertIn(str(self.env.ref(f"crm_customer_value.{action}").id), names, view_type)

    def test_saving_without_change_keeps_version(self):
        self.assertEqual(self._save(), self.policy)

    def test_change_makes_version_and_queues_run(self):
        runs = self.env["customer.value.run"].search_count([("company_id", "=", self.company.id)])
        policy = self._save({"payment": 0}, window_days=1095)
        self.assertEqual(policy.version, self.policy.version + 1)
        self.assertEqual((policy.window_days, policy._weights()["payment"]), (1095, 0))
        self.assertEqual(policy.pareto_a, self.policy.pareto_a)
        self.assertEqual(self.policy.state, "retired")
        self.assertGreaterEqual(
            self.env["customer.value.run"].search_count([("company_id", "=", self.company.id)]), max(runs, 1)
        )

    def test_bad_values_are_refused_with_reason(self):
        for values, message in (
            ({"window_days": -1}, "between 1 and 3660"),
            ({"pareto_a": 96}, "must be above 0"),
            ({"weights": {"loyalty": -1}}, "cannot be negative"),
            ({"weights": dict.fromkeys(self._index_parts(), 0)}, "above zero"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, message):
                self._save(**values)

    def test_schedule(self):
        cron = self.env.ref("crm_customer_value.ir_cron_customer_value_nightly")
        later = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1, hours=2)
        self._save(next_run=later)
        self.assertEqual(cron.nextcall, later)
        self._save(next_run=later - timedelta(days=30))
        self.assertEqual(cron.nextcall, later, "a moment in the past is no schedule")
        self._save(nightly=False)
        self.assertFalse(cron.active)

    def test_recompute_now(self):
        settings = self.env["res.config.settings"].create({})
        action = settings.action_customer_value_recompute()
        run = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((run.company_id, run.state, run.kind), (self.company, "queued", "full"))

    def test_nobody_else_is_told_the_rules(self):
        """Not by the defaults, not by the values, not by a form that is not stored: portal users ask, too."""
        settings = self.env["res.config.settings"]
        rules = [name for name in settings._fields if name.startswith("customer_value_")]
        self.assertGreater(len(rules), 15)
        for login, groups in (
            ("settings_portal", "base.group_portal"), ("settings_staff", "base.group_user"),
            ("settings_seller", "sales_team.group_sale_salesman_all_leads"), ("settings_admin", "base.group_system"),
        ):
            user = new_test_user(
                self.env, login, groups, company_id=self.company.id, company_ids=[Command.set(self.company.ids)]
            )
            theirs = settings.with_user(user)
            with self.subTest(login):
                self.assertFalse(set(rules) & theirs.default_get(rules).keys())
                self.assertFalse(set(rules) & theirs.get_values().keys())
                self.assertFalse(set(rules) & theirs.fields_get().keys())
                for name in ("customer_value_policy_id", "customer_value_weight_ids", "customer_value_next_run"):
                    with self.assertRaises(AccessError):
                        theirs.onchange({}, [], {name: {}})
        manager = new_test_user(
            self.env, "settings_manager", "sales_team.group_sale_manager",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )
        told = settings.with_user(manager).get_values()["customer_value_weight_ids"]
        self.assertEqual(
            {values["part"]: values["weight"] for _command, _id, values in told}, self.policy._weights()
        )

    def test_administrator_without_the_rules_saves_the_rest(self):
        """Whoever may not see the rules cannot overwrite them with nothing."""
        user = new_test_user(
            self.env, "settings_admin", "base.group_system",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )
        self.env["res.config.settings"].with_user(user).create({}).execute()
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company), self.policy)
