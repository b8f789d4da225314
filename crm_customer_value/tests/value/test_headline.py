from ast import literal_eval

from lxml import etree

from odoo.tests import Form, new_test_user, tagged

from ...models.lifecycle.customer_lifecycle_rule_mixin import STARTS
from ..lifecycle_case import LifecycleCase


@tagged("post_install", "-at_install")
class TestHeadline(LifecycleCase):
    """One word for the health of a customer, and everything else by a name of its own."""

    def _value_of(self, **values):
        return self.env["customer.value"].create({
            "company_id": self.company.id, "partner_id": self._partner("Customer").id,
            "lifecycle_stage_id": self.stages["core"].id, "churn_level": "low", "typical_gap": 30,
            "last_purchase_date": self._day(30), "revenue_trend": "up", "open_complaints": 0, **values,
        })

    def test_low_risk_is_questioned(self):
        for expected, values in (
            (False, {}),
            (False, {"last_purchase_date": self._day(59)}),
            ("low by the forecast alone: silent for 2.0 × the usual gap", {"last_purchase_date": self._day(60)}),
            ("low by rhythm alone: revenue is shrinking", {"revenue_trend": "down"}),
            ("low by rhythm alone: a complaint is open", {"open_complaints": 2}),
            ("low by rhythm alone: revenue is shrinking, a complaint is open",
             {"revenue_trend": "down", "open_complaints": 1}),
            ("low by rhythm alone: the stage is Weakening", {"lifecycle_stage_id": self.stages["weakening"].id}),
            (False, {"lifecycle_stage_id": self.stages["occasional"].id}),
            # Without a prediction, or with a worse one, there is nothing to question.
            (False, {"churn_level": False, "revenue_trend": "down"}),
            (False, {"churn_level": "medium", "revenue_trend": "down"}),
            (False, {"last_purchase_date": False, "typical_gap": False}),
        ):
            with self.subTest(values):
                value = self._value_of(**values)
                self.assertEqual(value.risk_note, expected)
                risk = "doubtful" if expected else values.get("churn_level", "low")
                self.assertEqual(value.loss_risk, risk)
                # The database, which counts for the bars, says the same as the record.
                mine = [("id", "=", value.id)]
                self.assertEqual(value._read_group(mine, ["loss_risk"], ["__count"]), [(risk, 1)])
                self.assertEqual(value.search([*mine, ("loss_risk", "=", risk)]), value)
                self.assertFalse(value.search([*mine, ("loss_risk", "!=", risk)]))

    def test_risk_is_shown_by_its_name(self):
        """Never as a bare green "Low", and never as one where something speaks against it."""
        for view, path in (
            ("customer_value_view_kanban", "//span[@name='risk']"),
            ("customer_value_view_form", "//page[@name='details']//div[@name='risk']"),
        ):
            record = self.env.ref(f"crm_customer_value.{view}")
            arch = etree.fromstring(self.env["customer.value"].get_view(record.id, record.type)["arch"])
            self.assertFalse(arch.xpath("//field[@name='churn_level']"), view)
            [risk] = arch.xpath(path)
            [badge] = risk.xpath(".//field[@name='loss_risk']")
            self.assertEqual(badge.get("decoration-success"), "loss_risk == 'low'", view)
            [note] = arch.xpath("//field[@name='risk_note']")
            holder = note if note.get("invisible") else note.getparent()
            self.assertEqual(holder.get("invisible"), "loss_risk != 'doubtful'", view)
            self.assertIn("text-warning-emphasis", note.get("class"), view)
        board = self.env.ref("crm_customer_value.customer_value_view_kanban")
        arch = etree.fromstring(self.env["customer.value"].get_view(board.id, "kanban")["arch"])
        [risk] = arch.xpath("//span[@name='risk']")
        self.assertEqual("".join(risk.itertext()).split(), ["Risk"])
        [bar] = arch.iter("progressbar")
        self.assertEqual((bar.get("field"), bar.get("sum_field")), ("loss_risk", "shown_value_at_risk"))
        self.assertEqual(
            literal_eval(bar.get("colors")),
            {"high": "danger", "medium": "warning", "doubtful": "warning", "low": "success"},
        )

    def test_names_of_segments_are_their_own(self):
        """No segment is called like a stage, a trend, a risk or a quarter of the matrix."""
        values = self.env["customer.value"]

        def labels(field, model=values):
            return {label.lower() for _key, label in model._fields[field]._description_selection(self.env)}

        others = {
            *labels("revenue_trend"), *labels("churn_level"), *labels("value_matrix"), *labels("potential_class"),
            *labels("health", self.env["customer.lifecycle.stage"]),
            *(stage.name.lower() for stage in self.stages.values()),
        }
        self.assertEqual(labels("rfm_segment") & others, set())
        trend = dict(values._fields["revenue_trend"]._description_selection(self.env))
        self.assertNotIn(trend["new"], [stage.name for stage in self.stages.values()])

    def test_filters_say_what_they_mean(self):
        """Whoever filters by health says whether by stage, segment or prediction."""
        prefixes = {
            "rfm_segment": "Segment: ", "lifecycle_health": "Stage: ", "churn_level": "Prediction: ",
            "clv_confidence": "Prediction: ", "stage_pinned": "Stage: ", "value_matrix": "Value matrix: ",
            "revenue_trend": "Revenue: ",
        }
        user = new_test_user(self.env, "filter_seller", groups="sales_team.group_sale_salesman")
        for model, view in (
            ("customer.value", "crm_customer_value.customer_value_view_search"),
            ("res.partner", "base.view_res_partner_filter"),
            ("sale.order", "sale.view_sales_order_filter"),
            ("crm.lead", "crm.view_crm_case_opportunities_filter"),
            ("crm.lead", "crm.view_crm_case_leads_filter"),
        ):
            arch = self.env[model].with_user(user).get_view(self.env.ref(view).id, "search")["arch"]
            found = 0
            for node in etree.fromstring(arch).iter("filter"):
                for field, prefix in prefixes.items():
                    if f"'{field}'" in (node.get("domain") or ""):
                        found += 1
                        self.assertTrue(node.get("string").startswith(prefix), (model, node.get("string")))
            self.assertGreater(found, 2, model)

    def test_form_is_the_panel(self):
        """The same panel as on the contact; what it is made of stands behind a tab, once."""
        arch = etree.fromstring(self.env["customer.value"].get_view(view_type="form")["arch"])
        (panel,) = arch.xpath("//page[1]//field[@widget='customer_value_panel']")
        self.assertEqual(panel.get("name"), "panel_id")
        self.assertFalse(arch.xpath("//field[@name='probability_alive']"))
        self.assertTrue(arch.xpath("//page[@name='details']//field[@name='cadence_ratio']"))
        value = self._value_of()
        self.assertEqual(value.panel_id, value)

    def test_period_in_words(self):
        value = self._value_of()
        self.assertEqual(value.window_text, "12 months")
        self.env["customer.value.policy"]._get_active(self.company)._renew({"window_days": 1095})
        value.invalidate_recordset()
        self.assertEqual(value.window_text, "1095 days")

    def test_stage_changes_are_counted(self):
        value, other = self._value_of(), self._value_of()
        self.transitions.create([
            {"partner_id": value.partner_id.id, "company_id": company.id, "date": "2026-03-01"}
            for company in (self.company, self.company, self._make_company("Elsewhere"))
        ])
        self.assertEqual([value.transition_count, other.transition_count], [2, 0])
        action = value.action_view_transitions()
        self.assertEqual(self.transitions.search_count(action["domain"]), 2)


