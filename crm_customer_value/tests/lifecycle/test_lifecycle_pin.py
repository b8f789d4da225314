from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged

from ..lifecycle_case import LifecycleCase


@tagged("post_install", "-at_install")
class TestLifecyclePin(LifecycleCase):
    """Somebody who knows better puts a customer into a stage: who may, for how long, and what is noted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._go_by_rhythm()

        def user(login, groups):
            return new_test_user(
                cls.env, login, groups=groups, company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )

        cls.own = user("pin_own", "sales_team.group_sale_salesman")
        cls.everything = user("pin_all", "sales_team.group_sale_salesman_all_leads")
        cls.internal = user("pin_internal", "base.group_user")
        days = (180, 150, 120, 90, 60)
        cls.mine = cls._buyer("Mine", days, user_id=cls.own.id)
        cls.theirs = cls._buyer("Theirs", days, user_id=cls.everything.id)
        cls.nobodys = cls._buyer("Nobody's", days)
        cls._recompute(as_of=cls._day(1))

    def _as(self, user, partner):
        value = self._value(partner)
        return value.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _pin(self, partner, code="core", reason="Signed for next year", until=None, user=None):
        self._as(user or self.everything, partner)._pin_stage(self.stages[code], reason, until)
        return self._value(partner)

    def test_pinned_stays_and_is_recorded(self):
        value = self._pin(self.mine, "lost", "  Closed down ", self.today)
        self.assertEqual(
            (value.stage_pinned, value.pin_reason, value.pin_until, value.pin_user_id, value.stage_since),
            (True, "Closed down", self.today, self.everything, self.today),
        )
        move = self.transitions.search([("partner_id", "=", self.mine.id)])
        self.assertEqual(
            (move.from_stage_id, move.to_stage_id, move.reason, move.note, move.user_id, move.date),
            (self.stages["core"], self.stages["lost"], "manual", "Closed down", self.everything, self.today),
        )
        for _night in range(2):
            self._recompute()
            self.assertEqual(self._stage(self.mine), "lost")
        self.assertEqual(self._stage(self.nobodys), "at_risk")
        self.assertEqual(self.transitions.search([("partner_id", "=", self.mine.id)]), move)

    def test_pin_where_one_is_already(self):
        """No move, so nothing is recorded, and the stage keeps its date."""
        since = self._value(self.mine).stage_since
        value = self._pin(self.mine, "core")
        self.assertEqual((value.stage_pinned, value.stage_since, self._moves(self.mine)), (True, since, []))
        self._recompute()
        self.assertEqual(self._stage(self.mine), "core")

    def test_expiry(self):
        """The last day of a pin counts; on the next one the rule moves the customer, and the pin is gone."""
        value = self._pin(self.mine, "core", until=self.today)
        value.pin_until = self._day(1)
        self._recompute(as_of=self._day(1))
        self.assertTrue(value.stage_pinned)
        self._recompute()
        self.assertEqual(self._stage(self.mine), "at_risk")
        self.assertEqual(
            (value.stage_pinned, value.pin_reason, value.pin_until, value.pin_user_id.id),
            (False, False, False, False),
        )
        self.assertEqual(self._moves(self.mine), [(0, "core", "at_risk")])
        self.assertEqual(self._recompute().changed, 0)

    def test_expiry_into_the_same_stage(self):
        """The pin ends and the rule agrees: no move."""
        value = self._pin(self.mine, "at_risk", until=self.today)
        value.pin_until = self._day(1)
        self._recompute()
        self.assertEqual((self._stage(self.mine), value.stage_pinned), ("at_risk", False))
        self.assertEqual(self._moves(self.mine), [(0, "core", "at_risk")])

    def test_unpin(self):
        """The rule decides again, as soon as the marked customer is recomputed."""
        value = self._pin(self.mine)
        self._as(self.own, self.mine).action_unpin_stage()
        self.assertFalse(value.stage_pinned)
        self.env.cr.precommit.run()
        marks = self.env["customer.value.mark"].search([("partner_id", "=", self.mine.id)])
        self.assertEqual(marks.company_id, self.company.id)
        self._recompute(partners=self.mine)
        self.assertEqual(self._stage(self.mine), "at_risk")

    def test_bad_pins(self):
        for reason in ("", "   ", None):
            with self.assertRaises(UserError, msg=reason):
                self._pin(self.mine, reason=reason)
        with self.assertRaises(UserError):
            self._pin(self.mine, until=self.today - timedelta(days=1))
        foreign = self.env["customer.lifecycle.stage"].create({
            "name": "Elsewhere", "company_id": self._make_company("Pin Elsewhere").id,
        })
        archived = self.env["customer.lifecycle.stage"].create({"name": "Old", "active": False})
        for stage in (foreign, archived):
            with self.assertRaises(UserError):
                self._value(self.mine)._pin_stage(stage, "Because")
        self.assertFalse(self._value(self.mine).stage_pinned)

    def test_who_may(self):
        """Salespeople: their own customers and nobody's; all documents: everybody's; others: nobody's."""
        for partner in (self.mine, self.nobodys):
            self.assertTrue(self._as(self.own, partner).stage_decidable)
            self._pin(partner, user=self.own)
        self.assertFalse(self._as(self.own, self.theirs).stage_decidable)
        with self.assertRaises(AccessError):
            self._pin(self.theirs, user=self.own)
        self._pin(self.theirs, user=self.everything)
        with self.assertRaises(AccessError):
            self._as(self.own, self.theirs).action_unpin_stage()
        with self.assertRaises(AccessError):
            (self._as(self.own, self.mine) | self._as(self.own, self.theirs)).action_pin_stage()
        for method in ("action_unpin_stage", "action_pin_stage"):
            with self.assertRaises(AccessError):
                getattr(self._as(self.internal, self.mine), method)()
        for values in ({"stage_pinned": False}, {"lifecycle_stage_id": self.stages["core"].id}):
            with self.assertRaises(AccessError):
                self._as(self.everything, self.mine).write(values)

    def test_pin_outlasts_a_look_back_before_the_first_purchase(self):
        """A month end is computed late: a customer who is new since is not there then, but the pin is."""
        fresh = self._buyer("Fresh", (5,))
        self._recompute()
        row = self._pin(fresh)
        self._recompute(as_of=self._day(20))
        self.assertEqual(self._value(fresh).revenue_total, 0)
        self._recompute()
        value = self._value(fresh)
        self.assertEqual((value.id, value.stage_pinned, value.pin_reason), (row.id, True, "Signed for next year"))
        self.assertEqual(value.revenue_total, 100)
        self.assertEqual([move[2] for move in self._moves(fresh)], ["new", "core"])

    def test_open_dialog_is_ones_own(self):
        wizard = self.env["customer.value.pin"].with_user(self.everything).create({
            "value_ids": [(6, 0, self._value(self.theirs).ids)], "stage_id": self.stages["core"].id,
            "reason": "Theirs",
        })
        with self.assertRaises(AccessError):
            wizard.with_user(self.own).reason = "Mine"

    def test_other_company_is_closed(self):
        other = self._make_company("Pin Closed")
        self._order(self.mine, 5, 10.0, company=other)
        self._recompute(other)
        value = self._value(self.mine, other).with_user(self.everything).with_context(
            allowed_company_ids=self.company.ids
        )
        with self.assertRaises(AccessError):
            value._pin_stage(self.stages["core"], "Because")

    def test_no_private_method_by_rpc(self):
        value, stage_change = self.env["customer.value"], self.transitions
        for records, name in (
            (value, "_pin_stage"), (value, "_unpin_stage"), (value, "_note_pin"),
            (stage_change, "_work_off_entries"), (stage_change, "_start_entry"),
            (self.env["customer.lifecycle.stage"], "_for_company"),
            (self.env["customer.value.run"], "_holds"),
        ):
            with self.assertRaises(AccessError, msg=name):
                get_public_method(records, name)
        self.assertTrue(get_public_method(value, "action_unpin_stage"))

    def test_stage_changes_are_read_only(self):
        self._pin(self.mine, "lost")
        for user in (self.own, self.everything):
            moves = self.transitions.with_user(user).with_context(allowed_company_ids=self.company.ids)
            move = moves.search([("partner_id", "=", self.mine.id)])
            self.assertEqual(move.note, "Signed for next year")
            for change in (
                lambda move=move: move.write({"note": "Forged"}),
                lambda move=move: move.unlink(),
                lambda move=move: move.copy(),
            ):
                with self.assertRaises(AccessError):
                    change()
        move = self.transitions.with_user(self.own).search([("partner_id", "=", self.mine.id)])
        with self.assertRaises(AccessError):
            move.read(["revenue_12m"])
        with self.assertRaises(AccessError):
            self.transitions.with_user(self.internal).search([])
        stages = self.env["customer.lifecycle.stage"]
        self.assertTrue(stages.with_user(self.own).search([]))
        with self.assertRaises(AccessError):
            stages.with_user(self.everything).create({"name": "Mine"})

    def test_wizard(self):
        """Opened by the button or from a list: the same rights, the same pin."""
        values = self._as(self.own, self.mine) | self._as(self.own, self.nobodys)
        action = values.action_pin_stage()
        wizard = values.env["customer.value.pin"].with_context(**action["context"]).create({
            "stage_id": self.stages["won_back"].id, "reason": "Met at the fair", "until": self._day(-30),
        })
        self.assertEqual(wizard.value_ids, values)
        wizard.action_pin()
        self.assertEqual([self._stage(self.mine), self._stage(self.nobodys)], ["won_back", "won_back"])
        self.assertEqual(self._value(self.mine).pin_until, self._day(-30))
        listed = values.env["customer.value.pin"].with_context(
            active_model="customer.value", active_ids=self._value(self.theirs).ids
        ).create({"stage_id": self.stages["lost"].id, "reason": "Not mine"})
        with self.assertRaises(AccessError):
            listed.action_pin()
