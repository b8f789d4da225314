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
