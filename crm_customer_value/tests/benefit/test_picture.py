from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine.benefit import sides
from .sides_case import SidesCase


@tagged("post_install", "-at_install")
class TestPicture(SidesCase):
    """All customers in one picture: what they are worth to us, and what we are worth to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["customer.value"].concat(*(
            cls._row(
                cls._customer(f"Point {x} {y}", user), value_to_us=x, benefit_index=y, revenue_12m=revenue,
                document_owner="one", document_user_id=user.id,
            )
            for x, y, revenue, user in (
                (80.0, 70.0, 400.0, cls.own), (90.0, 20.5, 300.0, cls.colleague), (30.1, 60.0, 200.0, cls.own),
                (20.0, 10.0, 100.0, cls.own),
            )
        ))
        cls.alone = cls._row(cls._customer("No Index", cls.own), value_to_us=50.0)

    def _picture(self, user=None, domain=None, lines="median"):
        return self._as(user or self.all, self.env["customer.value"]).get_both_sides(domain, lines)

    def test_points(self):
        picture = self._picture()
        self.assertEqual((picture["count"], picture["without"], picture["company"]), (4, 1, False))
        self.assertEqual(sorted(picture["points"]), sorted(
            [row.id, row.partner_id.name, row.value_to_us, row.benefit_index, row.revenue_12m] for row in self.rows
        ))
        self.assertNotIn("cells", picture)

    def test_lines_at_the_medians(self):
        """Between 30.1 and 80 lies 55.05, up to a tenth 55.1; between 20.5 and 60 lies 40.25, so 40.3."""
        picture = self._picture()
        self.assertEqual(picture["lines"], {"x": 55.1, "y": 40.3})
        self.assertEqual(picture["quarters"], {
            "partnership": {"count": 1, "revenue": 400.0}, "leaving": {"count": 1, "revenue": 300.0},
            "give_more": {"count": 1, "revenue": 200.0}, "reconsider": {"count": 1, "revenue": 100.0},
        })

    def test_lines_at_fifty(self):
        self.rows[0].benefit_index = 49.9
        self.rows[1].benefit_index = 50.0
        picture = self._picture(lines="fixed")
        self.assertEqual(picture["lines"], {"x": 50.0, "y": 50.0})
        self.assertEqual(
            {name: quarter["count"] for name, quarter in picture["quarters"].items()},
            {"partnership": 1, "leaving": 1, "give_more": 1, "reconsider": 1},
        )
        self.assertEqual(picture["quarters"]["partnership"]["revenue"], 300.0)

    def test_lines_where_the_user_says(self):
        """At 80 and 60: who stands on a line is above it. Others keep their own."""
        settings = self._as(self.own, self.env["res.users.settings"])._find_or_create_for_user(self.own)
        settings = self._as(self.own, settings.sudo(False))
        settings.set_res_users_settings({"customer_sides_us": 80, "customer_sides_them": 60})
        picture = self._picture(self.own, lines="fixed")
        self.assertEqual(picture["lines"], {"x": 80, "y": 60})
        self.assertEqual(
            {name: quarter["count"] for name, quarter in picture["quarters"].items()},
            {"partnership": 1, "leaving": 1, "give_more": 1, "reconsider": 1},
        )
        settings.set_res_users_settings({"customer_sides_us": 81, "customer_sides_them": 61})
        self.assertEqual(
            {name: quarter["count"] for name, quarter in self._picture(self.own, lines="fixed")["quarters"].items()},
            {"partnership": 0, "leaving": 1, "give_more": 1, "reconsider": 2},
        )
        self.assertEqual(self._picture(lines="fixed")["lines"], {"x": 50, "y": 50})
        self.assertEqual(self._picture(self.own)["lines"], {"x": 55.1, "y": 40.3})
        for limit in (-1, 101):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                settings.set_res_users_settings({"customer_sides_them": limit})

    def test_quarters_are_what_they_open(self):
        """The search of a quarter finds as many as the picture counts, whatever the medians are."""
        for index, (x, y) in enumerate(((33.3, 33.4), (33.4, 33.3), (33.3, 33.3))):
            self._row(self._customer(f"Even {index}"), value_to_us=x, benefit_index=y)
        picture = self._picture()
        for name, (right, upper) in sides.QUARTERS.items():
            domain = Domain("value_to_us", ">=" if right else "<", picture["lines"]["x"]) & Domain(
                "benefit_index", ">=" if upper else "<", picture["lines"]["y"]
            )
            self.assertEqual(
                self.env["customer.value"].search_count(domain & Domain("company_id", "=", self.company.id)),
                picture["quarters"][name]["count"], name,
            )

    def test_filters(self):
        picture = self._picture(domain=[("value_to_us", ">", 50)])
        self.assertEqual((picture["count"], picture["without"]), (2, 0))
        team = self.env["crm.team"].create({
            "name": "Sides", "company_id": self.company.id, "member_ids": [(4, self.colleague.id)],
        })
        picture = self._picture(domain=[("sales_team_id", "=", team.id)])
        self.assertEqual([point[1] for point in picture["points"]], ["Point 90.0 20.5"])
        self.rows[0].value_class = "a"
        self.assertEqual(self._picture(domain=[("value_class", "=", "a")])["count"], 1)
        self.assertEqual(self._picture(domain=[("industry_id", "=", self.industry.id)])["count"], 4)

    def test_nobody(self):
        picture = self._picture(domain=[("value_to_us", ">", 99)])
        self.assertEqual((picture["count"], picture["points"]), (0, []))
        self.assertEqual(picture["lines"], {"x": 50.0, "y": 50.0})

    def test_cells(self):
        """Above the limit cells are counted: 0 up to 4, and the last one up to 100."""
        self.rows[0].write({"value_to_us": 100.0, "benefit_index": 100.0})
        self._row(self._customer("Edge"), value_to_us=96.0, benefit_index=99.9)
        self._row(self._customer("Zero"), value_to_us=0.0, benefit_index=3.9)
        with patch.object(sides, "POINTS_UP_TO", 5):
            picture = self._picture()
        self.assertNotIn("points", picture)
        self.assertEqual(picture["cell"], 4)
        self.assertEqual(
            [tuple(cell) for cell in picture["cells"]],
            [(0, 0, 1), (20, 8, 1), (28, 60, 1), (88, 20, 1), (96, 96, 2)],
        )

    def test_revenue_that_may_be_seen(self):
        """A point of a colleague's customer has no size, and its revenue is in no sum."""
        picture = self._picture(self.own)
        self.assertEqual(picture["count"], 4)
        self.assertEqual(
            {point[1]: point[4] for point in picture["points"]},
            {"Point 80.0 70.0": 400.0, "Point 90.0 20.5": False, "Point 30.1 60.0": 200.0, "Point 20.0 10.0": 100.0},
        )
        self.assertEqual(picture["quarters"]["leaving"], {"count": 1, "revenue": False})

    def test_hidden_fields_are_no_filters(self):
        """Nor can hidden revenue be found by a filter."""
        with self.assertRaises(AccessError):
            self._picture(self.own, domain=[("revenue_12m", ">", 250)])
        names = [point[1] for point in self._picture(self.own, domain=[("shown_revenue_12m", ">", 250)])["points"]]
        self.assertEqual(names, ["Point 80.0 70.0"])

    def test_other_companies(self):
        other = self._make_company("Elsewhere")
        self.env["customer.value"].create({
            "company_id": other.id, "partner_id": self.customer.id, "value_to_us": 1.0, "benefit_index": 1.0,
        })
        self.assertEqual(self._picture()["count"], 4)
        self.all.company_ids |= other
        values = self.env["customer.value"].with_user(self.all).with_context(
            allowed_company_ids=[other.id, self.company.id]
        )
        picture = values.get_both_sides()
        self.assertEqual((picture["count"], picture["company"]), (1, "Elsewhere"))

    def test_rights(self):
        for user in (self.agent, self.clerk):
            with self.assertRaises(AccessError):
                self._picture(user)

    def test_choice_is_kept(self):
        settings = self._as(self.own, self.env["res.users.settings"])._find_or_create_for_user(self.own)
        self._as(self.own, settings.sudo(False)).set_res_users_settings({"customer_sides_lines": "fixed"})
        self.assertEqual(settings._res_users_settings_format()["customer_sides_lines"], "fixed")
