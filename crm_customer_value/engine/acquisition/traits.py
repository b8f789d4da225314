"""In what customers and leads are alike: read from contacts, leads and first orders, alike for both."""

from odoo.tools import SQL

from ..fact import facts

# The traits, in the order in which means are learned: what tells most of how somebody came first.
TRAITS = ("source", "referred", "industry", "category", "kind", "country")
# What a customer brought is counted from the first purchase on, for so many days.
FIRST_YEAR = 365
NO, YES = 1, 2
PERSON, COMPANY = 1, 2


def _is_company_sql(condition):
    return SQL("CASE WHEN %s THEN %s ELSE %s END", condition, COMPANY, PERSON)


def _is_referred_sql(condition):
    return SQL("CASE WHEN %s THEN %s ELSE %s END", condition, YES, NO)


def customers_sql(scope):
    """Return the SQL of all customers of a company: one row each.

    Columns: partner_id, first_day, is_over (the first year is over), revenue and margin of the first year (NULL: no
    margin is known), is_won (came by an opportunity), and the :data:`TRAITS` (integers, NULL: not known).

    :param FactScope scope: of everybody
    """
    return SQL(
        """WITH fact AS MATERIALIZED (%(facts)s),
               began AS (
                   SELECT partner_id, MIN(day) AS day FROM fact WHERE purchase GROUP BY partner_id),
               first_year AS (
                   SELECT began.partner_id, began.day, SUM(fact.revenue) AS revenue, SUM(fact.margin) AS margin
                     FROM began
                     JOIN fact ON fact.partner_id = began.partner_id
                              AND fact.day BETWEEN began.day AND began.day + %(days)s - 1
                    GROUP BY began.partner_id, began.day),
               won AS (
                   SELECT contact.commercial_partner_id AS partner_id, lead.source_id, lead.create_date AS moment
                     FROM crm_lead lead
                     JOIN res_partner contact ON contact.id = lead.partner_id
                    WHERE lead.won_status = 'won' AND (lead.company_id = %(company)s OR lead.company_id IS NULL)),
               ordered AS (
                   SELECT contact.commercial_partner_id AS partner_id, o.id, o.source_id, o.date_order AS moment
                     FROM sale_order o
                     JOIN res_partner contact ON contact.id = o.partner_id
                    WHERE o.company_id = %(company)s AND o.state = 'sale'),
               source AS (
                   SELECT DISTINCT ON (partner_id) partner_id, source_id
                     FROM (SELECT partner_id, source_id, moment FROM won
                            UNION ALL SELECT partner_id, source_id, moment FROM ordered) document
                    WHERE source_id IS NOT NULL
                    ORDER BY partner_id, moment, source_id),
               first_order AS (
                   SELECT DISTINCT ON (partner_id) partner_id, id FROM ordered ORDER BY partner_id, moment, id),
               category AS (
                   SELECT DISTINCT ON (first_order.partner_id) first_order.partner_id, template.categ_id
                     FROM first_order
                     JOIN sale_order_line line ON line.order_id = first_order.id AND line.display_type IS NULL
                     JOIN product_product product ON product.id = line.product_id
                     JOIN product_template template ON template.id = product.product_tmpl_id
                    ORDER BY first_order.partner_id, line.price_subtotal DESC, line.id)
           SELECT first_year.partner_id, first_year.day AS first_day,
                  first_year.day + %(days)s - 1 <= %(as_of)s AS is_over, first_year.revenue, first_year.margin,
                  EXISTS (SELECT 1 FROM won WHERE won.partner_id = first_year.partner_id) AS is_won,
                  source.source_id AS source, %(referred)s AS referred, customer.industry_id AS industry,
                  category.categ_id AS category, %(kind)s AS kind, customer.country_id AS country
             FROM first_year
             JOIN res_partner customer ON customer.id = first_year.partner_id
             LEFT JOIN source ON source.partner_id = first_year.partner_id
             LEFT JOIN category ON category.partner_id = first_year.partner_id
            ORDER BY first_day, partner_id""",
        facts=facts.facts_sql(scope), days=FIRST_YEAR, as_of=scope.as_of, company=scope.company_id,
        referred=_is_referred_sql(SQL("customer.referred_by_id IS NOT NULL")),
        kind=_is_company_sql(SQL("customer.is_company")),
    )


def leads_sql(leads):
    """Return the SQL of leads: lead_id, customer_id (NULL: no contact), company_id, and the :data:`TRAITS`.

    :param SQL leads: condition over ``lead``
    """
    return SQL(
        """SELECT lead.id AS lead_id, customer.id AS customer_id, lead.company_id, lead.source_id AS source,
                  %(referred)s AS referred, customer.industry_id AS industry, offered.categ_id AS category,
                  %(kind)s AS kind, COALESCE(lead.country_id, contact.country_id, customer.country_id) AS country
             FROM crm_lead lead
             LEFT JOIN res_partner contact ON contact.id = lead.partner_id
             LEFT JOIN res_partner customer ON customer.id = contact.commercial_partner_id
             LEFT JOIN LATERAL (
                 SELECT template.categ_id
                   FROM sale_order o
                   JOIN sale_order_line line ON line.order_id = o.id AND line.display_type IS NULL
                   JOIN product_product product ON product.id = line.product_id
                   JOIN product_template template ON template.id = product.product_tmpl_id
                  WHERE o.opportunity_id = lead.id AND o.state <> 'cancel'
                  ORDER BY line.price_subtotal DESC, line.id
                  LIMIT 1) offered ON TRUE
            WHERE %(leads)s""",
        referred=_is_referred_sql(SQL("COALESCE(lead.referred_by_id, customer.referred_by_id) IS NOT NULL")),
        kind=_is_company_sql(SQL("customer.is_company OR COALESCE(lead.partner_name, '') <> ''")),
        leads=leads,
    )
