import ast
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ...engine.action import dealing
from .action_case import MOMENT, MONDAY, ActionCase


def later(days):
    return MONDAY + timedelta(days=days)


@tagged("post_install", "-at_install")
@freeze_time(MOMENT)
class TestNextActionDay(ActionCase):
    """Who is on a list, in which order, and what becomes of it."""

    def test_as_many_as_there_is_time_for(self):
        for number in range(5):
            self._silent(f"Customer {number}", at_risk=100.0 * number)
        self.seller.customer_capacity = 3
        self._night()
        # The third place of three is by worth too: every fourth goes to who has waited longest.
        self.assertEqual(self._list(), ["Customer 4", "Customer 3", "Customer 2"])
        self._night()
        self.assertEqual(len(self._list()), 3)

    def test_every_fourth_place_is_for_the_one_that_waited_longest(self):
        for number in range(8):
            self._silent(f"Customer {number}", at_risk=100.0 * number)
        poor = self._silent("Poor", at_risk=0.5)
        self.seller.customer_capacity = 4
        self._night()
        self._current(poor).date_waiting = MONDAY - timedelta(days=20)
        self.actions.search([("user_id", "=", self.seller.id)]).write({"state": "waiting", "date_dealt": False})
        self.env.flush_all()
        self.actions._deal(self.company, MONDAY)
        self.assertEqual(set(self._list()), {"Customer 7", "Customer 6", "Customer 5", "Poor"})

    def test_capacity_of_nought(self):
        self._silent()
        self.seller.customer_capacity = 0
        self._night()
        self.assertEqual(self._list(), [])
        title, text = self.actions.with_user(self.seller)._empty_words()
        self.assertEqual(title, "You have no time for customers planned")
        self.assertIn("0 a day", text)
        # More time is a list at once.
        self.seller.customer_capacity = 1
        self.assertEqual(self._list(), ["Silent"])

    def test_capacity_of_a_team_that_assigns_leads(self):
        self.assertEqual(self.seller._customer_day_capacities(), {self.seller: 8})
        team = self.env["crm.team"].create({"name": "Action Team", "company_id": False})
        self.env["crm.team.member"].create({
            "crm_team_id": team.id, "user_id": self.seller.id, "assignment_max": 150,
        })
        self.assertEqual(self.seller._customer_day_capacities(), {self.seller: 8})
        self.env["ir.config_parameter"].sudo().set_param("crm.lead.auto.assignment", True)
        self.env.invalidate_all()
        self.assertEqual(self.seller._customer_day_capacities(), {self.seller: 5})
        self.seller.customer_capacity = 2
        self.assertEqual(self.seller._customer_day_capacities(), {self.seller: 2})
        with self.assertRaises(ValidationError):
            self.seller.customer_capacity = -1

    def test_done_rests(self):
        customer = self._silent()
        self._night()
        self._current(customer).with_user(self.seller).action_done()
        self.assertEqual(self._list(), [])
        for days, names in ((1, []), (29, []), (30, ["Silent"])):
            self._night(later(days))
            self.assertEqual(self._list(), names, days)

    def test_done_once(self):
        customer = self._silent()
        self._night()
        action = self._current(customer).with_user(self.seller)
        action.action_done()
        with self.assertRaisesRegex(UserError, "answered already"):
            action.action_done()

    def test_done_leaves_its_place_taken(self):
        """Whoever did everything has done enough for today."""
        for number in range(3):
            self._silent(f"Customer {number}", at_risk=100.0 * number)
        self.seller.customer_capacity = 2
        self._night()
        self.actions.search([("state", "=", "open"), ("user_id", "=", self.seller.id)])._note_done()
        self._night()
        self.assertEqual(self._list(), [])
        title, text = self.actions.with_user(self.seller)._empty_words()
        self.assertEqual(title, "Nothing more today")
        self.assertTrue(text.startswith("1 more"))
        self._night(later(1))
        self.assertEqual(self._list(), ["Customer 0"])

    def _answer(self, action, **values):
        wizard = self.env["customer.next.action.answer"].with_user(self.seller).create({
            "action_id": action.id, **values,
        })
        return wizard.action_answer()

    def test_later(self):
        customer, rich = self._silent(at_risk=1.0), self._silent("Rich", at_risk=900.0)
        self._night()
        self._answer(self._current(customer), answer="later", day=later(3))
        self.seller.customer_capacity = 1
        for days, names in ((1, ["Rich"]), (2, ["Rich"]), (3, ["Silent"])):
            self._night(later(days))
            self.assertEqual(self._list(), names, days)
        self.assertEqual(self._current(rich).state, "waiting")
        with self.assertRaises(ValidationError):
            self._answer(self._current(customer), answer="later", day=MONDAY)

    def test_one_customer_a_day(self):
        """Every fourth day, who has time for one comes to whoever has waited longest."""
        for number in range(3):
            self._silent(f"Worth {number}", at_risk=100.0 * (1 + number))
        self.seller.customer_capacity = 1
        listed = []
        for days in range(12):
            self._night(later(days))
            listed += self._list()
        self.assertEqual(sorted(set(listed)), ["Worth 0", "Worth 1", "Worth 2"])
        self.assertEqual(listed.count("Worth 2"), 9, "worth most")

    def test_promised_day(self):
        """What was put off until a day comes on that day, also where it is the turn of who has waited longest."""
        promised = self._silent(at_risk=100.0)
        for number in range(4):
            self._silent(f"Waits {number}", at_risk=10.0)
        self.seller.customer_capacity = 1
        self._night()
        self.assertEqual(self._list(), ["Silent"])
        turn = next(days for days in range(1, 5) if later(days).toordinal() % dealing.TURN == 0)
        self._answer(self._current(promised), answer="later", day=later(turn))
        self._value(promised).sudo().value_at_risk = 1.0
        for days in range(1, turn + 1):
            self._night(later(days))
        self.assertEqual(self._list(), ["Silent"])

    def test_not_useful_rests_for_long_and_teaches(self):
        customer = self._silent()
        self._night()
        action = self._current(customer)
        with self.assertRaises(UserError):
            self._answer(action, answer="not_useful")
        self._answer(action, answer="not_useful", reason="known", note=" They are on holiday ")
        self.assertEqual((action.state, action.reason, action.note), ("not_useful", "known", "They are on holiday"))
        self._night(later(179))
        self.assertEqual(self._list(), [])
        self._night(later(180))
        self.assertEqual(self._list(), ["Silent"])

    def test_what_was_never_useful_counts_for_less(self):
        """Ten silences that were not useful: 10 / 20 of the worth, so that 80 at risk beat a silence of 100."""
        for number in range(10):
            self._silent(f"Old {number}")
        self._night()
        self.actions.search([("user_id", "=", self.seller.id), ("is_current", "=", True)])._leave("wrong", False)
        self._silent("Silence of 100", at_risk=100.0)
        self._customer("Risk of 80", churn_level="high", churn_risk=0.8, value_at_risk=80.0)
        self.seller.customer_capacity = 2
        self._night(later(1))
        self.assertEqual(self._list(), ["Risk of 80", "Silence of 100"])

    def test_two_nights_are_one(self):
        for number in range(4):
            self._silent(f"Customer {number}", at_risk=100.0 * number)
        self._night()
        rows = self._rows_of_actions()
        self._night()
        self.assertEqual(self._rows_of_actions(), rows)

    def _rows_of_actions(self):
        self.env.flush_all()
        return self.env.execute_query(SQL(
            "SELECT * FROM customer_next_action WHERE company_id = %s ORDER BY id", self.company.id
        ))

    def test_archived_meanwhile(self):
        """It goes from the list at once, and a page that was open says why."""
        customer, other = self._silent(at_risk=900.0), self._silent("Other")
        self.seller.customer_capacity = 1
        self._night()
        action = self._current(customer)
        customer.active = False
        self.assertEqual((action.state, action.is_current), ("gone", False))
        self.assertEqual(self._list(), ["Other"])
        for button in ("action_do", "action_done", "action_later", "action_write", "action_quote", "action_meet"):
            with self.assertRaisesRegex(UserError, "Silent was archived"):
                getattr(action.with_user(self.seller), button)()
        other.active = False
        self.assertEqual(self._list(), [])

    def test_archived_before_the_list_is_made(self):
        customer = self._silent()
        self._night()
        self.company.next_action_date = MONDAY - timedelta(days=1)
        customer.active = False
        mine = self.actions.with_user(self.seller)
        self.assertEqual(self._current(customer).state, "open")
        self.assertFalse(mine.search(ast.literal_eval(
            mine._action_my_day()["domain"].replace("uid", str(self.seller.id))
        )))

    def test_given_to_a_colleague_meanwhile(self):
        """It goes to the list of the colleague as soon as there is a place, and says so to whom it belonged."""
        colleague = self._user("action_colleague")
        customer, busy = self._silent(), self._silent("Busy", at_risk=900.0, user=colleague)
        colleague.customer_capacity = 1
        self._night()
        action = self._current(customer)
        customer.user_id = colleague
        self.assertEqual((action.user_id, action.state), (colleague, "waiting"))
        self.assertEqual((self._list(), self._list(colleague)), ([], ["Busy"]))
        with self.assertRaisesRegex(AccessError, "a colleague looks after the customer"):
            action.with_user(self.seller).action_done()
        colleague.customer_capacity = 2
        self.assertEqual(self._list(colleague), ["Busy", "Silent"])
        busy.user_id = False
        self.assertEqual(self._list(colleague), ["Silent"])

    def test_whom_to_call(self):
        """A person with a number before one without, else the number of the company."""
        customer = self._silent()
        self._night()
        action = self._current(customer).with_user(self.seller)
        self.assertEqual((action.contact_id.id, action.phone), (False, False))
        customer.phone = "+1 555 0100"
        self._partner("Anna", parent_id=customer.id)
        self.env.invalidate_all()
        self.assertEqual((action.contact_id.name, action.phone), ("Anna", "+1 555 0100"))
        self._partner("Bob", parent_id=customer.id, phone="+1 555 0199")
        self.env.invalidate_all()
        self.assertEqual((action.contact_id.name, action.phone), ("Bob", "+1 555 0199"))
        self.assertEqual(action.action_log_contact()["context"]["default_partner_ids"], action.contact_id.ids)

    def test_logged_contact_does_it(self):
        """From the form of an action, one goes on with the day."""
        customer = self._silent()
        self._night()
        action = self._current(customer).with_user(self.seller)
        dialog = action.with_context(go_on=True).action_do()
        log = self.env["customer.contact.wizard"].with_user(self.seller).with_context(**dialog["context"]).create({
            "summary": "They open a second shop",
        })
        self.assertEqual(log.action_log()["res_model"], "customer.next.action")
        self.assertEqual(action.state, "done")
        self.assertEqual(self._list(), [])

    def test_bought_meanwhile(self):
        """It settled by itself, and its place is given to somebody else."""
        customer, other = self._silent(at_risk=900.0), self._silent("Other")
        self.seller.customer_capacity = 1
        self._night()
        self.assertEqual(self._list(), ["Silent"])
        self._value(customer).last_purchase_date = MONDAY
        self.actions._find_again(self.company, customer.ids)
        self.assertEqual(self._list(), ["Other"])
        self.assertEqual(self._current(other).state, "open")

    def test_not_done_waits_again(self):
        """Equal ones take turns."""
        for name in ("One", "Two", "Three"):
            self._silent(name)
        self.seller.customer_capacity = 1
        seen = []
        for days in range(3):
            self._night(later(days))
            seen += self._list()
        self.assertEqual(sorted(seen), ["One", "Three", "Two"])

    def test_logging_a_contact_does_it(self):
        customer = self._silent()
        self._night()
        action = self._current(customer)
        dialog = action.with_user(self.seller).action_do()
        self.assertEqual(dialog["res_model"], "customer.contact.wizard")
        wizard = self.env["customer.contact.wizard"].with_user(self.seller).with_context(**dialog["context"]).create({
            "summary": "They were on holiday.",
        })
        wizard.action_log()
        self.assertEqual(action.state, "done")

    def test_complaint_is_not_done_by_talking(self):
        customer = self._silent()
        self.env["customer.complaint"].create({
            "name": "It burns", "partner_id": customer.id, "company_id": self.company.id, "severity": "critical",
            "description": "It burns.",
        })
        self._night()
        self.env["customer.contact.log"].create({"partner_id": customer.id, "summary": "Talked."})
        self.assertEqual(self._current(customer).state, "open")

    def test_salesperson_leaves(self):
        customer, colleague = self._silent(), self._user("action_colleague")
        self._night()
        customer.user_id = colleague
        self._night(later(1))
        self.assertEqual((self._list(), self._list(colleague)), ([], ["Silent"]))

    def test_for_user(self):
        """Makes the list where it is not made yet."""
        self._silent()
        self.assertEqual(self.actions._for_user(self.seller, MONDAY).partner_id.name, "Silent")
        self.assertEqual(self.company.next_action_date, MONDAY)

    def test_cron(self):
        """Once a day, and again after a full recompute, which says who needs something by new values."""
        customer = self._silent()
        self._cron()
        self.assertEqual(self.company.next_action_date, MONDAY)
        self.assertEqual(self._list(), ["Silent"])
        self._value(customer).last_purchase_date = MONDAY
        self._cron()
        self.assertEqual(self._list(), ["Silent"])
        run = self.env["customer.value.run"].create({"company_id": self.company.id, "kind": "full", "state": "done"})
        self._cron()
        self.assertEqual((self._list(), self.company.next_action_run), ([], run.id))

    def test_no_history_at_all(self):
        """An empty list says what will be there, and when."""
        title, text = self.actions.with_user(self.seller)._empty_words()
        self.assertEqual(title, "Your list of today is being prepared")
        self._night()
        title, text = self.actions.with_user(self.seller)._empty_words()
        self.assertEqual(title, "Nothing here yet")
        self.assertIn("each night", text)
        self._customer()
        self.assertEqual(self.actions.with_user(self.seller)._empty_words()[0], "Nothing needs you today")
        self.assertIn("Nothing needs you today", self.actions.with_user(self.seller)._action_my_day()["help"])

    def test_manager_without_customers(self):
        """They read where to see what their team has to do."""
        boss = self._user("day_boss", "sales_team.group_sale_salesman_all_leads")
        self._night()
        title, text = self.actions.with_user(boss)._empty_words()
        self.assertEqual(title, "You look after no customers yourself")
        self.assertIn("Customers, Actions", text)

    def test_merged_customers(self):
        stays, goes = self._silent("Stays"), self._silent("Goes")
        self._night()
        done = self._current(goes)
        self.env["base.partner.merge.automatic.wizard"]._merge((stays + goes).ids, stays)
        self.assertEqual((done.exists().partner_id, done.is_current), (stays, False))
        self.assertEqual(self._current(stays).state, "open")
