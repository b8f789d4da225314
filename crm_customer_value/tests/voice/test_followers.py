from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..complaint_common import ComplaintCase


@tagged("post_install", "-at_install")
class TestFollowers(ComplaintCase):
    """Who follows a conversation with a customer is known to those who may read it, and to nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._desk_user("desk_clerk", "base.group_user")
        complaint = cls._complaint()
        archived = cls._complaint(active=False)
        suggestion = cls.env["customer.suggestion"].create({
            "name": "A longer cable", "description": "<p>It is too short.</p>", "partner_id": cls.customer.id,
            "company_id": cls.company.id,
        })
        for thread in (complaint, archived, suggestion, cls.neighbour):
            thread.message_subscribe(cls.branch.ids)
        cls.complaint = complaint
        cls.followers = cls.env["mail.followers"].search([("partner_id", "=", cls.branch.id)], order="id")
        cls.of_contact = cls.followers.filtered(lambda follower: follower.res_model == "res.partner")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_seen_by_who_reads_the_document(self):
        self.assertEqual((len(self.followers), len(self.of_contact)), (4, 1))
        domain = [("id", "in", self.followers.ids)]
        for user, seen in (
            (self.everybody, self.followers), (self.clerk, self.of_contact), (self.stranger, self.of_contact),
        ):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                followers = self._as(user, self.followers)
                self.assertEqual(followers.search(domain, order="id").sudo(), seen)
                self.assertEqual(followers.search_count(domain), len(seen))
                [(count,)] = followers._read_group(domain, [], ["__count"])
                self.assertEqual(count, len(seen))
                for follower in followers:
                    self.assertEqual(follower.has_access("read"), follower.sudo() in seen)
                    if follower.sudo() in seen:
                        self.assertEqual(follower.read(["res_id"])[0]["res_id"], follower.sudo().res_id)
                        continue
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        follower.read(["partner_id"])

    def test_shown_on_the_document(self):
        complaint = self._as(self.everybody, self.complaint)
        self.env.invalidate_all()
        self.assertIn(self.branch, complaint.message_follower_ids.partner_id)
        self.assertIn(self.branch, complaint.message_partner_ids)
