from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..contact_know_case import KnowCase

# What employees outside sales and service may read of this addon.
OPEN_MODELS = {
    "customer.contact.channel", "customer.contact.log", "customer.contact.note", "customer.need",
    "customer.need.answer", "customer.need.change", "customer.need.type", "customer.suggestion",
    "customer.suggestion.area", "customer.suggestion.stage", "customer.suggestion.support",
}
# Words that only fields about money or the value of a customer have in their names.
CLOSED_WORDS = ("revenue", "margin", "amount", "worth", "value", "lifecycle", "churn", "at_risk", "clv", "cost")


@tagged("post_install", "-at_install")
class TestEmployee(KnowCase):
    """Employees outside sales and service who meet customers."""

    def _as(self, model):
        return self.env[model].with_user(self.employee).with_company(self.company)

    def test_what_they_reach(self):
        """These models of the addon, and no field of them or of contacts that tells of values or money."""
        ours = {
            name for name, model in self.registry.items()
            if model._original_module == "crm_customer_value" and not model._abstract and not model._transient
        }
        self.assertEqual({name for name in ours if self._as(name).has_access("read")}, OPEN_MODELS)
        told = []
        for name in (*OPEN_MODELS, "res.partner"):
            records = self._as(name)
            for field in records._fields.values():
                if "crm_customer_value" not in field._modules or not records._has_field_access(field, "read"):
                    continue
                if field.type == "monetary" or any(word in field.name for word in CLOSED_WORDS):
                    told.append(f"{name}.{field.name}")
        self.assertEqual(told, [])

    def test_they_note_a_need(self):
        action = self.baker.with_user(self.employee).action_new_need()
        form = Form(
            self._as("customer.need").with_context(**action["context"]),
            view=self.env.ref("crm_customer_value.customer_need_view_form_note"),
        )
        form.type_id = self.env["customer.need.type"].create({"name": "Know calm", "dimension": "emotional"})
        need = form.save()
        self.assertEqual((need.partner_id, need.user_id), (self.baker, self.employee))
        # The form shows it, and all that belongs to it.
        form = Form(need, view=self.env.ref("crm_customer_value.customer_need_view_form"))
        self.assertEqual(len(form.change_ids), 1)
        with self.assertRaises(AccessError):
            need.state = "met"
        self.assertEqual(self.bakery.with_user(self.employee).need_count, 1)
        foreign = self.env["customer.need"].create({
            "partner_id": self.bakery.id, "type_id": need.type_id.id, "company_id": self.company.id,
        })
        self.assertEqual(self._as("customer.need").search([("id", "in", (need | foreign).ids)]), need)
        self.assertEqual(self.bakery.with_user(self.seller).need_count, 2)

    def test_they_note_a_suggestion(self):
        form = Form(self._as("customer.suggestion"))
        form.name = "Earlier deliveries"
        form.partner_id = self.baker
        suggestion = form.save()
        Form(suggestion)
        stage = self.env["customer.suggestion.stage"].search([], limit=2)[1]
        with self.assertRaises(AccessError):
            suggestion.stage_id = stage
        foreign = self.env["customer.suggestion"].create({
            "name": "Cheaper", "partner_id": self.baker.id, "company_id": self.company.id,
        })
        both = suggestion | foreign
        self.assertEqual(self._as("customer.suggestion").search([("id", "in", both.ids)]), suggestion)
        self.assertEqual(self.env["customer.suggestion"].with_user(self.agent).search([("id", "in", both.ids)]), both)

    def test_they_decide_nothing(self):
        """Neither afterwards nor while they note it: a suggestion that is implemented tells the customer at once."""
        done = self.env["customer.suggestion.stage"].search([("state", "=", "implemented")], limit=1)
        values = {"name": "Cheaper", "partner_id": self.baker.id, "company_id": self.company.id}
        for decided in ({"stage_id": done.id}, {"is_public": True}):
            with self.assertRaisesRegex(AccessError, "decide about it"), self.env.cr.savepoint():
                self._as("customer.suggestion").create({**values, **decided})
            suggestion = self.env["customer.suggestion"].with_user(self.agent).create({**values, **decided})
            self.assertTrue(suggestion)
        kind = self.env["customer.need.type"].create({"name": "Know calm", "dimension": "emotional"})
        values = {"type_id": kind.id, "partner_id": self.baker.id, "company_id": self.company.id}
        for state in ("partly", "met", "not_for_us"):
            with self.assertRaisesRegex(AccessError, "decide whether it is met"), self.env.cr.savepoint():
                self._as("customer.need").create({**values, "state": state})
            with self.assertRaisesRegex(AccessError, "decide whether it is met"), self.env.cr.savepoint():
                self._as("customer.need").with_context(default_state=state).create(values)
        self.env["customer.need"].with_user(self.seller).create({**values, "state": "met"})

    def test_they_log_a_contact(self):
        log = self._as("customer.contact.log").create({
            "partner_id": self.baker.id, "company_id": self.company.id, "summary": "New oven", "direction": "out",
            "channel_id": self.env["customer.contact.channel"]._of("visit").id,
        })
        log.summary = "Two new ovens"
        foreign = self.env["customer.contact.log"].create({
            "partner_id": self.baker.id, "company_id": self.company.id, "summary": "Old oven", "direction": "out",
            "channel_id": log.channel_id.id, "user_id": self.seller.id,
        })
        found = self._as("customer.contact.log").search([("partner_id", "=", self.baker.id)])
        self.assertEqual(found, log)
        for user, expected in ((self.employee, log), (self.seller, log | foreign)):
            # As for every request, nothing is known yet: what is in the cache is read without any question.
            self.env.invalidate_all()
            self.assertEqual(self.baker.with_user(user).contact_log_ids, expected)

    def test_they_log_a_contact_by_the_dialog(self):
        """Their own, with whom they may read, and nobody's but in their own name."""
        action = self._as("customer.contact.log").action_log_new()
        wizards = self._as("customer.contact.wizard").with_context(**action["context"])
        form = Form(wizards)
        form.partner_ids.add(self.baker)
        form.summary = "A new oven"
        form.next_step = "Call about the oven"
        form.next_user_id = self.seller
        form.save().action_log()
        log = self._as("customer.contact.log").search([("partner_id", "=", self.baker.id)])
        self.assertEqual((log.summary, log.user_id), ("A new oven", self.employee))
        call = self.env["mail.activity"].search([("res_model", "=", "res.partner"), ("res_id", "=", self.baker.id)])
        self.assertEqual((call.summary, call.user_id), ("Call about the oven", self.seller))
        values = {"partner_ids": [Command.set(self.baker.ids)], "summary": "Not mine", "user_id": self.seller.id}
        with self.assertRaisesRegex(AccessError, "your own contacts only"), self.env.cr.savepoint():
            wizards.create(values).action_log()
        with self.assertRaisesRegex(AccessError, "your own contacts only"), self.env.cr.savepoint():
            log.user_id = self.seller
        with self.assertRaisesRegex(AccessError, "your own contacts only"), self.env.cr.savepoint():
            log.create({"partner_id": self.baker.id, "summary": "Not mine", "user_id": self.seller.id})
        self.env["customer.contact.log"].with_user(self.agent).with_company(self.company).create({
            "partner_id": self.baker.id, "summary": "For a colleague", "user_id": self.seller.id,
        })
        # Whom they may not read they cannot name.
        far = self.env["res.company"].create({"name": "Know Far"})
        secret = self._partner("Secret", company_id=far.id)
        self.env.invalidate_all()
        with self.assertRaises(AccessError) as caught, self.env.cr.savepoint():
            wizards.create({"partner_ids": [Command.set(secret.ids)], "summary": "Who"})
        self.assertNotIn("Secret", str(caught.exception))
        # Nor what others have in hand.
        other = wizards.with_user(self.seller).create({"partner_ids": [Command.set(self.baker.ids)], "summary": "X"})
        with self.assertRaises(AccessError):
            other.with_user(self.employee).read(["summary"])

    def test_they_log_a_contact_in_the_dialog(self):
        """From the contact, from their list, and from a meeting, as everybody does; they plan what is next as well."""
        baker = self.baker.with_user(self.employee).with_company(self.company)
        action = baker.action_log_contact()
        form = Form(self._as(action["res_model"]).with_context(**action["context"]))
        form.summary = "New oven"
        form.next_step = "Bring the samples"
        form.save().action_log()
        self.env.invalidate_all()
        self.assertEqual(baker.contact_log_count, 1)
        logs = self._as("customer.contact.log").search(baker.action_view_contact_logs()["domain"])
        self.assertEqual(logs.mapped("summary"), ["New oven"])
        self.assertEqual((self.baker.activity_ids.summary, self.baker.activity_ids.user_id), (
            "Bring the samples", self.employee,
        ))
        self.assertEqual(logs.action_log_new()["res_model"], action["res_model"])
        event = self.env["calendar.event"].create({
            "name": "Visit", "start": "2026-01-05 10:00:00", "stop": "2026-01-05 11:00:00",
            "user_id": self.employee.id, "partner_ids": (self.employee.partner_id | self.baker).ids,
        }).with_user(self.employee)
        self.assertTrue(event.can_log_contact)
        self.assertEqual(event.action_log_contact()["context"]["default_partner_ids"], self.baker.ids)

    def test_form_of_a_contact(self):
        """What to know stands before the address, with a button for a note and one for a contact."""
        for user in (self.employee, self.agent, self.seller):
            arch = etree.fromstring(self.env["res.partner"].with_user(user).get_view(view_type="form")["arch"])
            (know,) = arch.xpath("//div[@name='what_to_know']")
            buttons = know.xpath("./div//button/@name")
            self.assertEqual(buttons, ["action_new_note", "action_log_contact"], user.login)
            nodes = list(arch.iter())
            (street,) = arch.xpath("//sheet/group//field[@name='street'][not(ancestor::field)]")
            self.assertLess(nodes.index(know), nodes.index(street), user.login)

    def test_lists_on_a_phone(self):
        """Where a list has no room, there are cards."""
        for name in ("contact_log", "contact_note", "life_event"):
            action = self.env.ref(f"crm_customer_value.customer_{name}_action")
            self.assertIn("kanban", action.view_mode.split(","), name)
            self.env[action.res_model].with_user(self.seller).get_view(view_type="kanban")

    def test_nothing_by_a_path(self):
        """Paths through what they may read are searched with their rights."""
        for model, path in (
            ("customer.need", "complaint_id.name"),
            ("customer.need", "lead_id.expected_revenue"),
            ("customer.need", "commercial_partner_id.value_class"),
            ("customer.need", "commercial_partner_id.customer_value_id.revenue_12m"),
            ("customer.suggestion", "commercial_partner_id.value_index"),
            ("customer.contact.note", "partner_id.lifecycle_stage_id.name"),
            ("customer.contact.note", "partner_id.lifecycle_stage_name"),
        ):
            with self.assertRaises(AccessError, msg=path):
                self._as(model).search([(path, "!=", False)])

    def test_menus_they_see(self):
        menus = self.env["ir.ui.menu"].with_user(self.employee).load_menus(False)
        root = self.env.ref("crm_customer_value.customer_value_menu_root")
        shown, waiting = set(), [root.id]
        while waiting:
            menu = menus[waiting.pop()]
            shown.add(menu["xmlid"].rpartition(".")[2])
            waiting += menu["children"]
        self.assertEqual(
            shown,
            {
                "customer_value_menu_root", "customer_in_touch_menu", "customer_contact_log_menu",
                "customer_contact_note_menu",
                "customer_need_menu", "customer_need_needs_menu", "customer_need_objections_menu",
                "customer_suggestion_menu",
            },
        )
