"""When customers and we were last in touch, from what Odoo knows anyway and from logged contacts.

What customers wrote: messages and e-mails whose author is one of their contacts. What we wrote: messages and e-mails of
our people that went to one of their contacts by e-mail. Automatic e-mails are of other types, or of nobody of us, and
count for nothing. A meeting that is over was with everybody who did not decline. It is a contact of both sides, as is a
logged one where people met. A call is an activity of that kind that was marked as done.

Messages are many and wide. Of a customer who is new or has changed, all of them are looked up by the indexes of Odoo,
contact after contact. Of everybody else, the night reads only those that have come since the run before, and keeps the
later day.
"""

from typing import NamedTuple

from odoo.tools import SQL

# Columns of customer_value that are written.
COLUMNS = (
    "last_contact_by_us", "last_contact_by_them", "last_written_by_us", "last_written_by_them", "is_written_known",
)
WRITTEN = ("comment", "email")
# Who is on the way, or has arrived: the others have bounced or were never sent.
SENT = ("ready", "process", "pending", "sent")
# So many messages before the last one that a run saw are read again: whoever wrote them may have committed later.
READ_AGAIN = 10_000


class Seen(NamedTuple):
    """The last message and the last notification that a run found."""

    message: int
    notification: int


SEEN_SQL = SQL(
    "SELECT COALESCE((SELECT MAX(id) FROM mail_message), 0), COALESCE((SELECT MAX(id) FROM mail_notification), 0)"
)


def refresh_sql(scope, documents, now, uid, seen=None):
    """Return the statement that writes the dates of the scope's customers, changed ones only, and returns their ids.

    :param FactScope scope: of which customers
    :param dict documents: {model: table} of what calls are made about; each has a ``partner_id`` and a ``company_id``
    :param datetime now: in UTC; a meeting that goes on has not taken place yet
    :param int uid: who is noted as the writer
    :param Seen seen: what the run before had seen; None: every message is looked up
    """
    return SQL(
        """WITH known AS MATERIALIZED (
               SELECT v.id, v.partner_id, v.last_written_by_us, v.last_written_by_them,
                      %(resumed)s AND v.is_written_known IS TRUE AS resumed
                 FROM customer_value v WHERE v.company_id = %(company)s AND %(partners)s
           ), staff AS MATERIALIZED (
               SELECT partner_id FROM res_users WHERE share IS NOT TRUE AND id <> 1
           ), contact AS MATERIALIZED (
               SELECT person.id, known.partner_id AS customer_id, known.resumed
                 FROM known
                 JOIN res_partner person ON person.commercial_partner_id = known.partner_id
                WHERE person.partner_share IS NOT FALSE
           ), written AS (
               SELECT customer_id, MAX(by_us) AS by_us, MAX(by_them) AS by_them
                 FROM (SELECT partner_id AS customer_id, last_written_by_us AS by_us, last_written_by_them AS by_them
                         FROM known WHERE resumed
                        UNION ALL
                       SELECT customer_id, %(sent)s, %(received)s FROM contact WHERE NOT resumed
                       %(new)s) message
                GROUP BY customer_id
           ), touched AS (
               SELECT customer_id, by_us, by_them FROM written
                UNION ALL
               SELECT contact.customer_id, %(day)s, %(day)s FROM contact
                 JOIN calendar_event_res_partner_rel guest ON guest.res_partner_id = contact.id
                 JOIN calendar_event event ON event.id = guest.calendar_event_id
                WHERE event.active AND event.stop <= %(now)s AND %(over)s
                  AND NOT EXISTS (
                      SELECT 1 FROM calendar_attendee attendee
                       WHERE attendee.event_id = event.id AND attendee.partner_id = contact.id
                         AND attendee.state = 'declined')
                UNION ALL
               SELECT customer_id, day, NULL FROM (%(called)s) called
                UNION ALL
               SELECT log.commercial_partner_id,
                      CASE WHEN log.direction IN ('out', 'both') THEN %(log_day)s END,
                      CASE WHEN log.direction IN ('in', 'both') THEN %(log_day)s END
                 FROM customer_contact_log log
                 JOIN known ON known.partner_id = log.commercial_partner_id
                WHERE log.company_id = %(company)s AND %(log_until)s
           ), last AS (
               SELECT customer_id, MAX(by_us) AS by_us, MAX(by_them) AS by_them FROM touched GROUP BY customer_id
           ), found AS (
               SELECT known.id, last.by_us, last.by_them, written.by_us AS written_by_us,
                      written.by_them AS written_by_them
                 FROM known
                 LEFT JOIN last ON last.customer_id = known.partner_id
                 LEFT JOIN written ON written.customer_id = known.partner_id
           )
           UPDATE customer_value v
              SET last_contact_by_us = found.by_us, last_contact_by_them = found.by_them,
                  last_written_by_us = found.written_by_us, last_written_by_them = found.written_by_them,
                  is_written_known = TRUE, write_uid = %(uid)s, write_date = NOW() AT TIME ZONE 'UTC'
             FROM found
            WHERE v.id = found.id
              AND (v.last_contact_by_us, v.last_contact_by_them, v.last_written_by_us, v.last_written_by_them,
                   v.is_written_known)
                  IS DISTINCT FROM (found.by_us, found.by_them, found.written_by_us, found.written_by_them, TRUE)
        RETURNING v.id""",
        resumed=seen is not None,
        company=scope.company_id,
        partners=scope.partners(SQL("v.partner_id")),
        sent=_sent_sql(scope),
        received=_received_sql(scope),
        new=_new_sql(scope, seen) if seen else SQL(),
        day=SQL("CASE WHEN event.allday THEN event.start_date ELSE %s END", scope.day(SQL("event.start"))),
        now=now,
        over=scope.until(SQL("event.stop")),
        called=_called_sql(scope, documents),
        log_day=scope.day(SQL("log.date")),
        log_until=scope.until(SQL("log.date")),
        uid=uid,
    )


