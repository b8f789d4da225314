from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .satisfaction_case import SatisfactionCase


@tagged("post_install", "-at_install")
class TestStake(SatisfactionCase):
    """Money at stake on complaints, the order of the queue, and stages held while one is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Enough customers who come again for a prediction.
        cls.customers = [
            cls._buyer(f"Customer {number}", [20 + number + 45 * step for step in range(2 + number % 6)])
            for number in range(36)
        ]
        cls.first, cls.second = cls.customers[5], cls.customers[4]
        cls._recompute()

        def user(login, groups):
            return new_test_user(
                cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
            )

        cls.seller = user("stake_seller", "sales_team.group_sale_salesman")
        cls.seller_all = user("stake_seller_all", "sales_team.group_sale_salesman_all_leads")
        cls.agent = user("stake_agent", "crm_customer_value.group_service_own")
        cls.lead = user("stake_lead", "crm_customer_value.group_service_all")

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def test_stake_is_the_expected_value(self):
        """At once for a new complaint and a new customer, after each run for open ones, never after the end."""
        expected = self._value(self.first).clv_12m
        self.assertGreater(expected, 0)
        complaint, ended = self._complain(self.first), self._complain(self.first)
        self.assertEqual(complaint.amount_at_stake, expected)
        self.assertEqual(complaint.value_class, self._value(self.first).value_class)
        self._end(ended)
        complaint.partner_id = self.second
        self.assertEqual(complaint.amount_at_stake, self._value(self.second).clv_12m)
        self.assertNotEqual(complaint.amount_at_stake, expected)
        complaint.partner_id = self.first
        written = complaint.write_date
        self._order(self.first, 1, 5000.0)
        self._recompute(partners=self.first)
        now = self._value(self.first).clv_12m
        self.assertNotEqual(now, expected)
        self.assertEqual((complaint.amount_at_stake, ended.amount_at_stake), (now, expected))
        self.assertEqual(complaint.write_date, written, "a recompute is no change of the complaint")
        ended._reopen("Broken again")
        self.assertEqual(ended.amount_at_stake, now)
        # A month end that is computed late says nothing of today.
        self._recompute(as_of=self._day(60))
        self.assertEqual(complaint.amount_at_stake, now)
        self._recompute()
        stranger = self._complain(self._partner("Never bought"))
        self.assertEqual(stranger.amount_at_stake, 0.0)
        self.assertEqual(self._complain(self.env["res.partner"], name="Unknown sender").amount_at_stake, 0.0)

    def test_full_run_writes_different_ones_only(self):
        complaints = self._complain(self.first) | self._complain(self.second)
        self.env.cr.execute(
            "UPDATE customer_complaint SET amount_at_stake = 1 WHERE id = %s", [complaints[0].id]
        )
        self.env.cr.execute("SELECT id, xmin::text FROM customer_complaint WHERE id = ANY(%s)", [complaints.ids])
        before = dict(self.env.cr.fetchall())
        self.env.cr.execute("SAVEPOINT later")  # a transaction of its own for what follows
        self._recompute()
        self.env.cr.execute("SELECT id, xmin::text FROM customer_complaint WHERE id = ANY(%s)", [complaints.ids])
        after = dict(self.env.cr.fetchall())
        self.assertNotEqual(before[complaints[0].id], after[complaints[0].id])
        self.assertEqual(before[complaints[1].id], after[complaints[1].id])
        self.assertEqual(complaints[0].amount_at_stake, self._value(self.first).clv_12m)

    def test_queue(self):
        """Missed first, then by stake, then by age; for whoever may not read the stake, too."""
        plain = self._complain(self._partner("Never bought"), days=30)
        less, more = sorted((self.first, self.second), key=lambda one: self._value(one).clv_12m)
        rich, rich_old = self._complain(more, days=3), self._complain(more, days=9)
        poor, late = self._complain(less, days=40), self._complain(self._partner("Nobody"), days=1)
        late.is_missed = True
        expected = late | rich_old | rich | poor | plain
        expected.user_id = self.agent
        for user in (self.env.user, self.agent, self.lead):
            found = self._as(user, self.env["customer.complaint"]).search([("id", "in", expected.ids)])
            self.assertEqual(found.ids, expected.ids, user.login)

    def test_boards_are_in_the_order_of_the_queue(self):
        """Grouped views build their order from the default one, for whoever may not read the stake, too."""
        poor, rich = sorted((self.first, self.second), key=lambda one: self._value(one).clv_12m)
        complaints = self._complain(rich, days=1) | self._complain(poor, days=9)
        complaints.user_id = self.agent
        mine = self._as(self.agent, self.env["customer.complaint"])
        for group in ("stage_id", "user_id", "is_missed", "date_received:year", "severity"):
            groups = mine.web_read_group(
                [("id", "in", complaints.ids)], [group], ["__count"], auto_unfold=True,
                unfold_read_specification={"name": {}}, unfold_read_default_limit=40,
            )["groups"]
            opened = [record["id"] for found in groups for record in found.get("__records", ())]
            self.assertEqual(opened, complaints.ids, group)
        sorted_by_name = mine.search([("id", "in", complaints.ids)], order=f"severity, {mine._order}")
        self.assertEqual(sorted_by_name.ids, complaints.ids)

    def test_nobody_sorts_by_what_they_may_not_read(self):
        complaint = self._complain(self.first, user_id=self.agent.id)
        complaints = self._as(self.agent, self.env["customer.complaint"])
        self.assertEqual(complaints.search([], order=complaints._order).ids, complaint.ids)
        for order in ("amount_at_stake", "amount_at_stake desc", "id, amount_at_stake desc"):
            with self.assertRaises(AccessError):
                complaints.search([], order=order)
            self.assertTrue(self._as(self.lead, complaints).search([], order=order))
        with self.assertRaises(AccessError):
            complaints.search([("amount_at_stake", ">", 1)])
        with self.assertRaises(AccessError):
            complaints._read_group([], [], ["amount_at_stake:sum"])
        with self.assertRaises(AccessError):
            self._as(self.agent, complaint).read(["amount_at_stake"])

    def test_who_sees_the_stake(self):
        """Like every amount: service teams and who sees all documents; others, what is theirs or nobody's."""
        complaint = self._complain(self.first, user_id=self.agent.id)
        expected = complaint.amount_at_stake
        orders = self.env["sale.order"].search([("partner_id", "=", self.first.id)])

        def shown(user):
            complaint.invalidate_recordset()
            return self._as(user, complaint).shown_amount_at_stake

        orders.user_id = self.seller_all
        complaint.user_id = self.seller
        self.assertEqual((shown(self.seller), shown(self.lead)), (0.0, expected))
        complaint.user_id = self.seller_all
        self.assertEqual(shown(self.seller_all), expected)
        complaint.user_id = self.agent
        self.assertEqual(shown(self.agent), 0.0)
        self.assertEqual(self._as(self.agent, complaint).value_class, self._value(self.first).value_class)
        orders.user_id = self.seller
        complaint.user_id = self.seller
        self.assertEqual(shown(self.seller), expected)
        # Whatever renders a page for a customer does so as superuser.
        portal = new_test_user(self.env, "stake_portal", groups="base.group_portal")
        complaint.invalidate_recordset()
        self.assertEqual(complaint.with_user(portal).sudo().shown_amount_at_stake, 0.0)

    def test_service_groups_by_class(self):
        """Whoever serves without selling sees, filters and groups by class; the value itself stays closed."""
        complaint = self._complain(self.first, user_id=self.agent.id)
        complaints = self._as(self.agent, self.env["customer.complaint"])
        value_class = self._value(self.first).value_class
        self.assertEqual(complaints.search([("value_class", "=", value_class)]).ids, complaint.ids)
        self.assertEqual(complaints._read_group([], ["value_class"], ["__count"]), [(value_class, 1)])
        with self.assertRaises(AccessError):
            complaints.search([("customer_value_id.clv_12m", ">", 0)])
        with self.assertRaises(AccessError):
            self._as(self.agent, self.first).read(["value_class"])

    def test_stakes_of_two_companies(self):
        other = self._make_company("Stake Elsewhere")
        complaint = self._complain(self.first, company_id=other.id)
        mine = self._complain(self.first)
        self._recompute(other)
        self.assertEqual((complaint.amount_at_stake, mine.amount_at_stake), (0.0, self._value(self.first).clv_12m))

    def test_queries_of_a_page_of_stakes(self):
        """One page of the queue costs the same whether it shows three complaints or thirty."""
        complaints = self.env["customer.complaint"].union(*(
            self._complain(customer, user_id=self.seller.id) for customer in self.customers[:30]
        ))

        def queries(records):
            self.env.invalidate_all()
            records = self._as(self.seller, records)
            start = self.env.cr.sql_log_count
            records.mapped("shown_amount_at_stake")
            records.mapped("value_class")
            return self.env.cr.sql_log_count - start

        queries(complaints)
        self.assertLessEqual(queries(complaints), queries(complaints[:3]) + 1)


