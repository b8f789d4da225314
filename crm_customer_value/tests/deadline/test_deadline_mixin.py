"""Deadlines of something else than a complaint: visits, a model that exists in these tests only."""

from pathlib import Path

from odoo import fields, models
from odoo.fields import Command
from odoo.tests import tagged

from ...models.deadline.customer_deadline_mixin import WorkingTimes
from ..models_case import ModelsCase
from .complaint_clock_case import MORNING, ComplaintClockCase

ADDON = Path(__file__).parents[2]
KINDS = [("acknowledge", "Acknowledge"), ("resolve", "Resolve")]


class VisitStage(models.Model):
    _module = None
    _name = _description = "test.visit.stage"

    state = fields.Char()
    clock_stops = fields.Boolean()


class VisitRule(models.Model):
    _module = None
    _name = _description = "test.visit.rule"

    acknowledge_hours = fields.Float()
    resolve_hours = fields.Float()
    soon_share = fields.Float(default=25)
    calendar_id = fields.Many2one("resource.calendar")
    level_ids = fields.One2many("test.visit.level", "rule_id")


class VisitLevel(models.Model):
    _module = None
    _name = _description = "test.visit.level"

    rule_id = fields.Many2one("test.visit.rule")
    level = fields.Integer(default=1)
    deadline = fields.Selection(KINDS, default="resolve")
    hours = fields.Float()

    def _get_told_users(self, visit):
        return visit.user_id

    def _get_taker(self, visit):
        return visit.user_id.browse()


class VisitEscalation(models.Model):
    _module = None
    _name = _description = "test.visit.escalation"

    visit_id = fields.Many2one("test.visit")
    round = fields.Integer()
    level = fields.Integer()
    level_id = fields.Many2one("test.visit.level", "By")
    deadline_kind = fields.Selection(KINDS)
    due = fields.Datetime()
    user_ids = fields.Many2many("res.users", string="Told")
    user_id = fields.Many2one("res.users")


class Visit(models.Model):
    _module = None
    _name = _description = "test.visit"
    _inherit = ["customer.deadline.mixin"]
    _open_states = ("open",)
    _clock_begins = "asked"
    _response_ends = {"acknowledge_hours": "agreed", "close_hours": "over"}
    _clock_chosen_by = frozenset(("urgent",))

    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    user_id = fields.Many2one("res.users")
    stage_id = fields.Many2one("test.visit.stage")
    state = fields.Char(related="stage_id.state", store=True)
    urgent = fields.Boolean()
    asked = fields.Datetime(default=fields.Datetime.now)
    agreed = fields.Datetime()
    over = fields.Datetime()
    sla_id = fields.Many2one("test.visit.rule")
    escalation_ids = fields.One2many("test.visit.escalation", "visit_id")

    def _match_deadline_rules(self):
        rules = self.env["test.visit.rule"].search([("resolve_hours", ">", 0)], order="resolve_hours")
        return {visit: rules[:1] if visit.urgent else rules[-1:] for visit in self}

    def _set_stage_dates(self, previous):
        now, times = fields.Datetime.now(), WorkingTimes()
        for visit in self.filtered(lambda visit: visit.state == "over"):
            visit.write({"over": now} | visit._prepare_response({"over": now}, now, times))


