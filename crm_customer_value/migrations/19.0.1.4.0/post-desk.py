"""Complaints of before get the response times that are known.

The clock kept what was worked until the answer or the end of those that never went on afterwards; so these are exact.
The time until somebody took care is counted by the hours of work as they are today. Not known, and left empty: answer
and end of what was reopened or answered more than once, and of what had no clock; and whether once was enough, where
the customer wrote later, as that may have been mere thanks.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """Fill the response times, and let no e-mail of the past go out."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    # What the update has loaded so far is not all in the database yet.
    env.flush_all()
    _fill_acknowledge_hours(env)
    cr.execute(
        """UPDATE customer_complaint SET
                  answer_hours = CASE WHEN date_answered IS NOT NULL THEN clock_used / 3600.0 END,
                  close_hours = CASE WHEN state IN ('closed', 'rejected') AND NOT EXISTS (
                                               SELECT FROM customer_complaint_stage
                                                WHERE state = 'answered' AND clock_stops IS NOT TRUE)
                                     THEN clock_used / 3600.0 END
            WHERE clock_state = 'done' AND clock_round = 0 AND COALESCE(reopen_count, 0) = 0
              AND merged_into_id IS NULL"""
    )
    cr.execute(
        """UPDATE customer_complaint complaint SET first_contact = CASE
                  WHEN reopen_count > 0 THEN 0
                  WHEN NOT EXISTS (
                           SELECT FROM mail_message message
                            WHERE message.model = 'customer.complaint' AND message.res_id = complaint.id
                              AND message.message_type IN ('comment', 'email')
                              AND message.create_date > complaint.create_date
                              AND NOT EXISTS (
                                  SELECT FROM res_users WHERE partner_id = message.author_id AND share IS NOT TRUE))
                  THEN 100 END
            WHERE state = 'closed' AND merged_into_id IS NULL"""
    )
    # The customers whose complaints were closed lately were asked for a rating then.
    cr.execute(
        """UPDATE customer_complaint SET date_rating_asked = date_closed
            WHERE state = 'closed' AND merged_into_id IS NULL AND date_rating_asked IS NULL"""
    )
    env.invalidate_all(flush=False)


def _fill_acknowledge_hours(env):
    """Count the working hours between receipt and acknowledgement, calendar by calendar."""
    stages = env["customer.complaint.stage"].with_context(active_test=False)
    if stages.search_count([("state", "=", "received"), ("clock_stops", "=", True)], limit=1):
        # Nobody knows how long a complaint stood still before it was acknowledged.
        return
    groups = env["customer.complaint"].with_context(active_test=False)._read_group(
        [("date_acknowledged", "!=", False), ("merged_into_id", "=", False), ("clock_state", "!=", "new")],
        ["clock_calendar_id", "company_id"],
        ["date_received:min", "date_acknowledged:max"],
    )
    for calendar, company, first, last in groups:
        time = calendar.with_company(company)._customer_working_time()
        worked = time.intervals(min(first, last), last)
        env.cr.execute(SQL(
            """UPDATE customer_complaint
                  SET acknowledge_hours = COALESCE((
                          SELECT SUM(EXTRACT(EPOCH FROM LEAST(stop, date_acknowledged)
                                                      - GREATEST(start, date_received)))
                            FROM UNNEST(%s::timestamp[], %s::timestamp[]) worked (start, stop)
                           WHERE stop > date_received AND start < date_acknowledged), 0) / 3600.0
                WHERE date_acknowledged IS NOT NULL AND merged_into_id IS NULL AND clock_state != 'new'
                  AND clock_calendar_id IS NOT DISTINCT FROM %s AND company_id = %s""",
            [start for start, _stop in worked], [stop for _start, stop in worked], calendar.id or None, company.id,
        ))
