from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .snapshot_case import MovedCase


@tagged("post_install", "-at_install")
class TestSnapshotKeeping(MovedCase):
    """How long month ends are kept, what a merge does to them, and who may see them."""

    # ---- how long ----

    def test_retention(self):
        self.policy.snapshot_months = 2
        self.assertEqual(self.policy.state, "active", "no new version is needed")
        older = self.before - relativedelta(months=1, day=31)
        for day in (older, self.before, self.end):
            self._recompute(as_of=day)
        other = self._make_company("Keeps Two Years")
        self._order(self.steady, older, 1.0, company=other)
        self._recompute(other, as_of=older)
        self.env["customer.value.snapshot"]._gc_snapshots()
        self.assertEqual(set(self._table("date")), {(self.before,), (self.end,)})
        self.assertTrue(self._kept(older, other))
        for months in (0, 241):
            with self.assertRaisesRegex(ValidationError, "Enter 1 to 240 months"):
                self.policy.snapshot_months = months

    def test_retention_works_in_bounded_steps(self):
        self._take_both()
        self.policy.snapshot_months = 1
        with patch("odoo.addons.crm_customer_value.models.story.customer_value_snapshot.GC_UNLINK_LIMIT", 3):
            steps = [self.env["customer.value.snapshot"]._gc_snapshots() for _step in range(2)]
        self.assertEqual(steps, [(3, True), (1, False)])
        self.assertEqual(set(self._table("date")), {(self.end,)})

    def test_settings(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.customer_value_snapshot_months, 24)
        settings.customer_value_snapshot_months = 6
        settings.set_values()
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company), self.policy)
        self.assertEqual(self.policy.snapshot_months, 6)
        self.assertEqual(self.policy.copy().snapshot_months, 6)

    # ---- what happens to partners ----

    def test_merge(self):
        """Who stays keeps their months, and gets those that only the other has."""
        self._take_both()
        kept = self._kept(self.before)["Steady"]
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.steady | self.fresh | self.rising).ids, self.steady, extra_checks=False
        )
        self.assertFalse((self.fresh | self.rising).exists())
        found = self.snapshots.search([("partner_id", "=", self.steady.id)])
        self.assertEqual(found.mapped("date"), [self.end, self.before])
        self.assertEqual(found[1], kept)
        self.assertEqual(found[0].value_class, "b", "the month of who stays, not of who goes")

    def test_merge_gives_months_that_only_the_other_has(self):
        self._take_both()
        moved = self._kept(self.before)["Rising"]
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.fresh | self.rising).ids, self.fresh, extra_checks=False
        )
        self.snapshots.invalidate_model()
        self.assertEqual(self.snapshots.search([("partner_id", "=", self.fresh.id)]).mapped("date"),
                         [self.end, self.before])
        self.assertEqual((moved.partner_id, moved.value_class), (self.fresh, "c"))

    def test_deleted_partner(self):
        self._take_both()
        self.env["sale.order"].search([("partner_id", "=", self.fresh.id)])._action_cancel()
        self.env["sale.order"].search([("partner_id", "=", self.fresh.id)]).unlink()
        self.fresh.unlink()
        self.assertNotIn("Fresh", self._kept())

    # ---- who may see them ----

    def _user(self, login, groups, companies=None):
        companies = companies or self.company
        return new_test_user(
            self.env, login, groups=groups, company_id=companies[0].id, company_ids=[(6, 0, companies.ids)]
        )

    def test_rights(self):
        other = self._make_company("Snapshots Elsewhere")
        self._order(self.steady, self.end, 1.0, company=other)
        self._recompute(other, as_of=self.end)
        self._take_both()
        for groups in ("sales_team.group_sale_salesman", "sales_team.group_sale_manager"):
            user = self._user(f"reads_{groups[-7:]}", groups)
            found = self.snapshots.with_user(user).with_context(allowed_company_ids=self.company.ids).search([])
            self.assertEqual(found.company_id, self.company)
            self.assertEqual(len(found), 8)
            with self.assertRaises(AccessError):
                found[0].value_index = 100
            with self.assertRaises(AccessError):
                found[0].unlink()
            with self.assertRaises(AccessError):
                self.snapshots.with_user(user).browse(self._kept(companies=other)["Steady"].id).read(["value_index"])
        with self.assertRaises(AccessError):
            self.snapshots.with_user(self._user("reads_nothing", "base.group_user")).search([])

    def test_amounts_are_those_of_ones_own_customers(self):
        seller = self._user("snapshot_seller", "sales_team.group_sale_salesman")
        boss = self._user("snapshot_boss", "sales_team.group_sale_salesman_all_leads")
        orders = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        orders.user_id = seller
        orders.filtered(lambda order: order.partner_id == self.steady).user_id = boss
        self._take_both()
        mine, theirs = self._kept()["Rising"].with_user(seller), self._kept()["Steady"].with_user(seller)
        self.assertEqual((mine.amounts_visible, mine.shown_revenue_12m), (True, 1010))
        self.assertEqual((theirs.amounts_visible, theirs.shown_revenue_12m), (False, 0))
        self.assertEqual(theirs.with_user(boss).shown_revenue_12m, 100)
        for name in ("revenue_12m", "margin_12m", "clv_12m"):
            with self.assertRaises(AccessError):
                theirs.read([name])
            with self.assertRaises(AccessError):
                self.snapshots.with_user(seller).search([(name, ">", 50)])
            with self.assertRaises(AccessError):
                self.snapshots.with_user(seller)._read_group([], [], [f"{name}:sum"])

    def test_screens(self):
        """The filters of the migration find what they say, and the pivot crosses two months."""
        self._take_both()
        arch = self.snapshots.get_view(view_type="search")["arch"]
        for name, customers in (("risen", "Rising"), ("newly_in", "Fresh"), ("dropped_out", "Leaving")):
            self.assertIn(f'name="{name}"', arch)
            movement = {"newly_in": "in", "dropped_out": "out"}.get(name, name)
            found = self.snapshots.search([
                ("company_id", "=", self.company.id), ("class_movement", "=", movement)
            ])
            self.assertEqual(found.partner_id.name, customers)
        groups = self.snapshots._read_group(
            [("company_id", "=", self.company.id), ("date", "=", self.end)],
            ["previous_class", "value_class"], ["__count"],
        )
        self.assertEqual(
            set(groups), {("a", False, 1), ("b", "b", 1), ("c", "a", 1), (False, "c", 1)},
        )
        self.assertEqual(self._kept()["Rising"].action_open_partner()["res_id"], self.rising.id)
