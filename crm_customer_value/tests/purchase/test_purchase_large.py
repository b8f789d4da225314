import tempfile
import tracemalloc
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .purchase_import_case import PurchaseImportCase

CHUNK = "odoo.addons.crm_customer_value.wizards.base.import_job.CHUNK"
HEADER = "Invoice,Product Code,Product Name,Quantity,Date,Price,Customer ID"


@tagged("post_install", "-at_install")
class TestPurchaseLarge(PurchaseImportCase):
    """Files of many product lines; ``./dev bench purchases`` measures 200,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())

    def _file(self, lines):
        """Return the path of a file of so many lines: two make an invoice, of four customers."""
        path = Path(self.folder) / f"{lines}.csv"
        path.write_text("\n".join([HEADER, *(
            f"LARGE{i // 2},LARGE-P{i % 5},Pen {i % 5},{1 + i % 3},2024-01-{1 + i // 2 % 28:02},2.5,C{i // 10 % 4}"
            for i in range(lines)
        )]))
        return str(path)

    def _left(self):
        """Return how much there is of everything that an import makes, and its temporary tables."""
        self.env.flush_all()
        models = (
            "res.partner", "product.product", "customer.purchase.history", "customer.purchase.history.line",
            "customer.purchase.import.batch",
        )
        self.env.cr.execute(
            "SELECT COUNT(*) FROM pg_class WHERE relname LIKE 'customer_import_%' AND relpersistence = 't'"
        )
        return [self.env[model].with_context(active_test=False).search_count([]) for model in models], (
            self.env.cr.fetchone()
        )

    def test_beyond_the_limit(self):
        """A line too many is found after most of the file has been read: then nothing of it is left."""
        self.env["ir.config_parameter"].set_param("crm_customer_value.import_max_rows", "40")
        both = {"create_customers": True, "create_products": True}
        before = self._left()
        with (
            patch(CHUNK, 8),
            self.assertRaisesRegex(UserError, "more than 40 rows, .* Split it into several files"),
        ):
            self._import(self._file(41), **both)
        self.assertEqual(self._left(), before)
        with patch(CHUNK, 8):
            result = self._import(self._file(40), **both)
        self.assertEqual(
            (result.imported, result.purchases, result.created, result.products_created), (40, 20, 4, 5)
        )
        self.assertAlmostEqual(result.amount, sum(2.5 * (1 + i % 3) for i in range(40)))
        self.assertEqual(len(self._purchases().line_ids), 40)

    def test_memory_does_not_grow_with_the_file(self):
        """Ten times the lines take no more memory than one chunk of them."""
        peaks = []
        with patch(CHUNK, 200):
            for lines in (500, 500, 5000):  # the first reading fills caches
                path = self._file(lines)
                tracemalloc.start()
                try:
                    result = self._import(path, create_products=True, dry_run=True)
                    peaks.append(tracemalloc.get_traced_memory()[1])
                finally:
                    tracemalloc.stop()
                self.assertEqual(result.rows, lines)
        self.assertLess(peaks[2], 1.5 * peaks[1])