@tagged("post_install", "-at_install")
class TestDeadlineMixin(ModelsCase, ComplaintClockCase):
    """Four hours to agree on a visit, sixteen to make it. Worked from 8 to 12 and 13 to 17; local times of Vienna."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_models(VisitStage, VisitRule, VisitLevel, VisitEscalation, Visit)
        cls.env["test.visit.rule"].create([
            {"acknowledge_hours": 4, "resolve_hours": 16, "level_ids": [Command.create({"hours": -4})]},
            {"acknowledge_hours": 1, "resolve_hours": 8},
        ])
        cls.open, cls.hold, cls.over = cls.env["test.visit.stage"].create([
            {"state": "open"}, {"state": "open", "clock_stops": True}, {"state": "over"},
        ])

    def _visit(self, at, **values):
        with self._at(at):
            return self.env["test.visit"].create({
                "company_id": self.company.id, "user_id": self.leader.id, "stage_id": self.open.id, **values,
            })

    def test_promised(self):
        visit = self._visit("2026-01-05 09:00")
        self._check_clock(visit, "in_time", "2026-01-05 14:00")
        self.assertLocal(visit.resolve_deadline, "2026-01-07 09:00")
        urgent = self._visit("2026-01-05 09:00", urgent=True)
        self.assertLocal(urgent.resolve_deadline, "2026-01-06 09:00")
        with self._at("2026-01-05 10:00"):
            visit.urgent = True
        self.assertLocal(visit.resolve_deadline, "2026-01-06 09:00")
        with self._at("2026-01-05 10:00"):
            visit.asked = urgent.asked.replace(hour=9)  # 10:00 in Vienna
        self.assertLocal(visit.resolve_deadline, "2026-01-06 10:00")

    def test_on_hold_and_over(self):
        """Two hours on Monday, three on Wednesday."""
        visit = self._visit("2026-01-05 09:00")
        self._move(visit, self.hold, "2026-01-05 11:00")
        self._check_clock(visit, "stopped")
        with self._at("2026-01-06 11:00"):
            # The promise to agree has two hours left.
            self.assertHours(visit.hours_left, 2)
        self._move(visit, self.open, "2026-01-07 08:00")
        self._check_clock(visit, "in_time", "2026-01-07 10:00")
        self._move(visit, self.over, "2026-01-07 11:00")
        self.assertEqual(visit.deadline_state, "done")
        self.assertTrue(visit.acknowledge_missed)
        self.assertHours(visit.close_hours, 5)
        self.assertEqual((visit.acknowledge_hours, visit.answer_hours), (False, False))

    def test_escalated(self):
        """Four hours before Wednesday 9:00; what the other model has due is left alone."""
        visit, complaint = self._visit("2026-01-05 09:00"), self._complaint("2026-01-05 09:00")
        with self._at("2026-01-06 13:59:59"):
            self.env["test.visit"]._process_due_clocks()
            self.assertFalse(visit.escalation_ids)
        with self._at("2026-01-06 14:00"):
            self.env["test.visit"]._process_due_clocks()
        self.assertEqual(visit.escalation_ids.user_ids, self.leader)
        self.assertEqual(visit.escalation_level, 1)
        self.assertIn("level 1", visit.message_ids[0].body)
        self.assertFalse(complaint.escalation_ids)

    def test_hours_change(self):
        """Ten of sixteen hours are used; from Tuesday 10:00 there are mornings only."""
        visit = self._visit("2026-01-05 08:00")
        with self._at("2026-01-06 10:00"):
            self.calendar.write({"attendance_ids": [Command.clear(), *self._attendances([MORNING], range(5))]})
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.assertLocal(visit.resolve_deadline, "2026-01-07 12:00")
            self.company.resource_calendar_id = self._calendar("Again the Whole Day")
            self.assertLocal(visit.resolve_deadline, "2026-01-06 17:00")

    def test_found_by_time_left(self):
        late, early = self._visit("2026-01-05 08:00"), self._visit("2026-01-05 10:00")
        with self._at("2026-01-05 11:00"):
            found = self.env["test.visit"].search([("hours_left", "<=", 1), ("id", "in", (late | early).ids)])
        self.assertEqual(found, late)

    def test_knows_no_complaint(self):
        for folder in ("models", "engine"):
            for file in (ADDON / folder / "deadline").glob("*.py"):
                self.assertNotIn("complaint", file.read_text().lower(), file.name)

    def test_holidays_of_each_company(self):
        """Two companies share a calendar; a holiday of one leaves the clocks of the other alone."""
        shared = self._calendar("Shared", company_id=False)
        other = self.env["res.company"].create({"name": "Other Company", "resource_calendar_id": shared.id})
        self.env.user.company_ids |= other
        self.company.resource_calendar_id = shared
        # Odoo gives both of them to a company by itself.
        shared.company_id = False
        self._holiday("2026-01-06", "2026-01-06", self.env["resource.calendar"]).company_id = other
        mine, theirs = self._visit("2026-01-05 09:00"), self._visit("2026-01-05 09:00", company_id=other.id)
        for visits in (mine | theirs, theirs | mine):
            with self._at("2026-01-05 09:00"):
                visits._sync_clocks()
            self.assertLocal(mine.resolve_deadline, "2026-01-07 09:00")
            self.assertLocal(theirs.resolve_deadline, "2026-01-08 09:00")
