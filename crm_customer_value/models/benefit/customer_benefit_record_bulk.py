from odoo import api, fields, models
from odoo.tools import SQL


class CustomerBenefitRecord(models.Model):
    """Records that are written and deleted by the thousand: by imports, and by their undo."""

    _inherit = "customer.benefit.record"

    batch_id = fields.Many2one(
        "customer.benefit.import.batch", "Import", readonly=True, copy=False, index="btree_not_null",
        ondelete="set null",
    )

    def _delete_by_query(self, query):
        """Delete the records that ``query`` finds: as many as an import can bring.

        Those to which something is attached are deleted one by one, the others in one statement. The rights are
        checked by the caller.

        :return: the number of records and that of their customers
        """
        self.env.flush_all()
        # Of these, other records have to be told; which they are does not change while some are deleted.
        wanted = SQL("SELECT UNNEST(%s::int[])", [row[0] for row in self.env.execute_query(query.select())])
        # sudo: the caller has checked the rights.
        attached = self.sudo().browse(row[0] for row in self.env.execute_query(SQL(
            "SELECT record.id FROM customer_benefit_record record WHERE record.id IN (%s) AND (%s) ORDER BY record.id",
            wanted, SQL(" OR ").join(self._attached_sql()),
        )))
        records, customers, goals = len(attached), set(attached.commercial_partner_id.ids), set()
        attached.unlink()
        self.env.flush_all()
        for company_id, number, partner_ids, goal_ids in self.env.execute_query(SQL(
            """WITH deleted AS (
                DELETE FROM customer_benefit_record WHERE id IN (%s)
                RETURNING company_id, commercial_partner_id, goal_id
            )
            SELECT company_id, count(*), array_agg(DISTINCT commercial_partner_id),
                   array_agg(DISTINCT goal_id) FILTER (WHERE goal_id IS NOT NULL)
              FROM deleted GROUP BY company_id""",
            wanted,
        )):
            records += number
            customers.update(partner_ids)
            goals.update(goal_ids or ())
            self._follow_bulk(partner_ids, [], company_id)
        self._follow_bulk([], goals)
        return records, len(customers)

    @api.model
    def _attached_sql(self):
        """Yield SQL conditions on ``record``: that something has to go, or to change, with it.

        No foreign key leads from these tables to the records.
        """
        for model, column in (
            ("ir.attachment", "res_model"), ("ir.model.data", "model"), ("mail.message", "model"),
            ("mail.activity", "res_model"), ("mail.followers", "res_model"),
        ):
            yield SQL(
                "record.id IN (SELECT res_id FROM %s WHERE %s = %s)",
                SQL.identifier(self.env[model]._table), SQL.identifier(column), self._name,
            )
        yield SQL("record.id IN (SELECT overlap_id FROM customer_benefit_record WHERE overlap_id IS NOT NULL)")

    @api.model
    def _follow_bulk(self, partner_ids, goal_ids, company_id=None):
        """Tell the rest of the system about records that were written or deleted by SQL.

        :param partner_ids: customers whose records they were, in the company ``company_id``
        :param goal_ids: goals that they are measured for
        """
        self.env.invalidate_all(flush=False)
        self.env["customer.value.mark"]._mark(
            self.env["res.partner"].browse(partner_ids), self.env["res.company"].browse(company_id)
        )
        # sudo: goals follow their records, whoever may see them.
        self.env["customer.benefit.goal"].sudo().browse(goal_ids)._refresh()
