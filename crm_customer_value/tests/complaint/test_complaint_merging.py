from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..complaint_common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintMerging(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order(cls.customer, 5, 100.0)
        cls.stays = cls._complaint(name="First", user_id=cls.desk.id, compensation=20.0)
        cls.goes = cls._complaint(
            name="Second", partner_id=cls.branch.id, severity="high", order_id=cls.order.id,
            product_id=cls.product.id, compensation=30.0, handling_hours=1.5,
        )

    def test_everything_moves(self):
        message = self.goes.message_post(
            body="Look at the photo", message_type="comment", subtype_xmlid="mail.mt_comment",
            attachments=[("photo.txt", b"broken")],
        )
        note = self.goes.message_post(body="Known case")
        loose = self.env["ir.attachment"].create({
            "name": "loose.txt", "raw": b"x", "res_model": "customer.complaint", "res_id": self.goes.id,
        })
        self.goes.message_subscribe(self.neighbour.ids)
        activity = self.goes.activity_schedule("mail.mail_activity_data_todo", user_id=self.leader.id)
        self._as(self.desk, self.goes)._merge_into(self._as(self.desk, self.stays))
        moved = message | note
        self.assertEqual(set(moved.mapped("res_id")), {self.stays.id})
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(set((message.attachment_ids | loose).mapped("res_id")), {self.stays.id})
        self.assertIn(self.neighbour, self.stays.message_partner_ids)
        self.assertFalse(self.goes.message_partner_ids)
        self.assertEqual(activity.res_id, self.stays.id)
        self.assertEqual(
            [self.goes.state, self.goes.merged_into_id, self.goes.compensation, self.goes.handling_hours],
            ["closed", self.stays, 0.0, 0.0],
        )
        self.assertEqual(
            [self.stays.compensation, self.stays.handling_hours, self.stays.severity, self.stays.order_id,
             self.stays.product_id, self.stays.partner_id, self.stays.merged_count],
            [50.0, 1.5, "high", self.order, self.product, self.customer, 1],
        )
        self.assertIn(self.stays.display_name, self.goes.message_ids[0].body)
        self.assertIn(self.goes.display_name, self.stays.message_ids[0].body)

    def test_what_is_known_stays(self):
        other = self._order(self.customer, 3, 50.0)
        self.stays.write({"order_id": other.id, "order_line_id": other.order_line.id})
        self.goes.order_line_id = self.order.order_line
        self.goes._merge_into(self.stays)
        self.assertEqual((self.stays.order_id, self.stays.order_line_id), (other, other.order_line))

    def test_time_in_stages_is_not_mixed(self):
        self.cr.flush()  # what is made in this transaction is not tracked before
        tracked = self.goes.with_context(tracking_disable=False)
        tracked.stage_id = self._stage("handling")
        self.cr.flush()
        self.goes.invalidate_recordset()
        tracking = self.goes.message_ids.filtered("tracking_value_ids")
        self.assertTrue(tracking)
        self.goes._merge_into(self.stays)
        self.assertEqual(set(tracking.mapped("res_id")), {self.goes.id})

    def test_refused(self):
        cases = {
            "into itself": (self.stays, self.stays),
            "different customers": (self._complaint(partner_id=self.neighbour.id), self.stays),
            "different companies": (
                self._complaint(company_id=self.other_company.id, team_id=False), self.stays,
            ),
        }
        closed = self._complaint()
        closed._close()
        cases["has ended"] = (self.goes, closed)
        for message, (source, target) in cases.items():
            with self._refused(message):
                source._merge_into(target)
        self.goes._merge_into(self.stays)
        with self._refused("was merged into"):
            self.goes._merge_into(self._complaint())
        with self._refused("Reopen that one"):
            self.goes._reopen("Wrong")

    def test_two_customers_never_meet_in_one_thread(self):
        """A complaint of nobody does not bring those of two customers together."""
        nobodys = self._complaint(partner_id=False)
        others = self._complaint(partner_id=self.neighbour.id)
        with self._refused("different customers"):
            (self.goes | others)._merge_into(nobodys)
        self.goes._merge_into(nobodys)
        self.assertEqual(nobodys.partner_id, self.branch)

    def test_rights_on_both(self):
        hidden = self._complaint(user_id=self.leader.id)
        before = hidden.message_ids
        for source, target in ((hidden, self.stays), (self.stays, hidden)):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._as(self.desk, source)._merge_into(self._as(self.desk, target))
        self.assertEqual((hidden.state, hidden.message_ids, self.stays.state), ("received", before, "received"))

    def test_of_one_alone_the_user_chooses_the_other(self):
        self.stays.date_received = "2026-01-01"
        self._complaint(partner_id=self.neighbour.id)
        action = self._as(self.everybody, self.goes).action_merge()
        self.assertEqual(action["name"], "Merge Complaints")
        form = Form(self._as(self.everybody, self.env["customer.complaint.merge"]).with_context(**action["context"]))
        self.assertFalse(form.target_id)
        form.target_id = self._as(self.everybody, self.stays)
        wizard = form.save()
        self.assertEqual((wizard.choice_ids.sudo(), wizard.closing_ids.sudo()), (self.stays, self.goes))
        self.assertEqual(wizard.action_merge()["res_id"], self.stays.id)
        self.assertEqual(self.goes.merged_into_id, self.stays)

    def test_unknown_sender_is_offered_what_is_theirs(self):
        """Nothing is offered that merging would refuse."""
        unknown = self._complaint(partner_id=False, email_from="Oak <OAK@example.com>")
        again = self._complaint(partner_id=False, email_from="oak@example.com")
        self._complaint(partner_id=False, email_from="elm@example.com")
        self._complaint(partner_id=self.neighbour.id)
        action = self._as(self.everybody, unknown).action_merge()
        wizard = self._as(self.everybody, self.env["customer.complaint.merge"]).with_context(**action["context"]).new()
        self.assertEqual(wizard.choice_ids._origin.sudo(), self.stays | again)
        for target in wizard.choice_ids._origin:
            with self.cr.savepoint() as savepoint:
                unknown._merge_into(target.sudo())
                savepoint.rollback()

    def test_wizard_suggests_the_oldest_of_several(self):
        self.stays.date_received = "2026-01-01"
        action = self._as(self.everybody, self.goes | self.stays).action_merge()
        form = Form(self._as(self.everybody, self.env["customer.complaint.merge"]).with_context(**action["context"]))
        self.assertEqual(form.target_id, self.stays)

    def test_merged_customers_bring_their_complaints(self):
        theirs = self._complaint(partner_id=self.neighbour.id)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.customer | self.neighbour).ids, self.customer, extra_checks=False
        )
        self.env.invalidate_all()
        self.assertEqual((theirs.partner_id, theirs.commercial_partner_id), (self.customer, self.customer))
        self.assertEqual(self.customer.complaint_count, 3)

    def test_different_customers_are_refused_at_once(self):
        theirs = self._complaint(partner_id=self.neighbour.id)
        with self._refused("come from different customers"):
            self._as(self.everybody, self.goes | theirs).action_merge()

    def test_what_took_over_others_is_not_deleted(self):
        self.goes.message_post(body="What we know")
        self.goes._merge_into(self.stays)
        with self._refused("contains the messages of CC.*Archive it instead"):
            self.stays.unlink()
        self.goes.unlink()
        self.stays.unlink()

    def test_other_product_than_the_order_line(self):
        target = self._complaint(order_id=self.order.id, order_line_id=self.order.order_line[0].id, product_id=False)
        other = self._complaint(product_id=self.product.copy().id)
        other._merge_into(target)
        self.assertEqual(target.order_line_id, self.order.order_line[0])
        self.assertFalse(target.product_id, "it would not be the one of the line")
