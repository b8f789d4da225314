import re

from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..portal_case import PortalCase

OURS = "odoo.addons.crm_customer_value"


@tagged("post_install", "-at_install")
class TestPortalMethods(PortalCase):
    """Odoo runs pages on OPTIONS too, without the token that protects forms."""

    def _own_rules(self):
        """Return [(path, routing)] of all pages that a controller of ours defines or extends."""
        http = self.env["ir.http"]
        rules = []
        for path, endpoint in http._generate_routing_rules(
            sorted(self.env.registry._init_modules), converters=http._get_converters()
        ):
            function = endpoint.func
            if any(
                parent.__module__.startswith(OURS) and function.__name__ in vars(parent)
                for parent in type(function.__self__).__mro__
            ):
                rules.append((path, endpoint.routing))
        return rules

    @mute_logger("odoo.http")
    def test_every_route(self):
        """Each answers OPTIONS with a refusal, and HEAD only where it answers GET."""
        rules = self._own_rules()
        paths = {path for path, __ in rules}
        self.assertLessEqual(
            {"/my/complaints/<int:complaint_id>/confirm", "/complaints/new", "/my/suggestions/new", "/my/service",
             "/mail/message/post", "/mail/attachment/upload"}, paths,
        )
        self._login(self.anna)
        answers_get = {
            path for path, routing in rules if "GET" in map(str.upper, routing.get("methods") or ("GET",))
        }
        for rule, routing in rules:
            path = rule.replace("<int:complaint_id>", str(self.mine.id)).replace("<int:page>", "1")
            path = path.replace("<int:width>x<int:height>", "50x50")
            path = re.sub("<string:[a-z_]+>", "x", path)
            path = re.sub("<int:[a-z_]+>", "1", path)
            self.assertNotIn("<", path)
            response = self.url_open(path, method="OPTIONS", data={"support": "1"})
            # Calls of programs are refused before for being none.
            self.assertIn(response.status_code, (405,) if routing["type"] == "http" else (400, 405, 415), path)
            if routing["type"] == "http" and rule not in answers_get:
                self.assertEqual(self.url_open(path, method="HEAD").status_code, 405, path)

    @mute_logger("odoo.http")
    def test_nothing_is_done_without_the_token(self):
        """A page somewhere else can make a browser send these: no vote, no confirmation, no reopening, no file."""
        suggestion = self.env["customer.suggestion"].create({
            "name": "Brighter", "partner_id": self.bob.partner_id.id, "company_id": self.company.id,
            "is_public": True, "description": "<p>Brighter, please</p>",
        })
        suggestion.stage_id = self.env["customer.suggestion.stage"].search([("state", "=", "review")], limit=1)
        self.mine.write({"severity": "low", "stage_id": self._stage("answered").id})
        self._login(self.anna)
        files = self.env["ir.attachment"].search_count([])
        complaints = self.env["customer.complaint"].search_count([])
        for method in ("OPTIONS", "HEAD"):
            for path, data in (
                (f"/my/suggestions/{suggestion.id}/support", {"support": "1"}),
                (f"/my/complaints/{self.mine.id}/confirm", {}),
                (f"/my/complaints/{self.mine.id}/reopen", {"reason": "forged"}),
                ("/my/complaints/new", {"text": "forged"}),
            ):
                self.url_open(path, method=method, data=data)
            self.url_open(
                "/mail/attachment/upload", method=method, files={"ufile": ("forged.txt", b"forged")},
                data={"thread_model": "customer.complaint", "thread_id": self.mine.id},
            )
        self.env.invalidate_all()
        self.assertFalse(suggestion.support_ids)
        self.assertEqual((self.mine.state, self.mine.customer_confirmed), ("answered", False))
        self.assertEqual(self.env["customer.complaint"].search_count([]), complaints)
        self.assertEqual(self.env["ir.attachment"].search_count([]), files)
        token = Request.csrf_token(self)
        self.url_open(f"/my/suggestions/{suggestion.id}/support", data={"support": "1", "csrf_token": token})
        self.env.invalidate_all()
        self.assertEqual(suggestion.support_ids.partner_id, self.anna.partner_id)
