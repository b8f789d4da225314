"""To whom nothing is offered."""

from odoo.tools import SQL

from ..care.held_out import place_sql
from ..complaint.service import OPEN_STATES, SEVERE


def upset_sql(company_id, customer):
    """Return the SQL condition: the relationship is broken, or a severe complaint is open.

    :param str customer: alias of the row of res_partner of a commercial partner
    """
    return SQL(
        """(%s IS NOT NULL OR EXISTS (
                SELECT 1 FROM customer_complaint k
                 WHERE k.commercial_partner_id = %s AND k.company_id = %s AND k.active AND k.merged_into_id IS NULL
                   AND k.severity = ANY(%s) AND k.state = ANY(%s)))""",
        SQL.identifier(customer, "relationship_broken_on"), SQL.identifier(customer, "id"), company_id, list(SEVERE),
        list(OPEN_STATES),
    )


def held_out_sql(company_id, customer, share):
    """Return the SQL condition: the customer is held out. These are the same as for care; key customers never are.

    :param SQL customer: id of a commercial partner
    :param float share: which share of the customers is held out, from 0 to 1
    """
    return SQL(
        """(%(place)s < %(share)s AND NOT EXISTS (
                SELECT 1 FROM customer_value served JOIN customer_care_level level ON level.id = served.care_level_id
                 WHERE served.company_id = %(company)s AND served.partner_id = %(customer)s AND level.code = 'key'))""",
        place=place_sql(company_id, customer), share=share, company=company_id, customer=customer,
    )
