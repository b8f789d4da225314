import importlib.util

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.misc import file_path

from ..benefit_case import BenefitCase


@tagged("post_install", "-at_install")
class TestBenefitPart(BenefitCase):
    """What customers gain is a bonus of the value index."""

    def _evident(self, name, **values):
        """Return a customer with an economic score of 75, three confirmed records behind it."""
        customer = self._buyer(name, **values)
        for number in range(3):
            self._record(customer, 0.0, days=10 + number, state="confirmed")
        return customer

    def test_points(self):
        """A score of 75 at half of a weight of 10: 10 × ½ × (75 − 50) / 50 = 2.5 points."""
        customer, other = self._evident("Gains"), self._buyer("Like that one")
        self._recompute()
        value, other = self._value(customer), self._value(other)
        self.assertEqual(
            (value.economic_score, value.benefit_score, value.benefit_evidence, value.benefit_points),
            (75.0, 75.0, 50.0, 2.5),
        )
        self.assertEqual(round(value.value_index - other.value_index, 1), 2.5)
        self.assertEqual(value.value_to_us, other.value_to_us)
        part = next(part for part in value.explanation["parts"] if part["key"] == "benefit")
        self.assertEqual((part["bonus"], part["few_data"], part["missing"]), (True, False, False))

    def test_evidence(self):
        """Only what the customer confirmed or said: what staff reported, and our guesses, move nothing."""
        customer = self._buyer("Reported")
        for number in range(3):
            self._record(customer, 0.0, days=10 + number)
            self._need(customer, "met", is_guess=True)
        names = ("benefit_evidence", "benefit_points", "has_benefit_score")
        self.assertEqual(self._now(customer, *names), (0.0, 0.0, True))
        self._need(customer, "met")
        # Economic 75, functional (1 + 4) / (2 + 4): 83.3, in the mean 79.2 (rounded up); a quarter of the weight.
        self.assertEqual(
            self._now(customer, "benefit_score", "benefit_evidence", "benefit_points"), (79.2, 25.0, 1.5)
        )

    def test_without_answers(self):
        """Answers count in satisfaction already."""
        customer = self._buyer("Answers")
        self._rate(self._complain(customer), 5, days=5)
        self.assertEqual(
            self._now(customer, "emotional_score", "has_benefit_score", "benefit_points"), (66.7, False, 0.0)
        )

    def test_weights_of_the_scores(self):
        """The mean of the economic and the functional score goes by their weights: (10 × 75 + 30 × 66.7) / 40."""
        customer = self._evident("Weighed")
        self._need(customer, "met")
        self.assertEqual(self._now(customer, "benefit_score"), 70.9)
        self.policy._renew({"economic_weight": 10.0, "functional_weight": 30.0})
        self.assertEqual(self._now(customer, "benefit_score"), 68.8)
        self.env["customer.value.policy"]._get_active(self.company)._renew(
            {"economic_weight": 0.0, "functional_weight": 0.0}
        )
        self.assertEqual(self._now(customer, "has_benefit_score", "benefit_index"), (False, False))

    def test_industry_has_a_weight_of_its_own(self):
        industry = self.env["res.partner.industry"].create({"name": "Test: clinics"})
        clinic, shop = self._evident("Clinic", industry_id=industry.id), self._evident("Shop")
        draft = self.policy.copy()
        draft.weight_ids = [Command.create({"part": "benefit", "industry_id": industry.id, "weight": 20.0})]
        draft.action_activate()
        self._recompute()
        self.assertEqual((self._value(clinic).benefit_points, self._value(shop).benefit_points), (5.0, 2.5))

    def test_no_index_moves_without_data(self):
        """Every column of the values is what it is without the part, where nobody knows of needs or gains."""
        customers = [self._buyer(f"Customer {number}", 100.0 * number, days=10 * number) for number in range(1, 6)]
        self._order(customers[0], 400, 50.0)
        self._rate(self._complain(customers[1]), 2, days=5)
        self._complain(customers[2], severity="critical")
        prospect = self._partner("Prospect")
        self._order(prospect, 3, 10.0, state="draft")

        def rows():
            self._recompute()
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT * FROM customer_value WHERE company_id = %s ORDER BY partner_id", [self.company.id]
            )
            return self.env.cr.dictfetchall()

        values = type(self.env["customer.value"])
        with_part, declared = rows(), self.env["customer.value"]._index_parts()
        self.assertEqual(len(with_part), 6)
        others = {name: part for name, part in declared.items() if name != "benefit"}
        self.patch(values, "_index_parts", lambda self: others)
        self.env.cr.execute(
            "UPDATE customer_value SET value_index = NULL, value_to_us = NULL WHERE company_id = %s",
            [self.company.id],
        )
        self.env.invalidate_all(flush=False)
        benefit = {*declared["benefit"]._replace(name="benefit").columns, "write_date"} | {
            "benefit_score", "has_benefit_score",
        }

        def compared(found):
            return [{name: cell for name, cell in row.items() if name not in benefit} for row in found]

        self.assertEqual(compared(rows()), compared(with_part))
        for row in with_part:
            self.assertEqual(row["benefit_points"], None if row["value_index"] is None else 0)

    def test_new_policy_weighs_ten(self):
        company = self.env["res.company"].create({"name": "Benefit New Company"})
        policy = self.env["customer.value.policy"]._get_active(company)
        self.assertEqual(policy._weights()["benefit"], 10.0)
        self.assertEqual(
            [policy[name] for name in policy._scoring_fields[-6:]], [40.0, 40.0, 20.0, 100.0, 40.0, 50.0]
        )


