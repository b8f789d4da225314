"""Whose documents stand behind what is known of a customer: nobody's, those of one salesperson, or of several."""

from odoo.tools import SQL

from .facts import with_commercial_partner_sql
from .measures import Measure

NOBODY, ONE, SEVERAL = "nobody", "one", "several"
COLUMNS = {"document_owner": "varchar", "document_user_id": "integer", "has_imported_purchases": "boolean"}


def measure(scope, documents, imported):
    """Return the Measure of the owners.

    All documents count, of whichever day and whatever the policy takes for purchases. Imported purchases belong to
    whoever is the customer's salesperson at the moment, so it is only noted that there are some.

    :param facts.FactScope scope: whose documents
    :param list documents: SQL of documents, each with a contact and a salesperson, in this order
    :param SQL imported: the contacts who have imported purchases
    """
    # By contacts first: most have several documents, and only what is left is brought together by customers.
    owned = SQL(" UNION ALL ").join([
        *(SQL("SELECT partner_id, MIN(user_id) AS lowest, MAX(user_id) AS highest, FALSE AS imported"
              " FROM (%s) owned (partner_id, user_id) GROUP BY partner_id", query) for query in documents),
        SQL("SELECT partner_id, NULL, NULL, TRUE FROM (%s) imported (partner_id) GROUP BY partner_id", imported),
    ])
    return Measure(COLUMNS, SQL(
        """SELECT d.commercial_partner_id AS partner_id,
                  CASE WHEN MIN(d.lowest) IS NULL THEN %(nobody)s
                       WHEN MIN(d.lowest) = MAX(d.highest) THEN %(one)s ELSE %(several)s END AS document_owner,
                  CASE WHEN MIN(d.lowest) = MAX(d.highest) THEN MIN(d.lowest) END AS document_user_id,
                  BOOL_OR(d.imported) AS has_imported_purchases
             FROM (%(owned)s) d
            WHERE %(partners)s
            GROUP BY d.commercial_partner_id""",
        nobody=NOBODY, one=ONE, several=SEVERAL, owned=with_commercial_partner_sql(scope, owned),
        partners=scope.partners(SQL("d.commercial_partner_id")),
    ))


def keep(cr, table, owned, *, temporary):
    """Write down whose documents those of all customers are, once for all batches of a recompute.

    Each batch would read the documents of everybody for it. The table is not unlogged: PostgreSQL would empty it after
    a crash, and the documents of a customer without a row are taken for nobody's.

    :param str table: the table to make
    :param Measure owned: :func:`measure` of all customers
    :param bool temporary: dropped at the end of the transaction
    """
    cr.execute(SQL(
        "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s" if temporary else "CREATE TABLE %s AS %s",
        SQL.identifier(table), owned.query,
    ))


def kept(scope):
    """Return the Measure of the owners that :func:`keep` wrote down."""
    return Measure(COLUMNS, SQL(
        "SELECT owned.* FROM %s owned WHERE %s",
        SQL.identifier(scope.owners), scope.partners(SQL("owned.partner_id")),
    ))
