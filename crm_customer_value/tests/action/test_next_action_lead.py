from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .action_case import MOMENT, MONDAY, ActionCase


@tagged("post_install", "-at_install")
@freeze_time(MOMENT)
class TestNextActionLead(ActionCase):
    """Leads of high value that nobody touched are on the list of their salesperson, with or without a contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create({"name": "Lead Team", "company_id": cls.company.id})

    @classmethod
    def _lead(cls, name, value, user=None, days=3, **values):
        """Return an open lead of 50 % that was made, and last moved, some days before the Monday."""
        lead = cls.env["crm.lead"].create({
            "name": name, "type": "lead", "company_id": cls.company.id, "team_id": cls.team.id, "probability": 50.0,
            "user_id": (user or cls.seller).id, **values,
        })
        lead.estimated_value = value
        moment = datetime.combine(MONDAY - timedelta(days=days), datetime.min.time())
        cls.env.flush_all()
        cls.env.cr.execute(SQL(
            "UPDATE crm_lead SET create_date = %s, date_last_stage_update = %s WHERE id = %s", moment, moment, lead.id
        ))
        lead.invalidate_recordset()
        return lead

    def _leads(self, day=MONDAY):
        """Return the leads of which something is to be done, in order of what they are worth."""
        self.actions._find(self.company, day)
        return self.actions.search([
            ("company_id", "=", self.company.id), ("lead_id", "!=", False), ("is_current", "=", True),
        ]).sorted("worth", reverse=True).lead_id.mapped("name")

    def test_best_fifth_of_a_team(self):
        """Two of six; of another team, its only one. A lead without a value is none of them."""
        for number in range(1, 7):
            self._lead(f"Lead {number}", 100.0 * number)
        other = self.env["crm.team"].create({"name": "Small Team", "company_id": self.company.id})
        self._lead("Small", 10.0, team_id=other.id)
        self._lead("Unknown", False)
        self.assertEqual(self._leads(), ["Lead 6", "Lead 5", "Small"])
        lead = self.actions.search([("lead_id.name", "=", "Lead 6")])
        # 600 in the first year, with 50 % probability.
        self.assertEqual((lead.worth, lead.since, lead.partner_id.id), (300.0, MONDAY - timedelta(days=3), False))

    def test_more_probable_comes_first(self):
        self._lead("Dear", 1000.0, probability=10.0)
        self._lead("Likely", 300.0, probability=80.0)
        self.assertEqual(self._leads(), ["Likely"])

    def test_until_somebody_touches_it(self):
        """Three days after it was made or moved, or one of us wrote, and not while something is planned."""
        lead = self._lead("Best", 900.0, days=2)
        self.assertEqual(self._leads(), [])
        lead = self._lead("Better", 999.0)
        self.assertEqual(self._leads(), ["Better"])
        customer = self._partner("Somebody outside")
        values = {
            "model": "crm.lead", "res_id": lead.id, "message_type": "comment", "date": datetime(2027, 2, 20, 9),
            "author_id": customer.id,
        }
        message = self.env["mail.message"].create(values)
        self.assertEqual(self._leads(), ["Better"])
        message.author_id = self.seller.partner_id
        self.env.flush_all()
        self.assertEqual(self._leads(), [])
        self.assertEqual(self._leads(MONDAY + timedelta(days=1)), ["Better"])
        lead.activity_schedule("mail.mail_activity_data_call", date_deadline=MONDAY)
        self.assertEqual(self._leads(MONDAY + timedelta(days=1)), [])

    def test_on_the_list_of_its_salesperson(self):
        """Without a contact: of whom it is, what opens, and what becomes of it."""
        lead = self._lead("Ovens", 900.0, partner_name="Mill & Sons", contact_name="Anna", phone="+1 555 0100")
        self._night()
        action = self.actions.with_user(self.seller).search([("lead_id", "=", lead.id)])
        self.assertEqual(action.state, "open")
        self.assertEqual(
            (action.display_name, action.contact_name, action.phone, action.button_text, action.shown_worth),
            ("Mill & Sons", "Anna", "+1 555 0100", "Open Lead", 450.0),
        )
        self.assertIn("Ovens", action.why)
        for button in ("action_do", "action_log_contact", "action_open_customer"):
            opened = getattr(action, button)()
            self.assertEqual((opened["res_model"], opened["res_id"]), ("crm.lead", lead.id))
        written = action.action_write()["context"]
        self.assertEqual((written["default_model"], written["default_res_ids"]), ("crm.lead", lead.ids))
        self.assertEqual(action.action_meet()["res_model"], "calendar.event")
        self.assertTrue(action.action_quote())
        action.action_done()
        for days, leads in ((0, []), (13, []), (14, ["Ovens"])):
            self.assertEqual(self._leads(MONDAY + timedelta(days=days)), leads, days)

    def test_put_off(self):
        lead = self._lead("Ovens", 900.0)
        self._night()
        action = self.actions.search([("lead_id", "=", lead.id)])
        self.env["customer.next.action.answer"].with_user(self.seller).create({
            "action_id": action.id, "answer": "later", "day": MONDAY + timedelta(days=2),
        }).action_answer()
        self._night(MONDAY + timedelta(days=1))
        self.assertEqual(action.state, "later")
        self._night(MONDAY + timedelta(days=2))
        self.assertEqual(action.state, "open")

    def test_of_a_colleague(self):
        colleague = self._user("action_colleague")
        lead = self._lead("Ovens", 900.0)
        self._night()
        lead.user_id = colleague
        self._night()
        action = self.actions.search([("lead_id", "=", lead.id)])
        self.assertEqual((len(action), action.user_id), (1, colleague))
        self.assertFalse(self.actions.with_user(self.seller).search([("id", "=", action.id)]))
        self.assertEqual(action.with_user(colleague).state, "open")

    def test_lost_meanwhile(self):
        lead = self._lead("Ovens", 900.0)
        self._night()
        action = self.actions.search([("lead_id", "=", lead.id)])
        lead.action_archive()
        with self.assertRaisesRegex(UserError, "archived"):
            action.with_user(self.seller).action_do()
        self._night()
        self.assertEqual((action.state, action.is_current), ("gone", False))
        lead.unlink()
        self.assertFalse(action.exists())

    def test_one_of_a_lead_and_its_customer(self):
        """What is to be done with the customer counts."""
        customer = self._silent()
        self._lead("Ovens", 900.0, partner_id=customer.id)
        self.assertEqual(self._leads(), [])
        self.assertEqual(self._current(customer).kind, "silent")

    def test_settled(self):
        """Two of two leads count, each by itself: one was touched, one was not."""
        self._lead("Touched", 900.0)
        for number in range(4):
            self._lead(f"Lead {number}", 100.0)
        self._lead("Left alone", 800.0)
        self._night()
        touched = self.env["crm.lead"].search([("name", "=", "Touched"), ("company_id", "=", self.company.id)])
        touched.activity_schedule("mail.mail_activity_data_call", date_deadline=MONDAY)
        self._night(MONDAY + timedelta(days=15))
        rows = self.actions.search([("company_id", "=", self.company.id), ("date_first", "=", MONDAY)])
        self.assertEqual(
            {row.lead_id.name: row.result for row in rows}, {"Touched": "worked", "Left alone": "did_not"}
        )
        self.env.flush_all()
        effect = self.env["customer.next.action.effect"].search([
            ("company_id", "=", self.company.id), ("kind", "=", "lead")
        ])
        self.assertEqual((effect.customers, effect.worked, effect.verdict), (2, 1, "settled"))

    def test_queries_do_not_grow(self):
        """A night and a list of 2 leads and 2 customers with people take as many queries as those of 20 and 20."""
        self.seller.customer_capacity = 100
        names = ["display_name", "contact_name", "phone", "button_text", "why", "say", "shown_worth", "worth_text"]

        def more(customers):
            for number in range(customers):
                self._partner(f"Person {number}", parent_id=self._silent().id, phone="+1 555 0100")
                for place in range(5):
                    self._lead(f"Lead {number}", 100.0 + place)

        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._night()
            night = self.cr.sql_log_count - before
            found = self.actions.with_user(self.seller).search([("state", "=", "open")])
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found.read(names)
            return len(found), night, self.cr.sql_log_count - before

        more(2)
        measure()  # fills what is cached for good
        small = measure()
        more(18)
        measure()
        large = measure()
        self.assertEqual((small[0], large[0]), (4, 40))
        self.assertEqual(small[1:], large[1:])
