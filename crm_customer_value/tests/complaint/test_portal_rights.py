import datetime
import json
import xmlrpc.client

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import stored_values
from ..portal_case import PortalCase

FORBIDDEN = (
    "severity", "user_id", "team_id", "stage_id", "root_cause", "corrective_action", "compensation",
    "remedy", "is_missed", "deadline_state", "escalation_level", "handling_hours", "email_from", "phone",
    "amount_at_stake", "shown_amount_at_stake", "customer_value_id", "value_index", "value_class",
    "lifecycle_stage_id", "message_follower_ids", "message_ids", "message_partner_ids", "activity_ids",
    "rating_ids", "rating_avg", "email_cc", "duration_tracking", "create_uid", "write_uid", "merged_into_id",
    "reopen_count", "effort_score", "portal_key",
)

# What to search for, by the type of the field; numbers and records are 1.
VALUES = {
    "char": "a", "text": "a", "html": "a", "selection": "high", "boolean": True, "json": "a",
    "datetime": "2026-01-01 00:00:00",
}


@tagged("post_install", "-at_install")
class TestPortalRights(PortalCase):
    """What a customer reaches of complaints, asked by programs."""

    def _as(self, user, record=None):
        record = self.env["customer.complaint"] if record is None else record
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def test_family_only(self):
        """Each sees the complaints of the own commercial family: no sister, no stranger, no unknown sender."""
        for user, expected in (
            (self.anna, self.mine | self.colleagues),
            (self.alex, self.mine | self.colleagues),
            (self.sam, self.sisters),
            (self.bob, self.foreign),
            (self.paula, self.privates),
        ):
            self.assertEqual(self._as(user).search([]).sudo(), expected.sorted("id", reverse=True), user.login)
        for foreign in self.sisters | self.foreign | self.privates | self.unassigned:
            with self.assertRaises(AccessError):
                self._as(self.anna, foreign).read(["name"])

    def test_queue_says_nothing_of_money(self):
        """Customers have theirs by age, the newest first, whatever is at stake."""
        both = self.mine | self.colleagues
        for amounts in ((1.0, 2.0), (2.0, 1.0)):
            for complaint, amount in zip(both, amounts, strict=True):
                complaint.amount_at_stake = amount
            self.assertEqual(self._as(self.anna).search([]).ids, both.ids[::-1])

    def test_companies_apart(self):
        """Customers of one company do not see their complaints to another one."""
        other = self.env["res.company"].create({"name": "Portal Other Company"})
        there = self._complaint(
            self.anna.partner_id, "To the other company", company_id=other.id, team_id=False, user_id=False
        )
        olga = self._portal(
            "portal_olga", self._partner("Olga Alpha", parent_id=self.alpha.id), company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertNotIn(there, self._as(self.anna).search([]).sudo())
        self.assertEqual(self._as(olga).search([]).sudo(), there)
        with self.assertRaises(AccessError):
            self._as(olga, self.mine).read(["name"])

    @mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule")
    def test_fields_by_whitelist(self):
        """A field that is not named does not exist: read, search, path, sort, group, sum, export."""
        self._login(self.anna)
        name = "customer.complaint"
        readable = self.env[name]._portal_readable_fields()
        for field in FORBIDDEN:
            self.assertNotIn(field, readable)
            if field not in self.env[name]._fields:
                continue
            self._refused(self._call(name, "read", self.mine.ids, [field]), field)
            self._refused(self._call(name, "web_read", self.mine.ids, specification={field: {}}), field)
            self._refused(self._call(name, "search_read", [], [field]), field)
            value = VALUES.get(self.env[name]._fields[field].type, 1)
            self._refused(self._call(name, "search_count", [[field, "=", value]]), field)
            self._refused(self._call(name, "search", [], order=f"{field} desc"), field)
            self._refused(self._call(name, "formatted_read_group", [], [field], ["__count"]), field)
            self._refused(self._call(name, "web_read_group", [], [field], ["__count"]), field)
            self._refused(self._call(name, "formatted_read_group", [], [], [f"{field}:max"]), field)
            self._refused(self._call(name, "export_data", self.mine.ids, [field]), field)
        for path in ("stage_id.name", "user_id.login", "partner_id.value_index", "team_id.leader_id.name",
                     "message_ids.body", "commercial_partner_id.customer_value_id.clv_12m",
                     "message_partner_ids.name"):
            self._refused(self._call(name, "search", [[path, "ilike", "a"]]), path)
            self._refused(self._call(name, "read", self.mine.ids, [path]), path)
        answer = self._call(name, "fields_get")
        self.assertLessEqual(set(answer["result"]), readable)
        answer = self._call(name, "read", self.mine.ids)
        self.assertLessEqual(set(answer["result"][0]), readable)
        answer = self._call(name, "read", self.mine.ids, sorted(readable))
        self.assertEqual(answer["result"][0]["handler_name"], self.employee.name)
        self.assertNotIn("inner cause", json.dumps(answer))

    @mute_logger("odoo.http")
    def test_value_is_not_on_the_partner(self):
        """The customer's own contact says nothing of what the customer is worth."""
        self._login(self.anna)
        for field in ("customer_value_id", "value_index", "value_class", "lifecycle_stage_id", "rfm_segment"):
            for model, record in (("res.partner", self.alpha), ("sale.order", self.order)):
                if field not in self.env[model]._fields:
                    continue
                self._refused(self._call(model, "read", record.ids, [field]), field)
                self._refused(self._call(model, "search", [[field, "!=", False]]), field)
                self._refused(self._call(model, "search", [], order=field), field)
        for model in ("customer.value", "customer.value.snapshot", "customer.complaint.stage",
                      "customer.complaint.team", "customer.voice.flood", "mail.followers", "mail.activity"):
            self._refused(self._call(model, "search_read", [], ["id"]), model)

    def test_promises_only_when_told(self):
        """A compensation thought of inside is no promise yet."""
        mine = self._as(self.anna, self.mine)
        self.mine.remedy = "refund"
        self.assertEqual((mine.told_compensation, mine.told_remedy), (0.0, False))
        self.mine.stage_id = self._stage("answered")
        mine.invalidate_recordset()
        self.assertEqual((mine.told_compensation, mine.told_remedy), (77.0, "refund"))
        self.assertTrue(mine.waits_for_customer)
        self.assertEqual(self._as(self.anna).search([("waits_for_customer", "=", True)]), mine)
        self.assertEqual(self._as(self.anna).search([("waits_for_customer", "=", False)]).sudo(), self.colleagues)

    @mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_nothing_is_written_by_programs(self):
        """No write, creation, copy or button, with one's own or somebody else's complaint."""
        self._login(self.anna)
        name = "customer.complaint"
        complaints = self.mine | self.foreign
        before = stored_values(complaints)
        values = {"user_id": False, "stage_id": self._stage("closed").id, "compensation": 1e6, "name": "Mine"}
        for ids in (self.mine.ids, self.foreign.ids):
            self._refused(self._call(name, "write", ids, values))
            self._refused(self._call(name, "write", ids, {"name": "Other"}))
            self._refused(self._call(name, "web_save", ids, {"name": "Other"}, specification={"name": {}}))
            self._refused(self._call(name, "unlink", ids))
            self._refused(self._call(name, "copy", ids))
            self._refused(self._call(name, "message_subscribe", ids, partner_ids=self.bob.partner_id.ids))
            self._refused(self._call(name, "onchange", ids, {"partner_id": self.beta.id}, ["partner_id"], {
                "partner_id": {"fields": {"display_name": {}}},
            }))
            for method in dir(type(self.env[name])):
                if method.startswith("action_"):
                    # Some only open a window, which customers cannot use; the record is compared below.
                    self._call(name, method, ids)
        self._refused(self._call(name, "create", {"name": "New", "partner_id": self.anna.partner_id.id}))
        self._refused(self._call(name, "name_create", "New"))
        self._refused(self._call(name, "onchange", [], {"partner_id": self.beta.id}, [], {
            "partner_id": {"fields": {"display_name": {}}}, "commercial_partner_id": {},
        }))
        complaints.invalidate_recordset()
        for old, new in zip(before, stored_values(complaints), strict=True):
            self.assertEqual({name for name in old if old[name] != new[name]}, set())

    def _xmlrpc(self, user, model, method, *args, **kwargs):
        return self.xmlrpc_object.execute_kw(self.env.cr.dbname, user.id, user.login, model, method, args, kwargs)

    # Odoo 19 calls XML-RPC deprecated each time it is used, and serves it all the same.
    @mute_logger(
        "odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.rpc.controllers.xmlrpc",
    )
    def test_xmlrpc(self):
        name = "customer.complaint"
        self.assertEqual(
            set(self._xmlrpc(self.anna, name, "search", [])), set((self.mine | self.colleagues).ids)
        )
        for args in (
            ("read", self.foreign.ids, ["name"]),
            ("read", self.mine.ids, ["severity"]),
            ("read", self.mine.ids, ["amount_at_stake"]),
            ("search", [["root_cause", "ilike", "inner"]]),
            ("write", self.mine.ids, {"name": "Other"}),
            ("create", {"name": "Other"}),
        ):
            with self.assertRaises(xmlrpc.client.Fault, msg=args):
                self._xmlrpc(self.anna, name, *args)

    @mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule")
    def test_json2(self):
        """The same with an API key of a portal user."""
        expiration = datetime.datetime.now() + datetime.timedelta(days=0.5)
        key = self.env["res.users.apikeys"].with_user(self.anna).sudo()._generate("rpc", "portal test", expiration)

        def call(method, **params):
            return self.url_open(
                f"/json/2/customer.complaint/{method}", data=json.dumps(params),
                headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            )

        answer = call("search_read", domain=[], fields=["name"])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual({line["id"] for line in answer.json()}, set((self.mine | self.colleagues).ids))
        for method, params in (
            ("read", {"ids": self.foreign.ids, "fields": ["name"]}),
            ("read", {"ids": self.mine.ids, "fields": ["severity"]}),
            ("read", {"ids": self.mine.ids, "fields": ["amount_at_stake"]}),
            ("search", {"domain": [["amount_at_stake", ">", 0]]}),
            ("search", {"domain": [], "order": "amount_at_stake desc"}),
            ("formatted_read_group", {"domain": [], "groupby": ["user_id"], "aggregates": ["__count"]}),
            ("write", {"ids": self.mine.ids, "vals": {"name": "Other"}}),
            ("create", {"vals_list": [{"name": "Other"}]}),
            ("_close", {"ids": self.mine.ids}),
            ("_send_by_customer", {"values": {}, "text": "x"}),
        ):
            self.assertGreaterEqual(call(method, **params).status_code, 400, (method, params))
        self.assertEqual(self.mine.name, "Lamp is broken")

    def test_internal_user_without_service(self):
        clerk = new_test_user(self.env, "portal_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._as(clerk).search([])
