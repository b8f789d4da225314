from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from .action_case import MOMENT, MONDAY, ActionCase


@tagged("post_install", "-at_install")
@freeze_time(MOMENT)
class TestNextActionKinds(ActionCase):
    """What is found, for whom, and what it is worth."""

    def _one(self, customer):
        """Return (kind, worth, since) of what is to be done with a customer, or None."""
        self.actions._find(self.company, MONDAY)
        action = self._current(customer)
        return (action.kind, action.worth, action.since) if action else None

    def _invoice(self, customer, amount, overdue):
        if not self.company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        due = MONDAY - timedelta(days=overdue)
        self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": customer.id, "company_id": self.company.id,
            "invoice_date": due, "invoice_date_due": due, "invoice_user_id": self.seller.id,
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "quantity": 1, "price_unit": amount, "tax_ids": False,
            })],
        }).action_post()

    def test_silent(self):
        # Twice the usual 10 days were over 20 days after the last purchase.
        self.assertEqual(
            self._one(self._silent()), ("silent", 500.0, MONDAY - timedelta(days=10))
        )

    def test_due(self):
        last = MONDAY - timedelta(days=15)
        customer = self._customer(
            purchase_days=12, typical_gap=10.0, last_purchase_date=last, margin_12m=1200.0, purchase_days_12m=12,
        )
        self.assertEqual(self._one(customer), ("due", 100.0, last + timedelta(days=10)))

    def test_due_by_revenue_where_no_margin_is_known(self):
        customer = self._customer(
            purchase_days=4, typical_gap=10.0, last_purchase_date=MONDAY - timedelta(days=11), revenue_12m=600.0,
            purchase_days_12m=4,
        )
        self.assertEqual(self._one(customer)[:2], ("due", 150.0))

    def test_expected_this_week(self):
        values = {
            "purchase_days": 3, "typical_gap": 40.0, "last_purchase_date": MONDAY - timedelta(days=36),
            "margin_12m": 90.0, "purchase_days_12m": 3,
        }
        soon = self._customer("Soon", expected_next_purchase_date=MONDAY + timedelta(days=6), **values)
        later = self._customer("Later", expected_next_purchase_date=MONDAY + timedelta(days=7), **values)
        self.assertEqual(self._one(soon), ("expected", 30.0, False))
        self.assertIsNone(self._one(later))

    def test_at_risk_without_a_rhythm(self):
        customer = self._customer(
            purchase_days=1, last_purchase_date=MONDAY - timedelta(days=200), churn_level="high", churn_risk=0.8,
            value_at_risk=320.0,
        )
        self.assertEqual(self._one(customer), ("at_risk", 320.0, False))
        self.assertIn("80", self._current(customer).why)

    def test_quotation(self):
        """Its margin; of colleagues, nothing: the salesperson could not open it."""
        customer = self._customer()
        order = self._order(
            customer, MONDAY - timedelta(days=8), 1000.0, cost=600.0, state="sent", user_id=self.seller.id
        )
        self.assertEqual(self._one(customer), ("quotation", 400.0, MONDAY - timedelta(days=8)))
        self.assertEqual(self._current(customer).res_id, order.id)
        order.user_id = self._user("action_colleague")
        self.assertIsNone(self._one(customer))

    def test_opportunity_left_lying(self):
        customer = self._customer()
        lead = self.env["crm.lead"].create({
            "name": "Big plans", "type": "opportunity", "partner_id": customer.id, "expected_revenue": 8000.0,
            "probability": 25.0, "user_id": self.seller.id, "company_id": self.company.id,
        })
        lead.date_last_stage_update = datetime(2027, 1, 24, 12)
        self.assertIsNone(self._one(customer))
        lead.date_last_stage_update = datetime(2027, 1, 23, 12)
        self.assertEqual(self._one(customer), ("opportunity", 2000.0, MONDAY - timedelta(days=30)))
        self.assertIn("Big plans", self._current(customer).why)

    def test_opportunity_of_a_colleague_is_not_named(self):
        """Whoever may not read it learns that something is to be done, on the form of the customer, and no more."""
        customer = self._customer()
        lead = self.env["crm.lead"].create({
            "name": "Big plans", "type": "opportunity", "partner_id": customer.id, "expected_revenue": 8000.0,
            "probability": 25.0, "user_id": self.seller.id, "company_id": self.company.id,
        })
        lead.date_last_stage_update = datetime(2027, 1, 20, 12)
        self._night()
        value = self._value(customer)
        self.assertIn("“Big plans”", value.with_user(self.seller).next_step)
        self.assertEqual(
            value.with_user(self._user("action_colleague")).next_step,
            "Opportunity left lying. Ask the salesperson of this customer.",
        )

    def test_overdue_invoice_comes_first(self):
        customer = self._silent(at_risk=9000.0)
        self._invoice(customer, 120.0, 20)
        self._invoice(customer, 30.0, 9)
        self._invoice(customer, 500.0, 6)
        self.assertEqual(self._one(customer), ("invoice", 150.0, MONDAY - timedelta(days=20)))
        self.assertTrue(self._current(customer).is_first)

    def test_most_worth_of_one_customer(self):
        """A quotation of 400 against 500 at risk; then one of 700."""
        customer = self._silent()
        self._order(customer, MONDAY - timedelta(days=8), 1000.0, cost=600.0, state="sent", user_id=self.seller.id)
        self.assertEqual(self._one(customer)[:2], ("silent", 500.0))
        self._order(customer, MONDAY - timedelta(days=7), 1000.0, cost=300.0, state="sent", user_id=self.seller.id)
        self.assertEqual(self._one(customer)[:2], ("quotation", 700.0))
        self.assertEqual(len(self._current(customer)), 1)

    def test_complaint_and_broken(self):
        customer = self._silent(margin_12m=800.0)
        self.assertEqual(self._one(customer)[0], "silent")
        customer.sudo().write({"relationship_broken_on": MONDAY, "relationship_broken_reason": "Shouted"})
        self.assertEqual(self._one(customer), ("broken", 800.0, MONDAY))
        self.env["customer.complaint"].create({
            "name": "It burns", "partner_id": customer.id, "company_id": self.company.id, "severity": "critical",
            "date_received": datetime(2027, 2, 20, 8), "description": "It burns.",
        })
        self.assertEqual(self._one(customer), ("complaint", 800.0, MONDAY - timedelta(days=2)))

    def test_promise_of_a_level(self):
        level = self.env["customer.care.level"].search([], limit=1)
        customer = self._customer(
            care_level_id=level.id, care_due_on=MONDAY - timedelta(days=1), value_at_risk=40.0,
        )
        self.assertEqual(self._one(customer), ("promise", 40.0, MONDAY - timedelta(days=1)))
        self._value(customer).care_due_on = MONDAY
        self.assertIsNone(self._one(customer))

    def test_benefit_fell(self):
        customer = self._customer(benefit_fell_on=MONDAY - timedelta(days=90), value_at_risk=70.0)
        self.assertEqual(self._one(customer), ("benefit", 70.0, MONDAY - timedelta(days=90)))
        self._value(customer).benefit_fell_on = MONDAY - timedelta(days=91)
        self.assertIsNone(self._one(customer))

    def test_unhappy_answer_until_somebody_called(self):
        customer = self._customer()
        self.env["customer.feedback"].create({
            "company_id": self.company.id, "partner_id": customer.id, "scale": "nps", "about": "company",
            "state": "answered", "score": 3, "points": 30.0, "date_answered": datetime(2027, 2, 10, 9),
        })
        self.assertEqual(self._one(customer)[0], "feedback")
        self.assertEqual(self._current(customer).worth, False)
        self._value(customer).last_contact_by_us = MONDAY - timedelta(days=12)
        self.assertIsNone(self._one(customer))

    def _rescue(self, customer, kind, **values):
        return self.env["customer.rescue"].create({
            "company_id": self.company.id, "partner_id": customer.id, "kind": kind, "date": MONDAY - timedelta(days=8),
            "worth": 600.0, "user_id": self.seller.id, **values,
        })

    def test_effort_that_nobody_followed_up(self):
        """Until somebody is in touch, the customer buys, or 90 days are over; those held out are left alone."""
        since = MONDAY - timedelta(days=8)
        keep, back, held = (self._customer(name) for name in ("Keep", "Back", "Held"))
        effort = self._rescue(keep, "keep", reason="late")
        self._rescue(held, "keep", state="held_out")
        lost = self._rescue(back, "win_back")
        lost._open_leads()
        self.assertEqual(self._one(keep), ("keep", 600.0, since))
        self.assertIn("late delivery", self._current(keep).say)
        self.assertEqual(self._one(back), ("win_back", 600.0, since))
        self.assertEqual(self._current(back).res_id, lost.lead_ids.id)
        self.assertIsNone(self._one(held))
        self._value(keep).last_contact_by_us = since - timedelta(days=1)
        self.assertEqual(self._one(keep)[0], "keep")
        self._value(keep).last_contact_by_us = since
        self.assertIsNone(self._one(keep))
        lost.lead_ids.action_set_lost()
        self.assertIsNone(self._one(back))
        self._value(keep).last_contact_by_us = False
        effort.date = MONDAY - timedelta(days=91)
        self.assertIsNone(self._one(keep))

    def test_effort_of_a_colleague(self):
        customer = self._customer()
        self._rescue(customer, "keep", user_id=self._user("action_colleague").id)
        self.assertIsNone(self._one(customer))

    def test_advice_to_talk_about(self):
        """With ten others of the industry to compare with, none of whom the salesperson reads; not with nine."""
        industry = self.env["res.partner.industry"].create({"name": "Baking"})
        metric = self.env["customer.benefit.metric"].create({
            "name": "Test: energy", "unit": "kWh", "direction": "lower", "currency_id": self.company.currency_id.id,
        })
        colleague = self._user("action_colleague")

        def measured(name, user, **values):
            customer = self._customer(name, user, value_at_risk=50.0, **values)
            customer.industry_id = industry
            self.env["customer.benefit.record"].create({
                "company_id": self.company.id, "partner_id": customer.id, "metric_id": metric.id, "value": 90.0,
                "baseline": 100.0, "date_from": MONDAY - timedelta(days=60), "date_to": MONDAY - timedelta(days=30),
            }).state = "confirmed"
            return customer

        mine = measured("Mine", self.seller)
        others = [measured(f"Other {number}", colleague) for number in range(9)]
        self.assertIsNone(self._one(mine))
        # Ten of which one is the salesperson's own are nine and one: never counted together.
        measured("Mine too", self.seller)
        self.assertIsNone(self._one(mine))
        measured("Tenth", colleague)
        self.assertEqual(self._one(mine), ("advice", 50.0, MONDAY - timedelta(days=30)))
        # The colleague reads nine others of their own.
        self.assertIsNone(self._one(others[0]))
        self._value(mine).last_contact_by_us = MONDAY - timedelta(days=30)
        self.assertIsNone(self._one(mine))
        self._value(mine).last_contact_by_us = MONDAY - timedelta(days=31)
        self.assertEqual(self._one(mine)[0], "advice")
        self.actions._find(self.company, MONDAY, mine.ids)
        self.assertEqual(self._current(mine).kind, "advice")
        self.env["customer.benefit.goal"].create({
            "company_id": self.company.id, "partner_id": mine.id, "metric_id": metric.id, "baseline": 100.0,
            "target": 80.0, "date_start": MONDAY, "date_target": MONDAY + timedelta(days=365),
        })
        self.env.flush_all()
        self.assertIsNone(self._one(mine))

    def test_rests_after_a_contact_and_while_something_is_planned(self):
        customer = self._silent()
        self._value(customer).last_contact_by_us = MONDAY - timedelta(days=6)
        self.assertIsNone(self._one(customer))
        self._value(customer).last_contact_by_us = MONDAY - timedelta(days=7)
        self.assertEqual(self._one(customer)[0], "silent")
        customer.activity_schedule("mail.mail_activity_data_call", date_deadline=MONDAY + timedelta(days=1))
        self.assertIsNone(self._one(customer))

    def test_nobody_else(self):
        """Archived, of nobody, of another company, a contact of somebody: none of them."""
        archived, nobody, abroad, child = (self._silent(name) for name in ("Archived", "Nobody", "Abroad", "Child"))
        archived.active = False
        nobody.user_id = False
        abroad.company_id = self._make_company("Action Elsewhere")
        child.write({"is_company": False, "parent_id": self._silent("Parent").id})
        self.actions._find(self.company, MONDAY)
        self.assertEqual(
            self.actions.search([("company_id", "=", self.company.id)]).partner_id.mapped("name"), ["Parent"]
        )

    def test_words_are_made_when_read(self):
        """In the language of whoever reads; nothing of them is stored."""
        customer = self._silent()
        self.actions._find(self.company, MONDAY)
        action = self._current(customer)
        self.assertEqual(action.why, "No purchase since Jan 23, usually every 10 days.")
        self.assertEqual(action.shown_worth, 500.0)
        self.assertTrue(action.worth_text.startswith("Money at risk"))
        self.assertFalse(action._fields["why"].store or action._fields["say"].store)
        stored = action.read([name for name, field in action._fields.items() if field.store])[0]
        self.assertFalse([name for name, value in stored.items() if isinstance(value, str) and "purchase" in value])

    def test_every_kind_has_words(self):
        """Of all rooms: a name, and words for what was found."""
        facts = {
            "number": 2, "day": "2027-02-01", "name": "S001", "last": "2027-01-01", "gap": 10, "due": "2027-01-11",
            "risk": 80, "rating": 2, "metric": 0, "level": 0,
            "reason": "late",
            "product": {"en_US": "Lamp"}, "because": {"en_US": "Desk"}, "in_common": 9, "customers": 14,
        }
        by_category = {**facts, "because": None, "category": "Shoes", "other_category": "Socks"}
        values = self.env["customer.value"]
        for kind, action in values._next_actions().items():
            for found in (facts, by_category):
                with self.subTest(kind):
                    words = action.words(values, found)
                    self.assertTrue(action.label and all(words))

    def test_form_says_the_same(self):
        """The kind of the list is that of the form, where both find something."""
        silent = self._silent()
        self._order(silent, MONDAY - timedelta(days=8), 1000.0, cost=600.0, state="sent", user_id=self.seller.id)
        risky = self._customer("Risky", churn_level="high", churn_risk=0.8, value_at_risk=10.0, purchase_days=1)
        late = self._silent("Late", at_risk=9000.0)
        self._invoice(late, 50.0, 20)
        # Before there is a list, the form goes by its rules: the quotation comes before the silence.
        self.assertEqual(self._value(silent).next_step_kind, "quotation")
        self.assertFalse(self._value(risky).next_step_kind)
        self._night()
        for customer, kind in ((silent, "silent"), (risky, "listed"), (late, "invoice")):
            self.assertEqual(self._value(customer).with_user(self.seller).next_step_kind, kind, customer.name)
        self.assertEqual(
            self._value(risky).with_user(self.seller).next_step, self._current(risky).with_user(self.seller).why
        )
