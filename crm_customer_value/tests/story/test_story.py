from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged

from ...engine.story import changes
from .snapshot_case import SnapshotCase

CURRENT = {"method": "action_view_purchases", "args": ["current"]}


@tagged("post_install", "-at_install")
class TestStory(SnapshotCase):
    """What stands behind a value, how it went, and what changed it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._partner("Told", is_company=True)
        cls.contact = cls._partner("Who orders", parent_id=cls.customer.id)
        cls.other = cls._partner("Other", is_company=True)
        cls.day = timedelta(days=1)
        # How many days the window went on since the month end; it is at least one.
        cls.since = (cls.today - cls.end).days

    def _window_start(self, day):
        return day - timedelta(days=self.policy.window_days - 1)

    def _story(self, partner=None, user=None):
        value = self._value(partner or self.customer)
        return value.with_user(user or self.env.user).get_story()

    def _take_and_go_on(self):
        self._recompute(as_of=self.before)
        self._recompute(as_of=self.end)
        self._recompute()

    # ---- how it went ----

    def test_history(self):
        self._order(self.customer, self.before, 100.0)
        self._order(self.other, self.end, 10.0)
        self._recompute()
        self.assertEqual(self._story()["history"], [], "the first month end is still to come")
        self.assertFalse(self._story()["change"])
        self._take_and_go_on()
        points = self._story()["history"]
        self.assertEqual(
            [point["date"] for point in points],
            [str(self.before), str(self.end), str(self.today)],
        )
        # Alone, then the better one of two, who is also expected to bring more: current and future value 100. Bought
        # once, so loyalty is 0, and nothing was due: 50 and 40 of 120.
        self.assertEqual([point["index"] for point in points], [75.0, 75.0, 75.0])
        self.assertEqual([point.get("now") for point in points], [None, None, True])
        self.assertEqual(
            points[0]["details"][0], {"label": "Value Class", "text": "A"},
        )
        self.assertEqual(self._story(self.other)["history"][0]["date"], str(self.end))

    # ---- what stands behind it ----

    def test_inputs(self):
        """Two purchases 100 days apart; of two customers the one who is worth more scores 100."""
        self._order(self.contact, 110, 300.0, cost=100.0)
        self._order(self.contact, 10, 50.0, cost=20.0)
        self._order(self.other, 10, 20.0)
        self._recompute()
        inputs = self._story()["inputs"]
        self.assertEqual(inputs["current_value"], {
            "facts": [
                {"label": "Margin, last 12 months", "type": "monetary", "value": 230.0, "open": CURRENT},
                {"label": "Purchase days, last 12 months", "type": "number", "value": 2, "open": CURRENT},
            ],
            "comparison": "Nobody brought more.",
        })
        self.assertEqual(inputs["loyalty"], {
            "facts": [
                {"label": "First to last purchase", "type": "days", "value": 100},
                {"label": "Usual gap", "type": "days", "value": 100.0},
                {"label": "Last purchase", "type": "ago", "value": fields.Date.to_string(self._day(10))},
            ],
            "comparison": "The usual gap of all customers is 100 days.",
        })
        value = self._value(self.customer)
        self.assertGreater(value.clv_12m, 0)
        self.assertEqual(inputs["future_value"], {
            "facts": [
                {"label": "Expected value, 12 months", "type": "monetary", "value": value.clv_12m},
                {"label": "Expected purchases, 12 months", "type": "number", "value": value.expected_purchases_12m},
            ],
            "comparison": "Nobody is expected to bring more.",
        })
        self.assertEqual(
            set(self._index_parts("ground", "share")) - set(inputs), {"development", "payment", "satisfaction"},
            "nothing to tell",
        )
        self.assertEqual(self._story(self.other)["inputs"]["loyalty"]["facts"], [])

    def _invoice(self, due, amount, paid_late=0):
        """Post an invoice that falls due on a day, and pay it that day or so many days later."""
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.customer.id,
            "invoice_date": due - 10 * self.day, "invoice_date_due": due,
            "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": amount, "tax_ids": False})],
        })
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": due + paid_late * self.day})._create_payments()

    def test_payments(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self._order(self.customer, self.before, 100.0)
        self._order(self.other, self.end, 10.0)
        self._invoice(self.before, 300.0)
        self._invoice(self.end, 100.0, paid_late=-1)
        # What is due today may still be paid today.
        self._invoice(self.end - self.day, 100.0, paid_late=1)
        self._take_and_go_on()
        story = self._story()
        value = self._value(self.customer)
        facts = {fact["label"]: fact["value"] for fact in story["inputs"]["payment"]["facts"]}
        self.assertEqual(facts, {"Due, last 12 months": 500.0, "Paid on time": 400.0})
        self.assertEqual(value.payment_score, 80.0)
        self._open_invoices(story, value)
        # On the month end itself the 100 due that day did not count yet.
        self.assertEqual(story["change"]["payments"], {"due": 100.0, "on_time": 100.0})

    def _open_invoices(self, story, value):
        """The amount due opens the invoices it is made of: what falls due today is not among them yet."""
        self._invoice(self.today, 7.0)
        due, on_time = story["inputs"]["payment"]["facts"]
        self.assertNotIn("open", on_time)
        self.assertEqual(due["open"], {"method": "action_view_due_invoices", "args": []})
        action = value.action_view_due_invoices()
        found = self.env["account.move"].search(action["domain"])
        self.assertEqual(sum(found.mapped("amount_total")), due["value"])

    def test_numbers_open_what_they_are_made_of(self):
        """The revenue of each period opens the purchases of that period, credit notes too."""
        now = self._order(self.contact, 10, 50.0, cost=20.0)
        before = self._order(self.contact, self.policy.window_days + 10, 30.0)
        self._recompute()
        value = self._value(self.customer)
        facts = {fact["label"]: fact for fact in self._story()["inputs"]["development"]["facts"]}
        search = etree.fromstring(self.env["customer.value.purchase"].get_view(view_type="search")["arch"])
        for label, order in (("Revenue, last 12 months", now), ("Revenue, 12 months before", before)):
            link = facts[label]["open"]
            action = getattr(value, link["method"])(*link["args"])
            [name] = action["context"]
            [node] = search.xpath(f"//filter[@name='{name.removeprefix('search_default_')}']")
            purchases = self.env["customer.value.purchase"].search(
                [*action["domain"], *literal_eval(node.get("domain"))]
            )
            self.assertEqual((purchases.name, purchases.revenue), (order.name, facts[label]["value"]))

    # ---- what changed ----

    def test_changes_add_up(self):
        """The differences of the components are the difference of the index, to the last decimal."""
        for position, ago in enumerate((500, 200, 90, 40)):
            self._order(self.customer, self.end - ago * self.day, 100.0 + position)
        for number in range(7):
            rival = self._partner(f"Rival {number}")
            self._order(rival, self.end - 30 * self.day, 37.0 * number + 1)
            self._order(rival, self.end + self.day, 53.0 * number + 1)
        self._take_and_go_on()
        for value in self.env["customer.value"].search([("company_id", "=", self.company.id)]):
            change = value.get_story()["change"]
            self.assertEqual([part["key"] for part in change["parts"]], self._index_lines())
            for row in (*change["parts"], change["index"]):
                self.assertEqual(round(row["now"] - row["before"], 1), row["difference"])
            self.assertEqual(
                sum(round(10 * part["difference"]) for part in change["parts"]),
                round(10 * change["index"]["difference"]),
            )
            self.assertEqual(change["index"]["now"], value.value_index)
            self.assertEqual(change["date"], str(self.end))
        self.assertTrue(self._story()["change"]["index"]["difference"])

    def test_part_that_came_after_the_month_end(self):
        """An addon was installed in between: its part had no points then, and the differences still add up."""
        self._order(self.customer, self.end - 400 * self.day, 100.0)
        self._take_and_go_on()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_value_snapshot SET cost_to_serve_points = NULL WHERE partner_id = %s", [self.customer.id]
        )
        self.env.invalidate_all()
        change = self._story()["change"]
        row = next(part for part in change["parts"] if part["key"] == "cost_to_serve")
        for column in ("before", "now", "difference"):
            self.assertIs(type(row[column]), float, "0.0, which is equal to False")
            self.assertEqual(row[column], 0.0)
        self.assertEqual(
            sum(round(10 * part["difference"]) for part in change["parts"]), round(10 * change["index"]["difference"])
        )

    def test_another_set_of_parts_is_one_line(self):
        """Development comes: what it does is one line, and nobody believes that the others changed.

        With one purchase current value is 100 and loyalty 0, of weights 50 and 30: 62.5 without development. With
        it, at a quarter of 20 and 50 points: (5000 + 250) / 85 = 61.8.
        """
        self.policy._renew(weights={"future_value": 0})
        self._order(self.customer, self.end, 100.0)
        self._take_and_go_on()
        value = self._value(self.customer)
        self.assertEqual(value.value_index, 62.5)
        value.write({
            "has_development": True, "development_evidence": 25.0, "development_index": 50.0, "value_to_us": 61.8,
            "value_index": 61.8, "current_value_points": 58.8, "development_points": 3.0, "loyalty_points": 0.0,
        })
        change = value.get_story()["change"]
        self.assertEqual(
            [(part["label"], part["difference"]) for part in change["parts"] if part["difference"]],
            [("Development counts now", -0.7)],
        )
        self.assertEqual(change["index"]["difference"], -0.7)
        for column in ("before", "now"):
            self.assertAlmostEqual(sum(part[column] for part in change["parts"]), change["index"][column], 6)

    def test_points_by_hand_are_those_of_the_recompute(self):
        """The line above leans on a second writing of the sum: it is the same to the last digit."""
        for position, ago in enumerate((700, 500, 200, 90, 40)):
            self._order(self.customer, self.end - ago * self.day, 100.0 + position)
            self._order(self.other, self.end - ago * self.day, 10.0 + 40 * position)
        self._take_and_go_on()
        weights = self.policy._weights()
        for partner in (self.customer, self.other):
            value = self._value(partner)
            present = {
                name for name, part in self._index_parts("ground").items()
                if not part.missing or value[part.presence_column]
            }
            self.assertIn("development", present)
            points = value._story_points(value, present)
            self.assertEqual(
                points, {name: value[f"{name}_points"] for name in self._index_parts("ground", "share")}, weights
            )

    def test_documents(self):
        """One document a side on each border of the two windows."""
        start_then, start_now = self._window_start(self.end), self._window_start(self.today)
        self.assertEqual((start_now - start_then).days, self.since)
        orders = {
            name: self._order(self.contact, day, amount, cost=amount / 4)
            for name, day, amount in (
                ("too old then", start_then - self.day, 1.0),
                ("first that dropped out", start_then, 2.0),
                ("last that dropped out", start_now - self.day, 4.0),
                ("still counts", start_now, 8.0),
                ("counted then", self.end, 16.0),
                ("first that is new", self.end + self.day, 32.0),
                ("of today", self.today, 64.0),
            )
        }
        self._order(self.customer, self.end + self.day, 999.0, state="draft")
        self._order(self.other, self.end + self.day, 128.0)
        imported = self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": self.customer.id, "date": self.today,
            "amount": 256.0, "reference": "Imported",
        })
        self._take_and_go_on()
        new, dropped = self._story()["change"]["documents"]
        self.assertEqual((new["kind"], new["number"], new["total"]), ("new", 3, 352.0))
        self.assertEqual(
            [(row["name"], row["date"], row["revenue"], row["margin"]) for row in new["rows"]],
            [
                ("Imported", str(self.today), 256.0, None),
                (orders["of today"].name, str(self.today), 64.0, 48.0),
                (orders["first that is new"].name, str(self.end + self.day), 32.0, 24.0),
            ],
        )
        self.assertEqual((dropped["kind"], dropped["number"], dropped["total"]), ("dropped", 2, 6.0))
        self.assertEqual(
            [row["name"] for row in dropped["rows"]],
            [orders["last that dropped out"].name, orders["first that dropped out"].name],
        )
        self.assertEqual(
            [row["link"] for row in new["rows"]],
            [{"model": "customer.purchase.history", "id": imported.id}] + [
                {"model": "sale.order", "id": orders[name].id} for name in ("of today", "first that is new")
            ],
        )

    def test_only_the_largest_documents_are_named(self):
        self._order(self.customer, self.end, 1.0)
        for number in range(5):
            self._order(self.customer, self.end + self.day, 10.0 * number + 10)
        self._take_and_go_on()
        self.patch(changes, "NAMED_DOCUMENTS", 2)
        (new,) = self._story()["change"]["documents"]
        self.assertEqual((new["number"], new["total"]), (5, 150.0))
        self.assertEqual([row["revenue"] for row in new["rows"]], [50.0, 40.0])

    def test_documents_after_the_day_do_not_exist(self):
        """Time travel: a value computed for a past day knows no later document."""
        self._order(self.customer, self.before, 1.0)
        self._order(self.customer, self.today, 5.0)
        self._recompute(as_of=self.before)
        self._recompute(as_of=self.before + self.day)
        self.assertEqual(self._story()["change"]["documents"], [])
        self.assertEqual(len(self._story()["history"]), 2)

    def test_invoices(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.policy._renew({"revenue_source": "invoice"})
        self._invoice(self.end + self.day, 30.0)
        invoice = self.env["account.move"].search([
            ("partner_id", "=", self.customer.id), ("move_type", "=", "out_invoice"),
        ])
        self.assertLessEqual(invoice.invoice_date, self.end)
        self._take_and_go_on()
        self.assertEqual(self._story()["change"]["documents"], [])
        self._invoice(self.end + 11 * self.day, 40.0)
        self._recompute()
        (new,) = self._story()["change"]["documents"]
        self.assertEqual([row["revenue"] for row in new["rows"]], [40.0])
        self.assertEqual(new["rows"][0]["link"]["model"], "account.move")

    def test_changed_rules_are_told(self):
        self._order(self.customer, self.end, 1.0)
        self._take_and_go_on()
        self.assertFalse(self._story()["change"]["rules_changed"])
        self.policy._renew(weights={"loyalty": 1})
        self._recompute()
        self.assertTrue(self._story()["change"]["rules_changed"])

    # ---- who is told what ----

    def _user(self, login, groups, company=None):
        company = company or self.company
        return new_test_user(
            self.env, login, groups=groups, company_id=company.id, company_ids=[(6, 0, company.ids)]
        )

    def test_rights(self):
        seller = self._user("story_seller", "sales_team.group_sale_salesman")
        boss = self._user("story_boss", "sales_team.group_sale_salesman_all_leads")
        secret = self._order(self.customer, self.today, 777.0, user_id=boss.id)
        mine = self._order(self.other, self.today, 55.0, user_id=seller.id)
        for partner in (self.customer, self.other):
            self._order(partner, self.end, 1.0, user_id=boss.id if partner == self.customer else seller.id)
        self._take_and_go_on()
        told = self._story(self.customer, seller)
        self.assertFalse(told["amounts_visible"])
        self.assertNotIn(secret.name, str(told))
        self.assertNotIn("777", str(told))
        self.assertFalse([
            fact for part in told["inputs"].values() for fact in part["facts"] if fact["type"] == "monetary"
        ])
        self.assertEqual(told["change"]["documents"], [])
        self.assertFalse(told["change"]["payments"])
        self.assertTrue(told["change"]["parts"], "scores are for everybody")
        (new,) = self._story(self.other, seller)["change"]["documents"]
        self.assertEqual(new["rows"][0]["link"], {"model": "sale.order", "id": mine.id})
        (new,) = self._story(self.customer, boss)["change"]["documents"]
        self.assertEqual(new["rows"][0]["name"], secret.name)

    def test_only_who_reads_the_value_is_told(self):
        self._order(self.customer, self.end, 1.0)
        self._take_and_go_on()
        value = self._value(self.customer)
        self.assertTrue(get_public_method(value, "get_story"))
        value.get_story()  # what the cache knows now must not reach anybody without a right
        elsewhere = self._make_company("Story Elsewhere")
        for user in (
            self._user("story_internal", "base.group_user"),
            self._user("story_elsewhere", "sales_team.group_sale_manager", elsewhere),
        ):
            with self.assertRaises(AccessError):
                value.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).get_story()

    def test_lists_read_no_documents(self):
        """Documents are for the story alone, which is told when somebody asks for it."""
        self._order(self.customer, self.end, 1.0)
        self._take_and_go_on()

        def forbidden(*_args):
            raise ZeroDivisionError

        self.patch(changes, "documents", forbidden)
        self._value(self.customer).read()
        with self.assertRaises(ZeroDivisionError):
            self._story()
