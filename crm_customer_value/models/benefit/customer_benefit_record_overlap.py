from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CustomerBenefitRecord(models.Model):
    """Two records of the same days, which come together when two contacts become one.

    Nobody knows which of them is right. The older one stays as it is; the younger one does not count until somebody
    deletes one of the two or gives it other days.
    """

    _inherit = "customer.benefit.record"

    overlap_id = fields.Many2one(
        "customer.benefit.record", "Same Days as", readonly=True, copy=False, index="btree_not_null",
        ondelete="set null", help="A measurement of the same customer, metric and product that has the same days.",
    )
    doubt = fields.Selection(selection_add=[("overlap", "Same days as another measurement")])

    @api.depends("overlap_id")
    def _compute_gain(self):
        result = super()._compute_gain()
        self.filtered("overlap_id").doubt = "overlap"
        return result

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("company_id", "partner_id", "metric_id", "product_id", "date_from", "date_to")):
            # What was written was looked at: these have no days in common with any other record now.
            self._settle_overlaps()
        return result

    def unlink(self):
        self._settle_overlaps()
        return super().unlink()

    def _settle_overlaps(self):
        """Have the doubt end for these records and for those that had the same days."""
        # sudo: the other record counts again, whoever may change it.
        records = self.sudo()
        overlapping = records.search([("overlap_id", "in", self.ids)]) | records.filtered("overlap_id")
        if overlapping:
            overlapping.overlap_id = False
            overlapping._find_overlaps(without=self)

    def action_check(self):
        """Two records of the same days are never both right."""
        if any(record.doubt == "overlap" for record in self):
            raise UserError(self.env._(
                "There is another measurement of the same days, so this one would count twice. Delete one of the two, "
                "or give this one other days."
            ))
        return super().action_check()

    def _find_overlaps(self, without=None):
        """Note which of these records have days in common with an older one; return the records that have.

        :param without: records that do not count, because they are about to be deleted
        """
        names = ("company_id", "commercial_partner_id", "metric_id", "product_id", "date_from", "date_to")
        found = self.env.execute_query(SQL(
            """SELECT DISTINCT ON (mine.id) mine.id, other.id
                 FROM customer_benefit_record mine
                 JOIN customer_benefit_record other
                   ON other.company_id = mine.company_id AND other.metric_id = mine.metric_id
                  AND other.commercial_partner_id = mine.commercial_partner_id
                  AND other.product_id IS NOT DISTINCT FROM mine.product_id
                  AND other.date_from <= mine.date_to AND other.date_to >= mine.date_from
                  AND other.id < mine.id
                WHERE mine.id = ANY(%s) AND NOT other.id = ANY(%s)
                ORDER BY mine.id, other.id""",
            self.ids, without.ids if without else [], to_flush=[self._fields[name] for name in names],
        ))
        for record_id, other_id in found:
            self.browse(record_id).overlap_id = other_id
        records = self.browse(record_id for record_id, _other_id in found)
        # That a value is right was said before there were two.
        records._take_back_checks()
        return records
