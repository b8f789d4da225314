from datetime import datetime, time, timedelta

from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...engine.care import levels
from .level_case import LevelCase


@tagged("post_install", "-at_install")
class TestCareLevel(LevelCase):
    """Who is served by which level, by rule and by hand, and when a promise is due."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.env["customer.contact.channel"].search([], limit=1) or cls.env[
            "customer.contact.channel"
        ].create({"name": "Phone"})
        # 80 % of the revenue are the first one's: class A, then B, then C.
        cls.big = cls._customer("Big", 800.0)
        cls.middle = cls._customer("Middle", 150.0)
        cls.small = cls._customer("Small", 50.0)
        cls.prospect = cls._customer("Prospect", 0)
        cls._order(cls.prospect, 3, 500.0, state="draft")
        cls._recompute()

    def _levels(self):
        self.env["customer.value"].invalidate_model()
        return {
            customer.name: self._value(customer).care_level_id.name
            for customer in (self.big, self.middle, self.small, self.prospect)
        }

    def _set(self, customer, **values):
        """Give a value numbers of its own, as a recompute would."""
        value = self._value(customer)
        value.sudo().write(values)
        return value

    def test_first_level_that_fits(self):
        self.assertEqual(
            {self._value(one).value_class for one in (self.big, self.middle, self.small)}, {"a", "b", "c"}
        )
        self._level("Key", 10, class_to="a")
        self._level("Valued", 20, class_to="b")
        self._level("Buyers", 30, bought=True)
        self.assertEqual(
            self._levels(), {"Big": "Key", "Middle": "Valued", "Small": "Buyers", "Prospect": False},
            "placed as soon as the levels are switched on, a prospect in none",
        )

    def test_order_of_levels(self):
        everybody = self._level("Everybody", 30)
        key = self._level("Key", 10, class_to="a")
        self.assertEqual(self._levels()["Big"], "Key")
        everybody.sequence = 5
        self.assertEqual(set(self._levels().values()), {"Everybody"})
        self.assertIn("Everybody", key.rule_notice)
        self.assertFalse(everybody.rule_notice)

    def test_switched_off_and_archived(self):
        level = self._level("Everybody", 10, on=False)
        self.assertEqual(set(self._levels().values()), {False}, "nobody has seen the preview")
        level.sudo().is_on = True
        self.assertEqual(set(self._levels().values()), {"Everybody"})
        level.action_switch_off()
        self.assertEqual(set(self._levels().values()), {False})
        level.sudo().is_on = True
        level.active = False
        self.assertEqual(set(self._levels().values()), {False})

    def test_unknown_meets_no_condition(self):
        """What is not known is not zero: it is not low either."""
        self._set(self.prospect, development_index=False, value_index=False)
        self._set(self.small, development_index=20.0, value_index=0.0)
        self._level("Slow", 10, development_to=40)
        self.assertEqual((self._levels()["Prospect"], self._levels()["Small"]), (False, "Slow"))
        self._level("Any Index", 5, index_from=0)
        self.assertEqual((self._levels()["Prospect"], self._levels()["Small"]), (False, "Any Index"))

    def test_edges_of_conditions(self):
        level = self._level("Growing", 10, development_from=60, development_to=70)
        for index, fits in ((59.9, False), (60.0, True), (70.0, True), (70.1, False)):
            self._set(self.big, development_index=index)
            self.env["customer.care.level"]._place(self.company)
            self.assertEqual(self._levels()["Big"] == "Growing", fits, index)
        level.write({"development_from": False, "development_to": False, "matrix": "potential"})
        self._set(self.big, value_matrix="potential")
        self._set(self.small, value_matrix="low")
        self.env["customer.care.level"]._place(self.company)
        self.assertEqual((self._levels()["Big"], self._levels()["Small"]), ("Growing", False))
        stage = self._value(self.small).lifecycle_stage_id
        level.write({"matrix": False, "stage_ids": [(6, 0, stage.ids)]})
        self.assertEqual(self._levels()["Small"], "Growing")

    def test_each_company_by_its_own(self):
        other = self._make_company("Other Company")
        self.env.user.company_ids |= other
        self._order(self.big, 5, 10.0, company=other)
        self._recompute(other)
        self._level("Ours", 10)
        shared = self.env["customer.care.level"].create({"name": "Shared", "sequence": 20})
        shared.sudo().is_on = True
        self.env["customer.value"].invalidate_model()
        self.assertEqual(self._value(self.big).care_level_id.name, "Ours")
        self.assertEqual(self._value(self.big, other).care_level_id, shared)

    def test_recompute_places(self):
        """By a full recompute and by one of some customers, with the same result."""
        self._level("Key", 10, class_to="a")
        self._level("Buyers", 20, bought=True)
        new = self._customer("New", 60.0)
        self._recompute(partners=new)
        self.assertEqual(self._value(new).care_level_id.name, "Buyers")
        self._recompute()
        before = self._levels()
        self.env.cr.execute("UPDATE customer_value SET care_level_id = NULL WHERE company_id = %s", [self.company.id])
        self._recompute()
        self.assertEqual(self._levels(), before)
        self.assertEqual(before["Big"], "Key")

    def test_looking_back_places_nobody(self):
        self._order(self.big, 100, 10.0)
        self._recompute()
        self._level("Key", 10, class_to="a")
        since = self._value(self.big).care_level_since
        self.assertTrue(since)
        self._recompute(as_of=self._day(40))
        self._recompute(as_of=self._day(40))
        self.assertEqual(self._value(self.big).care_level_since, since)

    def test_since(self):
        with freeze_time(datetime.combine(self.today, time(12))):
            self._level("Everybody", 30)
            self.assertEqual(self._value(self.big).care_level_since, self.today)
        later = self.today + timedelta(days=5)
        with freeze_time(datetime.combine(later, time(12))):
            self._recompute()
            self.assertEqual(self._value(self.big).care_level_since, self.today, "in the same level since then")
            self._level("Key", 10, class_to="a")
            self.env["customer.value"].invalidate_model()
            self.assertEqual(self._value(self.big).care_level_since, later)
            self.assertEqual(self._value(self.small).care_level_since, self.today)

    # By hand

    def test_by_hand_until_a_day(self):
        key = self._level("Key", 10, class_to="a")
        buyers = self._level("Buyers", 20, bought=True)
        value = self._value(self.small)
        value._pin_care_level(key, "Signed for next year", self.today + timedelta(days=2))
        value.invalidate_recordset()
        self.assertEqual(
            (value.care_level_id, value.care_level_reason, value.care_level_user_id), (key, "Signed for next year",
                                                                                        self.env.user)
        )
        for days, level in ((2, key), (3, buyers)):
            with freeze_time(datetime.combine(self.today + timedelta(days=days), time(12))):
                self._recompute()
            self.assertEqual(self._value(self.small).care_level_id, level, days)
        value.invalidate_recordset()
        self.assertFalse(value.care_level_pinned or value.care_level_reason or value.care_level_until)

    def test_back_to_automatic(self):
        key = self._level("Key", 10, class_to="a")
        value = self._value(self.small)
        value._pin_care_level(key, "Signed")
        value.action_reset_care_level()
        value.invalidate_recordset()
        self.assertFalse(value.care_level_id or value.care_level_pinned)

    def test_by_hand_needs(self):
        key = self._level("Key", 10, class_to="a")
        off = self._level("Off", 20, on=False)
        value = self._value(self.small)
        for level, reason, until in (
            (key, " ", None), (off, "Because", None), (key, "Because", self._day(1)),
        ):
            with self.assertRaises(UserError):
                value._pin_care_level(level, reason, until)
        self.assertFalse(value.care_level_pinned)

    def test_by_hand_for_customers_of_others(self):
        key = self._level("Key", 10, class_to="a")
        seller, other = (
            new_test_user(
                self.env, name, groups="sales_team.group_sale_salesman", company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for name in ("care_seller", "care_other")
        )
        self.small.user_id = seller
        value = self._value(self.small)
        with self.assertRaises(AccessError):
            value.with_user(other)._pin_care_level(key, "Mine now")
        value.with_user(seller)._pin_care_level(key.with_user(seller), "Signed")
        self.assertEqual(self._value(self.small).care_level_id, key)
        with self.assertRaises(AccessError):
            value.with_user(seller).write({"care_level_id": False})
        with self.assertRaises(AccessError):
            key.with_user(seller).write({"promise": "Everything"})
        manager = new_test_user(
            self.env, "care_manager", groups="crm_customer_value.group_service_manager", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        key.with_user(manager).write({"promise": "Everything"})
        with self.assertRaises(AccessError):
            off = self._level("Unseen", 20, on=False)
            off.with_user(manager).write({"is_on": True})

    # The promise

    def test_promise_after_the_last_contact(self):
        """On the company's own day: half past eleven at night in Kyiv is the day before in UTC."""
        self.policy._renew({"tz": "Europe/Kyiv"})
        self._recompute()
        day = self._day(20)
        self._contact(self.big, datetime.combine(day, time(22, 30)))
        self._contact(self.big, datetime.combine(self._day(25), time(12)))
        self._level("Key", 10, class_to="a", contact_days=30)
        self.assertEqual(self._value(self.big).care_due_on, day + timedelta(days=1 + 30))

    def test_promise_without_a_contact(self):
        self._level("Key", 10, class_to="a", contact_days=30)
        value = self._value(self.big)
        self.assertEqual(value.care_due_on, value.care_level_since + timedelta(days=30))
        self.assertFalse(self._value(self.small).care_due_on, "nothing is promised")

    def test_contact_of_a_colleague_of_the_customer(self):
        contact = self._partner("Of the Big One", parent_id=self.big.id)
        self._level("Key", 10, class_to="a", contact_days=30)
        self._contact(contact, datetime.combine(self._day(1), time(12)))
        self._recompute(partners=self.big)
        self.assertEqual(self._value(self.big).care_due_on, self._day(1) + timedelta(days=30))

    def test_overdue(self):
        self._contact(self.big, datetime.combine(self._day(40), time(12)))
        level = self._level("Key", 10, class_to="a", contact_days=30)
        value = self._value(self.big)
        today = fields.Date.context_today(value)
        days = (today - value.care_due_on).days
        self.assertEqual(value.care_overdue_days, days)
        values = self.env["customer.value"]
        self.assertEqual(values.search([("care_overdue_days", ">", 0)]), value)
        self.assertEqual(values.search([("care_overdue_days", "=", days)]), value)
        self.assertEqual(values.search([("care_overdue_days", ">=", days)]), value)
        self.assertFalse(values.search([("care_overdue_days", ">", days)]))
        self.assertNotIn(value, values.search([("care_overdue_days", "=", False)]))
        level.invalidate_recordset()
        self.assertEqual(level.broken_count, 1)
        self.assertEqual(values.search(level.action_view_broken()["domain"]), value)

    def test_due_today_is_kept(self):
        with freeze_time(datetime.combine(self.today, time(12))):
            self._contact(self.big, datetime.combine(self._day(30), time(12)))
            self._level("Key", 10, class_to="a", contact_days=30)
            value = self._value(self.big)
            self.assertEqual((value.care_due_on, value.care_overdue_days), (self.today, False))

    # Bad input

    def test_conditions_refused(self):
        level = self._level("Key", 10)
        for values in ({"index_from": 101}, {"development_to": -1}, {"development_from": 60, "development_to": 50}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                level.write(values)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            level.contact_days = 0

    def test_level_with_customers_is_archived_not_deleted(self):
        level = self._level("Everybody", 10)
        with self.assertRaises(UserError):
            level.unlink()
        level.active = False
        level.unlink()

    # Care by level

    def test_care_by_level(self):
        """What each level promises and what happened, by hand; what nobody noted is not zero."""
        self._contact(self.big, datetime.combine(self._day(40), time(12)), minutes=30)
        self._contact(self.middle, datetime.combine(self._day(5), time(12)))
        self._contact(self.small, datetime.combine(self._day(400), time(12)), minutes=60)
        complaints = self.env["customer.complaint"].create([
            {
                "name": name, "description": "It broke", "partner_id": self.big.id, "company_id": self.company.id,
                "handling_hours": hours,
            }
            for name, hours in (("In time", 2.0), ("Late", False), ("Without a deadline", 0.2))
        ])
        self.env.flush_all()
        self.cr.execute(
            "UPDATE customer_complaint SET resolve_deadline = NULL, resolve_missed = FALSE WHERE id = ANY(%s)",
            [complaints.ids],
        )
        for complaint, missed in zip(complaints[:2], (False, True), strict=True):
            self.cr.execute(
                "UPDATE customer_complaint SET resolve_deadline = NOW(), resolve_missed = %s WHERE id = %s",
                [missed, complaint.id],
            )
        self.env.invalidate_all(flush=False)
        self._level("Best", 1, class_to="a", contact_days=30)
        self._level("Buyers", 2, bought=True, contact_days=50)
        self._set(self.big, cost_to_serve=40.0)
        self.env.flush_all()
        rows = self.env["customer.care.level.attention"].search([("company_id", "=", self.company.id)])
        names = (
            "customers", "promised", "kept", "kept_share", "contacts", "contacts_each", "deadlines", "in_time",
            "in_time_share", "hours", "cost", "revenue", "cost_share",
        )
        found = {row.level_name: tuple(row[name] for name in names) for row in rows}
        # Half an hour on the phone and 2.2 hours for complaints; of revenue of 800, 40 are 5 of each 100.
        self.assertEqual(found["Best"], (1, 1, 0, 0.0, 1, 1.0, 2, 1, 50.0, 2.7, 40.0, 800.0, 5.0))
        # The one was met five days ago, the other 400 days ago. Nobody noted how long the contact of this year took.
        self.assertEqual(found["Buyers"], (2, 2, 1, 50.0, 1, 0.5, 0, 0, False, False, 0.0, 200.0, 0.0))
        self.assertEqual(found["In no level"], (1, 0, 0, False, 0, 0.0, 0, 0, False, False, 0.0, 0.0, False))
        # False is equal to 0.0, and not the same.
        for level, unknown in (("Best", []), ("Buyers", [8, 9]), ("In no level", [3, 8, 9, 12])):
            self.assertEqual([place for place, number in enumerate(found[level]) if number is False], unknown, level)

    def test_care_by_level_names_those_without_one(self):
        self._level("Best", 1, class_to="a")
        rows = self.env["customer.care.level.attention"].search([("company_id", "=", self.company.id)])
        self.assertEqual({row.level_name: row.customers for row in rows}, {"Best": 1, "In no level": 3})

    def test_preview(self):
        """It counts who would be in which level, and places nobody."""
        key = self._level("Key", 10, on=False, class_to="a")
        buyers = self._level("Buyers", 20, on=False, bought=True)
        nobody = self._level("Nobody", 30, on=False, index_from=100, development_from=100)
        preview = self.env["customer.care.level.preview"].browse(key.action_preview()["res_id"])
        self.assertEqual(
            [(line.level_id, line.customers, line.moved, line.revenue_share) for line in preview.line_ids],
            [(key, 1, 1, 80.0), (buyers, 2, 2, 20.0), (nobody, 0, 0, 0.0), (key.browse(), 1, 0, 0.0)],
        )
        self.assertEqual(set(self._levels().values()), {False})
        preview.action_switch_on()
        self.assertEqual(
            self._levels(), {"Big": "Key", "Middle": "Buyers", "Small": "Buyers", "Prospect": False}
        )
        self.assertTrue(nobody.is_on, "a level that contains nobody does no harm")

    def test_preview_is_for_managers(self):
        level = self._level("Key", 10, on=False)
        agent = new_test_user(
            self.env, "care_agent", groups="crm_customer_value.group_service_own", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            level.with_user(agent).action_preview()
        self.assertFalse(level.is_on)

    # What others see and do with it

    def test_shown_on_documents(self):
        level = self._level("Everybody", 10)
        order = self._order(self.big, 1, 10.0)
        contact = self._partner("Of the Big One", parent_id=self.big.id)
        lead = self.env["crm.lead"].create({"name": "More", "partner_id": contact.id, "company_id": self.company.id})
        for record in (self.big, contact, order, lead):
            self.assertEqual(record.care_level_id, level, record)
        self.assertIn(order, self.env["sale.order"].search([("care_level_id", "=", level.id)]))

    def test_shown_on_leads_and_on_opportunities(self):
        """The form has the value of the customer twice, once for each of them."""
        arch = etree.fromstring(self.env["crm.lead"].get_view(view_type="form")["arch"])
        shown = arch.xpath("//div[@name='customer_value']")
        self.assertEqual([len(div.xpath("field[@name='care_level_id']")) for div in shown], [1, 1])

    def test_deadlines_of_a_level(self):
        key = self._level("Key", 10, class_to="a")
        rules = self.env["customer.complaint.sla"]
        rules.search([]).active = False
        ordinary = rules.create({"name": "All", "sequence": 20, "resolve_hours": 40})
        fast = rules.create({
            "name": "Key", "sequence": 10, "resolve_hours": 4, "care_level_id": key.id, "company_id": self.company.id,
        })
        complaints = self.env["customer.complaint"].create([
            {"name": "Late", "description": "Late", "partner_id": customer.id, "company_id": self.company.id}
            for customer in (self.big, self.small)
        ])
        self.assertEqual([complaint.sla_id for complaint in complaints], [fast, ordinary])

    def test_proposals_are_accepted_by_a_person(self):
        flow = self.env["customer.service.flow"].search([], limit=1)
        self._level("Key", 10, class_to="a", service_flow_id=flow.id)
        self.assertFalse(self.big.service_flow_id, "only proposed")
        self.assertIn(flow.name, self.big.care_proposal)
        self.big.action_accept_care_proposal()
        self.assertEqual(self.big.service_flow_id, flow)
        self.big.invalidate_recordset(["care_proposal"])
        self.assertFalse(self.big.care_proposal)
        with self.assertRaises(UserError):
            self.big.action_accept_care_proposal()

    def test_slow_truth(self):
        """The SQL of the conditions says what a loop in Python says, on many values."""
        found = [
            levels.Level(1, class_to="a", index_from=50.0),
            levels.Level(2, class_to="b", development_from=40.0),
            levels.Level(3, matrix="potential"),
            levels.Level(4, bought=True, development_to=50.0),
            levels.Level(5, bought=True),
        ]
        rows = [
            {"value_class": klass, "value_index": index, "development_index": development, "value_matrix": matrix,
             "purchase_days": days, "lifecycle_stage_id": None}
            for klass in ("a", "b", "c", None) for index in (None, 0, 49.9, 50) for development in (None, 39.9, 40, 50)
            for matrix in (None, "potential", "low") for days in (0, 2)
        ]

        def fits(level, row):
            classes = levels.CLASSES[:levels.CLASSES.index(level.class_to) + 1] if level.class_to else None
            return (
                (not level.bought or row["purchase_days"] > 0)
                and (not classes or row["value_class"] in classes)
                and (not level.matrix or row["value_matrix"] == level.matrix)
                and (level.index_from is None
                     or (row["value_index"] is not None and row["value_index"] >= level.index_from))
                and (level.development_from is None or (
                    row["development_index"] is not None and row["development_index"] >= level.development_from))
                and (level.development_to is None or (
                    row["development_index"] is not None and row["development_index"] <= level.development_to))
            )

        self.env.cr.execute("CREATE TEMPORARY TABLE slow_truth (value_class varchar, value_index numeric, "
                            "development_index numeric, value_matrix varchar, purchase_days integer, "
                            "lifecycle_stage_id integer, position integer)")
        for position, row in enumerate(rows):
            self.env.cr.execute(
                "INSERT INTO slow_truth VALUES (%s, %s, %s, %s, %s, %s, %s)", [*row.values(), position]
            )
        query = levels.level_sql(found)
        self.env.cr.execute(
            f"SELECT {query.code} FROM slow_truth v ORDER BY position", query.params  # pylint: disable=sql-injection
        )
        self.assertEqual(
            [row[0] for row in self.env.cr.fetchall()],
            [next((level.level for level in found if fits(level, row)), None) for row in rows],
        )
