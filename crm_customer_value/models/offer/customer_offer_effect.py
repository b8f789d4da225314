"""What came of offers, and whether proposals help: against customers who are held out."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.care import effect
from ..base.number_fields import Float, Integer

REFUSALS = ("price", "need", "supplier", "unsuitable", "other")


class CustomerOfferEffect(models.Model):
    """What came of the offers of one company, in all and by product category."""

    _name = "customer.offer.effect"
    _description = "Result of Offers"
    _auto = False
    _rec_name = "categ_id"
    _order = "company_id, is_total desc, offered desc, id"
    _depends = {
        "customer.offer": ["company_id", "product_id", "state", "refusal"],
        "customer.offer.proposal": [
            "company_id", "partner_id", "product_id", "date_first", "is_held_out", "is_compared", "result",
        ],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    is_total = fields.Boolean("All Products", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    subject = fields.Char("Products", compute="_compute_words")
    offered = Integer("Offers", readonly=True, help="Products that were offered to a customer.")
    taken = Integer("Bought", readonly=True, help="Of these: bought afterwards.")
    refused = Integer("Refused", readonly=True)
    resting = Integer("Later", readonly=True)
    refused_price = Integer("Too Expensive", readonly=True)
    refused_need = Integer("Not Needed", readonly=True)
    refused_supplier = Integer("Bought Elsewhere", readonly=True)
    refused_unsuitable = Integer("Did Not Suit", readonly=True)
    refused_other = Integer("Other Reasons", readonly=True)
    taken_share = Float(
        "Bought (%)", digits=(16, 1), compute="_compute_words", optional=True, aggregator=None,
        help="Bought, of 100 offers that are decided. Empty: none is decided yet.",
    )
    customers = Integer(
        readonly=True,
        help="To whom the product could be offered, who could have been held out as well, and whose 90 days after the "
        "first proposal are over.",
    )
    bought = Integer("Customers Who Bought", readonly=True, help="Of these: bought the product within the 90 days.")
    held_customers = Integer("Customers Held Out", readonly=True, help="To whom it was not proposed.")
    held_bought = Integer("Held Out and Bought", readonly=True, help="Of those held out: bought it by themselves.")
    difference = Float(
        "Effect (points)", digits=(16, 1), compute="_compute_words", optional=True, aggregator=None,
        help="How many more of 100 customers bought the product than of 100 who were held out. Empty: too few to say.",
    )
    verdict = fields.Selection(
        [("helps", "Helps"), ("harms", "Does Harm"), ("unclear", "No Clear Effect"), ("few", "Too Few to Say")],
        "Effect", compute="_compute_words",
        help="With 95 % certainty. Too few to say: fewer than 30 customers, or fewer than 10 who bought, on one of the "
        "two sides.",
    )
    words = fields.Char("In Words", compute="_compute_words")
    refusals = fields.Char("Why Refused", compute="_compute_refusals", help="The most frequent reason comes first.")

    @property
    def _table_query(self):
        # A customer counts once, by what was proposed first.
        return SQL(
            """WITH offer AS (
                   SELECT o.company_id, GROUPING(t.categ_id) AS total, t.categ_id, COUNT(*) AS offered,
                          COUNT(*) FILTER (WHERE o.state = 'taken') AS taken,
                          COUNT(*) FILTER (WHERE o.state = 'resting') AS resting,
                          COUNT(*) FILTER (WHERE o.state = 'refused') AS refused, %(refusals)s
                     FROM customer_offer o
                     JOIN product_product product ON product.id = o.product_id
                     JOIN product_template t ON t.id = product.product_tmpl_id
                    GROUP BY GROUPING SETS ((o.company_id), (o.company_id, t.categ_id))
               ), first AS (
                   SELECT DISTINCT ON (company_id, partner_id) company_id, product_id, is_held_out, result
                     FROM customer_offer_proposal WHERE is_compared
                    ORDER BY company_id, partner_id, date_first, id
               ), side AS (
                   SELECT f.company_id, GROUPING(t.categ_id) AS total, t.categ_id,
                          COUNT(*) FILTER (WHERE NOT f.is_held_out) AS customers,
                          COUNT(*) FILTER (WHERE NOT f.is_held_out AND f.result = 'bought') AS bought,
                          COUNT(*) FILTER (WHERE f.is_held_out) AS held_customers,
                          COUNT(*) FILTER (WHERE f.is_held_out AND f.result = 'bought') AS held_bought
                     FROM first f
                     JOIN product_product product ON product.id = f.product_id
                     JOIN product_template t ON t.id = product.product_tmpl_id
                    WHERE f.result IS NOT NULL
                    GROUP BY GROUPING SETS ((f.company_id), (f.company_id, t.categ_id))
               ), key AS (
                   SELECT company_id, total, categ_id FROM offer UNION SELECT company_id, total, categ_id FROM side
               )
               SELECT ROW_NUMBER() OVER (ORDER BY key.company_id, key.total DESC, key.categ_id)::int AS id,
                      key.company_id, key.total = 1 AS is_total, key.categ_id, %(counts)s
                 FROM key
                 LEFT JOIN offer ON offer.company_id = key.company_id AND offer.total = key.total
                                AND offer.categ_id IS NOT DISTINCT FROM key.categ_id
                 LEFT JOIN side ON side.company_id = key.company_id AND side.total = key.total
                               AND side.categ_id IS NOT DISTINCT FROM key.categ_id""",
            refusals=SQL(", ").join(
                SQL("COUNT(*) FILTER (WHERE o.state = 'refused' AND o.refusal = %s) AS %s", reason,
                    SQL.identifier(f"refused_{reason}"))
                for reason in REFUSALS
            ),
            counts=SQL(", ").join(
                SQL("COALESCE(%s, 0)::int AS %s", SQL.identifier(table, name), SQL.identifier(name))
                for table, names in (
                    ("offer", ("offered", "taken", "resting", "refused", *(f"refused_{name}" for name in REFUSALS))),
                    ("side", ("customers", "bought", "held_customers", "held_bought")),
                )
                for name in names
            ),
        )

    @api.depends("categ_id", "is_total", "taken", "refused", "customers", "bought", "held_customers", "held_bought")
    @api.depends_context("lang")
    def _compute_words(self):
        for row in self:
            row.subject = self.env._("All products") if row.is_total else (
                row.categ_id.display_name or self.env._("No category")
            )
            decided = row.taken + row.refused
            row.taken_share = 100 * row.taken / decided if decided else False
            row.difference = False
            row.words = row._comparison_text()
            if not (effect.is_enough(row.bought, row.customers)
                    and effect.is_enough(row.held_bought, row.held_customers)):
                row.verdict = "few"
                continue
            found = effect.difference(row.bought, row.customers, row.held_bought, row.held_customers)
            row.difference = 100 * found.value
            row.verdict = "unclear" if not found.is_clear else "helps" if found.value > 0 else "harms"

    def _comparison_text(self):
        """Return in words how many bought what was proposed, and how many of those held out (one row)."""
        if not self.customers:
            return self.env._("Nothing to say yet: 90 days must pass first.")
        numbers = {
            "bought": self.bought, "customers": self.customers, "share": f"{100 * self.bought / self.customers:.0f}",
        }
        if not self.held_customers:
            return self.env._(
                "%(bought)s of %(customers)s bought it within 90 days (%(share)s %%). Nobody was held out.", **numbers
            )
        return self.env._(
            "%(bought)s of %(customers)s bought it within 90 days (%(share)s %%), of those held out %(held_bought)s of "
            "%(held)s (%(held_share)s %%).",
            **numbers, held_bought=self.held_bought, held=self.held_customers,
            held_share=f"{100 * self.held_bought / self.held_customers:.0f}",
        )

    @api.depends(*(f"refused_{reason}" for reason in REFUSALS))
    @api.depends_context("lang")
    def _compute_refusals(self):
        labels = dict(self.env["customer.offer"]._fields["refusal"]._description_selection(self.env))
        for row in self:
            counts = [(row[f"refused_{reason}"], labels[reason]) for reason in REFUSALS]
            row.refusals = ", ".join(
                f"{label}: {number}" for number, label in sorted(counts, key=lambda count: -count[0]) if number
            )

    def _of_row(self):
        """Return the Domain of the records that a row (one) is made of."""
        domain = Domain("company_id", "=", self.company_id.id)
        return domain if self.is_total else domain & Domain("product_id.categ_id", "=", self.categ_id.id)

    def action_view_offers(self):
        """Open the offers that a row is made of."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_offer_action")
        return action | {"domain": list(self._of_row()), "context": {}}

    def action_view_proposals(self):
        """Open the proposals that the comparison is made of."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_offer_proposal_action")
        return action | {"domain": list(self._of_row() & Domain("is_compared", "=", True)), "context": {}}
