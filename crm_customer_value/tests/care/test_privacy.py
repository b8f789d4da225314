import base64
import json
from types import SimpleNamespace

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.privacy_lookup.wizard.privacy_lookup_wizard import PrivacyLookupWizard

from .privacy_case import PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacy(PrivacyCase):
    """What is kept of being in touch with somebody is found, handed out and deleted."""

    def _wizard(self, partner, user=None):
        user = user or self.manager
        return self.env["customer.benefit.privacy"].with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        ).create({"partner_id": partner.id})

    def _told(self, told, model):
        return told[self.env["ir.model"]._get(model).name]

    def test_privacy_lookup_finds_all(self):
        """The query of Odoo's own module, which leaves out models that are linked by cascade."""
        self.kept["customer.contact.note"].active = False
        lookup = SimpleNamespace(
            name="Anna Archer", email="anna.archer@example.com", env=self.env,
            _get_query_models_blacklist=lambda: PrivacyLookupWizard._get_query_models_blacklist(None),
        )
        query = PrivacyLookupWizard._get_query(lookup)
        self.env.flush_all()
        found = {(model, res_id): active for model, res_id, active in self.env.execute_query(query)}
        for record in (*self.kept.values(), *self.elsewhere.values()):
            active = record != self.kept["customer.contact.note"]
            self.assertIs(found.get((self.env["ir.model"]._get_id(record._name), record.id)), active, record)
        for record in self.others.values():
            self.assertNotIn((self.env["ir.model"]._get_id(record._name), record.id), found)

    def test_file(self):
        """Of a contact what is about them in one's own companies; of the customer what is about all its contacts."""
        self.anna.write({"birthday_day": 29, "birthday_month": "2", "referred_by_id": self.bert.id})
        self._partner("Carla Bow", referred_by_id=self.anna.id, active=False)
        self.env["crm.lead"].create({"name": "Lamps", "referred_by_id": self.anna.id, "company_id": self.company.id})
        wizard = self._wizard(self.anna)
        self.assertEqual(
            wizard.found.splitlines()[-8:],
            ["Contacts with us: 1", "Notes: 1", "Events in the customer's life: 1", "Questions and answers: 1",
             "Acts of care: 1", "Products offered: 0", "Efforts to keep or win back: 1",
             "On the contact: Birthday, Brought by, Contacts Brought, Opportunities Brought"],
        )
        wizard.action_export()
        told = json.loads(base64.b64decode(wizard.export_file))
        self.assertEqual(told["contacts"], [{
            "contact": "Archer Ltd, Anna Archer", "Birthday": "29 February",
            "Brought by": "Archer Ltd, Bert Archer", "Contacts Brought": ["Carla Bow"],
            "Opportunities Brought": ["Opportunities of colleagues: 1"],
        }])
        seller = self._user(
            "seller", "crm_customer_value.group_service_manager,sales_team.group_sale_salesman_all_leads"
        )
        self.assertEqual(self._wizard(self.anna, seller)._export()["contacts"][0]["Opportunities Brought"], ["Lamps"])
        for model, label, value in (
            ("customer.contact.log", "What We Learned", "Called about the lamp"),
            ("customer.contact.note", "What to Know", "Do not call before nine"),
            ("customer.life.event", "What Happened", "Moved to Lyon"),
            ("customer.feedback", "Comment", "Quick and kind"),
            ("customer.care.log", "Rule", "Thanks Value Test Company"),
        ):
            [record] = self._told(told, model)
            self.assertEqual(record[label], value)
        whole = self._wizard(self.customer)._export()
        for model in self.kept:
            self.assertEqual(len(self._told(whole, model)), 2, model)
        self.assertEqual([one["contact"] for one in whole["contacts"]], [
            "Archer Ltd, Anna Archer", "Archer Ltd, Bert Archer",
        ])
        elsewhere = self._wizard(self.bert, self._user("elsewhere", company=self.far))._export()
        for model in self.kept:
            self.assertEqual(self._told(elsewhere, model), [], model)

    def test_erased(self):
        """All of the contact in one's own companies, and nothing of others or of other companies."""
        self.anna.write({"birthday_day": 3, "birthday_month": "5", "birthday_year": 1980})
        (self.anna | self.bert).referred_by_id = self._partner("Dora Dee")
        carla = self._partner("Carla Bow", referred_by_id=self.anna.id)
        hidden = self._partner("Hidden", referred_by_id=self.anna.id, company_id=self.far.id)
        lead, foreign = self.env["crm.lead"].create([
            {"name": "Lamps", "referred_by_id": self.anna.id, "company_id": company.id}
            for company in (self.company, self.far)
        ])
        wizard = self._wizard(self.anna)
        wizard.action_erase()
        self.assertFalse(self._left(self.kept))
        self.assertEqual(self._left(self.others), set(self.others))
        self.assertEqual(self._left(self.elsewhere), set(self.elsewhere))
        self.assertEqual(
            (self.anna.birthday_day, self.anna.birthday_month, self.anna.birthday_year, self.anna.referred_by_id),
            (False, False, False, self.anna.browse()),
        )
        self.assertFalse(carla.referred_by_id)
        self.assertEqual((lead.referred_by_id, foreign.referred_by_id), (self.anna.browse(), self.anna))
        self.assertEqual(hidden.referred_by_id, self.anna)
        self.assertTrue(self.bert.referred_by_id)
        with self.assertRaisesRegex(UserError, "Nothing is kept"):
            wizard.action_erase()
        self._wizard(self.anna, self._user("far", company=self.far)).action_erase()
        self.assertFalse(self._left(self.elsewhere))
        self.anna.unlink()

    def test_only_a_birthday_is_kept(self):
        dora = self._partner("Dora Dee", birthday_day=3, birthday_month="5")
        message = self._wizard(dora).action_erase()["params"]["message"]
        self.assertEqual(message, "Deleted: what was kept on the contact.")
        self.assertFalse(dora.birthday_day)

    def test_consent(self):
        """Who agreed, how and when, is told and taken away; what somebody does not want stays known."""
        told = {}
        for name, consent in (("Dora", "given"), ("Emil", "withdrawn")):
            contact = self._partner(f"{name} Dee", feedback_opt_out=consent == "withdrawn")
            contact.write({"promotion_consent": consent, "promotion_consent_how": "On the phone"})
            contact.promotion_consent_date = "2026-03-01 10:00:00"
            wizard = self._wizard(contact)
            [told[consent]] = wizard._export()["contacts"]
            wizard.action_erase()
            self.assertEqual(
                (contact.promotion_consent_how, contact.promotion_consent_date, contact.promotion_consent_user_id.ids),
                (False, False, []),
            )
            self.assertEqual(contact.promotion_consent, consent == "withdrawn" and consent)
            self.assertEqual(contact.feedback_opt_out, consent == "withdrawn")
            with self.assertRaisesRegex(UserError, "Nothing is kept"):
                wizard.action_erase()
            self.assertEqual(bool(self._wizard(contact)._export().get("contacts")), consent == "withdrawn")
        noted = f"On the phone, {self.env.user.name}, "
        self.assertRegex(told["given"]["Promotion"], f"^Agreed, {noted}.*2026")
        self.assertRegex(told["withdrawn"]["Promotion"], f"^{noted}.*2026")
        stays = "yes; this stays, so that nobody asks again"
        self.assertEqual(
            (told["withdrawn"]["Wants no promotion"], told["withdrawn"]["Wants no questions"]), (stays, stays)
        )

    def test_broken_relationship(self):
        self.customer.sudo().write({
            "relationship_broken_on": "2026-03-01", "relationship_broken_reason": "Two late deliveries",
        })
        wizard = self._wizard(self.customer)
        [told] = [one for one in wizard._export()["contacts"] if one["contact"] == "Archer Ltd"]
        self.assertEqual(told["Relationship Broken"], "03/01/2026: Two late deliveries")
        wizard.action_erase()
        self.assertFalse(self.customer.relationship_broken_on or self.customer.relationship_broken_reason)

    def test_nothing_goes_unseen_with_a_contact(self):
        """A contact is deleted after what is kept about them, and not instead of it."""
        for model, record in self.kept.items():
            others = [one for kept in (self.kept, self.elsewhere) for one in kept.values() if one != record]
            with self.env.cr.savepoint(flush=False) as savepoint:
                for one in others:
                    one.sudo().unlink()
                with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError, msg=model):
                    self.anna.unlink()
                    self.env.flush_all()
                savepoint.rollback()
            self.env.invalidate_all(flush=False)
