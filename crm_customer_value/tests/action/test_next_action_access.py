from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from .action_case import MOMENT, MONDAY, ActionCase


@tagged("post_install", "-at_install")
@freeze_time(MOMENT)
class TestNextActionAccess(ActionCase):
    """Salespeople see their own lists, leaders those of their team, managers all; nobody those of other companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague, cls.leader = cls._user("action_colleague"), cls._user("action_leader")
        cls.manager = cls._user("action_manager", "sales_team.group_sale_manager")
        cls.everybody = cls._user("action_everybody", "sales_team.group_sale_salesman_all_leads")
        team = cls.env["crm.team"].create({
            "name": "Action Team", "user_id": cls.leader.id, "company_id": cls.company.id,
        })
        cls.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": cls.seller.id})
        cls.customer = cls._silent()
        cls._night()
        cls.action = cls._current(cls.customer)

    def test_whose(self):
        seen = {
            user.login: bool(self.actions.with_user(user).search([("id", "=", self.action.id)]))
            for user in (self.seller, self.colleague, self.leader, self.manager, self.everybody)
        }
        self.assertEqual(seen, {
            "action_seller": True, "action_colleague": False, "action_leader": True, "action_manager": True,
            "action_everybody": True,
        })
        with self.assertRaises(AccessError):
            self.action.with_user(self.colleague).action_done()
        with self.assertRaises(AccessError):
            self.env["customer.next.action.answer"].with_user(self.colleague).create({
                "action_id": self.action.id, "answer": "later",
            })

    def test_companies(self):
        other = self._make_company("Action Elsewhere")
        abroad = self._user("action_abroad", "sales_team.group_sale_manager")
        abroad.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        found = self.actions.with_user(abroad).with_context(allowed_company_ids=other.ids)
        self.assertFalse(found.search([("id", "=", self.action.id)]))

    def test_nobody_writes_what_was_found(self):
        with self.assertRaises(AccessError):
            self.action.with_user(self.manager).write({"state": "done"})

    def test_amounts_of_others_are_hidden(self):
        """The worth follows the documents that it is made of."""
        mine = self.action.with_user(self.seller)
        self.assertEqual(mine.shown_worth, 500.0)
        self._order(self.customer, 40, 100.0, user_id=self.colleague.id)
        self._value(self.customer).document_owner = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((mine.shown_worth, mine.worth_text), (False, "The amount is not shown to you."))
        self.assertEqual(self.action.with_user(self.manager).shown_worth, 500.0)
        with self.assertRaises(AccessError):
            mine.read(["worth"])

    def test_held_out_are_not_shown(self):
        self.action.write({"is_held_out": True, "state": "held_out"})
        self.env.flush_all()
        for user in (self.seller, self.leader):
            self.assertFalse(self.actions.with_user(user).search([("id", "=", self.action.id)]))
        self.assertTrue(self.actions.with_user(self.manager).search([("id", "=", self.action.id)]))

    def test_form_of_who_is_held_out(self):
        """Nothing on My Day, and the form says what it finds by itself."""
        self.action.write({"is_held_out": True, "state": "held_out"})
        self.env.flush_all()
        self.env.invalidate_all()
        mine = self.actions.with_user(self.seller)
        self.assertFalse(mine.search([]))
        self.assertEqual(mine._empty_words()[0], "Nothing needs you today")
        value = self._value(self.customer).with_user(self.seller)
        self.assertEqual(value.next_step_kind, "silent")
        self.assertTrue(value.next_step)
        dialog = self.customer.with_user(self.seller).action_log_contact()
        self.assertEqual(dialog["res_model"], "customer.contact.wizard")

    def test_e_mails_to_begin_with(self):
        """In the name of who sends it, to the person, by the kind; what was deleted is not missed."""
        person = self._partner("Anna", parent_id=self.customer.id, email="anna@oak.example")
        mine = self.action.with_user(self.seller)
        for kind, subject in (
            ("silent", "How are you doing?"), ("invoice", "An open invoice"), ("due", "Your next order"),
        ):
            self.action.kind = kind
            self.env.flush_all()
            context = mine.action_write()["context"]
            self.assertEqual((context["default_model"], context["default_res_ids"]), ("res.partner", person.ids))
            composer = self.env["mail.compose.message"].with_user(self.seller).with_context(**context).create({})
            self.assertEqual((composer.subject, composer.partner_ids), (subject, person))
            self.assertIn("Hello Anna,", composer.body)
            self.assertIn(self.seller.name, composer.body)
        self.env.ref("crm_customer_value.mail_template_next_action_due").unlink()
        self.assertFalse(mine.action_write()["context"]["default_template_id"])

    def test_capacity_is_ones_own(self):
        self.seller.with_user(self.seller).write({"customer_capacity": 3})
        self.assertEqual(self.seller.customer_capacity, 3)
        with self.assertRaises(AccessError):
            self.seller.with_user(self.colleague).write({"customer_capacity": 0})

    def test_administrator_chooses_it_for_others(self):
        with Form(self.seller, view="base.view_users_form") as form:
            form.customer_capacity = 5
        self.assertEqual(self.seller.customer_capacity, 5)

    def test_deleted_salesperson(self):
        """A user can be deleted as before, and what was on their list goes with them."""
        self.seller.unlink()
        self.assertFalse(self.action.exists())

    def test_words_about_a_customer_are_told_and_erased(self):
        self.env["customer.next.action.answer"].with_user(self.seller).create({
            "action_id": self.action.id, "answer": "not_useful", "reason": "known", "note": "Is about to retire",
        }).action_answer()
        privacy = self.env["customer.benefit.privacy"].create({"partner_id": self.customer.id})
        self.assertEqual(privacy._kept_on_contact(self.customer)["Answers to Next Actions"], [
            "02/22/2027, Silent, Not Useful, I know this customer better, Is about to retire",
        ])
        privacy.action_erase()
        self.assertFalse(self.action.exists())

    def test_contacts_of_earlier_times_do_nothing(self):
        """Whoever notes what was talked about last year has not done what is on the list of today."""
        logs = self.env["customer.contact.log"].with_user(self.seller)
        values = {"partner_id": self.customer.id, "company_id": self.company.id, "summary": "All is well."}
        logs.create({**values, "date": "2026-02-22 12:00:00"})
        self.assertEqual(self.action.state, "open")
        logs.create({**values, "date": "2027-02-20 12:00:00"})
        self.assertEqual(self.action.state, "done")

    def test_what_helps_to_do_it(self):
        mine = self.action.with_user(self.seller)
        for name, model in (
            ("action_log_contact", "customer.contact.wizard"), ("action_write", "mail.compose.message"),
            ("action_quote", "sale.order"), ("action_meet", "calendar.event"), ("action_open_customer", "res.partner"),
        ):
            self.assertEqual(getattr(mine, name)()["res_model"], model)
        self.assertEqual(MONDAY, self.action.date_dealt)

    def test_quotation_has_the_product_to_offer(self):
        """Unless it is not sold any longer: then it is empty."""
        lamp = self.env["product.product"].create({"name": "Lamp", "list_price": 100.0})
        self.action.sudo().write({"kind": "offer", "facts": {
            "product": {"en_US": "Lamp"}, "product_id": lamp.id, "because": {"en_US": "Desk"}, "in_common": 9,
            "customers": 14,
        }})
        mine = self.action.with_user(self.seller)
        order = self.env["sale.order"].browse(mine.action_quote()["res_id"])
        self.assertRecordValues(order, [{
            "partner_id": self.customer.id, "company_id": self.company.id, "user_id": self.seller.id,
        }])
        self.assertEqual(order.order_line.product_id, lamp)
        lamp.sale_ok = False
        self.assertNotIn("res_id", mine.action_quote())
