from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .care_case import CareCase, day


@tagged("post_install", "-at_install")
@freeze_time("2026-12-31 12:00:00")
class TestRuleYears(CareCase):
    """Rules over years: once for each occasion, whatever happens in between."""

    def _born_in_march(self, number):
        """Return so many customers: the first one was born on the 1st, and so on."""
        return [
            self._customer(f"Care {on}", birthday_day=on, birthday_month="3") for on in range(1, number + 1)
        ]

    def test_a_year_night_by_night(self):
        """Every contact once, on the day."""
        customers = {
            self._customer(f"Care {month}", birthday_day=month + 10, birthday_month=str(month)): month
            for month in range(1, 13)
        }
        rule = self._rule("birthday")
        self._nights(day("2027-01-01"), day("2027-12-31"))
        self.assertEqual(
            dict(self._done(rule)),
            {customer: day(f"2027-{month:02}-{month + 10}") for customer, month in customers.items()},
        )
        self.assertEqual(len(self._noted(rule)), 12)

    def test_29_february(self):
        """On the 28th where there is no 29th; birthdays and anniversaries alike."""
        born = self._customer("Care leap", birthday_day=29, birthday_month="2")
        bought = self._customer("Care bought", value={"first_purchase_date": "2024-02-29"})
        birthday, anniversary = self._rule("birthday"), self._rule("first_purchase")
        for year in (2027, 2028, 2029):
            self._nights(day(f"{year}-02-27"), day(f"{year}-03-02"))
        days = [day("2027-02-28"), day("2028-02-29"), day("2029-02-28")]
        self.assertEqual(self._done(birthday), [(born, on) for on in days])
        self.assertEqual(self._done(anniversary), [(bought, on) for on in days])

    def test_28_february_in_leap_years(self):
        born = self._customer(birthday_day=28, birthday_month="2")
        rule = self._rule("birthday")
        self._nights(day("2028-02-27"), day("2028-03-02"))
        self.assertEqual(self._done(rule), [(born, day("2028-02-28"))])

    def test_lunar_new_year_over_years(self):
        """A week before, of each year; also where that is in January."""
        customer = self._customer(country_id=self.env.ref("base.cn").id)
        rule = self._rule(
            "festival", offset_days=7, offset_side="before",
            festival_ids=self.env.ref("crm_customer_value.customer_festival_lunar_new_year").ids,
        )
        for new_year in ("2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03"):
            due = day(new_year) - timedelta(days=7)
            self._nights(due - timedelta(days=2), due + timedelta(days=2))
        self.assertEqual(
            [on for _partner, on in self._done(rule)],
            [day("2027-01-30"), day("2028-01-19"), day("2029-02-06"), day("2030-01-27")],
        )
        self.assertEqual({partner for partner, _on in self._done(rule)}, {customer})

    def test_down_for_a_week(self):
        """What may be late by a week is caught up; what may not is left, and nobody is cared for twice."""
        customers = self._born_in_march(9)
        patient = self._rule("birthday", late_days=7)
        strict = self._rule("birthday", late_days=0)
        self._night(day("2027-03-01"))
        # From the 2nd to the 8th, nothing runs.
        self._nights(day("2027-03-09"), day("2027-03-11"))
        self.assertEqual(
            [(partner, on.day) for partner, on in self._done(patient)],
            [(customers[0], 1)] + [(customer, 9) for customer in customers[1:]],
        )
        self.assertEqual(
            [(partner, on.day) for partner, on in self._done(strict)], [(customers[0], 1), (customers[8], 9)]
        )

    def test_nothing_from_before_it_was_switched_on(self):
        customer = self._customer(birthday_day=30, birthday_month="12")
        later = self._customer("Care later", birthday_day=31, birthday_month="12")
        rule = self._rule("birthday", late_days=10)
        self._night(day("2027-01-02"))
        self.assertEqual(self._done(rule), [(later, day("2027-01-02"))])
        self._night(day("2027-12-30"))
        self.assertIn((customer, day("2027-12-30")), self._done(rule))

    def test_rule_changed_in_the_middle(self):
        """Another day, another action, another owner: nobody has the same occasion twice."""
        customers = self._born_in_march(6)
        rule = self._rule("birthday")
        self._nights(day("2027-03-01"), day("2027-03-03"))
        rule.write({
            "offset_days": 1, "offset_side": "before", "action": "gift", "gift_words": "Cake", "gift_cost": 4,
            "user_id": self._user("care_second", "sales_team.group_sale_manager").id,
        })
        self._nights(day("2027-03-04"), day("2027-03-06"))
        self.assertEqual(
            {partner: on.day for partner, on in self._done(rule)},
            dict(zip(customers, (1, 2, 3, 4, 4, 5), strict=True)),
        )
        self.assertEqual(len(self._noted(rule)), 6)
        self.assertEqual(self.logs.search_count([("rule_id", "=", rule.id), ("cost", "=", 4)]), 3)

    def test_switched_off_and_on(self):
        """What was noted and not done is left; on again, it looks at what comes."""
        customer = self._customer(birthday_day=1, birthday_month="3")
        rule = self._rule("birthday")
        self.logs.create({
            "company_id": self.company.id, "rule_id": rule.id, "partner_id": customer.id, "occasion": "waits",
            "date": "2027-02-28", "state": "todo",
        })
        rule.active = False
        self._night(day("2027-03-01"))
        self.assertEqual(self._noted(rule), [(customer, "waits", day("2027-02-28"), "skipped", "off")])
        with freeze_time("2027-03-02 12:00:00"):
            rule.active = True
        self._night(day("2027-03-02"))
        self.assertEqual(len(self._noted(rule)), 1)

    def test_quiet_days(self):
        """After an act of any rule; what passes is tried again until it is too late."""
        customer = self._customer(birthday_day=1, birthday_month="3", value={"first_purchase_date": "2020-03-05"})
        birthday = self._rule("birthday", sequence=1)
        patient = self._rule("first_purchase", sequence=2, quiet_days=7, late_days=3)
        hasty = self._rule("first_purchase", sequence=3, quiet_days=7, late_days=1)
        self._nights(day("2027-03-01"), day("2027-03-12"))
        self.assertEqual(self._done(birthday), [(customer, day("2027-03-01"))])
        # Quiet from the 1st to the 7th.
        self.assertEqual(self._done(patient), [(customer, day("2027-03-08"))])
        self.assertEqual(
            self._noted(hasty), [(customer, "first_purchase:2027", day("2027-03-06"), "skipped", "quiet")]
        )

    def test_two_contacts_of_one_customer(self):
        """Quiet days are those of the customer: of two on one day, the second one waits."""
        customer = self._customer()
        contacts = [
            self._partner(f"Care {number}", parent_id=customer.id, birthday_day=1, birthday_month="3")
            for number in range(2)
        ]
        loud = self._rule("birthday", sequence=1)
        self._night(day("2027-03-01"))
        self.assertEqual({partner for partner, _on in self._done(loud)}, set(contacts))
        loud.active = False
        quiet = self._rule("birthday", quiet_days=2, late_days=3)
        self._nights(day("2028-03-01"), day("2028-03-04"))
        self.assertEqual(self._done(quiet), [(contacts[0], day("2028-03-01")), (contacts[1], day("2028-03-03"))])

    def test_merged_customers(self):
        """Whoever stays is cared for once; what was done for both is kept."""
        one, other = (
            self._customer(f"Care {number}", birthday_day=1, birthday_month="3", value={"first_purchase_date": bought})
            for number, bought in enumerate(("2020-03-02", "2020-03-03"))
        )
        birthday, anniversary = self._rule("birthday"), self._rule("first_purchase")
        self._nights(day("2027-03-01"), day("2027-03-02"))
        self.assertEqual(len(self._done(birthday)), 2)
        self.env["base.partner.merge.automatic.wizard"]._merge((one | other).ids, other, extra_checks=False)
        self.env.invalidate_all()
        self.assertFalse(one.exists())
        self._night(day("2027-03-03"))
        self.assertEqual(self._done(birthday), [(other, day("2027-03-01"))])
        # The anniversary of who went was done; the year has one.
        self.assertEqual(self._done(anniversary), [(other, day("2027-03-02"))])
        self.assertEqual(self.logs.search([("partner_id", "=", other.id)]).commercial_partner_id, other)

    def test_merged_consent(self):
        """One of the two wants no promotion: then nobody agreed."""
        agreed = self._customer("Care yes", promotion_consent="given", promotion_consent_how="Fair")
        refused = self._customer("Care no", promotion_consent="withdrawn", promotion_consent_how="Letter")
        self.env["base.partner.merge.automatic.wizard"]._merge((agreed | refused).ids, agreed, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual((agreed.promotion_consent, agreed.promotion_consent_how), ("withdrawn", "Letter"))

    def test_contact_changes_companies(self):
        """The contact is cared for as one of the new company; once a year all the same."""
        old, new = self._customer("Care old"), self._customer("Care new")
        contact = self._partner("Care mover", parent_id=old.id, birthday_day=1, birthday_month="3")
        rule = self._rule("birthday", late_days=5)
        self._night(day("2027-03-01"))
        contact.parent_id = new
        self._nights(day("2027-03-02"), day("2027-03-04"))
        self.assertEqual(self._done(rule), [(contact, day("2027-03-01"))])
        self._night(day("2028-03-01"))
        self.assertEqual(self._done(rule)[1:], [(contact, day("2028-03-01"))])
        newest = self.logs.search([("rule_id", "=", rule.id)], order="date desc", limit=1)
        self.assertEqual(newest.commercial_partner_id, new)

    def test_each_company_has_its_own_day(self):
        """Shortly after midnight in Auckland it is still yesterday in Los Angeles."""
        self.env["customer.value.policy"]._get_active(self.company)._renew({"tz": "Pacific/Auckland"})
        west = self._make_company("Care West", tz="America/Los_Angeles")
        self.env.user.company_ids |= west
        self.owner.company_ids |= west
        customer = self._customer(birthday_day=1, birthday_month="3")
        self.env["customer.value"].create({"company_id": west.id, "partner_id": customer.id})
        east_rule, west_rule = self._rule("birthday"), self._rule("birthday", company_id=west.id)
        with freeze_time("2027-02-28 12:00:00"):
            self._night(None)
        self.assertEqual(self._done(east_rule), [(customer, day("2027-03-01"))])
        self.assertEqual(self._done(west_rule), [])
        with freeze_time("2027-03-01 10:00:00"):
            self._night(None)
        self.assertEqual(self._done(west_rule), [(customer, day("2027-03-01"))])
        self.assertEqual(len(self._done(east_rule)), 1)
