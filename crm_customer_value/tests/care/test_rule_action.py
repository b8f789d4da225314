import ast

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from .care_case import CareCase, day

MARCH = {"birthday_day": 5, "birthday_month": "3"}


@tagged("post_install", "-at_install")
@freeze_time("2027-02-20 12:00:00")
class TestRuleAction(CareCase):
    """What is done, for whom, when, and what it costs. The 5th of March 2027 is a Friday."""

    def _mail_rule(self, kind="service", **values):
        return self._rule("birthday", action="mail", template_id=self.template.id, kind=kind, **values)

    def _agreed(self, name, **values):
        return self._customer(
            name, promotion_consent="given", promotion_consent_how="Form at the fair", **{**MARCH, **values}
        )

    def test_plan_is_for_the_salesperson(self):
        mine = self._customer("Care sold", user_id=self.seller.id, **MARCH)
        nobodys = self._customer("Care nobody's", **MARCH)
        rule = self._rule("birthday")
        self._night(day("2027-03-05"))
        self.assertEqual(self._calls(mine).user_id, self.seller)
        self.assertEqual(self._calls(nobodys).user_id, self.owner)
        self.assertEqual(self._calls(mine).create_uid, self.owner)
        self.assertEqual(self.logs.search([("rule_id", "=", rule.id)]).user_id, self.seller | self.owner)

    def test_activities_wait_for_a_working_day(self):
        """Whoever has a birthday on Saturday is called on Monday."""
        customer = self._customer(birthday_day=6, birthday_month="3")
        self._rule("birthday")
        self._night(day("2027-03-06"))
        self.assertEqual(self._calls(customer).date_deadline, day("2027-03-08"))

    def test_gift_and_its_cost(self):
        customer = self._customer(user_id=self.seller.id, **MARCH)
        self.product.with_company(self.company).standard_price = 12.5
        rule = self._rule("birthday", action="gift", gift_product_id=self.product.id, gift_cost=12.5)
        self._night(day("2027-03-05"))
        activity = self.env["mail.activity"].search([
            ("res_model", "=", "res.partner"), ("res_id", "=", customer.id)
        ])
        self.assertEqual((activity.user_id, activity.summary), (self.seller, f"Give: {self.product.display_name}"))
        self.assertEqual(self.logs.search([("rule_id", "=", rule.id)]).cost, 12.5)
        self.assertEqual(rule.cost, 12.5)

    def test_opportunity(self):
        customer = self._customer("Care wants", user_id=self.seller.id, **MARCH)
        self._rule("birthday", action="lead", lead_name="Year after year")
        self._night(day("2027-03-05"))
        lead = self.env["crm.lead"].search([("partner_id", "=", customer.id)])
        self.assertEqual(
            (lead.name, lead.user_id, lead.company_id, lead.type),
            ("Year after year: Care wants", self.seller, self.company, "opportunity"),
        )
        self.assertIn("Birthday (care rule Care test birthday)", lead.message_ids.body)

    def test_failure_of_one_is_not_that_of_others(self):
        """One customer's opportunity cannot be made: the others' are, and it says why."""
        customers = [self._customer(f"Care {number}", **MARCH) for number in range(3)]
        rule = self._rule("birthday", action="lead", lead_name="Year after year")
        leads = type(self.env["crm.lead"])
        create = leads.create

        def failing(records, vals_list):
            if any(vals["partner_id"] == customers[1].id for vals in vals_list):
                raise ValueError("no room for this customer")
            return create(records, vals_list)

        self.patch(leads, "create", failing)
        self._night(day("2027-03-05"))
        states = {partner: state for partner, _o, _d, state, _w in self._noted(rule)}
        self.assertEqual([states[customer] for customer in customers], ["done", "failed", "done"])
        failed = self.logs.search([("rule_id", "=", rule.id), ("state", "=", "failed")])
        self.assertIn("no room", failed.reason)
        # What failed is not tried again: somebody looks at it.
        self._night(day("2027-03-06"))
        self.assertEqual(len(self._noted(rule)), 3)

    def test_what_is_done_for_all_is_done_at_once(self):
        """Activities and their messages take as many queries for twenty customers as for two."""
        plan, gift = {}, {"action": "gift", "gift_words": "Flowers", "gift_cost": 5.0}
        taken = {}
        for number in (1, 2, 20):  # the first one fills caches that all of them use
            self._many(number)
            for name, action in (("plan", plan), ("gift", gift)):
                rule = self._rule("birthday", **action)
                logs = self.logs.browse(rule._note(day("2027-03-05")))
                self.assertEqual(len(logs), number)
                rule.active = False
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                logs._act(day("2027-03-05"))
                taken[name, number] = self.cr.sql_log_count - before
                self.assertEqual(set(logs.mapped("state")), {"done"})
                if name == "plan":
                    for customer in logs.partner_id:
                        self.assertEqual(self._calls(customer).user_id, self.owner)
                        self.assertIn("Care Test Plan was started", customer.message_ids[0].body)
            self.env["customer.value"].search([("partner_id", "in", logs.partner_id.ids)]).unlink()
        for name in ("plan", "gift"):
            self.assertEqual(taken[name, 20], taken[name, 2], name)

    # ---- e-mails ---------------------------------------------------------------------------

    def test_mail_to_nobody_else(self):
        customer = self._customer(email="care@example.com", **MARCH)
        self.template.email_cc = "boss@example.com"
        self.template.partner_to = str(self.owner.partner_id.id)
        self._mail_rule()
        self._night(day("2027-03-05"))
        mail = self._mails(customer)
        self.assertEqual(mail.recipient_ids, customer)
        self.assertFalse(mail.email_cc or mail.email_to)
        self.assertEqual(mail.subject, "Dear customer")
        self.assertNotIn("Unsubscribe", mail.body_html)

    def test_words_of_an_occasion_are_no_markup(self):
        customer = self._customer()
        self.env["customer.life.event"].create({
            "partner_id": customer.id, "company_id": self.company.id, "name": "A <b>b</b> & <a href='x'>c</a>",
            "date": "2020-03-05", "is_yearly": True,
        })
        self._rule("life_event", action="gift", gift_words="Flowers", gift_cost=0)
        self._night(day("2027-03-05"))
        note = self.env["mail.activity"].search([
            ("res_model", "=", "res.partner"), ("res_id", "=", customer.id), ("summary", "=", "Give: Flowers"),
        ]).note
        self.assertIn("A <b>b</b> & <a href='x'>c</a>", html2plaintext(note).replace("\n", " "))
        self.assertNotIn("<a", note)

    def test_no_mail_to(self):
        """Address-less, archived, blacklisted; opted out and not asked for promotion."""
        self.env["mail.blacklist"]._add("black@example.com")
        people = {
            "no_address": self._agreed("Care bare"),
            "blacklisted": self._agreed("Care black", email="Black@Example.com"),
            "no_consent": self._customer("Care unasked", email="unasked@example.com", **MARCH),
            "opted_out": self._customer(
                "Care out", email="out@example.com", promotion_consent="withdrawn", **MARCH
            ),
        }
        archived = self._agreed("Care gone", email="gone@example.com")
        contact = self._partner("Care left", parent_id=archived.id, email="left@example.com", **MARCH)
        contact.write({"promotion_consent": "given", "promotion_consent_how": "Fair", "active": False})
        fine = self._agreed("Care fine", email="fine@example.com")
        rule = self._mail_rule("promotion")
        self._night(day("2027-03-05"))
        found = {partner: (state, obstacle) for partner, _o, _d, state, obstacle in self._noted(rule)}
        for obstacle, partner in people.items():
            self.assertEqual(found[partner], ("skipped", obstacle))
            self.assertFalse(self._mails(partner), obstacle)
        self.assertEqual(found[contact], ("skipped", "archived"))
        self.assertEqual(found[fine], ("done", False))
        self.assertEqual(len(self._mails(fine)), 1)

    def test_address_that_was_unsubscribed(self):
        """Nobody gets promotion there any more, whichever contact has the address."""
        self._customer("Care out", email="Office@Example.com", promotion_consent="withdrawn")
        agreed = self._agreed("Care colleague", email="office@example.com")
        rule = self._mail_rule("promotion")
        self._night(day("2027-03-05"))
        self.assertEqual([found[3:] for found in self._noted(rule)], [("skipped", "opted_out")])
        self.assertFalse(self._mails(agreed))

    def test_unsubscribed_by_a_colleague_while_the_mail_waits(self):
        agreed = self._agreed("Care colleague", email="office@example.com")
        other = self._customer("Care out", email="office@example.com")
        self._mail_rule("promotion")
        self._night(day("2027-03-05"))
        mail = self._mails(agreed)
        other._customer_care_unsubscribe()
        mail.send()
        self.assertEqual(mail.state, "cancel")

    def test_service_needs_no_consent(self):
        customer = self._customer(email="service@example.com", promotion_consent="withdrawn", **MARCH)
        rule = self._mail_rule()
        self._night(day("2027-03-05"))
        self.assertEqual(self._done(rule), [(customer, day("2027-03-05"))])

    def test_promotion_stops_while_something_is_wrong(self):
        """And goes on if that is over before it is too late."""
        hurt = self._agreed("Care hurt", email="h@example.com")
        broken = self._agreed("Care broken", email="b@example.com")
        complaint = self.env["customer.complaint"].create({
            "name": "Burnt", "description": "It burns", "partner_id": hurt.id, "company_id": self.company.id,
            "severity": "critical",
            "root_cause": "Heat", "corrective_action": "Water",
        })
        broken.relationship_broken_on = "2027-03-01"
        rule = self._mail_rule("promotion", late_days=2)
        self._nights(day("2027-03-05"), day("2027-03-06"))
        self.assertEqual(self._noted(rule), [])
        complaint._close()
        self._night(day("2027-03-07"))
        self.assertEqual(
            {partner: (state, why) for partner, _o, _d, state, why in self._noted(rule)},
            {hurt: ("done", False), broken: ("skipped", "broken")},
        )

    def test_promotion_carries_one_click(self):
        customer = self._agreed("Care click", email="click@example.com")
        self._mail_rule("promotion")
        self._night(day("2027-03-05"))
        mail = self._mails(customer)
        url = customer._customer_care_unsubscribe_url()
        self.assertEqual(ast.literal_eval(mail.headers), {
            "List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        })
        self.assertIn(url, mail.body_html)
        outgoing = mail._prepare_outgoing_list()
        self.assertEqual([email["headers"]["List-Unsubscribe"] for email in outgoing], [f"<{url}>"])

    def test_quiet_hours_by_the_clock_of_the_contact(self):
        """8 to 19 o'clock where the contact is, on working days of the company."""
        for zone, on, moment in (
            # It is 12:00 on the 20th of February in UTC; the birthday is on Friday, the 5th of March.
            ("Europe/Berlin", (5, "3"), "2027-03-05 07:00:00"),
            ("America/Los_Angeles", (5, "3"), "2027-03-05 16:00:00"),
            ("Asia/Tokyo", (5, "3"), "2027-03-04 23:00:00"),
            # Saturday waits for Monday.
            ("Europe/Berlin", (6, "3"), "2027-03-08 07:00:00"),
        ):
            with self.subTest(zone=zone, on=on):
                customer = self._customer(
                    f"Care {zone} {on}", email="clock@example.com", tz=zone, birthday_day=on[0], birthday_month=on[1],
                )
                rule = self._mail_rule()
                self._night(day(f"2027-03-{on[0]:02}"))
                mail = self._mails(customer)[0]
                self.assertEqual(str(mail.scheduled_date), moment)
                rule.active = False

    def test_moment_within_the_hours_is_now(self):
        self.company.write({"care_hour_from": 9, "care_hour_to": 17})
        with freeze_time("2027-03-05 12:30:00"):  # a Friday, in UTC
            moment = self.company._customer_care_moment("UTC", day("2027-03-05"))
            self.assertEqual(str(moment), "2027-03-05 12:30:00")
            # 21:30 in Tokyo: Monday morning.
            self.assertEqual(
                str(self.company._customer_care_moment("Asia/Tokyo", day("2027-03-05"))), "2027-03-08 00:00:00"
            )
        self.company.resource_calendar_id = False
        with freeze_time("2027-03-06 12:30:00"):
            self.assertEqual(self.company._customer_care_day(day("2027-03-06")), day("2027-03-08"))

    def test_what_comes_between_stops_the_mail(self):
        """Noted at night, scheduled for the morning, and the contact unsubscribes at breakfast."""
        early, hurt, fine = (
            self._agreed(f"Care {name}", email=f"{name}@example.com") for name in ("early", "hurt", "fine")
        )
        rule = self._mail_rule("promotion")
        self._night(day("2027-03-05"))
        mails = [self._mails(partner) for partner in (early, hurt, fine)]
        early._customer_care_unsubscribe()
        self.assertEqual(mails[0].state, "cancel")
        self.env["customer.complaint"].create({
            "name": "Burnt", "description": "It burns", "partner_id": hurt.id, "company_id": self.company.id,
            "severity": "critical",
        })
        self.env["mail.mail"].union(*mails).send()
        self.assertEqual(mails[1].state, "cancel")
        self.assertNotEqual(mails[2].exists().state, "cancel")
        states = {partner: (state, why) for partner, _o, _d, state, why in self._noted(rule)}
        self.assertEqual(states[early], ("skipped", "opted_out"))
        self.assertEqual(states[hurt], ("skipped", "complaint"))
        self.assertEqual(states[fine], ("done", False))

    def test_template_that_lost_its_text(self):
        customer = self._customer(email="empty@example.com", **MARCH)
        rule = self._mail_rule()
        self.template.body_html = False
        rule.invalidate_recordset()
        self.assertIn("needs a subject and a text", rule.notice)
        self._night(day("2027-03-05"))
        self.assertEqual(self._noted(rule), [])
        self.template.body_html = "<p>Hello</p>"
        self._night(day("2027-03-06"))
        self.assertEqual(self._done(rule), [(customer, day("2027-03-06"))])

    # ---- consent ---------------------------------------------------------------------------

    def test_consent_says_who_when_and_how(self):
        customer = self._customer().with_user(self.seller)
        with self.assertRaisesRegex(ValidationError, "how Care Customer agreed"), self.cr.savepoint():
            customer.promotion_consent = "given"
        customer.write({"promotion_consent": "given", "promotion_consent_how": "On the phone"})
        self.assertEqual(customer.promotion_consent_user_id, self.seller)
        self.assertEqual(str(customer.promotion_consent_date), "2027-02-20 12:00:00")
        customer.write({"promotion_consent_user_id": self.owner.id, "promotion_consent_date": "2020-01-01"})
        self.assertEqual(customer.promotion_consent_user_id, self.seller)
        self.assertEqual(str(customer.promotion_consent_date), "2027-02-20 12:00:00")
