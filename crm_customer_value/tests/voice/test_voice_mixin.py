"""Customers tell something else than complaints: needs, a model that exists in these tests only."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models_case import ModelsCase

KEY = "6f1d3c1e-8a34-4c55-9d0e-0c8b1f5d2a11"
MAIL = """From: Nora <nora@need.example>
To: needs@need.example
Message-Id: <%(subject)s@need.example>
Subject: %(subject)s
Content-Type: text/plain; charset=utf-8

Please
"""


class Need(models.Model):
    _module = None
    _name = _description = "test.need"
    _inherit = ["customer.voice.mixin"]
    _portal_path = "/my/needs"

    state = fields.Selection([("new", "New"), ("done", "Done")], default="new")
    urgency = fields.Char()
    reply = fields.Char()
    merged_into_id = fields.Many2one("test.need")

    def _writable_fields(self):
        return super()._writable_fields() | {"urgency"}

    def _portal_readable_fields(self):
        return super()._portal_readable_fields() | {"reply"}

    def _check_merge(self, target):
        if target.state == "done":
            raise UserError("Too late")
        return super()._check_merge(target)

    def _merge_checked(self, target):
        self.sudo().merged_into_id = target
        return super()._merge_checked(target)

    def _filter_mail_routes(self, message, message_dict, routes):
        return [] if message_dict["subject"] == "unwanted" else super()._filter_mail_routes(
            message, message_dict, routes
        )


@tagged("post_install", "-at_install")
class TestVoiceMixin(ModelsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_models(Need)
        # What a model defines beside its fields belongs to an addon; this one has none.
        cls.env.cr.execute("CREATE UNIQUE INDEX ON test_need (portal_key)")
        cls.nora = cls.env["res.partner"].create({"name": "Nora", "email": "nora@need.example"})
        cls.customer = new_test_user(cls.env, "need_customer", groups="base.group_portal", partner_id=cls.nora.id)
        cls.agent = new_test_user(cls.env, "need_agent", groups="crm_customer_value.group_service_all")
        cls.clerk = new_test_user(cls.env, "need_clerk", groups="base.group_user")
        model = cls.env["ir.model"]._get_id("test.need")
        cls.env["ir.model.access"].create([
            {"name": "need customer", "model_id": model, "group_id": cls.env.ref("base.group_portal").id,
             "perm_read": True, "perm_write": True},
            {"name": "need agent", "model_id": model, "perm_read": True, "perm_write": True, "perm_create": True,
             "group_id": cls.env.ref("crm_customer_value.group_service_all").id},
        ])
        cls.env["ir.sequence"].create({
            "name": "Needs", "code": "test.need", "prefix": "N", "padding": 3, "implementation": "no_gap",
        })
        cls.need = cls.env["test.need"].create({
            "name": "Quiet room", "partner_id": cls.nora.id, "urgency": "high", "reply": "Soon",
        })

    def test_number_and_page(self):
        other = self.env["test.need"].create({"name": "Bigger font"})
        self.assertEqual((self.need.number, other.number), ("N001", "N002"))
        self.assertEqual(self.need.display_name, "N001 Quiet room")
        self.assertEqual(self.need.access_url, f"/my/needs/{self.need.id}")
        self.assertEqual(self.need.commercial_partner_id, self.nora)

    @mute_logger("odoo.orm.models", "odoo.models")
    def test_what_customers_read(self):
        """What the model names, and no other field, whichever way they ask; they write nothing."""
        need = self.need.with_user(self.customer)
        self.assertEqual(need.read(["name", "reply"])[0]["reply"], "Soon")
        self.assertEqual(need.search([("reply", "=", "Soon")], order="reply, number"), need)
        for attempt in (
            lambda: need.read(["urgency"]),
            lambda: need.search([("urgency", "=", "high")]),
            lambda: need.search([], order="urgency"),
            lambda: need._read_group([], ["urgency"]),
            lambda: need.read(["user_id"]),
            lambda: need.write({"reply": "Now"}),
            lambda: need.write({"name": "Now"}),
            need.action_view_merged,
        ):
            with self.assertRaises(AccessError):
                attempt()

    @mute_logger("odoo.orm.models", "odoo.models")
    def test_what_people_write(self):
        need = self.need.with_user(self.agent)
        need.write({"name": "Silent room", "urgency": "low", "user_id": self.agent.id})
        for name, value in (("number", "N999"), ("reply", "Now"), ("merged_into_id", need.id), ("portal_key", KEY)):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                need.write({name: value})
        self.assertEqual((self.need.number, self.need.reply), ("N001", "Soon"))

    def test_conversation_is_a_customers(self):
        """Links, followers and messages are protected as those of complaints, without a line for this model."""
        self.need.message_subscribe(self.clerk.partner_id.ids)
        domain = [("res_model", "=", "test.need"), ("res_id", "=", self.need.id)]
        followers = self.env["mail.followers"]
        self.assertTrue(followers.with_user(self.agent).search(domain))
        self.assertFalse(followers.with_user(self.clerk).search(domain))
        self.assertIn("access_token=", self.need.get_portal_url())
        self.assertTrue(self.need.access_token)
        with self.assertRaises(AccessError):
            self.need.with_user(self.agent).read(["access_token"])
        note = self.need._message_log(body="giraffe")
        self.assertFalse(self.env["mail.message"].with_user(self.customer).search([("id", "=", note.id)]))

    def test_form_sent_twice(self):
        needs = self.env["test.need"]
        self.assertFalse(needs._find_sent(KEY))
        need = needs._send_once({"name": "Ramp"}, KEY)
        self.assertFalse(needs._send_once({"name": "Ramp"}, KEY))
        self.assertEqual(needs._find_sent(KEY), need)
        self.assertFalse(needs.with_user(self.agent)._find_sent(KEY), "somebody else's form")
        self.assertFalse(needs._find_sent(None))

    @mute_logger("odoo.orm.models", "odoo.models")
    def test_merge(self):
        target, done = self.env["test.need"].create([{"name": "No noise"}, {"name": "Done", "state": "done"}])
        with self.assertRaisesRegex(UserError, "Too late"):
            self.need._merge_into(done)
        with self.assertRaises(AccessError):
            self.need.with_user(self.clerk)._merge_into(target.with_user(self.clerk))
        self.assertFalse(self.need.merged_into_id)
        self.need.with_user(self.agent)._merge_into(target.with_user(self.agent))
        self.need.active = False
        self.assertEqual((self.need.merged_into_id, target.merged_count, done.merged_count), (target, 1, 0))
        action = target.with_user(self.agent).action_view_merged()
        self.assertEqual(self.env["test.need"].with_context(**action["context"]).search(action["domain"]), self.need)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_mails(self):
        """The model is asked which of its e-mails to take, and a line break in a name is taken out."""
        gateway, needs = self.env["mail.thread"], self.env["test.need"]
        self.assertFalse(gateway.message_process("test.need", MAIL % {"subject": "unwanted"}))
        self.assertFalse(needs.search([("name", "=", "unwanted")]))
        number = gateway.message_process("test.need", MAIL % {"subject": "wanted"})
        self.assertEqual(needs.browse(number).name, "wanted")
        broken = MAIL % {"subject": "broken"}
        number = gateway.message_process("test.need", broken.replace("utf-8", "x-no-such-charset"))
        self.assertEqual(needs.browse(number).name, "broken")
        with self.assertRaises(AccessError):
            gateway.with_user(self.clerk).message_process("test.need", MAIL % {"subject": "forged"})
