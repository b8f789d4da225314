from odoo.tests import tagged

from .import_case import HEADER, BenefitImportCase


@tagged("post_install", "-at_install")
class TestAttackImport(BenefitImportCase):
    """Files that are made, or happen, to keep the server busy."""

    def test_many_unknown_metrics(self):
        """Names like each unknown one are looked for as often as somebody reads them, in the order of the rows.

        A file with another text in the column of the metric has as many names as rows.
        """
        result = self._import_rows(
            HEADER.replace("customer", "ref"), *(f"A1,Quorzle Flibbet {number:03},2024-01,1" for number in range(1, 61))
        )
        self.assertEqual(result.errors, {"metric": 60})
        self.assertEqual(
            ["Quorzle Flibbets" in reason for reason in self._reasons(result)], [True] * 50 + [False] * 10
        )
