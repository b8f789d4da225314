from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.http import Request
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...engine.care import held_out
from ...engine.offer import neighbours
from ...models.offer import customer_offer_portal
from .offer_portal_case import OfferPortalCase


@tagged("post_install", "-at_install")
class TestPortalOffers(OfferPortalCase):
    """What customers read of products they may also need, and what becomes of their answers."""

    def setUp(self):
        super().setUp()
        self._login(self.anna)

    # ---- what is shown -------------------------------------------------------------------------

    def test_what_customers_read(self):
        """Names and what goes with them: no count, no name of another customer, nothing of what it costs or earns."""
        for customer in self.others[:5]:
            self._order(customer, 5, 100.0, order_line=[Command.create({
                "product_id": self.lamp.id, "product_uom_qty": 1, "price_unit": 100.0, "purchase_price": 40.0,
                "tax_ids": False,
            })])
        self.assertEqual(self._best_of(self.mill)[0].expected_margin, 38.57)
        html = self._page()
        self.assertEqual(self._names(html), ["Lamp", "Chair"])
        self.assertIn("It lights up a whole desk.", html)
        self.assertRegex(html, r"Often bought together with “Desk”")
        for secret in ("Secret Customer", " of 14", "customers who", "100.0", "38.57", "margin"):
            self.assertNotIn(secret, html)
        self.assertFalse(self._offers(), "to read is not to be offered")

    def test_only_products_chosen_for_it(self):
        self.lamp.product_tmpl_id.is_offered_on_portal = False
        self.assertEqual(self._names(), ["Chair"])
        self.assertEqual(
            [proposal.product_id for proposal in self._best_of(self.mill, user=self.seller)],
            [self.lamp.id, self.chair.id], "salespeople offer it all the same",
        )

    def test_only_what_five_customers_bought(self):
        """Four have the rug, and it is an optional product of the desk. It is shown when a fifth one buys it."""
        self.desk.optional_product_ids = self.rug.product_tmpl_id
        self.assertIn(self.rug.id, [one.product_id for one in self._best_of(self.mill, 9)])
        self.assertEqual(self._names(), ["Lamp", "Chair"])
        self._buy(self.others[-1], self.rug)
        self._night()
        self.assertEqual(self._names(), ["Lamp", "Chair", "Rug"])

    def test_what_is_not_published_in_the_shop(self):
        """Where there is a shop, it decides as well."""
        templates = self.env["product.template"]
        if "is_published" in templates._fields:
            self.lamp.is_published = False
            self.assertEqual(self._names(), ["Chair"])
            return
        self.assertNotIn("is_published", str(self.offers._portal_domain(self.company)))
        with patch.dict(type(templates)._fields__, {"is_published": templates._fields["active"]}):
            self.assertIn("is_published", str(self.offers._portal_domain(self.company)))

    def test_no_more_than_can_be_read(self):
        many = self._products(*(f"Pen {number}" for number in range(8)))
        self._together(5, self.desk, *many)
        self._publish(many)
        self._night()
        self.assertEqual(len(self._names()), customer_offer_portal.MOST_SHOWN)

    def test_nothing_new(self):
        self._login(self.bob)
        html = self._page()
        self.assertEqual(self._names(html), [])
        self.assertIn("There is nothing new for you right now.", html)

    # ---- who sees it ---------------------------------------------------------------------------

    def _assert_hidden(self):
        self.assertNotIn('href="/my/offers"', self._page("/my"))
        with mute_logger("odoo.http"):
            self._page(status=404)
            self._post(self.lamp, "ask", status=404)
            self._post(self.lamp, "refuse", status=404, refusal="need")
        self.assertFalse(self._offers())
        self.assertFalse(self._leads())

    def test_off_by_default(self):
        self.assertFalse(self._make_company("Offer Newcomer").offer_portal)
        self.assertIn('href="/my/offers"', self._page("/my"))
        self.company.offer_portal = False
        self._assert_hidden()

    def test_settings(self):
        with Form(self.env["res.config.settings"].with_company(self.company)) as form:
            form.offer_portal = False
        form.record.execute()
        self.assertFalse(self.company.offer_portal)

    def test_held_out(self):
        """They are shown nothing, as if it was switched off."""
        place = int(100 * held_out.place(self.company.id, self.mill.id)) / 100
        for share, hidden in ((place + 0.01, True), (place, False)):
            with patch.object(type(self.env["customer.offer"]), "_held_out_share", lambda *_args, share=share: share):
                if hidden:
                    self._assert_hidden()
                else:
                    self.assertEqual(self._names(), ["Lamp", "Chair"])

    def test_employees(self):
        self.seller.partner_id.parent_id = self.mill
        self._login(self.seller)
        with mute_logger("odoo.http"):
            self._page(status=404)
            self._post(self.lamp, "ask", status=404)

    # ---- answers -------------------------------------------------------------------------------

    def test_asked_once(self):
        """However often and whoever of the family asks: one opportunity of their salesperson."""
        for user in (self.anna, self.anna, self.alex):
            self._login(user)
            html = self._post(self.lamp, "ask")
            self.assertIn("We will send you an offer.", html)
            self.assertRegex(html, r"<li[^>]*><bdi>Lamp</bdi></li>")
            self.assertEqual(self._names(html), ["Chair"])
        self.assertRecordValues(self._offers(), [{
            "partner_id": self.mill.id, "product_id": self.lamp.id, "state": "offered", "user_id": self.seller.id,
            "date_asked": self.today, "because_id": self.desk.id, "in_common": 9, "customers": 14,
        }])
        self.assertRecordValues(self._leads(), [{
            "name": "Offer asked for: Lamp", "type": "opportunity", "partner_id": self.anna.partner_id.id,
            "user_id": self.seller.id, "company_id": self.company.id,
        }])
        self.assertIn("offer_anna asked on the portal for an offer of Lamp.", self._leads().description)

    def test_two_clicks_at_the_same_moment(self):
        """The database takes the first one; the other one makes no opportunity."""
        offers = self.env["customer.offer"]
        with patch.object(type(offers), "_offer", side_effect=UniqueViolation):
            self.assertFalse(offers._ask_by_customer(self.anna.partner_id, self.lamp.id, self.company))
        self.assertFalse(self._leads())

    def test_asked_again_when_it_was_refused_long_ago(self):
        self._post(self.lamp, "refuse", refusal="price")
        self._offers().rest_until = self.today
        self.assertEqual(self._names(), ["Lamp", "Chair"])
        self._post(self.lamp, "ask")
        self.assertRecordValues(self._offers(), [
            {"state": "offered", "refusal": False, "date_asked": self.today},
        ])
        self.assertEqual(len(self._leads()), 1)

    def test_nobody_sells_to_them(self):
        """The opportunity is nobody's, and not that of the customer."""
        (self.mill | self.anna.partner_id).user_id = False
        self._post(self.lamp, "ask")
        self.assertFalse(self._leads().user_id)
        self._post(self.chair, "refuse", refusal="need")
        self.assertEqual(set(self._offers().mapped("state")), {"offered", "refused"})
        self.assertFalse(self._offers().user_id)

    def test_salesperson_elsewhere(self):
        elsewhere = self._make_company("Offer Far Company")
        (self.mill | self.anna.partner_id).user_id = new_test_user(
            self.env, "offer_far", groups="sales_team.group_sale_salesman", company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        self._post(self.lamp, "ask")
        self.assertFalse(self._leads().user_id)

    def test_refused(self):
        html = self._post(self.lamp, "refuse", refusal="supplier")
        self.assertIn("Thank you for telling us.", html)
        self.assertEqual(self._names(html), ["Chair"])
        self.assertRecordValues(self._offers(), [{
            "partner_id": self.mill.id, "product_id": self.lamp.id, "state": "refused", "refusal": "supplier",
            "note": "offer_anna said so on the portal.", "rest_until": self._day(-365), "user_id": self.seller.id,
            "date_asked": False,
        }])
        self.assertFalse(self._leads())
        self.assertNotIn(self.lamp.id, [one.product_id for one in self._best_of(self.mill)])

    def test_refused_without_a_reason(self):
        for refusal in ("", "nonsense", "state"):
            self.assertIn("Please choose a reason", self._post(self.lamp, "refuse", refusal=refusal))
        self.assertFalse(self._offers())

    def test_bought_after_all(self):
        self._post(self.lamp, "ask")
        self._buy(self.mill, self.lamp, ago=0)
        self.offers._note_taken(self.company)
        html = self._page()
        self.assertNotIn("You asked for an offer", html)
        self.assertEqual(self._names(html), ["Chair"])

    def test_too_many_answers(self):
        self.env["ir.config_parameter"].set_param("crm_customer_value.limit_account_offer", "1")
        self._post(self.lamp, "refuse", refusal="need")
        self._post(self.chair, "ask")
        self.assertEqual(self._offers().product_id, self.lamp)

    # ---- attacks -------------------------------------------------------------------------------

    def test_what_is_not_shown_to_them(self):
        """Not of another customer, not of another company, not unknown: all are answered alike."""
        far = self._make_company("Offer Far Company")
        hidden, single = self._products("Hidden", "Single")
        foreign = self._products("Foreign", company_id=far.id)
        self._together(6, self.desk, hidden)
        self._together(1, self.desk, single)
        self._publish(single | foreign)
        self._night()
        self.assertEqual(self._names(), ["Lamp", "Chair"])
        for product in (hidden, single, foreign, self.rug, self.desk, 0, 2**31 - 1, 2**31, 10**20):
            for way in ("ask", "refuse"):
                html = self._post(product, way, refusal="need")
                self.assertIn("This is no longer here.", html)
                for name in ("Hidden", "Single", "Foreign"):
                    self.assertNotIn(name, html)
        self.assertFalse(self._offers())
        self.assertFalse(self._leads())

    def test_offers_of_others(self):
        """Bob has no desk: the lamp is not his to ask for, and what Anna asked for is not his to read."""
        self._post(self.lamp, "ask")
        self._login(self.bob)
        self.assertNotIn("Lamp", self._page())
        self.assertIn("This is no longer here.", self._post(self.lamp, "ask"))
        self.assertIn("This is no longer here.", self._post(self.lamp, "refuse", refusal="need"))
        self.assertRecordValues(self._offers(), [{"state": "offered", "partner_id": self.mill.id}])
        self.assertEqual(len(self._leads()), 1)

    def test_another_company(self):
        """What they bought there, and what goes with it there, is told there."""
        far = self._make_company("Offer Far Company")
        far.offer_portal = True
        self.anna.write({"company_ids": [Command.link(far.id)], "company_id": far.id})
        self.assertEqual(self._names(), [])
        self.assertIn("This is no longer here.", self._post(self.lamp, "ask"))
        self.assertFalse(self._offers())

    def test_forged_fields(self):
        """What a form brings beside its own fields is never looked at."""
        self._post(
            self.lamp, "ask", partner_id=str(self.rival.id), company_id="1", user_id="2", state="taken",
            expected_margin="1000",
        )
        self.assertRecordValues(self._offers(), [{
            "partner_id": self.mill.id, "company_id": self.company.id, "state": "offered", "user_id": self.seller.id,
        }])

    @mute_logger("odoo.http")
    def test_without_the_token(self):
        self.env.flush_all()
        for data in ({}, {"csrf_token": "forged"}, {"csrf_token": ""}):
            for way in ("ask", "refuse"):
                response = self.url_open(f"/my/offers/{self.lamp.id}/{way}", data={**data, "refusal": "need"})
                self.assertEqual(response.status_code, 400)
        self.assertIn(self.url_open(f"/my/offers/{self.lamp.id}/ask").status_code, (404, 405))
        self.assertFalse(self._offers())

    def test_visitors(self):
        """Whoever has not signed in is asked to."""
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/offers", allow_redirects=False).headers["Location"])
        response = self.url_open(
            f"/my/offers/{self.lamp.id}/ask", data={"csrf_token": Request.csrf_token(self)}, allow_redirects=False
        )
        self.assertIn("/web/login", response.headers["Location"])
        self.assertFalse(self._offers())

    def test_markup(self):
        """What a product is called and described with is text."""
        self.lamp.product_tmpl_id.write({"name": "<b>Lamp</b>", "description_sale": "<script>alert(1)</script>"})
        html = self._page()
        self.assertNotIn("<script>alert(1)", html)
        self.assertIn("&lt;b&gt;Lamp", html)
        self.anna.partner_id.name = "<i>Anna</i>"
        self._post(self.lamp, "ask")
        self.assertIn("&lt;i&gt;Anna&lt;/i&gt; asked", self._leads().description)
        self.assertIn("&lt;b&gt;Lamp", self._leads().description)

    def test_queries_do_not_grow(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            offers = self.env["customer.offer"]
            before = self.env.cr.sql_log_count
            offers._customer_offers(self.mill, self.company)
            return self.env.cr.sql_log_count - before

        queries()
        two = queries()
        many = self._products(*(f"Pen {number}" for number in range(4)))
        self._together(neighbours.LEAST_IN_COMMON, self.desk, *many)
        self._publish(many)
        self._night()
        self.assertEqual(len(self.env["customer.offer"]._customer_offers(self.mill, self.company)), 6)
        self.assertLessEqual(queries(), two)
