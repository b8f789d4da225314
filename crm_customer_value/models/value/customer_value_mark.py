from odoo import api, models
from odoo.tools import SQL

from ..base.number_fields import Integer

WORK_CRON = "crm_customer_value.ir_cron_customer_value_work"


class CustomerValueMark(models.Model):
    """A customer whose facts changed and whose value waits to be recomputed.

    Marks are only ever added and taken away, never updated, so that marking costs one insert
    a transaction and cannot collide with another user's. ``partner_id`` is a plain number:
    a foreign key would lock the partner, and a mark may outlive it.
    """

    _name = "customer.value.mark"
    _description = "Customer Waiting for Recompute"
    _log_access = False

    partner_id = Integer(required=True)
    company_id = Integer(help="0: every company.", required=True)

    @api.model
    def _mark(self, partners, company=None):
        """Note, at the end of this transaction, that facts of ``partners`` changed.

        :param partners: res.partner records, contacts or commercial partners
        :param company: res.company, or None when every company may be concerned
        """
        if not partners.ids:
            return
        pending = self.env.cr.precommit.data.setdefault("customer.value.mark", set())
        if not pending:
            # sudo: whoever changes a document marks its customer, whatever their rights.
            self.env.cr.precommit.add(self.sudo()._store_pending)
        company_id = company.id if company else 0
        pending.update((partner_id, company_id) for partner_id in partners.ids)

    def _store_pending(self):
        """Write the marks of this transaction in one insert and wake the scheduled action."""
        pending = self.env.cr.precommit.data.pop("customer.value.mark", set())
        if pending:
            self._store(pending)
            self._wake()

    @api.model
    def _store(self, marks):
        """Insert marks: pairs of partner id and company id."""
        marks = sorted(marks)
        self.env.cr.execute(SQL(
            "INSERT INTO customer_value_mark (partner_id, company_id) SELECT * FROM UNNEST(%s, %s)",
            [partner_id for partner_id, _company_id in marks],
            [company_id for _partner_id, company_id in marks],
        ))

    @api.model
    def _marked_sql(self):
        """Return the SQL of the commercial partners who wait for a recompute, those of this transaction included."""
        pending = self.env.cr.precommit.data.get("customer.value.mark", set())
        customer = self.env["res.partner"]._fields["commercial_partner_id"]
        return SQL(
            """SELECT marked.commercial_partner_id FROM res_partner marked
                WHERE marked.id IN (SELECT partner_id FROM customer_value_mark UNION ALL SELECT UNNEST(%s::int[]))""",
            sorted({partner_id for partner_id, _company_id in pending}), to_flush=customer,
        )

    @api.model
    def _wake(self, at=None):
        """Have the scheduled action run soon, or at a certain time.

        Whoever deleted that action must still be able to confirm an order.
        """
        # sudo: everybody who changes a document wakes it.
        cron = self.env.ref(WORK_CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at)

    @api.model
    def _take(self, limit):
        """Remove up to ``limit`` marks and return them by company: {company id: {partner ids}}.

        Marks another transaction is taking are left to it.
        """
        self.env.cr.execute(SQL(
            """DELETE FROM customer_value_mark WHERE id IN (
                SELECT id FROM customer_value_mark ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
               RETURNING company_id, partner_id""",
            limit,
        ))
        taken = {}
        for company_id, partner_id in self.env.cr.fetchall():
            taken.setdefault(company_id, set()).add(partner_id)
        return taken
