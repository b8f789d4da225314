import io
import re
from collections import defaultdict

import polib
from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.translate import trans_export

MODULE = "crm_customer_value"
# Words that nobody who sells would use. Those who use Odoo read "period", "this number of", "again", "next to".
RIDDLES = re.compile(r"\b(window|so many|so much|reckon\w*|anew|beside|hysteresis|cadence|mere)\b", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestWords(TransactionCase):
    """Texts are in the words of a salesperson, and two things do not have one name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(None, [MODULE], exported, "po", cls.env)
        cls.texts = {entry.msgid for entry in polib.pofile(exported.getvalue().decode())}

    def test_no_riddles(self):
        """In nothing that can be read: labels, helps, choices, views, what the code says, here and in the browser."""
        self.assertGreater(len(self.texts), 2000)
        self.assertEqual([text for text in self.texts if RIDDLES.search(text)], [])

    def test_no_keys_as_texts(self):
        """What is exported for translation is written for people: no name of a field, no key of a dictionary."""
        keys = {"complaint_id", "rhythmchoice", "rhythmerrors", "choice", "errors", "rhythm"}
        self.assertEqual(self.texts & keys, set())

    def test_one_name_is_offered_once_for_export(self):
        """An amount that everybody may read and its twin for whoever may see all have one label: one is exported."""
        for model in ("customer.value", "customer.value.snapshot", "customer.complaint"):
            names = defaultdict(list)
            for name, field in self.env[model].fields_get(attributes=["string", "exportable"]).items():
                if field["exportable"] and self.env[model]._fields[name]._module == MODULE:
                    names[field["string"].strip()].append(name)
            with self.subTest(model):
                self.assertEqual({label: found for label, found in names.items() if len(found) > 1}, {})

    def test_filters_by_stage_name_what_they_find(self):
        """A filter named like one stage finds that stage alone; by health, more than one is found and named."""
        stages = self.env["customer.lifecycle.stage"].search([])
        user = new_test_user(self.env, "words_seller", groups="sales_team.group_sale_salesman")
        for model, view in (
            ("customer.value", "crm_customer_value.customer_value_view_search"),
            ("res.partner", "base.view_res_partner_filter"),
            ("sale.order", "sale.view_sales_order_filter"),
            ("crm.lead", "crm.view_crm_case_opportunities_filter"),
            ("crm.lead", "crm.view_crm_case_leads_filter"),
        ):
            arch = self.env[model].with_user(user).get_view(self.env.ref(view).id, "search")["arch"]
            texts = {
                (node.get("string") or "").lower(): node.get("domain") for node in etree.fromstring(arch).iter("filter")
            }
            with self.subTest(view):
                self.assertIn("stage: weakening or at risk", texts)
                self.assertIn("stage: dormant or lost", texts)
                self.assertEqual(texts.keys() & {f"stage: {stage.name.lower()}" for stage in stages}, set())
        found = {
            health: set(stages.filtered(lambda stage, health=health: stage.health == health).mapped("code")) - {False}
            for health in ("risk", "gone")
        }
        self.assertEqual(found, {"risk": {"weakening", "at_risk"}, "gone": {"dormant", "lost"}})
