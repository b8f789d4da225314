from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .goal_case import GoalCase

QUIET = ("odoo.orm.models", "odoo.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestAttackOthers(GoalCase):
    """A salesperson of own documents tries to find out what customers of a colleague gain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mallory = cls._user(
            "attack_mallory", "sales_team.group_sale_salesman,base.group_partner_manager", name="Mallory"
        )
        cls.bob = cls._user("attack_bob")
        cls.customer.user_id = cls.bob
        cls.mine = cls._partner("Mallory's Mill", is_company=True, user_id=cls.mallory.id)
        cls.hidden = cls._measure(7.125, "2024-03-01", "2024-03-31", baseline=12.0)
        cls.days = {"date_start": "2024-01-01", "date_target": "2024-12-31"}

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _refused(self, error, call, *args):
        with mute_logger(*QUIET), self.assertRaises(error) as caught, self.env.cr.savepoint():
            call(*args)
            self.env.flush_all()
        self.env.invalidate_all()
        return str(caught.exception)

    def _new_goal(self, partner, **values):
        return {
            "company_id": self.company.id, "partner_id": partner.id, "metric_id": self.faults.id, "baseline": 12.0,
            "target": 1.0, **self.days, **values,
        }

    def _new_record(self, partner, **values):
        return {
            "company_id": self.company.id, "partner_id": partner.id, "metric_id": self.faults.id, "value": 8.0,
            "date_from": "2024-06-01", "date_to": "2024-06-30", **values,
        }

    # What one may not read does not come by way of a goal

    def test_goal_takes_no_hidden_records(self):
        """A goal shows the latest value of its records, and whoever is responsible for it reads and writes them."""
        goals = self._as(self.mallory, self.env["customer.benefit.goal"])
        self._refused(AccessError, goals.create, self._new_goal(self.customer))
        self._refused(AccessError, goals.create, self._new_goal(self.contact, user_id=self.bob.id))
        goal = goals.create(self._new_goal(self.mine))
        self._refused(AccessError, goal.write, {"partner_id": self.customer.id})
        self.assertEqual((goal.partner_id, goal.latest_value), (self.mine, False))
        self.assertFalse(self.hidden.goal_id)
        self.assertFalse(self._as(self.mallory, self.hidden)._filtered_access("read"))

    def test_goal_of_a_colleague_s_customer(self):
        """Who was given a goal works on it, also with another contact, and measures for it."""
        goal = self._as(self.mallory, self._goal(user_id=self.mallory.id))
        goal.write({"partner_id": self.contact.id, "plan": "Ask Tess"})
        self.assertEqual(goal.latest_value, 7.125)
        record = goal.record_ids.create(self._new_record(self.contact, goal_id=goal.id))
        self.assertEqual((record.baseline, goal.latest_value), (12.0, 8.0))
        # Making it one of another metric does not bring what else was measured.
        other = self._measure(3, "2024-05-01", "2024-05-31", baseline=1.0, metric_id=self.saved.id)
        goal.write({"metric_id": self.saved.id, "target": 20.0})
        self.env.flush_all()
        self.assertEqual((goal.latest_value, other.goal_id.id), (False, False))

    def test_record_finds_no_hidden_goal(self):
        self._goal(user_id=self.bob.id)
        records = self._as(self.mallory, self.env["customer.benefit.record"])
        values = self._new_record(self.customer)
        del values["value"]
        told = records.onchange(values, list(values), {"goal_id": {"fields": {"display_name": {}}}, "baseline": {}})
        self.assertFalse(told["value"].get("goal_id") or told["value"].get("baseline"))
        seen = self._as(self.bob, records).onchange(values, list(values), {"goal_id": {}, "baseline": {}})
        self.assertEqual(seen["value"]["baseline"], 12.0)

    def test_no_probes_among_the_records_of_others(self):
        """Figures of one's own tell the hidden ones by what they change: shares and indexes that everybody reads."""
        records = self._as(self.mallory, self.env["customer.benefit.record"])
        self._refused(AccessError, records.create, self._new_record(self.customer, baseline=12.0))
        mine = records.create(self._new_record(self.mine, baseline=12.0))
        self._refused(AccessError, mine.write, {"partner_id": self.customer.id})
        self.assertEqual(mine.partner_id, self.mine)
        self.assertTrue(records.create(self._new_record(self._partner("Nobody's"), baseline=12.0)))

    def test_days_of_hidden_records(self):
        """That days are taken is told, and which ones only to those who may read it."""
        values = self._new_record(self.customer, date_from="2023-06-01", date_to="2024-06-30", baseline=12.0)
        records = self.env["customer.benefit.record"]
        self.assertIn("03/31/2024", self._refused(ValidationError, self._as(self.bob, records).create, values))
        told = self._refused(ValidationError, self._as(self.mallory, records).create, values)
        self.assertNotIn("03/31/2024", told)

    # Whoever takes over a contact takes over what is known of it

    def test_contacts_with_needs_and_gains(self):
        """A contact that has nothing but these is not moved to one's own customer, either."""
        need_type = self.env["customer.need.type"].create({"name": "Attack: quiet", "dimension": "emotional"})
        of_contact = {"company_id": self.company.id, "partner_id": self.contact.id}
        for make in (
            lambda: self.env["customer.need"].create({**of_contact, "type_id": need_type.id}),
            lambda: self._goal(metric_id=self.saved.id, target=20.0, **of_contact),
            lambda: self._measure(3, "2024-05-01", "2024-05-31", baseline=1.0, **of_contact),
        ):
            record = make()
            record.flush_recordset()
            with self.subTest(model=record._name):
                contact = self._as(self.mallory, self.contact)
                self._refused(AccessError, contact.write, {"parent_id": self.mine.id})
                self.assertEqual(self.contact.parent_id, self.customer)
                self.assertFalse(self._as(self.mallory, record)._filtered_access("read"))
            record.unlink()
        self._as(self.mallory, self.contact).parent_id = self.mine
        self.assertEqual(self.contact.commercial_partner_id, self.mine)

    # The statement of a customer

    def test_years_of_the_statement(self):
        """In which years a customer was measured is part of what one may not read."""
        wizards = self.env["customer.benefit.statement"]
        values = {"partner_id": self.customer.id}
        seen = self._as(self.bob, wizards).onchange(values, ["partner_id"], {"year": {}})
        self.assertEqual(seen["value"]["year"], 2024)
        told = self._refused(
            AccessError, self._as(self.mallory, wizards).onchange, values, ["partner_id"], {"year": {}}
        )
        self.assertNotIn("2024", told)

    def test_days_before_all_others(self):
        """A year with too few digits closed the pages of the customer, and the report."""
        error = self._refused(ValidationError, self._measure, 3, "0024-05-01", "0024-05-31")
        self.assertIn("1900", error)
        first = self._measure(3, "1900-01-01", "1900-01-31", baseline=4.0)
        self.assertEqual(first.partner_id._customer_benefit_statement(self.company, 1900)["year"], 2024)

    # Words of customers

    def test_words_in_a_customer_s_name(self):
        """What a customer said of figures, goals and needs is read in their messages: employees write in their own."""
        need_type = self.env["customer.need.type"].create({"name": "Attack: quiet", "dimension": "emotional"})
        of_mine = {"company_id": self.company.id, "partner_id": self.mine.id}
        records = (
            self._measure(3, "2024-05-01", "2024-05-31", baseline=4.0, **of_mine),
            self._goal(**of_mine),
            self.env["customer.need"].create({**of_mine, "type_id": need_type.id}),
        )
        for record in records:
            mine = self._as(self.mallory, record)
            own = mine.message_post(body="I asked them")
            self.assertEqual(own.author_id, self.mallory.partner_id)
            for forged in (
                {"author_id": self.mine.id}, {"email_from": "tess@example.com"}, {"author_id": False},
                {"author_id": self.contact.id, "subtype_xmlid": "mail.mt_comment"},
                {"message_type": "email"},
            ):
                with self.subTest(model=record._name, forged=forged):
                    self._refused(AccessError, lambda mine=mine, forged=forged: mine.message_post(
                        body="The figure is right", **forged
                    ))
            self._refused(AccessError, mine.env["mail.message"].create, {
                "model": record._name, "res_id": record.id, "body": "The figure is right", "author_id": self.mine.id,
            })
            with mute_logger(*QUIET), self.assertRaises(AccessError), self.env.cr.savepoint():
                own.write({"author_id": self.mine.id})
            self.assertEqual(own.author_id, self.mallory.partner_id)
