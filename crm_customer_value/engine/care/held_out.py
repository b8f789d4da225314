"""Who is held out: care does not reach them, so that they show what happens without it.

Who it is follows from the company and the customer alone, so that the same customers are held out of all rules, and
tonight those of last night.
"""

from hashlib import md5

from odoo.tools import SQL

# Fewer customers are all cared for.
FEWEST_CUSTOMERS = 200
PARTS = 10000


def place(company_id, partner_id):
    """Return where a customer stands in their company, from 0 up to 1: see :func:`place_sql`."""
    return int(md5(f"{company_id}:{partner_id}".encode(), usedforsecurity=False).hexdigest()[:7], 16) % PARTS / PARTS


def place_sql(company_id, partner_id):
    """Return the SQL of where a customer stands in their company, from 0 up to 1; they are held out below the share.

    :param SQL partner_id: the commercial partner
    """
    return SQL(
        "(('x' || LEFT(MD5(%s::text || ':' || %s), 7))::bit(28)::int %% %s)::numeric / %s",
        company_id, partner_id, PARTS, PARTS,
    )
