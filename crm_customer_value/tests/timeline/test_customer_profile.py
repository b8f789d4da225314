import re
from datetime import date, datetime

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .timeline_case import TimelineCase

REPORT = "crm_customer_value.report_customer_profile"


@tagged("post_install", "-at_install")
class TestCustomerProfile(TimelineCase):
    """What is printed before a visit, for whom, and that it stays inside."""

    def _printed(self, user, partner=None, tz="UTC"):
        """Return the page as a tree."""
        report = self._as(user, self.env["ir.actions.report"]).with_context(tz=tz)
        self.env.flush_all()
        self.env.invalidate_all()
        content, _kind = report._render_qweb_html(REPORT, (partner or self.bakery).ids)
        return html.fromstring(content)

    def _sections(self, page):
        """Return {title: lines} of a page, white space put together."""
        return {
            " ".join(section.find("h6").text_content().split()): [
                " ".join(line.text_content().split()) for line in section.iter("tr")
            ]
            for section in page.find_class("o_customer_profile_section")
        }

    def _figures(self, page):
        return {
            cell.get("data-figure"): " ".join(cell.text_content().split())
            for cell in page.iter("td") if cell.get("data-figure")
        }

    def _all(self):
        with freeze_time("2025-03-20 12:00:00"):
            self._need()
            self._goal()
        self._note()
        self._life_event()
        self._log()
        complaint = self._complaint()
        self._order(self.bakery, date(2025, 3, 11), 120.0, state="sent", user_id=self.seller.id, name="Q1")
        level = self.env["customer.care.level"].create({
            "name": "Key", "promise": "Always the same person.", "contact_days": 30, "company_id": self.company.id,
            "active": True,
        })
        self._row(care_level_id=level.id)
        self.bakery.service_hours = "morning"
        return complaint

    def _row(self, **values):
        return self.env["customer.value"].create({
            "company_id": self.company.id, "partner_id": self.bakery.id, "value_class": "a", "value_to_us": 71.6,
            "benefit_index": 48.2, "last_purchase_date": date(2025, 3, 1), "lifecycle_stage_id": self.stages[1].id,
            "revenue_12m": 1200.0, "document_owner": "nobody", **values,
        })

    def test_what_is_printed(self):
        complaint = self._all()
        page = self._printed(self.seller)
        sections = self._sections(page)
        self.assertEqual(list(sections), [
            "What We Promised", "What to Know", "Their Life", "Who Is Who", "Last in Touch", "Open Complaints",
            "Open Quotations", "Wishes", "Needs", "Goals",
        ])
        self.assertEqual(sections["What We Promised"], ["Key Always the same person. In touch every 30 days"])
        self.assertEqual(sections["What to Know"], ["Never call before ten. Selma, 03/04/2025"])
        self.assertEqual(sections["Their Life"], ["Moved to the harbor Moved 03/03/2025"])
        self.assertEqual(sections["Who Is Who"], ["Timeline Baker Master Baker"])
        self.assertEqual(
            sections["Last in Touch"], ["Phone They want to bake more rye. They Contacted Us, 03/05/2025"]
        )
        self.assertEqual(
            sections["Open Complaints"], [f"{complaint.display_name} High Received, 03/06/2025"]
        )
        self.assertEqual(sections["Open Quotations"], ["Q1 03/11/2025 $ 120.00"])
        self.assertEqual(sections["Needs"], ["Save energy The bill is too high. Open, importance 4 of 5"])
        self.assertIn("From 90 to 60 kWh by 12/31/2025, now –", sections["Goals"][0])
        self.assertEqual(sections["Wishes"], ["When and how In the Morning"])
        figures = self._figures(page)
        self.assertEqual(list(figures)[:2], ["to_us", "to_them"])
        self.assertEqual(
            {name: figures[name] for name in ("to_us", "to_them", "class", "stage", "revenue", "last_purchase")},
            {
                "to_us": "Value to us 72", "to_them": "Value to them 48", "class": "Class A",
                "stage": "Stage Timeline Loyal", "revenue": "Revenue (period) $ 1,200.00",
                "last_purchase": "Last purchase 03/01/2025",
            },
        )

    def test_read_with_the_rights_of_who_prints(self):
        """A service agent prints no values and no quotations; a colleague nothing of another's customer."""
        self._all()
        page = self._printed(self.agent)
        self.assertEqual(self._figures(page), {})
        self.assertFalse({"Open Quotations", "What We Promised", "Needs", "What to Know"} & self._sections(page).keys())
        page = self._printed(self.colleague)
        self.assertFalse({"Open Quotations", "Needs", "What to Know"} & self._sections(page).keys())
        self.assertIn("class", self._figures(page))
        self.assertNotIn("Never call before ten", page.text_content())

    def test_hidden_amounts(self):
        self._row(document_owner="one", document_user_id=self.colleague.id)
        self.assertNotIn("revenue", self._figures(self._printed(self.seller)))
        self.assertIn("revenue", self._figures(self._printed(self.leader)))

    def test_who_may_print(self):
        customer = new_test_user(self.env, "profile_portal", groups="base.group_portal", partner_id=self.baker.id)
        for user in (self.clerk, customer):
            with self.subTest(user=user.login), self.assertRaisesRegex(AccessError, "Only employees in sales"):
                self._printed(user)
        self.kiosk.company_id = self.there
        with self.assertRaises(AccessError):
            self._printed(self.seller, self.kiosk)

    def test_two_pages_hold_it(self):
        """What is long is cut, what is many is counted."""
        for number in range(8):
            self._note(text="Long " * 100, date=date(2025, 3, 1 + number))
        page = self._printed(self.seller)
        lines = self._sections(page)["What to Know"]
        self.assertEqual(len(lines), 5)
        self.assertTrue(lines[0].endswith("… Selma, 03/08/2025"))
        self.assertLess(len(lines[0]), 250)
        self.assertIn("and 3 more", " ".join(page.text_content().split()))

    def test_nothing_known(self):
        lone = self._partner("Timeline Lone", is_company=True)
        self.assertIn("Nothing is known", self._printed(self.seller, lone).text_content())

    def test_a_contact_prints_its_customer(self):
        self._note()
        page = self._printed(self.seller, self.baker | self.bakery)
        self.assertEqual(re.sub(r"\s+", " ", page.find(".//h3").text_content()).strip(), "Timeline Bakery")
        self.assertEqual(len(page.findall(".//h3")), 1)

    def test_marked_as_internal(self):
        """On top and at the bottom of every page, and the name of the file tells nothing."""
        page = self._printed(self.seller)
        for place in ("header", "footer"):
            block = page.find(f".//div[@class='{place}']")
            self.assertIn("Internal: not for customers", block.text_content())
        report = self.env.ref("crm_customer_value.customer_profile_report")
        name = safe_eval(report.print_report_name, {"object": self.bakery})
        self.assertEqual(name, f"Profile {self.bakery.id}")
        self.assertFalse(report.attachment)

    def test_never_attached_to_an_e_mail(self):
        report = self.env.ref("crm_customer_value.customer_profile_report")
        template = self.env["mail.template"].create({
            "name": "To a customer", "model_id": self.env["ir.model"]._get_id("res.partner"),
        })
        with self.assertRaisesRegex(ValidationError, "for employees only"):
            template.report_template_ids = report
        offered = self.env["ir.actions.report"].search(
            safe_eval(template._fields["report_template_ids"].domain, {"model": "res.partner"})
        )
        self.assertNotIn(report, offered)
        self.assertTrue(self.env["ir.actions.report"].search_count([("model", "=", "res.partner")]))

    def test_moments_of_the_reader(self):
        """A complaint of 23:30 UTC came in on the next day in Berlin."""
        self._complaint(datetime(2025, 3, 6, 23, 30))
        lines = self._sections(self._printed(self.seller, tz="Europe/Berlin"))["Open Complaints"]
        self.assertTrue(lines[0].endswith("03/07/2025"), lines)