@tagged("post_install", "-at_install")
class TestHeld(SatisfactionCase):
    """No rule moves who waits for an answer to something worse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        days = (400, 370, 340, 310, 280, 250)
        cls.held, cls.other = cls._buyer("Held", days), cls._buyer("Not held", days)
        cls._recompute(as_of=cls._day(230))

    def test_held_while_a_complaint_is_open(self):
        """The day the complaint ends, the customer falls like everybody."""
        before = self._stage(self.held)
        self.assertEqual(self._stage(self.other), before)
        complaint = self._complain(self._partner("Contact", parent_id=self.held.id), days=229, severity="low")
        self._recompute(as_of=self._day(30))
        worse = self._stage(self.other)
        self.assertNotEqual(worse, before)
        self.assertEqual(self._stage(self.held), before)
        # The same for some customers as for all.
        self._recompute(as_of=self._day(29), partners=self.held | self.other)
        self.assertEqual((self._stage(self.held), self._stage(self.other)), (before, worse))
        self._end(complaint, days=28)
        self._recompute(as_of=self._day(28))
        self.assertEqual((self._stage(self.held), self._stage(self.other)), (worse, worse))
        self.assertEqual(self._moves(self.held)[-1][0], 28)

    def test_no_hold(self):
        """Neither by a complaint to another company nor by an archived or merged one."""
        before = self._stage(self.held)
        other = self._make_company("Elsewhere")
        self._complain(self.held, days=100, company_id=other.id)
        self._complain(self.held, days=100).active = False
        self._recompute(as_of=self._day(30))
        self.assertNotEqual(self._stage(self.held), before)

    def test_held_customers_may_rise(self):
        """A prospect who complains and buys is a customer all the same."""
        prospect = self._partner("Prospect")
        order = self._order(prospect, 3, 10.0, state="draft")
        self._complain(prospect)
        self._recompute()
        before = self._stage(prospect)
        order.state = "sale"
        self._recompute(partners=prospect)
        self.assertNotEqual(self._stage(prospect), before)
        self.assertEqual(self._stage(prospect), "new")
