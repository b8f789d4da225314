from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .care_case import CareCase


@tagged("post_install", "-at_install")
class TestCareRights(CareCase):
    """Nobody learns or enters by a way around what is not theirs to know or to say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._user("care_agent", "crm_customer_value.group_service_own")
        cls.keeper, cls.other = (
            cls._user(f"care_{name}", "sales_team.group_sale_salesman,base.group_partner_manager")
            for name in ("keeper", "other")
        )
        cls.customer = cls._customer("Care Rights", value={"value_index": 77.0})

    def _contacts(self, user, **context):
        return self.env["res.partner"].with_user(user).with_context(**context)

    # ---- values ----------------------------------------------------------------------------

    def test_service_agents_see_no_index(self):
        """Of single customers, and by means over some."""
        rule = self._rule("birthday")
        log = self.logs.create({
            "company_id": self.company.id, "rule_id": rule.id, "partner_id": self.customer.id, "occasion": "one",
            "date": date(2026, 3, 1), "value_index": 77.0, "result_index": 55.0, "result": "bought",
        })
        for record, names in (
            (log, ("value_index", "result_index")), (rule, ("effect_index", "effect_held_index")),
        ):
            for name in names:
                self.env.invalidate_all()
                self.assertIn(name, record.with_user(self.seller).read([name])[0])
                with self.assertRaises(AccessError):
                    record.with_user(self.agent).read([name])
        for question in (
            lambda: self.logs.with_user(self.agent).search([("value_index", ">", 0)]),
            lambda: self.logs.with_user(self.agent).formatted_read_group([], ["rule_id"], ["result_index:avg"]),
            lambda: self.logs.with_user(self.agent).search([], order="value_index"),
        ):
            with self.assertRaises(AccessError):
                question()
        self.assertEqual(log.with_user(self.agent).result, "bought")
        for view in ("customer_care_log_view_list", "customer_care_log_view_form"):
            arch = log.with_user(self.agent).get_view(self.env.ref(f"crm_customer_value.{view}").id)["arch"]
            self.assertNotIn("index", arch)

    def test_who_is_held_out(self):
        """Salespeople and agents would care for them by hand, and nobody could say what care does."""
        rule = self._rule("birthday")
        log = self.logs.create({
            "company_id": self.company.id, "rule_id": rule.id, "partner_id": self.customer.id, "occasion": "one",
            "date": date(2026, 3, 1), "state": "held_out", "user_id": self.keeper.id,
        })
        leader = self._user("care_leader", "sales_team.group_sale_salesman_all_leads")
        head = self._user("care_head", "crm_customer_value.group_service_all")
        self.customer.user_id = self.keeper
        for user, sees in ((self.keeper, False), (self.agent, False), (leader, True), (head, True)):
            with self.subTest(user.login):
                self.assertEqual(bool(self.logs.with_user(user).search([("id", "=", log.id)])), sees)
                view = self.env.ref("crm_customer_value.customer_care_log_view_search")
                self.assertEqual("held_out" in log.with_user(user).get_view(view.id, "search")["arch"], sees)

    # ---- consent ---------------------------------------------------------------------------

    def test_consent_by_default_says_who(self):
        """A default of the context, or of the user, is noted like every other consent."""
        forged = {
            "default_promotion_consent": "given", "default_promotion_consent_how": "Fair",
            "default_promotion_consent_date": "2020-01-01", "default_promotion_consent_user_id": self.other.id,
        }
        contact = self._contacts(self.keeper, **forged).create({"name": "Care Default"})
        self.assertEqual((contact.promotion_consent, contact.promotion_consent_user_id), ("given", self.keeper))
        self.assertNotEqual(contact.promotion_consent_date.year, 2020)
        empty = self._contacts(self.keeper).create({"name": "Care Empty", "promotion_consent": False})
        self.assertFalse(empty.promotion_consent_user_id, "an empty field of a form says nothing")

    def test_who_changes_how_we_know_notes_it(self):
        contact = self._contacts(self.keeper).browse(self.customer.id)
        contact.write({"promotion_consent": "given", "promotion_consent_how": "By letter"})
        contact.with_user(self.other).promotion_consent_how = "On the phone"
        self.assertEqual(contact.promotion_consent_user_id, self.other)

    # ---- broken relationships --------------------------------------------------------------

    def test_nobody_breaks_or_mends_without_a_trace(self):
        values = {"relationship_broken_on": "2020-01-01"}
        contact = self._contacts(self.keeper).browse(self.customer.id)
        contact.write(values)
        made = self._contacts(self.keeper).create({"name": "Care Made", **values})
        default = self._contacts(self.keeper, default_relationship_broken_on="2020-01-01").create({"name": "Care Def"})
        self.assertFalse((contact | made | default).filtered("relationship_broken_on"))
        contact._break_relationship("Late")
        contact.write({"relationship_broken_on": False, "relationship_broken_reason": "Nothing"})
        self.assertTrue(contact.relationship_broken_on)
        self.assertEqual(contact.relationship_broken_reason, "Late")

    # ---- customers -------------------------------------------------------------------------

    def test_customers_do_not_read_what_we_assume(self):
        """Everybody with an account may read the company they are in."""
        customer = new_test_user(self.env, "care_portal", groups="base.group_portal", company_id=self.company.id,
                                 company_ids=[Command.set(self.company.ids)])
        company = self.company.with_user(customer)
        company.read(["name"])
        for name in ("care_held_out", "word_promoter_reach", "word_detractor_reach", "word_conversion"):
            with self.assertRaises(AccessError, msg=name):
                company.read([name])
            self.company.with_user(self.agent).read([name])
