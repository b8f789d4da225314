from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import channel
from ..contact_know_case import KnowCase


@tagged("post_install", "-at_install")
class TestPhoneLookup(KnowCase):
    """One screen with all that a call needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lookups = cls.env["customer.phone.lookup"].with_user(cls.agent)
        cls.baker.phone = "+49 170 9876543"
        cls.bakery.user_id = False
        stage = cls.env["customer.lifecycle.stage"].create({"name": "Baking", "purchases": "never"})
        cls.env["customer.value"].create({
            "partner_id": cls.bakery.id, "company_id": cls.company.id, "value_class": "a",
            "lifecycle_stage_id": stage.id,
        })

    def _complaint(self, **values):
        return self.env["customer.complaint"].create({
            "name": "Cold bread", "description": "<p>All of it</p>", "partner_id": self.baker.id,
            "company_id": self.company.id, "user_id": self.agent.id, **values,
        })

    def test_one_hit_shows_everything(self):
        complaint = self._complaint()
        closed = self._complaint(name="Old")
        closed._close()
        notes = self.env["customer.contact.note"].create({
            "partner_id": self.bakery.id, "text": "Call late", "company_id": self.company.id,
        })
        logs = self.env["customer.contact.log"].create([
            {
                "partner_id": self.baker.id, "company_id": self.company.id, "summary": f"Call {number}",
                "channel_id": channel(self.env, "phone"), "date": f"2026-01-0{number} 10:00:00",
            }
            for number in range(1, 8)
        ])
        self.baker.service_hours = "morning"
        with Form(self.lookups) as form:
            form.number = "0170 98 76 543"
            self.assertEqual(form.partner_id, self.baker)
        lookup = form.record
        self.assertEqual(lookup.commercial_partner_id, self.bakery)
        self.assertEqual((lookup.value_class, lookup.lifecycle_stage_name), ("a", "Baking"))
        self.assertEqual(lookup.complaint_ids, complaint)
        self.assertEqual(lookup.contact_log_ids, logs.sorted("date", reverse=True)[:5])
        self.assertEqual(lookup.note_ids, notes)
        self.assertIn("In the Morning", lookup.service_hint)
        self.assertFalse(lookup.complaint_warning)

    def test_warnings(self):
        self._complaint(severity="critical")
        self.bakery.is_relationship_broken = True
        lookup = self.lookups.create({"number": "01709876543"})
        self.assertIn("open severe complaint", lookup.complaint_warning)
        self.assertTrue(lookup.is_relationship_broken)

    def test_several_hits(self):
        self.kiosk.phone = "0170 9876543"
        with Form(self.lookups) as form:
            form.number = "+491709876543"
            self.assertFalse(form.partner_id)
            self.assertEqual(form.match_count, 2)
            form.partner_id = self.kiosk
        self.assertEqual(form.record.partner_id, self.kiosk)

    def test_archived(self):
        """Who had the number is shown where nobody has it any more, with a warning; nothing is logged with them."""
        self.baker.active = False
        with Form(self.lookups) as form:
            form.number = "01709876543"
            self.assertEqual((form.partner_id, form.is_archived), (self.baker, True))
        self.assertEqual(form.record.match_ids, self.baker)
        self.kiosk.phone = "0170 9876543"
        lookup = self.lookups.create({"number": "01709876543"})
        self.assertEqual((lookup.partner_id, lookup.is_archived), (self.kiosk, False))

    def test_nobody(self):
        lookup = self.lookups.create({"number": "0170 1111111"})
        self.assertFalse(lookup.partner_id or lookup.match_ids or lookup.can_create)
        with self.assertRaises(AccessError):
            lookup.action_new_contact()
        self.assertEqual(lookup.action_new_complaint()["context"]["default_phone"], "0170 1111111")
        mine = self.env["customer.phone.lookup"].with_user(self.seller).create({"number": "0170 1111111"})
        self.assertTrue(mine.can_create)
        self.assertEqual(mine.action_new_contact()["context"], {"default_phone": "0170 1111111"})

    def test_buttons(self):
        lookup = self.lookups.create({"number": "01709876543"})
        action = lookup.action_log_contact()
        form = Form(self.env[action["res_model"]].with_user(self.agent).with_context(**action["context"]))
        form.summary = "Wants more"
        form.next_step = "Send the new prices"
        form.save().action_log()
        log = self.env["customer.contact.log"].search([("partner_id", "=", self.baker.id)])
        self.assertEqual(self.baker.activity_ids.summary, "Send the new prices")
        self.assertEqual(
            (log.partner_id, log.channel_id.code, log.direction, log.user_id), (self.baker, "phone", "in", self.agent)
        )
        self.assertEqual(lookup.action_new_complaint()["context"]["default_partner_id"], self.baker.id)
        self.assertEqual(lookup.action_open_customer()["res_id"], self.baker.id)

    def test_no_amounts_and_no_stranger(self):
        """Whoever writes the number of a contact they may not read into the form sees nothing."""
        self.baker.company_id = self._make_company("Know Far Company")
        self.assertFalse(self.lookups.create({"number": "01709876543"}).partner_id)
        with self.assertRaises(AccessError):
            self.lookups.create({"partner_id": self.baker.id})
        amounts = [
            name for name, field in self.lookups._fields.items() if field.type == "monetary" or "revenue" in name
        ]
        self.assertEqual(amounts, [])

    def test_service_sees_class_and_stage_and_no_amount(self):
        """On the contact and on the complaint."""
        complaint = self._complaint()
        for record in (self.baker, complaint):
            record = record.with_user(self.agent)
            self.assertEqual(
                record.read(["value_class", "lifecycle_stage_name"])[0]["lifecycle_stage_name"], "Baking"
            )
            self.assertEqual(record.value_class, "a")
        for name in ("customer_value_id", "shown_value_at_risk", "lifecycle_stage_id", "value_index"):
            with self.assertRaises(AccessError):
                self.baker.with_user(self.agent).read([name])
        arch = self.baker.with_user(self.agent).get_view(self.env.ref("base.view_partner_form").id)["arch"]
        self.assertIn('name="lifecycle_stage_name"', arch)
        self.assertNotIn('name="value_index"', arch)
        arch = self.baker.with_user(self.seller).get_view(self.env.ref("base.view_partner_form").id)["arch"]
        self.assertNotIn('name="lifecycle_stage_name"', arch)
        arch = complaint.with_user(self.agent).get_view(
            self.env.ref("crm_customer_value.customer_complaint_view_form").id
        )["arch"]
        self.assertIn('name="lifecycle_stage_name"', arch)
