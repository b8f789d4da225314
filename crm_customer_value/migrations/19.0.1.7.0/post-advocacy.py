"""What customers do by recommending us is a part of the value index from this version on.

Nobody was brought by anybody yet, so that no number moves: versions in force and drafts get the weight that a new
policy has, without a new version.
"""

from odoo import SUPERUSER_ID, api

PART, WEIGHT = "advocacy", 5


def migrate(cr, version):
    """Give policies their line, fill the new columns, and have everybody compared by what customers brought."""
    if not version:
        return
    cr.execute(
        """INSERT INTO customer_value_policy_weight
                  (policy_id, part, weight, create_uid, create_date, write_uid, write_date)
           SELECT policy.id, %(part)s, %(weight)s, policy.write_uid, NOW() AT TIME ZONE 'UTC',
                  policy.write_uid, NOW() AT TIME ZONE 'UTC'
             FROM customer_value_policy policy
            WHERE policy.state IN ('active', 'draft')
              AND NOT EXISTS (SELECT 1 FROM customer_value_policy_weight line
                               WHERE line.policy_id = policy.id AND line.part = %(part)s)
            ORDER BY policy.id""",
        {"part": PART, "weight": WEIGHT},
    )
    # As the next recompute would: else it would write every row.
    cr.execute(
        """UPDATE customer_value
              SET has_advocacy_score = FALSE, advocacy_evidence = 0, brought_count = 0, promoter_count = 0,
                  advocacy_points = CASE WHEN value_index IS NOT NULL THEN 0 END"""
    )
    cr.execute(
        """UPDATE customer_value_snapshot
              SET has_advocacy_score = FALSE, advocacy_points = CASE WHEN value_index IS NOT NULL THEN 0 END"""
    )
    # What an interrupted run gathered lacks these columns: it begins anew. And the last full run did not find what
    # customers brought so far, which those that were brought are compared with.
    cr.execute("UPDATE customer_value_run SET state = 'queued', progress = 0 WHERE state = 'running'")
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["customer.value.run"]._enqueue(env["res.company"].search([]))
