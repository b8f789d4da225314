import base64
import json
from types import SimpleNamespace

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.privacy_lookup.wizard.privacy_lookup_wizard import PrivacyLookupWizard

from .import_case import BenefitImportCase

QUIET = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.models")


@tagged("post_install", "-at_install")
class TestPrivacyExport(BenefitImportCase):
    """What is kept of the needs and gains of somebody is found, handed out and deleted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("crm_customer_value.group_service_manager", "privacy_manager")
        cls.anna = cls._partner("Anna Archer", parent_id=cls.ann.id, email="anna.archer@example.com")
        cls.type = cls.env["customer.need.type"].create({"name": "Quiet Nights", "dimension": "emotional"})
        cls.need = cls.env["customer.need"].create({
            "company_id": cls.company.id, "partner_id": cls.anna.id, "type_id": cls.type.id,
            "words": "No calls at 3 am",
        })
        cls.goal = cls._goal(cls.anna, plan="Exchange the switch")
        cls.record = cls._record(cls.anna)
        cls.record.write({"value": 7.0, "correction_reason": "counted again"})
        cls.other = cls._record(cls.bob)
        cls.goal.message_post(body="Called Anna")
        cls.attachments = cls.env["ir.attachment"].create([
            {"name": f"{record._name}.txt", "raw": b"x", "res_model": record._name, "res_id": record.id}
            for record in (cls.need, cls.goal, cls.record)
        ])

    def _wizard(self, partner, user=None):
        user = user or self.manager
        return self.env["customer.benefit.privacy"].with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        ).create({"partner_id": partner.id})

    def _told(self, told, records):
        """Return what an export tells of the model of records."""
        return told[self.env["ir.model"]._get(records._name).name]

    def test_privacy_lookup_finds_all(self):
        """The query of Odoo's own module, which leaves out models that are linked by cascade."""
        lookup = SimpleNamespace(
            name="Anna Archer", email="anna.archer@example.com", env=self.env,
            _get_query_models_blacklist=lambda: PrivacyLookupWizard._get_query_models_blacklist(None),
        )
        query = PrivacyLookupWizard._get_query(lookup)
        self.env.flush_all()
        self.need.active = False
        self.env.flush_all()
        found = {(model, res_id): active for model, res_id, active in self.env.execute_query(query)}
        for record, active in ((self.need, False), (self.goal, True), (self.record, True)):
            self.assertIs(found.get((self.env["ir.model"]._get_id(record._name), record.id)), active, record)
        self.assertNotIn((self.env["ir.model"]._get_id(self.other._name), self.other.id), found)

    def test_file(self):
        """Of a contact what is about them; of the customer what is about all of its contacts."""
        wizard = self._wizard(self.anna)
        self.assertIn("Needs and objections: 1\nGoals: 1\nMeasurements: 1", wizard.found)
        wizard.action_export()
        self.assertEqual(wizard.export_name, "Anna Archer - personal data.json")
        told = json.loads(base64.b64decode(wizard.export_file))
        [need], [goal], [record] = (self._told(told, one) for one in (self.need, self.goal, self.record))
        self.assertEqual(need[self.need._fields["words"].string], "No calls at 3 am")
        self.assertEqual((goal["Plan"], goal["Baseline"], goal["Target"]), ("Exchange the switch", 12.0, 4.0))
        self.assertIn("Called Anna", [message["text"] for message in goal["messages"]])
        self.assertEqual((record["Value"], record["Gain"], record["attachments"]), (7.0, 50.0, [
            "customer.benefit.record.txt"
        ]))
        [correction] = record["What It Was Before"]
        self.assertEqual((correction["Before"], correction["Reason"]), ("8", "counted again"))
        self.assertEqual(len(self._told(self._wizard(self.ann)._export(), self.need)), 1)
        self.assertEqual(self._told(self._wizard(self.bob)._export(), self.need), [])

    def test_erased_with_messages_and_attachments(self):
        """What is archived is kept as well."""
        self.need.active = self.goal.active = False
        wizard = self._wizard(self.ann)
        self.assertEqual(
            wizard.found,
            "Needs and objections: 1\nGoals: 1\nMeasurements: 1\nContacts with us: 0\nNotes: 0\n"
            "Events in the customer's life: 0\nQuestions and answers: 0\nActs of care: 0\nProducts offered: 0\n"
            "Efforts to keep or win back: 0",
        )
        messages = self.env["mail.message"].search([
            ("model", "in", ("customer.need", "customer.benefit.goal")), ("res_id", "in", (self.need | self.need).ids),
        ]) | self.goal.message_ids
        self.assertTrue(messages)
        wizard.action_erase()
        for records in (self.need, self.goal, self.record, messages, self.attachments):
            self.assertFalse(records.exists(), records)
        self.assertTrue(self.other.exists())
        with self.assertRaisesRegex(UserError, "Nothing is kept"):
            wizard.action_erase()
        self.ann.child_ids.unlink()
        self.assertFalse(self.anna.exists())

    def test_who_may(self):
        far = self._make_company("Far Company")
        stranger = self._user("crm_customer_value.group_service_manager", "privacy_far", far)
        self.assertEqual(self._told(self._wizard(self.anna, stranger)._export(), self.need), [])
        for groups in ("base.group_user", "crm_customer_value.group_service_all", "base.group_portal"):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                self._wizard(self.anna, self._user(groups, f"privacy_{groups}"))
        mine = self._wizard(self.anna)
        for method in ("action_export", "action_erase"):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                getattr(mine.with_user(stranger), method)()
        self.assertTrue(self.need.exists())
