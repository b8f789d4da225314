from datetime import timedelta

from odoo.tests import tagged

from .rescue_case import RescueCase


@tagged("post_install", "-at_install")
class TestRescueRetention(RescueCase):
    def test_kept_for_some_months(self):
        """Efforts that began before the first day that is kept go; other companies keep theirs."""
        self.company.rescue_retention_months = 13
        first_day = self.company._rescue_expired(13)
        old, edge = self._effort(self._gone(), 0), self._effort(self._gone("Edge"), 0)
        limit = next(condition.value for condition in first_day.iter_conditions() if condition.field_expr == "date")
        old.date, edge.date = limit - timedelta(days=1), limit
        lead = old.lead_ids
        settings = self.env["res.config.settings"].new({"rescue_retention_months": 13})
        self.assertEqual(settings.rescue_retention_text, "The next night deletes 1 efforts.")
        self.env["res.company"]._gc_benefit()
        self.assertFalse(old.exists())
        self.assertTrue(edge.exists() and lead.exists())
        self.company.rescue_retention_months = 0
        self.assertEqual(
            self.env["res.config.settings"].new({"rescue_retention_months": 0}).rescue_retention_text,
            "Everything is kept.",
        )

    def test_longer_than_any_calendar(self):
        """Whoever enters a million months keeps everything: while typing, and at night."""
        effort = self._effort(self._gone(), 400)
        kinds = ("benefit", "contact", "feedback", "care", "rescue")
        settings = self.env["res.config.settings"].new(
            {f"{kind}_retention_months": 1_000_000 for kind in kinds}
        )
        for kind in kinds:
            self.assertIn(" 0 ", settings[f"{kind}_retention_text"], kind)
        self.company.write({f"{kind}_retention_months": 1_000_000 for kind in kinds})
        self.env["res.company"]._gc_benefit()
        self.assertTrue(effort.exists())
