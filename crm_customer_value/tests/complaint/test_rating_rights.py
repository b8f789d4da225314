from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

RIGHTS = "crm_customer_value.group_service_%s"


@tagged("post_install", "-at_install")
class TestRatingRights(TransactionCase):
    """What customers said about complaints is read by who reads the complaint, and changed by nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env["res.company"].create({"name": "Rating Here"})
        cls.there = cls.env["res.company"].create({"name": "Rating There"})
        cls.env.user.company_ids |= cls.here | cls.there
        cls.env = cls.env(context={
            **cls.env.context, "allowed_company_ids": (cls.here | cls.there).ids, "tracking_disable": True,
        })

        def user(name, group, company=cls.here):
            return new_test_user(
                cls.env, f"rating_{name}", groups=group, company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )

        cls.agent = user("agent", RIGHTS % "all")
        cls.clerk = user("clerk", "base.group_user")
        cls.elsewhere = user("elsewhere", RIGHTS % "all", cls.there)
        cls.own = user("own", RIGHTS % "own")
        team = cls.env["customer.complaint.team"].create({"name": "Rating Team", "company_id": cls.here.id})
        partner = cls.env["res.partner"].create({"name": "Rating Customer"})
        cls.complaints = cls.env["customer.complaint"].create([
            {
                "name": f"Complaint {number}", "description": "<p>The box was empty.</p>", "partner_id": partner.id,
                "team_id": team.id, "company_id": cls.here.id,
            }
            for number in range(2)
        ])
        cls.complaints[1].active = False
        cls.ratings = cls._rating(cls.complaints[0], 1) + cls._rating(cls.complaints[1], 2)
        cls.other = cls._rating(partner, 4)

    @classmethod
    def _rating(cls, record, stars):
        return cls.env["rating.rating"].create({
            "res_model_id": cls.env["ir.model"]._get_id(record._name), "res_id": record.id,
            "rating": stars, "feedback": f"{stars} stars", "consumed": True,
        })

    def _as(self, user, records):
        return records.with_user(user).with_context(allowed_company_ids=None)

    def test_read_by_who_reads_the_complaint(self):
        ids = [("id", "in", (self.ratings + self.other).ids)]
        for user, seen in (
            (self.agent, self.ratings + self.other), (self.clerk, self.other), (self.elsewhere, self.other),
            (self.own, self.other),
        ):
            with self.subTest(user=user.login):
                found = self._as(user, self.env["rating.rating"])
                self.assertEqual(found.search(ids, order="id").sudo(), seen)
                self.assertEqual(found.search_count(ids), len(seen))
                [(count,)] = found._read_group(ids, [], ["__count"])
                self.assertEqual(count, len(seen))
                self.assertEqual(found.browse(self.other.ids).read(["feedback"])[0]["feedback"], "4 stars")
                for rating in self.ratings:
                    mine = found.browse(rating.id)
                    mine.invalidate_recordset()
                    if rating in seen:
                        self.assertTrue(mine.read(["feedback", "access_token", "rating"]))
                        continue
                    with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                        mine.read(["feedback"])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_changed_by_nobody(self):
        complaint = self.complaints[0]
        for user in (self.agent, self.clerk):
            ratings = self._as(user, self.ratings)
            attempts = [
                lambda ratings=ratings: ratings[0].write({"rating": 5}),
                lambda ratings=ratings: ratings[0].reset(),
                lambda ratings=ratings: ratings[0].unlink(),
                lambda ratings=ratings: ratings.create({
                    "res_model_id": self.ratings[0].res_model_id.id, "res_id": complaint.id, "rating": 5,
                    "consumed": True,
                }),
                lambda user=user: self._as(user, self.other).write({
                    "res_model_id": self.ratings[0].res_model_id.id, "res_id": complaint.id,
                }),
            ]
            for number, attempt in enumerate(attempts):
                with (
                    self.subTest(user=user.login, number=number),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    attempt()
                    self.env.flush_all()
                self.env.invalidate_all()
        message = self._as(self.agent, complaint).message_post(
            body="Great", rating_value=5, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertFalse(message.sudo().rating_ids)
        self.assertEqual(self.ratings.mapped("rating"), [1.0, 2.0])
        self.assertEqual(complaint.rating_ids, self.ratings[0])
        # Of everything else, it is as Odoo has it.
        self._as(self.clerk, self.other).write({"rating": 3})

    def test_checked_at_once(self):
        ratings = self.env["rating.rating"]
        for complaint in self.complaints:
            ratings += sum((self._rating(complaint, 3) for __ in range(5)), ratings.browse())
        counts = []
        for some in (ratings[:2], ratings):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._as(self.agent, some).check_access("read")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0])
