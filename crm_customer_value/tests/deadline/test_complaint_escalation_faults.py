"""Two runs at once, and a run that dies: really, on connections of their own."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api, fields
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.deadline import customer_deadline_mixin_escalation


@tagged("post_install", "-at_install")
class TestComplaintEscalationFaults(TransactionCase):
    def setUp(self):
        super().setUp()
        env = self._real_env()
        team = env["customer.complaint.team"].create({
            "name": "Team of two runs",
            "leader_id": env.ref("base.user_admin").id,
        })
        rule = env["customer.complaint.sla"].create({
            "name": "Rule of two runs", "sequence": -1, "team_id": team.id, "resolve_hours": 1,
            "company_id": team.company_id.id,
            "level_ids": [fields.Command.create({"deadline": "resolve", "hours": hours}) for hours in (0, 1)],
        })
        complaints = env["customer.complaint"].create([
            {
                "name": f"Complaint {number} of two runs", "description": "It broke.", "team_id": team.id,
                # Whole weeks apart, so that working hours put their deadlines apart on any day of the week.
                "date_received": fields.Datetime.now() - timedelta(weeks=4 + number),
            }
            for number in range(4)
        ])
        self.assertEqual(complaints.sla_id, rule)
        self.team, self.rule, self.complaints = team.id, rule.id, complaints.ids
        env.cr.commit()
        self.addCleanup(self._tidy)

    def _real_env(self):
        cr = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {})

    def _tidy(self):
        env = self._real_env()
        env["customer.complaint"].browse(self.complaints).unlink()
        env["customer.complaint.sla"].browse(self.rule).unlink()
        env["customer.complaint.team"].browse(self.team).unlink()
        env.cr.commit()

    def _reached(self, env):
        env.cr.execute(
            "SELECT complaint_id, level FROM customer_complaint_escalation WHERE complaint_id = ANY(%s) ORDER BY id",
            [self.complaints],
        )
        return env.cr.fetchall()

    def test_two_at_once(self):
        """What one run has locked another one leaves alone, and finds done afterwards."""
        one, two = self._real_env(), self._real_env()
        one["customer.complaint"]._process_due_clocks()
        two["customer.complaint"]._process_due_clocks()
        self.assertEqual(len(self._reached(one)), 8)
        self.assertEqual(self._reached(two), [])
        one.cr.commit()
        two.cr.rollback()
        two["customer.complaint"]._process_due_clocks()
        self.assertEqual(len(self._reached(two)), 8)
        # The same level cannot be reached twice, whoever tries.
        escalation = two["customer.complaint"].browse(self.complaints[0]).escalation_ids[0]
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            escalation.copy()

    def test_killed_in_the_middle(self):
        """A run that dies keeps what it committed; the next one goes on there."""
        env = self._real_env()
        complaints = type(env["customer.complaint"])
        post, calls = complaints._post_escalation, []

        def dying(complaint, *arguments):
            calls.append(complaint)
            if len(calls) == 4:
                victim = complaint.env.cr.connection.get_backend_pid()
                with db_connect(complaint.env.cr.dbname).cursor() as killer:
                    killer.execute("SELECT PG_TERMINATE_BACKEND(%s, 5000)", (victim,))
            return post(complaint, *arguments)

        with (
            patch.object(customer_deadline_mixin_escalation, "BATCH", 1),
            patch.object(complaints, "_post_escalation", dying),
            mute_logger("odoo.sql_db", customer_deadline_mixin_escalation.__name__),
            self.assertRaises(psycopg2.Error),
        ):
            env["customer.complaint"]._cron_escalate()
        env = self._real_env()
        # The oldest was due first.
        self.assertEqual(self._reached(env), [(self.complaints[3], 1), (self.complaints[3], 2)])
        env["customer.complaint"]._cron_escalate()
        self.assertEqual(
            self._reached(env), [(complaint, level) for complaint in reversed(self.complaints) for level in (1, 2)]
        )
