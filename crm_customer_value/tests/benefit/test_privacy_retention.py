from datetime import datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .import_case import BenefitImportCase


@tagged("post_install", "-at_install")
@freeze_time("2025-06-15 10:00:00")
class TestPrivacyRetention(BenefitImportCase):
    """Old data is deleted at night, as far as the setting says, and never without it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.env["customer.need.type"].create({"name": "Quiet Nights", "dimension": "emotional"})
        cls.old = cls._record(date_from="2023-05-01", date_to="2023-06-14")
        cls.kept = cls._record(date_from="2023-06-15", date_to="2023-06-15")
        cls.open, cls.refused, cls.archived = cls.env["customer.need"].create([
            {
                "company_id": cls.company.id, "partner_id": cls.ann.id, "type_id": cls.type.id, "date": "2023-01-01",
                "state": state, "active": active,
            }
            for state, active in (("open", True), ("not_for_us", True), ("open", False))
        ])
        cls.goals = cls._goal(date_start="2022-01-01", date_target="2022-12-31") | cls._goal(
            date_start="2022-01-01", date_target="2022-12-31", active=False,
        )
        cls._age(cls.archived | cls.open, cls.goals)

    @classmethod
    def _age(cls, *recordsets):
        """Make records last changed two and a half years ago."""
        for records in recordsets:
            records.flush_recordset()
            cls.env.cr.execute(SQL(
                "UPDATE %s SET write_date = %s WHERE id = ANY(%s)", SQL.identifier(records._table),
                datetime(2022, 12, 31), records.ids,
            ))
            records.invalidate_recordset(["write_date"])

    def _left(self):
        return [bool(record.exists()) for record in (
            self.old, self.kept, self.open, self.refused, self.archived, *self.goals,
        )]

    def test_nothing_without_a_setting(self):
        self.env["res.company"]._gc_benefit()
        self.assertEqual(self._left(), [True] * 7)

    def test_what_is_deleted(self):
        self.company.benefit_retention_months = 24
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(
            settings.benefit_retention_text, "The next night deletes 1 measurements, 1 archived goals and 2 needs."
        )
        self.assertEqual(self.env["res.company"]._gc_benefit(), (4, 0))
        self.assertEqual(self._left(), [False, True, True, False, False, True, False])

    def test_lately_archived_stays(self):
        """A goal or need that is old, but was archived this week, is kept for its time."""
        self.company.benefit_retention_months = 24
        later = self._goal(date_start="2022-01-01", date_target="2022-12-31", active=False)
        self.open.active = False
        self.env.flush_all()
        self.env["res.company"]._gc_benefit()
        self.assertTrue(later.exists())
        self.assertTrue(self.open.exists())

    def test_what_is_not_over_stays(self):
        """A goal whose day is still to come, given up or not, and a need that is not for us since yesterday."""
        self.company.benefit_retention_months = 24
        aimed = self._goal(date_start="2022-01-01", date_target="2025-12-31", active=False)
        with freeze_time("2025-06-14 10:00:00"):
            self.open.state = "not_for_us"
        self._age(self.open, aimed)
        self.env["res.company"]._gc_benefit()
        self.assertTrue(aimed.exists())
        self.assertTrue(self.open.exists())

    def test_preview_of_another_number(self):
        settings = self.env["res.config.settings"].new({"benefit_retention_months": 12})
        self.assertIn("2 measurements", settings.benefit_retention_text)
        settings = self.env["res.config.settings"].new({"benefit_retention_months": 0})
        self.assertEqual(settings.benefit_retention_text, "Everything is kept.")
        for model, domain in self.company._benefit_expired(0).items():
            self.assertFalse(self.env[model].with_context(active_test=False).search(domain))

    def test_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.company.benefit_retention_months = -1
            self.env.flush_all()

    def test_another_company(self):
        other = self._make_company("Keeps Nothing")
        other.benefit_retention_months = 1
        self.env["res.company"]._gc_benefit()
        self.assertEqual(self._left(), [True] * 7)
