import math

import psycopg2.errors

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.benefit import gain_sql


class CustomerBenefitRecord(models.Model):
    """A metric that changes gives all that was measured with it another gain: hundreds of thousands at once."""

    _inherit = "customer.benefit.record"

    def _follow_metric(self, metric, *, check_again):
        """Find the gain of everything that was measured with a metric anew, and what counts of it.

        The formulas are those of ``_compute_gain`` and ``_compute_counts``. To be called as superuser.

        :param bool check_again: that values are right was said of another unit, so that somebody has to say it again
        :raise ValidationError: if a gain is too large to be meant
        """
        self.env.flush_all()
        units = metric._units()
        measured = self.with_context(active_test=False)._read_group(
            Domain("metric_id", "=", metric.id), ["company_id"], ["unit:array_agg_distinct"]
        )
        goals = set()
        for company, written in measured:
            same = [unit or "" for unit in written if (unit or "").strip().casefold() in units]
            goals.update(self._update_gains(metric, company, same, check_again))
        # Their customers were marked when the metric was written.
        self._follow_bulk([], goals)

    def _update_gains(self, metric, company, units, check_again):
        """Write the gains of a metric in one statement, and return the ids of goals of which other records count now.

        :param list units: those of records that mean the unit of the metric
        """
        improvement = gain_sql.improvement_sql(
            SQL("record.value"), SQL("record.baseline"), SQL("metric.direction = 'lower'")
        )
        query = SQL(
            """WITH rated AS MATERIALIZED (
                SELECT asked.date_to, %(rate)s AS rate
                  FROM (SELECT DISTINCT date_to FROM customer_benefit_record
                         WHERE company_id = %(company)s AND metric_id = %(metric)s) asked
            ), found AS MATERIALIZED (
                SELECT record.id, record.state, record.counts AS counted, %(gain)s AS gain,
                       CASE WHEN record.overlap_id IS NOT NULL THEN 'overlap' ELSE %(doubt)s END AS doubt,
                       COALESCE(record.is_checked, FALSE) AND NOT %(check_again)s AS is_checked
                  FROM customer_benefit_record record
                  JOIN customer_benefit_metric metric ON metric.id = record.metric_id
                  JOIN rated ON rated.date_to = record.date_to
                 WHERE record.company_id = %(company)s AND record.metric_id = %(metric)s
            ), fresh AS MATERIALIZED (
                SELECT found.*, state <> 'contested' AND gain IS NOT NULL AND (doubt IS NULL OR is_checked) AS counts
                  FROM found
            ), written AS (
                UPDATE customer_benefit_record record
                   SET gain = fresh.gain, doubt = fresh.doubt, counts = fresh.counts, is_checked = fresh.is_checked,
                       check_user_id = CASE WHEN fresh.is_checked THEN record.check_user_id END,
                       write_uid = %(user)s, write_date = %(now)s
                  FROM fresh
                 WHERE record.id = fresh.id AND record.company_id = %(company)s AND record.metric_id = %(metric)s
                   AND (record.gain, record.doubt, record.counts, COALESCE(record.is_checked, FALSE))
                       IS DISTINCT FROM (fresh.gain, fresh.doubt, fresh.counts, fresh.is_checked)
                RETURNING record.goal_id, record.counts IS DISTINCT FROM fresh.counted AS is_other
            )
            SELECT DISTINCT goal_id FROM written WHERE is_other AND goal_id IS NOT NULL""",
            company=company.id, metric=metric.id, check_again=check_again, user=self.env.uid, now=self.env.cr.now(),
            rate=gain_sql.rate_sql(
                SQL("%s::integer", metric.currency_id.id), SQL("%s::integer", company.currency_id.id),
                SQL("asked.date_to"), SQL("%s::integer", company.root_id.id),
            ),
            gain=gain_sql.gain_sql(
                improvement, SQL("metric.money_per_unit"),
                gain_sql.periods_sql(SQL("metric.period"), SQL("record.date_from"), SQL("record.date_to")),
                SQL("rated.rate"), SQL("%s::numeric", str(company.currency_id.rounding)),
            ),
            doubt=gain_sql.doubt_sql(
                SQL("record.value"), SQL("record.baseline"), improvement,
                SQL("COALESCE(record.unit, '') = ANY(%s)", units), SQL("metric.typical_min"), SQL("metric.typical_max"),
            ),
        )
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(query, log_exceptions=False)
                return [goal_id for (goal_id,) in self.env.cr.fetchall()]
        except psycopg2.errors.CheckViolation:
            # The database refuses such a number; this says it as for a number that is entered.
            self._fields["gain"]._check_number(math.inf, self)
            raise
