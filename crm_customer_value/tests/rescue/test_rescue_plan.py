"""Who is worth an effort, why they may have left, and what starting it makes."""

from datetime import datetime, timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...engine.care import held_out
from .rescue_case import RescueCase


@tagged("post_install", "-at_install")
class TestRescuePlan(RescueCase):
    def test_worth_by_hand(self):
        """5,000 of margin in five years, a tenth of a year's: 100. What is expected anyway counts if it is more."""
        usual, more = self._gone(), self._gone("Expected", margin=1000, value={"clv_12m": 90})
        self._gone("Too little", margin=2500)  # 50 is what it costs
        lines = self._plan().line_ids
        self.assertEqual(lines.partner_id, usual | more)
        self.assertEqual(lines.mapped("worth"), [100, 90])
        self.assertEqual(lines.mapped("past_value"), [1000, 200])
        self.assertEqual(self._plan(cost=90).line_ids.partner_id, usual)
        self.assertEqual(self._plan(number=1).line_ids.partner_id, usual)
        self.assertFalse(self._plan(cost=1000).line_ids)

    def test_revenue_where_margin_is_not_known(self):
        self._gone(value={"margin_total": False})
        self.assertEqual(self._plan().line_ids.past_value, 3000)

    def test_less_than_a_year(self):
        """Who bought for a month brought in a year what they brought in that month."""
        self._gone(margin=700, value={"first_purchase_date": self._day(730)})
        self.assertEqual(self._plan().line_ids.past_value, 700)

    def test_keep_by_money_at_risk(self):
        first, second = self._at_risk("First", 500), self._at_risk("Second", 400)
        self._at_risk("Cheaper than the effort", 30)
        self._at_risk("Unknown", False)
        self._gone()
        lines = self._plan("keep").line_ids
        self.assertEqual(lines.partner_id, first | second)
        self.assertEqual(lines.mapped("worth"), [500, 400])

    def test_left_out(self):
        self._gone("Archived").active = False
        self._gone("Broken", relationship_broken_on=self.today)
        asking = self._gone("Asks already")
        self.env["crm.lead"].create({
            "name": "Open", "type": "opportunity", "partner_id": asking.id, "company_id": self.company.id,
        })
        self._gone("Still buys", value={"lifecycle_stage_id": self.core.id})
        self._effort(self._gone("Tried"), 179)
        again = self._gone("Tried long ago")
        self._effort(again, 180).lead_ids.action_set_lost()
        self.assertEqual(self._plan().line_ids.partner_id, again)

    def test_gone_for_too_long(self):
        """Two years are 730 days; 0 years are no limit."""
        edge, older = (
            self._gone(f"{days} days", value={"last_purchase_date": self._day(days)}) for days in (730, 731)
        )
        for years, found in ((2, edge), (1, edge.browse()), (3, edge | older), (0, edge | older)):
            self.company.rescue_longest_years = years
            self.assertEqual(set(self._plan().line_ids.partner_id), set(found), years)

    def test_time_between_two_efforts(self):
        customer = self._gone()
        self._effort(customer, 100).lead_ids.action_set_lost()
        self.company.rescue_rest_days = 101
        self.assertFalse(self._plan().line_ids)
        self.company.rescue_rest_days = 100
        self.assertEqual(self._plan().line_ids.partner_id, customer)

    def test_as_many_as_the_teams_can_take_on(self):
        self.env["crm.team"].search([]).active = False
        plans = self.env["customer.rescue.plan"].with_user(self.boss)
        self.assertEqual(plans.create({}).number, 20, "nobody said how many")
        team = self.env["crm.team"].create({
            "name": "Rescue", "company_id": self.company.id, "member_ids": [(6, 0, (self.seller | self.boss).ids)],
        })
        for each, number in ((3, 6), (100, 50), (0, 20)):
            team.crm_team_member_ids.assignment_max = each
            self.assertEqual(plans.create({}).number, number)
        there = self._make_company("Elsewhere")
        self.env.user.company_ids |= there
        other = self.env["crm.team"].create({
            "name": "There", "company_id": there.id, "member_ids": [(6, 0, self.env.user.ids)],
        })
        other.crm_team_member_ids.assignment_max = 3
        self.assertEqual(plans.create({}).number, 20, "the team of another company")

    def test_bad_settings(self):
        for values in (
            {"rescue_keep_cost": -1}, {"rescue_win_back_chance": 101}, {"rescue_longest_years": -1},
            {"rescue_rest_days": 89}, {"rescue_price_rise": 0}, {"rescue_retention_months": 12},
        ):
            with (
                self.subTest(values), mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.company.write(values)
                self.env.flush_all()
            self.env.invalidate_all(flush=False)

    def test_start_to_win_back(self):
        customer = self._gone(user_id=self.seller.id)
        plan = self._plan(offer="Ten percent")
        plan.action_start()
        rescue = self.env["customer.rescue"].search([("partner_id", "=", customer.id)])
        self.assertEqual(
            (rescue.kind, rescue.state, rescue.cost, rescue.worth, rescue.past_value, rescue.user_id, rescue.date),
            ("win_back", "done", 50, 100, 1000, self.seller, self.today),
        )
        lead = rescue.lead_ids
        self.assertEqual((lead.type, lead.partner_id, lead.user_id), ("opportunity", customer, self.seller))
        self.assertFalse(lead.expected_revenue, "the salesperson need not know what the customer brought")
        self.assertIn("Ten percent", lead.description)
        self.assertEqual(lead.search([("rescue_id", "!=", False), ("company_id", "=", self.company.id)]), lead)
        self.assertFalse(self._plan().line_ids)

    def test_start_to_keep(self):
        customer = self._at_risk(user_id=self.seller.id)
        self._plan("keep").action_start()
        self.assertEqual(customer.activity_ids.user_id, self.seller)
        self.assertEqual(customer.activity_ids.summary, "Call: how are you doing with our products?")
        self.assertFalse(self.env["crm.lead"].search([("partner_id", "=", customer.id)]))

    def test_salesperson_who_left(self):
        self.seller.active = False
        self._gone(user_id=self.seller.id)
        self.assertEqual(self._plan().line_ids.user_id, self.boss)

    def test_nobody_is_started_twice(self):
        customer = self._gone()
        one, other = self._plan(), self._plan()
        one.action_start()
        other.action_start()
        self.assertEqual(self.env["customer.rescue"].search_count([("partner_id", "=", customer.id)]), 1)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._effort(customer, 0)

    def test_list_of_the_other_kind(self):
        """Whoever found customers to win back, and then wants to keep some, finds again before it starts."""
        gone, kept = self._gone(), self._at_risk("Stays", 500)
        plan = self._plan()
        self.assertTrue(plan.is_found)
        plan.kind = "keep"
        self.assertFalse(plan.is_found)
        with self.assertRaises(UserError):
            plan.action_start()
        plan.action_find()
        self.assertEqual((plan.is_found, plan.line_ids.partner_id), (True, kept))
        plan.action_start()
        self.assertEqual((gone | kept).mapped("rescue_count"), [0, 1])

    def test_bad_input(self):
        with self.assertRaises(UserError):
            self._plan().action_start()
        for values in ({"number": 0}, {"number": 501}, {"cost": -1}):
            with (
                self.subTest(values), mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._plan(**values)

    def test_held_out(self):
        """The same customers as with care; from 200 customers on; not who has a severe complaint."""
        customers = self.env["res.partner"].browse([self._gone(f"Gone {number}").id for number in range(40)])
        self.assertFalse(self._plan(number=40).line_ids.filtered("is_held_out"))
        others = self.env["res.partner"].create([{"name": f"Other {number}"} for number in range(160)])
        self.env["customer.value"].create([
            {"company_id": self.company.id, "partner_id": other.id} for other in others
        ])
        self.company.care_held_out = 50
        drawn = customers.filtered(lambda one: held_out.place(self.company.id, one.id) < 0.5)
        plan = self._plan(number=40)
        self.assertEqual(set(plan.line_ids.filtered("is_held_out").partner_id), set(drawn))
        self._complaint(drawn[0], severity="high")
        plan.action_find()
        self.assertEqual(set(plan.line_ids.filtered("is_held_out").partner_id), set(drawn[1:]))
        plan.action_start()
        rescues = self.env["customer.rescue"].search([("company_id", "=", self.company.id)])
        held = rescues.filtered(lambda rescue: rescue.state == "held_out")
        self.assertEqual((len(rescues), set(held.partner_id)), (40, set(drawn[1:])))
        self.assertFalse(held.lead_ids)
        self.assertEqual(set(held.mapped("cost")), {0})
        # Who could not be held out is compared with nobody.
        self.assertEqual(rescues.filtered(lambda rescue: not rescue.is_compared).partner_id, drawn[0])

    def _complaint(self, customer, **values):
        return self.env["customer.complaint"].create({
            "name": "Broken", "description": "It broke.", "partner_id": customer.id, "company_id": self.company.id,
            **values,
        })

    # ---- reasons ---------------------------------------------------------------------------

    def _reason(self, customer):
        line = self._plan().line_ids.filtered(lambda one: one.partner_id == customer)
        return line.reason, line.reason_date

    def test_no_reason(self):
        self.assertEqual(self._reason(self._gone()), (False, False))

    def test_reason_price(self):
        customer = self._gone()
        self._order(customer, 900, 100.0)
        self._order(customer, 800, 109.0)
        self.assertEqual(self.company.rescue_price_rise, 10)
        self.assertEqual(self._reason(customer), (False, False), "9 % are less than 10")
        self.company.rescue_price_rise = 9
        self.assertEqual(self._reason(customer), ("price", self._day(800)))
        self.company.rescue_price_rise = 9.1
        self.assertEqual(self._reason(customer), (False, False))
        self.company.rescue_price_rise = 10
        self._order(customer, 700, 119.9)  # 10 % more, to the cent
        self.assertEqual(self._reason(customer), ("price", self._day(700)))

    def test_end_of_a_discount_is_no_price_rise(self):
        customer = self._gone()
        for ago, price in ((900, 100.0), (800, 50.0), (750, 109.0)):
            self._order(customer, ago, price)
        self.assertEqual(self._reason(customer), (False, False))

    def test_reason_price_long_before(self):
        """A price that rose 181 days before the last purchase did not end it."""
        customer = self._gone()
        self._order(customer, 900, 100.0)
        self._order(customer, 881, 200.0)
        self.assertEqual(self._reason(customer), (False, False))

    def test_reason_person_left(self):
        customer = self._gone()
        buyer = self._partner("Buyer", parent_id=customer.id)
        self._order(buyer, 700, 100.0)
        self.assertEqual(self._reason(customer), (False, False))
        buyer.active = False
        self.assertEqual(self._reason(customer), ("left", False), "when they left is not known")

    def test_reason_new_manager(self):
        customer = self._gone()
        event = self.env["customer.life.event"].create({
            "partner_id": customer.id, "company_id": self.company.id, "kind": "manager", "name": "New head",
            "date": self._day(881),
        })
        self.assertEqual(self._reason(customer)[0], False, "too long before the last purchase")
        event.date = self._day(650)
        self.assertEqual(self._reason(customer), ("left", self._day(650)))

    def test_reason_silence(self):
        customer = self._gone(value={"last_contact_by_us": self._day(710)})
        self.assertEqual(self._reason(customer), ("silence", self._day(710)))
        since = self._gone("Called since", value={"last_contact_by_us": self._day(699)})
        self.assertEqual(self._reason(since), (False, False))

    def test_reason_complaint_first(self):
        customer = self._gone(value={"last_contact_by_us": self._day(710)})
        complaint = self._complaint(customer)
        complaint.date_received = datetime.combine(self._day(705), datetime.min.time()) + timedelta(hours=12)
        self.assertEqual(self._reason(customer), ("complaint", self._day(705)))
        complaint.date_received = datetime.combine(self._day(881), datetime.min.time()) + timedelta(hours=12)
        self.assertEqual(self._reason(customer), ("silence", self._day(710)), "long before the last purchase")

    # ---- who may -----------------------------------------------------------------------------

    def test_access(self):
        self._gone(user_id=self.seller.id)
        with self.assertRaises(AccessError):
            self._plan(user=self.seller)
        plan = self._plan()
        plan.action_start()
        rescue = self.env["customer.rescue"].search([("company_id", "=", self.company.id)])
        mine = rescue.with_user(self.seller)
        self.assertEqual(mine.search([]), mine)
        mine.write({"reason": "price", "cost": 70, "offer": "Less"})
        for name in ("worth", "past_value", "margin"):
            with self.assertRaises(AccessError):
                mine.read([name])
        for values in ({"worth": 1}, {"state": "held_out"}, {"result": "kept"}, {"date": "2020-01-01"}):
            for user in (self.seller, self.boss):
                with self.assertRaises(AccessError):
                    rescue.with_user(user).write(values)
        other = self._user("rescue_other", "sales_team.group_sale_salesman")
        self.assertFalse(rescue.with_user(other).search([]))
        with self.assertRaises(AccessError):
            plan.with_user(self._user("rescue_boss2", "sales_team.group_sale_salesman_all_leads")).read(["cost"])

    def test_other_company(self):
        there = self._make_company("Rescue There")
        self.env.user.company_ids |= there
        self._gone(company=there)
        self.assertFalse(self._plan().line_ids)
        boss = self._user("rescue_boss_there", "sales_team.group_sale_salesman_all_leads", there)
        there = self.env(user=boss, context={"allowed_company_ids": there.ids})
        self.assertFalse(there["customer.rescue"].search([]))

    def test_queries_do_not_grow(self):
        counts = []
        for number in (2, 20):
            for place in range(number):
                self._gone(f"Gone {place}")
            plan = self.env["customer.rescue.plan"].with_user(self.boss).create({"kind": "win_back", "number": number})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan.action_find()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            plan.action_start()
        self.assertLessEqual(counts[1], counts[0])

    def test_list_of_another_search(self):
        """Whoever changes what is looked for starts nobody who was found before."""
        gone, weak = self._gone(), self._at_risk("Weak", 500)
        for values in ({"kind": "keep"}, {"number": 7}, {"cost": 3}):
            with self.subTest(**values):
                plan = self._plan()
                self.assertEqual(plan.line_ids.partner_id, gone)
                plan.write(values)
                self.assertEqual((plan.line_ids.ids, plan.is_found), ([], False))
                with self.assertRaises(UserError):
                    plan.action_start()
        plan = self._plan()
        plan.offer = "10 % on the next order"
        self.assertEqual(plan.line_ids.partner_id, gone)
        with Form(plan) as form:
            form.kind = "keep"
            self.assertEqual((len(form.line_ids), form.is_found), (0, False))
        self.assertFalse(plan.line_ids)
        plan.action_find()
        self.assertEqual(plan.line_ids.partner_id, weak)
