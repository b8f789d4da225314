"""What customers moved on to, and for whom that may be something."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.offer import bought, neighbours, upgrades
from ...engine.value.pipeline import planned
from ..base.number_fields import Integer
from .customer_product_neighbour_night import MONTHS

# Who bought the better product less than so many days ago may still buy the first one again.
QUIET_DAYS = 90


class CustomerProductUpgrade(models.Model):
    """A better product that customers of another one moved on to: see ``engine/offer/upgrades.py``."""

    _name = "customer.product.upgrade"
    _description = "Better Product That Customers Moved to"
    _inherit = ["customer.guarded.mixin"]
    _order = "product_id, moved desc, better_id"
    _rec_name = "better_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    better_id = fields.Many2one(
        "product.product", "Better Product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    moved = Integer("Customers Who Moved", required=True, readonly=True)
    customers = Integer("Customers of the Product", required=True, readonly=True)

    _better_uniq = models.Constraint(
        "UNIQUE(company_id, product_id, better_id)", "Customers move from one product to another once."
    )

    @api.model
    def _count_upgrades(self, company):
        """Count anew what customers of a company moved on to."""
        self.env.flush_all()
        near = self.env["customer.product.neighbour"]
        today = self.env["customer.offer"]._offer_day(company)
        everybody = SQL("contact.commercial_partner_id <> %s", company.partner_id.id)
        lines = near._bought_lines(company, everybody, today - relativedelta(months=MONTHS))
        categories = SQL(
            """SELECT product.id AS item_id, template.id AS group_id, template.categ_id AS category_id,
                      template.list_price AS worth
                 FROM product_product product JOIN product_template template ON template.id = product.product_tmpl_id"""
        )
        found = upgrades.upgrades_sql(
            bought.bought_sql(list(lines.values())), categories, least=neighbours.LEAST_IN_COMMON,
            until=today - timedelta(days=QUIET_DAYS),
        )
        with planned(self.env.cr, bulk=True):
            self.env.cr.execute(SQL("DELETE FROM customer_product_upgrade WHERE company_id = %s", company.id))
            self.env.cr.execute(SQL(
                """INSERT INTO customer_product_upgrade (company_id, product_id, better_id, moved, customers)
                   SELECT %s, item_id, better_id, moved, customers FROM (%s) found""",
                company.id, found,
            ))
        self.invalidate_model(flush=False)
