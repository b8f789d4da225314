"""Which rule a complaint follows. Local times of Vienna."""

from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.deadline import customer_deadline_mixin
from .complaint_clock_case import ComplaintClockCase


@tagged("post_install", "-at_install")
class TestComplaintRules(ComplaintClockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule()

    def test_first_matching_rule(self):
        value = self.env["customer.value"].sudo().create({
            "partner_id": self.partner.id, "company_id": self.company.id, "value_class": "a",
        })
        category = self.env["customer.complaint.category"].create({"name": "Top"})
        below = category.create({"name": "Below", "parent_id": category.id})
        other_team = self._team("Other Team")
        self.rule.sequence = 99
        by_team = self._rule("team", 1, 1, sequence=1, team_id=other_team.id)
        by_category = self._rule("category", 1, 1, sequence=2, category_id=category.id)
        strict = self._rule("critical a", 1, 1, sequence=3, severity="critical", value_class="a")
        none = self._rule("no customer", 1, 1, sequence=4, value_class="none")
        for values, rule in [
            ({}, self.rule),
            ({"severity": "critical"}, strict),
            ({"severity": "critical", "category_id": below.id}, by_category),
            ({"category_id": category.id}, by_category),
            ({"team_id": other_team.id, "category_id": category.id}, by_team),
            ({"partner_id": False}, none),
        ]:
            with self.subTest(**values):
                self.assertEqual(self._complaint("2026-01-05 09:00", **values).sla_id, rule)
        value.value_class = False
        self.assertEqual(self._complaint("2026-01-05 09:00").sla_id, none)
        # A value of another company says nothing.
        value.value_class = "a"
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        values = self.env["customer.value"].sudo()
        values.create({"partner_id": self.partner.id, "company_id": elsewhere.id, "value_class": "c"})
        self.assertEqual(self._complaint("2026-01-05 09:00", severity="critical").sla_id, strict)

    def test_rules_of_each_company(self):
        """Also where complaints of two companies are matched at once."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self._rule("theirs", sequence=1, company_id=elsewhere.id)
        here = self._complaint("2026-01-05 09:00")
        there = self._complaint("2026-01-05 09:00", company_id=elsewhere.id, team_id=False)
        rules = self.env["customer.complaint.sla"].sudo()._match_complaints((here | there).sudo())
        self.assertEqual(rules, {here: self.rule, there: theirs})

    def test_another_rule(self):
        """More severe: another rule, from the beginning; the time used counts."""
        severe = self._rule("severe", 1, 8, sequence=1, severity="critical")
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.acknowledged, "2026-01-05 09:30")
        with self._at("2026-01-05 11:00"):
            complaint.severity = "critical"
        self.assertEqual(complaint.sla_id, severe)
        # Eight hours from Monday 9:00.
        self._check_clock(complaint, "in_time", "2026-01-06 09:00")
        with self._at("2026-01-06 10:00"):
            complaint.severity = "medium"
        self.assertEqual(complaint.sla_id, self.rule)
        # It was missed by the rule it had.
        self._check_clock(complaint, "in_time", "2026-01-07 09:00", missed=True)
        # After a stop, too: two hours used, one of eight is left on Thursday.
        stopped = self._complaint("2026-01-05 10:00")
        self._move(stopped, self.acknowledged, "2026-01-05 10:30")
        self._move(stopped, self.waiting, "2026-01-05 12:00")
        with self._at("2026-01-05 12:10"):
            stopped.severity = "critical"
        self.assertHours(stopped.hours_left, 6)
        self._move(stopped, self.investigating, "2026-01-08 16:00")
        self._check_clock(stopped, "in_time", "2026-01-09 14:00")

    def test_rule_changed(self):
        """Changed hours count for new complaints, for open ones when somebody says so."""
        complaint, stopped = self._complaint("2026-01-05 09:00"), self._complaint("2026-01-05 09:00")
        closed = self._complaint("2026-01-05 09:00")
        for each in (complaint, stopped, closed):
            self._move(each, self.acknowledged, "2026-01-05 10:00")
        self._move(stopped, self.waiting, "2026-01-05 11:00")
        self._move(closed, self.closed, "2026-01-05 11:00")
        deadline = closed.resolve_deadline
        with self._at("2026-01-05 12:00"):
            self.rule.resolve_hours = 8
            complaint._sync_clocks()
            self._check_clock(complaint, "in_time", "2026-01-07 09:00")
            self.rule.action_apply_to_open()
        self._check_clock(complaint, "in_time", "2026-01-06 09:00")
        self.assertHours(stopped.hours_left, 6)
        self.assertEqual(closed.resolve_deadline, deadline)
        self.assertEqual(closed.promised_resolve_hours, 16)

    def test_applied_by_the_scheduled_action(self):
        """Those that are too many to be renewed at once follow the same rules, not archived ones."""
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.acknowledged, "2026-01-05 10:00")
        self._rule("archived", 1, 1, sequence=1, active=False)
        self.rule.resolve_hours = 8
        with self._at("2026-01-05 12:00"), patch.object(customer_deadline_mixin, "AT_ONCE", 0):
            self.rule.action_apply_to_open()
        self._check_clock(complaint, "in_time", "2026-01-07 09:00")
        self._run("2026-01-05 12:01")
        self.assertEqual(complaint.sla_id, self.rule)
        self._check_clock(complaint, "in_time", "2026-01-06 09:00")

    def test_rule_archived_or_deleted(self):
        complaint = self._complaint("2026-01-05 09:00")
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.rule.unlink()
        self.rule.active = False
        self._move(complaint, self.acknowledged, "2026-01-05 10:00")
        self._check_clock(complaint, "in_time", "2026-01-07 09:00")
        self.assertEqual(self._complaint("2026-01-05 09:00").deadline_state, "none")
        self._rule("unused").unlink()

    def test_no_rule(self):
        self.rule.active = False
        complaint = self._complaint("2026-01-05 09:00")
        self._check_clock(complaint, "none")
        self.assertIn("No deadline rule matches", complaint.deadline_note)
        self._move(complaint, self.waiting, "2026-01-05 11:00")
        self._move(complaint, self.investigating, "2026-01-06 08:00")
        self._check_clock(complaint, "none")
        # A rule found later counts the two hours that were used.
        self.rule.active = True
        with self._at("2026-01-06 08:00"):
            complaint.severity = "high"
        self._check_clock(complaint, "in_time", "2026-01-07 15:00")
        self.rule.active = False
        closed = self._complaint("2026-01-05 09:00")
        self._move(closed, self.closed, "2026-01-05 11:00")
        self._check_clock(closed, "none")

    def test_levels_are_three(self):
        level = {"deadline": "resolve", "hours": 1}
        with self.assertRaisesRegex(ValidationError, "at most three"):
            self._rule("four levels", levels=[level] * 4)
        rule = self._rule("three levels", levels=[level] * 3)
        self.assertEqual(rule.level_ids.mapped("level"), [1, 2, 3])
        with self.assertRaises(ValidationError):
            rule.level_ids.create({"sla_id": rule.id, **level})
        rule.level_ids[0].unlink()
        self.assertEqual(rule.level_ids.mapped("level"), [1, 2])
        with self.assertRaisesRegex(ValidationError, "must notify somebody"):
            self._rule("nobody", levels=[{"tell_leader": False, "user_ids": [Command.clear()]}])

    def test_no_longer_promised(self):
        """A rule without hours to resolve takes back a promise that was not due yet, and no other."""
        self._rule("acknowledge only", 2, 0, sequence=1, severity="high")
        complaint = self._complaint("2026-01-05 09:00")
        late = self._complaint("2026-01-02 09:00")
        self._move(late, self.acknowledged, "2026-01-02 09:30")
        with self._at("2026-01-07 10:00"):
            late.severity = "high"
        self.assertLocal(late.resolve_deadline, "2026-01-06 09:00")
        self.assertTrue(late.resolve_missed)
        with self._at("2026-01-05 10:00"):
            complaint.severity = "high"
        self.assertFalse(complaint.resolve_deadline)
        self.assertLocal(complaint.acknowledge_deadline, "2026-01-05 11:00")
        self._move(complaint, self.acknowledged, "2026-01-05 10:30")
        self._move(complaint, self.answered, "2026-02-05 10:30")
        self.assertFalse(complaint.is_missed)

    def test_changed_while_answered(self):
        """Opened again, it follows the rule for what it has become: at least a quarter of eight hours."""
        severe = self._rule("severe", 1, 8, sequence=1, severity="critical")
        complaint, same = self._complaint("2026-01-05 09:00"), self._complaint("2026-01-05 09:00")
        for each in (complaint, same):
            self._move(each, self.acknowledged, "2026-01-05 10:00")
            self._move(each, self.answered, "2026-01-05 16:00")
        with self._at("2026-01-06 08:00"):
            complaint.severity = "critical"
            same.severity = "low"
        self.assertEqual((complaint.sla_id, complaint.deadline_state), (self.rule, "done"))
        self.rule.resolve_hours = 20
        for each in (complaint, same):
            self._move(each, self.investigating, "2026-01-07 08:00")
        self.assertEqual((complaint.sla_id, same.sla_id), (severe, self.rule))
        # Six hours were used of eight.
        self._check_clock(complaint, "soon", "2026-01-07 10:00")
        # The same rule: the sixteen hours it was promised.
        self._check_clock(same, "in_time", "2026-01-08 10:00")
