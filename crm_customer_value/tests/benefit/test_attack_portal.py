from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .benefit_portal_case import BenefitPortalCase


@tagged("post_install", "-at_install")
class TestAttackPortal(BenefitPortalCase):
    """A customer with an account tries what the pages of needs and figures do not offer."""

    def setUp(self):
        super().setUp()
        self._login(self.anna)

    def test_archived_types(self):
        """What we gave up is not offered, and taken by no form."""
        old = self.env["customer.need.type"].create({"name": "Fax in every room", "dimension": "functional"})
        self.env.flush_all()
        self.assertIn("Fax in every room", self._page("/my/benefit/needs/new"))
        old.active = False
        self.env.flush_all()
        self.assertNotIn("Fax in every room", self._page("/my/benefit/needs/new"))
        html = self._send("/my/benefit/needs/new", type_id=str(old.id), words="Fax!", importance="5")
        self.assertIn("Please choose from the list.", html)
        self.assertFalse(self.env["customer.need"].search([("words", "=", "Fax!")]))

    def test_somebody_hears_what_is_wrong(self):
        """Where a customer has no salesperson, a manager is asked, and never one who left, or the system itself."""
        record = self._record(2, 20.0, partner_id=self.bob.partner_id.id, goal_id=False, baseline=40.0)
        new_manager = new_test_user(
            self.env, "line_new_manager", groups="crm_customer_value.group_service_manager",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )
        self.env.ref("base.user_root").write({
            "company_ids": [Command.link(self.company.id)],
            "group_ids": [Command.link(self.env.ref("crm_customer_value.group_service_manager").id)],
        })
        self.manager.active = False
        self.env.flush_all()
        self._login(self.bob)
        self._send(f"/my/benefit/figures/{record.id}/contest", words="We counted thirty")
        self.assertEqual((record.state, record.activity_ids.user_id), ("contested", new_manager))

    def test_back_leads_to_pages_of_figures_only(self):
        """A link that somebody sends does not make a button of ours sign people out."""
        url = f"/my/benefit/figures/{self.record.id}/contest"
        for back, expected in (
            (f"/my/benefit/metrics/{self.faults.id}", True),
            (f"/my/benefit/metrics/{self.faults.id}/page/2", True),
            ("/my/benefit/metrics/../../../web/session/logout", False),
            ("/my/benefit/metrics/%2e%2e/%2e%2e/%2e%2e/web/session/logout", False),
            (f"/my/benefit/metrics/{self.faults.id}?redirect=//evil.example", False),
            ("/my/benefit/metrics/1\n/web/session/logout", False),
        ):
            with self.subTest(back=back):
                response = self.url_open(url, params={"back": back})
                self.assertEqual(f'href="{back}"' in response.text, expected)
                self.assertNotIn("session/logout\"", response.text.split("<main", 1)[1].split("</main", 1)[0])
