"""What forms show: what to offer, what is due again, and what the customer usually buys."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date, formatLang

from ...engine.offer import basket
from ..value.customer_value import AMOUNT_GROUP
from .customer_product_neighbour_night import MONTHS

# How many of each are shown.
OFFERS = 3
DUE = 5
FAVORITES = 8
# At least which share of the customers buy it.
HIGH, MEDIUM = 0.5, 0.2


class CustomerOffer(models.Model):
    _inherit = "customer.offer"

    @api.model
    def _panel(self, customer, company):
        """Return what a form shows of a customer, in texts that are ready to be shown.

        Nothing here tells more than the user may know: whoever may not see the purchases of a customer gets a word
        about it, and no amount is in it for whoever may not see the amounts.

        :param customer: a commercial partner, which the caller has checked
        :return: ``offers`` and ``open`` (what was offered and is not decided), ``due``, ``favorites``; and ``empty``,
            why nothing is offered
        """
        self.check_access("read")
        if not self._own_customers(customer):
            return {
                "offers": [], "open": [], "due": [], "favorites": [],
                "empty": self.env._("This is the customer of a colleague. Ask them what to offer."),
            }
        shows_amounts = (company, customer) not in self.env["customer.value"]._customers_of_others(company, customer)
        proposals = self._proposals(customer, OFFERS, company).get(customer.id, [])
        due = self._due(customer, company).get(customer.id, [])[:DUE]
        favorites = self._favorites(customer, company)
        quantities = self._usual_quantities(
            customer, company, [row.product_id for row in due] + [row["item_id"] for row in favorites]
        )
        opened = self._open_offers(customer, company)
        sold = self._sold(opened.product_id, company)
        return {
            "offers": [self._panel_proposal(proposal, company, shows_amounts) for proposal in proposals],
            "empty": "" if proposals else self._why_nothing(customer, company, favorites),
            "open": [self._panel_open(offer, sold) for offer in opened],
            "due": [self._panel_due(row, quantities, company) for row in due],
            "favorites": self._panel_favorites(favorites, quantities, company),
        }

    @api.model
    def _open_offers(self, customer, company):
        """Return what was offered to a customer and is not decided yet, the latest first."""
        return self.search([
            ("company_id", "=", company.id), ("commercial_partner_id", "=", customer.id), ("state", "=", "offered"),
        ], limit=FAVORITES)

    @api.model
    def _why_nothing(self, customer, company, favorites):
        """Return in words why there is nothing to offer to a customer."""
        obstacle = self._offer_obstacles(customer, company).get(customer.id)
        if obstacle == "off":
            return self.env._("Proposals are switched off in the settings of this company.")
        if obstacle == "upset":
            return self.env._(
                "Nothing is proposed while a severe complaint is open or the relationship is broken. Settle that first."
            )
        if obstacle == "held_out":
            if not self.env.user.has_group(AMOUNT_GROUP):
                # Whoever knew who is held out would care for them, and nothing could be compared.
                return self.env._("Nothing is proposed for this customer at present.")
            return self.env._(
                "This customer is held out: nothing is proposed, so that you can see what proposals bring. The "
                "settings say how many are."
            )
        if not any(
            self.env[model].search_count([("company_id", "=", company.id)], limit=1)
            for model in ("customer.product.neighbour", "customer.category.neighbour")
        ):
            return self.env._(
                "No products go together yet. Proposals appear, overnight, when at least %(number)s customers bought "
                "the same two products.", number=company.offer_least_in_common,
            )
        if not favorites and not self._has_bought(customer, company):
            return self.env._("This customer has not bought anything yet. Proposals appear after the first purchase.")
        return self.env._("Nothing new to propose: what goes with their products they have, or it rests.")

    @api.model
    def _has_bought(self, customer, company):
        return bool(self.env.execute_query(SQL(
            "SELECT 1 FROM (%s) bought WHERE is_kept LIMIT 1", self._bought_sql(company, customer)
        )))

    # ---- what they buy -------------------------------------------------------------------------

    @api.model
    def _favorites(self, customer, company, number=FAVORITES):
        """Return what a customer buys most often, as rows of :func:`basket.favorites_sql`, the most often first."""
        self.env.flush_all()
        since = self._offer_day(company) - relativedelta(months=MONTHS)
        lines = self.env["customer.product.neighbour"]._bought_lines(
            company, SQL("contact.commercial_partner_id = %s", customer.id), since
        )
        return self.env.execute_query_dict(basket.favorites_sql(list(lines.values()), number))

    @api.model
    def _usual_quantities(self, customer, company, products):
        """Return {product id: how much a customer usually orders of it on a day}, in its unit, where orders tell."""
        if not products:
            return {}
        return dict(self.env.execute_query(SQL(
            """SELECT product_id, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY quantity)
                 FROM (SELECT line.product_id, SUM(line.product_uom_qty * unit.factor / own.factor)::float8 AS quantity
                         FROM sale_order_line line
                         JOIN sale_order document ON document.id = line.order_id
                         JOIN res_partner contact ON contact.id = document.partner_id
                         JOIN product_product product ON product.id = line.product_id
                         JOIN product_template template ON template.id = product.product_tmpl_id
                         JOIN uom_uom unit ON unit.id = line.product_uom_id
                         JOIN uom_uom own ON own.id = template.uom_id
                        WHERE document.company_id = %s AND document.state = 'sale' AND line.product_uom_qty > 0
                          AND contact.commercial_partner_id = %s AND line.product_id = ANY(%s)
                        GROUP BY line.product_id, document.date_order::date) ordered
                GROUP BY product_id""",
            company.id, customer.id, products,
        )))

    # ---- in words ------------------------------------------------------------------------------

    @api.model
    def _confidence_words(self, confidence, *, is_better=False, by_category=False):
        """Return (key, word, explanation) of how sure it is that customers buy it too."""
        if confidence is False:
            return ("", "", "")
        key = "high" if confidence >= HIGH else "medium" if confidence >= MEDIUM else "low"
        word = {"high": self.env._("Likely"), "medium": self.env._("Possible"), "low": self.env._("Less likely")}[key]
        share = int(100 * confidence)
        if is_better:
            return key, word, self.env._(
                "At least %(share)s of 100 customers who have that product move on.", share=share
            )
        if by_category:
            return key, word, self.env._(
                "At least %(share)s of 100 customers who buy from the one category buy from the other one too.",
                share=share,
            )
        return key, word, self.env._(
            "At least %(share)s of 100 customers who have the one product buy the other one too.", share=share
        )

    @api.model
    def _panel_proposal(self, proposal, company, shows_amounts):
        key, word, explanation = self._confidence_words(
            proposal.confidence, is_better=proposal.is_better, by_category=bool(proposal.because_category_id)
        )
        margin = proposal.expected_margin
        return {
            "product_id": proposal.product_id,
            "name": self.env["product.product"].browse(proposal.product_id).display_name,
            "reason": proposal.reason,
            "is_better": proposal.is_better,
            "confidence": key,
            "confidence_text": word,
            "confidence_help": explanation,
            "margin": "" if margin is False or not shows_amounts else format_amount(
                self.env, margin, company.currency_id
            ),
        }

    @api.model
    def _panel_open(self, offer, sold):
        return {
            "id": offer.id,
            "product_id": offer.product_id.id,
            "is_sold": offer.product_id.id in sold,
            # sudo: what was offered may not be sold any longer.
            "name": offer.product_id.sudo().display_name,
            "text": offer._asked_text() or self.env._(
                "Offered on %(day)s by %(user)s", day=format_date(self.env, offer.date),
                user=offer.user_id.sudo().name or "",  # sudo: the name of a colleague
            ),
        }

    @api.model
    def _sold(self, products, company):
        """Return the ids of those of these products that can be offered in a company."""
        return set(self.env["product.product"].browse(products.ids).filtered_domain([
            ("id", "in", self._offerable(company))
        ]).ids)

    @api.model
    def _panel_due(self, due, quantities, company):
        day = format_date(self.env, due.due_day)
        numbers = {"days": (due.due_day - due.last_day).days, "day": day}
        is_late = due.due_day <= self._offer_day(company)
        return {
            "product_id": due.product_id,
            "name": self.env["product.product"].browse(due.product_id).display_name,
            "quantity": quantities.get(due.product_id, False),
            "is_late": is_late,
            "text": self.env._("Usually buys this every %(days)s days, due since %(day)s.", **numbers) if is_late
            else self.env._("Usually buys this every %(days)s days, due on %(day)s.", **numbers),
        }

    @api.model
    def _panel_favorites(self, rows, quantities, company):
        # sudo: the customer has these products, whether or not they are sold any longer.
        products = self.env["product.product"].sudo().browse([row["item_id"] for row in rows])
        sold = self._sold(products, company)
        lines = []
        for product, row in zip(products, rows, strict=True):
            quantity = quantities.get(product.id, False)
            lines.append({
                "product_id": product.id,
                "name": product.display_name,
                "is_usual": row["is_usual"],
                "is_sold": product.id in sold,
                "quantity": quantity,
                "quantity_text": quantity and f"{formatLang(self.env, quantity, digits=2).rstrip('0').rstrip('.,')} "
                f"{product.uom_id.name}",
                "text": self.env._(
                    "On %(days)s of %(all_days)s days of purchase, last on %(day)s", days=row["days"],
                    all_days=row["all_days"], day=format_date(self.env, row["last_day"]),
                ),
            })
        return lines

    # ---- one click -----------------------------------------------------------------------------

    @api.model
    def _note_product(self, customer, product, company):
        """Note that a product was offered to a customer today, if it is one of what is proposed; return the record.

        What a customer buys anyway is no offer.
        """
        customer = customer.commercial_partner_id
        if not customer or not product:
            return self.browse()
        proposals = self._proposals(customer, FAVORITES, company).get(customer.id, [])
        return self._offer(customer, [proposal for proposal in proposals if proposal.product_id == product.id])

    @api.model
    def _quote(self, partner, product, company, **context):
        """Make a quotation with a product (maybe none), note that it was offered, and return what opens the quotation.

        :param partner: the contact who gets it
        :param context: defaults of the quotation
        """
        # Before the line is there: what was quoted is not proposed.
        self._note_product(partner, product, company)
        order = self.env["sale.order"].with_context(**context).create({
            "partner_id": partner.id,
            "company_id": company.id,
            "order_line": [self._order_line(product)] if product else [],
        })
        return {
            "type": "ir.actions.act_window", "res_model": "sale.order", "res_id": order.id, "views": [(False, "form")],
        }

    @api.model
    def _order_line(self, product, quantity=None):
        """Return the values of an order line with a product."""
        return fields.Command.create({"product_id": product.id, "product_uom_qty": quantity or 1.0})
