"""What is at stake while a complaint is open, and who hears of it."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.complaint import stake
from ..base.number_fields import Integer, Monetary
from ..complaint.customer_complaint_stage import OPEN_STATES
from ..value.customer_value import AMOUNT_GROUP
from ..value.customer_value_mixin import SALES_GROUP

SERVICE_GROUP = "crm_customer_value.group_service_own"
STAKE_GROUPS = f"crm_customer_value.group_service_team,{AMOUNT_GROUP}"


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    # Whoever serves customers goes by their class, whether or not they also sell.
    customer_value_id = fields.Many2one(groups=f"{SALES_GROUP},{SERVICE_GROUP}")
    value_class = fields.Selection(groups=f"{SALES_GROUP},{SERVICE_GROUP}")
    amount_at_stake = Monetary(
        "At Stake",
        readonly=True,
        copy=False,
        exportable=False,
        groups=STAKE_GROUPS,
        help="What we expect the customer to bring in the next 12 months. If that is not known: the margin of the "
        "last 12 months, or the revenue, or the amount of the order. Empty: not known. The amount does not change "
        "after the complaint has ended, and is removed if the complaint turns out to be from another customer.",
        optional=True,
    )
    shown_amount_at_stake = Monetary("At Stake ", compute="_compute_shown_amount_at_stake", optional=True)
    # The amount says something of this customer only, whoever the complaint belongs to now.
    stake_partner_id = fields.Many2one(
        "res.partner", "Stake Of", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        groups=STAKE_GROUPS,
    )
    stake_rank = Integer(
        "Stake in Bands",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Sorts the queue without showing the amount: 0 is the lowest, 9 the highest. Each band reaches up to "
        "about three times the band below. A typical customer of the company is in band 3 or 4. Empty: not known.",
        optional=True,
    )

    @api.depends("amount_at_stake", "stake_partner_id", "partner_id")
    @api.depends_context("uid")
    def _compute_shown_amount_at_stake(self):
        """Show what is at stake by the rule of every other amount of a customer; to customers, nothing."""
        user, hidden = self.env.user, set()
        if not user._is_internal():
            self.shown_amount_at_stake = False
            return
        if not self.env.su and not user.has_groups(STAKE_GROUPS):
            hidden = self.env["customer.value"]._customers_of_others(self.company_id, self.commercial_partner_id)
        # sudo: whether the user may see an amount is decided here.
        for complaint, known in zip(self, self.sudo(), strict=True):
            customer = complaint.commercial_partner_id
            visible = known.stake_partner_id.id == customer.id and (complaint.company_id, customer) not in hidden
            complaint.shown_amount_at_stake = known.amount_at_stake if visible else False

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._refresh_own_stakes()
        return complaints

    def write(self, vals):
        if not {"partner_id", "company_id", "stage_id", "order_id"} & vals.keys():
            return super().write(vals)
        companies = {complaint: complaint.company_id for complaint in self}
        result = super().write(vals)
        # sudo: for whom the amount was computed is nobody's to write. To another company it says nothing.
        self.filtered(lambda complaint: complaint.company_id != companies[complaint]).sudo().stake_partner_id = False
        self._refresh_own_stakes()
        return result

    def _refresh_own_stakes(self):
        """Bring what is at stake in these complaints up to the values of their customers."""
        for company, complaints in self.grouped("company_id").items():
            self._write_stakes(company, SQL("complaint.id = ANY(%s)", complaints.ids))

    @api.model
    def _refresh_stakes_of(self, customers):
        """Bring what is at stake in the complaints of some customers up to their values."""
        # sudo: whoever changes contacts need not see their complaints.
        complaints = self.sudo().with_context(active_test=False)
        complaints.search([("commercial_partner_id", "in", customers.ids)])._refresh_own_stakes()

    @api.model
    def _refresh_stakes(self, company, cut_points):
        """Bring what is at stake in the complaints of a company up to the values of its customers.

        :param dict cut_points: those of the run that wrote the values
        """
        self._write_stakes(company, SQL("TRUE"), cut_points)

    @api.model
    def _write_stakes(self, company, condition, cut_points=None):
        """Write the stakes that are not what they should be, each with its rank.

        Open complaints get what is expected of their customer, or else what is known; ended ones keep what they
        have, as long as it is of the same customer. By SQL, because a recompute is no event in the life of a
        complaint. Who is writing one right now is not waited for: the next run looks again.

        :param SQL condition: which complaints of the company, as ``complaint``
        :param dict cut_points: those of the company's last full run, unless given
        """
        if cut_points is None:
            cut_points = self.env["customer.value.run"]._last_full_run(company).cut_points
        self.flush_model([
            "company_id", "commercial_partner_id", "state", "amount_at_stake", "stake_rank", "stake_partner_id",
            "order_id",
        ])
        self.env["customer.value"].flush_model([
            "company_id", "partner_id", "clv_12m", "has_prediction", "margin_12m", "revenue_12m",
        ])
        self.env["sale.order"].flush_model(["amount_untaxed", "currency_rate"])
        self.env.cr.execute(SQL(
            """UPDATE customer_complaint changed
                  SET amount_at_stake = found.amount, stake_rank = found.rank, stake_partner_id = found.customer
                 FROM (SELECT complaint.id, known.amount, ranked.*
                         FROM customer_complaint complaint
                         LEFT JOIN customer_value v ON v.company_id = complaint.company_id
                                                   AND v.partner_id = complaint.commercial_partner_id
                         LEFT JOIN sale_order sold ON sold.id = complaint.order_id
                        CROSS JOIN LATERAL (SELECT CASE
                            WHEN complaint.state = ANY(%(open)s) THEN %(amount)s
                            WHEN complaint.stake_partner_id = complaint.commercial_partner_id
                            THEN complaint.amount_at_stake END AS amount) known
                        CROSS JOIN LATERAL (SELECT
                            %(rank)s AS rank,
                            CASE WHEN known.amount IS NOT NULL THEN complaint.commercial_partner_id END
                                AS customer) ranked
                        WHERE complaint.company_id = %(company)s AND %(condition)s
                          AND (complaint.amount_at_stake, complaint.stake_rank, complaint.stake_partner_id)
                              IS DISTINCT FROM (known.amount, ranked.rank, ranked.customer)
                          FOR NO KEY UPDATE OF complaint SKIP LOCKED) found
                WHERE found.id = changed.id RETURNING changed.id""",
            amount=stake.amount_sql(company.currency_id.decimal_places),
            open=list(OPEN_STATES), company=company.id, condition=condition,
            rank=stake.rank_sql(SQL("known.amount"), stake.unit((cut_points or {}).get("clv"))),
        ))
        changed = self.browse(row[0] for row in self.env.cr.fetchall())
        # The amounts came by SQL: what the cache knows of them is old, and must not be written.
        changed.invalidate_recordset(
            ["amount_at_stake", "stake_rank", "stake_partner_id", "shown_amount_at_stake"], flush=False
        )
