from odoo.tests import tagged

from .import_case import BenefitImportCase


@tagged("post_install", "-at_install")
class TestImportMany(BenefitImportCase):
    """The number of statements does not depend on the number of rows."""

    def _lines(self, months, year=2023):
        return (
            "ref,metric,month,value,baseline",
            *(f"{ref},Network Faults,{year - number // 12}-{number % 12 + 1:02},8,12"
              for ref in ("A1", "B1") for number in range(months)),
        )

    def _queries(self, lines):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = self._import_rows(*lines)
        self.env.flush_all()
        return result, self.env.cr.sql_log_count - before

    def test_statements(self):
        self._queries(self._lines(1, 1999))
        few, queries_of_few = self._queries(self._lines(2, 2010))
        many, queries_of_many = self._queries(self._lines(120))
        self.assertEqual((few.imported, many.imported), (4, 240))
        self.assertLessEqual(queries_of_many, queries_of_few)

    def test_nothing_remains_of_a_broken_import(self):
        lines = self._lines(3)
        self.env["ir.config_parameter"].set_param("crm_customer_value.import_max_rows", "4")
        with self.assertRaisesRegex(Exception, "more than 4 rows"):
            self._import_rows(*lines)
        self.assertFalse(self._records())
        self.env.cr.execute(
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'customer_import_%' AND relpersistence = 't'"
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)