def _written_sql(scope):
    """SQL condition: a message ``m`` was written by somebody, not by a program, in the scope's company."""
    return SQL(
        """(m.message_type = ANY(%(types)s) AND m.is_internal IS NOT TRUE AND %(until)s
            AND (m.record_company_id IS NULL OR m.record_company_id = %(company)s))""",
        types=list(WRITTEN), until=scope.until(SQL("m.date")), company=scope.company_id,
    )


def _received_sql(scope):
    """SQL: the day on which ``contact`` last wrote."""
    return scope.day(SQL(
        "(SELECT MAX(m.date) FROM mail_message m WHERE m.author_id = contact.id AND %s)", _written_sql(scope)
    ))


def _sent_sql(scope):
    """SQL: the day on which one of us last wrote to ``contact``."""
    return scope.day(SQL(
        "(SELECT MAX(%s) FROM mail_notification n WHERE n.res_partner_id = contact.id AND %s)",
        _mailed_sql(scope), _gone_sql(),
    ))


def _mailed_sql(scope):
    """SQL: when the message of notification ``n`` was written, if one of us wrote it.

    A subquery looks it up by its number, where a join could read all messages there are.
    """
    return SQL(
        """(SELECT m.date FROM mail_message m
             WHERE m.id = n.mail_message_id AND m.author_id = ANY(ARRAY(SELECT partner_id FROM staff)) AND %s)""",
        _written_sql(scope),
    )


def _gone_sql():
    """SQL condition: notification ``n`` went out by e-mail, and did not come back."""
    return SQL("(n.notification_type = 'email' AND n.notification_status = ANY(%s))", list(SENT))


def _new_sql(scope, seen):
    """SQL: the days of what was written since a run, to be added by UNION ALL: customer_id, by_us, by_them."""
    return SQL(
        """UNION ALL
           SELECT contact.customer_id, NULL, %(day)s
             FROM mail_message m JOIN contact ON contact.id = m.author_id AND contact.resumed
            WHERE m.id > %(message)s AND %(written)s
            UNION ALL
           SELECT contact.customer_id, %(sent)s, NULL
             FROM mail_notification n
             JOIN contact ON contact.id = n.res_partner_id AND contact.resumed
            WHERE n.id > %(notification)s AND %(gone)s""",
        day=scope.day(SQL("m.date")),
        message=seen.message - READ_AGAIN,
        notification=seen.notification - READ_AGAIN,
        sent=scope.day(_mailed_sql(scope)),
        gone=_gone_sql(),
        written=_written_sql(scope),
    )


def _called_sql(scope, documents):
    """SQL: the calls with each contact that were made, one row each: customer_id, day."""
    calls = [SQL("SELECT contact.customer_id, contact.id AS document_id, 'res.partner' AS model FROM contact")]
    calls += [
        SQL(
            """SELECT contact.customer_id, document.id AS document_id, %s AS model FROM contact
                 JOIN %s document ON document.partner_id = contact.id
                WHERE document.company_id IS NULL OR document.company_id = %s""",
            model, SQL.identifier(table), scope.company_id,
        )
        for model, table in documents.items()
    ]
    return SQL(" UNION ALL ").join(
        SQL(
            """SELECT called.customer_id, activity.date_done AS day
                 FROM (%s) called
                 JOIN mail_activity activity ON activity.res_id = called.document_id
                                            AND activity.res_model = called.model
                 JOIN mail_activity_type kind ON kind.id = activity.activity_type_id
                WHERE kind.category = 'phonecall' AND activity.active IS NOT TRUE AND activity.date_done <= %s""",
            documents_of_contact, scope.as_of,
        )
        for documents_of_contact in calls
    )
