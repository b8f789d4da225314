from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestUnsubscribe(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({
            "name": "Care Reader", "email": "reader@example.com", "promotion_consent": "given",
            "promotion_consent_how": "Form",
        })
        cls.url = cls.partner._customer_care_unsubscribe_url().removeprefix(cls.partner.get_base_url())

    def _state(self):
        self.partner.invalidate_recordset()
        return self.partner.promotion_consent

    def test_looking_ends_nothing(self):
        """Programs that look at links before people do change nothing."""
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("No more news and offers?", page.text)
        self.assertEqual(self._state(), "given")

    def test_one_click(self):
        """As mail programs send it: without a page, a session or a token of a form."""
        answer = self.url_open(self.url, data={"List-Unsubscribe": "One-Click"}, allow_redirects=False)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self._state(), "withdrawn")
        self.assertEqual(self.partner.promotion_consent_how, "By the link in an e-mail")
        # Twice is as good as once.
        noted = self.partner.promotion_consent_date
        self.assertEqual(self.url_open(self.url, data={"List-Unsubscribe": "One-Click"}).status_code, 200)
        self._state()
        self.assertEqual(self.partner.promotion_consent_date, noted)

    def test_new_address_and_archived(self):
        self.partner.write({"email": "new@example.com", "active": False})
        self.assertEqual(self.url_open(self.url, data={"x": "1"}).status_code, 200)
        self.assertEqual(self._state(), "withdrawn")

    def test_language_that_was_switched_off(self):
        """Of an archived contact it may be: whoever unsubscribes is understood all the same."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.write({"lang": "fr_FR", "active": False})
        self.env["res.lang"].search([("code", "=", "fr_FR")]).active = False
        self.assertEqual(self.url_open(self.url, data={"x": "1"}).status_code, 200)
        self.assertEqual(self._state(), "withdrawn")

    def test_nobody_keeps_the_page(self):
        for url in (self.url, f"{self.url}x"):
            headers = self.url_open(url).headers
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(headers["X-Robots-Tag"], "noindex")
            self.assertIn("no-store", headers["Cache-Control"])

    def test_keys_of_others(self):
        other = self.env["res.partner"].create({"name": "Care Other"})
        token = self.url.rpartition("/")[2]
        gone = other.id + 1000000
        for url in (
            f"/customer/promotion/{other.id}/{token}", f"/customer/promotion/{self.partner.id}/wrong",
            f"/customer/promotion/{self.partner.id}/%C3%A9", f"/customer/promotion/{gone}/{token}",
        ):
            with self.subTest(url):
                self.assertEqual(self.url_open(url, data={"x": "1"}).status_code, 404)
        self.assertEqual(self._state(), "given")
        self.assertFalse(other.promotion_consent)
