from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .suggestion_case import SuggestionCase


@tagged("post_install", "-at_install")
class TestSuggestion(SuggestionCase):
    def test_numbers_follow_each_other(self):
        self.env["ir.sequence"].search([("code", "=", "customer.suggestion")]).number_next_actual = 41
        first, second = self.env["customer.suggestion"].create([{"name": "One"}, {"name": "Two"}])
        self.assertEqual((first.number, second.number), ("CS00041", "CS00042"))
        self.assertEqual(first.copy().number, "CS00043")
        self.assertEqual(first.display_name, "CS00041 One")
        self.assertEqual(first.stage_id.state, "new")

    def test_found_by_number(self):
        suggestion = self._suggest("Smaller parcels", self.baker)
        self.assertEqual(
            self.env["customer.suggestion"].name_search(suggestion.number),
            [(suggestion.id, suggestion.display_name)],
        )

    def test_each_contact_supports_once(self):
        suggestion = self._suggest("Smaller parcels", self.kiosk)
        self._support(suggestion, self.baker, self.helper)
        self.assertEqual(suggestion.support_count, 2, "two contacts of one customer are two people")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._support(suggestion, self.baker)
        suggestion.support_ids[0].unlink()
        self.assertEqual(suggestion.support_count, 1)

    def test_nobody_supports_the_own_suggestion(self):
        suggestion = self._suggest("Smaller parcels", self.kiosk)
        with self.assertRaisesRegex(ValidationError, "Sugg Kiosk proposed this"), self.env.cr.savepoint():
            self._support(suggestion, self.kiosk)
        self.env.invalidate_all()  # what was rolled back
        self._support(suggestion, self.baker)
        suggestion.partner_id = self.baker
        self.assertEqual(suggestion.support_count, 0, "who supported has become who proposed")

    def test_declining_needs_a_reason(self):
        suggestion = self._suggest("Smaller parcels", self.kiosk)
        for reason in (False, "", "  \n"):
            with self.assertRaisesRegex(ValidationError, "Enter a reason"):
                suggestion.write({"stage_id": self.stages["declined"].id, "decline_reason": reason})
        suggestion.write({"stage_id": self.stages["declined"].id, "decline_reason": "Too dear"})
        with self.assertRaisesRegex(ValidationError, "Enter a reason"):
            suggestion.decline_reason = False
        with self.assertRaisesRegex(ValidationError, "Enter a reason"):
            self._suggest("Born declined", self.kiosk, stage_id=self.stages["declined"].id, state="new")

    def test_decline_wizard_tells_the_customer(self):
        suggestion = self._suggest("Smaller parcels", self.kiosk)
        wizards = self.env["customer.suggestion.decline"].with_user(self.clerk).with_context(active_id=suggestion.id)
        with Form(wizards) as form:
            self.assertTrue(form.tell)
            form.reason = "Too dear <b>now</b>"
        form.record.action_decline()
        self.assertEqual((suggestion.state, suggestion.decline_reason), ("declined", "Too dear <b>now</b>"))
        message = suggestion.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertIn("Too dear &lt;b&gt;now&lt;/b&gt;", message.body)
        self.assertEqual(message.partner_ids, self.kiosk)
        with self.assertRaisesRegex(UserError, "Enter a reason"):
            wizards.create({"reason": "  "}).action_decline()

    def test_decline_wizard_is_silent_without_address(self):
        suggestion = self._suggest("Smaller parcels", self._partner("Sugg Mute"))
        wizards = self.env["customer.suggestion.decline"].with_context(active_id=suggestion.id)
        wizard = wizards.create({"reason": "Too dear"})
        self.assertFalse(wizard.tell)
        wizard.action_decline()
        self.assertFalse(suggestion.message_ids.filtered(lambda m: m.message_type == "comment"))

    def test_day_of_implementation(self):
        suggestion = self._suggest("Smaller parcels", self.kiosk, state="planned")
        self.assertFalse(suggestion.date_implemented)
        suggestion.stage_id = self.stages["implemented"]
        self.assertEqual(suggestion.date_implemented, Date.context_today(suggestion))
        suggestion.stage_id = self.stages["planned"]
        self.assertFalse(suggestion.date_implemented)

    def test_area_names_who_is_responsible(self):
        self.area.user_id = self.clerk
        self.assertEqual(self._suggest("Smaller parcels", self.kiosk).user_id, self.clerk)
        kept = self._suggest("Smaller parcels", self.kiosk, user_id=self.manager.id)
        self.assertEqual(kept.user_id, self.manager)
        elsewhere = self._suggest("Smaller parcels", self.kiosk, company_id=self.other_company.id)
        self.assertFalse(elsewhere.user_id, "does not work in that company")

    def test_opportunity_is_made_once_with_links_both_ways(self):
        self.clerk.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        suggestion = self._suggest("Smaller parcels", self.kiosk).with_user(self.clerk)
        action = suggestion.action_create_opportunity()
        lead = suggestion.lead_id
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))
        self.assertEqual(
            (lead.name, lead.type, lead.partner_id, lead.company_id, lead.user_id),
            ("Smaller parcels", "opportunity", self.kiosk, self.company, self.clerk),
        )
        self.assertEqual(lead.suggestion_ids, suggestion)
        self.assertEqual(lead.action_view_suggestion()["res_id"], suggestion.id)
        self.assertEqual((suggestion.lead_stage_id, lead.suggestion_stage_id), (lead.stage_id, suggestion.stage_id))
        self.assertEqual(suggestion.action_create_opportunity()["res_id"], lead.id)
        self.assertEqual(self.env["crm.lead"].search_count([("name", "=", "Smaller parcels")]), 1)

    def test_stage_of_the_opportunity_is_told_to_its_readers(self):
        """Not to a colleague, or to a desk without sales: neither read nor searched."""
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        own, every = (
            new_test_user(self.env, f"stage_{name}", groups=f"sales_team.group_sale_{group}", **company)
            for name, group in (("own", "salesman"), ("every", "salesman_all_leads"))
        )
        suggestion = self._suggest("Smaller parcels", self.kiosk, user_id=every.id)
        suggestion.with_user(every).action_create_opportunity()
        stage = suggestion.lead_id.stage_id
        for user, told in ((self.clerk, stage.browse()), (own, stage.browse()), (every, stage)):
            seen = suggestion.with_user(user)
            self.assertEqual(seen.lead_stage_id.sudo(), told, user.login)
            with self.assertRaises(ValueError):
                seen.search([("lead_stage_id", "=", stage.id)])

    def test_each_button_above_a_form_says_something(self):
        """How many, or where it stands: a button with a word alone tells nothing."""
        views = self.env["ir.ui.view"].search([
            ("type", "=", "form"),
            ("model", "in", ["customer.suggestion", "customer.complaint", "crm.lead", "project.task"]),
        ]).filtered(lambda view: (view.xml_id or "").startswith("crm_customer_value"))
        for view in views:
            for button in etree.fromstring(view.arch).iter("button"):
                if "oe_stat_button" in (button.get("class") or "") and "_view_" in button.get("name"):
                    self.assertIsNotNone(button.find(".//field"), (view.xml_id, button.get("name")))

    def test_no_opportunity_without_sales_rights(self):
        suggestion = self._suggest("Smaller parcels", self.kiosk)
        with self.assertRaises(AccessError):
            suggestion.with_user(self.clerk).action_create_opportunity()
        self.assertFalse(suggestion.lead_id)

    def test_from_a_complaint(self):
        complaint = self.env["customer.complaint"].create({
            "name": "Crushed again", "partner_id": self.baker.id, "description": "<p>Third time</p>",
        })
        action = complaint.with_user(self.manager).action_create_suggestion()
        with Form(self.env["customer.suggestion"].with_user(self.manager).with_context(**action["context"])) as form:
            form.name = "Thicker boxes"
        suggestion = form.record
        self.assertEqual((suggestion.partner_id, suggestion.complaint_id), (self.baker, complaint))
        self.assertIn("Third time", suggestion.description)
        self.assertEqual((complaint.suggestion_ids, complaint.suggestion_count), (suggestion, 1))
        suggestion.active = False
        self.env.invalidate_all()
        self.assertEqual(complaint.suggestion_count, 1, "the button opens archived ones too")
        suggestion.active = True
        self.assertEqual(
            self.env["customer.suggestion"].search(complaint.action_view_suggestions()["domain"]), suggestion
        )

    def test_partner_counts_the_family(self):
        self._suggest("One", self.baker)
        self._suggest("Two", self.bakery)
        self._suggest("Three", self.kiosk)
        partners = (self.bakery | self.baker | self.helper | self.kiosk).with_user(self.clerk)
        self.assertEqual(partners.mapped("suggestion_count"), [2, 1, 0, 1])
        action = self.bakery.with_user(self.clerk).action_view_suggestions()
        self.assertEqual(self.env["customer.suggestion"].search_count(action["domain"]), 2)

    def test_companies_are_separated(self):
        hidden = self._suggest("Elsewhere", self.kiosk, company_id=self.other_company.id)
        self._support(hidden, self.baker)
        clerk = self.env["customer.suggestion"].with_user(self.clerk)
        self.assertFalse(clerk.search([("name", "=", "Elsewhere")]))
        with self.assertRaises(AccessError):
            hidden.with_user(self.clerk).read(["name"])
        with self.assertRaises(AccessError):
            hidden.support_ids.with_user(self.clerk).read(["partner_id"])

    def test_rights_of_employees(self):
        suggestion = self._suggest("Smaller parcels", self.kiosk)
        with self.assertRaises(AccessError):
            self.env["customer.suggestion"].with_user(self.internal).search([])
        suggestion.with_user(self.clerk).user_id = self.clerk
        with self.assertRaises(AccessError):
            suggestion.with_user(self.clerk).unlink()
        with self.assertRaises(AccessError):
            self.area.with_user(self.clerk).name = "Boxes"
        self.area.with_user(self.manager).name = "Boxes"
        suggestion.with_user(self.manager).unlink()

    def test_columns_and_bars_count_suggestions(self):
        """Cards, not supporters: two cards are 2, whoever supports them; bars have a name for each stage."""
        suggestions = self.env["customer.suggestion"].with_user(self.clerk)
        board = etree.fromstring(suggestions.get_view(view_type="kanban")["arch"])
        [bar] = board.iter("progressbar")
        self.assertIsNone(bar.get("sum_field"))
        graph = etree.fromstring(suggestions.get_view(view_type="graph")["arch"])
        self.assertEqual(
            [(node.get("name"), node.get("type")) for node in graph.iter("field")],
            [("stage_id", None), ("area_id", None)],
        )

    def test_views_open(self):
        suggestions = self.env["customer.suggestion"].with_user(self.clerk)
        for view in ("kanban", "list", "form", "pivot", "graph", "activity", "search"):
            self.assertTrue(suggestions.get_views([(False, view)])["views"][view]["arch"])
        with Form(suggestions) as form:
            form.name = "By phone"
            form.partner_id = self.baker
            with form.support_ids.new() as line:
                line.partner_id = self.kiosk
        self.assertEqual((form.record.support_count, form.record.commercial_partner_id), (1, self.bakery))
