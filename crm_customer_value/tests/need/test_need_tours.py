from odoo.tests import HttpCase, tagged

from .need_case import NeedCase


@tagged("post_install", "-at_install")
class TestNeedTours(NeedCase, HttpCase):
    """What people do in a conversation, in a browser."""

    def test_need(self):
        self.start_tour(f"/odoo/res.partner/{self.bakery.id}", "customer_need_note_tour", login="need_seller")
        need = self.env["customer.need"].search([("commercial_partner_id", "=", self.bakery.id)])
        self.assertEqual(
            (need.type_id, need.words, need.importance, need.user_id),
            (self.saving, "Flour gets dearer", 5, self.seller),
        )

    def test_objection(self):
        answer = self.env["customer.need.answer"].create({"text": "See what you gain", "type_id": self.dear.id})
        self._objection(answer_id=answer.id, helped_said="yes")
        lead = self._lead(user_id=self.seller.id)
        self.start_tour(f"/odoo/crm.lead/{lead.id}", "customer_need_objection_tour", login="need_seller")
        objection = self.env["customer.need"].search([("lead_id", "=", lead.id)])
        self.assertEqual(
            (objection.kind, objection.partner_id, objection.answer_id.text, objection.source),
            ("objection", self.bakery, "It lasts ten years", "opportunity"),
        )
        self.assertEqual(objection.answer_id.type_id, self.dear)
