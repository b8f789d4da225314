from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.crm_customer_value.tests.value import test_reads

from .pos_case import PosCase


@tagged("post_install", "-at_install")
class TestPosMarks(PosCase):
    """Whose orders change is recomputed by the next call of the scheduled action, within a minute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._partner("Other")

    def setUp(self):
        super().setUp()
        self._marked()

    def test_right_within_a_minute(self):
        self._sell([self._line(10.0)], self.other)
        self._recompute()
        self._marked()
        self._sell([self._line(100.0)], self.contact)
        self.env.cr.precommit.run()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60)
        self.env["customer.value.run"]._work_off_marks()
        value = self._value(self.customer)
        self.assertEqual((value.order_count, value.revenue_total, value.margin_total), (1, 100.0, 40.0))

    def test_drafts_mark_nobody(self):
        draft = self._sell([self._line(100.0)], state="draft")
        draft.lines.qty = 2
        draft.action_pos_order_cancel()
        self.assertFalse(self._marked())

    def test_payment_on_the_server(self):
        draft = self._sell([self._line(100.0)], state="draft")
        self.env["pos.make.payment"].with_context(active_id=draft.id, active_ids=draft.ids).create({}).check()
        self.assertEqual(draft.state, "paid")
        self.assertEqual(self._marked(), {self.customer.id})

    def test_change_of_the_customer(self):
        """Both: who had bought, and who has bought now."""
        order = self._sell([self._line(100.0)])
        self._marked()
        order.partner_id = self.other
        self.assertEqual(self._marked(), {self.customer.id, self.other.id})
        order.general_customer_note = "Gift"
        self.assertFalse(self._marked())

    def test_change_of_the_cost(self):
        order = self._sell([self._line(100.0)])
        self._marked()
        order.lines.total_cost = 70.0
        self.assertEqual(self._marked(), {self.customer.id})
        self.assertEqual(self._facts(), (1, 100.0, 30.0))
        order.lines.is_total_cost_computed = False
        self.assertEqual(self._marked(), {self.customer.id})
        self.assertEqual(self._facts(), (1, 100.0, False))
        order.lines.customer_note = "Blue"
        self.assertFalse(self._marked())

    def test_sales_order_that_somebody_else_paid(self):
        """It is cancelled: from now on, what was paid counts for who paid."""
        sale = self._order(self.customer, 9, 100.0, state="draft")
        line = self._line(100.0, sale_order_origin_id=sale.id, sale_order_line_id=sale.order_line.id)
        self._sell([line], self.other)
        self._marked()
        sale._action_cancel()
        self.assertEqual(self._marked(), {self.customer.id, self.other.id})

    def test_many_changes_cost_one_insert(self):
        """The costs of a session are written line by line when it closes."""
        orders = self.env["pos.order"].union(*(self._sell([self._line(100.0)]) for _number in range(3)))
        orders |= self._sell([self._line(100.0)], self.other)
        self._marked()
        marks = self.env.registry["customer.value.mark"]
        with patch.object(marks, "_store", autospec=True, side_effect=marks._store) as store:
            for line in orders.lines:
                line.total_cost = 70.0
            self.env.cr.precommit.run()
        self.assertEqual(store.call_count, 1)
        self.assertEqual(self._marked(), {self.customer.id, self.other.id})


@tagged("post_install", "-at_install")
class TestPosReads(test_reads.TestReads):
    """What is proved of everything that a recompute reads, where orders of the shop are read, too."""

    addons = test_reads.TestReads.addons | {"crm_customer_value_pos"}
