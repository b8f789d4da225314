import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import format_date, mute_logger

from ...engine.care import held_out
from .offer_case import OfferCase


@tagged("post_install", "-at_install")
class TestOfferPanel(OfferCase):
    """What forms show of a customer, and what one click does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk, cls.lamp, cls.chair = cls._products("Desk", "Lamp", "Chair")
        # 9 of the 14 who have a desk have a lamp; 6 have a chair.
        cls.both = cls._together(6, cls.desk, cls.lamp, cls.chair)
        cls._together(3, cls.desk, cls.lamp)
        cls._together(4, cls.desk)
        cls.customer = cls._customers(1)
        cls._buy(cls.customer, cls.desk)
        cls._night()

    def _panel(self, customer=None, user=None, company=None):
        customer = (customer or self.customer).with_user(user or self.seller).with_company(self.company)
        return customer.get_offers(company and company.id)

    def _names(self, panel, part="offers"):
        return [line["name"] for line in panel[part]]

    def _quotation(self, customer=None, **values):
        return self.env["sale.order"].with_user(self.seller).create({
            "partner_id": (customer or self.customer).id, "company_id": self.company.id, **values,
        })

    def _day_text(self, ago):
        return format_date(self.env, self._day(ago))

    # ---- what is shown -------------------------------------------------------------------------

    def test_offers(self):
        panel = self._panel()
        self.assertEqual(panel["offers"][0], {
            "product_id": self.lamp.id, "name": "Lamp", "confidence": "medium", "confidence_text": "Possible",
            "is_better": False,
            "reason": "9 of 14 customers who bought “Desk” also bought this.", "margin": "",
            # Wilson's interval of 9 of 14 begins at .3876.
            "confidence_help": "At least 38 of 100 customers who have the one product buy the other one too.",
        })
        self.assertEqual(self._names(panel), ["Lamp", "Chair"])
        self.assertEqual((panel["empty"], panel["open"], panel["due"], panel["favorites"]), ("", [], [], []))

    def test_contact_of_the_customer(self):
        contact = self._partner("Person of the Customer", parent_id=self.customer.id)
        self.assertEqual(self._names(self._panel(contact)), ["Lamp", "Chair"])

    def test_margin_is_for_those_who_see_amounts(self):
        """Five lines with a margin of 60, of which 9 of 14 are expected: 38.57."""
        for customer in self.both[:5]:
            self._order(customer, 5, 100.0, user_id=self.manager.id, order_line=[Command.create({
                "product_id": self.lamp.id, "product_uom_qty": 1, "price_unit": 100.0, "purchase_price": 40.0,
                "tax_ids": False,
            })])
        self.assertEqual(self._panel()["offers"][0]["margin"], "$\u00a038.57")
        # An order of a colleague: its amounts are not this salesperson's business.
        self._order(self.customer, 3, 10.0, user_id=self.manager.id)
        self.assertEqual(self._panel()["offers"][0]["margin"], "")
        self.assertEqual(self._panel(user=self.manager)["offers"][0]["margin"], "$\u00a038.57")

    def test_due_again(self):
        """Bought every 30 days, last 40 days ago: due since 10 days."""
        for ago in (100, 70, 40):
            self._buy(self.customer, self.lamp, ago)
        (line,) = self._panel()["due"]
        self.assertEqual((line["name"], line["is_late"], line["quantity"]), ("Lamp", True, False))
        self.assertEqual(line["text"], f"Usually buys this every 30 days, due since {self._day_text(10)}.")

    def test_due_soon(self):
        for ago in (82, 52, 22):
            self._buy(self.customer, self.lamp, ago)
        (line,) = self._panel()["due"]
        self.assertEqual(line["text"], f"Usually buys this every 30 days, due on {self._day_text(-8)}.")
        self.assertFalse(line["is_late"])

    def test_preferred_products(self):
        """Six days of purchase: a lamp on three of them is usual, a chair on two is not, a desk is bought once."""
        for ago in (95, 80, 65):
            self._buy(self.customer, self.lamp, ago)
        for ago in (50, 35):
            self._buy(self.customer, self.chair, ago)
        self.assertEqual(
            [(line["name"], line["is_usual"], line["text"]) for line in self._panel()["favorites"]],
            [
                ("Lamp", True, f"On 3 of 6 days of purchase, last on {self._day_text(65)}"),
                ("Chair", False, f"On 2 of 6 days of purchase, last on {self._day_text(35)}"),
            ],
        )

    def test_usual_basket_is_on_every_second_day(self):
        for ago in (95, 80, 65):
            self._buy(self.customer, self.lamp, ago)
        for ago in (50, 45, 40):
            self._buy(self.customer, self.chair, ago)
        self.assertEqual([line["is_usual"] for line in self._panel()["favorites"]], [False, False], "3 of 7 days")

    def test_what_came_back_is_not_preferred(self):
        for ago in (95, 80, 65):
            self._buy(self.customer, self.lamp, ago)
        for ago in (64, 63, 62):
            self._buy(self.customer, self.lamp, ago, amount=-100.0)
        self.assertEqual(self._panel()["favorites"], [])

    def test_order_and_invoice_are_one_purchase(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        for ago in (60, 30):
            order = self._order(self.customer, ago, 100.0, order_line=[Command.create({
                "product_id": self.lamp.id, "product_uom_qty": 2, "tax_ids": False,
            })])
            self.env["account.move"].create({
                "move_type": "out_invoice", "partner_id": self.customer.id, "invoice_date": self._day(ago - 3),
                "invoice_line_ids": [Command.create({"product_id": self.lamp.id, "quantity": 2, "tax_ids": False})],
            }).action_post()
            self.assertEqual(order.state, "sale")
        (line,) = self._panel(user=self.manager)["favorites"]
        self.assertEqual(line["text"], f"On 2 of 2 days of purchase, last on {self._day_text(30)}")

    def test_usual_quantity(self):
        """Of 2, 36 and 3, in units of the product, the middle one; three dozen are 36."""
        dozen = self.env.ref("uom.product_uom_dozen")
        for ago, quantity, unit in ((90, 2, self.lamp.uom_id), (60, 3, dozen), (30, 3, self.lamp.uom_id)):
            self._order(self.customer, ago, 100.0, order_line=[Command.create({
                "product_id": self.lamp.id, "product_uom_qty": quantity, "product_uom_id": unit.id, "tax_ids": False,
            })])
        (line,) = self._panel(user=self.manager)["favorites"]
        self.assertEqual((line["quantity"], line["quantity_text"]), (3.0, f"3 {self.lamp.uom_id.name}"))

    # ---- why nothing is shown ------------------------------------------------------------------

    def test_customer_of_a_colleague(self):
        self.customer.user_id = self.manager
        panel = self._panel()
        self.assertEqual(panel["empty"], "This is the customer of a colleague. Ask them what to offer.")
        self.assertFalse(panel["offers"] or panel["open"] or panel["due"] or panel["favorites"])
        self.assertEqual(self._names(self._panel(user=self.manager)), ["Lamp", "Chair"])

    def test_who_does_not_sell(self):
        person = self._user("offer_employee", "base.group_user")
        with self.assertRaises(AccessError):
            self._panel(user=person)

    def test_company_one_does_not_work_for(self):
        with self.assertRaises(AccessError):
            self._panel(company=self._make_company("Offer Other Company"))

    def test_severe_complaint(self):
        complaint = self.env["customer.complaint"].create({
            "name": "It broke", "description": "<p>Twice.</p>", "partner_id": self.customer.id,
            "company_id": self.company.id, "severity": "critical",
        })
        panel = self._panel()
        self.assertEqual(panel["offers"], [])
        self.assertEqual(
            panel["empty"],
            "Nothing is proposed while a severe complaint is open or the relationship is broken. Settle that first.",
        )
        complaint.severity = "low"
        self.assertEqual(self._names(self._panel()), ["Lamp", "Chair"])

    def test_broken_relationship(self):
        self.customer.sudo().write({"relationship_broken_on": self._day(3), "relationship_broken_reason": "Late"})
        self.assertEqual(self._panel()["offers"], [])

    def test_switched_off(self):
        self.company.offer_active = False
        panel = self._panel()
        self.assertEqual(panel["offers"], [])
        self.assertEqual(panel["empty"], "Proposals are switched off in the settings of this company.")

    def test_fewest_customers_in_common(self):
        """A lamp has 9 in common with a desk, a chair 6."""
        self.company.offer_least_in_common = 7
        self.assertEqual(self._names(self._panel()), ["Lamp"])

    def test_key_customers_are_never_held_out(self):
        self.company.care_held_out = 50.0
        self.patch(held_out, "FEWEST_CUSTOMERS", 1)
        customers = self._customers(20)
        for customer in customers:
            self._buy(customer, self.desk)
        values = self.env["customer.value"].create([
            {"company_id": self.company.id, "partner_id": customer.id} for customer in customers
        ])
        drawn = customers.filtered(lambda customer: held_out.place(self.company.id, customer.id) < 0.5)
        self.assertEqual(
            {customer for customer in customers if not self._panel(customer)["offers"]}, set(drawn)
        )
        self.assertIn("This customer is held out", self._panel(drawn[0], self.manager)["empty"])
        # Whoever knew who is held out would care for them.
        self.assertEqual(self._panel(drawn[0])["empty"], "Nothing is proposed for this customer at present.")
        level = self.env["customer.care.level"].search([("code", "=", "key")], limit=1)
        values.filtered(lambda value: value.partner_id == drawn[0]).sudo().care_level_id = level
        self.assertEqual(self._names(self._panel(drawn[0])), ["Lamp", "Chair"])

    def test_no_history_at_all(self):
        panel = self._panel(self._customers(1))
        self.assertEqual(panel["empty"], "This customer has not bought anything yet. Proposals appear after the first "
                                         "purchase.")
        self.near.search([("company_id", "=", self.company.id)]).sudo().unlink()
        self.assertEqual(
            self._panel()["empty"],
            "No products go together yet. Proposals appear, overnight, when at least 5 customers bought the same two "
            "products.",
        )

    def test_returns_only(self):
        customer = self._customers(1)
        self._buy(customer, self.desk, amount=-100.0)
        panel = self._panel(customer)
        self.assertEqual((panel["offers"], panel["due"], panel["favorites"]), ([], [], []))

    def test_one_product_only(self):
        customer = self._customers(1)
        mat = self._products("Mat")
        self._buy(customer, mat)
        self.assertEqual(
            self._panel(customer)["empty"],
            "Nothing new to propose: what goes with their products they have, or it rests.",
        )

    def test_archived_product_in_an_open_quotation(self):
        for ago in (95, 80, 65):
            self._buy(self.customer, self.lamp, ago)
        quotation = self._quotation()
        quotation.action_offer_add(self.chair.id)
        (self.lamp | self.chair).sudo().product_tmpl_id.active = False
        panel = self._panel()
        self.assertEqual((panel["offers"], panel["due"], self._names(panel, "open")), ([], [], ["Chair"]))
        self.assertFalse(panel["open"][0]["is_sold"])
        self.assertEqual([(line["name"], line["is_sold"]) for line in panel["favorites"]], [("Lamp", False)])

    # ---- one click -----------------------------------------------------------------------------

    def test_add_to_quotation(self):
        quotation = self._quotation()
        quotation.action_offer_add(self.lamp.id)
        self.assertRecordValues(quotation.order_line, [{"product_id": self.lamp.id, "product_uom_qty": 1.0}])
        offer = self.offers.search([("commercial_partner_id", "=", self.customer.id)])
        self.assertRecordValues(offer, [{
            "product_id": self.lamp.id, "state": "offered", "user_id": self.seller.id, "date": self.today,
            "because_id": self.desk.id, "in_common": 9, "customers": 14, "rest_until": self._day(-180),
        }])
        panel = self._panel()
        self.assertEqual((self._names(panel), self._names(panel, "open")), (["Chair"], ["Lamp"]))
        text = f"Offered on {self._day_text(0)} by {self.seller.name}"
        self.assertEqual(panel["open"], [{
            "id": offer.id, "product_id": self.lamp.id, "is_sold": True, "name": "Lamp", "text": text,
        }])

    def test_asked_for_on_the_portal(self):
        """Nobody of us offered what the customer asked for; what is offered again since, somebody did."""
        self._quotation().action_offer_add(self.lamp.id)
        offer = self.offers.search([("commercial_partner_id", "=", self.customer.id)]).sudo()
        offer.date_asked = self.today
        text = f"Asked for on the portal on {self._day_text(0)}"
        self.assertEqual(self._panel()["open"][0]["text"], text)
        self.assertEqual(self.env["customer.timeline"]._tell_offer(offer).text, text)
        offer.date_asked = self._day(30)
        self.assertEqual(self._panel()["open"][0]["text"], f"Offered on {self._day_text(0)} by {self.seller.name}")
        offer.write({"date_asked": self.today, "state": "resting"})
        self.assertEqual(self.env["customer.timeline"]._tell_offer(offer).text, "")

    def test_what_they_buy_anyway_is_no_offer(self):
        quotation = self._quotation()
        quotation.action_offer_add(self.desk.id, 4)
        self.assertRecordValues(quotation.order_line, [{"product_id": self.desk.id, "product_uom_qty": 4.0}])
        self.assertFalse(self.offers.search([("commercial_partner_id", "=", self.customer.id)]))

    def test_confirmed_order_takes_nothing(self):
        quotation = self._quotation()
        quotation.action_confirm()
        with self.assertRaisesRegex(UserError, "Make a new one"):
            quotation.action_offer_add(self.lamp.id)

    def test_new_quotation(self):
        action = self.customer.with_user(self.seller).action_offer_quotation(self.lamp.id)
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual((order.partner_id, order.order_line.product_id), (self.customer, self.lamp))
        self.assertEqual(self._names(self._panel(), "open"), ["Lamp"])

    def test_new_opportunity(self):
        action = self.customer.with_user(self.seller).action_offer_opportunity(self.lamp.id)
        self.assertRecordValues(self.env["crm.lead"].browse(action["res_id"]), [{
            "name": f"{self.customer.name}: Lamp", "type": "opportunity", "partner_id": self.customer.id,
            "user_id": self.seller.id,
        }])
        self.assertEqual(self._names(self._panel(), "open"), ["Lamp"])

    def test_quotation_of_an_opportunity(self):
        lead = self.env["crm.lead"].with_user(self.seller).create({
            "name": "New office", "type": "opportunity", "partner_id": self.customer.id,
        })
        order = self.env["sale.order"].browse(lead.action_offer_quotation(self.lamp.id)["res_id"])
        self.assertEqual(
            (order.opportunity_id, order.partner_id, order.order_line.product_id), (lead, self.customer, self.lamp)
        )
        self.assertEqual(self._names(self._panel(), "open"), ["Lamp"])

    def test_quotation_of_an_opportunity_without_customer(self):
        lead = self.env["crm.lead"].with_user(self.seller).create({"name": "New office", "type": "opportunity"})
        with self.assertRaisesRegex(UserError, "Choose a customer first"):
            lead.action_offer_quotation(self.lamp.id)

    def test_refuse(self):
        action = self.customer.with_user(self.seller).action_offer_refuse(self.lamp.id)
        dialog = self.env[action["res_model"]].with_user(self.seller).with_context(**action["context"])
        self.assertFalse(self.offers.search([("commercial_partner_id", "=", self.customer.id)]), "not decided yet")
        with Form(dialog) as form:
            form.refusal = "price"
            form.note = " Too dear "
        self.assertEqual(form.record.rest_days, 365)
        form.record.action_refuse()
        self.assertRecordValues(self.offers.search([("commercial_partner_id", "=", self.customer.id)]), [{
            "product_id": self.lamp.id, "state": "refused", "refusal": "price", "note": "Too dear",
            "rest_until": self._day(-365), "because_id": self.desk.id, "user_id": self.seller.id,
        }])
        self.assertEqual(self._names(self._panel()), ["Chair"])

    def test_refuse_what_was_offered(self):
        self._quotation().action_offer_add(self.lamp.id)
        offer = self.offers.with_user(self.seller).search([("commercial_partner_id", "=", self.customer.id)])
        action = offer.action_refuse()
        dialog = self.env[action["res_model"]].with_user(self.seller).with_context(**action["context"])
        dialog.create({"refusal": "supplier"}).action_refuse()
        self.assertRecordValues(offer, [{"state": "refused", "refusal": "supplier", "note": False}])

    def test_later(self):
        self.company.offer_rest_later = 20
        self.customer.with_user(self.seller).action_offer_later(self.lamp.id)
        self.assertRecordValues(self.offers.search([("commercial_partner_id", "=", self.customer.id)]), [{
            "product_id": self.lamp.id, "state": "resting", "rest_until": self._day(-20),
        }])
        self.assertEqual(self._best_products(self.customer, as_of=self._day(-19)), [self.chair.id])
        self.assertEqual(self._best_products(self.customer, as_of=self._day(-20)), [self.lamp.id, self.chair.id])

    def test_what_was_bought_is_not_refused(self):
        self._quotation().action_offer_add(self.lamp.id)
        offer = self.offers.search([("commercial_partner_id", "=", self.customer.id)])
        offer.sudo().state = "taken"
        with self.assertRaisesRegex(UserError, "bought this already"):
            offer.with_user(self.seller).action_later()

    def test_offered_and_not_answered_comes_again(self):
        self._quotation().action_offer_add(self.lamp.id)
        self.env["sale.order"].search([("partner_id", "=", self.customer.id)]).state = "cancel"
        self.assertEqual(self._best_products(self.customer, as_of=self._day(-179)), [self.chair.id])
        self.assertEqual(self._best_products(self.customer, as_of=self._day(-180)), [self.lamp.id, self.chair.id])

    def test_expected_margin_of_an_offer(self):
        """On the record too: for those who see the amounts of the customer."""
        offer = self.offers.create({
            "partner_id": self.customer.id, "product_id": self.lamp.id, "company_id": self.company.id,
        })
        offer.sudo().expected_margin = 38.57
        self.assertEqual(offer.with_user(self.seller).shown_expected_margin, 38.57)
        with self.assertRaises(AccessError):
            offer.with_user(self.seller).read(["expected_margin"])
        self._order(self.customer, 3, 10.0, user_id=self.manager.id)
        self.env.invalidate_all()
        self.assertIs(offer.with_user(self.seller).shown_expected_margin, False)
        self.assertEqual(offer.with_user(self.manager).shown_expected_margin, 38.57)

    # ---- elsewhere -----------------------------------------------------------------------------

    def _profile(self, user=None):
        profile = self.env["customer.profile"].with_user(user or self.seller).with_company(self.company)
        sections = profile._sections(self.customer.with_env(profile.env))
        return sections["offer"].lines

    def test_profile_for_a_visit(self):
        for ago in (100, 70, 40):
            self._buy(self.customer, self.chair, ago)
        self.assertEqual([tuple(line) for line in self._profile()], [
            ("Lamp", "6 of 6 customers who bought “Chair” also bought this.", "Likely"),
            ("Chair", f"Usually buys this every 30 days, due since {self._day_text(10)}.", ""),
        ])
        agent = self._user("offer_agent", "crm_customer_value.group_service_own")
        self.assertEqual(self._profile(agent), [])
        self.customer.user_id = self.manager
        self.assertEqual(self._profile(), [])

    def test_settings(self):
        settings = self.env["res.config.settings"].create({"company_id": self.company.id})
        settings.write({"offer_least_in_common": 7, "offer_rest_later": 20, "offer_active": False})
        self.assertRecordValues(self.company, [{
            "offer_least_in_common": 7, "offer_rest_later": 20, "offer_active": False, "offer_rest_refused": 365,
            "offer_rest_offered": 180,
        }])

    @mute_logger("odoo.sql_db")
    def test_settings_out_of_range(self):
        for values in (
            {"offer_least_in_common": 4}, {"offer_least_in_common": 1001}, {"offer_rest_refused": -1},
            {"offer_rest_later": 3651}, {"offer_rest_offered": -1},
        ):
            with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                self.company.write(values)
                self.env.flush_all()
