import base64
import re
from contextlib import closing

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .purchase_import_case import PurchaseImportCase

QUIET = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
HEADER = "ref,date,amount,order,product,quantity"


@tagged("post_install", "-at_install")
class TestPurchaseImportBatch(PurchaseImportCase):
    """What one import brought is found and deleted as a whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls._partner("Ann", ref="A")
        cls.bob = cls._partner("Bob", ref="B")
        cls.manager = cls._user("sales_team.group_sale_manager")

    def _batches(self, user=None):
        batches = self.env["customer.purchase.import.batch"]
        if user:
            batches = batches.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return batches.search([("company_id", "=", self.company.id)])

    def _three(self, **options):
        """Import three purchases of two customers, 60 in total, with four lines."""
        return self._import_rows(
            HEADER, "A,2024-01-01,10,S1,Lamp,1", "A,2024-01-02,5,S2,Cup,1", "A,2024-01-02,15,S2,Pot,1",
            "B,2024-01-03,30,S3,Lamp,3", **options,
        )

    def _mine(self, batch, user=None):
        user = user or self.manager
        return batch.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _lines(self):
        return self.env["customer.purchase.history.line"].search_count([("company_id", "=", self.company.id)])

    # ---- what is kept of an import -----------------------------------------------------

    def test_import_is_recorded(self):
        result = self._model(self.manager)._import_file(
            self.company, "shop.csv",
            b"ref,date,amount,product\nA,2024-01-01,10,Lamp\nNew,2024-01-02,20,Cup\nNew,nonsense,20,Cup",
            {"create_customers": True, "create_products": False},
        )
        batch = self._batches()
        self.assertEqual(result.batch_id, batch.id)
        self.assertRecordValues(batch, [{
            "name": "shop.csv", "company_id": self.company.id, "create_uid": self.manager.id, "row_count": 3,
            "imported_count": 2, "created_customer_count": 1, "created_product_count": 0, "purchase_count": 2,
            "customer_count": 2, "amount": 30.0, "changed_count": 0, "undone_date": False,
        }])
        self.assertEqual(self._purchases().batch_id, batch)
        self.assertIn("shop.csv, imported on ", batch.display_name)

    def test_imports_are_told_apart(self):
        """Also those of the same file and second."""
        first = self._import_rows("ref,date,amount", "A,2024-01-01,10")
        second = self._import_rows("ref,date,amount", "A,2024-01-01,10", "A,2024-01-02,20")
        self.assertEqual(self._batches().ids, [second.batch_id, first.batch_id])
        self.assertEqual(self._batches().mapped("amount"), [20.0, 10.0])

    def test_nothing_imported_nothing_recorded(self):
        self._three(dry_run=True)
        self.assertFalse(self._batches())
        self._three()
        again = self._three()
        self.assertEqual((again.known, again.batch_id), (4, 0))
        self.assertEqual(len(self._batches()), 1)

    def test_purchases_without_an_import(self):
        """Those entered by hand, and those of earlier versions, belong to none; nor does a copy."""
        self._three()
        entered = self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": self.ann.id, "date": "2024-01-09", "amount": 9.0,
        })
        self.assertFalse(entered.batch_id)
        self.assertFalse(self._purchases()[-1].copy().batch_id)

    # ---- undo ----------------------------------------------------------------------------

    def test_undo(self):
        self._import_rows("ref,date,amount", "A,2024-02-01,100")
        entered = self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": self.bob.id, "date": "2024-01-03", "amount": 7.0,
        })
        result = self._three(create_products=True)
        products = self.env["product.product"].search([("company_id", "=", self.company.id)])
        self.assertEqual((result.products_created, len(products), self._lines()), (3, 3, 4))
        batch, before = self._batches()
        self.assertEqual((batch.purchase_count, batch.customer_count, batch.amount), (3, 2, 60.0))
        self._recompute()
        self.env.cr.precommit.run()
        self.env["customer.value.mark"].search([]).unlink()

        action = self._mine(batch).action_undo()
        self.assertEqual(action["params"]["message"], "Purchases deleted: 3. Their customers: 2.")
        self.assertEqual(self._purchases(), before.purchase_ids | entered)
        self.assertEqual(self._lines(), 0)
        self.assertEqual(products.exists(), products)
        self.assertEqual((batch.purchase_count, batch.amount, batch.undone_uid), (0, 0.0, self.manager))
        self.assertTrue(batch.undone_date)
        self.env.cr.precommit.run()
        marks = self.env["customer.value.mark"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(marks.mapped("partner_id")), {self.ann.id, self.bob.id})
        self._recompute()
        values = self.env["customer.value"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            {value.partner_id: value.revenue_total for value in values}, {self.ann: 100.0, self.bob: 7.0}
        )

    def test_import_again_after_undo(self):
        self._three()
        self._mine(self._batches()).action_undo()
        again = self._three()
        self.assertEqual((again.imported, again.purchases, again.known), (4, 3, 0))
        self.assertEqual(self._lines(), 4)
        self.assertEqual([batch.purchase_count for batch in self._batches()], [3, 0])

    def test_undo_says_what_it_does(self):
        self._import_rows(
            "name,date,amount,product", "New,2024-01-01,10,Lamp", "Newer,2024-01-02,20,Lamp", create_customers=True,
            create_products=True,
        )
        action = self._mine(self._batches()).action_ask_undo()
        self.assertEqual((action["target"], action["res_id"]), ("new", self._batches().id))
        text = self._mine(self._batches()).undo_text
        self.assertIn("Purchases to delete: 2. Their customers: 2. Total: $\N{NO-BREAK SPACE}30.00.", text)
        self.assertIn("(customers: 2, products: 1)", text)
        self.assertNotIn("changed", text)
        self._mine(self._batches()).action_undo()
        self.assertEqual(
            len(self.env["res.partner"].search([("name", "in", ("New", "Newer")), ("company_id", "!=", False)])), 2
        )

    def test_undo_twice(self):
        self._three()
        batch = self._mine(self._batches())
        batch.action_undo()
        self._import_rows("ref,date,amount", "A,2024-05-01,1")
        message = f"{re.escape(self.manager.name)} undid this import on .*None of its purchases"
        with self.assertRaisesRegex(UserError, message):
            batch.action_undo()
        self.assertEqual(len(self._purchases()), 1)

    def test_undo_after_changes_by_hand(self):
        """What was deleted by hand is not counted; what was changed goes, too, and the question says so."""
        self._three()
        batch = self._batches()
        first, second, third = self._purchases().sorted("date")
        first.with_user(self.manager).amount = 11.0
        second.line_ids[0].with_user(self.manager).product_id = self.product
        third.unlink()
        self.env.invalidate_all()
        mine = self._mine(batch)
        self.assertEqual((mine.purchase_count, mine.customer_count, mine.amount, mine.changed_count), (2, 1, 31.0, 2))
        self.assertIn("somebody changed after the import: 2.", mine.undo_text)
        mine.action_undo()
        self.assertFalse(self._purchases())

    def test_everything_deleted_by_hand(self):
        self._three()
        self._purchases().unlink()
        with self.assertRaisesRegex(UserError, "There is nothing to undo"):
            self._mine(self._batches()).action_undo()
        self.assertFalse(self._batches().undone_date)

    def test_nothing_points_to_what_is_gone(self):
        """External identifiers and attachments go with their purchase, as they do when it is deleted by hand."""
        self._three()
        purchase = self._purchases()[0]
        self.env["ir.model.data"].create({
            "module": "__export__", "name": "purchase_batch_test", "model": purchase._name, "res_id": purchase.id,
        })
        attachment = self.env["ir.attachment"].create({
            "name": "receipt.txt", "raw": b"receipt", "res_model": purchase._name, "res_id": purchase.id,
        })
        self._mine(self._batches()).action_undo()
        self.assertFalse(self.env["ir.model.data"].search([("name", "=", "purchase_batch_test")]))
        self.assertFalse(attachment.exists())

    def test_from_the_wizard(self):
        wizard = self._model(self.manager).create({
            "file": base64.b64encode(b"ref,date,amount\nA,2024-01-01,10"), "file_name": "shop.csv",
        })
        with self.assertRaisesRegex(UserError, "There is nothing to undo"):
            wizard.action_ask_undo()
        wizard.action_read()
        wizard.action_check()
        wizard.action_import()
        self.assertEqual((wizard.batch_id, wizard.purchases_left), (self._batches(), 1))
        self.assertEqual(wizard.action_ask_undo()["res_id"], self._batches().id)
        self._mine(self._batches()).action_undo()
        self.assertEqual(wizard.purchases_left, 0)
        self.assertTrue(wizard.undone_date)

    # ---- rights ----------------------------------------------------------------------------

    def test_only_who_may_import_undoes(self):
        self._three()
        for name, groups in (("own", "salesman"), ("all", "salesman_all_leads")):
            user = self._user(f"sales_team.group_sale_{groups}", login=f"batch_{name}")
            batch = self._mine(self._batches(), user)
            for method in ("action_ask_undo", "action_undo", "action_open_purchases"):
                with self.assertRaises(AccessError), mute_logger(*QUIET):
                    getattr(batch, method)()
        self.assertEqual(len(self._purchases()), 3)

    def test_other_company(self):
        self._three()
        other = self._make_company("Elsewhere")
        stranger = new_test_user(
            self.env, "batch_stranger", "sales_team.group_sale_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        batch = self._mine(self._batches(), stranger)
        self.assertFalse(self._batches(stranger))
        for method in ("action_ask_undo", "action_undo"):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                getattr(batch, method)()
        self.assertEqual(len(self._purchases()), 3)

    def test_purchase_that_went_to_another_company(self):
        """It is no longer theirs who undo the import, so it stays."""
        self._three()
        other = self._make_company("Elsewhere")
        moved = self._purchases()[0]
        moved.company_id = other
        batch = self._mine(self._batches())
        self.assertEqual(batch.purchase_count, 2)
        batch.action_undo()
        self.assertEqual(self.env["customer.purchase.history"].search([("batch_id", "=", batch.id)]), moved)

    def test_purchases_that_may_not_be_deleted(self):
        """A rule about deleting counts as it does by hand: all purchases go, or none."""
        self._three()
        rule = self.env["ir.rule"].create({
            "name": "Closed month", "model_id": self.env["ir.model"]._get("customer.purchase.history").id,
            "domain_force": "[('date', '>', '2024-01-01')]", "perm_read": False, "perm_write": False,
            "perm_create": False, "perm_unlink": True,
        })
        with self.assertRaisesRegex(AccessError, "delete 1 of the 3 purchases"):
            self._mine(self._batches()).action_undo()
        self.assertEqual(len(self._purchases()), 3)
        rule.active = False
        self._mine(self._batches()).action_undo()
        self.assertFalse(self._purchases())

    def test_batches_are_not_written_by_hand(self):
        self._three()
        batch = self._mine(self._batches())
        for change in (lambda: batch.write({"name": "x"}), batch.unlink, lambda: batch.create({"name": "x"})):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                change()
        with self.assertRaises(AccessError):
            self._purchases()[0].with_user(self.manager).batch_id = False

    # ---- size ------------------------------------------------------------------------------

    def test_number_of_queries_does_not_grow(self):
        """3,000 purchases take as many queries as 3."""
        rows = [f"{'AB'[number % 2]},2024-01-01,{number + 1},S{number},Lamp,1" for number in range(3000)]
        counts = []
        for size in (3, 3000):
            self._import_rows(HEADER, *rows[:size])
            batch = self._mine(self._batches()[0])
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertIn(f"Purchases to delete: {size}.", batch.undo_text)
            batch.action_undo()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertFalse(self._purchases())
        self.assertLessEqual(counts[1], counts[0])

    def test_while_an_import_is_under_way(self):
        batch = self.env["customer.purchase.import.batch"].create({"company_id": self.company.id, "name": "shop.csv"})
        self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": self.ann.id, "date": "2024-01-01", "amount": 1.0,
            "batch_id": batch.id,
        })
        with closing(db_connect(self.env.cr.dbname).cursor()) as other:
            other.execute(SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext('customer.purchase.import'), %s)", self.company.id
            ))
            self.assertTrue(other.fetchone()[0])
            with self.assertRaisesRegex(UserError, "under way"):
                self._mine(batch).action_undo()
        self._mine(batch).action_undo()
        self.assertFalse(self._purchases())
