"""What customers gained by a product: counted every night, for the reasons of proposals."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.offer import gains
from ...engine.value.pipeline import planned
from ..base.number_fields import Integer, Monetary
from ..benefit.customer_value_their_side import SEE_ALL_GROUPS


class CustomerProductGain(models.Model):
    """What customers of a company gained by a product in the last year: see ``engine/offer/gains.py``.

    By their salesperson, so that no mean holds customers of whom a user may read measurements together with others. A
    row may be that of one customer: it is read by those who read everything, and told to the others as a mean.
    """

    _name = "customer.product.gain"
    _description = "What Customers Gain by a Product"
    _inherit = ["customer.guarded.mixin"]
    _order = "product_id, customers desc, id"
    _rec_name = "product_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, index="btree_not_null", ondelete="cascade",
        help="Of the customers. Empty: nobody.",
    )
    is_shared = fields.Boolean(
        "Others Read It Too", readonly=True,
        help="Colleagues of the salesperson are responsible for a goal of these customers, or entered a measurement.",
    )
    customers = Integer(required=True, readonly=True, help="Customers who were measured with the product.")
    gain = Monetary(required=True, readonly=True, help="What all of them gained in the last 12 months.")
    largest = Monetary(
        "Largest of a Customer", required=True, readonly=True, aggregator="max",
        help="What one of them gained, or lost, at the most.",
    )

    _product_uniq = models.UniqueIndex("(company_id, product_id, COALESCE(user_id, 0), is_shared)")

    @api.model
    def _count_gains(self, company):
        """Count anew what customers of a company gained by products, by the measurements that count.

        All of them in one statement: what a day gained leaves the year again, so that every row changes every night.
        """
        self.env.flush_all()
        today = self.env["customer.offer"]._offer_day(company)
        found = gains.gained_sql(
            company.id, company.partner_id.commercial_partner_id.id,
            today - relativedelta(months=gains.MONTHS) + timedelta(days=1), today,
            company.currency_id.decimal_places, self._reading_users().ids,
        )
        with planned(self.env.cr, bulk=True):
            self.env.cr.execute(SQL("DELETE FROM customer_product_gain WHERE company_id = %s", company.id))
            self.env.cr.execute(SQL(
                """INSERT INTO customer_product_gain (
                       company_id, product_id, user_id, is_shared, customers, gain, largest)
                   SELECT %s, product_id, user_id, is_shared, customers, gain, largest FROM (%s) found""",
                company.id, found,
            ))
        self.env.cr.cache.pop(self._name, None)
        self.invalidate_model(flush=False)

    @api.model
    def _reading_users(self):
        """Return who reads measurements of their own goals, customers and entries, and of nobody else."""
        # sudo: it is asked for everybody.
        everybody = self.env["res.users"].sudo().browse()
        for group in SEE_ALL_GROUPS:
            everybody |= self.env.ref(group).sudo().all_user_ids
        return self.env.ref("crm_customer_value.group_service_own").sudo().all_user_ids - everybody

    @api.model
    def _told(self, company):
        """Return what the user may be told of the products of a company: {product id: :class:`gains.Gain`}.

        As of last night, and read once in a transaction: every line of a list asks for it.
        """
        if not self.env.user._is_internal():
            return {}
        sees_all = any(self.env.user.has_group(group) for group in SEE_ALL_GROUPS)
        known = self.env.cr.cache.setdefault(self._name, {})
        key = (company.id, self.env.uid, sees_all)
        if key not in known:
            groups = {}
            for product_id, *group in self.env.execute_query(
                gains.grouped_sql(company.id, self.env.uid, sees_all=sees_all)
            ):
                groups.setdefault(product_id, []).append(gains.Group(*group))
            known[key] = {product: gain for product, found in groups.items() if (gain := gains.told_of(found))}
        return known[key]
