from datetime import datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestNextStep(CustomerValueCase):
    """One sentence says what to do next with a customer: by rules that are certain, the worst first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own, cls.manager, cls.other = (
            new_test_user(
                cls.env, f"step_{login}", name=name, groups=group, company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for login, name, group in (
                ("own", "Olga Own", "sales_team.group_sale_salesman"),
                ("manager", "Mia Manager", "sales_team.group_sale_manager"),
                ("other", "Otto Other", "sales_team.group_sale_salesman"),
            )
        )
        cls.customer = cls._partner("Bakery", is_company=True, user_id=cls.own.id)
        cls.value = cls._late(cls.customer)

    @classmethod
    def _late(cls, customer, days=190, gap=20.0, **values):
        """Return the value of a customer with a rhythm who is silent for so many days."""
        return cls.env["customer.value"].create({
            "company_id": cls.company.id, "partner_id": customer.id, "purchase_days": 5, "order_count": 5,
            "first_purchase_date": cls._day(days + 100), "last_purchase_date": cls._day(days), "typical_gap": gap,
            **values,
        })

    def _as(self, user, record=None):
        record = self.value if record is None else record
        record.invalidate_recordset()
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _step(self, user=None, value=None):
        value = self._as(user or self.own, value)
        return value.next_step, value.next_step_kind, value.next_step_action

    def _complain(self, **values):
        return self.env["customer.complaint"].create({
            "name": "Cold oven", "description": "It is cold.", "partner_id": self.customer.id,
            "company_id": self.company.id, "severity": "critical", "root_cause": "Haste",
            "corrective_action": "Patience", **values,
        })

    def _quote(self, days, **values):
        return self._order(self.customer, days, 50.0, state="sent", user_id=self.own.id, **values)

    def _short(self, day):
        return f"{day:%b} {day.day}" + (f", {day.year}" if day.year != self.today.year else "")

    def test_silent(self):
        self.assertEqual(self._step(), ("Silent 9.5 × usual: call.", "silent", "activity"))

    def test_due(self):
        self.value.write({"last_purchase_date": self._day(40), "typical_gap": 30.0})
        self.assertEqual(
            self._step(),
            (f"Due since {self._short(self._day(10))}. Call about the next order.", "due", "activity"),
        )

    def test_nothing_to_do(self):
        """In time, or with a rhythm that nobody knows: no sentence."""
        self.value.last_purchase_date = self._day(20)
        self.assertEqual(self._step(), (False, False, False))
        for values in ({"purchase_days": 2}, {"typical_gap": False}, {"last_purchase_date": False}):
            self.value.write({"last_purchase_date": self._day(190), "typical_gap": 20.0, "purchase_days": 5} | values)
            self.assertEqual(self._step(), (False, False, False), values)

    def test_complaint(self):
        """Everybody is told whom to talk to; who may read the complaint opens it, the others plan to talk."""
        complaint = self._complain()
        complaint.user_id = self.other
        text = "Severe complaint open: talk to Otto Other first."
        self.customer.user_id = False
        self.assertEqual(self._step(self.manager), (text, "complaint", "complaint"))
        action = self._as(self.manager).action_plan_next_step()
        self.assertEqual((action["res_model"], action["res_id"]), ("customer.complaint", complaint.id))
        self.assertEqual(self._step(self.own), (text, "complaint", "activity"))
        self.assertEqual(self._as(self.own).action_plan_next_step()["res_model"], "mail.activity.schedule")
        self.assertEqual(self._step(self.other)[0], "Severe complaint open: take care of it first.")
        self._complain(severity="low")
        complaint._close()
        self.assertEqual(self._step()[1], "silent", "closed, and a mild one is no reason to wait")

    def test_rating(self):
        complaint = self._complain(severity="low")
        complaint._close()
        rating = self.env["rating.rating"].create({
            "res_model_id": self.env["ir.model"]._get_id("customer.complaint"), "res_id": complaint.id,
        })
        rating.write({"rating": 2, "consumed": True})
        rating.rated_on = datetime.combine(self._day(3), time(12))
        self.customer.activity_ids.unlink()
        self.assertEqual(self._step(), ("Rated 2 of 5: call.", "rating", "activity"))
        self.customer.activity_schedule("mail.mail_activity_data_call", user_id=self.own.id).action_feedback()
        self.assertEqual(self._step(), (False, False, False), "talked since")
        self.env["mail.message"].search([
            ("model", "=", "res.partner"), ("res_id", "=", self.customer.id), ("mail_activity_type_id", "!=", False),
        ]).date = datetime.combine(self._day(10), time(12))
        self.assertEqual(self._step()[1], "rating", "talked before")
        rating.write({"rating": 4})
        self.assertEqual(self._step()[1], "silent")
        rating.rating = 1
        rating.rated_on = datetime.combine(self._day(15), time(12))
        self.assertEqual(self._step()[1], "silent", "long ago")

    def _invoice(self, amount, due, **values):
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.customer.id, "invoice_date": self._day(due + 30),
            "invoice_date_due": self._day(due), "invoice_user_id": self.own.id,
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "quantity": 1, "price_unit": amount, "tax_ids": False,
            })],
            **values,
        })
        invoice.action_post()
        return invoice

    def test_late_payer(self):
        """The amount is told to who may see it."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        invoices = self._invoice(800.0, 8) | self._invoice(35.0, 7)
        self._invoice(1000.0, 6)
        text = "Late payer: settle $\xa0835.00 first."
        self.assertEqual(self._step(), (text, "invoice", "invoice"))
        action = self._as(self.own).action_plan_next_step()
        self.assertEqual(sorted(action["domain"][0][2]), sorted(invoices.ids))
        self._order(self.customer, 300, 20.0, user_id=self.other.id)
        self.assertEqual(self._step(self.manager)[0], text)
        self.assertEqual(
            self._step(), ("Late payer: overdue invoices come first.", "invoice", "invoice"),
            "the amount would tell of documents of others",
        )
        invoices.invoice_user_id = self.other
        self.assertEqual(self._step()[2], "activity", "may open none of them")
        invoices._reverse_moves([{"invoice_date": self._day(8)}] * 2, cancel=True)
        self.assertEqual(self._step()[1], "silent", "nothing is owed any more")

    def test_quotation(self):
        self._quote(6)
        self._quote(91)
        self.assertEqual(self._step()[1], "silent")
        order = self._quote(20)
        self.assertEqual(
            self._step(), (f"Quotation {order.name} open for 20 days: follow up.", "quotation", "quotation")
        )
        action = self._as(self.own).action_plan_next_step()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))
        self.assertEqual(self._step(self.other)[1], "silent", "of a quotation one may not read nothing is told")
        order.state = "cancel"
        self.assertEqual(self._step()[1], "silent")

    def test_worst_first(self):
        self._quote(20)
        self.assertEqual(self._step()[1], "quotation")
        complaint = self._complain()
        self.assertEqual(self._step()[1], "complaint")
        complaint.severity = "low"
        self.assertEqual(self._step()[1], "quotation")

    def test_what_is_planned_is_said(self):
        """With its day, in place of being offered once more."""
        day = self.today + timedelta(days=3)
        activity = self.customer.activity_schedule(
            "mail.mail_activity_data_call", date_deadline=day, summary="Ask about flour", user_id=self.own.id
        )
        plan = f"Planned for {self._short(day)}: Ask about flour."
        self.assertEqual(self._step(), (f"Silent 9.5 × usual: call. {plan}", "silent", "planned"))
        action = self._as(self.own).action_plan_next_step()
        self.assertEqual((action["res_model"], action["res_id"]), ("mail.activity", activity.id))
        order = self._quote(20)
        self.assertEqual(
            self._step(), (f"Quotation {order.name} open for 20 days: follow up. {plan}", "quotation", "quotation")
        )
        order.state = "cancel"
        self.value.last_purchase_date = self._day(1)
        self.assertEqual(self._step(), (plan, "planned", "planned"))
        activity.date_deadline = self._day(2)
        self.assertEqual(self._step()[0], f"Overdue since {self._short(self._day(2))}: Ask about flour.")

    def test_who_was_called_is_not_called_again(self):
        """For a week; then the silence counts again."""
        self.customer.activity_schedule("mail.mail_activity_data_call", user_id=self.own.id).action_feedback()
        self.assertEqual(self._step(), (False, False, False))
        self.env["mail.message"].search([
            ("model", "=", "res.partner"), ("res_id", "=", self.customer.id), ("mail_activity_type_id", "!=", False),
        ]).date = fields.Datetime.now() - timedelta(days=8)
        self.assertEqual(self._step()[1], "silent")

    def test_button_plans_the_call(self):
        """Odoo's own window, filled in: a call, by the salesperson, today."""
        action = self._as(self.manager).action_plan_next_step()
        wizard = self.env["mail.activity.schedule"].with_user(self.manager).with_context(**action["context"])
        wizard.create({}).action_schedule_activities()
        [activity] = self.customer.activity_ids
        self.assertEqual(
            (activity.activity_type_id, activity.summary, activity.user_id, activity.date_deadline),
            (self.env.ref("mail.mail_activity_data_call"), "Silent 9.5 × usual: call.", self.own, self.today),
        )
        self.assertEqual(self._step()[2], "planned")

    def test_on_contacts(self):
        """Each contact of the customer says it; whoever never bought says nothing."""
        contact = self._partner("Baker", parent_id=self.customer.id)
        stranger = self._partner("Stranger")
        mine = self._as(self.own, contact | stranger)
        self.assertEqual(mine.mapped("next_step"), ["Silent 9.5 × usual: call.", False])
        self.assertEqual(mine[0].action_plan_next_step()["context"]["default_res_ids"], str(self.customer.ids))
        self.assertFalse(mine[1].action_plan_next_step())
        staff = new_test_user(
            self.env, "step_staff", "base.group_user", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._as(staff, contact).read(["next_step"])
        with self.assertRaises(AccessError):
            self._as(staff, contact).action_plan_next_step()

    def test_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.own.lang = "de_DE"
        day = self.today + timedelta(days=3)
        self.customer.activity_schedule("mail.mail_activity_data_call", date_deadline=day, summary="Mehl")
        text = self._as(self.own).with_context(lang="de_DE").next_step
        self.assertIn("9,5", text)
        self.assertIn(f"{day.day}. ", text)

    def test_many_at_once(self):
        """As many queries for eighty customers as for five."""
        customers = self.env["res.partner"].create([
            {"name": f"Many {number}", "is_company": True, "user_id": self.own.id} for number in range(80)
        ])
        values = self.env["customer.value"].union(*(self._late(customer) for customer in customers))
        for customer in customers[::2]:
            customer.activity_schedule("mail.mail_activity_data_call", user_id=self.own.id)

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(self._as(self.own, some).mapped("next_step")))
            return self.env.cr.sql_log_count - before

        queries(values[:2])
        self.assertLessEqual(queries(values), queries(values[:5]) + 2)
