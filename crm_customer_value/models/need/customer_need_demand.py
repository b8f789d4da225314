"""What customers want most and do not have: needs by type and product category, weighed by what customers are worth."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..base.number_fields import Float, Integer, Monetary
from ..value.customer_value import AMOUNT_GROUP
from .customer_need import MOST_IMPORTANT, UNMET_STATES
from .customer_need_type import DIMENSIONS, KINDS

# What groups needs: a row for each.
KEYS = ("company_id", "kind", "type_id", "dimension", "product_categ_id", "is_guess")
# For those who see no amounts, rows are put in order by bands of what each customer buys for: a band goes up to about
# three times the one before. So nobody finds out an amount by noting needs of their own customers and looking where
# these come, neither in a row of their own nor in one with the customer whose amount they want to know.
BANDS_OF_TEN = 2


class CustomerNeedDemand(models.Model):
    """Unmet needs of one type about one category of products, and the customers who have them.

    What customers said and what we guess are rows of their own. Each customer counts once in a row, with the need
    that matters most to them.
    """

    _name = "customer.need.demand"
    _description = "Most Wanted"
    _inherit = ["customer.unknown.last.mixin"]
    _auto = False
    _rec_name = "type_id"
    _order = "position, id"
    _depends = {
        "customer.need": [
            "active", "company_id", "commercial_partner_id", "kind", "type_id", "dimension", "product_categ_id",
            "is_guess", "importance", "state", "helped",
        ],
        "customer.value": ["company_id", "partner_id", "revenue_12m"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, readonly=True)
    type_id = fields.Many2one("customer.need.type", readonly=True)
    dimension = fields.Selection(DIMENSIONS, readonly=True)
    product_categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    is_guess = fields.Boolean("Our Guess", readonly=True, help="The customers did not say so: we think so.")
    need_count = Integer("Needs", readonly=True)
    # A customer may be behind several rows: no sums.
    customer_count = Integer("Customers", readonly=True, aggregator=None)
    importance = Float(
        "Mean Importance", readonly=True, digits=(16, 1), aggregator=None,
        help="Mean over the customers: 1 is a wish, 5 decides whether they buy.",
    )
    worth = Monetary(
        "Revenue Behind It", readonly=True, optional=True, aggregator=None, groups=AMOUNT_GROUP,
        help="Revenue of these customers in the period that counts, each weighed by how much the need matters to them: "
        "all of it at 5, a fifth of it at 1. Customers without a known value add nothing.",
    )
    unknown_count = Integer(
        "Without a Known Value", readonly=True, aggregator=None,
        help="How many of these customers add nothing, because nobody knows yet what they are worth.",
    )
    position = Integer(
        "Place", readonly=True, aggregator=None, help="1 is what is wanted most, by the revenue behind it."
    )

    @property
    def _table_query(self):
        money = SQL("money")
        if not self.env["customer.value"]._sees_all_amounts():
            money = SQL(
                "CASE WHEN money >= 1 THEN POWER(10, FLOOR(%(bands)s * LOG(money)) / %(bands)s)"
                " WHEN money >= 0 THEN 0 END",
                bands=BANDS_OF_TEN,
            )
        return SQL(
            """SELECT wanted.*,
                      ROW_NUMBER() OVER (
                          PARTITION BY company_id
                          ORDER BY rank DESC NULLS LAST, customer_count DESC, importance DESC, id
                      ) AS position
                 FROM (SELECT MIN(id) AS id, %(keys)s, SUM(needs) AS need_count, COUNT(*) AS customer_count,
                              AVG(importance) AS importance,
                              COUNT(*) FILTER (WHERE money IS NULL) AS unknown_count,
                              SUM(importance * money) / %(most)s AS worth,
                              SUM(importance * %(money)s) AS rank
                         FROM (%(behind)s) behind
                        GROUP BY %(keys)s) wanted""",
            money=money, keys=SQL(", ").join(map(SQL.identifier, KEYS)), most=MOST_IMPORTANT, behind=self._behind_sql(),
        )

    @api.model
    def _behind_sql(self):
        """Return the SQL of the customers behind each row, each once."""
        return SQL(
            """SELECT MIN(need.id) AS id, %(keys)s, COUNT(*) AS needs, MAX(need.importance) AS importance,
                      CASE WHEN MAX(value.revenue_12m) < 0 THEN 0 ELSE MAX(value.revenue_12m) END AS money
                 FROM customer_need need
                 LEFT JOIN customer_value value
                        ON value.company_id = need.company_id AND value.partner_id = need.commercial_partner_id
                WHERE need.active AND need.state IN %(unmet)s AND need.helped IS DISTINCT FROM 'yes'
                GROUP BY %(keys)s, need.commercial_partner_id""",
            keys=SQL(", ").join(SQL.identifier("need", key) for key in KEYS), unmet=UNMET_STATES,
        )

    def _needs_domain(self):
        """Return the domain of the needs that are counted here (one record)."""
        return [
            *((key, "=", self[key].id if self._fields[key].type == "many2one" else self[key])
              for key in KEYS if key != "dimension"),
            ("state", "in", UNMET_STATES),
            ("helped", "!=", "yes"),
        ]

    def action_view_needs(self):
        """Show the customers and their words, as far as the user may read them."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "domain": self._needs_domain(),
            "name": self.type_id.name,
            "res_model": "customer.need",
            "views": self.env["customer.need"]._views_of_both_kinds(),
            "context": {"need_kind": self.kind},
        }

    def action_create_suggestion(self):
        """Make one suggestion of these needs, with the customers who said so as supporters."""
        return self._needs_of_user().action_create_suggestion()

    def action_create_opportunities(self):
        """Make an opportunity for each of these customers who has none for it yet."""
        return self._needs_of_user().action_create_opportunities()

    def _needs_of_user(self):
        """Return the needs that are counted here and that the user may read (one record)."""
        self.ensure_one()
        self.check_access("read")
        needs = self.env["customer.need"].search(self._needs_domain())
        if not needs:
            raise UserError(self.env._("Colleagues look after all of these customers. Ask one of them to do this."))
        return needs
