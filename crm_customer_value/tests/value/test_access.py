from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged

from ..common import CustomerValueCase

AMOUNTS = (
    "revenue_total", "margin_total", "revenue_12m", "margin_12m", "revenue_previous_12m", "value_at_risk",
)


@tagged("post_install", "-at_install")
class TestAccess(CustomerValueCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._make_company("Access Other Company")

        def user(login, groups):
            return new_test_user(
                cls.env, login, groups=groups, company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )

        cls.own = user("value_own", "sales_team.group_sale_salesman")
        cls.everything = user("value_all", "sales_team.group_sale_salesman_all_leads")
        cls.manager = user("value_manager", "sales_team.group_sale_manager")
        cls.internal = user("value_internal", "base.group_user")
        cls.portal = new_test_user(cls.env, "value_portal", groups="base.group_portal")
        cls.mine = cls._partner("Mine", user_id=cls.own.id)
        cls.theirs = cls._partner("Theirs", user_id=cls.everything.id)
        cls.nobodys = cls._partner("Nobody's")
        for partner in (cls.mine, cls.theirs, cls.nobodys):
            for company in (cls.company, cls.other):
                order = cls._order(partner, 5, 100.0, cost=40.0, company=company)
                order.user_id = partner.user_id
        cls._recompute(cls.company | cls.other)

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def test_who_reads_values(self):
        values = self.env["customer.value"].search([("company_id", "=", self.company.id)])
        for user in (self.own, self.everything, self.manager):
            found = self._as(user, self.env["customer.value"]).search([])
            self.assertEqual(found.sudo(), values, "scores of all customers of one's company")
            self.assertEqual(set(found.mapped("value_class")), {"a"})
        for user in (self.internal, self.portal):
            with self.assertRaises(AccessError):
                self.env["customer.value"].with_user(user).search([])

    def test_nobody_writes_values(self):
        value = self._value(self.mine)
        for user in (self.own, self.everything, self.manager):
            mine = self._as(user, value)
            with self.assertRaises(AccessError):
                mine.write({"value_index": 100})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create({"partner_id": self.nobodys.id, "company_id": self.company.id})

    def test_other_company_is_closed(self):
        hidden = self._value(self.mine, self.other)
        self.assertTrue(hidden)
        for user in (self.own, self.manager):
            with self.assertRaises(AccessError):
                self._as(user, hidden).read(["value_index"])
        runs = self._as(self.manager, self.env["customer.value.run"]).search([])
        self.assertEqual(runs.company_id, self.company)
        policies = self._as(self.manager, self.env["customer.value.policy"]).search([])
        self.assertEqual(policies.company_id, self.company)

    def test_amounts_follow_the_documents(self):
        """Own documents: amounts of one's own and nobody's customers; all documents: everybody's."""
        shown = {
            partner.name: self._as(self.own, self._value(partner)).shown_revenue_12m
            for partner in (self.mine, self.theirs, self.nobodys)
        }
        self.assertEqual(shown, {"Mine": 100.0, "Theirs": 0.0, "Nobody's": 100.0})
        self.assertFalse(self._as(self.own, self._value(self.theirs)).amounts_visible)
        value = self._as(self.everything, self._value(self.theirs))
        self.assertEqual(value.shown_margin_12m, 0.0 + value.margin_12m)
        self.assertEqual(value.revenue_total, 100.0)

    def test_becoming_the_salesperson_of_a_contact_shows_nothing(self):
        """Amounts are hidden while any order or invoice behind them is somebody else's."""
        value = self._as(self.own, self._value(self.theirs))
        with self.assertRaises(AccessError):
            self._as(self.own, self.theirs).user_id = self.own
        self._as(self.everything, self.theirs).user_id = self.own
        value.invalidate_recordset()
        self.assertEqual((value.amounts_visible, value.shown_revenue_12m), (False, 0.0))
        self._order(self.mine, 4, 50.0, user_id=self.everything.id)
        mine = self._as(self.own, self._value(self.mine))
        mine.invalidate_recordset()
        self.assertEqual((mine.amounts_visible, mine.shown_revenue_12m), (False, 0.0))

    def test_amounts_cannot_be_guessed_through_followers(self):
        """message_partner_ids is searched as superuser; what lies behind it must not be."""
        lead = self.env["crm.lead"].create({"name": "Mine", "user_id": self.own.id, "company_id": self.company.id})
        lead.message_subscribe(self.theirs.ids)
        leads = self._as(self.own, self.env["crm.lead"])
        self.assertEqual(leads.search([("message_partner_ids.name", "=", "Theirs")]).sudo(), lead)
        with self.assertRaises(AccessError):
            leads.search([("message_partner_ids.customer_value_id.revenue_12m", ">", 50)])

    def test_amounts_cannot_be_read_round_the_corner(self):
        values = self._as(self.own, self.env["customer.value"])
        theirs = self._as(self.own, self._value(self.theirs))
        for name in AMOUNTS:
            with self.assertRaises(AccessError):
                theirs.read([name])
            with self.assertRaises(AccessError):
                values.search([(name, ">", 50)])
            with self.assertRaises(AccessError):
                values.search([], order=f"{name} desc")
            with self.assertRaises(AccessError):
                values._read_group([], [], [f"{name}:sum"])
            with self.assertRaises(AccessError):
                self._as(self.own, self.env["res.partner"]).search(
                    [(f"customer_value_id.{name}", ">", 50)]
                )

    def test_internal_users_see_nothing_on_partners(self):
        partner = self._as(self.internal, self.mine)
        partner.read(["name"])
        for name in self.env["customer.value.mixin"]._customer_value_shown_fields():
            self.assertNotIn(name, partner.fields_get())
            with self.assertRaises(AccessError):
                partner.read([name])
        # Values that exist, not only empty ones: the ORM tries a refused search as superuser again.
        for user in (self.internal, self.portal):
            partners = self._as(user, self.env["res.partner"])
            for domain in (
                [("value_class", "=", "a")], [("value_class", "=", False)], [("value_index", ">", 1)],
                [("rfm_segment", "!=", "lost")], [("last_purchase_date", ">", "2000-01-01")],
                [("customer_value_id", "!=", False)], [("parent_id.value_class", "=", "a")],
                [("child_ids.customer_value_id.value_index", ">", 1)],
            ):
                with self.assertRaises(AccessError, msg=domain):
                    partners.search(domain)
        with self.assertRaises(AccessError):
            partner._read_group([], ["value_class"])
        view = self._as(self.internal, self.env["res.partner"]).get_view(view_type="form")
        self.assertNotIn("customer_value_id", view["arch"])

    def test_policy_run_history_and_marks(self):
        for user in (self.own, self.everything, self.internal):
            for model in ("customer.value.run", "customer.value.policy"):
                with self.assertRaises(AccessError):
                    self._as(user, self.env[model]).search([])
            with self.assertRaises(AccessError):
                self._as(user, self.env["customer.value.run"]).action_recompute()
            with self.assertRaises(AccessError):
                self._as(user, self.policy).action_activate()
        with self.assertRaises(AccessError):
            self._as(self.manager, self.env["customer.value.mark"]).search([])
        run = self._as(self.manager, self.env["customer.value.run"]).search([], limit=1)
        with self.assertRaises(AccessError):
            run.write({"error": "forged"})
        for values in ({"state": "draft"}, {"version": 99}):
            with self.assertRaises(AccessError):
                self._as(self.manager, self.policy).write(values)
        with self.assertRaises(AccessError):
            self._as(self.manager, self.policy).create({"state": "active"})
        draft = self._as(self.manager, self.policy).copy()
        draft.window_days = 100
        draft.action_activate()
        self.assertEqual((draft.state, self.policy.state), ("active", "retired"))
        run = self._as(self.manager, self.env["customer.value.run"]).action_recompute()
        self.assertEqual(
            self.env["customer.value.run"].browse(run["res_id"]).company_id, self.company
        )

    def test_imported_purchases(self):
        self.env["customer.purchase.history"].create([
            {"company_id": company.id, "partner_id": partner.id, "date": self._day(3), "amount": 5.0}
            for partner, company in (
                (self.mine, self.company), (self.theirs, self.company), (self.mine, self.other),
            )
        ])
        history = self.env["customer.purchase.history"]
        self.assertEqual(self._as(self.own, history).search([]).partner_id, self.mine)
        self.assertEqual(len(self._as(self.own, history).search([])), 1)
        self.assertEqual(len(self._as(self.everything, history).search([])), 2)
        with self.assertRaises(AccessError):
            self._as(self.everything, history).create(
                {"partner_id": self.mine.id, "date": self._day(3), "amount": 5.0}
            )
        with self.assertRaises(AccessError):
            self._as(self.internal, history).search([])

    def test_amounts_of_imported_purchases_are_the_salespersons(self):
        """What nobody ordered here belongs to whom its record rule shows it."""
        partners = self._partner("Theirs only", user_id=self.everything.id) | self._partner("Nobody's only")
        self.env["customer.purchase.history"].create([
            {"company_id": self.company.id, "partner_id": partner.id, "date": self._day(3), "amount": 5.0}
            for partner in partners
        ])
        self._recompute()
        theirs, nobodys = (self._as(self.own, self._value(partner)) for partner in partners)
        self.assertEqual((theirs.amounts_visible, theirs.shown_revenue_total), (False, 0.0))
        self.assertEqual((nobodys.amounts_visible, nobodys.shown_revenue_total), (True, 5.0))

    def test_salesperson_work_marks_customers(self):
        """A salesperson without any right on marks confirms an order, and the mark is there."""
        order = self._order(self.mine, 1, 10.0, state="draft", user_id=self.own.id)
        self.env.cr.precommit.run()
        self.env["customer.value.mark"].search([]).unlink()
        self._as(self.own, order).action_confirm()
        self.env.cr.precommit.run()
        self.assertEqual(
            self.env["customer.value.mark"].search([]).mapped("partner_id"), self.mine.ids
        )

    def test_no_public_entry_to_a_recompute(self):
        """What starts work for everybody is private, so no client can call it."""
        for model, name in (
            ("customer.value.run", "_recompute"), ("customer.value.run", "_enqueue"),
            ("customer.value.run", "_cron_work"), ("customer.value.run", "_cron_nightly"),
            ("customer.value.mark", "_take"), ("customer.value.policy", "_get_active"),
            ("customer.purchase.import", "_import_file"),
        ):
            with self.assertRaises(AccessError, msg=name):
                get_public_method(self.env[model], name)
        self.assertTrue(get_public_method(self.env["customer.value.run"], "action_recompute"))
