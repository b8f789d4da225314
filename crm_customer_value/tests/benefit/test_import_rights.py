import base64
from contextlib import closing

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .import_case import BenefitImportCase

QUIET = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.models")
ROWS = ("ref,metric,month,value,baseline", "A1,Network Faults,2024-01,8,12")


@tagged("post_install", "-at_install")
class TestImportRights(BenefitImportCase):
    """Who may import, for whom, and what they may not reach by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("crm_customer_value.group_service_manager", "benefit_manager")
        cls.other_company = cls._make_company("Other Benefit Company")

    def test_only_managers_import(self):
        for groups in ("base.group_user", "base.group_portal", "crm_customer_value.group_service_all",
                       "sales_team.group_sale_salesman_all_leads"):
            user = self._user(groups, f"benefit_{groups}")
            with self.subTest(groups=groups), mute_logger(*QUIET), self.assertRaises(AccessError):
                self._import_rows(*ROWS, user=user)
        self.assertEqual(self._import_rows(*ROWS, user=self.manager).imported, 1)
        self.assertEqual(self._records().create_uid, self.manager)

    def test_other_company(self):
        """Neither for a company of others, nor by its metrics, nor for its customers."""
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            self._import_rows(*ROWS, user=self.manager, company=self.other_company)
        self.odd.company_id = self.other_company
        result = self._import_rows(ROWS[0], "A1,Quorzle Flibbets,2024-01,8,12", user=self.manager)
        self.assertEqual(result.errors, {"metric": 1})
        self.assertNotIn("Did you mean", self._reasons(result)[0])
        self.ann.company_id = self.other_company
        self.assertEqual(self._import_rows(*ROWS, user=self.manager).errors, {"unknown": 1})

    def test_what_the_program_writes(self):
        """Nobody says by a file or a call that a value is confirmed, checked, or of an import."""
        record = self._record().with_user(self.manager)
        batch = self.env["customer.benefit.import.batch"].create({"name": "x.csv", "company_id": self.company.id})
        for values in ({"batch_id": batch.id}, {"overlap_id": record.id}, {"is_checked": True}, {"doubt": False},
                       {"source": "import"}, {"state": "confirmed"}):
            with self.subTest(values=values), mute_logger(*QUIET), self.assertRaises(AccessError):
                record.write(values)
        for model in ("customer.benefit.import.batch", "customer.benefit.import"):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                self.env[model].with_user(self.manager).create({"name": "x", "imported_count": 1, "imported": 1})
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            batch.with_user(self.manager).write({"undone_date": False, "name": "y"})

    def test_a_file_of_somebody_else(self):
        wizard = self._model(self.manager).create({"file_name": "a.csv", "file": base64.b64encode(b"ref,value")})
        other = self._user("crm_customer_value.group_service_manager", "benefit_other")
        for method in ("action_read", "action_check", "action_import", "action_download_errors", "action_open_records"):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                getattr(wizard.with_user(other), method)()

    def test_undo_of_another_company(self):
        result = self._import_rows(*ROWS)
        stranger = self._user("crm_customer_value.group_service_manager", "benefit_far", self.other_company)
        batch = self.env["customer.benefit.import.batch"].browse(result.batch_id).with_user(stranger)
        for method in ("action_undo", "action_ask_undo", "action_open_records", "action_open_to_check"):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                getattr(batch, method)()
        self.assertEqual(len(self._records()), 1)

    def test_undo_leaves_nothing_behind(self):
        """Neither attachments nor notes of the records that are deleted; a record of the same days counts again."""
        result = self._import_rows(ROWS[0], *(f"A1,Network Faults,2024-{month:02},8,12" for month in (1, 2, 3)))
        first, second, third = self._records()
        attachment = self.env["ir.attachment"].create({
            "name": "x.txt", "raw": b"x", "res_model": first._name, "res_id": first.id,
        })
        message = self.env["mail.message"].create({"model": second._name, "res_id": second.id, "body": "note"})
        other = self._record(self.bob, date_from="2024-03-10", date_to="2024-03-20", value=11.0)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.ann | self.bob).ids, self.ann, extra_checks=False
        )
        self.assertEqual((other.overlap_id, other.counts), (third, False))
        batch = self.env["customer.benefit.import.batch"].browse(result.batch_id)
        self.assertEqual(batch._undo(), (3, 1))
        self.assertEqual(self._records(), other)
        self.assertEqual((other.doubt, other.counts), (False, True))
        self.assertFalse(attachment.exists())
        if "message_ids" in other._fields:
            self.assertFalse(message.exists())

    def test_undo_needs_the_right_to_delete(self):
        result = self._import_rows(*ROWS)
        user = self._user("crm_customer_value.group_service_all", "benefit_all")
        batch = self.env["customer.benefit.import.batch"].browse(result.batch_id)
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            batch.with_user(user).action_undo()

    def test_while_an_import_is_under_way(self):
        with closing(db_connect(self.env.cr.dbname).cursor()) as other:
            other.execute(SQL(
                "SELECT pg_advisory_xact_lock(hashtext('customer.benefit.import'), %s)", self.company.id
            ))
            with self.assertRaisesRegex(UserError, "Another import of measurements for Value Test Company is under"):
                self._import_rows(*ROWS)
