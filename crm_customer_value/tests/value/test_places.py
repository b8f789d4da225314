from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import CustomerValueCase

NUMBERS = ("development_index", "satisfaction_score", "loyalty_score")
WORDS = ("churn_level", "value_matrix")


@tagged("post_install", "-at_install")
class TestPlaces(CustomerValueCase):
    """What a customer is worth, where people work: while quoting, on the boards, in the lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.own = new_test_user(cls.env, "places_own", groups="sales_team.group_sale_salesman", **company)
        cls.all = new_test_user(cls.env, "places_all", groups="sales_team.group_sale_salesman_all_leads", **company)
        cls.clerk = new_test_user(cls.env, "places_clerk", groups="base.group_user", **company)
        cls.good, cls.bad, cls.prospect = (
            cls._partner(name, is_company=True, user_id=cls.own.id) for name in ("Good", "Bad", "Prospect")
        )
        cls.contact = cls._partner("Contact of Good", parent_id=cls.good.id)
        cls.orders = cls._order(cls.contact, 5, 900.0) | cls._order(cls.bad, 300, 20.0)
        cls.leads = cls.env["crm.lead"].create([
            {
                "name": partner.name, "partner_id": partner.id, "company_id": cls.company.id,
                "type": "opportunity", "user_id": cls.own.id, "expected_revenue": 18500.0,
            }
            for partner in (cls.contact, cls.bad, cls.prospect)
        ])
        cls._recompute()
        cls._value(cls.good).write({
            "development_index": 80.0, "satisfaction_score": 90.0, "loyalty_score": 70.0,
            "churn_level": "low", "value_matrix": "high",
        })
        cls._value(cls.bad).write({
            "development_index": 20.0, "satisfaction_score": 10.0, "loyalty_score": 5.0,
            "churn_level": "high", "value_matrix": "low",
        })

    def _as(self, user, records):
        return records.with_user(user).with_context(allowed_company_ids=self.company.ids)

    # ---- fields of contacts, orders and opportunities -----------------------------------

    def test_fields_of_the_value(self):
        for good, bad in (
            (self.contact, self.bad), (self.orders[0], self.orders[1]), (self.leads[0], self.leads[1]),
        ):
            records = self._as(self.all, good.browse())
            within = [("id", "in", (good | bad).ids)]
            described = records.fields_get([*NUMBERS, *WORDS], ["searchable", "sortable", "groupable"])
            for name in (*NUMBERS, *WORDS):
                self.assertEqual(
                    {key: described[name][key] for key in ("searchable", "sortable", "groupable")},
                    dict.fromkeys(("searchable", "sortable", "groupable"), True), name,
                )
            for name in NUMBERS:
                self.assertEqual(good[name], self._value(self.good)[name])
                self.assertEqual(records.search([*within, (name, "<", 50)]).sudo(), bad, name)
                self.assertEqual(records.search(within, order=f"{name} desc").sudo().ids, (good + bad).ids, name)
                self.assertEqual(records.search(within, order=f"{name} asc").sudo().ids, (bad + good).ids, name)
            self.assertEqual(records.search([*within, ("churn_level", "=", "high")]).sudo(), bad)
            self.assertEqual(
                dict(records._read_group(within, ["value_matrix"], ["__count"])), {"high": 1, "low": 1}
            )

    def test_unknown_is_last_and_found_by_no_comparison(self):
        partners = self._as(self.all, self.env["res.partner"])
        within = [("id", "in", (self.good | self.bad | self.prospect).ids)]
        for order in ("development_index asc", "development_index desc"):
            self.assertEqual(partners.search(within, order=order)[-1:].sudo(), self.prospect, order)
        self.assertNotIn(self.prospect, partners.search([*within, ("satisfaction_score", "<", 50)]).sudo())
        self.assertIs(self.prospect.satisfaction_score, False)

    def test_nothing_for_who_does_not_sell(self):
        partners = self._as(self.clerk, self.env["res.partner"])
        for name in (*NUMBERS, *WORDS, "is_silent", "cadence_ratio"):
            self.assertNotIn(name, partners.fields_get())
            with self.assertRaises(AccessError):
                partners.search([(name, "!=", False)])
        for model in ("res.partner", "sale.order", "crm.lead"):
            for kind in ("list", "kanban", "search"):
                arch = self._as(self.clerk, self.env["res.partner"]).get_view(view_type=kind)["arch"]
                self.assertNotIn("value_class", arch, (model, kind))

    # ---- while quoting ------------------------------------------------------------------

    def test_value_while_quoting(self):
        """Nothing is saved, and the value of the chosen customer shows, of its company and with its stage."""
        value = self._value(self.good)
        for model in ("sale.order", "crm.lead"):
            records = self._as(self.own, self.env[model])
            view = {"crm.lead": "crm.crm_lead_view_form", "sale.order": "sale.view_order_form"}[model]
            form = Form(records.with_context(default_type="opportunity"), view)
            self.assertFalse(form.customer_value_id, model)
            form.partner_id = self._as(self.own, self.contact)
            self.assertEqual(form.customer_value_id.id, value.id, model)
            self.assertEqual(
                (form.value_index, form.value_class, form.lifecycle_stage_id.id),
                (value.value_index, value.value_class, value.lifecycle_stage_id.id), model,
            )
            form.partner_id = self._as(self.own, self.bad)
            self.assertEqual(form.customer_value_id.id, self._value(self.bad).id, model)

    # ---- boards and lists ---------------------------------------------------------------

    def test_class_and_stage_stand_in_the_lists(self):
        """On by default; complaints are told in the cell of the class, and have no column that is on."""
        for model, view in (
            ("sale.order", "sale.view_quotation_tree_with_onboarding"), ("sale.order", "sale.view_order_tree"),
            ("crm.lead", "crm.crm_case_tree_view_oppor"), ("res.partner", "base.view_partner_tree"),
        ):
            arch = self._arch(model, view, "list")
            shown = {node.get("name"): node.get("optional") for node in arch.iter("field")}
            self.assertEqual(shown["value_class"], "show", view)
            self.assertEqual(shown["lifecycle_stage_id"], "show", view)
            self.assertEqual(shown.get("open_severe_complaints", "hide"), "hide", view)
            for name in (*NUMBERS, *WORDS):
                self.assertEqual(shown[name], "hide", (view, name))

    def test_class_stands_on_the_cards(self):
        for model, view in (
            ("crm.lead", "crm.crm_case_kanban_view_leads"), ("crm.lead", "crm.crm_lead_view_kanban_forecast"),
            ("sale.order", "sale.view_sale_order_kanban"), ("res.partner", "base.res_partner_kanban_view"),
        ):
            [badge] = self._arch(model, view, "kanban").xpath("//t[@t-name='card']//field[@name='value_class']")
            self.assertIn("'complaints': True", badge.get("options"), view)
            self.assertIn("'link': True", badge.get("options"), view)

    def _arch(self, model, view, kind):
        from lxml import etree

        arch = self._as(self.own, self.env[model]).get_view(self.env.ref(view).id, kind)["arch"]
        return etree.fromstring(arch)

    # ---- prospects ----------------------------------------------------------------------

    def test_what_is_open_with_a_prospect(self):
        """The opportunity in place of an index, as far as the user may see it."""
        lead = self.leads[2]
        lead.probability = 78.0
        value = self._value(self.prospect)
        self.assertEqual(self._as(self.own, value).open_business, "Open: $\xa018,500, 78 % likely")
        action = self._as(self.own, value).action_view_open_business()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))
        lead.user_id = self.all
        value.invalidate_recordset()
        mine = self._as(self.own, value)
        self.assertEqual((mine.open_business, mine.open_elsewhere), ("Open with a colleague", True))
        theirs = self._as(self.all, value)
        self.assertEqual((theirs.open_business, theirs.open_elsewhere), ("Open: $\xa018,500, 78 % likely", False))
        action = self._as(self.own, value).action_view_open_business()
        self.assertFalse(self._as(self.own, self.env[action["res_model"]]).search(action["domain"]))

    def test_quotations_of_a_prospect(self):
        """Without an opportunity what is quoted; several are counted; what is lost is not open."""
        value = self._as(self.own, self._value(self.prospect))
        self.leads[2].action_set_lost()
        first = self._order(self.prospect, 1, 300.0, state="draft", user_id=self.own.id)
        value.invalidate_recordset()
        self.assertEqual(value.open_business, "Quotation: $\xa0300")
        second = self._order(self.prospect, 1, 1200.0, state="sent", user_id=self.own.id)
        self._order(self.prospect, 1, 5000.0, state="cancel", user_id=self.own.id)
        value.invalidate_recordset()
        self.assertEqual(value.open_business, "2 quotations: $\xa01,500")
        action = value.action_view_open_business()
        self.assertEqual(self._as(self.own, self.env["sale.order"]).search(action["domain"]), second | first)
