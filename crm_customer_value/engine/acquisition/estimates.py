"""What was learned of customers, said of leads."""

from odoo.tools import SQL

from .groups import FEWEST_IN_GROUP
from .traits import TRAITS, leads_sql

# So many customers in the smallest group that counts: the estimate is sure, or rather sure.
SURE, RATHER_SURE = 100, 30


def matches_sql(leads):
    """Return the SQL of the groups that leads belong to: lead_id, estimate_id, group_id, trait.

    Of the company of the lead; a lead of no company belongs to the only company whose customers tell something.

    :param SQL leads: condition over ``lead``
    """
    return SQL(
        """SELECT told.lead_id, told.customer_id, estimate.id AS estimate_id, estimate.company_id,
                  alike.id AS group_id, alike.trait
             FROM (%(told)s) told
             JOIN customer_lead_estimate estimate
               ON estimate.company_id = COALESCE(
                    told.company_id, (SELECT MIN(one.company_id) FROM customer_lead_estimate one
                                       WHERE one.is_better HAVING COUNT(*) = 1))
             LEFT JOIN LATERAL (VALUES %(values)s) AS trait (name, key) ON TRUE
             LEFT JOIN customer_lead_group alike
               ON alike.estimate_id = estimate.id AND alike.trait = trait.name AND alike.key = trait.key
              AND alike.customers >= %(fewest)s""",
        told=leads_sql(leads), fewest=FEWEST_IN_GROUP,
        values=SQL(", ").join(
            SQL("(%s, %s)", name, SQL.identifier("told", name)) for name in TRAITS
        ),
    )


def write_sql(leads):
    """Return the SQL that writes on leads what is expected of them, where that changes.

    Nothing for a lead of a customer, who has a value of their own; and nothing where the groups say no more than one
    mean for all.
    """
    return SQL(
        """UPDATE crm_lead lead
              SET estimated_value = found.value, estimate_confidence = found.confidence, best_traits = found.best
             FROM (SELECT told.id,
                          CASE WHEN is_new AND estimate.is_better THEN estimate.mean + COALESCE(match.effect, 0) END
                              AS value,
                          CASE WHEN NOT is_new OR NOT estimate.is_better THEN NULL
                               WHEN match.fewest >= %(sure)s THEN 'high'
                               WHEN match.fewest >= %(rather)s THEN 'medium'
                               WHEN estimate.id IS NOT NULL THEN 'low' END AS confidence,
                          match.best
                     FROM (SELECT lead.id FROM crm_lead lead WHERE %(leads)s) told
                     LEFT JOIN (
                        SELECT matches.lead_id, matches.estimate_id, SUM(alike.effect) AS effect,
                               MIN(alike.customers) FILTER (WHERE alike.effect <> 0) AS fewest,
                               COUNT(*) FILTER (WHERE alike.is_typical) AS best,
                               NOT EXISTS (SELECT 1 FROM customer_value v
                                            WHERE v.partner_id = matches.customer_id
                                              AND v.company_id = matches.company_id
                                              AND v.first_purchase_date IS NOT NULL) AS is_new
                          FROM (%(matches)s) matches
                          LEFT JOIN customer_lead_group alike ON alike.id = matches.group_id
                         GROUP BY matches.lead_id, matches.estimate_id, matches.customer_id, matches.company_id
                     ) match ON match.lead_id = told.id
                     LEFT JOIN customer_lead_estimate estimate ON estimate.id = match.estimate_id) found
            WHERE lead.id = found.id
              AND (lead.estimated_value, lead.estimate_confidence, lead.best_traits)
                  IS DISTINCT FROM (found.value, found.confidence, found.best)
           RETURNING lead.id""",
        leads=leads, matches=matches_sql(leads), sure=SURE, rather=RATHER_SURE,
    )
