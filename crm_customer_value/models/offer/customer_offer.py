from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..base.number_fields import Float, Integer, Monetary
from ..value.customer_value import AMOUNT_GROUP


class CustomerOffer(models.Model):
    """What became of a product that was offered to a customer: one record for both, the last word counts."""

    _name = "customer.offer"
    _description = "Offer to a Customer"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.unknown.last.mixin"]
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    product_id = fields.Many2one(
        "product.product", required=True, index=True, check_company=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Offered By", default=lambda self: self.env.user, copy=False, index=True)
    date = fields.Date("Offered On", required=True, default=fields.Date.context_today, copy=False)
    state = fields.Selection(
        [("offered", "Offered"), ("taken", "Bought"), ("refused", "Refused"), ("resting", "Later")],
        required=True, default="offered", index=True,
        help="Bought: the customer bought the product after it was offered. Refused and later: it is not proposed "
        "again before the day on which the rest ends.",
    )
    refusal = fields.Selection(
        [
            ("price", "Too expensive"), ("need", "Not needed"), ("supplier", "Buys it elsewhere"),
            ("unsuitable", "Does not suit"), ("other", "Another reason"),
        ],
        "Why Refused", help="Why the customer does not want it.",
    )
    note = fields.Char("What the Customer Said")
    rest_until = fields.Date("Rests Until", help="The product is not proposed to this customer before this day.")
    date_taken = fields.Date("Bought On", readonly=True, copy=False)
    because_id = fields.Many2one(
        "product.product", "Because Of", readonly=True, copy=False, ondelete="set null", index="btree_not_null",
        help="The product of this customer that speaks for it most.",
    )
    in_common = Integer("Customers of Both", readonly=True, copy=False, optional=True)
    customers = Integer("Customers of That Product", readonly=True, copy=False, optional=True)
    confidence = Float(
        digits=(16, 3), readonly=True, copy=False, optional=True, aggregator="avg",
        help="Of customers who bought the one product, at least this share buys the other one: the lower end of the "
        "95 % interval.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    expected_margin = Monetary(
        readonly=True, copy=False, optional=True, groups=AMOUNT_GROUP, exportable=False,
        help="The mean margin of a line with this product, times the share of customers who buy it. Empty: not known.",
    )
    shown_expected_margin = Monetary(
        "Expected Margin ", compute="_compute_shown_expected_margin", optional=True,
        help="The mean margin of a line with this product, times the share of customers who buy it. Empty: not known, "
        "or not shown to you.",
    )

    _product_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id, product_id)",
        "There is a record of this product for this customer already. Change that one.",
    )
    _refusal_reason = models.Constraint(
        "CHECK (state <> 'refused' OR refusal IS NOT NULL)", "Choose why the customer does not want it."
    )

    @api.model
    def _writable_fields(self):
        # Who offered it when, and what became of it, decides who is said to have sold it: buttons write that.
        return super()._writable_fields() | {
            "company_id", "partner_id", "product_id", "refusal", "note", "rest_until",
        }

    def write(self, vals):
        if "product_id" in vals and not self.env.su and self.product_id.ids not in ([], [vals["product_id"]]):
            # What was bought since would look as if it had been offered.
            raise AccessError(self.env._("Another product is another offer. Create one."))
        result = super().write(vals)
        if "partner_id" in vals:
            self._check_own_customers()
        return result

    def _check_own_customers(self):
        """Raise when these are offers to customers of colleagues: what became of them would tell what they buy."""
        if len(self._own_customers(self.commercial_partner_id)) < len(self.commercial_partner_id):
            raise AccessError(self.env._("This is the customer of a colleague. Ask them what to offer."))

    @api.depends("product_id", "commercial_partner_id.name")
    def _compute_display_name(self):
        for offer in self:
            offer.display_name = ": ".join(
                filter(None, (offer.commercial_partner_id.name, offer.product_id.display_name))
            )

    @api.depends("expected_margin", "company_id", "commercial_partner_id")
    @api.depends_context("uid")
    def _compute_shown_expected_margin(self):
        """Tell an amount to those who may see the amounts of the customer."""
        hidden = self.env["customer.value"]._customers_of_others(self.company_id, self.commercial_partner_id)
        for offer in self:
            # sudo: whether the user may see it was decided above.
            margin = offer.sudo().expected_margin
            is_hidden = (offer.company_id, offer.commercial_partner_id) in hidden
            offer.shown_expected_margin = False if is_hidden else margin

    @api.model
    def _offer(self, customer, proposals):
        """Note that proposals of :meth:`_best` were made to a customer today; return the records.

        What was refused or waited before is offered anew.
        """
        self.check_access("create")
        today = fields.Date.context_today(self)
        offers = self.browse()
        for proposal in proposals:
            known = self.search([
                ("company_id", "=", proposal.company_id), ("partner_id", "=", customer.id),
                ("product_id", "=", proposal.product_id),
            ])
            company = self.env["res.company"].browse(proposal.company_id)
            if known:
                known.check_access("write")
            else:
                known = self.create({
                    "company_id": proposal.company_id, "partner_id": customer.id, "product_id": proposal.product_id,
                })
            # sudo: who offered it when, and why, is not written by hand.
            known.sudo().write({
                "date": today, "state": "offered", "refusal": False, "note": False, "user_id": self.env.uid,
                # Whoever does not answer is asked again some day.
                "rest_until": today + timedelta(days=company.offer_rest_offered),
            } | {
                name: getattr(proposal, name)
                for name in (
                    "because_id", "because_category_id", "in_common", "customers", "confidence", "expected_margin",
                )
            })
            offers += known
        return offers

    def _refuse(self, refusal, note=False):
        """Note why customers do not want what was offered; it rests for as long as the settings say.

        :param str refusal: of the reasons
        """
        self._check_open()
        today = fields.Date.context_today(self)
        for company, offers in self.grouped("company_id").items():
            offers.sudo().write({  # sudo: what became of an offer is not written by hand
                "state": "refused", "refusal": refusal, "note": note,
                "rest_until": today + timedelta(days=company.offer_rest_refused),
            })

    def _rest(self):
        """Note that it is too early for what was offered; it rests for as long as the settings say."""
        self._check_open()
        today = fields.Date.context_today(self)
        for company, offers in self.grouped("company_id").items():
            offers.sudo().write({  # sudo: what became of an offer is not written by hand
                "state": "resting", "rest_until": today + timedelta(days=company.offer_rest_later),
            })

    def _check_open(self):
        """Raise unless it is still to be decided what becomes of these offers."""
        self.check_access("write")
        if any(offer.state == "taken" for offer in self):
            raise UserError(self.env._("The customer bought this already. Reload the page."))

    def action_refuse(self):
        """Ask why the customer does not want it."""
        self.ensure_one()
        self._check_open()
        return self._action_refusal(self.commercial_partner_id, self.product_id, self.company_id)

    def action_later(self):
        """Let these rest: it is too early."""
        self._rest()

    @api.model
    def _action_refusal(self, customer, product, company):
        """Return the dialog that asks why a customer does not want a product."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refused: %s", product.display_name),
            "res_model": "customer.offer.refusal",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": customer.id, "default_product_id": product.id, "default_company_id": company.id,
            },
        }

    @api.model
    def _note_taken(self, company):
        """Note which offers of a company customers took: they bought the product on the day of the offer or later."""
        self.env.flush_all()
        [(since,)] = self.env.execute_query(SQL(
            "SELECT MIN(date) FROM customer_offer WHERE company_id = %s AND state IN ('offered', 'resting')", company.id
        ))
        if not since:
            return
        lines = self.env["customer.product.neighbour"]._bought_lines(company, SQL(
            """contact.commercial_partner_id IN (
                    SELECT commercial_partner_id FROM customer_offer
                     WHERE company_id = %s AND state IN ('offered', 'resting'))""",
            company.id,
        ), since)
        self.env.cr.execute(SQL(
            """UPDATE customer_offer offer
                  SET state = 'taken', date_taken = bought.day, rest_until = NULL,
                      write_uid = %(uid)s, write_date = NOW() AT TIME ZONE 'UTC'
                 FROM (SELECT known.id, MIN(line.day) AS day
                         FROM customer_offer known
                         JOIN (%(lines)s) line
                           ON line.customer_id = known.commercial_partner_id AND line.item_id = known.product_id
                          AND line.day >= known.date AND line.quantity > 0
                        WHERE known.company_id = %(company)s AND known.state IN ('offered', 'resting')
                        GROUP BY known.id) bought
                WHERE offer.id = bought.id""",
            uid=self.env.uid, lines=SQL(" UNION ALL ").join(lines.values()), company=company.id,
        ))
        self.invalidate_model(flush=False)
