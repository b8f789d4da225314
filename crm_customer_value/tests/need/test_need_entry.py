from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .need_case import NeedCase


@tagged("post_install", "-at_install")
class TestNeedEntry(NeedCase):
    """A need is noted in a few seconds, wherever one hears of it."""

    def _note(self, record, user, method="action_new_need"):
        """Return the small dialog that a button opens for somebody, as a form."""
        action = getattr(self._as(user, record), method)()
        self.assertEqual(action["target"], "new")
        needs = self._as(user, self.env["customer.need"]).with_context(**action["context"])
        return Form(needs, view=self.env["ir.ui.view"].browse(action["views"][0][0]))

    def test_on_a_contact(self):
        form = self._note(self.baker, self.seller)
        form.type_id = self.saving
        form.words = "Flour gets dearer"
        form.importance = 5
        need = form.save()
        self.assertEqual(
            (need.partner_id, need.commercial_partner_id, need.source, need.user_id, need.importance, need.kind),
            (self.baker, self.bakery, "staff", self.seller, 5, "need"),
        )

    def test_where_it_comes_from(self):
        """Customer, contact, company, category and source by themselves, in the dialog and for programs."""
        complaint = self.env["customer.complaint"].create({
            "name": "Cold", "description": "<p>The oven is cold</p>", "partner_id": self.baker.id,
            "company_id": self.company.id, "product_id": self.product.id, "user_id": self.seller.id,
        })
        suggestion = self.env["customer.suggestion"].create({
            "name": "Warmer", "partner_id": self.baker.id, "company_id": self.company.id,
            "product_id": self.product.id,
        })
        lead = self._lead(self.baker, user_id=self.seller.id)
        for record, field, source, category in (
            (complaint, "complaint_id", "complaint", self.category),
            (suggestion, "suggestion_id", "suggestion", self.category),
            (lead, "lead_id", "opportunity", self.env["product.category"]),
        ):
            with self.subTest(source=source):
                form = self._note(record, self.seller)
                self.assertEqual(form.partner_id, self.baker)
                form.type_id = self.calm
                noted = form.save()
                made = self._as(self.seller, self.env["customer.need"]).create({
                    field: record.id, "type_id": self.calm.id,
                })
                for need in (noted, made):
                    self.assertEqual(
                        (need.partner_id, need.company_id, need.source, need[field], need.product_categ_id),
                        (self.baker, self.company, source, self._as(self.seller, record), category),
                    )
                self.assertFalse(noted.product_id, "what it is about does not meet the need yet")
                self.env.invalidate_all()
                self.assertEqual((record.need_count, record.objection_count), (2, 0))
        self.assertEqual(self.baker.need_count, 6)

    def test_what_is_said_wins_over_what_it_comes_from(self):
        lead = self._lead(self.baker)
        need = self.env["customer.need"].create({
            "lead_id": lead.id, "type_id": self.calm.id, "partner_id": self.bakery.id, "source": "visit",
        })
        self.assertEqual((need.partner_id, need.source), (self.bakery, "visit"))

    def test_objection_in_an_opportunity(self):
        lead = self._lead(user_id=self.seller.id)
        form = self._note(lead, self.seller, "action_new_objection")
        form.type_id = self.dear
        self.assertEqual(form.advice, "Compared with what?")
        objection = form.save()
        self.assertEqual(
            (objection.kind, objection.lead_id.id, objection.partner_id), ("objection", lead.id, self.bakery)
        )
        self.assertEqual((lead.need_count, lead.objection_count), (0, 1))

    def test_button_shows_or_notes(self):
        """Where there is nothing yet, the button notes the first; then it shows all of the company."""
        self.assertEqual(self._as(self.seller, self.bakery).action_view_needs()["target"], "new")
        needs = self._need(self.baker) | self._objection(self.bakery)
        self._need(self.kiosk)
        self.env.invalidate_all()
        for contact in (self.bakery, self.baker):
            seen = self._as(self.seller, contact)
            self.assertEqual((seen.need_count, seen.objection_count), (1, 1))
            action = seen.action_view_needs()
            found = self._as(self.seller, self.env["customer.need"]).search(action["domain"])
            self.assertEqual(found.ids, needs.sorted(lambda need: (-need.importance, -need.id)).ids)
            self.assertEqual(action["context"]["default_partner_id"], contact.id)

    def test_counts_are_those_one_may_read(self):
        self._need(self.kiosk)
        self.assertEqual(self._as(self.seller, self.kiosk).need_count, 0)
        self.assertEqual(self._as(self.leader, self.kiosk).need_count, 1)

    def test_forms_offer_it(self):
        def form(model, user):
            return self._as(user, self.env[model]).get_views([(False, "form")])["views"]["form"]["arch"]

        internal = self._user("need_internal", "base.group_user,base.group_partner_manager")
        for model in ("res.partner", "customer.complaint", "customer.suggestion"):
            self.assertIn("action_view_needs", form(model, self.agent), model)
        self.assertIn("action_new_objection", form("crm.lead", self.seller))
        self.assertNotIn("action_view_needs", form("res.partner", internal))
        with self.assertRaises(AccessError):
            self._as(internal, self.bakery).action_new_need()

    def test_merged_opportunities(self):
        """What customers objected to goes with their opportunity."""
        first, second = self._lead(), self._lead()
        objection = self._objection(lead_id=second.id)
        (first | second)._merge_opportunity(auto_unlink=True)
        self.assertTrue(objection.lead_id)
        self.assertEqual(objection.lead_id, (first | second).exists())

    def test_suggestion_of_needs(self):
        """One for all of them, with those behind it who said so; the customers' words stay here."""
        needs = (
            self._need(self.baker, words="Secret words") | self._need(self.bakery) | self._need(self.free)
            | self._need(self.kiosk, is_guess=True)
        )
        needs.product_categ_id = self.category
        action = self._as(self.leader, needs).action_create_suggestion()
        suggestion = self.env["customer.suggestion"].browse(action["res_id"])
        self.assertEqual((suggestion.name, suggestion.company_id), ("Need Ovens: Need to save", self.company))
        self.assertEqual(suggestion.support_ids.partner_id, self.baker | self.bakery | self.free)
        self.assertNotIn("Secret", suggestion.description or "")
        self.assertEqual(needs.suggestion_id, suggestion)
        self.assertEqual(self._as(self.leader, needs).action_create_suggestion()["res_id"], suggestion.id)
        self.assertEqual(suggestion.support_count, 3)
        late = self._need(self.kiosk)
        self._as(self.leader, needs | late).action_create_suggestion()
        self.assertEqual((late.suggestion_id, suggestion.support_count), (suggestion, 4))

    def test_what_does_not_go_together(self):
        other = self._make_company("Need Other Company")
        need, calm = self._need(product_categ_id=self.category.id), self._need(need_type=self.calm)
        far = self.env["customer.need"].create({
            "partner_id": self.bakery.id, "company_id": other.id, "type_id": self.saving.id,
        })
        for needs, words in (
            (need | calm, "about one thing"), (need | far, "of one company"), (need | self._objection(), "needs only"),
            (need.browse(), "Select the needs first"),
        ):
            with self.assertRaisesRegex(UserError, words):
                needs.action_create_suggestion()
        with self.assertRaisesRegex(UserError, "of one company"):
            (need | far).action_create_opportunities()
        # What was answered already is not asked again.
        first = self.env["customer.suggestion"].browse(need.action_create_suggestion()["res_id"])
        first.stage_id = self.env["customer.suggestion.stage"].search([("state", "=", "implemented")], limit=1)
        self.assertNotEqual(need.action_create_suggestion()["res_id"], first.id)
        self.assertEqual(need.suggestion_id.name, "Need Ovens: Need to save")

    def test_opportunities_of_needs(self):
        """One for each customer, once."""
        needs = self._need(self.baker, words="Cheaper <b>flour</b>") | self._need(self.bakery, self.calm)
        needs |= self._need(self.free)
        action = self._as(self.leader, needs).action_create_opportunities()
        leads = self.env["crm.lead"].search(action["domain"])
        self.assertEqual(len(leads), 2)
        lead = leads.filtered(lambda lead: lead.partner_id == self.baker)
        self.assertEqual(
            (lead.name, lead.user_id, lead.type), ("Need to save, Need of calm", self.leader, "opportunity")
        )
        self.assertIn("Cheaper &lt;b&gt;flour", lead.description)
        self.assertEqual((needs[0].lead_id, needs[1].lead_id), (lead, lead))
        self._as(self.leader, needs).action_create_opportunities()
        self.assertEqual(self.env["crm.lead"].search_count([("partner_id", "in", (self.baker | self.free).ids)]), 2)
