from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .goal_case import GoalCase

QUIET = ("odoo.orm.models", "odoo.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestGoalRights(GoalCase):
    """What people try who would like their numbers to be better."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("rights_goal_seller")
        cls.other = cls._user("rights_goal_other")
        cls.service = cls._user("rights_goal_service", "crm_customer_value.group_service_own")
        cls.manager = cls._user("rights_goal_manager", "sales_team.group_sale_manager")
        cls.portal = cls._user("rights_goal_portal", "base.group_portal")
        cls.customer.user_id = cls.seller
        cls.goal = cls._goal(user_id=cls.seller.id)
        cls.record = cls._measure(8, "2024-06-01", "2024-06-30")

    def _refused(self, call, *args):
        with (
            self.subTest(call=call, args=args), mute_logger(*QUIET), self.assertRaises(AccessError),
            self.env.cr.savepoint(),
        ):
            call(*args)

    def test_what_happened_is_not_written(self):
        """Not by managers, either: what is confirmed, gained and reached follows from what happened."""
        base = {
            "company_id": self.company.id, "partner_id": self.customer.id, "metric_id": self.faults.id, "value": 8,
            "date_from": "2024-05-01", "date_to": "2024-05-31",
        }
        for user in (self.seller, self.manager):
            record, goal = self.record.with_user(user), self.goal.with_user(user)
            for values in (
                {"state": "confirmed"}, {"gain": 1e6}, {"counts": True}, {"doubt": False}, {"is_checked": True},
                {"check_user_id": user.id}, {"source": "portal"}, {"commercial_partner_id": self.contact.id},
                {"correction_ids": [(5,)]}, {"improvement": 12.0}, {"create_uid": self.other.id},
            ):
                self._refused(record.write, values)
                self._refused(record.browse().create, {**base, **values})
                name, value = next(iter(values.items()))
                self._refused(record.browse().with_context(**{f"default_{name}": value}).create, base)
            for values in (
                {"state": "reached"}, {"progress": 100.0}, {"latest_value": 3.0}, {"date_latest": "2024-06-30"},
                {"is_proposal": True}, {"gain": 1e6}, {"commercial_partner_id": self.contact.id},
            ):
                self._refused(goal.write, values)
            self._refused(record.correction_ids.create, {
                "record_id": record.id, "field": "value", "old": "1", "new": "2",
            })
        self.assertEqual((self.record.state, self.record.gain, self.goal.progress), ("reported", 400.0, 44.4))

    def test_foreign_ones(self):
        for user in (self.other, self.service, self.portal):
            for record in (self.record, self.goal):
                mine = record.with_user(user)
                self._refused(mine.read, ["company_id"])
                self._refused(mine.write, {"partner_id": self.customer.id})
                self._refused(mine.unlink)
            self._refused(self.record.with_user(user).action_check)
            self._refused(self.goal.with_user(user).action_accept)
            self._refused(self.goal.with_user(user).action_decline)
            self._refused(self.goal.with_user(user).action_plan_review)
        for model in ("customer.benefit.goal", "customer.benefit.record", "customer.benefit.metric"):
            self._refused(self.env[model].with_user(self.portal).search, [])
        # Not by naming what one may not read, either.
        base = {
            "company_id": self.company.id, "partner_id": self.customer.id, "metric_id": self.faults.id, "value": 8,
            "date_from": "2024-05-01", "date_to": "2024-05-31",
        }
        records = self.env["customer.benefit.record"].with_user(self.other)
        self._refused(records.create, {**base, "goal_id": self.goal.id})
        # Nor by having it find that goal by itself, and with it the baseline: see test_attack_others.
        self._refused(records.create, base)
        self.assertEqual(records.with_user(self.manager).create(base).goal_id, self.goal)

    def test_through_the_goal(self):
        """The list of a goal is no way around the rights on its records."""
        goal = self.goal.with_user(self.seller)
        for values in ({"state": "confirmed"}, {"gain": 1e6}, {"is_checked": True}):
            self._refused(goal.write, {"record_ids": [Command.update(self.record.id, values)]})
            self._refused(goal.write, {"record_ids": [Command.create({
                "metric_id": self.faults.id, "partner_id": self.customer.id, "value": 8, "date_from": "2024-05-01",
                "date_to": "2024-05-31", **values,
            })]})
        self._refused(goal.write, {"record_ids": [Command.delete(self.record.id)]})

    def test_deleting_is_for_managers(self):
        self._refused(self.record.with_user(self.seller).unlink)
        self._refused(self.goal.with_user(self.seller).unlink)
        self.record.with_user(self.manager).unlink()
        self.goal.with_user(self.manager).unlink()
        self.assertFalse(self.record.exists() or self.goal.exists())

    def test_other_companies(self):
        there = self._make_company("Rights Elsewhere")
        goal = self._goal(company_id=there.id, user_id=self.seller.id)
        record = self._measure(8, "2024-05-01", "2024-05-31", company_id=there.id)
        for user in (self.seller, self.manager):
            self._refused(goal.with_user(user).read, ["company_id"])
            self._refused(record.with_user(user).read, ["company_id"])
            self._refused(self.record.with_user(user).write, {"company_id": there.id})

    def test_metrics_are_the_managers(self):
        self._refused(self.faults.with_user(self.seller).write, {"money_per_unit": 1e6})
        self.faults.with_user(self.manager).money_per_unit = 120.0
        self.assertEqual(self.record.gain, 480.0)

    def test_menus(self):
        """Who may not open a list does not see its menu."""
        def seen(user):
            return self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()

        menus = {
            name: self.env.ref(f"crm_customer_value.customer_benefit_{name}_menu").id
            for name in ("goal", "record", "record_reporting", "metric")
        }
        self.assertEqual({name for name, menu in menus.items() if menu in seen(self.manager)}, set(menus))
        self.assertEqual(
            {name for name, menu in menus.items() if menu in seen(self.seller)}, {"goal", "record", "record_reporting"}
        )
        self.assertFalse({*menus.values()} & seen(self._user("rights_goal_nobody", "base.group_user")))

    def test_menus_of_service_people(self):
        """Whoever helps customers and does not sell gets to goals and measurements, all the way from the app."""
        seen = self.env["ir.ui.menu"].with_user(self.service)._visible_menu_ids()
        for name in ("goal", "record"):
            menu = self.env.ref(f"crm_customer_value.customer_benefit_{name}_menu")
            while menu:
                self.assertIn(menu.id, seen, menu.complete_name)
                menu = menu.parent_id
