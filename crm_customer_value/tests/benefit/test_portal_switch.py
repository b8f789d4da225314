from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .benefit_portal_case import BenefitPortalCase


@tagged("post_install", "-at_install")
class TestBenefitPortalSwitch(BenefitPortalCase):
    """Who sees the pages at all."""

    def _is_shown(self, user=None):
        self.env.flush_all()
        self._login(user or self.anna)
        home = self._page("/my")
        with mute_logger("odoo.http"):
            status = {
                self.url_open(url).status_code
                for url in (
                    "/my/benefit", "/my/benefit/pdf", "/my/benefit/goals/new", "/my/benefit/needs/new",
                    f"/my/benefit/metrics/{self.faults.id}", f"/my/benefit/needs/{self.need.id}",
                    f"/my/benefit/goals/{self.goal.id}/figure", f"/my/benefit/figures/{self.record.id}/contest",
                )
            }
            status.add(self.url_open(
                f"/my/benefit/figures/{self.record.id}/confirm",
                data={"csrf_token": self._hidden(self._page("/my/security"), "csrf_token")},
            ).status_code)
        self.assertEqual(len(status), 1)
        shown = status == {200}
        self.assertEqual('href="/my/benefit"' in home, shown)
        self.assertEqual("benefit_asked_count" in home, shown)
        self.assertIn(status, ({200}, {404}))
        return shown

    def test_choice_of_company_and_customer(self):
        self.assertTrue(self._is_shown())
        self.mill.benefit_portal = "no"
        self.assertFalse(self._is_shown())
        self.company.benefit_portal = False
        self.mill.benefit_portal = "yes"
        self.assertTrue(self._is_shown())
        self.mill.benefit_portal = False
        self.assertFalse(self._is_shown())

    def test_choice_of_a_contact_is_that_of_the_company(self):
        self.anna.partner_id.benefit_portal = "no"
        self.assertTrue(self._is_shown())

    def test_employees(self):
        """What an employee said here would be said by a customer."""
        self.seller.partner_id.parent_id = self.mill
        self.assertFalse(self._is_shown(self.seller))

    def test_count(self):
        self._login(self.anna)
        for count in (1, 0):
            answer = self.make_jsonrpc_request("/my/counters", {"counters": ["benefit_asked_count"]})
            self.assertEqual(answer, {"benefit_asked_count": count})
            self.record._confirm(self.anna.partner_id)
            self.env.flush_all()
        self.company.benefit_portal = False
        self.env.flush_all()
        answer = self.make_jsonrpc_request("/my/counters", {"counters": ["benefit_asked_count"]})
        self.assertEqual(answer, {"benefit_asked_count": 0})

    def test_settings(self):
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        self.assertTrue(settings.benefit_portal)
        settings.benefit_portal = False
        settings.execute()
        self.assertFalse(self.company.benefit_portal)

    def test_form_of_the_contact(self):
        with Form(self.env["res.partner"].browse(self.mill.id)) as form:
            form.benefit_portal = "no"
        self.assertEqual(self.mill.benefit_portal, "no")
