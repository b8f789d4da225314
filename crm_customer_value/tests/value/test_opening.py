import ast
import json

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestOpening(CustomerValueCase):
    """The app opens where the work is: with one's own customers, those at risk first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own, cls.manager, cls.staff = (
            new_test_user(
                cls.env, f"opening_{name}", groups=group, company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, group in (
                ("own", "sales_team.group_sale_salesman"), ("manager", "sales_team.group_sale_manager"),
                ("staff", "base.group_user"),
            )
        )

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _open(self, user, menu="customer_value_board_menu"):
        return self._as(user, self.env.ref(f"crm_customer_value.{menu}").action).run()

    def test_salespeople_see_their_own_customers(self):
        mine, managers = self._open(self.own), self._open(self.manager)
        self.assertEqual((mine["context"], managers["context"]), ({"search_default_my_customers": 1}, {}))
        for action in (mine, managers):
            self.assertEqual(action["res_model"], "customer.value")
            self.assertEqual(action["view_mode"].split(",")[0], "kanban")
        with self.assertRaises(AccessError):
            self._open(self.staff)

    def test_the_address_opens_what_the_menu_opens(self):
        """The web client finds action and app by the path: it belongs to what the menu calls, and to nothing else."""
        for name, path in (("board", "customer-values"), ("activity", "customer-activities")):
            menu = self.env.ref(f"crm_customer_value.customer_value_{name}_menu")
            found = self.env["ir.actions.actions"].search([("path", "=", path)])
            self.assertEqual((found.id, found.type), (menu.action.id, "ir.actions.server"))
            self.assertEqual(self._as(self.own, self.env["ir.ui.menu"]).load_menus(False)[menu.id]["action_path"], path)

    def test_empty_board_says_what_to_do(self):
        """Import and recompute are offered to who may; a salesperson gets the way to everybody's customers."""
        mine, managers = self._open(self.own)["help"], self._open(self.manager)["help"]
        self.assertIn("No customer of yours to show", mine)
        self.assertIn('name="crm_customer_value.customer_value_action"', mine)
        for name in ("customer_purchase_import_action", "customer_value_recompute_action"):
            self.assertNotIn(name, mine)
            self.assertIn(f'name="crm_customer_value.{name}"', managers)
            self.assertTrue(self.env.ref(f"crm_customer_value.{name}"))
        run = self._as(self.manager, self.env.ref("crm_customer_value.customer_value_recompute_action")).run()
        self.assertEqual(run["res_model"], "customer.value.run")
        with self.assertRaises(AccessError):
            self._as(self.own, self.env.ref("crm_customer_value.customer_value_recompute_action")).run()

    def test_columns_begin_with_the_work(self):
        """At risk, then gone, then the others; prospects and what is folded come last."""
        stages = self.env["customer.lifecycle.stage"]
        stages.search([]).active = False
        made = stages.create([
            {"name": name, "company_id": self.company.id, "sequence": sequence, "health": health, "fold": fold,
             "purchases": purchases}
            for sequence, (name, health, fold, purchases) in enumerate((
                ("Prospect", "good", False, "never"), ("New", "good", False, "bought"),
                ("Core", "good", False, "bought"), ("Risky", "risk", False, "bought"),
                ("Riskier", "risk", False, "bought"), ("Asleep", "gone", False, "bought"),
                ("Lost", "gone", True, "bought"),
            ), start=1)
        ])
        board = self._as(self.own, self.env["customer.value"]).with_context(read_group_expand=True)
        groups = board.web_read_group([], ["lifecycle_stage_id"], [])["groups"]
        self.assertEqual(
            [group["lifecycle_stage_id"][1] for group in groups if group["lifecycle_stage_id"][0] in made.ids],
            ["Risky", "Riskier", "Asleep", "New", "Core", "Prospect", "Lost"],
        )

    def test_favourites(self):
        """Four for everybody, each a search that a salesperson may make, with what it says."""
        customers = self.env["res.partner"].create([
            {"name": f"Favourite {number}", "is_company": True, "user_id": self.own.id} for number in range(5)
        ])
        late, planned, complaining, best, dear = self.env["customer.value"].create([
            {"company_id": self.company.id, "partner_id": customer.id, "purchase_days": 4,
             "last_purchase_date": self._day(days), "typical_gap": 20.0, **values}
            for customer, days, values in zip(
                customers, (30, 30, 3, 3, 3), (
                    {}, {}, {"open_complaints": 1}, {"value_class": "a"},
                    {"net_contribution_12m": -5.0, "net_contribution_previous_12m": -1.0},
                ), strict=True
            )
        ])
        planned.partner_id.activity_schedule("mail.mail_activity_data_call", user_id=self.own.id)
        action = self.env.ref("crm_customer_value.customer_value_action")
        shown = self._as(self.own, self.env["ir.filters"]).get_filters("customer.value", action.id)
        found = {
            one["name"]: self._as(self.own, self.env["customer.value"]).search(
                safe_eval(one["domain"], {"uid": self.own.id}), order=", ".join(json.loads(one["sort"])) or None
            ).sudo()
            for one in shown if not one["user_ids"]
        }
        self.assertEqual(found["To call today"], late)
        self.assertEqual(found["Open complaints"], complaining)
        self.assertEqual(found["My best customers"], best)
        self.assertEqual(found["Cost more than they bring"], dear)

    def test_activities_of_customers(self):
        action = self._open(self.own, "customer_value_activity_menu")
        self.assertEqual(action["view_mode"].split(",")[0], "activity")
        self.assertEqual(action["context"], {"search_default_user_id": self.own.id})
        customer, stranger = self._partner("Customer"), self._partner("Stranger")
        self.env["customer.value"].create({"company_id": self.company.id, "partner_id": customer.id})
        both = [("id", "in", (customer | stranger).ids)]
        domain = ast.literal_eval(action["domain"])
        self.assertEqual(self._as(self.own, self.env["res.partner"]).search([*both, *domain]).sudo(), customer)

    def test_menu_opens_in_two_steps(self):
        """A menu with an action of its own, as it was before, would hide what stands below it."""
        menu = self.env.ref("crm_customer_value.customer_value_menu")
        self.assertFalse(menu.action)
        self.assertEqual(menu.child_id.sorted("sequence").mapped("name"), [
            "Customers", "Both Sides", "Activities", "Promises", "Actions", "Offers", "Leads by Value", "Target List",
            "Keep and Win Back", "Efforts",
        ])

    def test_reports_begin_with_revenue_by_stage(self):
        """Revenue, and in the pivot money at risk, of the customers whose amounts one may see."""
        mine, managers = self.env["res.partner"].create([
            {"name": user.name, "is_company": True, "user_id": user.id} for user in (self.own, self.manager)
        ])
        self._order(mine, 3, 100.0, user_id=self.own.id)
        self._order(managers, 3, 20.0, user_id=self.manager.id)
        self._recompute()
        values, revenue = self.env["customer.value"], "shown_revenue_12m"
        for user, total in ((self.manager, 120.0), (self.own, 100.0)):
            self.assertEqual(
                self._as(user, values)._read_group([], ["lifecycle_stage_id"], [f"{revenue}:sum"]),
                [(self.env.ref("crm_customer_value.customer_lifecycle_stage_new"), total)],
            )
            for kind, measures in (("graph", [revenue]), ("pivot", [revenue, "shown_value_at_risk"])):
                view = self.env.ref(f"crm_customer_value.customer_value_view_{kind}")
                fields = etree.fromstring(self._as(user, values).get_view(view.id, kind)["arch"]).findall("field")
                self.assertEqual(
                    [field.get("name") for field in fields if field.get("type") != "measure"], ["lifecycle_stage_id"]
                )
                self.assertEqual([field.get("name") for field in fields if field.get("type") == "measure"], measures)

    def test_report_of_sales_begins_with_numbers(self):
        """Sales > Reporting > Customer Values opens as its other reports do, and leads to the board and the list."""
        action = self.env.ref("crm_customer_value.customer_value_report_menu").action
        self.assertEqual(action.view_mode, "pivot,graph,list,kanban,form")
        self.assertEqual(action.res_model, "customer.value")

    def test_filters_are_few(self):
        """Nobody reads forty: segments, levels and quarters beyond these are groups."""
        arch = etree.fromstring(self._as(self.manager, self.env["customer.value"]).get_view(view_type="search")["arch"])
        filters = arch.xpath("/search/filter")
        self.assertLessEqual(len(filters), 36)
        self.assertLessEqual({"my_customers", "late", "no_activity", "health_risk", "costs_more"},
                             {node.get("name") for node in filters})

    def test_import_stands_beside_what_was_imported(self):
        menus = self.env.ref("crm_customer_value.customer_value_menu_configuration").child_id.sorted("sequence")
        names = menus.mapped("name")
        self.assertEqual(names.index("Import Purchases"), names.index("Imported Purchases") + 1)
