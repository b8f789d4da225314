import random
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...engine.care import held_out
from ...engine.offer import gains
from ...models.value.customer_value_next_action import Asked
from .gain_case import GainCase

# 13,200 of 11 customers: 1,200 each. The largest makes 1,800 of it, 163.6 of the mean: it is told in steps of 200.
ELEVEN = (500, 700, 900, 1100, 1200, 1200, 1300, 1400, 1500, 1600, 1800)
GAINED = "Customers gained about $\u00a01,200 by it in the last 12 months, on average (11 customers)."


@tagged("post_install", "-at_install")
class TestOfferGain(GainCase):
    """What customers gained by a product is in the reason why it is proposed, and puts it first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk, cls.lamp, cls.chair = cls._products("Desk", "Lamp", "Chair")
        # 9 of the 14 who have a desk have a lamp; 6 have a chair.
        cls._together(6, cls.desk, cls.lamp, cls.chair)
        cls._together(3, cls.desk, cls.lamp)
        cls._together(4, cls.desk)
        cls.customer = cls._customers(1)
        cls._buy(cls.customer, cls.desk)
        cls._night()
        cls.other_seller = cls._user("offer_other_seller", "sales_team.group_sale_salesman")

    def _panel(self, user=None):
        self._count_gains()
        return self.customer.with_user(user or self.seller).with_company(self.company).get_offers()["offers"]

    def _reasons(self, user=None):
        return {line["name"]: line["reason"] for line in self._panel(user)}

    # ---- the reason and the order --------------------------------------------------------------

    def test_reason(self):
        self._measure(self.lamp, *ELEVEN)
        self.assertEqual(self._told(), {self.lamp.id: (1200.0, 11)})
        self.assertEqual(self._reasons(), {
            "Lamp": f"9 of 14 customers who bought “Desk” also bought this. {GAINED}",
            "Chair": "6 of 14 customers who bought “Desk” also bought this.",
        })

    def test_what_customers_gain_by_comes_first(self):
        """The chair, which fewer bought, is listed first; what is proposed is the same, and the best one as well."""
        before = self._panel()
        self._measure(self.chair, *ELEVEN)
        self.assertEqual([line["name"] for line in before], ["Lamp", "Chair"])
        self.assertEqual([line["name"] for line in self._panel()], ["Chair", "Lamp"])
        self.assertEqual(self._best_products(self.customer), [self.lamp.id, self.chair.id])

    def test_only_what_is_chosen_anyway(self):
        """With room for one only, it is the lamp, whatever customers gain by the chair."""
        self._measure(self.chair, *ELEVEN)
        self._count_gains()
        proposals = self.offers._proposals(self.customer, 1, self.company)[self.customer.id]
        self.assertEqual([proposal.product_id for proposal in proposals], [self.lamp.id])

    def test_both_known(self):
        """The order is that of how many customers buy it, not that of gains."""
        self._measure(self.lamp, *ELEVEN)
        self._measure(self.chair, *(2 * gain for gain in ELEVEN))
        self.assertEqual([line["name"] for line in self._panel()], ["Lamp", "Chair"])

    def test_profile_for_a_visit(self):
        self._measure(self.lamp, *ELEVEN)
        self._count_gains()
        profile = self.env["customer.profile"].with_user(self.seller).with_company(self.company)
        lines = profile._sections(self.customer.with_env(profile.env))["offer"].lines
        # A profile has plain spaces.
        words = GAINED.replace("\u00a0", " ")
        self.assertEqual(lines[0][1], f"9 of 14 customers who bought “Desk” also bought this. {words}")

    def test_list_of_the_day(self):
        """The card tells it to who reads it, as far as they may know."""
        self.customer.user_id = self.seller
        self.env["customer.value"].sudo().create({
            "company_id": self.company.id, "partner_id": self.customer.id, "last_purchase_date": self._day(10),
        })
        self._measure(self.lamp, *ELEVEN[:5], user=self.seller)
        self._measure(self.lamp, *ELEVEN[5:], user=self.other_seller)
        self._count_gains()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60)
        self.env["customer.offer.proposal"]._propose(self.company)
        self.env.flush_all()
        values = self.env["customer.value"]
        (row,) = self.env.execute_query_dict(values._offer_action_sql(Asked(self.company.id, self.today)))
        action = self.env["customer.next.action"].create({
            "company_id": self.company.id, "partner_id": self.customer.id, "user_id": self.seller.id, "kind": "offer",
            "facts": row["facts"], "state": "open",
        })
        why = "9 of 14 customers who bought “Desk” also bought “Lamp”."
        self.assertEqual(action.with_user(self.manager).why, f"{why} {GAINED}")
        self.assertEqual(action.with_user(self.seller).why, why)
        self.assertEqual(action.with_user(self.manager).why, f"{why} {GAINED}")

    # ---- what counts ---------------------------------------------------------------------------

    def test_too_few(self):
        """Ten are told, nine are not; nothing measured is no gain of zero."""
        customers = self._measure(self.lamp, *[1000] * 10)
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 10)})
        self.env["customer.benefit.record"].search([("partner_id", "=", customers[0].id)]).unlink()
        self.assertEqual(self._told(), {})
        self.assertEqual(self._reasons()["Lamp"], "9 of 14 customers who bought “Desk” also bought this.")

    def test_contacts_of_one_customer_count_once(self):
        """Nine customers, one of them with two contacts who were measured."""
        customers = self._measure(self.lamp, *[1000] * 9)
        contact = self._partner("Contact", parent_id=customers[0].id)
        self._gained(contact, self.lamp, 1000, ago=20)
        self.assertEqual(self._told(), {})
        self._measure(self.lamp, 1000)
        # 11,000 of ten; one makes 2,000: 200 of the mean.
        self.assertEqual(self._told(), {self.lamp.id: (1200.0, 10)}, "1,100 in steps of 200")

    def test_contested_or_doubtful(self):
        """Neither counts; once settled or checked, it does."""
        customers = self._measure(self.lamp, *[1000] * 12)
        records = self.env["customer.benefit.record"].search([("partner_id", "in", customers.ids)])
        records[0].sudo().state = "contested"
        records[1].unit = "hours"
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 10)})
        records[2].sudo().state = "contested"
        self.assertEqual(self._told(), {})
        records[1].action_check()
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 10)})

    def test_archived_metric(self):
        """What was measured with it still counts, as in the score."""
        self._measure(self.lamp, *ELEVEN)
        self.metric.active = False
        self.assertEqual(self._told(), {self.lamp.id: (1200.0, 11)})

    def test_last_twelve_months(self):
        """From the first day of the year that ends today on; the day before is not in it."""
        start = self.today - relativedelta(months=12) + relativedelta(days=1)
        self._measure(self.lamp, *[1000] * 9)
        (customer,) = self._customers(1)
        record = self._gained(customer, self.lamp, 1000, date_from=start, date_to=start)
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 10)})
        before = start - relativedelta(days=1)
        record.write({"date_from": before, "date_to": before})
        self.assertEqual(self._told(), {})

    def test_part_of_a_period(self):
        """Of twenty days, the last ten are in the year: half of the gain, which is 12,000 for a year of 365 days."""
        start = self.today - relativedelta(months=12) + relativedelta(days=1)
        metric = self._metric("Saved in a Year", period="year", money_per_unit=100.0)
        for customer in self._customers(10):
            record = self._gained(
                customer, self.lamp, 120.0, metric_id=metric.id, date_from=start - relativedelta(days=10),
                date_to=start + relativedelta(days=9),
            )
        self._count_gains()
        row = self.env["customer.product.gain"].search([("product_id", "=", self.lamp.id)])
        half = float(round(Fraction(str(record.gain)) / 2 * 100 + Fraction(1, 1000)) / Fraction(100))
        self.assertEqual((row.customers, row.gain, row.largest), (10, round(10 * half, 2), half))

    def test_product_of_the_goal(self):
        """What was measured without a product is about that of its goal; without one, about none."""
        self._measure(self.lamp, *[1000] * 9)
        (customer,) = self._customers(1)
        record = self._gained(customer, self.env["product.product"], 1000)
        self.assertEqual(self._told(), {})
        record.goal_id = self.env["customer.benefit.goal"].create({
            "company_id": self.company.id, "partner_id": customer.id, "metric_id": self.metric.id,
            "product_id": self.lamp.id, "baseline": 1000.0, "target": 0.0, "date_start": self._day(20),
            "date_target": self.today + relativedelta(months=1),
        })
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 10)})

    def test_loss_is_no_advantage(self):
        """2,000 gained and 2,500 lost: nothing is said. With 500 more it is zero, and nothing is said either."""
        self._measure(self.lamp, *[200] * 10, -2500)
        self.assertEqual(self._told(), {})
        self._measure(self.lamp, 500)
        self.assertEqual(self._told(), {})
        self.assertEqual([line["name"] for line in self._panel()], ["Lamp", "Chair"])

    def test_one_customer_makes_it(self):
        """More than half of it is told by nobody; half is: 1,800 of ten, in steps of 100."""
        customers = self._measure(self.lamp, *[100] * 9, 901)
        self.assertEqual(self._told(), {})
        record = self.env["customer.benefit.record"].search([("partner_id", "=", customers[-1].id)])
        record.write({"baseline": 900, "correction_reason": "Miscounted"})
        self.assertEqual(self._told(), {self.lamp.id: (200.0, 10)})

    def test_one_customer_more(self):
        """A customer who gained 1,400 is added to ten who gained 1,000 each: 1,036, told as before."""
        self._measure(self.lamp, *[1000] * 10)
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 10)})
        self._measure(self.lamp, 1400)
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 11)})

    def test_nobody_is_found_out_by_a_difference(self):
        """Whoever knows what is told before and after one was added knows no more than up to what they may have gained.

        What is told stands for any mean of half a step more or less.
        """
        draw = random.Random(8)
        for _round in range(500):
            others = [draw.choice((10, 300, 1000)) * draw.random() for _customer in range(draw.randrange(10, 40))]
            added = draw.choice((10, 300, 1000, 5000)) * draw.random()
            told = []
            for amounts in (others, [*others, added]):
                group = gains.Group(len(amounts), sum(amounts), max(amounts))
                told.append((gains.told(group), gains.step_of(group.largest / group.customers)))
            if all(gain for gain, _step in told):
                (before, step), (after, later) = told
                width = after.customers * later + before.customers * step
                self.assertGreaterEqual(width, added, (others, added))
                self.assertLessEqual(abs(after.mean * after.customers - sum([*others, added])), width)

    def test_company_itself_is_no_customer(self):
        self._measure(self.lamp, *[1000] * 9)
        self._gained(self.company.partner_id, self.lamp, 1000)
        self.assertEqual(self._told(), {})

    # ---- companies and currencies --------------------------------------------------------------

    def test_companies_are_apart(self):
        """Nine of the one and one of the other are not ten."""
        other = self._make_company("Offer Gain Company")
        self.seller.company_ids |= other
        self._measure(self.lamp, *[1000] * 9)
        self._measure(self.lamp, 1000, company=other)
        self._count_gains(other)
        self.assertEqual(self._told(), {})
        self.assertEqual(self._told(company=other), {})
        self._measure(self.lamp, *[2000] * 29, company=other)
        self.assertEqual(self._told(company=other), {self.lamp.id: (2000.0, 30)}, "59,000: 1,967 in steps of 100")
        self.assertEqual(self._told(), {})

    def test_currency_of_the_company(self):
        """A euro is two dollars: 600 euros are 1,200 dollars."""
        self.env["res.currency.rate"].create({
            "name": self._day(900), "currency_id": self.eur.id, "rate": 0.5, "company_id": self.company.id,
        })
        self.metric.currency_id = self.eur
        self._measure(self.lamp, *(gain / 2 for gain in ELEVEN))
        self.assertIn(GAINED, self._reasons()["Lamp"])

    def test_company_in_another_currency(self):
        company = self._make_company("Offer Gain Company in Euros", currency=self.eur)
        self.metric.currency_id = self.eur
        self._measure(self.lamp, *ELEVEN, company=company)
        self._count_gains(company)
        told = self.env["customer.product.gain"].with_user(self.seller)._told(company)
        words = self.offers._gain_words(told[self.lamp.id], company)
        self.assertEqual(words, GAINED.replace("$\u00a01,200", "1,200\u00a0€"))

    # ---- who is told what ----------------------------------------------------------------------

    def test_customers_of_colleagues(self):
        """Whom one reads of, and whom not, are never in one mean. Whoever reads of everybody is told that of all."""
        self._measure(self.lamp, *[1000] * 10, user=self.other_seller)
        self._measure(self.lamp, *[3000] * 3, user=self.seller)
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 10)})
        # 19,000 of 13: 1,462. The largest makes 231 of it: in steps of 500.
        self.assertEqual(self._told(self.manager), {self.lamp.id: (1500.0, 13)})
        self.assertEqual(self._told(self.other_seller), {self.lamp.id: (1000.0, 10)})
        agent = self._user("offer_gain_agent", "crm_customer_value.group_service_all")
        self.assertEqual(self._told(agent), {self.lamp.id: (1500.0, 13)})

    def test_few_of_colleagues(self):
        """Nine of a colleague and one of nobody: with that one, nine would be told by what is entered for it."""
        self._measure(self.lamp, *[1000] * 9, user=self.other_seller)
        self._measure(self.lamp, 1000)
        self.assertEqual(self._told(), {})
        self.assertEqual(self._told(self.other_seller), {self.lamp.id: (1000.0, 10)})
        self.assertEqual(self._told(self.manager), {self.lamp.id: (1000.0, 10)})

    def test_read_in_part(self):
        """A customer of a colleague for whom one entered something, or is responsible for a goal, is in no mean."""
        customers = self._measure(self.lamp, *[1000] * 11, user=self.other_seller)
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 11)})
        goal = self.env["customer.benefit.goal"].create({
            "company_id": self.company.id, "partner_id": customers[0].id, "metric_id": self.metric.id,
            "baseline": 1000.0, "target": 0.0, "date_start": self._day(20), "user_id": self.seller.id,
            "date_target": self.today + relativedelta(months=1),
        })
        records = self.env["customer.benefit.record"].search([("partner_id", "in", customers.ids)])
        records.filtered(lambda record: record.partner_id == customers[0]).goal_id = goal
        self.assertEqual(self._told(), {self.lamp.id: (1000.0, 10)})
        mine = records.filtered(lambda record: record.partner_id == customers[1])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_benefit_record SET create_uid = %s WHERE id = %s", (self.seller.id, mine.id)
        )
        self.env.invalidate_all()
        self.assertEqual(self._told(), {})
        self.assertEqual(self._told(self.manager), {self.lamp.id: (1000.0, 11)})
        self.assertEqual(self._told(self.other_seller), {self.lamp.id: (1000.0, 11)})

    def test_of_last_night(self):
        """A measurement of today is told tomorrow: nobody sees what their own entry changes at once."""
        self._measure(self.lamp, *[1000] * 10)
        self._count_gains()
        self._measure(self.lamp, *[5000] * 10)
        self.assertEqual(self._told_before(), {self.lamp.id: (1000.0, 10)})

    def test_rows_are_for_who_reads_every_measurement(self):
        self._measure(self.lamp, 1000, user=self.other_seller)
        self._count_gains()
        rows = self.env["customer.product.gain"]
        self.assertRecordValues(rows.with_user(self.manager).search([("company_id", "=", self.company.id)]), [{
            "product_id": self.lamp.id, "user_id": self.other_seller.id, "customers": 1, "gain": 1000.0,
            "largest": 1000.0, "is_shared": False,
        }])
        with self.assertRaises(AccessError):
            rows.with_user(self.seller).search([])

    def test_held_out(self):
        """They are proposed nothing, and told nothing of it; what they gained counts in what others are told."""
        self._measure(self.lamp, *ELEVEN)
        self.patch(type(self.offers), "_held_out_share", lambda *_args: 1.0)
        self.assertEqual(self._panel(), [])
        self.assertEqual(self._told(), {self.lamp.id: (1200.0, 11)})
        self.assertLess(held_out.place(self.company.id, self.customer.id), 1)

    # ---- many ----------------------------------------------------------------------------------

    def test_queries_do_not_grow(self):
        counts = []
        # The first round reads what stays in memory, such as rules.
        for number in (10, 10, 30):
            self._measure(self.lamp, *[1000] * number)
            self._measure(self.chair, *[1000] * number)
            self._panel()
            self._count_gains()
            before = self.env.cr.sql_log_count
            self.customer.with_user(self.seller).with_company(self.company).get_offers()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_as_by_brute_force(self):
        """Random measurements, with goals, states and people; each customer in the group of what a user may read."""
        draw = random.Random(14)
        sellers = [self.seller, self.other_seller]
        people = [*sellers, self.manager, self.env["res.users"]]
        products = self.lamp | self.chair | self.desk
        metrics = [self.metric, self._metric("Saved Each Month", period="month"), self._metric("Archived")]
        start = self.today - relativedelta(months=12) + relativedelta(days=1)
        for customer in self._customers(45):
            customer.user_id = draw.choice(people)
            for number in range(draw.randrange(1, 4)):
                ago, days = draw.randrange(1, 420), draw.choice((0, 0, 30, 100))
                gain = draw.choice((0, 100, 400, 900, -300)) * draw.random()
                values = {"date_from": self._day(ago + days), "date_to": self._day(ago)}
                metric = draw.choice(metrics)
                product = draw.choice([*products, self.env["product.product"]])
                if draw.random() < 0.4:
                    values["goal_id"] = self.env["customer.benefit.goal"].create({
                        "company_id": self.company.id, "partner_id": customer.id, "metric_id": metric.id,
                        "product_id": (product or draw.choice(products)).id, "baseline": 1000.0, "target": -5000.0,
                        "date_start": self._day(600), "date_target": self.today + relativedelta(months=number + 1),
                        "user_id": draw.choice(people).id,
                    }).id
                if self.env["customer.benefit.record"].search_count([
                    ("partner_id", "=", customer.id), ("metric_id", "=", metric.id),
                    ("product_id", "=", product.id), ("date_from", "<=", values["date_to"]),
                    ("date_to", ">=", values["date_from"]),
                ]):
                    continue
                record = self._gained(customer, product, round(gain, 2), metric_id=metric.id, **values)
                if draw.random() < 0.1:
                    record.sudo().state = "contested"
        metrics[2].active = False
        records = self.env["customer.benefit.record"].search([("company_id", "=", self.company.id)])
        self.env.flush_all()
        for record in records.filtered(lambda _record: draw.random() < 0.2):
            self.env.cr.execute(
                "UPDATE customer_benefit_record SET create_uid = %s WHERE id = %s",
                (draw.choice(people[:3]).id, record.id),
            )
        self.env.invalidate_all()
        self.patch(gains.peers, "PEERS_FROM", 4)
        told = []
        for user in people[:3]:
            expected = self._brute_force(user, records, start)
            self.assertEqual(self._told(user), expected)
            told.append(expected)
        self.assertGreaterEqual(sum(map(len, told)), 6)
        self.assertNotEqual(told[0], told[2])

    def _brute_force(self, user, records, start):
        gained, lines = {}, {}
        for record in records.filtered("counts"):
            product = record.product_id or record.goal_id.product_id
            days = [record.date_from + relativedelta(days=day)
                    for day in range((record.date_to - record.date_from).days + 1)]
            if record.metric_id.period == "once":
                days = days[-1:]
            inside = [day for day in days if start <= day <= self.today]
            if not product or not inside:
                continue
            cents = Fraction(str(record.gain)) * len(inside) / len(days) * 100
            whole = int(abs(cents) + Fraction(1, 2)) * (1 if cents > 0 else -1)
            key = (product.id, record.partner_id)
            gained[key] = gained.get(key, 0) + Fraction(whole, 100)
            lines[key] = lines.get(key, records.browse()) | record
        groups = {}
        readable = set(records.with_user(user).search([("id", "in", records.ids)]).ids)
        for (product, customer), gain in gained.items():
            mine = lines[product, customer]
            others = {self.seller, self.other_seller} - {customer.user_id}
            is_mine = user == self.manager or customer.user_id in (user, self.env["res.users"])
            if is_mine:
                self.assertLessEqual(set(mine.ids), readable)
            elif customer.user_id and others & ({*mine.goal_id.user_id} | {*mine.create_uid}):
                continue
            else:
                self.assertFalse(set(mine.ids) & readable)
            groups.setdefault((product, is_mine), []).append(gain)
        told = {}
        for (product, _is_mine), amounts in sorted(groups.items(), key=lambda pair: (len(pair[1]), pair[0][1])):
            largest, total = max(map(abs, amounts)), sum(amounts)
            if len(amounts) < 4 or total <= 0 or largest > total / 2:
                continue
            mean, one = total / len(amounts), Fraction(1, 10**6)
            ladder = [one * 10**power * factor for power in range(12) for factor in (1, 2, 5)]
            step = min(step for step in ladder if step >= largest / len(amounts))
            digit = max(step for step in ladder[::3] if step * 10 <= mean)
            step = max(step, digit)
            told[product] = (round(float(round(mean / step) * step), 6), len(amounts))
        return told


@tagged("post_install", "-at_install")
class TestOfferBetterGain(GainCase):
    """Of better products, one by which customers gain more than by theirs comes before one that only costs more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        category = cls.env["product.category"].create({"name": "Cards"})
        cls.basic, cls.silver, cls.gold = (
            cls._products(name, list_price=price, categ_id=category.id)
            for name, price in (("Basic", 10.0), ("Silver", 20.0), ("Gold", 30.0))
        )
        customers = cls._customers(13)
        # 7 of 13 moved on to gold, 5 to silver.
        for place, customer in enumerate(customers):
            cls._buy(customer, cls.basic, 300)
            if place < 12:
                cls._buy(customer, cls.gold if place < 7 else cls.silver, 200)
        cls.customer = customers[12]
        cls.env["customer.product.upgrade"]._count_upgrades(cls.company)

    def _better(self, user=None):
        self._count_gains()
        offers = self.customer.with_user(user or self.seller).with_company(self.company).get_offers()["offers"]
        (offer,) = [offer for offer in offers if offer["is_better"]]
        return offer["name"], offer["reason"]

    def test_by_how_many_moved(self):
        self.assertEqual(self._better(), ("Gold", "7 of 13 customers who bought “Basic” moved on to this."))

    def test_more_gain_than_by_the_present_one(self):
        self._measure(self.silver, *ELEVEN)
        self._measure(self.basic, *[500] * 12)
        self.assertEqual(self._better(), (
            "Silver",
            "5 of 13 customers who bought “Basic” moved on to this. Customers gained about $\u00a01,200 by it in the "
            "last 12 months, on average (11 customers), and $\u00a0500 by “Basic” (12 customers).",
        ))

    def test_present_gain_unknown(self):
        """Not known is not zero: nothing says that silver is more than basic."""
        self._measure(self.silver, *ELEVEN)
        self.assertEqual(self._better()[0], "Gold")
        self._measure(self.gold, *ELEVEN)
        self.assertEqual(self._better(), ("Gold", f"7 of 13 customers who bought “Basic” moved on to this. {GAINED}"))

    def test_less_gain_is_no_advantage(self):
        self._measure(self.gold, *[500] * 12)
        self._measure(self.basic, *ELEVEN)
        self.assertEqual(self._better(), ("Gold", "7 of 13 customers who bought “Basic” moved on to this."))

    def test_gold_brings_more_as_well(self):
        """Of two by which customers gain more, it is the one to which more moved."""
        self._measure(self.silver, *(2 * gain for gain in ELEVEN))
        self._measure(self.gold, *ELEVEN)
        self._measure(self.basic, *[500] * 12)
        self.assertEqual(self._better()[0], "Gold")

    def test_as_far_as_one_may_know(self):
        """What customers of a colleague gained, few of them, chooses nothing for others."""
        colleague = new_test_user(
            self.env, "offer_colleague", groups="sales_team.group_sale_salesman", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self._measure(self.silver, *ELEVEN[:6], user=colleague)
        self._measure(self.silver, *ELEVEN[6:])
        self._measure(self.basic, *[500] * 12)
        self.assertEqual(self._better()[0], "Gold")
        self.assertEqual(self._better(self.manager)[0], "Silver")
