"""Whether a kind of action works: against customers who were held out, or by what was settled."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.care import effect
from ..base.number_fields import Float, Integer


class CustomerNextActionEffect(models.Model):
    """What came of one kind of action in one company. A customer counts once, by the first time."""

    _name = "customer.next.action.effect"
    _description = "Result of Actions"
    _auto = False
    _rec_name = "kind"
    _order = "customers desc, id"
    _depends = {
        "customer.next.action": [
            "company_id", "partner_id", "lead_id", "kind", "state", "date_first", "is_held_out", "is_compared",
            "result",
        ],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(
        lambda self: self.env["customer.next.action"]._selection_kind(), "What About", readonly=True
    )
    shown = Integer("On a List", readonly=True, help="Actions that were on a list.")
    done = Integer(readonly=True, help="Of these: said to be done.")
    not_useful = Integer("Not Useful", readonly=True, help="Of these: said not to be useful.")
    customers = Integer(
        "Customers", readonly=True,
        help="Whose days after the first time are over, and who could have been held out where that is measured.",
    )
    worked = Integer(readonly=True, help="Of these customers: bought within the days of the kind, or it was settled.")
    held_customers = Integer("Customers Held Out", readonly=True)
    held_worked = Integer("Held Out and Bought", readonly=True)
    share = Float(
        "Worked (%)", digits=(16, 1), compute="_compute_verdict", optional=True, aggregator=None,
        help="Worked, of 100 customers. Empty: nobody's days are over yet.",
    )
    difference = Float(
        "Effect (points)", digits=(16, 1), compute="_compute_verdict", optional=True, aggregator=None,
        help="How many more of 100 customers bought than of 100 who were held out. Empty: too few to say.",
    )
    verdict = fields.Selection(
        [("worked", "Worked"), ("did_not", "Did Not Work"), ("unclear", "No Clear Effect"), ("few", "Too Few to Say"),
         ("settled", "Not Compared")],
        compute="_compute_verdict",
        help="With 95 % certainty. Too few to say: fewer than 30 customers, or fewer than 10 who bought, on one of the "
        "two sides. Not compared: nobody is held out where a customer waits for us.",
    )
    words = fields.Char("In Words", compute="_compute_verdict")

    @property
    def _table_query(self):
        return SQL(
            """SELECT MIN(a.id) AS id, a.company_id, a.kind,
                      COUNT(*) FILTER (WHERE NOT a.is_held_out) AS shown,
                      COUNT(*) FILTER (WHERE a.state = 'done') AS done,
                      COUNT(*) FILTER (WHERE a.state = 'not_useful') AS not_useful,
                      COUNT(*) FILTER (WHERE a.counts AND NOT a.is_held_out) AS customers,
                      COUNT(*) FILTER (WHERE a.counts AND NOT a.is_held_out AND a.result = 'worked') AS worked,
                      COUNT(*) FILTER (WHERE a.counts AND a.is_held_out) AS held_customers,
                      COUNT(*) FILTER (WHERE a.counts AND a.is_held_out AND a.result = 'worked') AS held_worked
                 FROM (SELECT id, company_id, kind, state, is_held_out, result,
                              result IS NOT NULL AND (is_compared OR kind = ANY(%s))
                              AND ROW_NUMBER() OVER (
                                  PARTITION BY company_id, kind, partner_id, lead_id
                                  ORDER BY date_first, id) = 1 AS counts
                         FROM customer_next_action WHERE date_first IS NOT NULL) a
                GROUP BY a.company_id, a.kind""",
            self._settled_kinds(),
        )

    @api.model
    def _settled_kinds(self):
        kinds = self.env["customer.value"]._next_actions()
        return [kind for kind, action in kinds.items() if action.outcome == "settled"]

    @api.depends("kind", "customers", "worked", "held_customers", "held_worked")
    @api.depends_context("lang")
    def _compute_verdict(self):
        kinds, settled = self.env["customer.value"]._next_actions(), self._settled_kinds()
        for row in self:
            row.share = 100 * row.worked / row.customers if row.customers else False
            row.difference = False
            numbers = {
                "worked": row.worked, "customers": row.customers, "held_worked": row.held_worked,
                "held": row.held_customers, "days": kinds[row.kind].days if row.kind in kinds else 0,
            }
            if row.kind in settled:
                row.verdict = "settled"
                row.words = row._settled_text(numbers)
                continue
            row.words = row._comparison_text(numbers)
            if not (effect.is_enough(row.worked, row.customers)
                    and effect.is_enough(row.held_worked, row.held_customers)):
                row.verdict = "few"
                continue
            found = effect.difference(row.worked, row.customers, row.held_worked, row.held_customers)
            row.difference = 100 * found.value
            row.verdict = "unclear" if not found.is_clear else "worked" if found.value > 0 else "did_not"

    def _settled_text(self, numbers):
        """Return in words how many were settled (one row)."""
        if not self.customers:
            return self._words_of_nobody(numbers)
        return self.env._(
            "Settled within %(days)s days: %(worked)s of %(customers)s (%(share)s %%).",
            **numbers, share=f"{self.share:.0f}",
        )

    def _comparison_text(self, numbers):
        """Return in words how many bought, and how many of those held out (one row)."""
        if not self.customers:
            return self._words_of_nobody(numbers)
        numbers = {**numbers, "share": f"{self.share:.0f}"}
        if not self.held_customers:
            return self.env._(
                "%(worked)s of %(customers)s bought within %(days)s days (%(share)s %%). Nobody was held out.",
                **numbers,
            )
        return self.env._(
            "%(worked)s of %(customers)s bought within %(days)s days (%(share)s %%), of those held out %(held_worked)s "
            "of %(held)s (%(held_share)s %%).",
            **numbers, held_share=f"{100 * self.held_worked / self.held_customers:.0f}",
        )

    @api.model
    def _words_of_nobody(self, numbers):
        return self.env._("Nothing to say yet: %(days)s days must pass first.", **numbers)

    def action_view_actions(self):
        """Open the actions that a row is made of."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_next_action_all_action")
        domain = (
            Domain("kind", "=", self.kind) & Domain("company_id", "=", self.company_id.id)
            & Domain("date_first", "!=", False) & Domain("is_held_out", "=", False)
        )
        return action | {"domain": list(domain), "context": {}}
