from datetime import timedelta

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .care_case import CareCase, day


@tagged("post_install", "-at_install")
@freeze_time("2027-02-20 12:00:00")
class TestRuleTrigger(CareCase):
    """Each occasion, on its day."""

    def test_birthday_of_contacts(self):
        customer = self._customer()
        contact = self._partner("Care contact", parent_id=customer.id, birthday_day=5, birthday_month="3")
        rule = self._rule("birthday", offset_days=2, offset_side="before")
        self._nights(day("2027-03-01"), day("2027-03-06"))
        self.assertEqual(
            self._noted(rule), [(contact, "birthday:2027", day("2027-03-03"), "done", False)]
        )
        self.assertEqual(self.logs.search([("rule_id", "=", rule.id)]).commercial_partner_id, customer)

    def test_festivals_of_country_and_language(self):
        """Each customer has those of their country; a festival of a language is for those who speak it."""
        taiwan, germany = self.env.ref("base.tw"), self.env.ref("base.de")
        chinese = self._customer("Care Taipei", country_id=taiwan.id)
        german = self._customer("Care Berlin", country_id=germany.id)
        self._customer("Care nowhere")
        self.env["res.lang"]._activate_lang("fr_FR")
        speaker = self._customer("Care French", country_id=germany.id, lang="fr_FR")
        festival = self.env["customer.festival"].create({
            "name": "Care test festival", "country_ids": germany.ids,
            "lang_ids": self.env["res.lang"].search([("code", "=", "fr_FR")]).ids,
            "day_ids": [(0, 0, {"date": "2027-03-01"})],
        })
        lunar = self.env.ref("crm_customer_value.customer_festival_lunar_new_year")
        easter = self.env.ref("crm_customer_value.customer_festival_easter")
        rule = self._rule("festival", festival_ids=(lunar | easter | festival).ids)
        self._nights(day("2027-02-25"), day("2027-04-02"))
        self._nights(day("2028-01-24"), day("2028-01-28"))
        self.assertEqual(self._done(rule), [
            (speaker, day("2027-03-01")), (german, day("2027-03-28")), (speaker, day("2027-03-28")),
            (chinese, day("2028-01-26")),
        ])
        names = self.logs.search([("rule_id", "=", rule.id), ("partner_id", "=", chinese.id)]).mapped("name")
        self.assertEqual(names, ["Festival: Lunar New Year"])

    def test_anniversary_of_the_first_purchase(self):
        customer = self._customer(value={"first_purchase_date": "2024-03-02"})
        self._customer("Care new", value={"first_purchase_date": "2027-03-02"})
        rule = self._rule("first_purchase")
        self._nights(day("2027-03-01"), day("2027-03-03"))
        self.assertEqual(self._done(rule), [(customer, day("2027-03-02"))])
        self.assertEqual(self.logs.search([("rule_id", "=", rule.id)]).name, "Anniversary of the first purchase: 3")

    def test_delivery(self):
        """Days before and after; in the time zone of the company; an order whose day moves is one occasion."""
        self.env["customer.value.policy"]._get_active(self.company)._renew({"tz": "Asia/Taipei"})
        customer = self._customer()
        contact = self._partner("Care buyer", parent_id=customer.id)
        # In Taipei this is the 2nd of March.
        order = self._order(contact, day("2027-02-19"), 100.0, commitment_date="2027-03-01 20:00:00")
        self._order(contact, day("2027-02-19"), 100.0, state="draft", commitment_date="2027-03-01 20:00:00")
        before = self._rule("delivery", offset_days=1, offset_side="before", late_days=0)
        after = self._rule("delivery", offset_days=2, late_days=0)
        self._nights(day("2027-02-27"), day("2027-03-02"))
        order.commitment_date = "2027-03-04 12:00:00"
        self._nights(day("2027-03-03"), day("2027-03-08"))
        self.assertEqual(self._done(before), [(contact, day("2027-03-01"))])
        self.assertEqual(self._done(after), [(contact, day("2027-03-06"))])

    def test_another_date(self):
        customer = self._customer(value={"expected_next_purchase_date": "2027-03-10"})
        rule = self._rule(
            "own_date", own_date="customer.value:expected_next_purchase_date", offset_days=3, offset_side="before",
        )
        self._nights(day("2027-03-05"), day("2027-03-09"))
        self.assertEqual(self._done(rule), [(customer, day("2027-03-07"))])

    def test_date_added_to_contacts(self):
        """A date that an administrator added to contacts can be chosen."""
        self.env["ir.model.fields"].create({
            "model_id": self.env["ir.model"]._get_id("res.partner"), "name": "x_care_contract_end", "ttype": "date",
            "field_description": "End of Contract",
        })
        self.assertIn(
            ("res.partner:x_care_contract_end", "End of Contract"),
            self.env["customer.care.rule"]._fields["own_date"]._description_selection(self.env),
        )
        customer = self._customer(x_care_contract_end="2027-04-01")
        rule = self._rule("own_date", own_date="res.partner:x_care_contract_end", offset_days=30, offset_side="before")
        self._nights(day("2027-03-01"), day("2027-03-03"))
        self.assertEqual(self._done(rule), [(customer, day("2027-03-02"))])

    def _contact(self, customer, on, direction="out"):
        channel = self.env["customer.contact.channel"].search([], limit=1) or self.env[
            "customer.contact.channel"
        ].create({"name": "Care test"})
        with freeze_time(f"{on} 13:00:00"):
            self.env["customer.contact.log"].create({
                "company_id": self.company.id, "partner_id": customer.id, "direction": direction, "summary": "Talked",
                "date": f"{on} 12:00:00", "channel_id": channel.id, "user_id": self.owner.id,
            })
        self._value(customer)["last_contact_by_us" if direction == "out" else "last_contact_by_them"] = on

    def test_silence(self):
        customer = self._customer()
        self._contact(customer, "2026-11-28")
        self._contact(customer, "2026-12-05", "in")
        us = self._rule("silence", silence_of="us", silence_days=90)
        anybody = self._rule("silence", silence_of="anybody", silence_days=90)
        self._nights(day("2027-02-24"), day("2027-03-06"))
        self.assertEqual(self._done(us), [(customer, day("2027-02-26"))])
        self.assertEqual(self._done(anybody), [(customer, day("2027-03-05"))])
        # Another silence is another occasion.
        self._contact(customer, "2027-03-10")
        self._nights(day("2027-06-07"), day("2027-06-09"))
        self.assertEqual(self._done(us)[1:], [(customer, day("2027-06-08"))])

    def test_no_purchase(self):
        customer = self._customer(value={"last_purchase_date": "2027-02-01"})
        rule = self._rule("silence", silence_of="purchase", silence_days=30)
        self._nights(day("2027-03-01"), day("2027-03-05"))
        self.assertEqual(self._done(rule), [(customer, day("2027-03-03"))])

    def test_stage_entered(self):
        stages = self.env["customer.lifecycle.stage"].search([], limit=2)
        moved = self._customer("Care moved", value={"lifecycle_stage_id": stages[1].id})
        gone = self._customer("Care gone", value={"lifecycle_stage_id": stages[0].id})
        first = self._customer(
            "Care placed", value={"lifecycle_stage_id": stages[1].id, "first_purchase_date": "2020-01-01"}
        )
        new = self._customer(
            "Care new", value={"lifecycle_stage_id": stages[1].id, "first_purchase_date": "2027-02-20"}
        )
        self.env["customer.lifecycle.transition"].create([
            {
                "partner_id": partner.id, "company_id": self.company.id, "date": "2027-02-21",
                "from_stage_id": origin.id, "to_stage_id": stages[1].id, "reason": "rule",
            }
            for partner, origin in (
                (moved, stages[0]), (gone, stages[0]), (first, stages.browse()), (new, stages.browse())
            )
        ])
        rule = self._rule("stage", trigger_stage_ids=stages[1].ids)
        other = self._rule("stage", trigger_stage_ids=stages[0].ids)
        self._night(day("2027-02-22"))
        self.assertEqual({partner for partner, _day in self._done(rule)}, {moved, new})
        self.assertEqual(self._done(other), [])

    def test_benefit_and_delivered_fell(self):
        one = self._customer("Care one", value={"benefit_fell_on": "2027-02-21"})
        other = self._customer("Care other", value={"delivered_fell_on": "2027-02-22"})
        benefit, delivered = self._rule("benefit_fell"), self._rule("delivered_fell")
        self._nights(day("2027-02-20"), day("2027-02-24"))
        self.assertEqual(self._done(benefit), [(one, day("2027-02-21"))])
        self.assertEqual(self._done(delivered), [(other, day("2027-02-22"))])

    def test_index_fell(self):
        """By enough points since the last month end; once after each month end."""
        much = self._customer("Care much", value={"value_index": 50.0})
        little = self._customer("Care little", value={"value_index": 55.1})
        for partner in (much, little):
            for month_end, index in (("2026-12-31", 99.0), ("2027-01-31", 65.0)):
                self.env["customer.value.snapshot"].create({
                    "company_id": self.company.id, "partner_id": partner.id, "date": month_end, "value_index": index,
                })
        rule = self._rule("index_fell", index_fall=10)
        self._nights(day("2027-02-21"), day("2027-02-23"))
        self.assertEqual(self._done(rule), [(much, day("2027-02-21"))])

    def test_complaint_closed(self):
        customer = self._customer()
        contact = self._partner("Care complains", parent_id=customer.id)
        complaint = self.env["customer.complaint"].create({
            "name": "Broken", "description": "It is", "partner_id": contact.id, "company_id": self.company.id,
        })
        rule = self._rule("complaint_closed", offset_days=3)
        self._night(day("2027-02-20"))
        complaint._close()
        complaint.date_closed = "2027-02-20 12:00:00"
        self._nights(day("2027-02-20"), day("2027-02-25"))
        self.assertEqual(self._done(rule), [(contact, day("2027-02-23"))])

    def test_need_met(self):
        customer = self._customer()
        kind = self.env["customer.need.type"].create({"name": "Care need", "kind": "need", "dimension": "economic"})
        need = self.env["customer.need"].create({
            "partner_id": customer.id, "company_id": self.company.id, "type_id": kind.id, "date": "2027-02-01",
        })
        rule = self._rule("need_met")
        self._night(day("2027-02-20"))
        self.assertEqual(self._done(rule), [])
        need.state = "met"
        self._night(day("2027-02-20"))
        self.assertEqual(self._done(rule), [(customer, day("2027-02-20"))])
        self.assertEqual(self.logs.search([("rule_id", "=", rule.id)]).name, "Need met: Care need")

    def test_chosen_kind_of_life_event(self):
        """Every year, of the kind that was chosen."""
        customer = self._customer()
        self.env["customer.life.event"].create([
            {
                "partner_id": customer.id, "company_id": self.company.id, "name": name, "kind": kind,
                "date": on, "is_yearly": True,
            }
            for name, kind, on in (
                ("Ten years", "anniversary", "2017-03-01"), ("Wedding", "family", "2020-03-02"),
            )
        ])
        rule = self._rule("life_event", life_kind="anniversary")
        self._nights(day("2027-02-28"), day("2027-03-03"))
        self._night(day("2028-03-01"))
        self.assertEqual(self._done(rule), [(customer, day("2027-03-01")), (customer, day("2028-03-01"))])