@tagged("post_install", "-at_install")
class TestStageForm(LifecycleCase):
    """The conditions of a stage: those that are set, and one to add."""

    def test_conditions_that_are_set(self):
        arch = etree.fromstring(self.stages["core"].get_view(view_type="form")["arch"])
        for name in STARTS:
            with self.subTest(name):
                (line,) = arch.xpath(f"//div[@name='rule']/div[field[@name='{name}']]")
                self.assertEqual(line.get("invisible"), f"not {name}")
                self.assertIn("o_field_highlight", line.find("field").get("class"))

    def test_add_a_condition(self):
        stage = self.stages["occasional"]
        self.assertEqual(stage.rule_summary, "bought at least once")
        with Form(stage) as form:
            form.new_condition = "silence_days_from"
            self.assertEqual((form.silence_days_from, form.new_condition), (30, False))
            form.silence_days_from = 45
            form.new_condition = "silence_days_from"
            self.assertEqual(form.silence_days_from, 45, "it is there already")
            form.new_condition = "development_to"
        self.assertEqual((stage.silence_days_from, stage.development_to), (45, 40))
        self.assertEqual(
            stage.rule_summary,
            "bought at least once · silent for 45 days or more · revenue shrinks, development index 40 or less",
        )
        with Form(stage) as form:
            form.silence_days_from = 0
        self.assertEqual(stage.rule_summary, "bought at least once · revenue shrinks, development index 40 or less")

    def test_every_condition_can_be_added(self):
        """With a value that the stage accepts."""
        offered = dict(self.stages["core"]._fields["new_condition"]._description_selection(self.env))
        self.assertEqual(offered.keys(), STARTS.keys())
        for name in STARTS:
            stage = self.env["customer.lifecycle.stage"].create({"name": name})
            with Form(stage) as form:
                form.new_condition = name
            self.assertEqual(stage[name], STARTS[name])
            self.assertNotEqual(stage.rule_summary, "all customers")

    def test_one_of_two_is_enough(self):
        self.assertEqual(
            self.stages["weakening"].rule_summary,
            "bought at least once · 2 purchase days or more · silent for 365 days or less · revenue shrinks, "
            "development index 40 or less or fell below the value index of their stage in the last 180 days",
        )

    def test_how_many_are_in_a_stage(self):
        customers = [self._buyer(f"Fresh {number}", (3,)) for number in range(3)]
        self._recompute()
        stage = self._value(customers[0]).lifecycle_stage_id
        self.assertEqual(stage.customer_count, 3)
        self.assertEqual(self.stages["lost"].customer_count, 0)
        other = self._make_company("Elsewhere")
        self.assertEqual(stage.with_context(allowed_company_ids=other.ids).customer_count, 0)
        action = stage.action_view_customers()
        found = self.env["customer.value"].search(action["domain"])
        self.assertEqual(found.partner_id, self.env["res.partner"].union(*customers))

    def test_dry_run_shows_the_same_conditions(self):
        arch = etree.fromstring(self.env["customer.value.dry.run.stage"].get_view(view_type="form")["arch"])
        stage = etree.fromstring(self.env["customer.lifecycle.stage"].get_view(view_type="form")["arch"])
        names, expected = (
            [node.get("name") for node in form.xpath("//div[@name='rule']//field")] for form in (arch, stage)
        )
        self.assertEqual(names, expected)
        self.assertLessEqual(set(STARTS), set(names))
        with Form(self.env["customer.value.dry.run"]) as form, form.line_ids.edit(0) as line:
            line.new_condition = "age_days_from"
            self.assertEqual(line.age_days_from, 365)
        self.assertEqual(form.record.line_ids.sorted()[:1].age_days_from, 365)
