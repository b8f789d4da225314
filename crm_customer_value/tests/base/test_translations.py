import io
import re
from collections import Counter

import polib
from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import CodeTranslations, trans_export

from ..portal_case import PortalCase
from .customer_texts import ADDON, LANGUAGES, MODULE, CustomerTexts

# The installed language that reads each .po file.
CODES = {
    "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "nl": "nl_NL", "it": "it_IT", "pt": "pt_PT", "pt_BR": "pt_BR",
    "zh_CN": "zh_CN", "zh_TW": "zh_TW", "uk": "uk_UA",
}
UNTRANSLATED = "ja_JP"
INSTALLED = {**CODES, UNTRANSLATED: UNTRANSLATED}
SCRIPT_TEXT = "%(names)s: each file may have at most %(size)s. Please choose again."
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}")
TAG = re.compile(r"<[^>]+>")


def translations(language):
    return polib.pofile(str(ADDON / "i18n" / f"{language}.po"))


def texts_of(language):
    """Return {text: translation} of a .po file."""
    return {entry.msgid: entry.msgstr for entry in translations(language)}


@tagged("post_install", "-at_install")
class TestTranslationFiles(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(None, [MODULE], exported, "po", cls.env)
        customer = CustomerTexts()
        cls.wanted = {
            entry.msgid for entry in polib.pofile(exported.getvalue().decode()) if customer.occurrences(entry)
        }

    def test_customers_read_all_in_their_language(self):
        self.assertGreater(len(self.wanted), 250)
        for language in LANGUAGES:
            with self.subTest(language=language):
                known = {entry.msgid for entry in translations(language) if entry.msgstr and not entry.fuzzy}
                self.assertEqual(sorted(self.wanted - known), [], "not translated")
                self.assertEqual(sorted(known - self.wanted), [], "not for customers, or out of date")

    def test_placeholders_and_tags_are_kept(self):
        for language in LANGUAGES:
            for entry in translations(language):
                with self.subTest(language=language, text=entry.msgid[:60]):
                    for pattern in PLACEHOLDER, TAG:
                        self.assertEqual(
                            Counter(pattern.findall(entry.msgid)), Counter(pattern.findall(entry.msgstr)), entry.msgstr
                        )
                    if TAG.search(entry.msgid):
                        # Tags are closed in the order in which they were opened.
                        etree.fromstring(f"<div>{entry.msgstr}</div>")

    def test_what_scripts_say_is_marked_so(self):
        """Odoo gives browsers only what is marked as said by a script."""
        for language, code in CODES.items():
            messages = CodeTranslations().get_web_translations(MODULE, code)["messages"]
            self.assertIn({"id": SCRIPT_TEXT, "string": texts_of(language)[SCRIPT_TEXT]}, messages)


@tagged("post_install", "-at_install")
class TestTranslatedPages(PortalCase):
    """What customers read in each language; a language without a translation of ours speaks English."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in INSTALLED.values():
            cls.env["res.lang"]._activate_lang(code)
        cls.env["ir.module.module"].search([("name", "=", MODULE)])._update_translations(
            list(INSTALLED.values()), overwrite=True
        )
        cls.company.complaint_public_form = True
        cls.env["customer.voice.flood"].search([]).unlink()
        cls.suggestion = cls.env["customer.suggestion"].create({
            "name": "Smaller parcels", "description": "<p>Please</p>", "partner_id": cls.anna.partner_id.id,
            "is_public": True, "stage_id": cls.env.ref("crm_customer_value.suggestion_stage_review").id,
        })
        cls.support = cls.env["customer.suggestion.support"].create({
            "suggestion_id": cls.suggestion.id, "partner_id": cls.bob.partner_id.id,
        })
        cls.closed = cls._complaint(cls.anna.partner_id, "Lamp was dark", severity="low")
        cls.closed.stage_id = cls._stage("closed")
        cls.env.flush_all()

    def _translated(self, language, text):
        """Return a translation, or the text itself where there is none."""
        return texts_of(language)[text] if language in LANGUAGES else text

    def test_mails(self):
        """Subject and body of each e-mail, for a customer who is known and for one who is not."""
        templates = self.env["mail.template"].search([("model", "=", "customer.complaint")])
        templates = templates.filtered(lambda template: template.get_external_id()[template.id].startswith(MODULE))
        # What an answer begins with has no subject: the e-mail around it is the stage's.
        answers = templates.filtered(lambda template: not template.subject)
        templates -= answers
        self.assertEqual((len(templates), len(answers)), (5, 2))
        complaint = self.mine
        complaint.write({
            "compensation": 20.0, "remedy": "replacement", "acknowledge_deadline": "2026-12-04 17:30:00",
            "resolve_deadline": "2026-12-05 17:30:00",
        })
        stranger = self._complaint(self.env["res.partner"], "Dark", email_from="nora@nowhere.example")
        greeting = "Kind regards"
        for language, code in INSTALLED.items():
            complaint.partner_id.lang = stranger.sender_lang = code
            for template in templates:
                for record in complaint, stranger:
                    mail = template._generate_template(record.ids, ("subject", "body_html"))[record.id]
                    subject = self._translated(language, template.with_context(lang="en_US").subject)
                    start, __, end = subject.partition("{{ object._mail_number() }}")
                    self.assertEqual(mail["subject"], f"{start}{record._mail_number()}{end}")
                    self.assertNotIn("<t ", mail["body_html"])
                    self.assertEqual(greeting in mail["body_html"], language == UNTRANSLATED, template.name)
            for template in answers:
                text = template._generate_template(complaint.ids, ("body_html",))[complaint.id]["body_html"]
                self.assertEqual("We are sorry" in text, language == UNTRANSLATED, template.name)

    def test_mails_of_suggestions(self):
        for language, code in INSTALLED.items():
            (self.anna | self.bob).partner_id.lang = code
            for name, record in (("implemented", self.suggestion), ("supported", self.support)):
                template = self.env.ref(f"crm_customer_value.mail_template_suggestion_{name}")
                mail = template._generate_template(record.ids, ("subject", "body_html"))[record.id]
                subject = self._translated(language, template.with_context(lang="en_US").subject)
                self.assertEqual(mail["subject"], subject.partition("{{")[0] + "Smaller parcels")
                self.assertEqual("Kind regards" in mail["body_html"], language == UNTRANSLATED)

    def test_pages(self):
        self._login(self.anna)
        pages = {
            "/my/complaints": "New Complaint",
            "/my/complaints/new": "What went wrong?",
            self.mine.access_url: "Messages and Files",
            self.closed.access_url: "Rate Our Service",
            f"{self.closed.access_url}/rate": "How satisfied are you?",
            "/my/suggestions": "Most Supported",
            "/my/suggestions/new": "What could be better?",
            self.suggestion.access_url: "Progress",
            "/my/service": "My Service Preferences",
        }
        for language, code in INSTALLED.items():
            folder = self.env["res.lang"]._get_data(code=code).url_code
            for url, text in pages.items():
                with self.subTest(language=language, url=url):
                    response = self.url_open(f"/{folder}{url}")
                    self.assertEqual(response.status_code, 200)
                    self.assertIn(self._translated(language, text), response.text)

    def test_scripts_on_pages(self):
        """Browsers get the texts of our scripts, and those of the conversation, which are Odoo's own."""
        self.authenticate(None, None)
        for language, code in CODES.items():
            answer = self.url_open(f"/website/translations?lang={code}").json()
            messages = {message["id"]: message["string"] for message in answer["modules"][MODULE]["messages"]}
            self.assertEqual(messages[SCRIPT_TEXT], texts_of(language)[SCRIPT_TEXT])
            self.assertIn("mail", answer["modules"])

    def test_public_form_speaks_as_the_browser(self):
        """And so does the receipt, and whatever is sent before the desk knows who it was."""
        for language, code in INSTALLED.items():
            self.authenticate(None, None)
            self.opener.cookies.clear()
            self.opener.headers["Accept-Language"] = code.replace("_", "-")
            response = self._post("/complaints/new", {
                "sender": "Nora Nobody", "email": f"{code}@nowhere.example".lower(), "text": "My lamp is dark",
            })
            self.assertIn(self._translated(language, "Thank you. We have received your complaint."), response.text)
            complaint = self.env["customer.complaint"].search([], order="id desc", limit=1)
            self.assertEqual((complaint.sender_lang, complaint._mail_lang()), (code, code))

    def test_language_is_switched_off_again(self):
        """The company's language then: an unknown language must not stop an e-mail."""
        self.unassigned.sender_lang = "xx_XX"
        self.assertEqual(self.unassigned._mail_lang(), self.company.partner_id.lang)

    def test_chosen_language_is_used_at_once(self):
        self._login(self.anna)
        response = self._post("/my/service", {"lang": "de_DE"})
        self.assertEqual(self.anna.partner_id.lang, "de_DE")
        self.assertIn(texts_of("de")["My Service Preferences"], response.text)
        self.assertIn(texts_of("de")["For this portal and for our e-mails to you"], response.text)

    def test_times_of_the_customer(self):
        """17:30 UTC is 12:30 in New York, and the page says whose time it tells."""
        self.mine.stage_id = self._stage("handling")
        self.env.flush_all()
        self.mine.resolve_deadline = "2030-12-04 17:30:00"
        self.anna.partner_id.tz = "America/New_York"
        self._login(self.anna)
        for url in self.mine.access_url, "/my/complaints":
            page = self._page(url)
            self.assertRegex(page, r"12:30(:00)?\sPM")
            self.assertIn("Eastern Time", page)
