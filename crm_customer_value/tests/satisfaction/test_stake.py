from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..satisfaction_case import SatisfactionCase


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

    def _assert_refused(self, attempt, what):
        """Expect an error, of rights or of a field that nobody searches or sorts by."""
        with self.subTest(what), self.env.cr.savepoint():
            try:
                found = attempt()
            except (UserError, ValueError):
                return
            self.fail(f"not refused: {found}")

    def _worth(self, partner, amount):
        """Let a customer be expected to bring an amount, or let that be unknown."""
        self._value(partner).write({
            "clv_12m": amount or 0.0, "has_prediction": amount is not None,
            # What the customer brought would be known otherwise.
            "margin_12m": False, "revenue_12m": 0.0,
        })

    def _middle(self, amount):
        """Let the customer in the middle be expected to bring an amount."""
        run = self.env["customer.value.run"]._last_full_run(self.company)
        run.cut_points = {**run.cut_points, "clv": [amount] * 100}

    def test_ranks(self):
        """Bands from a power of ten, each about three times as wide as the one below; unknown is no band."""
        for middle, expected in (
            ("150.00", {
                0.0: 0, 9.99: 0, 10.0: 1, 29.99: 1, 30.0: 2, 100.0: 3, 299.99: 3, 300.0: 4, 1000.0: 5, 3000.0: 6,
                10000.0: 7, 30000.0: 8, 99999.99: 8, 100000.0: 9, 5e6: 9, None: None,
            }),
            ("99.99", {2.99: 1, 9.99: 2, 10.0: 3, 1000.0: 7, 10000.0: 9}),
        ):
            self._middle(middle)
            for amount, rank in expected.items():
                with self.subTest(middle=middle, amount=amount):
                    self._worth(self.first, amount)
                    complaint = self._complain(self.first)
                    self.env.flush_all()
                    self.env.cr.execute(
                        "SELECT stake_rank, amount_at_stake FROM customer_complaint WHERE id = %s", [complaint.id]
                    )
                    stored = self.env.cr.fetchone()
                    self.assertEqual(stored, (rank, amount))
        self.assertEqual(self._complain(self.env["res.partner"], name="Unknown sender").stake_rank, 0)

    def test_rank_follows_each_run(self):
        complaint, ended = self._complain(self.first), self._complain(self.first)
        before = complaint.stake_rank
        self._end(ended)
        self._order(self.first, 1, 500000.0)
        self._recompute()
        clv = self.env["customer.value.run"]._last_full_run(self.company).cut_points["clv"]
        unit = 10 ** (len(clv[50].partition(".")[0]) - 1)
        amount = complaint.amount_at_stake
        bounds = [unit * band for band in (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)]
        self.assertEqual(complaint.stake_rank, sum(amount >= bound for bound in bounds))
        self.assertGreater(complaint.stake_rank, before)
        self.assertEqual(ended.stake_rank, before)

    def test_queue(self):
        """Missed first, then by bands of the stake, then by age; for whoever may not read the stake, too."""
        self._middle("100")
        less, more = self.first, self.second
        self._worth(less, 120.0)
        self._worth(more, 950.0)
        plain = self._complain(self._partner("Never bought"), days=30)
        rich, rich_old = self._complain(more, days=3), self._complain(more, days=9)
        poor, late = self._complain(less, days=40), self._complain(self._partner("Nobody"), days=1)
        late.is_missed = True
        expected = late | rich_old | rich | poor | plain
        expected.user_id = self.agent
        for user in (self.env.user, self.agent, self.lead):
            found = self._as(user, self.env["customer.complaint"]).search([("id", "in", expected.ids)])
            self.assertEqual(found.ids, expected.ids, user.login)

    def test_queue_does_not_bracket_amounts(self):
        """Complaints of known amounts on both sides of a hidden one do not stand on both sides in the queue."""
        self._middle("100")
        self._worth(self.first, 500.0)
        hidden = self._complain(self.first, days=5)
        probes = self.env["customer.complaint"]
        for day, (customer, amount) in enumerate(zip(self.customers[6:10], (310.0, 490.0, 510.0, 990.0), strict=True)):
            self._worth(customer, amount)
            probes |= self._complain(customer, days=10 + day)
        (hidden | probes).user_id = self.agent
        complaints = self._as(self.agent, self.env["customer.complaint"])
        found = complaints.search([("id", "in", (hidden | probes).ids)])
        self.assertEqual(found.ids, [*reversed(probes.ids), hidden.id], "by age alone")

    def test_boards_are_in_the_order_of_the_queue(self):
        """Grouped views build their order from the default one, for whoever may not read the stake, too."""
        self._middle("100")
        poor, rich = self.first, self.second
        self._worth(poor, 20.0)
        self._worth(rich, 900.0)
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

    def test_no_order_of_ours_holds_money(self):
        """Whoever may not see an amount sorts by it as little as they read it, on their own records or others'."""
        money = {
            (name, field.name)
            for name, model in self.env.registry.items()
            if name.startswith("customer.") and not model._abstract
            for field in model._fields.values()
            if field.type == "monetary"
        }
        self.assertIn(("customer.complaint", "amount_at_stake"), money)
        for name, model in self.env.registry.items():
            if not name.startswith("customer."):
                continue
            for term in (model._order or "").split(","):
                self.assertNotIn((name, term.split()[0]), money, model._order)

    def test_nobody_sorts_by_what_they_may_not_read(self):
        complaint = self._complain(self.first, user_id=self.agent.id)
        complaints = self._as(self.agent, self.env["customer.complaint"])
        self.assertEqual(complaints.search([], order=complaints._order).ids, complaint.ids)
        for order in ("amount_at_stake", "amount_at_stake desc", "id, amount_at_stake desc",
                      f"{complaints._order}, amount_at_stake", "Amount_at_stake"):
            self._assert_refused(lambda order=order: complaints.search([], order=order), order)
        self.assertTrue(self._as(self.lead, complaints).search([], order="id, amount_at_stake desc"))
        for attempt in (
            lambda: complaints.search([("amount_at_stake", ">", 1)]),
            lambda: complaints.search([("stake_partner_id.name", "like", "C")]),
            lambda: complaints._read_group([], [], ["amount_at_stake:sum"]),
            lambda: complaints.formatted_read_group([], ["stage_id"], ["amount_at_stake:max"]),
            lambda: complaints.formatted_read_group([], ["amount_at_stake"], ["__count"]),
            lambda: complaints.formatted_read_group([], ["stage_id"], ["__count"], order="amount_at_stake:sum"),
            lambda: complaints.formatted_read_group(
                [], ["stage_id"], ["__count"], having=[("amount_at_stake:sum", ">", 1)]
            ),
            lambda: complaints.web_search_read([], {"name": {}}, order="amount_at_stake"),
            lambda: complaints.web_read_group([], ["stage_id"], ["amount_at_stake:sum"]),
            lambda: complaints.search_read([], ["name"], order="amount_at_stake"),
            lambda: complaints.search_read([], ["amount_at_stake"]),
            lambda: self._as(self.agent, complaint).read(["amount_at_stake"]),
            lambda: self._as(self.agent, complaint).mapped("amount_at_stake"),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def _attempts(self, user, model, path):
        """Return the ways to learn of an amount without reading it, by name."""
        records = self._as(user, self.env[model])
        return {
            "sort": lambda: records.search([], order=f"{path}, id").ids,
            "sort backwards": lambda: records.search([], order=f"{path} desc nulls last, id").ids,
            "list": lambda: records.web_search_read([], {"id": {}}, order=f"{path}, id"),
            "filter": lambda: records.search([(path, ">", 1)]).ids,
            "group": lambda: records._read_group([], [path], ["__count"]),
            "sum": lambda: records.formatted_read_group([], [], [f"{path}:sum"]),
        }

    def test_nobody_sorts_round_the_corner(self):
        """By paths, by records in between, by what is shown of others' models: refused."""
        customers = self.customers[:6]
        self._complain(self.first, user_id=self.seller.id)
        for record in customers:
            self._order(record, 3, 10.0, user_id=self.seller_all.id)
        for model, paths in (
            ("customer.complaint", ("shown_amount_at_stake", "customer_value_id.clv_12m")),
            ("customer.value", ("clv_12m", "revenue_12m", "cost_to_serve")),
            ("customer.value.snapshot", ("clv_12m", "shown_clv_12m")),
            ("customer.lifecycle.transition", ("revenue_12m",)),
            ("res.partner", ("customer_value_id.clv_12m",)),
            ("sale.order", ("customer_value_id.clv_12m", "partner_id.customer_value_id.revenue_12m")),
            ("crm.lead", ("customer_value_id.revenue_12m",)),
        ):
            for path in paths:
                for name, attempt in self._attempts(self.seller, model, path).items():
                    self._assert_refused(attempt, f"{name} {model} by {path}")
        # What is shown is sorted and summed on the value itself only.
        for name, attempt in self._attempts(self.seller, "res.partner", "customer_value_id.shown_clv_12m").items():
            if name not in ("filter", "group"):
                self._assert_refused(attempt, f"{name} res.partner by shown_clv_12m")

    def test_what_is_shown_tells_nothing_of_others(self):
        """Whatever the hidden amounts are, every answer stays the same; it changes for who may see them."""
        mine = self.first | self.second
        self.env["sale.order"].search([("partner_id", "in", mine.ids)]).user_id = self.seller
        customers = self.env["res.partner"].union(*self.customers)
        self.env["sale.order"].search([("partner_id", "in", (customers - mine).ids)]).user_id = self.seller_all
        questions = [
            (model, path, name)
            for model, path, names in (
                ("customer.value", "shown_clv_12m", ("sort", "sort backwards", "list", "filter", "group", "sum")),
                ("customer.value", "shown_revenue_12m", ("sort", "sort backwards", "list", "filter", "group", "sum")),
                ("res.partner", "customer_value_id.shown_clv_12m", ("filter", "group")),
                ("sale.order", "partner_id.customer_value_id.shown_revenue_12m", ("filter",)),
            )
            for name in names
        ]

        def answers(user):
            return [self._attempts(user, model, path)[name]() for model, path, name in questions]

        before, seen_before = answers(self.seller), answers(self.seller_all)
        found = dict(zip(questions, before, strict=True))
        self.assertEqual(set(found["res.partner", "customer_value_id.shown_clv_12m", "filter"]), set(mine.ids))
        self.assertEqual(
            set(found["customer.value", "shown_clv_12m", "sort"][:2]), {self._value(partner).id for partner in mine},
            "what is hidden comes last",
        )
        for position, partner in enumerate(customers - mine):
            amount = 0.5 if position % 2 else 10.0**6 - position
            self._value(partner).write({"clv_12m": amount, "revenue_12m": amount, "has_prediction": True})
        after, seen_after = answers(self.seller), answers(self.seller_all)
        for question, *answer in zip(questions, before, after, seen_before, seen_after, strict=True):
            with self.subTest(question):
                self.assertEqual(answer[0], answer[1])
                self.assertNotEqual(answer[2], answer[3])

    def test_stake_is_of_one_customer(self):
        """What an ended complaint shows goes with the customer it was computed for, whichever way that goes."""
        company = self._make_company("Stake Moved")
        self.env.user.company_ids |= company
        owner, others = self.first, self.second
        contact = self._partner("Contact of a customer", parent_id=owner.id)
        nobodys, colleague = self._partner("Never bought"), self._partner("Elsewhere", parent_id=others.id)
        self.env["sale.order"].search([("partner_id", "=", owner.id)]).user_id = self.seller_all
        expected = self._value(owner).clv_12m
        self.assertGreater(expected, 0)

        def move(partner):
            return lambda complaint: complaint.write({"partner_id": partner.id})

        def merge(_complaint):
            self.env["base.partner.merge.automatic.wizard"]._merge(
                (contact | colleague).ids, colleague, extra_checks=False
            )

        def merge_customers(_complaint):
            self.env["base.partner.merge.automatic.wizard"]._merge((owner | others).ids, others, extra_checks=False)

        for name, change in {
            "emptied": lambda complaint: complaint.write({"partner_id": False}),
            "changed": move(nobodys),
            "other": move(others),
            "to and fro": lambda complaint: (move(nobodys)(complaint), move(contact)(complaint)),
            "other company": lambda complaint: complaint.with_context(
                allowed_company_ids=(self.company | company).ids
            ).write({"company_id": company.id, "team_id": False, "flow_id": False}),
            "other family": lambda _complaint: contact.write({"parent_id": others.id}),
            "family of one's own": lambda _complaint: contact.write({"parent_id": False}),
            "merged": merge,
            "merged customers": merge_customers,
        }.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                complaint = self._complain(contact, user_id=self.agent.id)
                self._end(complaint)
                self.assertEqual(self._as(self.lead, complaint).shown_amount_at_stake, expected)
                self.assertEqual(self._as(self.agent, complaint).shown_amount_at_stake, 0.0)
                change(complaint)
                complaint.user_id = self.agent
                self.env.flush_all()
                self.env.invalidate_all()
                for user in (self.agent, self.seller, self.lead):
                    complaint.user_id = user
                    shown = complaint.with_user(user).with_context(
                        allowed_company_ids=complaint.company_id.ids
                    ).sudo(False)
                    if complaint.company_id == self.company:
                        self.assertEqual(shown.shown_amount_at_stake, 0.0, user.login)
                self.assertEqual(complaint.shown_amount_at_stake, 0.0)
                self.assertEqual(complaint.amount_at_stake, 0.0)
                self.env.cr.execute(
                    "SELECT amount_at_stake, stake_rank, stake_partner_id FROM customer_complaint WHERE id = %s",
                    [complaint.id],
                )
                self.assertEqual(self.env.cr.fetchone(), (None, None, None))
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_open_stake_follows_the_contact(self):
        """An open complaint shows at once what is at stake for the customer that the contact has come to."""
        contact = self._partner("Contact who moves", parent_id=self.first.id)
        complaint = self._complain(contact)
        contact.parent_id = self.second
        self.assertEqual(complaint.amount_at_stake, self._value(self.second).clv_12m)
        self.assertNotEqual(complaint.amount_at_stake, self._value(self.first).clv_12m)

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
            self._as(self.agent, self.first).read(["value_index"])

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
