from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .need_case import NeedCase

QUIET = ("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models")
MODELS = (
    "customer.need", "customer.need.type", "customer.need.answer", "customer.need.change", "customer.need.demand",
)


@tagged("post_install", "-at_install")
class TestNeedAttacks(NeedCase, HttpCase):
    """Nobody reads or writes more of needs than they should, whichever way they ask."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, "need_portal", groups="base.group_portal", partner_id=cls.baker.id, company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.own = cls._need(cls.baker, words="Own words", user_id=cls.seller.id)
        cls.hidden = cls._need(cls.kiosk, words="Secret words", user_id=cls.colleague.id)
        cls.guess = cls._need(cls.bakery, cls.calm, words="Secret guess", is_guess=True)
        cls.answer = cls.env["customer.need.answer"].create({"text": "Secret answer", "type_id": cls.dear.id})
        cls.objection = cls._objection(cls.bakery, answer_id=cls.answer.id)

    def _key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate(None, "rights", datetime.now() + timedelta(days=1))

    def test_portal_and_public(self):
        """Customers have no access to the models at all, not to what they said themselves."""
        public = self.env.ref("base.public_user")
        for user in (self.portal, public):
            for model in MODELS:
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(user=user.login, model=model, operation=operation):
                        self.assertFalse(self.env[model].with_user(user).has_access(operation))
            for record in (self.baker, self.own, self.answer):
                for method in ("action_view_needs", "action_new_need", "action_new_objection",
                               "action_create_suggestion", "action_create_opportunities"):
                    if hasattr(record, method):
                        with self.subTest(method=method), self.assertRaises(AccessError):
                            getattr(record.with_user(user), method)()
        self.assertNotIn("need_count", self.baker.with_user(self.portal).fields_get())

    def test_portal_reaches_nothing_through_complaints(self):
        """A customer who reads their own complaint finds no need behind it."""
        complaint = self.env["customer.complaint"].create({
            "name": "Cold", "description": "<p>Cold</p>", "partner_id": self.baker.id, "company_id": self.company.id,
        })
        self._need(self.baker, complaint_id=complaint.id)
        mine = complaint.with_user(self.portal)
        self.assertEqual(mine.name, "Cold")
        for attempt in (
            lambda: mine.read(["need_count"]), mine.action_view_needs, mine.action_new_need,
            lambda: mine.search([("need_count", ">", 0)]),
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_json2(self):
        """Programs with a key of a customer, of a colleague, of a stranger."""
        far = self._make_company("Need Far Company")
        stranger = self._user("need_far", "sales_team.group_sale_manager", far)
        cases = [
            (user, model, method, arguments)
            for user in (self.portal, stranger)
            for model, method, arguments in (
                ("customer.need", "read", {"ids": self.own.ids, "fields": ["words"]}),
                ("customer.need", "write", {"ids": self.own.ids, "vals": {"state": "met"}}),
                ("customer.need", "unlink", {"ids": self.own.ids}),
                ("customer.need", "action_create_suggestion", {"ids": self.own.ids}),
                ("customer.need", "action_create_opportunities", {"ids": self.own.ids}),
            )
        ]
        cases += [
            (self.seller, "customer.need", "read", {"ids": self.hidden.ids, "fields": ["words"]}),
            (self.seller, "customer.need", "write", {"ids": self.hidden.ids, "vals": {"partner_id": self.bakery.id}}),
            (self.seller, "customer.need", "action_create_suggestion", {"ids": self.hidden.ids}),
            (self.seller, "customer.need", "_suggest", {"ids": self.own.ids}),
            (self.seller, "customer.need.type", "write", {"ids": self.dear.ids, "vals": {"advice": "Forged"}}),
            (self.seller, "customer.need.answer", "write", {"ids": self.answer.ids, "vals": {"text": "Forged"}}),
            (self.seller, "customer.need.change", "create", {"vals_list": [
                {"need_id": self.own.id, "date": "2020-01-01", "state": "met"},
            ]}),
        ]
        with mute_logger(*QUIET):
            for user, model, method, arguments in cases:
                answer = self.url_open(
                    f"/json/2/{model}/{method}", json=arguments,
                    headers={"Authorization": f"Bearer {self._key(user)}"},
                )
                with self.subTest(user=user.login, model=model, method=method):
                    self.assertIn(answer.status_code, (401, 403, 404), answer.text)
                    self.assertNotIn("Secret", answer.text)
            answer = self.url_open(
                "/json/2/customer.need/read", json={"ids": self.own.ids, "fields": ["words"]},
                headers={"Authorization": f"Bearer {self._key(self.seller)}"},
            )
            self.assertEqual(answer.json()[0]["words"], "Own words")

    def test_mass_assignment(self):
        """What happened is for the program to say."""
        need = self._as(self.seller, self.own)
        for values in (
            {"kind": "objection"}, {"dimension": "emotional"}, {"date_state": "2020-01-01"}, {"helped": "yes"},
            {"commercial_partner_id": self.kiosk.id}, {"change_ids": [Command.clear()]}, {"advice": "Forged"},
            {"create_uid": self.seller.id}, {"message_ids": [Command.clear()]},
        ):
            with self.subTest(values=values):
                with self.assertRaises(AccessError):
                    need.write(values)
                with self.assertRaises(AccessError):
                    need.web_save(values, {"words": {}})
                with self.assertRaises(AccessError):
                    need.create({"partner_id": self.baker.id, "type_id": self.saving.id, **values})

    def test_colleagues_customers(self):
        """One may note what a colleague's customer said, and reads nothing of what the colleague noted."""
        needs = self._as(self.seller, self.env["customer.need"])
        made = needs.create({"partner_id": self.kiosk.id, "type_id": self.saving.id})
        self.assertEqual(needs.search([("commercial_partner_id", "=", self.kiosk.id)]), made)
        for attempt in (
            lambda: self._as(self.seller, self.hidden).read(["words"]),
            lambda: self._as(self.seller, self.hidden).write({"user_id": self.seller.id}),
            lambda: self._as(self.seller, made | self.hidden).action_create_suggestion(),
            lambda: self._as(self.seller, self.hidden.change_ids).read(["state"]),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()

    def test_links(self):
        """Whoever names a document of others by its number learns nothing of it."""
        lead = self._lead(self.kiosk, name="Secret lead", user_id=self.colleague.id)
        complaint = self.env["customer.complaint"].create({
            "name": "Secret complaint", "description": "<p>Secret</p>", "partner_id": self.kiosk.id,
            "company_id": self.company.id, "user_id": self.colleague.id,
        })
        far = self._make_company("Need Far Company")
        partner = self._partner("Secret contact", company_id=far.id)
        idea = self.env["customer.suggestion"].create({"name": "Secret idea", "company_id": far.id})
        mine = self._as(self.seller, self.own)
        spec = {"lead_id": {"fields": {"display_name": {}}}, "partner_id": {"fields": {"display_name": {}}}}
        new = {"partner_id": self.baker.id, "type_id": self.saving.id}
        for values in (
            {"lead_id": lead.id}, {"complaint_id": complaint.id}, {"partner_id": partner.id},
            {"suggestion_id": idea.id}, {"company_id": far.id},
            # The ORM takes this for a new record, with the name of the one whose id it holds.
            {"lead_id": {"id": lead.id}},
        ):
            context = {f"default_{name}": value for name, value in values.items()}
            kept = {name: value for name, value in new.items() if name not in values}
            for attempt in (
                lambda values=values: mine.write(values),
                lambda values=values: mine.browse().create({**new, **values}),
                lambda context=context, kept=kept: mine.browse().with_context(**context).create(kept),
            ):
                with self.subTest(values=values):
                    with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                        attempt()
                    self.assertNotIn("Secret", str(caught.exception))
                    self.env.invalidate_all()
        for name, record in (("lead_id", lead), ("complaint_id", complaint)):
            needs = self._as(self.seller, self.env["customer.need"]).with_context(**{f"default_{name}": record.id})
            with self.assertRaises(UserError) as caught:
                needs.onchange({}, [], spec)
            self.assertNotIn("Secret", str(caught.exception))
            self.assertFalse(needs.default_get(["partner_id", "source"]).get("partner_id"))

    def test_another_company(self):
        far = self._make_company("Need Far Company")
        stranger = self._user("need_far", "sales_team.group_sale_manager,crm_customer_value.group_service_manager", far)
        self.assertFalse(self._as(stranger, self.env["customer.need"]).search([]))
        with self.assertRaises(AccessError):
            self._as(stranger, self.own).read(["words"])
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._as(stranger, self.env["customer.need"]).create({
                "partner_id": self.bakery.id, "type_id": self.saving.id, "company_id": self.company.id,
            })
