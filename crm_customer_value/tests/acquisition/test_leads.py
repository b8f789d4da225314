"""What leads are expected to bring, as records show it."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...engine.acquisition import groups
from .acquisition_case import AcquisitionCase

# Worked out in test_groups: what a group of 30 adds to, or takes from, the mean of 200.
EFFECT = 99.98276


@tagged("post_install", "-at_install")
class TestLeads(AcquisitionCase):
    def test_two_sources(self):
        estimate = self._two_sources()
        self.assertEqual(
            (estimate.customers, estimate.mean, estimate.basis, estimate.judged_by, estimate.judged),
            (60, 200, "margin", "leads", 60),
        )
        self.assertTrue(estimate.is_better)
        # The highest estimates are those of the fair who brought 290, as each is estimated from the others: 12 of
        # them brought 3,480 of 12,000.
        self.assertAlmostEqual(estimate.captured, 29)
        self.assertIn("it was 89.0 % closer than one mean for all", estimate.verdict)
        fair, web, rare = (
            self._lead(source_id=source.id, probability=50) for source in (self.fair, self.web, self.rare)
        )
        self.assertAlmostEqual(fair.estimated_value, 200 + EFFECT, 2)
        self.assertAlmostEqual(web.estimated_value, 200 - EFFECT, 2)
        self.assertEqual(rare.estimated_value, 200)
        self.assertEqual((fair.estimate_confidence, rare.estimate_confidence), ("medium", "low"))
        self.assertAlmostEqual(fair.shown_expected_worth, (200 + EFFECT) / 2, 2)
        self.assertIn("+ Source: Fair of the Test: more than others (30 customers)", fair.estimate_text)
        self.assertIn("− Source: Web of the Test: less than others (30 customers)", web.estimate_text)
        self.assertIn("Nothing is known of this lead", rare.estimate_text)

    def test_source_of_who_came_twice(self):
        """Customers came by the source of their first document; what they came by later tells nothing of new ones."""
        customers = self._bought([290, 310] * 15, self.web)
        self._bought([90, 110] * 15, self.rare)
        again = customers.opportunity_ids[:10].copy({"source_id": self.fair.id})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = create_date + INTERVAL '1 day' WHERE id = ANY(%s)", [again.ids]
        )
        again.action_set_won()
        estimate = self.estimates._learn(self.company)
        self.assertEqual(
            {group.key: group.customers for group in estimate.group_ids if group.trait == "source"},
            {self.web.id: 30, self.rare.id: 30},
        )

    def test_changed_leads(self):
        self._two_sources()
        lead = self._lead(source_id=self.fair.id)
        lead.source_id = self.web
        self.assertAlmostEqual(lead.estimated_value, 200 - EFFECT, 2)
        lead.action_set_lost()
        lead.source_id = self.fair
        self.assertAlmostEqual(lead.estimated_value, 200 - EFFECT, 2, "closed leads keep what was expected of them")

    def test_nobody_writes_what_was_learned(self):
        """Else leads would come first on the list of the team by a number that somebody made up."""
        lead = self._lead(source_id=self.fair.id, user_id=self.seller.id).with_user(self.seller)
        for name, value in (("estimated_value", 9e6), ("estimate_confidence", "high"), ("best_traits", 6)):
            with self.subTest(name), self.assertRaises(AccessError):
                lead.write({name: value})

    def test_night_writes_on_open_leads(self):
        lead = self._lead(source_id=self.fair.id)
        self.assertIs(lead.estimated_value, False)
        self._two_sources()
        self.assertAlmostEqual(lead.estimated_value, 200 + EFFECT, 2)

    def test_too_few_customers(self):
        self._bought([100, 200] * 10, self.fair)
        estimate = self.estimates._learn(self.company)
        self.assertEqual((estimate.customers, estimate.is_better, estimate.error), (20, False, False))
        self.assertIn("It takes 50 customers", estimate.verdict)
        lead = self._lead(source_id=self.fair.id)
        self.assertIs(lead.shown_expected_value, False)
        self.assertEqual(
            lead.estimate_text, "Too few to say: it takes 50 customers whose first year is over, and 20 are."
        )
        lead.action_set_lost()
        self.assertFalse(lead.estimate_text, "nobody works on it")

    def test_no_history_at_all(self):
        estimate = self.estimates._learn(self.company)
        self.assertEqual((estimate.customers, estimate.mean, estimate.is_better), (0, False, False))
        self.assertFalse(estimate.group_ids)

    def test_no_difference_shows_nothing(self):
        self._bought([90, 110] * 15, self.fair)
        self._bought([90, 110] * 15, self.web)
        estimate = self.estimates._learn(self.company)
        self.assertFalse(estimate.is_better)
        self.assertIn("one mean for all customers is as close", estimate.verdict)
        lead = self._lead(source_id=self.fair.id)
        self.assertIs(lead.estimated_value, False)
        self.assertEqual(lead.estimate_text, "Too few to say: customers alike do not tell more than the mean of all.")

    def test_one_category_only(self):
        self._bought([90, 110] * 30, self.fair)
        self.assertFalse(self.estimates._learn(self.company).is_better)

    def test_all_leads_lost(self):
        """Customers who came by no opportunity are learned from all the same, and judged by."""
        self._bought([290, 310] * 15, country_id=self.env.ref("base.de").id)
        self._bought([90, 110] * 15, country_id=self.env.ref("base.fr").id)
        self._lead(country_id=self.env.ref("base.de").id).action_set_lost()
        estimate = self.estimates._learn(self.company)
        self.assertEqual((estimate.judged_by, estimate.judged, estimate.is_better), ("customers", 60, True))
        lead = self._lead(country_id=self.env.ref("base.de").id)
        self.assertAlmostEqual(lead.estimated_value, 200 + EFFECT, 2)

    def test_first_year_only(self):
        """What was bought later does not count, and neither does whoever is new."""
        customers = self._bought([290, 310] * 15, self.fair)
        self._bought([90, 110] * 15, self.web)
        self._bought([100000] * 3, self.fair, ago=300)
        self.env["customer.purchase.history"].create([
            {"partner_id": customers[0].id, "company_id": self.company.id, "date": self._day(500 - days),
             "amount": 7000, "margin": 7000, "has_margin": True}
            for days in (365, 366)
        ])
        estimate = self.estimates._learn(self.company)
        self.assertEqual((estimate.customers, estimate.mean), (60, 200))
        self.env["customer.purchase.history"].create({
            "partner_id": customers[0].id, "company_id": self.company.id, "date": self._day(500 - 364),
            "amount": 60, "margin": 60, "has_margin": True,
        })
        self.assertEqual(self.estimates._learn(self.company).mean, 201)

    def test_revenue_where_no_margin_is_known(self):
        self._bought([290, 310] * 15, self.fair, margin=False)
        self._bought([90, 110] * 15, self.web, margin=False)
        estimate = self.estimates._learn(self.company)
        self.assertEqual((estimate.basis, estimate.mean), ("revenue", 400))

    def test_lead_of_a_customer(self):
        """The value of the customer counts instead, for those who may see it."""
        self._two_sources()
        customer = self._partner("Buys already", is_company=True)
        self._order(customer, 10, 500.0, 100.0, user_id=self.boss.id)
        self._recompute()
        value = self._value(customer)
        value.flush_recordset()
        self.env.cr.execute("UPDATE customer_value SET clv_12m = 1234 WHERE id = %s", value.ids)
        value.invalidate_recordset()
        lead = self._lead(source_id=self.fair.id, partner_id=customer.id, probability=50, user_id=self.seller.id)
        other = self._lead(source_id=self.web.id, probability=100, user_id=self.seller.id)
        self.assertIs(lead.estimated_value, False)
        for user, worth in ((self.boss, 1234), (self.seller, False)):
            leads = (lead | other).with_user(user)
            self.assertTrue(leads[0].is_customer_already)
            self.assertEqual(leads[0].shown_expected_value, worth)
            self.assertEqual(leads[0].shown_expected_worth, worth and worth / 2)
            found = leads.search([("id", "in", leads.ids)], order="shown_expected_worth desc")
            self.assertEqual(found, leads if worth else leads[::-1], "unknown comes last")
            self.assertEqual(
                leads.search([("id", "in", leads.ids), ("shown_expected_worth", ">", 600)]),
                leads[:1] if worth else leads[:0],
            )
            self.assertEqual(
                leads.search([("id", "in", leads.ids), ("shown_expected_worth", "<", 600)]), leads[1:]
            )
            known = leads if worth else leads[1:]
            self.assertEqual(leads.search([("id", "in", leads.ids), ("shown_expected_value", "!=", False)]), known)
            self.assertEqual(
                leads.search([("id", "in", leads.ids), ("shown_expected_value", "=", False)]), leads - known
            )

    def test_other_company(self):
        other = self._make_company("Another Company")
        self.env.user.company_ids |= other
        self._two_sources()
        lead = self.env["crm.lead"].with_context(allowed_company_ids=other.ids).create({
            "name": "Elsewhere", "company_id": other.id, "source_id": self.fair.id,
        })
        self.assertIs(lead.estimated_value, False)
        boss = self._user("acquisition_there", "sales_team.group_sale_salesman_all_leads", other)
        there = self.env(user=boss, context={"allowed_company_ids": other.ids})
        self.assertFalse(there["customer.lead.estimate"].search([]))
        self.assertFalse(there["customer.lead.group"].search([]))

    def test_lead_of_no_company(self):
        """It goes by the only company whose customers tell something."""
        self._two_sources()
        other = self.estimates._learn(self._make_company("Another Company"))
        lead = self._lead(source_id=self.fair.id, company_id=False, user_id=False, team_id=False)
        self.assertFalse(lead.company_id)
        self.assertAlmostEqual(lead.estimated_value, 200 + EFFECT, 2)
        other.is_better = True
        lead._customer_estimate()
        self.assertIs(lead.estimated_value, False)

    def test_who_sees_what_was_learned(self):
        estimate = self._two_sources()
        self.assertEqual(estimate.with_user(self.boss).mean, 200)
        for record in (estimate, estimate.group_ids[:1]):
            with self.assertRaises(AccessError):
                record.with_user(self.seller).read(["mean"])
            with self.assertRaises(AccessError):
                record.with_user(self.boss).write({"mean": 1})
        lead = self._lead(source_id=self.fair.id, user_id=self.seller.id).with_user(self.seller)
        self.assertAlmostEqual(lead.shown_expected_value, 200 + EFFECT, 2)
        self.assertIn("Fair of the Test", lead.estimate_text)
        self.assertNotIn("300", lead.estimate_text)

    def test_queries_do_not_grow(self):
        self._two_sources()
        counts = []
        for number in (2, 20):
            leads = self.env["crm.lead"].browse([
                self._lead(source_id=self.fair.id).id for _ in range(number)
            ])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads._customer_estimate()
            leads.mapped("shown_expected_worth")
            leads.mapped("estimate_text")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_first_category(self):
        category = self.env["product.category"].create({"name": "Machines"})
        self.product.product_tmpl_id.categ_id = category
        customers = self.env["res.partner"].create([{"name": f"Ordered {number}"} for number in range(6)])
        for customer in customers:
            self._order(customer, 500, 600.0, 300.0)
        self._bought([90, 110] * 30)
        estimate = self.estimates._learn(self.company)
        group = estimate.group_ids.filtered(lambda one: one.trait == "category")
        self.assertEqual((group.name, group.customers, group.mean), ("Machines", 6, 300))
        self.assertFalse(group.effect, "alone among categories, it has nothing to be compared with")


@tagged("post_install", "-at_install")
class TestTargets(AcquisitionCase):
    def test_as_long_as_the_capacity(self):
        self._two_sources()
        team = self.env["crm.team"].create({
            "name": "Targets", "company_id": self.company.id, "member_ids": [(6, 0, self.seller.ids)],
        })
        team.crm_team_member_ids.assignment_max = 2
        leads = self.env["crm.lead"].browse([
            self._lead(source_id=source.id, probability=probability, user_id=self.seller.id, team_id=team.id).id
            for source, probability in ((self.web, 90), (self.fair, 50), (self.fair, 10), (self.rare, 100))
        ])
        action = self.env["crm.team"].with_user(self.seller).action_customer_targets()
        # Worth 90, 150, 30, 200.
        self.assertEqual(set(action["domain"][0][2]), {leads[3].id, leads[1].id})
        self.assertEqual(action["name"], "Target List: 2 leads, time for 2")
        self.assertFalse({"id", "path", "display_name"} & action.keys(), "the browser would show all leads")
        team.crm_team_member_ids.assignment_max = 0
        action = self.env["crm.team"].with_user(self.seller).action_customer_targets()
        self.assertEqual(action["domain"][0][2], [])
        self.assertIn("Nobody of the team takes leads on yet", action["help"])
        team.crm_team_member_ids.unlink()
        action = team.with_user(self.boss).action_customer_targets()
        self.assertEqual(action["domain"][0][2], [], "a team without members")

    def test_nothing_to_take_on(self):
        """All leads are lost, or nothing was learned yet: the list is empty, and says so."""
        team = self.env["crm.team"].create({
            "name": "Targets", "company_id": self.company.id, "member_ids": [(6, 0, self.seller.ids)],
        })
        team.crm_team_member_ids.assignment_max = 5
        lead = self._lead(source_id=self.fair.id, user_id=self.seller.id, team_id=team.id)
        action = self.env["crm.team"].with_user(self.seller).action_customer_targets()
        self.assertEqual(action["domain"][0][2], [])
        self._two_sources()
        action = self.env["crm.team"].with_user(self.seller).action_customer_targets()
        self.assertEqual(action["domain"][0][2], lead.ids)
        lead.action_set_lost()
        action = self.env["crm.team"].with_user(self.seller).action_customer_targets()
        self.assertEqual((action["domain"][0][2], action["name"]), ([], "Target List: 0 leads, time for 5"))
        self.assertIn("No open lead has a value yet", action["help"])


@tagged("post_install", "-at_install")
class TestConstants(AcquisitionCase):
    def test_nobody_alone_is_told(self):
        """A group of fewer than five is not kept: its mean would tell of its customers."""
        self._bought([290, 310] * 15, self.fair)
        self._bought([90, 110] * 15, self.web)
        self._bought([5000] * (groups.FEWEST_IN_GROUP - 1), self.rare)
        estimate = self.estimates._learn(self.company)
        kept = estimate.group_ids.filtered(lambda group: group.trait == "source")
        self.assertEqual(sorted(kept.mapped("name")), ["Fair of the Test", "Web of the Test"])
