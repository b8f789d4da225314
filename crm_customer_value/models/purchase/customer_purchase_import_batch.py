from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount, format_datetime

from ..base.number_fields import Integer, Monetary


class CustomerPurchaseImportBatch(models.Model):
    """One import that brought purchases, so that they can be found and deleted together.

    Only imports write these records. They stay when the import is undone, and say so.
    """

    _name = "customer.purchase.import.batch"
    _description = "Import That Brought Purchases"
    _inherit = ["customer.import.batch.mixin"]

    _brought_model = "customer.purchase.history"
    _undo_view = "crm_customer_value.customer_purchase_import_batch_view_form_undo"

    currency_id = fields.Many2one(related="company_id.currency_id")
    imported_count = Integer("Purchases Imported", readonly=True)
    created_customer_count = Integer("Customers Created", readonly=True)
    created_product_count = Integer("Products Created", readonly=True)
    purchase_ids = fields.One2many("customer.purchase.history", "batch_id", "Purchases", readonly=True)
    purchase_count = Integer(
        "Purchases Now", compute="_compute_purchases", help="Without those that were deleted since."
    )
    customer_count = Integer("Customers", compute="_compute_purchases")
    amount = Monetary("Total", compute="_compute_purchases", help="Untaxed, in company currency.")
    changed_count = Integer(
        "Changed by Hand", compute="_compute_changed_count",
        help="Purchases that somebody changed after the import, or of which somebody changed a line.",
    )
    undo_text = fields.Text("What Undo Does", compute="_compute_undo_text")

    @api.depends("purchase_ids.partner_id", "purchase_ids.amount")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_purchases(self):
        sums = {
            batch: sums
            for batch, *sums in self.env["customer.purchase.history"]._read_group(
                [("batch_id", "in", self.ids)], ["batch_id"], ["__count", "partner_id:count_distinct", "amount:sum"]
            )
        }
        for batch in self:
            batch.purchase_count, batch.customer_count, batch.amount = sums.get(batch, (0, 0, 0.0))

    @api.depends("purchase_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_changed_count(self):
        purchases = self.env["customer.purchase.history"]
        purchases.flush_model()
        self.env["customer.purchase.history.line"].flush_model()
        counts = dict(self.env.execute_query(SQL(
            """SELECT h.batch_id, count(*)
                 FROM customer_purchase_history h
                WHERE h.id IN %(purchases)s
                  AND (h.write_date <> h.create_date OR EXISTS (
                      SELECT FROM customer_purchase_history_line l
                       WHERE l.purchase_id = h.id AND l.write_date <> l.create_date))
                GROUP BY h.batch_id""",
            purchases=purchases._search([("batch_id", "in", self.ids)]).subselect(),
        )))
        for batch in self:
            batch.changed_count = counts.get(batch.id, 0)

    @api.depends(
        "purchase_count", "customer_count", "amount", "changed_count", "created_customer_count",
        "created_product_count",
    )
    @api.depends_context("lang")
    def _compute_undo_text(self):
        for batch in self:
            lines = [self.env._(
                "Purchases to delete: %(purchases)s. Their customers: %(customers)s. Total: %(amount)s.",
                purchases=batch.purchase_count, customers=batch.customer_count,
                amount=format_amount(self.env, batch.amount, batch.currency_id),
            )]
            if batch.changed_count:
                lines.append(self.env._(
                    "Purchases that somebody changed after the import: %(number)s. They are deleted, too.",
                    number=batch.changed_count,
                ))
            if batch.created_customer_count or batch.created_product_count:
                lines.append(self.env._(
                    "Customers and products stay, also those that the import created (customers: %(customers)s, "
                    "products: %(products)s). Delete by hand what you do not need.",
                    customers=batch.created_customer_count, products=batch.created_product_count,
                ))
            else:
                lines.append(self.env._("Customers and products stay."))
            lines.append(self.env._("You can import the file again afterwards."))
            batch.undo_text = "\n".join(lines)

    # ---- buttons -----------------------------------------------------------------------

    def action_open_purchases(self):
        """Show the purchases of this import."""
        self.ensure_one()
        self.check_access("read")
        return self._open_purchases()

    def _open_purchases(self):
        """Return the action that shows the purchases of these imports."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_purchase_history_action")
        return {
            **action,
            # The address of all purchases, which this is not.
            "path": False,
            "domain": [("batch_id", "in", self.ids)],
        }

    # ---- undo --------------------------------------------------------------------------

    def _protected_text(self, protected, found):
        return self.env._(
            "You are not allowed to delete %(number)s of the %(total)s purchases of this import, so none was "
            "deleted. Ask an administrator to undo the import.",
            number=protected, total=found,
        )

    def _nothing_left_text(self):
        if self.undone_date:
            return self.env._(
                "%(user)s undid this import on %(date)s. None of its purchases is left.",
                # sudo: the name of a colleague.
                user=self.sudo().undone_uid.name,
                date=format_datetime(self.env, self.undone_date, dt_format="short"),
            )
        return self.env._("None of the purchases of this import is left. There is nothing to undo.")

    def _undone_text(self, brought, customers):
        return self.env._(
            "Purchases deleted: %(purchases)s. Their customers: %(customers)s.",
            purchases=brought, customers=customers,
        )

    def _locked_text(self, company):
        return self.env._(
            "Another import of purchases for %(company)s is under way. Try again when it has ended.",
            company=company.name,
        )
