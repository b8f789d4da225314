from odoo import api, models
from odoo.tools import SQL

from ..base.number_fields import Integer


class CustomerBenefitLock(models.Model):
    """Whose records are being saved: two people who save records of one customer do so one after the other.

    A lock of the database alone would not do: who waited for it would still see the records of before. Two who write
    the same row are told apart, and Odoo has the second one start again. ``partner_id`` is a plain number: a foreign
    key would lock the partner, and a row may outlive it.
    """

    _name = "customer.benefit.lock"
    _description = "Customer Whose Records Are Being Saved"
    _log_access = False

    company_id = Integer(required=True)
    partner_id = Integer(required=True)
    saves = Integer(required=True)

    _customer_unique = models.Constraint("UNIQUE (company_id, partner_id)", "There is one row for each customer.")

    @api.model
    def _take(self, customers):
        """Wait until nobody else saves records of these customers, and keep others from it in this transaction.

        :param customers: pairs of company id and id of the commercial partner
        :raise psycopg2.errors.SerializationFailure: when somebody saved some since this transaction began
        """
        # In one order for everybody, so that no two wait for each other.
        customers = sorted(set(customers))
        self.env.cr.execute(SQL(
            """INSERT INTO customer_benefit_lock AS lock (company_id, partner_id, saves)
               SELECT company_id, partner_id, 1 FROM UNNEST(%s::int[], %s::int[]) AS given (company_id, partner_id)
               ON CONFLICT (company_id, partner_id) DO UPDATE SET saves = lock.saves + 1""",
            [company_id for company_id, _partner_id in customers],
            [partner_id for _company_id, partner_id in customers],
        ))
