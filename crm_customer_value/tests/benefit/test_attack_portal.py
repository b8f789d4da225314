from odoo.tests import tagged

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
