from datetime import datetime, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.benefit import res_company_retention
from .privacy_case import PrivacyCase

MONTHS = {"contact_retention_months": 24, "feedback_retention_months": 24, "care_retention_months": 24}


@tagged("post_install", "-at_install")
class TestCareRetention(PrivacyCase):
    """Old contacts, answers and acts of care are deleted at night, as far as the settings say, and never without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first_kept = fields.Date.context_today(cls.company) - relativedelta(months=24)
        days = (cls.today - first_kept).days
        # Of the last day that goes, and of the first day that stays.
        cls.old = cls._keep(cls.anna, days=days + 1, occasion="old")
        cls.edge = cls._keep(cls.anna, days=days, occasion="edge")
        cls.far_old = cls._keep(cls.anna, cls.far, days=days + 1, occasion="old")
        cls.yearly = cls._keep(cls.bert, days=days + 1, occasion="yearly")["customer.life.event"]
        cls.yearly.is_yearly = True
        notes = (cls.old["customer.contact.note"], cls.edge["customer.contact.note"])
        for note in notes:
            note.active = False
        cls._age(cls.old["customer.contact.note"], "write_date", first_kept - timedelta(days=1))
        cls.unanswered, cls.waiting = cls.env["customer.feedback"].sudo().create([
            {
                "company_id": cls.company.id, "partner_id": cls.anna.id, "scale": "csat", "about": "company",
                "state": state,
            }
            for state in ("expired", "waiting")
        ])
        for question in (cls.unanswered, cls.waiting):
            cls._age(question, "create_date", first_kept - timedelta(days=1))

    @classmethod
    def _age(cls, record, column, day):
        record.flush_recordset()
        cls.env.cr.execute(SQL(
            "UPDATE %s SET %s = %s WHERE id = %s", SQL.identifier(record._table), SQL.identifier(column),
            datetime.combine(day, datetime.min.time()), record.id,
        ))
        record.invalidate_recordset([column])

    def _night(self):
        return self.env["res.company"]._gc_benefit()

    def test_nothing_without_a_setting(self):
        self._night()
        for kept in (self.old, self.far_old):
            self.assertEqual(self._left(kept), set(kept))

    def test_each_setting_deletes_its_own(self):
        """And says so before, also with another number than that of today; other companies keep theirs."""
        contacts = {"customer.contact.log", "customer.contact.note", "customer.life.event"}
        settings = self.env["res.config.settings"].new(MONTHS)
        self.assertEqual(
            (settings.contact_retention_text, settings.feedback_retention_text, settings.care_retention_text),
            (
                # Two old logs, Bert's too; one old event, because the other one comes back; one archived note.
                "The next night deletes 2 contacts, 1 events and 1 archived notes.",
                "The next night deletes 3 questions and answers.",
                "The next night deletes 2 acts of care.",
            ),
        )
        left = set(self.old)
        for name, models, number in (
            ("contact_retention_months", contacts, 4), ("feedback_retention_months", {"customer.feedback"}, 3),
            ("care_retention_months", {"customer.care.log"}, 2),
        ):
            self.company[name] = MONTHS[name]
            self.assertEqual(self._night(), (number, 0), name)
            left -= models
            self.assertEqual(self._left(self.old), left, name)
        for kept in (self.edge, self.kept, self.others, self.far_old):
            self.assertEqual(self._left(kept), set(kept))
        self.assertTrue(self.yearly.exists() and self.waiting.exists())
        self.assertFalse(self.unanswered.exists())
        settings = self.env["res.config.settings"].new(dict.fromkeys(MONTHS, 0))
        self.assertEqual(settings.care_retention_text, "Everything is kept.")

    def test_in_batches(self):
        self.company.contact_retention_months = 24
        with patch.object(res_company_retention, "AT_ONCE", 1):
            self.assertEqual(self._night(), (3, 1))
            self.assertEqual(self._night(), (1, 0))
        self.assertEqual(self._night(), (0, 0))

    def test_bad_numbers(self):
        """Acts of care are kept for more than a year: else there would be two for one birthday."""
        for name, number in (
            ("contact_retention_months", -1), ("feedback_retention_months", -1), ("care_retention_months", -1),
            ("care_retention_months", 12),
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.company[name] = number
                self.env.flush_all()
            self.env.invalidate_all(flush=False)
        self.company.care_retention_months = 13
        self.env.flush_all()
