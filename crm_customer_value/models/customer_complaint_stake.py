"""What is at stake while a complaint is open, and who hears of it."""

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_complaint_stage import OPEN_STATES
from .customer_value import AMOUNT_GROUP
from .customer_value_mixin import SALES_GROUP
from .number_fields import Monetary

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
        groups=STAKE_GROUPS,
        help="What the customer is expected to bring in the next twelve months. It stays as it was when the "
        "complaint ended.",
        optional=True,
    )
    shown_amount_at_stake = Monetary("At Stake ", compute="_compute_shown_amount_at_stake", optional=True)

    @api.depends("amount_at_stake", "partner_id")
    @api.depends_context("uid")
    def _compute_shown_amount_at_stake(self):
        """Show what is at stake by the rule of every other amount of a customer; to customers, nothing."""
        user, hidden = self.env.user, set()
        if not user._is_internal():
            self.shown_amount_at_stake = False
            return
        if not self.env.su and not user.has_groups(STAKE_GROUPS):
            hidden = self.env["customer.value"]._customers_of_others(self.company_id, self.commercial_partner_id)
        for complaint in self:
            visible = (complaint.company_id, complaint.commercial_partner_id) not in hidden
            # sudo: whether the user may see this amount was decided above.
            complaint.shown_amount_at_stake = complaint.sudo().amount_at_stake if visible else False

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Leave the default order to everybody, and any other one by money to who may read it.

        The queue says what comes first among complaints one may see anyway. Sorting by the amount alone,
        up and down and within any search, would tell more; and so would sorting other records by complaints.
        """
        order = order or self._order
        if "amount_at_stake" in order and not (self.env.su or self.env.user.has_groups(STAKE_GROUPS)):
            terms = _order_terms(order)
            if alias and alias != self._table:
                order = ", ".join(term for term in terms if not term.startswith("amount_at_stake"))
            elif not _is_queue(terms, _order_terms(self._order)):
                self._check_field_access(self._fields["amount_at_stake"], "read")
        return super()._order_to_sql(order, query, alias=alias, reverse=reverse)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Let everybody's queue be in order of the money at stake, which only some may read.

        The order of one's own queue tells what to do first, and no amount. Records of another model that
        are sorted by their complaint are no queue: what they lead to may be read by nobody here.
        """
        complaints = self
        if field_name == "amount_at_stake" and not self._has_field_access(self._fields[field_name], "read"):
            if alias != self._table or not self._is_inside():
                return SQL()
            # sudo: see above.
            complaints = self.sudo()
        return super(CustomerComplaint, complaints)._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._refresh_own_stakes()
        return complaints

    def write(self, vals):
        result = super().write(vals)
        if {"partner_id", "company_id", "stage_id"} & vals.keys():
            self._refresh_own_stakes()
        return result

    def _refresh_own_stakes(self):
        """Bring what is at stake in these complaints up to the values of their customers."""
        if self.ids:
            self._write_stakes(SQL("complaint.id = ANY(%s)", self.ids))

    @api.model
    def _refresh_stakes(self, company):
        """Bring what is at stake in the open complaints of a company up to the values of its customers."""
        self._write_stakes(SQL("complaint.company_id = %s", company.id))

    @api.model
    def _write_stakes(self, condition):
        """Write the stakes that are not what they should be, those of open complaints only.

        By SQL, because a recompute is no event in the life of a complaint. Who is writing one right now
        is not waited for: the next run looks again.
        """
        self.flush_model(["company_id", "commercial_partner_id", "state", "amount_at_stake"])
        self.env["customer.value"].flush_model(["company_id", "partner_id", "clv_12m"])
        self.env.cr.execute(SQL(
            """UPDATE customer_complaint changed SET amount_at_stake = found.amount
                 FROM (SELECT complaint.id, v.clv_12m AS amount
                         FROM customer_complaint complaint
                         LEFT JOIN customer_value v ON v.company_id = complaint.company_id
                                                   AND v.partner_id = complaint.commercial_partner_id
                        WHERE complaint.state = ANY(%s) AND %s
                          AND complaint.amount_at_stake IS DISTINCT FROM v.clv_12m
                          FOR NO KEY UPDATE OF complaint SKIP LOCKED) found
                WHERE found.id = changed.id RETURNING changed.id""",
            list(OPEN_STATES), condition,
        ))
        changed = self.browse(row[0] for row in self.env.cr.fetchall())
        # The amounts came by SQL: what the cache knows of them is old, and must not be written.
        changed.invalidate_recordset(["amount_at_stake", "shown_amount_at_stake"], flush=False)


def _order_terms(order):
    """Return the terms of an order, written alike."""
    return [" ".join(term.lower().split()) for term in order.split(",")]


def _is_queue(terms, queue):
    """Tell whether an order is that of the queue, with at most one term left out and others added.

    A grouped view leaves out the term it groups by, and puts the column one sorted by before the rest.
    """
    kept = [term for term in terms if term in queue]
    return (
        all(term in queue for term in terms if term.startswith("amount_at_stake"))
        and len(kept) >= len(queue) - 1
        and kept == [term for term in queue if term in kept]
    )
