from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import LockError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..feedback_case import LINK, FeedbackCase


@tagged("post_install", "-at_install")
class TestFeedbackAsking(FeedbackCase):
    """Who is asked, when, and about what; and who is not."""

    def test_asked_once_after_the_delay(self):
        rule = self._rule()
        order = self._sold(self.anna, days=3)
        self.assertFalse(self._cron(self.now - timedelta(hours=2)), "it is not three days ago yet")
        feedback = self._cron()
        self.assertEqual((feedback.partner_id, feedback.commercial_partner_id), (self.anna, self.firm))
        self.assertEqual((feedback.rule_id, feedback.state, feedback.occasion), (rule, "asked", f"order,{order.id}"))
        self.assertEqual((feedback.product_id, feedback.date_occasion), (self.product, order.date_order))
        self.assertEqual((feedback.scale, feedback.about, feedback.question),
                         ("nps", "transaction", "Would you recommend us?"))
        self.assertEqual((feedback.date_asked, feedback.response, feedback.score), (self.now, 0.0, False))
        self.assertFalse(self._cron(), "nobody is asked twice about one occasion")
        self.assertFalse(self._cron(self.now + timedelta(days=10)))

    def test_mail(self):
        feedback = self._asked()
        [mail] = self._mails
        self.assertEqual(mail["email_to"], ['"Anna" <anna@oak.example>'])
        self.assertEqual(mail["subject"], "Would you recommend us?")
        links = {found[2] for found in LINK.finditer(mail["body"])}
        self.assertEqual(links, {str(feedback.id)})
        key = feedback._customer_key()
        for score in range(11):
            self.assertIn(f"/feedback/{feedback.id}/{key}?answer={score}", mail["body"])
        self.assertIn(f"/feedback/{feedback.id}/{key}/stop", mail["body"])
        self.assertIn(f"/feedback/{feedback.id}/{key}/unsubscribe>", mail["headers"]["List-Unsubscribe"])
        self.assertEqual(mail["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")

    def test_no_copy_of_the_mail_has_the_key(self):
        """Whoever reads messages or the queue of e-mails cannot answer for the customer."""
        self._rule()
        self._sold(self.anna)
        self.env["customer.feedback.rule"]._cron_feedback()
        feedback = self._requests()
        mail = self.env["mail.mail"].sudo().search([("model", "=", "customer.feedback"), ("res_id", "=", feedback.id)])
        self.assertIn(f"/feedback/{feedback.id}/-?answer=3", mail.body_html)
        for text in (mail.body_html, mail.mail_message_id.body, mail.headers or ""):
            self.assertNotIn(feedback._customer_key(), text)

    def test_employees_neither_ask_nor_take_back(self):
        """What an employee writes about a question has no key, and takes back nothing when it cannot be sent."""
        feedback = self._asked()
        for address, state in (("anna@oak.example", "sent"), (False, "exception")):
            self.anna.email = address
            self.env["mail.compose.message"].with_user(self.seller).with_company(self.company).create({
                "composition_mode": "mass_mail", "model": feedback._name, "res_ids": str(feedback.ids),
                "subject": "About us", "body": f"<p>http://x.example/feedback/{feedback.id}/-?answer=10</p>",
            })._action_send_mail()
            mail = self.env["mail.mail"].sudo().search(
                [("model", "=", feedback._name), ("res_id", "=", feedback.id), ("subject", "=", "About us")], limit=1
            )
            with self.mock_mail_gateway():
                mail.send()
                self.assertNotIn(feedback._customer_key(), str(self._mails))
            self.assertEqual((mail.exists().state or "sent", feedback.state), (state, "asked"))

    def test_mail_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.anna.lang = "ar_001"
        rule = self._rule()
        rule.with_context(lang="ar_001").question = "هل توصي بنا؟"
        self._sold(self.anna)
        feedback = self._cron()
        [mail] = self._mails
        self.assertEqual((mail["subject"], feedback.question), ("هل توصي بنا؟", "هل توصي بنا؟"))
        self.assertIn('dir="rtl"', mail["body"])

    def test_not_asked(self):
        """Each for its reason; the preview counts them."""
        rule = self._rule()
        reasons = {
            "archived": self._partner("Archived", email="a@x.example", active=False),
            "address": self._partner("Nowhere", email="no address"),
            "opted_out": self._partner("Refuses", email="r@x.example", feedback_opt_out=True),
            "blacklisted": self._partner("Blacklisted", email="B@x.example"),
            "complaint": self._partner("Angry", email="angry@x.example"),
            "colleague": self.seller.partner_id,
        }
        same = self._partner("Refuses at another firm", email="R@X.example")
        self.env["mail.blacklist"]._add("b@x.example")
        self._complain(reasons["complaint"], severity="critical")
        calm = self._partner("Calm", email="calm@x.example")
        self._complain(calm, severity="low")
        for partner in (*reasons.values(), same, calm, self.anna):
            self._sold(partner)
        expected = {(partner.id, reason) for reason, partner in reasons.items()} | {
            (same.id, "opted_out"), (calm.id, None), (self.anna.id, None),
        }
        self.assertEqual(set(rule._preview_rows()), expected)
        self.assertEqual(self._cron().partner_id, calm | self.anna)
        self.assertEqual(len(self._mails), 2)

    def test_closed_complaint_no_longer_keeps_from_asking(self):
        self._rule()
        complaint = self._complain(self.anna, severity="high")
        self._sold(self.anna)
        self.assertFalse(self._cron())
        self._end(complaint)
        self.assertEqual(self._cron().partner_id, self.anna)

    def test_address_is_asked_once_in_so_many_days_over_all_rules(self):
        """Whichever rule asks, of whichever company, and under whatever contact."""
        first = self._rule(sequence=1, name="First")
        self._rule(sequence=2, scale="csat")
        twin = self._partner("Anna at home", email="ANNA@oak.example")
        self._sold(self.anna)
        self._sold(twin)
        feedback = self._cron()
        self.assertEqual((feedback.rule_id, len(feedback)), (first, 1))
        self._sold(self.anna, days=2)
        self.assertFalse(self._cron(self.now + timedelta(days=2)))
        other = self._make_company("Other")
        self.env.user.company_ids |= other
        self._rule(company_id=other.id)
        self._order(self.anna, 3, 10.0, company=other, at=self.now - timedelta(days=3, hours=1))
        self.env.flush_all()
        self.assertFalse(self._cron())
        self.company.feedback_pause_days = 5
        later = self._cron(self.now + timedelta(days=6))
        self.assertEqual(len(later), 1)
        self.assertEqual(later.partner_id.email_normalized, "anna@oak.example")

    def test_nothing_is_asked_about_before_the_rule_was_on(self):
        rule = self._rule(since=None)
        self._sold(self.anna)
        self.assertFalse(self._cron())
        self.assertEqual(rule._preview_rows(), [(self.anna.id, None)])
        rule.action_switch_on()
        self.assertEqual(rule.date_active, self.now)
        self.assertFalse(self._cron())
        self.assertFalse(self._cron(self.now + timedelta(days=10)))

    def test_rule_that_changes_what_it_asks_after_begins_anew(self):
        rule = self._rule(trigger="complaint", since=60)
        self._sold(self.anna)
        rule.trigger = "order"
        self.assertEqual(rule.date_active, self.now)
        self.assertFalse(self._cron())

    def test_scheduled_action_that_was_down(self):
        """For a week: everybody is asked. For a month: nobody remembers."""
        self._rule()
        self._sold(self.anna)
        with self.subTest("a month"), self.env.cr.savepoint() as savepoint:
            self.assertFalse(self._cron(self.now + timedelta(days=30)))
            savepoint.rollback()
        self.assertEqual(self._cron(self.now + timedelta(days=7)).partner_id, self.anna)

    def test_killed_between_making_and_sending(self):
        """What was made and not sent is sent by the next one, unless the contact is not to be asked any more."""
        self._rule()
        bert = self._partner("Bert", email="bert@x.example")
        self._sold(self.anna)
        self._sold(bert)
        self.assertEqual(self.env["customer.feedback.rule"]._make_requests(), 2)
        self.assertEqual(self._requests().mapped("state"), ["waiting", "waiting"])
        self.assertEqual(self.env["customer.feedback.rule"]._make_requests(), 0)
        bert.feedback_opt_out = True
        self._cron()
        states = {feedback.partner_id: (feedback.state, feedback.reason) for feedback in self._requests()}
        self.assertEqual(states, {self.anna: ("asked", False), bert: ("cancelled", "opted_out")})
        self.assertEqual([mail["email_to"] for mail in self._mails], [['"Anna" <anna@oak.example>']])

    def test_two_at_once(self):
        """The second one finds the rules taken, and leaves; the index refuses what slips through."""
        rule = self._rule()
        self._sold(self.anna)
        with patch.object(type(rule), "lock_for_update", side_effect=LockError("taken")):
            self.assertFalse(self._cron())
        feedback = self._cron()
        feedback.state = "cancelled"
        self.env.flush_all()
        self.assertFalse(self._cron(), "the occasion stays taken, whatever became of the question")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            feedback.copy({"rule_id": rule.id, "occasion": feedback.occasion})
            self.env.flush_all()

    def test_mail_that_cannot_be_made(self):
        """A template without answers asks nobody; others are asked as soon as it is mended."""
        self._rule()
        self._sold(self.anna)
        template = self.env.ref("crm_customer_value.mail_template_customer_feedback")
        body = template.body_html
        template.body_html = "<p>Hello</p>"
        with mute_logger("odoo.addons.crm_customer_value.models.feedback.customer_feedback_request"):
            feedback = self._cron()
        self.assertEqual((feedback.state, feedback.reason, feedback.date_asked), ("cancelled", "failed", False))
        self.assertFalse(self._mails)
        template.body_html = body
        self._sold(self.anna)
        self.assertEqual(self._cron().state, "asked", "who was not asked is asked about the next occasion")

    def test_filters(self):
        team = self.env["crm.team"].create({"name": "Here", "company_id": self.company.id})
        category = self.env["product.category"].create({"name": "Child", "parent_id": self.product.categ_id.id})
        thing = self.product
        rule = self._rule(country_ids=[Command.set(self.env.ref("base.fr").ids)])
        self._sold(self.anna, team_id=team.id)
        ask = lambda: {partner_id for partner_id, _reason in rule._preview_rows()}  # noqa: E731
        self.assertFalse(ask())
        self.anna.country_id = self.env.ref("base.fr")
        self.assertEqual(ask(), {self.anna.id})
        rule.team_ids = self.env["crm.team"].create({"name": "There", "company_id": self.company.id})
        self.assertFalse(ask())
        rule.team_ids = team
        self.assertTrue(ask())
        rule.categ_ids = category
        self.assertFalse(ask())
        thing.categ_id = category
        self.assertTrue(ask())
        rule.categ_ids = category.parent_id
        self.assertTrue(ask(), "categories below count")
        rule.value_class = "a"
        self.assertFalse(ask(), "nothing is known of the value")
        self._recompute()
        value = self._value(self.firm)
        self.assertTrue(value.value_class)
        rule.value_class = "c"
        self.assertTrue(ask())
        rule.stage_ids = self.env["customer.lifecycle.stage"].create({"name": "Nobody", "company_id": self.company.id})
        self.assertFalse(ask())
        rule.stage_ids = value.lifecycle_stage_id
        feedback = self._cron()
        self.assertEqual(feedback.partner_id, self.anna)
        self.assertEqual((feedback.lifecycle_stage_id, feedback.value_class),
                         (value.lifecycle_stage_id, value.value_class))

    def test_after_a_complaint(self):
        self._rule(trigger="complaint", scale="effort", delay_days=7)
        complaint = self._complain(self.anna, days=20)
        self._end(complaint, days=8)
        merged = self._complain(self._partner("Bert", email="bert@x.example"), days=20)
        self._end(merged, days=8, reason="No ground")
        self.env.flush_all()
        feedback = self._cron()
        self.assertEqual((feedback.partner_id, feedback.occasion), (self.anna, f"complaint,{complaint.id}"))

    def test_after_a_payment(self):
        """Who ordered is asked, three days after the last payment."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self._rule(trigger="payment")
        office = self._partner("Accounts", parent_id=self.firm.id, email="accounts@oak.example", type="invoice")
        order = self._sold(self.anna, days=20)
        order.order_line.qty_delivered = 1
        order.partner_invoice_id = office
        invoice = order._create_invoices()
        invoice.invoice_date = self._day(10)
        invoice.action_post()
        self.assertEqual(invoice.partner_id, office)
        self.env.flush_all()
        self.assertFalse(self._cron())
        for day, amount in ((6, 40.0), (4, 60.0)):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"amount": amount, "payment_date": self._day(day)})._create_payments()
        self.env.flush_all()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        feedback = self._cron()
        self.assertEqual((feedback.partner_id, feedback.occasion, feedback.product_id),
                         (self.anna, f"payment,{invoice.id}", self.product))
        self.assertEqual(feedback.date_occasion.date(), self._day(4))
        self.assertEqual(feedback.date_occasion.hour, 9)

    def test_after_a_stage(self):
        stage, other = self.env["customer.lifecycle.stage"].create([
            {"name": name, "company_id": self.company.id} for name in ("Test Stage", "Other Stage")
        ])
        with self.assertRaises(ValidationError):
            self._rule(trigger="stage")
        self._rule(trigger="stage", stage_ids=[Command.set(stage.ids)])
        ben = self._partner("Ben")
        for customer, target, cause in ((self.firm, stage, "bought"), (ben, stage, "bought"),
                                        (self._partner("C", email="c@x.example"), stage, "rules"),
                                        (self._partner("D", email="d@x.example"), other, "bought")):
            self.env["customer.lifecycle.transition"].create({
                "partner_id": customer.id, "company_id": self.company.id, "to_stage_id": target.id, "cause": cause,
                "date": self._day(4),
            })
        self.env.flush_all()
        feedback = self._cron()
        self.assertEqual(feedback.partner_id, self.anna, "the first contact with an address, where the firm has none")

    def test_every_few_months(self):
        """Each customer on a day of their own, once in each period, over two years with a leap day in them."""
        customers = self.env["res.partner"].union(*(
            self._partner(f"C{number}", email=f"c{number}@x.example") for number in range(8)
        ))
        for customer in customers:
            self._sold(customer, days=400)
        self._recompute()
        self.env["customer.feedback.rule"].search([]).active = False
        rule = self._rule(trigger="period", months=6, about="company")
        start = self.now.replace(year=2027, month=8, day=30)
        rule.date_active = start
        asked = {}
        for number in range(0, 730, 5):
            day = start + timedelta(days=number)
            for feedback in self._cron(day):
                asked.setdefault(feedback.partner_id, []).append(day)
        self.assertEqual(set(asked), set(customers))
        for days in asked.values():
            self.assertIn(len(days), (3, 4, 5))
            gaps = {(later - earlier).days for earlier, later in pairwise(days)}
            self.assertTrue(all(175 <= gap <= 190 for gap in gaps), gaps)
        firsts = {days[0] for days in asked.values()}
        self.assertGreater(len(firsts), 3, "not all on one day")

    def test_changed_scale_proposes_its_question(self):
        form = Form(self.env["customer.feedback.rule"].with_context(default_company_id=self.company.id))
        self.assertEqual(form.question, "How satisfied are you?")
        form.scale = "nps"
        self.assertIn("recommend us", form.question)
        form.question = "My own?"
        form.scale = "effort"
        self.assertEqual(form.question, "My own?")

    def test_preview_of_two_occasions_of_one_contact(self):
        """The second one would come too soon after the first, and the third would not."""
        rule = self._rule(since=None)
        self.company.feedback_pause_days = 10
        for days in (25, 20, 5):
            self._sold(self.anna, days=days)
        self.assertEqual(rule._preview_rows(), [(self.anna.id, None), (self.anna.id, "lately"), (self.anna.id, None)])

    def test_preview_dialog(self):
        manager = new_test_user(
            self.env, "feedback_manager", groups="crm_customer_value.group_service_manager",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )
        rule = self._rule(since=None).with_user(manager)
        self._sold(self.anna)
        self._sold(self._partner("Nowhere"))
        preview = self.env["customer.feedback.preview"].with_user(manager).browse(rule.action_preview()["res_id"])
        self.assertEqual({line.outcome: line.number for line in preview.line_ids}, {"asked": 1, "address": 1})
        self.assertFalse(preview.is_on)
        self.assertIn("2", preview.summary)
        action = preview.line_ids.filtered(lambda line: line.outcome == "asked").action_view_contacts()
        self.assertEqual(self.env["res.partner"].search(action["domain"]), self.anna)
        preview.action_switch_on()
        self.assertTrue(rule.active)

    def test_not_answered_in_time(self):
        feedback = self._asked()
        self._cron(self.now + timedelta(days=29))
        self.assertEqual(feedback.state, "asked")
        self._cron(self.now + timedelta(days=31))
        self.assertEqual((feedback.state, feedback.response), ("expired", 0.0))

    def test_mail_that_does_not_arrive(self):
        feedback = self._asked()
        mail = self.env["mail.mail"].sudo().create({
            "model": "customer.feedback", "res_id": feedback.id, "body_html": "<p>.</p>",
        })
        mail._postprocess_sent_message([], [], failure_reason="no", failure_type="mail_email_invalid")
        self.assertEqual((feedback.state, feedback.reason, feedback.response), ("cancelled", "failed", False))
        mail._postprocess_sent_message([], ["anna@oak.example"])
        self.assertEqual((feedback.state, feedback.reason, feedback.response), ("asked", False, 0.0))

    def test_ready_rules_are_off(self):
        for name in ("payment", "complaint", "onboarding", "recommend"):
            self.assertFalse(self.env.ref(f"crm_customer_value.customer_feedback_rule_{name}").active, name)
