"""A product that customers alike bought: worth a call of its own where enough of them did."""

from odoo import api, models
from odoo.tools import SQL

from ...engine.offer import whom
from ..value.customer_value_next_action import NextAction, Words
from .customer_offer_panel import MEDIUM


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _next_actions(self):
        return super()._next_actions() | {
            "offer": NextAction(
                self.env._("Product to offer"), type(self)._offer_action_sql, type(self)._offer_words, rest=60,
            ),
        }

    @api.model
    def _offer_action_sql(self, asked):
        """The best proposal of last night, unless it was offered since; of those held out as well, to compare with."""
        return SQL(
            """SELECT w.partner_id, w.expected_margin AS worth, w.date_first AS since, NULL::int AS res_id,
                      jsonb_build_object('product', template.name, 'product_id', product.id, 'because', other.name,
                                         'in_common', w.in_common, 'customers', w.customers,
                                         'category', own_category.name, 'other_category', category.name,
                                         'company_id', w.company_id) AS facts
                 FROM customer_offer_proposal w
                 JOIN res_partner p ON p.id = w.partner_id
                 JOIN product_product product ON product.id = w.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 LEFT JOIN product_product because ON because.id = w.because_id
                 LEFT JOIN product_template other ON other.id = because.product_tmpl_id
                 LEFT JOIN product_category own_category ON own_category.id = w.because_category_id
                 LEFT JOIN product_category category ON category.id = template.categ_id
                WHERE w.company_id = %(company)s AND w.is_current AND w.confidence >= %(least)s AND %(customers)s
                  AND product.active AND template.active AND template.sale_ok AND NOT %(upset)s
                  AND NOT EXISTS (SELECT 1 FROM customer_offer known
                                   WHERE known.company_id = w.company_id AND known.commercial_partner_id = w.partner_id
                                     AND known.product_id = w.product_id
                                     AND (known.rest_until IS NULL OR known.rest_until > %(day)s))""",
            company=asked.company_id, least=MEDIUM, customers=asked.of(SQL("w.partner_id")), day=asked.day,
            upset=whom.upset_sql(asked.company_id, "p"),
        )

    @api.model
    def _offer_words(self, facts):
        # The names are in all languages, as the database has them: no record is read for a line of a list.
        product, because = (
            names and (names.get(self.env.lang) or names.get("en_US", ""))
            for names in (facts["product"], facts["because"])
        )
        numbers = {"in_common": facts["in_common"], "customers": facts["customers"], "product": product}
        why = self.env._(
            "%(in_common)s of %(customers)s customers who bought “%(because)s” also bought “%(product)s”.",
            because=because, **numbers,
        ) if because else self.env._(
            "%(in_common)s of %(customers)s customers who bought “%(category)s” also bought “%(other)s”; of it, most "
            "buy “%(product)s”.",
            category=facts["category"], other=facts["other_category"], **numbers,
        )
        return Words(
            " ".join(filter(None, (why, self._offer_gain_words(facts)))),
            self.env._("Ask how they do without “%(product)s”, and offer it.", product=product),
            self.env._("The mean margin of a line with the product, times the share of customers who buy it."),
        )

    @api.model
    def _offer_gain_words(self, facts):
        """Return in words what customers gained by the product, as far as the user may be told; "" without."""
        company = self.env["res.company"].browse(facts.get("company_id") or ())
        gain = self.env["customer.product.gain"]._told(company).get(facts.get("product_id")) if company else None
        return self.env["customer.offer"]._gain_words(gain, company) if gain else ""
