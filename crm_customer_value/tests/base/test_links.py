from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..complaint_common import ComplaintCase


@tagged("post_install", "-at_install")
class TestLinks(ComplaintCase):
    """Nobody learns the name of a document by writing its number into a link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._desk_user("links_seller", "sales_team.group_sale_salesman")
        cls.seller.group_ids |= cls.env.ref("account.group_account_invoice")
        cls.colleague = cls._desk_user("links_colleague", "sales_team.group_sale_salesman")
        cls.customer.user_id = cls.seller
        cls.order = cls._order(cls.customer, 5, 100.0, user_id=cls.colleague.id, name="Secret order")
        cls.own_order = cls._order(cls.customer, 5, 100.0, user_id=cls.seller.id, name="Own order")
        cls.order.order_line.name = "Secret line"
        cls.env["account.chart.template"].try_loading("generic_coa", company=cls.company, install_demo=False)
        cls.lead = cls.env["crm.lead"].create({
            "name": "Secret lead", "user_id": cls.colleague.id, "company_id": cls.company.id,
        })
        cls.foreign_product = cls.env["product.product"].create({
            "name": "Secret product", "company_id": cls.other_company.id,
        })
        cls.hidden = cls._complaint(name="Secret complaint", partner_id=cls.neighbour.id, user_id=cls.everybody.id)
        cls.foreign_team = cls.env["customer.complaint.team"].create({
            "name": "Secret team", "company_id": cls.other_company.id,
        })
        cls.foreign_idea = cls.env["customer.suggestion"].create({
            "name": "Secret suggestion", "company_id": cls.other_company.id,
        })
        cls.foreign_partner = cls._partner("Secret contact", company_id=cls.other_company.id)
        cls.mine = cls._complaint(user_id=cls.seller.id)
        cls.idea = cls.env["customer.suggestion"].create({"name": "Own suggestion", "company_id": cls.company.id})

    def _attack(self, attempt, *args, words="You have no access to the record that you chose"):
        """Expect a refusal that names nothing."""
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            attempt(*args)
        self.assertNotIn("Secret", str(caught.exception))
        self.assertRegex(str(caught.exception), words)
        self.env.invalidate_all()

    def test_documents_of_others(self):
        """By writing, by creating, by the context, by the user's own defaults, in every link of ours."""
        for record, values in (
            (self.mine, {"order_id": self.order.id}),
            (self.mine, {"order_line_id": self.order.order_line.id}),
            (self.mine, {"order_id": self.own_order.id, "order_line_id": self.order.order_line.id}),
            (self.mine, {"product_id": self.foreign_product.id}),
            (self.mine, {"partner_id": self.foreign_partner.id}),
            (self.mine, {"team_id": self.foreign_team.id}),
            (self.mine, {"order_id": 2**31 - 1}),
            (self.idea, {"product_id": self.foreign_product.id}),
            (self.idea, {"complaint_id": self.hidden.id}),
            (self.idea, {"partner_id": self.foreign_partner.id}),
        ):
            with self.subTest(record=record, values=values):
                record = self._as(self.seller, record)
                self._attack(record.write, values)
                base = {"name": "New", "description": "<p>words</p>"}
                self._attack(record.create, {**base, **values})
                defaults = {f"default_{name}": value for name, value in values.items()}
                self._attack(record.with_context(**defaults).create, base)
                for name, value in values.items():
                    with self.env.cr.savepoint() as savepoint:
                        self.env["ir.default"].with_user(self.seller).set(record._name, name, value, user_id=True)
                        if value != self.own_order.id:
                            self._attack(record.create, base)
                        savepoint.rollback()
                    self.env.registry.clear_cache()

    def test_links_written_as_new_records(self):
        """The ORM takes a dictionary for a new record, with the name of the one whose id it holds."""
        mine = self._as(self.seller, self.mine)
        for values in ({"partner_id": {"id": self.foreign_partner.id}}, {"order_id": {"id": self.order.id}}):
            self._attack(mine.write, values)
            self._attack(mine.web_save, values, {"display_name": {}})

    def test_onchange_names_nothing(self):
        """A form that was not saved yet, too."""
        spec = {"order_id": {"fields": {"display_name": {}}}, "partner_id": {"fields": {"display_name": {}}}}
        complaint = self._as(self.seller, self.mine)
        for attempt in (
            lambda: complaint.onchange({"order_id": self.order.id}, ["order_id"], spec),
            lambda: complaint.browse().onchange({"order_id": self.order.id}, ["order_id"], spec),
            lambda: complaint.browse().onchange({"order_id": self.order.id}, ["name"], spec),
            lambda: complaint.browse().with_context(default_order_id=self.order.id).onchange({}, [], spec),
        ):
            self._attack(attempt)

    def test_what_one_may_read_is_linked(self):
        complaint = self._as(self.seller, self.mine)
        complaint.write({"order_id": self.own_order.id, "order_line_id": self.own_order.order_line.id})
        self.assertEqual(self.mine.order_line_id, self.own_order.order_line)
        self.assertEqual(complaint.create({
            "name": "New", "description": "<p>words</p>", "order_id": self.own_order.id,
            "partner_id": self.customer.id, "tag_ids": [Command.create({"name": "Links tag"})],
        }).sudo().order_id, self.own_order)

    def test_what_a_colleague_linked_stays(self):
        """Saving it again, or taking it away, needs no right to read it."""
        self.mine.order_id = self.order
        complaint = self._as(self.seller, self.mine)
        complaint.write({"order_id": self.order.id, "name": "Same order"})
        self.assertEqual(self.mine.name, "Same order")
        self._attack(
            complaint.write, {"partner_id": self.seller.partner_id.id}, words="was not placed by this customer"
        )
        complaint.order_id = False
        self.assertFalse(self.mine.order_id)

    def test_merging_takes_documents_along(self):
        """Also those that whoever merges may not open."""
        twin = self._complaint(user_id=self.seller.id, order_id=self.order.id)
        self._as(self.seller, twin)._merge_into(self._as(self.seller, self.mine))
        self.assertEqual(self.mine.order_id, self.order)

    def test_links_of_odoos_own_models(self):
        """A credit note names a complaint, a contact the way in which it is served."""
        refund = self._as(self.seller, self.env["account.move"]).create({
            "move_type": "out_refund", "partner_id": self.customer.id,
        })
        self._attack(refund.write, {"complaint_id": self.hidden.id})
        self._attack(refund.create, {"move_type": "out_refund", "complaint_id": self.hidden.id})
        refund.complaint_id = self.mine.id
        self.assertEqual(refund.sudo().complaint_id, self.mine)
        flow = self.env["customer.service.flow"].create({
            "name": "Secret flow", "company_id": self.other_company.id, "one_contact": True,
        })
        self.seller.group_ids |= self.env.ref("base.group_partner_manager")
        self._attack(self._as(self.seller, self.customer).write, {"service_flow_id": flow.id})

    def test_wizards(self):
        foreign_stage = self.env["customer.lifecycle.stage"].create({
            "name": "Secret stage", "company_id": self.other_company.id,
        })
        env = self._as(self.seller, self.env["customer.value.pin"]).env
        self._attack(env["customer.value.pin"].create, {"stage_id": foreign_stage.id, "reason": "x"})
        self._attack(env["customer.complaint.reason"].create, {
            "complaint_ids": [Command.set(self.hidden.ids)], "purpose": "answer",
        })
        self._attack(env["customer.complaint.credit"].create, {
            "complaint_id": self.mine.id, "invoice_id": 2**31 - 1,
        })

    def test_set_up(self):
        """Whoever sets up the desk of one company learns nothing of another one."""
        manager = self._as(self.manager, self.team)
        step = self._as(self.manager, self.env["customer.service.flow"].create({
            "name": "Own flow", "company_id": self.company.id,
            "step_ids": [Command.create({"name": "First", "team_id": self.team.id, "hours": 1.0})],
        }).step_ids)
        for attempt in (
            lambda: manager.env["customer.complaint.category"].create({
                "name": "New", "team_id": self.foreign_team.id,
            }),
            lambda: manager.env["customer.complaint.sla"].create({"name": "New", "team_id": self.foreign_team.id}),
            lambda: manager.env["customer.complaint.stage"].create({
                "name": "New", "state": "handling", "team_ids": [Command.link(self.foreign_team.id)],
            }),
            lambda: step.write({"team_id": self.foreign_team.id}),
        ):
            self._attack(attempt)

    def test_moving_a_complaint_to_another_company(self):
        """The company check of Odoo would name the order that one may not see."""
        self.mine.order_id = self.order
        self.seller.company_ids |= self.other_company
        complaint = self._as(self.seller, self.mine)
        self._attack(complaint.write, {"company_id": self.other_company.id}, words="another company")

    def test_other_doors(self):
        """Suggestions and activities tell no names of what one may not read."""
        supports = self._as(self.seller, self.env["customer.suggestion.support"])
        self._attack(supports.create, {
            "suggestion_id": self.foreign_idea.id, "partner_id": self.customer.id,
        })
        activity = self._as(self.seller, self.mine).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.seller.id
        )
        self._attack(activity.write, {"res_id": self.hidden.id}, words="You may not see the document")