@tagged("post_install", "-at_install")
class TestRuleTriggerToday(CareCase):
    """What is due when somebody enters it: the database knows when that was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The day of the database, whatever that of this process.
        [(cls.now,)] = cls.env.execute_query(SQL("SELECT (NOW() AT TIME ZONE 'UTC')::date"))

    def test_life_event_is_due_when_it_is_noted(self):
        customer = self._customer()
        rule = self._rule("life_event")
        rule.date_on = self.now - timedelta(days=5)
        for name, days in (("Moved", -60), ("Will move", 3)):
            self.env["customer.life.event"].create({
                "partner_id": customer.id, "company_id": self.company.id, "name": name,
                "date": self.now + timedelta(days=days),
            })
        self._night(self.now)
        self.assertEqual(self.logs.search([("rule_id", "=", rule.id)]).mapped("name"), [
            "Event in the customer's life: Moved"
        ])
        self._night(self.now + timedelta(days=3))
        self.assertEqual(len(self._done(rule)), 2)

    def test_goal_reached(self):
        customer = self._customer()
        metric = self.env["customer.benefit.metric"].create({
            "name": "Care faults", "unit": "pieces", "direction": "lower", "currency_id": self.usd.id,
        })
        goal = self.env["customer.benefit.goal"].create({
            "partner_id": customer.id, "company_id": self.company.id, "metric_id": metric.id, "baseline": 100.0,
            "target": 50.0, "date_start": self.now - timedelta(days=100), "date_target": self.now + timedelta(days=50),
        })
        rule = self._rule("goal_reached")
        rule.date_on = self.now - timedelta(days=5)

        def measure(value, days):
            on = self.now - timedelta(days=days)
            self.env["customer.benefit.record"].create({
                "partner_id": customer.id, "company_id": self.company.id, "metric_id": metric.id, "value": value,
                "baseline": 100.0, "date_from": on, "date_to": on,
            })

        measure(80.0, 40)
        self._night(self.now)
        self.assertEqual((goal.state == "reached", self._done(rule)), (False, []))
        # It was measured a month ago, and is entered now.
        measure(40.0, 30)
        self._night(self.now)
        self.assertEqual((goal.state, self._done(rule)), ("reached", [(customer, self.now)]))
