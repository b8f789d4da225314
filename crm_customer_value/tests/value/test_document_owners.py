import importlib.util
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from ..common import CustomerValueCase
from . import test_amounts


def forget_marks(env):
    """Have it look as if nothing had changed since the last recompute."""
    env.flush_all()
    env.cr.precommit.data.pop("customer.value.mark", None)
    env.cr.execute("DELETE FROM customer_value_mark")


@tagged("post_install", "-at_install")
class TestAmountsAfterRecompute(test_amounts.TestAmounts):
    """The same answers by what the recompute wrote."""

    def setUp(self):
        super().setUp()
        forget_marks(self.env)


@tagged("post_install", "-at_install")
class TestDocumentOwners(CustomerValueCase):
    """A recompute writes whose documents the amounts are made of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.own = new_test_user(cls.env, "owners_own", groups="sales_team.group_sale_salesman", **company)
        cls.all = new_test_user(cls.env, "owners_all", groups="sales_team.group_sale_salesman_all_leads", **company)
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)

    def _sell(self, name, *users, **values):
        """Return a customer of the first of these users, who bought once from each; None is nobody."""
        partner = self._partner(name, **values)
        for user in users:
            self._order(partner, 5, 10.0, user_id=user.id if user else False)
        return partner

    def _invoice(self, partner, user):
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": self._day(3),
            "currency_id": self.usd.id, "invoice_user_id": user.id,
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "quantity": 1, "price_unit": 25.0, "tax_ids": False,
            })],
        })
        invoice.action_post()
        return invoice

    def _settle(self):
        self._recompute()
        forget_marks(self.env)

    def _visible(self, partner, user=None):
        values = self.env["customer.value"].with_user(user or self.own)
        return bool(values.with_context(allowed_company_ids=self.company.ids).search([
            ("partner_id", "=", partner.id), ("amounts_visible", "=", True),
        ]))

    def _owner(self, partner):
        value = self._value(partner)
        return value.document_owner, value.document_user_id, value.has_imported_purchases

    def test_owners_by_hand(self):
        nobody, own, everybody = self.env["res.users"], self.own, self.all
        contact = self._partner("A contact", parent_id=self._sell("With a contact", own, is_company=True).id)
        self._order(contact, 4, 10.0, user_id=everybody.id)
        billed = self._sell("Billed", own)
        self._invoice(billed, everybody)
        draft = self._sell("With a draft", own)
        self._invoice(draft, everybody).button_draft()
        quoted = self._partner("Quoted")
        self._order(quoted, 3, 10.0, user_id=everybody.id, state="draft")
        cancelled = self._sell("Cancelled", own, everybody)
        self.env["sale.order"].search(
            [("partner_id", "=", cancelled.id), ("user_id", "=", everybody.id)]
        )._action_cancel()
        imported = self._sell("Imported", own)
        old = self._partner("Imported only", user_id=everybody.id)
        self.env["customer.purchase.history"].create([
            {"company_id": self.company.id, "partner_id": partner.id, "date": self._day(8), "amount": 9.0}
            for partner in (imported, old)
        ])
        expected = {
            self._sell("Mine", own, own): ("one", own, False),
            self._sell("Mine and nobody's", own, None): ("one", own, False),
            self._sell("Theirs", everybody): ("one", everybody, False),
            self._sell("Nobody's", None): ("nobody", nobody, False),
            self._sell("Of both", own, everybody): ("several", nobody, False),
            contact.parent_id: ("several", nobody, False),
            billed: ("several", nobody, False),
            draft: ("one", own, False),
            quoted: ("nobody", nobody, False),
            cancelled: ("one", own, False),
            imported: ("one", own, True),
            old: ("nobody", nobody, True),
        }
        self._settle()
        self.assertEqual({partner: self._owner(partner) for partner in expected}, expected)
        hidden = {partner.name for partner in expected if not self._visible(partner)}
        self.assertEqual(hidden, {"Theirs", "Of both", "With a contact", "Billed", "Imported only"})
        self.assertTrue(all(self._visible(partner, everybody) for partner in expected))

    def test_documents_of_another_day_and_company(self):
        """A recompute of an earlier day counts the documents of today, too; never those of another company."""
        partner = self._sell("Mine", self.own)
        other = self._make_company("Owners Elsewhere")
        self._order(partner, 2, 10.0, company=other, user_id=self.all.id)
        self._settle()
        self.assertEqual(self._owner(partner), ("one", self.own, False))
        self._order(partner, 1, 10.0, user_id=self.all.id)
        self._recompute(as_of=self._day(3))
        self.assertEqual(self._owner(partner), ("several", self.env["res.users"], False))

    def test_a_change_is_seen_before_and_after_the_recompute(self):
        """Whoever gets or loses a document; whoever becomes the salesperson of imported purchases."""
        partner, imported = self._sell("Mine", self.own), self._partner("Imported", user_id=self.own.id)
        order = self.env["sale.order"].search([("partner_id", "=", partner.id)])
        invoice = self._invoice(partner, self.own)
        self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": imported.id, "date": self._day(8), "amount": 9.0,
        })
        self._settle()
        for change, looked_at, visible in (
            (lambda: order.write({"user_id": self.all.id}), partner, False),
            (lambda: order.write({"user_id": self.own.id}), partner, True),
            (lambda: invoice.write({"invoice_user_id": self.all.id}), partner, False),
            (lambda: invoice.write({"invoice_user_id": False}), partner, True),
            (lambda: imported.write({"user_id": self.all.id}), imported, False),
            (lambda: imported.write({"user_id": False}), imported, True),
        ):
            before = self._visible(looked_at)
            change()
            self.assertEqual((before, self._visible(looked_at)), (not visible, visible))
            self.env.cr.precommit.run()
            self.assertEqual(self._visible(looked_at), visible, "by the mark that was stored")
            self._settle()
            self.assertEqual(self._visible(looked_at), visible, "by what was written")

    def test_everybodys_documents_are_asked_once(self):
        """By the scheduled action, in batches of one; whose documents they are does not depend on the batches."""
        partners = [
            self._sell("Mine", self.own), self._sell("Theirs", self.all), self._sell("Of both", self.own, self.all),
        ]
        self._settle()
        owners = [self._owner(partner) for partner in partners]
        self.env.cr.execute("UPDATE customer_value SET document_owner = 'nobody', document_user_id = NULL")
        self.env["ir.config_parameter"].set_param("crm_customer_value.batch_size", 1)
        runs = type(self.env["customer.value.run"])
        ask, asked = runs._owners_measure, []

        def count(run, scope):
            asked.append(run)
            return ask(run, scope)

        self.patch(runs, "_owners_measure", count)
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"
        run = self.env["customer.value.run"]._enqueue(self.company)
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            self.env["customer.value.run"]._cron_work()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.error), ("done", False))
        self.assertEqual([self._owner(partner) for partner in partners], owners)
        # Once for the columns of the working table, and once for everybody.
        self.assertEqual(len(asked), 2)
        self.env.cr.execute("SELECT relname FROM pg_class WHERE relname LIKE 'customer\\_value\\_work\\_%'")
        self.assertFalse(self.env.cr.fetchall())

    def test_only_marked_customers_are_asked_for_their_documents(self):
        partner = self._sell("Mine", self.own)
        self._settle()
        self.assertTrue(self._visible(partner))
        self.env.cr.execute(SQL(
            "UPDATE customer_value SET document_user_id = %s WHERE partner_id = %s", self.all.id, partner.id
        ))
        self.assertFalse(self._visible(partner))
        self.env["customer.value.mark"]._mark(partner)
        self.assertTrue(self._visible(partner))

    def test_customers_without_a_value(self):
        """What other screens ask for: by what was written, and by the documents of who has no value."""
        mine, theirs = self._sell("Mine", self.own), self._sell("Theirs", self.all)
        self._settle()
        new = self._sell("New and theirs", self.all)
        harmless = self._sell("New and mine", self.own)
        found = self.env["customer.value"].with_user(self.own)._customers_of_others(
            self.company, mine | theirs | new | harmless
        )
        self.assertEqual(found, {(self.company, theirs), (self.company, new)})
        self.assertFalse(self.env["customer.value"].with_user(self.all)._customers_of_others(
            self.company, theirs | new
        ))

    def test_before_the_first_recompute(self):
        """Rows that never were computed are asked for their documents; an update writes what a recompute would."""
        mine, theirs = self._sell("Mine", self.own), self._sell("Theirs", self.all)
        both, nobodys = self._sell("Of both", self.own), self._sell("Nobody's", None)
        self._invoice(both, self.all)
        imported = self._partner("Imported", user_id=self.all.id)
        self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": imported.id, "date": self._day(8), "amount": 9.0,
        })
        customers = (mine, theirs, both, nobodys, imported)
        self._settle()
        computed = [self._owner(customer) for customer in customers]
        self.env.cr.execute(SQL(
            "UPDATE customer_value SET document_owner = NULL, document_user_id = NULL, has_imported_purchases = NULL"
        ))
        self.env.invalidate_all()
        self.assertEqual([self._visible(customer) for customer in customers], [True, False, False, True, False])
        self.assertTrue(self._visible(theirs, self.all))
        spec = importlib.util.spec_from_file_location(
            "customer_value_migration_owners", file_path("crm_customer_value/migrations/19.0.1.5.0/post-owners.py")
        )
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        interrupted = self.env["customer.value.run"]._new_run(self.company)
        self.env.flush_all()
        script.migrate(self.env.cr, None)
        self.env.invalidate_all()
        self.assertFalse(self._value(mine).document_owner, "a fresh database needs none")
        script.migrate(self.env.cr, "19.0.1.4.1")
        self.env.invalidate_all()
        self.assertEqual([self._owner(customer) for customer in customers], computed)
        self.assertEqual(interrupted.state, "queued")
        self.assertEqual(self._recompute().changed, 0)

    def test_marks_that_only_queue_a_recompute(self):
        """Where customers wait for a recompute of everybody, their documents are asked, and no mark is needed."""
        mine = self._sell("Mine", self.own)
        self._settle()
        values = self._value(mine).with_user(self.own)
        self.assertTrue(values.amounts_visible)
        # Nobody was compared under the new rules yet.
        self.policy._renew({"window_days": 300})
        self._order(mine, 2, 10.0, user_id=self.all.id)
        self.env.cr.precommit.run()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            self.env["customer.value.run"]._work_off_marks()
        self.assertFalse(self.env["customer.value.mark"].search([("partner_id", "=", mine.id)]))
        values.invalidate_recordset()
        self.assertFalse(values.amounts_visible)
        self._recompute()
        self.assertEqual(self._value(mine).document_owner, "several")
