from datetime import datetime, time

from odoo.tests import new_test_user, tagged

from odoo.addons.crm_customer_value.tests.common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestDoors(CustomerValueCase):
    """What an addon adds in a few lines is everywhere where the same of the core is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.baker, cls.smith = (cls._partner(name, is_company=True) for name in ("Baker", "Smith"))
        cls.shop = cls._partner("Shop of the Baker", parent_id=cls.baker.id)
        cls._order(cls.baker, 40, 100.0, 60.0)
        cls._order(cls.smith, 40, 100.0, 60.0)
        cls.manager = new_test_user(
            cls.env, "doors_manager", "sales_team.group_sale_manager,base.group_system",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def _sale(cls, partner, ago, amount, **values):
        return cls.env["example.sale"].create({
            "name": f"Stall {ago}", "partner_id": partner.id, "company_id": cls.company.id, "amount": amount,
            "date": datetime.combine(cls._day(ago), time(12)), **values,
        })

    @classmethod
    def _recommend(cls, partner, number, ago=1):
        return cls.env["example.recommendation"].create([
            {"partner_id": partner.id, "company_id": cls.company.id, "date": cls._day(ago)}
        ] * number)

    def _marked(self):
        """Return the ids of the contacts marked since the last call."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.cr.execute("DELETE FROM customer_value_mark RETURNING partner_id")
        return {partner_id for (partner_id,) in self.env.cr.fetchall()}

    def _only_recommendations(self):
        """Let the index be the score of the new part and nothing else."""
        weights = dict.fromkeys(self.policy._weights(), 0.0)
        self.policy = self.policy._renew(weights=weights | {"recommendation": 10.0})

    # ---- a source of purchases ----

    def test_source(self):
        """100 of an order and 40 of a stall, of which 15 came back: 125, bought on two days."""
        self._sale(self.shop, 10, 40.0)
        self._sale(self.shop, 5, -15.0)
        self._recompute()
        baker = self._value(self.baker)
        self.assertEqual((baker.revenue_12m, baker.order_count, baker.purchase_days), (125.0, 2, 2))
        self.assertEqual(baker.last_purchase_date, self._day(10))
        self.assertEqual(self._value(self.smith).revenue_12m, 100.0)

    def test_source_is_in_the_list_of_purchases(self):
        sale = self._sale(self.shop, 10, 40.0)
        self._recompute()
        purchases = self.env["customer.value.purchase"].search([
            ("value_id", "=", self._value(self.baker).id), ("kind", "=", "stall"),
        ])
        self.assertEqual([(one.name, one.revenue, one.is_purchase) for one in purchases], [("Stall 10", 40.0, True)])
        self.assertEqual(purchases._documents(purchases.ids), [sale])

    def test_source_of_today_and_tomorrow(self):
        """What is dated later does not exist yet."""
        self._sale(self.baker, 0, 7.0, date=datetime.combine(self.today, time(0)))
        self._sale(self.baker, -1, 1000.0)
        self._recompute()
        self.assertEqual(self._value(self.baker).revenue_12m, 107.0)

    # ---- what marks ----

    def test_marks(self):
        self._marked()
        sale = self._sale(self.shop, 10, 40.0)
        self.assertEqual(self._marked(), {self.shop.id})
        sale.name = "Another name"
        self.assertEqual(self._marked(), set())
        sale.partner_id = self.smith
        self.assertEqual(self._marked(), {self.shop.id, self.smith.id})
        sale.unlink()
        self.assertEqual(self._marked(), {self.smith.id})
        self._recommend(self.baker, 1)
        self.assertEqual(self._marked(), {self.baker.id})

    def test_what_marks_is_recomputed(self):
        self._recompute()
        self._sale(self.shop, 10, 40.0)
        self.env.cr.precommit.run()
        with self.enter_registry_test_mode():
            self.env.ref("crm_customer_value.ir_cron_customer_value_work").method_direct_trigger()
        self.env["customer.value"].invalidate_model()
        self.assertEqual(self._value(self.baker).revenue_12m, 140.0)

    # ---- a measure and a part ----

    def test_part(self):
        """Three recommendations score 30; who gave none has no score, and the part takes nothing from them."""
        self._recommend(self.shop, 3)
        self._recommend(self.baker, 5, ago=-1)
        self._only_recommendations()
        self._recompute()
        baker, smith = self._value(self.baker), self._value(self.smith)
        self.assertEqual(
            (baker.recommendation_score, baker.has_recommendation_score, baker.value_index), (30.0, True, 30.0)
        )
        self.assertEqual((smith.recommendation_score, smith.has_recommendation_score), (False, False))
        self._recommend(self.baker, 20)
        self._recompute()
        self.assertEqual(self._value(self.baker).value_index, 100.0)

    def test_answers_and_prospects(self):
        """The last answer of each contact: 200 / 3, and with a second contact 300 / 4. No purchase is needed."""
        self._recommend(self.shop, 2)
        fan = self._partner("Fan")
        self._recommend(fan, 1)
        self._recommend(self._partner("Old Fan"), 1, ago=-1)
        self._recompute()
        for customer in (self.baker, fan):
            value = self._value(customer)
            self.assertEqual((value.emotional_score, value.benefit_answer_count), (66.7, 1))
        self.assertEqual(len(self.env["customer.value"].search([("company_id", "=", self.company.id)])), 3)
        self._recommend(self.baker, 1)
        self._recompute()
        self.assertEqual(self._value(self.baker).emotional_score, 75.0)

    def test_part_counts_beside_the_others(self):
        """Loyalty is 0 for who bought once: 30 of 10 + 30 in weights are a quarter of 30."""
        self._recommend(self.baker, 3)
        weights = dict.fromkeys(self.policy._weights(), 0.0)
        self.policy._renew(weights=weights | {"recommendation": 10.0, "loyalty": 30.0})
        self._recompute()
        baker = self._value(self.baker)
        self.assertEqual((baker.recommendation_points, baker.loyalty_points, baker.value_index), (7.5, 0.0, 7.5))

    def test_part_in_the_explanation(self):
        self._recommend(self.baker, 3)
        self._only_recommendations()
        self._recompute()
        baker = self.baker.with_company(self.company).customer_value_id
        told = {part["key"]: part for part in baker.explanation["parts"]}
        self.assertEqual(
            [told["recommendation"][name] for name in ("label", "score", "points", "weight", "missing")],
            ["Recommendations", 30.0, 30.0, 100.0, False],
        )
        keys = list(told)
        self.assertEqual(keys.index("recommendation"), keys.index("loyalty") + 1)
        smith = {part["key"]: part for part in self._value(self.smith).explanation["parts"]}
        self.assertTrue(smith["recommendation"]["missing"])

    def test_part_in_policies(self):
        """A new company weighs the part as its addon says; it is a line like every other one."""
        company = self._make_company("Doors Sister")
        policy = self.env["customer.value.policy"]._get_active(company)
        self.assertEqual(policy._weights()["recommendation"], 15.0)
        self.assertIn("Recommendations 15", policy.weight_shares)

    def test_part_in_a_policy_of_before(self):
        """Where the addon came later, the part counts nothing until somebody gives it a weight."""
        draft = self.policy.copy()
        draft.weight_ids.filtered(lambda line: line.part == "recommendation").unlink()
        draft._activate()
        self._recommend(self.baker, 3)
        self._recompute()
        baker = self._value(self.baker)
        self.assertEqual((baker.recommendation_score, baker.recommendation_points), (30.0, 0.0))
        settings = self.env["res.config.settings"].with_user(self.manager).with_company(self.company).create({})
        choice = settings.customer_value_weight_ids.filtered(lambda one: one.part == "recommendation")
        self.assertEqual((choice.weight, choice.is_new), (0.0, True))

    def test_part_in_the_dry_run(self):
        self._recommend(self.baker, 3)
        self._recompute()
        dry_run = self.env["customer.value.dry.run"].create({})
        for choice in dry_run.weight_ids:
            choice.weight = 10.0 if choice.part == "recommendation" else 0.0
        dry_run.action_try()
        self._only_recommendations()
        before = self._value(self.baker).value_index
        self._recompute()
        self.assertNotEqual(before, 30.0)
        self.assertEqual(self._value(self.baker).value_index, 30.0)
        self.assertEqual(round(dry_run.outcome["index_after"], 1), 15.0)

    def test_part_in_the_month_end(self):
        month_end = self.env["customer.value.snapshot"]._last_month_end(self.company)
        ago = (self.today - month_end).days
        self._order(self.baker, ago + 3, 50.0)
        self._recommend(self.baker, 4, ago=ago)
        self._only_recommendations()
        self._recompute(as_of=month_end)
        kept = self.env["customer.value.snapshot"].search([
            ("partner_id", "=", self.baker.id), ("company_id", "=", self.company.id), ("date", "=", month_end),
        ])
        self.assertEqual((kept.recommendation_score, kept.recommendation_points, kept.value_index), (40.0, 40.0, 40.0))

    # ---- the picture of a customer ----

    def test_kind_of_entries_in_the_timeline(self):
        sale = self._sale(self.shop, 10, 40.0)
        page = self.baker.with_user(self.manager).get_timeline()
        self.assertEqual([entry["kind"] for entry in page["entries"]], ["stall", "order"])
        self.assertEqual(
            (page["entries"][0]["title"], page["entries"][0]["res_id"]), ("Stall 10", sale.id)
        )
        self.assertIn("stall", [kind["name"] for kind in page["kinds"] if kind["count"] == 1])

    def test_section_of_the_profile(self):
        profile = self.env["customer.profile"].with_user(self.manager)
        self.assertNotIn("Word of Mouth", [section.title for section in profile._of(self.baker)["sections"]])
        self._recommend(self.shop, 2)
        self.assertEqual(profile._of(self.baker)["figures"]["recommended"], ("Recommended us", "2 times"))
        section = profile._of(self.baker)["sections"][0]
        self.assertEqual((section.title, section.lines[0].text), ("Word of Mouth", "2"))
