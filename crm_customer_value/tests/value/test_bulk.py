from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestBulk(CustomerValueCase):
    """What one does with a customer, or with many at once: with one's own rights, and all of it or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own, cls.other, cls.manager = (
            new_test_user(
                cls.env, f"bulk_{name}", name=name, groups=group, company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, group in (
                ("Own", "sales_team.group_sale_salesman"), ("Other", "sales_team.group_sale_salesman"),
                ("Manager", "sales_team.group_sale_manager"),
            )
        )
        cls.customers = cls.env["res.partner"].create([
            {"name": f"Bulk {number}", "is_company": True, "email": f"bulk{number}@example.com",
             "user_id": user.id if user else False}
            for number, user in enumerate((cls.own, None, cls.other))
        ])
        cls.mine, cls.nobodys, cls.others = cls.customers
        cls.values = cls.env["customer.value"].create([
            {"company_id": cls.company.id, "partner_id": customer.id} for customer in cls.customers
        ])

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _values(self, *customers):
        return self.values.filtered(lambda value: value.partner_id in customers)

    def _apply(self, user, action, **values):
        wizard = self._as(user, self.env["customer.value.bulk"]).with_context(**action["context"]).create(values)
        return wizard.action_apply()["params"]["message"]

    def test_selected_in_list_and_board(self):
        """Each is offered for the selected customers, in the list and on the board, to who sells."""
        actions = self.env["ir.actions.server"].search([("binding_model_id.model", "=", "customer.value")])
        names = {action.name for action in actions if action.binding_view_types == "list,kanban"}
        self.assertEqual(names, {
            "Schedule Activity", "Send E-Mail", "Assign Salesperson", "Create Opportunities", "Add Tags",
        })
        for action in actions:
            result = self._as(self.own, action).with_context(
                active_model="customer.value", active_ids=self.values.ids, active_id=self.values[0].id
            ).run()
            self.assertEqual(result["type"], "ir.actions.act_window", action.name)
            self.assertEqual(result["target"], "new", action.name)

    def test_activities(self):
        action = self._as(self.own, self.values).action_schedule_activity()
        wizard = self._as(self.own, self.env["mail.activity.schedule"]).with_context(**action["context"])
        wizard.create({
            "activity_type_id": self.env.ref("mail.mail_activity_data_call").id, "summary": "Spring",
        }).action_schedule_activities()
        for customer in self.customers:
            self.assertEqual(customer.activity_ids.mapped("summary"), ["Spring"])

    def test_email(self):
        """To one as a message on the contact; to many an e-mail each."""
        one = self._as(self.own, self._values(self.mine)).action_send_email()["context"]
        self.assertEqual(
            (one["default_composition_mode"], one["default_res_ids"], one["default_partner_ids"]),
            ("comment", self.mine.ids, self.mine.ids),
        )
        action = self._as(self.own, self.values).action_send_email()
        self.assertEqual(action["name"], "Send E-Mail to 3 Customers")
        email, self.customers[0].email = self.customers[0].email, False
        self.assertEqual(
            self._as(self.own, self.values).action_send_email()["name"],
            "Send E-Mail to 2 Customers (without an address: 1)",
        )
        self.customers[0].email = email
        many = action["context"]
        self.assertEqual(many["default_composition_mode"], "mass_mail")
        self._as(self.own, self.env["mail.compose.message"]).with_context(**many).create({
            "subject": "Spring offer", "body": "<p>Buy</p>",
        })._action_send_mail()
        mails = self.env["mail.mail"].search([("subject", "=", "Spring offer")])
        self.assertEqual(mails.recipient_ids, self.customers)
        self.assertEqual(len(mails), 3)

    def test_assign(self):
        """A manager gives all to one person, and is told for how many it was new."""
        action = self._as(self.manager, self.values).action_assign_salesperson()
        self.assertEqual(
            self._apply(self.manager, action, user_id=self.own.id), "Customers assigned to Own: 2."
        )
        self.assertEqual(self.customers.user_id, self.own)
        self.assertEqual(
            self._apply(self.manager, action, user_id=False), "Customers who now have no salesperson: 3."
        )

    def test_nobody_takes_over_customers_of_others(self):
        """One of three is somebody else's: none is assigned."""
        action = self._as(self.own, self.values).action_assign_salesperson()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._apply(self.own, action, user_id=self.own.id)
        self.assertEqual(self.customers.mapped("user_id"), self.own | self.other)
        self.assertFalse(self.nobodys.user_id)
        action = self._as(self.own, self._values(self.mine, self.nobodys)).action_assign_salesperson()
        self._apply(self.own, action, user_id=self.own.id)
        self.assertEqual(self.nobodys.user_id, self.own)

    def test_opportunities(self):
        """One each; who has an open one is left out, unless one says otherwise."""
        leads = self.env["crm.lead"]
        leads.create({
            "type": "opportunity", "name": "Open", "partner_id": self.mine.id, "company_id": self.company.id,
            "user_id": self.own.id,
        })
        action = self._as(self.own, self.values).action_create_opportunities()
        self.assertEqual(
            self._apply(self.own, action, name="Spring offer"),
            "Opportunities created: 2. Left out, because they already have an open one: 1.",
        )
        made = leads.search([("name", "=", "Spring offer")])
        self.assertEqual(
            {(lead.partner_id, lead.user_id, lead.company_id, lead.type) for lead in made},
            {(customer, self.own, self.company, "opportunity") for customer in (self.nobodys, self.others)},
            "whoever sees their own documents only makes their own",
        )
        self.assertEqual(
            self._apply(self.manager, action, name="All of them", again=True), "Opportunities created: 3."
        )
        made = leads.search([("name", "=", "All of them")])
        self.assertEqual(
            {(lead.partner_id, lead.user_id) for lead in made},
            {(self.mine, self.own), (self.nobodys, self.manager), (self.others, self.other)},
        )
        with self.assertRaisesRegex(UserError, "a name for the opportunities"):
            self._apply(self.own, action, name=" ")

    def test_add_tags(self):
        tags = self.env["res.partner.category"].create([{"name": "Spring"}, {"name": "Fair"}])
        self.mine.category_id = tags
        action = self._as(self.own, self.values).action_add_tags()
        self.assertEqual(
            self._apply(self.own, action, category_ids=[Command.set(tags.ids)]), "Customers with added tags: 2."
        )
        for customer in self.customers:
            self.assertEqual(customer.category_id, tags)
        with self.assertRaisesRegex(UserError, "Choose the tags"):
            self._apply(self.own, action)

    def test_not_for_everybody(self):
        """Nobody without sales rights, and nobody for customers of another company."""
        staff = new_test_user(
            self.env, "bulk_staff", "base.group_user", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        elsewhere = self._make_company("Bulk Elsewhere")
        value = self.env["customer.value"].create({"company_id": elsewhere.id, "partner_id": self.mine.id})
        for name in (
            "action_schedule_activity", "action_send_email", "action_assign_salesperson", "action_create_opportunities",
            "action_add_tags",
        ):
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    getattr(self._as(staff, self.values), name)()
                with self.assertRaises(AccessError):
                    getattr(self._as(self.own, value), name)()
                with self.assertRaises(UserError):
                    getattr(self._as(self.own, self.values.browse()), name)()
        with self.assertRaises(AccessError):
            self._as(self.own, self.env["customer.value.bulk"]).create({
                "value_ids": [Command.set(value.ids)], "purpose": "tags",
            })

    def test_new_documents_of_the_customer(self):
        """Quotation and complaint begin with the customer; also from an opportunity and from the contact."""
        value = self._as(self.own, self._values(self.mine))
        self.assertEqual(value.action_new_quotation()["context"]["default_partner_id"], self.mine.id)
        lead = self.env["crm.lead"].create({
            "type": "opportunity", "name": "Lead", "partner_id": self.mine.id, "company_id": self.company.id,
            "user_id": self.own.id,
        })
        for record in (value, self._as(self.own, self.mine), self._as(self.own, lead)):
            action = record.action_new_complaint()
            self.assertEqual(action["res_model"], "customer.complaint")
            complaint = self._as(self.own, self.env["customer.complaint"]).with_context(**action["context"]).create({
                "name": "Cold", "description": "It is cold.",
            })
            self.assertEqual((complaint.partner_id, complaint.company_id), (self.mine, self.company))
        staff = new_test_user(
            self.env, "bulk_reader", "base.group_user", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._as(staff, self.mine).action_new_complaint()

    def test_no_duplicates_offered(self):
        for model, kinds in (
            ("customer.complaint", ("form", "list")), ("customer.purchase.history", ("form", "list")),
            ("customer.purchase.import.batch", ("form", "list")), ("customer.suggestion", ("form", "list")),
        ):
            for kind in kinds:
                arch = self.env[model].get_view(
                    self.env.ref(f"crm_customer_value.{model.replace('.', '_')}_view_{kind}").id, kind
                )["arch"]
                self.assertRegex(arch.split(">")[0], 'duplicate="(false|0)"', (model, kind))