@tagged("post_install", "-at_install")
class TestBenefitPolicy(BenefitCase):
    """The rules of what customers gain are versions of the policy."""

    def test_change_makes_a_version(self):
        settings = self.env["res.config.settings"].create({"customer_value_benefit_floor": 250.0})
        self.assertEqual(settings.customer_value_economic_weight, 40.0)
        settings.set_values()
        policy = self.env["customer.value.policy"]._get_active(self.company)
        self.assertEqual((policy.version, policy.benefit_floor), (self.policy.version + 1, 250.0))
        with self.assertRaises(UserError):
            policy.benefit_floor = 300.0

    def test_bad_rules(self):
        for values, words in (
            ({"economic_weight": -1.0}, "cannot be negative"),
            (dict.fromkeys(self.policy._scoring_fields[-6:-3], 0.0), "at least one"),
            ({"benefit_floor": 0.0}, "least amount"),
            ({"benefit_index_limit": 101.0}, "between 0 and 100"),
            ({"value_delivered_limit": -1.0}, "between 0 and 100"),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self.policy.copy(values)

    def test_dry_run(self):
        """Economic 50 at the weight of 100 points: trying other weights changes what would be, and nothing else."""
        customer = self._buyer("Tried")
        for number in range(3):
            self._record(customer, 0.0, days=10 + number, state="confirmed")
        self._now(customer)
        before = self._value(customer).value_index
        with Form(self.env["customer.value.dry.run"]) as form:
            form.benefit_floor = 9000.0
            self.assertEqual(form.rule_changes, ["Least Amount Paid: 100 → 9000"])
        dry_run = form.record
        dry_run.action_try()
        # Economic 25 instead of 75: 2.5 points less than without, and not more.
        self.assertAlmostEqual(dry_run.outcome["index_before"] - dry_run.outcome["index_after"], 5.0, 1)
        self.assertEqual(self._value(customer).value_index, before)

    def test_update_of_an_older_version(self):
        """Versions in force and drafts get the weight; what is retired stays, and nobody's number moves."""
        customer, prospect = self._buyer("Customer"), self._partner("Prospect")
        self._order(prospect, 3, 10.0, state="draft")
        month_end = self.env["customer.value.snapshot"]._last_month_end(self.company)
        self._order(customer, month_end, 100.0)
        draft, retired = self.policy.copy(), self.policy
        active = self.policy._renew({"pareto_a": 70.0})
        self._recompute(as_of=month_end)
        self._recompute()
        self.assertEqual((draft.state, retired.state, active.state), ("draft", "retired", "active"))
        interrupted = self.env["customer.value.run"]._new_run(self.company)
        self.env["customer.value.run"].search([("state", "=", "queued")]).unlink()
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("DELETE FROM customer_value_policy_weight WHERE part = 'benefit'")
        for table in ("customer_value", "customer_value_snapshot"):
            cr.execute(f"SELECT * FROM {table} WHERE company_id = %s ORDER BY id", [self.company.id])
            expected = cr.dictfetchall()
            self.assertTrue(expected)
            names = [name for name in expected[0] if "benefit" in name and "fell" not in name]
            self.assertIn("benefit_points", names)
            cr.execute(f"UPDATE {table} SET " + ", ".join(f"{name} = NULL" for name in names))
            if table == "customer_value":
                rows = expected
            else:
                snapshots = expected
        self.env.invalidate_all(flush=False)
        path = file_path("crm_customer_value/migrations/19.0.1.6.0/post-benefit.py")
        spec = importlib.util.spec_from_file_location("customer_value_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(cr, None)
        self.assertEqual(active._weights()["benefit"], 0.0, "nothing is done in a new database")
        script.migrate(cr, "19.0.1.5.0")
        script.migrate(cr, "19.0.1.5.0")
        self.env.invalidate_all(flush=False)
        self.assertEqual(
            [policy._weights()["benefit"] for policy in (active, draft, retired)], [10.0, 10.0, 0.0]
        )
        self.assertEqual(interrupted.state, "queued")
        self.assertTrue(self.env["customer.value.run"].search([
            ("company_id", "=", self.company.id), ("state", "=", "queued"), ("kind", "=", "full"),
        ]))
        for table, expected in (("customer_value", rows), ("customer_value_snapshot", snapshots)):
            cr.execute(f"SELECT * FROM {table} WHERE company_id = %s ORDER BY id", [self.company.id])
            self.assertEqual(cr.dictfetchall(), expected, table)
        cr.execute("SELECT ctid FROM customer_value WHERE company_id = %s", [self.company.id])
        stamps = cr.fetchall()
        self._recompute()
        cr.execute("SELECT ctid FROM customer_value WHERE company_id = %s", [self.company.id])
        self.assertEqual(cr.fetchall(), stamps, "the first night writes nothing")


@tagged("post_install", "-at_install")
class TestBenefitShown(BenefitCase):
    """Who sees what a customer gains, where, and what it is made of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.own = new_test_user(cls.env, "benefit_own", groups="sales_team.group_sale_salesman", **company)
        cls.all = new_test_user(cls.env, "benefit_all", groups="sales_team.group_sale_salesman_all_leads", **company)
        cls.mine, cls.theirs = cls._partner("Mine", user_id=cls.own.id), cls._partner("Theirs", user_id=cls.own.id)
        cls._order(cls.mine, 20, 1000.0, user_id=cls.own.id)
        cls._order(cls.theirs, 20, 1000.0, user_id=cls.all.id)
        for customer in (cls.mine, cls.theirs):
            cls._record(customer, 0.0)
            cls._need(customer, "met")
        cls._recompute()

    def _as(self, user, customer):
        return self._value(customer).with_user(user).with_context(allowed_company_ids=self.company.ids)

    def test_amounts(self):
        """Where amounts are hidden, so is what tells them beside the index."""
        shown = (
            "shown_benefit_gain_12m", "shown_benefit_ratio", "shown_economic_score", "shown_functional_score",
            "benefit_index",
        )
        for user, customer, expected in (
            (self.own, self.mine, [1000.0, 1.0, 50.0, 66.7, 58.4]),
            (self.own, self.theirs, [False, False, False, False, 58.4]),
            (self.all, self.theirs, [1000.0, 1.0, 50.0, 66.7, 58.4]),
        ):
            value = self._as(user, customer)
            self.assertEqual([value[name] for name in shown], expected, f"{user.name} {customer.name}")
        values = self._as(self.own, self.mine).search([])
        self.assertEqual(values.search([("shown_benefit_ratio", ">", 0)]).partner_id, self.mine)
        self.assertEqual(values._read_group([], [], ["shown_benefit_gain_12m:sum", "benefit_index:avg"]), [
            (1000.0, 58.4),
        ])
        for name in ("benefit_gain_12m", "benefit_ratio", "economic_score", "functional_score"):
            with self.assertRaises(AccessError):
                self._as(self.own, self.mine).read([name])

    def test_amounts_of_month_ends(self):
        """They are shown and hidden as those of today are."""
        names = ("benefit_gain_12m", "benefit_ratio", "economic_score", "functional_score")
        snapshots = {
            customer: self.env["customer.value.snapshot"].create({
                "company_id": self.company.id, "partner_id": customer.id, "date": "2024-01-31",
                **dict(zip(names, (900.0, 0.9, 48.0, 60.0), strict=True)),
            })
            for customer in (self.mine, self.theirs)
        }
        for user, customer, expected in (
            (self.own, self.mine, [900.0, 0.9, 48.0, 60.0]),
            (self.own, self.theirs, [False, False, False, False]),
            (self.all, self.theirs, [900.0, 0.9, 48.0, 60.0]),
        ):
            snapshot = snapshots[customer].with_user(user).with_context(allowed_company_ids=self.company.ids)
            self.assertEqual(
                [snapshot[f"shown_{name}"] for name in names], expected, f"{user.name} {customer.name}"
            )
        snapshot = snapshots[self.mine].with_user(self.own).with_context(allowed_company_ids=self.company.ids)
        fields = snapshot.fields_get()
        for name in names:
            with self.assertRaises(AccessError):
                snapshot.read([name])
            self.assertTrue(fields[f"shown_{name}"]["exportable"], name)
            self.assertFalse(self.env["customer.value.snapshot"].fields_get([name])[name]["exportable"], name)

    def test_every_amount_has_a_twin(self):
        """Which everybody sorts, groups and searches by; the amount itself is for who may see all documents."""
        names = self._as(self.own, self.mine)._amount_fields()
        self.assertLessEqual({"revenue_12m", "benefit_gain_12m", "functional_score"}, set(names))
        fields = self._as(self.own, self.mine).fields_get(attributes=("searchable", "sortable", "string"))
        for name in names:
            self.assertNotIn(name, fields)
            self.assertTrue(fields[f"shown_{name}"]["searchable"] and fields[f"shown_{name}"]["sortable"], name)

    def test_holders(self):
        """Partners, orders and opportunities show it, and are found, grouped and sorted by it."""
        low = self._buyer("Low")
        self._need(low, "open")
        self._recompute()
        lead = self.env["crm.lead"].create({"name": "Lead", "partner_id": low.id, "company_id": self.company.id})
        order = self.env["sale.order"].search([("partner_id", "=", low.id)])
        for record in (low, lead, order):
            self.assertEqual((record.benefit_index, record.benefit_level, record.value_delivered), (33.3, "low", False))
            found = record.search([("benefit_level", "=", "low"), ("benefit_index", "<", 40)])
            self.assertEqual(found, record)
            groups = dict(record._read_group([("id", "in", record.ids)], ["benefit_level"], ["__count"]))
            self.assertEqual(groups, {"low": 1})
        customers = self.mine | low | self._partner("Nobody")
        ordered = customers.search([("id", "in", customers.ids)], order="benefit_index desc")
        self.assertEqual(ordered[:2], self.mine | low)
        self._become(self.env["customer.need"].search([("partner_id", "=", low.id)]), "met", 0)
        self._recompute()
        self.assertEqual((low.benefit_index, order.benefit_level), (66.7, "high"))

    def test_what_it_is_made_of(self):
        """The story opens the records, needs and goals that count, of this customer and company."""
        value = self._as(self.own, self.mine)
        self.env["customer.benefit.record"].search([("partner_id", "=", self.mine.id)]).state = "confirmed"
        self._recompute()
        story = value.get_story()["inputs"]["benefit"]
        facts = {fact["label"]: fact for fact in story["facts"]}
        gain = facts[f"Their gain, last {value.window_text}"]
        self.assertEqual((gain["value"], gain["open"]["method"]), (1000.0, "action_view_benefit_records"))
        self.assertEqual(facts["Confirmed by the customer (%)"]["value"], 100.0)
        self.assertEqual(story["comparison"], "The customer gains 1 for each 1 they pay.")
        self._record(self.mine, 0.0, state="contested")
        # The first day of the period, and the one before it.
        self._record(self.mine, 0.0, days=364)
        self._record(self.mine, 0.0, days=365)
        self._need(self.mine, "not_for_us")
        self._need(self.mine, type_id=self.objection_type.id)
        self._goal(self.mine, is_proposal=True)
        for method, count in (
            ("action_view_benefit_records", 2), ("action_view_benefit_needs", 1), ("action_view_benefit_goals", 0),
        ):
            action = getattr(value, method)()
            self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), count, method)
        hidden = self._as(self.own, self.theirs).get_story()["inputs"]["benefit"]
        self.assertNotIn("monetary", [fact["type"] for fact in hidden["facts"]])
        self.assertFalse(hidden["comparison"])

    def test_what_changed(self):
        """Since the last month end: the need that was met, the gain that was measured, and the points of both."""
        month_end = self.env["customer.value.snapshot"]._last_month_end(self.company)
        days = (self.today - month_end).days
        customer = self._buyer("Changed", days=days + 30)
        need = self._need(customer, days=days + 10)
        self._recompute(as_of=month_end)
        self._become(need, "met", days - 1)
        self._record(customer, 0.0, days - 1, state="confirmed")
        self._recompute()
        change = self._value(customer).get_story()["change"]
        [events] = change["events"]
        self.assertEqual(events["title"], "Needs and measurements since then")
        self.assertEqual({(row["text"], row["name"]) for row in events["rows"]}, {
            ("Need: Met", self.need_type.name), ("Gain measured", self.metric.display_name),
        })
        points = next(part for part in change["parts"] if part["key"] == "benefit")
        self.assertEqual(
            (points["before"], points["now"]), (-0.8, self._value(customer).benefit_points)
        )

    def test_what_is_no_change(self):
        """What was there at the month end already, and what does not count."""
        month_end = self.env["customer.value.snapshot"]._last_month_end(self.company)
        days = (self.today - month_end).days
        customer = self._buyer("Unchanged", days=days + 30)
        self._need(customer, days=days)
        self._record(customer, 0.0, days)
        self._record(customer, 0.0, days - 1, state="contested")
        self._recompute(as_of=month_end)
        self._recompute()
        self.assertEqual(self._value(customer).get_story()["change"]["events"], [])

    def test_queries_of_the_partner_form(self):
        """What customers gain comes with the value that the form reads anyway."""
        def queries(names):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.mine.with_user(self.own).with_context(allowed_company_ids=self.company.ids).web_read(
                {name: {} for name in names}
            )
            return self.env.cr.sql_log_count - before

        plain = ("name", "value_index", "value_class")
        queries(plain)
        self.assertLessEqual(queries((*plain, "benefit_index", "value_delivered")) - queries(plain), 0)
