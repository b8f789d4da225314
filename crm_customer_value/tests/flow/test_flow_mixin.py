"""Something else than a complaint goes from team to team: errands, a model that exists in these tests only."""

from datetime import datetime

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from ..models_case import ModelsCase
from .service_case import ServiceCase


class Errand(models.Model):
    _module = None
    _name = _description = "test.errand"
    _inherit = ["customer.flow.mixin"]
    _open_states = ("handling",)

    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    partner_id = fields.Many2one("res.partner")
    team_id = fields.Many2one("customer.complaint.team")
    user_id = fields.Many2one("res.users")
    stage_id = fields.Many2one("customer.complaint.stage")
    state = fields.Selection(related="stage_id.state", store=True)


@tagged("post_install", "-at_install")
class TestFlowMixin(ModelsCase, ServiceCase):
    """Sales works Monday to Friday from 8 to 12 and 13 to 17; its step has eight hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_models(Errand)
        cls.customer.service_flow_id = cls.flow

    @classmethod
    def _errand(cls, at="2026-11-23 08:00:00", **values):
        with freeze_time(at):
            return cls.env["test.errand"].create({
                "company_id": cls.company.id, "partner_id": cls.contact.id, "stage_id": cls.handling.id, **values,
            })

    def test_handed_over(self):
        errand = self._errand()
        self.assertEqual((errand.step_id, errand.team_id), (self.first, self.sales))
        self.assertEqual(errand.step_deadline, datetime(2026, 11, 23, 17))
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60)
        with freeze_time("2026-11-23 17:00:00"):
            self.env["test.errand"]._cron_hand_over()
        self.assertEqual((errand.step_id, errand.team_id), (self.second, self.technical))
        self.assertIn("The working time of “First” is up.", html2plaintext(self._notes(errand)[0].body))
        self.assertFalse(self._told(errand), "it has no words for customers")

    def test_stage_on_hold(self):
        errand = self._errand()
        with freeze_time("2026-11-23 10:00:00"):
            errand.stage_id = self.waiting
        self.assertEqual((errand.step_deadline, errand.step_hours_left), (False, 6.0))

    def test_first_team_of_the_company(self):
        self.customer.service_flow_id = False
        self.assertEqual(self._errand().team_id, self.sales)

    def test_leader_stands_in(self):
        errand = self._errand(user_id=self.member.id)
        self.member.active = False
        self.assertEqual(errand.user_id, self.leader)

    def test_step_in_use(self):
        self._errand()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.first.unlink()
