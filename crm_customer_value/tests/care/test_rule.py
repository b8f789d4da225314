from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .care_case import CareCase, day


@tagged("post_install", "-at_install")
@freeze_time("2027-02-20 12:00:00")
class TestRule(CareCase):
    """What a rule may say, for whom it is, and with whose rights it works."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.march = {"birthday_day": 5, "birthday_month": "3"}

    # ---- what it says ----------------------------------------------------------------------

    def test_conditions_are_about_listed_fields(self):
        for domain in (
            "[('partner_id.email', '!=', False)]",
            "[('revenue_12m', '>', 10)]",
            "[('partner_id', 'any', [('email', '!=', False)])]",
            "[('country_id', 'any', [('code', '=', 'DE')])]",
            "[('last_purchase_date', '<', context_today())]",
            "[('value_class', '=', 'a'), '|']",
            "__import__('os')",
        ):
            with self.subTest(domain), self.assertRaises(ValidationError):
                self._rule("birthday", domain=domain)
        rule = self._rule("birthday", domain="['|', ('value_class', '=', 'a'), ('value_index', '>=', 60)]")
        self.assertTrue(rule)

    def test_what_is_done_is_complete(self):
        empty_plan = self.env["mail.activity.plan"].create({"name": "Empty", "res_model": "res.partner"})
        lead_plan = self.plan.copy({"res_model": "crm.lead"})
        bare = self.template.copy({"body_html": "<p><br></p>"})
        others = self.env["mail.template"].create({
            "name": "Of orders", "model_id": self.env["ir.model"]._get_id("sale.order"),
            "subject": "One", "body_html": "<p>Two</p>",
        })
        for values in (
            {"plan_id": False},
            {"plan_id": empty_plan.id},
            {"plan_id": lead_plan.id},
            {"action": "mail"},
            {"action": "mail", "template_id": bare.id},
            {"action": "mail", "template_id": others.id},
            {"action": "lead"},
            {"action": "gift", "gift_cost": 10},
            {"action": "gift", "gift_words": "Flowers"},
            {"action": "gift", "gift_words": "Flowers", "gift_cost": -1},
            {"season_from": "3"},
            {"trigger": "own_date"},
            {"trigger": "complaint_closed", "offset_days": 1, "offset_side": "before"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._rule(**{"trigger": "birthday", **values})

    def test_numbers_have_limits(self):
        for values in ({"quiet_days": -1}, {"late_days": 31}, {"offset_days": 400}, {"silence_days": 0}):
            with self.subTest(values), self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                self._rule("silence", **values)

    def test_a_gift_that_costs_nothing_is_a_gift(self):
        rule = self._rule("birthday", action="gift", gift_words="A poem", gift_cost=0)
        customer = self._customer(**self.march)
        self._night(day("2027-03-05"))
        log = self.logs.search([("rule_id", "=", rule.id)])
        self.assertEqual((log.partner_id, log.cost), (customer, 0.0))

    def test_used_rules_stay(self):
        rule = self._rule("birthday")
        self._customer(**self.march)
        self._night(day("2027-03-05"))
        with self.assertRaises(UserError):
            rule.unlink()
        self._rule("birthday").unlink()

    # ---- for whom --------------------------------------------------------------------------

    def test_without_filter_it_is_for_everybody(self):
        customers = [self._customer(f"Care {number}", **self.march) for number in range(3)]
        stranger = self._partner("Care stranger", **self.march)
        rule = self._rule("birthday")
        self._night(day("2027-03-05"))
        self.assertEqual({partner for partner, _day in self._done(rule)}, set(customers))
        self.assertFalse(self._calls(stranger))

    def test_filters(self):
        """Level, class, stage, industry, country and conditions: all of them have to fit."""
        germany, france = self.env.ref("base.de"), self.env.ref("base.fr")
        industry = self.env["res.partner.industry"].create({"name": "Care test"})
        stage = self.env["customer.lifecycle.stage"].search([], limit=1)
        level = self.env["customer.care.level"].create({"name": "Care test", "company_id": self.company.id})
        values = {
            "value_class": "a", "value_index": 70.0, "lifecycle_stage_id": stage.id, "care_level_id": level.id,
        }
        fits = {"country_id": germany.id, "industry_id": industry.id}
        right = self._customer("Care right", value=values, **self.march, **fits)
        self._customer("Care country", value=values, **self.march, **{**fits, "country_id": france.id})
        self._customer("Care industry", value=values, **self.march, **{**fits, "industry_id": False})
        for number, changed in enumerate((
            {"value_class": "c"}, {"value_class": False}, {"value_index": 50.0}, {"lifecycle_stage_id": False},
            {"care_level_id": False},
        )):
            self._customer(f"Care {number}", value={**values, **changed}, **self.march, **fits)
        rule = self._rule(
            "birthday", value_classes="ab", stage_ids=stage.ids, level_ids=level.ids, country_ids=germany.ids,
            industry_ids=industry.ids, domain="[('value_index', '>=', 60)]",
        )
        self._night(day("2027-03-05"))
        self.assertEqual(self._done(rule), [(right, day("2027-03-05"))])

    def test_season(self):
        customer = self._customer(birthday_day=30, birthday_month="11")
        winter = self._rule("birthday", season_from="11", season_to="2", late_days=0)
        summer = self._rule("birthday", season_from="3", season_to="10", late_days=0)
        self._night(day("2027-11-30"))
        self.assertEqual(self._done(winter), [(customer, day("2027-11-30"))])
        self.assertEqual(self._noted(summer), [])

    # ---- with whose rights -----------------------------------------------------------------

    def test_it_finds_what_its_owner_may_see(self):
        mine = self._customer("Care mine", user_id=self.seller.id, **self.march)
        others = self._customer("Care others", user_id=self.owner.id, **self.march)
        rule = self._rule("birthday", user_id=self.seller.id)
        self._night(day("2027-03-05"))
        self.assertIn(mine, [partner for partner, _day in self._done(rule)])
        visible = self.env["customer.value"].with_user(self.seller).search([("partner_id", "=", others.id)])
        self.assertEqual(others in [partner for partner, _day in self._done(rule)], bool(visible))

    def test_owner_who_left_or_may_not(self):
        self._customer(**self.march)
        agent = self._user("care_agent", "crm_customer_value.group_service_manager")
        rule = self._rule("birthday", user_id=agent.id)
        self.assertIn("may not see the values", rule.notice)
        self._night(day("2027-03-05"))
        self.assertEqual(self._noted(rule), [])
        leaver = self._user("care_leaver", "sales_team.group_sale_manager")
        rule.user_id = leaver
        self.assertFalse(rule.notice)
        leaver.active = False
        rule.invalidate_recordset()
        self.assertIn("does not work here any more", rule.notice)
        self._night(day("2027-03-05"))
        self.assertEqual(self._noted(rule), [])
        rule.user_id = self.owner
        self._night(day("2027-03-06"))
        self.assertEqual(len(self._done(rule)), 1)

    def test_nobody_borrows_rights(self):
        """A rule works with the rights of its owner, so that nobody else changes what it does."""
        manager = self._user("care_manager", "crm_customer_value.group_service_manager")
        values = {
            "name": "Borrowed", "trigger": "birthday", "action": "plan", "plan_id": self.plan.id,
            "company_id": self.company.id,
        }
        rules = self.env["customer.care.rule"].with_user(manager)
        with self.assertRaises(AccessError):
            rules.create({**values, "user_id": self.owner.id})
        rule = self._rule("birthday").with_user(manager)
        with self.assertRaises(AccessError):
            rule.value_classes = "a"
        with self.assertRaises(AccessError):
            rule.with_context(active_test=False).write({"active": True, "sequence": 1})
        rule.active = False
        rule.sequence = 3
        rule.write({"user_id": manager.id, "value_classes": "a"})
        self.assertEqual(rule.user_id, manager)

    def test_others_read_only(self):
        rule = self._rule("birthday").with_user(self.seller)
        self.assertTrue(rule.name)
        with self.assertRaises(AccessError):
            rule.name = "Mine"
        with self.assertRaises(AccessError):
            rule.action_preview()

    # ---- preview ---------------------------------------------------------------------------

    def test_preview(self):
        """Tomorrow, by a rule that is switched off: who, who not, and why; nothing happens, and nothing stays."""
        fine = self._customer("Care fine", birthday_day=21, birthday_month="2", email="fine@example.com")
        bare = self._customer("Care bare", birthday_day=21, birthday_month="2")
        refused = self._customer(
            "Care refused", birthday_day=21, birthday_month="2", email="no@example.com", promotion_consent="withdrawn",
        )
        fine.write({"promotion_consent": "given", "promotion_consent_how": "Fair"})
        rule = self._rule(
            "birthday", active=False, action="mail", template_id=self.template.id, kind="promotion"
        ).with_user(self.owner)
        before = self.logs.search_count([])
        action = rule.action_preview()
        preview = self.env["customer.care.preview"].with_user(self.owner).browse(action["res_id"])
        self.assertEqual(preview.date_from, day("2027-02-21"))
        self.assertEqual((preview.todo_count, preview.held_out_count, preview.skipped_count), (1, 0, 2))
        self.assertEqual(
            {line.partner_id: (line.state, line.obstacle) for line in preview.line_ids},
            {fine: ("todo", False), bare: ("skipped", "no_address"), refused: ("skipped", "opted_out")},
        )
        self.assertEqual(self.logs.search_count([]), before)
        self.assertFalse(self._mails(fine))

    def test_preview_leaves_out_rules_that_are_switched_off(self):
        """Also when it is opened from the list that shows all rules; but for the one that it is opened from."""
        self._customer(birthday_day=21, birthday_month="2")
        self._rule("birthday", active=False)
        asked = self._rule("birthday", active=False).with_user(self.owner)
        action = asked.with_context(active_test=False).action_preview()
        preview = self.env["customer.care.preview"].browse(action["res_id"])
        self.assertEqual(preview.sudo().line_ids.rule_id, asked.sudo())

    def test_preview_of_two_rules_leaves_in_peace(self):
        """What the first rule does tomorrow keeps the second one quiet, as at night."""
        self._customer(birthday_day=21, birthday_month="2")
        self._rule("birthday", sequence=1)
        second = self._rule("birthday", sequence=2, active=False, quiet_days=7).with_user(self.owner)
        preview = self.env["customer.care.preview"].browse(second.action_preview()["res_id"])
        self.assertEqual(
            [(line.rule_id == second, line.state, line.obstacle) for line in preview.sudo().line_ids.sorted("id")],
            [(False, "todo", False), (True, "skipped", "quiet")],
        )

    def test_coming_days(self):
        near = self._customer("Care near", birthday_day=1, birthday_month="3")
        self._customer("Care far", birthday_day=1, birthday_month="5")
        self._rule("birthday")
        action = self.env["customer.care.preview"].with_user(self.owner).action_open_coming()
        lines = self.env["customer.care.preview.line"].with_user(self.owner).search(action["domain"])
        self.assertEqual([(line.partner_id, line.date) for line in lines], [(near, day("2027-03-01"))])

    # ---- the form of a contact -------------------------------------------------------------

    def test_last_and_next_care(self):
        customer = self._customer(birthday_day=5, birthday_month="3")
        contact = self._partner("Care contact", parent_id=customer.id)
        rule = self._rule("birthday")
        self.assertEqual((contact.last_care_date, contact.next_care_date), (False, day("2027-03-05")))
        self.assertEqual(contact.next_care_name, rule.name)
        self._night(day("2027-03-05"))
        with freeze_time("2027-03-05 12:00:00"):
            self.assertEqual(contact.last_care_date, day("2027-03-05"))
            self.assertEqual(contact.last_care_name, "Birthday")
            self.assertFalse(contact.next_care_date)
        # By its day, and not by when it was noted.
        self.logs.create({
            "company_id": self.company.id, "rule_id": rule.id, "partner_id": customer.id, "occasion": "earlier",
            "name": "Earlier", "date": "2026-03-05",
        })
        contact.invalidate_recordset()
        self.assertEqual((contact.last_care_date, contact.care_count), (day("2027-03-05"), 2))
