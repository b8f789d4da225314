from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from .need_case import NeedCase

REVIEW = "crm_customer_value.mail_activity_type_need_review"
MODULE = "crm_customer_value"


@tagged("post_install", "-at_install")
class TestNeed(NeedCase):
    """What a need is, since when it is met, and when somebody looks at it again."""

    def _history(self, need):
        return [(change.date, change.state, change.product_id) for change in need.change_ids.sorted("id")]

    def test_met_and_unmet_and_met_again(self):
        """Each state with its day: what a need was on any earlier day can be told."""
        none = self.env["product.product"]
        with freeze_time("2026-03-02 12:00:00"):
            need = self._need(date=date(2026, 2, 20))
        self.assertEqual((need.state, need.date_state), ("open", date(2026, 2, 20)))
        for day, state, product in (
            (date(2026, 3, 10), "met", self.product), (date(2026, 4, 1), "open", none),
            (date(2026, 5, 31), "met", self.product),
        ):
            with freeze_time(f"{day} 12:00:00"):
                need.write({"state": state, "product_id": product.id})
            self.assertEqual((need.state, need.date_state), (state, day))
        self.assertEqual(self._history(need), [
            (date(2026, 2, 20), "open", none), (date(2026, 3, 10), "met", self.product),
            (date(2026, 4, 1), "open", none), (date(2026, 5, 31), "met", self.product),
        ])
        with freeze_time("2026-06-30 12:00:00"):
            need.state = "met"
        self.assertEqual(need.date_state, date(2026, 5, 31), "it has been met all the time")
        self.assertEqual(len(need.change_ids), 4)

    def test_two_changes_of_one_day(self):
        with freeze_time("2028-02-29 23:30:00"):
            need = self._need()
            need.state = "met"
            need.state = "partly"
        need.invalidate_recordset()
        self.assertEqual([change.state for change in need.change_ids], ["partly", "met", "open"], "the newest first")
        self.assertEqual(need.date_state, date(2028, 2, 29))

    def test_corrections(self):
        """The day and the product may be corrected: what was noted follows."""
        with freeze_time("2026-03-02 12:00:00"):
            need = self._need()
            need.date = date(2026, 1, 15)
        self.assertEqual((need.date_state, need.change_ids.date), (date(2026, 1, 15), date(2026, 1, 15)))
        with freeze_time("2026-03-10 12:00:00"):
            need.state = "met"
            need.product_id = self.product
            need.date = date(2026, 2, 1)
            self.assertEqual(need.date_state, date(2026, 3, 10))
            self.assertEqual(self._history(need), [
                (date(2026, 2, 1), "open", self.env["product.product"]), (date(2026, 3, 10), "met", self.product),
            ])
        with freeze_time("2026-03-20 12:00:00"), self.assertRaisesRegex(ValidationError, "changed on 03/10/2026"):
            need.date = date(2026, 3, 11)

    def test_day_to_come(self):
        today = Date.context_today(self.env["customer.need"])
        self._need(date=today)
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self._need(date=today + timedelta(days=1))

    def test_archived_contact(self):
        need = self._need(self.baker)
        self.baker.active = False
        need.words = "They still say so"
        with self.assertRaisesRegex(ValidationError, "Need Baker is archived. Restore"):
            self._need(self.baker)

    def test_importance(self):
        for importance in (0, 6, -1):
            with (
                self.subTest(importance), mute_logger("odoo.sql_db"), self.env.cr.savepoint(),
                self.assertRaises(CheckViolation),
            ):
                self._need(importance=importance)

    def test_contact_moves(self):
        need = self._need(self.baker)
        self.assertEqual(need.commercial_partner_id, self.bakery)
        self.baker.parent_id = self.kiosk
        self.assertEqual(need.commercial_partner_id, self.kiosk)
        self.assertEqual((self.bakery.need_count, self.kiosk.need_count), (0, 1))

    def _reviews(self, need):
        return need.activity_search([REVIEW])

    def test_look_again(self):
        """One activity, which goes with the day and the person, and ends with the need."""
        need = self._need(user_id=self.seller.id)
        self.assertFalse(self._reviews(need))
        day = Date.context_today(need) + timedelta(days=30)
        need.date_review = day
        review = self._reviews(need)
        self.assertEqual((review.date_deadline, review.user_id), (day, self.seller))
        need.write({"date_review": day + timedelta(days=7), "user_id": self.leader.id})
        self.assertEqual(self._reviews(need), review)
        self.assertEqual((review.date_deadline, review.user_id), (day + timedelta(days=7), self.leader))
        need.state = "partly"
        self.assertEqual(self._reviews(need), review)
        need.state = "met"
        self.assertFalse(self._reviews(need))
        need.state = "open"
        self.assertEqual(self._reviews(need).date_deadline, day + timedelta(days=7))
        need.date_review = False
        self.assertFalse(self._reviews(need))
        again = self._need(user_id=self.seller.id, date_review=day)
        self.assertEqual(len(self._reviews(again)), 1)
        again.active = False
        self.assertFalse(self._reviews(again))

    def test_look_again_by_whoever_may_write(self):
        need = self._as(self.seller, self._need(user_id=self.seller.id))
        need.date_review = Date.context_today(need)
        self.assertEqual(self._reviews(need).user_id, self.seller)
        found = need.search([("state", "in", ["open", "partly"]), ("date_review", "<=", "today")])
        self.assertIn(need, found)

    def test_ready_types(self):
        """Thirty needs in three dimensions, eight objections; each gives advice, ten are of an industry."""
        data = self.env["ir.model.data"].search([
            ("module", "=", MODULE), ("model", "=", "customer.need.type"), ("noupdate", "=", True),
        ])
        types = self.env["customer.need.type"].browse(data.mapped("res_id"))
        needs = types.filtered(lambda need_type: need_type.kind == "need")
        self.assertEqual((len(needs), len(types - needs)), (30, 8))
        counts = {name: len(group) for name, group in needs.grouped("dimension").items()}
        self.assertEqual(counts, {"economic": 10, "functional": 10, "emotional": 10})
        self.assertTrue(all(types.mapped("advice")))
        industries = needs.industry_ids
        self.assertEqual(len(needs.filtered("industry_ids")), 10)
        self.assertEqual(
            set(industries.get_external_id().values()), {f"base.res_partner_industry_{letter}" for letter in "CGIJM"}
        )

    def test_types_in_use_stay_what_they_are(self):
        self._need().active = False
        with self.assertRaisesRegex(UserError, "“Need to save” is in use"):
            self.saving.kind = "objection"
        self.calm.write({"kind": "objection", "dimension": False})
        with self.assertRaisesRegex(ValidationError, "economic, functional or emotional"):
            self.saving.dimension = False

    def test_types_say_their_dimension_where_one_chooses(self):
        self.assertEqual(self.calm.display_name, "Need of calm")
        [found] = self.env["customer.need.type"].web_name_search("Need of calm", {"display_name": {}})
        self.assertEqual(found["__formatted_display_name"], "Need of calm \t --Emotional--")

    def test_customers_are_marked(self):
        """A need says something about its customer: the value is computed anew."""
        self.env.cr.precommit.run()
        marks = self.env["customer.value.mark"]
        marks._take(10000)
        need = self._need(self.baker)
        self.env.cr.precommit.run()
        self.assertIn(self.bakery.id, set().union(*marks._take(10000).values()))
        need.state = "met"
        self.env.cr.precommit.run()
        self.assertIn(self.bakery.id, set().union(*marks._take(10000).values()))
