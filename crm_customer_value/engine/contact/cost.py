"""What the contacts with a customer cost, as a measure."""

from odoo.tools import SQL

from ..fact.facts import is_amount_sql
from ..fact.measures import Measure

# NULL where nobody logged a contact, or nobody knows what one cost.
COLUMNS = {"amount_contacts": "numeric", "amount_contacts_before": "numeric"}


def measure(scope):
    """Return the measure of what logged contacts cost in the window, and in the one before.

    They count for the customer with whom they were: who goes to another company later leaves them behind.
    """
    return Measure(COLUMNS, SQL(
        """SELECT log.commercial_partner_id AS partner_id,
                  SUM(log.cost) FILTER (WHERE log.date >= %(start)s) AS amount_contacts,
                  SUM(log.cost) FILTER (WHERE log.date < %(start)s) AS amount_contacts_before
             FROM customer_contact_log log
            WHERE log.company_id = %(company)s AND log.date >= %(earlier)s AND %(until)s AND %(partners)s AND %(paid)s
            GROUP BY log.commercial_partner_id""",
        company=scope.company_id,
        start=scope.moment(scope.window_start),
        earlier=scope.moment(SQL("(%s - %s)", scope.window_start, scope.window_days)),
        until=scope.until(SQL("log.date")),
        partners=scope.partners(SQL("log.commercial_partner_id")),
        paid=is_amount_sql(SQL("log.cost")),
    ))
