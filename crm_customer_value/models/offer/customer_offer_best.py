"""What to offer to a customer, and what they may need again."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.care import effect, held_out
from ...engine.offer import bought, choice, whom
from ..value.customer_value import AMOUNT_GROUP

# A mean of fewer lines is no expectation.
FEWEST_LINES = 5


class Proposal(NamedTuple):
    """A product that a customer does not have, and why it is proposed."""

    company_id: int
    product_id: int
    because_id: int | bool  # product of the customer that speaks for it most; False: only named as optional
    in_common: int | bool  # how many customers bought both
    customers: int | bool  # of how many who bought the other one
    confidence: float | bool  # at least which share of these it is, 0 to 1
    expected_margin: float | bool  # of a line with it, times that share, in company currency; False: not known
    optional_of_id: int | bool  # product (template) of the customer that names it as an optional product
    reason: str
    because_category_id: int | bool = False  # category of the customer that speaks for it, where no product does
    is_better: bool = False  # than the product that speaks for it: customers of that one moved on to it


class Due(NamedTuple):
    """A product that a customer buys again and again, and when it is due."""

    product_id: int
    days: int  # on how many days they bought it
    last_day: date
    due_day: date


class CustomerOffer(models.Model):
    _inherit = "customer.offer"

    @api.model
    def _best(self, customers, number=3, company=None, as_of=None):
        """Return what to offer to customers, best first: {commercial partner id: [:class:`Proposal`]}.

        Products that nobody of their family has bought or been quoted, that may be sold, and that customers of their
        products buy as well; then the optional products of what they have; then what sells in categories that customers
        of their categories buy from. Nothing for customers who are held out,
        for those who are upset, and for those of others (see :meth:`_offered_customers`).

        :param customers: res.partner
        :param int number: for each, at the most
        :param company: whose products; by default the current one
        :param date as_of: the day on which it is offered; by default today
        """
        company = company or self.env.company
        as_of = as_of or self._offer_day(company)
        self.env.flush_all()
        customers = self._offered_customers(customers, company)
        found = {customer.id: [] for customer in customers}
        if not customers:
            return found
        offered = self._offerable(company)
        known = SQL("SELECT customer_id, item_id FROM (%s) known", self._known_sql(company, customers, as_of))
        own = self._own_sql(company, customers)
        chosen = self.env.execute_query(choice.choice_sql(own, self._near_sql(company), known, number))
        optional = self._optional_products(company, own, known, offered)
        rows = defaultdict(dict)
        for customer_id, product_id, _points, _place, *because in chosen:
            rows[customer_id][product_id] = because
        for customer_id, product_id in optional:
            if len(rows[customer_id]) < number:
                rows[customer_id].setdefault(product_id, (False, False, False))
        products = self.env["product.product"].browse({item for items in rows.values() for item in items})
        margins = self._mean_margins(company, products)
        for customer_id, items in rows.items():
            found[customer_id] = [
                self._proposal(company, product_id, because, margins, optional.get((customer_id, product_id), False))
                for product_id, because in items.items()
            ]
        self._fill_by_category(found, company, own, known, number)
        return found

    @api.model
    def _due(self, customers, company=None, as_of=None, ahead=14):
        """Return what customers buy again and again and is due: {commercial partner id: [:class:`Due`]}, soonest first.

        A product that was bought on three days or more is due after as many days as lie between two purchases on
        average, and forgotten when it was due twice.

        :param int ahead: also what is due in so many days
        """
        company = company or self.env.company
        as_of = as_of or self._offer_day(company)
        self.env.flush_all()
        customers = self._offered_customers(customers, company, everybody=True)
        found = {customer.id: [] for customer in customers}
        if not customers:
            return found
        for customer_id, *due in self.env.execute_query(SQL(
            """SELECT customer_id, item_id, days, last_day, last_day + gap AS due_day
                 FROM (SELECT bought.*, GREATEST((last_day - first_day) / (days - 1), 1) AS gap
                         FROM (%(bought)s) bought WHERE is_kept AND days >= 3) rhythm
                WHERE item_id IN %(offered)s AND last_day + gap <= %(as_of)s::date + %(ahead)s
                  AND last_day + 2 * gap >= %(as_of)s::date
                ORDER BY customer_id, due_day, item_id""",
            bought=self._bought_sql(company, customers), offered=self._offerable(company).subselect(), as_of=as_of,
            ahead=ahead,
        )):
            found[customer_id].append(Due(*due))
        return found

    # ---- whom, and what may be sold ------------------------------------------------------------

    @api.model
    def _offer_day(self, company):
        return self.env["customer.value.run"]._today(self.env["customer.value.policy"]._get_active(company))

    @api.model
    def _offered_customers(self, customers, company, *, everybody=False):
        """Return the commercial partners of customers to whom the user may offer something.

        Those of others are left out for who does not see all documents, as what is offered tells what they bought.
        So are those who are upset, and those who are held out (care rules, too, leave them out), unless ``everybody``
        is asked for.
        """
        customers = self._own_customers(customers)
        if everybody:
            return customers
        obstacles = self._offer_obstacles(customers, company)
        return customers.filtered(lambda customer: customer.id not in obstacles)

    @api.model
    def _own_customers(self, customers):
        """Return the commercial partners whose purchases the user may know."""
        customers = customers.commercial_partner_id
        if self.env.su or self.env.user.has_group(AMOUNT_GROUP):
            return customers
        return customers.filtered(lambda customer: customer.user_id in (self.env.user, customer.user_id[:0]))

    @api.model
    def _offer_obstacles(self, customers, company):
        """Return why nothing is offered to customers, {id: "off", "upset" or "held_out"}, for whom that is so."""
        # sudo: the setting counts for everybody.
        if not company.sudo().offer_active:
            return dict.fromkeys(customers.ids, "off")
        return dict(self.env.execute_query(SQL(
            """SELECT id, obstacle
                 FROM (SELECT p.id, CASE WHEN %s THEN 'upset' WHEN %s THEN 'held_out' END AS obstacle
                         FROM res_partner p WHERE p.id = ANY(%s)) judged
                WHERE obstacle IS NOT NULL""",
            whom.upset_sql(company.id, "p"),
            whom.held_out_sql(company.id, SQL("p.id"), self._held_out_share(company)), customers.ids,
        )))

    @api.model
    def _held_out_share(self, company):
        """Return which share of the customers gets no offers, so that their effect can be measured, 0 to 1."""
        [(customers,)] = self.env.execute_query(SQL(
            "SELECT COUNT(*) FROM (SELECT 1 FROM customer_value WHERE company_id = %s LIMIT %s) AS counted",
            company.id, held_out.FEWEST_CUSTOMERS,
        ))
        # sudo: the share counts for everybody.
        return company.sudo().care_held_out / 100 if customers >= held_out.FEWEST_CUSTOMERS else 0.0

    @api.model
    def _offerable(self, company):
        """Return the query of products that the user may see, and that the company may sell.

        Extension point: who knows of more that speaks against a product narrows it down.
        """
        products = self.env["product.product"].with_context(active_test=False)
        return products._search(
            Domain("active", "=", True) & Domain("product_tmpl_id.active", "=", True) & Domain("sale_ok", "=", True)
            & Domain(products._check_company_domain(company))
        )

    @api.model
    def _near_sql(self, company):
        """Return the SQL of the neighbours that may be offered: see :func:`choice.choice_sql`."""
        return SQL(
            """SELECT product_id AS item_id, other_id, score, in_common, customers
                 FROM customer_product_neighbour WHERE company_id = %s AND product_id IN %s AND in_common >= %s""",
            # sudo: the setting counts for everybody.
            company.id, self._offerable(company).subselect(), company.sudo().offer_least_in_common,
        )

    # ---- what they know ------------------------------------------------------------------------

    @api.model
    def _bought_sql(self, company, customers):
        """Return the SQL of what customers bought from a company at any time, as of :func:`bought.bought_sql`."""
        among = SQL("contact.commercial_partner_id = ANY(%s)", customers.ids)
        lines = self.env["customer.product.neighbour"]._bought_lines(company, among)
        return bought.bought_sql(list(lines.values()))

    @api.model
    def _own_sql(self, company, customers):
        """Return the SQL of what customers bought from a company and kept: customer_id, item_id."""
        return SQL("SELECT customer_id, item_id FROM (%s) bought WHERE is_kept", self._bought_sql(company, customers))

    @api.model
    def _known_sql(self, company, customers, as_of):
        """Return the SQL of what customers know: customer_id, item_id.

        All variants of what they have bought, or been quoted and did not cancel; what they complained about; and what
        was offered to them and is not to be offered again.
        """
        return SQL(
            """SELECT seen.customer_id, variant.id AS item_id
                 FROM (
                    SELECT customer_id, item_id FROM (%(bought)s) bought
                    UNION
                    SELECT contact.commercial_partner_id, line.product_id
                      FROM sale_order_line line
                      JOIN sale_order document ON document.id = line.order_id
                      JOIN res_partner contact ON contact.id = document.partner_id
                     WHERE document.company_id = %(company)s AND document.state IN ('draft', 'sent')
                       AND contact.commercial_partner_id = ANY(%(customers)s) AND line.product_id IS NOT NULL
                    UNION
                    SELECT contact.commercial_partner_id, complaint.product_id
                      FROM customer_complaint complaint
                      JOIN res_partner contact ON contact.id = complaint.partner_id
                     WHERE complaint.company_id = %(company)s AND complaint.product_id IS NOT NULL
                       AND contact.commercial_partner_id = ANY(%(customers)s)
                    UNION
                    SELECT offer.commercial_partner_id, offer.product_id
                      FROM customer_offer offer
                     WHERE offer.company_id = %(company)s AND offer.commercial_partner_id = ANY(%(customers)s)
                       AND (offer.rest_until IS NULL OR offer.rest_until > %(as_of)s)
                 ) seen
                 JOIN product_product product ON product.id = seen.item_id
                 JOIN product_product variant ON variant.product_tmpl_id = product.product_tmpl_id""",
            bought=self._bought_sql(company, customers), company=company.id, customers=customers.ids, as_of=as_of,
        )

    @api.model
    def _optional_products(self, company, own, known, offered):
        """Return which products are optional ones of what customers have: {(customer, product): template that says so}.

        The only variant of a template, or its first one.
        """
        return {(customer_id, product_id): template_id for customer_id, product_id, template_id in (
            self.env.execute_query(SQL(
                """SELECT DISTINCT ON (own.customer_id, named.dest_id) own.customer_id, variant.id, named.src_id
                     FROM (%(own)s) own
                     JOIN product_product product ON product.id = own.item_id
                     JOIN product_optional_rel named ON named.src_id = product.product_tmpl_id
                     JOIN product_product variant ON variant.product_tmpl_id = named.dest_id
                    WHERE variant.id IN %(offered)s
                      AND (own.customer_id, variant.id) NOT IN (%(known)s)
                    ORDER BY own.customer_id, named.dest_id, variant.id, named.src_id""",
                own=own, known=known, offered=offered.subselect(),
            ))
        )}

    # ---- in words ------------------------------------------------------------------------------

    @api.model
    def _proposal(self, company, product_id, because, margins, optional_of_id):
        """Return the :class:`Proposal` of a product.

        :param because: (product of the customer, customers in common, customers of that product)
        """
        because_id, in_common, customers = because
        margin = margins.get(product_id)
        share = in_common / customers if customers else 0
        return Proposal(
            company.id, product_id, because_id, in_common, customers,
            effect.wilson(in_common, customers)[0] if customers else False,
            company.currency_id.round(margin * share) if customers and margin is not None else False,
            optional_of_id,
            self._offer_reason(because_id, in_common, customers, optional_of_id),
        )

    @api.model
    def _offer_reason(self, because_id, in_common, customers, optional_of_id):
        """Return in words why a product is offered."""
        # sudo: the customer has these products, whether or not they are sold any longer.
        because = self.env["product.product"].sudo().browse(because_id or [])
        named = self.env["product.template"].sudo().browse(optional_of_id or [])
        return " ".join(filter(None, (
            because and self.env._(
                "%(in_common)s of %(customers)s customers who bought “%(product)s” also bought this.",
                in_common=in_common, customers=customers, product=because.name,
            ),
            named and self.env._("It is an optional product of “%(product)s”.", product=named.name),
        )))

    @api.model
    def _mean_margins(self, company, products):
        """Return {product id: mean margin of a sales order line with it}, in company currency, where it is known."""
        return dict(self.env.execute_query(SQL(
            """SELECT line.product_id, AVG(line.margin / COALESCE(NULLIF(document.currency_rate, 0), 1))::float8
                 FROM sale_order_line line
                 JOIN sale_order document ON document.id = line.order_id
                WHERE document.company_id = %s AND document.state = 'sale' AND line.product_id = ANY(%s)
                  AND line.purchase_price > 0 AND line.product_uom_qty > 0
                GROUP BY line.product_id
               HAVING COUNT(*) >= %s""",
            company.id, products.ids, FEWEST_LINES,
        )))
