from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .need_case import NeedCase


@tagged("post_install", "-at_install")
class TestObjection(NeedCase):
    """What was answered to an objection, and whether it helped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.won = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.gain, cls.rebate = cls.env["customer.need.answer"].create([
            {"text": "See what you gain", "type_id": cls.dear.id},
            {"text": "Take a rebate", "type_id": cls.dear.id},
        ])

    def _answered(self, answer, outcome=None, **values):
        """Return an objection that was answered in an opportunity, won or lost since if that is said."""
        lead = self._lead()
        objection = self._objection(lead_id=lead.id, answer_id=answer.id, **values)
        if outcome == "won":
            lead.stage_id = self.won
        elif outcome == "lost":
            lead.action_set_lost()
        return objection

    def test_helped_follows_from_the_opportunity(self):
        objection = self._answered(self.gain)
        lead = objection.lead_id
        self.assertFalse(objection.helped)
        lead.action_set_lost()
        self.assertEqual(objection.helped, "no")
        lead.action_restore()
        self.assertFalse(objection.helped)
        lead.stage_id = self.won
        self.assertEqual(objection.helped, "yes")

    def test_unless_somebody_says_so(self):
        objection = self._answered(self.gain, "won", helped_said="no")
        self.assertEqual(objection.helped, "no")
        objection.helped_said = False
        self.assertEqual(objection.helped, "yes")
        alone = self._objection(answer_id=self.gain.id)
        self.assertFalse(alone.helped)
        alone.helped_said = "yes"
        self.assertEqual(alone.helped, "yes")

    def test_without_an_answer_nothing_helped(self):
        lead = self._lead()
        objection, need = self._objection(lead_id=lead.id), self._need(lead_id=lead.id)
        lead.stage_id = self.won
        self.assertFalse(objection.helped or need.helped)
        objection.answer_id = self.gain
        self.assertEqual(objection.helped, "yes")

    def test_overcome(self):
        """An objection is open until its answer helped; needs have states of their own."""
        objection = self._answered(self.gain)
        self.assertEqual(objection.objection_state, "open")
        objection.lead_id.action_set_lost()
        self.assertEqual(objection.objection_state, "open")
        objection.lead_id.action_restore()
        objection.lead_id.stage_id = self.won
        self.assertEqual((objection.objection_state, objection.state), ("overcome", "open"))
        objection.helped_said = "no"
        self.assertEqual(objection.objection_state, "open")
        objection.state = "met"
        self.assertEqual(objection.objection_state, "overcome")
        self.assertFalse(self._need(state="met").objection_state)

    def test_views_without_the_states_of_needs(self):
        """Objections, and both kinds together, stand in no columns of "Partly Met" or "Met"."""
        self._objection()
        alone = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_need_objections_action")
        for action, shown in ((alone, ("kanban", "pivot", "graph")), (self.bakery.action_view_needs(), ("kanban",))):
            for view_id, view_type in action["views"]:
                if view_type in shown:
                    arch = self.env["customer.need"].get_view(view_id, view_type)["arch"]
                    self.assertNotIn('default_group_by="state"', arch)
                    # A card knows the state of a need; what is counted by state would mix both kinds.
                    self.assertEqual('name="state"' in arch, view_type == "kanban", view_type)

    def test_success(self):
        """Seven of eleven, of thirteen times that it was given."""
        for outcome in ["won"] * 7 + ["lost"] * 4 + [None] * 2:
            self._answered(self.gain, outcome)
        gain = self._as(self.seller, self.gain)
        self.assertEqual((gain.given_count, gain.decided_count, gain.helped_count), (13, 11, 7))
        self.assertEqual(gain.success, "helped 7 of 11 times")
        self.assertFalse(self.rebate.success)
        self.gain.need_ids.filtered(lambda need: need.helped == "no")[0].active = False
        self.assertEqual(self.gain.success, "helped 7 of 10 times")
        # What helped at the customer of a colleague helps here, too.
        theirs = self._objection(
            self.kiosk, answer_id=self.gain.id, helped_said="yes", user_id=self.colleague.id
        )
        self.env.invalidate_all()
        self.assertFalse(self._as(self.seller, self.env["customer.need"]).search([("id", "=", theirs.id)]))
        self.assertEqual(gain.success, "helped 8 of 11 times")

    def test_best_first(self):
        """What helped most often, where it was tried; once is not better than seven of eleven."""
        once, untried, bad = self.env["customer.need.answer"].create([
            {"text": text, "type_id": self.dear.id} for text in ("Once", "Untried", "Bad")
        ])
        for answer, won, lost in ((self.gain, 7, 4), (once, 1, 0), (bad, 0, 3), (self.rebate, 4, 1)):
            for outcome in ["won"] * won + ["lost"] * lost:
                self._answered(answer, outcome)
        answers = self._as(self.seller, self.env["customer.need.answer"])
        domain = [("type_id", "=", self.dear.id)]
        # (helped + 1) / (decided + 3): 5/8, 8/14, 2/4, 1/3, 1/6.
        expected = self.rebate | self.gain | once | untried | bad
        self.assertEqual([number for number, _name in answers.name_search("", domain)], expected.ids)
        self.assertEqual([number for number, _name in answers.name_search("", domain, limit=2)], expected[:2].ids)
        self.assertEqual([number for number, _name in answers.name_search("gain", domain)], self.gain.ids)
        self.assertEqual(self.dear.best_answer_ids.ids, expected.ids)
        [offered] = answers.web_name_search("gain", {"display_name": {}}, domain)
        self.assertEqual(offered["__formatted_display_name"], "See what you gain\n--helped 7 of 11 times--")

    def test_new_answer_on_the_fly(self):
        answers = self._as(self.seller, self.env["customer.need.answer"]).with_context(default_type_id=self.dear.id)
        number, _name = answers.name_create("It lasts ten years")
        self.assertEqual(self.env["customer.need.answer"].browse(number).type_id, self.dear)

    def test_answers_of_their_objection(self):
        other = self.env["customer.need.type"].create({"name": "Other", "kind": "objection"})
        with self.assertRaisesRegex(ValidationError, "another objection"):
            self._need(need_type=other, answer_id=self.gain.id)
        with self.assertRaisesRegex(ValidationError, "Answers belong to objections"):
            self.env["customer.need.answer"].create({"text": "Yes", "type_id": self.saving.id})
        view = self.env.ref("crm_customer_value.customer_need_view_form_objection")
        with Form(self.env["customer.need"].with_context(default_partner_id=self.bakery.id), view=view) as form:
            form.type_id = self.dear
            form.answer_id = self.gain
            form.type_id = other
            self.assertFalse(form.answer_id)

    def test_other_companies_do_not_count(self):
        other = self._make_company("Need Other Company")
        self.env.user.company_ids |= other
        self._answered(self.gain, "won")
        self.env["customer.need"].create({
            "partner_id": self.bakery.id, "company_id": other.id, "type_id": self.dear.id,
            "answer_id": self.gain.id, "helped_said": "no",
        })
        self.assertEqual(self._as(self.seller, self.gain).success, "helped 1 of 1 times")
        both = self.gain.with_context(allowed_company_ids=(self.company | other).ids)
        self.assertEqual(both.success, "helped 1 of 2 times")
